"""Which way a language and a piece of text run, and the markup that keeps one inside the other in order."""

from __future__ import annotations

import re
from unicodedata import bidirectional

from lxml.html import HtmlElement
from markupsafe import Markup

#: Languages whose usual script runs from right to left (CLDR 46, "characterOrder").
_LANGUAGES = frozenset(
    {"ar", "arc", "azb", "bal", "ckb", "dv", "fa", "glk", "he", "iw", "ji", "khw", "ks", "lrc",
     "mzn", "nqo", "pnb", "ps", "sd", "sdh", "skr", "syr", "ug", "ur", "yi"}
)  # fmt: skip
_SCRIPTS = frozenset({"adlm", "arab", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa"})
_BLOCKS = frozenset(
    {"p", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "table", "caption", "th", "td", "figcaption",
     "h1", "h2", "h3", "h4", "h5", "h6"}
)  # fmt: skip
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+")
#: Letters that are looked at; the first thousand say enough about a text.
_MOST = 1000


def of_language(language: str) -> str:
    """ "rtl" or "ltr" of an RFC 5646 tag; a script in it ("az-Arab", "sd-Deva") decides before the language."""
    parts = language.lower().split("-")
    script = next((part for part in parts[1:] if len(part) == 4 and part.isalpha()), "")
    if script:
        return "rtl" if script in _SCRIPTS else "ltr"
    return "rtl" if parts[0] in _LANGUAGES else "ltr"


def of_text(text: str, otherwise: str) -> str:
    """ "rtl" or "ltr", whichever more of the letters are; ``otherwise`` for a text that has none.

    Addresses do not count: one link makes no English paragraph.
    """
    kinds = [bidirectional(char) for char in _ADDRESS.sub(" ", text[:_MOST])]
    left, right = kinds.count("L"), kinds.count("R") + kinds.count("AL")
    if left == right:
        return otherwise
    return "rtl" if right > left else "ltr"


def isolated(text: str, around: str) -> Markup:
    """The text, escaped; in a span with its direction where it runs against what is ``around``.

    Without it a full stop, a date or a number beside it would change sides (Unicode UAX #9). Not <bdi>, which mail
    programs take out; the attribute dir isolates as well (HTML §15.3.5).
    """
    own = "ltr" if _ADDRESS.fullmatch(text) else of_text(text, around)
    if own == around:
        return Markup("{}").format(text)
    return Markup('<span dir="{}">{}</span>').format(own, text)


def mark_blocks(element: HtmlElement, around: str) -> None:
    """Give every block below that runs against what is around it its direction, unless its author gave one.

    Links that show an address or a telephone number run from left to right in any text.
    """
    for child in element:
        if not isinstance(child.tag, str):
            continue
        inside = child.get("dir") or around
        if "dir" not in child.attrib:
            if child.tag in _BLOCKS:
                inside = of_text(str(child.text_content()), around)
            elif child.tag == "a" and _shows_address(child):
                inside = "ltr"
            if inside != around:
                child.set("dir", inside)
        mark_blocks(child, inside)


def _shows_address(link: HtmlElement) -> bool:
    words = str(link.text_content()).strip()
    return words.startswith(("http://", "https://", "www.")) or (link.get("href") or "").startswith(
        ("tel:", "mailto:")
    )
