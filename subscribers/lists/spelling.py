"""Brings headers and cells of other systems' files to one spelling. What a spelling means is not known here."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Letters that Unicode does not take apart into a plain one and a mark.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_IN_OR_OUT = re.compile(r"\bopt(?:ed|ing)? ?(in|out)\b")
_MARKS = ("Mn", "Me")
#: What programs take UTF-8 for, and how many of them one after the other.
_OLDER = ("cp1252", "latin-1", "mac_roman", "cp1250")
_MOST_SPOILT = 3


@lru_cache(maxsize=4096)
def spaced(text: str) -> str:
    """Small words with one blank between them: "Has_OptedOut-ofEMail" → "has optout of email", "Prénom" → "prenom"."""
    apart = unicodedata.normalize("NFKD", _HUMPS.sub(" ", unspoilt(text))).casefold().translate(_LETTERS)
    bare = "".join(c for c in apart if unicodedata.category(c) not in _MARKS)
    words = " ".join("".join(c if c.isalnum() else " " for c in bare).split())
    return _IN_OR_OUT.sub(r"opt\1", words).replace("e mail", "email")


def unspoilt(text: str) -> str:
    """Text whose UTF-8 a program once took for an older encoding, made whole: "DÃ©sabonnÃ©" → "Désabonné"."""
    for _ in range(_MOST_SPOILT):
        for encoding in _OLDER:
            try:
                text = text if text.isascii() else text.encode(encoding).decode()
                break
            except UnicodeError:
                continue
        else:
            break
    return text


def squeezed(text: str) -> str:
    """The same without blanks, since systems write "opted-out", "opted out" and "optedout"."""
    return spaced(text).replace(" ", "")


def known(words: str) -> frozenset[str]:
    """A table written as text: spellings apart by commas or line ends, squeezed."""
    return frozenset(
        squeezed(word) for line in words.splitlines() for word in line.split(",") if word.strip()
    )
