"""What staff do while a tick is at work: their word holds, also when a page is being asked for at that instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connections
from test_link_check import Pages, released, settle, tuesday
from world import World, next_tuesday_nine

from newsletter.models import Edition, Post
from newsletter.publishing.decisions import edition_actions, post_actions
from newsletter.publishing.editions import campaigns
from newsletter.publishing.schedule import tick

HOUR = timedelta(hours=1)


class Answering(Pages):
    """A web server that lets something happen before it answers for a page, as staff or another process would."""

    def __init__(self) -> None:
        super().__init__()
        self.before: dict[str, Callable[[], object]] = {}
        self.failed: list[BaseException] = []
        handler = self.server.RequestHandlerClass
        answer = handler.do_GET  # type: ignore[attr-defined]

        def do_get(request: object) -> None:
            step = self.before.pop(request.path, None)  # type: ignore[attr-defined]
            if step is not None:
                try:
                    step()
                except BaseException as error:
                    self.failed.append(error)
                finally:
                    connections.close_all()
            answer(request)

        handler.do_GET = do_get  # type: ignore[attr-defined]

    def close(self) -> None:
        super().close()
        assert self.failed == []


@pytest.fixture
def pages() -> Iterator[Answering]:
    pages = Answering()
    yield pages
    pages.close()


@pytest.fixture
def world(world: World) -> World:
    fetch = world.config.fetch.model_copy(update={"check_pages": True, "allowed_hosts": ["127.0.0.1"]})
    world.config = world.config.model_copy(update={"fetch": fetch})
    return world


def drafted(world: World, pages: Pages, **settings: object) -> Edition:
    """The edition of Tuesday's slot, made 20 hours ahead with two posts; its pages are asked again at the slot."""
    campaigns.edit("weekly", world.now, draft_hours=20, **settings)
    world.join("ann")
    released(world, pages, "one", 1)
    released(world, pages, "two", 2)
    world.until(next_tuesday_nine(world.now) - 20 * HOUR)
    return Edition.objects.get()


def test_an_edition_that_staff_pause_while_its_pages_are_asked_for_does_not_go(
    world: World, pages: Answering
) -> None:
    edition = drafted(world, pages)
    tuesday(world)
    pages.before["/one"] = lambda: edition_actions.pause(edition.pk, world.now)
    settle(world)
    assert Edition.objects.get().state == "paused"
    assert world.got("ann") == []


def test_an_edition_that_loses_a_post_to_staff_while_its_pages_are_asked_for_waits_for_approval(
    world: World, pages: Answering
) -> None:
    drafted(world, pages)
    tuesday(world)
    key = Post.objects.get(title="zq2zq").key
    pages.before["/one"] = lambda: post_actions.hold(key, world.config, world.now)
    settle(world)
    assert Edition.objects.get().state == "awaiting approval"
    assert world.got("ann") == []


def test_two_ticks_that_find_a_page_gone_at_once_both_leave_the_edition_to_staff(
    world: World, pages: Answering
) -> None:
    drafted(world, pages)
    tuesday(world)
    pages.status["/one"] = 410
    pages.before["/one"] = lambda: tick.tick(world.config, world.now)
    settle(world)
    assert Edition.objects.get().state == "awaiting approval"
    assert world.got("ann") == []


def test_a_post_that_staff_withdraw_while_its_page_is_asked_for_stays_withdrawn(
    world: World, pages: Answering
) -> None:
    drafted(world, pages)
    tuesday(world)
    post = Post.objects.get(title="zq1zq")
    pages.status["/one"] = 410
    pages.before["/one"] = lambda: post_actions.withdraw(post.key, world.config, world.now)
    settle(world)
    post.refresh_from_db()
    assert post.state == "withdrawn"


def test_a_campaign_that_is_paused_while_pages_are_asked_for_mails_nothing(
    world: World, pages: Answering
) -> None:
    drafted(world, pages)
    tuesday(world)
    pages.before["/one"] = lambda: campaigns.pause("weekly", world.now)
    settle(world)
    assert world.got("ann") == []


def test_an_approved_edition_that_loses_a_post_at_its_hour_waits_and_is_not_dropped_by_the_next_tick(
    world: World, pages: Answering
) -> None:
    edition = drafted(world, pages, approval=True)
    edition_actions.approve(edition.pk, world.now)
    tuesday(world)
    pages.status["/one"] = 410
    settle(world)
    world.move(hours=1)
    settle(world)
    assert Edition.objects.get().state == "awaiting approval"
    edition_actions.approve(edition.pk, world.now)
    settle(world)
    assert world.got("ann") == [2]
