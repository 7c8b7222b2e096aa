"""The picture of a page's post, and what it shows: from the page's head, else the one above or in the post."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from newsletter.sources.html.images.image_sizes import told
from newsletter.sources.html.sanitize import absolute_url, one_line

#: Systems add a size to a name, and an anchor of options behind it: "mill-1200x800.jpg", "mill=w1200".
_SIZE = re.compile(r"(?:-\d{2,5}x\d{2,5}|-scaled|[@=_-]w?\d{2,5}[\w-]*)?(?=\.\w{3,4}$|$)")
_LATE = ("data-src", "data-lazy-src", "data-original", "src", "data-image")
#: Pictures of people and signs, which are never that of the post.
_NOT_OF_THE_POST = re.compile(
    r"avatar|gravatar|logo|icon|author|profile|emoji|pixel|spinner|badge|button|smil(?:ey|ies)", re.IGNORECASE
)
_SMALLEST = 120


def picture_of(
    page: HtmlElement, body: HtmlElement, said: str | None, alt: str, size: tuple[int, int], base: str
) -> tuple[str | None, str, tuple[int, int]]:
    """The post's picture as an absolute address, what it shows, and its size in pixels, 0 where nobody tells it.

    ``said``, ``alt`` and ``size`` are those of the page's head. Without one there, the picture between the title and
    the text, or the one that the text begins with.
    """
    shown = [(image, address) for image in page.iter("img") if (address := _address(image, base))]
    if said:
        named = _stem(said)
        words = [_alt(image) for image, address in shown if _stem(address) == named and _alt(image)]
        sizes = [_size(image) for image, address in shown if address == said and any(_size(image))]
        return said, alt or next(iter(words), ""), size if any(size) else next(iter(sizes), size)
    inside = set(body.iter())
    lead = _lead(page, body)
    for image, address in shown:
        if (image in lead or image in inside) and _may_be_the_post_s(image, address):
            return address, _alt(image), _size(image)
    return None, "", (0, 0)


def _lead(page: HtmlElement, body: HtmlElement) -> set[HtmlElement]:
    """What stands on the page between its title and the text, and what the title stands in."""
    between: set[HtmlElement] = set()
    started = False
    for element in page.iter():
        if element is body:
            return between
        if element.tag == "h1":
            started = True
        elif started:
            between.add(element)
    return set()


def _address(image: HtmlElement, base: str) -> str | None:
    for name in _LATE:
        if (value := image.get(name)) and not value.startswith("data:"):
            return absolute_url(value, base)
    return None


def _alt(image: HtmlElement) -> str:
    return one_line(image.get("alt") or "")


def _size(image: HtmlElement) -> tuple[int, int]:
    return told(image.get("width"), image.get("height"))


def _may_be_the_post_s(image: HtmlElement, address: str) -> bool:
    sides = [image.get(side, "") for side in ("width", "height")]
    if any(side.isdecimal() and int(side) < _SMALLEST for side in sides):
        return False
    named = f"{image.get('class') or ''} {urlsplit(address).path}"
    return not _NOT_OF_THE_POST.search(named) and not urlsplit(address).path.lower().endswith(".svg")


def _stem(address: str) -> str:
    name = unquote(urlsplit(address).path).rstrip("/").rpartition("/")[2].lower()
    return _SIZE.sub("", name, count=1).rpartition(".")[0] or _SIZE.sub("", name, count=1)
