"""Dates without mail: what they cover in a zone, and the first moment after them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.slots.blackout import Blackout, span

ZONES = sorted(available_timezones() - {"localtime"})
MINUTE = timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_span_includes_its_first_and_its_last_day() -> None:
    dark = Blackout.of(["2026-12-24..2027-01-01", "2026-11-26"])
    assert [dark.covers(date(2026, 12, day)) for day in (23, 24, 31)] == [False, True, True]
    assert dark.covers(date(2027, 1, 1))
    assert not dark.covers(date(2027, 1, 2))
    assert [dark.covers(date(2026, 11, day)) for day in (25, 26, 27)] == [False, True, False]


def test_a_date_is_one_on_the_campaigns_own_wall() -> None:
    dark = Blackout.of(["2026-11-26"])
    late_evening = utc("2026-11-27T04:30")
    assert dark.covers_moment(late_evening, "America/New_York")
    assert not dark.covers_moment(late_evening, "Europe/Berlin")
    assert not dark.covers_moment(utc("2026-11-26T04:30"), "America/New_York")


@pytest.mark.parametrize(
    ("zone", "dates", "after"),
    [
        ("America/New_York", "2026-11-26", "2026-11-27T05:00"),
        ("Africa/Cairo", "2024-04-20..2024-04-25", "2024-04-25T22:00"),  # there is no midnight on the 26th
        ("Australia/Lord_Howe", "2026-04-03..2026-04-04", "2026-04-04T13:00"),
        ("Pacific/Apia", "2011-12-28..2011-12-29", "2011-12-30T10:00"),  # the 30th was skipped altogether
    ],
)
def test_it_ends_with_the_first_instant_of_the_next_date(zone: str, dates: str, after: str) -> None:
    dark = Blackout.of([dates])
    within = utc(after) - timedelta(hours=1)
    assert dark.covers_moment(within, zone)
    assert dark.first_free(within, zone) == utc(after)
    assert dark.first_free(utc(after), zone) == utc(after)


def test_two_spans_that_touch_are_one() -> None:
    dark = Blackout.of(["2026-12-24..2026-12-26", "2026-12-27"])
    assert dark.first_free(utc("2026-12-24T12:00"), "UTC") == utc("2026-12-28T00:00")


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.dates(date(2020, 1, 1), date(2034, 1, 1)),
    st.integers(0, 12),
    st.datetimes(datetime(2020, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_the_first_free_moment_is_free_and_no_earlier_one_was(
    zone: str, first: date, days: int, at: datetime
) -> None:
    dark = Blackout(((first, first + timedelta(days=days)),))
    at = max(at, datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=2))
    free = dark.first_free(at, zone)
    assert free >= at
    assert not dark.covers_moment(free, zone)
    if free > at:
        assert dark.covers_moment(free - timedelta(microseconds=1), zone)
        assert free.astimezone(ZoneInfo(zone)).date() > first


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("christmas", "expected a date such as 2026-11-26"),
        ("2026-13-01", "expected a date"),
        ("2026-12-24 to 2027-01-01", "expected a date"),
        ("2027-01-01..2026-12-24", "the earlier date first"),
        ("2026-01-01..2030-01-01", "pause the campaigns"),
        ("٢٠٢٦-١١-٢٦", "expected a date"),
    ],
)
def test_what_is_no_date_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        span(text)
