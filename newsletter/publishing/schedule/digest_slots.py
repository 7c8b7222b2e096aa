"""The editions of digests: made some hours before their slot, or at it; and what becomes of a slot that was missed.

A slot is taken by inserting its unique row, under the site's lock, so any number of schedulers may do it at once. The
campaign's next slot stays the next until its hour has come, whether or not its edition is made already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from newsletter.config import Config
from newsletter.models import Campaign, CampaignState, Edition, EditionState, LatePolicy, Reason, Site
from newsletter.models.edition import UNSTARTED
from newsletter.publishing.editions import campaigns, compose, transitions
from newsletter.slots.arithmetic import Slot, slots_between

#: A slot that is taken later than this was missed: the process was down, or the machine asleep.
LATE_AFTER = timedelta(minutes=15)


def make_ahead(campaign: Campaign, config: Config, now: datetime) -> Edition | None:
    """Make and freeze the edition of a campaign's next slot when the time for that has come.

    None when it is too early, when it exists, when there is nothing new yet, and while the last edition is still being
    enqueued: its people would be counted twice. Posts that are released after this go to the next edition.
    """
    if not _ahead_due(campaign, config, now):
        return None
    with transaction.atomic():
        site = Site.locked()
        campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
        at = campaign.next_slot_at
        if at is None or not _ahead_due(campaign, config, now) or _being_enqueued(campaign):
            return None
        if not compose.anything_new(campaign, site.newest_release, practice=config.practice):
            return None
        edition = transitions.create(campaign, now, slot_at=at, slot_local=campaign.next_slot_local)
        if campaign.approval:
            transitions.ask(edition, by=at)
        else:
            transitions.plan(edition)
        compose.freeze(edition, config, now)
    return edition


def draft_at(campaign: Campaign, config: Config) -> datetime | None:
    """When the edition of the campaign's next slot is to be made; None for at the slot itself."""
    lead = campaign.lead(config.proof_minutes)
    return campaign.next_slot_at - lead if campaign.next_slot_at is not None and lead else None


def of_next_slot(campaign: Campaign) -> Edition | None:
    """The edition of the campaign's next slot, where it is made already."""
    if campaign.next_slot_local is None:
        return None
    return Edition.objects.filter(campaign=campaign, slot_local=campaign.next_slot_local).first()


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What is to come of a campaign; moments are aware UTC."""

    slot_at: datetime
    #: When its edition is made and frozen; None for at the slot.
    draft_at: datetime | None
    #: When staff get the proof; None where nobody gets one.
    proof_at: datetime | None
    #: Its edition, where it is made already.
    edition: Edition | None
    #: The slot's date is one without mail.
    left_out: bool


def upcoming(campaign: Campaign, config: Config) -> Upcoming | None:
    """The campaign's next slot; None for "each post" and while it is paused."""
    at = campaign.next_slot_at
    if at is None or campaign.next_slot_local is None:
        return None
    proof = at - timedelta(minutes=config.proof_minutes) if config.proof_minutes else None
    left_out = in_blackout(campaign.next_slot_local, config)
    if left_out:
        return Upcoming(at, None, None, None, True)
    edition = of_next_slot(campaign)
    if edition is not None and edition.slot_at != at:
        # Staff gave it another moment: its proof comes before that one.
        proof = edition.slot_at - (at - proof) if proof is not None else None
    if edition is not None and edition.state not in UNSTARTED:
        proof = None  # it has gone, or does not go
    return Upcoming(at, draft_at(campaign, config), proof, edition, False)


def in_blackout(slot_local: str, config: Config) -> bool:
    """Whether a slot's date, as the campaign's own wall shows it, is one without mail."""
    return config.blackout.covers(date.fromisoformat(slot_local[:10]))


def _ahead_due(campaign: Campaign, config: Config, now: datetime) -> bool:
    at, begins = campaign.next_slot_at, draft_at(campaign, config)
    if campaign.state != CampaignState.ACTIVE or at is None or begins is None or not begins <= now < at:
        return False
    return not in_blackout(campaign.next_slot_local or "", config) and of_next_slot(campaign) is None


