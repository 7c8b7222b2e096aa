"""The documents that feed readers fetch: which there are, at which addresses, and which posts are in each.

Bytes come from newsletter.feeds, pages of HTML from html_pages.py.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from newsletter.config import Config
from newsletter.feeds import archive, websub
from newsletter.feeds.archive import Block
from newsletter.feeds.conditional import Document
from newsletter.feeds.formats import FORMATS, build_within, without_long_text
from newsletter.feeds.model import FeedEnclosure, FeedPost, FeedSite
from newsletter.models import Post
from newsletter.publishing.editions.snapshot import direction_of, page_of
from newsletter.publishing.public import catalogue
from newsletter.publishing.public.catalogue import Shelf
from newsletter.publishing.public.html_pages import asset_for_feeds, base_path
from newsletter.sources.html.summary import is_title_of

#: Seconds for which caches may keep a feed, and an archive document, which hardly ever changes.
_FRESH, _ARCHIVE_FRESH = 300, 3600
#: Archive documents that are kept made; the one used longest ago leaves first. Feeds are all kept.
_KEPT_ARCHIVES = 32
_PATH = re.compile(
    r"/(?:topics/(?P<topic>[a-z0-9-]+)/)?(?:archive/(?P<block>[0-9]+-[0-9]+)/)?(?P<file>rss\.xml|atom\.xml|feed\.json)"
)


class FeedAddress(NamedTuple):
    """Where a document is, below the site's own address."""

    #: Among FORMATS.
    file: str
    topic: str | None = None
    #: None for the feed that readers subscribe to; "31-60" for an archive document.
    block: str | None = None

    @property
    def folder(self) -> str:
        """The page that the feed belongs to: "" or "topics/land/"."""
        return "" if self.topic is None else f"topics/{self.topic}/"

    @property
    def path(self) -> str:
        """Without a leading slash."""
        return self.folder + (f"archive/{self.block}/" if self.block else "") + self.file


def parse(path: str) -> FeedAddress | None:
    """The address in the path of a request; None where that is no feed's."""
    found = _PATH.fullmatch(path)
    return FeedAddress(found["file"], found["topic"], found["block"]) if found else None


