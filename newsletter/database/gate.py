"""The gate: a file lock that every writer takes before it begins.

SQLite lets one connection write at a time and makes the others poll. Polling is not fair: beside a busy recorder an
unsubscribe waited for more than a second and then failed with "database is locked". A file lock queues instead.
"""

from __future__ import annotations

import fcntl
import os
import threading
from contextlib import suppress
from pathlib import Path


class TooLong(Exception):
    """The gate was not free in time."""


class Gate:
    """One connection's own handle on the gate. Counts, so that it may be entered again while it is held."""

    def __init__(self, file: str, patience: float | None = None) -> None:
        """``patience``: seconds to wait for it at most; None for as long as it takes."""
        self._file = file
        self._patience = patience
        self._handle: int | None = None
        self._depth = 0

    def enter(self) -> None:
        """Wait for the gate and hold it. Raises TooLong."""
        if self._depth == 0:
            if self._handle is None:
                self._handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            if self._patience is None:
                fcntl.flock(self._handle, fcntl.LOCK_EX)
            else:
                self._enter_within(self._patience)
        self._depth += 1

    def _enter_within(self, seconds: float) -> None:
        assert self._handle is not None
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Who polls never gets in beside a busy writer: a thread queues, and takes the handle along if it is late.
            waiting = _Waiting(self._handle)
            if not waiting.has_it_within(seconds):
                self._handle = None
                raise TooLong(
                    f"database is locked: the gate {self._file} was held for {seconds:g} seconds"
                ) from None

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


class _Waiting:
    """Queues for the gate on behalf of a thread that does not wait for ever."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._deciding = threading.Lock()
        self._has_it = threading.Event()
        self._given_up = False
        threading.Thread(target=self._queue, name="gate", daemon=True).start()

    def has_it_within(self, seconds: float) -> bool:
        """Whether the gate is ours now. If not, the handle is not ours any more either."""
        if self._has_it.wait(seconds):
            return True
        with self._deciding:
            self._given_up = not self._has_it.is_set()
            return not self._given_up

    def _queue(self) -> None:
        with suppress(OSError):
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        with self._deciding:
            if self._given_up:
                os.close(self._handle)
            else:
                self._has_it.set()


def gate_file(database: str) -> str:
    """Where the gate of a database file lies: beside it."""
    path = Path(database)
    return str(path.with_name(path.name + "-gate"))
