"""Takes a list of people in, some hundreds in one transaction, with the consent that staff vouch for.

Who stands in it as one who left, must not be mailed or never confirmed is kept as that, by stand_down. Reading the file
is subscribers.lists.imports' part; where each person's watermark starts is join's rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.db import transaction

from newsletter.models import Site
from newsletter.publishing.subscriptions import listed_leavers, sign_up
from subscribers import address, consent
from subscribers.cadence import Cadence
from subscribers.consent import Proof
from subscribers.lists.imports import Refusal, Row
from subscribers.lists.standing import Standing
from subscribers.models import Consent, Event, Status, Subscriber, Subscription, Suppression
from subscribers.names import one_line

#: People a transaction: an unsubscribe that comes meanwhile waits for about a tenth of a second.
CHUNK = 300
_STANDING = {
    Status.CONFIRMED: "is subscribed already",
    Status.PAUSED: "is subscribed already (paused)",
    Status.LEFT: "left before; only the person can come back",
    Status.PENDING: "has signed up already, and not confirmed",
}
#: How a person who is new here begins.
_BEGINS = {
    Standing.SUBSCRIBED: Status.CONFIRMED,
    Standing.PAUSED: Status.PAUSED,
    Standing.PENDING: Status.PENDING,
    Standing.LEFT: Status.LEFT,
    Standing.SUPPRESSED: Status.LEFT,
}


@dataclass(frozen=True, slots=True)
class StoodDown:
    """Somebody of the file who is not subscribed by it, and why, in a clause for staff."""

    line: int
    address: str
    becomes: Standing
    why: str


@dataclass(slots=True)
class Admission:
    """What became of the rows of a file."""

    added: int = 0
    #: New people by cadence.
    cadences: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)
    #: Those who stand in the file as paused, pending, left or suppressed, and here too from now on.
    stood_down: list[StoodDown] = field(default_factory=list)

    def counted(self, standing: Standing) -> int:
        """How many became that."""
        return sum(person.becomes is standing for person in self.stood_down)


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
    done.stood_down.sort(key=lambda person: person.line)
    return done


def _take_in(
    rows: Sequence[Row], cadence: Cadence, proof: Proof, now: datetime, dry_run: bool, done: Admission
) -> None:
    site = Site.locked()
    suppressed = _suppressed(rows)
    known = _standings(row.address.normal for row in rows)
    new: list[Row] = []
    for row in rows:
        normal = row.address.normal
        if listed_leavers.is_against(row) and normal in known:
            _against(row, suppressed, proof, now, dry_run, done)
        elif (reason := suppressed.get(normal)) is not None:
            done.refused.append(
                Refusal(row.line, row.address.shown, f"must not be mailed (reason: {reason})")
            )
        elif (standing := known.get(normal)) and not _is_confirmed_by_this(standing, row):
            done.refused.append(Refusal(row.line, row.address.shown, _STANDING[standing]))
        else:
            new.append(row)
    _count(new, cadence, done)
    if dry_run:
        return
    for row in new:
        if row.address.normal in known:  # signed up and not confirmed yet
            _confirm_pending(row, cadence, proof, now)
    _insert([row for row in new if row.address.normal not in known], cadence, proof, now, site)


def _is_confirmed_by_this(standing: Status, row: Row) -> bool:
    """Whether staff's word for this row confirms a sign-up that waits."""
    return standing == Status.PENDING and row.said.standing in (Standing.SUBSCRIBED, Standing.PAUSED)


def _against(
    row: Row, suppressed: Mapping[str, str], proof: Proof, now: datetime, dry_run: bool, done: Admission
) -> None:
    """Somebody who is known here, and stands in the file as left or suppressed."""
    stays = listed_leavers.stays(row, now)
    if stays is not None and row.address.normal not in suppressed:
        done.refused.append(Refusal(row.line, row.address.shown, stays))
        return
    done.stood_down.append(_stood_down(row))
    if not dry_run:
        listed_leavers.stand_down(row, proof, now)


def _stood_down(row: Row) -> StoodDown:
    becomes = Standing.SUPPRESSED if row.suppressed else row.said.standing
    why = row.said.why if not row.suppressed else f"suppressed, {row.suppressed}"
    return StoodDown(row.line, row.address.shown, becomes, why)


def _count(new: Sequence[Row], cadence: Cadence, done: Admission) -> None:
    for row in new:
        if row.said.standing is Standing.SUBSCRIBED and not row.suppressed:
            done.added += 1
            done.cadences[(row.cadence or cadence).value] += 1
        else:
            done.stood_down.append(_stood_down(row))


