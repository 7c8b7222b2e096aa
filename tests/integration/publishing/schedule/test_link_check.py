"""Before a mail goes out its posts' pages are asked for, by real HTTP, and what is not there is not mailed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import transaction
from world import World, next_tuesday_nine

from newsletter.dates import PartialDate
from newsletter.errors import Refused
from newsletter.models import Campaign, Edition, EditionState, Post, PostState, Site
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.editions import campaigns, compose
from newsletter.publishing.ingest import sync
from newsletter.publishing.ledger import release
from newsletter.publishing.schedule import link_check, tick
from newsletter.publishing.schedule.begin import begin
from newsletter.sources.base import Item, Name, NameScheme
from subscribers.cadence import Cadence


class Pages:
    """A web server whose answers a test sets: path → status, or a function of the request's handler."""

    def __init__(self) -> None:
        self.status: dict[str, int] = {}
        self.body: dict[str, bytes] = {}
        self.asked: list[str] = []
        #: Requests that wait until a test lets them go.
        self.stuck: set[str] = set()
        self.go = threading.Event()
        pages = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                pages.asked.append(self.path)
                if self.path in pages.stuck:
                    pages.go.wait(60)
                status = pages.status.get(self.path, 200)
                body = pages.body.get(self.path, b"<h1>A post</h1>")
                self.send_response(status)
                if status in (301, 302):
                    self.send_header("Location", body.decode())
                    body = b""
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.go.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def pages() -> Iterator[Pages]:
    pages = Pages()
    yield pages
    pages.close()


@pytest.fixture
def world(world: World) -> World:
    fetch = world.config.fetch.model_copy(update={"check_pages": True, "allowed_hosts": ["127.0.0.1"]})
    world.config = world.config.model_copy(update={"fetch": fetch})
    return world


def released(world: World, pages: Pages, name: str, number: int, url: str | None = None) -> Post:
    item = Item(
        names=(Name(NameScheme.ID, name),),
        title=f"zq{number}zq",
        html="<p>Text.</p>",
        date=PartialDate.of_instant(world.now),
        url=f"{pages.url}/{name}" if url is None else url,
    )
    with transaction.atomic():
        site = Site.locked()
        return sync.store_new("story", item, PostState.RELEASED, True, "", site, world.config, world.now)


def tuesday(world: World) -> datetime:
    world.now = next_tuesday_nine(world.now)
    return world.now


def settle(world: World) -> list[str]:
    """Tick, enqueue and deliver until nothing is left to do; returns what staff were told."""
    told: list[str] = []
    for _ in range(10):
        done = tick.tick(world.config, world.now)
        told += done.problems
        sending = list(Edition.objects.filter(state="sending", enqueued_at=None))
        for edition in sending:
            world.enqueue(edition)
        world.deliver()
        if not (done.made or done.started or sending):
            return told
    raise AssertionError("it does not come to rest")


@pytest.mark.parametrize("status", [404, 410, 401])
def test_a_digest_goes_out_without_a_post_whose_page_is_not_for_readers(
    world: World, pages: Pages, status: int
) -> None:
    world.join("ann")
    gone, _ = released(world, pages, "gone", 1), released(world, pages, "there", 2)
    pages.status["/gone"] = status
    tuesday(world)
    told = settle(world)
    assert world.got("ann") == [2]
    gone.refresh_from_db()
    assert (gone.state, gone.mail) == (PostState.HELD, True)
    assert gone.held_because.startswith(f"its page answered {status}")
    assert told[0].endswith("When it is there: newsletter posts release zq1zq --mail")


def test_released_again_it_is_owed_to_everybody_and_not_held_once_more(world: World, pages: Pages) -> None:
    """Staff have looked: a server that says 404 to robots only must not have the last word."""
    world.join("ann")
    released(world, pages, "gone", 1)
    released(world, pages, "there", 2)
    pages.status["/gone"] = 404
    tuesday(world)
    settle(world)
    release.release(["zq1zq"], world.now, mail=["zq1zq"])
    tuesday(world)
    assert settle(world) == []
    assert world.got("ann") == [2, 1]
    assert pages.asked.count("/gone") == 1


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_fault_holds_nothing_and_is_said(world: World, pages: Pages, status: int) -> None:
    world.join("ann")
    post = released(world, pages, "x", 1)
    pages.status["/x"] = status
    tuesday(world)
    settle(world)
    assert world.got("ann") == [1]
    post.refresh_from_db()
    assert (post.page_verdict, post.page_asked_at) == ("unsure", world.now)
    assert post.page_said.startswith(f"answered {status}")


def test_a_web_that_is_down_or_refused_holds_nothing(world: World, pages: Pages) -> None:
    world.join("ann")
    released(world, pages, "a", 1, url="http://127.0.0.1:9/a")
    released(world, pages, "b", 2, url="http://10.0.0.1/b")
    tuesday(world)
    settle(world)
    assert sorted(world.got("ann")) == [1, 2]
    assert set(Post.objects.values_list("page_verdict", flat=True)) == {"unsure"}


def test_a_page_that_never_answers_delays_a_mail_by_the_deadline_at_most(
    world: World, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_check, "DEADLINE", 0.3)
    world.join("ann")
    for number in range(1, 8):
        released(world, pages, f"s{number}", number)
        pages.stuck.add(f"/s{number}")
    tuesday(world)
    settle(world)
    assert sorted(world.got("ann")) == list(range(1, 8))
    assert len(pages.asked) == 4, "a few at once, and none after the deadline"
    assert set(Post.objects.values_list("page_said", flat=True)) == {"did not answer in time"}


