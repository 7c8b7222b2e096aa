"""The first page of the desk: what goes next, what is going, what needs staff. Its facts are publishing/overview's."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from newsletter.publishing.overview import today as facts
from newsletter.web.configured import config
from newsletter.web.desk import pages
from newsletter.web.respond import allow


@allow("GET", "HEAD")
def today(request: HttpRequest) -> HttpResponse:
    """The page; asked for by htmx, only what changes on it."""
    now = datetime.now(UTC)
    part = "desk/today_part.html" if request.headers.get("HX-Request") else "desk/today.html"
    return pages.page(request, part, today=facts.today(config(), now), now=now, until=until)


def until(at: datetime, now: datetime) -> str:
    """A countdown in words: "in 3 days", "in 2 hours", "in 5 minutes", "now"."""
    minutes = int((at - now).total_seconds() // 60)
    if minutes < 1:
        return "now"
    for size, word in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size * (2 if size == 1440 else 1):
            count = minutes // size
            return f"in 1 {word}" if count == 1 else f"in {count} {word}s"
    return "now"
