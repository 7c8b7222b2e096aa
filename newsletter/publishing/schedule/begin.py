"""Begin an edition: gather facts, decide (pure), make one transition.

Asking for pages, rendering and counting take their time and are done outside of the lock. So what the caller saw is
compared with the row under the lock before anything is written: whoever paused the edition, took a post out of it or
approved it meanwhile is obeyed. How its people are enqueued then is enqueue.py's part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from django.db import transaction

from newsletter.config import Config
from newsletter.errors import Refused
from newsletter.models import Campaign, CampaignState, Edition, EditionState, Reason, Site
from newsletter.models.edition import UNSTARTED
from newsletter.publishing.editions import compose, lint, transitions
from newsletter.publishing.schedule import enqueue, link_check
from newsletter.publishing.schedule.carry_over import give_back_before
from newsletter.publishing.schedule.enqueue import Seen
from newsletter.rendering.lint.level import LintProblem


class Verdict(Enum):
    """What becomes of an edition that somebody, or its hour, wants to begin."""

    #: It may go as far as is known; whether it does, its posts and people tell.
    LOOK = auto()
    BEGIN = auto()
    #: It is being sent already.
    GOES = auto()
    #: It is not as it was seen, or its campaign is paused and it waits.
    LEAVE = auto()
    #: It falls on a date without mail, and waits for the first one that is free.
    POSTPONE = auto()
    SKIP_PAUSED = auto()
    SKIP_BLACKOUT = auto()
    SKIP_NOTHING_NEW = auto()
    #: Its campaign turned to approval while its post waited.
    ASK = auto()
    #: Most of its people are owed posts that it does not reach down to.
    COMPOSE_ANEW = auto()
    #: The lint found errors that stop it.
    HOLD_BACK = auto()


@dataclass(frozen=True, slots=True)
class Contents:
    """What is known once an edition is frozen."""

    posts: int
    #: How many people get something, and how many of its campaign it does not reach down to.
    people: int
    below_reach: int
    errors: Sequence[LintProblem] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that decides whether an edition begins."""

    seen: Seen
    now_it_is: Seen
    #: Its hour has come; nobody sends it by hand.
    by_itself: bool
    #: Made for a slot, or for one release; else staff made it.
    of_slot: bool
    each_post: bool
    campaign_paused: bool
    campaign_asks: bool
    #: This moment is one without mail.
    dark: bool
    #: None while nobody has looked.
    contents: Contents | None = None


def decide(facts: Facts) -> Verdict:
    """What becomes of the edition. Pure."""
    state, approved = facts.now_it_is.state, facts.now_it_is.approved_at is not None
    if state == EditionState.SENDING:
        return Verdict.GOES
    if state not in UNSTARTED or facts.seen.was_taken_back(facts.now_it_is):
        return Verdict.LEAVE
    if facts.by_itself and (held := _held_by_calendar(facts, dark=facts.dark and not approved)) is not None:
        return held
    if facts.contents is None:
        return Verdict.LOOK
    if not facts.contents.posts:
        return Verdict.SKIP_NOTHING_NEW
    if facts.by_itself and facts.each_post and facts.campaign_asks and not approved:
        return Verdict.ASK
    if facts.contents.below_reach > facts.contents.people:
        return Verdict.COMPOSE_ANEW
    return Verdict.HOLD_BACK if facts.contents.errors else Verdict.BEGIN


def _held_by_calendar(facts: Facts, *, dark: bool) -> Verdict | None:
    """A slot's edition is left out while its campaign is paused and on dates without mail, one of "each post" waits;
    what staff made by hand goes."""
    if facts.of_slot:
        if facts.campaign_paused:
            return Verdict.SKIP_PAUSED
        return Verdict.SKIP_BLACKOUT if dark else None
    if facts.each_post:
        if dark:
            return Verdict.POSTPONE
        return Verdict.LEAVE if facts.campaign_paused else None
    return None


_SKIPPED = {
    Verdict.SKIP_PAUSED: Reason.CAMPAIGN_PAUSED,
    Verdict.SKIP_BLACKOUT: Reason.BLACKOUT,
    Verdict.SKIP_NOTHING_NEW: Reason.NOTHING_NEW,
}


