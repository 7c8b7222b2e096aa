"""What stands at the beginning and the end of a post's own part of a page: its title, lines of furniture, other posts.

Works on a parsed page and changes it. main_content.py says where the post is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml.html import HtmlElement

from newsletter.sources.article.main_content import ENOUGH, PROSE_TAGS, SHORTEST, drop, unlinked
from newsletter.sources.article.match_text import Match
from newsletter.sources.html.boilerplate.lines import (
    MOST_LINE,
    MOST_NOTICE,
    bare_line,
    is_furniture,
    is_furniture_at_the_edge,
    may_open_other_posts,
    opens_other_posts,
)
from newsletter.sources.html.sanitize import one_line

#: A page with more headings that may open a list of other posts is no post.
_MOST_LISTS = 20
#: What is longer and no link is a sentence.
_LONGEST_HEADING = 45


def remove_edges(
    body: HtmlElement, title: str, site_titles: Sequence[str], match: Match | None = None
) -> None:
    """Take out of the post its title, lines of furniture, and all from where other posts are listed: up to where the
    post goes on, by its words (``match``)."""
    for heading in list(body.iter("h1", "h2", "h3")):
        if one_line(heading.text_content()).casefold() == title.casefold():
            drop(heading)
            break
    looked = 0
    around = _around(body)
    for element in list(body.iter("p", "li", "div", "span", "a", "h2", "h3", "h4", "h5", "h6", "strong")):
        words = one_line(element.text_content())
        if not words or len(words) > MOST_NOTICE or element is body or not _is_in(element, body):
            continue
        if len(words) > MOST_LINE:
            if element.tag in ("p", "div") and is_furniture(words):
                drop(element)
            continue
        if looked < _MOST_LISTS and _drop_line(element, words, body, site_titles, around, match):
            looked += 1
            around = _around(body)
    _drop_last_lines(body, site_titles)


def _drop_line(
    element: HtmlElement,
    words: str,
    body: HtmlElement,
    site_titles: Sequence[str],
    around: Mapping[HtmlElement, tuple[int, int]],
    match: Match | None,
) -> bool:
    """True when the text now ends before the element."""
    if is_furniture(words) and not _is_part_of_sentence(element):
        drop(element)
        return False
    if element.tag in ("span", "a") or not (
        opens_other_posts(words, site_titles) or may_open_other_posts(words)
    ):
        return False
    if len(words) > _LONGEST_HEADING and not any(True for _ in element.iter("a")):
        return False  # "Read also what Ana wrote …" is a sentence
    before, after = around[element]
    if not ((opens_other_posts(words, site_titles) and after < before) or not after):
        return False
    _drop_from(element, body, match)
    return True


def _is_part_of_sentence(element: HtmlElement) -> bool:
    """True for a link or a bold word within a longer paragraph: "to register, …" is no button."""
    return any(
        parent.tag in ("p", "li", "td", "blockquote")
        and len(bare_line(parent.text_content())) > MOST_LINE / 2
        for parent in element.iterancestors()
    ) or bool((element.tail or "").strip() and element.tag in ("span", "a", "strong"))


def _is_in(element: HtmlElement, body: HtmlElement) -> bool:
    return any(parent is body for parent in element.iterancestors())


def _around(body: HtmlElement) -> dict[HtmlElement, tuple[int, int]]:
    """How much prose of the body stands before each of its elements, and how much after."""
    places: dict[HtmlElement, tuple[int, int]] = {}
    inside: set[HtmlElement | None] = set()
    before = counted = 0
    for found in body.iter():
        places[found] = before, counted
        if found is body:
            continue
        parent = found.getparent()
        if parent in inside:
            inside.add(found)
        elif found.tag in PROSE_TAGS:
            inside.add(found)
            length = unlinked(found)
            before += length
            counted += length if length >= SHORTEST else 0
    return {found: (first, counted - behind) for found, (first, behind) in places.items()}


def _drop_from(element: HtmlElement, body: HtmlElement, match: Match | None) -> None:
    """Drop it, all that follows it, and what then follows the part that it opened; not where the post goes on."""
    parent = element.getparent()
    while parent is not None and parent is not body and parent.index(element) == 0:
        element, parent = parent, parent.getparent()
    for follower in list(element.itersiblings()):
        if match is not None and _goes_on(follower, match):
            break
        drop(follower)
    drop(element)


def _goes_on(follower: HtmlElement, match: Match) -> bool:
    """True for a paragraph of the post behind a list of others, which many papers put amid a text."""
    if not isinstance(follower.tag, str):
        return False
    chosen = match.chosen(follower)
    if chosen < ENOUGH / 2 or match.linked(follower) > 0.3 * match.text(follower):
        return False
    alone = follower.tag in ("p", "blockquote")
    return alone or (
        chosen >= 2 * ENOUGH
        and not any(next(heading.iter("a"), None) is not None for heading in follower.iter("h2", "h3", "h4"))
    )


def _drop_last_lines(body: HtmlElement, site_titles: Sequence[str]) -> None:
    # Children are not counted: that takes the longer the more there are.
    while (last := next(body.iterchildren(reversed=True), None)) is not None:
        words = one_line(last.text_content()) if isinstance(last.tag, str) else ""
        pictured = isinstance(last.tag, str) and any(
            True for _ in last.iter("img", "iframe", "video", "audio", "table")
        )
        if pictured or (last.tail or "").strip() or len(words) > MOST_LINE:
            return
        if words and not is_furniture_at_the_edge(words, site_titles):
            return
        drop(last)
