"""Gathers what is stored about one question, "why did this mail, or this post, reach her, or not?", and answers it.

The sentences themselves are decided in sentences.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.config import Config
from newsletter.models import (
    Audience,
    Campaign,
    CampaignState,
    Delivery,
    DeliveryState,
    Edition,
    EditionState,
    KeptOut,
    Post,
    PostState,
    Site,
)
from newsletter.models.delivery import NEVER_WENT
from newsletter.models.edition import UNSTARTED
from newsletter.publishing.editions import compose
from newsletter.publishing.explain.facts import (
    ComingFacts,
    EditionFacts,
    Facts,
    MailFacts,
    PersonFacts,
    PostFacts,
    SettledFacts,
)
from newsletter.publishing.explain.sentences import sentence
from newsletter.publishing.ledger import release
from newsletter.publishing.ledger.watermarks import mark
from newsletter.publishing.schedule.digest_slots import of_next_slot
from newsletter.publishing.setup.go_live import ENDED_WITH_PRACTICE
from newsletter.slots.arithmetic import next_slot
from subscribers import address
from subscribers.audience import why_not
from subscribers.consent import COMES_BACK
from subscribers.models import Consent, Event, Status, Subscriber, Subscription, Suppression
from subscribers.suppression import described

#: The steps after which a person stands as the clause says; None: they may be mailed.
_STANDING: dict[Event, str | None] = {
    Event.SIGNED_UP: "the sign-up was not confirmed",
    Event.IMPORTED: "the sign-up was not confirmed",
    Event.ADDED: "the sign-up was not confirmed",
    Event.CONFIRMED: None,
    Event.RESUMED: None,
    Event.PAUSED: "mail was paused",
    Event.LEFT: "the person had left",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """One sentence, and one word for scripts."""

    address: str
    #: The edition that the sentence is about, if it is about one.
    edition: int | None
    #: "sent", "deferred", "failed", "skipped", "unknown", "pending", "cancelled"; "due" when it is still to come;
    #: "not" when it was not and will not be sent.
    verdict: str
    sentence: str


def explain(
    typed: str, config: Config, now: datetime, *, edition: int | None, post: str | None
) -> Explanation:
    """Why an edition, or a post, did or did not reach the person with that address.

    Raises BadAddress, and NotFound for an edition or a post that does not exist. Somebody who is not subscribed gets a
    sentence as well.
    """
    shown = address.parse(typed).shown
    row = Edition.objects.select_related("campaign").get(pk=compose.find(edition).pk) if edition else None
    subject = release.find(post) if post is not None else None
    person = (
        Subscription.objects.select_related("subscriber")
        .filter(subscriber__normal=address.parse(typed).normal)
        .first()
    )
    if person is None:
        return Explanation(
            shown,
            edition,
            "not",
            f"Nobody is subscribed as {shown}, or their data were erased: nothing is sent there.",
        )
    facts = facts_about(person, row, subject, config, now)
    verdict, words = sentence(facts)
    mail = facts.mail or facts.had_in or facts.called_off
    about = mail.edition if mail else edition
    return Explanation(person.subscriber.address, about, verdict, words)


def facts_about(
    person: Subscription, edition: Edition | None, post: Post | None, config: Config, now: datetime
) -> Facts:
    """Everything stored that bears on the question. Of a post alone, practice and real mail are never mixed."""
    practice = edition.practice if edition and edition.practice is not None else config.practice
    mails = _mails(person.subscriber, edition, post, practice=practice)
    went = [mail for mail in mails if mail.state not in NEVER_WENT]
    answer = mails[:1] if edition is not None else went[:1]
    campaign = edition.campaign if edition else _campaign_of(person)
    settled = _settled(person, post, edition, practice=practice) if post is not None else None
    runs = campaign is not None and campaign.state == CampaignState.ACTIVE
    coming = (
        _coming(person, post, campaign, config) if post and edition is None and campaign and runs else None
    )
    return Facts(
        now=now,
        zone=campaign.zone if campaign else config.site.timezone,
        person=_person(person, practice, edition),
        edition=_edition(edition, person, post, practice) if edition else None,
        post=_post(post, edition, campaign, settled) if post else None,
        mail=_mail(answer[0]) if answer else None,
        called_off=_mail(mails[0]) if edition is None and mails and not went else None,
        had_in=_had_before(person, post, edition, practice=practice) if post and edition else None,
        settled=settled,
        coming=coming,
        live_at=Site.objects.get(pk=1).live_at,
        runs=runs,
        next_slot_at=_due(campaign, post, config) if post and campaign and runs else None,
    )


def _mails(
    subscriber: Subscriber, edition: Edition | None, post: Post | None, *, practice: bool
) -> list[Delivery]:
    """The person's deliveries with that edition or post, the newest first."""
    rows = Delivery.objects.filter(subscriber=subscriber).select_related("edition").order_by("-pk")
    rows = rows.filter(edition__practice=practice) if edition is None else rows.filter(edition=edition)
    if post is not None:
        rows = rows.filter(variant__variant_posts__post=post)
    return list(rows)


