"""When a campaign is due: its slots, as pure arithmetic on a rule and an instant. No clock, no database.

A slot belongs to a local date. Its name (``Slot.local``) is what the rule says, its instant (``Slot.at``)
is what the zone makes of that:

- in the gap of a spring change it is the first instant that exists;
- in the repeated hour of an autumn change it is the first occurrence, and there is no second;
- on a date that the zone skipped altogether (Pacific/Apia, 2011-12-30) a weekly or monthly slot falls on the
  first instant after it; a daily campaign has no slot on such a date, for the next day's follows at once.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from subscribers.cadence import Cadence

#: In the order of ``Rule.weekday``. At the edges a weekday is always a name: 0 is Sunday elsewhere.
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

#: ``Rule.ordinal`` in words; a fifth weekday is missing in most months, so there is none.
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
#: No zone moves its clocks by more than a day, so a slot is at most this far from its date.
_REACH = 2 * _DAY


@dataclass(frozen=True, slots=True)
class Rule:
    """The hour and the days of a campaign. Raises ValueError for what no calendar has."""

    cadence: Cadence
    #: Wall clock time in ``zone``, hour and minute.
    at: time
    #: A name of the tz database, such as "America/New_York".
    zone: str
    #: 0 is Monday; used by weekly, and by monthly where ``ordinal`` is set.
    weekday: int = 0
    #: 1–31; a month that is shorter takes its last day. Used by monthly.
    monthday: int = 1
    #: Monthly on a weekday: 1–4 for its first to fourth in the month, -1 for its last; 0 goes by ``monthday``.
    ordinal: int = 0

    def __post_init__(self) -> None:
        if self.at.tzinfo is not None or self.at.second or self.at.microsecond:
            raise ValueError(f"{self.at} is not an hour and minute of the day; expected one such as 09:00")
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"{self.weekday} is not a weekday; expected 0 (Monday) to 6 (Sunday)")
        if not 1 <= self.monthday <= 31:
            raise ValueError(
                f"{self.monthday} is not a day of the month; expected 1 to 31 (31: always the last)"
            )
        if not -1 <= self.ordinal <= 4:
            raise ValueError(f"{self.ordinal} is no place in a month; expected 1 to 4, or -1 for the last")
        _zone(self.zone)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One moment at which a campaign is due."""

    #: Aware, UTC.
    at: datetime
    #: The rule's own date and hour, "2026-11-24T09:00": unique within a campaign, and the same for ever, even
    #: when a later edition of the tz database moves ``at``.
    local: str


def next_slot(rule: Rule, after: datetime) -> Slot:
    """The first slot strictly after the aware instant ``after``.

    Raises ValueError for a naive ``after``, and for the cadence "each post", whose slots are its posts.
    """
    return next(_slots(rule, after))


def slots_between(rule: Rule, after: datetime, until: datetime) -> Iterator[Slot]:
    """The slots later than ``after`` and not later than ``until``, in order. Raises as next_slot does."""
    if until.tzinfo is None:
        raise ValueError(f"{until} has no time zone")
    for slot in _slots(rule, after):
        if slot.at > until:
            return
        yield slot


def weekday_number(name: str) -> int:
    """0 for "Monday", "mon" or "MONDAY" … 6 for Sunday. Raises ValueError, and says what is expected."""
    wanted = name.strip().lower()
    for number, weekday in enumerate(WEEKDAYS):
        if wanted in (weekday, weekday[:3]):
            return number
    raise ValueError(f'"{name}" is not a weekday; expected one of {", ".join(WEEKDAYS)}')


@dataclass(frozen=True, slots=True)
class Day:
    """On which days a campaign is due, as a person says it: "tuesday", "15", "last day", "last friday"."""

    weekday: int | None = None
    monthday: int | None = None
    ordinal: int = 0


