"""Counts what became of an edition's mails: for reports, never for decisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from newsletter.models import Delivery, DeliveryState, Edition

#: The words of reports, in their order. What is in a worker's hand is pending too.
WORDS = ("sent", "deferred", "failed", "skipped", "unknown", "pending", "cancelled")
PENDING = (DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class Tally:
    """How an edition stands."""

    #: Whom it has deliveries for; before it is enqueued, whom it had when it was last counted.
    people: int
    counts: dict[str, int] = field(default_factory=dict)
    #: People who came and went between the count that staff saw and the send; None before it is enqueued.
    since_approval: tuple[int, int] | None = None

    @property
    def undecided(self) -> int:
        """Mails of which nobody can say yet that they arrived."""
        return self.counts["deferred"] + self.counts["unknown"]

    @property
    def since_text(self) -> str:
        """ "+3 −1", or empty."""
        return "" if self.since_approval is None else "+{} −{}".format(*self.since_approval)


def tally(edition: Edition) -> Tally:
    """Count an edition's deliveries by state, or give what was counted when it was over."""
    if edition.final:
        since = edition.final["since"]
        return Tally(edition.final["people"], dict(edition.final["counts"]), tuple(since) if since else None)
    return _counted(edition)


def final(edition: Edition) -> dict[str, Any]:
    """What ``tally`` gives from now on: of an edition that is over, no mail moves unless it is opened again. A million
    of them are not counted for every look at it. Empty while some are in doubt: a worker that was taken for dead may
    still know what became of them."""
    counted = _counted(edition)
    if counted.counts["unknown"]:
        return {}
    return {"people": counted.people, "counts": counted.counts, "since": counted.since_approval}


def _counted(edition: Edition) -> Tally:
    rows = Delivery.objects.filter(edition=edition).values_list("state").annotate(number=Count("pk"))
    states = dict(rows.order_by())
    counts = dict.fromkeys(WORDS, 0)
    for state, number in states.items():
        counts["pending" if state in PENDING else state] += number
    total = sum(states.values())
    if edition.enqueued_at is None:
        return Tally(max(total, edition.people), counts)
    return Tally(total, counts, _since(edition, total))


def _since(edition: Edition, total: int) -> tuple[int, int] | None:
    """How the people changed since they were counted: who confirmed later came, the rest of the difference went."""
    if edition.frozen_at is None or not edition.people:
        return None
    new = Delivery.objects.filter(
        edition=edition, subscriber__subscription__confirmed_at__gt=edition.frozen_at
    ).count()
    came = max(new, total - edition.people)
    return came, edition.people + came - total
