"""Dates never say more than their author did, and come back from the database as they went in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.date_parsing import parse
from newsletter.dates import PartialDate, first_instant

BERLIN = "Europe/Berlin"
#: As YAML and TOML give a time without a zone.
NAIVE = datetime(2017, 6, 12, 9)  # noqa: DTZ001
ZONES = st.sampled_from(
    [
        "UTC",
        BERLIN,
        "America/New_York",
        "America/Sao_Paulo",
        "Asia/Kathmandu",
        "Pacific/Auckland",
        "Africa/Cairo",
    ]
)
years = st.integers(1900, 2199)
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
partial_dates = st.one_of(
    years.map(PartialDate.of_year),
    st.builds(PartialDate.of_month, years, st.integers(1, 12)),
    days.map(lambda day: PartialDate.of_day(day.year, day.month, day.day)),
    st.integers(-2_000_000_000, 7_000_000_000).map(
        lambda seconds: PartialDate.of_instant(datetime.fromtimestamp(seconds, UTC))
    ),
)


@given(partial_dates, ZONES)
def test_a_date_is_read_again_from_its_own_spelling(when: PartialDate, zone: str) -> None:
    assert parse(str(when), zone=zone) == when


@given(partial_dates, ZONES)
def test_the_start_is_aware_utc(when: PartialDate, zone: str) -> None:
    assert when.starts(zone).utcoffset() == timedelta(0)


@given(days, ZONES)
def test_no_instant_of_a_day_comes_before_its_start(day: date, zone: str) -> None:
    start = PartialDate.of_day(day.year, day.month, day.day).starts(zone)
    noon = first_instant(datetime.combine(day, time(12)), zone)
    assert start < noon
    assert noon - start <= timedelta(hours=14)


@pytest.mark.parametrize(
    ("day", "zone", "start"),
    [
        ((2017, 6, 12), BERLIN, "2017-06-11T22:00:00+00:00"),
        ((2018, 11, 4), "America/Sao_Paulo", "2018-11-04T03:00:00+00:00"),  # 00:00 was skipped
        ((1919, 3, 31), "America/Toronto", "1919-03-31T04:30:00+00:00"),  # the clock went from 23:30 to 00:30
        ((2011, 12, 30), "Pacific/Apia", "2011-12-30T10:00:00+00:00"),  # the whole day was skipped
        ((2026, 10, 25), BERLIN, "2026-10-24T22:00:00+00:00"),
    ],
)
def test_a_day_starts_at_the_first_instant_that_exists(
    day: tuple[int, int, int], zone: str, start: str
) -> None:
    assert PartialDate.of_day(*day).starts(zone).isoformat() == start


@pytest.mark.parametrize(
    ("language", "month", "day", "year"),
    [
        ("en", "June 2017", "June 12, 2017", "2017"),
        ("en-GB", "June 2017", "12 June 2017", "2017"),
        ("de", "Juni 2017", "12. Juni 2017", "2017"),
        ("es-MX", "junio de 2017", "12 de junio de 2017", "2017"),
        ("tlh", "June 2017", "June 12, 2017", "2017"),
        ("not a language", "June 2017", "June 12, 2017", "2017"),
    ],
)
def test_readers_see_a_date_in_their_language_with_no_more_than_it_has(
    language: str, month: str, day: str, year: str
) -> None:
    assert PartialDate.of_month(2017, 6).text(language, BERLIN) == month
    assert PartialDate.of_day(2017, 6, 12).text(language, BERLIN) == day
    assert PartialDate.of_year(2017).text(language, BERLIN) == year


def test_an_instant_is_shown_as_its_day_in_the_site_s_zone() -> None:
    late = PartialDate.of_instant(datetime(2017, 6, 12, 23, 30, tzinfo=UTC))
    assert late.text("en", "UTC") == "June 12, 2017"
    assert late.text("en", BERLIN) == "June 13, 2017"


@pytest.mark.parametrize(
    ("spelling", "meaning"),
    [
        ("2017", "2017"),
        (2017, "2017"),
        ("2017-06", "2017-06"),
        ("2017/06", "2017-06"),
        ("June 2017", "2017-06"),
        ("Sept. 2017", "2017-09"),
        ("junio de 2017", "2017-06"),
        ("März 2017", "2017-03"),
        ("2017-06-12", "2017-06-12"),
        ("2017-6-2", "2017-06-02"),
        ("20170612", "2017-06-12"),
        (20170612, "2017-06-12"),
        ("12 June 2017", "2017-06-12"),
        ("12. Juni 2017", "2017-06-12"),
        ("June 12th, 2017", "2017-06-12"),
        ("Monday, the 12th of June, 2017", "2017-06-12"),
        ("Jun. 2, 2017", "2017-06-02"),
        ("1er juin 2017", "2017-06-01"),
        ("13/04/2017", "2017-04-13"),
        ("04/13/2017", "2017-04-13"),
        ("04.04.2017", "2017-04-04"),
        ("03.04.2017", "2017-04-03"),  # with points the day comes first
        ("31.12.2017 23:59", "2017-12-31T22:59:00Z"),
        ("Mar 1, 2024", "2024-03-01"),  # and not a Tuesday
        ("Mar. 6 juin 2017", "2017-06-06"),
        ("March 1st 2024", "2024-03-01"),
        ("01-Mar-2024", "2024-03-01"),
        ("12 czerwca 2017", "2017-06-12"),
        ("12 июня 2017", "2017-06-12"),
        ("2017年6月12日", "2017-06-12"),
        ("2017년 6월", "2017-06"),
        ("2017-06-12 09:30:00 UTC", "2017-06-12T09:30:00Z"),
        ("2017-06-12 09:30:00 UTC-03:00", "2017-06-12T12:30:00Z"),
        ("2017-06-12 09:30:00 +01:00", "2017-06-12T08:30:00Z"),
        ("2017-06-12 09:30 America/New_York", "2017-06-12T13:30:00Z"),
        ("20170612T093000Z", "2017-06-12T09:30:00Z"),
        ("Mon Jun 12 2017 09:30:00 GMT+0200 (CEST)", "2017-06-12T07:30:00Z"),
        ("Mon Jun 12 09:30:00 UTC 2017", "2017-06-12T09:30:00Z"),
        ("12 June 2017 at 10am", "2017-06-12T08:00:00Z"),
        (date(2017, 6, 12), "2017-06-12"),
        ("2017-06-12T09:30:00Z", "2017-06-12T09:30:00Z"),
        ("2017-06-12T09:30:00.5+02:00", "2017-06-12T07:30:00Z"),
        ("2017-06-12 09:30", "2017-06-12T07:30:00Z"),
        ("2017-06-12 09:30:00 -0400", "2017-06-12T13:30:00Z"),
        ("Mon, 12 Jun 2017 09:30:00 +0200", "2017-06-12T07:30:00Z"),
        ("Mon, 12 Jun 2017 09:30 EST", "2017-06-12T14:30:00Z"),
        ("Monday, June 12, 2017 at 5:30 pm", "2017-06-12T15:30:00Z"),
        ("2026-03-29T02:30", "2026-03-29T01:00:00Z"),  # skipped in Berlin: the moment after
        ("2026-10-25T02:30", "2026-10-25T00:30:00Z"),  # twice in Berlin: the first
        (NAIVE, "2017-06-12T07:00:00Z"),
        (datetime(2017, 6, 12, 9, tzinfo=timezone(timedelta(hours=-3))), "2017-06-12T12:00:00Z"),
    ],
)
def test_every_spelling_is_read_as_it_was_meant(spelling: object, meaning: str) -> None:
    assert str(parse(spelling, zone=BERLIN)) == meaning


@pytest.mark.parametrize(
    "spelling",
    [
        "03/04/2017",
        "12 June",
        "June",
        "June 12-14, 2017",
        "June 31, 2017",
        "2017-02-30",
        "2017-06-12T25:00",
        "13:45 pm on 12 June 2017",
        "12/06/17",
        "03-04-2017",
        "1709283600",
        "1200",
        "2017-W24",
        "soon",
        "",
        "0000-00-00",
        True,
        None,
        1.5,
        time(9, 30),
        ["2017"],
        10**40,
        "9" * 5000,
    ],
)
def test_what_is_no_date_or_two_dates_is_none(spelling: object) -> None:
    assert parse(spelling, zone=BERLIN) is None


def test_an_unknown_zone_leaves_the_day() -> None:
    assert parse("June 12, 2017 5:30 PM PKT", zone=BERLIN) == PartialDate.of_day(2017, 6, 12)


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = parse(text, zone=BERLIN)
    assert found is None or found.text("en", BERLIN)


def test_impossible_dates_are_refused_where_they_are_made() -> None:
    with pytest.raises(ValueError):
        PartialDate.of_day(2017, 2, 30)
    with pytest.raises(ValueError):
        PartialDate.of_year(99999)
    with pytest.raises(ValueError):
        PartialDate.of_instant(NAIVE)
