"""Campaigns: standing rules of which posts go to whom, when and how they look."""

from __future__ import annotations

from datetime import time, timedelta
from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from newsletter.models.moves import choices
from newsletter.slots.arithmetic import Rule
from subscribers.cadence import Cadence

#: An edition that needs approval and names no hours is made this long before its slot.
APPROVAL_HOURS = 48


class CampaignState(StrEnum):
    """Whether a campaign runs."""

    ACTIVE = "active"
    #: Makes no editions; people keep their cadence and are owed what comes.
    PAUSED = "paused"


class LatePolicy(StrEnum):
    """What becomes of a slot that was missed while nothing ran."""

    #: Send once, now.
    SEND = "send"
    #: Leave it out; the posts are carried by the next edition.
    SKIP = "skip"
    #: Make the edition and wait for approval.
    ASK = "ask"


class DoubtPolicy(StrEnum):
    """What becomes of a mail that may have arrived."""

    #: Staff decide; after some days it closes.
    HOLD = "hold"
    #: Send it again under the same Message-ID; it may arrive twice.
    RESEND = "resend"


class Campaign(models.Model):
    """One standing rule."""

    name = models.SlugField(max_length=40, unique=True)
    cadence = models.CharField(max_length=10, choices=choices(Cadence))
    state = models.CharField(max_length=10, choices=choices(CampaignState), default=CampaignState.PAUSED)
    #: Resumes by itself at this instant; None for "until staff say so".
    paused_until = models.DateTimeField(null=True, blank=True)
    hour = models.PositiveSmallIntegerField(default=9)
    minute = models.PositiveSmallIntegerField(default=0)
    #: 0 is Monday.
    weekday = models.PositiveSmallIntegerField(default=1)
    monthday = models.PositiveSmallIntegerField(default=1)
    #: Monthly on ``weekday``: 1–4 for its first to fourth in the month, -1 for its last; 0 goes by ``monthday``.
    ordinal = models.SmallIntegerField(default=0)
    zone = models.CharField(max_length=64)
    #: It names no zone of its own, so ``zone`` follows site.timezone.
    zone_of_site = models.BooleanField(default=True)
    #: May hold {title}, {count} and {date}.
    subject = models.CharField(max_length=200)
    preheader = models.CharField(max_length=200, blank=True, default="")
    late = models.CharField(max_length=10, choices=choices(LatePolicy), default=LatePolicy.SEND)
    doubt = models.CharField(max_length=10, choices=choices(DoubtPolicy), default=DoubtPolicy.HOLD)
    #: Every edition waits until staff approve it.
    approval = models.BooleanField(default=False)
    #: Who made or changed an edition last cannot be the one who approves it.
    four_eyes = models.BooleanField(default=False)
    #: Hours before a digest's slot at which its edition is made and frozen; 0 for at the slot (see ``lead``).
    draft_hours = models.PositiveSmallIntegerField(default=0)
    #: "Each post" only: minutes between a release and its mail, in which a mistake can still be mended.
    wait_minutes = models.PositiveSmallIntegerField(default=30)
    #: The next slot: local name and instant; None for "each post" and while paused.
    next_slot_local = models.CharField(max_length=20, null=True, blank=True)
    next_slot_at = models.DateTimeField(null=True, blank=True)
    #: Where its last frozen edition ended, in release numbers: who joins now starts here.
    frozen_through = models.BigIntegerField(default=0)
    #: The same among practice editions, so that practice settles nothing: who joins in practice is owed what it showed.
    practice_through = models.BigIntegerField(default=0)
    #: "Each post" only: the newest release that an edition was made for.
    made_through = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            # The cadences divide the people, so two active campaigns of one cadence would mail everyone twice.
            models.UniqueConstraint(
                fields=["cadence"], condition=Q(state="active"), name="one_active_campaign_a_cadence"
            ),
            models.CheckConstraint(condition=Q(hour__lte=23, minute__lte=59), name="hour_of_a_day"),
            models.CheckConstraint(
                condition=Q(
                    weekday__lte=6, monthday__gte=1, monthday__lte=31, ordinal__gte=-1, ordinal__lte=4
                ),
                name="day_of_a_calendar",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> Rule:
        """Its hours as the slot arithmetic wants them."""
        return Rule(
            cadence=Cadence(self.cadence),
            at=time(self.hour, self.minute),
            zone=self.zone,
            weekday=self.weekday,
            monthday=self.monthday,
            ordinal=self.ordinal,
        )

    def lead(self, proof_minutes: int) -> timedelta:
        """How long before a digest's slot its edition is made: as staff say, for approval, or for a proof."""
        hours = self.draft_hours or (APPROVAL_HOURS if self.approval else 0)
        return max(timedelta(hours=hours), timedelta(minutes=proof_minutes))


class KeptOut(models.Model):
    """A release that staff kept out of one campaign's mail by cancelling its edition for good."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="kept_out")
    release_number = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "release_number"], name="kept_out_once")
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} without {self.release_number}"
