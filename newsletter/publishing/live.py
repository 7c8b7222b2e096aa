"""From practice to the real relay: the one way, taken once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.db.models.functions import Greatest

from newsletter.config import Config
from newsletter.errors import Refused
from newsletter.models import Campaign, Delivery, Edition, EditionState, Post, PostState, Site
from newsletter.models.delivery import DeliveryState
from newsletter.publishing.finding import Finding
from subscribers.audience import mailable
from subscribers.models import Subscription

_CHUNK = 20_000
_OVER = (EditionState.CANCELLED, EditionState.SKIPPED)


@dataclass(frozen=True, slots=True)
class Going:
    """What going live means, before it is done."""

    people: int
    #: Releases that they are owed from the start, because of ``--since``.
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


def plan(since: datetime | None) -> Going:
    """What ``go`` would do now. ``since``: releases from this instant on are owed; None: only what comes."""
    site = Site.objects.get(pk=1)
    watermark = _watermark(site, since)
    owed = Post.objects.filter(state=PostState.RELEASED, mail=True, release_number__gt=watermark)
    return Going(mailable().count(), owed.count(), _practice_editions().count(), watermark)


def _watermark(site: Site, since: datetime | None) -> int:
    if since is None:
        return site.newest_release
    before = Post.objects.filter(released_at__lt=since, release_number__isnull=False)
    return before.aggregate(highest=Max("release_number"))["highest"] or 0


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
    Delivery.objects.filter(edition__practice=True).exclude(state=DeliveryState.CANCELLED).update(
        state=DeliveryState.CANCELLED, worker=None, reply="practice", changed_at=now
    )
    _practice_editions().update(
        state=EditionState.CANCELLED, because="practice ended: newsletter live", finished_at=now
    )
    _set_watermarks(going.watermark)
    _settle_campaigns(going.watermark)
    site.live_at = now
    site.save(update_fields=["live_at"])
    return going


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
