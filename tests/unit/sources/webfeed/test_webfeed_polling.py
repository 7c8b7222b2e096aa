"""When a feed is asked again, and where: the rules alone, without a server."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.sources.webfeed.polling import (
    LONGEST_BACK_OFF,
    LONGEST_BAN,
    LONGEST_WISH,
    FeedMemory,
    max_age,
    retry_after,
    validator,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://mill.example.org/feed"
NEW = FeedMemory(url=URL)
MINUTE = timedelta(minutes=1)


def wait(memory: FeedMemory, now: datetime = NOW, *, by_hand: bool = False) -> timedelta:
    until = memory.waits_until(now, by_hand=by_hand)
    return until - now if until else timedelta()


@pytest.mark.parametrize(
    ("cache_control", "minutes", "waits"),
    [
        ("", None, 0),
        ("", 60, 60),
        ("max-age=600", None, 10),
        ("public, max-age=600", 60, 60),
        ("max-age=7200", 60, 120),
        ("max-age=31536000", 60, 240),
        ("no-cache, max-age=7200", None, 0),
        ("max-age=7200, no-store", 30, 30),
        ("s-maxage=7200", None, 0),
        ('max-age="600"', None, 10),
        ("max-age=soon", None, 0),
        ("", 43200, 240),
        ("", 0, 0),
    ],
)
def test_a_feed_is_left_alone_for_as_long_as_it_wishes_within_bounds(
    cache_control: str, minutes: int | None, waits: int
) -> None:
    memory = NEW.after_reading({"cache-control": cache_control}, minutes, NOW)
    assert wait(memory) == waits * MINUTE
    assert wait(memory, by_hand=True) == timedelta()
    assert wait(memory, NOW + waits * MINUTE) == timedelta()


def test_a_look_that_is_seconds_too_early_is_not_sent_away() -> None:
    memory = NEW.after_reading({}, 15, NOW)
    assert wait(memory, NOW + 15 * MINUTE - timedelta(seconds=20)) == timedelta()
    assert wait(memory, NOW + 13 * MINUTE) > timedelta()


def test_failures_are_asked_again_ever_less_often_and_one_success_forgets_them() -> None:
    memory, waits = NEW, []
    for _ in range(12):
        memory = memory.after_failure("no", NOW)
        waits.append(wait(memory))
    assert waits[:4] == [timedelta(), 30 * MINUTE, 60 * MINUTE, 120 * MINUTE]
    assert waits[-1] == LONGEST_BACK_OFF
    assert wait(memory, by_hand=True) == timedelta()
    fine = memory.after_reading({}, None, NOW)
    assert (fine.failures, fine.error, wait(fine)) == (0, "", timedelta())


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", 0),
        (format_datetime(NOW + timedelta(hours=2), usegmt=True), 7200),
        (format_datetime(NOW - timedelta(hours=2), usegmt=True), 0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("९", None),
        ("99999999999999", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: int | None) -> None:
    found = retry_after(value, NOW)
    assert (found and found.total_seconds()) == (seconds or (found if seconds is None else timedelta()))


def test_what_a_server_forbids_holds_for_people_too_but_not_for_ever() -> None:
    memory = NEW.after_failure("busy", NOW, ban=timedelta(hours=2))
    assert wait(memory, by_hand=True) == timedelta(hours=2)
    assert wait(NEW.after_failure("busy", NOW, ban=timedelta(days=400)), by_hand=True) == LONGEST_BAN
    assert wait(NEW.after_failure("busy", NOW, ban=timedelta()), by_hand=True) == timedelta()


def test_a_clock_that_was_wrong_keeps_nobody_waiting() -> None:
    memory = NEW.after_failure("busy", NOW + timedelta(days=4000), ban=timedelta(hours=2))
    assert wait(memory) == timedelta()


def test_a_new_address_in_the_configuration_forgets_everything() -> None:
    memory = replace(NEW, etag='"1"', feed="https://mill.example.org/rss", gone=True, failures=3)
    assert FeedMemory.of(memory.stored(), URL) == memory
    assert FeedMemory.of(memory.stored(), URL + "2") == FeedMemory(url=URL + "2")


def test_after_a_change_in_how_feeds_are_read_one_that_has_not_changed_is_read_again() -> None:
    stored = replace(NEW, etag='"1"', modified="x", feed="https://mill.example.org/rss").stored() | {
        "reader": 0
    }
    memory = FeedMemory.of(stored, URL)
    assert (memory.etag, memory.modified, memory.feed) == ("", "", "https://mill.example.org/rss")


def test_a_move_is_trusted_for_a_week_and_the_configured_address_is_always_left() -> None:
    memory = replace(NEW, moved="https://new.example.org/feed", moved_at=NOW.isoformat(), feed=URL + "/rss")
    assert memory.places(NOW) == ("https://new.example.org/feed", URL + "/rss", URL)
    assert memory.places(NOW + timedelta(days=8)) == (URL + "/rss", URL)
    assert memory.places(NOW - timedelta(days=8)) == (URL + "/rss", URL)


def test_conditions_are_for_the_address_that_gave_them() -> None:
    memory = replace(NEW, etag='W/"1"', modified="Mon, 05 Oct 2026 09:00:00 GMT", asked=URL)
    assert memory.conditions(URL) == {
        "If-None-Match": 'W/"1"',
        "If-Modified-Since": "Mon, 05 Oct 2026 09:00:00 GMT",
    }
    assert memory.conditions(URL + "2") == {}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ('"abc"', True),
        ('W/"a b"', True),
        ("unquoted", True),
        ('"caf\xe9"', True),
        ('"a\r\nX: 1"', False),
        ('"→"', False),
        ('"a\x00"', False),
        ("x" * 1001, False),
        ("", False),
    ],
)
def test_only_what_arrives_as_it_came_is_sent_back(value: str, kept: bool) -> None:
    assert validator(value) == (value if kept else "")


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(
    [
        "feed",
        "moved",
        "moved_at",
        "etag",
        "modified",
        "asked",
        "not_before",
        "forbidden",
        "gone",
        "failures",
        "shared",
    ]
)


@given(st.dictionaries(KEYS, JSON), st.booleans())
def test_whatever_is_stored_is_understood_or_passed_over(stored: dict[str, Any], by_hand: bool) -> None:
    memory = FeedMemory.of(stored | {"url": URL}, URL)
    assert memory.places(NOW)[-1] == URL
    until = memory.waits_until(NOW, by_hand=by_hand)
    assert until is None or NOW < until <= NOW + LONGEST_BAN
    json.dumps(memory.after_failure("no", NOW).stored())


@given(st.text(max_size=40), st.integers(0, 10**6) | st.none())
def test_no_wish_is_longer_than_its_bound(cache_control: str, minutes: int | None) -> None:
    assert max_age(f"max-age={cache_control}") >= timedelta()
    assert wait(NEW.after_reading({"cache-control": cache_control}, minutes, NOW)) <= LONGEST_WISH
