"""Dates that know how exact they are: a post that says "June 2017" never gets a day. Reading them is
date_parsing.py's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Self
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

#: Years that every zone can turn into UTC and back without leaving Python's calendar.
YEARS = range(1000, 9999)


class Precision(StrEnum):
    """How much of a date its author wrote."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    #: Down to the second, with a zone.
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month, a day or an instant, and nothing more than that. Made by the class methods below."""

    precision: Precision
    #: None for an instant, as are month and day.
    year: int | None = None
    month: int | None = None
    day: int | None = None
    #: Aware UTC, for an instant only.
    moment: datetime | None = None

    @classmethod
    def of_year(cls, year: int) -> Self:
        """Raises ValueError for a year outside 1000–9998."""
        _existing(year)
        return cls(Precision.YEAR, year)

    @classmethod
    def of_month(cls, year: int, month: int) -> Self:
        """Raises ValueError when there is no such month."""
        _existing(year, month)
        return cls(Precision.MONTH, year, month)

    @classmethod
    def of_day(cls, year: int, month: int, day: int) -> Self:
        """Raises ValueError when there is no such day."""
        _existing(year, month, day)
        return cls(Precision.DAY, year, month, day)

    @classmethod
    def of_instant(cls, moment: datetime) -> Self:
        """Takes any aware time and keeps it in UTC. Raises ValueError for a naive one."""
        if moment.utcoffset() is None:
            raise ValueError("an instant needs a time zone")
        _existing(moment.year)
        return cls(Precision.INSTANT, moment=moment.astimezone(UTC))

    def starts(self, zone: str) -> datetime:
        """The first instant of it in that zone (the instant itself for an instant), as aware UTC.

        Where midnight was skipped by a change of clocks, the first instant that exists.
        """
        if self.moment is not None:
            return self.moment
        return first_instant(datetime(self.year or 1, self.month or 1, self.day or 1), zone)  # noqa: DTZ001

    def text(self, language: str, zone: str) -> str:
        """As readers see it: "2017", "June 2017" or "June 12, 2017". An instant shows its day in ``zone``.

        ``language`` is RFC 5646; English for one that Babel does not know.
        """
        locale = _locale(language)
        day = self.starts(zone).astimezone(ZoneInfo(zone)).date() if self.moment else self.first_day()
        if self.precision is Precision.YEAR:
            return format_skeleton("y", day, locale=locale)
        if self.precision is Precision.MONTH:
            return format_skeleton("yMMMM", day, locale=locale)
        return format_date(day, "long", locale=locale)

    def first_day(self) -> date:
        """Its first day, where it is no instant."""
        return date(self.year or 1, self.month or 1, self.day or 1)

    def __str__(self) -> str:
        """ISO 8601 with reduced precision: 2017, 2017-06, 2017-06-12, or RFC 3339 for an instant."""
        if self.moment is not None:
            return self.moment.isoformat().replace("+00:00", "Z")
        parts = (f"{part:02d}" for part in (self.year, self.month, self.day) if part is not None)
        return "-".join(parts)


def first_instant(local: datetime, zone: str) -> datetime:
    """When clocks in ``zone`` first show the naive ``local`` time or a later one, as aware UTC.

    A repeated hour gives its first occurrence, a skipped one the moment after the skip (PEP 495).
    """
    place = ZoneInfo(zone)
    after = local.replace(tzinfo=place, fold=0).astimezone(UTC)
    if after.astimezone(place).replace(tzinfo=None) == local:
        return after
    before = local.replace(tzinfo=place, fold=1).astimezone(UTC)
    while after - before > timedelta(seconds=1):  # the skip is somewhere between: halve until it is found
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle <= before:
            break
        if middle.astimezone(place).replace(tzinfo=None) >= local:
            after = middle
        else:
            before = middle
    return after


@cache
def _locale(language: str) -> Locale:
    for tag in (language, language.partition("-")[0], "en"):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return Locale("en")


def _existing(year: int, month: int = 1, day: int = 1) -> None:
    if year not in YEARS:
        raise ValueError(f"no year {year}; expected one between {YEARS.start} and {YEARS.stop - 1}")
    date(year, month, day)
