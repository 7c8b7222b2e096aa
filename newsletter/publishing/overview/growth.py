"""How many people get mail, and how many came and went: counted once an hour and kept for each day.

A site that is small is counted whenever somebody looks, so that whoever has just imported a list sees it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max

from newsletter.models import DayCount
from subscribers.audience import mailable
from subscribers.cadence import Cadence
from subscribers.models import Subscription

#: Up to so many people are counted at every look: it takes some ten milliseconds.
_SMALL = 20_000
#: A count that is older is none: the schedule did not run.
_STALE = timedelta(hours=26)
_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class People:
    """The people of a moment."""

    people: int
    by_cadence: dict[str, int]
    #: In the thirty days before.
    joined: int
    left: int


def people(now: datetime) -> People:
    """As they are, or on a large site as they were counted last."""
    if (Subscription.objects.aggregate(last=Max("pk"))["last"] or 0) > _SMALL:
        row = DayCount.objects.order_by("-day").first()
        if row is not None and now - row.counted_at < _STALE:
            return People(row.people, row.by_cadence, row.joined, row.left)
    return _counted(now)


def count_today(now: datetime) -> None:
    """Keep the count of this day."""
    found = _counted(now)
    DayCount.objects.update_or_create(
        day=now.date(),
        defaults={
            "counted_at": now,
            "people": found.people,
            "by_cadence": found.by_cadence,
            "joined": found.joined,
            "left": found.left,
        },
    )


def days(most: int) -> list[tuple[str, int]]:
    """The last days that were counted, the oldest first: (ISO date, people)."""
    rows = DayCount.objects.order_by("-day").values_list("day", "people")[:most]
    return [(day.isoformat(), number) for day, number in reversed(rows)]


def _counted(now: datetime) -> People:
    rows = mailable().values_list("cadence").annotate(number=Count("pk")).order_by()
    by_cadence = {cadence.value: 0 for cadence in Cadence} | dict(rows)
    return People(
        people=sum(by_cadence.values()),
        by_cadence=by_cadence,
        joined=Subscription.objects.filter(confirmed_at__gt=now - _MONTH).count(),
        left=Subscription.objects.filter(left_at__gt=now - _MONTH).count(),
    )
