"""Takes a list of people in, some hundreds in one transaction, with the consent that staff vouch for.

Reading the file is subscribers.imports' part; where each person's watermark starts is join's rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.db import transaction

from newsletter.models import Site
from newsletter.publishing import join
from subscribers import address
from subscribers.cadence import Cadence
from subscribers.consent import Proof
from subscribers.imports import Refusal, Row
from subscribers.models import Consent, Event, Status, Subscriber, Subscription, Suppression
from subscribers.names import one_line

#: People a transaction: an unsubscribe that comes meanwhile waits for about a tenth of a second.
CHUNK = 300
_STANDING = {
    Status.CONFIRMED: "is subscribed already",
    Status.PAUSED: "is subscribed already (paused)",
    Status.LEFT: "left before; only the person can come back",
}


@dataclass(slots=True)
class Admission:
    """What became of the rows of a file."""

    added: int = 0
    #: New people by cadence.
    cadences: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)


def admit(
    rows: Iterable[Row | Refusal],
    *,
    cadence: Cadence,
    proof: Proof,
    now: datetime,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> Admission:
    """Add and confirm the people of these rows, ``cadence`` for those whose row names none.

    ``proof.wording`` is what they agreed to. With ``dry_run`` everything is checked and nothing is written.
    ``progress`` gets the number of rows done.
    """
    done = Admission()
    waiting = iter(rows)
    count = 0
    while chunk := list(islice(waiting, CHUNK)):
        done.refused += [row for row in chunk if isinstance(row, Refusal)]
        with transaction.atomic():
            _take_in([row for row in chunk if isinstance(row, Row)], cadence, proof, now, dry_run, done)
        count += len(chunk)
        progress(count)
    done.refused.sort(key=lambda refusal: refusal.line)
    return done


def _take_in(
    rows: Sequence[Row], cadence: Cadence, proof: Proof, now: datetime, dry_run: bool, done: Admission
) -> None:
    site = Site.locked()
    key = settings.SUBSCRIBERS_SUPPRESSION_KEY
    hashed = {row.address.normal: address.hashed(row.address.normal, key) for row in rows}
    suppressed = dict(Suppression.objects.filter(hashed__in=hashed.values()).values_list("hashed", "reason"))
    known = _standings(hashed)
    new: list[Row] = []
    for row in rows:
        standing = known.get(row.address.normal)
        if (reason := suppressed.get(hashed[row.address.normal])) is not None:
            done.refused.append(
                Refusal(row.line, row.address.shown, f"must not be mailed (reason: {reason})")
            )
        elif standing in _STANDING:
            done.refused.append(Refusal(row.line, row.address.shown, _STANDING[standing]))
        else:
            new.append(row)
    done.added += len(new)
    done.cadences.update((row.cadence or cadence).value for row in new)
    if dry_run:
        return
    for row in new:
        if row.address.normal in known:  # signed up and not confirmed yet
            _confirm_pending(row, cadence, proof, now)
    _insert([row for row in new if row.address.normal not in known], cadence, proof, now, hashed, site)


def _standings(normals: Iterable[str]) -> dict[str, Status]:
    """Where those stand who are known already. Who left stays so until the person's own yes: a sign-up that waits since
    may be anybody's. The rows are locked, so that nobody leaves between this and the confirmation."""
    rows = Subscription.objects.select_for_update(no_key=True).filter(subscriber__normal__in=normals)
    return {
        normal: Status.LEFT if status == Status.PENDING and left_at else Status(status)
        for normal, status, left_at in rows.values_list("subscriber__normal", "status", "left_at")
    }


def _confirm_pending(row: Row, cadence: Cadence, proof: Proof, now: datetime) -> None:
    join.add(
        row.address.shown,
        name=row.name,
        cadence=row.cadence or cadence,
        topics=list(row.topics),
        event=Event.IMPORTED,
        proof=proof,
        now=now,
    )


def _insert(
    rows: Sequence[Row], cadence: Cadence, proof: Proof, now: datetime, hashed: dict[str, str], site: Site
) -> None:
    """New people, signed up and confirmed in three statements: what ``join.add`` does for one, for many."""
    people = Subscriber.objects.bulk_create(
        Subscriber(
            address=row.address.shown,
            normal=row.address.normal,
            wire=row.address.wire,
            hashed=hashed[row.address.normal],
            name=one_line(row.name),
            created_at=now,
        )
        for row in rows
    )
    starts = {word: join.starting_watermark(word, site) for word in {row.cadence or cadence for row in rows}}
    Subscription.objects.bulk_create(
        Subscription(
            subscriber=person,
            status=Status.CONFIRMED,
            cadence=(row.cadence or cadence).value,
            topics=sorted(row.topics),
            watermark=starts[row.cadence or cadence],
            practice_watermark=starts[row.cadence or cadence],
            floor=starts[row.cadence or cadence],
            confirmed_at=now,
        )
        for person, row in zip(people, rows, strict=True)
    )
    Consent.objects.bulk_create(
        Consent(
            subscriber=person,
            at=now,
            event=event,
            wording=proof.wording,
            form=proof.form[:300],
            detail={"line": row.line} if event == Event.IMPORTED else {},
        )
        for person, row in zip(people, rows, strict=True)
        for event in (Event.IMPORTED, Event.CONFIRMED)
    )
