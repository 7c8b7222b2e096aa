"""The ledger of (person, post): deliveries with the posts of their variants, and the watermark that makes it cheap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from newsletter.models import Delivery, DeliveryState, Edition, EditionState, Site, Variant, VariantPost
from newsletter.models.delivery import NEVER_WENT
from newsletter.publishing.ledger.owed import lowered_to
from subscribers.models import Subscription

_CHUNK = 500


def posts_had(
    subscriber_ids: Collection[int], post_ids: Collection[int], *, practice: bool
) -> dict[int, frozenset[int]]:
    """For each person, which of these posts are in a delivery of theirs that is neither cancelled nor skipped.

    Practice deliveries count among practice only, and real ones among real ones.
    """
    posts_of: dict[int, set[int]] = defaultdict(set)
    for variant_id, post_id in VariantPost.objects.filter(
        post_id__in=post_ids, variant__edition__practice=practice
    ).values_list("variant_id", "post_id"):
        posts_of[variant_id].add(post_id)
    had: dict[int, set[int]] = defaultdict(set)
    if posts_of:
        rows = Delivery.objects.filter(subscriber_id__in=subscriber_ids, variant_id__in=list(posts_of))
        for subscriber_id, variant_id in rows.exclude(state__in=NEVER_WENT).values_list(
            "subscriber_id", "variant_id"
        ):
            had[subscriber_id] |= posts_of[variant_id]
    return {subscriber_id: frozenset(posts) for subscriber_id, posts in had.items()}


def mark(practice: bool | None) -> str:
    """The column of the watermark that counts: practice has one of its own, so that it settles nothing."""
    return "practice_watermark" if practice else "watermark"


def call_off(
    edition: Edition, state: DeliveryState, because: str, now: datetime, *, owed_again: bool = True
) -> int:
    """Cancel or skip an edition's deliveries that have not gone, in chunks; returns how many.

    With ``owed_again`` their posts are owed at the next slot: the watermark goes to just below the oldest of them.
    """
    total = 0
    not_gone = Q(state__in=[DeliveryState.PENDING, DeliveryState.DEFERRED])
    while True:
        with transaction.atomic():
            Site.locked()
            ids = list(
                Delivery.objects.filter(not_gone, edition=edition)
                .order_by("pk")
                .values_list("pk", flat=True)[:_CHUNK]
            )
            if not ids:
                return total
            if owed_again:
                owe_again(ids, practice=bool(edition.practice))
            Delivery.objects.filter(pk__in=ids).update(state=state, reply=because[:500], changed_at=now)
            total += len(ids)


def call_off_cancelled(now: datetime) -> int:
    """Call off what is left of cancelled editions: a message that was in hand when staff cancelled may come back (the
    relay put it off, the process died), and a cancelling may itself have been cut short. Returns how many."""
    waiting = Delivery.objects.filter(
        edition=OuterRef("pk"), state__in=[DeliveryState.PENDING, DeliveryState.DEFERRED]
    )
    total = 0
    for edition in Edition.objects.filter(Exists(waiting), state=EditionState.CANCELLED):
        total += call_off(
            edition, DeliveryState.CANCELLED, edition.because, now, owed_again=edition.owed_again
        )
    return total


def owe_again(delivery_ids: Iterable[int], *, practice: bool) -> None:
    """Lower the watermarks of these deliveries' people to just below the oldest post of each.

    Posts that were never in mail for everyone (an archive, a feed-only post that staff chose by hand) lower nothing:
    nobody was owed them. Call it in the transaction that cancels or skips.
    """
    deliveries = list(
        Delivery.objects.filter(pk__in=list(delivery_ids), subscriber__isnull=False).values_list(
            "subscriber_id", "variant_id"
        )
    )
    oldest_of = _oldest_release({variant_id for _, variant_id in deliveries})
    oldest: dict[int, int] = {}
    for subscriber_id, variant_id in deliveries:
        number = oldest_of.get(variant_id)
        if number is not None and subscriber_id is not None:
            oldest[subscriber_id] = min(number, oldest.get(subscriber_id, number))
    column = mark(practice)
    people = Subscription.objects.select_for_update().filter(pk__in=oldest).order_by("pk")
    lowered = []
    for person in people:
        watermark = lowered_to(getattr(person, column), person.floor, [oldest[person.pk]])
        if watermark != getattr(person, column):
            setattr(person, column, watermark)
            lowered.append(person)
    Subscription.objects.bulk_update(lowered, [column], batch_size=200)


def _oldest_release(variant_ids: Collection[int]) -> dict[int, int]:
    """The oldest release, as numbered when its edition was frozen, that each variant carries and people are owed."""
    oldest: dict[int, int] = {}
    for variant in Variant.objects.filter(pk__in=variant_ids).prefetch_related(
        "edition__edition_posts", "variant_posts__post"
    ):
        numbers = {row.post_id: row.release_number for row in variant.edition.edition_posts.all()}
        owed = [numbers.get(row.post_id, 0) for row in variant.variant_posts.all() if row.post.mail]
        if any(owed):
            oldest[variant.pk] = min(number for number in owed if number)
    return oldest
