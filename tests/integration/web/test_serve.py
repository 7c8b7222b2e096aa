"""The web server as a part of the program: starts, says what is wrong, stops in order."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

import pytest
from web_requests import fetch

from newsletter.errors import Refused
from newsletter.web.public import health
from newsletter.web.serve import serve

pytestmark = pytest.mark.slow


def test_a_taken_port_is_refused_by_its_setting(site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        web = site.web.model_copy(update={"port": port})
        with pytest.raises(Refused, match=rf"(?s)Port {port} .* web\.port"):
            serve(site.model_copy(update={"web": web}), threading.Event())


def test_a_host_that_is_not_ours_is_refused_by_its_setting(site) -> None:
    web = site.web.model_copy(update={"host": "192.0.2.1"})
    with pytest.raises(Refused, match=r"web\.host"):
        serve(site.model_copy(update={"web": web}), threading.Event())


def _until_nobody_is_let_in(address: tuple[str, int]) -> None:
    while True:
        try:
            socket.create_connection(address, 1).close()
        except OSError:
            return


def test_an_answer_that_was_begun_is_finished(site, server, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()
    real = health.JsonResponse

    def slow(*args, **kwargs):
        begun.set()
        assert go_on.wait(10)
        return real(*args, **kwargs)

    monkeypatch.setattr(health, "JsonResponse", slow)
    with ThreadPoolExecutor(1) as pool:
        reply = pool.submit(fetch, f"{server.url}/healthz")
        assert begun.wait(10)
        server._stop.set()
        _until_nobody_is_let_in(server._listening_at)
        go_on.set()
        assert reply.result().status == 200
    assert server.join(10)


def test_the_program_does_not_say_what_it_runs_on(server) -> None:
    assert "Server" not in fetch(f"{server.url}/healthz").headers


def _head(reader: BinaryIO) -> list[str]:
    """The lines of an answer up to its body."""
    return [line.decode().strip() for line in iter(reader.readline, b"\r\n")]


@pytest.mark.parametrize(
    ("method", "status"),
    [("GET", "304 Not Modified"), ("HEAD", "304 Not Modified"), ("OPTIONS", "204 No Content")],
)
def test_a_connection_goes_on_after_an_answer_without_a_body(site, server, method: str, status: str) -> None:
    """Most of what feed readers get is a 304."""
    request = f"{method} /rss.xml HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n\r\n".encode()
    with socket.create_connection(server._listening_at, 10) as line, line.makefile("rb") as reader:
        for _ in range(3):
            line.sendall(request)
            head = _head(reader)
            assert head[0] == f"HTTP/1.1 {status}"
            assert "Connection: close" not in head


@pytest.mark.parametrize(
    "request_line", ["GET /rss.xml HTTP/1.1\r\nConnection: close", "GET /rss.xml HTTP/1.0"]
)
def test_who_asks_for_the_end_of_the_connection_gets_it(site, server, request_line: str) -> None:
    with socket.create_connection(server._listening_at, 10) as line, line.makefile("rb") as reader:
        line.sendall(f"{request_line}\r\nHost: x\r\nIf-None-Match: *\r\n\r\n".encode())
        head = _head(reader)
        assert "304 Not Modified" in head[0]
        assert "Connection: close" in head
        assert reader.read() == b""
