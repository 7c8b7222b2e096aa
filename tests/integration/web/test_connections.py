"""One visitor cannot stop the site for the others: real sockets, and what a page costs while they are at it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from web_requests import fetch

from newsletter.web import connections
from newsletter.web.serve import Server, serve

pytestmark = pytest.mark.slow


def _ask(server: Server, request: bytes) -> bytes:
    with socket.create_connection(server._listening_at, 10) as line:
        try:
            line.sendall(request)
            return b"".join(iter(lambda: line.recv(65_536), b""))
        except ConnectionError:
            # It hung up with the rest of the request unread, which may take its answer away.
            return b"HTTP/1.1 431"


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (b"X: " + b" " * 15_000 + b"\x01", b"400"),
        (b"X: a" + b"\t " * 7_000 + b"b", b"400"),
        (b"X: " + b" " * 64_000 + b"x", b"431"),
        (b"Cookie: a=" + rb"\"" * 100_000, b"431"),
        (b"\r\n".join(b"X%d: y" % number for number in range(200)), b"400"),
        (b"X: a\r\n" + b" b\r\n" * 150 + b"Y: z", b"400"),
    ],
    ids=["blanks", "tabs", "many blanks", "a huge cookie", "many lines", "a folded line"],
)
def test_headers_that_are_slow_to_parse_are_refused_unparsed(
    site, server, header: bytes, status: bytes
) -> None:
    answer = _ask(server, b"GET /rss.xml HTTP/1.1\r\nHost: x\r\n" + header + b"\r\n\r\n")
    assert answer.split()[1][:3] == status


def test_no_page_parses_a_cookie(site, server) -> None:
    """A quoted value of backslashes takes Python 3.11.7 a second for each 30 KB or so (CVE-2024-7592)."""
    seen = []

    def parse(cookie: str) -> dict[str, str]:
        seen.append(cookie)
        return {}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.handlers.wsgi.parse_cookie", parse)
        assert fetch(f"{server.url}/subscribe", Cookie='a="' + "\\" * 10_000).status == 200
    assert not any(seen)


@pytest.fixture
def impatient(site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that waits for a second, and lets ten in."""
    monkeypatch.setattr(connections, "IDLE", 1)
    monkeypatch.setattr(connections, "LOOK_EVERY", 0)
    monkeypatch.setattr(connections, "most_connections", lambda: 10)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    stop = threading.Event()
    running = serve(site.model_copy(update={"web": site.web.model_copy(update={"port": port})}), stop)
    yield running
    stop.set()
    assert running.join(10)


def test_connections_that_say_nothing_make_room_for_one_that_asks(impatient: Server) -> None:
    idle = [socket.create_connection(impatient._listening_at, 10) for _ in range(60)]
    try:
        assert fetch(f"{impatient.url}/healthz").status == 200
        assert idle[0].recv(1) == b"", "the one that was idle longest is ended"
    finally:
        for line in idle:
            line.close()


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /rss.xml HTTP/1.1\r\nHost: x\r\n",
        b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n",
    ],
    ids=["nothing", "half of the headers", "half of the body"],
)
def test_a_request_has_to_be_whole_in_time_however_often_a_byte_comes(
    impatient: Server, begun: bytes
) -> None:
    with socket.create_connection(impatient._listening_at, 0.2) as line:
        line.sendall(begun)
        for _ in range(50):
            try:
                if line.recv(1) == b"":
                    return
            except TimeoutError:
                if begun:
                    line.send(b"x")
            except ConnectionError:
                return
    pytest.fail("it was never ended")


def test_an_answer_that_takes_longer_than_a_connection_may_idle_still_comes(
    impatient: Server, monkeypatch
) -> None:
    from newsletter.web.public import health

    real, waited = health.JsonResponse, threading.Event()

    def slow(*args, **kwargs):
        waited.wait(2.5)
        return real(*args, **kwargs)

    monkeypatch.setattr(health, "JsonResponse", slow)
    assert fetch(f"{impatient.url}/healthz").status == 200
