"""Which posts each archive document of a feed holds (RFC 5005 §4): arithmetic on release numbers, and no bytes.

An archive document is named by the release numbers it spans, "31-60". Numbers are given out once and in order, so what
a name stands for is fixed: posts can leave it (withdrawn, released anew), and none can come. Readers rely on that: they
fetch each document once.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

#: Release numbers in one document. Changing it changes the address of every archive document.
SIZE = 30
_NAME = re.compile(r"([1-9][0-9]{0,17})-([1-9][0-9]{0,17})")


class Block(NamedTuple):
    """A run of release numbers, both ends included."""

    first: int
    last: int

    @property
    def name(self) -> str:
        """As it stands in addresses."""
        return f"{self.first}-{self.last}"

    @property
    def full(self) -> bool:
        """No release can come into it any more, whatever is released."""
        return self.last % SIZE == 0


def parse(name: str, newest: int) -> Block | None:
    """The block of that name; None when no archive document is or was ever called so.

    ``newest`` is the newest release number given out. A block that was the newest one once ("31-47") keeps its name
    when it has become a part of a longer one.
    """
    found = _NAME.fullmatch(name)
    block = Block(int(found[1]), int(found[2])) if found else None
    if block is None or block.first % SIZE != 1 or not 0 <= block.last - block.first < SIZE:
        return None
    return block if block.last <= newest else None


def blocks(numbers: Iterable[int], newest: int) -> list[Block]:
    """The blocks of a feed's posts with these release numbers, oldest first, the empty ones left out.

    The last may not be full yet; it ends with the newest of ``numbers``.
    """
    highest: dict[int, int] = {}
    for number in numbers:
        first = (number - 1) // SIZE * SIZE + 1
        highest[first] = max(highest.get(first, 0), number)
    return [
        Block(first, first + SIZE - 1 if first + SIZE - 1 <= newest else highest[first])
        for first in sorted(highest)
    ]


def before_window(ordered: Sequence[Block], numbers: Iterable[int], window: Container[int]) -> Block | None:
    """The archive document that the feed itself leads to; None when the feed has every post.

    ``ordered`` is from ``blocks`` for ``numbers``; ``window`` has those that the feed itself carries. A last block that
    is not full is passed over where the feed carries all of it: its name will change with the next release.
    """
    if not ordered:
        return None
    outside = [number for number in numbers if number not in window]
    if not outside:
        return None
    last = ordered[-1]
    if last.full or max(outside) >= last.first:
        return last
    return ordered[-2] if len(ordered) > 1 else None
