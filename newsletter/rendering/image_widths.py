"""How large a post's pictures are shown, in mails and on our pages. Which address a picture has is not decided here."""

from __future__ import annotations

import html as entities
import re

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

#: The width of the text column in pixels, at which no picture may be wider (the card is 600, less its
#: margins).
COLUMN = 536
#: Pixels; a plan or a list of figures may be as high as it is.
_ANY_HEIGHT = 20_000
#: Pixels; what is no larger stands among words: smileys, icons.
_WORD_SIZED = 48
_SIZE_IN_NAME = re.compile(r"-\d{2,5}x\d{2,5}(?=\.\w+$)|-scaled(?=\.\w+$)")
#: What follows is for every mail program but Outlook on Windows.
NOT_OUTLOOK = "[if !mso]><!"


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
        width, height = _pixels(image.get("width")), _pixels(image.get("height"))
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


def fit_size(picture: HtmlElement) -> None:
    """A picture at the size its author gave, no wider than the column; at its own size where none is known."""
    width, height = _pixels(picture.get("width")), _pixels(picture.get("height"))
    for name in ("width", "height"):
        picture.attrib.pop(name, None)
    if width:
        shown, high = scaled(width, height, COLUMN, _ANY_HEIGHT)
        picture.set("width", str(shown))
        if high:
            picture.set("height", str(high))
    elif height:
        picture.set("height", str(height))
        # The template's "height: auto" would undo the attribute.
        picture.set("style", f"width:auto;height:{height}px")
    if 0 < (width or height) <= _WORD_SIZED:
        picture.set("class", "inline")


def hold_in_outlook(picture: HtmlElement) -> None:
    """Give Outlook on Windows, which knows no max-width, a picture as wide as the column where nobody knows its size.

    All others show it at its own size, or at the column's where it is wider.
    """
    if picture.get("width") or picture.get("height"):
        return
    parent = picture.getparent()
    if parent is None:
        return
    after, picture.tail = picture.tail, None
    shown = etree.tostring(picture, encoding="unicode", method="html")
    picture.set("width", str(COLUMN))
    held = etree.tostring(picture, encoding="unicode", method="html").replace("--", "-&#45;")
    box = lxml_html.fragment_fromstring(
        f"<span><!--[if mso]>{held}<![endif]--><!--{NOT_OUTLOOK}-->{shown}<!--<![endif]--></span>"
    )
    box.tail = after
    parent.replace(picture, box)


def _pixels(value: str | None) -> int:
    match = re.fullmatch(r"\s*(\d{1,5})(px)?\s*", value or "")
    return int(match[1]) if match else 0
