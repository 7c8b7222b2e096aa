"""Released posts as readers of feeds and archive find them: which, and in which order. Feeds are made in
feed_documents.py.

What is made once is kept in the process until the stamp says that something changed.
"""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Subquery, Sum, Value

from newsletter.config import Config
from newsletter.models import Post, PostState, Site

#: The namespace of the feeds' own ids; a random one, the same for ever.
_NAMESPACE = uuid.UUID("3e915ff6-d121-493b-a034-1125a120b75e")
#: Seconds for which ``recent`` goes by its last look: however many readers ask, the database is asked once in these.
LOOK_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Stamp:
    """Two equal stamps: nothing that a reader can see has changed in between."""

    newest_release: int
    #: How many posts are released: falls when one is withdrawn or held.
    released: int
    newest_post: int
    #: How often a post was edited, all posts together.
    edits: int
    #: A digest of the settings that readers see.
    settings: str


def stamp(config: Config) -> Stamp:
    """The present state of the shelf: one look-up, all of it in indexes."""
    posts = Post.objects.order_by()
    # Released posts and no others have a number (a constraint), and the numbers have an index.
    released = posts.filter(release_number__isnull=False).values(all=Value(1)).annotate(n=Count("pk"))
    row = Site.objects.values_list(
        "newest_release",
        Subquery(released.values("n")),
        Subquery(posts.order_by("-pk").values("pk")[:1]),
        Subquery(posts.values(all=Value(1)).annotate(n=Sum("revision")).values("n")),
    ).get(pk=1)
    return Stamp(row[0], row[1] or 0, row[2] or 0, row[3] or 0, _digest(config))


def _digest(config: Config) -> str:
    parts = (config.site, config.feeds, config.design, *config.topics.values())
    said = "\n".join([*config.topics, *(part.model_dump_json() for part in parts)])
    return hashlib.sha256(said.encode()).hexdigest()


class Shelf:
    """Everything that was made for one stamp. Made by ``current``; threads may share it."""

    def __init__(self, config: Config, made_for: Stamp) -> None:
        self.config = config
        self.stamp = made_for
        self._site = Site.objects.get(pk=1)
        by_topic: dict[str | None, list[int]] = defaultdict(list)
        #: Post id → release number.
        self.numbers: dict[int, int] = {}
        rows = Post.objects.filter(state=PostState.RELEASED).order_by("-dated_at", "-release_number")
        for post_id, topics, number in rows.values_list("pk", "topics", "release_number"):
            self.numbers[post_id] = number or 0  # a released post has one (a constraint)
            for topic in (None, *topics):
                by_topic[topic].append(post_id)
        self._order = dict(by_topic)

    def ids(self, topic: str | None = None) -> Sequence[int]:
        """The released posts, newest first by their date; with ``topic`` only those of that topic."""
        return self._order.get(topic, [])

    def posts(self, topic: str | None, start: int, count: int) -> list[Post]:
        """A part of the order, from ``start``."""
        return self.some(self.ids(topic)[start : start + count])

    def some(self, ids: Sequence[int]) -> list[Post]:
        """These posts in this order, but for those that are no longer released."""
        found = Post.objects.filter(state=PostState.RELEASED).in_bulk(list(ids))
        return [found[post_id] for post_id in ids if post_id in found]

    def feed_id(self, topic: str | None) -> str:
        """The permanent id of a feed: from the site's own random value, so that a move to another domain keeps it."""
        own = self._site.suppression_check
        return uuid.uuid5(_NAMESPACE, own if topic is None else f"{own}\n{topic}").urn

    def topic_today(self, topic: str) -> str | None:
        """The name that a topic has now, where staff gave it another one."""
        today: str | None = self._site.renamed_topics.get(topic)
        return today if today in self.config.topics and topic not in self.config.topics else None

    def had_topic(self, topic: str) -> bool:
        """Whether the settings named this topic once and do no longer."""
        return topic in self._site.known_topics and topic not in self.config.topics


class _Kept:
    """The one shelf that this process keeps."""

    def __init__(self) -> None:
        self.shelf: Shelf | None = None
        #: When the database was last asked whether it is still true, on the monotonic clock.
        self.looked_at = 0.0
        self._lock = threading.Lock()
        #: Held by the one who is asking.
        self.looking = threading.Lock()

    def get(self, config: Config, wanted: Stamp, looked_at: float) -> Shelf:
        with self._lock:
            if self.shelf is None or self.shelf.stamp != wanted:
                self.shelf = Shelf(config, wanted)
            self.looked_at = looked_at
            return self.shelf


_kept = _Kept()


def current(config: Config) -> Shelf:
    """The shelf as it is now: the kept one while nothing has changed, else a new one."""
    looked_at = time.monotonic()
    # The stamp is read before the posts: what changes in between is seen at the next call.
    return _kept.get(config, stamp(config), looked_at)


def recent(config: Config) -> Shelf:
    """The shelf as it was at most LOOK_EVERY seconds ago, mostly without a look at the database.

    When a look is due, one caller looks and the others go on with what is there, so that readers never queue up behind
    the database. What was just released is therefore seen a moment later, and hubs are told later still (websub.py).
    """
    kept = _kept.shelf
    if kept is None or kept.config is not config:
        return current(config)
    if time.monotonic() - _kept.looked_at < LOOK_EVERY or not _kept.looking.acquire(blocking=False):
        return kept
    try:
        return current(config)
    finally:
        _kept.looking.release()


def forget() -> None:
    """Keep nothing, as after a restart."""
    _kept.shelf = None
