"""RSS 0.9x, 1.0 and 2.0 (with content, dc, media, itunes): what its elements mean."""

from __future__ import annotations

import re

from lxml import etree

from newsletter.sources.webfeed.elements import (
    Parts,
    Picture,
    as_html,
    atom_markup,
    base_of,
    categories_of,
    enclosure_of,
    image_of,
    joined,
    language_of,
    markup_of,
    names_of_people,
    parts_of,
    text_of,
    title_of,
    words_of,
)
from newsletter.sources.webfeed.model import Feed, FeedEntry
from newsletter.sources.webfeed.xml import Tree

#: RSS 1.0 modules/syndication: minutes of each updatePeriod.
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}


def read_rss(tree: Tree, url: str) -> Feed:
    """``url`` is where the feed came from, for relative addresses."""
    head = parts_of(tree.head, tree)
    home = joined(url, _link_text(head)) or url
    language = text_of(head, "language", "dc:language")
    entries = tuple(_entry(element, tree, url, home, language) for element in tree.entries)
    return Feed(entries, minutes_of(head), text_of(head, "generator"), tree.damage)


def minutes_of(head: Parts) -> int | None:
    """How long the feed asks to be left alone: ttl, or sy:updatePeriod divided by sy:updateFrequency."""
    found = [int(ttl)] if re.fullmatch(r"\d{1,6}", ttl := text_of(head, "ttl"), re.ASCII) else []
    period = _PERIODS.get(text_of(head, "sy:updateperiod").lower())
    often = text_of(head, "sy:updatefrequency")
    if period:
        found.append(period // max(int(often), 1) if re.fullmatch(r"\d{1,4}", often, re.ASCII) else period)
    return max(found, default=None)


def _entry(element: etree._Element, tree: Tree, url: str, home: str, language: str) -> FeedEntry:
    parts = parts_of(element, tree)
    guid = text_of(parts, "guid", "atom:id", "dc:identifier") or _about(element)
    base = base_of(element, "")
    link = _link(parts, guid, base or home)
    content = _content(parts)
    description = _description(parts)
    named = {name: [dict(found.attrib) for found in parts.get(name, ())] for name in _MEDIA}
    picture = _image(named, base or home)
    return FeedEntry(
        id=guid,
        link=link,
        title=_title(parts),
        content=content,
        description=description,
        base=joined(url, base) or link or home,
        date=text_of(
            parts, "pubdate", "dc:date", "dcterms:issued", "atom:published", "dcterms:created", "date"
        ),
        updated=text_of(parts, "atom:updated", "dcterms:modified"),
        authors=_authors(parts),
        categories=categories_of(
            words_of(found) for name in ("category", "dc:subject") for found in parts.get(name, ())
        ),
        language=text_of(parts, "dc:language") or language_of(element) or language,
        image=picture.address,
        image_size=picture.size,
        enclosure=enclosure_of([*named["enclosure"], *named["media:content"]], base or home),
    )


_MEDIA = ("enclosure", "media:content", "media:thumbnail", "itunes:image")


def _about(element: etree._Element) -> str:
    """RSS 1.0 §5.5: the address of an item is its name."""
    return (element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or "").strip()


def _title(parts: Parts) -> str:
    for name in ("title", "atom:title", "dc:title", "itunes:title", "media:title"):
        for found in parts.get(name, ()):
            if title := title_of(markup_of(found), is_html=len(found) > 0):
                return title
    return ""


def _content(parts: Parts) -> str:
    """The longest of the elements for a whole text: some plugins write an empty one beside it."""
    found = [markup_of(one) for name in ("content:encoded", "fullitem") for one in parts.get(name, ())]
    found += [markup_of(one) for name in ("xhtml:body", "xhtml:div") for one in parts.get(name, ())]
    found += [atom_markup(one) for one in parts.get("atom:content", ())]
    return as_html(max(found, key=len, default=""))


def _description(parts: Parts) -> str:
    names = ("description", "atom:summary", "dc:description", "itunes:summary", "googleplay:description")
    for name in (*names, "dcterms:abstract", "media:description", "itunes:subtitle"):
        for found in parts.get(name, ()):
            text = atom_markup(found) if name == "atom:summary" else markup_of(found)
            if text.strip():
                return as_html(text)
    return ""


def _link(parts: Parts, guid: str, base: str) -> str:
    """Where the post lives: behind a counting service its own address, else link, else a guid that is an address."""
    for name in ("feedburner:origlink", "link", "atom:link"):
        for found in parts.get(name, ()):
            if (found.get("rel") or "alternate").lower() == "alternate" and (address := _address(found)):
                return joined(base, address)
    permanent = all(
        (found.get("isPermaLink") or "true").lower() != "false" for found in parts.get("guid", ())
    )
    return joined("", guid) if permanent and guid.lower().startswith(("http://", "https://")) else ""


def _link_text(head: Parts) -> str:
    """The channel's page; RSS's own link has its address as text, Atom's (to the feed itself) as an attribute."""
    own = [found for found in head.get("link", ()) if not found.get("rel")]
    return next(filter(None, map(_address, own)), "")


def _address(element: etree._Element) -> str:
    return words_of(element).strip() or (element.get("href") or "").strip()


def _authors(parts: Parts) -> tuple[str, ...]:
    """dc:creator says names; author says a mail address with a name beside it (RSS 2.0); itunes is a show's."""
    for names in (("dc:creator",), ("author", "atom:author"), ("itunes:author",)):
        texts = [_author_text(found) for name in names for found in parts.get(name, ())]
        if found := names_of_people(texts):
            return found
    return ()


def _author_text(element: etree._Element) -> str:
    for child in element:
        if isinstance(child.tag, str) and etree.QName(child).localname == "name":
            return child.text or ""
    return words_of(element)


def _image(named: dict[str, list[dict[str, str]]], base: str) -> Picture:
    return (
        image_of(named["media:content"], base, sure=False)
        or image_of(named["media:thumbnail"], base, sure=True)
        or image_of(named["enclosure"], base, sure=False)
        or image_of(named["itunes:image"], base, sure=True)
    )
