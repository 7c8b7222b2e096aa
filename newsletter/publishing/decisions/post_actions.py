"""Takes a post back: out of feeds, archive and web versions, and out of every mail that has not gone.

What has gone, has gone; the ledger says who has it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from newsletter.config import Config
from newsletter.errors import NewsletterError, Refused
from newsletter.models import (
    Act,
    Delivery,
    DeliveryState,
    Edition,
    EditionState,
    HeldFor,
    Post,
    PostState,
    Reason,
    Site,
    Variant,
)
from newsletter.models.edition import UNSTARTED
from newsletter.publishing import log
from newsletter.publishing.editions import compose, transitions, variants
from newsletter.publishing.ledger import release
from newsletter.publishing.ledger.owed import posts_hash

#: These can still be given a variant without the post.
_NOT_GONE = (DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.DEFERRED, DeliveryState.FAILED)
#: These people have the mail, or may have it.
_HAVE = (DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.SENDING)


@dataclass(slots=True)
class TakenBack:
    """What became of a post that was taken back, and of the mail that carried it."""

    post: Post
    #: Unstarted editions that go on without it and wait for approval again.
    back_to_approval: list[int] = field(default_factory=list)
    #: Editions that carried nothing else.
    cancelled: list[int] = field(default_factory=list)
    #: Mails that leave without it.
    changed: int = 0
    #: Mails that carried nothing else and do not leave.
    called_off: int = 0


def withdraw(key: str, config: Config, now: datetime) -> TakenBack:
    """Take a post out of everything that has not gone. Raises NotFound, IllegalMove.

    Its release number is given up; released again, it gets a new one.
    """
    post = release.find(key)
    post.must_become(PostState.WITHDRAWN)
    _render_ahead(post)
    with transaction.atomic():
        Site.locked()
        done = _taken_from_feeds(key, PostState.WITHDRAWN, "", now, "")
        _out_of_unstarted(done, now)
        _out_of_started(done, now)
    _count_again(done, config)
    return done


def catch_up(now: datetime) -> None:
    """Take withdrawn posts out of mail that has come back: what was on the wire when a post was withdrawn kept it, and
    may have been put off, or be sent again by staff. Until then none of it is claimed."""
    waiting = Delivery.objects.filter(state__in=[DeliveryState.PENDING, DeliveryState.DEFERRED])
    carried = Variant.objects.filter(pk__in=waiting.values("variant_id"), posts=OuterRef("pk"))
    for post in Post.objects.filter(Exists(carried), state=PostState.WITHDRAWN):
        _render_ahead(post)
        with transaction.atomic():
            Site.locked()
            _out_of_started(TakenBack(post), now)


def hold(
    key: str,
    config: Config,
    now: datetime,
    *,
    because: str = "staff held it",
    held_for: HeldFor = HeldFor.STAFF,
) -> TakenBack:
    """Hold a post until staff decide: out of the feeds, and out of editions that have not begun.

    Mail of an edition that is being sent keeps it; to stop that, withdraw it. What its page said holds only what is
    released: a post that staff withdrew meanwhile stays so. Raises NotFound, IllegalMove, and Refused for that.
    """
    with transaction.atomic():
        Site.locked()
        if held_for == HeldFor.PAGE and release.find(key).state != PostState.RELEASED:
            raise Refused(f'The post "{key}" is not released any more.')
        done = _taken_from_feeds(key, PostState.HELD, because, now, held_for)
        _out_of_unstarted(done, now)
    _count_again(done, config)
    return done


def who_has(post: Post) -> QuerySet[Delivery]:
    """The deliveries that carried the post and went, or may have gone; practice left out unless there is no other."""
    rows = Delivery.objects.filter(variant__variant_posts__post=post, state__in=_HAVE)
    real = rows.filter(edition__practice=False)
    return (real if real.exists() else rows).select_related("subscriber", "edition").order_by("pk")


def _taken_from_feeds(key: str, state: PostState, because: str, now: datetime, held_for: str) -> TakenBack:
    post = Post.objects.select_for_update().get(key=key)
    post.must_become(state)
    post.state, post.release_number, post.updated_at = state, None, now
    post.held_for, post.held_because, post.looks_like = held_for, because, None
    post.save()
    log.note(Act.WITHDRAWN if state == PostState.WITHDRAWN else Act.HELD, now, post=key, why=because)
    return TakenBack(post)


def _out_of_unstarted(done: TakenBack, now: datetime) -> None:
    """Editions that have not begun lose the post, and what staff saw of them is no longer what would be sent."""
    waiting = Edition.objects.filter(
        edition_posts__post=done.post, practice=None, state__in=[*UNSTARTED, EditionState.PAUSED]
    )
    key = done.post.key
    for edition in waiting.select_for_update(of=("self",)):
        rest, all_of_it = (Reason.POST_TAKEN_OUT, key), (Reason.LAST_POST_TAKEN_OUT, key)
        if take_out(edition, [done.post.pk], rest, all_of_it, now):
            done.back_to_approval.append(edition.pk)
        else:
            done.cancelled.append(edition.pk)


def take_out(
    edition: Edition,
    posts: Collection[int],
    why: tuple[Reason, object],
    if_all: tuple[Reason, object],
    now: datetime,
) -> bool:
    """Take posts (ids) out of an edition that has not begun: it waits for approval again, or is over when it carried
    nothing else (False). Each reason comes with its detail. The site and the edition must be locked."""
    edition.edition_posts.filter(post__in=posts).delete()
    Variant.objects.filter(edition=edition, posts__in=posts).delete()
    if edition.edition_posts.exists() or edition.note.strip():
        transitions.back_to_approval(edition, *why, now)
        return True
    reason, detail = if_all
    # What is released until its hour is carried then all the same.
    transitions.cancel(edition, reason, now, detail=detail, frees_slot=edition.slot_at > now)
    return False


def _affected(post: Post) -> QuerySet[Variant]:
    """Variants with the post that somebody has not been sent yet."""
    waiting = Delivery.objects.filter(state__in=_NOT_GONE).values("variant_id")
    return Variant.objects.filter(posts=post, pk__in=waiting).select_related("edition")


def _rest_of(variant: Variant, post: Post) -> list[int]:
    rows: Iterable[int] = variant.variant_posts.exclude(post=post).values_list("post_id", flat=True)
    return sorted(rows)


def _render_ahead(post: Post) -> None:
    """Render what the people in question will get instead, before the lock is taken: rendering takes its time."""
    for variant in _affected(post):
        rest = _rest_of(variant, post)
        if rest and posts_hash(rest) not in variants.existing(variant.edition):
            variants.make(variant.edition, [rest])


def _out_of_started(done: TakenBack, now: datetime) -> None:
    """Mail that waits leaves without the post, or not at all. What a worker has in hand comes back to it: the recorder
    lets nothing on the wire whose variant has changed."""
    for variant in _affected(done.post):
        waiting = Delivery.objects.filter(variant=variant, state__in=_NOT_GONE)
        rest = _rest_of(variant, done.post)
        if rest:
            if posts_hash(rest) not in variants.existing(variant.edition):
                variants.make(variant.edition, [rest])
            other = Variant.objects.get(edition=variant.edition, posts_hash=posts_hash(rest))
            done.changed += waiting.update(variant=other, changed_at=now)
        else:
            done.called_off += waiting.update(
                state=DeliveryState.CANCELLED,
                worker=None,
                reply=f'its only post "{done.post.key}" was withdrawn'[:500],
                changed_at=now,
            )
    # Who is not enqueued yet must not get it either. Editions that are enqueued whole keep it as a record.
    for edition in Edition.objects.filter(
        edition_posts__post=done.post, enqueued_at=None, practice__isnull=False
    ).exclude(state=EditionState.CANCELLED):
        edition.edition_posts.filter(post=done.post).delete()


def _count_again(done: TakenBack, config: Config) -> None:
    for number in done.back_to_approval:
        try:
            compose.count_people(compose.find(number), config)
        except NewsletterError:
            continue  # the count is for reports; approving says what is wrong
