"""The numbers of ordered lists (HTML §4.4.5): which each item has, and how it is written. Lists are set in
html_to_text.py."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MOST_ROMAN = 3999


def numbers(element: HtmlElement) -> Iterator[int]:
    """The numbers of an <ol>: ``start``, ``reversed``, and a ``value`` at any item."""
    items = [child for child in element if child.tag == "li"]
    step = -1 if element.get("reversed") is not None else 1
    number = whole(element.get("start"), len(items) if step < 0 else 1)
    for item in items:
        number = whole(item.get("value"), number)
        yield number
        number += step


def labels(element: HtmlElement) -> Iterator[str]:
    """The same as they are shown: "3.", "c.", "C.", "iii.", "III."."""
    kind = element.get("type") or "1"
    for number in numbers(element):
        yield f"{_written(number, kind)}."


def number_items(element: HtmlElement) -> None:
    """Write its number at each item, for programs that do not know ``reversed``."""
    items = [child for child in element if child.tag == "li"]
    for item, number in list(zip(items, numbers(element), strict=True)):
        item.set("value", str(number))


def whole(value: str | None, otherwise: int) -> int:
    """A whole number as attributes have it, of at most six digits; another value is as none."""
    return int(value) if value and re.fullmatch(r"\s*-?[0-9]{1,6}\s*", value) else otherwise


def _written(number: int, kind: str) -> str:
    """What cannot be written in letters is in digits, as browsers do."""
    if kind in ("a", "A") and number > 0:
        found = _letters(number)
    elif kind in ("i", "I") and 0 < number <= _MOST_ROMAN:
        found = _roman(number)
    else:
        return str(number)
    return found.upper() if kind.isupper() else found


def _letters(number: int) -> str:
    found = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        found = chr(ord("a") + rest) + found
    return found


def _roman(number: int) -> str:
    found = ""
    for size, sign in _ROMAN:
        times, number = divmod(number, size)
        found += sign * times
    return found
