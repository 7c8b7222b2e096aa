"""Bytes of a page → text: which encoding it is in. Nothing is looked up; the order is that of browsers."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,500}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
#: A page that says one of these means windows-1252 (WHATWG Encoding §4.2); that has the curly quotes.
_REALLY_WINDOWS = frozenset({"iso8859-1", "ascii", "cp1252"})
#: How far browsers look for a declaration (HTML §13.2.3.2).
_HEAD = 1024 * 4


def decode(content: bytes, content_type: str = "") -> str:
    """The text of a page: by its byte order mark, the header, its own declaration, UTF-8, windows-1252.

    Never raises. A declared encoding that does not fit the bytes is passed over; bytes that fit none become
    U+FFFD. A byte order mark is not part of the text.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    declared = [_HEADER.search(content_type), _META.search(content[:_HEAD])]
    names = [
        found[1].decode("ascii") if isinstance(found[1], bytes) else found[1] for found in declared if found
    ]
    for name in [*names, "utf-8"]:
        known = known_encoding(name)
        try:
            if known:
                return content.decode(known)
        except (UnicodeError, ValueError):
            continue
    return content.decode("windows-1252", errors="replace")


def known_encoding(name: str) -> str | None:
    """Python's name of a *text* encoding; None for an unknown one and for rot13, zip and such."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not found._is_text_encoding or found.name in (
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
    ):
        return None
    return "windows-1252" if found.name in _REALLY_WINDOWS else found.name
