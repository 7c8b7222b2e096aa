"""Posts on the desk: where each stands, and what staff decide about it. The same functions as ``newsletter posts``."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from newsletter.errors import Refused
from newsletter.models import PostState
from newsletter.publishing.decisions import post_actions
from newsletter.publishing.delivery.deliver import finish
from newsletter.publishing.ingest import moderation
from newsletter.publishing.ledger import release as releases
from newsletter.publishing.overview import posts as facts
from newsletter.web.configured import config
from newsletter.web.desk import pages
from newsletter.web.respond import allow


@allow("GET", "HEAD")
def posts(request: HttpRequest) -> HttpResponse:
    """All of them, or those of one state, the newest first."""
    state = pages.typed(request, "state")
    shown, older = facts.listed(config(), state, pages.number_typed(request, "before"))
    states = [word.value for word in PostState]
    return pages.page(request, "desk/posts.html", posts=shown, older=older, state=state, states=states)


@allow("GET", "HEAD")
def post(request: HttpRequest, key: str) -> HttpResponse:
    """One post, and what can be done about it."""
    found = releases.find(key)
    return pages.page(
        request, "desk/post.html", post=facts.shown(found, config()), mail=found.mail, most=facts.MOST_COUNTED
    )


@allow("POST")
def hold(request: HttpRequest, key: str) -> HttpResponse:
    """Out of the feeds and out of editions that have not begun."""
    post_actions.hold(key, config(), datetime.now(UTC))
    return _back(key)


@allow("POST")
def release(request: HttpRequest, key: str) -> HttpResponse:
    """Into the feed, and into mail if the form says so."""
    where = request.POST.get("where")
    if where not in ("mail", "feed"):
        raise Refused("Say where it goes: to feed and inboxes, or to the feed only.")
    releases.release([key], datetime.now(UTC), mail=[key] if where == "mail" else [])
    return _back(key)


@allow("POST")
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Out of everything that has not gone."""
    post_actions.withdraw(key, config(), datetime.now(UTC))
    finish(datetime.now(UTC))
    return _back(key)


@allow("POST")
def same(request: HttpRequest, key: str) -> HttpResponse:
    """It is the one that it looks like."""
    stays = moderation.same(key, now=datetime.now(UTC))
    return _back(stays.key)


def _back(key: str) -> HttpResponse:
    return pages.private(HttpResponseRedirect(pages.href(f"posts/{key}/")))
