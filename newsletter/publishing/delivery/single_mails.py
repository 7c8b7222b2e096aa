"""Single mails in a queue of their own: claim, intend, send, record. Which mails, and what they say, is the queue's.

Confirmations (confirmations.py) and mails to staff (notices/staff_mail.py) leave this way, so that they never wait
behind a digest.
One that may have arrived is sent again: two of them do less harm than none. Whether a mail is still wanted is asked in
the very update that puts it on the wire.
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from newsletter.config import Config
from newsletter.database.passing import PASSING, in_words, let_go, until_it_passes
from newsletter.errors import NewsletterError, SenderRefused, TransportError
from newsletter.models import DeliveryState, Worker
from newsletter.models.queued import QueuedMail
from newsletter.publishing.delivery.refusals import Refusals, Refused
from newsletter.publishing.delivery.retry import next_attempt
from newsletter.publishing.delivery.workers import Holder, sweep
from newsletter.transports.base import Envelope, Outcome, Result, Transport

_log = logging.getLogger("newsletter.notices")

M = TypeVar("M", bound=QueuedMail)
#: Mails claimed at once: one that hangs holds back no other, for the next run takes them.
_CLAIM = 1
#: A relay that took mail so long ago is one that takes mail.
_LATELY = timedelta(hours=1)


class Queue(ABC, Generic[M]):
    """What is particular to one kind of single mails."""

    #: The table of the queue.
    rows: type[M]
    #: For the log: "Confirmations".
    what: str
    #: Rows to read along with a mail.
    related: tuple[str, ...] = ()
    #: What is kept with a mail that is not wanted any more.
    unwanted: str

    @abstractmethod
    def prepare(self) -> None:
        """Read what all its mails need. Raises NewsletterError: they then wait until that is mended."""

    @abstractmethod
    def wanted(self, mail: M, now: datetime) -> Q:
        """The condition under which it may still go on the wire."""

    def nobody_there(self, mail: M, outcome: Outcome, now: datetime) -> None:
        """The relay refused it for good, and that is the mailbox's affair. Safe to repeat."""

    @abstractmethod
    def envelope(self, mail: M, now: datetime) -> Envelope:
        """The finished message. Raises NewsletterError when there cannot be one: the mail has then failed."""


def due(rows: type[M], now: datetime) -> QuerySet[M]:
    """The mails of a queue that wait to be sent now."""
    manager: QuerySet[M] = rows._default_manager.all()
    return manager.filter(
        Q(state=DeliveryState.PENDING) | Q(state=DeliveryState.DEFERRED, next_attempt_at__lte=now)
    )


def send_all(
    queue: Queue[M],
    config: Config,
    open_transport: Callable[[], Transport],
    now: datetime,
    stop: threading.Event | None = None,
) -> Counter[str]:
    """Send every mail that is due; returns how many came to which state, and "not sent" for those put back.

    A relay that cannot be used ends the run; the reason is logged, and nothing is lost. ``stop`` ends it after the mail
    that is on the wire.
    """
    stop = stop or threading.Event()
    outcomes: Counter[str] = Counter()
    sweep(now)
    if not due(queue.rows, now).exists():
        return outcomes
    queue.prepare()
    with Holder(now) as worker, open_transport() as transport:
        run = _Run(queue, config, transport, worker, now, stop)
        try:
            while not stop.is_set() and (mails := run.claim()):
                for mail in mails:
                    outcomes[run.send(mail)] += 1
        except TransportError as error:
            _log.warning("%s wait: %s", queue.what, error)
            outcomes["not sent"] += 1
        finally:
            outcomes["not sent"] += run.end()
    return +outcomes


