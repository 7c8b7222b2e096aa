"""The tick: what is due becomes editions, and editions that are due start. The database is the truth.

How a slot is taken is in digest_slots.py, how "each post" gets its editions in per_post.py. Any number of schedulers
may tick at once. Every step reads stored facts and writes the next: a tick that dies is simply followed by another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from newsletter.config import Config
from newsletter.errors import NewsletterError, Refused
from newsletter.models import (
    Campaign,
    CampaignState,
    Delivery,
    DeliveryState,
    Edition,
    EditionState,
    Site,
    Variant,
)
from newsletter.models.edition import UNSTARTED
from newsletter.publishing.editions import campaigns, compose, lint
from newsletter.publishing.ledger.release import release_due
from newsletter.publishing.schedule import enqueue, link_check
from newsletter.publishing.schedule.carry_over import give_back, give_back_before, supersede
from newsletter.publishing.schedule.digest_slots import (
    leave_out_unapproved,
    make_ahead,
    may_begin,
    of_next_slot,
    take_slot,
)
from newsletter.publishing.schedule.per_post import ask_after_all, make_next
from newsletter.slots.arithmetic import next_slot
from subscribers.cadence import Cadence


@dataclass(slots=True)
class Tick:
    """What one tick did."""

    released: int = 0
    #: Editions that were made, by number.
    made: list[int] = field(default_factory=list)
    #: Editions that were started.
    started: list[int] = field(default_factory=list)
    #: How many nobody approved by their hour.
    unapproved: int = 0
    #: Editions with nothing for anybody.
    skipped: list[int] = field(default_factory=list)
    #: What went wrong, a sentence each; the rest went on.
    problems: list[str] = field(default_factory=list)


def tick(config: Config, now: datetime) -> Tick:
    """Everything that is due at ``now`` (aware UTC), in order. Cheap when nothing is due."""
    done = Tick()
    done.released = len(release_due(now))
    _wake_campaigns(now)
    done.unapproved = leave_out_unapproved(now)
    done.problems += link_check.ask_ahead(config, now).sentences()
    for campaign in Campaign.objects.filter(state=CampaignState.ACTIVE).order_by("pk"):
        _guarded(
            done, f'The campaign "{campaign.name}"', lambda c=campaign: _make_editions(c, config, now, done)
        )
    due = Edition.objects.filter(state=EditionState.SCHEDULED, slot_at__lte=now).order_by("slot_at", "pk")
    for edition in due.select_related("campaign"):
        _guarded(done, f"Edition {edition.pk}", lambda e=edition: _begin(e, config, now, done))
    for campaign in Campaign.objects.filter(state=CampaignState.ACTIVE, next_slot_at__gt=now).order_by("pk"):
        _guarded(
            done,
            f'The next edition of "{campaign.name}"',
            lambda c=campaign: _make_ahead(c, config, now, done),
        )
    return done


def _guarded(done: Tick, what: str, step: object) -> None:
    """One campaign's fault (a broken template, say) stops neither the others nor the next tick."""
    try:
        step()  # type: ignore[operator]
    except NewsletterError as error:
        done.problems.append(f"{what}: {error}")


def _wake_campaigns(now: datetime) -> None:
    for campaign in Campaign.objects.filter(state=CampaignState.PAUSED, paused_until__lte=now):
        if not Campaign.objects.filter(state=CampaignState.ACTIVE, cadence=campaign.cadence).exists():
            # As of that instant and not of this tick: a slot at the very end of a pause is due.
            until = campaign.paused_until or now
            campaigns.resume(campaign.name, until - timedelta(seconds=1))


def _make_editions(campaign: Campaign, config: Config, now: datetime, done: Tick) -> None:
    if campaign.cadence == Cadence.EACH_POST:
        while (edition := make_next(campaign, config, now)) is not None:
            done.made.append(edition.pk)
        return
    _mend_next_slot(campaign, now)
    if campaign.next_slot_at is not None and campaign.next_slot_at <= now:
        if campaign.approval and of_next_slot(campaign) is None:
            give_back(campaign, now)  # before it is frozen: staff then see the one mail that carries both
        edition = take_slot(campaign, config, now)
        if edition is not None:
            done.made.append(edition.pk)


def _mend_next_slot(campaign: Campaign, now: datetime) -> None:
    """A clock that ran ahead once leaves a next slot far in the future; bring it back to the true next one."""
    if campaign.next_slot_at is not None and campaign.next_slot_at > next_slot(campaign.rule, now).at:
        campaigns.plan_next(campaign, now)
        campaign.save(update_fields=["next_slot_local", "next_slot_at"])


