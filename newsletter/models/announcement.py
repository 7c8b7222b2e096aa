"""What each WebSub hub was told of each feed, and when it is to be told next."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Announcement(models.Model):
    """One feed to one hub."""

    #: The hub's address, as in feeds.hubs.
    hub = models.TextField()
    #: The feed's own address (rel=self).
    feed = models.TextField()
    #: A digest of the feed's bytes as the hub was last told of them; empty before the first time.
    told = models.CharField(max_length=64, blank=True, default="")
    told_at = models.DateTimeField(null=True, blank=True)
    #: The digest that we saw last, and since when. Where it differs from ``told``, the hub is to be told.
    seen = models.CharField(max_length=64)
    seen_at = models.DateTimeField()
    #: Not before; None when there is nothing to tell.
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    #: Failures in a row.
    attempts = models.PositiveSmallIntegerField(default=0)
    #: What became of the last one, one clause; empty when it was taken.
    trouble = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hub", "feed"], name="one_announcement_a_hub_and_feed")
        ]

    def __str__(self) -> str:
        return f"{self.feed} to {self.hub}"
