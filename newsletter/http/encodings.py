"""Bytes of a page → text: which encoding it is in. Nothing is looked up; the order is that of browsers."""

from __future__ import annotations

import codecs
import re

from newsletter.http.encoding_guess import guessed

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
_LINE_ENDS = re.compile(rb"\r\n?|\n")
#: How far browsers look for a declaration (HTML §13.2.3.2).
_HEAD = 1024 * 4


def decode(content: bytes, content_type: str = "") -> str:
    """The text of a page: by its byte order mark, the header, its own declaration, UTF-8; else as ``undeclared``.

    Never raises. A declared encoding that does not fit the bytes is passed over. A byte order mark is not part of the
    text.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    in_page = _META.search(content[:_HEAD])
    for name in (in_header(content_type), in_page[1].decode("ascii") if in_page else "", "utf-8"):
        known = known_encoding(name)
        try:
            if known:
                return content.decode(known)
        except (UnicodeError, ValueError):
            continue
    return undeclared(content)


def in_header(content_type: str) -> str:
    """The name of an encoding as a header Content-Type gives it; empty for none."""
    found = _HEADER.search(content_type)
    return found[1] if found else ""


def undeclared(content: bytes) -> str:
    """A text that is no UTF-8 and says nothing of its encoding, or nothing that is true. Never raises.

    It is in the encoding that its letters tell (encoding_guess.py). One that is mostly UTF-8, or of which nothing is
    told, is read byte by byte: what is UTF-8 as that, the others as windows-1252, as they were typed.
    """
    found = "cp1252" if is_mostly_utf8(content) else guessed(content)
    if found == "cp1252":
        return content.decode("utf-8", errors="newsletter.windows")
    return content.decode(found, errors="replace")


def is_mostly_utf8(content: bytes) -> bool:
    """Whether it has more characters beyond ASCII in UTF-8 than bytes that are none."""
    replaced = content.decode("utf-8", errors="replace")
    stray = replaced.count("\ufffd")
    return stray <= sum(character > "\x7f" for character in replaced) - stray


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


#: The signs of windows-1252 by the bytes that are control characters in Latin-1: quotation marks, dashes, the euro.
#: Five of the bytes have none.
WINDOWS_SIGNS = {
    byte: bytes([byte]).decode("cp1252")
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
#: windows-1252 with a meaning for every byte, as browsers read it (WHATWG Encoding §9, index windows-1252).
_WINDOWS = bytes(range(256)).decode("latin-1").translate(WINDOWS_SIGNS)


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """What the bytes mean that are not UTF-8, one by one, as windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(_WINDOWS[byte] for byte in error.object[error.start : error.end]), error.end


codecs.register_error("newsletter.windows", _as_windows)


def decode_file(content: bytes) -> tuple[str, int]:
    """The text of a file on disk, and the line of its first byte that is not UTF-8 (0 when all of it is).

    Never loses a letter: a byte order mark decides, UTF-16 without one is seen by its zeros, and what is not UTF-8 is
    read as ``undeclared``, so that a single old paragraph does not spoil the rest of its file.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace"), 0
    if unmarked := _utf16(content):
        return content.decode(unmarked, errors="replace"), 0
    try:
        return content.decode("utf-8"), 0
    except UnicodeDecodeError as error:
        line = len(_LINE_ENDS.findall(content, 0, error.start)) + 1
        return undeclared(content), line


def _utf16(content: bytes) -> str | None:
    """UTF-16 that somebody saved without its mark: in Latin text every second byte is zero."""
    head = content[:400]
    for first, encoding in ((0, "utf-16-be"), (1, "utf-16-le")):
        if (
            len(head) >= 8
            and head[first::2].count(0) > 0.7 * len(head[first::2])
            and not head[1 - first :: 2].count(0)
        ):
            return encoding
    return None
