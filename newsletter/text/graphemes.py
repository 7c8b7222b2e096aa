"""Where a text may end that is too long: never within one character of a reader. rendering/context.py
knows where a sentence ends.

Python counts code points; a family, a flag, a letter with its accent or a syllable of Devanagari is several of them
(UAX #29, extended grapheme clusters). Where the standard's tables would be needed this keeps more together, not less.
"""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_SKIN = range(0x1F3FB, 0x1F400)
_REGIONAL = range(0x1F1E6, 0x1F200)
#: The letters of a flag's name (England, Scotland, Wales).
_TAGS = range(0xE0020, 0xE0080)
#: Parts of syllables that Unicode counts as letters: Thai and Lao vowels behind and before a consonant.
_BEHIND = frozenset("\u0e33\u0eb3\u0e30\u0e32\u0e45\u0eb0\u0eb2\u200c")
_BEFORE = frozenset("\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4")
#: Signs of number and the like that stand over what follows (GCB=Prepend).
_PREPENDED = frozenset(
    map(chr, (*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x0D4E, 0x110BD, 0x110CD))
)
#: Hangul that is written in its parts: a vowel or a final consonant belongs to what stands before it.
_JAMO = (range(0x1160, 0x1200), range(0xD7B0, 0xD800))
#: Canonical combining class of a virama: the next consonant joins this one.
_VIRAMA = 9
#: A character is no longer: who stacks a hundred marks on a letter means to hurt.
_LONGEST = 64


def cut(text: str, most: int) -> str:
    """The beginning of a text, ``most`` code points at the most, that ends between two characters of a reader."""
    if len(text) <= most:
        return text
    for end in range(most, max(most - _LONGEST, 0), -1):
        if _may_end(text, end):
            return text[:end]
    return text[: most if most > _LONGEST else 0]


def cut_at_word(text: str, most: int) -> str:
    """The text, or its beginning up to a word with "…" at its end: ``most`` code points at the most.

    Within a word only where that would leave less than half.
    """
    if len(text) <= most:
        return text
    kept = cut(text, most - 1)
    if not text[len(kept)].isspace():
        at_word = kept.rpartition(" ")[0]
        kept = at_word if len(at_word) * 2 > len(kept) else kept
    return kept.rstrip(" ,;:.–—-(“‘") + "…"


def _may_end(text: str, end: int) -> bool:
    """Whether one character ends before ``end``, which lies within the text, and another begins there."""
    before, after = text[end - 1], text[end]
    if after == _JOINER or before == _JOINER or after in _BEHIND or before in _BEFORE or before in _PREPENDED:
        return False
    if unicodedata.category(after)[0] == "M" or ord(after) in _SKIN or ord(after) in _TAGS:
        return False
    if any(ord(after) in jamo for jamo in _JAMO):
        return False
    if unicodedata.combining(before) == _VIRAMA and unicodedata.category(after) == "Lo":
        return False
    if ord(before) in _REGIONAL and ord(after) in _REGIONAL:
        return _run_of_regional(text, end) % 2 == 0
    return not (before == "\r" and after == "\n")


def _run_of_regional(text: str, end: int) -> int:
    start = end
    while start > 0 and ord(text[start - 1]) in _REGIONAL:
        start -= 1
    return end - start
