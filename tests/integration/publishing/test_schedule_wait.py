""" "Each post": the wait after a release, in which a mistake can still be mended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from world import World

from newsletter.models import Edition, Post
from newsletter.publishing import campaigns, decide, release, withdraw
from subscribers.cadence import Cadence

MINUTE = timedelta(minutes=1)


@pytest.fixture
def waiting(world: World) -> World:
    """Each post waits half an hour; ann gets each."""
    campaigns.resume("each-post", world.now)
    campaigns.edit("each-post", world.now, wait_minutes=30)
    world.join("ann", Cadence.EACH_POST)
    return world


def test_half_an_hour_is_what_a_new_campaign_waits(site, now) -> None:
    assert campaigns.find("each-post").wait_minutes == 30


def test_a_post_is_mailed_half_an_hour_after_its_release(waiting: World) -> None:
    post, released = waiting.release(), waiting.now
    waiting.run()
    edition = Edition.objects.get()
    assert (edition.state, edition.slot_at, edition.frozen_at) == ("scheduled", released + 30 * MINUTE, None)
    waiting.now = released + 30 * MINUTE - timedelta(seconds=1)
    waiting.run()
    assert waiting.got("ann") == []
    waiting.now = released + 30 * MINUTE
    waiting.run()
    assert waiting.got("ann") == [post]


def test_what_is_mended_meanwhile_reaches_the_mail(waiting: World) -> None:
    waiting.release()
    waiting.run()
    Post.objects.update(title="zq77zq")
    waiting.move(minutes=30)
    waiting.run()
    assert waiting.got("ann") == [77]


@pytest.mark.parametrize("take_back", [withdraw.withdraw, withdraw.hold])
def test_a_post_taken_back_meanwhile_reaches_nobody(waiting: World, take_back) -> None:
    post = waiting.release()
    waiting.run()
    take_back(waiting.posts[post].key, waiting.config, waiting.now)
    waiting.move(minutes=30)
    waiting.run()
    assert waiting.got("ann") == []
    assert Edition.objects.get().state == "skipped"
    release.release([waiting.posts[post].key], waiting.now, mail=[waiting.posts[post].key])
    waiting.run()
    waiting.move(minutes=30)
    waiting.run()
    assert waiting.got("ann") == [post]


def test_posts_within_the_wait_come_in_order_each_when_its_own_wait_is_over(waiting: World) -> None:
    first = waiting.release()
    waiting.run()
    waiting.move(minutes=10)
    second = waiting.release()
    waiting.run()
    waiting.move(minutes=20)
    waiting.run()
    assert waiting.got("ann") == [first]
    waiting.move(minutes=9)
    waiting.run()
    assert waiting.got("ann") == [first]
    waiting.move(minutes=1)
    waiting.run()
    assert waiting.got("ann") == [first, second]


def test_a_pause_within_the_wait_keeps_the_mail_until_it_ends(waiting: World) -> None:
    post = waiting.release()
    waiting.run()
    campaigns.pause("each-post", waiting.now)
    waiting.move(hours=5)
    waiting.run()
    assert waiting.got("ann") == []
    campaigns.resume("each-post", waiting.now)
    waiting.run()
    assert waiting.got("ann") == [post]


def test_cancelled_within_the_wait_it_stays_out_of_mail(waiting: World) -> None:
    waiting.release()
    waiting.run()
    decide.cancel(Edition.objects.get().pk, waiting.now)
    waiting.move(hours=1)
    waiting.run()
    assert waiting.got("ann") == []
    second = waiting.release()
    waiting.run()
    waiting.move(hours=1)
    waiting.run()
    assert waiting.got("ann") == [second]


def test_where_staff_get_a_proof_they_have_ten_minutes_to_stop_it(waiting: World) -> None:
    """The second post's own wait is nearly over when the first has gone."""
    email = waiting.config.email.model_copy(update={"staff": ["sam@example.org"]})
    waiting.config = waiting.config.model_copy(update={"email": email})
    waiting.release()
    waiting.run()
    waiting.move(minutes=1)
    second = waiting.release()
    waiting.move(minutes=29)
    waiting.run()
    assert Edition.objects.order_by("-pk")[0].slot_at == waiting.now + 10 * MINUTE
    waiting.move(minutes=10)
    waiting.run()
    assert waiting.got("ann") == [1, second]
