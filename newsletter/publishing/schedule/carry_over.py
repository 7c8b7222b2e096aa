"""What an unfinished edition gives back, so that the next one carries it. Who is owed what then is the ledger's."""

from __future__ import annotations

from datetime import datetime

from newsletter.models import Campaign, DeliveryState, Edition, EditionState
from newsletter.publishing.editions import transitions
from newsletter.publishing.ledger import watermarks


def give_back_before(edition: Edition, now: datetime) -> int:
    """Let the unfinished digests before a slot's edition give their unsent part back, unless it is frozen: it then
    cannot carry more than staff saw, and the earlier ones go on by themselves."""
    if edition.slot_local is None or edition.frozen_at is not None:
        return 0
    return give_back(edition.campaign, now, before=edition.pk)


def give_back(campaign: Campaign, now: datetime, *, before: int | None = None) -> int:
    """Let digests that are unfinished when the next one is due give their unsent part back, so that one mail carries
    both. Returns how many deliveries that were."""
    earlier = Edition.objects.filter(
        campaign=campaign,
        state=EditionState.SENDING,
        lead=None,
        moves_watermarks=True,
    )
    if before is not None:
        earlier = earlier.filter(pk__lt=before)
    return sum(close_early(edition, now, "the next edition carries it") for edition in earlier)


def close_early(edition: Edition, now: datetime, because: str) -> int:
    """Enqueue no more of an edition and call off what waits; what is in hand is still sent."""
    transitions.cut_short(edition, now)
    return watermarks.call_off(edition, DeliveryState.CANCELLED, because, now)


def supersede(edition: Edition, now: datetime) -> None:
    """A slot's edition has begun: earlier ones of its campaign that never did are over, because it carries their posts.

    Only those of slots; what staff made by hand is theirs.
    """
    earlier = Edition.objects.filter(
        campaign=edition.campaign, pk__lt=edition.pk, slot_local__isnull=False, practice=None
    )
    transitions.superseded(earlier, edition, now)
