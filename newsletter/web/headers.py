"""Headers that every answer carries, and the policies that single pages ask for instead."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from newsletter.config import Config
from newsletter.web import configured

_NOTHING_ELSE = "; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
#: Our own style sheet and no script at all. Pictures may come from where a post's author put them.
PUBLIC = "default-src 'none'; style-src 'self'; img-src 'self' https: http:" + _NOTHING_ELSE
#: Behind a personal link nothing is loaded from elsewhere.
PERSONAL = "default-src 'none'; style-src 'self'; img-src 'self'" + _NOTHING_ELSE
#: The web version of a mail has its styles in its elements, as a mail must.
MAIL = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: http:" + _NOTHING_ELSE

#: A year. Subdomains are not ours to speak for.
_HSTS = "max-age=31536000"
#: A browser that shows a feed may load its look, and run nothing.
_FEED = {"Content-Security-Policy": "default-src 'none'; style-src 'self'"}
_FOR_GOOD = {"Strict-Transport-Security": _HSTS}


def of_feeds(config: Config) -> dict[str, str]:
    """What a feed carries besides its own headers: readers show it, browsers must run nothing in it."""
    return _FEED | (_FOR_GOOD if config.site.url.startswith("https://") else {})


class SecurityHeaders:
    """Middleware: a content security policy, and HTTPS for good where the site has it (ASVS 3.4.1-3.4.6)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", PUBLIC)
        # The proxy in front speaks TLS, so it is the site's address that tells. Browsers ignore it over http.
        if configured.config().site.url.startswith("https://"):
            response.headers.setdefault("Strict-Transport-Security", _HSTS)
        return response
