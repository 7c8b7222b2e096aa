"""Which network addresses may be fetched from: public ones only. No connection is made here."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection, Sequence

from newsletter.errors import FetchRefused, SourceError
from newsletter.host_names import ascii_host

#: A host's name and port → its addresses as text.
Resolver = Callable[[str, int], Sequence[str]]

#: IPv6 networks that carry an IPv4 address in their last 32 bits (RFC 6052, RFC 8215, RFC 4291 §2.5.5.1).
_CARRIERS = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))

#: Global by IANA's registry, or taken for it by Python before 3.13, and still no place of a web page: protocol
#: assignments (RFC 6890) and the relays of 6to4 (RFC 7526).
_NO_PLACES = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))

#: Ports of other services, which must not be talked to by way of a link (WHATWG Fetch §2.9, "bad port").
NO_WEB_PORTS = frozenset(
    {
        1,
        7,
        9,
        11,
        13,
        15,
        17,
        19,
        20,
        21,
        22,
        23,
        25,
        37,
        42,
        43,
        53,
        69,
        77,
        79,
        87,
        95,
        101,
        102,
        103,
        104,
        109,
    }
    | {
        110,
        111,
        113,
        115,
        117,
        119,
        123,
        135,
        137,
        139,
        143,
        161,
        179,
        389,
        427,
        465,
        512,
        513,
        514,
        515,
        526,
    }
    | {
        530,
        531,
        532,
        540,
        548,
        554,
        556,
        563,
        587,
        601,
        636,
        989,
        990,
        993,
        995,
        1719,
        1720,
        1723,
        2049,
        3659,
    }
    | {4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}
)


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host by the system's resolver. Raises OSError when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def public_addresses(
    host: str, port: int, *, resolver: Resolver = resolve, allowed_hosts: Collection[str] = ()
) -> list[str]:
    """The addresses to connect to, each of which was looked at.

    One address that is not public is enough to refuse the host: a name that answers with both is a trick
    (DNS rebinding). Hosts named in ``allowed_hosts`` may be anywhere. Raises FetchRefused, and SourceError
    for a host without an address.
    """
    try:
        found = list(resolver(host, port))
    except (OSError, UnicodeError) as error:
        raise SourceError(f"{host} has no address; check the spelling and the network") from error
    if not found:
        raise SourceError(f"{host} has no address; check the spelling and the network")
    if host.lower() in {ascii_host(name) or name.lower() for name in allowed_hosts}:
        return found
    for address in found:
        if not is_public(address):
            found_at = address if host == address else f"{host} leads to {address}, which"
            raise FetchRefused(
                f"{found_at} is not on the public internet; it is not fetched "
                "(a server of your own: name it in allowed_hosts under [fetch])"
            )
    return found


def is_public(address: str) -> bool:
    """False for private, loopback, link-local, multicast, reserved and unreadable addresses, also inside IPv6.

    So is one with a zone (``%eth0``): only a machine's own links have one (RFC 4007 §11).
    """
    if "%" in address:
        return False
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = _carried(found)
        if inner is not None:
            return is_public(str(inner))
        if found.is_site_local:
            return False
    elif any(found in network for network in _NO_PLACES):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _carried(found: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, 6to4, Teredo's client, NAT64, compatible."""
    if found.ipv4_mapped:
        return found.ipv4_mapped
    if found.sixtofour:
        return found.sixtofour
    if found.teredo:
        return found.teredo[1]
    if any(found in network for network in _CARRIERS) and int(found) > 1:
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return None
