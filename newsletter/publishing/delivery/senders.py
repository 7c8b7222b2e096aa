"""The open lines to the relay: a thread and a transport each, all fed from one queue. What is sent is the caller's.

A relay may leave a message without an answer for ten minutes, and hanging up early would leave it in doubt. So a line
that hangs is left to wait, and another takes its place: at most as many again, so that the work goes on. Many relays
take fewer lines than we would open: one that is refused while others work rests, and tries again.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from newsletter.transports.base import Transport

#: Seconds without an answer after which a line counts as hanging.
HANGS_AFTER = 20.0
#: Seconds after which a line that the relay did not take tries again.
RESTS_FOR = 30.0
#: Seconds between two looks at what hangs.
_LOOK = 0.5
#: Lines that may stand in for others, at least.
_SPARES = 2
#: Pieces of work that wait, for each line.
_WAITING = 50

W = TypeVar("W")


class Line:
    """One line to the relay, as its thread and whoever watches it see it."""

    def __init__(self, *, spare: bool) -> None:
        #: It stands in for one that hangs. Where the relay takes no more lines, it ends without a word.
        self.spare = spare
        #: Another stands in for it, so it ends when its message has its answer.
        self.replaced = False
        #: The relay answered when it was used last.
        self.works = False
        self._since: float | None = None

    @contextmanager
    def on_the_wire(self) -> Iterator[None]:
        """A message is being handed over."""
        self._since = time.monotonic()
        try:
            yield
            self.works = True
        except BaseException:
            self.works = False
            raise
        finally:
            self._since = None

    def hangs(self, after: float) -> bool:
        since = self._since
        return since is not None and time.monotonic() - since >= after

    @property
    def in_use(self) -> bool:
        return self._since is not None


class Senders(Generic[W]):
    """``number`` lines, each opened by ``open_transport``. ``send`` gets one piece of work, and says whether its line
    can go on; what it raises ends its line and goes to ``failed``. Used by one thread, but for ``others_work``."""

    def __init__(
        self,
        number: int,
        open_transport: Callable[[], Transport],
        send: Callable[[W, Transport, Line], bool],
        failed: Callable[[Exception], None],
        *,
        hangs_after: float = HANGS_AFTER,
        rests_for: float = RESTS_FOR,
    ) -> None:
        self._number = number
        self._open = open_transport
        self._send = send
        self._failed = failed
        self._hangs_after = hangs_after
        self._rests_for = rests_for
        self._closing = threading.Event()
        self._most = number + max(number, _SPARES)
        self._work: queue.Queue[W | None] = queue.Queue(maxsize=number * _WAITING)
        self._nothing_left = threading.Event()
        self._lines: list[Line] = []
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._at_work = 0
        for _ in range(number):
            self._start(Line(spare=False))

    def offer(self, work: W) -> bool:
        """Put a piece of work before the lines; False when they have enough for now."""
        self._replace_hanging()
        try:
            self._work.put(work, timeout=_LOOK)
        except queue.Full:
            return False
        return True

    @property
    def busy(self) -> bool:
        """Whether anything that was offered is not done."""
        return self._work.unfinished_tasks > 0

    def wait(self) -> None:
        """Until all is done, or for a moment."""
        self._replace_hanging()
        self._nothing_left.clear()
        if self.busy:
            self._nothing_left.wait(_LOOK)

    def close(self) -> None:
        """Wait until all that was offered is done, however long that takes, and say goodbye to the relay."""
        self._closing.set()
        while self.busy:
            self.wait()
        self._work.put(None)
        for thread in self._threads:
            thread.join()

    def others_work(self, line: Line) -> bool:
        """Whether the work goes on without this line: one that hangs may be the last sign of a relay that is gone."""
        return any(
            (other.works or other.in_use) and not other.hangs(self._hangs_after)
            for other in list(self._lines)
            if other is not line
        )

    def _start(self, line: Line) -> None:
        name = f"{'spare' if line.spare else 'sender'}-{len(self._threads)}"
        thread = threading.Thread(target=self._run, args=(line,), name=name, daemon=True)
        self._lines.append(line)
        self._threads.append(thread)
        with self._lock:
            self._at_work += 1
        thread.start()

    def _replace_hanging(self) -> None:
        for line in list(self._lines):
            if len(self._lines) >= self._most:
                return
            if not line.replaced and line.hangs(self._hangs_after):
                line.replaced = True
                self._start(Line(spare=True))

    def _run(self, line: Line) -> None:
        work: W | None = None
        try:
            with self._open() as transport:
                while (work := self._work.get()) is not None:
                    try:
                        goes_on = self._send(work, transport, line)
                    finally:
                        self._done()
                    if self._ends(line, goes_on):
                        line.works = False
                        break
                    if not goes_on and self.others_work(line):
                        self._closing.wait(self._rests_for)
        except Exception as error:
            line.works = False
            self._failed(error)
            work = self._work.get()
            while work is not None:
                self._done()
                work = self._work.get()
        if work is None:
            self._work.put(None)  # the end is for every line

    def _ends(self, line: Line, goes_on: bool) -> bool:
        """Whether a line is one too many: a spare that the relay does not take, or one that hung and has a spare. As
        many as there are to be stay, whichever they are."""
        with self._lock:
            if (line.replaced or not goes_on) and self._at_work > self._number:
                self._at_work -= 1
                return True
        line.replaced = False
        line.spare = line.spare and goes_on
        return False

    def _done(self) -> None:
        self._work.task_done()
        if not self.busy:
            self._nothing_left.set()
