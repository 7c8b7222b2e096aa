"""Who wrote a page's post and when, as the page shows it: in, above or below its text. What one such line means is
bylines.py's, what the head says metadata.py's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from newsletter import date_parsing
from newsletter.sources.article.details.bylines import MOST_LINE, Byline, author_names, read_byline
from newsletter.sources.html.sanitize import one_line

#: So many lines are tried, the likeliest first.
_MOST_BYLINES = 500
#: Of a line in parts, each by itself.
_MOST_PARTS = 8
_BYLINE_TAGS = ("time", "div", "span", "li", "address", "a", "abbr", "h2", "h3", "h4", "h5", "h6")
_APART = ("div", "p", "ul", "ol", "li", "section", "button", "time", "address", "dd", "dt")
_BYLINE_CLASS = re.compile(
    r"(?:^|[-_ ])(?:byline|author|autor|date|datum|published|posted|meta|time|timestamp|dateline|vcard"
    r"|submitted)(?:$|[-_ ])",
    re.I,
)
_AUTHOR_CLASS = re.compile(r"(?:^|[-_ ])(?:author|autor|byline|fn|vcard)(?:[-_]*name)?(?:$|[-_ ])", re.I)
#: Where those who only commented, or wrote other posts, have their names.
_OTHERS = re.compile(
    r"(?:^|[-_ ])(?:comments?|respond|related|sidebar|widget\w*|recent\w*|cards?|more)(?:$|[-_ ])", re.I
)


@dataclass(frozen=True, slots=True)
class ShownByline:
    """What lines near the text's beginning say, and what others on the page say."""

    near: Byline
    far: Byline


def in_article_footers(page: HtmlElement, zone: str) -> Byline:
    """What a post's own footer says, where the page has one post. Before furniture is taken out."""
    articles = list(page.iter("article"))
    tops = [
        article
        for article in articles
        if not any(parent.tag == "article" for parent in article.iterancestors())
    ]
    if len(tops) > 1:
        return Byline()
    root = tops[0] if tops else page
    found = Byline()
    for number, element in enumerate(root.iter("p", *_BYLINE_TAGS)):
        if number > 20 * _MOST_BYLINES:
            break
        inside = list(element.iterancestors())
        if not any(
            parent.tag == "footer" or "entry-meta" in (parent.get("class") or "") for parent in inside
        ):
            continue
        if not tops and not any(
            re.search(r"\b(?:hentry|post)\b", parent.get("class") or "") for parent in inside
        ):
            continue
        if is_telling(element) and not _is_of_others(element, root):
            found = _together(found, _read(element, zone) or Byline())
    return found


def _is_of_others(element: HtmlElement, root: HtmlElement) -> bool:
    for parent in element.iterancestors():
        if parent is root:
            return False
        if _OTHERS.search(f"{parent.get('class') or ''} {parent.get('id') or ''}"):
            return True
    return False


def take_byline(body: HtmlElement, title: str, zone: str) -> ShownByline:
    """Date and authors as the page shows them, above or inside the post; the post's own first lines are taken out."""
    near, far = Byline(), Byline()
    for element, place in _byline_places(body, title):
        found = _read(element, zone)
        if not found:
            continue
        if place in ("opening", "before"):
            near = _together(near, found)
        else:
            far = _together(far, found)
        if place == "opening" and element.getparent() is not None:
            element.drop_tree()
    return ShownByline(near, far)


def _together(first: Byline, second: Byline) -> Byline:
    return Byline(first.date or second.date, first.updated or second.updated, first.authors or second.authors)


def _line(element: HtmlElement) -> str:
    """Its words, those of two blocks or buttons apart: a name and the share bar behind it are not one word."""
    if not any(True for _ in element.iterdescendants(*_APART)):
        return one_line(element.text_content())
    said: list[str] = []
    for event, part in iterwalk(element, events=("start", "end")):
        if part.tag in _APART:
            said.append(" ")
        if event == "start":
            said.append(part.text or "")
        elif part is not element:
            said.append(part.tail or "")
    return one_line("".join(said))


def _read(element: HtmlElement, zone: str) -> Byline | None:
    words = _line(element)
    found = read_byline(words, zone=zone) or _from_attributes(element, zone)
    if found is None and 0 < len(element) <= _MOST_PARTS:
        for part in element:
            said = read_byline(_line(part), zone=zone) if isinstance(part.tag, str) else None
            found = _together(found or Byline(), said) if said else found
    if found is None and _names_author(element) and len(words) <= MOST_LINE:
        names = author_names(words)
        return Byline(authors=names) if names else None
    if found is not None and found.date is None and element.tag == "time":
        stamped = _from_attributes(element, zone)
        found = _together(found, stamped) if stamped else found
    return found


def _names_author(element: HtmlElement) -> bool:
    """True for what is marked as a name: microformats' h-card, rel=author, a class that says so on one line."""
    if "author" in (element.get("rel") or "").split() or element.get("itemprop") == "author":
        return True
    return len(element) <= 1 and bool(_AUTHOR_CLASS.search(element.get("class") or ""))


def _byline_places(body: HtmlElement, title: str) -> Iterable[tuple[HtmlElement, str]]:
    """Small elements that may hold a byline, the likeliest first, and where each stands.

    The short lines that open the post, then what has a telling tag or class: upwards from the post (its own date
    stands nearest), below it, and last what is deep inside, which may be any date of the story.
    """
    root = body.getroottree().getroot()
    inside = set(body.iter())
    ranked: list[tuple[int, int, HtmlElement, str]] = []
    place = "before"
    for number, element in enumerate(root.iter("p", *_BYLINE_TAGS)):
        words = one_line(element.text_content())
        if element in inside:
            long = element.tag == "p" and len(words) > MOST_LINE
            place = "inside" if long or place == "inside" else "opening"
        elif place != "before":
            place = "below"
        if not words or len(words) > MOST_LINE or words == title or element is body:
            continue
        if place == "opening" or is_telling(element):
            order = -number if place == "before" else number
            ranked.append((("opening", "before", "below", "inside").index(place), order, element, place))
    ranked.sort(key=lambda found: found[:2])
    return [(element, where) for _, _, element, where in ranked[:_MOST_BYLINES]]


def is_telling(element: HtmlElement) -> bool:
    """True for a tag, a class or a property that tells when or by whom."""
    named = bool(_BYLINE_CLASS.search(element.get("class") or ""))
    return (
        named
        or element.tag == "time"
        or "author" in (element.get("rel") or "").split()
        or element.get("itemprop") in ("author", "datePublished", "dateModified")
    )


def _from_attributes(element: HtmlElement, zone: str) -> Byline | None:
    stamp = element.get("datetime") or element.get("content") or ""
    found = date_parsing.parse(stamp, zone=zone) if element.tag == "time" or element.get("itemprop") else None
    if not found:
        return None
    updated = element.get("itemprop") == "dateModified" or "updated" in (element.get("class") or "").split()
    return Byline(updated=found) if updated else Byline(date=found)
