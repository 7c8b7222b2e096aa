"""Who asks: the address of a client, and how much of it is kept."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

from newsletter.web.configured import config

_Address = IPv4Address | IPv6Address


def address(request: HttpRequest) -> _Address | None:
    """The client's address. X-Forwarded-For counts only when a proxy on this machine sent it, and of it only the last
    entry that is not such a proxy itself: everything before it may be invented by the client."""
    peer = _parsed(request.META.get("REMOTE_ADDR", ""))
    if peer is None or not peer.is_loopback:
        return peer
    for entry in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        forwarded = _parsed(entry)
        if forwarded is None:
            return peer
        if not forwarded.is_loopback:
            return forwarded
    return peer


def _parsed(text: str) -> _Address | None:
    try:
        parsed = ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed


def _network(found: _Address | None, *, v4: int, v6: int) -> str:
    if found is None:
        return ""
    return str(ip_network((found, v4 if found.version == 4 else v6), strict=False).network_address)


def kept_ip(request: HttpRequest) -> str:
    """What a consent record keeps: IPv4 to /24, IPv6 to /48 (GDPR 5(1)(c)); empty when unknown."""
    return _network(address(request), v4=24, v6=48)


def counted_ip(request: HttpRequest) -> str:
    """What limits count by: an IPv4 address, or the /64 that one IPv6 customer has at least."""
    return _network(address(request), v4=32, v6=64)


def counted_networks(request: HttpRequest) -> tuple[str, str, str]:
    """The same, then its /24 and /16; or the /48 that anybody can have, and the /32 of their provider."""
    found = address(request)
    return (
        counted_ip(request),
        f"{_network(found, v4=24, v6=48)}*",
        f"{_network(found, v4=16, v6=32)}**",
    )


def from_elsewhere(request: HttpRequest) -> bool:
    """Whether a page of another site sent this form (ASVS 3.5.1). Who sends neither header is no browser of today, and
    "null" comes from our own pages that ask for no referrer."""
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None:
        return fetched_from not in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    return origin != "null" and urlsplit(origin).netloc not in _own_hosts(request)


def _own_hosts(request: HttpRequest) -> set[str]:
    hosts = {urlsplit(config().site.url).netloc}
    with suppress(DisallowedHost):
        hosts.add(request.get_host())
    return hosts
