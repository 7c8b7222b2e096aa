"""What one connection may cost the others: requests are measured before anything parses them, and whoever is slow or
says nothing makes room. What is answered is not said here; serve.py runs it.

waitress 3.0.2 takes 256 KB of headers, matches each with a pattern whose time is quadratic in a run of blanks (64 KB:
20 s, with everybody waiting), takes a byte a minute for a sign of life, and lets nobody in once 100 are open.
"""

from __future__ import annotations

import re
import resource
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import WSGITask

#: Bytes of the request line and all headers together. The longest address of ours has some 300.
MAX_HEADER = 16_384
#: Lines of headers; browsers send some twenty.
_MAX_LINES = 100
#: A run of blanks that no program writes.
_BLANKS = re.compile(rb"[ \t]{40}")
#: Bytes of a form: the largest has a dozen fields. waitress would take a gigabyte.
MAX_BODY = 200_000
#: Seconds that a connection may say nothing, and in which a request that was begun has to be here whole.
IDLE = 30
#: Seconds between two looks for such connections.
LOOK_EVERY = 2
#: Connections at once, where the system allows twice as many open files.
_CONNECTIONS = 1_000


def most_connections() -> int:
    """How many connections may be open: files and the database need descriptors as well."""
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return _CONNECTIONS if allowed == resource.RLIM_INFINITY else max(20, min(_CONNECTIONS, allowed // 2))


class _Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Refuses with 400 what would be slow to parse."""

    def parse_header(self, header_plus: bytes) -> None:
        """Called once for a request, when its headers are here whole and not over MAX_HEADER."""
        if header_plus.count(b"\n") > _MAX_LINES:
            raise ParsingError(f"more than {_MAX_LINES} lines of headers")
        if _BLANKS.search(header_plus):
            raise ParsingError("a run of blanks in the headers")
        super().parse_header(header_plus)


class _Task(WSGITask):  # type: ignore[misc]
    """waitress's answer to one request, but the connection goes on after 304 and 204.

    waitress hangs up after every answer without a Content-Length, and may not send one with these (RFC 9110 §8.6).
    They end with their headers (§6.4.1), and most of what feed readers get is a 304.
    """

    def set_close_on_finish(self) -> None:
        asked_to = self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or self.version != "1.1" or asked_to:
            super().set_close_on_finish()

    def get_environment(self) -> dict[str, Any]:
        """With ``newsletter.hold``, by which a view says when its answer may leave (subscribe.py)."""
        environ: dict[str, Any] = super().get_environment()
        environ["newsletter.hold"] = self.channel.hold
        return environ


class Waker:
    """Wakes the server's loop at given moments, so that an answer can wait while no thread does."""

    def __init__(self, wake: Callable[[], object]) -> None:
        self._wake = wake
        #: Monotonic seconds, about in order: each view holds its answers equally long. None ends it.
        self._due: SimpleQueue[float | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="web-waker", daemon=True)
        self._thread.start()

    def at(self, moment: float) -> None:
        """Wake the loop then."""
        self._due.put(moment)

    def end(self) -> None:
        """Wake nobody any more."""
        self._due.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (moment := self._due.get()) is not None:
            time.sleep(max(0.0, moment - time.monotonic()))
            with suppress(OSError):  # the loop has ended
                self._wake()


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection. Whoever opens one more than there may be ends the one that has been idle longest."""

    task_class = _Task
    parser_class = _Parser

    #: Seconds since the epoch at which the request that is not here whole yet began.
    _began: float | None = None

    def __init__(self, server: Any, *args: Any, **more: Any) -> None:
        super().__init__(server, *args, **more)
        if len(server.active_channels) > most_connections():
            _make_room(server, self)

    #: Monotonic seconds until which nothing leaves.
    _held_until = 0.0

    def hold(self, until: float) -> None:
        """Let the answer that is being made leave at that moment (monotonic seconds), and not before."""
        self._held_until = until
        self.server.waker.at(until)

    def _is_held(self) -> bool:
        return time.monotonic() < self._held_until

    def writable(self) -> bool:
        """Not while it is held, or the loop would turn without a pause."""
        return bool(self.will_close or (not self._is_held() and super().writable()))

    def _flush_some(self, do_close: bool = True) -> bool:
        return False if self._is_held() else bool(super()._flush_some(do_close=do_close))

    def received(self, data: bytes) -> bool:
        """Take what came. A request that comes byte by byte keeps the time of its first: it is no sign of life."""
        going_on = self.request is not None
        taken: bool = super().received(data)
        if self.request is None:
            self._began = None
        elif self._began is None or not going_on:
            self._began = time.time()
        if self._began is not None:
            self.last_activity = self._began
        return taken


def _make_room(server: Any, new: Channel) -> None:
    """End a twentieth of the connections, those first that have waited longest without an answer under way."""
    idle = [
        channel
        for channel in list(server.active_channels.values())
        if channel is not new and not channel.requests and not channel.total_outbufs_len
    ]
    idle.sort(key=lambda channel: channel.last_activity)
    for channel in idle[: max(1, most_connections() // 20)]:
        channel.handle_close()
