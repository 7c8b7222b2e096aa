"""``newsletter sync`` of a web feed: what staff read at the first look, at the second, and when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from feed_server import FeedServer, feed_server, item, rss
from staff import Staff

from newsletter.config.sections import FetchSection, SourceSection
from newsletter.models import Post


@pytest.fixture
def server(site: Any, settings: Any) -> Iterator[FeedServer]:
    """A site with one web feed, given by its home page."""
    with feed_server() as running:
        running.give(
            "/", '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'
        )
        source = SourceSection(kind="webfeed", url=running.url)
        settings.CONFIG = site.model_copy(
            update={"sources": {"mill": source}, "fetch": FetchSection(allowed_hosts=["127.0.0.1"])}
        )
        yield running


def test_first_the_archive_without_mail_then_nothing_new_then_a_post(
    staff: Staff, server: FeedServer
) -> None:
    server.give("/feed", rss(item(1), item(2)), ETag='"1"')
    assert staff("sync") == (
        "mill: 2 new posts, 0 changed, 0 as before.\n"
        "  It was the first sync: these posts go to the feed and stay out of mail.\n"
    )
    assert staff("sync", "mill") == "mill: nothing new; the source says that it has not changed.\n"
    assert staff.json("sync")[0]["looked"] is False
    server.give("/feed", rss(item(3), item(1), item(2)), ETag='"2"')
    assert staff("sync").startswith("mill: 1 new post, 0 changed, 2 as before.")


def test_what_is_wrong_is_said_at_every_look_until_it_is_mended(staff: Staff, server: FeedServer) -> None:
    generator = "<generator>WordPress</generator>"
    server.give("/feed", rss(item(1, description="It begins [&#8230;]"), head=generator), ETag='"1"')
    for _ in range(2):
        staff("sync")
        assert "only the beginnings of its posts" in staff.err
        assert staff.err.count("\n") == 1
    server.give("/feed", rss(item(1), head=generator), ETag='"2"')
    assert "0 new posts, 1 changed" in staff("sync")
    assert staff.err == ""


def test_a_server_that_wants_to_be_left_alone_is_one_sentence_with_the_hour(
    staff: Staff, server: FeedServer
) -> None:
    server.give("/", "", 429, Retry_After="600")
    for _ in range(2):
        said = staff("sync", code=1)
        assert said.startswith(
            f"newsletter: mill: {server.url} says that we ask too often (429); it is asked again after "
        )
        assert said.count("\n") == 1
    assert server.asked() == ["/"]


def test_posts_that_another_source_has_are_settled_with_the_words_that_sync_gives(
    staff: Staff, server: FeedServer, settings: Any
) -> None:
    server.give("/feed", rss(item(1), item(2)), ETag='"1"')
    staff("sync")
    mill = settings.CONFIG.sources["mill"]
    settings.CONFIG = settings.CONFIG.model_copy(update={"sources": {"mill": mill, "again": mill}})
    said = staff("sync", "again")
    assert said.count("may be the same post") == 2
    assert "newsletter posts same --all" in said
    assert "--together" not in said
    staff("posts", "same", "--all")
    assert Post.objects.count() == 2
    server.give("/feed", rss(item(3), item(1), item(2)), ETag='"2"')
    staff("sync", "mill")
    said = staff("sync", "again")
    held = Post.objects.get(held_for="alike")
    assert f"If it is the same post: newsletter posts same {held.key};" in said
