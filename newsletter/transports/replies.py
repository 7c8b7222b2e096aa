"""An SMTP reply → what became of the message, or whose fault it is. Tables and look-ups; nothing is sent.

The rule (RFC 5321 4.2.1): 4xx is not now, 5xx is never. Apart from it stand the replies that speak of *us*:
log-in, encryption, SPF, DKIM, DMARC, relaying. Before a recipient is named, and after the content, they stop the run
and blame nobody. In answer to RCPT they are this recipient's ("relay access denied" is also said of a single domain),
and the sentence goes along for the case that others get the same. A message that is too large is neither's fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from newsletter.errors import SenderRefused, TooLarge
from newsletter.text.printable import printable_line
from newsletter.transports.base import Outcome, Result

#: Characters of a relay's words that are kept.
MOST_WORDS = 500

_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?= |$)")


class Stage(StrEnum):
    """What a reply answers."""

    #: The first line of a relay, before we said anything.
    GREETING = "greeting"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    RSET = "RSET"
    MAIL = "MAIL FROM"
    RCPT = "RCPT TO"
    #: The leave to send the content (354).
    DATA = "DATA"
    #: The final dot: from here on the relay answers for the message.
    CONTENT = "final dot"


@dataclass(frozen=True, slots=True)
class Reply:
    """A relay's answer, all its lines in one."""

    code: int
    #: Untrusted text: one line, printable, at most MOST_WORDS characters.
    text: str

    @classmethod
    def of(cls, code: int, lines: list[bytes]) -> Reply:
        """Make a reply of its lines without their codes. An enhanced code is kept once, not on every line."""
        texts = [one_line(line.decode("utf-8", "replace")) for line in lines]
        if len(texts) > 1 and (enhanced := _ENHANCED.match(texts[0])):
            texts[1:] = [text.removeprefix(enhanced[0]).lstrip() for text in texts[1:]]
        return cls(code, " ".join(filter(None, texts))[:MOST_WORDS])

    @property
    def enhanced(self) -> str:
        """RFC 3463's three numbers, "5.7.26"; empty when there are none or they contradict the code."""
        found = _ENHANCED.match(self.text)
        return found[0] if found and found[0][0] == str(self.code)[0] else ""

    def __str__(self) -> str:
        return f"{self.code} {self.text}".rstrip()


def one_line(text: str) -> str:
    """Untrusted words made harmless: one line without control characters, at most MOST_WORDS characters."""
    return printable_line(text)[:MOST_WORDS]


_LOG_IN = "check email.smtp.username and the password (NEWSLETTER_EMAIL__SMTP__PASSWORD)"
_ENCRYPT = 'set email.smtp.security to "starttls" or "tls"'
_RELAY = "check that this relay may send for you: email.smtp.host, its log-in, and the addresses it lets in"
_SENDER = "check email.from_address and email.bounce_address: the relay must know them as yours"
_PROVE = "check SPF, DKIM and DMARC of the domain in email.from_address (newsletter check)"
_NAME = "give the sending machine's address a name that leads back to it (PTR and A records)"
_SLOW = "send less, or at a lower rate, until the provider takes mail from you again"
_BLOCKED = "ask the provider that blocks this sender to lift the block"
_LANGUAGE = "check that email.smtp.host and port lead to a mail relay, and that it lets you in"

#: Stages at which no recipient has been named, so that a 5xx can only be about us.
_ALWAYS_OURS = {
    Stage.GREETING: _BLOCKED,
    Stage.EHLO: _LANGUAGE,
    Stage.STARTTLS: _ENCRYPT,
    Stage.AUTH: _LOG_IN,
    Stage.RSET: _LANGUAGE,
    Stage.MAIL: _SENDER,
}

#: RFC 5321 4.2.3, RFC 4954 4 and 6: what is said to a client and not of a mailbox.
_OURS_BY_CODE = {
    500: _LANGUAGE,
    502: _LANGUAGE,
    503: _LANGUAGE,
    504: _LANGUAGE,
    523: _ENCRYPT,
    530: _LOG_IN,
    534: _LOG_IN,
    535: _LOG_IN,
    538: _ENCRYPT,
    555: _LANGUAGE,
}

