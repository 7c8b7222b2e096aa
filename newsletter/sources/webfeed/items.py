"""A feed's entries → items: cleaned, dated, named, and what was wrong with them in a sentence each."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from newsletter.dates import PartialDate
from newsletter.sources.base import Item, Name, Problem
from newsletter.sources.html.sanitize import (
    clean,
    one_line,
    plain_text,
    summary_of,
    with_html,
    without_controls,
)
from newsletter.sources.html.summary import shown_in, title_of
from newsletter.sources.protected_posts import is_protected
from newsletter.sources.webfeed.dates import changed, published
from newsletter.sources.webfeed.excerpts import only_excerpts
from newsletter.sources.webfeed.identity import Naming, name_entries
from newsletter.sources.webfeed.model import Feed, FeedEntry
from newsletter.text.graphemes import cut, cut_at_word
from newsletter.text.language_tags import language_tag

#: As long as a post file's title may be.
MOST_TITLE = 300
#: What a plugin of WordPress puts under every text of a feed.
_APPEARED = re.compile(
    r"<p>The post (?:(?!</p>).){0,600} appeared first on (?:(?!</p>).){0,300}</p>\s*$", re.DOTALL
)
_SOURCE = re.compile(r'<img [^<>]*\bsrc="([^"<>]*)"')
_ELLIPSIS = re.compile(r"\s*\[\s*(?:…|\.{3})\s*\]\s*$")


@dataclass(frozen=True, slots=True)
class FeedReading:
    """What a feed gave."""

    items: tuple[Item, ...]
    problems: tuple[Problem, ...]
    #: Names that several of its posts have, to be remembered (identity.py).
    shared: tuple[str, ...]
    #: The names of those that are behind a password, and so are no posts.
    protected: tuple[tuple[Name, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Ours:
    """What is ours and not the feed's."""

    #: Aware UTC.
    now: datetime
    #: The site's, for times without one.
    zone: str
    #: The public address of our pages, where pictures are served that come inside of a text.
    site_url: str


def read_items(feed: Feed, url: str, shared: Collection[str], ours: Ours) -> FeedReading:
    """Every entry that is a post. ``url`` is the feed's, for messages; ``shared`` as the last reading had it."""
    naming = name_entries(feed.entries, shared, url)
    guarded = {id(entry) for entry in feed.entries if _is_guarded(entry)}
    items, wrong_dates, empty = [], [], 0
    for entry, names in naming.named:
        if id(entry) in guarded:
            continue
        date = published(entry.date, ours.now, ours.zone) or published(entry.updated, ours.now, ours.zone)
        if date is None and entry.date:
            wrong_dates.append(entry)
        item = _item(entry, names, date, ours)
        if item is None:
            empty += 1
        else:
            items.append(item)
    said = [
        feed.damage,
        only_excerpts([entry for entry in feed.entries if id(entry) not in guarded], feed.generator),
        *_about_names(naming),
    ]
    said += _about_dates(wrong_dates)
    protected = tuple(names for entry, names in naming.named if id(entry) in guarded)
    if empty:
        said.append(
            f"{_counted(empty, 'entry', 'entries')} without title, text, picture and recording left out"
        )
    return FeedReading(
        tuple(items), tuple(Problem(url, what) for what in said if what), naming.shared, protected
    )


def _is_guarded(entry: FeedEntry) -> bool:
    """Whether one of its texts is a password form, or says that there is none for us."""
    texts = [text for text in (entry.content, entry.description) if text] or [""]
    return any(is_protected(entry.title, text) for text in texts)


def _item(entry: FeedEntry, names: tuple[Name, ...], date: PartialDate | None, ours: Ours) -> Item | None:
    item = Item(
        names=names,
        title=_short(entry.title),
        html="",
        date=date,
        updated=changed(entry.updated, date, ours.now, ours.zone),
        authors=entry.authors,
        url=entry.link or None,
        categories=entry.categories,
        image=entry.image,
        image_size=entry.image_size,
        language=language_tag(entry.language),
        enclosure=entry.enclosure,
    )
    item = with_html(item, entry.content or entry.description, entry.base, ours.site_url)
    html = _without_origin(item.html)
    title = item.title or title_of(html) or (_file_name(entry) if entry.enclosure else "")
    title = title or _of_picture(item, html, ours.zone)
    return replace(item, title=title, html=html, summary=_summary(entry, html)) if title else None


def _of_picture(item: Item, html: str, zone: str) -> str:
    """What a picture without words is called: what it shows, else its day, else its file. Empty without a picture."""
    shows = shown_in(html)
    if shows or not (item.image or "<img" in html):
        return _short(shows)
    if item.date:
        return item.date.text(item.language or "en", zone)
    source = item.image or next(iter(_SOURCE.findall(html)), "")
    return one_line(source.partition("?")[0].rstrip("/").rpartition("/")[2])[:MOST_TITLE]


def _without_origin(html: str) -> str:
    """The text without the last line that a plugin put there; nothing else is looked through."""
    start = html.rfind("<p>The post ")
    return (html[:start] if start >= 0 and _APPEARED.match(html, start) else html).strip()


def _short(title: str) -> str:
    return cut_at_word(one_line(title), MOST_TITLE)


def _file_name(entry: FeedEntry) -> str:
    address = entry.enclosure.url if entry.enclosure else ""
    return cut(one_line(address.partition("?")[0].rstrip("/").rpartition("/")[2]), MOST_TITLE)


def _summary(entry: FeedEntry, html: str) -> str:
    """The feed's own summary, where it says something else than how the text begins."""
    if not entry.content or not entry.description:
        return ""
    text = summary_of(_without_origin(clean(entry.description, entry.base)))
    beginning = _ELLIPSIS.sub("", text).rstrip(" …")
    whole = one_line(plain_text(html))
    return "" if not beginning or whole.startswith(beginning) else without_controls(_ELLIPSIS.sub("…", text))


def _about_names(naming: Naming) -> Iterator[str]:
    if naming.repeated:
        guid = naming.repeated[0]
        shown = guid if len(guid) <= 80 else guid[:79] + "…"
        yield (
            f'several posts have the same id "{shown}"; they are told apart by their addresses: ask who runs the '
            "site to give each an id of its own"
        )
    if naming.nameless:
        yield (
            f"{_counted(naming.nameless, 'post')} without id and address: a change of title or date makes each a new "
            "post; ask who runs the site to put in a guid or a link"
        )


def _about_dates(wrong: list[FeedEntry]) -> Iterator[str]:
    if wrong:
        first = wrong[0]
        yield (
            f'{_counted(len(wrong), "post")} with a date that cannot be right ("{first.date[:40]}" of '
            f'"{cut(first.title, 60)}"): dated when first seen'
        )


def _counted(number: int, one: str, several: str = "") -> str:
    return f"1 {one}" if number == 1 else f"{number} {several or one + 's'}"
