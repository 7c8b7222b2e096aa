"""Atom 1.0 (RFC 4287) and 0.3: what its elements mean."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from newsletter.sources.base import Enclosure
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
    names_of_people,
    parts_of,
    text_of,
    title_of,
    words_of,
)
from newsletter.sources.webfeed.model import Feed, FeedEntry
from newsletter.sources.webfeed.rss import minutes_of
from newsletter.sources.webfeed.xml import Tree, key


def read_atom(tree: Tree, url: str) -> Feed:
    """``url`` is where the feed came from, for relative addresses."""
    head = parts_of(tree.head, tree)
    authors = _authors(head, tree)
    language = language_of(tree.head)
    entries = tuple(_entry(element, tree, url, authors, language) for element in tree.entries)
    return Feed(entries, minutes_of(head), text_of(head, "atom:generator"), tree.damage)


def _entry(
    element: etree._Element, tree: Tree, url: str, feed_authors: tuple[str, ...], language: str
) -> FeedEntry:
    parts = parts_of(element, tree)
    links = parts.get("atom:link", [])
    link = _alternate(links, url)
    picture = _image(parts, element, url)
    return FeedEntry(
        id=text_of(parts, "atom:id"),
        link=link,
        title=_title(parts),
        content=_content(parts),
        description=_description(parts),
        base=_base(parts, link, url),
        date=text_of(
            parts, "atom:published", "atom:issued", "atom:created", "dc:date", "atom:updated", "atom:modified"
        ),
        updated=text_of(parts, "atom:updated", "atom:modified"),
        # Who wrote the feed wrote its entries (§4.2.1).
        authors=_authors(parts, tree) or feed_authors,
        categories=categories_of(_categories(parts)),
        language=language_of(element) or language,
        image=picture.address,
        image_size=picture.size,
        enclosure=_enclosure(parts, element, url),
    )


def _title(parts: Parts) -> str:
    for found in parts.get("atom:title", ()):
        kind = (found.get("type") or "text").lower()
        plain = kind in ("text", "text/plain", "plain") and not len(found)
        if title := title_of(found.text or "" if plain else atom_markup(found), is_html=not plain):
            return title
    return text_of(parts, "media:title")


def _content(parts: Parts) -> str:
    found = [atom_markup(one) for one in parts.get("atom:content", ()) if not one.get("src")]
    return as_html(max(found, key=len, default=""))


def _description(parts: Parts) -> str:
    for found in parts.get("atom:summary", ()):
        if text := as_html(atom_markup(found)):
            return text
    return as_html(text_of(parts, "media:description"))


def _base(parts: Parts, link: str, url: str) -> str:
    """xml:base where there is one; where there is none, what people mean is the post's own page."""
    carrier = next(iter([*parts.get("atom:content", ()), *parts.get("atom:summary", ())]), None)
    if carrier is None:
        return link or url
    inner = next(iter(carrier), carrier) if len(carrier) == 1 else carrier
    return base_of(inner, url) if base_of(inner, "") or _has_base(inner) else link or url


def _has_base(element: etree._Element) -> bool:
    name = "{http://www.w3.org/XML/1998/namespace}base"
    return any(outer.get(name) for outer in (element, *element.iterancestors()))


def _links(links: list[etree._Element], rel: str) -> Iterator[etree._Element]:
    for link in links:
        said = (link.get("rel") or "alternate").strip().lower()
        if said.rpartition("/")[2] == rel:
            yield link


def _alternate(links: list[etree._Element], url: str) -> str:
    """The entry's page: an alternate that is HTML or does not say, else any alternate (§4.2.7.2)."""
    found = list(_links(links, "alternate"))
    pages = [link for link in found if "html" in (link.get("type") or "html").lower()]
    for link in [*pages, *found]:
        if address := joined(base_of(link, url), link.get("href") or words_of(link)):
            return address
    return ""


def _authors(parts: Parts, tree: Tree) -> tuple[str, ...]:
    texts = []
    for author in parts.get("atom:author", ()):
        names = [child.text or "" for child in author if key(child, tree) == "atom:name"]
        texts += names or [author.text or ""]
    return names_of_people(texts) or names_of_people(words_of(one) for one in parts.get("dc:creator", ()))


def _categories(parts: Parts) -> Iterator[str]:
    """A label is for people, a term for programs (§4.2.2)."""
    for found in parts.get("atom:category", ()):
        yield found.get("label") or found.get("term") or found.text or ""
    for found in parts.get("dc:subject", ()):
        yield found.text or ""


def _image(parts: Parts, element: etree._Element, url: str) -> Picture:
    base = base_of(element, url)
    return (
        image_of([dict(one.attrib) for one in parts.get("media:content", ())], base, sure=False)
        or image_of([dict(one.attrib) for one in parts.get("media:thumbnail", ())], base, sure=True)
        or image_of(
            [dict(one.attrib) for one in _links(parts.get("atom:link", []), "enclosure")], base, sure=False
        )
        or image_of([dict(one.attrib) for one in parts.get("itunes:image", ())], base, sure=True)
    )


def _enclosure(parts: Parts, element: etree._Element, url: str) -> Enclosure | None:
    links = [dict(one.attrib) for one in _links(parts.get("atom:link", []), "enclosure")]
    media = [dict(one.attrib) for one in parts.get("media:content", ())]
    return enclosure_of([*links, *media], base_of(element, url))
