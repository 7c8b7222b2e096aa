"""From practice to the real relay: the one way, taken once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Greatest

from newsletter.config import Config, EmailSection, SiteSection
from newsletter.errors import Refused
from newsletter.models import (
    Act,
    Campaign,
    CampaignState,
    Delivery,
    DeliveryState,
    Edition,
    EditionState,
    KeptOut,
    Post,
    PostState,
    Reason,
    Site,
)
from newsletter.models.post import FIRST_SYNC
from newsletter.publishing import log
from newsletter.publishing.editions import transitions
from newsletter.publishing.ledger.release import give_number
from newsletter.publishing.setup import public_url
from newsletter.publishing.setup.check_result import Finding
from subscribers.audience import mailable
from subscribers.models import Subscription

_CHUNK = 20_000
_OVER = (EditionState.CANCELLED, EditionState.SKIPPED)
#: What is kept with a mail of practice when the site goes live.
ENDED_WITH_PRACTICE = "practice"
#: Why a post that was passed over then stays out of mail.
PASSED_OVER = "it was released in practice, and newsletter live started without it"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An edition that was made in practice and has not begun."""

    number: int
    campaign: str
    #: Staff had said yes to it.
    approved: bool
    slot_at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Going:
    """What going live means, before it is done."""

    people: int
    #: Posts that they are owed from the start.
    posts: int
    #: Practice editions that will be cancelled.
    editions: int
    #: Every subscription's first watermark, a release number.
    watermark: int
    #: Posts that were made in practice, that nobody has, and that would be passed over.
    passed_over: int = 0
    #: Those of the practice editions that have not begun, the first few.
    waiting: tuple[Waiting, ...] = ()


def must_be_ready(config: Config, findings: list[Finding], *, allow_local: bool = False) -> None:
    """Raise Refused, with everything that is missing, unless this site may go live. ``allow_local``: staff know that
    links lead where only this machine or network can follow."""
    live_at = Site.objects.get(pk=1).live_at
    if live_at is not None:
        raise Refused(f"This site has been live since {live_at:%Y-%m-%d %H:%M} UTC; nothing was changed.")
    missing = [f"{finding.what}: {finding.text}" for finding in findings if not finding.ok]
    if config.practice:
        missing.insert(0, 'mail: set email.transport to "smtp" and name the relay in [email.smtp]')
    if not config.site.postal_address.strip() and not any(line.startswith("postal") for line in missing):
        missing.append("postal address: set site.postal_address; the law wants it in every mail")
    said = allow_local or any(line.startswith("site address") for line in missing)
    if not said and (why := public_url.why_not(config.site.url)):
        missing.append(
            f"site address: {why}. Every link in a mail leads there, for years: set site.url to the public https "
            "address (--allow-local goes live all the same, to try things on this machine)"
        )
    if not allow_local and (examples := [name for name in still_examples(config) if name != "site.url"]):
        are = "is" if len(examples) == 1 else "are"
        missing.append(
            f"sender: {' and '.join(examples)} {are} still the example's, and everybody would read that; put your own "
            "into config.toml"
        )
    if missing:
        raise Refused("This site cannot go live yet:\n" + "\n".join(f"  {line}" for line in missing))


def sender(config: Config) -> str:
    """The sender as people will see it in their inboxes."""
    return f"From: {config.from_name} <{config.email.from_address}>"


def still_examples(config: Config) -> list[str]:
    """The settings that still are what the example says; a mail's readers would see them."""
    shipped = {
        "site.organisation": (config.site.organisation, SiteSection.model_fields["organisation"].examples),
        "email.from_address": (
            config.email.from_address,
            [EmailSection.model_fields["from_address"].default],
        ),
    }
    found = [name for name, (value, examples) in shipped.items() if value in (examples or [])]
    return [*found, *(["site.url"] if public_url.is_example(config.site.url) else [])]


def practised() -> QuerySet[Post]:
    """What was made in practice and nobody has, oldest first: people would be owed it, had the site been live.

    Empty once mail was for real, through a relay on this machine: what is owed is known then, and stays owed. A post
    that staff kept out of every running campaign is none of these.
    """
    if Site.objects.get(pk=1).real_at is not None:
        return Post.objects.none()
    posts = Post.objects.filter(state=PostState.RELEASED, mail=True)
    running = Campaign.objects.filter(state=CampaignState.ACTIVE)
    kept_out = KeptOut.objects.filter(campaign__in=running).values("release_number")
    everywhere = kept_out.annotate(campaigns=Count("pk")).filter(campaigns__gte=max(running.count(), 1))
    return posts.exclude(release_number__in=everywhere.values("release_number")).order_by("release_number")


