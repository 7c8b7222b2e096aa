"""Mails to staff: proofs, reminders, reports. They are in no ledger and have a queue of their own."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models

from newsletter.models.edition import Edition
from newsletter.models.moves import choices
from newsletter.models.queued import QueuedMail


class StaffMailKind(StrEnum):
    """What a mail to staff is about."""

    #: The mail that people will get, with a link that stops it.
    PROOF = "proof"
    #: An edition waits for approval: at first, and as a reminder.
    WAITS = "waits"
    #: What became of a slot.
    REPORT = "report"
    #: Something keeps an edition from going on.
    TROUBLE = "trouble"


class StaffMail(QueuedMail):
    """One mail to one member of staff."""

    kind = models.CharField(max_length=10, choices=choices(StaffMailKind))
    #: The event, "report 12": it is told once to each address.
    event = models.CharField(max_length=80)
    #: An address of email.staff as configured.
    address = models.CharField(max_length=254)
    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, null=True, blank=True, related_name="staff_mails"
    )
    #: Its words, ``publishing.staff_words.Words`` as JSON; empty for a proof.
    words = models.JSONField(default=dict)
    #: Later than this it says nothing that still helps, and is not sent.
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "address"], name="staff_are_told_once")
        ]
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="staff_mail_queue")]

    def __str__(self) -> str:
        return f"{self.event} to {self.address}"
