"""What a web feed wants to be told at its next look, and the rules of politeness made of it. Pure: nothing is fetched.

HTTP conditional requests (RFC 9110 §13), Retry-After (§10.2.3), Cache-Control (RFC 9111 §5.2.2.1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Self

#: Raised when feeds are read otherwise than before, so that one that has not changed is read once more.
READER = 3
#: However seldom a feed wants to be fetched: people wait for its posts.
LONGEST_WISH = timedelta(hours=4)
#: However long a server says that it wants to be left alone.
LONGEST_BAN = timedelta(days=1)
#: After the second failure in a row, and twice as long after each that follows.
FIRST_BACK_OFF = timedelta(minutes=30)
LONGEST_BACK_OFF = timedelta(hours=12)
#: The address in the configuration is asked again after this time, however well the new place answers: a redirect
#: "for good" may have been somebody's mistake, or somebody else's doing.
TRUST_A_MOVE = timedelta(days=7)
#: Looks come at fixed intervals; one that is this little too early is not sent away until the next.
_SLACK = timedelta(seconds=60)
_MOST_VALIDATOR = 1000
_VALIDATOR = re.compile(r"[\x20-\x7e\xa0-\xff]+")


@dataclass(frozen=True, slots=True)
class FeedMemory:
    """Plain values, as they are stored. A memory of another address in the configuration is none."""

    #: The address in the configuration.
    url: str = ""
    #: Where that page's feed was found; empty when the address is a feed itself.
    feed: str = ""
    #: Where it has moved for good, and when that was last confirmed (ISO 8601).
    moved: str = ""
    moved_at: str = ""
    #: Sent back exactly as they came, and only to the address that was asked then.
    etag: str = ""
    modified: str = ""
    asked: str = ""
    #: Where the last redirect led then.
    given_by: str = ""
    #: Aware UTC, ISO 8601; empty for "at any time".
    not_before: str = ""
    #: The server forbids it until then: that holds for people who wait, too.
    forbidden: bool = False
    #: It said 410: not to be asked again, unless by hand.
    gone: bool = False
    #: In a row, and the last one's sentence.
    failures: int = 0
    error: str = ""
    #: The feed's own wish, in minutes.
    minutes: int = 0
    #: Names that several posts have (identity.py).
    shared: tuple[str, ...] = ()
    reader: int = field(default=READER)

    @classmethod
    def of(cls, stored: Mapping[str, Any], url: str) -> Self:
        """What was stored, where it is about ``url`` and of the right types; else an empty memory."""
        if stored.get("url") != url:
            return cls(url=url)
        known: dict[str, Any] = {}
        for one in fields(cls):
            value = stored.get(one.name)
            if one.name == "shared":
                known[one.name] = (
                    tuple(str(name) for name in value) if isinstance(value, list | tuple) else ()
                )
            elif isinstance(value, type(one.default)):
                known[one.name] = value
        found = cls(**known)
        return found if found.reader == READER else replace(found, etag="", modified="", reader=READER)

    def stored(self) -> dict[str, Any]:
        """Plain JSON, without what is empty."""
        return {one.name: _plain(value) for one in fields(self) if (value := getattr(self, one.name))}

    def places(self, now: datetime) -> tuple[str, ...]:
        """Where to ask, in this order: the new place while the move is trusted, the feed that was found, the address
        in the configuration."""
        at = _moment(self.moved_at)
        moved = self.moved if at and timedelta() <= now - at < TRUST_A_MOVE else ""
        return tuple(dict.fromkeys(filter(None, (moved, self.feed, self.url))))

    def conditions(self, place: str) -> dict[str, str]:
        """The headers of a conditional request to this address."""
        if place != self.asked:
            return {}
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in said.items() if value}

    def waits_until(self, now: datetime, *, by_hand: bool) -> datetime | None:
        """Until when nothing may be asked; None when it may. Aware UTC."""
        at = _moment(self.not_before)
        if at is None or (by_hand and not self.forbidden) or now >= at - _SLACK:
            return None
        if at - now > LONGEST_BAN:  # our own clock was wrong when that was written
            return None
        return at

    def after_reading(self, headers: Mapping[str, str], minutes: int | None, now: datetime) -> FeedMemory:
        """It was read, or nothing has changed: when to ask again. ``minutes`` is the feed's own wish."""
        wishes = [timedelta(minutes=minutes or 0), max_age(headers.get("cache-control", ""))]
        wish = min(max(wishes), LONGEST_WISH)
        return replace(
            self,
            not_before=(now + wish).isoformat() if wish > _SLACK else "",
            forbidden=False,
            gone=False,
            failures=0,
            error="",
        )

    def after_failure(
        self, error: str, now: datetime, *, ban: timedelta | None = None, gone: bool = False
    ) -> FeedMemory:
        """It could not be read. ``ban`` is what Retry-After said."""
        failures = min(self.failures + 1, 30)
        wait = timedelta()
        if failures > 1:
            wait = min(FIRST_BACK_OFF * 2 ** (failures - 2), LONGEST_BACK_OFF)
        if ban is not None:
            wait = min(max(ban, timedelta(minutes=1)), LONGEST_BAN)
        return replace(
            self,
            not_before=(now + wait).isoformat() if wait else "",
            forbidden=ban is not None,
            gone=gone,
            failures=failures,
            error=error,
        )


def validator(value: str) -> str:
    """An ETag or a date that may be sent back as it is; empty for what would not arrive as it came."""
    return value if len(value) <= _MOST_VALIDATOR and _VALIDATOR.fullmatch(value) else ""


def retry_after(value: str, now: datetime) -> timedelta | None:
    """Seconds or an HTTP date; None for what is neither. A date in the past is no wait at all."""
    value = value.strip()
    if re.fullmatch(r"\d{1,9}", value, re.ASCII):
        return timedelta(seconds=int(value))
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(at - now, timedelta())


def max_age(cache_control: str) -> timedelta:
    """How long an answer stays fresh by its own words; nothing where it says no-cache."""
    said = cache_control.lower()
    found = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", said)
    if not found or re.search(r"(?:^|[\s,])no-(?:cache|store)\b", said):
        return timedelta()
    return timedelta(seconds=int(found[1]))


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
