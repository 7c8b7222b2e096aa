"""One message over an open line (RFC 5321 3.3): leave to send it, then its content. Opening lines, and trying
again, is the transport's business.

Each function leaves ``session.usable`` False when the line must not be used again.
"""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.transports.base import Envelope, Outcome, Result
from newsletter.transports.line import LineBroken
from newsletter.transports.replies import Reply, Stage, judge
from newsletter.transports.smtp_session import Session

#: Seconds to look for a relay's last words on a line that broke while we wrote. They are there or they are not.
_LAST_WORDS = 1.0


@dataclass(frozen=True, slots=True)
class RefusedCommand:
    """The first answer that was not a yes."""

    stage: Stage
    reply: Reply


def ask(session: Session, envelope: Envelope) -> RefusedCommand | None:
    """RSET where needed, MAIL, RCPT and DATA: in one write where PIPELINING is offered (RFC 2920).

    None means that the relay waits for the content. Raises LineBroken when the line broke before it had said no.
    Either way the message has not left yet.
    """
    commands = _commands(session, envelope)
    pipelined = "PIPELINING" in session.extensions
    announced, session.announced = session.announced is envelope, None
    if pipelined and not announced:
        session.wire.write(b"".join(line for _, line in commands))
    session.unfinished = True
    refused: RefusedCommand | None = None
    for stage, line in commands:
        try:
            if not pipelined:
                session.wire.write(line)
            reply = session.wire.read()
        except LineBroken:
            session.usable = False
            if refused is None:
                raise
            return refused
        if _granted(stage, reply):
            if stage is Stage.DATA and refused:
                _end_unwanted_content(session, refused)
            continue
        if stage is Stage.RSET:
            session.usable = False
            raise LineBroken(f"it answered RSET with {reply}")
        refused = refused or RefusedCommand(stage, reply)
        if reply.code // 100 not in (4, 5) or reply.code == 421:
            session.usable = False
        if not pipelined or reply.code == 421:
            break
    return refused


def hand_over(session: Session, envelope: Envelope, following: Envelope | None, timeout: float) -> Outcome:
    """The content and its final dot, after ask has said None; then the answer, for which ``timeout`` seconds are
    waited. The commands of ``following`` ride along, when there is one and the relay takes pipelined commands.

    Raises SenderRefused as replies.judge does.
    """
    data = _stuffed(envelope.content) + b".\r\n"
    end = len(data)
    session.unfinished = False
    if following is not None and "PIPELINING" in session.extensions:
        data += b"".join(line for _, line in _commands(session, following))
        session.announced = following
    try:
        session.wire.write(data)
    except LineBroken as broken:
        session.usable = False
        if broken.sent < end:
            return _broken_before_the_dot(session, broken)
    try:
        reply = session.wire.read(timeout)
    except LineBroken as broken:
        session.usable = False
        return Outcome(
            Result.UNKNOWN, None, f"may have arrived: sent whole, but no answer came ({broken.reason})"
        )
    if reply.code // 100 not in (2, 4, 5) or reply.code == 421:
        session.usable = False
    return judge(Stage.CONTENT, reply, session.relay)


def _broken_before_the_dot(session: Session, broken: LineBroken) -> Outcome:
    """Not taken, whatever happens; a relay that gave a reason before it hung up is listened to."""
    try:
        reply = session.wire.read(_LAST_WORDS)
    except LineBroken:
        reply = None
    if reply is not None and reply.code // 100 in (4, 5):
        return judge(Stage.CONTENT, reply, session.relay)
    return Outcome(Result.DEFERRED, None, f"not sent: the line broke before the end ({broken.reason})")


def _end_unwanted_content(session: Session, refused: RefusedCommand) -> None:
    """A relay may answer 354 to a pipelined DATA although it refused the only recipient (RFC 2920 3.1): the lone
    dot ends a message to nobody. Had it refused anything else, someone might get an empty message: hang up then."""
    if refused.stage is not Stage.RCPT or not session.usable:
        session.usable = False
        return
    try:
        session.wire.write(b".\r\n")
        session.wire.read()
    except LineBroken:
        session.usable = False


def _granted(stage: Stage, reply: Reply) -> bool:
    return reply.code == 354 if stage is Stage.DATA else reply.code // 100 == 2


def _commands(session: Session, envelope: Envelope) -> list[tuple[Stage, bytes]]:
    recipient, sender = envelope.recipient.encode(), envelope.sender.encode()
    parameters = b""
    if "SIZE" in session.extensions:
        parameters += b" SIZE=%d" % len(envelope.content)
    if not envelope.content.isascii():
        parameters += b" BODY=8BITMIME"
    if not (recipient.isascii() and sender.isascii()):
        parameters += b" SMTPUTF8"
    commands = [
        (Stage.MAIL, b"MAIL FROM:<%b>%b\r\n" % (sender, parameters)),
        (Stage.RCPT, b"RCPT TO:<%b>\r\n" % recipient),
        (Stage.DATA, b"DATA\r\n"),
    ]
    return [(Stage.RSET, b"RSET\r\n"), *commands] if session.unfinished else commands


def _stuffed(content: bytes) -> bytes:
    """A line that begins with a dot gets a second one (RFC 5321 4.5.2)."""
    if content.startswith(b"."):
        content = b"." + content
    return content.replace(b"\n.", b"\n..")
