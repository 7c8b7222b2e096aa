"""What two posts have in common: titles and texts as digests, kept also when they change. It never decides that two are
one; it says which post a new one may be, and staff are asked.

A site that changes its system, its ids and its domain brings its archive under new names; nobody is to get it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter import date_parsing, dates
from newsletter.models import Likeness, LikenessKind, Post, PostName
from newsletter.sources.base import Item, NameScheme
from newsletter.sources.html.plain_text import plain_text
from newsletter.sources.html.summary import summary_of
from newsletter.text.graphemes import cut

#: Letters and digits; a shorter text may well be that of two posts ("Photos of the month"), so its title counts too.
_LONG = 160


@dataclass(frozen=True, slots=True)
class Twin:
    """A post that a new one may be, and what they have in common."""

    post: Post
    #: "the title and date"
    shared: str


def opening(item: Item) -> str:
    """An item in a few words: its own, or how its text begins. Never empty for an item with a title."""
    return item.summary or summary_of(item.html) or cut(item.title, 500)


def digests(title: str, html: str) -> dict[LikenessKind, str]:
    """A title and a text without typography, markup and addresses, which change with a site's system."""
    bare_title, bare_text = _bare(title) or title, _bare(plain_text(html)) or html
    text = bare_text if len(bare_text) >= _LONG else f"{bare_title}\n{bare_text}"
    return {LikenessKind.TITLE: _digest(bare_title), LikenessKind.TEXT: _digest(text)}


def remember(post: Post) -> None:
    """Note the title and text that a post has now. Call it in the transaction that writes them."""
    found = digests(post.title, post.html)
    Likeness.objects.bulk_create(
        [Likeness(post=post, kind=kind, digest=digest) for kind, digest in found.items()],
        ignore_conflicts=True,
    )


def shares(post: Post, item: Item) -> bool:
    """Whether a post has or had the title or the text of an item."""
    found = digests(cut(item.title, 500), item.html)
    return any(post.likenesses.filter(kind=kind, digest=digest).exists() for kind, digest in found.items())


def twin_of(
    item: Item, dated: dates.PartialDate, source: str, zone: str, there: Collection[int] = ()
) -> Twin | None:
    """The post that a new item may be: by its title together with its date, its address or (for an item without a date)
    its opening; by its text; by its id, when another source has that; by the second of its date and a text that is too
    short to tell by itself. ``there`` are posts that the source has beside it now, under names of their own."""
    found = digests(cut(item.title, 500), item.html)
    rows = Likeness.objects.select_related("post").order_by("pk")
    titled = [row.post for row in rows.filter(kind=LikenessKind.TITLE, digest=found[LikenessKind.TITLE])[:50]]
    for post in titled:
        if item.date is not None and _same_days(dated, post, zone):
            return Twin(post, "the title and date")
        if item.date is None and post.source == source and post.summary == opening(item):
            return Twin(post, "the title and opening")
    texts = rows.filter(kind=LikenessKind.TEXT, digest=found[LikenessKind.TEXT])
    same_text = [row.post for row in texts[:50]]
    if same_text and not _boilerplate(item.title, same_text):
        return Twin(same_text[0], "the text")
    return _by_name(item, titled, source) or _by_second(item, there)


def _boilerplate(title: str, posts: list[Post]) -> bool:
    """Whether a text says nothing of whose it is: posts of different titles have it (a podcast's standing notes), and
    none of them this title."""
    titles = {_bare(post.title) for post in posts}
    return len(titles) > 1 and _bare(title) not in titles


def _by_name(item: Item, titled: list[Post], source: str) -> Twin | None:
    others = PostName.objects.exclude(source=source).select_related("post").order_by("pk")
    for name in item.names:
        same = others.filter(scheme=name.scheme, value=name.value)
        if name.scheme == NameScheme.GUID and len(name.value) >= 8 and (row := same.first()):
            return Twin(row.post, "the id")
        if name.scheme == NameScheme.ADDRESS and (row := same.filter(post__in=titled).first()):
            return Twin(row.post, "the title and address")
    return None


def _by_second(item: Item, there: Collection[int]) -> Twin | None:
    """A post of the very same second whose text is the same: no coincidence, unless the source has both."""
    if item.date is None or item.date.moment is None or not item.html:
        return None
    wanted = _bare(plain_text(item.html)) or item.html
    for post in Post.objects.filter(dated_at=item.date.moment).exclude(html="").order_by("pk")[:50]:
        if post.pk not in there and (_bare(plain_text(post.html)) or post.html) == wanted:
            return Twin(post, "the text and the second")
    return None


def _same_days(dated: dates.PartialDate, post: Post, zone: str) -> bool:
    """Whether two dates may be one. Not the same instant: a site that changes its system often changes how exact its
    dates are, or their zone."""
    other = date_parsing.parse(post.date, zone=zone)
    if other is None:
        return False
    (start, end), (other_start, other_end) = _days(dated, zone), _days(other, zone)
    return start < other_end and other_start < end


def _days(dated: dates.PartialDate, zone: str) -> tuple[datetime, datetime]:
    """The first day of a date and the day after its last, as naive local midnights."""
    if dated.precision is dates.Precision.INSTANT:
        local = dated.starts(zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        first = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return first, first + timedelta(days=1)
    first = datetime(dated.year or 1, dated.month or 1, dated.day or 1)  # noqa: DTZ001 (a day of a calendar)
    if dated.precision is dates.Precision.DAY:
        return first, first + timedelta(days=1)
    if dated.precision is dates.Precision.MONTH:
        return first, (first + timedelta(days=32)).replace(day=1)
    return first, first.replace(year=first.year + 1)


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
