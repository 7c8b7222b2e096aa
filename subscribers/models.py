"""The rows of who: subscriber, subscription, consent, suppression. Their legal moves live in consent.py."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from subscribers.cadence import Cadence


class Status(StrEnum):
    """Where a subscription stands."""

    #: Signed up, not yet confirmed: gets nothing but the confirmation mail.
    PENDING = "pending"
    #: Gets mail.
    CONFIRMED = "confirmed"
    #: Wants nothing for now; what is missed comes in one mail at the end.
    PAUSED = "paused"
    #: Left.
    LEFT = "left"


class SuppressionReason(StrEnum):
    """Why an address must never be mailed."""

    #: The mailbox does not exist.
    BOUNCE = "bounce"
    #: The person called our mail spam.
    COMPLAINT = "complaint"
    #: Staff said so.
    STAFF = "staff"
    #: The person had their data erased.
    ERASED = "erased"
    #: A list from another system said that it must not be mailed, and not why.
    IMPORTED = "imported"


class Event(StrEnum):
    """What can be appended to a person's consent record."""

    SIGNED_UP = "signed-up"
    IMPORTED = "imported"
    ADDED = "added"
    CONFIRMED = "confirmed"
    CADENCE = "cadence"
    TOPICS = "topics"
    PAUSED = "paused"
    RESUMED = "resumed"
    LEFT = "left"
    ADDRESS = "address"


def _choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Subscriber(models.Model):
    """A person, by address."""

    #: As the person typed it, for display.
    address = models.CharField(max_length=254)
    #: The form under which two spellings are the same person.
    normal = models.CharField(max_length=254, unique=True)
    #: What goes into RCPT TO: the domain as an A-label.
    wire = models.CharField(max_length=254)
    #: The keyed hash that suppressions are looked up by.
    hashed = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=200, blank=True, default="")
    #: RFC 5646; empty for the site's own.
    language = models.CharField(max_length=35, blank=True, default="")
    #: A zone name; empty for the campaign's own.
    zone = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()

    subscription: Subscription

    def __str__(self) -> str:
        return self.address


class Subscription(models.Model):
    """What a person gets: one row a person, because there is one list."""

    subscriber = models.OneToOneField(
        Subscriber, on_delete=models.CASCADE, primary_key=True, related_name="subscription"
    )
    status = models.CharField(max_length=10, choices=_choices(Status), default=Status.PENDING)
    cadence = models.CharField(max_length=10, choices=_choices(Cadence), default=Cadence.WEEKLY)
    #: Names of topics; empty for all.
    topics = models.JSONField(default=list)
    #: Every release number up to it is settled for this person.
    watermark = models.BigIntegerField(default=0)
    #: The same among practice editions, so that practice settles nothing.
    practice_watermark = models.BigIntegerField(default=0)
    #: Where this consent began: neither watermark falls below it.
    floor = models.BigIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            # Enqueueing walks one cadence by key.
            models.Index(
                fields=["cadence", "subscriber"],
                name="subscription_audience",
                condition=Q(status="confirmed"),
            ),
            models.Index(
                fields=["cadence", "watermark"], name="subscription_lowest", condition=Q(status="confirmed")
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(watermark__gte=models.F("floor"), practice_watermark__gte=models.F("floor")),
                name="watermark_not_below_floor",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in Status]), name="status_is_a_word"
            ),
            models.CheckConstraint(
                condition=Q(cadence__in=[c.value for c in Cadence]), name="cadence_is_a_word"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber_id} {self.status} {self.cadence}"


class Consent(models.Model):
    """One step of what a person agreed to; only ever appended (GDPR 7(1): proof)."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="consents")
    at = models.DateTimeField()
    event = models.CharField(max_length=12, choices=_choices(Event))
    #: The words that the person agreed to, or that staff gave for an import.
    wording = models.TextField(blank=True, default="")
    #: Where: a form's address, the name of an imported file, "command line".
    form = models.CharField(max_length=300, blank=True, default="")
    #: Shortened (IPv4 to /24, IPv6 to /48); empty where there was none.
    ip = models.CharField(max_length=45, blank=True, default="")
    #: What changed, such as {"from": "weekly", "to": "daily"}.
    detail = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.event}"


class Suppression(models.Model):
    """An address that must never be mailed, kept as a keyed hash that survives erasure."""

    hashed = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=12, choices=_choices(SuppressionReason))
    at = models.DateTimeField()
    #: What a mail server said of the mailbox: its reply code and words (untrusted text). Gone after an erasure.
    code = models.PositiveSmallIntegerField(null=True, blank=True)
    reply = models.CharField(max_length=500, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.hashed[:12]}… {self.reason}"
