"""Host names beyond ASCII as the network knows them (IDNA 2008): the one place that decides it. Nothing is looked up.

Letters are mapped as browsers map them (UTS #46, non-transitional): case and width are evened out, and "ß", "ς", and
the joiners that a script needs stay what they are. Python's own codec speaks IDNA 2003, where straße is strasse: the
domain of somebody else.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit, urlunsplit

import idna

#: RFC 1035 §2.3.4, in octets, and a dot at the end; a name of characters beyond ASCII is never longer as it is typed.
_LONGEST = 254
_LONGEST_LABEL = 63
#: UTS #46 takes each for a dot.
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
#: The name system takes more than the rules for hosts: "_" and a hyphen at either end are in use.
_ASCII = re.compile(r"[a-z0-9_-]+")
_PORT = re.compile(r":[0-9]*")


@lru_cache(maxsize=4096)
def ascii_host(host: str) -> str | None:
    """The host in ASCII and small letters, beyond ASCII as A-labels (RFC 5891); None for what is no host.

    A percent-encoded host is read first (RFC 3986 §3.2.2). An address between brackets is left as it is.
    """
    if host.startswith("[") and host.endswith("]"):
        return host.lower() if host.isascii() else None
    if "%" in host:
        host = unquote(host, errors="replace")
    if not 0 < len(host) <= _LONGEST:
        return None
    labels = _DOTS.split(host)
    root = [""] if len(labels) > 1 and not labels[-1] else []
    try:
        found = [_ascii_label(label) for label in labels[: len(labels) - len(root)]]
    except (idna.IDNAError, UnicodeError):
        return None
    name = ".".join([*found, *root])
    return name if len(name) <= _LONGEST else None


def _ascii_label(label: str) -> str:
    """Raises IDNAError for what is none."""
    if not label.isascii():
        label = idna.encode(label, uts46=True, transitional=False).decode("ascii")
    label = label.lower()
    if len(label) > _LONGEST_LABEL or not all(_ASCII.fullmatch(part) for part in label.split(".")):
        raise idna.IDNAError(f"no label of a host: {label!r}")
    return label


def with_ascii_host(address: str) -> str | None:
    """An absolute address (http, https or another with "//") with its host in ASCII, the rest as it stands, a host that
    is in ASCII already among it.

    None where it has no host, or what stands there is none.
    """
    try:
        parts = urlsplit(address)
        netloc = parts.netloc
    except ValueError:
        return None
    who, at, place = netloc.rpartition("@")
    host, port = _apart(place)
    found = ascii_host(host)
    if found is None or (port and not _PORT.fullmatch(port)):
        return None
    if found == host.lower():
        return address
    return urlunsplit(parts._replace(netloc=f"{who}{at}{found}{port}"))


def _apart(place: str) -> tuple[str, str]:
    """Host and ":port" of what stands behind the "@"."""
    if place.startswith("["):
        host, bracket, port = place.partition("]")
        return host + bracket, port
    host, colon, port = place.partition(":")
    return host, colon + port


def ascii_mailbox(address: str) -> str | None:
    """A mail address with its domain in ASCII; None where that is no host. The local part is not looked at."""
    local, at, domain = address.rpartition("@")
    found = ascii_host(domain) if at else None
    return f"{local}@{found}" if found else None


def ascii_mailto(address: str) -> str:
    """A mailto address (RFC 6068) with the domains of its mailboxes in ASCII; those that are none as they stand."""
    scheme, colon, rest = address.partition(":")
    mailboxes, mark, fields = rest.partition("?")
    if mailboxes.isascii() and "%" not in mailboxes.rpartition("@")[2]:
        return address
    found = (ascii_mailbox(one) or one for one in mailboxes.split(","))
    return f"{scheme}{colon}{','.join(found)}{mark}{fields}"


@lru_cache(maxsize=4096)
def shown_host(host: str) -> str:
    """The host as a reader knows it: A-labels in their own letters, where those lead to the same name again."""
    if "xn--" not in host.lower():
        return host
    try:
        shown = ".".join(
            idna.decode(label) if label[:4].lower() == "xn--" else label for label in host.split(".")
        )
    except (idna.IDNAError, UnicodeError):
        return host
    return shown if ascii_host(shown) == host.lower() else host
