"""What stands in a post's HTML and is no part of it: share bars, related posts, sign-up boxes, words for who listens.

One room for all sources: it knows such things by their markup, not by where they came from. class_names.py has their
names, link_phrases.py what links say, cards.py what a card of a content system becomes, lines.py single lines of a
page. sanitize.py makes safe what may stay.
"""

from __future__ import annotations

import html as entities
import re
from urllib.parse import quote, unquote

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring

from newsletter.sources.html.boilerplate.cards import CARDS, remade
from newsletter.sources.html.boilerplate.class_names import (
    ANCHORS,
    FRAMES,
    GO,
    IDS,
    SHARING,
    TITLES,
    UNSEEN,
    is_button_of_its_own,
)
from newsletter.sources.html.boilerplate.lines import is_furniture
from newsletter.sources.html.boilerplate.link_phrases import ABOUT_TABS, NEW_TAB, TITLED
from newsletter.sources.html.boilerplate.post_ends import (
    HEADINGS,
    MOST_BESIDE,
    heads_other_posts,
    prose,
    take_ends,
)
from newsletter.sources.html.parser_limits import without_crowded_tags
from newsletter.sources.html.plain_text import one_line, without_controls

_TAIL = re.compile(r"\s*[(\[（]([^()<>\[\]（）]{3,80})[)\]）]\s*$")
_BEHIND = re.compile(r"\s*[(\[（]([^()<>\[\]（）]{3,80})[)\]）]")
_HEADING_AT_THE_END = re.compile(r"</h[1-6]\s*>\s*(?:</(?:div|section|aside|article)\s*>\s*)*$")
_BLOCKS = HEADINGS | {"p", "div", "section", "aside", "ul", "ol", "li", "nav", "footer", "figure"}
_NAMES = GO | TITLES | IDS | UNSEEN | ANCHORS | FRAMES | CARDS | {"button-wrapper", "captioned-button-wrap"}
#: Of prose: a part with more, and with as much of the whole, is the post whatever it is called.
_A_LOT, _MUCH = 400, 0.4
_MOST_LINKS = 40


def without_furniture(html: str, page_url: str = "") -> str:
    """The post without what stands in it for its site's sake, and its cards as words and links. Never raises.

    ``page_url`` is the post's own address, by which "Continue reading" is told from an author's link.
    """
    html = without_controls(html)
    if not _may_have_some(html, page_url):
        return html
    try:
        page = document_fromstring(
            f"<body><div>{without_crowded_tags(html)}".encode(),
            parser=HTMLParser(encoding="utf-8", no_network=True),
        )
        body = page.find("body")
        if body is None or len(body) == 0:
            return html
        if not _taken_out(body, page_url):
            return html
        ours, *others = body
        before, between = (entities.escape(text or "", quote=False) for text in (ours.text, ours.tail))
        inner, outer = (
            "".join(tostring(part, encoding="unicode") for part in parts) for parts in (ours, others)
        )
        return before + inner + between + outer
    except (etree.LxmlError, ValueError, AssertionError):
        return html  # lxml cannot hold it; sanitize.py will do what it can


def _may_have_some(html: str, page_url: str) -> bool:
    """Whether it is worth a parser's time: a regular expression of all those names is fifty times slower."""
    lowered = html.lower()
    if any(name in lowered for name in _NAMES) or any(place in lowered for place in SHARING):
        return True
    if (
        "section titled" in lowered
        or ABOUT_TABS.search(lowered)
        or _HEADING_AT_THE_END.search(lowered[-300:])
        or heads_other_posts(lowered)
        or "on medium, where people" in lowered[-300:]
    ):
        return True
    own = page_url.partition("#")[0].partition("?")[0].rstrip("/").lower()
    end = lowered[-3000:]
    return bool(own) and (own in end or quote(own, safe="").lower() in end)


def _taken_out(body: HtmlElement, page_url: str) -> bool:
    """Take out what goes; whether anything did."""
    judge = _Judge(body)
    for element in [found for found in body.iter() if isinstance(found.tag, str)]:
        judge.look_at(element)
    for block in list(body.iter(*_BLOCKS)):
        if block.getparent() is not body and _is_share_bar(block, page_url):
            judge.drop_with_heading(block)
    take_ends(body, page_url, judge.drop)
    return judge.changed


