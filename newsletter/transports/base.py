"""The one-method boundary to whatever takes a finished message, and the words it answers in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self


class Result(StrEnum):
    """What became of one message."""

    #: The relay has taken it (a 250 after the final dot), or it is on disk.
    SENT = "sent"
    #: Not now: a 4xx, or the connection broke before the final dot. It may be tried again.
    DEFERRED = "deferred"
    #: Never: a 5xx for this recipient or this message.
    FAILED = "failed"
    #: The connection broke after the final dot and before the answer: it may have arrived (RFC 1047).
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A finished message and where it goes: one recipient, always."""

    #: MAIL FROM; empty for the null sender.
    sender: str
    #: RCPT TO, with an IDN domain already as an A-label.
    recipient: str
    #: RFC 5322 with CRLF line ends, not yet dot-stuffed.
    content: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message, in the relay's own words."""

    result: Result
    #: The SMTP reply code, None when there was no reply.
    code: int | None = None
    #: The relay's words, one line, as it sent them (untrusted text), or ours when the line broke.
    reply: str = ""
    #: Why the sending stops if the relay says this of several domains in a row, in one sentence for staff; empty for a
    #: reply that speaks of the recipient only.
    ours: str = ""


class Transport(Protocol):
    """An open way to a relay, used by one thread at a time. Opens itself at the first send; a broken line is
    opened again at the next."""

    def send(self, envelope: Envelope) -> Outcome:
        """Hand over one message and say what became of it.

        Raises SenderRefused when the relay refuses the sender rather than the recipient (log-in, certificate,
        policy), TransportError when it cannot be reached, and TooLarge for a message that is larger than it takes: in
        all cases this message was not taken. A recipient that is refused is an outcome, whatever the words are: a relay
        that refuses us says so of the others, too.
        """
        ...

    def close(self) -> None:
        """Say goodbye to the relay. Safe to call twice."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
