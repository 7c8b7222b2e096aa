"""The web server as a part of the program: starts, says what is wrong, stops in order."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from web_requests import fetch

from newsletter.errors import Refused
from newsletter.web.public import health
from newsletter.web.serve import serve


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
