"""A recording reaches podcast readers with its true length, asked of the server that has it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import feedparser
import pytest
from world import World

from newsletter.dates import PartialDate
from newsletter.models import Post
from newsletter.publishing.ingest import sync
from newsletter.publishing.public import feed_documents
from newsletter.sources.base import Enclosure, Fetched, Item, Look, Name, NameScheme

SIZE = 24_300_000


class Recordings:
    """A server of sound files that holds none of their bytes."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        recordings = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                recordings.asked[f"HEAD {self.path}"] += 1
                if self.path == "/moved.mp3":
                    self.send_response(302)
                    self.send_header("Location", "/tides.mp3")
                elif self.path in ("/gone.mp3", "/ranges.mp3"):
                    self.send_response(404 if self.path == "/gone.mp3" else 405)
                else:
                    self.send_response(200)
                    self.send_header("Content-Length", str(SIZE))
                self.end_headers()

            def do_GET(self) -> None:
                recordings.asked[f"GET {self.path}"] += 1
                if self.path == "/ranges.mp3" and self.headers["Range"] == "bytes=0-0":
                    self.send_response(206)
                    self.send_header("Content-Range", f"bytes 0-0/{SIZE}")
                    self.send_header("Content-Length", "1")
                    self.end_headers()
                    self.wfile.write(b"I")
                    return
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Episodes:
    """A source of one episode, which is edited at each look."""

    name = "radio"

    def __init__(self, item: Item) -> None:
        self.item = item
        self.looks = 0

    def fetch(self, look: Look) -> Fetched:
        self.looks += 1
        return Fetched([replace(self.item, title=f"Episode, edit {self.looks}")])


@pytest.fixture
def recordings() -> Iterator[Recordings]:
    recordings = Recordings()
    yield recordings
    recordings.close()


@pytest.fixture
def world(world: World) -> World:
    fetch = world.config.fetch.model_copy(update={"allowed_hosts": ["127.0.0.1"]})
    world.config = world.config.model_copy(update={"fetch": fetch})
    return world


def episode(world: World, html: str = "<p>Words.</p>", enclosure: Enclosure | None = None) -> Item:
    return Item(
        names=(Name(NameScheme.ID, "one"),),
        title="Episode",
        html=html,
        date=PartialDate.of_instant(world.now),
        enclosure=enclosure,
    )


def served(world: World) -> list[Any]:
    document = feed_documents.current(world.config).get(
        feed_documents.FeedAddress("rss.xml"), world.now + timedelta(days=5)
    )
    assert document is not None
    found = feedparser.parse(document.body)
    assert not found.bozo
    return [dict(enclosure) for entry in found.entries for enclosure in entry.get("enclosures", [])]


@pytest.mark.parametrize("name", ["tides.mp3", "moved.mp3", "ranges.mp3"])
def test_a_length_that_the_source_does_not_say_is_asked_for(
    world: World, recordings: Recordings, name: str
) -> None:
    url = f"{recordings.url}/{name}"
    source = Episodes(episode(world, enclosure=Enclosure(url, "audio/mpeg")))
    sync.sync(source, world.config, world.now)
    assert served(world) == [{"href": url, "type": "audio/mpeg", "length": str(SIZE)}]


def test_a_player_in_the_text_is_the_posts_recording(world: World, recordings: Recordings) -> None:
    html = f'<p><a href="{recordings.url}/tides.mp3">Listen</a></p>'
    sync.sync(Episodes(episode(world, html)), world.config, world.now)
    [enclosure] = served(world)
    assert enclosure["length"] == str(SIZE)


def test_what_is_known_is_not_asked_for_again(world: World, recordings: Recordings) -> None:
    source = Episodes(episode(world, enclosure=Enclosure(f"{recordings.url}/tides.mp3", "audio/mpeg")))
    for _ in range(3):
        sync.sync(source, world.config, world.now)
    assert recordings.asked == {"HEAD /tides.mp3": 1}
    assert Post.objects.get().enclosure["length"] == SIZE


def test_what_the_source_says_is_not_asked_for_at_all(world: World, recordings: Recordings) -> None:
    enclosure = Enclosure(f"{recordings.url}/tides.mp3", "audio/mpeg", 4711)
    sync.sync(Episodes(episode(world, enclosure=enclosure)), world.config, world.now)
    assert not recordings.asked
    assert served(world)[0]["length"] == "4711"


def test_a_recording_that_is_away_keeps_no_post_back_and_is_asked_for_while_the_post_is_new(
    world: World, recordings: Recordings
) -> None:
    source = Episodes(episode(world, enclosure=Enclosure(f"{recordings.url}/gone.mp3", "audio/mpeg")))
    for days in (0, 1, 3, 4):
        sync.sync(source, world.config, world.now + timedelta(days=days))
    assert recordings.asked["HEAD /gone.mp3"] == 2
    assert Post.objects.get().title == "Episode, edit 4"
    assert served(world) == []


def test_a_private_server_is_not_asked(world: World, recordings: Recordings) -> None:
    fetch = world.config.fetch.model_copy(update={"allowed_hosts": []})
    config = world.config.model_copy(update={"fetch": fetch})
    source = Episodes(episode(world, enclosure=Enclosure(f"{recordings.url}/tides.mp3", "audio/mpeg")))
    sync.sync(source, config, world.now)
    assert not recordings.asked
    assert Post.objects.get().enclosure["length"] is None
