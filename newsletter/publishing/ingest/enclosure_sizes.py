"""How long the recordings of new posts are, where their source does not say: their own servers are asked.

A podcast's enclosure must have its true length in bytes (RSS 2.0), and many programs write 0 or nothing. A server that
is slow or down costs a sync DEADLINE at the most; what stays unknown is asked for again while the post is new.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from newsletter.config import Config
from newsletter.http.client import Fetcher
from newsletter.http.concurrent import answers
from newsletter.models import Post
from newsletter.publishing.from_config import fetcher
from newsletter.sources.base import Enclosure, Item
from newsletter.sources.enclosures import recording_in

#: Seconds for all questions of one sync together, and for one.
DEADLINE = 20.0
_ONE = 8.0
#: In one sync: a first one may bring hundreds of episodes.
_MOST = 100
#: A post that was first seen longer ago is not asked about any more.
_NEW = timedelta(days=2)
#: Of the answer to a server that knows neither HEAD nor ranges.
_MOST_BYTES = 1024


def complete(items: Iterable[Item], config: Config, now: datetime) -> list[Item]:
    """The items with the recordings that they link to, and with what is known of their length.

    Call it outside of transactions.
    """
    found = [replace(item, enclosure=item.enclosure or recording_in(item.html)) for item in items]
    unknown = {
        item.enclosure.url for item in found if item.enclosure is not None and item.enclosure.length is None
    }
    known, settled = _stored(unknown, now)
    asked = sorted(unknown - known.keys() - settled)[:_MOST]
    rules = replace(fetcher(config), whole_seconds=_ONE, most_bytes=_MOST_BYTES)
    known |= answers({url: url for url in asked}, lambda url: _length(url, rules), DEADLINE)
    return [replace(item, enclosure=_with_length(item.enclosure, known)) for item in found]


def _stored(urls: Iterable[str], now: datetime) -> tuple[dict[str, int | None], set[str]]:
    """Lengths that were found before, and recordings that are not asked about any more."""
    wanted = set(urls)
    if not wanted:
        return {}, set()
    rows = Post.objects.exclude(enclosure={}).values_list("enclosure", "first_seen_at")
    mine = [(recording, seen) for recording, seen in rows.iterator() if recording["url"] in wanted]
    known = {recording["url"]: recording["length"] for recording, _ in mine if recording["length"]}
    return known, {recording["url"] for recording, seen in mine if now - seen > _NEW}


def _length(url: str, rules: Fetcher) -> int | None:
    try:
        return rules.size_of(url)
    except Exception:  # no server, and no fault of ours, may keep a post back
        return None


def _with_length(enclosure: Enclosure | None, known: dict[str, int | None]) -> Enclosure | None:
    if enclosure is None or enclosure.length is not None:
        return enclosure
    return replace(enclosure, length=known.get(enclosure.url))
