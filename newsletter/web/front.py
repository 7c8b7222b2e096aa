"""The door: feeds are answered here, before Django and its middleware are woken; everything else goes on to Django."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.wsgi import get_wsgi_application

from newsletter.feeds.conditional import Answer, Asked
from newsletter.web.public import feeds

_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


def application() -> WSGIApplication:
    """All of the site. Django is set up when this returns."""
    django = cast("WSGIApplication", get_wsgi_application())

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # No page reads a cookie, and Python before 3.11.10 takes seconds to parse one made for that (CVE-2024-7592).
        environ.pop("HTTP_COOKIE", None)
        found = feeds.answer(environ["PATH_INFO"], _asked(environ))
        return django(environ, start_response) if found is None else _sent(found, start_response)

    return answer


def _asked(environ: WSGIEnvironment) -> Asked:
    return Asked(
        environ["REQUEST_METHOD"],
        environ.get("HTTP_ACCEPT_ENCODING"),
        environ.get("HTTP_IF_NONE_MATCH"),
        environ.get("HTTP_IF_MODIFIED_SINCE"),
        environ.get("HTTP_SEC_FETCH_DEST"),
    )


def _sent(found: Answer, start_response: StartResponse) -> Iterable[bytes]:
    start_response(_LINES[found.status], list(found.headers.items()))
    return [found.body] if found.body else []
