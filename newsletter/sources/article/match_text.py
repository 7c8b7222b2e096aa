"""The part of a page's own tree that holds some words, with all that belongs to them: figures, tables, lists, code.

Works on a parsed page and changes it. Which words those are, extract.py says; where a post is without them,
main_content.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from newsletter.sources.article.extract import Words
from newsletter.sources.html.boilerplate.lines import may_open_other_posts, opens_other_posts
from newsletter.sources.html.sanitize import one_line

#: Elements that stand within a line of text.
_INLINE_NAMES = """
    a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark math nobr
    picture q rp rt ruby s samp small source span strike strong sub sup time tt u var wbr
"""
_INLINE = frozenset(_INLINE_NAMES.split())
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
#: What a reader of texts loses, and what a post is not whole without.
_STRUCTURE = (
    "figure", "table", "pre", "blockquote", "dl", "details", "iframe", "video", "audio", "object", "embed", "math",
    "picture", "img",
)  # fmt: skip
_OF_TEXT = frozenset(
    {"p", "ul", "ol", "li", "dl", "dd", "dt", "tr", "td", "th", "tbody", "hr", "br", "address"}
)
#: What has one of these is no mere hint at another post.
_NO_TEASER = ("table", "pre", "iframe", "video", "audio", "object", "embed", "math", "dl")
_NEARLY_ALL = 0.9
_A_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|pdf|mp[34])(?:[?#]|$)", re.IGNORECASE)
#: Shorter pieces may stand anywhere on a page.
_SHORTEST = 25
_MOSTLY = 0.5


@dataclass(slots=True)
class _Weight:
    """What an element and all in it hold, in characters."""

    text: int = 0
    chosen: int = 0
    linked: int = 0
    #: Of its own, not in blocks within it.
    own: str = ""
    own_linked: int = 0


@dataclass(slots=True)
class Match:
    """Where the words stand on a page."""

    weights: dict[HtmlElement, _Weight]
    #: The blocks that hold them, in order.
    marked: list[HtmlElement] = field(default_factory=list)

    def chosen(self, element: HtmlElement) -> int:
        """How many characters of the words an element holds."""
        return self.weights[element].chosen if element in self.weights else 0

    def text(self, element: HtmlElement) -> int:
        """How many characters of text it holds."""
        return self.weights[element].text if element in self.weights else 0

    def linked(self, element: HtmlElement) -> int:
        """How many characters of it are links."""
        return self.weights[element].linked if element in self.weights else 0


def matched(page: HtmlElement, words: Words) -> Match:
    """Find the words on the page. Every element is looked at a few times."""
    weights = _own_texts(page)
    match = Match(weights)
    for element, weight in weights.items():
        length = len("".join(weight.own.split()))
        weight.text, weight.linked = length, min(weight.own_linked, length)
        if length and element.tag not in ("h1", "title") and words.share(weight.own) >= _MOSTLY:
            weight.chosen = length
            match.marked.append(element)
    for element in reversed(list(weights)):
        parent = element.getparent()
        if parent is not None and parent in weights:
            above, weight = weights[parent], weights[element]
            above.text += weight.text
            above.chosen += weight.chosen
            above.linked += weight.linked
    return match


def _own_texts(page: HtmlElement) -> dict[HtmlElement, _Weight]:
    """The text that each element holds itself or in elements of its lines."""
    found = [element for element in page.iter() if isinstance(element.tag, str)]
    holding: set[HtmlElement] = set()
    for element in reversed(found):
        parent = element.getparent()
        if parent is not None and (element.tag not in _INLINE or element in holding):
            holding.add(parent)
    weights = {element: _Weight() for element in found}
    pieces: dict[HtmlElement, list[str]] = {}
    homes: list[HtmlElement] = []
    links = 0
    for event, element in etree.iterwalk(page, events=("start", "end", "comment", "pi")):
        if event == "start":
            inline = element.tag in _INLINE and element not in holding and bool(homes)
            homes.append(homes[-1] if inline else element)
            links += element.tag == "a"
            said, home = element.text, homes[-1]
        else:
            if event == "end":
                homes.pop()
                links -= element.tag == "a"
            said = element.tail
            if not homes:
                continue
            home = homes[-1]
        if event == "start" and element.tag == "br":
            pieces.setdefault(home, []).append(" ")
        if said and said.strip() and home.tag not in ("script", "style", "noscript", "template"):
            pieces.setdefault(home, []).append(said)
            weights[home].own_linked += len("".join(said.split())) if links else 0
    for element, said_in_it in pieces.items():
        weights[element].own = "".join(said_in_it)
    return weights


def body_of(page: HtmlElement, match: Match) -> HtmlElement | None:
    """The smallest element that holds all of the words, but for short pieces that may stand anywhere; None without."""
    still_there = set(page.iter())
    long = [
        element
        for element in match.marked
        if element in still_there and match.weights[element].chosen >= _SHORTEST
    ]
    if not long:
        return None
    path = _path(long[0])
    for element in long[1:]:
        others = set(_path(element))
        path = [step for step in path if step in others]
    common = path[-1]
    if common.tag in _OF_TEXT or common.tag in ("pre", "blockquote", "table"):
        above = common.getparent()
        common = above if above is not None else common
    return common if common.tag != "html" else page.find("body")


def _path(element: HtmlElement) -> list[HtmlElement]:
    return [*list(element.iterancestors())[::-1], element]


def keep_only(body: HtmlElement, match: Match, host: str = "") -> None:
    """Take out of the body what belongs neither to the words nor, by its place among them, to the post.

    ``host`` is the page's own, if known: a list of links to others' pages is the author's.
    """
    order = {element: number for number, element in enumerate(body.iter())}
    inside = [element for element in match.marked if element in order]
    if not inside:
        return
    long = [element for element in inside if match.weights[element].chosen >= _SHORTEST] or inside
    first, last = (choose(order[element] for element in long) for choose in (min, max))
    waiting = [body]
    while waiting:
        parent = waiting.pop()
        is_text = _is_text(parent, match)
        before: HtmlElement | None = None
        for child in list(parent):
            if not isinstance(child.tag, str) or child not in match.weights:
                continue
            if match.chosen(child):
                if child.tag not in _OF_TEXT and child.tag not in _STRUCTURE:
                    waiting.append(child)
            elif child.tag not in _INLINE or match.text(child) or _holds_structure(child):
                is_between = first < order.get(child, first) < last
                theirs = is_text and _leads_out(child, host) and not _leads_elsewhere(child, before, match)
                belongs = theirs or _belongs(child, before, match, is_between=is_between, is_text=is_text)
                if not belongs or _is_teaser(child, match, host):
                    is_last = next(child.itersiblings("*"), None) is None
                    child.drop_tree()
                    if is_last and before is not None and before.tag in _HEADINGS:
                        before.drop_tree()  # a heading of nothing
                    continue
            before = child


def _is_text(parent: HtmlElement, match: Match) -> bool:
    """True for what holds paragraphs of the words itself, and little else."""
    own = match.weights[parent]
    held = sum(
        match.chosen(child) for child in parent if child.tag in _OF_TEXT or child.tag in ("pre", "blockquote")
    )
    return held >= _SHORTEST or bool(own.own.strip() and own.chosen and held + len(own.own) >= _SHORTEST)


def _belongs(
    child: HtmlElement, before: HtmlElement | None, match: Match, *, is_between: bool, is_text: bool
) -> bool:
    """Whether what holds none of the words is a part of the post all the same."""
    weight = match.weights[child]
    if not weight.text:
        return is_between or is_text
    if child.tag in _INLINE:  # a line of its own between paragraphs: a bold name, a link
        return is_text
    if _leads_elsewhere(child, before, match):
        return False
    mostly_links = weight.linked > _MOSTLY * weight.text
    if child.tag in _STRUCTURE or (_holds_structure(child) and not mostly_links and weight.text < 400):
        return is_between or is_text
    if child.tag in _HEADINGS:
        return is_between or is_text
    if child.tag in _OF_TEXT:
        return is_text and (is_between or not mostly_links)
    return is_text and is_between and not mostly_links


def _leads_elsewhere(child: HtmlElement, before: HtmlElement | None, match: Match) -> bool:
    """True for a list or a line of links to other posts: it or what stands before it says so."""
    if match.weights[child].linked <= _MOSTLY * match.weights[child].text:
        return False
    said = [child, *([before] if before is not None else [])]
    return any(
        opens_other_posts(words) or may_open_other_posts(words)
        for element in said
        if (words := one_line(element.text_content())[:200])
    )


def _is_teaser(child: HtmlElement, match: Match, host: str) -> bool:
    """True for a heading that is but a link to another page of the site, and for a box of a picture and such words."""
    if child.tag in _HEADINGS:
        weight = match.weights[child]
        return weight.linked > _NEARLY_ALL * weight.text > 0 and _leads_on(child, host)
    if child.tag in _OF_TEXT or child.tag in _INLINE or any(True for _ in child.iter(*_NO_TEASER)):
        return False
    pictured = any(True for _ in child.iter("img", "picture"))
    return pictured and any(True for _ in child.iter(*_HEADINGS)) and _leads_on(child, host)


def _leads_on(element: HtmlElement, host: str) -> bool:
    """True where a link leads to another page of the site; not to a place of this one, nor to a picture."""
    for link in element.iter("a"):
        address = (link.get("href") or "").strip()
        if not address or address.startswith("#") or _A_FILE.search(address):
            continue
        if _host_of(address) in ("", host):
            return True
    return False


def _leads_out(child: HtmlElement, host: str) -> bool:
    """True for a list or a paragraph whose links all lead to other sites."""
    if child.tag not in ("ul", "ol", "p"):
        return False
    found = [_host_of(link.get("href") or "") for link in child.iter("a")]
    return bool(found) and all(one and one != host for one in found)


def _host_of(address: str) -> str:
    try:
        return urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""


def _holds_structure(element: HtmlElement) -> bool:
    return any(True for _ in element.iter(*_STRUCTURE))
