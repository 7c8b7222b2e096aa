"""The link in a proof that stops its edition: its token, and what becomes of the edition. The page is the web's.

Whoever holds the link may use it: it goes to email.staff only, and all it can do is to stop a mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from newsletter.models import Edition, EditionState, Reason, Site
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.editions import compose
from newsletter.publishing.editions.delivery_counts import tally
from newsletter.publishing.editions.personalize import Links
from subscribers import tokens


class StaffPurpose(StrEnum):
    """What a link in a mail to staff may do."""

    #: Stop an edition; the number is the edition's.
    STOP = "stop"


class Standing(StrEnum):
    """What the link can do at the moment."""

    #: Nothing has gone.
    BEFORE = "before"
    #: It is going out: the rest can be stopped.
    GOING = "going"
    #: It is stopped.
    STOPPED = "stopped"
    #: It waits for approval, so nothing goes by itself.
    WAITS = "waits"
    #: It is sent, skipped or cancelled.
    OVER = "over"


_STANDING = {
    EditionState.DRAFT: Standing.WAITS,
    EditionState.AWAITING_APPROVAL: Standing.WAITS,
    EditionState.SCHEDULED: Standing.BEFORE,
    EditionState.SENDING: Standing.GOING,
    EditionState.PAUSED: Standing.STOPPED,
    EditionState.SENT: Standing.OVER,
    EditionState.CANCELLED: Standing.OVER,
    EditionState.SKIPPED: Standing.OVER,
}


@dataclass(frozen=True, slots=True)
class Stoppable:
    """An edition as its stop page shows it."""

    number: int
    campaign: str
    zone: str
    #: Aware, UTC.
    slot_at: datetime
    standing: Standing
    #: The edition's own word.
    state: str
    because: str
    sent: int
    people: int


def link(edition_id: int, links: Links) -> str:
    """The address of an edition's stop page."""
    return f"{links.site_url}/{StaffPurpose.STOP}/{tokens.make(StaffPurpose.STOP, edition_id, links.key)}"


def find(token: str, key: bytes) -> Stoppable:
    """The edition of a stop link. Raises BadLink, and NotFound when it is not there any more."""
    number = tokens.read(StaffPurpose.STOP, token, key)
    return _of(compose.find(number))


@transaction.atomic
def stop(number: int, now: datetime) -> Stoppable:
    """Pause the edition if anything of it can still be stopped; twice changes nothing. Raises NotFound."""
    Site.locked()
    edition = compose.find(number)
    if _STANDING[EditionState(edition.state)] in (Standing.BEFORE, Standing.GOING):
        edition_actions.pause(number, now, Reason.STAFF_STOPPED)
        edition = compose.find(number)
    return _of(edition)


def _of(edition: Edition) -> Stoppable:
    counted = tally(edition)
    return Stoppable(
        number=edition.pk,
        campaign=edition.campaign.name,
        zone=edition.campaign.zone,
        slot_at=edition.slot_at,
        standing=_STANDING[EditionState(edition.state)],
        state=edition.state,
        because=edition.because,
        sent=counted.counts["sent"],
        people=counted.people,
    )
