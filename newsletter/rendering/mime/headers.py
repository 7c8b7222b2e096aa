"""Header fields, RFC by RFC: each function gives one finished field as bytes. No message is put together
here.

Nothing is left to the email package: see encoded_words.py for why. Every field is built whole, so a value can never
end one field and begin another: control characters are refused, and addresses, identifiers and URIs must
match the narrow grammar that their RFC gives them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote, urlsplit, urlunsplit

from newsletter.errors import UnsafeValue
from newsletter.host_names import with_ascii_host
from newsletter.rendering.mime.encoded_words import encoded_words

#: A line should have no more than 78 characters (RFC 5322 §2.1.1), with an encoded word 76 (RFC 2047 §2).
LINE = 76

#: Line ends of every kind, the other control characters, and halves of surrogate pairs.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOMAIN = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_DOMAIN}")
#: RFC 6532 §3.2: an atom may hold any character beyond ASCII too; the domain stays as A-labels.
_WIDE_ATOM = r"[^\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff()<>@,;:\\\".\[\]]+"
_WIDE_ADDRESS = re.compile(rf"{_WIDE_ATOM}(?:\.{_WIDE_ATOM})*@{_DOMAIN}")
_IDENTIFIER = re.compile(rf"<{_ATOM}(?:\.{_ATOM})*@{_DOMAIN}>")
_LIST_ID = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_PLAIN_PHRASE = re.compile(rf"{_ATOM}(?: {_ATOM})*")
_TOKEN = re.compile(r"[!-~]+")
#: RFC 3986 §2: what may stand in a URI. No angle bracket, space or quotation mark.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_WEB = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")


def checked(value: str, what: str) -> str:
    """The value with its spaces evened out. Raises UnsafeValue when it holds a line break or control
    character.
    """
    if CONTROL.search(value):
        raise UnsafeValue(
            f"{what} holds a line break or another control character: take it out ({value!r:.80})"
        )
    return re.sub(" {2,}", " ", value.strip())


def checked_address(address: str, what: str) -> str:
    """One mail address as it goes over the wire, ASCII only (RFC 5322 §3.4.1, dot-atom on both sides)."""
    if not _ADDRESS.fullmatch(address):
        raise UnsafeValue(f"{what} is not one plain mail address: {address!r:.120}")
    return address


def checked_link(address: str, what: str) -> str:
    """One http or https address without anything that could leave its angle brackets (RFC 3986 §2).

    One with letters beyond ASCII comes back as the URI it stands for (RFC 3987 §3.1).
    """
    uri = address if address.isascii() else _as_uri(address)
    if not _WEB.fullmatch(uri):
        raise UnsafeValue(f"{what} is not a web address: {address!r:.120}")
    return uri


def _as_uri(address: str) -> str:
    parts = urlsplit(with_ascii_host(checked(address, "a web address")) or "")
    path, query = (quote(part, safe="/?:@!$&'()*+,;=%-._~") for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def mailbox(field: str, name: str, address: str) -> bytes:
    """From, To or Reply-To with one address; the name is quoted or encoded as it needs, and may be empty."""
    spec = checked_address(address, field)
    words = _phrase(checked(name, field), LINE - len(field) - 2)
    return _folded(field, [*words, f"<{spec}>"] if words else [spec])


def to(name: str, address: str) -> bytes:
    """To, with one recipient. Letters beyond ASCII before the @ stand as they are (RFC 6532 §3.2); only a relay
    that offers SMTPUTF8 takes them, which the transport sees to.
    """
    if address.isascii() or not _WIDE_ADDRESS.fullmatch(address):
        return mailbox("To", name, address)
    words = _phrase(checked(name, "To"), LINE - len("To: "))
    return _folded("To", [*words, f"<{address}>"] if words else [address])


def mailto(address: str, subject: str, what: str) -> str:
    """A mailto address (RFC 6068 §2): "%", "/", "?" and the like are percent-encoded in the part before the @.

    ``subject`` is one word. Raises UnsafeValue when the address is none.
    """
    local, _, domain = checked_address(address, what).rpartition("@")
    escaped = quote(local, safe="!$'*+-._~=")
    return f"mailto:{escaped}@{domain}?subject={subject}" if subject else f"mailto:{escaped}@{domain}"


def unstructured(field: str, text: str) -> bytes:
    """Subject and the like: plain when it is short-worded ASCII, else encoded words throughout."""
    value = checked(text, field)
    if not value:
        raise UnsafeValue(f"{field} is empty")
    room = LINE - len(field) - 2
    tokens = value.split(" ")
    if not _needs_encoding(value) and max(map(len, tokens)) <= room:
        return _folded(field, tokens)
    return _folded(field, encoded_words(value, room))


def plain(field: str, value: str) -> bytes:
    """A field whose value is one ASCII token or a few, such as Precedence or Feedback-ID."""
    tokens = checked(value, field).split(" ")
    if not all(_TOKEN.fullmatch(token) for token in tokens):
        raise UnsafeValue(f"{field} must be printable ASCII: {value!r:.120}")
    return _folded(field, tokens)


def date(moment: datetime) -> bytes:
    """Date (RFC 5322 §3.6.1) of an aware moment, written in UTC."""
    if moment.tzinfo is None:
        raise UnsafeValue("Date needs a moment with a time zone")
    return f"Date: {format_datetime(moment.astimezone(UTC))}\r\n".encode("ascii")


def message_id(field: str, value: str) -> bytes:
    """Message-ID or our own field with the same value: <local@domain>, never folded (RFC 5322 §3.6.4)."""
    if not _IDENTIFIER.fullmatch(value):
        raise UnsafeValue(f"{field} must look like <letters.digits@domain>: {value!r:.120}")
    return f"{field}: {value}\r\n".encode("ascii")


def list_id(name: str, identifier: str) -> bytes:
    """List-Id (RFC 2919): a name for people, then the permanent identifier, at most 255 octets."""
    if not _LIST_ID.fullmatch(identifier) or len(identifier) > 255:
        raise UnsafeValue(f"email.list_id must look like hub.example.org: {identifier!r:.120}")
    words = _phrase(checked(name, "List-Id"), LINE - len("List-Id: "))
    return _folded("List-Id", [*words, f"<{identifier}>"])


def uris(field: str, *addresses: str) -> bytes:
    """A list field of RFC 2369: URIs in angle brackets, never encoded, folded only between two of them."""
    for address in addresses:
        if not _URI.fullmatch(address):
            raise UnsafeValue(f"{field} needs a web or mailto address in ASCII: {address!r:.120}")
    tokens = [f"<{address}>," for address in addresses[:-1]] + [f"<{addresses[-1]}>"]
    return _folded(field, tokens)


def list_unsubscribe(url: str, mailbox_address: str) -> bytes:
    """List-Unsubscribe with one web address and, when there is a mailbox, a mailto (RFC 2369 §3.2), and the
    one-click field that goes with them (RFC 8058 §3.1: the web address must be https where it counts, which
    `newsletter check` sees to).
    """
    addresses = [checked_link(url, "List-Unsubscribe")]
    if mailbox_address:
        addresses.append(mailto(mailbox_address, "unsubscribe", "List-Unsubscribe"))
    return uris("List-Unsubscribe", *addresses) + b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"


def _phrase(name: str, room: int) -> list[str]:
    """A display name as the words of RFC 5322 §3.2.5: atoms, one quoted string, or encoded words."""
    if not name:
        return []
    if not _needs_encoding(name):
        if _PLAIN_PHRASE.fullmatch(name) and max(map(len, name.split(" "))) <= room:
            return name.split(" ")
        quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        # A longer quoted string would have to be folded inside, which readers undo each in their own way.
        if len(quoted) <= room:
            return [quoted]
    return encoded_words(name, room)


def _needs_encoding(text: str) -> bool:
    # What looks like an encoded word would be decoded by the reader: the way in of CVE-2024-6923.
    return not text.isascii() or "=?" in text


def _folded(field: str, tokens: list[str]) -> bytes:
    """One space or one fold between tokens; a token is never cut, the first stays beside the field's name."""
    lines = [f"{field}: {tokens[0]}"]
    for token in tokens[1:]:
        if len(lines[-1]) + 1 + len(token) <= LINE:
            lines[-1] += f" {token}"
        else:
            lines.append(f" {token}")
    return ("\r\n".join(lines) + "\r\n").encode()
