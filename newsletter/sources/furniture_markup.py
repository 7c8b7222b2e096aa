"""What stands in a post's HTML and is no part of it: share bars, related posts, sign-up boxes, words for who listens.

One room for all sources: known by what the markup is, not where it came from. The names of those things are told in
furniture_names.py, what links say in linkwords.py, what a card of a content system becomes in cards.py, single lines
of a page in furniture.py. What may stay is made safe by clean.py.
"""

from __future__ import annotations

import html as entities
import re
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring

from newsletter.sources.addresses import address_name
from newsletter.sources.cards import CARDS, remade
from newsletter.sources.depth import without_crowded_tags
from newsletter.sources.furniture import is_furniture, is_furniture_at_the_edge
from newsletter.sources.furniture_names import (
    ANCHORS,
    FRAMES,
    GO,
    IDS,
    SHARING,
    UNSEEN,
    is_button_of_its_own,
)
from newsletter.sources.linkwords import ABOUT_TABS, NEW_TAB, READ_ON, TITLED
from newsletter.sources.words import one_line, without_controls

_TAIL = re.compile(r"\s*[(\[（]([^()<>\[\]（）]{3,80})[)\]）]\s*$")
_BEHIND = re.compile(r"\s*[(\[（]([^()<>\[\]（）]{3,80})[)\]）]")
_HEADING_AT_THE_END = re.compile(r"</h[1-6]\s*>\s*(?:</(?:div|section|aside|article)\s*>\s*)*$")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | {"p", "div", "section", "aside", "ul", "ol", "li", "nav", "footer", "figure"}
_NAMES = GO | IDS | UNSEEN | ANCHORS | FRAMES | CARDS | {"button-wrapper", "captioned-button-wrap"}
#: Of prose: a part with more, and with as much of the whole, is the post whatever it is called.
_A_LOT, _MUCH = 400, 0.4
#: Words beside the links of a share bar ("Share this:").
_MOST_BESIDE = 40
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
        return html  # lxml cannot hold it; clean.py will do what it can


def _may_have_some(html: str, page_url: str) -> bool:
    """Whether it is worth a parser's time: a regular expression of all those names is fifty times slower."""
    lowered = html.lower()
    if any(name in lowered for name in _NAMES) or any(place in lowered for place in SHARING):
        return True
    if (
        "section titled" in lowered
        or ABOUT_TABS.search(lowered)
        or _HEADING_AT_THE_END.search(lowered[-300:])
    ):
        return True
    own = page_url.partition("#")[0].partition("?")[0].rstrip("/").lower()
    return bool(own) and own in lowered[-3000:]


def _taken_out(body: HtmlElement, page_url: str) -> bool:
    """Take out what goes; whether anything did."""
    judge = _Judge(body)
    for element in [found for found in body.iter() if isinstance(found.tag, str)]:
        judge.look_at(element)
    for block in list(body.iter(*_BLOCKS)):
        if block.getparent() is not body and _is_share_bar(block):
            judge.drop_with_heading(block)
    _take_ends(body, page_url, judge)
    return judge.changed


class _Judge:
    """Decides on one element after another, and notes whether anything was changed."""

    def __init__(self, body: HtmlElement) -> None:
        self.changed = False
        self._all = max(_prose(body), 1)

    def drop(self, element: HtmlElement) -> None:
        if element.getparent() is not None:
            element.drop_tree()
            self.changed = True

    def drop_with_heading(self, bar: HtmlElement) -> None:
        """A share bar, and the heading above it ("Share this") where nothing else stands under that."""
        above, below = bar.getprevious(), bar.getnext()
        alone = (bar.tail or "").strip() == "" and (below is None or below.tag in _HEADINGS)
        self.drop(bar)
        if above is None or above.tag not in _HEADINGS or (above.tail or "").strip():
            return
        if alone and len(above.text_content().strip()) <= _MOST_BESIDE:
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
        if not classes & GO and (element.get("id") or "").lower() not in IDS | GO:
            return False
        held = _prose(element)
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


def _prose(element: HtmlElement) -> int:
    """Letters outside of links."""
    linked = sum(len(link.text_content()) for link in element.iter("a"))
    return len(element.text_content()) - linked


def _is_share_bar(block: HtmlElement) -> bool:
    """Links by which a page is shared, several or with a word that says so, and no more beside them than that."""
    links = list(block.iter("a"))[: _MOST_LINKS + 1]
    if not links or len(links) > _MOST_LINKS or not all(_shares(link) for link in links):
        return False
    beside = _beside_links(block)
    if not _says_to_share(beside):
        return False
    return len(links) > 1 or bool(beside) or _says_to_share(one_line(block.text_content()))


def _beside_links(block: HtmlElement) -> str:
    """The words outside of links, without bars and dots between them."""
    texts = block.xpath(".//text()[not(ancestor::a)]")
    return " ".join(text.strip() for text in texts if any(map(str.isalnum, text)))


def _says_to_share(words: str) -> bool:
    return (
        not words
        or is_furniture(words)
        or (len(words) <= _MOST_BESIDE and words.rstrip().endswith((":", "：")))
    )


def _shares(link: HtmlElement) -> bool:
    address = (link.get("href") or "").strip().lower()
    bare = re.sub(r"^(?:https?:)?//(?:www\.|m\.)?", "", address)
    return bare.startswith(SHARING) or bool(re.search(r"[?&]share=[a-z-]+(?:&|$)", bare))


def _take_ends(body: HtmlElement, page_url: str, judge: _Judge) -> None:
    """What is left at the end: "Continue reading", whence it came, and a heading with nothing under it."""
    for _ in range(10):
        last = _last_block(body)
        if last is None or not (_leads_back(last, page_url) or _heads_nothing(last)):
            return
        judge.drop(last)


def _last_block(body: HtmlElement) -> HtmlElement | None:
    """The last block with words or a picture, if it is a paragraph, a heading or a div of words alone."""
    for element in reversed(list(body.iter("p", "div", *_HEADINGS))):
        if element.tag == "div" and any(
            True for _ in element.iter("p", "div", "ul", "ol", "table", *_HEADINGS) if _ is not element
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
    return last.tag in _HEADINGS and is_furniture_at_the_edge(one_line(last.text_content()))


def _leads_back(last: HtmlElement, page_url: str) -> bool:
    """A paragraph that is nothing but a link to the post itself and says so; or, with few words beside them, a link to
    the post and one to its site ("The post … appeared first on …", in whatever language)."""
    own, links = address_name(page_url), [link for link in last.iter("a") if link.get("href")]
    if last.tag in _HEADINGS or own is None or not links or address_name(links[0].get("href") or "") != own:
        return False
    if len(links) == 1:
        said = one_line(links[0].text_content())
        return one_line(last.text_content()).strip("[](). …") == said.strip("[](). …") and bool(
            READ_ON.match(said)
        )
    if len(links) != 2 or _prose(last) > _MOST_BESIDE + 20:
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
