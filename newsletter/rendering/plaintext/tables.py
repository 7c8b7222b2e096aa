"""Tables of plain text: columns side by side where they fit, else row by row. Where cells come from is
html_to_text.py's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsletter.rendering.plaintext.wrap import columns, wrapped

Rows = Sequence[Sequence[str]]

_GAP = "   "
_NUMBER = re.compile(r"[-+−–]?[\d.,'\u00a0\u202f ]*\d[\d.,'\u00a0\u202f ]*\s?[%‰€$£¥₹]?|[-–—]?")


def set_table(rows: Rows, width: int, *, header: bool) -> str:
    """The rows as text of at most ``width`` columns; with ``header`` the first names the columns."""
    widths = [
        max((columns(row[place]) for row in rows if place < len(row)), default=0)
        for place in range(max(map(len, rows), default=0))
    ]
    if sum(widths) + len(_GAP) * (len(widths) - 1) <= width:
        return _side_by_side(rows, widths, header=header)
    return _row_by_row(rows, width, header=header)


def _side_by_side(rows: Rows, widths: Sequence[int], *, header: bool) -> str:
    body = rows[1:] if header else rows
    numeric = [
        bool(body) and all(place >= len(row) or _NUMBER.fullmatch(row[place]) for row in body)
        for place in range(len(widths))
    ]
    lines = [
        _GAP.join(
            _padded(cell, widths[place], right=numeric[place]) for place, cell in enumerate(row)
        ).rstrip()
        for row in rows
    ]
    if header and len(rows) > 1:
        lines.insert(1, _GAP.join("-" * width for width in widths if width))
    return "\n".join(lines)


def _padded(cell: str, width: int, *, right: bool) -> str:
    space = " " * (width - columns(cell))
    return space + cell if right else cell + space


def _row_by_row(rows: Rows, width: int, *, header: bool) -> str:
    """Each row by itself: "Column: cell" on lines of their own where the columns have names."""
    names = list(rows[0]) if header and len(rows) > 1 else []
    return "\n\n".join(
        "\n".join(wrapped(_named(names, place, cell), width, rest="  ") for place, cell in enumerate(row) if cell)
        for row in (rows[1:] if names else rows)
    )  # fmt: skip


def _named(names: Sequence[str], place: int, cell: str) -> str:
    name = names[place].rstrip(" :") if place < len(names) else ""
    return f"{name}: {cell}" if name else cell
