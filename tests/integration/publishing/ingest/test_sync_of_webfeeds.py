"""A web feed the whole way into posts: what a site does to its ids and addresses mails nobody a second time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from feed_server import LOCAL, FeedServer, feed_server, item, rss
from world import World, next_tuesday_nine

from newsletter.errors import SourceError
from newsletter.models import Post, Source
from newsletter.publishing.decisions import post_actions
from newsletter.publishing.ingest import sync as ingest
from newsletter.publishing.setup.check import check
from newsletter.sources.webfeed.source import WebFeedSource

OLD = range(1, 11)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server() as running:
        yield running


def sync(world: World, server: FeedServer, path: str = "/feed", *, by_hand: bool = True) -> ingest.SyncReport:
    source = WebFeedSource("mill", server.url + path, LOCAL, site_url=world.config.site.url, zone="UTC")
    return ingest.sync(source, world.config, world.now, by_hand=by_hand)


@pytest.fixture
def known(world: World, server: FeedServer) -> World:
    """A person, and a source that has had its first sync of ten posts."""
    world.join("ann")
    server.give("/feed", rss(*map(item, OLD)), ETag='"1"')
    assert len(sync(world, server).new) == 10
    world.move(days=1)
    return world


def mailed(world: World) -> list[str]:
    world.now = next_tuesday_nine(world.now)
    world.run()
    return [content.decode("utf-8", "replace") for _, content in world.relay.taken]


def test_the_first_sync_mails_nobody_the_second_finds_nothing_new_and_a_new_post_is_mailed(
    known: World, server: FeedServer
) -> None:
    report = sync(known, server)
    assert (report.looked, report.new, report.first) == (False, [], False)
    assert mailed(known) == []
    server.give("/feed", rss(item(11), *map(item, OLD)), ETag='"2"')
    assert [post.title for post in sync(known, server).new] == ["Post 11"]
    assert ["Post 11" in mail for mail in mailed(known)] == [True]


def renamed(number: int, host: str, path: str, guid: str) -> str:
    return item(number, link=f"https://{host}{path}/{number}/", guid=guid.format(number))


@pytest.mark.parametrize(
    ("host", "path", "guid", "posts", "held"),
    [
        ("mill.example.org", "/posts", "urn:uuid:{}", 10, 0),  # a new scheme of ids
        (
            "mill.example.net",
            "/posts",
            "http://mill.example.net/?p={}",
            10,
            0,
        ),  # another domain, all guids with it
        (
            "mill.example.net",
            "/blog",
            "https://mill.example.org/?p={}",
            10,
            0,
        ),  # permalinks changed, ids kept
        (
            "mill.example.net",
            "/2026/10",
            "tag:mill.example.net,{}",
            20,
            10,
        ),  # all of it: held, as they look like ours
    ],
)
@pytest.mark.parametrize("dated", [True, False])
def test_a_feed_that_changes_its_names_mails_nobody(
    known: World, server: FeedServer, host: str, path: str, guid: str, posts: int, held: int, dated: bool
) -> None:
    if not dated:
        Post.objects.all().delete()
        Source.objects.all().delete()
        server.give("/feed", rss(*(item(number, pubDate="") for number in OLD)), ETag='"d"')
        sync(known, server)
    server.give("/feed", rss(*(renamed(number, host, path, guid) for number in OLD)), ETag='"2"')
    if not dated:
        body = server.answers["/feed"].body.decode()
        server.give("/feed", "".join(_without_dates(body)), ETag='"3"')
    report = sync(known, server)
    assert (Post.objects.count(), len(report.held)) == (posts, held)
    assert mailed(known) == []
    assert sync(known, server).new == []


def _without_dates(body: str) -> Iterator[str]:
    for piece in body.split("<pubDate>"):
        yield piece.partition("</pubDate>")[2] or piece


def test_a_feed_that_changes_its_names_and_how_exact_its_dates_are_mails_nobody(
    known: World, server: FeedServer
) -> None:
    """As from WordPress to a static site: other ids, other paths, a day instead of a time."""
    new = [
        item(
            number,
            link=f"/articles/{number}.html",
            guid=f"n{number}",
            pubDate=f"2026-10-{number % 28 + 1:02d}",
        )
        for number in OLD
    ]
    server.give("/feed", rss(*new), ETag='"2"')
    assert len(sync(known, server).held) == 10
    assert mailed(known) == []


def test_a_feed_that_breaks_off_is_no_finished_first_sync(world: World, server: FeedServer) -> None:
    world.join("ann")
    whole = rss(*map(item, OLD))
    server.give("/feed", whole[: whole.index("<title>Post 4")], ETag='"1"')
    report = sync(world, server)
    assert (len(report.new), report.first) == (3, True)
    assert "breaks off" in report.problems[0].what
    world.move(hours=1)
    server.give("/feed", whole, ETag='"1"')
    report = sync(world, server)
    assert (len(report.new), report.first) == (7, True)
    assert mailed(world) == []


def test_a_feed_that_was_empty_at_first_mails_no_archive(world: World, server: FeedServer) -> None:
    world.join("ann")
    server.give("/feed", rss(), ETag='"0"')
    assert "no posts" in sync(world, server).problems[0].what
    world.move(hours=1)
    server.give("/feed", rss(*map(item, OLD)), ETag='"1"')
    assert len(sync(world, server).new) == 10
    assert mailed(world) == []


def test_another_feed_under_the_same_name_is_a_new_source(known: World, server: FeedServer) -> None:
    server.give("/other", rss(*map(item, range(30, 36))), ETag='"1"')
    report = sync(known, server, "/other")
    assert (len(report.new), report.first) == (6, True)
    assert mailed(known) == []


def test_the_same_feed_at_a_new_address_goes_on(known: World, server: FeedServer) -> None:
    server.give("/moved", rss(item(11), *map(item, OLD)), ETag='"1"')
    report = sync(known, server, "/moved")
    assert (len(report.new), report.first) == (1, False)
    assert len(mailed(known)) == 1


def test_an_edit_in_the_feed_changes_the_post_and_mails_nobody(known: World, server: FeedServer) -> None:
    server.give("/feed", rss(*map(item, OLD)).replace("Whole text of post 3", "Better text"), ETag='"2"')
    report = sync(known, server)
    assert ([post.title for post in report.changed], report.unchanged) == (["Post 3"], 9)
    assert mailed(known) == []


def test_what_a_server_asks_for_is_remembered_and_the_error_stays_until_it_is_read_again(
    known: World, server: FeedServer
) -> None:
    server.give("/feed", "", 503, Retry_After="7200")
    for by_hand in (False, True, True):
        with pytest.raises(SourceError, match=r"busy.* asked again after \d{4}-"):
            sync(known, server, by_hand=by_hand)
    assert server.asked().count("/feed") == 2  # the first look, and the one that was told to wait
    assert "busy" in Source.objects.get().last_error
    known.move(hours=3)
    server.give("/feed", rss(*map(item, OLD)), ETag='"1"')
    assert not sync(known, server, by_hand=False).looked
    assert Source.objects.get().last_error == ""


def test_check_says_what_stands_when_nothing_has_changed(known: World, server: FeedServer) -> None:
    wrong = rss(*(item(number, pubDate="Thu, 01 Jan 1970 00:00:00 GMT") for number in OLD))
    server.give("/feed", wrong, ETag='"9"')
    sync(known, server)
    section = {"kind": "webfeed", "url": f"{server.url}/feed"}
    config = known.config.model_validate(
        known.config.model_dump()
        | {
            "sources": {"mill": section},
            "fetch": {"allowed_hosts": ["127.0.0.1"]},
            "folder": known.config.folder,
        }
    )
    found = [(one.ok, one.text) for one in check(config, known.now) if one.what == "source mill"]
    assert [ok for ok, _ in found] == [False, True]
    assert "10 posts with a date that cannot be right" in found[0][1]
    assert "nothing has changed" in found[1][1]


def note(number: int, **more: str) -> str:
    return item(number, **{"guid": "", "link": "https://mill.example.org/notes", **more})


@pytest.mark.parametrize(
    ("window", "guid"),
    [(1, ""), (3, ""), (1, "https://mill.example.org/notes"), (2, "https://mill.example.org/")],
)
def test_entries_at_one_address_are_posts_of_their_own_and_each_is_mailed(
    world: World, server: FeedServer, window: int, guid: str
) -> None:
    world.join("ann")
    for newest in (21, 22, 23):
        entries = [note(number, guid=guid) for number in range(newest, 20, -1)][:window]
        server.give("/feed", rss(*entries))
        assert [post.title for post in sync(world, server).new] == [f"Post {newest}"]
        world.move(hours=20)
    (mail,) = mailed(world)
    assert ["Post 22" in mail, "Post 23" in mail] == [True, True]
    assert Post.objects.filter(title="Post 21", state="released").exists()


def test_the_state_of_something_is_one_post_however_its_words_change(
    world: World, server: FeedServer
) -> None:
    for minute in range(3):
        server.give(
            "/feed", rss(note(1, title=f"{minute} open", pubDate=f"28 Oct 2026 09:0{minute}:00 +0000"))
        )
        sync(world, server)
    assert [post.title for post in Post.objects.all()] == ["2 open"]


def test_a_short_post_under_another_title_and_id_at_the_same_second_is_held(
    known: World, server: FeedServer
) -> None:
    changed = item(10, title="A better title", guid="urn:new", link="https://mill.example.org/better/")
    server.give("/feed", rss(changed, *map(item, range(1, 10))))
    (post,) = sync(known, server).new
    assert (post.state, post.held_because) == (
        "held",
        'it has the text and the second of "post-10" and may be the same post',
    )
    assert mailed(known) == []


def test_two_short_posts_of_one_second_that_stand_side_by_side_are_two(
    known: World, server: FeedServer
) -> None:
    pair = [item(n, description="Listen.", pubDate="24 Nov 2026 00:00:00 +0000") for n in (11, 12)]
    server.give("/feed", rss(*pair, *map(item, OLD)))
    assert [post.state for post in sync(known, server).new] == ["released", "released"]


FORM = (
    '&lt;form action="https://mill.example.org/wp-login.php?action=postpass" class="post-password-form" '
    'method="post"&gt;&lt;input name="post_password" type="password"&gt;&lt;/form&gt;'
)
SHUT = (
    {"title": "Protected: Post 3", "description": "There is no excerpt because this is a protected post."},
    {"title": "Protected: Post 3", "description": FORM},
    {"description": "This content is password-protected. To view it, please enter the password below."},
)


@pytest.mark.parametrize("shut", SHUT)
def test_a_post_that_got_a_password_later_stays_as_it_was_and_staff_are_told_until_they_withdraw_it(
    known: World, server: FeedServer, shut: dict[str, str]
) -> None:
    before = Post.objects.get(title="Post 3")
    entries = [item(number, **(shut if number == 3 else {})) for number in OLD]
    server.give("/feed", rss(*entries))
    for _ in range(2):
        report = sync(known, server)
        assert (report.drafts, len(report.changed), len(report.new)) == (1, 0, 0)
        (told,) = report.problems
        assert (told.where, told.minor) == (before.url, True)
        assert told.what.startswith('the post "Post 3" has a password now, which takes nothing back')
        assert told.what.endswith(f"newsletter posts withdraw {before.key}")
    after = Post.objects.get(pk=before.pk)
    assert (after.title, after.html, after.revision) == (before.title, before.html, before.revision)
    post_actions.withdraw(after.key, known.config, known.now)
    assert sync(known, server).problems == []


def test_a_post_that_had_a_password_from_the_first_is_no_news(known: World, server: FeedServer) -> None:
    server.give("/feed", rss(item(11, **SHUT[0]), *map(item, OLD)))
    report = sync(known, server)
    assert (report.problems, report.new, report.drafts) == ([], [], 1)