def _had_before(person: Subscription, post: Post, edition: Edition, *, practice: bool) -> MailFacts | None:
    """The delivery of another edition that had brought the post when this one was enqueued."""
    until = edition.enqueued_at if edition.state not in UNSTARTED else None
    for mail in _mails(person.subscriber, None, post, practice=practice):
        began = mail.edition.began_at
        if mail.edition_id == edition.pk or mail.state in NEVER_WENT:
            continue
        if until is None or (began is not None and (began, mail.edition_id) < (until, edition.pk)):
            return _mail(mail)
    return None


def _campaign_of(person: Subscription) -> Campaign | None:
    mine = Campaign.objects.filter(cadence=person.cadence)
    return mine.filter(state=CampaignState.ACTIVE).first() or mine.first()


def _person(row: Subscription, practice: bool, edition: Edition | None) -> PersonFacts:
    """The person as they stood when the edition was enqueued, by their consent record; else as they stand now."""
    cadence, topics, reason = row.cadence, row.topics, why_not(row)
    steps = list(row.subscriber.consents.filter(event__in=_STANDING).order_by("pk"))
    not_yet = changed = False
    if edition is not None and edition.enqueued_at is not None:
        cadence, topics = _choices_at(row, edition.enqueued_at)
        reason = _why_not_at(row, steps, edition.enqueued_at)
    if edition is not None and edition.began_at is not None:
        began = edition.began_at
        not_yet = not any(step.event == Event.CONFIRMED and step.at <= began for step in steps)
        if edition.enqueued_at is not None:
            before = (*_choices_at(row, began), _why_not_at(row, steps, began))
            changed = not not_yet and before != (cadence, topics, reason)
    begun, anew = _begun(steps)
    return PersonFacts(
        shown=row.subscriber.address,
        cadence=cadence,
        topics=frozenset(topics),
        watermark=getattr(row, mark(practice)),
        floor=row.floor,
        confirmed_at=begun,
        anew=anew,
        why_not=reason,
        paused=row.status == Status.PAUSED and reason == why_not(row),
        not_yet=not_yet,
        changed=changed,
    )


def _begun(steps: Iterable[Consent]) -> tuple[datetime | None, bool]:
    """When the consent that holds began, and whether there was another before it: who comes back within two weeks goes
    on with the one they had (subscribers/consent.py)."""
    begun: datetime | None = None
    left: datetime | None = None
    anew = False
    for step in steps:
        if step.event == Event.CONFIRMED and (begun is None or left is None or step.at - left > COMES_BACK):
            anew, begun = begun is not None, step.at
        if step.event == Event.CONFIRMED:
            left = None
        elif step.event == Event.LEFT and left is None:
            left = step.at
    return begun, anew


def _choices_at(row: Subscription, at: datetime) -> tuple[str, list[str]]:
    """Cadence and topics at a moment: the present ones, with every later change taken back."""
    cadence, topics = row.cadence, row.topics
    for step in row.subscriber.consents.filter(at__gt=at).order_by("-pk"):
        if step.event == Event.CADENCE:
            cadence = step.detail.get("from", cadence)
        elif step.event == Event.TOPICS:
            topics = step.detail.get("from", topics)
    return cadence, topics


def _why_not_at(row: Subscription, steps: Sequence[Consent], at: datetime) -> str | None:
    suppressed = Suppression.objects.filter(hashed=row.subscriber.hashed, at__lte=at).first()
    if suppressed is not None:
        return f"the address was suppressed: {described(suppressed)}"
    last = next((step for step in reversed(steps) if step.at <= at), None)
    return _STANDING[Event(last.event)] if last else None


def _settled(
    person: Subscription, post: Post, edition: Edition | None, *, practice: bool
) -> SettledFacts | None:
    """The first edition that the person stood in the audience of and that reached past the post."""
    if post.release_number is None:
        return None
    begun, _ = _begun(person.subscriber.consents.filter(event__in=_STANDING).order_by("pk"))
    if begun is None:
        return None
    editions = Edition.objects.filter(
        practice=practice,
        moves_watermarks=True,
        newest__gte=post.release_number,
        lowest__lt=post.release_number,
        enqueued_at__gte=begun,
    ).select_related("campaign")
    steps = list(person.subscriber.consents.filter(event__in=_STANDING).order_by("pk"))
    for row in editions.order_by("enqueued_at", "pk"):
        if edition is not None and row.pk == edition.pk:
            return None
        at = row.enqueued_at or begun
        cadence, topics = _choices_at(person, at)
        if cadence == row.campaign.cadence and _why_not_at(person, steps, at) is None:
            frozen = row.edition_posts.filter(post=post).values_list("topics", flat=True).first()
            about = post.topics if frozen is None else frozen
            return SettledFacts(row.pk, row.campaign_id, frozenset(topics), frozenset(about))
    return None


