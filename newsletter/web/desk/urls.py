"""Every page of the desk, and what somebody must be allowed to do for it. A test walks all of them with every role."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from newsletter.publishing.staff.roles import Ability
from newsletter.web.desk import account, edition, log_page, static, today
from newsletter.web.desk.access import View, page

_NUMBER = r"editions/(?P<number>[0-9]{1,18})"

#: Address → its view, and what it takes.
PAGES: list[tuple[str, View, Ability]] = [
    (r"", today.today, Ability.LOOK),
    (rf"{_NUMBER}/", edition.edition, Ability.LOOK),
    (rf"{_NUMBER}/preview/", edition.preview, Ability.LOOK),
    (rf"{_NUMBER}/approve/", edition.approve, Ability.SEND),
    (rf"{_NUMBER}/schedule/", edition.schedule, Ability.SEND),
    (rf"{_NUMBER}/pause/", edition.pause, Ability.SEND),
    (rf"{_NUMBER}/resume/", edition.resume, Ability.SEND),
    (rf"{_NUMBER}/cancel/", edition.cancel, Ability.SEND),
    (rf"{_NUMBER}/refresh/", edition.refresh, Ability.COMPOSE),
    (rf"{_NUMBER}/doubt/", edition.doubt, Ability.SEND),
    (r"log/", log_page.entries, Ability.LOOK),
]
#: Before anybody is logged in.
OPEN: list[tuple[str, View]] = [
    (r"login/", account.log_in),
    (r"logout/", account.log_out),
    (r"password/(?P<token>[^/]{1,200})/", account.password),
    (r"first/(?P<token>[^/]{1,200})/", account.first),
    (r"static/(?P<file>[a-z0-9.-]+)", static.asset),
]


def urls() -> list[URLPattern]:
    """All of them; the slash at the end is taken or left."""
    guarded = [(address, page(view, ability)) for address, view, ability in PAGES]
    return [
        re_path(rf"^desk/{address}?$" if address else r"^desk/?$", view)
        for address, view in [*guarded, *OPEN]
    ]
