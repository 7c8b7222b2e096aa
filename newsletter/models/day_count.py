"""How many people there were on each day: for the desk, which must not count a million of them to show a page."""

from __future__ import annotations

from django.db import models


class DayCount(models.Model):
    """One day (UTC), counted anew every hour while it lasts."""

    day = models.DateField(unique=True)
    counted_at = models.DateTimeField()
    #: How many may be mailed, in all and of each cadence.
    people = models.PositiveIntegerField()
    by_cadence = models.JSONField(default=dict)
    #: How many confirmed, and how many left, in the thirty days before.
    joined = models.PositiveIntegerField()
    left = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.people} people on {self.day}"
