"""How large a picture is meant to be shown: by its author's style and attributes, else by what its address says. No
picture is fetched, and how wide a mail is, is not decided here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

#: Pixels; a part of the width of a page is the same part of a mail's.
COLUMN = 536
#: What a length in letters is in pixels, as browsers begin with.
_UNITS = {
    "px": 1.0,
    "": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 37.8,
    "mm": 3.78,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
    "ch": 8.0,
    "lh": 24.0,
}
_PROPERTY = re.compile(
    r"(?:^|;)\s*(width|height|max-width|max-height)\s*:\s*([0-9]{0,5}(?:\.[0-9]{1,6})?)\s*(px|pt|pc|in|cm|mm|r?em|ex|ch|lh|%)"
    r"\s*(?:!\s*important\s*)?(?=;|$)",
    re.IGNORECASE,
)
_PIXELS = re.compile(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*")
_SHARE = re.compile(r"\s*(\d{1,2})(?:\.\d+)?\s*%\s*")
#: A height alone that is no larger is meant: a logo's, a smiley's. A larger one is a limit.
_LOW = 150
#: "photo-300x200.jpg" (WordPress), "icon@2x.png"; the size that a server was asked for.
_LEAST = 16
_IN_NAME = re.compile(r"[-_](\d{1,4})x(\d{1,4})(?:[-_@][a-z0-9]{1,8})?(?=\.[a-z]{3,4}$)", re.IGNORECASE)
_IN_PATH = re.compile(
    r"/(?:[a-z_0-9.:]+,)*w_(\d{1,4})[,/]"  # Cloudinary
    r"|/(?:max|resize:(?:fit|fill)|fit/c|w|width|resize)[:/](\d{1,4})(?:[:/]|$)"  # Medium, Substack's kin
    r"|/s(\d{2,4})(?:-[a-z0-9-]+)?/[^/]+$|=[sw](\d{2,4})(?:-[a-z0-9-]+)*$"  # Blogger, Google
    r"|/(\d{2,4})px-[^/]+$",  # Wikipedia
    re.IGNORECASE,
)
_QUERY_WIDTHS = frozenset({"w", "width", "imwidth", "maxwidth", "max-w", "mw", "wid"})
_QUERY_PAIRS = frozenset({"resize", "fit", "size", "crop"})
_PAIR = re.compile(r"(\d{1,4})[,x*](\d{1,4})")
#: What is said to be larger is no picture.
_LARGEST = 30_000
_GRAVATAR = re.compile(r"https?://(?:[a-z0-9]+\.)?gravatar\.com/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Size:
    """In pixels; 0 where nobody knows."""

    width: int = 0
    height: int = 0


def meant(given: dict[str, str]) -> Size:
    """The size that an ``img`` asks for; a style wins over attributes, as in CSS."""
    width, height = pixels(given.get("width")) or _share(given.get("width")), pixels(given.get("height"))
    styled = _styled(given.get("style", ""))
    size = _with_style(Size(width or 0, height or 0), styled)
    size = _at_most(size, styled.get("max-width", 0), styled.get("max-height", 0))
    return Size(0, 0) if not size.width and size.height > _LOW else size


def _with_style(size: Size, styled: dict[str, int]) -> Size:
    width, height = styled.get("width", 0), styled.get("height", 0)
    if width and height:
        return Size(width, height)
    if width:
        return Size(width, _scaled(size.height, width, size.width))
    if height:
        return Size(_scaled(size.width, height, size.height), height)
    return size


def _at_most(size: Size, width: int, height: int) -> Size:
    if width and (not size.width or size.width > width) and not (size.height and not size.width):
        size = Size(width, _scaled(size.height, width, size.width))
    if height and size.height > height:
        size = Size(_scaled(size.width, height, size.height), height)
    if height and not size.width and not size.height:
        size = Size(0, height)
    return size


def _scaled(other: int, new: int, old: int) -> int:
    """The other side, where one became ``new``; 0 where that cannot be told."""
    return max(1, round(other * new / old)) if other and old else 0


def _styled(style: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, number, unit in _PROPERTY.findall(style.lower()):
        if not number:
            continue
        if unit == "%":
            share = float(number)
            if name.endswith("width") and 0 < share < 100:
                found[name] = round(COLUMN * share / 100)
            continue
        found[name] = max(1, round(float(number) * _UNITS[unit]))
    return found


def _share(value: str | None) -> int:
    found = _SHARE.fullmatch(value or "")
    return round(COLUMN * int(found[1]) / 100) if found else 0


def pixels(value: str | None) -> int | None:
    """A length that is written in pixels; None for any other."""
    found = _PIXELS.fullmatch(value) if value else None
    return int(found[1]) if found else None


def told(width: object, height: object) -> tuple[int, int]:
    """The size of a file as a source tells it, in numbers or as text; (0, 0) where that cannot be."""
    sides = [pixels(str(side)) or 0 for side in (width, height)]
    return (sides[0], sides[1]) if all(0 < side <= _LARGEST for side in sides) else (0, 0)


def beside(natural: tuple[int, int], width: int, height: int) -> tuple[int, int]:
    """Width and height of a picture whose own size is known, where one of them is given, or neither."""
    if not width and not height:
        return natural
    if not height:
        return width, max(1, round(natural[1] * width / natural[0]))
    return max(1, round(natural[0] * height / natural[1])), height


def of_set(sizes: str) -> int:
    """The width that ``sizes`` ends with ("(max-width: 300px) 100vw, 300px"), in pixels; 0 for another."""
    last = sizes.rpartition(",")[2].strip()
    return (pixels(last) or 0) if last.lower().endswith("px") else 0


def in_address(address: str) -> Size:
    """How large the file at an address is, where the address says so."""
    try:
        parts = urlsplit(address)
        query = parse_qsl(parts.query[:2000])
    except ValueError:
        return Size()
    for name, value in query:
        if name.lower() in _QUERY_WIDTHS or (name.lower() in ("s", "size") and _GRAVATAR.match(address)):
            if width := pixels(value):
                return Size(width)
        elif name.lower() in _QUERY_PAIRS and (found := _PAIR.fullmatch(value)):
            return Size(int(found[1]), int(found[2])) if name.lower() == "resize" else Size(int(found[1]))
    if (found := _IN_NAME.search(parts.path)) and min(int(found[1]), int(found[2])) >= _LEAST:
        return Size(int(found[1]), int(found[2]))
    if found := _IN_PATH.search(parts.path):
        return Size(int(next(filter(None, found.groups()))))
    return Size()