def begin(edition: Edition, config: Config, now: datetime, *, by_itself: bool = False) -> bool:
    """Start an edition, whoever asks for it. False when it does not go: ``by_itself`` it was left out, put off or asked
    about; it has no posts at all; or it is not as ``edition`` says any more, because staff (or another tick, for them)
    changed it while this was at work.

    An edition whose posts are for nobody is started all the same: everyone's watermark moves past them. One that is a
    digest's and not frozen yet carries what unfinished ones before it give back. Its main variant is looked at and
    rendered first, so that a template with an error stops it before anything is enqueued: it then waits for approval.
    Raises IllegalMove, Refused and RenderError.
    """
    seen = Seen.of(edition)
    edition.refresh_from_db()
    verdict = decide(_facts(edition, seen, config, now, by_itself))
    if verdict is Verdict.LOOK:
        give_back_before(edition, now)
        link_check.ask_before(edition, config, now)
        if not _frozen(edition, seen, config, now):
            return edition.state == EditionState.SENDING
        # The number that staff saw stays, for "+n −m since".
        count = compose.forecast if edition.people else compose.count_people
        forecast = count(edition, config)
        contents = _contents(edition, forecast.people, config)
        verdict = decide(_facts(edition, seen, config, now, by_itself, contents))
        if verdict is Verdict.HOLD_BACK:
            lint.hold_back(edition, contents.errors, now)
        if verdict is Verdict.BEGIN:
            compose.render_main(edition, forecast)
            return enqueue.start(edition, config, now, by_itself=by_itself)
    _settle(edition, seen, verdict, config, now)
    if verdict is Verdict.COMPOSE_ANEW:
        raise Refused(
            f"Posts of an earlier edition are owed again to most people of edition {edition.pk}. It was composed anew "
            f"with them and waits for approval: newsletter editions approve {edition.pk}"
        )
    return verdict is Verdict.GOES


def _facts(
    edition: Edition,
    seen: Seen,
    config: Config,
    now: datetime,
    by_itself: bool,
    contents: Contents | None = None,
) -> Facts:
    campaign = Campaign.objects.get(pk=edition.campaign_id)
    return Facts(
        seen=seen,
        now_it_is=Seen.of(edition),
        by_itself=by_itself,
        of_slot=edition.slot_local is not None,
        each_post=edition.lead is not None,
        campaign_paused=campaign.state == CampaignState.PAUSED,
        campaign_asks=campaign.approval,
        dark=config.blackout.covers_moment(now, campaign.zone),
        contents=contents,
    )


def _frozen(edition: Edition, seen: Seen, config: Config, now: datetime) -> bool:
    """Freeze it if it is not; False when it is not as it was seen."""
    with transaction.atomic():
        if not _as_seen(edition, seen):
            return False
        if edition.frozen_at is None:
            compose.freeze(edition, config, now)
    return True


def _contents(edition: Edition, people: int, config: Config) -> Contents:
    return Contents(
        posts=edition.edition_posts.count(),
        people=people,
        below_reach=compose.below_reach(edition, config),
        errors=lint.blocking(edition, lint.problems(edition, config)),
    )


@transaction.atomic
def _settle(edition: Edition, seen: Seen, verdict: Verdict, config: Config, now: datetime) -> None:
    """Make the one transition of a verdict other than to begin, if the edition still is as it was seen."""
    if verdict in (Verdict.GOES, Verdict.LEAVE) or not _as_seen(edition, seen):
        return
    if verdict in _SKIPPED:
        transitions.skip(edition, _SKIPPED[verdict], now)
    elif verdict is Verdict.ASK:
        transitions.ask(edition)
    elif verdict is Verdict.COMPOSE_ANEW and transitions.recompose(
        edition, Reason.CAME_BACK, now, drafts_too=True
    ):
        compose.freeze(edition, config, now)
    elif verdict is Verdict.POSTPONE:
        edition.slot_at = config.blackout.first_free(now, edition.campaign.zone)
        edition.save(update_fields=["slot_at"])


def _as_seen(edition: Edition, seen: Seen) -> bool:
    """Whether the edition may still begin as it was seen; it is read anew, under the site's lock."""
    Site.locked()
    edition.refresh_from_db()
    return edition.state in UNSTARTED and not seen.was_taken_back(Seen.of(edition))
