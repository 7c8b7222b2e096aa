"""The log: who did what and when. Rows are added and never changed."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models

from newsletter.models.edition import Edition


class Act(StrEnum):
    """What staff did, or the program for them."""

    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENT_NOW = "sent by hand"
    TOOK_BACK = "took the yes back"
    PAUSED = "paused"
    RESUMED = "resumed"
    CANCELLED = "cancelled"
    COMPOSED_ANEW = "composed anew"
    REWORDED = "changed the words of"
    SEND_AGAIN = "doubt: send again"
    LEFT_IN_DOUBT = "doubt: left as it is"
    RETRIED = "tried failed ones again"
    WITHDRAWN = "withdrew a post"
    HELD = "held a post"
    RELEASED = "released a post"
    SAME_POST = "said that a post is one we have"
    COMPOSED = "composed"
    CAMPAIGN_PAUSED = "paused a campaign"
    CAMPAIGN_RESUMED = "resumed a campaign"
    TEST_SENT = "sent a test"
    UNSUBSCRIBED = "unsubscribed a person"
    SUPPRESSED = "suppressed a person"
    WENT_LIVE = "went live"
    STAFF_ADDED = "added to staff"
    STAFF_REMOVED = "removed from staff"
    ROLE_CHANGED = "changed a role"
    LINK_MADE = "made a link to set a password"
    PASSWORD_SET = "set a password"  # noqa: S105  no password, a name for the act
    LOGGED_IN = "logged in"


class LogEntry(models.Model):
    """One act. Each carries the hash of the one before, so that nothing can be taken out or altered unseen."""

    at = models.DateTimeField()
    #: An address of staff, "command line (user)", or "newsletter".
    who = models.CharField(max_length=300)
    what = models.CharField(max_length=40)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: Whatever else is to be known, names and numbers.
    detail = models.JSONField(default=dict)
    #: SHA-256 of the entry before this one, 64 zeros before the first; and of this one.
    before = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["edition", "id"], name="log_of_edition")]

    def __str__(self) -> str:
        return f"{self.who} {self.what}"
