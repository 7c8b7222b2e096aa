"""Who holds what: a worker's lock dies with its process, so a restart need not wait for a time-out.

Beside SQLite it is a file lock (flock), on PostgreSQL a session's advisory lock. Whoever finds the lock free knows that
the worker is gone: what it had claimed goes back, what it had on the wire is in doubt.
"""

from __future__ import annotations

import fcntl
import logging
import os
import socket
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.db import OperationalError, connection, connections, transaction
from django.db.models import Case, Value, When
from django.db.models.functions import Now

from newsletter.database.passing import PASSING, in_words, let_go
from newsletter.models import Delivery, DeliveryState, Notice, StaffMail, Worker
from newsletter.models.campaign import DoubtPolicy
from newsletter.publishing.ledger.watermarks import call_off_cancelled

_log = logging.getLogger("newsletter.workers")

#: Our number space among PostgreSQL's advisory locks.
_LOCK_CLASS = 0x4E57
_IN_HAND = (DeliveryState.CLAIMED, DeliveryState.SENDING)
#: Single mails, which are in no ledger.
_QUEUES = (Notice, StaffMail)
#: The workers of this process that live. Their locks may be lost with a connection; we know better.
_ours: set[int] = set()


class _Lock(Protocol):
    def take(self) -> bool: ...
    def release(self) -> None: ...


class _FileLock:
    def __init__(self, number: int) -> None:
        self._file = Path(f"{connection.settings_dict['NAME']}-worker-{number}")
        self._handle: int | None = None

    def take(self) -> bool:
        try:
            handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:  # a full disk, as the database says it
            raise OperationalError(f"{self._file}: {error.strerror or error}") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        if self._handle is not None:
            self._file.unlink(missing_ok=True)  # numbers are never used again, so nobody waits for this file
            os.close(self._handle)
            self._handle = None


class _AdvisoryLock:
    def __init__(self, number: int) -> None:
        self._number = number
        #: A connection of its own: the lock lives as long as this session.
        self._connection = connections.create_connection("default")

    def take(self) -> bool:
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_CLASS, self._number % 2**31])
            taken = bool(cursor.fetchone()[0])
        if not taken:
            self._connection.close()
        return taken

    def release(self) -> None:
        self._connection.close()


def _lock(number: int) -> _Lock:
    return _FileLock(number) if connection.vendor == "sqlite" else _AdvisoryLock(number)


class Holder:
    """This process as a worker: take the lock, work, release. Use it as a context manager, in one thread."""

    def __init__(self, now: datetime) -> None:
        self.row = Worker.objects.create(started_at=now, host=socket.gethostname()[:255], pid=os.getpid())
        self._lock = _lock(self.row.pk)
        if not self._lock.take():
            raise RuntimeError(
                f"the lock of the new worker {self.row.pk} is taken"
            )  # numbers are never used again
        _ours.add(self.row.pk)

    def __enter__(self) -> Worker:
        return self.row

    def __exit__(self, *_: object) -> None:
        # Whatever fails, the lock is free then: the next sweep takes back what is still in hand.
        try:
            Worker.objects.filter(pk=self.row.pk).update(ended_at=Now())
        except PASSING as error:
            _log.warning("worker %s ends without its row: %s", self.row.pk, in_words(error))
            let_go()
        finally:
            _ours.discard(self.row.pk)
            self._lock.release()


def sweep(now: datetime) -> int:
    """Take back what dead workers held, and call off what is left of cancelled editions.

    Returns how many messages are in doubt.
    """
    doubtful = 0
    held = set(Delivery.objects.filter(state__in=_IN_HAND).values_list("worker_id", flat=True).distinct())
    for queue in _QUEUES:
        rows = queue._default_manager.filter(state__in=_IN_HAND)
        held |= set(rows.values_list("worker_id", flat=True).distinct())
    for number in sorted(held - {None} - _ours, key=int):
        lock = _lock(int(number))
        if lock.take():
            try:
                doubtful += _take_back(int(number), now)
            finally:
                lock.release()
    call_off_cancelled(now)
    return doubtful


@transaction.atomic
def _take_back(number: int, now: datetime) -> int:
    """A dead worker's claims go back; what was on the wire is in doubt, or tried again where the campaign says so."""
    mine = Delivery.objects.filter(worker_id=number)
    mine.filter(state=DeliveryState.CLAIMED).update(state=DeliveryState.PENDING, worker=None, changed_at=now)
    in_doubt = mine.filter(state=DeliveryState.SENDING)
    count = in_doubt.count()
    resend = in_doubt.filter(edition__campaign__doubt=DoubtPolicy.RESEND).values_list("pk", flat=True)
    in_doubt.update(
        state=Case(
            When(pk__in=list(resend), then=Value(DeliveryState.PENDING.value)),
            default=Value(DeliveryState.UNKNOWN.value),
        ),
        reply="The program ended while this message was on the wire.",
        changed_at=now,
    )
    for queue in _QUEUES:  # a single mail that may have arrived is sent again
        mails = queue._default_manager.filter(worker_id=number, state__in=_IN_HAND)
        mails.update(state=DeliveryState.PENDING, worker=None, changed_at=now)
    Worker.objects.filter(pk=number, ended_at=None).update(ended_at=now)
    return count
