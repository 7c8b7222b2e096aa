"""From practice to the real relay: the one way, taken once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from newsletter.config import Config, EmailSection, SiteSection
from newsletter.errors import Refused
from newsletter.models import Campaign, Delivery, Edition, EditionState, Post, PostState, Site
from newsletter.models.delivery import DeliveryState
from newsletter.models.post import FIRST_SYNC
from newsletter.publishing.finding import Finding
from newsletter.publishing.release import give_number
from subscribers.audience import mailable
from subscribers.models import Subscription

_CHUNK = 20_000
_OVER = (EditionState.CANCELLED, EditionState.SKIPPED)


@dataclass(frozen=True, slots=True)
class Going:
    """What going live means, before it is done."""

    people: int
    #: Posts that they are owed from the start, because of ``--since``.
    posts: int
    #: Practice editions that will be cancelled.
    editions: int
    #: Every subscription's first watermark, a release number.
    watermark: int


def must_be_ready(config: Config, findings: list[Finding]) -> None:
    """Raise Refused, with everything that is missing, unless this site may go live."""
    missing = [f"{finding.what}: {finding.text}" for finding in findings if not finding.ok]
    if config.practice:
        missing.insert(0, 'mail: set email.transport to "smtp" and name the relay in [email.smtp]')
    if not config.site.postal_address.strip() and not any(line.startswith("postal") for line in missing):
        missing.append("postal address: set site.postal_address; the law wants it in every mail")
    if missing:
        raise Refused("This site cannot go live yet:\n" + "\n".join(f"  {line}" for line in missing))
    live_at = Site.objects.get(pk=1).live_at
    if live_at is not None:
        raise Refused(f"This site has been live since {live_at:%Y-%m-%d %H:%M} UTC; nothing was changed.")


def sender(config: Config) -> str:
    """The sender as people will see it in their inboxes."""
    return f"From: {config.from_name} <{config.email.from_address}>"


def still_examples(config: Config) -> list[str]:
    """The settings of the sender that still are what the example says; a mail's readers would see them."""
    shipped = {
        "site.organisation": (config.site.organisation, SiteSection.model_fields["organisation"].examples),
        "email.from_address": (
            config.email.from_address,
            [EmailSection.model_fields["from_address"].default],
        ),
    }
    return [name for name, (value, examples) in shipped.items() if value in (examples or [])]


def plan(since: datetime | None) -> Going:
    """What ``go`` would do now. ``since``: releases from this instant on are owed; None: only what comes."""
    site = Site.objects.get(pk=1)
    return Going(mailable().count(), _owed(since).count(), _practice_editions().count(), site.newest_release)


def _owed(since: datetime | None) -> QuerySet[Post]:
    """What everybody is owed from the start, oldest first.

    Who moves here from another tool has their posts from a first sync, which keeps them out of mail: of those, the ones
    *dated* since then are what the other tool did not send any more.
    """
    if since is None:
        return Post.objects.none()
    mailed = Q(mail=True, released_at__gte=since)
    archived = Q(mail=False, no_mail_because=FIRST_SYNC, dated_at__gte=since)
    return Post.objects.filter(mailed | archived, state=PostState.RELEASED).order_by("dated_at", "pk")


def _practice_editions() -> QuerySet[Edition]:
    """Editions of practice, and those that were made in it and have not begun."""
    return Edition.objects.exclude(state__in=_OVER).exclude(practice=False)


@transaction.atomic
def go(since: datetime | None, now: datetime) -> Going:
    """Cancel practice, set every subscription's first watermark, and note the moment. Raises Refused when another
    process was first."""
    site = Site.locked()
    if site.live_at is not None:
        raise Refused("This site went live a moment ago; nothing was changed.")
    going = plan(since)
    first = site.real_at is None
    owed = list(_owed(since))
    Delivery.objects.filter(edition__practice=True).exclude(state=DeliveryState.CANCELLED).update(
        state=DeliveryState.CANCELLED, worker=None, reply="practice", changed_at=now
    )
    # What was made ahead of a slot to come frees that slot for an edition that is for real.
    _practice_editions().filter(practice=None, slot_at__gt=now).update(slot_local=None)
    _practice_editions().update(
        state=EditionState.CANCELLED, because="practice ended: newsletter live", finished_at=now
    )
    if first or since is not None:
        # A site that has sent for real through a relay of its own has watermarks that are true: they stay.
        _set_watermarks(going.watermark)
        _settle_campaigns(going.watermark)
    for post in owed:
        _release_again(post, site, now)
    site.live_at = now
    site.save(update_fields=["live_at"])
    return going


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
