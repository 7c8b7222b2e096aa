"""The way out, for people and for their mail programs.

RFC 8058: a POST with ``List-Unsubscribe=One-Click``, urlencoded or multipart, comes without cookie, Origin or any token
but the one in the address, and must do it at once, without a redirect. The address is the authority, so that a body
which nobody can read takes nothing away from it. §1: scanners open every link, so GET and HEAD change nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from newsletter.publishing.public import html_pages
from newsletter.publishing.subscriptions import deferred_unsubscribe
from newsletter.publishing.subscriptions.unsubscribe import can_take_back, leave, take_back
from newsletter.web import failures, stamps, visitor
from newsletter.web.configured import config
from newsletter.web.public import person
from newsletter.web.respond import allow, button, home_link, message, sign_up_link
from subscribers import tokens
from subscribers.consent import Proof
from subscribers.errors import BadLink
from subscribers.models import Status, Subscriber
from subscribers.tokens import Purpose

_log = logging.getLogger("newsletter.web")
_UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError)


@allow("GET", "HEAD", "POST")
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST does it, whoever sends it."""
    try:
        return _answered(request, token)
    except BadLink as error:
        return person.damaged(request, error)
    except (OperationalError, InterfaceError) as error:
        fields = _fields(request) if request.method == "POST" else {"back": ""}
        if fields and "back" in fields:
            raise
        return _noted(request, token, fields, error)


def _noted(
    request: HttpRequest, token: str, fields: Mapping[str, str] | None, error: Exception
) -> HttpResponse:
    """The database is held or away, and most mail programs ask once: what was asked is kept in a file until it is done.
    503, because it is not done yet."""
    number = tokens.read(Purpose.UNSUBSCRIBE, token, settings.SUBSCRIBERS_LINKS_KEY)
    deferred_unsubscribe.note(config(), number, _proof(request, fields), datetime.now(UTC))
    _log.warning("an unsubscribe waits for the database, and is done when it is free: %s", error)
    return failures.unavailable(
        request,
        "Our database is busy just now. Your wish to leave is noted, and carried out as soon as it is free, before "
        "anything else is sent. There is nothing more that you need to do.",
    )


def _answered(request: HttpRequest, token: str) -> HttpResponse:
    subscriber = person.find(Purpose.UNSUBSCRIBE, token)
    if subscriber is None:
        return person.unknown(request)
    if request.method != "POST":
        return _asked(request, subscriber)
    now = datetime.now(UTC)
    fields = _fields(request)
    if fields and "back" in fields:
        if visitor.from_elsewhere(request):
            return failures.forbidden(request)
        return _taken_back(request, subscriber, fields["back"], now)
    leave(subscriber, proof=_proof(request, fields), now=now)
    subscriber.refresh_from_db()
    return goodbye(request, subscriber, now)


def _fields(request: HttpRequest) -> Mapping[str, str] | None:
    """What was sent; None when it cannot be read: multipart without a boundary, too large, broken off, …"""
    try:
        return request.POST.dict()
    except _UNREADABLE:
        return None


def _proof(request: HttpRequest, fields: Mapping[str, str] | None) -> Proof:
    if fields is None:
        wording = "a request to unsubscribe whose form could not be read"
    elif fields.get("List-Unsubscribe") == "One-Click":
        wording = "one-click unsubscribe by the mail program"
    else:
        wording = "the button on the page"
    return person.proof(request, Purpose.UNSUBSCRIBE, wording)


def _asked(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    if subscriber.subscription.status == Status.LEFT:
        return _left(request, subscriber)
    preferences = html_pages.base_path(config()) + person.link(Purpose.PREFERENCES, subscriber)
    return message(
        request,
        "Leave the list?",
        f"“{config().site.title}” will not be sent to {subscriber.address} any more, from this moment on.",
        personal=True,
        button=button(_here(subscriber), "Unsubscribe"),
        links=[("Rather get it less often, or about less", preferences)],
    )


def _left(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """Who opens the link again: most mail programs leave with one click and show no page, so the way back is here."""
    back = _way_back(subscriber, datetime.now(UTC))
    return message(
        request,
        "You have left",
        f"{subscriber.address} gets no mail from us.",
        *(["If that was a mistake, one press brings everything back as it was."] if back else []),
        personal=True,
        button=back,
        links=[] if back else [sign_up_link()],
    )


def goodbye(request: HttpRequest, subscriber: Subscriber, now: datetime) -> HttpResponse:
    """The page after leaving, with the way back."""
    return message(
        request,
        "Goodbye",
        f"{subscriber.address} is off the list. A mail that was on its way at this very moment may still arrive.",
        personal=True,
        button=_way_back(subscriber, now),
        links=[home_link()],
    )


def _way_back(subscriber: Subscriber, now: datetime) -> dict[str, Any] | None:
    """Its form carries a stamp: a program that posts what it finds in a mail, or another site, has none."""
    if not can_take_back(subscriber.subscription, now):
        return None
    fields = {"back": stamps.make(_purpose(subscriber), now)}
    return button(_here(subscriber), "That was a mistake: take me back", fields, quiet=True)


def _taken_back(request: HttpRequest, subscriber: Subscriber, stamp: str, now: datetime) -> HttpResponse:
    proof = person.proof(request, Purpose.UNSUBSCRIBE, "That was a mistake: take me back")
    try:
        stamps.age(_purpose(subscriber), stamp, now)
    except stamps.BadStamp:
        return failures.forbidden(request)
    if take_back(subscriber, proof=proof, now=now):
        return _is_back(request, subscriber)
    if subscriber.subscription.status != Status.LEFT:
        return _is_back(request, subscriber)
    return message(
        request,
        "That was too long ago",
        "Please sign up once more; a mail will ask you to confirm.",
        personal=True,
        links=[sign_up_link()],
    )


def _is_back(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    preferences = html_pages.base_path(config()) + person.link(Purpose.PREFERENCES, subscriber)
    return message(
        request,
        "You are back",
        f"Everything is as it was, and goes to {subscriber.address}.",
        personal=True,
        links=[("Choose topics, and how often", preferences), home_link()],
    )


def _here(subscriber: Subscriber) -> str:
    return html_pages.base_path(config()) + person.link(Purpose.UNSUBSCRIBE, subscriber)


def _purpose(subscriber: Subscriber) -> str:
    return f"back.{subscriber.pk}"
