"""Signed links: who a link is for and what it may do. Short, lower-case, and without a look-up table.

A token is the subscriber's number and a 128-bit HMAC over purpose and number, in base32 without padding. It fits before
the @ of a mail address (64 characters, RFC 5321 §4.5.3.1.1) and survives software that changes case. It never expires:
people click "unsubscribe" in mails that are years old (CASL s.11 asks for 60 days).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import UTC, date, datetime
from enum import StrEnum

from subscribers.errors import BadLink

_MAC_BYTES = 16
_DAY = "%Y%m%d"
_FORM = re.compile(r"^([1-9][0-9]{0,18})-([a-z2-7]{26})$")


class Purpose(StrEnum):
    """What a person's link may do; one purpose's token is worthless for another."""

    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    UNSUBSCRIBE = "unsubscribe"


def _mac(purpose: str, number: int, key: bytes) -> str:
    digest = hmac.new(key, f"{purpose}\n{number}".encode(), hashlib.sha256).digest()[:_MAC_BYTES]
    return base64.b32encode(digest).decode().rstrip("=").lower()


def make(purpose: StrEnum, number: int, key: bytes) -> str:
    """The token for one number (a subscriber's, or what the purpose is about) and one purpose: always the same."""
    return f"{number}-{_mac(purpose, number, key)}"


def read(purpose: StrEnum, token: str, key: bytes) -> int:
    """The number in a token. Raises BadLink; the time it takes does not tell how wrong the token is."""
    return _read(purpose, token, key)


def _read(purpose: str, token: str, key: bytes) -> int:
    match = _FORM.match(token.strip().lower())
    if match is None or not hmac.compare_digest(_mac(purpose, int(match[1]), key), match[2]):
        raise BadLink("This link is damaged. Please use the whole link from the mail.")
    return int(match[1])


def make_until(purpose: StrEnum, number: int, until: date, key: bytes) -> str:
    """A token that says itself until which day (UTC) it is good: for what staff are shown for a while."""
    day = until.strftime(_DAY)
    return f"{day}-{number}-{_mac(_through(purpose, day), number, key)}"


def read_until(purpose: StrEnum, token: str, key: bytes) -> tuple[int, date]:
    """The number in such a token, and its last day, which may be over. Raises BadLink."""
    day, _, rest = token.strip().partition("-")
    number = _read(_through(purpose, day), rest, key)
    return number, datetime.strptime(day, _DAY).replace(tzinfo=UTC).date()


def _through(purpose: StrEnum, day: str) -> str:
    return f"{purpose}\n{day}"


def message_mark(edition_id: int, subscriber_id: int, key: bytes) -> str:
    """The part before the @ of a Message-ID: a pure function of (edition, subscriber), so that even a mail that is
    sent again carries the same one, and not to be guessed."""
    digest = hmac.new(key, f"message\n{edition_id}\n{subscriber_id}".encode(), hashlib.sha256).digest()[:8]
    return f"{edition_id}.{subscriber_id}.{base64.b32encode(digest).decode().rstrip('=').lower()}"
