# ruff: noqa: DTZ001  (WordPress's database keeps UTC without saying so)
"""One WordPress site under one name, by its API, its feed and its export file in turn: no post comes twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from servers.wordpress import Blog, BlogPost, Picture, WordPressServer
from servers.wxr import export
from world import World, next_tuesday_nine

from newsletter.http.client import Fetcher
from newsletter.models import Post, PostState, Source
from newsletter.publishing.ingest import sync
from newsletter.sources.base import Source as SourceOfPosts
from newsletter.sources.webfeed.source import WebFeedSource
from newsletter.sources.wordpress.export_source import ExportSource
from newsletter.sources.wordpress.source import WordPressSource

CLOSED = (401, "rest_cannot_access", "Only authenticated users can access the REST API.")


@pytest.fixture
def wordpress(world: World) -> Iterator[WordPressServer]:
    blog = Blog(
        categories={5: ("land-rights", "Land rights")},
        pictures=[Picture(90, "wheel.jpg", "The wheel")],
        gmt_offset=-5.0,
    )
    start = world.now.replace(tzinfo=None) - timedelta(days=60)
    for number in range(1, 9):
        text = f"The <em>words</em> of story {number}."
        blog.posts.append(
            BlogPost(
                number,
                f"Story &#8220;{number}&#8221; &amp; more",
                text,
                start + timedelta(days=number),
                rendered=f"<p>{text}</p>",
                slug=f"story-{number}",
                categories=[5],
                thumbnail=90,
            )
        )
    with WordPressServer(blog) as server:
        yield server


class Hub:
    """The source "hub" of a site, by whatever way; each sync an hour after the last."""

    def __init__(self, world: World, site: WordPressServer, folder: Path) -> None:
        self.world, self.site, self.folder = world, site, folder

    def sync(self, way: str) -> sync.SyncReport:
        self.world.move(hours=1)
        self.site.blog.closed = CLOSED if way == "closed api" else None
        return sync.sync(self._source(way), self.world.config, self.world.now, by_hand=True)

    def _source(self, way: str) -> SourceOfPosts:
        more = {"site_url": "http://127.0.0.1:8000", "zone": "America/New_York"}
        fetcher = Fetcher(allowed_hosts=["127.0.0.1"])
        if way == "export":
            file = self.folder / "export.xml"
            file.write_text(export(self.site.blog))
            return ExportSource("hub", file, **more)
        if way == "feed":
            return WebFeedSource("hub", self.site.url + "/feed/", fetcher, **more)
        return WordPressSource("hub", self.site.url, fetcher, **more)

    def publish(self, number: int) -> None:
        date = self.world.now.replace(tzinfo=None)
        self.site.blog.posts.append(
            BlogPost(number, f"News {number}", f"<p>Text {number}.</p>", date, slug=f"n-{number}")
        )


@pytest.fixture
def hub(world: World, wordpress: WordPressServer, tmp_path: Path) -> Hub:
    return Hub(world, wordpress, tmp_path)


@pytest.mark.parametrize("ways", list(permutations(["api", "closed api", "export", "feed"]))[::3])
def test_a_switch_of_the_way_repeats_no_post_and_misses_none(hub: Hub, ways: tuple[str, ...]) -> None:
    hub.world.join("ann")
    first = hub.sync(ways[0])
    assert (first.first, len(first.new)) == (True, 8)
    number = 100
    for way in (*ways[1:], ways[0]):
        again = hub.sync(way)
        assert (again.first, [post.key for post in again.new]) == (False, [])
        assert not [problem for problem in again.problems if "two posts" in problem.what]
        hub.publish(number)
        report = hub.sync(way)
        assert [post.title for post in report.new] == [f"News {number}"]
        number += 1
    assert Post.objects.count() == 8 + 4
    assert set(Post.objects.values_list("state", flat=True)) == {PostState.RELEASED}
    assert Post.objects.filter(mail=True).count() == 4


def test_each_new_post_is_mailed_once_whatever_way_it_is_read_afterwards(hub: Hub) -> None:
    hub.world.join("ann")
    hub.sync("api")
    hub.publish(100)
    hub.sync("api")
    hub.world.now = next_tuesday_nine(hub.world.now)
    hub.world.run()
    assert len(hub.world.relay.taken) == 1
    for way in ("closed api", "export", "feed", "api"):
        hub.sync(way)
        hub.world.now = next_tuesday_nine(hub.world.now)
        hub.world.run()
    assert len(hub.world.relay.taken) == 1


def test_an_edit_on_the_site_changes_the_post_and_mails_nobody_again(hub: Hub) -> None:
    hub.world.join("ann")
    hub.sync("api")
    hub.publish(100)
    hub.sync("api")
    hub.world.now = next_tuesday_nine(hub.world.now)
    hub.world.run()
    post = hub.site.blog.posts[-1]
    post.title, post.modified = "Better news", hub.world.now.replace(tzinfo=None)
    report = hub.sync("api")
    assert [found.title for found in report.changed] == ["Better news"]
    hub.world.now = next_tuesday_nine(hub.world.now)
    hub.world.run()
    assert len(hub.world.relay.taken) == 1


def test_a_closed_api_keeps_pictures_and_topics_that_the_open_one_gave(hub: Hub) -> None:
    hub.sync("api")
    before = list(
        Post.objects.order_by("key").values("key", "html", "image", "image_alt", "topics", "updated_at")
    )
    assert {post["image_alt"] for post in before} == {"The wheel"}
    hub.sync("closed api")
    assert (
        list(Post.objects.order_by("key").values("key", "html", "image", "image_alt", "topics", "updated_at"))
        == before
    )


def test_a_first_sync_that_stops_half_way_is_still_the_first(hub: Hub) -> None:
    hub.site.blog.posts = [
        BlogPost(number, f"Story {number}", "<p>Text.</p>", datetime(2026, 1, 1) + timedelta(hours=number))
        for number in range(1, 151)
    ]
    hub.site.blog.before = lambda route, query: (500, {}, b"") if int(query.get("page", 1)) > 1 else None
    with pytest.raises(sync.SourceError, match="stopped after 100 posts of 150"):
        hub.sync("api")
    assert Post.objects.count() == 0
    assert "stopped after 100" in Source.objects.get(name="hub").last_error
    hub.site.blog.before = None
    report = hub.sync("api")
    assert (report.first, len(report.new)) == (True, 150)
    assert set(Post.objects.values_list("mail", flat=True)) == {False}


def test_an_export_that_breaks_off_is_no_finished_first_sync(hub: Hub) -> None:
    whole = export(hub.site.blog)
    file = hub.folder / "export.xml"
    source = ExportSource("hub", file, site_url="http://127.0.0.1:8000", zone="UTC")
    file.write_text(whole[: whole.index("<wp:post_id>5<")])
    report = sync.sync(source, hub.world.config, hub.world.now)
    assert (report.first, len(report.new), len(report.problems)) == (True, 4, 1)
    file.write_text(whole)
    report = sync.sync(source, hub.world.config, hub.world.now)
    assert (report.first, len(report.new), report.problems) == (True, 4, [])
    assert set(Post.objects.values_list("mail", flat=True)) == {False}


def test_a_mended_topic_comes_from_the_names_of_categories(hub: Hub) -> None:
    hub.sync("api")
    assert set(map(tuple, Post.objects.values_list("topics", flat=True))) == {("land",)}
