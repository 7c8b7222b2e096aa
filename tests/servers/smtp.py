"""Real SMTP servers on loopback for tests and benchmarks: one that collects mail, one that follows a script.

No pytest in here, and nothing leaves this machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
import warnings
from collections.abc import Callable
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"


class CollectingServer:
    """Takes mail as aiosmtpd does, and keeps it in ``messages``: (sender, recipients, content with CRLF).

    ``replies`` answers a recipient instead of 250 ("452 4.2.2 full"), ``answer`` answers every final dot instead of
    250; both may be changed while it runs. ``hang_up_at`` drops the line at "MAIL", "RCPT" or "DATA" (after the
    final dot, message kept, answer withheld), once. Whoever is in ``held`` gets no answer to the final dot, message
    kept, until they are taken out.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
        users: dict[str, str] | None = None,
        auth_in_clear: bool = False,
        pipelining: bool = True,
        smtputf8: bool = False,
        size_limit: int = 33_554_432,
        mechanisms: tuple[str, ...] = ("LOGIN", "PLAIN"),
    ) -> None:
        self.messages: list[tuple[str, list[str], bytes]] = []
        self.replies: dict[str, str] = {}
        self.answer: str | None = None
        #: The same for some recipients.
        self.answers: dict[str, str] = {}
        self.hang_up_at: str | None = None
        self.held: set[str] = set()
        #: What is said to MAIL with SMTPUTF8 instead of 250.
        self.utf8_answer = ""
        #: Lines that are taken at once; more are told so at their first message.
        self.most_connections = 0
        #: How many connections were opened.
        self.connections = 0
        self.port = 0
        self._most_bytes = 0
        self._pipelining = pipelining
        self._users = users
        self._tls, self._implicit = tls, implicit_tls
        self._options: dict[str, Any] = {
            "enable_SMTPUTF8": smtputf8,
            "data_size_limit": size_limit,
            "hostname": "relay.example.org",
            "auth_exclude_mechanism": [name for name in ("LOGIN", "PLAIN") if name not in mechanisms],
        }
        if tls and not implicit_tls:
            self._options |= {"tls_context": tls, "require_starttls": True}
        if users is not None:
            self._options |= {"authenticator": self._authenticate, "auth_required": True}
        if implicit_tls or auth_in_clear:
            self._options["auth_require_tls"] = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="collecting-server", daemon=True)
        self._ready = threading.Event()
        self._protocols: list[SMTP] = []

    def start(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def stop(self) -> None:
        """Close everything. Safe to call twice."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def takes_at_most(self, size: int, *, named: bool) -> None:
        """Refuse larger messages from the next connection on: in answer to EHLO (``named``), else at the final dot."""
        self._options["data_size_limit"] = size if named else 0
        self._most_bytes = size

    def hang_up(self) -> None:
        """Close every line that is open, without a word; returns when that is done."""
        done = threading.Event()

        def close() -> None:
            for protocol in self._protocols:
                if protocol.transport is not None:
                    protocol.transport.close()
            self._protocols.clear()
            # One turn of the loop later the lines are closed.
            self._loop.call_soon(self._loop.call_soon, done.set)

        self._loop.call_soon_threadsafe(close)
        done.wait()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        context = self._tls if self._implicit else None
        server = self._loop.run_until_complete(self._loop.create_server(self._protocol, HOST, 0, ssl=context))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        for protocol in self._protocols:
            _abort(protocol)
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _protocol(self) -> SMTP:
        self.connections += 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that AUTH without TLS is unwise: it is what we test
            protocol = SMTP(self, loop=self._loop, **self._options)
        self._protocols.append(protocol)
        return protocol

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: LoginPassword
    ) -> AuthResult:
        user, password = auth_data.login.decode(), auth_data.password.decode()
        return AuthResult(success=(self._users or {}).get(user) == password, handled=False)

    def _drops(self, server: SMTP, stage: str) -> bool:
        if self.hang_up_at != stage:
            return False
        self.hang_up_at = None
        _abort(server)
        return True

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]] if self._pipelining else responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._drops(server, "MAIL")
        if self.utf8_answer and "SMTPUTF8" in options:
            return self.utf8_answer
        taken = [one for one in self._protocols if one.transport is not None][: self.most_connections]
        if self.most_connections and server not in taken:
            return "530 5.7.0 too many connections"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._drops(server, "RCPT")
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if answer := self.answers.get(envelope.rcpt_tos[0], self.answer):
            return answer
        assert envelope.mail_from is not None
        assert isinstance(envelope.content, bytes)
        if 0 < self._most_bytes < len(envelope.content):
            return "552 5.3.4 message file too big"
        sender = "" if envelope.mail_from == "<>" else envelope.mail_from
        self.messages.append((sender, list(envelope.rcpt_tos), envelope.content))
        self._drops(server, "DATA")
        while self.held.intersection(envelope.rcpt_tos):
            await asyncio.sleep(0.01)
        return "250 2.0.0 taken"


def _abort(protocol: SMTP) -> None:
    if isinstance(protocol.transport, asyncio.WriteTransport):
        protocol.transport.abort()


class Conversation:
    """A script's side of one connection."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection = connection
        self._file = connection.makefile("rb")
        #: Every line that was heard, without its CRLF.
        self.heard: list[bytes] = []

    def say(self, text: str | bytes) -> None:
        """Send one line, or several with CRLF inside; bytes go out as they are."""
        self._connection.sendall(text if isinstance(text, bytes) else text.encode() + b"\r\n")

    def hear(self) -> bytes:
        """One line. An empty answer means that the other side hung up."""
        line = self._file.readline()
        if line:
            self.heard.append(line.rstrip(b"\r\n"))
        return line.rstrip(b"\r\n")

    def hear_content(self) -> bytes:
        """Everything up to the final dot, still stuffed."""
        lines = []
        while (line := self._file.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)

    def hear_some(self, size: int) -> bytes:
        return self._file.read(size)

    def welcome(self, *extensions: str) -> None:
        """The greeting and the answer to EHLO."""
        self.say("220 scripted.example.org ESMTP")
        self.hear()
        lines = ["scripted.example.org", *extensions]
        for line in lines[:-1]:
            self.say(f"250-{line}")
        self.say(f"250 {lines[-1]}")

    def take_commands(self, count: int = 3) -> None:
        """Hear MAIL, RCPT and DATA before answering any of them, then agree: only a pipelining client gets on."""
        heard = [self.hear() for _ in range(count)]
        for line in heard:
            self.say("354 go ahead" if line == b"DATA" else "250 ok")

    def hang_up(self) -> None:
        self._file.close()
        self._connection.close()

    def reset(self) -> None:
        """Hang up so that the other side's next write fails (RST)."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.hang_up()

    def encrypt(self, context: ssl.SSLContext) -> None:
        self._file.close()
        self._connection = context.wrap_socket(self._connection, server_side=True)
        self._file = self._connection.makefile("rb")


class ScriptedServer:
    """Follows one script a connection, in order; with none left it refuses to listen to anyone.

    What a script raises is raised again by ``stop``, except that the other side hung up on it.
    """

    def __init__(self, *scripts: Callable[[Conversation], None]) -> None:
        self._scripts = list(scripts)
        self.conversations: list[Conversation] = []
        self._listener = socket.create_server((HOST, 0))
        self.port = int(self._listener.getsockname()[1])
        self._failures: list[Exception] = []
        self._thread = threading.Thread(target=self._run, name="scripted-server", daemon=True)

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        if self._failures:
            raise self._failures[0]

    @property
    def heard(self) -> list[bytes]:
        """The lines of all conversations, in order."""
        return [line for conversation in self.conversations for line in conversation.heard]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        for script in self._scripts:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            conversation = Conversation(connection)
            self.conversations.append(conversation)
            try:
                script(conversation)
            except (ConnectionError, ssl.SSLError):
                pass
            except Exception as error:
                self._failures.append(error)
            finally:
                conversation.hang_up()
        self._listener.close()
