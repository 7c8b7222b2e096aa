"""Fetching is refused wherever an address, a redirect or a body would lead us astray; against real servers."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import FetchRefused, SourceError
from newsletter.http.client import fetch
from newsletter.http.ssrf import is_public, public_addresses
from newsletter.sources.import_page import import_page

LOCAL = frozenset({"127.0.0.1", "localhost"})
PAGE = b"<html><body><article><h1>The Mill</h1><p>It grinds.</p></article></body></html>"


class Site(BaseHTTPRequestHandler):
    """Answers by path; ``seen`` keeps the Host header and path of every request."""

    seen: list[tuple[str, str]]

    def do_GET(self) -> None:
        self.seen.append((self.headers["Host"], self.path))
        getattr(
            self, "answer_" + self.path.strip("/").partition("/")[0].partition("?")[0], self.answer_page
        )()

    def answer_page(self) -> None:
        self._send(200, PAGE)

    def answer_packed(self) -> None:
        self._send(200, gzip.compress(PAGE), {"Content-Encoding": "gzip"})

    def answer_bomb(self) -> None:
        self._send(200, gzip.compress(b"\0" * 30_000_000), {"Content-Encoding": "gzip"})

    def answer_damaged(self) -> None:
        self._send(200, gzip.compress(PAGE)[:-9], {"Content-Encoding": "gzip"})

    def answer_garbage(self) -> None:
        self._send(200, b"this is not gzip", {"Content-Encoding": "gzip"})

    def answer_brotli(self) -> None:
        self._send(200, PAGE, {"Content-Encoding": "br"})

    def answer_truncated(self) -> None:
        self._send(200, PAGE, {"Content-Length": str(len(PAGE) + 10)})

    def answer_missing(self) -> None:
        self._send(404, b"")

    def answer_inside(self) -> None:
        self._send(302, b"", {"Location": "http://169.254.169.254/latest/meta-data/"})

    def answer_file(self) -> None:
        self._send(302, b"", {"Location": "file:///etc/hostname"})

    def answer_nowhere(self) -> None:
        self._send(302, b"")

    def answer_loop(self) -> None:
        self._send(302, b"", {"Location": "/loop"})

    def answer_hop(self) -> None:
        left = int(self.path.rpartition("/")[2])
        self._send(301, b"", {"Location": f"/hop/{left - 1}" if left else "/page"})

    def answer_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            pass

    def answer_dripping(self) -> None:
        self.send_response(200)
        self.end_headers()
        self._drip()

    def answer_silent(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self._drip()

    def _drip(self) -> None:
        """One byte at a time until the other side hangs up, so that no single wait is ever long."""
        self.connection.settimeout(0.05)
        try:
            while True:
                self.wfile.write(b"x")
                try:
                    if self.connection.recv(1) == b"":
                        return
                except TimeoutError:
                    continue
        except OSError:
            pass

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (
            {"Content-Type": "text/html", "Content-Length": str(len(body))} | (headers or {})
        ).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    seen: list[tuple[str, str]] = []
    handler = type("Handler", (Site,), {"seen": seen})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a refused handshake is what we want
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_address[1], seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving() as (port, _):
        yield f"http://127.0.0.1:{port}"


def answers(*addresses: str) -> Callable[[str, int], list[str]]:
    """A resolver that gives these whatever is asked."""
    return lambda _host, _port: list(addresses)


def test_a_page_arrives_with_its_type_and_final_address(site: str) -> None:
    found = fetch(f"{site}/hop/4", allowed_hosts=LOCAL)
    assert (found.url, found.content, found.content_type) == (f"{site}/page", PAGE, "text/html")


def test_a_packed_page_is_unpacked(site: str) -> None:
    assert fetch(f"{site}/packed", allowed_hosts=LOCAL).content == PAGE


def test_a_page_is_imported_from_its_address(site: str) -> None:
    item = import_page(f"{site}/stories/mill", zone="UTC", fetch=lambda url: fetch(url, allowed_hosts=LOCAL))
    assert (item.title, item.html, item.names[0].value) == ("The Mill", "<p>It grinds.</p>", "/stories/mill")


def test_without_leave_nothing_private_is_fetched(site: str) -> None:
    with pytest.raises(FetchRefused, match="not on the public internet"):
        fetch(f"{site}/page")


@pytest.mark.parametrize(
    ("path", "error", "message"),
    [
        ("inside", FetchRefused, "169.254.169.254 is not on the public internet"),
        ("file", FetchRefused, "only http:// and https://"),
        ("nowhere", SourceError, "without saying where"),
        ("loop", SourceError, "more than 5 times"),
        ("hop/5", SourceError, "more than 5 times"),
        ("bomb", FetchRefused, "unpacks to more than"),
        ("damaged", SourceError, "damaged gzip"),
        ("garbage", SourceError, "damaged gzip"),
        ("brotli", SourceError, "was not asked for"),
        ("truncated", SourceError, "could not be fetched: the answer broke off before its end"),
        ("missing", SourceError, "answered 404"),
        ("endless", FetchRefused, "larger than"),
    ],
)
def test_an_answer_that_leads_astray_is_refused_in_one_sentence(
    site: str, path: str, error: type[SourceError], message: str
) -> None:
    with pytest.raises(error) as refusal:
        fetch(f"{site}/{path}", allowed_hosts=LOCAL, most_bytes=1_000_000)
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("path", ["dripping", "silent"])
def test_a_server_that_drips_is_hung_up_on(site: str, path: str) -> None:
    with pytest.raises(SourceError):
        fetch(f"{site}/{path}", allowed_hosts=LOCAL, whole_seconds=0.3)


def test_a_closed_port_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(SourceError, match=r"could not be fetched: connection refused$"):
            fetch(f"http://127.0.0.1:{taken.getsockname()[1]}/", allowed_hosts=LOCAL)


def test_what_is_no_web_server_is_one_printable_sentence() -> None:
    """Staff read it in a terminal, and PostgreSQL keeps no NUL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def nonsense() -> None:
            line, _ = listening.accept()
            with line:
                line.recv(65536)
                line.sendall(b"\x00\x1b[31m\xff\xfegarbage\r\n\r\n")

        threading.Thread(target=nonsense, daemon=True).start()
        with pytest.raises(SourceError, match=r"could not be fetched: .*garbage") as refusal:
            fetch(f"http://127.0.0.1:{listening.getsockname()[1]}/", allowed_hosts=LOCAL)
    assert str(refusal.value).isprintable()


