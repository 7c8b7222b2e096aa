"""The first page of the desk, as plain facts: the next editions, those under way, what needs staff, and the last ones.

It costs a fixed number of queries for each campaign and each edition shown, however many people there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from newsletter.config import Config
from newsletter.models import (
    Campaign,
    CampaignState,
    Delivery,
    DeliveryState,
    Edition,
    EditionState,
    Post,
    PostState,
    Site,
    Source,
)
from newsletter.models.edition import UNSTARTED
from newsletter.publishing.decisions.edition_actions import LEFT
from newsletter.publishing.editions import compose
from newsletter.publishing.editions.delivery_counts import Tally, tally
from newsletter.publishing.overview import growth
from newsletter.publishing.schedule.digest_slots import of_next_slot, upcoming

#: Editions that are over and are shown.
_LAST = 8


class Needs(StrEnum):
    """The one thing to do about an edition."""

    NOTHING = ""
    #: Somebody has to say yes, or it is left out.
    APPROVE = "approve"
    #: Something keeps it from beginning.
    FIX = "fix"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that goes out next: an edition that is made, or a campaign's slot that has none yet."""

    campaign: str
    zone: str
    #: Aware, UTC; None where nobody knows (a draft made by hand).
    at: datetime | None
    #: None while it is not made.
    number: int | None
    state: str
    because: str
    trouble: str
    people: int
    posts: int
    needs: Needs
    approve_by: datetime | None = None
    #: The slot's date is one without mail.
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Going:
    """An edition that is being sent, or was stopped on its way."""

    number: int
    campaign: str
    zone: str
    state: str
    because: str
    trouble: str
    tally: Tally
    #: How many of a hundred are done with.
    percent: int
    began_at: datetime | None


@dataclass(frozen=True, slots=True)
class Over:
    """An edition that was sent, left out or called off."""

    number: int
    campaign: str
    zone: str
    at: datetime
    state: str
    because: str
    practice: bool
    sent: int
    people: int


@dataclass(frozen=True, slots=True)
class Attention:
    """A sentence on what needs staff, and where to look."""

    sentence: str
    #: A page of the desk, "editions/7/"; empty for none.
    where: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """All of it."""

    coming: list[Coming] = field(default_factory=list)
    going: list[Going] = field(default_factory=list)
    attention: list[Attention] = field(default_factory=list)
    last: list[Over] = field(default_factory=list)
    people: growth.People = field(default_factory=lambda: growth.People(0, {}, 0, 0))
    #: Campaigns that are paused, by name.
    paused: list[str] = field(default_factory=list)


def today(config: Config, now: datetime) -> Today:
    """Everything as it stands at ``now`` (aware UTC)."""
    coming = _coming(config, now)
    return Today(
        coming=coming,
        going=[_going(edition) for edition in _under_way()],
        attention=list(_attention(coming, config, now)),
        last=[_over(edition) for edition in _finished()],
        people=growth.people(now),
        paused=list(
            Campaign.objects.filter(state=CampaignState.PAUSED).order_by("pk").values_list("name", flat=True)
        ),
    )


