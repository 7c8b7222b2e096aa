"""A web feed as a source of posts: RSS, Atom or JSON Feed, by its own address or its site's.

Here is the order of one look: may we ask, where, what came, what to remember. Each answer is another module's:
polling.py (may we), http_errors.py (what went wrong), discovery.py (where feeds are),
decode.py and xml.py (what arrived), rss.py, atom.py and jsonfeed.py (what it
means), identity.py and items.py (which posts those are).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from newsletter.errors import SourceError
from newsletter.http.client import Answer, Fetcher
from newsletter.sources.base import Fetched, Look, Problem, Unreadable
from newsletter.sources.webfeed.atom import read_atom
from newsletter.sources.webfeed.decode import DocumentKind, first_element, kind_of, readable
from newsletter.sources.webfeed.discovery import feeds_of_page, usual_places
from newsletter.sources.webfeed.http_errors import FeedFailed, clock, failure
from newsletter.sources.webfeed.items import Ours, read_items
from newsletter.sources.webfeed.jsonfeed import read_json
from newsletter.sources.webfeed.model import Feed, NotAFeed, WebPage
from newsletter.sources.webfeed.polling import FeedMemory, validator
from newsletter.sources.webfeed.rss import read_rss
from newsletter.sources.webfeed.xml import read_tree

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.5, */*;q=0.1"
)


class WebFeedSource:
    """Posts out of one web feed. Keeps nothing between two looks but what it asks to be told (``Fetched.memory``)."""

    def __init__(self, name: str, url: str, fetcher: Fetcher, *, site_url: str, zone: str) -> None:
        """``url`` is the feed's address or its site's. ``zone`` is ours, for dates without one, and
        ``site_url`` where our pages are. Nothing is read before ``fetch``.
        """
        self.name = name
        self.url = url
        self._fetcher = fetcher
        self._site_url, self._zone = site_url, zone

    def fetch(self, look: Look) -> Fetched:
        """Every post that is in the feed now.

        ``unchanged`` when it answers 304, or when it is too early to ask again. Raises Unreadable when nothing could
        be read, with what to remember.
        """
        memory = FeedMemory.of(look.memory, self.url)
        if memory.gone and not look.by_hand:
            raise Unreadable(memory.error, memory.stored())
        if until := memory.waits_until(look.now, by_hand=look.by_hand):
            if memory.failures:
                raise Unreadable(f"{memory.error}; it is asked again after {clock(until)}", memory.stored())
            return Fetched((), unchanged=True, memory=memory.stored())
        return self._look(memory, look)

    def _look(self, memory: FeedMemory, look: Look) -> Fetched:
        """Ask at each place in turn until one gives the feed."""
        trouble = FeedFailed(f"{self.url} gave no feed")
        for place in memory.places(look.now):
            try:
                return self._ask(place, memory, look)
            except FeedFailed as error:
                trouble = error
            except SourceError as error:
                trouble = FeedFailed(str(error))
            if trouble.ban is not None:
                break  # the other addresses are most often the same server's
        left = memory.after_failure(str(trouble), look.now, ban=trouble.ban, gone=trouble.gone)
        until = left.waits_until(look.now, by_hand=False)
        again = f"; it is asked again after {clock(until)}" if until and trouble.ban is not None else ""
        raise Unreadable(str(trouble) + again, left.stored())

    def _ask(self, place: str, memory: FeedMemory, look: Look) -> Fetched:
        """One address. Raises FeedFailed, and SourceError for what kept an answer from coming."""
        conditions = memory.conditions(place)
        answer = self._fetcher.ask(place, {"Accept": _ACCEPT} | conditions)
        if answer.status == 304 and conditions:
            if answer.url == memory.given_by:
                left = memory.after_reading(answer.headers, memory.minutes, look.now)
                return Fetched((), unchanged=True, memory=left.stored())
            answer = self._fetcher.ask(place, {"Accept": _ACCEPT})  # it was another address's "not modified"
        try:
            found = self._read(answer, look)
        except WebPage:
            if place != self.url:
                raise FeedFailed(f"{answer.url} is a web page now and no feed") from None
            return self._discover(answer, memory, look)
        except NotAFeed as error:
            raise FeedFailed(f"{answer.url} {error}") from error
        return self._finish(found, place, memory, look)

    def _read(self, answer: Answer, look: Look) -> _Found:
        """Raises FeedFailed for a status, NotAFeed for a content that is no feed."""
        if answer.status != 200:
            raise failure(answer, self.name, look.now)
        return _Found(answer, read_feed(answer.content, answer.headers.get("content-type", ""), answer.url))

    def _discover(self, page: Answer, memory: FeedMemory, look: Look) -> Fetched:
        """The feed that a page names, else one in the usual places. Raises FeedFailed."""
        text = readable(page.content, page.headers.get("content-type", ""))
        named = [link.url for link in feeds_of_page(text, page.url)]
        trouble = ""
        for place in [*named, *usual_places(page.url)]:
            try:
                found = self._read(self._fetcher.ask(place, {"Accept": _ACCEPT}), look)
            except NotAFeed as error:
                trouble = trouble or (f"{place} {error}" if place in named else "")
            except FeedFailed as error:
                if error.ban is not None:
                    raise
                trouble = trouble or (str(error) if place in named else "")
            except SourceError as error:
                trouble = trouble or (str(error) if place in named else "")
            else:
                return self._finish(found, place, replace(memory, feed=place), look)
        because = f"the feed that it names cannot be read: {trouble}" if trouble else "it names no feed"
        raise FeedFailed(
            f"{page.url} is a web page and {because}; look for its feed (often a link called RSS) and give that "
            f"address as url in [sources.{self.name}]"
        )

    def _finish(self, found: _Found, place: str, memory: FeedMemory, look: Look) -> Fetched:
        """The items, and what to remember: nothing by which a damaged feed would pass for one that is known."""
        answer, feed = found.answer, found.feed
        reading = read_items(feed, answer.url, memory.shared, Ours(look.now, self._zone, self._site_url))
        partial = bool(feed.damage) or not reading.items
        moved_now = place != memory.moved
        headers = answer.headers
        left = replace(
            memory,
            moved=answer.moved_to or ("" if moved_now else memory.moved),
            moved_at=look.now.isoformat() if moved_now and answer.moved_to else memory.moved_at,
            etag="" if partial else validator(headers.get("etag", "")),
            modified="" if partial else validator(headers.get("last-modified", "")),
            asked=answer.moved_to or place,
            given_by=answer.url,
            minutes=feed.minutes or 0,
            shared=reading.shared,
        ).after_reading(headers, feed.minutes, look.now)
        problems = [*reading.problems, *self._remarks(left, bool(feed.entries))]
        elsewhere = look.memory.get("url", self.url) != self.url
        return Fetched(
            reading.items,
            tuple(problems),
            len(reading.protected),
            protected=reading.protected,
            partial=partial,
            elsewhere=elsewhere,
            memory=left.stored(),
        )

    def _remarks(self, memory: FeedMemory, has_entries: bool) -> Iterator[Problem]:
        if not has_entries:
            yield Problem(
                memory.given_by,
                "the feed has no posts; if its site has some, ask who runs it",
            )
        if memory.moved and not memory.feed and _elsewhere(memory.moved, self.url):
            yield Problem(
                self.url, f"the feed has moved for good: give {memory.moved} as url in [sources.{self.name}]"
            )


@dataclass(frozen=True, slots=True)
class _Found:
    answer: Answer
    feed: Feed


def read_feed(content: bytes, content_type: str, url: str) -> Feed:
    """The entries of a feed document that came from ``url``.

    Raises NotAFeed, whose message is a clause that follows the address, and WebPage for an HTML page.
    """
    text = readable(content, content_type)
    kind = kind_of(text)
    if kind is DocumentKind.JSON:
        return read_json(text, url)
    if kind is DocumentKind.XML:
        tree = read_tree(text)
        return read_atom(tree, url) if tree.atom else read_rss(tree, url)
    if kind is DocumentKind.PAGE:
        raise WebPage("is a web page and no feed")
    if not text.strip():
        raise NotAFeed("gave an empty answer; open it in a browser to see why")
    if kind is DocumentKind.OTHER_XML:
        raise NotAFeed(
            f"is XML but no feed (it begins with <{first_element(text)}>); give the feed's own address"
        )
    if content_type.lower().startswith("text/html"):
        raise WebPage("is a web page and no feed")
    raise NotAFeed("is neither a feed nor a web page; give the address of a feed or of its site")


def _elsewhere(moved: str, url: str) -> bool:
    """False for the same place by https, or with a slash more: not worth an errand."""
    return _place(moved) != _place(url)


def _place(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/"), parts.query
