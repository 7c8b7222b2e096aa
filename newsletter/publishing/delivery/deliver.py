"""Claim, splice, send, record: takes the deliveries of editions that are sending to the wire.

The calling thread claims pages of deliveries; each connection has a thread that splices and sends; one recorder writes.
Senders touch no database. Safe beside other processes that do the same: a delivery is claimed by one of them.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from newsletter.config import Config
from newsletter.database.passing import until_it_passes
from newsletter.errors import RenderError, SenderRefused, TooLarge, TransportError
from newsletter.models import Delivery, DeliveryState, Edition, EditionState, PostState, Site, Variant, Worker
from newsletter.models.campaign import DoubtPolicy
from newsletter.models.delivery import UNFINISHED
from newsletter.publishing.decisions.post_actions import catch_up
from newsletter.publishing.delivery.recorder import InHand, Recorder, hold
from newsletter.publishing.delivery.senders import HANGS_AFTER, Line, Senders
from newsletter.publishing.delivery.workers import Holder, sweep
from newsletter.publishing.editions import transitions
from newsletter.publishing.editions.personalize import Links, Recipient
from newsletter.publishing.ledger.watermarks import call_off_cancelled
from newsletter.rendering.mail_parts import Frame, Rendered
from newsletter.rendering.mime.message import CompiledMessage, compile_message
from newsletter.transports.base import Envelope, Outcome, Result, Transport

_log = logging.getLogger("newsletter.deliver")

#: Deliveries claimed at once, for each connection.
_CLAIM = 50
_KEPT_COMPILED = 64
#: Bytes by which copies of one mail may differ.
_PERSONAL = 1024


@dataclass(slots=True)
class Report:
    """What one run did."""

    outcomes: Counter[str] = field(default_factory=Counter)
    #: Why it stopped early, one sentence for staff; empty when it did not.
    stopped: str = ""
    #: Editions that were paused because something is wrong with their mails → why, one clause.
    held: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Work:
    item: InHand
    recipient: Recipient
    message: CompiledMessage


class _Compiled:
    """The compiled variants of late, so that each is encoded once a run."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, CompiledMessage] = OrderedDict()

    def get(self, variant_id: int) -> CompiledMessage:
        if variant_id in self._kept:
            self._kept.move_to_end(variant_id)
            return self._kept[variant_id]
        variant = Variant.objects.select_related("edition").get(pk=variant_id)
        frame = Frame.from_json(variant.edition.frozen["frame"])
        self._kept[variant_id] = compile_message(Rendered.from_json(variant.rendered), frame)
        if len(self._kept) > _KEPT_COMPILED:
            self._kept.popitem(last=False)
        return self._kept[variant_id]


