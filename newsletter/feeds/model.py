"""What a feed is made of, the same for all three formats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FeedEnclosure:
    """A recording that belongs to a post."""

    #: Absolute.
    url: str
    #: "audio/mpeg"
    media_type: str
    #: In bytes, as its source said; None when that is not known, and never a guess.
    length: int | None = None


@dataclass(frozen=True, slots=True)
class FeedPost:
    """One post as feed readers get it."""

    #: A permanent IRI (urn:uuid:…) that survives a change of slug, title, domain and source.
    id: str
    title: str
    #: Where the post lives, absolute.
    url: str
    #: Aware.
    published: datetime
    #: Aware; moves only when the text changes.
    updated: datetime
    #: Plain text, never empty.
    summary: str
    #: Clean HTML with absolute addresses.
    html: str
    authors: tuple[str, ...] = ()
    #: Names of topics as readers see them.
    topics: tuple[str, ...] = ()
    image: str | None = None
    #: RFC 5646; None for the feed's language.
    language: str | None = None
    enclosure: FeedEnclosure | None = None
    #: Aware; when it came into the feed, which is a change of the feed and none of the post. None when not known.
    released: datetime | None = None
    #: Its author gave it no title: ``title`` is the first words of its text, for Atom, which wants one.
    untitled: bool = False

    @property
    def own_summary(self) -> str:
        """The summary, where it says more than the title: that of a picture without words is the title again."""
        return "" if self.summary == self.title and not self.untitled else self.summary


@dataclass(frozen=True, slots=True)
class FeedSite:
    """The feed around the posts."""

    title: str
    description: str
    #: The web page that the feed belongs to, absolute.
    home_url: str
    #: The address at which this very feed is served (rel=self), absolute.
    feed_url: str
    #: A permanent IRI for the feed as a whole.
    id: str
    language: str
    organisation: str
    image: str | None = None
    #: A small square picture, absolute.
    icon: str | None = None
    #: A style sheet for browsers, in which people open a feed: a path from the root of the site, so that it comes from
    #: wherever the feed came from. RSS and Atom name it before the feed; None for none.
    style: str | None = None
    #: Minutes for which a reader may keep what it has.
    ttl: int = 60
    #: WebSub hubs that are told of changes to this feed (W3C WebSub §4), absolute.
    hubs: tuple[str, ...] = ()
    #: The archive document before this one, that is with older posts (RFC 5005 §4: prev-archive), absolute.
    older: str | None = None
    #: The archive document after this one (next-archive), absolute.
    newer: str | None = None
    #: In an archive document: the feed that readers subscribe to, absolute. None in that feed itself.
    current: str | None = None
