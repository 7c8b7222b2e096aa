"""What every queue of single mails keeps of a mail: its state and its tries. What the mail says is its own table's."""

from __future__ import annotations

from django.db import models

from newsletter.models.delivery import DeliveryState, Worker
from newsletter.models.moves import choices


class QueuedMail(models.Model):
    """One mail to one mailbox, outside the ledger. The states are those of a delivery."""

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
        abstract = True
