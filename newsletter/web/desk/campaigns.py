"""Campaigns on the desk: what each does in plain words, its next slots, and pausing it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from newsletter.date_parsing import parse
from newsletter.dates import Precision
from newsletter.errors import Refused
from newsletter.models import Act
from newsletter.publishing import log
from newsletter.publishing.editions import campaigns as rules
from newsletter.publishing.overview import campaigns as facts
from newsletter.web.configured import config
from newsletter.web.desk import pages
from newsletter.web.respond import allow


@allow("GET", "HEAD")
def campaigns(request: HttpRequest) -> HttpResponse:
    """All of them."""
    return pages.page(request, "desk/campaigns.html", campaigns=facts.campaigns(config(), datetime.now(UTC)))


@allow("POST")
def pause(request: HttpRequest, name: str) -> HttpResponse:
    """Make no editions, until a day or until somebody resumes it."""
    now, typed, until = datetime.now(UTC), pages.typed(request, "until"), None
    if typed:
        zone = rules.find(name).zone
        day = parse(typed, zone=zone)
        if day is None or day.precision is not Precision.DAY:
            raise Refused("Give a day, such as 2026-12-01, or none to pause until you resume.")
        until = day.starts(zone).astimezone(UTC)
    rules.pause(name, now, until)
    log.note(Act.CAMPAIGN_PAUSED, now, campaign=name, until=typed)
    return pages.private(HttpResponseRedirect(pages.href("campaigns/")))


@allow("POST")
def resume(request: HttpRequest, name: str) -> HttpResponse:
    """Go on. What was released meanwhile is owed."""
    now = datetime.now(UTC)
    rules.resume(name, now)
    log.note(Act.CAMPAIGN_RESUMED, now, campaign=name)
    return pages.private(HttpResponseRedirect(pages.href("campaigns/")))
