"""Every page of the desk, and what somebody must be allowed to do for it. A test walks all of them with every role."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from newsletter.publishing.staff.roles import Ability
from newsletter.web.desk import (
    account,
    campaigns,
    edition,
    log_page,
    people,
    posts,
    settings_page,
    staff_page,
    static,
    today,
)
from newsletter.web.desk.access import View, page

_NUMBER = r"editions/(?P<number>[0-9]{1,18})"
#: Without control characters, which no key has and PostgreSQL would refuse.
_KEY = r"posts/(?P<key>[^/\x00-\x1f\x7f]{1,200})"
_PERSON = r"people/(?P<number>[0-9]{1,18})"

#: Address → its view, and what it takes.
PAGES: list[tuple[str, View, Ability]] = [
    (r"", today.today, Ability.LOOK),
    (rf"{_NUMBER}/", edition.edition, Ability.LOOK),
    (rf"{_NUMBER}/preview/", edition.preview, Ability.LOOK),
    (rf"{_NUMBER}/who/(?P<word>[a-z]{{1,12}})/", edition.who, Ability.LOOK),
    (r"compose/", edition.compose_now, Ability.COMPOSE),
    (rf"{_NUMBER}/count/", edition.count, Ability.COMPOSE),
    (rf"{_NUMBER}/test/", edition.test, Ability.COMPOSE),
    (rf"{_NUMBER}/approve/", edition.approve, Ability.SEND),
    (rf"{_NUMBER}/undo/", edition.undo, Ability.SEND),
    (rf"{_NUMBER}/schedule/", edition.schedule, Ability.SEND),
    (rf"{_NUMBER}/pause/", edition.pause, Ability.SEND),
    (rf"{_NUMBER}/resume/", edition.resume, Ability.SEND),
    (rf"{_NUMBER}/cancel/", edition.cancel, Ability.SEND),
    (rf"{_NUMBER}/refresh/", edition.refresh, Ability.COMPOSE),
    (rf"{_NUMBER}/words/", edition.reword, Ability.COMPOSE),
    (rf"{_NUMBER}/doubt/", edition.doubt, Ability.SEND),
    (r"posts/", posts.posts, Ability.LOOK),
    (rf"{_KEY}/", posts.post, Ability.LOOK),
    (rf"{_KEY}/hold/", posts.hold, Ability.SEND),
    (rf"{_KEY}/release/", posts.release, Ability.SEND),
    (rf"{_KEY}/withdraw/", posts.withdraw, Ability.SEND),
    (rf"{_KEY}/same/", posts.same, Ability.SEND),
    (r"people/", people.people, Ability.LOOK),
    (rf"{_PERSON}/", people.person, Ability.LOOK),
    (rf"{_PERSON}/leave/", people.leave, Ability.SEND),
    (rf"{_PERSON}/suppress/", people.suppress, Ability.SEND),
    (r"campaigns/", campaigns.campaigns, Ability.LOOK),
    (r"campaigns/(?P<name>[a-z0-9-]{1,40})/pause/", campaigns.pause, Ability.SEND),
    (r"campaigns/(?P<name>[a-z0-9-]{1,40})/resume/", campaigns.resume, Ability.SEND),
    (r"staff/", staff_page.staff, Ability.OWN),
    (r"staff/add/", staff_page.add, Ability.OWN),
    (r"staff/link/", staff_page.link, Ability.OWN),
    (r"staff/remove/", staff_page.remove, Ability.OWN),
    (r"settings/", settings_page.settings, Ability.OWN),
    (r"log/", log_page.entries, Ability.LOOK),
]
#: Before anybody is logged in.
OPEN: list[tuple[str, View]] = [
    (r"login/", account.log_in),
    (r"logout/", account.log_out),
    (r"password/(?P<token>[^/\x00-\x1f\x7f]{1,200})/", account.password),
    (r"first/(?P<token>[^/\x00-\x1f\x7f]{1,200})/", account.first),
    (r"static/(?P<file>[a-z0-9.-]+)", static.asset),
]


def urls() -> list[URLPattern]:
    """All of them; the slash at the end is taken or left."""
    guarded = [(address, page(view, ability)) for address, view, ability in PAGES]
    return [
        re_path(rf"^desk/{address}?$" if address else r"^desk/?$", view)
        for address, view in [*guarded, *OPEN]
    ]