class _Run(Generic[M]):
    """One run's way of sending: each mail with its intent before the wire and its outcome after."""

    def __init__(
        self,
        queue: Queue[M],
        config: Config,
        transport: Transport,
        worker: Worker,
        now: datetime,
        stop: threading.Event,
    ) -> None:
        self._queue = queue
        self._stop = stop
        self._refusals: Refusals[M] = Refusals(self._accepted_lately)
        self._give_up_after = timedelta(hours=config.schedule.deferred_hours)
        self._transport = transport
        self._worker = worker
        self._now = now

    def _rows(self) -> QuerySet[M]:
        return self._queue.rows._default_manager.all()

    @transaction.atomic
    def claim(self) -> list[M]:
        """Take the next few. On PostgreSQL rows that another process is claiming are passed over; on SQLite the
        transaction holds the gate, so there is nobody else."""
        rows = due(self._queue.rows, self._now).order_by("pk")
        rows = rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        ids = list(rows.values_list("pk", flat=True)[:_CLAIM])
        self._rows().filter(pk__in=ids).update(
            state=DeliveryState.CLAIMED, worker=self._worker, changed_at=self._now, next_attempt_at=None
        )
        claimed = self._rows().filter(pk__in=ids).order_by("pk")
        return list(claimed.select_related(*self._queue.related) if self._queue.related else claimed)

    def end(self) -> int:
        """Settle what was refused, and put back what was claimed and not begun; returns how many that are."""
        try:
            self._settle(self._refusals.end())
            mine = self._rows().filter(worker=self._worker, state=DeliveryState.CLAIMED)
            return mine.update(state=DeliveryState.PENDING, worker=None, changed_at=self._now)
        except PASSING as error:
            _log.warning("what was claimed is put back by the next sweep: %s", in_words(error))
            let_go()
            return 0

    def send(self, mail: M) -> str:
        """Returns the state it came to. Raises TransportError when the relay cannot be used: this one waits on."""
        if not self._intend(mail):
            return self._skip(mail)
        try:
            envelope = self._queue.envelope(mail, self._now)
            outcome = self._transport.send(envelope)
        except TransportError as error:
            if isinstance(error, SenderRefused) and error.of_message:
                # Nobody's fault, but it must not be the first that is tried again.
                self._record(mail, Outcome(Result.DEFERRED, None, str(error)))
            else:
                self._at_last(lambda: self._back(mail))
            raise
        except NewsletterError as error:
            return self._record(mail, Outcome(Result.FAILED, None, str(error)))
        except BaseException as error:
            # A fault of ours while it was on the wire: nobody knows how far it came.
            self._record(mail, Outcome(Result.UNKNOWN, None, f"{type(error).__name__}: {error}"))
            raise
        state = self._record(mail, outcome)
        heard = self._refusals.heard(mail, envelope.recipient, outcome, again=mail.attempts > 0)
        self._settle(heard.settled)
        for refused in heard.everyones:
            self._put_off(refused.item)
        if heard.stop:
            raise SenderRefused(heard.stop)
        return state

    def _accepted_lately(self) -> bool:
        sent = self._rows().filter(state=DeliveryState.SENT, changed_at__gte=self._now - _LATELY)
        return sent.exists()

    def _settle(self, refused: list[Refused[M]]) -> None:
        for one in refused:
            self._queue.nobody_there(one.item, one.outcome, self._now)

    def _put_off(self, mail: M) -> None:
        """Refused because everybody is: later, behind all others."""
        state, again = self._settled(mail, Result.DEFERRED)
        self._rows().filter(pk=mail.pk, state=DeliveryState.FAILED).update(state=state, next_attempt_at=again)

    def _back(self, mail: M) -> None:
        self._mine(mail, DeliveryState.SENDING).update(
            state=DeliveryState.PENDING, worker=None, attempts=mail.attempts, changed_at=self._now
        )

    def _at_last(self, step: Callable[[], object]) -> None:
        """What became of a mail is known: write it as soon as the database can be written."""
        until_it_passes(
            step, self._stop, said=lambda trouble: _log.warning("%s wait: %s", self._queue.what, trouble)
        )

    def _mine(self, mail: M, state: DeliveryState) -> QuerySet[M]:
        return self._rows().filter(pk=mail.pk, worker=self._worker, state=state)

    def _intend(self, mail: M) -> bool:
        """On disk before the wire, and only while it is wanted."""
        moved = (
            self._mine(mail, DeliveryState.CLAIMED)
            .filter(self._queue.wanted(mail, self._now))
            .update(
                state=DeliveryState.SENDING,
                attempts=F("attempts") + 1,
                first_attempt_at=Coalesce("first_attempt_at", self._now),
                changed_at=self._now,
            )
        )
        return moved == 1

    def _skip(self, mail: M) -> str:
        self._mine(mail, DeliveryState.CLAIMED).update(
            state=DeliveryState.SKIPPED, worker=None, reply=self._queue.unwanted, changed_at=self._now
        )
        return DeliveryState.SKIPPED.value

    def _record(self, mail: M, outcome: Outcome) -> str:
        state, again = self._settled(mail, outcome.result)
        self._at_last(
            lambda: self._mine(mail, DeliveryState.SENDING).update(
                state=state,
                next_attempt_at=again,
                code=outcome.code,
                reply=outcome.reply[:500],
                worker=None,
                changed_at=self._now,
            )
        )
        return state.value

    def _settled(self, mail: M, result: Result) -> tuple[DeliveryState, datetime | None]:
        """The state that a result leads to, and when to try again: in doubt counts as put off."""
        if result not in (Result.DEFERRED, Result.UNKNOWN):
            return DeliveryState(result.value), None
        again = next_attempt(
            mail.attempts + 1,
            mail.first_attempt_at or self._now,
            self._now,
            give_up_after=self._give_up_after,
        )
        return (DeliveryState.DEFERRED, again) if again else (DeliveryState.FAILED, None)
