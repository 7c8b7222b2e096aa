"""Feeds as a reader's program fetches them from the running server."""

from __future__ import annotations

import gzip
import json
import re
from datetime import datetime, timedelta

import feedparser
import page_samples
import pytest
from web_requests import fetch

from newsletter.config import Config
from newsletter.dates import PartialDate
from newsletter.models import Post, PostState
from newsletter.publishing.public import catalogue
from newsletter.publishing.public.static_export import build_feeds
from newsletter.sources.base import Enclosure

FEEDS = ("rss.xml", "atom.xml", "feed.json")


@pytest.fixture
def posts(site: Config, now: datetime) -> None:
    page_samples.post(site, now, categories=("land rights",))
    page_samples.post(site, now, "Seeds to share", url="https://example.org/seeds")


@pytest.mark.parametrize("file", FEEDS)
def test_a_feed_comes_without_cookies_and_with_its_validators(posts, server, file: str) -> None:
    reply = fetch(f"{server.url}/{file}")
    assert reply.status == 200
    assert "Set-Cookie" not in reply.headers
    assert reply.headers["ETag"]
    assert reply.headers["Last-Modified"]
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Type"].startswith("application/")


@pytest.mark.parametrize("file", FEEDS)
def test_a_reader_that_has_it_gets_304_without_a_body(posts, server, file: str) -> None:
    first = fetch(f"{server.url}/{file}")
    again = fetch(f"{server.url}/{file}", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Content-Type" not in again.headers
    since = fetch(f"{server.url}/{file}", If_Modified_Since=first.headers["Last-Modified"])
    assert since.status == 304


def test_gzip_is_the_same_feed(posts, server) -> None:
    plain, packed = fetch(f"{server.url}/rss.xml"), fetch(f"{server.url}/rss.xml", Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["ETag"] != plain.headers["ETag"]


def test_head_and_post(posts, server) -> None:
    head = fetch(f"{server.url}/rss.xml", method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(fetch(f"{server.url}/rss.xml").body)
    post = fetch(f"{server.url}/rss.xml", data=b"x=1")
    assert (post.status, post.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_change_is_seen_at_once(posts, server, now: datetime) -> None:
    first = fetch(f"{server.url}/atom.xml")
    made = Post.objects.get(key="seeds-to-share")
    made.title, made.revision = "Seeds to share, twice", made.revision + 1
    made.save()
    again = fetch(f"{server.url}/atom.xml", If_None_Match=first.headers["ETag"])
    assert again.status == 200
    assert b"Seeds to share, twice" in again.body


def test_a_topic_has_feeds_of_its_own(posts, server) -> None:
    feed = feedparser.parse(fetch(f"{server.url}/topics/land/atom.xml").body)
    assert [entry.title for entry in feed.entries] == ["Hedges by the stream"]
    assert feed.feed.links[0].href.endswith("/topics/land/atom.xml")
    assert fetch(f"{server.url}/topics/nothing/rss.xml").status == 404


@pytest.mark.parametrize("state", [PostState.HELD, PostState.WAITING, PostState.WITHDRAWN])
def test_what_is_not_released_is_in_no_feed(site, now, state: PostState) -> None:
    page_samples.in_state(page_samples.post(site, now), state)
    for content in build_feeds(site, now).values():
        assert b"Hedges" not in content


def test_ids_are_permanent_and_know_no_domain(posts, site, now) -> None:
    before = build_feeds(site, now)
    moved = site.model_copy(update={"site": site.site.model_copy(update={"url": "https://new.example.org"})})
    after = build_feeds(moved, now)
    ids = re.compile(rb"<id>([^<]+)</id>|<guid[^>]*>([^<]+)</guid>")
    for file in ("rss.xml", "atom.xml"):
        assert ids.findall(before[file]) == ids.findall(after[file])
        assert all(b"urn:uuid:" in b"".join(found) for found in ids.findall(after[file]))
    every = [
        ids.findall(before[file])[0] for file in ("atom.xml", "topics/land/atom.xml", "topics/food/atom.xml")
    ]
    assert len(set(every)) == 3


def test_the_same_posts_give_the_same_bytes(posts, site, now) -> None:
    before = build_feeds(site, now)
    catalogue.forget()  # as after a restart
    assert build_feeds(site, now) == before


def test_a_post_released_before_its_date_is_not_from_the_future(site, now) -> None:
    made = page_samples.post(site, now)
    Post.objects.filter(pk=made.pk).update(dated_at=now + timedelta(days=400))
    item = json.loads(build_feeds(site, now)["feed.json"])["items"][0]
    assert item["date_published"] == now.isoformat().replace("+00:00", "Z")


def test_a_feed_carries_as_many_posts_as_the_settings_say(site, now) -> None:
    for number in range(4):
        date = PartialDate.of_instant(now - timedelta(hours=number))
        page_samples.post(site, now, f"Post {number}", date=date)
    few = site.model_copy(update={"feeds": site.feeds.model_copy(update={"items": 2})})
    items = json.loads(build_feeds(few, now)["feed.json"])["items"]
    assert [item["title"] for item in items] == ["Post 0", "Post 1"]


def test_a_reader_without_etags_misses_no_change(server, site, now) -> None:
    """H1: whatever moment a change carries, and however many there are within one second."""
    post = page_samples.post(site, now, "Older")
    seen = [fetch(f"{server.url}/rss.xml")]

    def look() -> None:
        seen.append(fetch(f"{server.url}/rss.xml", If_Modified_Since=seen[-1].headers["Last-Modified"]))

    page_samples.post(site, now - timedelta(minutes=1), "Found by a look that began before")
    look()
    newest = page_samples.post(site, now, "Newest")
    look()
    page_samples.in_state(newest, PostState.WITHDRAWN)
    look()
    page_samples.post(site, now, post.title, html="<p>Other words.</p>")
    look()
    assert [reply.status for reply in seen] == [200] * 5
    assert b"Other words." in seen[-1].body


@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=-1)])
def test_an_edit_is_served_whatever_moment_it_carries(server, site, now, later) -> None:
    """A look at a source carries the moment at which it began, and posts may have changed since."""
    post = page_samples.post(site, now)
    first = fetch(f"{server.url}/rss.xml")
    page_samples.post(site, now + later, post.title, html="<p>Other words.</p>")
    assert b"Other words." in fetch(f"{server.url}/rss.xml").body
    assert fetch(f"{server.url}/rss.xml", If_None_Match=first.headers["ETag"]).status == 200


def test_what_is_written_from_right_to_left_says_so_in_the_html(site, now) -> None:
    """No feed format has a word for it."""
    page_samples.post(site, now, "مرحبا", html="<p>مرحبا بكم</p>", language="ar")
    page_samples.post(site, now, "Hello", html="<p>Hello to all</p>")
    items = {item["title"]: item for item in json.loads(build_feeds(site, now)["feed.json"])["items"]}
    assert items["مرحبا"]["content_html"] == '<div dir="rtl"><p>مرحبا بكم</p></div>'
    assert items["Hello"]["content_html"] == "<p>Hello to all</p>"


def test_a_recording_comes_from_its_source_into_every_format(site, now) -> None:
    talk = Enclosure("https://talks.example.org/river.mp3", "audio/mpeg", 48_213_117)
    page_samples.post(site, now, "A talk", enclosure=talk)
    # A private server is not asked how long it is.
    unknown = Enclosure("https://127.0.0.1/mill.mp3", talk.media_type, None)
    page_samples.post(site, now, "Another", enclosure=unknown)
    files = build_feeds(site, now)
    assert files["rss.xml"].count(b"<enclosure ") == 1
    assert files["atom.xml"].count(b'rel="enclosure"') == 2
    assert files["feed.json"].count(b'"attachments"') == 2
