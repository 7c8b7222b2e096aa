""" "Each post": the wait after a release, in which a mistake can still be mended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from world import World

from newsletter.models import Edition, Post, StaffMail
from newsletter.publishing.decisions import edition_actions, post_actions
from newsletter.publishing.editions import campaigns
from newsletter.publishing.ledger import release
from newsletter.publishing.notices import staff_mail
from subscribers.cadence import Cadence
from subscribers.models import Subscription

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


@pytest.mark.parametrize("take_back", [post_actions.withdraw, post_actions.hold])
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
    edition_actions.cancel(Edition.objects.get().pk, waiting.now)
    waiting.move(hours=1)
    waiting.run()
    assert waiting.got("ann") == []
    second = waiting.release()
    waiting.run()
    waiting.move(hours=1)
    waiting.run()
    assert waiting.got("ann") == [second]


@pytest.fixture
def with_staff(waiting: World) -> World:
    """Staff have a mailbox, so proofs go out."""
    email = waiting.config.email.model_copy(update={"staff": ["sam@example.org"]})
    waiting.config = waiting.config.model_copy(update={"email": email})
    return waiting


def test_where_staff_get_a_proof_they_have_ten_minutes_to_stop_it(with_staff: World) -> None:
    """The second post's own wait is nearly over when the first has gone."""
    waiting = with_staff
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


@pytest.mark.parametrize("minutes", [1, 2, 9, 10])
def test_a_shorter_wait_leaves_ten_minutes_too_where_there_is_a_proof(
    with_staff: World, minutes: int
) -> None:
    campaigns.edit("each-post", with_staff.now, wait_minutes=minutes)
    first, released = with_staff.release(), with_staff.now
    with_staff.run()
    assert Edition.objects.get().slot_at == released + 10 * MINUTE
    with_staff.move(minutes=9)
    second = with_staff.release()
    with_staff.run()
    with_staff.move(minutes=1)
    with_staff.run()
    assert with_staff.got("ann") == [first]
    assert Edition.objects.order_by("-pk")[0].slot_at == with_staff.now + 10 * MINUTE
    with_staff.move(minutes=10)
    with_staff.run()
    assert with_staff.got("ann") == [first, second]


def test_without_a_wait_a_post_is_mailed_at_once_and_without_a_proof(with_staff: World) -> None:
    campaigns.edit("each-post", with_staff.now, wait_minutes=0)
    first = with_staff.release()
    with_staff.run()
    staff_mail.look(with_staff.config, with_staff.now)
    assert with_staff.got("ann") == [first]
    assert not StaffMail.objects.filter(kind="proof").exists()


def test_without_staff_a_short_wait_is_as_short_as_it_says(waiting: World) -> None:
    campaigns.edit("each-post", waiting.now, wait_minutes=2)
    waiting.release()
    waiting.run()
    assert Edition.objects.get().slot_at == waiting.now + 2 * MINUTE


def test_posts_that_nobody_was_behind_with_together_leave_time_for_a_proof_as_well(with_staff: World) -> None:
    """More wait than one mail's worth, and for those who are there all but one are past: it goes by itself."""
    campaigns.pause("each-post", with_staff.now)
    posts = [with_staff.release() for _ in range(4)]
    campaigns.resume("each-post", with_staff.now)
    Subscription.objects.update(watermark=3, practice_watermark=3)
    with_staff.run()
    edition = Edition.objects.get()
    assert (edition.state, edition.slot_at) == ("scheduled", with_staff.now + 30 * MINUTE)
    with_staff.move(minutes=30)
    with_staff.run()
    assert with_staff.got("ann") == posts[3:]
