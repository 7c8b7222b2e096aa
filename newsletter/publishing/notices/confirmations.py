"""Confirmations: who may get one, how often, and what is in it. How they leave is single_mails.py's.

Who may get one is asked when it is queued, and again in the update that puts it on the wire.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from newsletter.config import Config
from newsletter.models import DeliveryState, Notice, NoticeKind, Site
from newsletter.publishing import real_mail
from newsletter.publishing.delivery.single_mails import Queue, due, send_all
from newsletter.publishing.editions.personalize import Links, Recipient
from newsletter.publishing.editions.snapshot import template_folders
from newsletter.publishing.notices.confirmation_frame import frame_of
from newsletter.rendering.email import render_notice
from newsletter.rendering.mime.message import compile_message
from newsletter.rendering.templates.environment import template_sources
from newsletter.transports.base import Envelope, Outcome, Transport
from subscribers import address
from subscribers.cadence import Cadence
from subscribers.mailbox import mailbox
from subscribers.models import (
    Consent,
    Event,
    Status,
    Subscriber,
    Subscription,
    Suppression,
    SuppressionReason,
)
from subscribers.suppression import suppress_refused
from subscribers.tokens import Purpose

_log = logging.getLogger("newsletter.notices")

#: Confirmations for the whole site in an hour: a form that many machines fill in at once still bombs nobody. More of
#: them wait their turn, one network gets fewer (web/public/subscribe.py), and staff are told; nobody is turned away.
MOST_AN_HOUR = 600


def request_confirmation(subscriber: Subscriber, config: Config, now: datetime) -> bool:
    """Queue the mail that asks for a yes. False when this mailbox got one today (UTC) that waits for its yes, or staff
    suppressed the address. Who said yes today and has left since may come back the same day.

    The database holds the limit of one a mailbox and day, whoever asks and from wherever; ann+1@… and ann+2@… are one
    mailbox here, and a.nn@gmail.com is ann@gmail.com, or a form could be made to fill it. Call it in the
    transaction of the sign-up.
    """
    if _suppressed_by_staff(subscriber.hashed).exists():
        return False
    hashed = address.hashed(mailbox(subscriber.normal), settings.SUBSCRIBERS_SUPPRESSION_KEY)
    day = now.astimezone(UTC).date()
    asked = Notice.objects.filter(kind=NoticeKind.CONFIRM, hashed=hashed, day=day)
    before = asked.order_by("-again").first()
    if before is not None and not _answered(before, subscriber):
        return False
    _, made = asked.get_or_create(
        kind=NoticeKind.CONFIRM,
        hashed=hashed,
        day=day,
        again=0 if before is None else before.again + 1,
        defaults={"subscriber": subscriber, "created_at": now, "changed_at": now, **_pace(now)},
    )
    return made


def _answered(mail: Notice, subscriber: Subscriber) -> bool:
    """Whether this very person said yes after that mail: then the mailbox wanted it, and may be asked once more."""
    yes = Consent.objects.filter(subscriber=subscriber, event=Event.CONFIRMED, at__gte=mail.created_at)
    return mail.subscriber_id == subscriber.pk and yes.exists()


def _pace(now: datetime) -> dict[str, Any]:
    """When one more mail may leave: at once, or, where the site has its number for the hour, behind those that wait."""
    if not too_many(now):
        return {}
    waiting = Notice.objects.filter(state=DeliveryState.DEFERRED, attempts=0, next_attempt_at__gt=now)
    last = waiting.aggregate(last=Max("next_attempt_at"))["last"] or now
    return {
        "state": DeliveryState.DEFERRED,
        "next_attempt_at": last + timedelta(hours=1) / MOST_AN_HOUR,
    }


def crowded(now: datetime) -> int:
    """How many confirmations wait because more people sign up than the site mails in an hour."""
    return Notice.objects.filter(state=DeliveryState.DEFERRED, attempts=0, next_attempt_at__gt=now).count()


def too_many(now: datetime) -> bool:
    """Whether the whole site has queued as many confirmations as it may in an hour."""
    newest = Notice.objects.order_by("-pk").values_list("created_at", flat=True)
    oldest_counted = newest[MOST_AN_HOUR - 1 : MOST_AN_HOUR].first()
    return oldest_counted is not None and now - oldest_counted < timedelta(hours=1)


def send_notices(
    config: Config,
    links: Links,
    open_transport: Callable[[], Transport],
    now: datetime,
    stop: threading.Event | None = None,
) -> Counter[str]:
    """Send every notice that is due; returns how many came to which state, and "not sent" for those put back.

    Before ``newsletter live`` nothing goes to a relay on another machine, and once mail was for real nothing goes to
    the outbox, where nobody would see it: the notices stay pending. A relay that cannot be used ends the run; the
    reason is logged, and nothing is lost.
    """
    if not real_mail.may_leave(config):
        return Counter()
    if config.practice and _was_real() and due(Notice, now).exists():
        _log.warning(
            "Confirmations wait: this site has sent real mail, and email.transport is the outbox again. "
            "Set it to the relay; they then go out."
        )
        return Counter()
    return send_all(_Confirmations(config, links), config, open_transport, now, stop)


def _was_real() -> bool:
    """Whether people have had real mail of this site, so that they wait for the mail they were told of."""
    return Site.objects.filter(Q(live_at__isnull=False) | Q(real_at__isnull=False), pk=1).exists()


class _Confirmations(Queue[Notice]):
    """Only for a person whose yes is still missing."""

    rows = Notice
    what = "Confirmations"
    related = ("subscriber__subscription",)
    unwanted = "a yes is no longer needed, or the address is suppressed"

    def __init__(self, config: Config, links: Links) -> None:
        self._config = config
        self._links = links
        self._templates: dict[str, str] = {}

    def prepare(self) -> None:
        self._templates = template_sources(template_folders(self._config), NoticeKind.CONFIRM)

    def wanted(self, mail: Notice, now: datetime) -> Q:
        asked = Subscription.objects.filter(
            ~Exists(_suppressed_by_staff(OuterRef("subscriber__hashed"))), status=Status.PENDING
        )
        return Q(subscriber__in=asked.values("subscriber_id"))

    def nobody_there(self, mail: Notice, outcome: Outcome, now: datetime) -> None:
        suppress_refused(mail.subscriber.hashed, outcome.code, outcome.reply, now)

    def envelope(self, mail: Notice, now: datetime) -> Envelope:
        person = mail.subscriber
        frame = frame_of(self._config, Cadence(person.subscription.cadence), now)
        values = {"confirm_url": self._links.link(Purpose.CONFIRM, person.pk)}
        rendered = render_notice(frame, mail.kind, values, self._templates)
        recipient = Recipient(person.pk, person.wire, person.address, person.name)
        personal = self._links.personal_notice(recipient, mail.pk, now)
        content = compile_message(rendered, frame, notice=True).splice(personal)
        return Envelope(self._config.envelope_sender, person.wire, content)


def _suppressed_by_staff(hashed: str | OuterRef) -> QuerySet[Suppression]:
    """Who bounced, complained or was erased may ask anew from that very mailbox; what staff said stays."""
    return Suppression.objects.filter(hashed=hashed, reason=SuppressionReason.STAFF)
