"""The editions of "each post": one a release, in order, after a wait in which a mistake can still be mended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from newsletter.config import Config
from newsletter.models import (
    Campaign,
    CampaignState,
    Edition,
    EditionState,
    KeptOut,
    Post,
    PostState,
    Reason,
    Site,
)
from newsletter.publishing.editions import compose, transitions

#: Who gets a proof has at least so long to stop the mail.
TIME_TO_STOP = timedelta(minutes=10)


def wait_of(campaign: Campaign, config: Config) -> timedelta:
    """How long after its release a post of "each post" is mailed: as the campaign says, and long enough to stop it
    where staff get a proof. Without any wait there is no proof, and it is mailed at once."""
    wait = timedelta(minutes=campaign.wait_minutes)
    return max(wait, TIME_TO_STOP) if wait and config.proof_minutes else wait


@transaction.atomic
def make_next(campaign: Campaign, config: Config, now: datetime) -> Edition | None:
    """An edition for the next release that "each post" has none for. A later one waits until the earlier is enqueued
    or called off, so that mails arrive in the order of release.

    It is due ``wait_minutes`` after the release and takes the post's text then: what is mended meanwhile reaches the
    mail, and a post that is taken back meanwhile reaches nobody. Where more wait than ``hold_each_post`` (a burst, an
    outage, a campaign that was paused), they share one mail, and staff approve it or keep it out: nobody is flooded,
    and nobody misses them.
    """
    Site.locked()
    campaign.refresh_from_db()
    if campaign.state != CampaignState.ACTIVE:
        return None  # staff paused it a moment ago
    unfinished = Edition.objects.filter(campaign=campaign, lead__isnull=False, enqueued_at=None)
    if unfinished.exclude(state__in=[EditionState.CANCELLED, EditionState.SKIPPED]).exists():
        return None
    waiting = _without_edition(campaign)
    if not waiting:
        return None
    together = len(waiting) > config.schedule.hold_each_post
    lead, before = waiting[-1] if together else waiting[0], campaign.made_through
    campaign.made_through = lead.release_number or 0
    campaign.save(update_fields=["made_through"])
    edition = transitions.create(campaign, now, slot_at=now, lead=lead.release_number)
    if together or campaign.approval:
        return _ask(edition, lead, config, now, after=before)
    transitions.plan(edition, slot_at=_due(campaign, lead, config, now))
    return edition


def _without_edition(campaign: Campaign) -> list[Post]:
    posts = Post.objects.filter(state=PostState.RELEASED, mail=True, release_number__gt=campaign.made_through)
    kept_out = KeptOut.objects.filter(campaign=campaign).values("release_number")
    return list(posts.exclude(release_number__in=kept_out).order_by("release_number"))


def _ask(edition: Edition, lead: Post, config: Config, now: datetime, *, after: int) -> Edition:
    """What staff look at is what they approve, so it is frozen at once. ``after``: the release that the last edition
    was made for. What nobody is behind with (the campaign was first started just now) asks for nothing."""
    compose.freeze(edition, config, now)
    carried = edition.edition_posts.count()
    if not carried:
        transitions.skip(edition, Reason.NOTHING_NEW, now)
    elif edition.edition_posts.filter(release_number__gt=after).count() > config.schedule.hold_each_post:
        transitions.ask(edition, Reason.CAME_TOGETHER, carried)
    elif edition.campaign.approval:
        transitions.ask(edition)
    else:
        transitions.plan(edition, slot_at=_due(edition.campaign, lead, config, now))
    return edition


def _due(campaign: Campaign, post: Post, config: Config, now: datetime) -> datetime:
    wait = wait_of(campaign, config)
    due = max((post.released_at or now) + wait, now)
    if wait and config.proof_minutes:
        due = max(
            due, now + TIME_TO_STOP
        )  # its own wait may be over: it stood behind another, or the program was off
    return config.blackout.first_free(due, campaign.zone)
