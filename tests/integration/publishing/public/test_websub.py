"""Hubs are told of what changed, once, and none of them keeps anything waiting. The hubs are real servers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import page_samples
import pytest
from django.db import connections
from servers.websub import HANG, HubServer

from newsletter.config import Config
from newsletter.errors import SourceError
from newsletter.http.client import Answer, Fetcher
from newsletter.models import Announcement, Post, PostState
from newsletter.publishing.public import websub

pytestmark = pytest.mark.slow

FILES = ("rss.xml", "atom.xml", "feed.json")
LATER = timedelta(seconds=10)


@pytest.fixture
def servers() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


class Teller:
    """A site with hubs and a clock that stands still until told to move."""

    def __init__(self, site: Config, now: datetime, *hubs: str) -> None:
        self.config = site.model_copy(update={"feeds": site.feeds.model_copy(update={"hubs": list(hubs)})})
        self.now = now
        self.fetcher = Fetcher(allowed_hosts={"127.0.0.1"}, whole_seconds=0.5)

    def round(self, after: timedelta = LATER, **more: Any) -> websub.HubReport:
        self.now += after
        return websub.tell_hubs(self.config, self.fetcher.post, self.now, **more)

    def settle(self) -> None:
        """The first rounds: hubs learn what there is."""
        self.round()
        self.round()

    def feeds(self, *folders: str) -> set[str]:
        return {f"{self.config.site.url}/{folder}{file}" for folder in folders for file in FILES}


def test_a_hub_is_told_of_the_feeds_that_changed_and_of_no_other(site, now, servers) -> None:
    """W3"""
    hub = servers.enter_context(HubServer())
    teller = Teller(site, now, hub.url)
    teller.settle()
    assert set(hub.heard) == teller.feeds("", "topics/land/", "topics/food/")
    hub.heard.clear()
    page_samples.post(site, now, categories=("land rights",))
    teller.settle()
    assert sorted(hub.heard) == sorted(teller.feeds("", "topics/land/"))


def test_nothing_is_told_twice(site, now, servers) -> None:
    hub = servers.enter_context(HubServer())
    teller = Teller(site, now, hub.url)
    teller.settle()
    first = len(hub.heard)
    for _ in range(5):
        assert teller.round().told == []
    assert len(hub.heard) == first


def test_a_hub_is_told_only_when_every_server_has_seen_the_change(site, now, servers) -> None:
    """It fetches at once, and a server may go by what it saw a second ago."""
    hub = servers.enter_context(HubServer())
    teller = Teller(site, now, hub.url)
    teller.settle()
    hub.heard.clear()
    page_samples.post(site, now)
    teller.round()
    assert hub.heard == []
    teller.round(websub.SETTLE - timedelta(milliseconds=1))
    assert hub.heard == []
    teller.round(timedelta(milliseconds=1))
    assert len(hub.heard) == 3


def test_a_change_that_is_taken_back_at_once_is_told_nobody(site, now, servers) -> None:
    hub = servers.enter_context(HubServer())
    teller = Teller(site, now, hub.url)
    teller.settle()
    hub.heard.clear()
    made = page_samples.post(site, now)
    teller.round()
    page_samples.in_state(made, PostState.WITHDRAWN)
    teller.settle()
    assert hub.heard == []


def test_a_withdrawn_post_is_a_change(site, now, servers) -> None:
    made = page_samples.post(site, now)
    hub = servers.enter_context(HubServer())
    teller = Teller(site, now, hub.url)
    teller.settle()
    hub.heard.clear()
    page_samples.in_state(made, PostState.WITHDRAWN)
    teller.settle()
    assert set(hub.heard) == teller.feeds("")


def test_a_hub_that_answers_500_is_told_again_later_and_then_forgotten_about(site, now, servers) -> None:
    hub = servers.enter_context(HubServer(500))
    teller = Teller(site, now, hub.url)
    teller.round()
    report = teller.round()
    assert (len(hub.heard), report.told) == (1, [])
    assert report.troubles == [f"the hub {hub.url} was not told: it answered 500"]
    # It rests whole: none of the other feeds is tried either.
    assert teller.round(timedelta(seconds=20)).troubles == report.troubles
    assert len(hub.heard) == 1
    report = teller.round(timedelta(seconds=11))
    assert len(report.told) == 9
    assert report.troubles == []
    assert not Announcement.objects.exclude(attempts=0, trouble="", next_attempt_at=None).exists()


def test_each_failure_makes_the_rest_longer(site, now, servers) -> None:
    hub = servers.enter_context(HubServer(*[500] * 20))
    teller = Teller(site, now, hub.url)
    teller.round()
    tries = []
    for second in range(600):
        teller.round(timedelta(seconds=1))
        if len(hub.heard) > len(tries):
            tries.append(second)
    rests = [later - earlier for earlier, later in pairwise(tries)]
    assert rests == [30, 60, 120, 240]


def test_a_hub_that_asks_for_time_gets_it(site, now, servers) -> None:
    hub = servers.enter_context(HubServer(503, retry_after="600"))
    teller = Teller(site, now, hub.url)
    teller.settle()
    teller.round(timedelta(seconds=599))
    assert len(hub.heard) == 1
    teller.round(timedelta(seconds=1))
    assert len(hub.heard) == 10


def test_a_feed_that_a_hub_does_not_want_keeps_it_from_no_other(site, now, servers) -> None:
    hub = servers.enter_context(HubServer(403))
    teller = Teller(site, now, hub.url)
    teller.round()
    assert len(teller.round().told) == 8
    assert Announcement.objects.get(attempts=1).trouble == "it answered 403"


def test_a_hub_that_hangs_costs_its_own_limit_and_the_others_are_told(site, now, servers) -> None:
    slow = servers.enter_context(HubServer(*[HANG] * 100))
    good = servers.enter_context(HubServer())
    teller = Teller(site, now, slow.url, good.url)
    teller.round()
    report = teller.round()
    assert {hub for hub, _ in report.told} == {good.url}
    assert len(report.told) == 9
    assert len(slow.heard) == 1
    assert "it took too long" in report.troubles[0]


def test_a_hub_is_told_while_another_keeps_one_waiting(site, now) -> None:
    slow, good = "https://a.example.org/", "https://b.example.org/"
    good_was_told = threading.Event()
    in_time: list[bool] = []

    def post(url: str, form: Any) -> Answer:
        if url == slow:
            in_time.append(good_was_told.wait(20))
        else:
            good_was_told.set()
        return Answer(url, 204, {}, b"")

    teller = Teller(site, now, slow, good)
    teller.round()
    report = websub.tell_hubs(teller.config, post, teller.now + LATER)
    assert len(report.told) == 18
    assert all(in_time)


def test_a_dead_hub_is_named_and_the_others_are_told(site, now, servers) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        dead = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    good = servers.enter_context(HubServer())
    teller = Teller(site, now, dead, good.url)
    teller.round()
    report = teller.round()
    assert len(report.told) == 9
    assert dead in report.troubles[0]
    assert "refused" in report.troubles[0]


def test_a_hub_on_a_private_network_is_refused_unless_it_is_named(site, now, servers) -> None:
    hub = servers.enter_context(HubServer())
    teller = Teller(site, now, hub.url)
    teller.fetcher = Fetcher()
    teller.round()
    assert "not on the public internet" in teller.round().troubles[0]
    assert hub.heard == []


def test_what_changes_while_a_hub_is_told_is_told_again(site, now, servers) -> None:
    hub = servers.enter_context(HubServer())
    teller = Teller(site, now, hub.url)
    teller.settle()
    page_samples.post(site, now)
    teller.round()
    real = teller.fetcher.post
    changed: list[Post] = []

    def post(url: str, form: Any) -> Any:
        if not changed:
            changed.append(page_samples.post(site, now, "Another"))
            websub._note(teller.config, teller.now)  # another scheduler's round
            connections.close_all()
        return real(url, form)

    teller.now += LATER
    websub.tell_hubs(teller.config, post, teller.now)
    hub.heard.clear()
    teller.settle()
    assert set(hub.heard) == teller.feeds("")


def test_two_schedulers_tell_a_hub_once(site, now, servers) -> None:
    hub = servers.enter_context(HubServer())
    teller = Teller(site, now, hub.url)
    teller.round()
    real = teller.fetcher.post
    asked: list[str] = []

    def post(url: str, form: Any) -> Any:
        if not asked:
            asked.append(url)
            # While this one is talking, another process has its own round.
            websub.tell_hubs(teller.config, real, teller.now)
            connections.close_all()
        return real(url, form)

    teller.now += LATER
    websub.tell_hubs(teller.config, post, teller.now)
    assert len(hub.heard) == len(set(hub.heard)) == 9


def test_what_a_dead_process_had_in_hand_is_told_by_the_next(site, now, servers) -> None:
    hub = servers.enter_context(HubServer())
    teller = Teller(site, now, hub.url)
    teller.round()

    def killed(*_: Any) -> Any:
        raise KeyboardInterrupt

    teller.now += LATER
    with pytest.raises(KeyboardInterrupt):
        websub.tell_hubs(teller.config, killed, teller.now)
    assert len(teller.round().told) == 8
    assert len(teller.round(timedelta(minutes=2)).told) == 1


def test_a_stop_ends_the_round(site, now, servers) -> None:
    hub = servers.enter_context(HubServer())
    teller = Teller(site, now, hub.url)
    teller.round()
    stop = threading.Event()
    stop.set()
    teller.round(stop=stop)
    assert hub.heard == []


def test_a_hub_or_feed_that_is_gone_is_forgotten(site, now, servers) -> None:
    one, two = servers.enter_context(HubServer()), servers.enter_context(HubServer())
    teller = Teller(site, now, one.url, two.url)
    teller.settle()
    Teller(site, teller.now, one.url).round()
    assert set(Announcement.objects.values_list("hub", flat=True)) == {one.url}
    moved = Teller(site, teller.now, one.url)
    moved.config = moved.config.model_copy(
        update={"site": site.site.model_copy(update={"url": "https://new.example.org"})}
    )
    moved.settle()
    assert all(
        feed.startswith("https://new.") for feed in Announcement.objects.values_list("feed", flat=True)
    )


def test_a_site_without_hubs_does_nothing(site, now, django_assert_num_queries) -> None:
    def nobody(*_: Any) -> Any:
        raise SourceError("nobody is to be asked")

    with django_assert_num_queries(0):
        assert websub.tell_hubs(site, nobody, now) == websub.HubReport()


def test_a_round_with_nothing_to_do_asks_the_database_a_few_times_and_builds_nothing(
    site, now, servers, django_assert_max_num_queries
) -> None:
    hub = servers.enter_context(HubServer())
    teller = Teller(site, now, hub.url)
    teller.settle()
    with django_assert_max_num_queries(4):
        teller.round()


def test_a_hub_that_talks_nonsense_keeps_no_other_waiting(site, now, servers) -> None:
    """What it said is kept to be read, and PostgreSQL keeps no NUL."""
    listening = servers.enter_context(socket.create_server(("127.0.0.1", 0)))

    def nonsense() -> None:
        line, _ = listening.accept()
        with line:
            line.recv(65536)
            line.sendall(b"\x00\xff\xfegarbage\r\n\r\n")

    threading.Thread(target=nonsense, daemon=True).start()
    hub = servers.enter_context(HubServer())
    bad = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    teller = Teller(site, now, bad, hub.url)
    teller.settle()
    assert set(hub.heard) == teller.feeds("", "topics/land/", "topics/food/")
    assert "garbage" in Announcement.objects.filter(hub=bad).exclude(trouble="").first().trouble
