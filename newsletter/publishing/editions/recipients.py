"""Whom an edition reached, did not reach, or will reach: person by person, in pages, however many they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from newsletter.config import Config
from newsletter.models import Delivery, DeliveryState, Edition, EditionState
from newsletter.models.edition import UNSTARTED
from newsletter.publishing.editions import compose
from newsletter.publishing.editions.delivery_counts import PENDING
from newsletter.publishing.ledger.watermarks import mark
from subscribers.models import Subscriber

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One person of an edition. The relay's words are untrusted text."""

    #: None for somebody whose data were erased.
    address: str | None
    #: A state of a delivery; "pending" also for who is not enqueued yet.
    state: str
    #: When that state began; None before they are enqueued.
    at: datetime | None = None
    code: int | None = None
    reply: str = ""
    attempts: int = 0
    #: When a deferred one is tried again.
    next_attempt_at: datetime | None = None


def who(edition: Edition, word: str, config: Config) -> Iterator[Row]:
    """The people of one word of the tally (``delivery_counts.WORDS``), a page at a time. "Pending" are also those who
    would get it if it began now, and those whom its enqueueing has not come to yet."""
    states = PENDING if word == "pending" else (DeliveryState(word),)
    after = 0
    while True:
        rows = Delivery.objects.filter(edition=edition, state__in=states, pk__gt=after)
        page = list(rows.select_related("subscriber").order_by("pk")[:_PAGE])
        for row in page:
            yield Row(
                address=row.subscriber.address if row.subscriber else None,
                state=word,
                at=row.changed_at,
                code=row.code,
                reply=" ".join(row.reply.split()),
                attempts=row.attempts,
                next_attempt_at=row.next_attempt_at if word == "deferred" else None,
            )
        if len(page) < _PAGE:
            break
        after = page[-1].pk
    if word == "pending":
        yield from _to_come(edition, config)


def _to_come(edition: Edition, config: Config) -> Iterator[Row]:
    """Who is not enqueued yet, by the rule that enqueueing follows. One of "each post" is counted when it takes its
    post: nobody knows its people before."""
    begins = edition.state in (*UNSTARTED, EditionState.SENDING, EditionState.PAUSED)
    if edition.frozen_at is None or edition.enqueued_at is not None or not begins:
        return
    practice = config.practice if edition.practice is None else edition.practice
    candidates = compose.candidates_of(edition)
    people = compose.people_of(edition, practice=practice)
    for page in compose.pages(people, mark(practice), after=edition.cursor):
        found = compose.owed_of(edition, page, candidates, practice=practice)
        ids = [person for person, posts in found.items() if posts]
        shown = dict(Subscriber.objects.filter(pk__in=ids).values_list("pk", "address"))
        for person in ids:
            yield Row(shown.get(person), "pending")