def _make_ahead(campaign: Campaign, config: Config, now: datetime, done: Tick) -> None:
    """The edition of the next slot, and a look whether it can be rendered while there is time to mend a template."""
    edition = make_ahead(campaign, config, now)
    if edition is not None:
        done.made.append(edition.pk)
        with _noting_trouble(edition):
            lint.must_pass(edition, config)
            compose.render_main(edition, compose.count_people(edition, config))


@contextmanager
def _noting_trouble(edition: Edition) -> Iterator[None]:
    """Keep with an edition what keeps it from beginning, for staff to read; forget it when that is over."""
    state = edition.state
    try:
        yield
    except NewsletterError as error:
        # Composed anew it waits for approval, which is no trouble.
        Edition.objects.filter(pk=edition.pk, state=state).update(trouble=str(error)[:300])
        raise
    Edition.objects.filter(pk=edition.pk).exclude(trouble="").update(trouble="")


def _begin(edition: Edition, config: Config, now: datetime, done: Tick) -> None:
    """Freeze an edition that is not frozen yet, leave it out when it has nothing for anybody, else start it."""
    if not may_begin(edition, config, now) or ask_after_all(edition, config, now):
        return
    with _noting_trouble(edition):
        give_back_before(edition, now)
        begun = begin(edition, config, now, by_itself=True)
    if begun:
        if edition.slot_local is not None:
            with transaction.atomic():
                Site.locked()
                supersede(edition, now)
        done.started.append(edition.pk)
    elif Edition.objects.filter(pk=edition.pk, state=EditionState.SKIPPED).exists():
        done.skipped.append(edition.pk)


def begin(edition: Edition, config: Config, now: datetime, *, by_itself: bool = False) -> bool:
    """Start an edition, whoever asks for it. False when it has no posts at all: it is then skipped; and when it is not
    as ``edition`` says any more, because staff (or another tick, for them) changed it while this was at work.

    An edition whose posts are for nobody is started all the same: everyone's watermark moves past them.
    Its main variant is looked at and rendered first, so that a template with an error stops it before anything is
    enqueued: it then waits for approval. Raises IllegalMove, Refused and RenderError.
    """
    seen = edition.state, edition.approved_at
    link_check.ask_before(edition, config, now)
    with transaction.atomic():
        Site.locked()
        edition.refresh_from_db()
        if edition.state not in UNSTARTED or enqueue.taken_back(edition, *seen):
            return edition.state == EditionState.SENDING
        if edition.frozen_at is None:
            compose.freeze(edition, config, now)
    # The number that staff saw stays, for "+n −m since".
    forecast = compose.forecast(edition, config) if edition.people else compose.count_people(edition, config)
    if not edition.edition_posts.exists():
        with transaction.atomic():
            Site.locked()
            edition.refresh_from_db()
            if edition.state not in UNSTARTED:
                return False  # another scheduler was first
            edition.must_become(EditionState.SKIPPED)
            edition.state, edition.because, edition.finished_at = EditionState.SKIPPED, "nothing new", now
            edition.save(update_fields=["state", "because", "finished_at"])
        return False
    if compose.below_reach(edition, config) > forecast.people:
        _freeze_again(edition, config, now)
        raise Refused(
            f"Posts of an earlier edition are owed again to most people of edition {edition.pk}. It was composed anew "
            f"with them and waits for approval: newsletter editions approve {edition.pk}"
        )
    lint.hold_back(edition, config)
    compose.render_main(edition, forecast)
    return enqueue.start(edition, config, now, by_itself=by_itself)


@transaction.atomic
def _freeze_again(edition: Edition, config: Config, now: datetime) -> None:
    """Compose a frozen edition anew, because it does not reach down to its people any more, and ask again."""
    Site.locked()
    edition.refresh_from_db()
    if edition.state not in UNSTARTED:
        return
    edition.edition_posts.all().delete()
    Variant.objects.filter(edition=edition).delete()
    edition.state, edition.approved_at, edition.approve_by = EditionState.AWAITING_APPROVAL, None, None
    edition.because = "posts of an earlier edition came back to it"
    compose.freeze(edition, config, now)


def unfinished(edition: Edition) -> int:
    """How many of an edition's deliveries may still go by themselves."""
    return Delivery.objects.filter(
        edition=edition, state__in=[DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.SENDING]
    ).count()
