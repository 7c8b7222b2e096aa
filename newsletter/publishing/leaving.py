"""A person leaves, and may take it back for an hour. What leaving means is said in subscribers.consent."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from newsletter.publishing import join
from subscribers import consent
from subscribers.cadence import Cadence
from subscribers.consent import Proof
from subscribers.models import Event, Status, Subscriber, Subscription

#: How long the goodbye page's way back works: enough for "that was the wrong button".
TAKE_BACK = timedelta(hours=1)


def leave(subscriber: Subscriber, *, proof: Proof, now: datetime) -> Subscription:
    """Unsubscribe, effective at once; leaving twice changes nothing."""
    return consent.leave(subscriber, proof=proof, now=now)


def can_take_back(subscription: Subscription, now: datetime) -> bool:
    """Whether this person left just now and had confirmed before; anybody else signs up as for the first time."""
    left_at = subscription.left_at
    return bool(
        subscription.status == Status.LEFT
        and subscription.confirmed_at
        and left_at
        and now - left_at <= TAKE_BACK
    )


@transaction.atomic
def take_back(subscriber: Subscriber, *, proof: Proof, now: datetime) -> bool:
    """Undo a leaving of the last hour: the same cadence, topics, watermark and pause. False when it is too late."""
    row = Subscription.objects.select_for_update().get(pk=subscriber.pk)
    if not can_take_back(row, now):
        return False
    was_paused = row.paused_at is not None
    join.sign_up(
        subscriber.address,
        name=subscriber.name,
        cadence=Cadence(row.cadence),
        topics=row.topics,
        event=Event.SIGNED_UP,
        proof=proof,
        now=now,
    )
    join.confirm(subscriber, proof=proof, now=now, by_person=False)
    if was_paused:
        consent.pause(subscriber, proof=proof, now=now)
    return True
