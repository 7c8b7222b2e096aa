"""Ask one web address safely: public targets only, pinned to the address that was checked, within limits.

Nobody's address is trusted: staff paste links, and pages redirect. What is fetched is read elsewhere.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import urlencode, urljoin

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

from newsletter.errors import FetchRefused, SourceError
from newsletter.sources.targets import Resolver, public_addresses, resolve

#: Both of what comes over the line and of what it unpacks to.
MOST_BYTES = 10 * 1024 * 1024
MOST_REDIRECTS = 5
#: Seconds to connect, to wait for the next bytes, and for one answer as a whole.
CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
WHOLE_SECONDS = 60.0
_PIECE = 64 * 1024
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
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
    #: Unpacked; empty where the answer has none (304).
    content: bytes
    #: Where the address has moved for good: the end of the redirects while all of them were 301 or 308.
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

    def ask(self, url: str, headers: Mapping[str, str] = MappingProxyType({})) -> Answer:
        """GET an address with these headers besides our own; any status is an answer.

        Raises FetchRefused for a target, scheme or size that is not allowed, SourceError for everything else
        that kept an answer from coming.
        """
        asked, moved, for_good = url, None, True
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._once(url, headers)
            if answer.status not in _REDIRECTS:
                return replace(answer, moved_to=moved)
            for_good = for_good and answer.status in _FOR_GOOD
            url = _next(url, answer)
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
        return self._once(url, {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(form))

    def _once(self, url: str, headers: Mapping[str, str], form: str | None = None) -> Answer:
        """One request, no redirect followed: GET, or POST when there is a form."""
        target = _target(url)
        addresses = public_addresses(
            (target.host or "").strip("[]"),
            _port(target),
            resolver=self.resolver,
            allowed_hosts=self.allowed_hosts,
        )
        sent = _HEADERS | {"User-Agent": self.user_agent, "Host": target.netloc or ""} | dict(headers)
        started = time.monotonic()
        try:
            answered = _answer(target, addresses, sent, form, self.whole_seconds, self.ca_file)
            with answered as (response, deadline):
                found = {name.lower(): value for name, value in response.headers.items()}
                content = b""
                if response.status not in _REDIRECTS:
                    content = _download(url, response, self.most_bytes, deadline)
                return Answer(url, response.status, found, content)
        except (HTTPError, http.client.HTTPException, OSError) as error:
            late = time.monotonic() - started >= self.whole_seconds
            reason = "it took too long" if late else _reason(error)
            raise SourceError(f"{url} could not be fetched: {reason}") from error


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
    try:
        target = parse_url(url)
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


def _port(target: Url) -> int:
    return target.port if target.port is not None else _PORTS[target.scheme or "https"]


@contextmanager
def _answer(
    target: Url,
    addresses: list[str],
    headers: Mapping[str, str],
    form: str | None,
    whole_seconds: float,
    ca_file: str | None,
) -> Iterator[tuple[BaseHTTPResponse, float]]:
    """One request and the beginning of its answer. A watchdog hangs up at the deadline, whatever is going on."""
    connection = _connected(target, addresses, ca_file)
    line = connection.sock
    line.settimeout(READ_SECONDS)
    deadline = time.monotonic() + whole_seconds
    watchdog = threading.Timer(whole_seconds, _hang_up, [line])
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.request(
            "GET" if form is None else "POST",
            target.request_uri,
            body=form,
            headers=headers,
            preload_content=False,
            decode_content=False,
        )
        with closing(connection.getresponse()) as response:
            yield response, deadline
    finally:
        watchdog.cancel()
        connection.close()


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _connected(target: Url, addresses: list[str], ca_file: str | None) -> HTTPConnection:
    """Connected to the first address that answers. Raises the last one's error."""
    failure: Exception = OSError("no address")
    for address in addresses[:4]:
        connection = _connection(target, address, ca_file)
        try:
            connection.connect()
        except (HTTPError, OSError) as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


def _connection(target: Url, address: str, ca_file: str | None) -> HTTPConnection:
    if target.scheme == "http":
        return HTTPConnection(address, _port(target), timeout=CONNECT_SECONDS)
    name = (target.host or "").strip("[]")
    trust = ssl.create_default_context(cafile=ca_file)  # verifies, and asks for the name
    return HTTPSConnection(
        address, _port(target), timeout=CONNECT_SECONDS, ssl_context=trust, server_hostname=name
    )


def _next(url: str, answer: Answer) -> str:
    location = answer.headers.get("location", "")
    if not location:
        raise SourceError(f"{url} redirects without saying where to")
    return urljoin(url, location)


def _download(url: str, response: BaseHTTPResponse, most: int, deadline: float) -> bytes:
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise SourceError(f'{url} is packed as "{encoding}", which was not asked for')
    pieces = _pieces(url, response, most, deadline)
    if "gzip" in encoding:
        pieces = _unpacked(url, pieces, most)
    return b"".join(pieces)


def _pieces(url: str, response: BaseHTTPResponse, most: int, deadline: float) -> Iterator[bytes]:
    size = 0
    while piece := response.read1(_PIECE, decode_content=False):
        size += len(piece)
        if size > most:
            raise FetchRefused(f"{url} is larger than {most // 1024} KB; a page is smaller")
        if time.monotonic() > deadline:
            raise SourceError(f"{url} took too long to arrive; try again later")
        yield piece
    if time.monotonic() > deadline:
        raise SourceError(f"{url} took too long to arrive; try again later")


def _unpacked(url: str, pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    """gzip taken apart, never more than ``most`` bytes of it in memory."""
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    size = 0
    unpacker_was_fed = False  # a 304 may say gzip and have no body
    for piece in pieces:
        rest = piece
        unpacker_was_fed = True
        while rest:
            try:
                found = unpacker.decompress(rest, _PIECE)
            except zlib.error as error:
                raise SourceError(f"{url} sent a damaged gzip body") from error
            size += len(found)
            if size > most:
                raise FetchRefused(f"{url} unpacks to more than {most // 1024} KB; a page is smaller")
            yield found
            rest = unpacker.unconsumed_tail
    if not unpacker.eof and unpacker_was_fed:
        raise SourceError(f"{url} sent a damaged gzip body")


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError) or "timed out" in str(error).lower():
        return "it did not answer in time"
    if "CERTIFICATE_VERIFY_FAILED" in str(error) or "doesn't match" in str(error):
        return "its certificate does not verify"
    return " ".join((getattr(error, "strerror", None) or str(error) or type(error).__name__).split())[
        :160
    ].lower()
