"""The tick: what is due becomes editions, and editions that are due start. The database is the truth.

How a slot is taken is in digest_slots.py, how "each post" gets its editions in per_post.py, and whether an edition
begins in begin.py. Any number of schedulers may tick at once. Every step reads stored facts and writes the next: a tick
that dies is simply followed by another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newsletter.config import Config
from newsletter.errors import NewsletterError
from newsletter.models import (
    Campaign,
    CampaignState,
    Delivery,
    DeliveryState,
    Edition,
    EditionState,
    Reason,
)
from newsletter.publishing.editions import campaigns, compose, lint
from newsletter.publishing.ledger.release import release_due
from newsletter.publishing.schedule import link_check
from newsletter.publishing.schedule.begin import begin
from newsletter.publishing.schedule.carry_over import give_back, supersede
from newsletter.publishing.schedule.digest_slots import (
    leave_out_unapproved,
    make_ahead,
    of_next_slot,
    take_slot,
)
from newsletter.publishing.schedule.per_post import make_next
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
    with _noting_trouble(edition):
        begun = begin(edition, config, now, by_itself=True)
    if begun:
        if edition.slot_local is not None:
            supersede(edition, now)
        done.started.append(edition.pk)
    elif Edition.objects.filter(pk=edition.pk, reason=Reason.NOTHING_NEW).exists():
        done.skipped.append(edition.pk)


def unfinished(edition: Edition) -> int:
    """How many of an edition's deliveries may still go by themselves."""
    return Delivery.objects.filter(
        edition=edition, state__in=[DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.SENDING]
    ).count()
