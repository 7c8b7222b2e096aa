"""Looks at a feed on a real server: discovery, conditional requests, moves, refusals, and what is remembered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from feed_server import LOCAL, FeedServer, feed_server, item, rss

from newsletter.sources.base import Fetched, Look, Unreadable
from newsletter.sources.webfeed.discovery import feeds_of_page, usual_places
from newsletter.sources.webfeed.source import WebFeedSource

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FEED = rss(item(1), item(2))


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server() as running:
        yield running


class Watcher:
    """A source and its memory over several looks."""

    def __init__(self, server: FeedServer, path: str = "/feed") -> None:
        self.source = WebFeedSource(
            "mill", server.url + path, LOCAL, site_url="https://hub.example.org", zone="UTC"
        )
        self.now = NOW
        self.memory: Mapping[str, Any] = {}

    def look(self, *, later: timedelta = timedelta(), by_hand: bool = False) -> Fetched:
        self.now += later
        try:
            found = self.source.fetch(Look(self.now, self.memory, by_hand))
        except Unreadable as error:
            self.memory = error.memory
            raise
        self.memory = found.memory
        return found

    def fails(self, *, later: timedelta = timedelta(), by_hand: bool = False) -> str:
        with pytest.raises(Unreadable) as trouble:
            self.look(later=later, by_hand=by_hand)
        assert "\n" not in str(trouble.value)
        return str(trouble.value)


def page(*links: str) -> str:
    return f"<!DOCTYPE html><html><head><title>x</title>{''.join(links)}</head><body>Welcome</body></html>"


def alternate(href: str, title: str = "", kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)


def test_etag_and_last_modified_are_sent_back_exactly_and_304_is_nothing_new(server: FeedServer) -> None:
    etag, modified = 'W/"a-b c;gzip"', "Mon, 05 Oct 2026 09:00:00 GMT"
    server.give("/feed", FEED, ETag=etag, Last_Modified=modified)
    watcher = Watcher(server)
    assert len(watcher.look().items) == 2
    found = watcher.look(later=QUARTER)
    assert (found.unchanged, list(found.items)) == (True, [])
    sent = server.seen[-1][1]
    assert (sent["if-none-match"], sent["if-modified-since"]) == (etag, modified)
    server.give("/feed", rss(item(3)), ETag='"2"')
    assert [one.title for one in watcher.look(later=QUARTER).items] == ["Post 3"]


def test_a_304_that_nobody_asked_for_is_a_failure(server: FeedServer) -> None:
    server.give("/feed", "", 304)
    assert "answered 304" in Watcher(server).fails()


def test_a_304_from_another_address_than_last_time_is_not_believed(server: FeedServer) -> None:
    server.give("/feed", "", 302, Location="/a")
    server.give("/a", FEED, ETag='"1"')
    server.give("/b", rss(item(9)), ETag='"1"')
    watcher = Watcher(server)
    watcher.look()
    assert watcher.look(later=QUARTER).unchanged
    server.give("/feed", "", 302, Location="/b")
    assert [one.title for one in watcher.look(later=QUARTER).items] == ["Post 9"]


def test_the_feed_s_wish_is_kept_unless_a_person_asks(server: FeedServer) -> None:
    server.give("/feed", rss(item(1), head="<ttl>60</ttl>"), ETag='"1"')
    watcher = Watcher(server)
    watcher.look()
    server.asked()
    assert watcher.look(later=QUARTER).unchanged
    assert server.asked() == []
    assert watcher.look(by_hand=True).unchanged
    assert server.asked() == ["/feed"]
    watcher.look(later=QUARTER * 3)
    assert server.asked() == []  # the wish begins anew with each answer
    watcher.look(later=QUARTER)
    assert server.asked() == ["/feed"]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_obeyed_even_by_hand_and_said(server: FeedServer, status: int, as_date: bool) -> None:
    again = format_datetime(NOW + timedelta(hours=2), usegmt=True) if as_date else "7200"
    server.give("/feed", "", status, Retry_After=again)
    watcher = Watcher(server)
    assert watcher.fails().endswith("it is asked again after 2026-11-24 14:00 UTC")
    server.asked()
    assert watcher.fails(by_hand=True).endswith("it is asked again after 2026-11-24 14:00 UTC")
    assert server.asked() == []
    server.give("/feed", FEED)
    assert len(watcher.look(later=timedelta(hours=2)).items) == 2


def test_a_feed_that_keeps_failing_is_asked_less_often_and_the_reason_stays(server: FeedServer) -> None:
    server.give("/feed", "", 500)
    watcher = Watcher(server)
    asked = []
    for _ in range(24 * 4):
        assert "has a fault (500)" in watcher.fails(later=QUARTER)
        asked += server.asked()
    assert 5 <= len(asked) <= 8
    assert "has a fault (500)" in watcher.fails(by_hand=True)
    assert server.asked() == ["/feed"]


def test_410_is_asked_no_more_until_a_person_asks_or_the_address_changes(server: FeedServer) -> None:
    server.give("/feed", "", 410)
    server.give("/new", FEED)
    watcher = Watcher(server)
    assert "gone for good (410)" in watcher.fails()
    server.asked()
    for _ in range(3):
        assert "gone for good (410)" in watcher.fails(later=DAY * 30)
    assert server.asked() == []
    watcher.fails(by_hand=True)
    assert server.asked() == ["/feed"]
    server.give("/feed", FEED)
    assert len(watcher.look(by_hand=True).items) == 2
    assert len(watcher.look(later=DAY).items) == 2
    server.give("/feed", "", 410)
    watcher.fails(later=DAY)
    watcher.source = Watcher(server, "/new").source
    found = watcher.look()
    assert (len(found.items), found.elsewhere) == (2, True)


@pytest.mark.parametrize("status", [301, 308])
def test_a_move_for_good_is_remembered_and_said(server: FeedServer, status: int) -> None:
    server.give("/feed", "", status, Location="/new/feed")
    server.give("/new/feed", FEED, ETag='"1"')
    watcher = Watcher(server)
    (problem,) = watcher.look().problems
    assert problem.what == f"the feed has moved for good: give {server.url}/new/feed as url in [sources.mill]"
    server.asked()
    assert watcher.look(later=QUARTER).unchanged
    assert server.asked() == ["/new/feed"]


def test_a_move_for_now_is_not_remembered(server: FeedServer) -> None:
    server.give("/feed", "", 302, Location="/now")
    server.give("/now", FEED, ETag='"1"')
    watcher = Watcher(server)
    assert watcher.look().problems == ()
    server.asked()
    assert watcher.look(later=QUARTER).unchanged
    assert server.asked() == ["/feed", "/now"]


@pytest.mark.parametrize("dead", [404, 410, 403, 500, 200])
def test_where_the_new_place_is_dead_the_old_one_is_asked_in_the_same_look(
    server: FeedServer, dead: int
) -> None:
    server.give("/feed", "", 301, Location="/new")
    server.give("/new", FEED, ETag='"1"')
    watcher = Watcher(server)
    watcher.look()
    server.give("/feed", rss(item(5)))
    server.give("/new", page(), dead)
    server.asked()
    found = watcher.look(later=QUARTER)
    assert ([one.title for one in found.items], found.problems) == (["Post 5"], ())
    assert server.asked() == ["/new", "/feed"]
    watcher.look(later=QUARTER)
    assert server.asked() == ["/feed"]


def test_a_move_is_looked_after_once_a_week(server: FeedServer) -> None:
    """Whoever answered 301 for a day must not own the feed for ever."""
    server.give("/feed", "", 301, Location="/evil")
    server.give("/evil", rss(item(6)), ETag='"1"')
    watcher = Watcher(server)
    watcher.look()
    server.give("/feed", FEED)
    assert watcher.look(later=DAY * 3).unchanged
    assert [one.title for one in watcher.look(later=DAY * 5).items] == ["Post 1", "Post 2"]


def test_the_site_s_address_is_enough_and_what_was_found_is_remembered(server: FeedServer) -> None:
    server.give(
        "/",
        page(
            alternate("/comments/feed/", "Mill » Comments Feed"),
            alternate("/wp-json/wp/v2/pages/2", "JSON", "application/json"),
            alternate("/category/bread/feed/", "Bread"),
            alternate("/feed/", "Mill » Feed"),
        ),
    )
    server.give("/feed/", FEED, ETag='"1"')
    server.give("/comments/feed/", rss(item(9)))
    server.give("/category/bread/feed/", rss(item(9)))
    watcher = Watcher(server, "/")
    found = watcher.look()
    assert ([one.title for one in found.items], found.problems) == (["Post 1", "Post 2"], ())
    assert server.asked() == ["/", "/feed/"]
    assert watcher.look(later=QUARTER).unchanged
    assert server.asked() == ["/feed/"]


def test_a_feed_that_is_gone_is_looked_for_on_its_site_again(server: FeedServer) -> None:
    server.give("/", page(alternate("/feed/")))
    server.give("/feed/", FEED)
    watcher = Watcher(server, "/")
    watcher.look()
    server.give("/", page(alternate("/atom.xml")))
    server.give("/feed/", "", 410)
    server.give("/atom.xml", rss(item(7)))
    assert [one.title for one in watcher.look(later=QUARTER).items] == ["Post 7"]


@pytest.mark.parametrize(
    "path", ["/feed/", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json", "/blog/feed/"]
)
def test_a_site_that_names_no_feed_is_asked_in_the_usual_places(server: FeedServer, path: str) -> None:
    body = '{"items": [{"id": "1", "title": "J", "content_text": "x"}]}' if path.endswith("json") else FEED
    server.give("/blog/", page())
    server.give(path, body)
    assert Watcher(server, "/blog/").look().items


@pytest.mark.parametrize(
    ("links", "words"),
    [
        ([], "it names no feed"),
        ([alternate("/comments/feed/", "Comments")], "it names no feed"),
        ([alternate("/gone.xml")], "the feed that it names cannot be read"),
        ([alternate("javascript:alert(1)"), alternate("file:///etc/passwd")], "it names no feed"),
        ([alternate("http://169.254.169.254/feed")], "not on the public internet"),
    ],
)
def test_a_page_without_a_feed_is_named_with_the_cure(
    server: FeedServer, links: list[str], words: str
) -> None:
    server.give("/", page(*links))
    server.give("/comments/feed/", FEED)
    trouble = Watcher(server, "/").fails()
    assert words in trouble
    assert "[sources.mill]" in trouble


def test_a_log_in_page_that_names_itself_is_asked_once(server: FeedServer) -> None:
    server.give("/", page(alternate("/login"), alternate("/")))
    server.give("/login", page())
    Watcher(server, "/").fails()
    assert server.asked().count("/") == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "a feed must be open"),
        (403, "wall against robots"),
        (404, "correct url in \\[sources.mill\\]"),
        (410, "gone for good"),
        (418, "answered 418"),
        (451, "legal reasons"),
        (500, "has a fault"),
        (522, "has a fault"),
        (204, "answered 204"),
        (206, "answered 206"),
    ],
)
def test_a_refusal_is_one_sentence_with_its_cure(server: FeedServer, status: int, words: str) -> None:
    server.give("/feed", "" if status == 204 else "<html>no</html>", status)
    with pytest.raises(Unreadable, match=words):
        Watcher(server).look()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "empty answer"),
        ("<!DOCTYPE html><html></html>", "names no feed"),
        ('{"version": "1"}', "no JSON Feed"),
        ('<?xml version="1.0"?><urlset/>', "<urlset>"),
        ("words", "neither a feed nor a web page"),
    ],
)
def test_what_is_no_feed_is_one_sentence(server: FeedServer, body: str, words: str) -> None:
    server.give("/feed", body)
    assert words in Watcher(server).fails()


def test_a_server_that_is_not_there_is_one_sentence(server: FeedServer) -> None:
    watcher = Watcher(server)
    watcher.source = WebFeedSource("mill", "http://127.0.0.1:1024/", LOCAL, site_url="", zone="UTC")
    assert "could not be fetched" in watcher.fails()
    watcher.source = WebFeedSource("mill", "http://10.0.0.1/", LOCAL, site_url="", zone="UTC")
    assert "allowed_hosts" in watcher.fails()


def test_a_feed_that_is_too_large_is_refused_before_it_is_read(server: FeedServer) -> None:
    server.give("/feed", b"<rss>" + b" " * 200_000)
    watcher = Watcher(server)
    watcher.source = WebFeedSource(
        "mill", server.url + "/feed", replace(LOCAL, most_bytes=100_000), site_url="", zone="UTC"
    )
    assert "larger than" in watcher.fails()


def test_an_empty_or_damaged_feed_is_partial_and_its_validators_are_forgotten(server: FeedServer) -> None:
    for body, words in ((rss(), "no posts"), (FEED[: FEED.index("<title>Post 2")], "breaks off")):
        server.give("/feed", body, ETag='"1"')
        watcher = Watcher(server)
        found = watcher.look()
        assert found.partial
        assert words in found.problems[0].what
        server.seen.clear()
        watcher.look(later=QUARTER)
        assert "if-none-match" not in server.seen[0][1]


def test_an_etag_that_would_not_come_back_as_it_was_is_not_sent(server: FeedServer) -> None:
    server.give("/feed", FEED, ETag='"' + "x" * 3000 + '"')
    watcher = Watcher(server)
    watcher.look()
    assert len(watcher.look(later=QUARTER).items) == 2


def test_of_a_page_s_feeds_the_one_for_all_posts_is_first_and_comments_are_none() -> None:
    text = page(
        alternate("/fr/comments/feed", "Commentaires"),
        alternate("/tag/bread/feed", "Bread"),
        alternate("/atom", "All posts", "application/atom+xml"),
        alternate("/feed.json", "", "application/feed+json"),
        '<LINK REL="Alternate" TYPE="application/rss+xml; charset=utf-8" HREF="rss.xml">',
        '<link rel="alternate" hreflang="de" href="/de/">',
        '<link rel="stylesheet" type="application/rss+xml" href="/no">',
    )
    found = [link.url for link in feeds_of_page(text, "https://mill.example.org/blog/")]
    assert found == [
        "https://mill.example.org/atom",
        "https://mill.example.org/feed.json",
        "https://mill.example.org/blog/rss.xml",
        "https://mill.example.org/tag/bread/feed",
    ]
    based = '<base href="https://cdn.example.net/x/">' + alternate("feed")
    assert [link.url for link in feeds_of_page(page(based), "https://mill.example.org/")] == [
        "https://cdn.example.net/x/feed"
    ]


@pytest.mark.parametrize(
    ("url", "first", "count"),
    [
        ("https://mill.example.org/", "https://mill.example.org/feed/", 7),
        ("https://mill.example.org", "https://mill.example.org/feed/", 7),
        ("https://mill.example.org/blog", "https://mill.example.org/blog/feed/", 14),
        ("https://mill.example.org/blog/index.html", "https://mill.example.org/blog/feed/", 14),
        ("https://mill.example.org/?p=1", "https://mill.example.org/feed/", 7),
    ],
)
def test_the_usual_places_are_below_the_page_and_at_the_root(url: str, first: str, count: int) -> None:
    places = usual_places(url)
    assert (places[0], len(places)) == (first, count)
