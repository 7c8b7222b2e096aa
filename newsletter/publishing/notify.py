"""Confirmations: single mails with a queue of their own, so that they never wait behind a digest.

A confirmation that may have arrived is sent again: two of them do less harm than none. Who may get one is asked when it
is queued, and again in the update that puts it on the wire.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from newsletter.config import Config
from newsletter.errors import RenderError, TransportError
from newsletter.models import DeliveryState, Notice, NoticeKind, Site, Worker
from newsletter.publishing.confirmation import frame_of
from newsletter.publishing.entries import template_folders
from newsletter.publishing.personal import Links, Recipient
from newsletter.publishing.retry import next_attempt
from newsletter.publishing.workers import Holder, sweep
from newsletter.rendering.email import render_notice
from newsletter.rendering.environment import template_sources
from newsletter.rendering.message import compile_message
from newsletter.transports.base import Envelope, Outcome, Result, Transport
from subscribers import address
from subscribers.cadence import Cadence
from subscribers.models import Status, Subscriber, Subscription, Suppression, SuppressionReason
from subscribers.tokens import Purpose

_log = logging.getLogger("newsletter.notices")

#: Confirmations for the whole site in an hour: a form that many machines fill in at once still bombs nobody.
MOST_AN_HOUR = 600
#: Notices claimed at once: each is rendered for its person, so a claim is short.
_CLAIM = 20


def request_confirmation(subscriber: Subscriber, config: Config, now: datetime) -> bool:
    """Queue the mail that asks for a yes. False when this mailbox got one today (UTC), or staff suppressed the address.

    The database holds the limit of one a mailbox and day, whoever asks and from wherever; ann+1@… and ann+2@… are one
    mailbox here, or a form could be made to fill it. Call it in the transaction of the sign-up.
    """
    if _suppressed_by_staff(subscriber.hashed).exists():
        return False
    _, made = Notice.objects.get_or_create(
        kind=NoticeKind.CONFIRM,
        hashed=address.hashed(address.without_tag(subscriber.normal), settings.SUBSCRIBERS_SUPPRESSION_KEY),
        day=now.astimezone(UTC).date(),
        defaults={"subscriber": subscriber, "created_at": now, "changed_at": now},
    )
    return made


def too_many(now: datetime) -> bool:
    """Whether the whole site has queued as many confirmations as it may in an hour."""
    newest = Notice.objects.order_by("-pk").values_list("created_at", flat=True)
    oldest_counted = newest[MOST_AN_HOUR - 1 : MOST_AN_HOUR].first()
    return oldest_counted is not None and now - oldest_counted < timedelta(hours=1)


def send_notices(
    config: Config, links: Links, open_transport: Callable[[], Transport], now: datetime
) -> Counter[str]:
    """Send every notice that is due; returns how many came to which state, and "not sent" for those put back.

    Before ``newsletter live`` nothing goes to a relay on another machine, and once mail was for real nothing goes to
    the outbox, where nobody would see it: the notices stay pending. A relay that cannot be used ends the run; the
    reason is logged, and nothing is lost.
    """
    outcomes: Counter[str] = Counter()
    if not _may_leave(config):
        return outcomes
    sweep(now)
    if not _due(now).exists():
        return outcomes
    if config.practice and _was_real():
        _log.warning(
            "Confirmations wait: this site has sent real mail, and email.transport is the outbox again. "
            "Set it to the relay; they then go out."
        )
        return outcomes
    templates = template_sources(template_folders(config), NoticeKind.CONFIRM)
    with Holder(now) as worker, open_transport() as transport:
        run = _Run(config, links, templates, transport, worker, now)
        try:
            while notices := _claim(worker, now):
                for notice in notices:
                    outcomes[run.send(notice)] += 1
        except TransportError as error:
            _log.warning("Confirmations wait: %s", error)
            outcomes["not sent"] += 1
        finally:
            outcomes["not sent"] += _put_back(worker, now)
    return +outcomes


def _may_leave(config: Config) -> bool:
    if config.practice or config.relay_is_local:
        return True
    return Site.objects.filter(pk=1, live_at__isnull=False).exists()


def _was_real() -> bool:
    """Whether people have had real mail of this site, so that they wait for the mail they were told of."""
    return Site.objects.filter(Q(live_at__isnull=False) | Q(real_at__isnull=False), pk=1).exists()


def _due(now: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(
        Q(state=DeliveryState.PENDING) | Q(state=DeliveryState.DEFERRED, next_attempt_at__lte=now)
    )


@transaction.atomic
def _claim(worker: Worker, now: datetime) -> list[Notice]:
    """Take the next few. On PostgreSQL rows that another process is claiming are passed over; on SQLite the
    transaction holds the gate, so there is nobody else."""
    rows = _due(now).order_by("pk")
    rows = rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    ids = list(rows.values_list("pk", flat=True)[:_CLAIM])
    Notice.objects.filter(pk__in=ids).update(
        state=DeliveryState.CLAIMED, worker=worker, changed_at=now, next_attempt_at=None
    )
    claimed = Notice.objects.filter(pk__in=ids).order_by("pk")
    return list(claimed.select_related("subscriber__subscription"))


def _put_back(worker: Worker, now: datetime) -> int:
    """What was claimed and not begun is pending again."""
    return Notice.objects.filter(worker=worker, state=DeliveryState.CLAIMED).update(
        state=DeliveryState.PENDING, worker=None, changed_at=now
    )


class _Run:
    """One run's way of sending: each notice with its intent before the wire and its outcome after."""

    def __init__(
        self,
        config: Config,
        links: Links,
        templates: dict[str, str],
        transport: Transport,
        worker: Worker,
        now: datetime,
    ) -> None:
        self._config = config
        self._links = links
        self._templates = templates
        self._transport = transport
        self._worker = worker
        self._now = now

    def send(self, notice: Notice) -> str:
        """Returns the state it came to. Raises TransportError when the relay cannot be used: this one waits on."""
        if not self._intend(notice):
            return self._skip(notice)
        try:
            outcome = self._transport.send(self._envelope(notice))
        except RenderError as error:
            outcome = Outcome(Result.FAILED, None, str(error))
        except TransportError:
            self._mine(notice, DeliveryState.SENDING).update(
                state=DeliveryState.PENDING, worker=None, attempts=notice.attempts, changed_at=self._now
            )
            raise
        except BaseException as error:
            # A fault of ours while it was on the wire: nobody knows how far it came.
            self._record(notice, Outcome(Result.UNKNOWN, None, f"{type(error).__name__}: {error}"))
            raise
        return self._record(notice, outcome)

    def _envelope(self, notice: Notice) -> Envelope:
        person = notice.subscriber
        frame = frame_of(self._config, Cadence(person.subscription.cadence), self._now)
        values = {"confirm_url": self._links.link(Purpose.CONFIRM, person.pk)}
        rendered = render_notice(frame, notice.kind, values, self._templates)
        recipient = Recipient(person.pk, person.wire, person.address, person.name)
        personal = self._links.personal_notice(recipient, notice.pk, self._now)
        content = compile_message(rendered, frame, notice=True).splice(personal)
        return Envelope(self._config.envelope_sender, person.wire, content)

    def _mine(self, notice: Notice, state: DeliveryState) -> QuerySet[Notice]:
        return Notice.objects.filter(pk=notice.pk, worker=self._worker, state=state)

    def _intend(self, notice: Notice) -> bool:
        """On disk before the wire, and only for a person whose yes is still missing."""
        asked = Subscription.objects.filter(
            ~Exists(_suppressed_by_staff(OuterRef("subscriber__hashed"))), status=Status.PENDING
        )
        moved = (
            self._mine(notice, DeliveryState.CLAIMED)
            .filter(subscriber__in=asked.values("subscriber_id"))
            .update(
                state=DeliveryState.SENDING,
                attempts=F("attempts") + 1,
                first_attempt_at=Coalesce("first_attempt_at", self._now),
                changed_at=self._now,
            )
        )
        return moved == 1

    def _skip(self, notice: Notice) -> str:
        self._mine(notice, DeliveryState.CLAIMED).update(
            state=DeliveryState.SKIPPED,
            worker=None,
            reply="a yes is no longer needed, or the address is suppressed",
            changed_at=self._now,
        )
        return DeliveryState.SKIPPED.value

    def _record(self, notice: Notice, outcome: Outcome) -> str:
        state, again = self._settled(notice, outcome.result)
        self._mine(notice, DeliveryState.SENDING).update(
            state=state,
            next_attempt_at=again,
            code=outcome.code,
            reply=outcome.reply[:500],
            worker=None,
            changed_at=self._now,
        )
        return state.value

    def _settled(self, notice: Notice, result: Result) -> tuple[DeliveryState, datetime | None]:
        """The state that a result leads to, and when to try again: in doubt counts as put off."""
        if result not in (Result.DEFERRED, Result.UNKNOWN):
            return DeliveryState(result.value), None
        again = next_attempt(
            notice.attempts + 1,
            notice.first_attempt_at or self._now,
            self._now,
            give_up_after=timedelta(hours=self._config.schedule.deferred_hours),
        )
        return (DeliveryState.DEFERRED, again) if again else (DeliveryState.FAILED, None)


def _suppressed_by_staff(hashed: str | OuterRef) -> QuerySet[Suppression]:
    """Who bounced, complained or was erased may ask anew from that very mailbox; what staff said stays."""
    return Suppression.objects.filter(hashed=hashed, reason=SuppressionReason.STAFF)
