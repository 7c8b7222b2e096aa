"""From a host and a port to a relay that listens: connection, EHLO, STARTTLS, log-in. No message is sent here."""

from __future__ import annotations

import base64
import ipaddress
import socket
import ssl
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from newsletter.errors import SenderRefused, TransportError
from newsletter.transports.base import Envelope
from newsletter.transports.line import LineBroken, Wire
from newsletter.transports.replies import Reply, Stage, refusal

#: What was exported in a terminal is unknown to the next one, and to a service.
_NOT_GIVEN = (
    "email.smtp.username is set and there is no password here: export NEWSLETTER_EMAIL__SMTP__PASSWORD in this "
    "terminal, or put it into the service's EnvironmentFile"
)
#: Seconds to wait for the relay's goodbye. Nothing depends on it.
_GOODBYE = 5.0


class Security(StrEnum):
    """How a line to a relay is encrypted."""

    #: Not at all: a relay on this machine or in your own network.
    NONE = "none"
    #: Begins in clear and must go over to TLS (RFC 3207); port 587.
    STARTTLS = "starttls"
    #: TLS from the first byte (RFC 8314); port 465.
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class Relay:
    """Where a relay is and how it is spoken to."""

    host: str
    port: int
    security: Security = Security.STARTTLS
    #: False takes any certificate: only for who has said so in the configuration.
    verify: bool = True
    #: A PEM file of certificates to trust besides the system's; empty for none.
    ca_file: str = ""
    #: Empty for no log-in.
    username: str = ""
    password: str = field(default="", repr=False)
    #: Seconds to wait for an answer.
    timeout: float = 60
    #: Our name in EHLO; empty for this machine's, or its address when its name has no dot (RFC 5321 4.1.3).
    local_hostname: str = ""

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(slots=True)
class Session:
    """A line on which the relay has said who it is and what it can."""

    wire: Wire
    #: The relay's HOST:PORT.
    relay: str
    greeting: Reply
    #: Keyword in capitals → its parameters, as EHLO named them (RFC 5321 4.1.1.1).
    extensions: dict[str, str] = field(default_factory=dict)
    logged_in: bool = False
    #: False: hang up, and send nothing more.
    usable: bool = True
    #: Whether the relay may hold half a transaction, which RSET must clear before the next.
    unfinished: bool = False
    #: The message whose MAIL, RCPT and DATA have gone ahead with the content of the one before.
    announced: Envelope | None = None

    @property
    def size_limit(self) -> int | None:
        """The most bytes that the relay takes (RFC 1870), None when it names no limit."""
        value = self.extensions.get("SIZE", "")
        return (
            int(value) if value.isascii() and value.isdecimal() and len(value) < 20 and int(value) else None
        )


def open_session(relay: Relay) -> Session:
    """Connect, and get as far as a relay that would take a message.

    Raises SenderRefused for a certificate, log-in or refusal that will be the same next time, and
    TransportError when the relay cannot be reached or has no time now. Neither leaves a line open.
    """
    wire = _connect(relay)
    try:
        return _introduce(relay, wire)
    except LineBroken as broken:
        wire.close()
        raise TransportError(
            f"The relay at {relay.name} did not finish its welcome: {broken.reason}; "
            f"check email.smtp.port and email.smtp.security ({relay.security})."
        ) from broken
    except BaseException:
        wire.close()
        raise


def _connect(relay: Relay) -> Wire:
    try:
        wire = Wire(socket.create_connection((relay.host, relay.port), relay.timeout), relay.timeout)
    except (OSError, UnicodeError) as error:
        reason = "no answer" if isinstance(error, TimeoutError) else getattr(error, "strerror", None) or error
        raise TransportError(
            f"Cannot reach the relay at {relay.name}: {reason}; "
            "check email.smtp.host and port, or that it is running."
        ) from error
    return wire


def _introduce(relay: Relay, wire: Wire) -> Session:
    if relay.security is Security.TLS:
        _encrypt(relay, wire)
    greeting = _accepted(relay, Stage.GREETING, wire.read())
    session = Session(wire, relay.name, greeting, _hello(relay, wire))
    if relay.security is Security.STARTTLS:
        _start_tls(relay, session)
    if relay.username:
        _log_in(relay, session)
    return session


