"""How often one network may do something: counted in the memory of this process, and forgotten with it.

Addresses of visitors are therefore never written down. The limits that must hold across processes and restarts (one
confirmation an address and day, so many in all) are in the database: publishing/notices/confirmations.py.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Sequence

#: Networks remembered at once; the one seen longest ago leaves first.
_REMEMBERED = 20_000


class Limit:
    """At most ``most`` times within ``seconds``, for each key. Threads may share it."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str, at: float) -> float:
        """Count one more at ``at`` (seconds of any clock). 0 when it may go on, else how many seconds to wait."""
        with self._lock:
            times = self._seen.setdefault(key, deque())
            self._seen.move_to_end(key)
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
            while times and at - times[0] >= self._seconds:
                times.popleft()
            if len(times) >= self._most:
                return self._seconds - (at - times[0])
            times.append(at)
            return 0.0

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._seen.clear()


class Networks:
    """Limits for a network and the larger ones that it lies in, the smallest first. Threads may share it."""

    def __init__(self, most: Sequence[int], seconds: float) -> None:
        self._limits = [Limit(one, seconds) for one in most]

    def take(self, keys: Sequence[str], at: float) -> float:
        """Count one more at ``at`` for each of these networks. 0 when it may go on, else how many seconds to wait. What
        a small one refuses is not counted for the larger ones: others are in them."""
        for limit, key in zip(self._limits, keys, strict=True):
            if wait := limit.take(key, at):
                return wait
        return 0.0

    def clear(self) -> None:
        """Forget everything."""
        for limit in self._limits:
            limit.clear()
