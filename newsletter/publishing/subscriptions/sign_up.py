"""Where consent meets releases: people are added, confirmed and re-confirmed with the watermark they start from."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from newsletter.models import Campaign, CampaignState, Notice, Site
from subscribers import address, consent, suppression
from subscribers.cadence import Cadence
from subscribers.consent import Proof
from subscribers.errors import IllegalStep
from subscribers.models import Event, Status, Subscriber, Subscription, Suppression, SuppressionReason
from subscribers.names import one_line

#: How long the choice of a sign-up stands that was asked by mail: as long as no second mail would say another.
CHOICE_STANDS = timedelta(days=1)


def starting_watermark(cadence: Cadence, site: Site) -> int:
    """Where a new subscription of a cadence starts, in release numbers. ``site`` must be locked.

    A digest's people start where its last edition ended, so that who joins on Monday gets Tuesday's digest whole.
    "Each post", and a cadence that is not running, starts at the newest release: a campaign that is started after a
    year must not mail them a year.
    """
    if cadence != Cadence.EACH_POST:
        running = Campaign.objects.filter(cadence=cadence, state=CampaignState.ACTIVE).first()
        if running is not None:
            return running.frozen_through
    return site.newest_release


def practice_start(cadence: Cadence, start: int) -> int:
    """Where the same subscription starts among practice editions: where the last of those ended."""
    running = Campaign.objects.filter(cadence=cadence, state=CampaignState.ACTIVE).first()
    return max(start, running.practice_through) if running is not None else start


@transaction.atomic
def sign_up(
    typed: str,
    *,
    name: str,
    cadence: Cadence,
    topics: list[str],
    event: Event,
    proof: Proof,
    now: datetime,
    vouched: bool = False,
) -> tuple[Subscriber, bool]:
    """A person who is not confirmed yet. Returns the person, and whether a confirmation is due.

    Who is subscribed already is left as they are, unless their address bounced or complained since: they get no mail,
    and are asked anew. While a sign-up waits whose mail was queued within a day, its cadence and topics stay, whoever
    signs up the address again: the mail said them, and that is what its link confirms.
    ``vouched`` is for staff who confirm at once. Raises BadAddress.
    """
    parsed = address.parse(typed)
    hashed = address.hashed(parsed.normal, settings.SUBSCRIBERS_SUPPRESSION_KEY)
    subscriber, made = Subscriber.objects.get_or_create(
        normal=parsed.normal,
        defaults={
            "address": parsed.shown,
            "wire": parsed.wire,
            "hashed": hashed,
            "name": one_line(name),
            "created_at": now,
        },
    )
    if made:
        Subscription.objects.create(subscriber=subscriber, cadence=cadence, topics=sorted(topics))
        suppression.carry_over(parsed.normal, settings.SUBSCRIBERS_SUPPRESSION_KEY)
    row = Subscription.objects.select_for_update().get(pk=subscriber.pk)
    if row.status in (Status.CONFIRMED, Status.PAUSED) and not suppression.may_be_lifted(subscriber.hashed):
        return subscriber, False
    if vouched or not _asked_lately(row, now):
        row.cadence, row.topics = cadence, sorted(topics)
    row.status = Status.PENDING
    row.save()
    consent.record(subscriber.pk, event, proof, now)
    return subscriber, True


def _asked_lately(row: Subscription, now: datetime) -> bool:
    asked = Notice.objects.filter(subscriber_id=row.pk, created_at__gt=now - CHOICE_STANDS)
    return row.status == Status.PENDING and asked.exists()


@transaction.atomic
def confirm(subscriber: Subscriber, *, proof: Proof, now: datetime, by_person: bool) -> Subscription:
    """Confirm, with the watermark that the rules give. A person's own confirmation lifts a suppression, except one
    that staff set; an import or staff never lift one.

    Nor do they bring back who left, even when a sign-up waits since: anybody can type an address into a form. Raises
    IllegalStep for them.
    """
    site = Site.locked()
    row = Subscription.objects.get(pk=subscriber.pk)
    if row.left_at is not None and not by_person:
        raise IllegalStep(
            f"{subscriber.address} left on {row.left_at:%Y-%m-%d}, and only the person can come back: by signing up "
            "and confirming in that mailbox."
        )
    start = starting_watermark(Cadence(row.cadence), site)
    if _erased_before(subscriber):
        start = site.newest_release
    if by_person:
        suppression.lift(subscriber.hashed)
    practice = practice_start(Cadence(row.cadence), start)
    return consent.confirm(subscriber, start=start, practice_start=practice, proof=proof, now=now)


def _erased_before(subscriber: Subscriber) -> bool:
    """Whether this address was erased before this person signed up. What it was sent is not known any more, so that
    nothing may be sent that was released before. A suppression older than the person tells it whatever its reason,
    because an erasure keeps the reason that was there first."""
    earlier = Q(reason=SuppressionReason.ERASED) | Q(at__lt=subscriber.created_at)
    return Suppression.objects.filter(earlier, hashed=subscriber.hashed).exists()


@transaction.atomic
def add(
    typed: str,
    *,
    name: str = "",
    cadence: Cadence,
    topics: list[str],
    event: Event,
    proof: Proof,
    now: datetime,
) -> tuple[Subscriber, bool]:
    """A person whose consent staff vouch for: signed up and confirmed at once. Returns whether anything changed.

    Raises BadAddress, SuppressedAddress for an address that must never be mailed, and IllegalStep for who left.
    """
    Site.locked()  # before the person's row, as everybody who takes both
    suppression.refuse(address.parse(typed), settings.SUBSCRIBERS_SUPPRESSION_KEY)
    subscriber, due = sign_up(
        typed,
        name=name,
        cadence=cadence,
        topics=topics,
        event=event,
        proof=proof,
        now=now,
        vouched=True,
    )
    if due:
        confirm(subscriber, proof=proof, now=now, by_person=False)
    return subscriber, due


def offered(cadence: Cadence) -> bool:
    """Whether a cadence has a running campaign."""
    return Campaign.objects.filter(cadence=cadence, state=CampaignState.ACTIVE).exists()
