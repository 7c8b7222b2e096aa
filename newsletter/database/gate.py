"""The gate: a file lock that every writer takes before it begins.

SQLite lets one connection write at a time and makes the others poll. Polling is not fair: beside a busy recorder an
unsubscribe waited for more than a second and then failed with "database is locked". A file lock queues instead.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class Gate:
    """One connection's own handle on the gate. Counts, so that it may be entered again while it is held."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._handle: int | None = None
        self._depth = 0

    def enter(self) -> None:
        """Wait for the gate and hold it."""
        if self._depth == 0:
            if self._handle is None:
                self._handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        self._depth += 1

    def leave(self) -> None:
        """Let the next one in. Harmless when the gate is not held."""
        if self._depth == 0:
            return
        self._depth -= 1
        if self._depth == 0 and self._handle is not None:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the handle back, and with it the gate."""
        self._depth = 0
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def gate_file(database: str) -> str:
    """Where the gate of a database file lies: beside it."""
    path = Path(database)
    return str(path.with_name(path.name + "-gate"))