def _suppressed(rows: Sequence[Row]) -> dict[str, str]:
    """``Address.normal`` → why it must not be mailed, for those that must not."""
    key = settings.SUBSCRIBERS_SUPPRESSION_KEY
    owner = {one: row.address.normal for row in rows for one in address.hashes(row.address.normal, key)}
    found = Suppression.objects.filter(hashed__in=owner).values_list("hashed", "reason")
    return {owner[hashed]: reason for hashed, reason in found}


def _standings(normals: Iterable[str]) -> dict[str, Status]:
    """Where those stand who are known already. Who left stays so until the person's own yes: a sign-up that waits since
    may be anybody's. The rows are locked, so that nobody leaves between this and the confirmation."""
    rows = Subscription.objects.select_for_update(no_key=True).filter(subscriber__normal__in=list(normals))
    return {
        normal: Status.LEFT if status == Status.PENDING and left_at else Status(status)
        for normal, status, left_at in rows.values_list("subscriber__normal", "status", "left_at")
    }


def _confirm_pending(row: Row, cadence: Cadence, proof: Proof, now: datetime) -> None:
    person, _ = sign_up.add(
        row.address.shown,
        name=row.name,
        cadence=row.cadence or cadence,
        topics=list(row.topics),
        event=Event.IMPORTED,
        proof=Proof(proof.wording, proof.form, detail=_detail(row)),
        now=now,
    )
    if row.said.standing is Standing.PAUSED:
        consent.pause(person, proof=Proof(form=proof.form), now=now)


def _detail(row: Row) -> dict[str, object]:
    """What the consent record keeps of a row: its line, and the proof that the other system had, word for word."""
    said = {"said": row.said.why} if row.said.why else {}
    return {"line": row.line, **said, **row.proof}


def _insert(rows: Sequence[Row], cadence: Cadence, proof: Proof, now: datetime, site: Site) -> None:
    """New people, signed up and confirmed in three statements: what ``join.add`` does for one, for many."""
    key = settings.SUBSCRIBERS_SUPPRESSION_KEY
    people = Subscriber.objects.bulk_create(
        Subscriber(
            address=row.address.shown,
            normal=row.address.normal,
            wire=row.address.wire,
            hashed=address.hashed(row.address.normal, key),
            name=one_line(row.name),
            created_at=now,
        )
        for row in rows
    )
    starts = {word: _starts(word, site) for word in {row.cadence or cadence for row in rows}}
    Subscription.objects.bulk_create(
        _subscription(person, row, row.cadence or cadence, starts[row.cadence or cadence], now)
        for person, row in zip(people, rows, strict=True)
    )
    Consent.objects.bulk_create(
        Consent(
            subscriber=person,
            at=now,
            event=event,
            wording=proof.wording if _BEGINS[row.said.standing] in (Status.CONFIRMED, Status.PAUSED) else "",
            form=proof.form[:300],
            detail=_detail(row) if event == Event.IMPORTED else {},
        )
        for person, row in zip(people, rows, strict=True)
        for event in (Event.IMPORTED, *_STEPS[_BEGINS[row.said.standing]])
    )
    for person, row in zip(people, rows, strict=True):
        listed_leavers.suppress(row, person.hashed, now)


#: The steps of the consent record after "imported".
_STEPS: dict[Status, tuple[Event, ...]] = {
    Status.CONFIRMED: (Event.CONFIRMED,),
    Status.PAUSED: (Event.CONFIRMED, Event.PAUSED),
    Status.PENDING: (),
    Status.LEFT: (Event.LEFT,),
}


def _starts(cadence: Cadence, site: Site) -> tuple[int, int]:
    """The first watermark of a cadence, and the one among practice editions."""
    start = sign_up.starting_watermark(cadence, site)
    return start, sign_up.practice_start(cadence, start)


def _subscription(
    person: Subscriber, row: Row, cadence: Cadence, starts: tuple[int, int], now: datetime
) -> Subscription:
    """Everybody starts at the same place, also who left: coming back within two weeks digs up nothing older."""
    status = _BEGINS[row.said.standing]
    wants_mail = status in (Status.CONFIRMED, Status.PAUSED)
    return Subscription(
        subscriber=person,
        status=status,
        cadence=cadence.value,
        topics=sorted(row.topics),
        watermark=starts[0],
        practice_watermark=starts[1],
        floor=starts[0],
        # The consent began here when it was taken in; when it began in the other system stands in the consent record.
        confirmed_at=now if wants_mail else listed_leavers.past(row.confirmed_at, now),
        paused_at=(listed_leavers.past(row.paused_at, now) or now) if status == Status.PAUSED else None,
        left_at=listed_leavers.left_at(row, now) if not wants_mail else None,
    )
