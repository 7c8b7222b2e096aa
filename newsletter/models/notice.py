"""Single mails that are no edition: confirmations. They have a queue of their own and never wait behind a digest."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models

from newsletter.models.delivery import DeliveryState, Worker
from newsletter.models.moves import choices
from subscribers.models import Subscriber


class NoticeKind(StrEnum):
    """What a notice says."""

    #: "Please confirm that you want our mail."
    CONFIRM = "confirm"


class Notice(models.Model):
    """One such mail. The states are those of a delivery."""

    kind = models.CharField(max_length=10, choices=choices(NoticeKind))
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="notices")
    #: The keyed hash of the address without its plus tag, and the UTC day: forms are used to bomb third parties.
    hashed = models.CharField(max_length=64)
    day = models.DateField()
    state = models.CharField(max_length=10, choices=choices(DeliveryState), default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    first_attempt_at = models.DateTimeField(null=True, blank=True)
    worker = models.ForeignKey(Worker, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    code = models.PositiveSmallIntegerField(null=True, blank=True)
    reply = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "hashed", "day"], name="one_notice_an_address_a_day")
        ]
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="notice_queue")]

    def __str__(self) -> str:
        return f"notice {self.pk} {self.kind}"
