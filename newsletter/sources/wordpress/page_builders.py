"""Shortcodes that page builders and plugins share by habit, whatever they are called: pictures, notes, and parts that
open below a title. WordPress's own are shortcodes.py's.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Mapping
from dataclasses import dataclass

_PICTURE = re.compile(r"(?:.*[_-])?(?:image|imageframe|image_box|img|gallery|photo)", re.IGNORECASE)
_NOTE = re.compile(r"(?:footnote|fn|efn_note|mfn|sidenote|ref)", re.IGNORECASE)
_OPENS = re.compile(
    r"(?:.*[_-])?(?:tab|toggle|accordion|spoiler|collapse|collapsible|expand|faq|question)(?:[_-]?(?:item|section|pane|panel))?",
    re.IGNORECASE,
)
_TITLES = ("title", "heading", "header", "question", "tab_title", "toggle_title", "caption", "name", "label")
#: Where builders say which files of the library they show, by number.
_NUMBERS = ("image", "images", "image_id", "gallery_ids", "attachment_id", "attachment")
_SOME_NUMBERS = re.compile(r"\s*\d{1,15}(?:\s*[,|]\s*\d{1,15})*\s*")
_ADDRESSES = ("src", "image_url", "img_url", "image", "url")
_AT = re.compile(
    r"https?://[^\s<>\"'\]\[]{1,2000}\.(?:jpe?g|png|gif|webp|avif|svg)(?:\?[^\s<>\"'\]\[]{0,500})?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pictured:
    """Pictures that a shortcode shows: by number, or where the library does not have those, the one at an address."""

    numbers: tuple[int, ...] = ()
    address: str = ""
    alt: str = ""


def has_a_form(name: str) -> bool:
    """Whether something is known about shortcodes of this name."""
    return bool(_PICTURE.fullmatch(name) or _NOTE.fullmatch(name) or _OPENS.fullmatch(name))


def pictured(name: str, found: Mapping[str, str], inner: str) -> Pictured | None:
    """Which pictures it shows; None where it shows none that can be known."""
    if not _PICTURE.fullmatch(name):
        return None
    alt = found.get("alt", "") or found.get("title_text", "")
    numbers: tuple[int, ...] = ()
    for key in _NUMBERS:
        if not numbers and _SOME_NUMBERS.fullmatch(found.get(key, "")):
            numbers = tuple(map(int, re.findall(r"\d+", found[key])))
    for said in (*(found.get(key, "") for key in _ADDRESSES), inner):
        if (at := _AT.search(said)) and "<" not in said:
            return Pictured(numbers, entities.unescape(at[0]), alt)
    return Pictured(numbers) if numbers else None


def around(name: str, found: Mapping[str, str], inner: str) -> str | None:
    """What stands between its ends, with its title above it, or in brackets for a note; None for no such shortcode."""
    if _NOTE.fullmatch(name):
        return f" ({inner.strip()})" if inner.strip() else ""
    if not _OPENS.fullmatch(name):
        return None
    title = next((found[key] for key in _TITLES if found.get(key, "").strip()), "")
    said = entities.escape(entities.unescape(title), quote=False)
    above = f"<p><strong>{said}</strong></p>\n\n" if title else ""
    return f"\n\n{above}{inner.strip()}\n\n"
