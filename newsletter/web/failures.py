"""Pages for what went wrong: plain and kind, and without a look at the database, which may be what went wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from newsletter.web.respond import home_link, html_response, message

_log = logging.getLogger("newsletter.web")

#: Seconds after which a database that was held or away is worth another try.
COME_BACK = 60


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return message(
        request,
        "We did not understand that",
        "Your browser sent something that we cannot read. Please go back and try again.",
        status=400,
        links=[home_link()],
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return message(
        request,
        "That form came from elsewhere",
        "For your safety only forms of this site are taken. Please use ours.",
        status=403,
        links=[home_link()],
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return message(
        request,
        "This page is not here",
        "The address may be mistyped, or what was here has moved.",
        status=404,
        links=[home_link()],
    )


def gone(request: HttpRequest) -> HttpResponse:
    """410."""
    return message(
        request,
        "This was taken back",
        "It was here once, and we have taken it back for good.",
        status=410,
        links=[home_link()],
    )


def unavailable(request: HttpRequest, *more: str) -> HttpResponse:
    """503: the database does not answer, or somebody else holds it. ``more``: what became of what was asked."""
    response = message(
        request,
        "One moment, please",
        *(more or ("Our database is busy just now, and nothing was changed. Please try again in a minute.",)),
        status=503,
        personal=True,
        links=[home_link()],
    )
    response["Retry-After"] = str(COME_BACK)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500. The traceback goes to the log. A site's own template may be what went wrong, so it can do without any."""
    heading, words = (
        "Something went wrong here",
        "It is our fault, not yours. Please try again in a few minutes.",
    )
    try:
        return message(request, heading, words, status=500, links=[home_link()])
    except Exception:  # logged already, with what went wrong first
        return html_response(request, _BARE.format(heading=heading, words=words), status=500)


#: When not even our own page can be filled.
_BARE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{heading}</title></head>
<body><h1>{heading}</h1><p>{words}</p></body></html>
"""


class DatabaseAway:
    """Middleware: a page that finds the database held or away is a 503 that says when to come back, and no fault of the
    program."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called by Django with what a view raised."""
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        _log.error("a page could not be answered: %s", exception)
        return unavailable(request)