def _being_enqueued(campaign: Campaign) -> bool:
    return Edition.objects.filter(
        campaign=campaign, state=EditionState.SENDING, enqueued_at=None, moves_watermarks=True
    ).exists()


@transaction.atomic
def take_slot(campaign: Campaign, config: Config, now: datetime) -> Edition | None:
    """Take a digest's due slot: insert its row unless it was made ahead, and move the campaign on.

    Slots missed during an outage become one edition by the campaign's late policy: the one that was made ahead and
    approved, else a new one at the last of them. Returns a new edition, None when there is none to make.
    """
    Site.locked()
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    at, local = campaign.next_slot_at, campaign.next_slot_local
    if campaign.state != CampaignState.ACTIVE or at is None or local is None or at > now:
        return None
    missed = list(slots_between(campaign.rule, at, now))
    made = of_next_slot(campaign)
    campaigns.plan_next(campaign, now)
    campaign.save(update_fields=["next_slot_local", "next_slot_at"])
    if made is not None and _settles_all(made, bool(missed), now):
        return None
    return _make([Slot(at, local), *missed], campaign, config, now)


def _settles_all(made: Edition, more_missed: bool, now: datetime) -> bool:
    """Apply the late policy to the edition that was made ahead. Whether every slot that is due is settled by it."""
    if made.state != EditionState.SCHEDULED or now - made.slot_at <= LATE_AFTER:
        return not more_missed
    policy = made.campaign.late
    if policy == LatePolicy.SKIP:
        transitions.skip(made, Reason.MISSED_SKIP, now)
    elif more_missed and (made.approved_at is None or policy == LatePolicy.ASK):
        transitions.skip(made, Reason.MISSED_TWICE, now)
    elif policy == LatePolicy.ASK:
        transitions.ask(made, Reason.MISSED_ASK)
    else:
        return True  # what staff approved is the one mail of the outage
    return not more_missed


def _make(due: list[Slot], campaign: Campaign, config: Config, now: datetime) -> Edition | None:
    """One edition for all the slots that are due: at the last of them that falls on no date without mail."""
    slot = ([slot for slot in due if not in_blackout(slot.local, config)] or due)[-1]
    if Edition.objects.filter(campaign=campaign, slot_local=slot.local).exists():
        return None  # staff moved the hour to and fro, and this day's edition exists
    edition = transitions.create(campaign, now, slot_at=slot.at, slot_local=slot.local)
    late = now - slot.at > LATE_AFTER
    if in_blackout(slot.local, config) or (late and config.blackout.covers_moment(now, campaign.zone)):
        transitions.skip(edition, Reason.BLACKOUT, now)
    elif late and campaign.late == LatePolicy.SKIP:
        transitions.skip(edition, Reason.MISSED_SKIP, now)
    elif late and campaign.late == LatePolicy.ASK:
        _ask(edition, Reason.MISSED_ASK, config, now)
    elif campaign.approval:
        _ask(edition, Reason.UNSEEN, config, now)
    else:
        transitions.plan(edition)
    return edition


def _ask(edition: Edition, reason: Reason, config: Config, now: datetime) -> None:
    """What staff look at is what they approve, so it is frozen at once."""
    compose.freeze(edition, config, now)
    if edition.edition_posts.exists():
        transitions.ask(edition, reason)
    else:
        transitions.skip(edition, Reason.NOTHING_NEW, now)


def leave_out_unapproved(now: datetime) -> int:
    """Skip what nobody approved by its hour. Its posts stay owed, no watermark moves. Returns how many."""
    unapproved = Edition.objects.filter(state=EditionState.AWAITING_APPROVAL, approve_by__lte=now)
    if not unapproved.exists():
        return 0
    with transaction.atomic():
        Site.locked()  # or somebody's yes could come between the look and the move
        left_out = list(unapproved)
        for edition in left_out:
            transitions.skip(edition, Reason.NOT_APPROVED, now)
    return len(left_out)
