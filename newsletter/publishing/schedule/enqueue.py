"""Audience → deliveries and watermarks, a chunk of people at a time.

One chunk is one transaction under the site's lock: the deliveries of its people, their watermarks and the edition's
cursor become true together or not at all. After a crash the next call goes on at the cursor. A chunk is small, so that
nobody waits long for the lock, and the first mails leave while the last people are still being enqueued.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from newsletter.config import Config
from newsletter.errors import Refused
from newsletter.models import Campaign, CampaignState, Delivery, Edition, EditionState, Site
from newsletter.publishing import real_mail
from newsletter.publishing.editions import transitions, variants
from newsletter.publishing.editions.compose import candidates_of, owed_of, people_of
from newsletter.publishing.ledger.owed import posts_hash
from newsletter.publishing.ledger.watermarks import mark
from subscribers.models import Subscription

#: People a transaction. 1,000 take about a tenth of a second on SQLite, and nobody waits longer for the lock.
CHUNK = 1000

Row = tuple[int, int, list[str]]


class _NotRendered(Exception):
    """Leaves the transaction: rendering takes too long to be done under the site's lock."""

    def __init__(self, sets: set[tuple[int, ...]]) -> None:
        super().__init__()
        self.sets = sets


@dataclass(frozen=True, slots=True)
class Seen:
    """How an edition stood when somebody decided that it should begin."""

    state: str
    approved_at: datetime | None

    @classmethod
    def of(cls, edition: Edition) -> Seen:
        return cls(edition.state, edition.approved_at)

    def was_taken_back(self, now_it_is: Seen) -> bool:
        """Whether the edition was paused since, or its approval taken back."""
        paused = EditionState.PAUSED in (self.state, now_it_is.state)
        unscheduled = self.state == EditionState.SCHEDULED != now_it_is.state
        return paused or unscheduled or (self.approved_at is not None and now_it_is.approved_at is None)


@transaction.atomic
def start(edition: Edition, config: Config, now: datetime, *, by_itself: bool = False) -> bool:
    """Move a frozen edition to "sending". From now on who joins starts behind it.

    False, and nothing is begun, when it is not as ``edition`` says any more: rendering takes its time, and meanwhile
    staff may have paused it or taken a post out of it. ``by_itself``: nobody sends it by hand, so a pause of its
    campaign counts as well.

    Raises IllegalMove, and Refused where mail would settle what it must not (see ``practice_or_real``).
    """
    site = Site.locked()
    seen = Seen.of(edition)
    edition.refresh_from_db()
    if edition.state == EditionState.SENDING:
        return True  # another scheduler was first
    if seen.was_taken_back(Seen.of(edition)) or (by_itself and _campaign_is_paused(edition)):
        return False
    edition.must_become(EditionState.SENDING)
    if edition.frozen_at is None:
        raise Refused(f"Edition {edition.pk} is not frozen yet.")
    transitions.begin(edition, now, practice=practice_or_real(site, config, now))
    campaign = edition.campaign
    through = "practice_through" if edition.practice else "frozen_through"
    if (
        edition.moves_watermarks
        and edition.newest is not None
        and edition.newest > getattr(campaign, through)
    ):
        setattr(campaign, through, edition.newest)
        campaign.save(update_fields=[through])
    return True


def _campaign_is_paused(edition: Edition) -> bool:
    """What staff made by hand goes all the same."""
    made_by_it = edition.slot_local is not None or edition.lead is not None
    return made_by_it and Campaign.objects.filter(pk=edition.campaign_id, state=CampaignState.PAUSED).exists()


def practice_or_real(site: Site, config: Config, now: datetime) -> bool:
    """Whether an edition that starts now is practice. The site must be locked.

    Once real mail has left, the outbox is refused: practice would move watermarks past posts that nobody got.
    """
    if config.practice:
        if site.real_at is not None or site.live_at is not None:
            raise Refused(
                "This site sends for real, and practice would mark posts as sent that nobody got. "
                "Set email.transport to smtp again, or practise with a copy of the site folder."
            )
        return True
    real_mail.must_leave(config, site)
    if site.real_at is None:
        site.real_at = now
        site.save(update_fields=["real_at"])
    return False


def enqueue(edition: Edition, now: datetime, *, chunk: int = CHUNK) -> int:
    """Enqueue the rest of an edition's audience; returns how many deliveries were made.

    Safe to call from two processes at once and again after a crash. Raises RenderError, with nothing half-written.
    """
    made = 0
    while True:
        more, count = step(edition.pk, now, chunk=chunk)
        made += count
        if not more:
            return made


def step(edition_id: int, now: datetime, *, chunk: int = CHUNK) -> tuple[bool, int]:
    """Enqueue one chunk. Returns whether there is more to do, and how many deliveries it made."""
    while True:
        try:
            return _step(edition_id, now, chunk)
        except _NotRendered as missing:
            variants.make(Edition.objects.get(pk=edition_id), missing.sets)


@transaction.atomic
def _step(edition_id: int, now: datetime, chunk: int) -> tuple[bool, int]:
    Site.locked()
    edition = Edition.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=edition_id)
    if edition.state != EditionState.SENDING or edition.enqueued_at is not None:
        return False, 0
    rows = _next_people(edition, chunk)
    owed = {person: posts for person, posts in _owed(edition, rows).items() if posts}
    made = _deliver_to(edition, owed, now)
    if edition.moves_watermarks and edition.newest is not None:
        column = mark(edition.practice)
        people = Subscription.objects.filter(
            pk__in=[row[0] for row in rows], **{f"{column}__lt": edition.newest}
        )
        people.update(**{column: edition.newest})
    if len(rows) < chunk:
        edition.enqueued_at = now
    else:
        edition.cursor = rows[-1][0]
    edition.save(update_fields=["cursor", "enqueued_at"])
    return edition.enqueued_at is None, made


def _next_people(edition: Edition, chunk: int) -> list[Row]:
    people = people_of(edition, practice=bool(edition.practice)).filter(pk__gt=edition.cursor).order_by("pk")
    rows = people.select_for_update(of=("self",)).values_list("pk", mark(edition.practice), "topics")
    return list(rows[:chunk])


def _owed(edition: Edition, rows: Sequence[Row]) -> dict[int, tuple[int, ...]]:
    return owed_of(edition, rows, candidates_of(edition), practice=bool(edition.practice))


def _deliver_to(edition: Edition, owed: dict[int, tuple[int, ...]], now: datetime) -> int:
    rendered = variants.existing(edition)
    hashes = {posts: posts_hash(posts) for posts in set(owed.values())}
    missing = {posts for posts, name in hashes.items() if name not in rendered}
    if missing:
        raise _NotRendered(missing)
    Delivery.objects.bulk_create(
        (
            Delivery(
                edition=edition, subscriber_id=person, variant_id=rendered[hashes[posts]], changed_at=now
            )
            for person, posts in owed.items()
        ),
        batch_size=500,
    )
    return len(owed)
