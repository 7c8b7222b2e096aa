"""A person's name as it is kept: one line of printable text. Reading names out of files is imports.py's part."""

from __future__ import annotations

import unicodedata

#: What the column holds.
MOST = 200
#: Controls, line and paragraph separators, and halves of a surrogate pair, which no encoding takes.
_NEVER = {"Cc", "Zl", "Zp", "Cs"}


def one_line(name: str) -> str:
    """The name without line breaks and controls (a To header is made of it), at most 200 characters."""
    visible = (" " if unicodedata.category(letter) in _NEVER else letter for letter in name)
    return " ".join("".join(visible).split())[:MOST].rstrip()