def percent_done(counted: Tally) -> int:
    """How many of a hundred mails need no more doing; 100 only when all of them do."""
    if not counted.people:
        return 0
    left = counted.counts["pending"] + counted.counts["deferred"]
    return min(100 * (counted.people - left) // counted.people, 100 if not left else 99)


def _coming(config: Config, now: datetime) -> list[Coming]:
    made = Edition.objects.filter(state__in=UNSTARTED).select_related("campaign").order_by("slot_at", "pk")
    found = [_made(edition, now) for edition in made]
    for campaign in Campaign.objects.filter(state=CampaignState.ACTIVE).order_by("pk"):
        slot = upcoming(campaign, config)
        if slot is None or of_next_slot(campaign) is not None:
            continue
        posts = compose.would_carry(
            campaign, Site.objects.get(pk=1).newest_release, practice=config.practice
        ).count()
        found.append(
            Coming(
                campaign=campaign.name,
                zone=campaign.zone,
                at=slot.slot_at,
                number=None,
                state="left out" if slot.left_out else "to be made",
                because="",
                trouble="",
                people=0,
                posts=posts,
                needs=Needs.NOTHING,
                left_out=slot.left_out,
            )
        )
    return sorted(found, key=lambda one: (one.at is None, one.at or now))


def _made(edition: Edition, now: datetime) -> Coming:
    by_hand = edition.slot_local is None and edition.lead is None
    waits = edition.state == EditionState.DRAFT and by_hand and edition.slot_at <= now
    if edition.trouble:
        needs = Needs.FIX
    elif edition.state == EditionState.AWAITING_APPROVAL:
        needs = Needs.APPROVE
    else:
        needs = Needs.LOOK if edition.state == EditionState.DRAFT else Needs.NOTHING
    return Coming(
        campaign=edition.campaign.name,
        zone=edition.campaign.zone,
        at=None if waits else edition.slot_at,
        number=edition.pk,
        state=edition.state,
        because=edition.because,
        trouble=edition.trouble,
        people=edition.people,
        posts=edition.edition_posts.count(),
        needs=needs,
        approve_by=edition.approve_by,
    )


def _under_way() -> list[Edition]:
    """Those that are sent now, and those that were stopped, begun or not."""
    states = [EditionState.SENDING, EditionState.PAUSED]
    return list(Edition.objects.filter(state__in=states).select_related("campaign").order_by("pk"))


def _going(edition: Edition) -> Going:
    counted = tally(edition)
    return Going(
        number=edition.pk,
        campaign=edition.campaign.name,
        zone=edition.campaign.zone,
        state=edition.state,
        because=edition.because,
        trouble=edition.trouble,
        tally=counted,
        percent=percent_done(counted),
        began_at=edition.began_at,
    )


def _finished() -> list[Edition]:
    over = [EditionState.SENT, EditionState.SKIPPED, EditionState.CANCELLED]
    editions = Edition.objects.filter(state__in=over).select_related("campaign")
    return list(editions.order_by("-finished_at", "-pk")[:_LAST])


def _over(edition: Edition) -> Over:
    counted = tally(edition)
    return Over(
        number=edition.pk,
        campaign=edition.campaign.name,
        zone=edition.campaign.zone,
        at=edition.finished_at or edition.slot_at,
        state=edition.state,
        because=edition.because,
        practice=bool(edition.practice),
        sent=counted.counts["sent"],
        people=counted.people,
    )


def _attention(coming: list[Coming], config: Config, now: datetime) -> list[Attention]:
    found = []
    for one in coming:
        if one.needs is Needs.FIX:
            found.append(
                Attention(f"Edition {one.number} cannot begin: {one.trouble}", f"editions/{one.number}/")
            )
        elif one.needs is Needs.APPROVE:
            because = f" ({one.because})" if one.because else ""
            found.append(
                Attention(f"Edition {one.number} waits for approval{because}.", f"editions/{one.number}/")
            )
    doubts = Delivery.objects.filter(state=DeliveryState.UNKNOWN).exclude(reply=LEFT)
    since = now - timedelta(days=config.schedule.doubt_days)
    numbers = doubts.filter(changed_at__gt=since).values_list("edition_id", flat=True).distinct()
    found += [
        Attention(f"Of edition {number}, nobody knows whether some mails arrived.", f"editions/{number}/")
        for number in sorted(numbers)
    ]
    held = Post.objects.filter(state=PostState.HELD).count()
    if held:
        posts = "1 post is" if held == 1 else f"{held:,} posts are"
        found.append(Attention(f"{posts} held for a decision.", "posts/?state=held"))
    failing = Source.objects.exclude(last_error="").order_by("pk")
    found += [
        Attention(f"The source {source.name} cannot be read: {source.last_error}") for source in failing
    ]
    return found