def test_a_name_that_changes_its_answer_gains_nothing() -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["93.184.215.14"] if len(asked) == 1 else ["127.0.0.1"]

    assert public_addresses("trick.example.org", 80, resolver=rebinding) == ["93.184.215.14"]
    with pytest.raises(FetchRefused):
        fetch("http://trick.example.org/", resolver=rebinding)
    assert len(asked) == 2


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    with serving() as (port, seen):
        found = fetch(
            f"http://hub.example.org:{port}/page",
            resolver=answers("127.0.0.1"),
            allowed_hosts=["HUB.example.org"],
        )
    assert found.content == PAGE
    assert seen == [(f"hub.example.org:{port}", "/page")]


def test_one_private_answer_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(FetchRefused, match=r"10\.0\.0\.7"):
        fetch("http://trick.example.org/", resolver=answers("93.184.215.14", "10.0.0.7"))


def test_every_redirect_is_resolved_and_checked_anew(site: str) -> None:
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return [host]

    with pytest.raises(FetchRefused):
        fetch(f"{site}/inside", resolver=resolver, allowed_hosts=LOCAL)
    assert asked == ["127.0.0.1", "169.254.169.254"]


def test_tls_asks_for_the_certificate_of_the_name_and_not_of_the_address(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hub.example.org").configure_cert(tls)
    trusted = str(tmp_path / "ca.pem")
    with serving(tls) as (port, _):
        local = answers("127.0.0.1")

        def get(name: str, ca_file: str | None) -> bytes:
            return fetch(
                f"https://{name}:{port}/page", resolver=local, allowed_hosts=[name], ca_file=ca_file
            ).content

        assert get("hub.example.org", trusted) == PAGE
        with pytest.raises(SourceError, match="certificate does not verify"):
            get("other.example.org", trusted)
        with pytest.raises(SourceError, match="certificate does not verify"):
            get("hub.example.org", None)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x",
        "file:///etc/passwd",
        "gopher://example.org/",
        "javascript:alert(1)",
        "https://user:secret@example.org/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
    ],
)
def test_an_address_that_must_not_be_fetched_is_refused(url: str) -> None:
    with pytest.raises(FetchRefused) as refusal:
        fetch(url)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "url", ["http://", "http:///x", "https://[", "http://exa mple.org:x/", "http://a:99999/"]
)
def test_what_is_no_address_is_one_sentence(url: str) -> None:
    with pytest.raises(SourceError):
        fetch(url, resolver=answers())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fec0::1", "ff02::1", "2001:db8::1", "192.88.99.1", "192.0.0.8",
        "::ffff:192.88.99.1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "::7f00:1",
        "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "64:ff9b:1::a00:1", "not an address", "",
    ],
)  # fmt: skip
def test_no_inner_address_is_public_in_any_disguise(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:93.184.215.14", "64:ff9b::808:808"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4).filter(lambda found: not is_public(str(found))))
def test_a_private_v4_address_stays_private_inside_v6(found: Any) -> None:
    assert not is_public(f"::ffff:{found}")
    assert not is_public(f"64:ff9b::{found}")


@given(st.text(max_size=30))
def test_any_text_as_an_address_is_refused_or_unreachable(text: str) -> None:
    for url in (text, "http://" + text, "https://example.org" + text):
        with pytest.raises(SourceError):
            fetch(url, resolver=answers())
