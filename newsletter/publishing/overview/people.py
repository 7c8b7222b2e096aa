"""People as the desk shows them: found by a part of their address or name, and what became of each edition for one.

Why is explain's to say; here its sentences are put beside the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from newsletter.config import Config
from newsletter.errors import NotFound
from newsletter.models import Edition, EditionState
from newsletter.publishing.explain.explain import explain
from subscribers.models import Subscriber, Suppression
from subscribers.privacy import rows_of

#: People that one page of a search shows.
MOST_FOUND = 50
#: Editions that a person's page explains, the newest.
_EXPLAINED = 8


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody whom a search found."""

    number: int
    address: str
    name: str
    status: str
    cadence: str
    suppressed: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """What became of one edition for a person, in a sentence."""

    edition: int
    campaign: str
    at: datetime
    zone: str
    verdict: str
    sentence: str


def find(typed: str) -> tuple[list[Found], bool]:
    """The people whose address or name holds what was typed, those whose address begins with it first; and whether
    there are more than are given. Nobody for nothing typed."""
    wanted = typed.strip()
    if not wanted:
        return [], False
    rows = Subscriber.objects.select_related("subscription").order_by("normal")
    begin = list(rows.filter(normal__startswith=wanted.casefold())[: MOST_FOUND + 1])
    rest = rows.filter(Q(normal__icontains=wanted) | Q(name__icontains=wanted)).exclude(
        pk__in=[row.pk for row in begin]
    )
    people = [*begin, *rest[: MOST_FOUND + 1 - len(begin)]]
    hashes = set(
        Suppression.objects.filter(hashed__in=[row.hashed for row in people]).values_list("hashed", flat=True)
    )
    found = [
        Found(
            row.pk,
            row.address,
            row.name,
            row.subscription.status,
            row.subscription.cadence,
            row.hashed in hashes,
        )
        for row in people[:MOST_FOUND]
    ]
    return found, len(people) > MOST_FOUND


def person(number: int) -> Subscriber:
    """The person of that number. Raises NotFound."""
    row = Subscriber.objects.select_related("subscription").filter(pk=number).first()
    if row is None:
        raise NotFound("This person is not there, or had their data erased.")
    return row


def facts(row: Subscriber) -> dict[str, Any]:
    """Everything that is kept about them, as plain values."""
    return rows_of(row)


def history(row: Subscriber, config: Config, now: datetime) -> list[Explained]:
    """The last editions, and for each why this person got it or did not."""
    begun = [
        EditionState.SENDING,
        EditionState.SENT,
        EditionState.PAUSED,
        EditionState.SKIPPED,
        EditionState.CANCELLED,
    ]
    editions = Edition.objects.filter(state__in=begun).select_related("campaign").order_by("-pk")
    told = []
    for edition in editions[:_EXPLAINED]:
        answer = explain(row.address, config, now, edition=edition.pk, post=None)
        told.append(
            Explained(
                edition=edition.pk,
                campaign=edition.campaign.name,
                at=edition.finished_at or edition.began_at or edition.slot_at,
                zone=edition.campaign.zone,
                verdict=answer.verdict,
                sentence=answer.sentence,
            )
        )
    return told
