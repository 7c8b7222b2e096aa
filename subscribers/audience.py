"""The one predicate that decides who may be mailed. Everything that asks "may she?" asks here."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from subscribers.cadence import Cadence
from subscribers.models import Status, Subscription, Suppression
from subscribers.suppression import described


def mailable() -> QuerySet[Subscription]:
    """Every subscription that may be mailed now: confirmed, and the address not suppressed.

    It is used when an edition is enqueued, and as a sub-select inside the conditional update that marks a message as
    going on the wire, so that both always mean the same.
    """
    suppressed = Suppression.objects.filter(hashed=OuterRef("subscriber__hashed"))
    return Subscription.objects.filter(~Exists(suppressed), status=Status.CONFIRMED)


def audience(cadence: Cadence | None) -> QuerySet[Subscription]:
    """Who an edition goes to: the mailable people of a cadence, or all of them."""
    people = mailable()
    return people if cadence is None else people.filter(cadence=cadence)


def left_out(cadence: Cadence | None) -> dict[str, int]:
    """How many of a cadence are not mailable, by reason; each person is counted once, by the first that holds."""
    people = Subscription.objects.all() if cadence is None else Subscription.objects.filter(cadence=cadence)
    suppressed = Q(Exists(Suppression.objects.filter(hashed=OuterRef("subscriber__hashed"))))
    counts = {"suppressed": people.filter(suppressed).count()}
    rest = people.exclude(suppressed)
    for status, word in ((Status.PENDING, "not confirmed"), (Status.PAUSED, "paused"), (Status.LEFT, "left")):
        counts[word] = rest.filter(status=status).count()
    return {reason: count for reason, count in counts.items() if count}


def why_not(subscription: Subscription) -> str | None:
    """One plain clause why a person is not mailable, None when they are."""
    suppressed = Suppression.objects.filter(hashed=subscription.subscriber.hashed).first()
    if suppressed is not None:
        return f"the address is suppressed: {described(suppressed)}"
    return {
        Status.PENDING: "the sign-up was never confirmed",
        Status.PAUSED: "mail is paused",
        Status.LEFT: "the person left",
    }.get(Status(subscription.status))
