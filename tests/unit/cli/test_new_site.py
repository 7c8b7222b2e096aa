"""Which time zone a new site gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.cli.commands.new_site import machine_zone


@pytest.mark.parametrize(
    ("variable", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (":Asia/Tokyo", "Asia/Tokyo"),
        ("Etc/UTC", "UTC"),
        ("EST5EDT,M3.2.0", "UTC"),
    ],
)
def test_the_variable_names_the_zone(variable: str, zone: str, tmp_path: Path) -> None:
    assert machine_zone(variable, tmp_path / "none") == zone


def test_else_the_link_of_the_machine_does(tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/America/New_York")
    assert machine_zone("", link) == "America/New_York"


def test_a_file_that_is_no_link_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "localtime").write_bytes(b"TZif2")
    assert machine_zone("", tmp_path / "localtime") == "UTC"