class Delivering:
    """One run: everything that is due now, until nothing is left, ``stop`` is set, or the relay refuses us."""

    def __init__(
        self,
        config: Config,
        links: Links,
        open_transport: Callable[[], Transport],
        *,
        clock: Callable[[], datetime],
        stop: threading.Event | None = None,
        edition: Edition | None = None,
        progress: Callable[[Counter[str]], None] | None = None,
        hangs_after: float = HANGS_AFTER,
    ) -> None:
        self._config = config
        self._links = links
        self._open = open_transport
        self._clock = clock
        self._stop = stop or threading.Event()
        self._edition = edition
        self._progress = progress
        self._connections = config.email.smtp.connections if not config.practice else 1
        self._hangs_after = hangs_after
        self._halt = threading.Event()
        self._lock = threading.Lock()
        self._report = Report()
        #: Bytes of the largest message that the relay has taken.
        self._largest_taken = 0
        self._compiled = _Compiled()

    def run(self) -> Report:
        """Deliver. What other processes left in hand when they died is taken back first.

        It lasts as long as anything is on the wire, and takes what becomes due meanwhile: a message that hangs holds
        back no other.
        """
        now = self._clock()
        sweep(now)
        catch_up(now)
        if not self._due(now).exists():
            return self._report
        with Holder(now) as worker:
            recorder = Recorder(
                worker.pk,
                self._clock,
                give_up_after=timedelta(hours=self._config.schedule.deferred_hours),
                stop=self._stop,
                refused=self._halt_because,
            )
            senders: Senders[_Work] = Senders(
                self._connections,
                self._open,
                lambda work, transport, line: self._send(work, transport, line, senders, recorder),
                lambda error: self._halt_because(str(error) or type(error).__name__),
                hangs_after=self._hangs_after,
            )
            try:
                self._feed(worker, senders)
            finally:
                self._close(worker, senders, recorder)
        return self._report

    def _close(self, worker: Worker, senders: Senders[_Work], recorder: Recorder) -> None:
        """Finish what is on the wire, record it and put the rest back, whatever of this fails."""
        self._halt.set()
        try:
            senders.close()
        finally:
            try:
                recorder.close()
            finally:
                until_it_passes(
                    lambda: self._put_back(worker),
                    self._stop,
                    said=lambda trouble: _log.warning("what was claimed is put back late: %s", trouble),
                )
                call_off_cancelled(self._clock())

    def _due(self, now: datetime) -> QuerySet[Delivery]:
        due = Delivery.objects.filter(
            Q(state=DeliveryState.PENDING) | Q(state=DeliveryState.DEFERRED, next_attempt_at__lte=now),
            edition__state=EditionState.SENDING,
            edition__practice=self._config.practice,
        ).exclude(variant__in=Variant.objects.filter(posts__state=PostState.WITHDRAWN))
        return due if self._edition is None else due.filter(edition=self._edition)

    def _feed(self, worker: Worker, senders: Senders[_Work]) -> None:
        while not self._halted():
            rows = self._claim(worker)
            for row in rows:
                work = self._prepared_or_held(row)
                if work is None:
                    self._put_back(worker, row)
                    continue
                while not self._halted() and not senders.offer(work):
                    continue
            if not rows:
                if not senders.busy:
                    return
                senders.wait()
                catch_up(self._clock())

    def _halted(self) -> bool:
        return self._stop.is_set() or self._halt.is_set()

    @transaction.atomic
    def _claim(self, worker: Worker) -> list[Delivery]:
        """Take the next page. On PostgreSQL rows that another process is claiming are passed over; on SQLite the
        transaction holds the gate, so there is nobody else."""
        now = self._clock()
        rows = (
            self._due(now)
            .order_by("pk")
            .select_for_update(
                of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
            )
        )
        ids = list(rows.values_list("pk", flat=True)[: self._connections * _CLAIM])
        Delivery.objects.filter(pk__in=ids).update(
            state=DeliveryState.CLAIMED, worker=worker, changed_at=now, next_attempt_at=None
        )
        return list(
            Delivery.objects.filter(pk__in=ids)
            .select_related("subscriber", "edition__campaign")
            .order_by("pk")
        )

    def _prepared_or_held(self, row: Delivery) -> _Work | None:
        """None for a variant that cannot be put together: its edition is paused, and the others go on."""
        try:
            return self._prepared(row)
        except RenderError as error:
            self._report.held[row.edition_id] = because = f"a mail of it cannot be put together: {error}"
            hold(row.edition_id, because)
            return None

    def _prepared(self, row: Delivery) -> _Work:
        person = row.subscriber
        recipient = (
            Recipient(person.pk, person.wire, person.address, person.name)
            if person
            else Recipient(0, "", "", "")
        )
        item = InHand(
            row.pk,
            row.edition_id,
            row.variant_id,
            row.attempts,
            row.first_attempt_at,
            resend=row.edition.campaign.doubt == DoubtPolicy.RESEND,
            recipient=recipient.wire,
        )
        return _Work(item, recipient, self._compiled.get(row.variant_id))

    def _send(
        self, work: _Work, transport: Transport, line: Line, senders: Senders[_Work], recorder: Recorder
    ) -> bool:
        """Send one. False when this line cannot be used and the others can."""
        if self._halted():
            return True  # it stays claimed and is put back at the end
        if not recorder.intend(work.item).result():
            self._count("not sent")
            return True
        holds = ""
        try:
            envelope = self._envelope(work)
            if isinstance(envelope, Outcome):
                outcome = envelope
            else:
                outcome, holds = self._hand_over(envelope, transport, line)
        except TransportError as error:
            others = senders.others_work(line)
            return self._not_taken(work, recorder, error, others_work=line.spare or others)
        except BaseException as error:
            # A fault of ours while it was on the wire: nobody knows how far it came.
            recorder.record(
                work.item, Outcome(Result.UNKNOWN, None, f"{type(error).__name__}: {error}"[:500])
            )
            self._halt_because(f"A fault in the program stopped the sending: {type(error).__name__}: {error}")
            return True
        recorder.record(work.item, outcome, holds=holds)
        if holds:
            self._report.held[work.item.edition_id] = holds
        self._count(outcome.result.value)
        return True

    def _hand_over(self, envelope: Envelope, transport: Transport, line: Line) -> tuple[Outcome, str]:
        """What became of it; and why its edition waits, where the relay takes messages of this size from nobody."""
        size = len(envelope.content)
        with line.on_the_wire():
            try:
                outcome = transport.send(envelope)
            except TooLarge as error:
                said = str(error)[:500]
                if size - _PERSONAL <= self._largest_taken:
                    return Outcome(
                        Result.FAILED, None, said
                    ), ""  # others got theirs, so this mailbox takes less
                return Outcome(Result.DEFERRED, None, said), f"its mails are too large: {said}"
        if outcome.result == Result.SENT and size > self._largest_taken:
            self._largest_taken = size
        return outcome, ""

    def _not_taken(
        self, work: _Work, recorder: Recorder, error: TransportError, *, others_work: bool
    ) -> bool:
        """The relay is away or refuses us, or takes no more lines than the others. One that it refused with the whole
        message comes after all others."""
        of_message = isinstance(error, SenderRefused) and error.of_message
        recorder.record(work.item, Outcome(Result.DEFERRED, None, str(error)[:500]) if of_message else None)
        if others_work and not of_message:
            _log.info("one line to the relay less for a while: %s", error)
            return False
        self._halt_because(str(error))
        return True

    def _envelope(self, work: _Work) -> Envelope | Outcome:
        try:
            personal = self._links.personal(work.recipient, work.item.edition_id, self._clock())
            content = work.message.splice(personal)
        except RenderError as error:
            return Outcome(Result.FAILED, None, str(error)[:500])
        return Envelope(self._config.envelope_sender, work.recipient.wire, content)

    def _count(self, word: str) -> None:
        with self._lock:
            self._report.outcomes[word] += 1
            if self._progress:
                with suppress(OSError):  # the terminal may be gone
                    self._progress(Counter(self._report.outcomes))

    def _halt_because(self, sentence: str) -> None:
        with self._lock:
            self._report.stopped = self._report.stopped or sentence
        self._halt.set()

    def _put_back(self, worker: Worker, row: Delivery | None = None) -> None:
        """What was claimed and not begun is pending again."""
        mine = Delivery.objects.filter(worker=worker, state=DeliveryState.CLAIMED)
        if row is not None:
            mine = mine.filter(pk=row.pk)
        mine.update(state=DeliveryState.PENDING, worker=None, changed_at=self._clock())


def finish(now: datetime) -> list[Edition]:
    """Close editions that are enqueued whole and have nothing left to try."""
    done = []
    open_ones = Edition.objects.filter(state=EditionState.SENDING, enqueued_at__isnull=False)
    for edition in open_ones.select_related("campaign"):
        with transaction.atomic():
            Site.locked()  # or staff could open a delivery again between this look and the move
            left = Delivery.objects.filter(edition=edition, state__in=UNFINISHED)
            if left.exists():
                continue
            empty = not Delivery.objects.filter(edition=edition).exists()
            edition.refresh_from_db(fields=["state"])
            if edition.state == EditionState.SENDING:
                transitions.finish(edition, now, reached_anybody=not empty)
                done.append(edition)
    return done
