"""Status words with their legal moves beside them. An illegal move raises."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from newsletter.errors import IllegalMove

S = TypeVar("S", bound=StrEnum)


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """A status word's values as Django wants them."""
    return [(word.value, word.value) for word in words]


def check_move(moves: Mapping[S, frozenset[S]], what: str, old: S, new: S) -> None:
    """Raise IllegalMove unless ``old → new`` is among the legal moves."""
    if new not in moves[old]:
        allowed = ", ".join(sorted(moves[old])) or "nothing else"
        no = f"is {old} already" if old == new else f"is {old} and cannot become {new}"
        raise IllegalMove(f"{what} {no}; from here it can become {allowed}")
