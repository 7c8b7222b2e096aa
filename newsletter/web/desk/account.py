"""Logging in and out of the desk, and the pages behind one-time links that set a password."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from newsletter.errors import NewsletterError
from newsletter.models import Act
from newsletter.publishing import log
from newsletter.publishing.staff import accounts
from newsletter.web import visitor
from newsletter.web.desk import access, pages
from newsletter.web.rate_limit import Networks
from newsletter.web.respond import allow
from subscribers import address as addresses
from subscribers.errors import BadAddress, SubscriberError

#: Tries in a quarter of an hour from one address, and from the networks around it, for whatever accounts: each makes us
#: hash a password, on purpose slowly.
TRIES = Networks((20, 60, 200), 900)
#: Of a password; a longer one is no password of a person, and hashing it would take its time.
_LONGEST = 256
#: Of the name of an account, an address; django-axes keeps no longer ones.
_LONGEST_NAME = 254


@allow("GET", "HEAD", "POST")
def log_in(request: HttpRequest) -> HttpResponse:
    """The form. The answer is the same for an address that nobody has, for one without a password, and for a wrong one
    (ASVS 6.3.8)."""
    onward = _onward(request)
    if access.staff_of(request) is not None:
        return pages.private(HttpResponseRedirect(onward))
    if request.method != "POST":
        return _form(request, onward)
    if _too_often(request):
        return locked_out(request)
    user = authenticate(request, username=_name(request), password=_field(request, "password"))
    if getattr(request, "axes_locked_out", False):
        return locked_out(request)
    if not isinstance(user, User) or accounts.role_of(user) is None:
        return _form(
            request, onward, status=400, problem="The address and the password do not belong together."
        )
    login(request, user)
    access.begin(request)
    with log.acting(user.email):
        log.note(Act.LOGGED_IN, datetime.now(UTC))
    return pages.private(HttpResponseRedirect(onward))


@allow("POST")
def log_out(request: HttpRequest) -> HttpResponse:
    """End the log-in here and on the server (ASVS 7.4.1)."""
    logout(request)
    return pages.private(HttpResponseRedirect(pages.href("login/")))


@allow("GET", "HEAD", "POST")
def password(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password with a one-time link. Opening it changes nothing."""
    user = accounts.of_token(token)
    if user is None:
        return _dead_link(request)
    return _set_password(request, user.email, lambda given: _keep(user, given))


@allow("GET", "HEAD", "POST")
def first(request: HttpRequest, token: str) -> HttpResponse:
    """Make the account of the first owner: they say who they are, and choose a password."""
    if not accounts.is_first(token):
        return _dead_link(request)
    return _set_password(
        request,
        "",
        lambda given: accounts.make_first_owner(_field(request, "address"), given, datetime.now(UTC)),
    )


def locked_out(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """Too many wrong passwords: django-axes calls it, and so does the limit for networks."""
    response = pages.message(
        request,
        "Too many tries",
        "Wait a quarter of an hour, then try again. If you forgot your password, somebody at the server can make you a "
        "link: newsletter staff reset ADDRESS",
        status=429,
    )
    response["Retry-After"] = "900"
    return response


def _set_password(request: HttpRequest, address: str, keep: Any) -> HttpResponse:
    given: dict[str, Any] = {"address": address or _field(request, "address"), "known": bool(address)}

    def form(problem: str) -> HttpResponse:
        return pages.page(
            request, "desk/password.html", status=400 if problem else 200, problem=problem, **given
        )

    if request.method != "POST":
        return form("")
    if _too_often(request):
        return locked_out(request)
    new = _field(request, "password")
    if new != _field(request, "again"):
        return form("The two passwords differ.")
    try:
        user = keep(new)
    except (NewsletterError, SubscriberError) as error:
        return form(str(error))
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    access.begin(request)
    return pages.private(HttpResponseRedirect(pages.href("")))


def _keep(user: User, new: str) -> User:
    accounts.set_password(user, new, datetime.now(UTC))
    return user


def _form(request: HttpRequest, onward: str, *, status: int = 200, problem: str = "") -> HttpResponse:
    return pages.page(
        request,
        "desk/login.html",
        status=status,
        problem=problem,
        address=_field(request, "address"),
        onward=onward,
    )


def _dead_link(request: HttpRequest) -> HttpResponse:
    return pages.message(
        request,
        "This link does not work any more",
        "It works once, and not for long. An owner, or somebody at the server, can make you a new one: "
        "newsletter staff reset ADDRESS",
        status=404,
        links=[("Log in", pages.href("login/"))],
    )


def _too_often(request: HttpRequest) -> bool:
    return TRIES.take(visitor.counted_networks(request), datetime.now(UTC).timestamp()) > 0


def _field(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name, ""))[:_LONGEST].replace("\0", "")


def _name(request: HttpRequest) -> str:
    """The account's name of a typed address; what is no address is nobody's."""
    try:
        return addresses.parse(_field(request, "address")).normal
    except BadAddress:
        return _field(request, "address").casefold()[:_LONGEST_NAME]


def _onward(request: HttpRequest) -> str:
    """Where to go after logging in: a page of the desk, and no other (ASVS 1.2.2)."""
    wanted = pages.typed(request, "next", 2000)
    parts = urlsplit(wanted)
    inside = not parts.scheme and not parts.netloc and parts.path.startswith(pages.href(""))
    plain = "\\" not in wanted and not wanted.startswith("//")
    return wanted if inside and plain else pages.href("")
