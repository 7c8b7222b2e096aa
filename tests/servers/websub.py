"""A WebSub hub on loopback: takes notices, answers as told, and fetches what it was told of, as hubs do."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qsl

from web_requests import Reply, fetch

#: An answer that never comes, until the hub is closed.
HANG = 0


class HubServer:
    """``answers`` are the statuses of the next notices, 202 when they are used up; HANG says nothing at all."""

    def __init__(self, *answers: int, fetches: bool = False, retry_after: str = "") -> None:
        self.answers = list(answers)
        #: The addresses it was told of, in order, whatever it answered.
        self.heard: list[str] = []
        #: What it fetched after it had said yes.
        self.fetched: dict[str, Reply] = {}
        self._closed = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                assert form["hub.mode"] == "publish"
                assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
                outer.heard.append(form["hub.url"])
                status = outer.answers.pop(0) if outer.answers else 202
                if status == HANG:
                    outer._closed.wait(60)
                    return
                if status == 202 and fetches:
                    outer.fetched[form["hub.url"]] = fetch(form["hub.url"])
                self.send_response(status)
                if retry_after and status >= 400:
                    self.send_header("Retry-After", retry_after)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
