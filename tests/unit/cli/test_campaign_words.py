"""Dates that staff type for a campaign: they are dates in its zone, also where a midnight is missing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import typer

from newsletter.cli.commands.campaigns import instant


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("2026-12-01", "America/New_York", "2026-12-01T05:00"),
        ("2026-12-01 09:00", "America/New_York", "2026-12-01T14:00"),
        ("2026-03-29", "Europe/Berlin", "2026-03-28T23:00"),  # the night in which an hour is missing
        ("2026-03-30", "Europe/Berlin", "2026-03-29T22:00"),
        ("2026-10-26", "Europe/Berlin", "2026-10-25T23:00"),
        ("2026-10-25 02:30", "Europe/Berlin", "2026-10-25T00:30"),  # comes twice: the first time
        (
            "2026-03-29 02:30",
            "Europe/Berlin",
            "2026-03-29T01:00",
        ),  # does not exist: the first moment after it
        ("2026-04-24", "Africa/Cairo", "2026-04-23T22:00"),  # there is no midnight
        ("2026-04-05", "Australia/Lord_Howe", "2026-04-04T13:00"),
    ],
)
def test_a_date_begins_with_its_first_moment_in_the_zone(text: str, zone: str, moment: str) -> None:
    assert instant(text, zone, "--until") == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["tomorrow", "2026", "2026-12", "2026-13-01", ""])
def test_what_is_no_date_is_wrong_usage(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="expected a date such as 2026-12-01"):
        instant(text, "UTC", "--until")
