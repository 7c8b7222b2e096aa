"""Changes to campaigns: each keeps the next slot true. Making their editions is the work of tick.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from newsletter.errors import NotFound, Refused
from newsletter.models import Campaign, CampaignState, Edition, EditionState, Reason, Site
from newsletter.publishing.editions import transitions
from newsletter.slots.arithmetic import next_slot
from subscribers.cadence import Cadence

#: The zone of a campaign that follows site.timezone.
OF_SITE = "site"


def find(name: str) -> Campaign:
    """The campaign of that name. Raises NotFound, and names those there are."""
    campaign = Campaign.objects.filter(name=name).first()
    if campaign is None:
        names = ", ".join(Campaign.objects.order_by("pk").values_list("name", flat=True)) or "none yet"
        raise NotFound(f'There is no campaign "{name}". There are: {names}.')
    return campaign


def plan_next(campaign: Campaign, now: datetime) -> None:
    """Set the next slot strictly after ``now``; none for "each post" and for a paused campaign. Does not save."""
    if campaign.cadence == Cadence.EACH_POST or campaign.state != CampaignState.ACTIVE:
        campaign.next_slot_local = campaign.next_slot_at = None
        return
    slot = next_slot(campaign.rule, now)
    campaign.next_slot_local, campaign.next_slot_at = slot.local, slot.at


def plan_again(campaign: Campaign, now: datetime) -> None:
    """Set the next slot after a change of the rule, and take along the edition that was made for the old one.

    A slot that is due and not taken yet (nothing ran at its hour) stays due. Does not save the campaign. Call it with
    the site locked.
    """
    at, local = campaign.next_slot_at, campaign.next_slot_local
    if campaign.state == CampaignState.ACTIVE and at is not None and at <= now:
        return
    plan_next(campaign, now)
    if local is not None and campaign.next_slot_local is not None and campaign.next_slot_at != at:
        _move_made(campaign, local, at, now)
    elif local is None:
        _move_orphans(campaign, now)


def _made_ahead(campaign: Campaign) -> QuerySet[Edition]:
    """Editions of slots that have not begun and are not called off."""
    return Edition.objects.filter(
        campaign=campaign,
        slot_local__isnull=False,
        practice=None,
        state__in=[EditionState.AWAITING_APPROVAL, EditionState.SCHEDULED, EditionState.PAUSED],
    )


def _move_orphans(campaign: Campaign, now: datetime) -> None:
    """After a pause in which the campaign's days, hour or zone were changed: editions of slots that it has no more."""
    if campaign.next_slot_local is None:
        return
    zone = ZoneInfo(campaign.zone)
    wall = _wall(now, zone)
    for edition in (
        _made_ahead(campaign).filter(slot_local__gt=wall).exclude(slot_local=campaign.next_slot_local)
    ):
        local = edition.slot_local or ""
        # At the hour that its slot's name says: staff gave it no moment of its own.
        at = edition.slot_at if _wall(edition.slot_at, zone) == local else None
        _move_made(campaign, local, at, now)


