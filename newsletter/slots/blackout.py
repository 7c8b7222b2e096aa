"""Dates on which nothing goes out, as pure arithmetic. What becomes of a slot on such a date is tick.py's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.dates import first_instant

_DAY = timedelta(days=1)
_FORM = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*\.\.\s*(\d{4}-\d{2}-\d{2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Blackout:
    """Some spans of dates, first and last day included. A date has no zone: it is a date on the campaign's own wall."""

    spans: tuple[tuple[date, date], ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Blackout:
        """From "2026-11-26" and "2026-12-24..2027-01-01". Raises ValueError, and says what is expected."""
        return cls(tuple(span(text) for text in texts))

    def covers(self, day: date) -> bool:
        """Whether nothing goes out on that date."""
        return any(first <= day <= last for first, last in self.spans)

    def covers_moment(self, at: datetime, zone: str) -> bool:
        """Whether the aware instant falls on such a date in that zone."""
        return self.covers(at.astimezone(ZoneInfo(zone)).date())

    def first_free(self, at: datetime, zone: str) -> datetime:
        """The aware instant ``at`` itself, or, in a blackout, the first instant (UTC) of the first date after it."""
        day = at.astimezone(ZoneInfo(zone)).date()
        if not self.covers(day):
            return at
        while self.covers(day):
            day += _DAY
        return first_instant(datetime(day.year, day.month, day.day), zone)  # noqa: DTZ001


def span(text: str) -> tuple[date, date]:
    """One date, or two with ".." between them. Raises ValueError, and says what is expected."""
    match = _FORM.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError(text)
        first = date.fromisoformat(match[1])
        last = date.fromisoformat(match[2]) if match[2] else first
    except ValueError as error:
        raise ValueError("expected a date such as 2026-11-26, or two: 2026-12-24..2027-01-01") from error
    if last < first:
        raise ValueError("expected the earlier date first, such as 2026-12-24..2027-01-01")
    if last.year - first.year > 1:
        raise ValueError("expected a span of less than two years; to stop for good, pause the campaigns")
    return first, last
