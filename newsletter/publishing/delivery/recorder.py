"""The one writer of a sending process: intents before the wire, outcomes after it, all that has gathered in one
transaction, again and again.

An intent is on disk before its message's DATA: after a crash, what is "sending" is in doubt and nothing else is. The
condition of that update is the promise "never to someone who left": it asks the one predicate again.

A database that cannot be written for a while (a full disk, a restart) is tried again until it can be: outcomes are kept
meanwhile, and no intent is granted, so nothing leaves. Here it is also decided whose a refusal is (refusals.py).
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from newsletter.database.passing import PASSING, in_words, let_go, until_it_passes
from newsletter.models import Delivery, DeliveryState, Edition, EditionState, Reason, Site
from newsletter.publishing.delivery.refusals import Refusals, Refused
from newsletter.publishing.delivery.retry import next_attempt
from newsletter.publishing.editions import transitions
from newsletter.publishing.ledger.watermarks import owe_again
from newsletter.transports.base import Outcome, Result
from subscribers.audience import mailable, why_not
from subscribers.models import Subscription
from subscribers.suppression import suppress_refused

_log = logging.getLogger("newsletter.recorder")

#: Intents in one statement.
_MOST = 64
#: A relay that took mail so long ago is one that takes mail.
_LATELY = timedelta(hours=1)


@dataclass(slots=True)
class InHand:
    """One claimed delivery on its way through a sender."""

    delivery_id: int
    edition_id: int
    variant_id: int
    attempts: int = 0
    first_attempt_at: datetime | None = None
    #: The campaign resends what is in doubt.
    resend: bool = False
    #: Where it goes.
    recipient: str = ""


@dataclass(slots=True)
class _Intent:
    item: InHand
    answer: Future[bool]


@dataclass(slots=True)
class _Outcome:
    item: InHand
    outcome: Outcome | None
    """None: nothing left this process; the delivery goes back."""
    #: Why the rest of its edition waits for staff, one clause; empty when it goes on.
    holds: str = ""


@dataclass(slots=True)
class _Decided:
    """What the refusals of a batch mean."""

    #: The recipients' own affair.
    settled: list[Refused[InHand]] = field(default_factory=list)
    #: Everyone's: put off, and nobody's fault.
    everyones: list[Refused[InHand]] = field(default_factory=list)


class Recorder:
    """Runs in a thread of its own, with its own connection. ``close`` ends it: all that was said is written.

    ``refused`` is told when the relay refuses us, or when nothing can be recorded any more, and why. While the database
    cannot be written it is tried again, for ten minutes, or for ten seconds once ``stop`` is set.
    """

    def __init__(
        self,
        worker_id: int,
        clock: Callable[[], datetime],
        *,
        give_up_after: timedelta,
        stop: threading.Event,
        refused: Callable[[str], None],
    ) -> None:
        self._worker_id = worker_id
        self._clock = clock
        self._give_up_after = give_up_after
        self._stop = stop
        self._refused = refused
        self._refusals: Refusals[InHand] = Refusals(self._accepted_lately)
        self._queue: queue.SimpleQueue[_Intent | _Outcome | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self.error: BaseException | None = None
        self._thread.start()

    def intend(self, item: InHand) -> Future[bool]:
        """Ask to put a message on the wire. True once that is on disk; False when it must not go any more."""
        answer: Future[bool] = Future()
        self._queue.put(_Intent(item, answer))
        return answer

    def record(self, item: InHand, outcome: Outcome | None, *, holds: str = "") -> None:
        """Tell what became of a message; None when nothing left this process. ``holds`` pauses its edition: why."""
        self._queue.put(_Outcome(item, outcome, holds))

    def close(self) -> None:
        """Write what is left and end. Raises what the thread died of, if it did."""
        self._queue.put(None)
        self._thread.join()
        if self.error is not None:
            raise self.error

    def _run(self) -> None:
        batch: list[_Intent | _Outcome] = []
        try:
            running = True
            while running:
                batch = [said for said in self._gathered() if said is not None]
                running = not self._ended
                decided = self._decide(batch)
                if batch or decided.settled:
                    self._write_at_last(batch, decided)
                    batch = []
        except BaseException as error:
            # Nothing more can be recorded, so nothing more may leave: every waiting intent is refused.
            self.error = error
            self._refused(in_words(error))
            self._refuse_all(batch)
        finally:
            connection.close()

    _ended = False

    def _gathered(self) -> list[_Intent | _Outcome | None]:
        gathered = [self._queue.get()]
        while not self._queue.empty():
            gathered.append(self._queue.get())
        self._ended = None in gathered
        return gathered

    def _refuse_all(self, batch: Sequence[_Intent | _Outcome]) -> None:
        waiting: list[_Intent | _Outcome | None] = list(batch)
        while True:
            for said in waiting:
                if isinstance(said, _Intent) and not said.answer.done():
                    said.answer.set_result(False)
                self._ended = self._ended or said is None
            if self._ended:
                return
            waiting = [self._queue.get()]

    def _decide(self, batch: Sequence[_Intent | _Outcome]) -> _Decided:
        """Whose the refusals are. Once for each answer, however often it has to be written."""
        decided = _Decided()
        for said in batch:
            if isinstance(said, _Outcome) and said.outcome is not None:
                again = said.item.attempts > 1
                heard = self._refusals.heard(said.item, said.item.recipient, said.outcome, again=again)
                decided.settled += heard.settled
                decided.everyones += heard.everyones
                if heard.stop:
                    self._refused(heard.stop)
        if self._ended:
            decided.settled += self._refusals.end()
        return decided

    def _accepted_lately(self) -> bool:
        try:
            since = self._clock() - _LATELY
            going = Edition.objects.filter(
                Q(state=EditionState.SENDING) | Q(finished_at__gte=since), practice=False
            )
            sent = Delivery.objects.filter(edition__in=going, state=DeliveryState.SENT)
            return sent.filter(changed_at__gte=since).exists()
        except PASSING:
            let_go()
            return False

    def _write_at_last(self, batch: Sequence[_Intent | _Outcome], decided: _Decided) -> None:
        until_it_passes(
            lambda: self._write(batch, decided),
            self._stop,
            said=lambda trouble: _log.warning("mail waits: %s", trouble),
        )

    def _write(self, batch: Sequence[_Intent | _Outcome], decided: _Decided) -> None:
        now = self._clock()
        intents = [said for said in batch if isinstance(said, _Intent)]
        with transaction.atomic():
            self._write_outcomes([said for said in batch if isinstance(said, _Outcome)], now)
            self._put_off(decided.everyones, now)
            self._suppress(decided.settled, now)
            allowed = self._write_intents([intent.item for intent in intents], now)
        for intent in intents:
            intent.item.attempts += 1
            intent.item.first_attempt_at = intent.item.first_attempt_at or now
            intent.answer.set_result(intent.item.delivery_id in allowed)

    def _write_outcomes(self, outcomes: Sequence[_Outcome], now: datetime) -> None:
        if not outcomes:
            return
        for said in outcomes:
            if said.holds:
                hold(said.item.edition_id, said.holds)
        adapt = connection.ops.adapt_datetimefield_value
        rows = []
        for said in outcomes:
            state, again = settle(said.item, said.outcome, now, self._give_up_after)
            code, reply = (said.outcome.code, said.outcome.reply[:500]) if said.outcome else (None, "")
            rows.append(
                (state, code, reply, adapt(now), adapt(again), said.item.delivery_id, self._worker_id)
            )
        with connection.cursor() as cursor:
            # "unknown" too: a sweeper that took us for dead must not outvote what we know.
            cursor.executemany(
                "UPDATE newsletter_delivery SET state = %s, code = %s, reply = %s, changed_at = %s,"
                " next_attempt_at = %s WHERE id = %s AND worker_id = %s AND state IN ('sending', 'unknown')",
                rows,
            )

    def _put_off(self, refused: Sequence[Refused[InHand]], now: datetime) -> None:
        """Whom the relay refused because it refuses everybody: later, and behind all others."""
        for one in refused:
            state, again = settle(one.item, Outcome(Result.DEFERRED), now, self._give_up_after)
            mine = Delivery.objects.filter(pk=one.item.delivery_id, worker_id=self._worker_id)
            mine.filter(state=DeliveryState.FAILED).update(state=state, next_attempt_at=again)

    def _suppress(self, refused: Sequence[Refused[InHand]], now: datetime) -> None:
        """Nobody is there: not to be mailed again."""
        for one in refused:
            row = Delivery.objects.select_related("subscriber").get(pk=one.item.delivery_id)
            if row.subscriber is not None and row.subscriber.wire == one.recipient:
                suppress_refused(row.subscriber.hashed, one.outcome.code, one.outcome.reply, now)

    def _write_intents(self, items: Sequence[InHand], now: datetime) -> set[int]:
        if not items:
            return set()
        ids = [item.delivery_id for item in items]
        variants: dict[int, int] = {}
        for start in range(0, len(ids), _MOST):
            variants |= _intend(ids[start : start + _MOST], self._worker_id, now)
        allowed = {item.delivery_id for item in items if variants.get(item.delivery_id) == item.variant_id}
        refused = [pk for pk in ids if pk not in allowed]
        if refused:
            # A post was withdrawn meanwhile, so this delivery has another variant now: back, to be claimed anew.
            mine = Delivery.objects.filter(worker_id=self._worker_id)
            mine.filter(pk__in=refused, state=DeliveryState.SENDING).update(
                state=DeliveryState.PENDING, worker=None, changed_at=now
            )
            _explain_refusals(refused, self._worker_id, now)
        return allowed


def hold(edition_id: int, because: str) -> None:
    """Something is wrong with an edition as a whole: what has not gone waits for staff, and the others go on."""
    with transaction.atomic():
        Site.locked()
        edition = Edition.objects.filter(pk=edition_id, state=EditionState.SENDING).first()
        if edition is not None:
            transitions.pause(edition, Reason.FAULT, because)


@cache
def _intent_sql() -> tuple[str, tuple[Any, ...], int]:
    """The conditional update that lets deliveries on the wire, with the one predicate in it; its parameters; and where
    among them the ids go.

    Built by the ORM once: building it for every few messages cost more than running it.
    """
    places = range(-_MOST, 0)
    allowed = Delivery.objects.filter(
        pk__in=list(places),
        state=DeliveryState.CLAIMED,
        edition__state=EditionState.SENDING,
        subscriber__in=mailable().values("subscriber_id"),
    )
    select, params = allowed.values("pk").query.sql_with_params()
    update = (  # the select comes from the ORM, and every value is a parameter
        "UPDATE newsletter_delivery SET state = 'sending', attempts = attempts + 1, changed_at = %s,"  # noqa: S608
        " first_attempt_at = COALESCE(first_attempt_at, %s)"
        f" WHERE worker_id = %s AND id IN ({select}) RETURNING id, variant_id"
    )
    return update, params, params.index(places[0])


def _intend(ids: Sequence[int], worker_id: int, now: datetime) -> dict[int, int]:
    """Put these on the wire as far as they may go; returns those, with their variants."""
    update, params, first = _intent_sql()
    moment = connection.ops.adapt_datetimefield_value(now)
    filled = (*ids, *range(-_MOST, -len(ids)))  # places without an id keep a number that no row has
    params = (*params[:first], *filled, *params[first + _MOST :])
    with connection.cursor() as cursor:
        cursor.execute(update, (moment, moment, worker_id, *params))
        return dict(cursor.fetchall())


def settle(
    item: InHand, outcome: Outcome | None, now: datetime, give_up_after: timedelta
) -> tuple[DeliveryState, datetime | None]:
    """The state that an outcome leads to, and when to try again. Pure."""
    if outcome is None:
        return DeliveryState.PENDING, None
    if outcome.result == Result.UNKNOWN and item.resend:
        outcome = Outcome(Result.DEFERRED, outcome.code, outcome.reply)
    if outcome.result == Result.DEFERRED:
        again = next_attempt(
            max(item.attempts, 1), item.first_attempt_at or now, now, give_up_after=give_up_after
        )
        return (DeliveryState.DEFERRED, again) if again else (DeliveryState.FAILED, None)
    return DeliveryState(outcome.result.value), None


def _explain_refusals(ids: Sequence[int], worker_id: int, now: datetime) -> None:
    """What becomes of claims that may not go on the wire: the edition stopped, or the person may not be mailed."""
    rows = Delivery.objects.filter(pk__in=ids, worker_id=worker_id, state=DeliveryState.CLAIMED)
    for row in rows.select_related("edition", "subscriber__subscription__subscriber"):
        if row.edition.state == EditionState.CANCELLED:
            row.state, row.reply = DeliveryState.CANCELLED, row.edition.because
            again = row.edition.owed_again
        elif row.edition.state != EditionState.SENDING:
            row.state, again = DeliveryState.PENDING, False
        else:
            row.state, row.reply, again = DeliveryState.SKIPPED, _reason(row)[:500], True
        if again:
            owe_again([row.pk], practice=bool(row.edition.practice))
        row.worker, row.changed_at = None, now
        row.save(update_fields=["state", "reply", "worker", "changed_at"])


def _reason(row: Delivery) -> str:
    if row.subscriber is None:
        return "the person had their data erased"
    subscription = Subscription.objects.select_related("subscriber").filter(pk=row.subscriber_id).first()
    return (why_not(subscription) if subscription else None) or "the person may not be mailed"
