"""Quotations that run over several paragraphs: each paragraph opens with a quotation mark, only the last closes.

A rule of print (Chicago Manual of Style 13.32) that says where a quotation begins and ends on a page of text.
"""

from __future__ import annotations

from collections.abc import Sequence

#: Opening mark → marks that close it.
_PAIRS = {"“": "”", "„": "“”", "«": "»", "»": "«", '"': '"'}
#: What may follow the last closing mark.
_AFTER = " .,;:!?…()[]0123456789"


def quotations(paragraphs: Sequence[str]) -> list[range]:
    """The runs of two or more paragraphs that are one quotation, as ranges of indices, in order."""
    found: list[range] = []
    start = 0
    while start < len(paragraphs):
        end, closed = _end_of_quotation(paragraphs, start)
        if closed:
            found.append(range(start, end + 1))
        # What is never closed from here is not closed from a later paragraph of it either.
        start = end + 1 if closed else max(end, start + 1)
    return found


def _end_of_quotation(paragraphs: Sequence[str], start: int) -> tuple[int, bool]:
    """The index of the paragraph that closes what ``start`` opens, and True; else where that is plain, and False."""
    mark = paragraphs[start].lstrip()[:1]
    if mark not in _PAIRS or not _stays_open(paragraphs[start].strip(), mark):
        return start, False
    for index in range(start + 1, len(paragraphs)):
        text = paragraphs[index].strip()
        if not text.startswith(mark):
            return index, False
        if not _stays_open(text, mark):
            return index, _closes_at_its_end(text, mark)
    return len(paragraphs), False


def _stays_open(text: str, mark: str) -> bool:
    return _depths(text, mark)[-1] > 0


def _closes_at_its_end(text: str, mark: str) -> bool:
    """True when the quotation ends with the paragraph, so that no "she said" follows in it."""
    depths = _depths(text.rstrip(_AFTER), mark)
    return depths[-1] <= 0 and all(depth > 0 for depth in depths[:-1])


def _depths(text: str, mark: str) -> list[int]:
    """How many quotations are open after each character."""
    depth, depths = 0, []
    for place, character in enumerate(text):
        if character in _PAIRS[mark] and not (place == 0 and character == mark):
            depth -= 1
        elif character == mark:
            depth += 1
        depths.append(depth)
    return depths or [0]
