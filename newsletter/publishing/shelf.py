"""Released posts as readers of feeds and archive find them: which, in which order, and the feeds' bytes.

HTML is made by pages.py. What is made once is kept in the process until the stamp says that something changed.
"""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Max

from newsletter.config import Config
from newsletter.feeds.build import ATOM_TYPE, RSS_TYPE, atom, rss
from newsletter.feeds.jsonfeed import JSON_TYPE, json_feed
from newsletter.feeds.parts import FeedPost, FeedSite
from newsletter.feeds.wire import EPOCH
from newsletter.models import Post, PostState, Site
from newsletter.publishing.entries import page_of

#: The namespace of the feeds' own ids; a random one, the same for ever.
_NAMESPACE = uuid.UUID("3e915ff6-d121-493b-a034-1125a120b75e")


class Format(NamedTuple):
    """One kind of feed."""

    #: As people read it.
    name: str
    media_type: str
    build: Callable[[FeedSite, Sequence[FeedPost]], bytes]


#: File name → format; the same names at the root and under each topic.
FORMATS = {
    "rss.xml": Format("RSS", RSS_TYPE, rss),
    "atom.xml": Format("Atom", ATOM_TYPE, atom),
    "feed.json": Format("JSON Feed", JSON_TYPE, json_feed),
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """Two equal stamps: nothing that a reader can see has changed in between."""

    newest_release: int
    #: How many posts are released: falls when one is withdrawn or held.
    released: int
    newest_post: int
    changed_at: datetime | None
    #: A digest of the settings that readers see.
    settings: str


def stamp(config: Config) -> Stamp:
    """The present state of the shelf, by three look-ups that do not grow with the posts where they are indexed."""
    newest = Post.objects.aggregate(pk=Max("pk"), changed=Max("updated_at"))
    return Stamp(
        newest_release=Site.objects.values_list("newest_release", flat=True).get(pk=1),
        # Released posts and no others have a number (a constraint), and the numbers have an index.
        released=Post.objects.filter(release_number__isnull=False).count(),
        newest_post=newest["pk"] or 0,
        changed_at=newest["changed"],
        settings=_digest(config),
    )


def _digest(config: Config) -> str:
    parts = (config.site, config.feeds, config.design, *config.topics.values())
    said = "\n".join([*config.topics, *(part.model_dump_json() for part in parts)])
    return hashlib.sha256(said.encode()).hexdigest()


class Shelf:
    """Everything that was made for one stamp. Made by ``current``; threads may share it."""

    def __init__(self, config: Config, made_for: Stamp) -> None:
        self.config = config
        self.stamp = made_for
        #: When anything last changed, aware UTC; never goes back (Last-Modified).
        self.changed_at = _changed_at()
        rows = Post.objects.filter(state=PostState.RELEASED).order_by("-dated_at", "-release_number")
        by_topic: dict[str | None, list[int]] = defaultdict(list)
        for post_id, topics in rows.values_list("pk", "topics"):
            for topic in (None, *topics):
                by_topic[topic].append(post_id)
        self._order = dict(by_topic)
        self._feeds: dict[tuple[str | None, str], bytes] = {}

    def ids(self, topic: str | None = None) -> Sequence[int]:
        """The released posts, newest first by their date; with ``topic`` only those of that topic."""
        return self._order.get(topic, [])

    def posts(self, topic: str | None, start: int, count: int) -> list[Post]:
        """A part of the order, from ``start``."""
        ids = self.ids(topic)[start : start + count]
        found = Post.objects.filter(state=PostState.RELEASED).in_bulk(list(ids))
        return [found[post_id] for post_id in ids if post_id in found]

    def feed(self, file: str, topic: str | None = None) -> bytes:
        """The bytes of one feed; ``file`` is among FORMATS, ``topic`` among the settings' topics."""
        key = (topic, file)
        if key not in self._feeds:
            posts = self.posts(topic, 0, self.config.feeds.items)
            around = feed_site(self.config, file, topic)
            self._feeds[key] = FORMATS[file].build(around, [feed_post(post, self.config) for post in posts])
        return self._feeds[key]


def _changed_at() -> datetime:
    newest = Post.objects.aggregate(changed=Max("updated_at"), released=Max("released_at"))
    return max((moment for moment in newest.values() if moment is not None), default=EPOCH)


class _Kept:
    """The one shelf that this process keeps."""

    def __init__(self) -> None:
        self._shelf: Shelf | None = None
        self._lock = threading.Lock()

    def get(self, config: Config, wanted: Stamp) -> Shelf:
        with self._lock:
            if self._shelf is None or self._shelf.stamp != wanted:
                self._shelf = Shelf(config, wanted)
            return self._shelf


_kept = _Kept()


def current(config: Config) -> Shelf:
    """The shelf as it is now: the kept one while nothing has changed, else a new one."""
    # The stamp is read before the posts: what changes in between is seen at the next call.
    return _kept.get(config, stamp(config))


def build_feeds(config: Config) -> dict[str, bytes]:
    """Every feed: path without a leading slash → bytes. The same posts give the same bytes."""
    shelf = current(config)
    files = {file: shelf.feed(file) for file in FORMATS}
    for topic in config.topics:
        files |= {f"topics/{topic}/{file}": shelf.feed(file, topic) for file in FORMATS}
    return files


def feed_post(post: Post, config: Config) -> FeedPost:
    """A released post as feed readers get it."""
    return FeedPost(
        id=post.uuid.urn,
        title=post.title,
        url=page_of(post, config),
        # Staff may release a post before its date, and a feed must not come from the future.
        published=min(post.dated_at, post.released_at or post.dated_at),
        updated=post.updated_at,
        summary=post.summary,
        html=post.html,
        authors=tuple(post.authors),
        topics=tuple(config.topics[name].title for name in post.topics if name in config.topics),
        image=post.image or None,
        language=post.language if post.language != config.site.language else None,
    )


def feed_site(config: Config, file: str, topic: str | None) -> FeedSite:
    """The feed around the posts: of all, or of one topic."""
    site = config.site
    folder = f"{site.url}/" if topic is None else f"{site.url}/topics/{topic}/"
    return FeedSite(
        title=site.title if topic is None else f"{site.title}: {config.topics[topic].title}",
        description=site.description,
        home_url=folder,
        feed_url=folder + file,
        id=feed_id(topic),
        language=site.language,
        organisation=site.organisation,
        image=config.design.logo or None,
        ttl=config.feeds.ttl,
    )


def feed_id(topic: str | None) -> str:
    """The permanent id of a feed: from the site's own random value, so that a move to another domain keeps it."""
    own = Site.objects.values_list("suppression_check", flat=True).get(pk=1)
    return uuid.uuid5(_NAMESPACE, own if topic is None else f"{own}\n{topic}").urn
