"""Decides how a feed is answered over HTTP (RFC 9110): pure functions. The web layer copies what comes out.

::

    bytes + request headers  →  coding (gzip or as it is)  →  its ETag  →  200, 304 or 405
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from threading import Lock

#: Level 6 is zlib's own default; the last three would save 1 % and take twice as long.
_GZIP_LEVEL = 6
#: Feeds whose compressed form is kept: all, one a topic, in three formats, and room for the old bytes.
_KEPT = 64
_ETAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)

#: A page of another site may read a feed and its ETag; a browser must not take it for something else.
_OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "X-Content-Type-Options": "nosniff",
}

#: Digest of a body → its compressed form; the one used longest ago leaves first.
_kept: OrderedDict[bytes, _Representation] = OrderedDict()
_kept_lock = Lock()


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send. Nothing is to be added but Date, and no cookie."""

    #: 200, 304 or 405.
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    #: Empty for 304 and for HEAD.
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class _Representation:
    """One form of a feed: its bytes in one content coding."""

    content: bytes
    #: None for the bytes as they are.
    coding: str | None
    #: Strong, in its quotes.
    etag: str


def answer(
    body: bytes,
    *,
    content_type: str,
    last_modified: datetime,
    method: str,
    request_headers: Mapping[str, str],
    max_age: int = 300,
) -> Answer:
    """Answer one request for a feed.

    ``content_type`` is a media type without charset; UTF-8 is added. ``last_modified`` is aware, lies in the
    past and must not go back when a post is withdrawn. The case of ``request_headers`` does not matter.
    ``max_age`` is in seconds. Raises ValueError for a ``last_modified`` without a zone.

    ETags are strong and made of the very bytes that go out, so that each coding has its own (§8.8.3.3).
    """
    if last_modified.tzinfo is None:
        raise ValueError(f"{last_modified!r} has no time zone")
    if method not in {"GET", "HEAD"}:
        return _not_allowed()
    asked = {name.lower(): value for name, value in request_headers.items()}
    form = _select(body, asked.get("accept-encoding"))
    modified = last_modified.astimezone(UTC).replace(microsecond=0)
    headers = {
        "ETag": form.etag,
        "Last-Modified": format_datetime(modified, usegmt=True),
        "Cache-Control": f"public, max-age={max_age}",
        "Vary": "Accept-Encoding",
        **_OPEN_TO_ALL,
    }
    if _unchanged(asked, form.etag, modified):
        return Answer(304, headers)
    headers["Content-Type"] = f"{content_type}; charset=utf-8"
    headers["Content-Length"] = str(len(form.content))
    if form.coding is not None:
        headers["Content-Encoding"] = form.coding
    return Answer(200, headers, form.content if method == "GET" else b"")


def prefers_gzip(accept_encoding: str | None) -> bool:
    """Whether a client wants gzip rather than the bytes as they are (§12.5.3).

    Without the header anything would do, but who does not ask for gzip often cannot read it. gzip with q=0 is
    never sent; ``identity`` is always there to fall back on.
    """
    wanted = _qualities(accept_encoding or "")
    gzip_quality = wanted.get("gzip", wanted.get("x-gzip", wanted.get("*", 0.0)))
    # An identity that is not named is acceptable, but less than anything that is.
    return gzip_quality > 0 and gzip_quality >= wanted.get("identity", 0.0)


def _qualities(accept_encoding: str) -> dict[str, float]:
    """Coding → weight. A member that cannot be read is left out."""
    wanted: dict[str, float] = {}
    for member in accept_encoding.split(","):
        coding, *parameters = (part.strip() for part in member.split(";"))
        weights = [_QUALITY.fullmatch(parameter) for parameter in parameters]
        if coding and all(weights):
            wanted[coding.lower()] = float(weights[0][1]) if weights and weights[0] else 1.0
    return wanted


def _select(body: bytes, accept_encoding: str | None) -> _Representation:
    if prefers_gzip(accept_encoding):
        compressed = _compressed(body)
        if len(compressed.content) < len(body):
            return compressed
    return _Representation(body, None, _etag(body))


def _compressed(body: bytes) -> _Representation:
    """The body in gzip, compressed once for as long as it is asked for."""
    digest = hashlib.sha256(body).digest()
    with _kept_lock:
        if digest in _kept:
            _kept.move_to_end(digest)
            return _kept[digest]
    # Without a time in its header, the same body gives the same bytes.
    content = gzip.compress(body, _GZIP_LEVEL, mtime=0)
    made = _Representation(content, "gzip", _etag(content))
    with _kept_lock:
        _kept[digest] = made
        if len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return made


def _unchanged(asked: Mapping[str, str], etag: str, modified: datetime) -> bool:
    """Whether the client's copy is still good. If-None-Match decides alone when it is there (§13.2.2)."""
    if_none_match = asked.get("if-none-match")
    if if_none_match is not None:
        return _matches(if_none_match, etag)
    since = _http_date(asked.get("if-modified-since"))
    return since is not None and modified <= since


def _matches(if_none_match: str, etag: str) -> bool:
    """Weak comparison (§8.8.3.2): W/ does not count. A tag may hold a comma, so there is no splitting."""
    if if_none_match.strip() == "*":
        return True
    return etag.strip('"') in _ETAG.findall(if_none_match)


def _http_date(value: str | None) -> datetime | None:
    """An HTTP-date in any of its three forms (§5.6.7), or None: a header that holds none is ignored."""
    try:
        date = parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
    # The asctime form has no zone and means UTC.
    return date.replace(tzinfo=UTC) if date is not None and date.tzinfo is None else date


def _not_allowed() -> Answer:
    text = b"A feed can only be read: use GET or HEAD.\n"
    headers = {
        "Allow": "GET, HEAD",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(text)),
        **_OPEN_TO_ALL,
    }
    return Answer(405, headers, text)


def _etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
