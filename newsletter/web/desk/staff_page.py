"""People of staff on the desk, for owners: letting somebody in, another role, a new link, taking an account away."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from newsletter.errors import Refused
from newsletter.publishing.staff import accounts
from newsletter.publishing.staff.roles import Role
from newsletter.web.configured import config
from newsletter.web.desk import pages
from newsletter.web.respond import allow


@allow("GET", "HEAD")
def staff(request: HttpRequest) -> HttpResponse:
    """Everybody, and the form for somebody new."""
    return _page(request)


@allow("POST")
def add(request: HttpRequest) -> HttpResponse:
    """Let somebody in, or give them another role. Shows the link that they set their password with, once."""
    role = pages.typed(request, "role")
    if role not in set(Role):
        raise Refused(f"Choose a role: {', '.join(Role)}.")
    user = accounts.add(_address(request), Role(role), datetime.now(UTC))
    if user.has_usable_password():
        return pages.private(HttpResponseRedirect(pages.href("staff/")))
    return _with_link(request, user)


@allow("POST")
def link(request: HttpRequest) -> HttpResponse:
    """A new link for somebody who is locked out."""
    return _with_link(request, accounts.find(_address(request)))


@allow("POST")
def remove(request: HttpRequest) -> HttpResponse:
    """Take an account away."""
    accounts.remove(_address(request), datetime.now(UTC))
    return pages.private(HttpResponseRedirect(pages.href("staff/")))


def _address(request: HttpRequest) -> str:
    return pages.typed(request, "address")


def _with_link(request: HttpRequest, user: User) -> HttpResponse:
    token = accounts.link_token(user, datetime.now(UTC))
    return _page(request, address=user.email, link=f"{config().site.url}/desk/password/{token}/")


def _page(request: HttpRequest, *, address: str = "", link: str = "") -> HttpResponse:
    return pages.page(
        request,
        "desk/staff.html",
        people=accounts.everybody(),
        roles=[role.value for role in Role],
        address=address,
        link=link,
        zone=config().site.timezone,
    )
