"""Pages for what went wrong: plain and kind, and without a look at the database, which may be what went wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from newsletter.web.respond import home_link, html_response, message


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