def _coming(person: Subscription, post: Post, campaign: Campaign, config: Config) -> ComingFacts | None:
    """The edition that is made already and would bring the post, if it begins as it is."""
    made = Edition.objects.filter(
        state__in=[EditionState.SCHEDULED, EditionState.AWAITING_APPROVAL], frozen_at__isnull=False
    ).select_related("campaign")
    for row in made.filter(edition_posts__post=post).order_by("slot_at", "pk"):
        if row.campaign_id != campaign.pk and row.audience != Audience.EVERYONE:
            continue
        if _brings(row, person, post, config.practice):
            return ComingFacts(row.pk, EditionState(row.state), row.slot_at)
    return None


def _due(campaign: Campaign, post: Post, config: Config) -> datetime | None:
    """The next slot that can bring a post that no edition carries which is made already: one on a date without mail
    brings nothing, and a frozen one nothing that came later. None for "each post", and when that is far."""
    at = campaign.next_slot_at
    made = of_next_slot(campaign)
    passed = made is not None and (made.state not in UNSTARTED or made.frozen_at is not None)
    for _ in range(60):
        if at is None:
            return None
        if not passed and not config.blackout.covers_moment(at, campaign.zone):
            return at
        at, passed = next_slot(campaign.rule, at).at, False
    return None


def _brings(row: Edition, person: Subscription, post: Post | None, practice: bool) -> int | None:
    """How many of a frozen edition's posts the person would get if it began now, by the rule that sending follows."""
    if row.state not in UNSTARTED or row.frozen_at is None:
        return None
    people = compose.people_of(row, practice=practice).filter(pk=person.pk)
    rows = people.values_list("pk", mark(practice), "topics")
    found = compose.owed_of(row, rows, compose.candidates_of(row), practice=practice)
    posts = found.get(person.pk, ())
    return len(posts) if post is None else posts.count(post.pk)


def _edition(row: Edition, person: Subscription, post: Post | None, practice: bool) -> EditionFacts:
    return EditionFacts(
        number=row.pk,
        state=EditionState(row.state),
        campaign=row.campaign.name,
        cadence=row.campaign.cadence,
        slot_at=row.slot_at,
        everyone=row.audience == Audience.EVERYONE,
        because=row.because,
        frozen_at=row.frozen_at,
        began_at=row.began_at,
        enqueued_at=row.enqueued_at,
        started=row.state not in UNSTARTED and row.practice is not None,
        enqueued=row.enqueued_at is not None,
        passed=person.pk <= row.cursor,
        lowest=row.lowest if row.moves_watermarks else None,
        newest=row.newest if row.moves_watermarks else None,
        by_hand=not row.moves_watermarks,
        carries_post=post is None or row.frozen_at is None or row.edition_posts.filter(post=post).exists(),
        brings=_brings(row, person, post, practice),
    )


def _post(
    row: Post, edition: Edition | None, campaign: Campaign | None, settled: SettledFacts | None
) -> PostFacts:
    topics = row.topics
    if edition is not None and edition.frozen_at is not None:
        # Whose post it is was frozen with the edition.
        frozen = edition.edition_posts.filter(post=row).values_list("topics", flat=True).first()
        topics = topics if frozen is None else frozen
    campaigns = {found for found in (campaign and campaign.pk, settled and settled.campaign) if found}
    return PostFacts(
        key=row.key,
        state=PostState(row.state),
        topics=frozenset(topics),
        dated_at=row.dated_at,
        mail=row.mail,
        because=row.held_because or row.no_mail_because,
        release_number=row.release_number,
        released_at=row.released_at,
        kept_out=row.release_number is not None
        and KeptOut.objects.filter(campaign__in=campaigns, release_number=row.release_number).exists(),
    )


def _mail(row: Delivery) -> MailFacts:
    return MailFacts(
        edition=row.edition_id,
        state=DeliveryState(row.state),
        changed_at=row.changed_at,
        reply=row.reply,
        code=row.code,
        next_attempt_at=row.next_attempt_at,
        practice=bool(row.edition.practice),
        ended=row.state == DeliveryState.CANCELLED and row.reply == ENDED_WITH_PRACTICE,
    )
