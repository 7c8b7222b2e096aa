"""A form is posted under the same rules as a page is fetched, and goes to nobody but whom it was meant for."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest

from newsletter.errors import FetchRefused, SourceError
from newsletter.http.client import Fetcher

FORM = {"hub.mode": "publish", "hub.url": "https://example.org/rss.xml?a=b&c=ü"}


class Taker(BaseHTTPRequestHandler):
    """Keeps the forms it is given, and answers with the status in its path."""

    taken: list[tuple[str, str, dict[str, str]]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.taken.append((self.path, self.headers["Content-Type"], dict(parse_qsl(body))))
        self.send_response(int(self.path.strip("/")))
        self.send_header("Location", "/202")
        self.send_header("Retry-After", "60")
        self.end_headers()
        self.wfile.write(b"what the other side says")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def taker() -> Iterator[tuple[str, type[Taker]]]:
    handler = type("OwnTaker", (Taker,), {"taken": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", handler
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_form_arrives_as_it_was_filled_in(taker) -> None:
    url, handler = taker
    answer = Fetcher(allowed_hosts={"127.0.0.1"}).post(f"{url}/202", FORM)
    assert (answer.status, answer.content) == (202, b"what the other side says")
    assert handler.taken == [("/202", "application/x-www-form-urlencoded", FORM)]


def test_any_status_is_an_answer_with_its_headers(taker) -> None:
    answer = Fetcher(allowed_hosts={"127.0.0.1"}).post(f"{taker[0]}/503", FORM)
    assert (answer.status, answer.headers["retry-after"]) == (503, "60")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_form_follows_no_redirect(taker, status: int) -> None:
    url, handler = taker
    assert Fetcher(allowed_hosts={"127.0.0.1"}).post(f"{url}/{status}", FORM).status == status
    assert len(handler.taken) == 1


def test_a_private_target_is_refused_unless_it_is_named(taker) -> None:
    url, handler = taker
    with pytest.raises(FetchRefused, match="not on the public internet"):
        Fetcher().post(f"{url}/202", FORM)
    assert handler.taken == []


def test_who_takes_too_long_is_hung_up_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow = Fetcher(allowed_hosts={"127.0.0.1"}, whole_seconds=0.2)
        with pytest.raises(SourceError, match="took too long"):
            slow.post(f"http://127.0.0.1:{silent.getsockname()[1]}/", FORM)
