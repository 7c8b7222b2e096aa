"""Asking a WordPress site's REST API, one answer at a time, and what its refusals mean. Posts are
read by api_post.py.

https://developer.wordpress.org/rest-api/ has the routes, the paging headers and the form of an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from newsletter.http.client import Answer, Fetcher
from newsletter.sources.html.plain_text import one_line, plain_text

#: A server that wants to be left alone for longer is asked again after this all the same.
MOST_WAIT = timedelta(hours=24)
#: When it does not say for how long.
_WAIT = timedelta(minutes=15)
#: The server is there and has too much to do (RFC 9110 §15.6.4, RFC 6585 §4).
_BUSY = frozenset({429, 503})
#: What a first line of PHP's warnings may stand before: the answer itself.
_JSON_BEGINS = re.compile(r'\[\s*\]|[\[{]\s*(?:\{\s*)?"')
_MOST_REASON = 160


class Closed(Exception):
    """The API does not answer visitors, or is not there. The message is one clause, for a sentence of ours."""


class Busy(Exception):
    """The server asks to be left alone until then."""

    def __init__(self, status: int, until: datetime) -> None:
        super().__init__(f"it answered {status}")
        self.status = status
        #: Aware UTC.
        self.until = until


class ApiFailed(Exception):
    """The server broke down over this question; it may manage a smaller one. The message is one clause."""


class PastTheEnd(Exception):
    """There is no such page; the one before was the last."""


@dataclass(frozen=True, slots=True)
class ApiReply:
    """An answer of the API. ``data`` is None for "not modified"."""

    data: Any
    headers: Mapping[str, str]
    #: Where redirects led.
    url: str

    def number(self, header: str) -> int | None:
        """A header's whole number; None when it has none."""
        text = self.headers.get(header, "").strip()
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


@dataclass(frozen=True, slots=True)
class Api:
    """One site's API. Keeps nothing between two questions."""

    #: Where it begins: https://example.org/wp-json/, or https://example.org/?rest_route=/ without pretty permalinks.
    root: str
    fetcher: Fetcher
    #: Aware UTC; "in 120 seconds" counts from here.
    now: datetime

    def address(self, route: str, query: Mapping[str, str]) -> str:
        """The address of a route such as "wp/v2/posts"."""
        parts = urlsplit(self.root)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        path = parts.path
        if any(name == "rest_route" for name, _ in pairs):
            pairs = [(name, f"/{route}" if name == "rest_route" else value) for name, value in pairs]
        else:
            path = f"{path.rstrip('/')}/{route}"
        asked = urlencode([*pairs, *query.items()], safe="/:,")
        return urlunsplit((parts.scheme, parts.netloc, path, asked, ""))

    def ask(
        self, route: str, query: Mapping[str, str], headers: Mapping[str, str] = MappingProxyType({})
    ) -> ApiReply:
        """One question. Raises Closed, Busy, ApiFailed or PastTheEnd, and SourceError when no answer came."""
        url = self.address(route, query)
        answer = self.fetcher.ask(url, {"Accept": "application/json", **headers})
        if answer.status == 304:
            return ApiReply(None, answer.headers, answer.url)
        data = read_json(answer.content)
        _raise_for(answer, data, self.now)
        return ApiReply(data, answer.headers, answer.url)


def _raise_for(answer: Answer, data: Any, now: datetime) -> None:
    """Nothing for an answer that can be used."""
    status = answer.status
    if status in _BUSY:
        raise Busy(status, now + wait(answer.headers.get("retry-after", ""), now))
    said = _error(data)
    if said and said[0] == "rest_post_invalid_page_number":
        raise PastTheEnd
    if status >= 500 or status in (408, 413):
        raise ApiFailed(f"it answered {status}{_quoted(said)}")
    if status != 200:
        raise Closed(f"it answered {status}{_quoted(said)}")
    if said:
        raise Closed(f"it answered{_quoted(said)}")
    if data is None:
        raise Closed("it answered with something other than JSON, such as a page for people")


def _error(data: Any) -> tuple[str, str] | None:
    """Code and message of WordPress's form of an error: {"code": …, "message": …, "data": {"status": …}}."""
    if not isinstance(data, dict) or not isinstance(data.get("code"), str):
        return None
    message = data.get("message")
    return data["code"], message if isinstance(message, str) else ""


def _quoted(said: tuple[str, str] | None) -> str:
    if not said:
        return ""
    code, message = (one_line(plain_text(part))[:_MOST_REASON] for part in said)
    return f' "{message or code}"' + (f" ({code})" if message and re.fullmatch(r"\w+", code) else "")


def read_json(content: bytes) -> Any:
    """The JSON of an answer, also after a byte order mark or PHP's warnings; None when it has none."""
    text = content.decode("utf-8-sig", errors="replace").strip()
    for candidate in (text, _after_warnings(text)):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _after_warnings(text: str) -> str:
    if not text.startswith(("<br", "<b>", "Warning", "Notice", "Deprecated", "PHP ")):
        return ""
    begins = _JSON_BEGINS.search(text)
    return text[begins.start() :] if begins else ""


def wait(retry_after: str, now: datetime) -> timedelta:
    """How long a server asks to be left alone: seconds, or a date (RFC 9110 §10.2.3). At most MOST_WAIT."""
    text = retry_after.strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(timedelta(seconds=int(text)), MOST_WAIT)
    try:
        until = parsedate_to_datetime(text)
        asked = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, OverflowError):
        return _WAIT
    return min(max(asked, timedelta(0)), MOST_WAIT)
