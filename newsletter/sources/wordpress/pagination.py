"""Posts of a WordPress API, a page at a time, and what is gathered of them. Which are asked for: source.py."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from newsletter.errors import FetchRefused, SourceError
from newsletter.sources.base import Item, Problem
from newsletter.sources.html.plain_text import one_line, plain_text
from newsletter.sources.wordpress.api import Api, ApiFailed, ApiReply, Busy, Closed, PastTheEnd
from newsletter.sources.wordpress.api_post import (
    EMBED,
    FIELDS,
    changed_at,
    has_password,
    is_public,
    lacks_utc,
    published_at,
    read_post,
)
from newsletter.sources.wordpress.items import as_item
from newsletter.sources.wordpress.references import References, number

#: As many as WordPress gives at once, then what a server that broke down over them may manage.
SIZES = (100, 20, 5)
#: More posts are not read, and no more text is kept.
MOST_POSTS = 10_000
MOST_TEXT = 200_000_000
Post = Mapping[str, Any]


@dataclass(slots=True)
class PostPages:
    """The answers to one question for posts: ``pages`` asks, one page at a time."""

    api: Api
    query: Mapping[str, str]
    sizes: Sequence[int] = SIZES
    #: ETag and Last-Modified of the last time, empty for none; afterwards those of this time.
    validators: Sequence[str] = ("", "")
    unchanged: bool = False
    #: How many posts the site says that it has: at first, and in the end.
    total: int | None = None
    total_at_last: int | None = None

    def address(self) -> str:
        """Of the first page."""
        return self.api.address("wp/v2/posts", self._query(0, self.sizes[0]))

    def pages(self) -> Iterator[list[Post]]:
        """Every page that there is, without posts that a page before had.

        A page that is too much for the server is asked for in smaller pieces. Raises Closed and Busy at the first
        page, SourceError wherever else it stops: nobody shall take half for the whole.
        """
        sizes, start, seen = list(self.sizes), 0, set[int]()
        while start < MOST_POSTS:
            reply = self._page(start, sizes)
            if reply is None:
                return
            posts = [post for post in reply.data if isinstance(post, Mapping)]
            fresh = [post for post in posts if (number(post.get("id")) or 0) not in seen]
            seen |= {number(post.get("id")) or 0 for post in posts}
            yield fresh
            start += sizes[0]
            if not fresh or self._was_last(reply, start, sizes[0], len(posts)):
                return

    def _page(self, start: int, sizes: list[int]) -> ApiReply | None:
        """One page; None when there is none, or when the first has not changed. ``sizes`` loses those that are too
        much: each divides the one before, so that a page of a smaller size begins where one of the larger did."""
        while True:
            try:
                return self._ask(start, sizes[0])
            except PastTheEnd:
                return None
            except (ApiFailed, FetchRefused) as error:
                if len(sizes) == 1 or not _is_too_much(error):
                    raise self._stopped(start, str(error)) from error
                del sizes[0]
            except Closed as error:
                if start == 0:
                    raise
                raise self._stopped(start, str(error)) from error

    def _ask(self, start: int, size: int) -> ApiReply | None:
        headers = {}
        if start == 0:
            etag, modified = self.validators
            headers = ({"If-None-Match": etag} if etag else {}) | (
                {"If-Modified-Since": modified} if modified else {}
            )
        reply = self.api.ask("wp/v2/posts", self._query(start, size), headers)
        if reply.data is None:
            self.unchanged = True
            return None
        if not isinstance(reply.data, list):
            raise Closed("it answered with something other than a list of posts")
        if start == 0:
            self.validators = (
                reply.headers.get("etag", "")[:300],
                reply.headers.get("last-modified", "")[:100],
            )
        self.total_at_last = reply.number("x-wp-total")
        if self.total is None:
            self.total = self.total_at_last
        return reply

    def _query(self, start: int, size: int) -> dict[str, str]:
        page = {"per_page": str(size), "page": str(start // size + 1)}
        return {**self.query, **page, "_fields": FIELDS, "_embed": EMBED}

    def _was_last(self, reply: ApiReply, start: int, size: int, got: int) -> bool:
        if self.total_at_last is not None:
            return start >= self.total_at_last
        pages = reply.number("x-wp-totalpages")
        return start >= pages * size if pages is not None else got < size

    def _stopped(self, start: int, why: str) -> SourceError:
        of = f" of {self.total}" if self.total else ""
        return SourceError(
            f"{self.api.root}: reading stopped after {start} posts{of}: {why}. Nothing was taken over; the next look "
            "begins again. If it stays so, let whoever looks after the site read WordPress's error log"
        )


def _is_too_much(error: Exception) -> bool:
    """The server broke down, or the page is larger than we read; not: an address that must not be asked."""
    return isinstance(error, ApiFailed) or "KB" in str(error)


@dataclass(slots=True)
class Gathering:
    """What a look has read so far. Items are made at once, so that a page's answer can be forgotten."""

    api: Api
    site_url: str
    #: For dates without their UTC: a zone's name or an offset. Where the site keeps one, that replaces ours.
    zone: str
    items: dict[int, Item] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: Posts with a password: number → (title, date).
    protected: dict[int, tuple[str, datetime | None]] = field(default_factory=dict)
    #: What falls out of posts → the titles of those posts.
    lost: dict[str, list[str]] = field(default_factory=dict)
    changed_until: datetime | None = None
    newest: datetime | None = None
    _references: References | None = None
    _zone_asked: bool = False
    _text: int = 0

    def add(self, posts: Sequence[Post]) -> None:
        """Read a page. Raises Busy, and SourceError when what it refers to gets no answer."""
        public = [post for post in posts if is_public(post)]
        if any(lacks_utc(post) for post in public):
            self._ask_zone()
        if self._references is None:
            self._references = References(self.api)
        open_posts = [post for post in public if not has_password(post)]
        self._references.learn(open_posts)
        for post in public:
            self._note_times(post)
            if has_password(post):
                self._note_protected(post)
        for post in open_posts:
            self._take(post, self._references)

    @property
    def closed(self) -> Mapping[str, str]:
        """Route → why what posts refer to could not be read there."""
        return self._references.closed if self._references else {}

    def _take(self, post: Post, references: References) -> None:
        if self._text > MOST_TEXT:
            return
        try:
            fallen: list[str] = []
            found = read_post(post, references, self.zone, fallen.append)
            item = as_item(found, self.site_url)
        except SourceError as error:
            where = str(post.get("link") or f"{self.api.root} post {post.get('id')}")[:300]
            self.problems.append(Problem(one_line(where), f"this post is left out: {error}"))
            return
        self.items[found.number] = item
        for what in dict.fromkeys(fallen):
            self.lost.setdefault(what, []).append(item.title)
        self._text += len(item.html)
        if self._text > MOST_TEXT:
            what = "the site's posts have more text than is kept, so the oldest are left out"
            self.problems.append(Problem(self.api.root, what))

    def _note_times(self, post: Post) -> None:
        changed, published = changed_at(post, self.zone), published_at(post, self.zone)
        if changed and (self.changed_until is None or changed > self.changed_until):
            self.changed_until = changed
        when = published.moment if published else None
        if when and (self.newest is None or when > self.newest):
            self.newest = when

    def _note_protected(self, post: Post) -> None:
        title = post.get("title")
        words = title.get("rendered") if isinstance(title, Mapping) else title
        published = published_at(post, self.zone)
        if known := number(post.get("id")):
            shown = one_line(plain_text(words if isinstance(words, str) else ""))[:100]
            self.protected[known] = (shown or str(known), published.moment if published else None)

    def _ask_zone(self) -> None:
        """The site's own zone, of which its first page tells; ours where it does not."""
        if self._zone_asked:
            return
        self._zone_asked = True
        try:
            reply = self.api.ask("", {"_fields": "gmt_offset,timezone_string"})
        except (Closed, ApiFailed, PastTheEnd, Busy):
            return
        found = reply.data if isinstance(reply.data, Mapping) else {}
        self.zone = _zone(found.get("timezone_string"), found.get("gmt_offset")) or self.zone


def _zone(name: object, offset: object) -> str:
    """A zone's name, else an offset such as "+05:30"; empty when neither makes sense."""
    try:
        if isinstance(name, str) and name:
            return ZoneInfo(name).key
    except (ValueError, OSError, KeyError):  # what ZoneInfo raises for names that are none
        pass
    try:
        hours = float(offset) if isinstance(offset, int | float | str) else math.nan
    except (ValueError, OverflowError):
        return ""
    if not -14 <= hours <= 14:
        return ""
    minutes = round(abs(hours) * 60)
    return f"{'-' if hours < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
