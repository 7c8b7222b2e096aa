"""Host names beyond ASCII: IDNA 2008 by one function, in every place that writes one."""

import pytest

from newsletter import host_names
from newsletter.config.values import _folder_address, _mail_address
from newsletter.feeds.normalize import web_address
from newsletter.http.client import Fetcher
from newsletter.rendering.body import fit_for_mail
from newsletter.rendering.mime.headers import checked_link
from newsletter.rendering.plaintext.html_to_text import write
from newsletter.sources.html.sanitize import clean
from newsletter.sources.markup.markdown import render
from subscribers.address import parse

NAMES = [
    ("straße.example.org", "xn--strae-oqa.example.org"),
    ("Müller.Example.org", "xn--mller-kva.example.org"),
    ("bu\u0308cher.example.org", "xn--bcher-kva.example.org"),
    ("βόλος.example.org", "xn--nxasmm1c.example.org"),
    ("نامه\u200cای.example.org", "xn--mgba3gch31f060k.example.org"),
    ("例え。example.org", "xn--r8jz45g.example.org"),
]
NO_NAMES = ["i❤.example.org", "exa mple.org", "ex\u2215ample.org", "\u200dא.example.org", "ü" * 70, ""]


@pytest.mark.parametrize(("typed", "found"), NAMES)
def test_every_place_writes_the_same_name(typed, found):
    """RFC 5891; UTS #46, non-transitional"""
    assert host_names.ascii_host(typed) == found
    assert host_names.ascii_host(found) == found
    address = f"https://{typed}:8080/a"
    sent = f"https://{found}:8080/a"
    kept = clean(f'<p><a href="{address}">a</a> <img src="{address}.png" alt="b"></p>', "")
    assert f'href="{sent}"' in kept
    assert f'src="{sent}.png"' in kept
    mailed = fit_for_mail(
        f'<p><a href="{address}">a</a><img src="{address}.png"></p>', "https://example.org/"
    )
    assert f'href="{sent}"' in mailed
    assert f'src="{sent}.png"' in mailed
    assert web_address(address) == sent
    assert checked_link(address, "List-Unsubscribe") == sent
    assert _folder_address(address) == sent
    if "\u3002" not in typed and "\u200c" not in typed:  # nobody types either into a mail address
        assert _mail_address(f"hub@{typed}") == f"hub@{found}"
        assert parse(f"ann@{typed}").wire == f"ann@{found}"


def test_the_fetcher_asks_for_the_name_itself():
    asked = []

    def resolver(host, port):
        asked.append(host)
        raise OSError

    for typed, _ in NAMES[:2]:
        with pytest.raises(Exception, match="no address"):
            Fetcher(resolver=resolver).ask(f"https://{typed}/")
    assert asked == [found for _, found in NAMES[:2]]


@pytest.mark.parametrize("typed", NO_NAMES)
def test_what_is_no_name_is_no_address(typed):
    assert host_names.ascii_host(typed) is None
    assert host_names.with_ascii_host(f"https://{typed}/") is None
    assert "href" not in clean(f'<a href="https://{typed}/">words</a>', "")
    assert web_address(f"https://{typed}/") is None


def test_a_percent_encoded_name_is_read():
    """RFC 3986 §3.2.2"""
    assert clean('<a href="https://m%C3%BCller.example.org/%C3%BC">a</a>', "") == (
        '<a href="https://xn--mller-kva.example.org/%C3%BC">a</a>'
    )
    assert host_names.ascii_host("m%FCller.example.org") is None


def test_names_in_ascii_stay_as_they_are():
    for address in (
        "https://Example.org/",
        "http://a_b-.example.org",
        "https://[2001:db8::1]:80/x",
        "http://127.0.0.1/",
    ):
        assert host_names.with_ascii_host(address) == address


def test_a_mailbox_in_a_link_has_its_domain_in_ascii():
    kept = clean('<a href="mailto:ann@straße.example.org?subject=Hallo">a</a>', "")
    assert kept == '<a href="mailto:ann@xn--strae-oqa.example.org?subject=Hallo">a</a>'


def test_markdown_writes_the_same_names():
    kept = clean(
        render(
            "[a](https://ÄRZTE.example.org/ä) <https://Straße.example.org> [m](mailto:x@Müller.example.org)"
        ),
        "",
    )
    for name in (
        "xn--rzte-koa.example.org/%C3%A4",
        "xn--strae-oqa.example.org",
        "x@xn--mller-kva.example.org",
    ):
        assert f'{name}"' in kept, kept


def test_a_reader_sees_the_letters():
    found = write(
        '<p><a href="https://xn--strae-oqa.example.org/x">Straße</a> und https://straße.example.org</p>'
    )
    assert found.notes == ["https://straße.example.org/x"]
    assert host_names.shown_host("xn--a.example.org") == "xn--a.example.org"