def test_a_log_in_page_behind_a_redirect_holds_its_post(world: World, pages: Pages) -> None:
    world.join("ann")
    released(world, pages, "x", 1)
    pages.status["/x"], pages.body["/x"] = 302, b"/wp-login.php"
    pages.body["/wp-login.php"] = b"<form><input type=password name=pwd></form>"
    tuesday(world)
    settle(world)
    assert world.got("ann") == []
    assert "leads to a log-in page" in Post.objects.get().held_because


def test_our_own_pages_and_posts_without_one_are_not_asked_for(world: World, pages: Pages) -> None:
    world.join("ann")
    released(world, pages, "own", 1, url="")
    released(world, pages, "ours", 2, url=f"{world.config.site.url}/posts/ours/")
    tuesday(world)
    settle(world)
    assert (pages.asked, sorted(world.got("ann"))) == ([], [1, 2])
    assert not Post.objects.filter(page_asked_at__isnull=False).exists()


def test_a_page_is_not_asked_for_twice_in_half_an_hour(world: World, pages: Pages) -> None:
    world.join("ann")
    released(world, pages, "x", 1)
    edition = compose.compose("weekly", world.config, world.now)
    link_check.ask_before(edition, world.config, world.now)
    link_check.ask_before(edition, world.config, world.now + timedelta(minutes=29))
    assert pages.asked == ["/x"]
    link_check.ask_before(edition, world.config, world.now + timedelta(minutes=30))
    assert pages.asked == ["/x", "/x"]


def test_each_post_asks_before_its_edition(world: World, pages: Pages) -> None:
    campaigns.resume("each-post", world.now)
    world.join("ann", Cadence.EACH_POST)
    released(world, pages, "gone", 1)
    pages.status["/gone"] = 404
    settle(world)
    world.move(minutes=31)
    settle(world)
    assert world.got("ann") == []
    pages.status.clear()
    release.release(["zq1zq"], world.now, mail=["zq1zq"])
    settle(world)
    world.move(minutes=31)
    settle(world)
    assert world.got("ann") == [1]


def test_a_page_that_vanishes_during_the_wait_is_noticed(world: World, pages: Pages) -> None:
    campaigns.resume("each-post", world.now)
    Campaign.objects.filter(name="each-post").update(wait_minutes=30)
    world.join("ann", Cadence.EACH_POST)
    released(world, pages, "x", 1)
    settle(world)
    assert world.got("ann") == []
    pages.status["/x"] = 410
    world.move(minutes=31)
    settle(world)
    assert world.got("ann") == []
    assert Post.objects.get().state == PostState.HELD


def test_an_edition_that_staff_saw_waits_for_them_when_it_loses_a_post(world: World, pages: Pages) -> None:
    world.join("ann")
    released(world, pages, "gone", 1)
    released(world, pages, "there", 2)
    edition = compose.compose("weekly", world.config, world.now)
    pages.status["/gone"] = 404
    with pytest.raises(Refused, match=r'"zq1zq" is held: its page answered 404.*approve'):
        begin(edition, world.config, world.now)
    edition.refresh_from_db()
    assert edition.state in (EditionState.DRAFT, EditionState.AWAITING_APPROVAL)
    assert [row.post.key for row in edition.edition_posts.all()] == ["zq2zq"]
    edition_actions.approve(edition.pk, world.now)
    assert begin(edition, world.config, world.now)
    world.enqueue(edition)
    world.deliver()
    assert world.got("ann") == [2]


def test_an_edition_that_loses_several_posts_says_so(world: World, pages: Pages) -> None:
    world.join("ann")
    for number, path in enumerate(("gone", "lost", "there"), start=1):
        released(world, pages, path, number)
    edition = compose.compose("weekly", world.config, world.now)
    pages.status |= {"/gone": 404, "/lost": 410}
    with pytest.raises(Refused, match=rf"Edition {edition.pk} goes on without them and waits"):
        begin(edition, world.config, world.now)


def test_an_edition_that_carried_nothing_else_is_cancelled(world: World, pages: Pages) -> None:
    world.join("ann")
    released(world, pages, "gone", 1)
    edition = compose.compose("weekly", world.config, world.now)
    pages.status["/gone"] = 404
    with pytest.raises(Refused, match="carried nothing else and is cancelled"):
        link_check.ask_before(edition, world.config, world.now)
    edition.refresh_from_db()
    assert edition.state == EditionState.CANCELLED


def test_the_setting_turns_it_off(world: World, pages: Pages) -> None:
    fetch = world.config.fetch.model_copy(update={"check_pages": False})
    world.config = world.config.model_copy(update={"fetch": fetch})
    world.join("ann")
    released(world, pages, "gone", 1)
    pages.status["/gone"] = 404
    tuesday(world)
    settle(world)
    assert (pages.asked, world.got("ann")) == ([], [1])


def test_another_address_for_the_post_is_looked_at_anew(world: World, pages: Pages) -> None:
    world.join("ann")
    post = released(world, pages, "gone", 1)
    Post.objects.filter(pk=post.pk).update(page_verdict="staff", page_asked_at=world.now)
    moved = Item(
        names=(Name(NameScheme.ID, "gone"),),
        title=post.title,
        html=post.html,
        date=PartialDate.of_instant(world.now),
        url=f"{pages.url}/new",
    )

    class Shelf:
        name = "story"

        def fetch(self, look: object) -> Any:
            from newsletter.sources.base import Fetched

            return Fetched([moved])

    sync.sync(Shelf(), world.config, world.now)
    tuesday(world)
    settle(world)
    assert pages.asked == ["/new"]
