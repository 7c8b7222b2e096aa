"""WebSub as a publisher needs it (W3C Recommendation of 2018): what is said to hubs, and what their answers mean.

Nothing is sent from here: ``tell`` is given what sends. "Topic" is WebSub's own word for the address of a feed; here it
is called that, an address, because topics are something else in this house.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

from newsletter.feeds.normalize import web_address

#: After a hub has failed it is left alone for this long, then for twice as long, up to the longest.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
#: No hub keeps us waiting longer than this, whatever it asks for.
LONGEST_ASKED_FOR = timedelta(days=1)


class HubAnswer(Protocol):
    """What came back."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]:
        """By their names in small letters."""
        ...


#: Posts a form (application/x-www-form-urlencoded) to an address.
Post = Callable[[str, Mapping[str, str]], HubAnswer]


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one notice."""

    taken: bool
    #: One clause; empty when it was taken.
    trouble: str = ""
    #: What the hub asked for (Retry-After); None when it asked for nothing.
    wait: timedelta | None = None
    #: The trouble is the hub's own and not this feed's, so nothing else need be tried with it now.
    hub_is_down: bool = False


def link_header(own: str, hubs: Sequence[str]) -> str:
    """The Link header of a feed (§4): each hub, and exactly one self. Empty where there is no hub."""
    known = [address for address in map(web_address, hubs) if address]
    if not known:
        return ""
    return ", ".join([*(f'<{hub}>; rel="hub"' for hub in known), f'<{web_address(own)}>; rel="self"'])


def tell(hub: str, address: str, post: Post, now: datetime) -> Told:
    """Tell a hub that the feed at ``address`` has changed, in the form that hubs take since PubSubHubbub 0.3 (WebSub §6
    leaves it to hub and publisher). Any 2xx means that it was taken. ``post`` may raise; so does this then."""
    answer = post(hub, {"hub.mode": "publish", "hub.url": address})
    if 200 <= answer.status < 300:
        return Told(True)
    if 300 <= answer.status < 400:
        why = f"it redirects ({answer.status}): put its new address into feeds.hubs"
        return Told(False, why, hub_is_down=True)
    wait = _retry_after(answer.headers.get("retry-after"), now)
    down = answer.status >= 500 or answer.status == 429
    return Told(False, f"it answered {answer.status}", wait, hub_is_down=down)


def wait_after(attempts: int) -> timedelta:
    """How long to leave a hub alone that has failed so many times in a row (1 or more)."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)


def _retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Seconds or an HTTP-date (RFC 9110 §10.2.3); None for nothing, nonsense and the past."""
    if not value:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        wait = timedelta(seconds=min(int(value.strip()[:9]), LONGEST_ASKED_FOR.total_seconds()))
    else:
        try:
            until = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        wait = min(until - now, LONGEST_ASKED_FOR)
    return wait if wait > timedelta(0) else None
