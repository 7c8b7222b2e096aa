"""What feedgen gets wrong or leaves out, put right through its own extension hooks; build.py makes the feeds.

feedgen makes one instance for the feed or the entry that the extension is registered with, and hands it the
finished element: to ``extend_rss`` or to ``extend_atom``.
"""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime

from lxml.etree import SubElement, _Element

ATOM = "http://www.w3.org/2005/Atom"
#: RFC 5005 §4.
HISTORY = "http://purl.org/syndication/history/1.0"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Around:
    """A feed around its posts: in RSS its last change and the links beside "self", in both whether it is an archive."""

    def __init__(self) -> None:
        #: UTC; None leaves the element out.
        self.changed: datetime | None = None
        #: (rel, href), for RSS alone.
        self.links: list[tuple[str, str]] = []
        #: An archive document: its set of posts is fixed (RFC 5005 §4).
        self.archive = False

    def extend_ns(self) -> dict[str, str]:
        return {"fh": HISTORY} if self.archive else {}

    def extend_rss(self, feed: _Element) -> _Element:
        channel = feed[0]
        if self.changed is not None:
            SubElement(channel, "lastBuildDate").text = rss_date(self.changed)
        for rel, href in self.links:
            # feedgen writes rel="self" into RSS and drops every other link.
            SubElement(channel, f"{{{ATOM}}}link", rel=rel, href=href)
        self._mark(channel)
        return feed

    def extend_atom(self, feed: _Element) -> _Element:
        self._mark(feed)
        return feed

    def _mark(self, around: _Element) -> None:
        if self.archive:
            SubElement(around, f"{{{HISTORY}}}archive")


class Item:
    """An item of an RSS feed: its date."""

    def __init__(self) -> None:
        #: UTC; None leaves the element out.
        self.published: datetime | None = None

    def extend_rss(self, item: _Element) -> _Element:
        if self.published is not None:
            SubElement(item, "pubDate").text = rss_date(self.published)
        return item


class AtomEntry:
    """An entry of an Atom feed: its language, and its links as they were meant."""

    def __init__(self) -> None:
        #: RFC 5646; None for the feed's own.
        self.language: str | None = None
        #: The attributes of each link.
        self.links: list[dict[str, str]] = []

    def extend_atom(self, entry: _Element) -> _Element:
        if self.language is not None:
            entry.set(_XML_LANG, self.language)
        # feedgen 1.0 loses rel, type and length of every entry link (its loop variable hides the values): readers
        # would open a recording as the article.
        for attributes in self.links:
            SubElement(entry, "link", attributes)
        return entry


def rss_date(moment: datetime) -> str:
    """RFC 822 with a year of four digits (RSS 2.0). ``moment`` is in UTC.

    feedgen's own formatter switches the locale of the whole process for each date: two threads that build at
    once can leave it switched for good.
    """
    return format_datetime(moment, usegmt=True)
