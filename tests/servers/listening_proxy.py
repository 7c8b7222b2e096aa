"""An HTTP proxy on loopback that forwards to one site and writes down what was asked and answered."""

from __future__ import annotations

import http.client
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

_HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "host"})


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer."""

    path: str
    #: If-None-Match or If-Modified-Since was sent.
    conditional: bool
    status: int


class ListeningProxy:
    """Stands before the site on ``port``; ``heard`` has every exchange, in order."""

    def __init__(self, port: int) -> None:
        self.heard: list[Exchange] = []
        heard, target = self.heard, port

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                connection = http.client.HTTPConnection("127.0.0.1", target, timeout=30)
                headers = {
                    name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP
                }
                connection.request("GET", self.path, headers=headers)
                answer = connection.getresponse()
                body = answer.read()
                connection.close()
                conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
                heard.append(Exchange(self.path, conditional, answer.status))
                self.send_response_only(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in _HOP_BY_HOP:
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def statuses(self, path: str) -> list[int]:
        """The statuses of one address, in order."""
        return [exchange.status for exchange in self.heard if exchange.path == path]
