"""New posts and their columns: how one starts out, under which key, and how it follows its source after that.

``first_state`` takes facts and touches nothing. Fetching and matching are sync.py's part.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from newsletter import dates
from newsletter.config import Config
from newsletter.host_names import with_ascii_host
from newsletter.models import HeldFor, Post, PostState, Site
from newsletter.models.post import FIRST_SYNC
from newsletter.publishing.ingest import similarity, stored_images, updated_at
from newsletter.publishing.ingest.identity import add_names
from newsletter.publishing.ingest.post_keys import new_key
from newsletter.publishing.ingest.topics import topics_of
from newsletter.publishing.ledger.release import give_number
from newsletter.sources.base import Item, Name
from newsletter.text.graphemes import cut

#: The namespace of the feeds' permanent ids; a random one, the same for ever.
_NAMESPACE = uuid.UUID("6f0f6f52-6d0e-4b3c-9a55-2f8f0f1f6c1a")
#: No reader of a page or a feed sees these: what changes in them is no other version of a post.
_UNSEEN = frozenset({"categories", "image_width", "image_height"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of a new post when its first state is decided."""

    dated_at: datetime
    now: datetime
    first_sync: bool
    #: How many new posts that are like no other came in this sync, and how many may.
    together: int
    limit: int
    hold_days: int
    #: The key of a post that it may be, and what they have in common; None when it is like no other.
    looks_like: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Start:
    """How a new post starts out."""

    state: PostState
    #: Whether it is owed by mail.
    mail: bool = True
    #: One clause: why it is held, or why it stays out of mail.
    because: str = ""
    held_for: HeldFor | None = None


def first_state(arrival: Arrival) -> Start:
    """What becomes of a new post: released, waiting for its date, or held until staff decide."""
    held = PostState.HELD
    if arrival.looks_like is not None:
        key, shared = arrival.looks_like
        because = f'it has {shared} of "{key}" and may be the same post'
        return Start(held, because=because, held_for=HeldFor.ALIKE)
    if arrival.together > arrival.limit and not arrival.first_sync:
        # Before its date is looked at: a flood that is dated a minute ahead is a flood all the same.
        because = f"{arrival.together} new posts came in one sync; the limit is {arrival.limit}"
        return Start(held, because=because, held_for=HeldFor.TOGETHER)
    if arrival.dated_at > arrival.now:
        return Start(PostState.WAITING)
    if arrival.first_sync:
        return Start(PostState.RELEASED, mail=False, because=FIRST_SYNC)
    if arrival.now - arrival.dated_at > timedelta(days=arrival.hold_days):
        return Start(held, because=dated_too_early(arrival.hold_days), held_for=HeldFor.OLD)
    return Start(PostState.RELEASED)


def dated_too_early(days: int) -> str:
    """Why a post is held that was dated long before it was first seen, one clause."""
    return f"it was dated more than {days} days before it was first seen"


def store_new(
    source: str,
    item: Item,
    state: PostState,
    mail: bool,
    because: str,
    site: Site,
    config: Config,
    now: datetime,
    *,
    held_for: HeldFor | None = None,
    looks_like: Post | None = None,
    taken_over: Iterable[Name] = (),
) -> Post:
    """Write a new post with its names, and release it when that is its state. The site must be locked."""
    fields = columns(item, config, now)
    post = Post(
        key=new_key(item),
        uuid=_feed_id(source, item),
        source=source,
        first_seen_at=now,
        updated_at=updated_at.of_new(fields["dated_at"], now),
        mail=mail,
        no_mail_because="" if mail else because,
        state=PostState.WAITING if state == PostState.RELEASED else state,
        held_for=held_for or "",
        held_because=because if state == PostState.HELD else "",
        looks_like=looks_like,
        **fields,
    )
    post.save()
    add_names(post, source, item.names, taken_over)
    similarity.remember(post)
    stored_images.store(post, item.files, now)
    if state == PostState.RELEASED:
        give_number(post, site, now)
    return post


def _feed_id(source: str, item: Item) -> uuid.UUID:
    """The permanent id in feeds: by the source and the strongest name, so that a lost database gives the same again. A
    name that another post had at first makes another id."""
    said = f"{source}\n{item.names[0].scheme}\n{item.names[0].value}"
    while Post.objects.filter(uuid=(found := uuid.uuid5(_NAMESPACE, said))).exists():
        said += "\nagain"
    return found


def dated(item: Item, now: datetime) -> dates.PartialDate:
    """An item's date; without one, that of its first sight."""
    return item.date or dates.PartialDate.of_instant(now)


def columns(item: Item, config: Config, now: datetime) -> dict[str, Any]:
    """An item as a post's columns."""
    date = dated(item, now)
    return {
        "title": cut(item.title, 500),
        "html": item.html,
        "summary": similarity.opening(item),
        "url": _with_ascii_host(item.url),
        "authors": list(item.authors),
        "categories": list(item.categories),
        "topics": topics_of(item.categories, config),
        "image": _with_ascii_host(item.image),
        "image_alt": item.image_alt,
        "image_width": item.image_size[0],
        "image_height": item.image_size[1],
        "language": item.language or "",
        "enclosure": asdict(item.enclosure) if item.enclosure else {},
        "date": str(date),
        "dated_at": date.starts(config.site.timezone),
    }


def _with_ascii_host(address: str | None) -> str:
    """As mails, pages and feeds can link to it."""
    return (with_ascii_host(address) or address) if address else ""


def follow(
    post: Post, item: Item, source: str, config: Config, now: datetime, taken_over: Iterable[Name] = ()
) -> bool:
    """Bring a known post up to date. It mails nobody again; the feed shows a new ``updated``. True when it changed.

    A post follows the source that it came from. Another that has it too only learns its names, unless the first is
    gone from the configuration. Call it in a transaction.
    """
    add_names(post, source, item.names, taken_over)
    if post.source != source:
        if post.source in config.sources or source not in config.sources:
            return False
        post.source = source
        post.save(update_fields=["source"])
    changed = _changed(post, item, config, now)
    for name, value in changed.items():
        setattr(post, name, value)
    if changed.keys() - _UNSEEN:
        post.revision += 1
    if changed.keys() - _UNSEEN - {"dated_at"}:
        post.updated_at = updated_at.of_edit(post, now)
    if "url" in changed:  # another page: what was found of the old one says nothing
        post.page_verdict, post.page_said, post.page_asked_at = "", "", None
    _look_again(post, changed, config, now)
    if changed:
        post.save()
        if changed.keys() & {"title", "html"}:
            similarity.remember(post)
    stored_images.store(post, item.files, now)
    return bool(changed)


def _changed(post: Post, item: Item, config: Config, now: datetime) -> dict[str, Any]:
    fields = columns(item, config, now)
    if item.date is None:
        del fields["date"], fields["dated_at"]
    return {name: value for name, value in fields.items() if getattr(post, name) != value}


def _look_again(post: Post, changed: dict[str, Any], config: Config, now: datetime) -> None:
    """What waits for its date is held after all when it is now dated long before it was seen; what was missing from its
    source and is there again waits again."""
    early = post.first_seen_at - post.dated_at > timedelta(days=config.schedule.hold_days)
    if post.state == PostState.WAITING and "dated_at" in changed and early:
        post.state, post.held_for = PostState.HELD, HeldFor.OLD
        post.held_because = dated_too_early(config.schedule.hold_days)
    elif post.state == PostState.HELD and post.held_for == HeldFor.VANISHED:
        post.state, post.held_for, post.held_because = PostState.WAITING, "", ""
        changed["state"] = PostState.WAITING
