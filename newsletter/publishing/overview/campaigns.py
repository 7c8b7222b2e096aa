"""Campaigns as the desk shows them: in plain words, the next slots as dates, and what the next edition would hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from newsletter.config import Config
from newsletter.models import Campaign, CampaignState, Site
from newsletter.publishing.editions import compose
from newsletter.publishing.overview import growth
from newsletter.publishing.schedule.digest_slots import in_blackout
from newsletter.slots.arithmetic import slots_between
from newsletter.slots.wording import describe
from subscribers.cadence import Cadence

_SLOTS = 5
_YEARS = timedelta(days=800)


@dataclass(frozen=True, slots=True)
class Slot:
    """A moment at which a digest goes out, aware UTC."""

    at: datetime
    #: Its date is one without mail.
    left_out: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One campaign."""

    name: str
    words: str
    zone: str
    state: str
    paused_until: datetime | None
    approval: bool
    four_eyes: bool
    people: int
    #: Posts that its next edition would carry as things stand.
    posts: int
    slots: tuple[Slot, ...]


def campaigns(config: Config, now: datetime) -> list[Shown]:
    """All of them."""
    newest = Site.objects.get(pk=1).newest_release
    people = growth.people(now).by_cadence
    return [
        _shown(campaign, config, now, newest, people.get(campaign.cadence, 0))
        for campaign in Campaign.objects.order_by("pk")
    ]


def _shown(campaign: Campaign, config: Config, now: datetime, newest: int, people: int) -> Shown:
    each_post = campaign.cadence == Cadence.EACH_POST
    words = "Each post by itself" if each_post else describe(campaign.rule)
    slots = [] if each_post else list(islice(slots_between(campaign.rule, now, now + _YEARS), _SLOTS))
    return Shown(
        name=campaign.name,
        words=words[:1].upper() + words[1:],
        zone=campaign.zone,
        state=campaign.state,
        paused_until=campaign.paused_until if campaign.state == CampaignState.PAUSED else None,
        approval=campaign.approval,
        four_eyes=campaign.four_eyes,
        people=people,
        posts=compose.would_carry(campaign, newest, practice=config.practice).count(),
        slots=tuple(Slot(slot.at, in_blackout(slot.local, config)) for slot in slots),
    )
