"""The kinds of feed that there are: their file names, media types and sizes, and what builds each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from newsletter.feeds.build import ATOM_TYPE, RSS_TYPE, atom, rss
from newsletter.feeds.jsonfeed import JSON_TYPE, json_feed
from newsletter.feeds.parts import FeedPost, FeedSite

#: A longer text (bytes of UTF-8) stays out of every feed: readers get its summary and the link. It is decided for each
#: post by itself, so that a post never falls back to its summary later, in a reader that has its text.
LONGEST_TEXT = 100_000


class Format(NamedTuple):
    """One kind of feed."""

    #: As people read it.
    name: str
    media_type: str
    build: Callable[[FeedSite, Sequence[FeedPost]], bytes]
    #: A feed that is polled stays below this many bytes, if need be with fewer posts: some readers stop reading at a
    #: megabyte, and every poll without conditions costs it. The rest is in the archive documents.
    most_bytes: int


#: File name → format; the same names at the root, under each topic and in the archive.
FORMATS = {
    "rss.xml": Format("RSS", RSS_TYPE, rss, 500_000),
    "atom.xml": Format("Atom", ATOM_TYPE, atom, 500_000),
    "feed.json": Format("JSON Feed", JSON_TYPE, json_feed, 250_000),
}


def without_long_text(post: FeedPost) -> FeedPost:
    """The post as it is, or with its summary alone where its text is too long for a feed."""
    return replace(post, html="") if len(post.html.encode(errors="replace")) > LONGEST_TEXT else post


def build_within(
    kind: Format, posts: Sequence[FeedPost], around: Callable[[int], FeedSite], least: int = 1
) -> bytes:
    """A feed of as many of ``posts`` as keep it below the format's size, the first ones; ``least`` at any size.

    ``around`` is asked for the site's part of a feed with the first so many posts. Raises as the format's build does.
    """
    count = len(posts)
    while True:
        body = kind.build(around(count), posts[:count])
        if len(body) <= kind.most_bytes or count <= least:
            return body
        # Posts are not all of one length, so this comes near and never overshoots by more than the next round mends.
        count = max(least, min(count - 1, count * kind.most_bytes // len(body)))
