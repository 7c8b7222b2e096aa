"""What must not go down a line to a relay, and what this relay does not take. Pure checks, in words for staff."""

from __future__ import annotations

import re

from newsletter.transports.base import Envelope
from newsletter.transports.smtp_session import Session

_UNSAFE_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f<>\ud800-\udfff]")


def unfit(envelope: Envelope) -> str | None:
    """What is wrong with a message for every relay, None when nothing is.

    A line end other than CRLF can hide a second message in the first (SMTP smuggling; RFC 5321 2.3.8), and an
    address with a line end or a bracket can hide a command.
    """
    if not envelope.recipient or _UNSAFE_IN_ADDRESS.search(envelope.recipient):
        return "not sent: the recipient's address is empty or holds a space, bracket or control character"
    if _UNSAFE_IN_ADDRESS.search(envelope.sender):
        return "not sent: the sender's address holds a space, bracket or control character"
    content = envelope.content
    ends = content.count(b"\r\n")
    if ends != content.count(b"\n") or ends != content.count(b"\r") or b"\0" in content:
        return "not sent: the message holds a NUL, or a CR or LF that is not part of a CRLF"
    if not content.endswith(b"\r\n"):
        return "not sent: the message does not end with CRLF"
    return None


def beyond_for_this_message(session: Session, envelope: Envelope) -> str | None:
    """What this relay lacks for one message; the others are not affected."""
    if not envelope.recipient.isascii() and "SMTPUTF8" not in session.extensions:
        return (
            "not sent: the relay takes no address with accents or other scripts (it does not offer SMTPUTF8)"
        )
    if not envelope.content.isascii() and "8BITMIME" not in session.extensions:
        return (
            "not sent: the mail holds accents or other scripts as they are, and the relay takes no such mail (it does "
            "not offer 8BITMIME)"
        )
    return None


def beyond_for_every_message(session: Session, envelope: Envelope) -> str | None:
    """What this relay lacks for all mail; the run stops."""
    if not envelope.sender.isascii() and "SMTPUTF8" not in session.extensions:
        return (
            "takes no sender's address with letters beyond ASCII; change email.from_address or bounce_address"
        )
    return None


def too_large(session: Session, envelope: Envelope) -> str | None:
    """What a relay that names its limit (RFC 1870) would say of a message; all of an edition are about as large."""
    limit, size = session.size_limit, len(envelope.content)
    if limit is not None and size > limit:
        return f"takes messages of {limit} bytes at most, and this one has {size}"
    return None
