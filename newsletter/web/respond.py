"""Answers: a page out of a template, a page that says one thing, and "not with this method"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse

from newsletter.publishing.public import html_pages
from newsletter.web import headers
from newsletter.web.configured import config

P = ParamSpec("P")
_View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def page(
    request: HttpRequest, template: str, *, status: int = 200, personal: bool = False, **context: Any
) -> HttpResponse:
    """A page. ``personal`` pages are kept by nobody, tell nobody where they are, and load nothing from elsewhere."""
    html = html_pages.render(config(), template, personal=personal, **context)
    response = html_response(request, html, status=status)
    if personal:
        make_personal(response)
    return response


def html_response(request: HttpRequest, html: str, *, status: int = 200) -> HttpResponse:
    """HTML with its length; for HEAD without the body (RFC 9110 §9.3.2)."""
    content = html.encode()
    response = HttpResponse(b"" if request.method == "HEAD" else content, status=status)
    response["Content-Length"] = str(len(content))
    return response


def make_personal(response: HttpResponse) -> None:
    """The headers of a page behind a personal link (ASVS 14.2.1, 14.3.2)."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Content-Security-Policy"] = headers.PERSONAL


def message(
    request: HttpRequest,
    heading: str,
    *paragraphs: str,
    status: int = 200,
    personal: bool = False,
    button: dict[str, Any] | None = None,
    links: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """A page that says one thing. ``button`` has action, text, fields and quiet; ``links`` are (text, address)."""
    return page(
        request,
        "web/message.html",
        status=status,
        personal=personal,
        indexed=False,
        heading=heading,
        paragraphs=paragraphs,
        button=button,
        links=[{"text": text, "href": href} for text, href in links],
    )


def button(
    action: str, text: str, fields: dict[str, str] | None = None, *, quiet: bool = False
) -> dict[str, Any]:
    """A form of one button for ``message``."""
    return {"action": action, "text": text, "fields": fields or {}, "quiet": quiet}


def home_link() -> tuple[str, str]:
    """To the archive."""
    return ("All posts", f"{html_pages.base_path(config())}/")


def sign_up_link() -> tuple[str, str]:
    """To the sign-up form."""
    return ("Sign up", f"{html_pages.base_path(config())}/subscribe")


def allow(*methods: str) -> Callable[[_View[P]], _View[P]]:
    """Answer other methods with 405 and the list of those that there are (RFC 9110 §15.5.6)."""

    def decorate(view: _View[P]) -> _View[P]:
        @wraps(view)
        def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method in methods:
                return view(request, *args, **kwargs)
            response = message(
                request,
                "That does not work here",
                "This address takes another kind of request.",
                status=405,
                links=[home_link()],
            )
            response["Allow"] = ", ".join(methods)
            return response

        return cast("_View[P]", checked)

    return decorate
