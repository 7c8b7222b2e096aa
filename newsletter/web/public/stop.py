"""The page behind a proof's link: one button that stops the edition. Opening it changes nothing: scanners open it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from newsletter.errors import NotFound
from newsletter.publishing.notices import stop_link
from newsletter.publishing.notices.staff_wording import moment, people
from newsletter.publishing.notices.stop_link import Standing, Stoppable
from newsletter.publishing.public import html_pages
from newsletter.web import failures, visitor
from newsletter.web.configured import config
from newsletter.web.public import person
from newsletter.web.respond import allow, button, message
from subscribers.errors import BadLink


@allow("GET", "HEAD", "POST")
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST stops, and twice is once."""
    if request.method == "POST" and visitor.from_elsewhere(request):
        return failures.forbidden(request)
    try:
        edition = stop_link.find(token, settings.SUBSCRIBERS_LINKS_KEY)
        stopped_now = request.method == "POST" and edition.standing in (Standing.BEFORE, Standing.GOING)
        if stopped_now:
            edition = stop_link.stop(edition.number, datetime.now(UTC))
    except BadLink as error:
        return person.damaged(request, error)
    except NotFound:
        return message(
            request,
            "There is nothing to stop",
            "This edition is not there any more.",
            status=404,
            personal=True,
        )
    return _page(request, edition, token)


def _page(request: HttpRequest, edition: Stoppable, token: str) -> HttpResponse:
    heading, *paragraphs = _words(edition)
    here = f"{html_pages.base_path(config())}/{stop_link.StaffPurpose.STOP}/{token}"
    can_stop = edition.standing in (Standing.BEFORE, Standing.GOING)
    return message(
        request,
        heading,
        *paragraphs,
        personal=True,
        button=button(here, "Stop it") if can_stop else None,
    )


def _words(edition: Stoppable) -> tuple[str, ...]:
    """The heading, then what is so and what can be done."""
    number = edition.number
    name = f"Edition {number} of {edition.campaign}, {moment(edition.slot_at, edition.zone)}"
    gone = f"{edition.sent:,} of {people(edition.people)} have it"
    on = f"To let it go on: newsletter editions resume {number}. To call it off: newsletter editions cancel {number}."
    match edition.standing:
        case Standing.BEFORE:
            return "Stop this mail?", f"{name}: nothing of it has been sent yet."
        case Standing.GOING:
            return (
                "Stop the rest of this mail?",
                f"{name} is going out: {gone} already. Stopping keeps the rest back; what is on the wire is finished.",
            )
        case Standing.STOPPED if edition.sent:
            return "It is stopped", f"{name} is stopped: {gone} already, and the rest waits.", on
        case Standing.STOPPED:
            return "It is stopped", f"{name} is stopped. Nobody has got it.", on
        case Standing.WAITS:
            return (
                "Nothing goes by itself",
                f"{name} waits for approval, so there is nothing to stop.",
                f"To send it: newsletter editions approve {number}.",
            )
        case Standing.OVER if edition.state == "sent":
            return "It is too late to stop it", f"{name} is sent: {gone}."
        case _:
            because = f": {edition.because}" if edition.because else ""
            return "There is nothing to stop", f"{name} is {edition.state}{because}."
