"""Slots over all zones of the tz database: one for each due date, in order, the same from any instant."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import cycle, pairwise, product
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.slots.arithmetic import (
    Rule,
    Slot,
    day_named,
    day_text,
    next_slot,
    slots_between,
    weekday_number,
)
from newsletter.slots.wording import describe
from subscribers.cadence import Cadence

ZONES = sorted(available_timezones() - {"localtime"})
#: Gaps at and before midnight, half-hour shifts, winter time as the exception, two changes around Ramadan.
STRANGE = [
    "America/Asuncion",
    "Asia/Beirut",
    "Africa/Cairo",
    "America/Scoresbysund",
    "America/Nuuk",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Antarctica/Troll",
]
FIRST, LAST = date(2020, 1, 1), date(2035, 12, 31)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@cache
def days_of_change(zone: str) -> list[date]:
    """The dates between 2020 and 2035 on which a clock of that zone was moved."""
    place = ZoneInfo(zone)
    noons = [datetime(2020, 1, 1, 12, tzinfo=UTC) + n * DAY for n in range(16 * 365)]
    offsets = [noon.astimezone(place).utcoffset() for noon in noons]
    return [noons[n].date() for n in range(1, len(noons)) if offsets[n] != offsets[n - 1]]


zones = st.sampled_from(ZONES) | st.sampled_from(STRANGE)
hours = st.times().map(lambda t: t.replace(second=0, microsecond=0)) | st.builds(
    time, st.integers(0, 3) | st.integers(22, 23), st.sampled_from([0, 15, 30, 45])
)
digests = st.sampled_from([Cadence.DAILY, Cadence.WEEKLY, Cadence.MONTHLY])


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    return Rule(draw(digests), draw(hours), draw(zones), draw(st.integers(0, 6)), draw(st.integers(1, 31)))


@st.composite
def rules_and_dates(draw: st.DrawFn) -> tuple[Rule, date]:
    """A rule and a date, as likely as not one near a change of the clock."""
    rule = draw(rules())
    dates = st.dates(FIRST, LAST)
    if changes := days_of_change(rule.zone):
        dates |= st.sampled_from(changes).flatmap(lambda day: st.dates(day - 2 * DAY, day + 2 * DAY))
    return rule, draw(dates)


def is_due(rule: Rule, day: date) -> bool:
    if rule.cadence is Cadence.WEEKLY:
        return day.weekday() == rule.weekday
    if rule.cadence is Cadence.MONTHLY:
        return day.day == rule.monthday or (day.day < rule.monthday and (day + DAY).day == 1)
    return True


def first_instant(day: date, at: time, zone: str) -> datetime:
    """By looking at the clock minute for minute: when it first shows that date and hour, or a later one."""
    naive, place = datetime.combine(day, at), ZoneInfo(zone)
    instant = naive.replace(tzinfo=UTC) - timedelta(hours=15)
    while instant.astimezone(place).replace(tzinfo=None) < naive:
        instant += MINUTE
    return instant


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(rules_and_dates())
def test_each_due_date_has_one_slot_at_the_first_instant_its_clock_shows(case: tuple[Rule, date]) -> None:
    rule, day = case
    begin = first_instant(day, time(), rule.zone) - MINUTE
    end = first_instant(day + 5 * DAY, time(), rule.zone)
    slots = [slot for slot in slots_between(rule, begin, end) if slot.local < (day + 5 * DAY).isoformat()]
    due = [day + n * DAY for n in range(-1, 5) if is_due(rule, day + n * DAY)]
    expected = [Slot(first_instant(d, rule.at, rule.zone), f"{d}T{rule.at:%H:%M}") for d in due]
    assert slots == [slot for slot in expected if slot.at > begin]


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(rules_and_dates(), st.data())
def test_the_next_slot_is_the_same_from_any_instant_in_between(
    case: tuple[Rule, date], data: st.DataObject
) -> None:
    rule, day = case
    first = next_slot(rule, datetime.combine(day, time(), UTC))
    second = next_slot(rule, first.at)
    assert second.at > first.at
    assert second.local > first.local
    seconds = int((second.at - first.at).total_seconds())
    between = first.at + timedelta(seconds=data.draw(st.integers(0, seconds - 1)))
    assert next_slot(rule, between) == second
    assert next_slot(rule, second.at - timedelta(microseconds=1)) == second
    assert next_slot(rule, between.astimezone(ZoneInfo(data.draw(zones)))) == second


HOURS = [time(0, 0), time(2, 30), time(23, 45)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "share",
    [
        pytest.param([*zip(ZONES, cycle(HOURS)), *product(STRANGE, HOURS)], id="each zone at one hour"),
        pytest.param([*product(ZONES, HOURS)], id="each at all", marks=pytest.mark.soak),
    ],
)
def test_no_zone_loses_or_doubles_a_week_in_sixteen_years(share: list[tuple[str, time]]) -> None:
    start, end = utc("2019-12-30T00:00"), utc("2036-01-10T00:00")
    for zone, at in share:
        rule = Rule(Cadence.WEEKLY, at, zone, weekday=6)
        slots = list(slots_between(rule, start, end))
        days = [date.fromisoformat(slot.local[:10]) for slot in slots]
        assert {later - earlier for earlier, later in pairwise(days)} == {7 * DAY}, zone
        assert all(earlier.at < later.at for earlier, later in pairwise(slots)), zone
        assert len(slots) >= 836, zone


@pytest.mark.parametrize(
    ("zone", "at", "local", "instant"),
    [
        ("America/Asuncion", time(0, 0), "2023-10-01T00:00", "2023-10-01T04:00"),
        ("Asia/Beirut", time(0, 30), "2022-03-27T00:30", "2022-03-26T22:00"),
        ("Africa/Cairo", time(0, 15), "2024-04-26T00:15", "2024-04-25T22:00"),
        ("Europe/Berlin", time(2, 30), "2026-03-29T02:30", "2026-03-29T01:00"),
        ("Australia/Lord_Howe", time(2, 15), "2026-10-04T02:15", "2026-10-03T15:30"),
        ("America/Scoresbysund", time(23, 30), "2025-03-29T23:30", "2025-03-30T01:00"),
    ],
)
def test_in_a_gap_the_slot_is_the_first_instant_that_exists(
    zone: str, at: time, local: str, instant: str
) -> None:
    rule = Rule(Cadence.DAILY, at, zone)
    assert next_slot(rule, utc(instant) - 2 * MINUTE) == Slot(utc(instant), local)


@pytest.mark.parametrize(
    ("zone", "at", "first", "then"),
    [
        ("Europe/Berlin", time(2, 30), "2026-10-25T00:30", "2026-10-26T01:30"),
        ("America/New_York", time(1, 0), "2026-11-01T05:00", "2026-11-02T06:00"),
        ("Australia/Lord_Howe", time(1, 45), "2026-04-04T14:45", "2026-04-05T15:15"),
        ("Africa/Casablanca", time(2, 30), "2026-02-15T01:30", "2026-02-16T02:30"),
    ],
)
def test_in_a_repeated_hour_only_the_first_occurrence_is_a_slot(
    zone: str, at: time, first: str, then: str
) -> None:
    rule = Rule(Cadence.DAILY, at, zone)
    assert next_slot(rule, utc(first) - MINUTE).at == utc(first)
    assert next_slot(rule, utc(first)).at == utc(then)


def test_a_weekly_slot_on_a_date_that_was_skipped_falls_on_the_first_instant_after_it() -> None:
    friday = Rule(Cadence.WEEKLY, time(9, 0), "Pacific/Apia", weekday=4)
    slots = list(slots_between(friday, utc("2011-12-23T00:00"), utc("2012-01-06T00:00")))
    assert slots == [
        Slot(utc("2011-12-23T19:00"), "2011-12-23T09:00"),
        Slot(utc("2011-12-30T10:00"), "2011-12-30T09:00"),
        Slot(utc("2012-01-05T19:00"), "2012-01-06T09:00"),
    ]


@pytest.mark.parametrize("at", [time(0, 0), time(9, 0)])
def test_a_daily_campaign_has_no_slot_on_a_date_that_does_not_exist(at: time) -> None:
    rule = Rule(Cadence.DAILY, at, "Pacific/Apia")
    slots = list(slots_between(rule, utc("2011-12-29T00:00"), utc("2012-01-01T00:00")))
    assert [slot.local[:10] for slot in slots] == ["2011-12-29", "2011-12-31", "2012-01-01"][: len(slots)]
    assert len({slot.at for slot in slots}) == len(slots) >= 2


def test_a_month_that_is_shorter_takes_its_last_day() -> None:
    rule = Rule(Cadence.MONTHLY, time(9, 0), "UTC", monthday=31)
    slots = slots_between(rule, utc("2028-01-01T00:00"), utc("2028-05-01T00:00"))
    assert [slot.local[:10] for slot in slots] == ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]


def test_a_slot_is_strictly_after_and_an_interval_ends_with_its_last_instant() -> None:
    rule = Rule(Cadence.DAILY, time(9, 0), "UTC")
    nine = utc("2026-11-24T09:00")
    assert next_slot(rule, nine).at == nine + DAY
    assert [slot.at for slot in slots_between(rule, nine, nine + DAY)] == [nine + DAY]
    assert list(slots_between(rule, nine, nine)) == []


def test_each_post_has_no_slots_of_its_own() -> None:
    with pytest.raises(ValueError, match="each post is one"):
        next_slot(Rule(Cadence.EACH_POST, time(9, 0), "UTC"), utc("2026-11-24T09:00"))


def test_a_naive_time_is_refused() -> None:
    rule, naive = Rule(Cadence.DAILY, time(9, 0), "UTC"), datetime(2026, 11, 24, 9)  # noqa: DTZ001
    with pytest.raises(ValueError, match="no time zone"):
        next_slot(rule, naive)
    with pytest.raises(ValueError, match="no time zone"):
        list(slots_between(rule, utc("2026-11-24T09:00"), naive))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"zone": "Europe"}, "no time zone"),
        ({"zone": ""}, "no time zone"),
        ({"zone": "../../etc/passwd"}, "no time zone"),
        ({"zone": "America/Learning_Hub"}, "no time zone"),
        ({"at": time(9, 0, 30)}, "hour and minute"),
        ({"at": time(9, 0, tzinfo=UTC)}, "hour and minute"),
        ({"weekday": 7}, "not a weekday"),
        ({"monthday": 0}, "not a day of the month"),
        ({"monthday": 32}, "not a day of the month"),
    ],
)
def test_a_rule_that_no_calendar_has_is_refused_in_words(values: dict[str, object], words: str) -> None:
    fields = {"cadence": Cadence.WEEKLY, "at": time(9, 0), "zone": "UTC"} | values
    with pytest.raises(ValueError, match=words):
        Rule(**fields)


@pytest.mark.parametrize(
    ("rule", "language", "words"),
    [
        (Rule(Cadence.WEEKLY, time(9), "America/New_York", 1), "en", "Tuesdays 09:00 America/New_York"),
        (Rule(Cadence.DAILY, time(7, 5), "Asia/Kolkata"), "en-GB", "Daily 07:05 Asia/Kolkata"),
        (Rule(Cadence.MONTHLY, time(0), "UTC", monthday=30), "en", "Monthly on day 30, 00:00 UTC"),
        (Rule(Cadence.MONTHLY, time(0), "UTC", monthday=31), "en", "Monthly on the last day, 00:00 UTC"),
        (Rule(Cadence.EACH_POST, time(9), "UTC"), "en", "Each post, as it is released"),
        (Rule(Cadence.WEEKLY, time(9), "Europe/Vienna", 1), "de-AT", "Dienstags 09:00 Europe/Vienna"),
        (Rule(Cadence.WEEKLY, time(9), "UTC", 6), "tlh", "Sundays 09:00 UTC"),
    ],
)
def test_a_rule_is_described_with_its_hour_and_its_zone(rule: Rule, language: str, words: str) -> None:
    assert describe(rule, language) == words


def test_weekdays_are_names_at_the_edges() -> None:
    assert [weekday_number(name) for name in ("Monday", "tue", " SUNDAY ")] == [0, 1, 6]
    with pytest.raises(ValueError, match="expected one of monday"):
        weekday_number("0")


def nth_weekdays(year: int, weekday: int, ordinal: int) -> list[date]:
    """By walking through the year: the dates that are that weekday of their month."""
    found: dict[int, list[date]] = {}
    day = date(year, 1, 1)
    while day.year == year:
        if day.weekday() == weekday:
            found.setdefault(day.month, []).append(day)
        day += DAY
    return [days[ordinal - 1 if ordinal > 0 else -1] for days in found.values()]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(
    st.integers(2020, 2035), st.integers(0, 6), st.sampled_from([1, 2, 3, 4, -1]), st.sampled_from(STRANGE)
)
def test_a_weekday_of_the_month_comes_once_a_month(year: int, weekday: int, ordinal: int, zone: str) -> None:
    rule = Rule(Cadence.MONTHLY, time(0, 30), zone, weekday, 31, ordinal)
    begin = first_instant(date(year, 1, 1), time(), zone) - MINUTE
    end = first_instant(date(year, 12, 31), time(23, 59), zone)
    slots = list(slots_between(rule, begin, end))
    assert [slot.local for slot in slots] == [f"{day}T00:30" for day in nth_weekdays(year, weekday, ordinal)]
    assert [slot.at for slot in slots] == [
        first_instant(date.fromisoformat(slot.local[:10]), time(0, 30), zone) for slot in slots
    ]


@pytest.mark.parametrize(
    ("text", "cadence", "said"),
    [
        ("Tuesday", Cadence.WEEKLY, "tuesday"),
        ("15", Cadence.MONTHLY, "15"),
        ("last", Cadence.MONTHLY, "last day"),
        (" Last  Day ", Cadence.MONTHLY, "last day"),
        ("last friday", Cadence.MONTHLY, "last friday"),
        ("First Tue", Cadence.MONTHLY, "first tuesday"),
        ("third thursday", Cadence.MONTHLY, "third thursday"),
    ],
)
def test_a_day_is_read_as_people_say_it_and_said_so_again(text: str, cadence: Cadence, said: str) -> None:
    day = day_named(text)
    rule = Rule(cadence, time(9), "UTC", day.weekday or 0, day.monthday or 1, day.ordinal)
    assert day_text(rule) == said
    again = day_named(said)
    assert Rule(cadence, time(9), "UTC", again.weekday or 0, again.monthday or 1, again.ordinal) == rule


@pytest.mark.parametrize(
    "text", ["", "0", "32", "fridays", "last someday", "friday last", "zeroth friday", "1 2"]
)
def test_what_is_no_day_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        day_named(text)


def test_a_fifth_weekday_is_refused_because_most_months_have_none() -> None:
    with pytest.raises(ValueError, match="say last friday"):
        day_named("fifth friday")
    with pytest.raises(ValueError, match="no place in a month"):
        Rule(Cadence.MONTHLY, time(9), "UTC", ordinal=5)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Monthly on the last Friday, 09:00 Europe/Berlin"),
        ("de", "Monatlich am letzten Freitag, 09:00 Europe/Berlin"),
        ("es", "Cada mes el último viernes, 09:00 Europe/Berlin"),
        ("fr", "Chaque mois le dernier vendredi, 09:00 Europe/Berlin"),
    ],
)
def test_the_last_friday_is_said_in_every_language(language: str, words: str) -> None:
    assert describe(Rule(Cadence.MONTHLY, time(9), "Europe/Berlin", 4, 1, -1), language) == words
    first = describe(Rule(Cadence.MONTHLY, time(9), "Europe/Berlin", 5, 1, 1), language)
    assert first != words
    assert "{" not in first
