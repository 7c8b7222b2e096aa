"""The steps of a subscription: pending → confirmed → left, with pauses; each step is appended to the consent record.

It does not know releases: where a watermark starts is told to it by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from subscribers.cadence import Cadence
from subscribers.errors import IllegalStep
from subscribers.lists.columns import PROOF
from subscribers.lists.standing import instant
from subscribers.models import Consent, Event, Status, Subscriber, Subscription

#: Who comes back within this time counts as having paused; later, as a new start.
COMES_BACK = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Proof:
    """What is kept of a step: the words, and where they were said."""

    wording: str = ""
    form: str = ""
    ip: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


#: From which status each step may be taken.
_STEPS: dict[Event, frozenset[Status]] = {
    Event.CONFIRMED: frozenset({Status.PENDING}),
    Event.PAUSED: frozenset({Status.CONFIRMED}),
    Event.RESUMED: frozenset({Status.PAUSED}),
    Event.LEFT: frozenset({Status.PENDING, Status.CONFIRMED, Status.PAUSED}),
}


def record(subscriber_id: int, event: Event, proof: Proof, now: datetime) -> None:
    """Append one step to a person's consent record."""
    Consent.objects.create(
        subscriber_id=subscriber_id,
        at=now,
        event=event,
        wording=proof.wording,
        form=proof.form[:300],
        ip=proof.ip,
        detail=proof.detail,
    )


def _locked(subscriber_id: int) -> Subscription:
    return Subscription.objects.select_for_update().get(pk=subscriber_id)


def _check(subscription: Subscription, event: Event) -> None:
    if Status(subscription.status) not in _STEPS[event]:
        raise IllegalStep(f"a subscription that is {subscription.status} cannot be {event.value}")


@transaction.atomic
def confirm(
    subscriber: Subscriber, *, start: int, proof: Proof, now: datetime, practice_start: int | None = None
) -> Subscription:
    """Confirm a consent. ``start`` is the watermark of a new start, in release numbers; ``practice_start`` that among
    practice editions, where it is another.

    Who left less than two weeks ago goes on where they stopped. Confirming twice changes nothing.
    """
    row = _locked(subscriber.pk)
    if row.status in (Status.CONFIRMED, Status.PAUSED):
        return row
    _check(row, Event.CONFIRMED)
    if not (row.confirmed_at and row.left_at and now - row.left_at <= COMES_BACK):
        row.floor = row.watermark = start
        row.practice_watermark = start if practice_start is None else practice_start
    row.status, row.confirmed_at, row.left_at, row.paused_at = Status.CONFIRMED, now, None, None
    row.save()
    record(subscriber.pk, Event.CONFIRMED, proof, now)
    return row


@transaction.atomic
def pause(subscriber: Subscriber, *, proof: Proof, now: datetime) -> Subscription:
    """Stop mail for now. The watermark stays, so the pause ends with what was missed."""
    row = _locked(subscriber.pk)
    if row.status == Status.PAUSED:
        return row
    _check(row, Event.PAUSED)
    row.status, row.paused_at = Status.PAUSED, now
    row.save()
    record(subscriber.pk, Event.PAUSED, proof, now)
    return row


@transaction.atomic
def resume(subscriber: Subscriber, *, proof: Proof, now: datetime) -> Subscription:
    """End a pause."""
    row = _locked(subscriber.pk)
    if row.status == Status.CONFIRMED:
        return row
    _check(row, Event.RESUMED)
    row.status, row.paused_at = Status.CONFIRMED, None
    row.save()
    record(subscriber.pk, Event.RESUMED, proof, now)
    return row


@transaction.atomic
def leave(subscriber: Subscriber, *, proof: Proof, now: datetime) -> Subscription:
    """Unsubscribe: effective at once, no reason asked (GDPR 7(3)). Leaving twice changes nothing.

    Who left and takes back no more than a new sign-up left when they left: two weeks do not begin anew by that.
    """
    row = _locked(subscriber.pk)
    if row.status == Status.LEFT:
        return row
    _check(row, Event.LEFT)
    if row.status != Status.PENDING or row.left_at is None:
        row.left_at = now
    row.status = Status.LEFT
    row.save()
    record(subscriber.pk, Event.LEFT, proof, now)
    return row


@transaction.atomic
def choose(
    subscriber: Subscriber,
    *,
    cadence: Cadence | None = None,
    topics: list[str] | None = None,
    proof: Proof,
    now: datetime,
) -> Subscription:
    """Change cadence or topics. The watermark stays: a switch repeats nothing, new topics dig up nothing old."""
    row = _locked(subscriber.pk)
    if cadence is not None and row.cadence != cadence:
        record(subscriber.pk, Event.CADENCE, _changed(proof, row.cadence, cadence.value), now)
        row.cadence = cadence
    if topics is not None and row.topics != sorted(topics):
        record(subscriber.pk, Event.TOPICS, _changed(proof, row.topics, sorted(topics)), now)
        row.topics = sorted(topics)
    row.save()
    return row


def _changed(proof: Proof, old: object, new: object) -> Proof:
    return Proof(proof.wording, proof.form, proof.ip, {**proof.detail, "from": old, "to": new})


def agreed_at(people: Sequence[Subscriber]) -> dict[int, datetime]:
    """When each person (by number) agreed: for who came with a list and its proof, the time that the list gave."""
    began = {p.pk: at for p in people if (at := p.subscription.confirmed_at) is not None}
    imported = Consent.objects.filter(subscriber__in=people, event=Event.IMPORTED)
    elsewhere = {
        number: at
        for number, step, detail in imported.values_list("subscriber_id", "at", "detail")
        if step == began.get(number) and (at := instant(str(detail.get("confirmed_at", ""))))
    }
    return began | elsewhere


def proofs(people: Sequence[Subscriber]) -> dict[int, dict[str, str]]:
    """When, from where and by which form each person (by number) signed up and confirmed, as far as it is known; for
    who came with a list, in the list's own words."""
    steps = Consent.objects.filter(
        subscriber__in=people, event__in=(Event.SIGNED_UP, Event.IMPORTED, Event.CONFIRMED)
    )
    found: dict[int, dict[str, str]] = {}
    for step in steps.order_by("pk"):
        known = found.setdefault(step.subscriber_id, {})
        if step.event == Event.CONFIRMED:
            known.update({"confirmed_ip": step.ip} if step.ip else {})
            continue
        known.clear()
        if step.event == Event.IMPORTED:
            known.update({name: str(step.detail[name]) for name in PROOF if name in step.detail})
        else:
            signed_up_at = f"{step.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
            known.update(signed_up_at=signed_up_at, signed_up_ip=step.ip, signed_up_from=step.form)
    return found
