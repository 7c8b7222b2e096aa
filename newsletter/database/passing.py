"""Errors of a database that pass by themselves, and waiting until they have. What is tried again is the caller's.

A full disk, a lock that is held for long, a server that restarts, a broken connection, a serialization failure: the
program then has to hold what it knows and try again, for whoever forgets an outcome leaves a mail in doubt.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from django.db import InterfaceError, InternalError, OperationalError, connection

#: SQLite says OperationalError also of a table that is missing: so nobody waits for ever.
PASSING = (OperationalError, InterfaceError, InternalError)

#: Seconds for which the same thing is tried again, and after somebody has asked us to stop.
PATIENCE, PATIENCE_STOPPING = 600.0, 10.0
#: Seconds between two tries, growing.
_FIRST_WAIT, _LONGEST_WAIT = 0.1, 2.0
#: Seconds after which a step that fails is taken to have worked meanwhile, so that this is another trouble.
_WORKED = 60.0

T = TypeVar("T")


def until_it_passes(
    step: Callable[[], T],
    stop: threading.Event,
    *,
    said: Callable[[str], None],
    patience: float = PATIENCE,
    patience_stopping: float = PATIENCE_STOPPING,
) -> T:
    """What ``step`` returns, tried again while it raises an error that passes; each try has a connection of its own.

    It must be safe to repeat, also after a commit whose answer was lost. ``said`` gets the trouble in words, once.
    Raises the last error when patience (seconds) is at an end.
    """
    failing: float | None = None
    stopping: float | None = None
    wait = _FIRST_WAIT
    while True:
        began = time.monotonic()
        try:
            return step()
        except PASSING as error:
            now = time.monotonic()
            if failing is None or now - began > _WORKED:
                failing, wait = now, _FIRST_WAIT
                said(in_words(error))
            if stop.is_set() and stopping is None:
                stopping = now
            if now - failing > patience or (stopping is not None and now - stopping > patience_stopping):
                raise
        let_go()
        time.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT)


def let_go() -> None:
    """Close this thread's connection: one that failed may be broken, and the next use opens another."""
    with suppress(*PASSING):
        connection.close()


def in_words(error: BaseException) -> str:
    """One line of what the database said."""
    return f"the database cannot be used: {' '.join(str(error).split()) or type(error).__name__}"
