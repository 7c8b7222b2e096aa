"""Deliveries and the workers that hold them."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from newsletter.models.edition import Edition, Variant
from newsletter.models.moves import choices
from subscribers.models import Subscriber


class DeliveryState(StrEnum):
    """Where one edition to one subscriber stands."""

    #: Enqueued.
    PENDING = "pending"
    #: A worker has it in hand; nothing has left.
    CLAIMED = "claimed"
    #: On the wire. If the worker dies now, it is in doubt.
    SENDING = "sending"
    SENT = "sent"
    #: The relay put it off; it is tried again.
    DEFERRED = "deferred"
    FAILED = "failed"
    #: It was not sent because the person is no longer to be mailed; owed again if they come back in time.
    SKIPPED = "skipped"
    #: It may have arrived. Never sent again by itself.
    UNKNOWN = "unknown"
    #: Taken back before it went.
    CANCELLED = "cancelled"


_S = DeliveryState
MOVES = {
    _S.PENDING: frozenset({_S.CLAIMED, _S.CANCELLED, _S.SKIPPED}),
    _S.CLAIMED: frozenset({_S.SENDING, _S.PENDING, _S.SKIPPED, _S.CANCELLED}),
    _S.SENDING: frozenset({_S.SENT, _S.DEFERRED, _S.FAILED, _S.UNKNOWN, _S.PENDING}),
    _S.SENT: frozenset({_S.CANCELLED}),
    _S.DEFERRED: frozenset({_S.CLAIMED, _S.FAILED, _S.CANCELLED, _S.SKIPPED}),
    # Deferred: the relay turned out to refuse everybody.
    _S.FAILED: frozenset({_S.PENDING, _S.DEFERRED, _S.CANCELLED}),
    _S.SKIPPED: frozenset({_S.CANCELLED}),
    # A worker that was taken for dead may still know what became of it.
    _S.UNKNOWN: frozenset({_S.PENDING, _S.CANCELLED, _S.SENT, _S.DEFERRED, _S.FAILED}),
    _S.CANCELLED: frozenset(),
}

#: These never went: their posts are owed again.
NEVER_WENT = (_S.SKIPPED, _S.CANCELLED)
#: An edition with one of these is not finished.
UNFINISHED = (_S.PENDING, _S.CLAIMED, _S.SENDING, _S.DEFERRED)


class Worker(models.Model):
    """A process that sends. It lives as long as its lock: a file lock beside SQLite, an advisory lock on PostgreSQL."""

    started_at = models.DateTimeField()
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"worker {self.pk}"


class Delivery(models.Model):
    """One edition to one subscriber. With the posts of its variant it is the ledger."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="deliveries")
    #: None after the person had their data erased; the counts stay true.
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.SET_NULL, null=True, related_name="deliveries"
    )
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=10, choices=choices(DeliveryState), default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: When a deferred one is tried again.
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    first_attempt_at = models.DateTimeField(null=True, blank=True)
    worker = models.ForeignKey(Worker, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField()
    #: The relay's reply code and words (untrusted text), or our reason for skipping.
    code = models.PositiveSmallIntegerField(null=True, blank=True)
    reply = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "subscriber"], name="an_edition_once_a_person"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in DeliveryState]),
                name="delivery_state_is_a_word",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["edition", "state", "id"], name="delivery_of_edition"),
            models.Index(
                fields=["worker"], name="delivery_in_hand", condition=Q(state__in=["claimed", "sending"])
            ),
            models.Index(fields=["next_attempt_at"], name="delivery_deferred", condition=Q(state="deferred")),
            models.Index(fields=["edition"], name="delivery_in_doubt", condition=Q(state="unknown")),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"
