"""What a hostile server can put on the wire, byte by byte: nothing of it misleads, fills memory or holds us."""

from __future__ import annotations

import functools
import gzip
import os
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import FetchRefused, SourceError
from newsletter.http.client import Fetcher
from newsletter.http.decompress import Damaged, UnpackedTooLarge, unpacked
from newsletter.http.ssrf import NO_WEB_PORTS, is_public

LOCAL = frozenset({"127.0.0.1", "localhost"})
ASK = Fetcher(LOCAL, most_bytes=1_000_000)
#: Without the hour: these bytes become names of tests, which have to be the same in each process that shares them.
zipped = functools.partial(gzip.compress, mtime=0)
#: What to write on a line that was accepted; may write and wait as it likes.
Manner = Callable[[socket.socket], None]


@contextmanager
def wire(*manners: Manner) -> Iterator[str]:
    """A server that accepts one connection a manner, in order; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for manner in manners:
                with suppress(OSError):
                    line, _ = listening.accept()
                    with line:
                        line.settimeout(5)
                        manner(line)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    thread.join(10)


def says(answer: bytes) -> Manner:
    """Read the request's head, then write these bytes."""

    def manner(line: socket.socket) -> None:
        _head(line)
        line.sendall(answer)

    return manner


def _head(line: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and (piece := line.recv(4096)):
        head += piece
    return head


def answer(status: str, *headers: str, body: bytes = b"", length: int | None = None) -> bytes:
    said = [f"Content-Length: {len(body) if length is None else length}", *headers]
    return f"HTTP/1.1 {status}\r\n".encode() + "\r\n".join(said).encode("latin-1") + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    ("headers", "body", "content"),
    [
        (["Content-Encoding: br"], b"whatever", b""),
        (["Content-Encoding: gzip, gzip"], zipped(zipped(b"x")), b""),
        (["Content-Encoding: gzip"], b"this is not gzip", b""),
        (["Content-Encoding: gzip"], zipped(b'{"code": "no_route"}'), b'{"code": "no_route"}'),
        ([], b"plain words", b"plain words"),
        (["Content-Encoding: gzip"], zipped(b"\0" * 30_000_000), None),
        ([], b"x" * 2_000_000, None),
    ],
)
@pytest.mark.parametrize("status", ["404 Not Found", "503 Busy", "999 No"])
def test_an_error_is_an_answer_whatever_its_body_is(
    status: str, headers: list[str], body: bytes, content: bytes | None
) -> None:
    with wire(says(answer(status, *headers, body=body))) as url:
        found = ASK.ask(url)
    assert found.status == int(status[:3])
    if content is None:
        assert len(found.content) <= 256 * 1024
    else:
        assert found.content == content


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (answer("200 OK", "Content-Encoding: br", body=b"x"), SourceError),
        (answer("200 OK", "Content-Encoding: deflate", body=zlib.compress(b"x")), SourceError),
        (answer("200 OK", "Content-Encoding: gzip, gzip", body=zipped(b"x")), SourceError),
        (answer("200 OK", "Content-Encoding: gzip", "Content-Encoding: gzip", body=zipped(b"x")), SourceError),
        (answer("200 OK", body=b"short", length=500), SourceError),
        (answer("200 OK", body=b"x" * 2_000_000), FetchRefused),
        (answer("302 Found", "Location: http://[broken/"), SourceError),
        (answer("302 Found", "Location: http://example.org:99999/"), SourceError),
        (answer("302 Found", "Location: /" + "a" * 9000), SourceError),
        (answer("302 Found", "Location: http://user:word@example.org/"), FetchRefused),
        (answer("302 Found", "Location: http://127.0.0.1:25/"), FetchRefused),
        (answer("302 Found", "Location: http://2130706434/"), FetchRefused),
        (answer("302 Found", "Location: http://0x7f.2/"), FetchRefused),
        (answer("302 Found", "Location: http://0177.0.0.2/"), FetchRefused),
        (answer("302 Found", "Location: http://[::ffff:7f00:2]/"), FetchRefused),
        (answer("302 Found", "Location: http://127.0.0.2:80#@127.0.0.1/"), FetchRefused),
        (answer("302 Found", "Location: //169.254.169.254/"), FetchRefused),
        (answer("302 Found", "Location: data:text/xml,<rss/>"), FetchRefused),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n", SourceError),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n", SourceError),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", SourceError),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nx", SourceError),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 100_000, SourceError),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", SourceError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", SourceError),
        (b"HTTP/1.1 99999 What\r\n\r\n", SourceError),
        (b"SSH-2.0-OpenSSH_9.2\r\n", SourceError),
        (b"", SourceError),
        (b"\x16\x03\x01" + bytes(300), SourceError),
    ],
)  # fmt: skip
def test_an_answer_that_lies_is_one_sentence(raw: bytes, error: type[SourceError]) -> None:
    with wire(says(raw)) as url, pytest.raises(error) as refusal:
        ASK.ask(url)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 700


def test_a_body_in_many_small_chunks_is_held_to_the_limit() -> None:
    def manner(line: socket.socket) -> None:
        _head(line)
        line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            line.sendall(b"64\r\n" + b"x" * 100 + b"\r\n")

    with wire(manner) as url, pytest.raises(FetchRefused, match="larger than"):
        Fetcher(LOCAL, most_bytes=100_000).ask(url)


