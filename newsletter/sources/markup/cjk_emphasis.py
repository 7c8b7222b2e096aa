"""Emphasis where no space stands between words: a Markdown rule for Chinese, Japanese, Korean and their like.

CommonMark tells an opening mark from a closing one by the spaces and punctuation around it (§6.2), so that the second
one of "**「水車」**の前" closes nothing and its stars are mailed. Marks are read as it says, but punctuation of these
scripts counts as a letter, and a letter of theirs beside a mark as a space would.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline, emphasis, strikethrough

#: Scripts without spaces between words, besides all that is drawn as wide as an ideograph: Thai and Lao, Tibetan,
#: Burmese, Khmer.
_NO_SPACES = ((0x0E00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x1100, 0x11FF), (0x3000, 0x303F))
#: Emoji are as wide, and no letters.
_EMOJI = (0x1F000, 0x1FAFF)


def for_scripts_without_spaces(reader: MarkdownIt) -> None:
    """Make a reader find the marks of emphasis and of what is struck out in such scripts."""
    reader.inline.ruler.at("emphasis", _looked_at_again(emphasis.tokenize))
    reader.inline.ruler.at("strikethrough", _looked_at_again(strikethrough.tokenize))


_Rule = Callable[[StateInline, bool], bool]


def _looked_at_again(rule: _Rule) -> _Rule:
    def with_scripts(state: StateInline, silent: bool) -> bool:
        start, known = state.pos, len(state.delimiters)
        if not rule(state, silent):
            return False
        marker = state.src[start]
        before = state.src[start - 1] if start > 0 else " "
        after = state.src[state.pos] if state.pos < state.posMax else " "
        if marker != "_" and (_is_one(before) or _is_one(after)):
            for delimiter in state.delimiters[known:]:
                delimiter.open, delimiter.close = _may_begin(before, after), _may_begin(after, before)
        return True

    return with_scripts


def _may_begin(outside: str, inside: str) -> bool:
    """Whether emphasis may begin between these two, or, the other way round, end there."""
    if isWhiteSpace(ord(inside)):
        return False
    if _is_one(inside) or not _is_punctuation(inside):
        return True
    return isWhiteSpace(ord(outside)) or _is_punctuation(outside) or _is_one(outside)


def _is_punctuation(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)


def _is_one(char: str) -> bool:
    code = ord(char)
    if code < _NO_SPACES[0][0]:
        return False
    if any(first <= code <= last for first, last in _NO_SPACES):
        return True
    return unicodedata.east_asian_width(char) in "WFH" and not _EMOJI[0] <= code <= _EMOJI[1]
