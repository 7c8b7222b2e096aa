"""What a WordPress source wants to be told at its next look, to and from the plain JSON that is kept for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Self

#: Goes up when posts mean something else to us than before, so that all of them are read again.
_READING = 1
_MOST_NUMBERS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPressMemory:
    """Times are aware UTC. All of it belongs to one address: of another site nothing is true."""

    url: str
    #: Where the API begins, and which posts were meant; empty when not known.
    root: str = ""
    only: dict[str, str] = field(default_factory=dict)
    #: When the last post that was seen was changed, by the server's clock.
    changed_until: datetime | None = None
    #: The date of the newest post that the API gave.
    newest: datetime | None = None
    #: The last look that read every post; None when the next one has to.
    whole_at: datetime | None = None
    #: How many posts there were then.
    total: int = 0
    #: Address → [ETag, Last-Modified] of its last answer.
    validators: dict[str, list[str]] = field(default_factory=dict)
    #: Posts that had a password when they were last seen.
    protected: list[int] = field(default_factory=list)
    #: Since when the API has been closed, and why; the feed stands in.
    closed_at: datetime | None = None
    closed_because: str = ""
    #: The API is not asked again before.
    not_before: datetime | None = None
    #: What the feed wants to be told.
    feed: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, memory: Mapping[str, Any], url: str) -> Self:
        """What ``written`` gave. What cannot be read is forgotten: then everything is read anew."""
        found = memory.get("wordpress")
        if not isinstance(found, Mapping) or found.get("url") != url or found.get("reading") != _READING:
            return cls(url=url)
        kept: dict[str, Any] = {}
        for about in fields(cls):
            value, empty = found.get(about.name), _EMPTY[about.name]
            if isinstance(empty, datetime):
                kept[about.name] = _moment(value)
            elif type(value) is type(empty):
                kept[about.name] = value
        return cls(**{**kept, "url": url})

    def written(self) -> dict[str, Any]:
        """Plain JSON."""
        found = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
            if value
        }
        if "protected" in found:
            found["protected"] = sorted(found["protected"])[-_MOST_NUMBERS:]
        return {"wordpress": {"reading": _READING, **found}}


def is_elsewhere(memory: Mapping[str, Any], url: str) -> bool:
    """Whether the last look under a source's name was at another address, or by a source of another kind."""
    found = memory.get("wordpress")
    return bool(memory) and not (isinstance(found, Mapping) and found.get("url") == url)


_TIME = datetime(1, 1, 1, tzinfo=UTC)
#: A value of each field's kind.
_EMPTY: dict[str, Any] = {
    "url": "",
    "root": "",
    "only": {},
    "changed_until": _TIME,
    "newest": _TIME,
    "whole_at": _TIME,
    "total": 0,
    "validators": {},
    "protected": [],
    "closed_at": _TIME,
    "closed_because": "",
    "not_before": _TIME,
    "feed": {},
}


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found and found.tzinfo else None
