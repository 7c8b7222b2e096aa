"""How pages of the desk are filled: our own templates only, and the headers that each answer carries."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import django_htmx
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.publishing.editions.snapshot import design_of
from newsletter.publishing.notices.staff_wording import moment, people
from newsletter.publishing.public import html_pages
from newsletter.publishing.staff.roles import Ability, may
from newsletter.rendering.design import of_design
from newsletter.rendering.templates.environment import own_folder
from newsletter.rendering.templates.page_environment import make_page_environment
from newsletter.web.configured import config
from newsletter.web.respond import html_response

#: Nothing from elsewhere, our own script, and frames of our own for previews.
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
#: What pages load: name → its file.
_HTMX = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    folder = own_folder()
    files = sorted((folder / "desk").glob("*.*"))
    environment = make_page_environment(
        {file.relative_to(folder).as_posix(): (file.read_text(encoding="utf-8"), str(file)) for file in files}
    )
    environment.filters["moment"] = moment
    environment.filters["people"] = people
    return environment


@lru_cache(maxsize=4)
def _assets(design: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, bytes]]:
    style = _environment().get_template("desk/desk.css").render(design=of_design(dict(design))).encode()
    contents = {"desk.css": style, "htmx.js": _HTMX.read_bytes()}
    named = {}
    for name, content in contents.items():
        stem, _, ending = name.partition(".")
        named[name] = (f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{ending}", content)
    return named


def assets() -> dict[str, tuple[str, bytes]]:
    """What pages load: "desk.css" → (its name with a digest in it, so it may be kept for ever; bytes)."""
    return _assets(tuple(design_of(config()).items()))


def href(path: str) -> str:
    """The address of a page of the desk, from the root of the host."""
    return f"{html_pages.base_path(config())}/desk/{path}"


def here(request: HttpRequest, *, query: bool = True) -> str:
    """The address that was asked for, as a browser knows it: a proxy may show the site under a path of its own."""
    asked = request.get_full_path() if query else request.path
    return html_pages.base_path(config()) + asked


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Fill a template of templates/desk."""
    role = getattr(request, "desk_role", None)
    given = {
        "site": config().site.model_dump(mode="json"),
        "practice": config().practice,
        "desk": href(""),
        "archive": f"{html_pages.base_path(config())}/",
        "icon": f"{html_pages.base_path(config())}/{html_pages.assets(config())['icon.svg'][0]}",
        "assets": {name: href(f"static/{path}") for name, (path, _) in assets().items()},
        "form_mark": get_token(request),
        "role": str(role or ""),
        "who": getattr(request.user, "email", "") if role else "",
        "may": {ability.value: may(role, ability) for ability in Ability},
        "here": here(request, query=False),
        "problem": "",
    }
    html = _environment().get_template(template).render(given | context)
    return private(html_response(request, html, status=status))


def message(
    request: HttpRequest,
    heading: str,
    *paragraphs: str,
    status: int = 200,
    links: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """A page that says one thing."""
    return page(
        request,
        "desk/message.html",
        status=status,
        heading=heading,
        paragraphs=paragraphs,
        links=[{"text": text, "href": address} for text, address in links],
    )


def private(response: HttpResponse) -> HttpResponse:
    """The headers of every answer of the desk (ASVS 14.3.2, 3.4.1-3.4.6)."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    response.headers.setdefault("Content-Security-Policy", CSP)
    return response


def typed(request: HttpRequest, name: str, most: int = 254) -> str:
    """What somebody typed into a field of a form, or what an address asks for: at most so many characters, and without
    those that steer a terminal or that a database refuses (PostgreSQL takes no NUL)."""
    given = str(request.POST.get(name, request.GET.get(name, "")))[:most]
    return "".join(char for char in given if char in "\r\n\t" or char.isprintable())


def number_typed(request: HttpRequest, name: str) -> int | None:
    """A number that an address asks for; None for none."""
    given = typed(request, name, 18)
    return int(given) if given.isascii() and given.isdigit() else None


def local(at: datetime, zone: str) -> str:
    """An instant for a form's field: "2026-12-01T09:00" on the zone's wall."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