#: The IANA registry of enhanced status codes, and the lists of Gmail (support.google.com/a/answer/3726730)
#: and Microsoft (learn.microsoft.com, "non-delivery-reports-in-exchange-online").
_OURS_BY_ENHANCED = {
    "5.1.7": _SENDER,
    "5.1.8": _SENDER,
    "5.5.1": _LANGUAGE,
    "5.7.3": _LOG_IN,
    "5.7.8": _LOG_IN,
    #: Also Yahoo's word for a message that failed DMARC.
    "5.7.9": _LOG_IN,
    "5.7.10": _ENCRYPT,
    "5.7.11": _ENCRYPT,
    "5.7.20": _PROVE,
    "5.7.21": _PROVE,
    "5.7.22": _PROVE,
    "5.7.23": _PROVE,
    "5.7.24": _PROVE,
    "5.7.25": _NAME,
    "5.7.26": _PROVE,
    "5.7.27": _PROVE,
    "5.7.28": _SLOW,
    "5.7.29": _ENCRYPT,
    "5.7.30": _PROVE,
    "5.7.32": _PROVE,
    "5.7.54": _RELAY,
    "5.7.57": _LOG_IN,
    "5.7.60": _SENDER,
    "5.7.64": _RELAY,
    "5.7.139": _LOG_IN,
    "5.7.501": _BLOCKED,
    "5.7.502": _BLOCKED,
    "5.7.503": _BLOCKED,
    "5.7.509": _PROVE,
    "5.7.511": _BLOCKED,
    "5.7.515": _PROVE,
    "5.7.705": _SLOW,
    "5.7.708": _BLOCKED,
}
#: Microsoft numbers the lists that a sending address may be on.
_OURS_BY_ENHANCED |= {f"5.7.{number}": _BLOCKED for number in range(606, 650)}

#: Replies whose codes (550, 554 5.7.1) serve for recipients as well. Lower case. "Authentication required" is
#: not among them: Exchange says so of a single recipient that takes mail from its own house only.
_OURS_BY_WORDS = {
    "relay access denied": _RELAY,
    "relaying denied": _RELAY,
    "relaying not allowed": _RELAY,
    "relay not permitted": _RELAY,
    "unable to relay": _RELAY,
    "relaying prohibited": _RELAY,
    "relaying to": _RELAY,
    "not permitted to relay": _RELAY,
    "do not relay": _RELAY,
    "does not relay": _RELAY,
    "no relaying": _RELAY,
    "rcpthosts": _RELAY,
    "must issue a starttls": _ENCRYPT,
    "blocked using": _BLOCKED,
    "client host": _BLOCKED,
}

#: A message that is larger than the relay takes. RFC 1870 6.1 gives it 552, which older systems also say of a mailbox
#: that is full; RFC 3463 gives it 5.3.4, sendmail and Gmail 5.2.3.
_TOO_LARGE = re.compile(r"too (big|large|long)|\bsize\b|databytes")
_FULL = re.compile(r"mailbox|quota|storage|recipient|header|\bline\b|full")


def judge(stage: Stage, reply: Reply, relay: str) -> Outcome:
    """What a reply makes of one message. ``relay`` is its HOST:PORT, for the error's words.

    A reply that answers nothing (such as 250 to DATA) defers the message before the final dot, for it was not
    taken then, and leaves it unknown after. Raises SenderRefused when the reply speaks of us, and TooLarge when it
    speaks of the message's size, but for a recipient.
    """
    kind = reply.code // 100
    if _is_too_large(stage, reply):
        raise TooLarge(f"The relay at {relay} takes no message of this size ({reply}).")
    if kind == 5:
        advice = _advice(stage, reply)
        refused = refusal(stage, reply, relay, advice) if advice else None
        if refused and stage is not Stage.RCPT:
            raise refused
        return Outcome(Result.FAILED, reply.code, reply.text, str(refused or ""))
    if kind == 4:
        return Outcome(Result.DEFERRED, reply.code, reply.text)
    if stage is not Stage.CONTENT:
        return Outcome(Result.DEFERRED, reply.code, one_line(f"answered {stage} with {reply}"))
    return Outcome(Result.SENT if kind == 2 else Result.UNKNOWN, reply.code, reply.text)


def _is_too_large(stage: Stage, reply: Reply) -> bool:
    """Whether a message is refused for its size, as everyone's copy of it would be."""
    if reply.code // 100 != 5 or stage not in (Stage.MAIL, Stage.DATA, Stage.CONTENT):
        return False
    text = reply.text.lower()
    if reply.enhanced == "5.3.4" or "#5.3.4" in text:
        return True
    if reply.enhanced not in ("", "5.2.3") and reply.code != 552:
        return False
    said = _TOO_LARGE.search(text) or (stage is Stage.MAIL and reply.code == 552)
    return bool(said) and not _FULL.search(text)


def refusal(stage: Stage, reply: Reply, relay: str, advice: str = "") -> SenderRefused:
    """The error that stops a run, in one sentence with what to do."""
    advice = advice or _advice(stage, reply) or _ALWAYS_OURS.get(stage, _RELAY)
    return SenderRefused(
        f"The relay at {relay} refuses this sender at {stage} ({reply}): {advice}.",
        of_message=stage in (Stage.DATA, Stage.CONTENT),
    )


def _advice(stage: Stage, reply: Reply) -> str | None:
    """What we have to mend, None when the reply is about the recipient or the message."""
    text = reply.text.lower()
    for words, advice in _OURS_BY_WORDS.items():
        if words in text:
            return advice
    found = _OURS_BY_ENHANCED.get(reply.enhanced) or _OURS_BY_CODE.get(reply.code)
    return found or _ALWAYS_OURS.get(stage)
