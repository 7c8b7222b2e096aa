"""A person leaves, and may take it back for two weeks. subscribers/consent.py says what leaving means."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from newsletter.models import Site
from newsletter.publishing.subscriptions import sign_up
from subscribers import consent
from subscribers.cadence import Cadence
from subscribers.consent import Proof
from subscribers.models import Consent, Event, Status, Subscriber, Subscription, Suppression

#: How long the way back works without another mail: whoever comes back within it counts as having paused.
TAKE_BACK = consent.COMES_BACK


def leave(subscriber: Subscriber, *, proof: Proof, now: datetime) -> Subscription:
    """Unsubscribe, effective at once; leaving twice changes nothing."""
    return consent.leave(subscriber, proof=proof, now=now)


def can_take_back(subscription: Subscription, now: datetime) -> bool:
    """Whether this person left within two weeks and had confirmed before; anybody else signs up as for the first time.
    So does who left, signed up again and left that: the sign-up, which may be anybody's, is all that could be restored.
    An address that is suppressed comes back by a mail alone, and not at all where staff suppressed it."""
    left_at = subscription.left_at
    if not (subscription.status == Status.LEFT and subscription.confirmed_at and left_at):
        return False
    signed_up_since = Consent.objects.filter(
        subscriber_id=subscription.pk, at__gt=left_at, event__in=(Event.SIGNED_UP, Event.ADDED)
    )
    suppressed = Suppression.objects.filter(hashed=subscription.subscriber.hashed)
    return now - left_at <= TAKE_BACK and not signed_up_since.exists() and not suppressed.exists()


@transaction.atomic
def take_back(subscriber: Subscriber, *, proof: Proof, now: datetime) -> bool:
    """Undo a leaving of the last two weeks: the same cadence, topics, watermark and pause. False when
    it is too late."""
    Site.locked()  # before the person's row, as everybody who takes both
    row = Subscription.objects.select_for_update().get(pk=subscriber.pk)
    if not can_take_back(row, now):
        return False
    was_paused = row.paused_at is not None
    sign_up.sign_up(
        subscriber.address,
        name=subscriber.name,
        cadence=Cadence(row.cadence),
        topics=row.topics,
        event=Event.SIGNED_UP,
        proof=proof,
        now=now,
    )
    # Not sign_up.confirm: the page says nothing of the mailbox, so it lifts no suppression. The watermark stays
    # where it was, as after a pause.
    consent.confirm(subscriber, start=row.watermark, proof=proof, now=now)
    if was_paused:
        consent.pause(subscriber, proof=proof, now=now)
    return True
