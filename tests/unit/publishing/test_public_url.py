"""Which addresses of a site the world can follow."""

from __future__ import annotations

import pytest

from newsletter.publishing.setup.public_url import is_example, why_not


@pytest.mark.parametrize(
    "url",
    [
        "https://news.hub.example.org",  # said to be the example's, and no more
        "https://lernwerk.de",
        "https://news.lernwerk.de:8443/letters",
        "https://straße.de",
        "https://xn--strae-oqa.de.",
        "https://93.184.216.34",
        "https://[2606:2800:220:1::1]",
    ],
)
def test_a_public_https_address(url: str) -> None:
    assert why_not(url) == ""


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://lernwerk.de", "https only"),
        ("HTTP://lernwerk.de:8000", "https only"),
        ("http://127.0.0.1:8000", "this machine only"),
        ("https://127.0.0.1", "this machine only"),
        ("https://127.8.9.1:8443", "this machine only"),
        ("https://127.1", "number"),
        ("https://2130706433", "number"),
        ("https://0x7f.1", "number"),
        ("https://0.0.0.0", "this machine only"),
        ("https://[::1]:8000", "this machine only"),
        ("https://[::ffff:127.0.0.1]", "this machine only"),
        ("https://[::ffff:10.0.0.1]", "private network"),
        ("https://localhost", "this machine only"),
        ("https://LocalHost.:8443/hub", "this machine only"),
        ("https://hub.localhost", "this machine only"),
        ("https://user@localhost", "this machine only"),
        ("https://10.1.2.3", "private network"),
        ("https://192.168.178.20:8000", "private network"),
        ("https://172.16.0.9", "private network"),
        ("https://100.64.0.1", "private network"),
        ("https://169.254.1.1", "private network"),
        ("https://[fd00::5]", "private network"),
        ("https://[fe80::1]", "private network"),
        ("https://hub.local", ".local"),
        ("https://news.hub.internal:8443", ".internal"),
        ("https://hub.lan", ".lan"),
        ("https://hub.home.arpa", ".arpa"),
        ("https://hub.test", ".test"),
        ("https://hub.example", ".example"),
        ("https://hub", "no dot"),
        ("https://newsletter:8000", "no dot"),
        ("https://example.org", "the example's"),
        ("https://www.Example.com/hub", "the example's"),
        ("https://example.net.", "the example's"),
    ],
)
def test_an_address_that_leads_nowhere_for_others(url: str, word: str) -> None:
    assert word in why_not(url)


def test_an_example_is_told_from_an_address_of_ones_own() -> None:
    assert is_example("https://news.hub.example.org")
    assert not is_example("https://myexample.org")
