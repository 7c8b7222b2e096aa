"""What an HTML page says of itself in its head: schema.org, OpenGraph, plain meta tags. Its text is html_page.py's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from newsletter import date_parsing
from newsletter.dates import PartialDate
from newsletter.sources.article.details.microdata import read_microdata
from newsletter.sources.html.images.image_sizes import told
from newsletter.sources.html.sanitize import absolute_url, one_line, plain_text
from newsletter.text.language_tags import language_tag

_ARTICLE_TYPES = ("Article", "NewsArticle", "BlogPosting", "Report", "ScholarlyArticle", "WebPage")
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?(?:\s?(?:Z|UTC|[+-]\d{2}:?\d{2}))?$")
_WRITTEN_BY = re.compile(
    r"written|author|escrit|autor|verfasst|geschrieben|écrit|auteur|scritto|autore|geschreven|napisa|skrev",
    re.IGNORECASE,
)
_LISTS = frozenset({"post", "posts", "blog", "uncategorized", "uncategorised", "allgemein", "non classé"})
#: No page describes itself more deeply; what is below is not read.
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was found; empty or None where the page says nothing."""

    headline: str
    #: og:title and <title>, which often carry the site's name too.
    titles: tuple[str, ...]
    site_name: str
    date: PartialDate | None
    updated: PartialDate | None
    authors: tuple[str, ...]
    summary: str
    image: str | None
    image_alt: str
    #: In pixels; 0 where the page does not say.
    image_size: tuple[int, int]
    language: str | None
    #: Absolute, from rel=canonical or og:url.
    canonical: str | None
    categories: tuple[str, ...]


def read_metadata(page: HtmlElement, base_url: str, *, zone: str) -> Metadata:
    """Read the head of a parsed page. Broken JSON-LD is passed over. ``zone`` is for times without one."""
    meta = _meta_tags(page)
    article = {**read_microdata(page), **_article(page)}

    def first(*names: str) -> str:
        return next((meta[name][0] for name in names if name in meta), "")

    def date(key: str, *names: str) -> PartialDate | None:
        spelled = [_text(article.get(key)), *(first(name) for name in names)]
        return next(
            (found for text in spelled if (found := date_parsing.parse(_stamp(text), zone=zone))), None
        )

    address = next(iter(page.xpath("//link[@rel='canonical']/@href")), "") or first("og:url")
    address = address or _own_address(article)
    image, image_size = _image(article.get("image"))
    if not image:
        image = first("og:image", "og:image:url", "twitter:image")
    if not any(image_size):
        image_size = _size_of_first(meta, image)
    return Metadata(
        headline=_text(article.get("headline")),
        titles=tuple(filter(None, (first("og:title", "twitter:title"), _title(page)))),
        site_name=first("og:site_name", "application-name"),
        date=date(
            "datePublished", "article:published_time", "dc.date", "dcterms.created", "date", "datepublished"
        ),
        updated=date("dateModified", "article:modified_time", "og:updated_time", "last-modified"),
        authors=_authors(article.get("author") or article.get("creator")) or _meta_authors(meta),
        summary=first("og:description", "description") or _text(article.get("description")),
        image=absolute_url(image, base_url) if image else None,
        image_alt=first("og:image:alt", "twitter:image:alt"),
        image_size=image_size,
        language=_language(page.get("lang") or _text(article.get("inLanguage")) or first("og:locale")),
        canonical=absolute_url(address, base_url) if address else None,
        categories=_categories(article, meta),
    )


