"""Feeds fetched by a real client over a real socket: the second visit ends on 304."""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import feedparser
import pytest
from feed_samples import NEWEST_CHANGE, OLDER, POST, SITE

from newsletter.feeds.build import ATOM_TYPE, RSS_TYPE, atom, rss
from newsletter.feeds.conditional import Asked, Document, answer
from newsletter.feeds.jsonfeed import JSON_TYPE, json_feed

FEEDS = {
    "/rss.xml": (rss(SITE, [POST, OLDER]), RSS_TYPE),
    "/atom.xml": (atom(SITE, [POST, OLDER]), ATOM_TYPE),
    "/feed.json": (json_feed(SITE, [POST, OLDER]), JSON_TYPE),
}


class _Copier(BaseHTTPRequestHandler):
    """A web layer that only copies the answer."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body, content_type = FEEDS[self.path]
        document = Document(body, content_type=content_type, last_modified=NEWEST_CHANGE)
        names = ("Accept-Encoding", "If-None-Match", "If-Modified-Since")
        got = answer(document, Asked(self.command, *(self.headers.get(name) for name in names)))
        self.send_response(got.status)
        for name, value in got.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(got.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test's own failures are enough."""


@pytest.fixture(scope="module")
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Copier)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("path", ["/rss.xml", "/atom.xml"])
def test_a_reader_that_comes_back_is_told_that_nothing_changed(address, path):
    """H10"""
    first = feedparser.parse(address + path)
    assert not first.bozo
    assert first.status == 200
    assert first.headers["content-encoding"] == "gzip"
    assert [entry.id for entry in first.entries] == [POST.id, OLDER.id]
    assert feedparser.parse(address + path, etag=first.etag).status == 304
    assert feedparser.parse(address + path, modified=first.modified).status == 304


def test_a_304_over_the_wire_has_no_body_and_the_connection_goes_on(address):
    """H3"""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
    try:
        connection.request("GET", "/feed.json", headers={"If-None-Match": "*"})
        response = connection.getresponse()
        assert (response.status, response.read()) == (304, b"")
        connection.request("GET", "/feed.json")
        assert connection.getresponse().read() == FEEDS["/feed.json"][0]
    finally:
        connection.close()