def day_named(text: str) -> Day:
    """What a person says of a weekly or monthly day. Raises ValueError, and says what is expected."""
    words = text.strip().lower().split()
    match words:
        case [number] if number.isdecimal() and 1 <= int(number) <= 31:
            return Day(monthday=int(number))
        case ["last"] | ["last", "day"]:
            return Day(monthday=31)
        case [ordinal, name] if ordinal in ORDINALS:
            return Day(weekday=weekday_number(name), ordinal=ORDINALS[ordinal])
        case ["fifth", name]:
            weekday_number(name)
            raise ValueError(f"many months have no fifth {name}; say last {name}")
        case [name] if not name.isdecimal():
            return Day(weekday=weekday_number(name))
    raise ValueError(
        f'"{text}" is no day; expected one such as tuesday, 15, last day, first monday, last friday'
    )


def day_text(rule: Rule) -> str:
    """The days of a rule as ``day_named`` reads them; empty where there is nothing to choose."""
    if rule.cadence is Cadence.WEEKLY:
        return WEEKDAYS[rule.weekday]
    if rule.cadence is not Cadence.MONTHLY:
        return ""
    if rule.ordinal:
        word = next(word for word, number in ORDINALS.items() if number == rule.ordinal)
        return f"{word} {WEEKDAYS[rule.weekday]}"
    return "last day" if rule.monthday == 31 else str(rule.monthday)


def _slots(rule: Rule, after: datetime) -> Iterator[Slot]:
    if rule.cadence is Cadence.EACH_POST:
        raise ValueError('the cadence "each post" has no slots of its own: each post is one')
    if after.tzinfo is None:
        raise ValueError(f"{after} has no time zone")
    zone = _zone(rule.zone)
    for day in _due_dates(rule, after.astimezone(zone).date() - _REACH):
        naive = datetime.combine(day, rule.at)
        at = _instant(naive, zone)
        if at <= after or (rule.cadence is Cadence.DAILY and not _exists(day, zone)):
            continue
        yield Slot(at, naive.isoformat(timespec="minutes"))


def _due_dates(rule: Rule, start: date) -> Iterator[date]:
    """The dates of a digest's rule from ``start`` on, as a calendar on the wall has them."""
    if rule.cadence is Cadence.MONTHLY:
        yield from _month_dates(rule, start)
    step = _DAY
    if rule.cadence is Cadence.WEEKLY:
        start += timedelta(days=(rule.weekday - start.weekday()) % 7)
        step = timedelta(days=7)
    while True:
        yield start
        start += step


def _month_dates(rule: Rule, start: date) -> Iterator[date]:
    year, month = start.year, start.month
    while True:
        day = date(year, month, _day_of_month(rule, year, month))
        if day >= start:
            yield day
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _day_of_month(rule: Rule, year: int, month: int) -> int:
    first_weekday, length = monthrange(year, month)
    if not rule.ordinal:
        return min(rule.monthday, length)
    if rule.ordinal > 0:
        return 1 + (rule.weekday - first_weekday) % 7 + 7 * (rule.ordinal - 1)
    last_weekday = (first_weekday + length - 1) % 7
    return length - (last_weekday - rule.weekday) % 7


def _instant(naive: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant at which a wall clock first shows ``naive``, or the first after the gap it is in."""
    late = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if _wall(late, zone) == naive:
        return late
    # PEP 495: in a gap, fold=0 reads the clock before the change and so lands after it, fold=1 the other way
    # about. The change itself lies between, to the second (old offsets are not whole minutes).
    early = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while late - early > _SECOND:
        middle = early + timedelta(seconds=(late - early) // _SECOND // 2)
        if _wall(middle, zone) < naive:
            early = middle
        else:
            late = middle
    return late


def _exists(day: date, zone: ZoneInfo) -> bool:
    return _wall(_instant(datetime.combine(day, time()), zone), zone).date() == day


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f'no time zone "{name}"; expected a name such as America/New_York') from error
