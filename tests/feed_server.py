"""A web site on 127.0.0.1 whose answers a test sets path by path, and that keeps what it was asked; and its feeds."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from newsletter.http.client import Fetcher

#: What a fetcher needs to ask it.
LOCAL = Fetcher(frozenset({"127.0.0.1", "localhost"}))


@dataclass
class Given:
    """One answer. With an ETag or Last-Modified among its headers it answers 304 to whoever sends that back."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class FeedServer:
    """Where a test puts answers and finds requests."""

    url: str = ""
    answers: dict[str, Given] = field(default_factory=dict)
    #: (path, headers in small letters) of every request.
    seen: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def give(self, path: str, body: str | bytes = b"", status: int = 200, **headers: str) -> None:
        """Answer this from now on; of a header's name an underscore is a hyphen."""
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Given(content, status, named)

    def asked(self) -> list[str]:
        """The paths since the last call."""
        paths = [path for path, _ in self.seen]
        self.seen.clear()
        return paths


@contextmanager
def feed_server() -> Iterator[FeedServer]:
    """A server on a free port."""
    kept = FeedServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name.lower(): value for name, value in self.headers.items()}
            kept.seen.append((self.path, asked))
            given = kept.answers.get(self.path, Given(b"not here", 404))
            same = [
                asked[condition] == given.headers[name]
                for condition, name in (("if-none-match", "ETag"), ("if-modified-since", "Last-Modified"))
                if condition in asked and name in given.headers
            ]
            self._send(
                Given(b"", 304, given.headers) if given.status == 200 and all(same) and same else given
            )

        def _send(self, given: Given) -> None:
            self.send_response(given.status)
            for name, value in given.headers.items():
                self.send_header(name, value)
            if given.status != 304:
                self.send_header("Content-Length", str(len(given.body)))
            self.end_headers()
            self.wfile.write(given.body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def rss(*items: str, head: str = "", root: str = "") -> str:
    """An RSS 2.0 feed of these items."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
        f'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" {root}>'
        f"<channel><title>The Mill</title><link>https://mill.example.org/</link>{head}{''.join(items)}</channel></rss>"
    )


def item(number: int, *, more: str = "", **parts: str) -> str:
    """One item; ``parts`` replace its own elements, an empty one leaves it out."""
    own = {
        "title": f"Post {number}",
        "link": f"https://mill.example.org/posts/{number}/",
        "guid": f"https://mill.example.org/?p={number}",
        "pubDate": f"{number % 28 + 1:02d} Oct 2026 09:00:00 +0000",
        "description": f"&lt;p&gt;Whole text of post {number}.&lt;/p&gt;",
    } | parts
    elements = "".join(f"<{name}>{text}</{name}>" for name, text in own.items() if text)
    return f"<item>{elements}{more}</item>"
