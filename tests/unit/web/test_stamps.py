"""Signed stamps in forms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.web import stamps

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def test_a_stamp_tells_how_old_the_form_is() -> None:
    stamp = stamps.make("sign-up", NOW)
    assert stamps.age("sign-up", stamp, NOW + timedelta(seconds=90)) == timedelta(seconds=90)


@pytest.mark.parametrize("stamp", ["", "x", "1:2", ":"])
def test_what_was_not_made_here_is_no_stamp(stamp: str) -> None:
    with pytest.raises(stamps.BadStamp):
        stamps.age("sign-up", stamp, NOW)


def test_a_stamp_of_one_form_is_none_of_another() -> None:
    with pytest.raises(stamps.BadStamp):
        stamps.age("preferences.2", stamps.make("preferences.1", NOW), NOW)


def test_a_changed_time_is_noticed() -> None:
    time, _, mark = stamps.make("sign-up", NOW).partition(":")
    with pytest.raises(stamps.BadStamp):
        stamps.age("sign-up", f"{int(time) - 60_000}:{mark}", NOW)
