"""schema.org written into a page's elements (itemprop) → the same shape as JSON-LD. Its meaning is metadata.py's.

HTML §5 (microdata). Only what describes an article is read, and only plain properties of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lxml.html import HtmlElement

from newsletter.sources.html.sanitize import one_line

_ARTICLES = ("Article", "BlogPosting", "NewsArticle", "Report", "ScholarlyArticle")
#: Those that are objects of their own; of these the name is wanted.
_PEOPLE = frozenset({"author", "creator"})
#: What the attributes hold where they hold anything (HTML §5.2.4), and what old pages put into title.
_HOLDING = ("content", "datetime", "href", "src", "title")
_TEXTS = frozenset({"headline", "name", "author", "creator", "keywords", "articleSection", "description"})
_READ = _TEXTS | {
    "datePublished",
    "dateModified",
    "image",
    "inLanguage",
    "mainEntityOfPage",
    "url",
    "image_url",
}
_MOST = 2000


def read_microdata(page: HtmlElement) -> Mapping[str, Any]:
    """The properties of the page's article; without one, the author and the dates that stand anywhere on it."""
    scopes = [scope for scope in page.iter() if isinstance(scope.tag, str) and _is_article(scope)]
    found: dict[str, Any] = {}
    for number, (name, element) in enumerate(_properties(scopes[0] if scopes else page)):
        if number >= _MOST:
            break
        if not scopes and name not in ("author", "datePublished", "dateModified"):
            continue
        value = _value(name, element)
        if not value:
            continue
        if name in _PEOPLE or name in ("keywords", "articleSection"):
            entries = found.setdefault(name, [])
            if value not in entries:
                entries.append(value)
        else:
            found.setdefault("image" if name == "image_url" else name, value)
    return found


def _is_article(element: HtmlElement) -> bool:
    return (element.get("itemtype") or "").rstrip("/").rpartition("/")[2] in _ARTICLES


def _properties(scope: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """Each property with its element; not those of objects within the article, such as a comment's author."""
    waiting = [child for child in scope if isinstance(child.tag, str)][::-1]
    while waiting:
        element = waiting.pop()
        names = (element.get("itemprop") or "").split()
        for name in names:
            # Blogger calls the whole text its description.
            if name in _READ and not (name == "description" and "articleBody" in names):
                yield name, element
        inner_object = element.get("itemscope") is not None and (names or element.get("itemtype"))
        if not inner_object or "articleBody" in names:
            waiting += [child for child in element if isinstance(child.tag, str)][::-1]


def _value(name: str, element: HtmlElement) -> str:
    if name in _PEOPLE and element.get("itemscope") is not None:
        for inner in element.iter():
            if isinstance(inner.tag, str) and "name" in (inner.get("itemprop") or "").split():
                return one_line(inner.get("content") or inner.text_content())
    if element.tag in ("meta", "time", "link", "img", "abbr", "data") or name not in _TEXTS:
        for attribute in _HOLDING:
            if value := one_line(element.get(attribute) or ""):
                return value
    return one_line(element.text_content())[:300] if name not in ("image", "image_url") else ""
