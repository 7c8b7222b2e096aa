"""The life of an edition: the only place where its state is written. Each move takes the site's lock, checks that it is
legal, and sets whatever hangs on it; why it was made is a code (``Reason``).

When to move is decided by the callers: at its hour in schedule, by staff in decisions, by the relay in delivery. What
becomes of an edition's deliveries is the ledger's (``watermarks.call_off``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from newsletter.models import Campaign, Edition, EditionState, Reason, Site, Variant
from newsletter.models.edition import UNSTARTED
from newsletter.publishing.editions import delivery_counts

_LONGEST_DETAIL = 300
_PLANNED = (EditionState.SCHEDULED, EditionState.PAUSED)


@transaction.atomic
def create(campaign: Campaign, now: datetime, *, slot_at: datetime, **fields: Any) -> Edition:
    """A draft: nothing of it goes until it is planned, asked about or begun."""
    Site.locked()
    return Edition.objects.create(campaign=campaign, created_at=now, slot_at=slot_at, **fields)


@transaction.atomic
def plan(edition: Edition, *, slot_at: datetime | None = None) -> None:
    """It goes by itself at its moment, unseen or not. Raises IllegalMove."""
    _move(edition, EditionState.SCHEDULED, slot_at=slot_at or edition.slot_at, approve_by=None)


@transaction.atomic
def approve(edition: Edition, now: datetime, *, slot_at: datetime | None = None) -> None:
    """Staff have seen it: it goes at its moment, or at another that they give. One that was approved before is approved
    anew. Raises IllegalMove."""
    fields: dict[str, Any] = {"approved_at": now, "slot_at": slot_at or edition.slot_at}
    if edition.state == EditionState.SCHEDULED:
        _set(edition, **fields)
    else:
        _move(edition, EditionState.SCHEDULED, **fields)


@transaction.atomic
def ask(
    edition: Edition, reason: Reason = Reason.NONE, detail: object = "", *, by: datetime | None = None
) -> None:
    """It waits for a yes, and is skipped at ``by`` for want of it; None for "it waits". Raises IllegalMove."""
    _move(edition, EditionState.AWAITING_APPROVAL, reason, detail, approved_at=None, approve_by=by)


@transaction.atomic
def back_to_approval(
    edition: Edition, reason: Reason, detail: object, now: datetime, *, drafts_too: bool = False
) -> bool:
    """What staff saw, or what was to go by itself, is not what would be sent: it waits for a yes again, and where its
    hour has passed without a deadline, so that staff get time to look. What waits already keeps its reason, and a draft
    stays one unless it was on its way (``drafts_too``). False, and nothing is done, when it has begun or is over."""
    Site.locked()
    edition.refresh_from_db()
    if edition.state not in (*UNSTARTED, EditionState.PAUSED):
        return False
    by = edition.approve_by if edition.approve_by is not None and edition.approve_by > now else None
    if edition.state in _PLANNED or (drafts_too and edition.state == EditionState.DRAFT):
        _move(edition, EditionState.AWAITING_APPROVAL, reason, detail, approved_at=None, approve_by=by)
    else:
        _set(edition, approved_at=None, approve_by=by)
    return True


@transaction.atomic
def recompose(edition: Edition, reason: Reason, now: datetime, *, drafts_too: bool = False) -> bool:
    """Throw away what it holds and ask again; ``compose.freeze`` fills it anew, in the same transaction. False, and
    nothing is done, when it has begun or is over."""
    if edition.state == EditionState.PAUSED or not back_to_approval(
        edition, reason, "", now, drafts_too=drafts_too
    ):
        return False
    edition.edition_posts.all().delete()
    Variant.objects.filter(edition=edition).delete()
    _set(edition, reason=reason, detail="", frozen={}, frozen_at=None)
    return True


@transaction.atomic
def begin(edition: Edition, now: datetime, *, practice: bool) -> None:
    """It is being sent from now on, into the outbox or for real. Raises IllegalMove."""
    _move(edition, EditionState.SENDING, practice=practice, began_at=now)


@transaction.atomic
def pause(edition: Edition, reason: Reason = Reason.NONE, detail: object = "") -> None:
    """What is on the wire is finished, the rest waits for staff. Raises IllegalMove."""
    _move(edition, EditionState.PAUSED, reason, detail)


@transaction.atomic
def resume(edition: Edition) -> None:
    """Go on where it was paused: before its beginning, or in it. Raises IllegalMove."""
    Site.locked()
    edition.refresh_from_db()
    _move(edition, EditionState.SCHEDULED if edition.practice is None else EditionState.SENDING)


@transaction.atomic
def reopen(edition: Edition) -> None:
    """Something of an edition that was sent is to be sent once more. Raises IllegalMove."""
    _move(edition, EditionState.SENDING, finished_at=None, final={})


@transaction.atomic
def skip(edition: Edition, reason: Reason, now: datetime) -> None:
    """It does not go, and what it carried comes with the next one. Raises IllegalMove."""
    _move(edition, EditionState.SKIPPED, reason, finished_at=now, approve_by=None)


@transaction.atomic
def cancel(
    edition: Edition,
    reason: Reason,
    now: datetime,
    *,
    detail: object = "",
    owed_again: bool = True,
    frees_slot: bool = False,
) -> None:
    """It is called off, for good. ``owed_again`` is for what has not gone: owed at the next slot, or kept out of mail.
    ``frees_slot``: another edition may be made for its hour. Raises IllegalMove."""
    slot_local = None if frees_slot else edition.slot_local
    _move(
        edition,
        EditionState.CANCELLED,
        reason,
        detail,
        finished_at=now,
        owed_again=owed_again,
        slot_local=slot_local,
        approve_by=None,
        final={},
    )


@transaction.atomic
def finish(edition: Edition, now: datetime, *, reached_anybody: bool) -> None:
    """Nothing of it is left to try. One that was for nobody is skipped. Raises IllegalMove."""
    Site.locked()
    edition.refresh_from_db()
    if reached_anybody:
        _move(edition, EditionState.SENT, finished_at=now, final=delivery_counts.final(edition))
        return
    cut_short = edition.reason == Reason.CUT_SHORT
    reason = Reason.CUT_SHORT if cut_short else Reason.NOTHING_FOR_ANYBODY
    _move(edition, EditionState.SKIPPED, reason, finished_at=now)


@transaction.atomic
def cut_short(edition: Edition, now: datetime) -> None:
    """Who is not enqueued yet is left to the next edition; what is in hand is still sent. Nothing is done when it is
    enqueued whole."""
    Site.locked()
    edition.refresh_from_db()
    if edition.enqueued_at is None:
        _set(edition, enqueued_at=now, reason=Reason.CUT_SHORT, detail="")


@transaction.atomic
def superseded(editions: Iterable[Edition], by: Edition, now: datetime) -> None:
    """Another edition carries the posts of those that never began: what waited for a yes is skipped, what was paused is
    cancelled."""
    for edition in editions:
        if edition.state == EditionState.AWAITING_APPROVAL:
            _move(edition, EditionState.SKIPPED, Reason.CARRIED, by.pk, finished_at=now)
        elif edition.state == EditionState.PAUSED:
            _move(edition, EditionState.CANCELLED, Reason.CARRIED, by.pk, finished_at=now)


def _move(
    edition: Edition, state: EditionState, reason: Reason = Reason.NONE, detail: object = "", **fields: Any
) -> None:
    """Check the move against the row as it is now, under the lock, and write it with all that belongs to it."""
    Site.locked()
    stored = Edition.objects.select_for_update(of=("self",)).only("state").get(pk=edition.pk)
    stored.must_become(state)
    edition.state = state
    _set(edition, state=state, reason=reason, detail=str(detail)[:_LONGEST_DETAIL], **fields)


def _set(edition: Edition, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(edition, name, value)
    edition.save(update_fields=list(fields))