def _accepted(relay: Relay, stage: Stage, reply: Reply) -> Reply:
    """The reply, when it says yes."""
    if reply.code // 100 == 2:
        return reply
    if reply.code // 100 == 5:
        raise refusal(stage, reply, relay.name)
    raise TransportError(
        f"The relay at {relay.name} takes no mail just now: it answered {stage} with {reply}; try again later."
    )


def _hello(relay: Relay, wire: Wire) -> dict[str, str]:
    """Say EHLO, or HELO to a relay that knows no extensions (RFC 5321 3.2)."""
    name = (relay.local_hostname or _own_name(wire)).encode("ascii", "ignore")
    wire.write(b"EHLO " + name + b"\r\n")
    code, lines = wire.read_lines()
    if code in (500, 502, 504):
        wire.write(b"HELO " + name + b"\r\n")
        code, lines = wire.read_lines()
        _accepted(relay, Stage.EHLO, Reply.of(code, lines))
        return {}
    _accepted(relay, Stage.EHLO, Reply.of(code, lines))
    words = [line.decode("ascii", "replace").split() for line in lines[1:]]
    return {first.upper(): " ".join(rest) for first, *rest in filter(None, words)}


def _own_name(wire: Wire) -> str:
    name = socket.gethostname()
    if "." in name.strip("."):
        return name
    address = _address(wire.own_host)
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An address as a socket names it, without the interface that it is on."""
    return ipaddress.ip_address(host.partition("%")[0])


def _start_tls(relay: Relay, session: Session) -> None:
    if "STARTTLS" not in session.extensions:
        raise SenderRefused(
            f"The relay at {relay.name} does not offer STARTTLS, so mail to it would travel in clear; "
            'use a relay that does, or its TLS port with email.smtp.security = "tls".'
        )
    session.wire.write(b"STARTTLS\r\n")
    _accepted(relay, Stage.STARTTLS, session.wire.read())
    _encrypt(relay, session.wire)
    # What was said in clear is forgotten (RFC 3207 4.2): anyone on the way could have written it.
    session.extensions = _hello(relay, session.wire)


def _encrypt(relay: Relay, wire: Wire) -> None:
    try:
        wire.encrypt(_context(relay), relay.host)
    except ssl.SSLCertVerificationError as error:
        raise SenderRefused(
            f"The certificate of the relay at {relay.name} does not verify: {error.verify_message}; "
            "check email.smtp.host, or name the authority that signed it in email.smtp.ca_file."
        ) from error
    except OSError as error:
        raise TransportError(
            f"No encrypted line to the relay at {relay.name}: {getattr(error, 'reason', None) or error}; "
            f"check email.smtp.port and email.smtp.security ({relay.security})."
        ) from error


def _context(relay: Relay) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not relay.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if relay.ca_file:
        try:
            context.load_verify_locations(cafile=relay.ca_file)
        except OSError as error:
            raise TransportError(
                f"Cannot read certificates from {relay.ca_file}: {error.strerror or error}; "
                "check email.smtp.ca_file: it must be a PEM file."
            ) from error
    return context


def _log_in(relay: Relay, session: Session) -> None:
    """AUTH PLAIN (RFC 4616), or LOGIN for relays that know nothing else; never in clear but on loopback."""
    if session.wire.tls is None and not _address(session.wire.peer_host).is_loopback:
        raise SenderRefused(
            f"The log-in to the relay at {relay.name} is not sent in clear; "
            'set email.smtp.security to "starttls" or "tls", or leave email.smtp.username empty.'
        )
    offered = session.extensions.get("AUTH", "").upper().split()
    user, password = relay.username.encode(), relay.password.encode()
    if "PLAIN" in offered:
        answers = [b"\0" + user + b"\0" + password]
    elif "LOGIN" in offered:
        answers = [user, password]
    else:
        raise SenderRefused(
            f"The relay at {relay.name} offers no log-in that is known here (PLAIN or LOGIN; it offers "
            f"{' '.join(offered) or 'none'}); leave email.smtp.username empty, or use its submission port."
        )
    reply = _challenged(session.wire, b"PLAIN" if len(answers) == 1 else b"LOGIN", answers)
    if reply.code // 100 == 5 and not password:
        raise refusal(Stage.AUTH, reply, relay.name, _NOT_GIVEN)
    _accepted(relay, Stage.AUTH, reply)
    session.logged_in = True


def _challenged(wire: Wire, mechanism: bytes, answers: list[bytes]) -> Reply:
    wire.write(b"AUTH " + mechanism + b"\r\n")
    reply = wire.read()
    for answer in answers:
        if reply.code != 334:
            break
        wire.write(base64.b64encode(answer) + b"\r\n")
        reply = wire.read()
    return reply


def say_goodbye(session: Session) -> None:
    """QUIT, a moment for the answer, and hang up. A line that is in the middle of something is just dropped."""
    try:
        if session.usable and session.announced is None:
            session.wire.write(b"QUIT\r\n")
            session.wire.read(_GOODBYE)
    except LineBroken:
        pass
    finally:
        session.wire.close()


def would_take_from(relay: Relay, session: Session, sender: str) -> None:
    """Ask whether the relay takes mail from this address, and take the question back: no mail is sent.

    Raises SenderRefused and TransportError, as a message's first command would.
    """
    if not (sender.isascii() and session.usable):
        return
    try:
        session.wire.write(b"MAIL FROM:<%b>\r\n" % sender.encode())
        _accepted(relay, Stage.MAIL, session.wire.read())
        session.wire.write(b"RSET\r\n")
        session.wire.read()
    except LineBroken as broken:
        session.usable = False
        raise TransportError(
            f"The relay at {relay.name} did not say whether it takes mail from {sender}: {broken.reason}; "
            "try again later."
        ) from broken


#: Extensions of SMTP (RFC 1652, 6531, 2920) that our mails can use, in words.
_IN_WORDS = {
    "8BITMIME": "take texts with accents and other scripts as they are",
    "SMTPUTF8": "take addresses with accents and other scripts",
    "PIPELINING": "take several steps of a mail at once, which is faster",
}


@dataclass(frozen=True, slots=True)
class SessionFinding:
    """One thing that was found at the other end."""

    text: str
    #: Nothing stops, and somebody should read it.
    warning: bool = False


def described(relay: Relay, session: Session) -> list[SessionFinding]:
    """What was found at the other end, a sentence each, for ``newsletter check``."""
    lines = [SessionFinding(f"The relay at {relay.name} answers: {session.greeting}")]
    if tls := session.wire.tls:
        trust = (
            "its certificate verifies"
            if relay.verify
            else "its certificate was NOT verified (email.smtp.verify)"
        )
        lines.append(
            SessionFinding(f"The line is encrypted ({tls.version()}) and {trust}.", warning=not relay.verify)
        )
    else:
        text = "The line is NOT encrypted; that is only right on this machine or in your own network."
        lines.append(SessionFinding(text, warning=not _address(session.wire.peer_host).is_loopback))
    lines.append(_log_in_found(relay, session))
    lines.append(SessionFinding(_offered(session.extensions)))
    if session.size_limit:
        lines.append(SessionFinding(f"It takes mails of up to {_megabytes(session.size_limit)}."))
    if "PIPELINING" not in session.extensions:
        slow = (
            "It wants to answer each step of a mail before the next (no PIPELINING), so sending takes longer."
        )
        lines.append(SessionFinding(slow))
    return lines


def _offered(extensions: Collection[str]) -> str:
    """What a relay can do beyond the bare protocol, for people who run no mail server. What changes nothing for our
    mails is not told; log-in, encryption and size have sentences of their own."""
    told = [f"{words} ({name})" for name, words in _IN_WORDS.items() if name in extensions]
    return (
        f"It can do more than every mail server: {'; '.join(told)}."
        if told
        else ("It does what every mail server does, and no more.")
    )


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB" if size >= 10_000_000 else f"{size / 1_000_000:.1f} MB"


def _log_in_found(relay: Relay, session: Session) -> SessionFinding:
    if session.logged_in:
        return SessionFinding(f"Logged in as {relay.username}.")
    if "AUTH" in session.extensions:
        return SessionFinding(
            "It offers a log-in and none is configured: unless it lets this machine in without one, set "
            "email.smtp.username, and the password in NEWSLETTER_EMAIL__SMTP__PASSWORD",
            warning=True,
        )
    return SessionFinding("No log-in is configured.")
