"""The kinds of feed that there are: their file names, media types and sizes, and what builds each."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from newsletter.feeds.build import ATOM_TYPE, RSS_TYPE, atom, rss
from newsletter.feeds.jsonfeed import JSON_TYPE, json_feed
from newsletter.feeds.model import FeedPost, FeedSite

#: A longer text (bytes of UTF-8) stays out of every feed: readers get its summary and the link. It is decided for each
#: post by itself, so that a post never falls back to its summary later, in a reader that has its text.
LONGEST_TEXT = 100_000

#: Bytes that a post takes besides its text, about.
_AROUND_A_POST = 800


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
    """A feed of as many of ``posts`` as there is room for in the format's size, the first ones; ``least`` at any size.

    ``around`` is asked for the site's part of a feed with the first so many posts. Raises as the format's build does.
    """
    fits, body = 0, b""
    too_many = count = len(posts)
    for tries in itertools.count():
        built = kind.build(around(count), posts[:count])
        if len(built) <= kind.most_bytes or count <= least:
            fits, body = count, built
        else:
            too_many = count
        if fits >= too_many - 1 or fits == len(posts):
            # The site's part belongs to what is sent, whichever count was tried last.
            around(fits)
            break
        # A guess comes near in two or three rounds; halving ends what it does not.
        near = _near(posts, count, len(built), kind.most_bytes) if tries < 4 else (fits + too_many) // 2
        count = max(min(near, too_many - 1), fits + 1, min(least, too_many - 1))
    return body


def _near(posts: Sequence[FeedPost], count: int, size: int, most: int) -> int:
    """About how many posts fit into ``most`` bytes, where the first ``count`` took ``size``. Each text is counted: old
    posts are often far longer than new ones, or shorter."""
    weights = [_AROUND_A_POST + len(post.html) + 2 * len(post.summary) for post in posts]
    room = sum(weights[:count]) * most / max(size, 1)
    return sum(total <= room for total in itertools.accumulate(weights))
