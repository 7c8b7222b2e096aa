"""Lines of plain text, wrapped as they look: by columns on the screen, not by characters."""

from __future__ import annotations

import re
import unicodedata

#: The columns of a mail's text (RFC 3676 §4.2 asks for 78 at the most; room is left for quoting it).
WIDTH = 72

#: Scripts written without spaces, which may be broken between any two characters.
_IDEOGRAPH = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
#: What must stay with the character before it (JIS X 4051): closing punctuation, small kana, combining marks.
_CLOSING = (
    "、。，．・：；？！」』）】〕〉》’”ーぁぃぅぇぉっゃゅょァィゥェォッャュョ"
    "\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"
)
#: Characters that only tell a browser where a line may end, or must not.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_BREAK = re.compile(f"(?<=[{_IDEOGRAPH}。、])(?=[^{_CLOSING}\\s])")
#: A web address runs as far as ASCII does: in text without spaces the sentence goes on right behind it.
_WEB = re.compile(r"(https?://[!-~]+)")


def columns(text: str) -> int:
    """How wide the text is on a screen: East Asian characters take two columns, marks and joiners none."""
    return sum(_column(char) for char in text) if not text.isascii() else len(text)


def _column(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrapped(text: str, width: int = WIDTH, first: str = "", rest: str | None = None) -> str:
    """One paragraph on lines of at most ``width`` columns; what cannot be broken (an address) stays whole.

    ``first`` opens the first line, ``rest`` the others; without ``rest`` they are indented as far.
    """
    hanging = " " * columns(first) if rest is None else rest
    lines: list[str] = []
    line, empty = first, True
    for spaced, piece in _pieces(text.translate(_INVISIBLE).rstrip(" \u00a0")):
        gap = " " if spaced and not empty else ""
        if not empty and columns(line) + len(gap) + columns(piece) > width:
            lines.append(line)
            line, gap = hanging, ""
        line, empty = line + gap + piece, False
    return "\n".join(full.rstrip(" \u00a0") for full in [*lines, line]) if not empty else ""


def _pieces(text: str) -> list[tuple[bool, str]]:
    """What a line may be broken between, each with whether a space stands before it.

    Broken at plain spaces only: a no-break space is there to hold two words together.
    """
    pieces = []
    for word in re.split(r"[ \t\r\n]+", text.strip(" \t\r\n")):
        if word:
            head, *tail = _parts(word)
            pieces += [(True, head), *((False, part) for part in tail)]
    return pieces


def _parts(word: str) -> list[str]:
    """Where one word may be broken; a web address never."""
    parts: list[str] = []
    for place, run in enumerate(_WEB.split(word)):
        parts += [run] if place % 2 else _BREAK.split(run)
    return [part for part in parts if part]


def indented(text: str, first: str, rest: str | None = None) -> str:
    """Put ``first`` before the first line and ``rest`` before the others; no line gets a trailing space."""
    hanging = " " * columns(first) if rest is None else rest
    lines = text.split("\n")
    marked = [(first if number == 0 else hanging) + line for number, line in enumerate(lines)]
    return "\n".join(line.rstrip(" \t\u00a0") for line in marked)


def underlined(text: str, char: str = "=", width: int = WIDTH) -> str:
    """A heading: wrapped, with a line under it as long as its longest line."""
    lines = wrapped(text, width)
    longest = max(map(columns, lines.split("\n")))
    return f"{lines}\n{char * min(longest, width)}"
