"""Posts become released, held, withdrawn: the moves, and the release number that each release takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from newsletter.errors import NotFound, Refused
from newsletter.models import Act, PageVerdict, Post, PostState, Site
from newsletter.publishing import log


def find(key: str) -> Post:
    """The post of that key. Raises NotFound."""
    post = Post.objects.filter(key=key).first()
    if post is None:
        raise NotFound(f'There is no post "{key}"; newsletter posts list shows all keys.')
    return post


def give_number(post: Post, site: Site, now: datetime) -> None:
    """Release a post under the next number. The site must be locked, the post may be new."""
    if post.pk is not None:
        post.must_become(PostState.RELEASED)
    post.release_number = site.next_release()
    post.released_at = now
    # It was dated ahead, and staff release it today.
    post.updated_at = min(post.updated_at, now)
    post.state = PostState.RELEASED
    post.held_for, post.held_because, post.looks_like = "", "", None
    post.save()


@transaction.atomic
def release_due(now: datetime) -> list[Post]:
    """Release every waiting post whose date has come, oldest first."""
    due = Post.objects.filter(state=PostState.WAITING, dated_at__lte=now).order_by("dated_at", "pk")
    if not due.exists():
        return []
    site = Site.locked()
    released = list(due)
    for post in released:
        give_number(post, site, now)
    return released


@transaction.atomic
def release(keys: Sequence[str], now: datetime, *, mail: Sequence[str]) -> list[Post]:
    """Release posts that were held or withdrawn; those in ``mail`` are owed, the others go to the feed only.

    A post that is released already and has stayed out of mail can be released once more, for mail: it takes a new
    number, so that it is owed to everyone who does not have it. Raises NotFound, Refused, IllegalMove.
    """
    site = Site.locked()
    posts = sorted((find(key) for key in keys), key=lambda post: (post.dated_at, post.pk))
    for post in posts:
        if post.state == PostState.RELEASED:
            if post.key not in mail or post.mail:
                raise Refused(f'The post "{post.key}" is released already.')
            post.state, post.release_number = PostState.HELD, None
            post.save()
        if post.page_verdict in (PageVerdict.GONE, PageVerdict.LOG_IN):
            post.page_verdict = PageVerdict.STAFF
        post.mail = post.key in mail
        post.no_mail_because = "" if post.mail else "staff released it to the feed only"
        give_number(post, site, now)
        log.note(Act.RELEASED, now, post=post.key, mail=post.mail)
    return posts
