"""Who asks: which address counts, and how much of it is kept."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from newsletter.web import visitor


def asked(peer: str, forwarded: str | None = None):
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=peer, **headers)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        # A stranger may write what they like.
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::1", "2001:db8::5", "2001:db8::5"),
        # The proxy adds at the end; what is before came from the client.
        ("127.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 127.0.0.1", "198.51.100.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1, nonsense", "127.0.0.1"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("::ffff:203.0.113.7", None, "203.0.113.7"),
        ("", None, "None"),
    ],
)
def test_only_a_proxy_on_this_machine_is_believed(peer: str, forwarded: str | None, expected: str) -> None:
    assert str(visitor.address(asked(peer, forwarded))) == expected


@pytest.mark.parametrize(
    ("peer", "kept", "counted"),
    [
        ("203.0.113.77", "203.0.113.0", "203.0.113.77"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::", "2001:db8:1:2::"),
        ("", "", ""),
    ],
)
def test_addresses_are_shortened_before_they_are_kept(peer: str, kept: str, counted: str) -> None:
    assert visitor.kept_ip(asked(peer)) == kept
    assert visitor.counted_ip(asked(peer)) == counted
