"""Encoded words (RFC 2047): header text beyond ASCII. Where they may stand is headers.py's to know.

Written here because the email package of Python 3.11.7 lets an encoded line break through (CVE-2024-6923) and
wraps what must not be wrapped.
"""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from collections.abc import Iterator

#: An encoded word is at most 75 characters long, and so is the line with one but for its space (RFC 2047 §2).
LONGEST = 75
_FRAME = len("=?utf-8?q??=")
#: The only characters that stand for themselves wherever an encoded word may be, a phrase included (§5 rule
#: 3).
_LITERAL = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_JOINER = "\u200d"


def encoded_words(text: str, first: int = LONGEST) -> list[str]:
    """The text as encoded words, whole characters in each; ``first`` is the room for the first one.

    They are to be joined by a space or a fold, which a reader takes out again (RFC 2047 §6.2).
    """
    encode = _q if len(_q(text)) <= len(_b(text)) else _b
    letter = "q" if encode is _q else "b"
    words: list[str] = []
    held = ""
    for cluster in _clusters(text):
        room = (LONGEST if words else min(first, LONGEST)) - _FRAME
        if held and len(encode(held + cluster)) > room:
            words.append(f"=?utf-8?{letter}?{encode(held)}?=")
            held = ""
        held += cluster
    words.append(f"=?utf-8?{letter}?{encode(held)}?=")
    return words


def _q(text: str) -> str:
    return "".join(
        "_" if byte == 32 else chr(byte) if byte in _LITERAL else f"={byte:02X}"
        for byte in text.encode("utf-8")
    )


def _b(text: str) -> str:
    return b64encode(text.encode("utf-8")).decode("ascii")


def _clusters(text: str) -> Iterator[str]:
    """What a person sees as one character, kept in one word; a pile of combining marks is cut at 10 bytes."""
    held = ""
    for char in text:
        joins = unicodedata.category(char).startswith("M") or char == _JOINER or held.endswith(_JOINER)
        if held and (not joins or len((held + char).encode("utf-8")) > 10):
            yield held
            held = ""
        held += char
    if held:
        yield held
