"""The door of the desk: who is logged in, what they may do, when a log-in ends, and what no answer may be without."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from newsletter.errors import IllegalMove, NewsletterError, NotFound
from newsletter.publishing import log
from newsletter.publishing.staff import accounts
from newsletter.publishing.staff.roles import Ability, Role, may
from newsletter.web.desk import pages
from subscribers.errors import SubscriberError

#: Seconds without a request after which a log-in ends (ASVS 7.3.1), and after which it ends in any case (7.3.2).
IDLE = 3600
AT_MOST = 12 * 3600
#: The session's own notes: when the log-in began, and when it was last used (seconds since 1970).
BEGAN, USED = "began", "used"
#: How often the last use is written down.
_NOTED_EVERY = 60

View = Callable[..., HttpResponse]


def page(view: View, ability: Ability) -> View:
    """A page of the desk, for those only who may. What it does is noted as theirs.

    A page changes something with POST only, and every POST carries the form's own mark (Django's CSRF protection).
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        user = staff_of(request)
        if user is None:
            return _to_log_in(request)
        role = accounts.role_of(user)
        if not may(role, ability):
            return _refused(request, role)
        request.desk_role = role  # type: ignore[attr-defined]
        with log.acting(user.email):
            try:
                return view(request, *args, **more)
            except NotFound as error:
                return pages.message(request, "It is not there", str(error), status=404)
            except (NewsletterError, SubscriberError) as error:
                status = 409 if isinstance(error, IllegalMove) else 400
                return pages.message(request, "That cannot be done", str(error), status=status)

    return guarded


def staff_of(request: HttpRequest) -> User | None:
    """Who is logged in and still of staff; a log-in that is too old, or was not used for too long, is ended."""
    user = request.user
    if not isinstance(user, User) or accounts.role_of(user) is None:
        return None
    now = datetime.now(UTC).timestamp()
    used = request.session.get(USED, 0)
    if now - used > IDLE or now - request.session.get(BEGAN, 0) > AT_MOST:
        logout(request)
        return None
    if now - used > _NOTED_EVERY:
        request.session[USED] = now
    return user


def begin(request: HttpRequest) -> None:
    """Note when a log-in began. Django has given it a new session by now (ASVS 7.2.4)."""
    request.session[BEGAN] = request.session[USED] = datetime.now(UTC).timestamp()


def _to_log_in(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return pages.message(
            request,
            "You are logged out",
            "Nothing was changed. Log in and try again.",
            status=403,
            links=[("Log in", pages.href("login/"))],
        )
    response = HttpResponseRedirect(f"{pages.href('login/')}?next={quote(pages.here(request))}")
    return pages.private(response)


def _refused(request: HttpRequest, role: Role | None) -> HttpResponse:
    return pages.message(
        request,
        "That is not yours to do",
        f"Your role is {role}. An owner can give you another: newsletter staff add ADDRESS --role sender",
        status=403,
    )


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the desk's own mark: of another site, or of a page from before the last log-in."""
    return pages.message(
        request,
        "That form is too old",
        "Nothing was changed. Go back, load the page again, and send the form once more.",
        status=403,
    )
