"""JSON Feed 1.0 and 1.1 (jsonfeed.org): what its keys mean. Wrong types are passed over, never an error."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from newsletter.sources.webfeed.decode import MOST_TAGS, refuse_references
from newsletter.sources.webfeed.elements import (
    as_html,
    categories_of,
    enclosure_of,
    image_of,
    joined,
    names_of_people,
    paragraphs,
    title_of,
)
from newsletter.sources.webfeed.model import Feed, FeedEntry, NotAFeed
from newsletter.sources.webfeed.xml import MOST_ENTRIES

#: In Python's objects a document takes up to thirty times its size: lists of empty lists.
MOST_CHARACTERS = 4 * 1024 * 1024


def read_json(text: str, url: str) -> Feed:
    """``url`` is where the feed came from, for relative addresses. Raises NotAFeed."""
    if len(text) > MOST_CHARACTERS:
        raise NotAFeed(f"is larger than {MOST_CHARACTERS // 1024 // 1024} MB; a JSON Feed is smaller")
    if text.count("<") + text.lower().count("\\u003c") > MOST_TAGS:
        raise NotAFeed(f"has more than {MOST_TAGS} tags, as no feed does; it is not read")
    refuse_references(text)
    try:
        data = json.loads(text.lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(
            "is damaged JSON; ask who runs the site, or give the address of its RSS feed"
        ) from error
    if not isinstance(data, dict) or not isinstance(items := data.get("items"), list):
        raise NotAFeed(
            "is JSON but no JSON Feed (it has no list of items); give the address of the site's feed"
        )
    if len(items) > MOST_ENTRIES:
        raise NotAFeed(f"has more than {MOST_ENTRIES} posts; give the address of a shorter feed")
    home = joined(url, _text(data, "home_page_url")) or url
    found = [_entry(item, data, home) for item in items if isinstance(item, dict)]
    damage = "" if len(found) == len(items) else "some of the feed's items are no objects and were left out"
    return Feed(tuple(found), damage=damage)


def _entry(item: Mapping[str, Any], data: Mapping[str, Any], home: str) -> FeedEntry:
    link = joined(home, _text(item, "url")) or joined(home, _text(item, "external_url"))
    base = link or home
    whole = as_html(_text(item, "content_html")) or paragraphs(_text(item, "content_text"))
    attachments = [_strings(one) for one in _list(item, "attachments")]
    picture = [{"url": _text(item, name)} for name in ("image", "banner_image")]
    found = image_of(picture, base, sure=True) or image_of(attachments, base, sure=False)
    return FeedEntry(
        id=_id(item.get("id")),
        link=link,
        title=title_of(_text(item, "title")),
        content=whole,
        description=paragraphs(_text(item, "summary")),
        base=base,
        date=_text(item, "date_published") or _text(item, "date_modified"),
        updated=_text(item, "date_modified"),
        authors=names_of_people(_authors(item)) or names_of_people(_authors(data)),
        categories=categories_of(tag for tag in _list(item, "tags") if isinstance(tag, str)),
        language=_text(item, "language") or _text(data, "language"),
        image=found.address,
        enclosure=enclosure_of(attachments, base),
    )


def _id(value: object) -> str:
    """A number is read as its text (version 1, "id": a reader should coerce it)."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    try:
        return str(value).strip()
    except ValueError:  # an integer with more digits than Python prints
        return ""


def _authors(item: Mapping[str, Any]) -> Iterator[str]:
    """``authors`` of 1.1, or ``author`` of 1.0."""
    for author in (*_list(item, "authors"), item.get("author")):
        if isinstance(author, dict):
            yield _text(author, "name")


def _strings(attachment: object) -> dict[str, str]:
    """An attachment in the words of RSS."""
    if not isinstance(attachment, dict):
        return {}
    size = attachment.get("size_in_bytes")
    length = str(int(size)) if isinstance(size, int | float) and 0 < size < 1e15 else ""
    return {"url": _text(attachment, "url"), "type": _text(attachment, "mime_type"), "length": length}


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _list(item: Mapping[str, Any], name: str) -> list[Any]:
    value = item.get(name)
    return value if isinstance(value, list) else []
