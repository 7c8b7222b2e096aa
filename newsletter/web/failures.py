"""Pages for what went wrong: plain and kind, and without a look at the database, which may be what went wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from newsletter.web.respond import home_link, message


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


def server_error(request: HttpRequest) -> HttpResponse:
    """500. The traceback goes to the log."""
    return message(
        request,
        "Something went wrong here",
        "It is our fault, not yours. Please try again in a few minutes.",
        status=500,
        links=[home_link()],
    )
