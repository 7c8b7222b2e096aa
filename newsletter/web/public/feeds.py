"""Feeds over HTTP. How they are answered is decided in newsletter.feeds.conditional, what is in them on the shelf."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse

from newsletter.feeds import conditional
from newsletter.publishing import shelf
from newsletter.web.configured import config


def feed(request: HttpRequest, file: str, topic: str | None = None) -> HttpResponse:
    """One feed, of all posts or of a topic. No cookie, no session; GET and HEAD."""
    if topic is not None and topic not in config().topics:
        raise Http404
    now = shelf.current(config())
    answer = conditional.answer(
        now.feed(file, topic),
        content_type=shelf.FORMATS[file].media_type,
        # A clock that was set back must not make a date of the future (RFC 9110 §8.8.2.1).
        last_modified=min(now.changed_at, datetime.now(UTC)),
        method=request.method or "GET",
        request_headers=request.headers,
    )
    response = HttpResponse(answer.body, status=answer.status)
    # Django's own idea of the type, which a 304 must not have at all.
    del response["Content-Type"]
    for name, value in answer.headers.items():
        response[name] = value
    response["Content-Security-Policy"] = "default-src 'none'"
    return response
