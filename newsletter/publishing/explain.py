"""Gathers what is stored about one question, "why did this mail, or this post, reach her, or not?", and answers it.

The sentences themselves are decided in reasons.py.
"""

from __future__ import annotations

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
)
from newsletter.models.delivery import NEVER_WENT
from newsletter.models.edition import UNSTARTED
from newsletter.publishing import compose, release
from newsletter.publishing.ledger import mark
from newsletter.publishing.reasons import EditionFacts, Facts, MailFacts, PersonFacts, PostFacts, sentence
from subscribers import address
from subscribers.audience import why_not
from subscribers.models import Event, Subscriber, Subscription, Suppression

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
class Answer:
    """One sentence, and one word for scripts."""

    address: str
    #: The edition that the sentence is about, if it is about one.
    edition: int | None
    #: "sent", "deferred", "failed", "skipped", "unknown", "pending", "cancelled"; "due" when it is still to come;
    #: "not" when it was not and will not be sent.
    verdict: str
    sentence: str


def explain(typed: str, config: Config, now: datetime, *, edition: int | None, post: str | None) -> Answer:
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
        return Answer(
            shown,
            edition,
            "not",
            f"Nobody is subscribed as {shown}, or their data were erased: nothing is sent there.",
        )
    facts = facts_about(person, row, subject, config, now)
    verdict, words = sentence(facts)
    about = facts.mail.edition if facts.mail else facts.had_in.edition if facts.had_in else edition
    return Answer(person.subscriber.address, about, verdict, words)


def facts_about(
    person: Subscription, edition: Edition | None, post: Post | None, config: Config, now: datetime
) -> Facts:
    """Everything stored that bears on the question."""
    mails = _mails(person.subscriber, edition, post)
    had = _went(_mails(person.subscriber, None, post)) if post is not None and edition is not None else []
    campaign = edition.campaign if edition else _campaign_of(person)
    practice = edition.practice if edition and edition.practice is not None else config.practice
    return Facts(
        now=now,
        zone=campaign.zone if campaign else config.site.timezone,
        person=_person(person, practice, edition.enqueued_at if edition else None),
        edition=_edition(edition, person, post, practice) if edition else None,
        post=_post(post, campaign) if post else None,
        mail=_mail(mails[0]) if mails else None,
        had_in=next((_mail(mail) for mail in had if edition and mail.edition_id != edition.pk), None),
        runs=campaign is not None and campaign.state == CampaignState.ACTIVE,
        next_slot_at=campaign.next_slot_at if campaign else None,
    )


def _mails(subscriber: Subscriber, edition: Edition | None, post: Post | None) -> list[Delivery]:
    """The person's deliveries with that edition or post; real ones before practice, those that went before others."""
    rows = Delivery.objects.filter(subscriber=subscriber).select_related("edition")
    if edition is not None:
        rows = rows.filter(edition=edition)
    if post is not None:
        rows = rows.filter(variant__variant_posts__post=post)
    if edition is None or post is None:
        return sorted(
            rows, key=lambda mail: (bool(mail.edition.practice), mail.state in NEVER_WENT, -mail.pk)
        )
    return list(rows)


def _campaign_of(person: Subscription) -> Campaign | None:
    mine = Campaign.objects.filter(cadence=person.cadence)
    return mine.filter(state=CampaignState.ACTIVE).first() or mine.first()


def _went(mails: list[Delivery]) -> list[Delivery]:
    return [mail for mail in mails if mail.state not in NEVER_WENT]


def _person(row: Subscription, practice: bool, at: datetime | None) -> PersonFacts:
    """The person as they stood at that moment, by their consent record; None: as they stand now."""
    cadence, topics, reason = row.cadence, row.topics, why_not(row)
    if at is not None:
        cadence, topics = _choices_at(row, at)
        reason = _why_not_at(row, at)
    return PersonFacts(
        shown=row.subscriber.address,
        cadence=cadence,
        topics=frozenset(topics),
        watermark=getattr(row, mark(practice)),
        floor=row.floor,
        confirmed_at=row.confirmed_at,
        why_not=reason,
    )


def _choices_at(row: Subscription, at: datetime) -> tuple[str, list[str]]:
    """Cadence and topics at a moment: the present ones, with every later change taken back."""
    cadence, topics = row.cadence, row.topics
    for step in row.subscriber.consents.filter(at__gt=at).order_by("-pk"):
        if step.event == Event.CADENCE:
            cadence = step.detail.get("from", cadence)
        elif step.event == Event.TOPICS:
            topics = step.detail.get("from", topics)
    return cadence, topics


def _why_not_at(row: Subscription, at: datetime) -> str | None:
    if Suppression.objects.filter(hashed=row.subscriber.hashed, at__lte=at).exists():
        return "the address was suppressed"
    last = row.subscriber.consents.filter(at__lte=at, event__in=_STANDING).order_by("-pk").first()
    return _STANDING[Event(last.event)] if last else None


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
        started=row.state not in UNSTARTED and row.practice is not None,
        enqueued=row.enqueued_at is not None,
        passed=person.pk <= row.cursor,
        lowest=row.lowest if row.moves_watermarks else None,
        by_hand=not row.moves_watermarks,
        carries_post=post is None or row.frozen_at is None or row.edition_posts.filter(post=post).exists(),
        brings=_brings(row, person, post, practice),
    )


def _post(row: Post, campaign: Campaign | None) -> PostFacts:
    return PostFacts(
        key=row.key,
        state=PostState(row.state),
        topics=frozenset(row.topics),
        dated_at=row.dated_at,
        mail=row.mail,
        because=row.held_because or row.no_mail_because,
        release_number=row.release_number,
        released_at=row.released_at,
        kept_out=campaign is not None
        and row.release_number is not None
        and KeptOut.objects.filter(campaign=campaign, release_number=row.release_number).exists(),
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
    )
