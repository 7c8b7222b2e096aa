"""Decides how a feed is answered over HTTP (RFC 9110), without a look at any feed. The web layer copies what comes out.

::

    a document, what was asked  →  coding (br, gzip or none)  →  its ETag  →  200, 304, or a preflight's 204, or 405
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from newsletter.feeds import content_codings

_ETAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_ALLOW = "GET, HEAD, OPTIONS"
#: Seconds for which a browser may remember that a page of another site may ask.
_PREFLIGHT_HOLDS = 86_400
#: All that an HTTP-date can tell apart.
_SECOND = timedelta(seconds=1)

#: A page of another site may read a feed and its ETag; a browser must not take it for something else.
_OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What counts of a request. All but the method are headers, None where the client sent none."""

    method: str = "GET"
    accept_encoding: str | None = None
    if_none_match: str | None = None
    if_modified_since: str | None = None
    #: Sec-Fetch-Dest: what a browser wants it for (W3C Fetch Metadata); readers send none.
    fetched_for: str | None = None


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    """What to send. Nothing is to be added but Date and what every answer of the site has, and no cookie."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Empty for 304 and for HEAD.
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a document: its bytes in one content coding, and all that goes with them."""

    content: bytes
    #: Strong, in its quotes; made of the very bytes, so that each coding has its own (§8.8.3.3).
    etag: str
    #: Of 200, and of 304, which leaves out what describes a body (§15.4.5).
    headers: Mapping[str, str]
    unchanged_headers: Mapping[str, str]


class Document:
    """A feed that is ready to be sent, in every coding. Each form is made once; threads may share a document."""

    def __init__(
        self,
        body: bytes,
        *,
        content_type: str,
        last_modified: datetime,
        links: str = "",
        max_age: int = 300,
        newer_than: datetime | None = None,
    ) -> None:
        """``content_type`` is a media type without charset; UTF-8 is added. ``last_modified`` is aware and when these
        bytes were first seen: a date from before that says nothing of them. ``links`` is the Link header, ``max_age``
        in seconds. ``newer_than``: other bytes were served under that date, so a copy of that date or older is stale,
        also when the clock has not moved on or was set back. Raises ValueError for a time without a zone."""
        self._is_xml = content_type.endswith("+xml")
        stamp = _seconds(last_modified)
        #: Copies of this date or younger are good.
        self.modified = stamp if newer_than is None else max(stamp, _seconds(newer_than) + _SECOND)
        self._around = {
            "Last-Modified": format_datetime(stamp, usegmt=True),
            "Cache-Control": f"public, max-age={max_age}",
            "Vary": "Accept-Encoding, Sec-Fetch-Dest" if self._is_xml else "Accept-Encoding",
            **_OPEN_TO_ALL,
        }
        self._described = {"Content-Type": f"{content_type}; charset=utf-8"} | (
            {"Link": links} if links else {}
        )
        self._plain = self._form(body, None)
        self._forms: dict[str, Form] = {}
        self._making = threading.Lock()

    def opened(self, coding: str | None) -> Form:
        """The same bytes for a person who opens the feed in a browser: Chromium shows application/rss+xml as source
        code, and XML with the style sheet that it names. Another type wants another ETag (RFC 9110 §8.8.1)."""
        form = self.form(coding)
        if not self._is_xml:
            return form
        etag = f'{form.etag[:-1]}-xml"'
        headers = {**form.headers, "ETag": etag, "Content-Type": "application/xml; charset=utf-8"}
        return Form(form.content, etag, headers, {**form.unchanged_headers, "ETag": etag})

    @property
    def body(self) -> bytes:
        """The bytes as they are."""
        return self._plain.content

    def form(self, coding: str | None) -> Form:
        """The document in that coding, or as it is where the coding would make it longer."""
        if coding is None:
            return self._plain
        found = self._forms.get(coding)
        return found if found is not None else self._made(coding)

    def _made(self, coding: str) -> Form:
        with self._making:
            if coding not in self._forms:
                content = content_codings.compress(self.body, coding)
                shorter = len(content) < len(self.body)
                self._forms[coding] = self._form(content, coding) if shorter else self._plain
            return self._forms[coding]

    def _form(self, content: bytes, coding: str | None) -> Form:
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        unchanged = {"ETag": etag} | self._around
        headers = unchanged | self._described | {"Content-Length": str(len(content))}
        if coding is not None:
            headers["Content-Encoding"] = coding
        return Form(content, etag, headers, unchanged)


def _seconds(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC).replace(microsecond=0)


def answer(document: Document, asked: Asked) -> FeedAnswer:
    """Answer one request for a document."""
    if asked.method not in ("GET", "HEAD"):
        return _preflight() if asked.method == "OPTIONS" else _not_allowed()
    coding = content_codings.wanted(asked.accept_encoding)
    form = document.opened(coding) if asked.fetched_for == "document" else document.form(coding)
    if _unchanged(asked, form.etag, document.modified):
        return FeedAnswer(304, form.unchanged_headers)
    return FeedAnswer(200, form.headers, form.content if asked.method == "GET" else b"")


def moved(url: str) -> FeedAnswer:
    """301: the feed has this address now (§15.4.2). ``url`` is absolute."""
    return _said(301, f"This feed is at {url} now.\n", Location=url)


def gone() -> FeedAnswer:
    """410: there was such a feed, and there will be none again, so readers may stop asking (§15.5.11)."""
    return _said(410, "This feed has ended.\n")


def unavailable(seconds: int) -> FeedAnswer:
    """503: come back in so many seconds (§15.6.4)."""
    text = "The feed cannot be read at the moment.\n"
    return _said(503, text, **{"Retry-After": str(seconds), "Cache-Control": "no-store"})


def _unchanged(asked: Asked, etag: str, modified: datetime) -> bool:
    """Whether the client's copy is still good. If-None-Match decides alone when it is there (§13.2.2)."""
    if asked.if_none_match is not None:
        return _matches(asked.if_none_match, etag)
    since = _http_date(asked.if_modified_since)
    return since is not None and modified <= since


def _matches(if_none_match: str, etag: str) -> bool:
    """Weak comparison (§8.8.3.2): W/ does not count. A tag may hold a comma, so there is no splitting."""
    if if_none_match == etag or if_none_match.strip() == "*":
        return True
    return etag.strip('"') in _ETAG.findall(if_none_match)


def _http_date(value: str | None) -> datetime | None:
    """An HTTP-date in any of its three forms (§5.6.7), or None: a header that holds none is ignored."""
    try:
        date = parsedate_to_datetime(value) if value else None
    except (ValueError, OverflowError):  # the year 99999999999999999999
        return None
    # The asctime form has no zone and means UTC.
    return date.replace(tzinfo=UTC) if date is not None and date.tzinfo is None else date


def _preflight() -> FeedAnswer:
    """What a browser asks before a page of another site may send If-None-Match (Fetch, "CORS-preflight fetch")."""
    asked_for = {
        "Access-Control-Allow-Methods": "GET, HEAD",
        "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
        "Access-Control-Max-Age": str(_PREFLIGHT_HOLDS),
    }
    return FeedAnswer(204, {"Allow": _ALLOW, **asked_for, **_OPEN_TO_ALL})


def _not_allowed() -> FeedAnswer:
    return _said(405, "A feed can only be read: use GET or HEAD.\n", Allow=_ALLOW)


def _said(status: int, text: str, **more: str) -> FeedAnswer:
    body = text.encode()
    described = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body))}
    return FeedAnswer(status, {**more, **described, **_OPEN_TO_ALL}, body)