def plan(since: datetime | None, *, with_practised: bool = False) -> Going:
    """What ``go`` would do now. ``since``: releases from this instant on are owed; ``with_practised``: what was made in
    practice is; neither: only what comes."""
    site = Site.objects.get(pk=1)
    made, watermark = practised(), site.newest_release
    posts, passed_over = _released_since(since).count(), 0
    if with_practised and (oldest := made.first()) is not None:
        posts, watermark = made.count(), (oldest.release_number or 1) - 1
    elif since is None:
        passed_over = made.count()
    else:
        passed_over = made.exclude(pk__in=_released_since(since).values("pk")).count()
    editions = _practice_editions(site)
    return Going(
        mailable().count(), posts, editions.count(), watermark, passed_over, tuple(_waiting(editions))
    )


def _waiting(editions: QuerySet[Edition]) -> list[Waiting]:
    rows = editions.filter(practice=None).select_related("campaign").order_by("pk")[:5]
    return [
        Waiting(row.pk, row.campaign.name, row.approved_at is not None, row.slot_at, row.campaign.zone)
        for row in rows
    ]


def _released_since(since: datetime | None) -> QuerySet[Post]:
    """What everybody is owed from the start because of ``--since``, oldest first.

    Who moves here from another tool has their posts from a first sync, which keeps them out of mail: of those, the ones
    *dated* since then are what the other tool did not send any more.
    """
    if since is None:
        return Post.objects.none()
    mailed = Q(mail=True, released_at__gte=since)
    archived = Q(mail=False, no_mail_because=FIRST_SYNC, dated_at__gte=since)
    return Post.objects.filter(mailed | archived, state=PostState.RELEASED).order_by("dated_at", "pk")


def _practice_editions(site: Site) -> QuerySet[Edition]:
    """Editions of practice, and those that were made in it and have not begun. Once mail was for real, through a relay
    on this machine, what was made since is no practice, and goes on."""
    editions = Edition.objects.exclude(state__in=_OVER).exclude(practice=False)
    if site.real_at is not None:
        editions = editions.exclude(practice=None, created_at__gte=site.real_at)
    return editions


@transaction.atomic
def go(since: datetime | None, now: datetime, *, with_practised: bool = False) -> Going:
    """Cancel practice, set every subscription's first watermark, and note the moment. Raises Refused when another
    process was first."""
    site = Site.locked()
    if site.live_at is not None:
        raise Refused("This site went live a moment ago; nothing was changed.")
    going = plan(since, with_practised=with_practised)
    first = site.real_at is None
    again = [] if with_practised else list(_released_since(since))
    _end_practice(site, now)
    if first or since is not None:
        # A site that has sent for real through a relay of its own has watermarks that are true: they stay.
        _set_watermarks(going.watermark)
        _settle_campaigns(going.watermark)
    if first and not with_practised:
        # They are nobody's any more, and every list says so; "posts release KEY --mail" mails one after all.
        passed_over = practised().exclude(pk__in=[post.pk for post in again])
        Post.objects.filter(pk__in=list(passed_over.values_list("pk", flat=True))).update(
            mail=False, no_mail_because=PASSED_OVER
        )
    for post in again:
        _release_again(post, site, now)
    site.live_at = now
    site.save(update_fields=["live_at"])
    log.note(Act.WENT_LIVE, now, people=going.people)
    return going


def _end_practice(site: Site, now: datetime) -> None:
    Delivery.objects.filter(edition__practice=True).exclude(state=DeliveryState.CANCELLED).update(
        state=DeliveryState.CANCELLED, worker=None, reply=ENDED_WITH_PRACTICE, changed_at=now
    )
    for edition in list(_practice_editions(site)):
        frees_slot = edition.practice is None and edition.slot_at > now
        transitions.cancel(edition, Reason.PRACTICE_ENDED, now, frees_slot=frees_slot)
    if site.real_at is None:
        # All was practice, also what staff cancelled: the slots to come, and each release, are free for real editions.
        Edition.objects.filter(slot_at__gt=now).update(slot_local=None)
        Edition.objects.update(lead=None)


def _release_again(post: Post, site: Site, now: datetime) -> None:
    """Under a new number, above everybody's first watermark: owed are these and no others."""
    post.state, post.release_number = PostState.HELD, None
    post.mail, post.no_mail_because = True, ""
    give_number(post, site, now)


def _set_watermarks(watermark: int) -> None:
    """A chunk of people a statement, so that none of them takes long."""
    after = 0
    while True:
        ids = list(
            Subscription.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:_CHUNK]
        )
        if not ids:
            return
        Subscription.objects.filter(pk__gt=after, pk__lte=ids[-1]).update(
            floor=watermark,
            watermark=watermark,
            practice_watermark=Greatest(F("practice_watermark"), watermark),
        )
        after = ids[-1]


def _settle_campaigns(watermark: int) -> None:
    """Who joins from now on starts where everybody starts; "each post" mails nothing that is older."""
    Campaign.objects.update(frozen_through=watermark, made_through=watermark)
