"""Fetch one web address safely: public targets only, pinned to the address that was checked, within limits.

Nobody's address is trusted: staff paste links, and pages redirect. What an answer means is known to whoever
asked (newsletter/sources, newsletter/publishing); the line itself is connection.py's.
"""

from __future__ import annotations

import http.client
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import urlencode, urljoin

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

from newsletter.errors import FetchRefused, SourceError
from newsletter.host_names import with_ascii_host
from newsletter.http.connection import Call, Watchdog, answering
from newsletter.http.decompress import Damaged, UnpackedTooLarge, unpacked
from newsletter.http.ssrf import NO_WEB_PORTS, Resolver, public_addresses, resolve
from newsletter.text.printable import printable_line

#: Both of what comes over the line and of what it unpacks to.
MOST_BYTES = 10 * 1024 * 1024
#: Of the body of an error, which is read for its words only.
_MOST_ERROR_BYTES = 256 * 1024
MOST_REDIRECTS = 5
#: Seconds for one answer as a whole, from connecting to its last byte.
WHOLE_SECONDS = 60.0
#: As long as browsers and servers take one.
_MOST_URL = 8000
_PIECE = 64 * 1024
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
#: These have no body (RFC 9110 §15.3.5, §15.4.5); a redirect's is of no use.
_NO_BODY = _REDIRECTS | {204, 205, 304}
USER_AGENT = "learning-hub-newsletter"
_HEADERS = {
    "User-Agent": USER_AGENT,
    "Accept": "text/html, application/xhtml+xml, text/plain;q=0.9, */*;q=0.1",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Download:
    """What an address gave."""

    #: Where the last redirect led.
    url: str
    content: bytes
    #: The Content-Type header as sent, empty when there was none.
    content_type: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered, whatever its status (but for redirects, which were followed)."""

    #: Where the last redirect led.
    url: str
    status: int
    #: By their names in small letters; of several by one name the last.
    headers: Mapping[str, str]
    #: Unpacked; empty where the answer has none (304). Of an error (400 and above) its beginning at the most, and
    #: empty where that cannot be unpacked.
    content: bytes
    #: Where the address has moved for good: the end of the redirects while all of them were 301 or 308 and none led
    #: from https to http.
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Asks http and https addresses under one set of rules. Keeps nothing between two requests.

    The host is resolved once and the connection goes to that very address, so that a name that changes its
    answer gains nothing; TLS still asks for the name's own certificate. Up to five redirects are followed, each
    of which is checked anew.
    """

    #: Hosts that may be private; all others must be on the public internet.
    allowed_hosts: Collection[str] = ()
    resolver: Resolver = resolve
    most_bytes: int = MOST_BYTES
    #: Seconds for one answer as a whole; each redirect is one.
    whole_seconds: float = WHOLE_SECONDS
    #: Trusted instead of the system's certificates.
    ca_file: str | None = None
    user_agent: str = USER_AGENT

    def ask(self, url: str, headers: Mapping[str, str] = MappingProxyType({}), method: str = "GET") -> Answer:
        """GET (or HEAD) an address with these headers besides our own; any status is an answer.

        Raises FetchRefused for a target, scheme or size that is not allowed, SourceError for everything else
        that kept an answer from coming.
        """
        asked, moved, for_good = url, None, True
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._once(url, headers, method)
            if answer.status not in _REDIRECTS:
                return replace(answer, moved_to=moved)
            led_to = _next(url, answer)
            # Whoever stands in between once must not be obeyed for ever after.
            weaker = url.lower().startswith("https:") and not led_to.lower().startswith("https:")
            for_good = for_good and answer.status in _FOR_GOOD and not weaker
            url = led_to
            moved = url if for_good else moved
        raise SourceError(f"{asked} redirects more than {MOST_REDIRECTS} times; give the address it ends at")

    def fetch(self, url: str) -> Download:
        """GET a page. Raises as ``ask`` does, and SourceError for any status but 200."""
        answer = self.ask(url)
        if answer.status != 200:
            raise SourceError(
                f"{answer.url} answered {answer.status} instead of a page; open it in a browser to see why"
            )
        return Download(answer.url, answer.content, answer.headers.get("content-type", ""))

    def post(self, url: str, form: Mapping[str, str]) -> Answer:
        """POST a form (application/x-www-form-urlencoded); any status is an answer, and no redirect is followed:
        what a form means to one address it need not mean to the next. Raises as ``ask`` does."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._once(url, headers, "POST", urlencode(form))

    def size_of(self, url: str) -> int | None:
        """How many bytes an address gives, without fetching them; None where its server does not say.

        Raises as ``ask`` does.
        """
        as_it_is = {"Accept": "*/*", "Accept-Encoding": "identity"}
        answer = self.ask(url, as_it_is, "HEAD")
        if answer.status == 200 and (length := _number(answer.headers.get("content-length", ""))):
            return length
        # Servers that know no HEAD, or make the page up as they go, know ranges (RFC 9110 §14.4).
        answer = self.ask(url, as_it_is | {"Range": "bytes=0-0"})
        whole = answer.headers.get("content-range", "").rpartition("/")[2]
        return _number(whole) if answer.status == 206 else None

    def _once(self, url: str, headers: Mapping[str, str], method: str, form: str | None = None) -> Answer:
        """One request, no redirect followed."""
        call = self._call(_target(url), headers, method, form)
        with Watchdog(self.whole_seconds) as watchdog:
            try:
                with answering(call, watchdog) as response:
                    found = {name.lower(): value for name, value in response.headers.items()}
                    content = self._content(url, response, watchdog)
            except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
                reason = "it took too long" if watchdog.late else _reason(error)
                raise SourceError(f"{url} could not be fetched: {reason}") from error
        return Answer(url, response.status, found, content)

    def _call(self, target: Url, headers: Mapping[str, str], method: str, form: str | None) -> Call:
        host = (target.host or "").strip("[]")
        port = target.port if target.port is not None else _PORTS[target.scheme or "https"]
        if port in NO_WEB_PORTS:
            raise FetchRefused(f"port {port} of {host} is not fetched: no web pages are served there")
        addresses = public_addresses(host, port, resolver=self.resolver, allowed_hosts=self.allowed_hosts)
        said = {"User-Agent": self.user_agent, "Host": target.netloc or ""}
        return Call(
            scheme=target.scheme or "https",
            host=host,
            port=port,
            addresses=tuple(addresses),
            target=target.request_uri,
            headers=_HEADERS | said | dict(headers),
            method=method,
            form=form,
            ca_file=self.ca_file,
        )

    def _content(self, url: str, response: BaseHTTPResponse, watchdog: Watchdog) -> bytes:
        if response.status in _NO_BODY:
            return b""
        if response.status < 400:
            return b"".join(_download(url, response, self.most_bytes, watchdog))
        found = bytearray()
        # The status says what there is to say.
        with suppress(SourceError, HTTPError, http.client.HTTPException, OSError, ValueError):
            for piece in _download(url, response, min(self.most_bytes, _MOST_ERROR_BYTES), watchdog):
                found += piece
        return bytes(found)


def fetch(
    url: str,
    *,
    allowed_hosts: Collection[str] = (),
    resolver: Resolver = resolve,
    most_bytes: int = MOST_BYTES,
    whole_seconds: float = WHOLE_SECONDS,
    ca_file: str | None = None,
) -> Download:
    """GET one page under the rules of a Fetcher, and raise as it does."""
    return Fetcher(allowed_hosts, resolver, most_bytes, whole_seconds, ca_file).fetch(url)


def _target(url: str) -> Url:
    if len(url) > _MOST_URL:
        raise SourceError(f"{url[:80]}… is longer than any web address ({_MOST_URL} characters)")
    try:
        target = parse_url(with_ascii_host(url) or url)
    except LocationParseError as error:
        raise SourceError(
            f"{url[:200]} is not a web address; expected one such as https://example.org/post"
        ) from error
    if target.scheme not in _PORTS:
        raise FetchRefused(f"{url[:200]} is not fetched: only http:// and https:// addresses are")
    if not target.host:
        raise SourceError(f"{url[:200]} names no host; expected one such as https://example.org/post")
    if target.auth is not None:
        raise FetchRefused(
            f"an address with a user name or password in it is not fetched (host {target.host})"
        )
    return target


def _next(url: str, answer: Answer) -> str:
    """Where a redirect leads, without a fragment. Raises SourceError when it does not say so."""
    location = answer.headers.get("location", "").strip()
    if not location:
        raise SourceError(f"{url} redirects without saying where to")
    with suppress(UnicodeError):  # headers arrive as Latin-1; what servers write into this one is UTF-8
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urljoin(url, location).partition("#")[0]
    except ValueError as error:
        raise SourceError(f"{url} redirects to what is no web address ({location[:80]})") from error


def _download(url: str, response: BaseHTTPResponse, most: int, watchdog: Watchdog) -> Iterator[bytes]:
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise SourceError(f'{url} is packed as "{encoding[:40]}", which was not asked for')
    pieces = _pieces(url, response, most, watchdog)
    if "gzip" not in encoding:
        yield from pieces
        return
    try:
        yield from unpacked(pieces, most)
    except Damaged as error:
        raise SourceError(f"{url} sent a damaged gzip body") from error
    except UnpackedTooLarge as error:
        raise FetchRefused(f"{url} unpacks to more than {most // 1024} KB; a page is smaller") from error


def _pieces(url: str, response: BaseHTTPResponse, most: int, watchdog: Watchdog) -> Iterator[bytes]:
    size = 0
    while piece := response.read1(_PIECE, decode_content=False):
        size += len(piece)
        if size > most:
            raise FetchRefused(f"{url} is larger than {most // 1024} KB; a page is smaller")
        if watchdog.late:
            break
        yield piece
    if watchdog.late:
        raise SourceError(f"{url} took too long to arrive; try again later")


def _number(text: str) -> int | None:
    """A length in bytes; None for 0 and for what is none."""
    text = text.strip()
    return int(text) or None if text.isascii() and text.isdigit() and len(text) < 16 else None


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError) or "timed out" in str(error).lower():
        return "it did not answer in time"
    if "CERTIFICATE_VERIFY_FAILED" in str(error) or "doesn't match" in str(error):
        return "its certificate does not verify"
    # urllib3's ProtocolError carries what happened; its own words are the repr of a pair.
    if isinstance(error, http.client.IncompleteRead) or any(
        isinstance(part, http.client.IncompleteRead) for part in error.args
    ):
        return "the answer broke off before its end; try again later"
    # Around an error of the system urllib3 puts the name of our own class and a number.
    system = (getattr(found, "strerror", None) for found in (error, error.__cause__))
    said = next(filter(None, system), "") or str(error) or type(error).__name__
    # What a server sent instead of a status line stands in the error, and PostgreSQL takes no NUL, terminals no escape.
    return printable_line(said)[:160].lower()
