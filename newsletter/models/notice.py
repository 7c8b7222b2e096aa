"""Single mails that are no edition: confirmations. They have a queue of their own and never wait behind a digest."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models

from newsletter.models.moves import choices
from newsletter.models.queued import QueuedMail
from subscribers.models import Subscriber


class NoticeKind(StrEnum):
    """What a notice says."""

    #: "Please confirm that you want our mail."
    CONFIRM = "confirm"


class Notice(QueuedMail):
    """One such mail. The states are those of a delivery."""

    kind = models.CharField(max_length=10, choices=choices(NoticeKind))
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="notices")
    #: The keyed hash of the address without its plus tag, and the UTC day: forms are used to bomb third parties.
    hashed = models.CharField(max_length=64)
    day = models.DateField()
    #: How many this mailbox had on that day before, each of which was answered with a yes.
    again = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "hashed", "day", "again"], name="one_unanswered_notice_an_address_a_day"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="notice_queue")]

    def __str__(self) -> str:
        return f"notice {self.pk} {self.kind}"
