"""What there is to decide about a post that is held, in one sentence; and the answer "it is the same post"."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from newsletter.errors import Refused
from newsletter.models import Act, EditionPost, HeldFor, Likeness, Post, PostState, Site, VariantPost
from newsletter.publishing import log
from newsletter.publishing.ledger import release


def advice(post: Post) -> str:
    """What staff can do about a held post; empty for any other."""
    return _advice(post.held_for, post.key) if post.state == PostState.HELD else ""


def advice_for_all(posts: Iterable[Post]) -> list[str]:
    """What staff can do about held posts, a sentence for each reason among them."""
    keys: dict[str, list[str]] = {}
    for post in posts:
        keys.setdefault(post.held_for, []).append(post.key)
    return [_advice(reason, found[0] if len(found) == 1 else "") for reason, found in keys.items()]


def _advice(reason: str, key: str) -> str:
    """``key`` is that of the only post held for the reason; empty for several."""
    to_mail = f"newsletter posts release {key or 'KEY…'} --mail"
    feed_only = f"newsletter posts release {key or 'KEY…'} --feed-only"
    match reason:
        case HeldFor.ALIKE if key:
            return f"If it is the same post: newsletter posts same {key}; if it is another: {to_mail}"
        case HeldFor.ALIKE:
            return (
                "If they are the same posts: newsletter posts same --all (of one: newsletter posts same KEY); "
                f"if they are others: {to_mail}"
            )
        case HeldFor.TOGETHER:
            return (
                "Decide for them together: newsletter posts release --together with --mail (feed and inboxes), "
                "--newest-only (the newest of them to inboxes) or --feed-only"
            )
        case HeldFor.OLD:
            return f"To feed and archive: {feed_only}; to inboxes as well: {to_mail}"
        case HeldFor.PAGE:
            return f"When its page is there: {to_mail}"
        case HeldFor.VANISHED:
            return f"When it is back in its source it waits again; to publish it all the same: {to_mail}"
        case _:
            return f"When it may go: {to_mail} (or --feed-only)"


def together() -> list[Post]:
    """The posts that are held because too many came in one sync, oldest first."""
    return list(_held_for(HeldFor.TOGETHER))


def alike() -> list[Post]:
    """The posts that are held because each may be one that we have, oldest first."""
    return list(_held_for(HeldFor.ALIKE).filter(looks_like__isnull=False))


def _held_for(reason: HeldFor) -> QuerySet[Post]:
    return Post.objects.filter(state=PostState.HELD, held_for=reason).order_by("dated_at", "pk")


@transaction.atomic
def same(key: str, other: str | None = None, *, now: datetime) -> Post:
    """Staff say that a held post is one that we have: its names become that post's, and it goes.

    ``other`` is that post's key; without it the one that it was held for. Nothing is mailed. Returns what stays.

    Raises NotFound, and Refused for a post that is not held, that was in a mail, or that is like no other.
    """
    Site.locked()
    post = release.find(key)
    if post.state != PostState.HELD:
        raise Refused(f'The post "{key}" is {post.state}; only one that is held can turn out to be another.')
    stays = release.find(other) if other is not None else post.looks_like
    if stays is None:
        raise Refused(f'Say which post "{key}" is: newsletter posts same {key} KEY')
    if stays.pk == post.pk:
        raise Refused(f'"{key}" is that very post; name the other one.')
    if VariantPost.objects.filter(post=post).exists() or EditionPost.objects.filter(post=post).exists():
        raise Refused(f'The post "{key}" was in an edition; newsletter posts withdraw {key} takes it back.')
    post.names.update(post=stays)
    known = set(stays.likenesses.values_list("kind", "digest"))
    for likeness in post.likenesses.all():
        if (likeness.kind, likeness.digest) not in known:
            Likeness.objects.filter(pk=likeness.pk).update(post=stays)
    stays.media.add(*post.media.all().defer("content"))
    post.delete()
    log.note(Act.SAME_POST, now, post=key, as_=stays.key)
    return stays
