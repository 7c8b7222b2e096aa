"""Counts what became of an edition's mails: for reports, never for decisions."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    """Count an edition's deliveries by state."""
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
