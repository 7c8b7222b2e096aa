"""The door: feeds are answered here, before Django and its middleware are woken; everything else goes on to Django."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.wsgi import get_wsgi_application

from newsletter.feeds.conditional import Asked, FeedAnswer
from newsletter.web.public import feeds

#: Bytes of cookies that are read: other programs on the same host may set some too.
_MOST_COOKIES = 8192
_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


def application() -> WSGIApplication:
    """All of the site. Django is set up when this returns."""
    django = cast("WSGIApplication", get_wsgi_application())

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        _keep_cookies_off(environ)
        found = feeds.answer(environ["PATH_INFO"], _asked(environ))
        return django(environ, start_response) if found is None else _sent(found, start_response)

    return answer


def _keep_cookies_off(environ: WSGIEnvironment) -> None:
    """Only the desk reads cookies, and its own need no quotes: Python before 3.11.10 takes seconds to parse one with
    backslashes in quotes that was made for that (CVE-2024-7592)."""
    cookies = environ.get("HTTP_COOKIE", "")
    desk = environ["PATH_INFO"] == "/desk" or environ["PATH_INFO"].startswith("/desk/")
    if not desk or '"' in cookies or "\\" in cookies or len(cookies) > _MOST_COOKIES:
        environ.pop("HTTP_COOKIE", None)


def _asked(environ: WSGIEnvironment) -> Asked:
    return Asked(
        environ["REQUEST_METHOD"],
        environ.get("HTTP_ACCEPT_ENCODING"),
        environ.get("HTTP_IF_NONE_MATCH"),
        environ.get("HTTP_IF_MODIFIED_SINCE"),
        environ.get("HTTP_SEC_FETCH_DEST"),
    )


def _sent(found: FeedAnswer, start_response: StartResponse) -> Iterable[bytes]:
    start_response(_LINES[found.status], list(found.headers.items()))
    return [found.body] if found.body else []
