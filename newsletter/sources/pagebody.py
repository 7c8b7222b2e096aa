"""Where on an HTML page the post is, and what around and in it goes. Works on a parsed page and changes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from newsletter.sources.clean import one_line
from newsletter.sources.furniture import (
    MOST_LINE,
    bare_line,
    is_furniture,
    is_furniture_at_the_edge,
    may_open_other_posts,
    opens_other_posts,
)

_NEVER_PROSE = (
    "script",
    "style",
    "template",
    "nav",
    "form",
    "button",
    "select",
    "textarea",
    "dialog",
    "link",
    "meta",
)
_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog", "menu"}
)
_JUNK = re.compile(
    r"(?:^|[-_ ])(?:share|sharing|sharedaddy|social(?:-?(?:links?|icons?|share|media|bar))?|cookies?(?:-\w+)?"
    r"|gdpr|consent|breadcrumbs?|related(?:-\w+)?|comments?|respond|sidebar|widgets?|newsletter|subscribe|signup|sign-up|popup"
    r"|modal|menu|navbar|navigation|pagination|pager|skip(?:-\w+)?|screen-reader\S*|sr-only|visually-hidden"
    r"|advert\w*|ads?|promo|footer|masthead|toolbar|tags?-links|cat-links|back-to-top|print-only"
    r"|site-header)(?:$|[-_ ])",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
#: Names under which content systems keep a post's text.
_BODY_CLASS = re.compile(
    r"(?:^|\s)(?:entry|post|article|story|page|node|blog|field--name|gh|kg|blog-item|blog-post|td-post|single|item|news"
    r"|com-content-article)[-_]{1,2}(?:content|body|text|main|text-wrap)(?:$|\s)"
    r"|(?:^|\s)(?:e-content|articleBody|wysiwyg|prose|rich-?text|markup|the-content|body-copy|available-content"
    r"|elementor-widget-theme-post-content|et_pb_post_content|w-richtext|c-article__body)(?:$|\s)",
    re.IGNORECASE,
)
_PROSE_TAGS = ("p", "blockquote", "li", "pre", "td", "dd")
#: A page with more headings that may open a list of other posts is no post.
_MOST_LISTS = 100
_NEARLY_ALL = 0.6
_ALL_OF_IT = 0.97
#: Shorter pieces are captions and labels.
_SHORTEST = 25
#: An element with less prose than this is not taken for the post by its name alone.
_ENOUGH = 140


def remove_furniture(page: HtmlElement) -> None:
    """Take out what is never a post: scripts, menus, forms, hidden parts, share bars.

    A part that holds a good deal of the page's prose stays whatever it is called: class names lie.
    """
    for element in list(page.iter(*_NEVER_PROSE)):
        if element.tag == "form" and prose(element) > 0.5 * prose(page):
            element.drop_tag()  # some systems wrap the whole page in one
        else:
            _drop(element)
    total = prose(page)
    for element in [found for found in page.iter() if isinstance(found.tag, str)]:
        if element.tag in ("html", "body", "head") or not _is_removable(element):
            continue
        hidden = element.get("hidden") is not None or _HIDDEN_STYLE.search(element.get("style") or "")
        if hidden or prose(element) <= 0.3 * total:
            _drop(element)


def _is_removable(element: HtmlElement) -> bool:
    if element.tag in ("aside", "footer"):
        return True
    if element.tag == "header":
        return not any(parent.tag in ("article", "main") for parent in element.iterancestors())
    if element.get("hidden") is not None or (element.get("aria-hidden") == "true" and element.tag != "img"):
        return True
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return (
        (element.get("role") or "").lower() in _ROLES
        or bool(_JUNK.search(named))
        or bool(_HIDDEN_STYLE.search(element.get("style") or ""))
    )


def prose(element: HtmlElement) -> int:
    """How many characters of running text it holds, links not counted."""
    own = [found for found in element.iter(*_PROSE_TAGS) if not _inside_prose(found, element)]
    return sum(length for found in own if (length := _unlinked(found)) >= _SHORTEST)


def _inside_prose(found: HtmlElement, top: HtmlElement) -> bool:
    for parent in found.iterancestors():
        if parent is top:
            return False
        if parent.tag in _PROSE_TAGS:
            return True
    return False


def _unlinked(element: HtmlElement) -> int:
    linked = sum(len(link.text_content().strip()) for link in element.iter("a"))
    return len(" ".join(element.text_content().split())) - linked


def find_body(page: HtmlElement) -> HtmlElement:
    """The element that holds the post: by what the page says of itself, else by where its prose is densest."""
    whole = page.find("body")
    assert whole is not None
    for candidates in _said(page):
        found = max(candidates, key=prose, default=None)
        if found is not None and prose(found) >= min(_ENOUGH, 0.5 * prose(whole)):
            return _narrowed(found)
    return _densest(whole)


def _said(page: HtmlElement) -> Iterable[list[HtmlElement]]:
    yield list(page.xpath("//*[contains(concat(' ', @itemprop, ' '), ' articleBody ')]"))
    yield list(page.xpath("//*[@data-hook='post-description' or @data-content-region='post-body']"))
    yield list(page.iter("article"))
    yield [found for found in page.iter("div", "section") if _BODY_CLASS.search(found.get("class") or "")]
    yield list(page.xpath("//main | //*[@role='main']"))


def _narrowed(found: HtmlElement) -> HtmlElement:
    """The smallest part of it that is named as the text, if that has nearly all of its prose."""
    inner = [part for part in found.iter("div", "section") if _BODY_CLASS.search(part.get("class") or "")]
    most = max(map(prose, inner), default=0)
    # Comments and words about the author may stand beside it; the text's own part may begin with its picture.
    if not inner or most < _NEARLY_ALL * prose(found):
        return found
    return [part for part in inner if prose(part) >= _ALL_OF_IT * most][-1]


def _densest(whole: HtmlElement) -> HtmlElement:
    """Each paragraph speaks for its parent, and half as loudly for its grandparent."""
    scores: dict[HtmlElement, float] = {}
    for paragraph in whole.iter(*_PROSE_TAGS):
        length = _unlinked(paragraph)
        parent = paragraph.getparent()
        if length < _SHORTEST or parent is None:
            continue
        for place, share in ((parent, 1.0), (parent.getparent(), 0.5)):
            if place is not None and place.tag not in ("html", "ul", "ol", "tr"):
                scores[place] = scores.get(place, 0) + share * length
    best = max(scores, key=lambda place: scores[place], default=whole)
    # Prose that mostly stands elsewhere (text between line breaks, a layout of tables) needs the whole page.
    return best if prose(best) >= 0.4 * prose(whole) and prose(best) >= 0.2 * _unlinked(whole) else whole


def remove_edges(body: HtmlElement, title: str, site_titles: Sequence[str]) -> None:
    """Take out of the post its title, lines of furniture, and all from where other posts are listed."""
    for heading in list(body.iter("h1", "h2", "h3")):
        if one_line(heading.text_content()).casefold() == title.casefold():
            _drop(heading)
            break
    looked = 0
    for element in list(body.iter("p", "li", "div", "span", "a", "h2", "h3", "h4", "h5", "h6", "strong")):
        words = one_line(element.text_content())
        if not words or len(words) > MOST_LINE or element is body or not _is_in(element, body):
            continue
        if looked < _MOST_LISTS:
            looked += _drop_line(element, words, body, site_titles)
    _drop_last_lines(body, site_titles)


def _drop_line(element: HtmlElement, words: str, body: HtmlElement, site_titles: Sequence[str]) -> bool:
    """True when the whole text had to be looked at, which takes its time."""
    if is_furniture(words) and not _is_part_of_sentence(element):
        _drop(element)
        return False
    if element.tag in ("span", "a") or not (
        opens_other_posts(words, site_titles) or may_open_other_posts(words)
    ):
        return False
    before, after = _around(element, body)
    if (opens_other_posts(words, site_titles) and after < before) or not after:
        _drop_from(element, body)
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


def _around(element: HtmlElement, body: HtmlElement) -> tuple[int, int]:
    """How much prose of the body stands before and after an element."""
    before = after = 0
    passed = False
    for found in body.iter():
        passed = passed or found is element
        if found.tag in _PROSE_TAGS and not _inside_prose(found, body):
            length = _unlinked(found)
            if passed:
                after += length if length >= _SHORTEST else 0
            else:
                before += length
    return before, after


def _drop_from(element: HtmlElement, body: HtmlElement) -> None:
    """Drop it, all that follows it, and what then follows the part that it opened."""
    parent = element.getparent()
    while parent is not None and parent is not body and parent.index(element) == 0:
        element, parent = parent, parent.getparent()
    for follower in list(element.itersiblings()):
        _drop(follower)
    _drop(element)


def _drop_last_lines(body: HtmlElement, site_titles: Sequence[str]) -> None:
    while len(body):
        last = body[-1]
        words = one_line(last.text_content()) if isinstance(last.tag, str) else ""
        pictured = isinstance(last.tag, str) and any(
            True for _ in last.iter("img", "iframe", "video", "audio", "table")
        )
        if pictured or (last.tail or "").strip() or len(words) > MOST_LINE:
            return
        if words and not is_furniture_at_the_edge(words, site_titles):
            return
        _drop(last)


def _drop(element: HtmlElement) -> None:
    """Take it out with all that is in it; the text behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()
