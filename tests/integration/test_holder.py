"""Who holds SQLite's file is named, where the system tells."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.database.holder import holder, in_words

HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("PRAGMA journal_mode=" + sys.argv[2])
held.execute("BEGIN IMMEDIATE")
held.execute("CREATE TABLE IF NOT EXISTS t (a)")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="only Linux says who holds a file")
@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_the_program_that_holds_the_database_is_named(tmp_path: Path, mode: str) -> None:
    file = tmp_path / "site.sqlite3"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file), mode],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        other = sqlite3.connect(file, timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError) as error:
            other.execute("BEGIN IMMEDIATE")
        assert f"process {process.pid} (" in in_words(file, error.value)
        assert "try again" in in_words(file, error.value)
        process.communicate("")
    assert holder(file) == ""
    other.close()


def test_one_that_cannot_be_named_is_looked_for_and_other_errors_are_as_they_are(tmp_path: Path) -> None:
    locked = sqlite3.OperationalError("database is locked")
    assert "fuser" in in_words(tmp_path / "site.sqlite3", locked)
    assert in_words(tmp_path / "site.sqlite3", sqlite3.OperationalError("disk I/O error")) == "disk I/O error"
    assert in_words(None, locked) == "database is locked"
