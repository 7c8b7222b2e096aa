"""The tick: what is due becomes editions, and editions that are due start. The database is the truth.

A slot is taken by inserting its unique row in the transaction that moves the campaign to its next slot, so any number
of schedulers may tick at once. Every step reads stored facts and writes the next: a tick that dies is simply followed
by another.
"""

from __future__ import annotations

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
    KeptOut,
    LatePolicy,
    Post,
    PostState,
    Site,
    Variant,
)
from newsletter.models.edition import UNSTARTED
from newsletter.publishing import campaigns, compose, enqueue, ledger
from newsletter.publishing.release import release_due
from newsletter.slots import next_slot, slots_between
from subscribers.cadence import Cadence

#: A slot that is taken later than this was missed: the process was down, or the machine asleep.
LATE_AFTER = timedelta(minutes=15)


@dataclass(slots=True)
class Tick:
    """What one tick did."""

    released: int = 0
    #: Editions that were made, by number.
    made: list[int] = field(default_factory=list)
    #: Editions that were started.
    started: list[int] = field(default_factory=list)
    #: Editions with nothing for anybody.
    skipped: list[int] = field(default_factory=list)
    #: What went wrong, a sentence each; the rest went on.
    problems: list[str] = field(default_factory=list)


def tick(config: Config, now: datetime) -> Tick:
    """Everything that is due at ``now`` (aware UTC), in order. Cheap when nothing is due."""
    done = Tick()
    done.released = len(release_due(now))
    _wake_campaigns(now)
    for campaign in Campaign.objects.filter(state=CampaignState.ACTIVE).order_by("pk"):
        _guarded(
            done, f'The campaign "{campaign.name}"', lambda c=campaign: _make_editions(c, config, now, done)
        )
    due = Edition.objects.filter(state=EditionState.SCHEDULED, slot_at__lte=now).order_by("slot_at", "pk")
    for edition in due.select_related("campaign"):
        _guarded(done, f"Edition {edition.pk}", lambda e=edition: _begin(e, config, now, done))
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
        while (edition := _make_for_next_post(campaign, config, now)) is not None:
            done.made.append(edition.pk)
        return
    _mend_next_slot(campaign, now)
    if campaign.next_slot_at is not None and campaign.next_slot_at <= now:
        if campaign.approval:
            give_back(campaign, now)  # before it is frozen: staff then see the one mail that carries both
        edition = take_slot(campaign, config, now)
        if edition is not None:
            done.made.append(edition.pk)


def _mend_next_slot(campaign: Campaign, now: datetime) -> None:
    """A clock that ran ahead once leaves a next slot far in the future; bring it back to the true next one."""
    if campaign.next_slot_at is not None and campaign.next_slot_at > next_slot(campaign.rule, now).at:
        campaigns.plan_next(campaign, now)
        campaign.save(update_fields=["next_slot_local", "next_slot_at"])


@transaction.atomic
def _make_for_next_post(campaign: Campaign, config: Config, now: datetime) -> Edition | None:
    """An edition for the next release that "each post" has none for. A later one waits until the earlier is enqueued
    or called off, so that mails arrive in the order of release.

    Where more wait than ``hold_each_post`` (a burst, an outage, a campaign that was paused), they share one mail, and
    staff approve it or keep it out: nobody is flooded, and nobody misses them.
    """
    Site.locked()
    campaign.refresh_from_db()
    if campaign.state != CampaignState.ACTIVE:
        return None  # staff paused it a moment ago
    unfinished = Edition.objects.filter(campaign=campaign, lead__isnull=False, enqueued_at=None)
    if unfinished.exclude(state__in=[EditionState.CANCELLED, EditionState.SKIPPED]).exists():
        return None
    posts = Post.objects.filter(state=PostState.RELEASED, mail=True, release_number__gt=campaign.made_through)
    kept_out = KeptOut.objects.filter(campaign=campaign).values("release_number")
    rows = posts.exclude(release_number__in=kept_out).order_by("release_number")
    waiting = [number for number in rows.values_list("release_number", flat=True) if number is not None]
    if not waiting:
        return None
    most, before = config.schedule.hold_each_post, campaign.made_through
    campaign.made_through = waiting[-1] if len(waiting) > most else waiting[0]
    campaign.save(update_fields=["made_through"])
    edition = Edition.objects.create(
        campaign=campaign, slot_at=now, lead=campaign.made_through, created_at=now
    )
    compose.freeze(edition, config, now)
    _decide_on(edition, edition.edition_posts.filter(release_number__gt=before).count() > most, now)
    return edition


