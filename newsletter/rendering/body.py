"""A post's HTML made fit for mail: an allow-list of what mail clients show, headings in order, pictures that
fit.

Posts arrive clean from their source; they are cleaned again here because a mail must not depend on that.
Styles are the template's: a post brings none.
"""

from __future__ import annotations

import html as entities
import re
from urllib.parse import urljoin

import nh3
from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from newsletter.rendering import direction

#: The width of the text column in pixels, at which no picture may be wider (the card is 600, less its
#: margins).
COLUMN = 536
#: The mail's own heading is h1, so a post's begin here.
FIRST_HEADING = 2

_TAGS = set(
    """
    a abbr b bdi bdo blockquote br caption cite code dd del dfn div dl dt em figcaption figure h1 h2 h3
    h4 h5 h6 hr i img ins kbd li mark ol p pre q ruby rp rt s samp small span strong sub sup table tbody
    td tfoot th thead tr u ul var wbr
    """.split()  # noqa: SIM905 (sixty words in a column of quotation marks are harder to read)
)
_ATTRIBUTES = {
    "*": {"lang", "dir", "title"},
    "a": {"href", "id", "name"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed"},
    "li": {"value", "id"},
    "p": {"id"},
    "sup": {"id"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
#: How sources/clean.py begins the description of a picture that leads to a film.
_FILM = re.compile(r"Video(?:: |$)")
_PLAY = "\u25b6"
#: Pixels; a plan or a list of figures may be as high as it is.
_ANY_HEIGHT = 20_000
#: Pixels; what is no wider stands among words: smileys, icons.
_WORD_SIZED = 48
#: Blocks of blocks: the beginning of one is worth something, half a sentence or half a program is not.
_MAY_END_WITHIN = frozenset({"div", "blockquote", "ul", "ol", "dl", "table", "tbody"})
#: Levels down to which a cut goes.
_DEEPEST_CUT = 12
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


_SIZE_IN_NAME = re.compile(r"-\d{2,5}x\d{2,5}(?=\.\w+$)|-scaled(?=\.\w+$)")
#: Control characters but for tab and line feed, halves of surrogate pairs, and code points that are no
#: characters.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def fit(value: str) -> str:
    """The text without characters that HTML must not hold; line ends as "\\n"."""
    return _UNFIT.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def fit_for_mail(html: str, base: str, runs: str = "ltr") -> str:
    """The post's HTML as a mail shows it. ``base`` is the post's own address, for links that are not
    absolute; links inside the post (#note) stay as they are. ``runs`` is its direction, "ltr" or "rtl".
    """
    clean = nh3.clean(
        fit(html),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
    clean = fit(clean)  # after the parser: "&#31;" is a control character only now
    if not clean.strip():
        return ""
    root = lxml_html.fragment_fromstring(clean, create_parent="div")
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
    return _inner(root)


def scaled(width: int, height: int, widest: int, highest: int) -> tuple[int, int]:
    """The size in pixels at which a picture fits into a space: never enlarged, never distorted.

    An unknown width (0) becomes the widest, an unknown height stays 0.
    """
    if not width or not height:
        return min(width or widest, widest), 0
    share = min(1.0, widest / width, highest / height)
    return max(1, round(width * share)), max(1, round(height * share))


def size_of(picture: str, html: str) -> tuple[int, int]:
    """Width and height in pixels of a post's picture, when it stands in its text with both; else (0, 0)."""
    if not picture or picture not in entities.unescape(html):
        return 0, 0
    for image in lxml_html.fragment_fromstring(html, create_parent="div").iter("img"):
        width, height = _pixels(image.get("width")) or 0, _pixels(image.get("height")) or 0
        if image.get("src") == picture and width and height:
            return width, height
    return 0, 0


def shows(html: str, picture: str) -> bool:
    """Whether a text has this picture in it, in whatever size: "a-1024x683.jpg" is "a.jpg" (WordPress's names)."""
    if not html or not picture:
        return False
    images = lxml_html.fragment_fromstring(html, create_parent="div").iter("img")
    return _unsized(picture) in {_unsized(image.get("src") or "") for image in images}


def _unsized(address: str) -> str:
    return _SIZE_IN_NAME.sub("", address.partition("?")[0])


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
        if not address.startswith("#"):
            link.set("href", _absolute(address, base))
        return
    # "Back to the top", or what was a script: it leads nowhere from a mail, and only its words are left.
    link.attrib.pop("href", None)
    if not link.get("id") and not link.get("name"):
        link.drop_tag()


def _absolute(address: str, base: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # "http://[" and the like
        return base


def _fit_picture(picture: HtmlElement, base: str) -> None:
    """Width for Outlook, which obeys nothing else; alt for everyone; no picture without a web address."""
    address = _absolute((picture.get("src") or "").strip(), base)
    if not address.startswith(("http://", "https://")):
        picture.drop_tree()
        return
    picture.set("src", address)
    picture.set("alt", picture.get("alt") or "")
    width, height = _pixels(picture.get("width")) or 0, _pixels(picture.get("height")) or 0
    for name in ("width", "height"):
        picture.attrib.pop(name, None)
    shown, high = scaled(width, height, COLUMN, _ANY_HEIGHT)
    picture.set("width", str(shown))
    if high:
        picture.set("height", str(high))
    if 0 < width <= _WORD_SIZED:
        picture.set("class", "inline")


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
    below = etree.SubElement(link, "span")
    below.set("class", "play")
    below.text = f"{_PLAY}\ufe0e {words}"  # the text form of the sign: phones would draw it as a blue square


def _let_scroll(table: HtmlElement) -> None:
    """A table wider than a phone scrolls by itself; with a keyboard as well (WCAG 2.1.1)."""
    if any(True for _ in table.iterancestors("table")):
        return
    box = lxml_html.Element("div", {"class": "scroll", "tabindex": "0"})
    caption = " ".join(table.xpath("string(caption)").split())
    if caption:
        box.attrib.update({"role": "region", "aria-label": caption})
    box.tail, table.tail = table.tail, None
    table.addprevious(box)
    box.append(table)


def _pixels(value: str | None) -> int | None:
    match = re.fullmatch(r"\s*(\d{1,5})(px)?\s*", value or "")
    return int(match[1]) or None if match else None
