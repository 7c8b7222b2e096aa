"""The transport to an SMTP relay: one line, used again for message after message. The conversation itself is in
transaction.py, what a reply means in replies.py, how to get as far as a relay that listens in smtp_session.py.

What became of a message is decided by where it broke:

- before the final dot had left whole: it was not taken, DEFERRED;
- a reply of 4xx or 5xx: as replies.py reads it;
- after the final dot, without an answer: UNKNOWN. Hanging up early makes such doubt (RFC 1047), so the answer is
  waited for as long as RFC 5321 4.5.3.2.6 says: ten minutes.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

from newsletter.errors import SenderRefused, TooLarge
from newsletter.transports.base import Envelope, Outcome, Result
from newsletter.transports.line import LineBroken
from newsletter.transports.message_checks import (
    beyond_for_every_message,
    beyond_for_this_message,
    too_large,
    unfit,
)
from newsletter.transports.replies import Stage, judge
from newsletter.transports.smtp_session import (
    Relay,
    Security,
    Session,
    SessionFinding,
    described,
    open_session,
    say_goodbye,
    would_take_from,
)
from newsletter.transports.transaction import RefusedCommand, ask, hand_over


class SmtpTransport:
    """A base.Transport, for one thread at a time. What the settings mean is said at session.Relay.

    ``final_timeout`` is the seconds to wait for the answer to the final dot. Raises ValueError for a
    ``security`` that is none of "none", "starttls" and "tls".
    """

    def __init__(
        self,
        host: str,
        port: int,
        security: str = Security.STARTTLS,
        *,
        verify: bool = True,
        ca_file: str = "",
        username: str = "",
        password: str = "",
        timeout: float = 60,
        final_timeout: float = 600,
        local_hostname: str = "",
    ) -> None:
        self._relay = Relay(
            host, port, Security(security), verify, ca_file, username, password, timeout, local_hostname
        )
        self._final_timeout = final_timeout
        self._session: Session | None = None

    def send(self, envelope: Envelope, following: Envelope | None = None) -> Outcome:
        """Hand over one message. Raises SenderRefused, TransportError and TooLarge as base.Transport says.

        ``following`` is the very envelope that the next call will send, where it is known. Its MAIL, RCPT and
        DATA then leave in one write with this one's content (RFC 2920 3.1; only where PIPELINING is offered),
        which saves a round trip. To send another one after all costs a new connection and is safe: the content
        of ``following`` never leaves before its own call.

        An outcome without a code is our own word and says nothing about the recipient's mailbox.
        """
        try:
            return self._send(envelope, following)
        except BaseException:
            # Whatever happened, a line in an unknown state is never used again.
            self._drop()
            raise
        finally:
            if self._session and not self._session.usable:
                self._drop()

    def probe(self, sender: str = "") -> list[SessionFinding]:
        """Connect, encrypt and log in, send nothing, and say in plain words what was found. With ``sender`` the relay
        is also asked whether it takes mail from that address.

        Raises SenderRefused and TransportError as send does.
        """
        session = open_session(self._relay)
        try:
            if sender:
                would_take_from(self._relay, session, sender)
            return described(self._relay, session)
        finally:
            say_goodbye(session)

    def close(self) -> None:
        """Say goodbye to the relay. Safe to call twice."""
        session, self._session = self._session, None
        if session:
            say_goodbye(session)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send(self, envelope: Envelope, following: Envelope | None) -> Outcome:
        if not self._is_announced(envelope) and (problem := unfit(envelope)):
            return Outcome(Result.FAILED, None, problem)
        session, reused = self._line_for(envelope)
        if problem := self._beyond(session, envelope):
            return Outcome(Result.FAILED, None, problem)
        try:
            refused = ask(session, envelope)
        except LineBroken as broken:
            if not reused:
                session.usable = False
                return Outcome(Result.DEFERRED, None, f"not sent: the line broke ({broken.reason})")
            refused, session.usable = None, False
        if reused and not session.usable and _is_worn_out(refused):
            self._drop()
            return self._send(envelope, following)
        if refused:
            return judge(_whose(refused, envelope), refused.reply, self._relay.name)
        return hand_over(session, envelope, self._pipelinable(session, following), self._final_timeout)

    def _line_for(self, envelope: Envelope) -> tuple[Session, bool]:
        """A line, and whether it is one that earlier messages went over."""
        session = self._session
        if session and (self._is_announced(envelope) or (not session.announced and session.wire.is_quiet())):
            return session, True
        self._drop()
        self._session = open_session(self._relay)
        return self._session, False

    def _is_announced(self, envelope: Envelope) -> bool:
        return self._session is not None and self._session.announced is envelope

    def _beyond(self, session: Session, envelope: Envelope) -> str | None:
        if problem := beyond_for_every_message(session, envelope):
            raise SenderRefused(f"The relay at {self._relay.name} {problem}.")
        if problem := too_large(session, envelope):
            raise TooLarge(f"The relay at {self._relay.name} {problem}.")
        return beyond_for_this_message(session, envelope)

    @staticmethod
    def _pipelinable(session: Session, following: Envelope | None) -> Envelope | None:
        if following is None or unfit(following):
            return None
        checks = (beyond_for_every_message, too_large, beyond_for_this_message)
        return None if any(check(session, following) for check in checks) else following

    def _drop(self) -> None:
        if self._session:
            self._session.wire.close()
        self._session = None


def _whose(refused: RefusedCommand, envelope: Envelope) -> Stage:
    """What a refusal really answers. MAIL asks for SMTPUTF8 where the recipient's address needs it (RFC 6531 3.4), so a
    relay that wants none of it refuses this recipient and nobody else."""
    if refused.stage is Stage.MAIL and envelope.sender.isascii() and not envelope.recipient.isascii():
        return Stage.RCPT
    return refused.stage


def _is_worn_out(refused: RefusedCommand | None) -> bool:
    """Whether a line died of its age and not of this message: it broke, or the relay closes it (421) at MAIL.

    Relays close idle lines, and many take only so many messages over one.
    """
    return refused is None or refused.stage is Stage.MAIL