def _meta_tags(page: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in page.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        if content := one_line(tag.get("content") or ""):
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _size_of_first(meta: Mapping[str, list[str]], image: str) -> tuple[int, int]:
    """The size of og:image. Of several pictures each size follows its own (ogp.me, "Structured properties"); where one
    is missing, nobody knows whose the others are."""
    images = meta.get("og:image") or meta.get("og:image:url") or []
    sides = [meta.get(f"og:image:{side}", []) for side in ("width", "height")]
    if image not in images[:1] or any(len(side) != len(images) for side in sides):
        return 0, 0
    return told(sides[0][0], sides[1][0])


def _article(page: HtmlElement) -> Mapping[str, Any]:
    """The schema.org object that describes the post, an empty mapping when there is none."""
    found: list[Mapping[str, Any]] = []
    for script in page.xpath("//script[contains(@type, 'ld+json')]"):
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        found += _objects(data, 0)
    by_id = {node["@id"]: node for node in found if isinstance(node.get("@id"), str) and len(node) > 1}
    for kind in _ARTICLE_TYPES:
        for node in found:
            types = node.get("@type")
            if kind == types or (isinstance(types, list) and kind in types):
                return {key: _resolved(value, by_id) for key, value in node.items()}
    return {}


def _objects(data: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        for entry in data:
            yield from _objects(entry, depth + 1)
    elif isinstance(data, dict):
        yield data
        for value in data.values():
            yield from _objects(value, depth + 1)


def _resolved(value: Any, by_id: Mapping[str, Any]) -> Any:
    """A reference such as {"@id": "#ana"} becomes what it refers to."""
    if isinstance(value, list):
        return [_resolved(entry, by_id) for entry in value[:20]]
    if isinstance(value, dict) and set(value) == {"@id"} and isinstance(value["@id"], str):
        return by_id.get(value["@id"], value)
    return value


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return one_line(plain_text(value)) if isinstance(value, str) else ""


def _image(value: Any) -> tuple[str, tuple[int, int]]:
    """A picture of schema.org and its size, which may be a number, a text, or an object that has one."""
    if isinstance(value, list):
        value = value[0] if value else ""
    size = (0, 0)
    if isinstance(value, dict):
        size = told(*(_side(value.get(side)) for side in ("width", "height")))
        value = value.get("url") or value.get("contentUrl")
    return (value, size) if isinstance(value, str) else ("", (0, 0))


def _side(value: Any) -> Any:
    return value.get("value") if isinstance(value, dict) else value


def _authors(value: Any) -> tuple[str, ...]:
    entries = value if isinstance(value, list) else [value]
    entries = [entry for entry in entries if not (isinstance(entry, dict) and _is_organisation(entry))]
    names = (_text(entry.get("name") if isinstance(entry, dict) else entry) for entry in entries)
    return tuple(dict.fromkeys(name for name in names if _is_name(name)))


def _is_organisation(entry: Mapping[str, Any]) -> bool:
    kinds = entry.get("@type")
    return any(str(kind).endswith("Organization") for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _meta_authors(meta: Mapping[str, list[str]]) -> tuple[str, ...]:
    for number in ("1", "2"):  # WordPress's Yoast: a label in the site's language, then the name
        if _WRITTEN_BY.search(" ".join(meta.get(f"twitter:label{number}", ()))):
            meta = {**meta, "author": [*meta.get("author", ()), *meta.get(f"twitter:data{number}", ())]}
    for key in ("author", "article:author", "dc.creator", "parsely-author", "byl", "citation_author"):
        if names := tuple(name for name in meta.get(key, ()) if _is_name(name)):
            return names
    return ()


def _is_name(text: str) -> bool:
    """False for the profile address that many pages give as their author."""
    return bool(text) and len(text) <= 100 and "://" not in text and "@" not in text


def _title(page: HtmlElement) -> str:
    return one_line(next((title.text_content() for title in page.iter("title")), ""))


def _language(said: str) -> str | None:
    """RFC 5646, in its usual spelling: "en-gb" → "en-GB"."""
    if (found := language_tag(said)) is None:
        return None
    first, *others = found.split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in others)])


def _stamp(text: str) -> str:
    """A time of midnight is a day: systems fill in 00:00:00 where nobody wrote an hour."""
    found = _MIDNIGHT.match(text)
    return found[1] if found else text


def _own_address(article: Mapping[str, Any]) -> str:
    for key in ("mainEntityOfPage", "url"):
        value = article.get(key)
        value = value.get("@id") if isinstance(value, Mapping) else value
        if isinstance(value, str) and "://" in value:
            return value
    return ""


def _categories(article: Mapping[str, Any], meta: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Tags and sections; not the names of the list that a post happens to be in."""
    found = [*meta.get("article:tag", ()), *meta.get("article:section", ())]
    if not found:
        for key in ("keywords", "articleSection"):
            value = article.get(key)
            entries = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else ()
            found += [one_line(entry) for entry in entries if isinstance(entry, str)]
    kept = [one for one in found if one and len(one) <= 100 and one.casefold() not in _LISTS]
    return tuple(dict.fromkeys(kept))
