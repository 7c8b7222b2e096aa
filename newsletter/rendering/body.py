"""A post's HTML made fit for mail: an allow-list of what mail clients show, headings in order, pictures that
fit.

Posts arrive clean from their source; they are cleaned again here because a mail must not depend on that.
Styles are the template's: a post brings none.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

import nh3
from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from newsletter.host_names import ascii_mailto, with_ascii_host
from newsletter.rendering import direction
from newsletter.rendering.image_widths import COLUMN, fit_size, hold_in_outlook
from newsletter.rendering.list_numbers import number_items
from newsletter.rendering.plaintext.inline_text import holds_blocks
from newsletter.text.html_elements import ALIGNS, ATTRIBUTES, BLOCKS, INLINE, SCHEMES
from newsletter.text.xml_characters import FORBIDDEN

#: The mail's own heading is h1, so a post's begin here.
FIRST_HEADING = 2

_TAGS = set(BLOCKS | INLINE)
#: Beside those of a stored post: places that links within it lead to, and the title that any element may have.
_PLACES = {
    "a": {"id", "name"},
    "li": {"id"},
    "p": {"id"},
    "sup": {"id"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
}
_ATTRIBUTES = {
    "*": ATTRIBUTES["*"] | {"title"},
    **{tag: ATTRIBUTES.get(tag, set()) | _PLACES.get(tag, set()) for tag in {*ATTRIBUTES, *_PLACES} - {"*"}},
}
#: What mail programs do not know, or take out and leave the words of; what it becomes is known to all.
_BECOMES = {"details": "div", "summary": "p", "section": "div", "article": "div", "address": "div"}
#: How sources/html/blocks/embeds.py begins the description of a picture that leads to a film.
_FILM = re.compile(r"Video(?:: |$)")
_PLAY = "\u25b6"
#: Blocks of blocks: the beginning of one is worth something, half a sentence or half a program is not.
_MAY_END_WITHIN = frozenset({"div", "blockquote", "ul", "ol", "dl", "table", "tbody"})
#: Levels down to which a cut goes.
_DEEPEST_CUT = 12
#: Characters of a cell that is kept in one line, and letters among them.
_LONGEST_FIGURE, _LETTERS_IN_FIGURE = 20, 8
#: Characters of a table's name that is made of its columns.
_LONGEST_NAME = 80
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


#: With C1 controls and the other code points that are no characters.
_UNFIT = re.compile(f"[{FORBIDDEN}\x7f-\x9f\ufdd0-\ufdef]")


def fit(value: str) -> str:
    """The text without characters that HTML must not hold; line ends as "\\n"."""
    return _UNFIT.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def fit_for_mail(html: str, base: str, runs: str = "ltr", *, outlook: bool = True) -> str:
    """The post's HTML as a mail shows it. ``base`` is the post's own address, for links that are not
    absolute; links inside the post (#note) stay as they are. ``runs`` is its direction, "ltr" or "rtl".
    ``outlook``: with what only Outlook on Windows reads, which a page has no use for.
    """
    clean = nh3.clean(
        fit(html),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        tag_attribute_values={"td": {"align": ALIGNS}, "th": {"align": ALIGNS}},
        url_schemes=SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
    clean = fit(clean)  # after the parser: "&#31;" is a control character only now
    if not clean.strip():
        return ""
    root = lxml_html.fragment_fromstring(clean, create_parent="div")
    _make_known(root)
    _order_headings(root)
    for link in list(root.iter("a")):
        _fit_link(link, base)
    for picture in list(root.iter("img")):
        _fit_picture(picture, base)
    for film in list(root.iter("a")):
        _say_film(film)
    for table in list(root.iter("table")):
        _let_scroll(table)
    direction.mark_blocks(root, runs)
    if outlook:
        for picture in list(root.iter("img")):
            hold_in_outlook(picture)
    return _inner(root)


def shorten(html: str, most: int) -> str:
    """The first blocks of a post, at most ``most`` bytes of them; empty when not even one fits. Lists, tables and other
    blocks of blocks may end within."""
    root = lxml_html.fragment_fromstring(html, create_parent="div")
    _keep(root, most)
    kept = _inner(root)
    return kept if len(kept.encode()) <= most else ""


def _keep(parent: HtmlElement, most: int, depth: int = 0) -> None:
    """Cut off what comes after the first ``most`` bytes within an element."""
    left = most - len((parent.text or "").encode())
    for place, block in enumerate(parent):
        size = _size(block)
        if size > left:
            # The tail is text behind the block, and goes with it.
            block.tail = None
            cut = block.tag in _MAY_END_WITHIN and depth < _DEEPEST_CUT
            if cut:
                _keep(block, left - _size(block.makeelement(block.tag, block.attrib)), depth + 1)
            kept = place + (cut and len(block) > 0)
            for gone in parent[kept:]:
                parent.remove(gone)
            return
        left -= size


def _size(element: HtmlElement) -> int:
    return len(etree.tostring(element, encoding="utf-8", method="html"))


def _inner(root: HtmlElement) -> str:
    whole = etree.tostring(root, encoding="unicode", method="html", with_tail=False)
    return whole[whole.index(">") + 1 : whole.rindex("<")]


def _make_known(root: HtmlElement) -> None:
    """Elements that some mail program does not know become such as all know; what they said is kept."""
    for element in list(root.iter(*_BECOMES)):
        if element.tag == "summary" and not holds_blocks(element):
            strong = lxml_html.Element("strong")
            strong.text, element.text = element.text, None
            strong.extend(list(element))
            element.append(strong)
        element.tag = (
            "div" if element.tag == "summary" and holds_blocks(element) else _BECOMES[str(element.tag)]
        )
        element.attrib.pop("open", None)
    for numbered in root.iter("ol"):
        if numbered.get("reversed") is not None:  # which most take out
            number_items(numbered)


def _order_headings(root: HtmlElement) -> None:
    """The highest becomes h2, and none is more than one below the one before it (WCAG 1.3.1)."""
    headings = list(root.iter(*_HEADINGS))
    levels = [int(str(element.tag)[1]) for element in headings]
    shift = FIRST_HEADING - min(levels, default=FIRST_HEADING)
    last = FIRST_HEADING - 1
    for element, level in zip(headings, levels, strict=True):
        last = min(level + shift, last + 1, 6)
        element.tag = f"h{last}"


def _fit_link(link: HtmlElement, base: str) -> None:
    address = (link.get("href") or "").strip()
    if address.strip("#"):
        if address.startswith("#"):
            return
        if whole := _absolute(address, base):
            link.set("href", whole)
            return
    # "Back to the top", or what was a script: it leads nowhere from a mail, and only its words are left.
    link.attrib.pop("href", None)
    if not link.get("id") and not link.get("name"):
        link.drop_tag()


def _absolute(address: str, base: str) -> str:
    """Empty for one whose host is none."""
    try:
        whole = urljoin(base, address)
    except ValueError:  # "http://[" and the like
        return base
    if whole[:7].lower() == "mailto:":
        return ascii_mailto(whole)
    return whole if whole.isascii() and "%" not in whole else _with_ascii_host(whole)


def _with_ascii_host(whole: str) -> str:
    return (with_ascii_host(whole) or "") if "//" in whole.partition(":")[2][:2] else whole


def _fit_picture(picture: HtmlElement, base: str) -> None:
    """A size, alt for everyone; no picture without a web address."""
    address = _absolute((picture.get("src") or "").strip(), base)
    if not address or not address.startswith(("http://", "https://")):
        picture.drop_tree()
        return
    picture.set("src", address)
    picture.set("alt", picture.get("alt") or "")
    fit_size(picture)


def _say_film(link: HtmlElement) -> None:
    """A film's picture says that it is one in words below it: once, and readable with pictures off, too."""
    images = link.xpath(".//img")
    shown = str(link.text_content()).strip()
    if (
        len(images) != 1
        or not _FILM.match(images[0].get("alt") or "")
        or (shown and not shown.startswith(_PLAY))
    ):
        return
    image = images[0]
    words = shown.lstrip(f"{_PLAY}\ufe0e ") or image.get("alt")
    for child in list(link):
        link.remove(child)
    link.text, image.tail = None, None
    link.append(image)
    link.set("class", "film")
    image.set("alt", "")
    if not image.get("width"):  # ours, and large at every host
        image.set("width", str(COLUMN))
    below = etree.SubElement(link, "span")
    below.set("class", "play")
    below.text = f"{_PLAY}\ufe0e {words}"  # the text form of the sign: phones would draw it as a blue square


def _let_scroll(table: HtmlElement) -> None:
    """A table wider than a phone scrolls by itself; with a keyboard as well (WCAG 2.1.1)."""
    if any(True for _ in table.iterancestors("table")):
        return
    box = lxml_html.Element("div", {"class": "scroll", "tabindex": "0"})
    caption = _words_of(table.find("caption"))
    heads = ", ".join(filter(None, map(_words_of, table.xpath("(.//tr)[1]/th"))))
    if caption:
        box.attrib.update({"role": "region", "aria-label": caption})
    elif heads:  # a name, and no landmark: two tables may have the same heads
        box.attrib.update({"role": "group", "aria-label": heads[:_LONGEST_NAME]})
    for cell in table.iter("td", "th"):
        if _is_figure(_words_of(cell)):
            cell.set("class", "figure")
    box.tail, table.tail = table.tail, None
    table.addprevious(box)
    box.append(table)


def _words_of(element: HtmlElement | None) -> str:
    return "" if element is None else " ".join(element.xpath("string()").split())


def _is_figure(words: str) -> bool:
    """Whether a cell holds a number, with its unit or a word: "1 000 000", "CHF 12.50", "12 %", "3 June". Broken into
    two lines it would be two numbers."""
    letters = sum(character.isalpha() for character in words)
    return len(words) <= _LONGEST_FIGURE and letters <= _LETTERS_IN_FIGURE and any(map(str.isdecimal, words))