class Documents:
    """The documents of one shelf, each made when it is first asked for. Threads may share them."""

    def __init__(self, shelf: Shelf, served_until: datetime | None = None) -> None:
        """``served_until``: the latest date that documents of an earlier shelf were served under."""
        self.shelf = shelf
        self._served_until = served_until
        #: The same for whoever comes after these.
        self.latest = served_until
        self._config = shelf.config
        self._feeds: dict[FeedAddress, Document] = {}
        #: Feed → the archive document that it leads to.
        self._leads_to: dict[FeedAddress, Block | None] = {}
        self._archives: OrderedDict[FeedAddress, Document] = OrderedDict()
        self._making = threading.Lock()

    def get(self, address: FeedAddress, now: datetime) -> Document | None:
        """The document at an address; None when there is none. ``now`` is aware UTC."""
        made = self._feeds.get(address)
        if made is not None:
            return made
        if address.topic is not None and address.topic not in self._config.topics:
            return None
        with self._making:
            return self._feed(address, now) if address.block is None else self._archive(address, now)

    def addresses(self) -> list[FeedAddress]:
        """The feeds that readers subscribe to."""
        return [FeedAddress(file, topic) for topic in (None, *self._config.topics) for file in FORMATS]

    def archive_addresses(self, now: datetime) -> list[FeedAddress]:
        """Every archive document that a reader can come to from a feed."""
        found = []
        for feed in self.addresses():
            self.get(feed, now)
            newest = self._leads_to[feed]
            if newest is not None:
                blocks = self._blocks(feed.topic)
                found += [feed._replace(block=block.name) for block in blocks if block.first <= newest.first]
        return found

    def _feed(self, address: FeedAddress, now: datetime) -> Document:
        if address not in self._feeds:
            kind, config = FORMATS[address.file], self._config
            rows = self.shelf.posts(address.topic, 0, config.feeds.items)

            def around(count: int) -> FeedSite:
                older = self._leads_to[address] = self._before(address.topic, rows[:count])
                return self._around(address, older=older)

            body = build_within(kind, [feed_post(row, config) for row in rows], around)
            links = websub.link_header(self._url(address), config.feeds.hubs)
            self._feeds[address] = self._document(address, body, links, _FRESH, now)
        return self._feeds[address]

    def _archive(self, address: FeedAddress, now: datetime) -> Document | None:
        if address in self._archives:
            self._archives.move_to_end(address)
            return self._archives[address]
        block = archive.parse(address.block or "", self.shelf.stamp.newest_release)
        if block is None:
            return None
        numbers = self.shelf.numbers
        ids = [one for one in self.shelf.ids(address.topic) if block.first <= numbers[one] <= block.last]
        if not ids:
            return None
        posts = [feed_post(post, self._config) for post in self.shelf.some(ids)]
        body = FORMATS[address.file].build(self._archive_around(address, block), posts)
        self._archives[address] = self._document(address, body, "", _ARCHIVE_FRESH, now)
        if len(self._archives) > _KEPT_ARCHIVES:
            self._archives.popitem(last=False)
        return self._archives[address]

    def _document(
        self, address: FeedAddress, body: bytes, links: str, max_age: int, now: datetime
    ) -> Document:
        document = Document(
            body,
            content_type=FORMATS[address.file].media_type,
            # Not the newest date among posts: what changes later may carry an earlier one (an edit found by a look
            # at a source that began before), or none (a new logo).
            last_modified=now,
            newer_than=self._served_until,
            links=links,
            max_age=max_age,
        )
        self.latest = max(document.modified, self.latest or document.modified)
        return document

    def _blocks(self, topic: str | None) -> list[Block]:
        numbers = self.shelf.numbers
        ours = (numbers[one] for one in self.shelf.ids(topic))
        return archive.blocks(ours, self.shelf.stamp.newest_release)

    def _before(self, topic: str | None, window: Sequence[Post]) -> Block | None:
        numbers = self.shelf.numbers
        ours = [numbers[one] for one in self.shelf.ids(topic)]
        return archive.before_window(self._blocks(topic), ours, {numbers[post.pk] for post in window})

    def _archive_around(self, address: FeedAddress, block: Block) -> FeedSite:
        """Between its neighbours. One that is not full yet is nobody's neighbour: its name will change."""
        others = self._blocks(address.topic)
        older = [one for one in others if one.last < block.first]
        newer = [one for one in others if one.first > block.last and one.full]
        return self._around(
            address,
            older=older[-1] if older else None,
            newer=newer[0] if newer and block.full else None,
            current=self._url(address._replace(block=None)),
        )

    def _around(
        self,
        address: FeedAddress,
        *,
        older: Block | None,
        newer: Block | None = None,
        current: str | None = None,
    ) -> FeedSite:
        config, topic = self._config, address.topic
        site = config.site
        return FeedSite(
            title=site.title if topic is None else f"{site.title}: {config.topics[topic].title}",
            description=site.description,
            home_url=f"{site.url}/{address.folder}",
            feed_url=self._url(address),
            id=self.shelf.feed_id(topic),
            language=site.language,
            organisation=site.organisation,
            image=config.design.logo or None,
            icon=f"{site.url}/{asset_for_feeds(config, 'icon.svg')}",
            style=f"{base_path(config)}/{asset_for_feeds(config, 'feed.css')}",
            ttl=config.feeds.ttl,
            # A hub is told of the feed that readers subscribe to, and of no archive.
            hubs=() if address.block else tuple(config.feeds.hubs),
            older=older and self._url(address._replace(block=older.name)),
            newer=newer and self._url(address._replace(block=newer.name)),
            current=current,
        )

    def _url(self, address: FeedAddress) -> str:
        return f"{self._config.site.url}/{address.path}"


class _Kept:
    """The documents of the shelf that this process keeps."""

    def __init__(self) -> None:
        self._documents: Documents | None = None
        self._lock = threading.Lock()

    def of(self, shelf: Shelf) -> Documents:
        with self._lock:
            if self._documents is None or self._documents.shelf is not shelf:
                before = self._documents
                self._documents = Documents(shelf, before.latest if before else None)
            return self._documents


_kept = _Kept()


def current(config: Config) -> Documents:
    """The documents as they are now."""
    return _kept.of(catalogue.current(config))


def recent(config: Config) -> Documents:
    """The documents as they were a moment ago, mostly without a look at the database (shelf.recent)."""
    return _kept.of(catalogue.recent(config))


def feed_post(post: Post, config: Config) -> FeedPost:
    """A released post as feed readers get it."""
    direction = direction_of(post.language or config.site.language)
    # RSS, Atom and JSON Feed have no word for direction; HTML has.
    html = f'<div dir="rtl">{post.html}</div>' if direction == "rtl" and post.html else post.html
    found = FeedPost(
        id=post.uuid.urn,
        title=post.title,
        url=page_of(post, config),
        # Staff may release a post before its date, and a feed must not come from the future.
        published=min(post.dated_at, post.released_at or post.dated_at),
        updated=post.updated_at,
        released=post.released_at,
        summary=post.summary,
        html=html,
        authors=tuple(post.authors),
        topics=tuple(config.topics[name].title for name in post.topics if name in config.topics),
        image=post.image or None,
        language=post.language if post.language != config.site.language else None,
        enclosure=FeedEnclosure(**post.enclosure) if post.enclosure else None,
        untitled=is_title_of(post.title, post.html),
    )
    return without_long_text(found)
