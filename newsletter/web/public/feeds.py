"""Feeds over HTTP. publishing/public/feed_documents.py makes them, feeds/conditional.py decides how they are answered.
front.py asks here before it wakes Django."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime

from django.db import DatabaseError, close_old_connections
from django.http import Http404, HttpRequest, HttpResponse

from newsletter.feeds import conditional
from newsletter.feeds.conditional import Asked, FeedAnswer
from newsletter.publishing.public import feed_documents
from newsletter.publishing.public.feed_documents import FeedAddress
from newsletter.web import headers
from newsletter.web.configured import config

_log = logging.getLogger("newsletter.web")

#: Where other systems have their feeds: who brings a domain along brings its readers along.
_USUAL = {
    "/feed": "rss.xml",
    "/feed/rss": "rss.xml",
    "/feed/rss2": "rss.xml",
    "/rss": "rss.xml",
    "/feed.xml": "rss.xml",
    "/index.xml": "rss.xml",
    "/feed/atom": "atom.xml",
    "/atom": "atom.xml",
    "/feed/json": "feed.json",
}
_COME_BACK = 60


def answer(path: str, asked: Asked) -> FeedAnswer | None:
    """The answer to a request for a feed; None when no feed has, had or might be expected to have this path."""
    found = _found(path, asked)
    if found is None or asked.method != "HEAD":
        return found
    # Whatever the answer is (RFC 9110 §9.3.2): on a kept connection a body would be read as the next answer.
    return replace(found, body=b"")


def view(request: HttpRequest) -> HttpResponse:
    """The same answer as a Django view, for whoever runs Django without our door, such as its test client."""
    sent = request.headers
    found = answer(
        request.path_info,
        Asked(
            request.method or "GET",
            sent.get("Accept-Encoding"),
            sent.get("If-None-Match"),
            sent.get("If-Modified-Since"),
            sent.get("Sec-Fetch-Dest"),
        ),
    )
    if found is None:
        raise Http404
    response = HttpResponse(found.body, status=found.status)
    # Django's own idea of the type, which a 304 must not have at all.
    del response["Content-Type"]
    for name, value in found.headers.items():
        response[name] = value
    return response


def _found(path: str, asked: Asked) -> FeedAnswer | None:
    address = feed_documents.parse(path)
    if address is None:
        return _elsewhere(path)
    try:
        return _feed(address, asked)
    except DatabaseError as error:
        _log.error("a feed cannot be read: %s", error)
        return conditional.unavailable(_COME_BACK)


def _feed(address: FeedAddress, asked: Asked) -> FeedAnswer | None:
    # Django does this around its own requests; mostly there is no connection to look after.
    close_old_connections()
    try:
        now = feed_documents.recent(config())
        document = now.get(address, datetime.now(UTC))
    finally:
        close_old_connections()
    if document is not None:
        return _as_every_answer(conditional.answer(document, asked))
    if address.topic is None:
        return None
    if (today := now.shelf.topic_today(address.topic)) is not None:
        return _as_every_answer(
            conditional.moved(f"{config().site.url}/{address._replace(topic=today).path}")
        )
    ended = now.shelf.had_topic(address.topic)
    return _as_every_answer(conditional.gone()) if ended else None


def _elsewhere(path: str) -> FeedAnswer | None:
    path = path.rstrip("/")
    address = feed_documents.parse(path)
    if address is None and path in _USUAL:
        address = FeedAddress(_USUAL[path])
    if address is None:
        return None
    return _as_every_answer(conditional.moved(f"{config().site.url}/{address.path}"))


def _as_every_answer(found: FeedAnswer) -> FeedAnswer:
    """With what middleware adds to pages (headers.py)."""
    return replace(found, headers={**found.headers, **headers.of_feeds(config())})