@pytest.mark.parametrize("status", ["204 No Content", "205 Reset", "304 Not Modified"])
def test_an_answer_without_a_body_has_none_even_when_it_says_gzip(status: str) -> None:
    with wire(says(answer(status, "Content-Encoding: gzip", "ETag: W/x"))) as url:
        found = ASK.ask(url)
    assert (found.content, found.headers["etag"]) == (b"", "W/x")


@pytest.mark.parametrize("tls", [False, True])
def test_a_server_that_drips_is_hung_up_on_from_the_first_byte(tls: bool) -> None:
    """TLS too: a handshake that never ends would hold a thread for days, as each wait is short."""
    gone = threading.Event()

    def manner(line: socket.socket) -> None:
        line.settimeout(0.05)
        try:
            line.sendall(b"\x16\x03\x03\x40\x00" if tls else b"HTTP/1.1 200 OK\r\nX: ")
            while True:
                line.sendall(b"\x02")
                with suppress(TimeoutError):
                    if line.recv(4096) == b"":
                        return
        except OSError:
            pass
        finally:
            gone.set()

    with wire(manner) as url, pytest.raises(SourceError):
        Fetcher(LOCAL, whole_seconds=0.4).ask(url.replace("http:", "https:" if tls else "http:"))
    assert gone.wait(10)


@pytest.mark.parametrize(
    ("first", "second", "moved"),
    [
        ("301 Moved", "308 Moved", "/c"),
        ("301 Moved", "302 Found", "/b"),
        ("302 Found", "301 Moved", None),
        ("307 For now", "308 Moved", None),
    ],
)
def test_only_redirects_for_good_from_the_first_one_on_are_a_move(
    first: str, second: str, moved: str | None
) -> None:
    with wire(
        says(answer(first, "Location: /b#part")),
        says(answer(second, "Location: /c")),
        says(answer("200 OK", body=b"here")),
    ) as url:
        found = ASK.ask(f"{url}/a")
    assert (found.url, found.content) == (f"{url}/c", b"here")
    assert found.moved_to == (moved and url + moved)


def test_a_location_in_utf8_is_read_as_it_was_meant() -> None:
    asked: list[bytes] = []

    def second(line: socket.socket) -> None:
        asked.append(_head(line))
        line.sendall(answer("200 OK", body=b"x"))

    with wire(says("HTTP/1.1 301 Moved\r\nLocation: /café\r\n\r\n".encode()), second) as url:
        ASK.ask(url)
    assert asked[0].startswith(b"GET /caf%C3%A9 HTTP/1.1\r\n")


@pytest.mark.parametrize("value", ['"a"\r\nX-Evil: 1', '"a"\nX-Evil: 1', '"a\x00"', '"\ud800"', '"→"'])
def test_no_header_of_ours_can_carry_another(value: str) -> None:
    seen: list[bytes] = []

    def manner(line: socket.socket) -> None:
        seen.append(_head(line))

    with wire(manner) as url, pytest.raises(SourceError, match="could not be fetched"):
        ASK.ask(url, {"If-None-Match": value})
    assert b"Evil" not in b"".join(seen)


@given(st.text(alphabet=st.characters(max_codepoint=0x2FF), max_size=30))
def test_no_address_can_carry_a_header(text: str) -> None:
    seen: list[bytes] = []

    def manner(line: socket.socket) -> None:
        seen.append(_head(line))
        line.sendall(answer("200 OK", body=b"x"))

    with wire(manner) as url, suppress(SourceError):
        ASK.ask(f"{url}/\r\nX-Evil: 1 {text}\r\n\r\n")
    lines = b"".join(seen).split(b"\r\n")
    assert not [line for line in lines if line.startswith(b"X-Evil")]
    assert sum(line.startswith(b"Host:") for line in lines) <= 1


@pytest.mark.parametrize("port", sorted(NO_WEB_PORTS))
def test_other_services_are_not_talked_to(port: int) -> None:
    with pytest.raises(FetchRefused, match=f"port {port} "):
        ASK.ask(f"http://127.0.0.1:{port}/")


def test_an_address_with_a_zone_is_a_machine_s_own_link() -> None:
    assert not is_public("2606:2800:21f:cb07::1%lo")
    with pytest.raises(SourceError):
        ASK.ask("http://[2606:2800:21f:cb07::1%25lo]/")


def test_gzip_members_one_after_the_other_are_one_body() -> None:
    packed = zipped(b"first ") + zipped(b"second") + b"\0\0\0"
    assert b"".join(unpacked(iter([packed]), 100)) == b"first second"
    with pytest.raises(UnpackedTooLarge):
        b"".join(unpacked(iter([packed]), 11))


@given(st.binary(max_size=300), st.integers(1, 50), st.integers(0, 400))
def test_gzip_cut_anywhere_is_damaged_or_whole(content: bytes, size: int, cut: int) -> None:
    packed = zipped(content)
    pieces = [packed[start : start + size] for start in range(0, min(cut, len(packed)), size)]
    shorter = sum(map(len, pieces)) < len(packed)
    if shorter and pieces:
        with pytest.raises(Damaged):
            b"".join(unpacked(iter(pieces), 1000))
    else:
        assert b"".join(unpacked(iter(pieces), 1000)) == (content if pieces else b"")


def test_no_connection_stays_open_after_an_answer() -> None:
    with wire(*[says(answer("200 OK", body=b"x"))] * 4) as url:
        ASK.ask(url)
        before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
        for _ in range(3):
            ASK.ask(url)
        after = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    assert after <= before
