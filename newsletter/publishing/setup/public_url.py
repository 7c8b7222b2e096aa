"""Whether the world can follow a link to this site: decided by the address alone, asking nobody."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

#: Names that lead nowhere, or only within a house: RFC 6761, 6762, 7686, 8375, 9476, and what routers and offices use.
_PRIVATE = frozenset(
    {
        "alt",
        "arpa",
        "corp",
        "domain",
        "example",
        "home",
        "host",
        "internal",
        "intranet",
        "invalid",
        "lan",
        "local",
    }
    | {"localdomain", "localhost", "onion", "private", "test", "workgroup"}
)
#: Reserved for examples (RFC 2606 §3).
_EXAMPLES = ("example.com", "example.net", "example.org")
#: 127.1, 2130706433 and 0x7f.1 are addresses to many programs.
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\Z")


def why_not(url: str) -> str:
    """Why a web address is no public https address, one clause; empty when it is one. A port may stand in it."""
    parts = urlsplit(url)
    host = (parts.hostname or "").casefold().rstrip(".")
    if why := _why_not_host(host):
        return f"{url} {why}"
    if parts.scheme.casefold() != "https":
        return f"{url} begins with {parts.scheme}://, and unsubscribing with one click works over https only"
    return ""


def is_example(url: str) -> bool:
    """Whether it stands in, in documentation, for an address of one's own."""
    host = (urlsplit(url).hostname or "").casefold().rstrip(".")
    return host in _EXAMPLES or host.endswith(tuple(f".{name}" for name in _EXAMPLES))


def _why_not_host(host: str) -> str:
    if not host:
        return "names no host"
    if (address := _address(host)) is not None:
        mapped = getattr(address, "ipv4_mapped", None) or address
        if mapped.is_loopback or mapped.is_unspecified:
            return "is this machine only"
        return "" if mapped.is_global else "is an address of a private network"
    labels = host.split(".")
    if labels[-1] == "localhost":
        return "is this machine only"
    if _NUMBER.match(labels[-1]):
        return "is a number and no name that the world knows"
    if len(labels) == 1:
        return "is a name that only your own network knows: it has no dot"
    if labels[-1] in _PRIVATE:
        return f"is a name that only your own network knows (.{labels[-1]})"
    if host.removeprefix("www.") in _EXAMPLES:
        return "is the example's address and not yours"
    return ""


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
