"""People on the desk: find one, see all that is kept and why each edition did or did not come, and let them go."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from newsletter.models import Act
from newsletter.publishing import log
from newsletter.publishing.overview import people as facts
from newsletter.publishing.subscriptions import unsubscribe
from newsletter.web.configured import config
from newsletter.web.desk import pages
from newsletter.web.respond import allow
from subscribers import suppression
from subscribers.consent import Proof
from subscribers.models import SuppressionReason

#: Where a consent record says that staff did it.
_FORM = "desk"


@allow("GET", "HEAD")
def people(request: HttpRequest) -> HttpResponse:
    """A search by any part of an address or a name."""
    typed = pages.typed(request, "q")
    found, more = facts.find(typed)
    return pages.page(
        request, "desk/people.html", typed=typed, people=found, more=more, most=facts.MOST_FOUND
    )


@allow("GET", "HEAD")
def person(request: HttpRequest, number: str) -> HttpResponse:
    """One person."""
    row = facts.person(int(number))
    return pages.page(
        request,
        "desk/person.html",
        person=facts.facts(row),
        number=row.pk,
        history=facts.history(row, config(), datetime.now(UTC)),
        zone=config().site.timezone,
    )


@allow("POST")
def leave(request: HttpRequest, number: str) -> HttpResponse:
    """They asked staff to leave. They may come back by themselves."""
    row, now = facts.person(int(number)), datetime.now(UTC)
    with transaction.atomic():
        unsubscribe.leave(row, proof=Proof(form=_FORM), now=now)
        log.note(Act.UNSUBSCRIBED, now, person=row.pk)
    return _back(number)


@allow("POST")
def suppress(request: HttpRequest, number: str) -> HttpResponse:
    """Never mail this address again, whoever imports it."""
    row, now = facts.person(int(number)), datetime.now(UTC)
    with transaction.atomic():
        suppression.suppress(row.hashed, SuppressionReason.STAFF, now)
        log.note(Act.SUPPRESSED, now, person=row.pk)
    return _back(number)


def _back(number: str) -> HttpResponse:
    return pages.private(HttpResponseRedirect(pages.href(f"people/{number}/")))
