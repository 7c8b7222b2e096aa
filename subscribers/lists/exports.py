"""Writes lists of people as CSV that no spreadsheet runs, and takes back what was changed for that."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from typing import IO

from subscribers.lists.spelling import squeezed

#: The first line of an export. Later columns may be added at its end.
HEADER = (
    "email",
    "name",
    "status",
    "suppressed",
    "cadence",
    "topics",
    "confirmed_at",
    "left_at",
    "paused_at",
    "suppression_reason",
    "signed_up_at",
    "signed_up_ip",
    "signed_up_from",
    "confirmed_ip",
)
#: By these columns a file is known as ours, whatever a person added, moved or left out.
_OURS = frozenset(map(squeezed, ("email", "status", "suppressed", "cadence")))

#: A cell that a spreadsheet would run, or that could be taken for one that was guarded.
_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def is_ours(header: Sequence[str]) -> bool:
    """Whether a file with this first line is an export of ours."""
    return {squeezed(cell) for cell in header} >= _OURS


def write_csv(out: IO[str], header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write rows as CSV (RFC 4180) that no spreadsheet takes for formulas; returns how many."""
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
        count += 1
    return count


def neutral(cell: str) -> str:
    """A cell that a spreadsheet shows and does not run: one that begins like a formula gets an apostrophe before it
    (OWASP, "CSV Injection"). So does one that has apostrophes there already, so that ``bare`` gives each back."""
    return f"'{cell}" if _LIKE_A_FORMULA.match(cell) else cell


def bare(cell: str) -> str:
    """What ``neutral`` was given; only for files that we wrote."""
    return cell[1:] if cell.startswith("'") and _LIKE_A_FORMULA.match(cell, 1) else cell