def _wall(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes")


def _move_made(campaign: Campaign, local: str, at: datetime | None, now: datetime) -> None:
    """Later or earlier on the same day it stays as staff saw it; for another day it is made anew, when that is near:
    the day stands in it. Staff who gave it a moment of its own keep that."""
    for edition in _made_ahead(campaign).filter(slot_local=local):
        new = campaign.next_slot_local or ""
        taken = Edition.objects.filter(campaign=campaign, slot_local=new).exclude(pk=edition.pk).exists()
        if new[:10] == local[:10] and not taken:
            if edition.slot_at == at and campaign.next_slot_at is not None:
                edition.slot_at = campaign.next_slot_at
                edition.approve_by = edition.slot_at if edition.approve_by else None
            edition.slot_local = new
        else:
            transitions.cancel(edition, Reason.DAYS_CHANGED, now, frees_slot=True)
            continue
        edition.save(update_fields=["slot_at", "slot_local", "approve_by"])


def _follow_approval(campaign: Campaign) -> None:
    """An edition that was made ahead needs approval exactly when its campaign does."""
    made = _made_ahead(campaign).filter(slot_local=campaign.next_slot_local)
    if campaign.approval:
        unseen = (
            EditionState.SCHEDULED,
            EditionState.PAUSED,
        )  # one that is paused would go when it is resumed
        for edition in made.filter(state__in=unseen, approved_at=None):
            transitions.ask(edition, by=edition.slot_at)
    else:
        for edition in made.filter(state=EditionState.AWAITING_APPROVAL, approve_by__isnull=False):
            transitions.plan(edition)


def running_cadences() -> list[Cadence]:
    """The cadences that people are offered: those with an active campaign."""
    active = set(Campaign.objects.filter(state=CampaignState.ACTIVE).values_list("cadence", flat=True))
    return [cadence for cadence in Cadence if cadence.value in active]


def _save(campaign: Campaign) -> None:
    try:
        with transaction.atomic():
            campaign.save()
    except IntegrityError as error:
        other = Campaign.objects.filter(cadence=campaign.cadence, state=CampaignState.ACTIVE).exclude(
            pk=campaign.pk
        )
        if (twin := other.first()) is not None and campaign.state == CampaignState.ACTIVE:
            raise Refused(
                f'The campaign "{twin.name}" already mails the people who chose {campaign.cadence}. '
                f"Pause it first: newsletter campaigns pause {twin.name}"
            ) from error
        raise Refused(f'There is already a campaign "{campaign.name}".') from error


@transaction.atomic
def follow_zone(zone: str, now: datetime) -> None:
    """Move the campaigns that name no zone of their own to the site's new one: nine o'clock stays nine o'clock."""
    site = Site.locked()
    for campaign in Campaign.objects.select_for_update().filter(zone_of_site=True):
        campaign.zone = zone
        plan_again(campaign, now)
        campaign.save(update_fields=["zone", "next_slot_local", "next_slot_at"])
    site.timezone = zone
    site.save(update_fields=["timezone"])


def _with_zone(fields: dict[str, Any], site: Site) -> dict[str, Any]:
    """The fields, with a zone that is "site" (or not named, for a new campaign) as the site's own."""
    if "zone" not in fields:
        return fields
    own = fields["zone"] not in ("", OF_SITE)
    return {**fields, "zone": fields["zone"] if own else site.timezone, "zone_of_site": not own}


@transaction.atomic
def add(name: str, cadence: Cadence, now: datetime, **fields: Any) -> Campaign:
    """A new campaign, active unless ``state`` says otherwise. What was released before it is not its business."""
    site = Site.locked()
    fields = _with_zone({"state": CampaignState.ACTIVE, "zone": OF_SITE, **fields}, site)
    campaign = Campaign(name=name, cadence=cadence, frozen_through=site.newest_release, **fields)
    campaign.made_through = site.newest_release
    _check(campaign)
    plan_next(campaign, now)
    _save(campaign)
    return campaign


@transaction.atomic
def edit(name: str, now: datetime, **fields: Any) -> Campaign:
    """Change an existing campaign; its next slot follows. Raises Refused for values no calendar has."""
    site = Site.locked()
    campaign = Campaign.objects.select_for_update().get(pk=find(name).pk)
    for field, value in _with_zone(fields, site).items():
        setattr(campaign, field, value)
    _check(campaign)
    plan_again(campaign, now)
    _save(campaign)
    if "approval" in fields:
        _follow_approval(campaign)
    return campaign


def _check(campaign: Campaign) -> None:
    try:
        _ = campaign.rule
    except ValueError as error:
        raise Refused(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
    if campaign.cadence != Cadence.MONTHLY and campaign.ordinal:
        raise Refused(
            f'Only a monthly campaign has a day such as "last friday"; "{campaign.name}" is {campaign.cadence}.'
        )


def pause(name: str, now: datetime, until: datetime | None = None) -> Campaign:
    """Stop making editions, until an instant or until resumed."""
    if until is not None and until <= now:
        raise Refused("That date is in the past; give one to come, or none to pause until you resume.")
    return edit(name, now, state=CampaignState.PAUSED, paused_until=until)


@transaction.atomic
def resume(name: str, now: datetime) -> Campaign:
    """Go on making editions. What was released meanwhile is owed: a digest brings it at its next slot, and "each post"
    mail by mail, or in one mail that waits for approval where it is much.
    """
    site = Site.locked()
    campaign = find(name)
    fields: dict[str, Any] = {"state": CampaignState.ACTIVE, "paused_until": None}
    if campaign.state == CampaignState.PAUSED:
        # Who joins from now on starts now; who was there has a watermark of their own.
        fields["frozen_through"] = max(campaign.frozen_through, site.newest_release)
        _leave_out_passed(campaign, now)
    return edit(name, now, **fields)


def _leave_out_passed(campaign: Campaign, now: datetime) -> None:
    """What was made ahead of a slot that passed during the pause is not sent when it ends."""
    for edition in _made_ahead(campaign).filter(state=EditionState.SCHEDULED, slot_at__lte=now):
        transitions.skip(edition, Reason.CAMPAIGN_PAUSED, now)
