"""What a person is owed: the rule itself, pure. It takes plain facts and touches nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post of an edition, as the rule needs it."""

    post_id: int
    #: Its release number when the edition was frozen.
    release_number: int
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Person:
    """A person, as the rule needs them."""

    watermark: int
    #: Empty for all.
    topics: frozenset[str]
    #: Posts in any of their deliveries that is neither cancelled nor skipped.
    has: frozenset[int] = frozenset()


def is_for(person_topics: Collection[str], post_topics: Collection[str]) -> bool:
    """A person without chosen topics gets all; a post without a topic goes to everyone."""
    return not person_topics or not post_topics or not set(person_topics).isdisjoint(post_topics)


def owed(person: Person, candidates: Iterable[Candidate], *, by_hand: bool = False) -> tuple[int, ...]:
    """The ids of the posts that this person is owed of an edition, newest first.

    ``by_hand``: the posts were chosen by staff, so no watermark keeps one back; topics and the ledger do.
    """
    return tuple(
        candidate.post_id
        for candidate in candidates
        if candidate.post_id not in person.has
        and (by_hand or candidate.release_number > person.watermark)
        and is_for(person.topics, candidate.topics)
    )


def lowered_to(watermark: int, floor: int, releases: Sequence[int]) -> int:
    """The watermark after a delivery of these releases never went: just below the oldest, never below the floor."""
    return max(floor, min([watermark, *(number - 1 for number in releases)]))


def posts_hash(post_ids: Iterable[int]) -> str:
    """What names a variant within its edition: the set of posts, whatever their order."""
    return hashlib.sha256(",".join(map(str, sorted(post_ids))).encode()).hexdigest()
