"""What stands at the end of a post's HTML for its site's sake: other posts of it, "Continue reading", whence it came,
and headings with nothing under them. The rest of a post is markup.py's.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from newsletter.sources.html.boilerplate.lines import is_furniture_at_the_edge, opens_other_posts
from newsletter.sources.html.boilerplate.link_phrases import READ_ON
from newsletter.sources.html.plain_text import one_line
from newsletter.sources.html.urls import address_name

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: Words beside the links of a share bar ("Share this:").
MOST_BESIDE = 40
#: A post may be a list of what is new on its site.
_ROUND_UP = re.compile(
    r"latest|recent|news|more|trending|neue|aktuell|nachricht|meldung|derni|actualit|récent|últim|notici|notíci|reciente"
    r"|ultim|notizi|laatste|nieuws|senaste|seneste|siste|nyhet|nyhed|najnow|ostatni|nejnov|последн|новост|свеж|останн"
    r"|новин|最新|新着|新闻|新聞|뉴스|최신",
    re.IGNORECASE,
)
_A_HEADING = re.compile(r"<h[1-6][^<>]*>(.{1,300}?)</h[1-6]", re.DOTALL)
_TAGS = re.compile(r"<[^<>]*>")
_MEDIUMS = re.compile(
    r"was originally published (?:in|on) .{1,200} on Medium, where people are continuing the conversation"
)


def prose(element: HtmlElement) -> int:
    """Letters outside of links."""
    linked = sum(len(link.text_content()) for link in element.iter("a"))
    return len(element.text_content()) - linked


def heads_other_posts(html: str) -> bool:
    """Whether the last heading may be one of other posts."""
    start = html.rfind("<h", 0, html.rfind("</h") + 1)
    found = _A_HEADING.match(html, start) if start >= 0 else None
    return bool(found) and opens_other_posts(
        one_line(entities.unescape(_TAGS.sub("", found[1] if found else "")))
    )


def take_ends(body: HtmlElement, page_url: str, drop: Callable[[HtmlElement], None]) -> None:
    """What is left at the end: "Continue reading", whence it came, and a heading with nothing under it."""
    _take_other_posts(body, page_url, drop)
    for _ in range(10):
        last = _last_block(body)
        if last is None or not (_leads_back(last, page_url) or _heads_nothing(last) or _is_mediums(last)):
            return
        rule = last.getprevious()
        drop(last)
        if rule is not None and rule.tag == "hr" and not (rule.tail or "").strip():
            drop(rule)


def _last_block(body: HtmlElement) -> HtmlElement | None:
    """The last block with words or a picture, if it is a paragraph, a heading or a div of words alone."""
    for element in reversed(list(body.iter("p", "div", *HEADINGS))):
        if element.tag == "div" and any(
            True for _ in element.iter("p", "div", "ul", "ol", "table", *HEADINGS) if _ is not element
        ):
            continue
        if element.text_content().strip() or any(
            True for _ in element.iter("img", "iframe", "video", "audio")
        ):
            return None if _has_more_behind(element, body) else element
    return None


def _has_more_behind(element: HtmlElement, body: HtmlElement) -> bool:
    """Whether words or pictures stand behind it, outside of paragraphs."""
    place: HtmlElement | None = element
    while place is not None and place is not body:
        if (place.tail or "").strip():
            return True
        for after in place.itersiblings():
            if not isinstance(after.tag, str):
                continue
            if after.text_content().strip() or any(
                True for _ in after.iter("img", "iframe", "video", "audio")
            ):
                return True
        place = place.getparent()
    return False


def _heads_nothing(last: HtmlElement) -> bool:
    return last.tag in HEADINGS and is_furniture_at_the_edge(one_line(last.text_content()))


def _take_other_posts(body: HtmlElement, page_url: str, drop: Callable[[HtmlElement], None]) -> None:
    """A heading such as "Related posts" at the end, and what is under it: links to other pages of the site alone."""
    heading = next(reversed(list(body.iter(*HEADINGS))), None)
    if heading is None or not opens_other_posts(said := one_line(heading.text_content())):
        return
    if _ROUND_UP.search(said) or prose(body) - prose(heading) < 10:
        return
    if (heading.tail or "").strip() or any(heading.iter("a")):
        return
    below = [found for found in heading.itersiblings() if isinstance(found.tag, str)]
    links = [link for block in below for link in (block, *block.iter("a")) if link.tag == "a"]
    if not links or not all(_is_beside(link.get("href") or "", page_url) for link in links):
        return
    words = sum(prose(block) for block in below if block.tag != "a")
    if words > MOST_BESIDE * len(below) or any((block.tail or "").strip() for block in below):
        return
    if _has_more_behind(below[-1], body):
        return
    for block in (heading, *below):
        drop(block)


def _is_beside(address: str, page_url: str) -> bool:
    """Whether an address is on the same host."""
    try:
        there, here = urlsplit(address), urlsplit(page_url)
    except ValueError:
        return False
    return there.hostname is None or (there.hostname or "").removeprefix("www.") == (
        here.hostname or ""
    ).removeprefix("www.")


def _is_mediums(last: HtmlElement) -> bool:
    """What Medium writes under each text of its feeds."""
    return bool(_MEDIUMS.search(one_line(last.text_content())))


def _leads_back(last: HtmlElement, page_url: str) -> bool:
    """A paragraph that is nothing but a link to the post itself and says so; or, with few words beside them, a link to
    the post and one to its site ("The post … appeared first on …", in whatever language)."""
    own, links = address_name(page_url), [link for link in last.iter("a") if link.get("href")]
    if last.tag in HEADINGS or own is None or not links or address_name(links[0].get("href") or "") != own:
        return False
    if len(links) == 1:
        said = one_line(links[0].text_content())
        return one_line(last.text_content()).strip("[](). …") == said.strip("[](). …") and bool(
            READ_ON.match(said)
        )
    if len(links) != 2 or prose(last) > MOST_BESIDE + 20:
        return False
    return _is_home(links[1].get("href") or "", page_url)


def _is_home(address: str, page_url: str) -> bool:
    """Whether an address is the beginning of the other, on the same host."""
    try:
        home, page = urlsplit(address), urlsplit(page_url)
    except ValueError:
        return False
    same = (home.hostname or "").removeprefix("www.") == (page.hostname or "").removeprefix("www.")
    return (
        same
        and not home.query
        and page.path.startswith(home.path.rstrip("/") + "/")
        and home.path.rstrip("/") != page.path.rstrip("/")
    )