class _Judge:
    """Decides on one element after another, and notes whether anything was changed."""

    def __init__(self, body: HtmlElement) -> None:
        self.changed = False
        self._body = body
        self._all = max(prose(body), 1)

    def drop(self, element: HtmlElement) -> None:
        if element.getparent() is not None:
            element.drop_tree()
            self.changed = True

    def drop_with_heading(self, bar: HtmlElement) -> None:
        """A share bar, and the heading above it ("Share this") where nothing else stands under that."""
        above, below = bar.getprevious(), bar.getnext()
        alone = (bar.tail or "").strip() == "" and (below is None or below.tag in HEADINGS)
        self.drop(bar)
        if above is None or above.tag not in HEADINGS or (above.tail or "").strip():
            return
        if alone and len(above.text_content().strip()) <= MOST_BESIDE:
            self.drop(above)

    def look_at(self, element: HtmlElement) -> None:
        classes = set((element.get("class") or "").lower().split())
        if element.tag == "a" and _is_mark_of_heading(element, classes):
            self.drop(element)
        elif element.tag in ("a", "span", "small"):
            self._words_for_listeners(element)
        if not classes and not element.get("id"):
            return
        if (element.tag == "iframe" and classes & FRAMES) or self._goes(element, classes):
            self.drop(element)
        elif classes & CARDS and element.getparent() is not None:
            self.changed = remade(element, classes) or self.changed

    def _goes(self, element: HtmlElement, classes: set[str]) -> bool:
        if classes & UNSEEN:
            return not any(
                True for _ in element.iter("img", "math", "table", "svg", "video", "audio", "iframe")
            )
        if classes & {"button-wrapper", "captioned-button-wrap"}:
            links = [link.get("href") or "" for link in element.iter("a")]
            return bool(links) and all(map(is_button_of_its_own, links))
        if classes & TITLES and element.getparent() in list(self._body):
            return True
        if not classes & GO and (element.get("id") or "").lower() not in IDS | GO:
            return False
        held = prose(element)
        return held < _A_LOT or held < _MUCH * self._all

    def _words_for_listeners(self, element: HtmlElement) -> None:
        """ "(opens in a new tab)" at the end of a link, or right behind it."""
        last = element[-1] if len(element) else None
        said = (element.text if last is None else last.tail) or ""
        if element.tag != "a" and last is None and NEW_TAB.fullmatch(one_line(said).strip("()[] ")):
            if element.getparent() is not None and _is_beside_a_link(element):
                self.drop(element)
            return
        if (found := _TAIL.search(said)) and element.tag == "a" and NEW_TAB.fullmatch(one_line(found[1])):
            left = said[: found.start()]
            if last is None:
                element.text = left
            else:
                last.tail = left
            self.changed = True
        found = _BEHIND.match(element.tail or "") if element.tag == "a" else None
        if found and NEW_TAB.fullmatch(one_line(found[1])):
            element.tail = (element.tail or "")[found.end() :]
            self.changed = True


def _is_beside_a_link(element: HtmlElement) -> bool:
    before = element.getprevious()
    in_link = any(parent.tag == "a" for parent in element.iterancestors())
    return in_link or (before is not None and before.tag == "a")


def _is_mark_of_heading(link: HtmlElement, classes: set[str]) -> bool:
    """A link beside or in a heading that leads to the heading, and says so or nothing."""
    if not (link.get("href") or "").startswith("#") and not classes & ANCHORS:
        return False
    said = one_line(link.text_content())
    if classes & ANCHORS:
        # Some systems make the whole heading such a link.
        return not said or bool(TITLED.match(said))
    return said.lower().startswith("section titled")


def _is_share_bar(block: HtmlElement, page_url: str) -> bool:
    """Links by which a page is shared, several or with a word that says so, and no more beside them than that."""
    links = list(block.iter("a"))[: _MOST_LINKS + 1]
    if not links or len(links) > _MOST_LINKS or not all(_shares(link, page_url) for link in links):
        return False
    beside = _beside_links(block)
    if not _says_to_share(beside):
        return False
    if len(links) > 1 or beside:
        return True
    said = one_line(block.text_content())
    # A badge that hands this page to another site may well be its author's.
    return _says_to_share(said) and bool(said or _is_known_for_it(links[0]))


def _beside_links(block: HtmlElement) -> str:
    """The words outside of links, without bars and dots between them."""
    texts = block.xpath(".//text()[not(ancestor::a)]")
    return " ".join(text.strip() for text in texts if any(map(str.isalnum, text)))


def _says_to_share(words: str) -> bool:
    return (
        not words
        or is_furniture(words)
        or (len(words) <= MOST_BESIDE and words.rstrip().endswith((":", "：")))
    )


def _shares(link: HtmlElement, page_url: str) -> bool:
    """Whether it leads to where one shares: a place that is known for it, or another host that is handed this page."""
    if _is_known_for_it(link):
        return True
    place, _, handed = _bare(link).partition("?")
    own = re.sub(r"^https?://(?:www\.)?", "", page_url.partition("#")[0].lower()).rstrip("/")
    host = own.partition("/")[0]
    return "/" in own and place.partition("/")[0] != host and own in unquote(handed)


def _is_known_for_it(link: HtmlElement) -> bool:
    bare = _bare(link)
    return bare.startswith(SHARING) or bool(re.search(r"[?&]share=[a-z-]+(?:&|$)", bare))


def _bare(link: HtmlElement) -> str:
    return re.sub(r"^(?:https?:)?//(?:www\.|m\.)?", "", (link.get("href") or "").strip().lower())
