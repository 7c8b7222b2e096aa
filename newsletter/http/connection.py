"""One HTTP request over a connection to an address that was chosen before. Which addresses, client.py decides."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

#: Seconds to connect to one address, and to wait for the next bytes.
CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
#: Of the addresses of one host.
_MOST_ADDRESSES = 4


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to ask for what. ``addresses`` were checked; the host's name is only said."""

    scheme: str
    host: str
    port: int
    addresses: tuple[str, ...]
    #: Path and query.
    target: str
    headers: Mapping[str, str]
    #: The body of a POST; None for any other method.
    form: str | None
    #: Trusted instead of the system's certificates.
    ca_file: str | None
    method: str = "GET"


class Watchdog:
    """Hangs up at the deadline, whatever is going on: connecting, TLS, headers, the body.

    A server that gives a byte now and then never lets a socket's own timeout run out. Use as a context manager.
    """

    def __init__(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._hang_up)
        self._timer.daemon = True

    @property
    def late(self) -> bool:
        return time.monotonic() >= self._deadline

    def watch(self, line: socket.socket) -> None:
        """Take over this connection; the one before is forgotten.

        The descriptor is doubled: TLS takes the first one away from its socket object.
        """
        with self._lock:
            if self._line is not None:
                self._line.close()
            self._line = line.dup()
        if self.late:
            self._hang_up()

    def _hang_up(self) -> None:
        with self._lock, suppress(OSError):
            if self._line is not None:
                self._line.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Watchdog:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            if self._line is not None:
                self._line.close()
                self._line = None


class _Watched(HTTPConnection):
    watch: Callable[[socket.socket], None]

    def _new_conn(self) -> socket.socket:
        line = super()._new_conn()
        self.watch(line)
        return line


class _WatchedTls(HTTPSConnection):
    watch: Callable[[socket.socket], None]

    def _new_conn(self) -> socket.socket:
        line = super()._new_conn()
        self.watch(line)
        return line


@contextmanager
def answering(call: Call, watchdog: Watchdog) -> Iterator[BaseHTTPResponse]:
    """The request made, and the beginning of its answer; its body is still to be read.

    Raises urllib3's HTTPError, http.client's HTTPException, OSError and ValueError.
    """
    connection = _connected(call, watchdog)
    try:
        connection.sock.settimeout(READ_SECONDS)
        connection.request(
            call.method,
            call.target,
            body=call.form,
            headers=call.headers,
            preload_content=False,
            decode_content=False,
        )
        with closing(connection.getresponse()) as response:
            yield response
    finally:
        connection.close()


def _connected(call: Call, watchdog: Watchdog) -> _Watched | _WatchedTls:
    """Connected to the first address that answers. Raises the last one's error."""
    failure: Exception = OSError("no address")
    for address in call.addresses[:_MOST_ADDRESSES]:
        if watchdog.late:
            break
        connection = _connection(call, address)
        connection.watch = watchdog.watch
        try:
            connection.connect()
        except (HTTPError, OSError) as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


def _connection(call: Call, address: str) -> _Watched | _WatchedTls:
    if call.scheme == "http":
        return _Watched(address, call.port, timeout=CONNECT_SECONDS)
    trust = ssl.create_default_context(cafile=call.ca_file)  # verifies, and asks for the name
    return _WatchedTls(
        address, call.port, timeout=CONNECT_SECONDS, ssl_context=trust, server_hostname=call.host
    )
