"""Signals that ask a command to stop: it finishes what is on the wire, however often it is asked.

A message that is given up between its last byte and the relay's answer is in doubt: nobody knows whether it arrived. So
a second Ctrl-C ends nothing at once. Who cannot wait uses ``kill -9``, and what was on the wire then is in doubt.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

#: SIGHUP is what a terminal sends that is closed.
_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_STILL = (
    "Still finishing what is on the wire: a relay that hangs has email.smtp.final_timeout to answer. "
    "To end at once and leave it in doubt: kill -9 %s\n"
)


@contextmanager
def stopped_by_signals(first: str = "") -> Iterator[threading.Event]:
    """An event that Ctrl-C, SIGTERM and a closing terminal set; whoever asks is told ``first``, and what goes on when
    they ask again.

    Under ``nohup`` a terminal may close.
    """
    stop = threading.Event()

    def handle(number: int, _: object) -> None:
        _let_go_of_what_is_gone()
        with suppress(OSError):
            os.write(2, (_STILL % os.getpid() if stop.is_set() else first).encode())
        stop.set()

    unheard = {signal.SIGHUP} if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else set()
    before = {which: signal.signal(which, handle) for which in _STOP if which not in unheard}
    try:
        yield stop
    finally:
        if stop.is_set():
            _let_go_of_what_is_gone()
        for which, handler in before.items():
            signal.signal(which, handler)


def _let_go_of_what_is_gone() -> None:
    """Nothing more is written to a terminal or a pipe that nobody reads: that would break off what is finished now."""
    for stream in (sys.stdout, sys.stderr):
        try:
            descriptor = stream.fileno()
        except (OSError, ValueError, AttributeError):
            continue
        poll = select.poll()
        poll.register(descriptor, 0)
        if any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0)):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, descriptor)
            os.close(nowhere)
