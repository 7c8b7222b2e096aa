"""The line to a relay: bytes out, replies in, both bounded. It knows when the line broke, not what that means."""

from __future__ import annotations

import re
import select
import socket
import ssl
from time import monotonic

from newsletter.transports.replies import Reply, one_line

#: A reply that goes on for longer is no reply. RFC 5321 4.5.3.1.5 allows 512 octets a line.
MOST_REPLY = 64 * 1024
#: One TLS record: what breaks while it is written cannot be read at the other end.
_RECORD = 16 * 1024

_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)


class LineBroken(Exception):
    """The line broke, or what came down it is no SMTP. ``sent`` counts the bytes of this write that had left."""

    def __init__(self, reason: str, sent: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent


class Wire:
    """One connection, used by one thread. Timeouts are in seconds."""

    def __init__(self, connection: socket.socket, timeout: float) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(timeout)
        self._connection = connection
        self._timeout = timeout
        self._unread = b""

    @property
    def peer_host(self) -> str:
        """The relay's IP address."""
        return str(self._connection.getpeername()[0])

    @property
    def own_host(self) -> str:
        """Our IP address on this line."""
        return str(self._connection.getsockname()[0])

    @property
    def tls(self) -> ssl.SSLSocket | None:
        return self._connection if isinstance(self._connection, ssl.SSLSocket) else None

    def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """Go over to TLS. Raises ssl.SSLError and OSError as they come.

        Raises LineBroken when the relay (or someone in between) has already said more than it was asked: that
        was not encrypted and would be taken for the first answer that is (RFC 3207 4.2, CVE-2021-33515).
        """
        if self._unread:
            raise LineBroken("it spoke on in clear after agreeing to TLS")
        self._connection = context.wrap_socket(self._connection, server_hostname=host)

    def is_quiet(self) -> bool:
        """Whether the line is open and nothing waits. A relay that has hung up, or said 421, is not quiet."""
        if self._unread:
            return False
        poll = select.poll()
        poll.register(self._connection, select.POLLIN)
        if not poll.poll(0) and not (self.tls and self.tls.pending()):
            return True
        return self.tls is not None and self._only_tickets()

    def _only_tickets(self) -> bool:
        """TLS 1.3 sends session tickets when it likes; they are nothing that the relay says."""
        try:
            self._connection.settimeout(0)
            self._unread += self._connection.recv(_RECORD)
        except ssl.SSLWantReadError:
            return True
        except OSError:
            return False
        finally:
            self._connection.settimeout(self._timeout)
        return False

    def write(self, data: bytes) -> None:
        """Send everything. Raises LineBroken with the number of bytes that had left: exact, for a record of TLS
        that was not written whole cannot be decrypted."""
        sent, rest = 0, memoryview(data)
        step = _RECORD if self.tls else len(data)
        try:
            while sent < len(data):
                sent += self._connection.send(rest[sent : sent + step])
        except OSError as error:
            raise LineBroken(_reason(error, self._timeout), sent) from error

    def read(self, timeout: float | None = None) -> Reply:
        """The next reply, within ``timeout`` seconds in all. Raises LineBroken when none comes or it is no SMTP."""
        return Reply.of(*self.read_lines(timeout))

    def read_lines(self, timeout: float | None = None) -> tuple[int, list[bytes]]:
        """The next reply's code, and its lines without it."""
        timeout = self._timeout if timeout is None else timeout
        deadline, room = monotonic() + timeout, MOST_REPLY
        lines: list[bytes] = []
        while True:
            line = self._line(deadline, timeout, room)
            room -= len(line)
            found = _LINE.fullmatch(line.rstrip(b"\r\n"))
            if not found:
                raise LineBroken(one_line(f"it answered with what is no SMTP: {line[:80]!r}"))
            lines.append(found[3] or b"")
            if found[2] != b"-":
                return int(found[1]), lines

    def _line(self, deadline: float, timeout: float, room: int) -> bytes:
        while (end := self._unread.find(b"\n") + 1) == 0:
            if len(self._unread) > room:
                raise LineBroken(f"its answer has more than {MOST_REPLY} bytes")
            self._unread += self._receive(deadline, timeout)
        if end > room:
            raise LineBroken(f"its answer has more than {MOST_REPLY} bytes")
        line, self._unread = self._unread[:end], self._unread[end:]
        return line

    def _receive(self, deadline: float, timeout: float) -> bytes:
        left = deadline - monotonic()
        if left <= 0:
            raise LineBroken(f"no answer within {timeout:g} seconds")
        try:
            self._connection.settimeout(left)
            data = self._connection.recv(_RECORD)
            self._connection.settimeout(self._timeout)
        except OSError as error:
            raise LineBroken(_reason(error, timeout)) from error
        if not data:
            raise LineBroken("it hung up")
        return data

    def close(self) -> None:
        """Drop the line at once, with no goodbye."""
        self._connection.close()


def _reason(error: OSError, timeout: float) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {timeout:g} seconds"
    return error.strerror or str(error) or type(error).__name__
