"""Reads, compares and hashes mail addresses. It looks nothing up: no DNS, no database, no settings."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from subscribers.errors import BadAddress, WeakKey

#: RFC 5321 §4.5.3.1.1, in octets.
MAX_LOCAL_OCTETS = 64
#: RFC 5321 §4.5.3.1.3 gives a path 256 octets, and two of them are its angle brackets.
MAX_OCTETS = 254
#: SHA-256 gives no more than its own length, and a shorter key can be searched along with the addresses.
MIN_KEY_BYTES = 32

#: What people paste along: white space of every kind (a line end of a spreadsheet cell, a no-break space).
_WHITE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
#: And zero-width characters, direction marks and the byte order mark, which nobody sees.
_MARKS = "".join(map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)))
_BETWEEN_TWO = re.compile(r"[,;\s]")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_SHOWN_IN_ERRORS = 80


@dataclass(frozen=True, slots=True)
class Address:
    """One mail address in the forms that each use needs. Made by ``parse`` only."""

    #: As the person typed it, trimmed and in Unicode NFC: for "Sent to …" and the desk.
    shown: str
    #: The unique key. Two spellings with the same ``normal`` are one person.
    normal: str
    #: What goes into RCPT TO and To: the local part as typed, the domain as a lower-case A-label (RFC 5890).
    wire: str
    #: The relay must offer SMTPUTF8 (RFC 6531), because the local part is not ASCII.
    needs_smtputf8: bool

    @property
    def domain(self) -> str:
        """The domain as a lower-case A-label, for limits and reports by domain."""
        return self.wire.rpartition("@")[2]


def parse(text: str) -> Address:
    """Read one address that a person typed or a file holds.

    Spaces and invisible marks around it are dropped. Plus signs and dots are kept, also for comparison: only
    the provider knows whether they matter. Addresses under .test, .example and example.org are taken, so that
    practice needs no real ones. Quoted local parts ("a b"@…) and bracketed IP addresses are legal in
    RFC 5321, but hardly any relay takes them, and they are refused.

    Raises BadAddress, with a sentence for the person who typed it.
    """
    shown = unicodedata.normalize("NFC", text.strip(_WHITE + _MARKS))
    _refuse_slips(shown)
    try:
        # test_environment lets .test through; without check_deliverability nothing asks the network.
        checked = validate_email(shown, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise BadAddress(f"“{_quotable(shown)}” is not a mail address: {error}") from error
    local = shown.rpartition("@")[0]
    domain = checked.ascii_domain.lower()
    _refuse_ending(shown, domain)
    wire = f"{local}@{domain}"
    _refuse_length(local, wire)
    return Address(shown, f"{_folded(local)}@{domain}", wire, needs_smtputf8=not local.isascii())


def hashes(normal: str, key: bytes) -> tuple[str, ...]:
    """Every hash under which a suppression of this address may stand, the one of today first. Raises WeakKey."""
    before = folded_before(normal)
    return (hashed(normal, key),) if before == normal else (hashed(normal, key), hashed(before, key))


def hashed(normal: str, key: bytes) -> str:
    """The form in which a suppressed address is kept: HMAC-SHA-256 of ``Address.normal``, 64 hex digits.

    ``key`` is the suppression key of the installation, at least 32 bytes. It must never derive from Django's
    SECRET_KEY: rotating that would forget everyone who must not be mailed. Raises WeakKey.
    """
    if len(key) < MIN_KEY_BYTES:
        raise WeakKey(
            f"The suppression key has {len(key)} bytes and needs at least {MIN_KEY_BYTES}: "
            "give one that was drawn at random, and keep it for as long as the suppressions."
        )
    return hmac.new(key, normal.encode(), hashlib.sha256).hexdigest()


def _folded(local: str) -> str:
    """The local part for comparison: in lower case as far as it is ASCII.

    RFC 5321 §2.4 lets a host tell Ann from ann, but none that matters does, and taking two spellings for two
    people would mail one of them twice. Beyond ASCII nobody knows what a host folds, and Unicode's folding makes one of
    letters that are two for every host (ſam and sam, ß and ss): such a letter stays as it is, and another address is
    another person.
    """
    return "".join(letter.lower() if letter.isascii() else letter for letter in local)


def folded_before(normal: str) -> str:
    """What ``normal`` was before the end of 2026, when letters beyond ASCII were folded too. Suppressions of that time
    are kept by it: it is looked up as well, so that nobody who was suppressed becomes mailable."""
    local, _, domain = normal.rpartition("@")
    return f"{unicodedata.normalize('NFC', local.casefold())}@{domain}"


def _refuse_slips(shown: str) -> None:
    """Refuse the mistakes that people really make, each in words that fit."""
    quoted = _quotable(shown)
    if not shown:
        raise BadAddress("Please give a mail address, such as ann@example.org.")
    if len(shown) > MAX_OCTETS:
        raise BadAddress(f"“{quoted}” is too long: a mail address has at most {MAX_OCTETS} characters.")
    if any(unicodedata.category(character) in _INVISIBLE for character in shown):
        raise BadAddress(f"“{quoted}” holds a line break or an invisible character: please type it again.")
    if "<" in shown or ">" in shown:
        raise BadAddress(
            f"“{quoted}” holds more than an address: please leave out the name and the brackets."
        )
    if shown.count("@") > 1 and _BETWEEN_TWO.search(shown):
        raise BadAddress(f"“{quoted}” holds more than one address: please give one at a time.")
    if "@" not in shown:
        raise BadAddress(f"“{quoted}” is not a mail address: the @ sign is missing.")
    if any(character.isspace() for character in shown):
        raise BadAddress(f"“{quoted}” is not a mail address: there must be no space in it.")


def _refuse_ending(shown: str, domain: str) -> None:
    """A domain ends in a name of at least two letters (RFC 3696 §2: no top-level domain is all numbers, and none has
    one letter)."""
    above, _, ending = domain.rpartition(".")
    if not above:
        raise BadAddress(
            f"“{_quotable(shown)}” is not a mail address: a domain such as example.org is missing."
        )
    if len(ending) < 2 or not (ending.isalpha() or ending.startswith("xn--")):
        raise BadAddress(
            f"“{_quotable(shown)}” is not a mail address: no domain ends in “.{_quotable(ending)}”."
        )


def _refuse_length(local: str, wire: str) -> None:
    """Measure in octets what goes on the wire; the validator counts characters."""
    if len(local.encode()) > MAX_LOCAL_OCTETS:
        raise BadAddress(
            f"“{_quotable(wire)}” is too long before the @ sign: it may have {MAX_LOCAL_OCTETS} bytes."
        )
    if len(wire.encode()) > MAX_OCTETS:
        raise BadAddress(f"“{_quotable(wire)}” is too long: a mail address has at most {MAX_OCTETS} bytes.")


def _quotable(shown: str) -> str:
    """What was typed, made safe and short for a sentence, a log line or a terminal."""
    visible = (c if unicodedata.category(c) not in _INVISIBLE else "\N{REPLACEMENT CHARACTER}" for c in shown)
    safe = "".join(visible)
    return safe if len(safe) <= _SHOWN_IN_ERRORS else safe[: _SHOWN_IN_ERRORS - 1] + "…"