def _decide_on(edition: Edition, together: bool, now: datetime) -> None:
    """What becomes of a fresh "each post" edition: it goes out, waits for staff, or has nothing for anybody."""
    carried = edition.edition_posts.count()
    if not carried:
        edition.state, edition.because, edition.finished_at = EditionState.SKIPPED, "nothing new", now
    elif together:
        edition.state = EditionState.AWAITING_APPROVAL
        edition.because = f"{carried} posts came together; they would go out in this one mail"
    elif edition.campaign.approval:
        edition.state = EditionState.AWAITING_APPROVAL
    else:
        edition.state = EditionState.SCHEDULED
    edition.save(update_fields=["state", "because", "finished_at"])


@transaction.atomic
def take_slot(campaign: Campaign, config: Config, now: datetime) -> Edition | None:
    """Take a digest's due slot: insert its row and move the campaign on. None when another scheduler was first.

    Slots missed during an outage become one edition, at the last of them, by the campaign's late policy.
    """
    Site.locked()
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.state != CampaignState.ACTIVE or campaign.next_slot_at is None or campaign.next_slot_at > now:
        return None
    missed = list(slots_between(campaign.rule, campaign.next_slot_at, now))
    local, at = (
        (missed[-1].local, missed[-1].at) if missed else (campaign.next_slot_local, campaign.next_slot_at)
    )
    campaigns.plan_next(campaign, now)
    campaign.save(update_fields=["next_slot_local", "next_slot_at"])
    if Edition.objects.filter(campaign=campaign, slot_local=local).exists():
        return None  # staff moved the hour to and fro, and this day's edition exists
    state, because = _state_of_slot(campaign, late=now - at > LATE_AFTER)
    edition = Edition.objects.create(
        campaign=campaign,
        state=state,
        because=because,
        slot_local=local,
        slot_at=at,
        created_at=now,
        finished_at=now if state == EditionState.SKIPPED else None,
    )
    if state == EditionState.AWAITING_APPROVAL:
        compose.freeze(edition, config, now)  # what staff look at is what they approve
    return edition


def _state_of_slot(campaign: Campaign, *, late: bool) -> tuple[EditionState, str]:
    if late and campaign.late == LatePolicy.SKIP:
        return EditionState.SKIPPED, "its hour was missed, and the campaign's late policy is to skip"
    if campaign.approval:
        return EditionState.AWAITING_APPROVAL, ""
    if late and campaign.late == LatePolicy.ASK:
        return EditionState.AWAITING_APPROVAL, "its hour was missed, and the campaign's late policy is to ask"
    return EditionState.SCHEDULED, ""


def _begin(edition: Edition, config: Config, now: datetime, done: Tick) -> None:
    """Freeze an edition that is not frozen yet, leave it out when it has nothing for anybody, else start it."""
    give_back_before(edition, now)
    if begin(edition, config, now):
        done.started.append(edition.pk)
    else:
        done.skipped.append(edition.pk)


def begin(edition: Edition, config: Config, now: datetime) -> bool:
    """Start an edition, whoever asks for it. False when it has no posts at all: it is then skipped.

    An edition whose posts are for nobody is started all the same: everyone's watermark moves past them.
    Its main variant is rendered first, so that a template with an error stops it before anything is enqueued.
    Raises IllegalMove, Refused and RenderError.
    """
    with transaction.atomic():
        Site.locked()
        edition.refresh_from_db()
        if edition.state not in UNSTARTED:
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
    compose.render_main(edition, forecast)
    enqueue.start(edition, config, now)
    return True


@transaction.atomic
def _freeze_again(edition: Edition, config: Config, now: datetime) -> None:
    """Compose a frozen edition anew, because it does not reach down to its people any more, and ask again."""
    Site.locked()
    edition.refresh_from_db()
    if edition.state not in UNSTARTED:
        return
    edition.edition_posts.all().delete()
    Variant.objects.filter(edition=edition).delete()
    edition.state, edition.approved_at = EditionState.AWAITING_APPROVAL, None
    edition.because = "posts of an earlier edition came back to it"
    compose.freeze(edition, config, now)


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
    with transaction.atomic():
        Site.locked()
        Edition.objects.filter(pk=edition.pk, enqueued_at=None).update(enqueued_at=now)
    return ledger.call_off(edition, DeliveryState.CANCELLED, because, now)


def unfinished(edition: Edition) -> int:
    """How many of an edition's deliveries may still go by themselves."""
    return Delivery.objects.filter(
        edition=edition, state__in=[DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.SENDING]
    ).count()
