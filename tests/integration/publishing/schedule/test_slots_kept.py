"""A slot is not lost to an edition that was made for it early, and an edition goes at no hour staff moved away from."""

from __future__ import annotations

from datetime import timedelta

import pytest
from world import World, next_tuesday_nine

from newsletter.errors import Refused
from newsletter.models import Edition, Post, Reason
from newsletter.publishing.decisions import edition_actions, post_actions
from newsletter.publishing.editions import campaigns, compose
from newsletter.publishing.ledger import release
from subscribers.cadence import Cadence

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def drafted(world: World, hours: int = 20, **settings: object) -> Edition:
    campaigns.edit("weekly", world.now, draft_hours=hours, **settings)
    world.join("ann")
    world.release()
    world.until(next_tuesday_nine(world.now) - hours * HOUR)
    return Edition.objects.get()


def test_a_slot_whose_early_edition_lost_its_only_post_still_carries_what_comes_before_its_hour(
    world: World,
) -> None:
    edition = drafted(world)
    post_actions.withdraw(Post.objects.get().key, world.config, world.now)
    edition.refresh_from_db()
    assert edition.state == "cancelled"
    other = world.release()
    world.now = edition.slot_at
    world.run()
    assert world.got("ann") == [other]


def test_a_post_taken_back_by_mistake_and_released_again_goes_at_its_slot(world: World) -> None:
    edition = drafted(world)
    key = Post.objects.get().key
    post_actions.hold(key, world.config, world.now)
    release.release([key], world.now, mail=[key])
    world.now = edition.slot_at
    world.run()
    assert world.got("ann") == [1]


def test_an_edition_made_ahead_follows_days_that_are_changed_while_its_campaign_is_paused(
    world: World,
) -> None:
    edition = drafted(world)
    campaigns.pause("weekly", world.now)
    campaigns.edit("weekly", world.now, weekday=3)
    campaigns.resume("weekly", world.now)
    world.now = edition.slot_at
    world.run()
    assert world.got("ann") == [], "Tuesday is no day of it any more"
    world.now += 2 * DAY
    world.run()
    assert world.got("ann") == [1]


def test_an_edition_made_ahead_follows_an_hour_that_is_changed_while_its_campaign_is_paused(
    world: World,
) -> None:
    edition = drafted(world)
    campaigns.pause("weekly", world.now)
    campaigns.edit("weekly", world.now, hour=17)
    campaigns.resume("weekly", world.now)
    world.now = edition.slot_at
    world.run()
    assert world.got("ann") == []
    world.now += 8 * HOUR
    world.run()
    assert world.got("ann") == [1]
    assert Edition.objects.count() == 1


def test_a_paused_edition_whose_campaign_now_needs_approval_cannot_go_without_it(world: World) -> None:
    edition = drafted(world)
    edition_actions.pause(edition.pk, world.now)
    campaigns.edit("weekly", world.now, approval=True)
    with pytest.raises(Refused, match="awaiting approval"):
        edition_actions.resume(edition.pk, world.now)
    edition_actions.approve(edition.pk, world.now)
    world.now = edition.slot_at
    world.run()
    assert world.got("ann") == [1]


def test_what_staff_keep_out_of_mail_leaves_the_next_slots_early_edition_too(world: World) -> None:
    edition = drafted(world)
    by_hand = compose.compose("weekly", world.config, world.now)
    other = world.release()
    edition_actions.cancel(by_hand.pk, world.now, owed_again=False)
    edition.refresh_from_db()
    assert edition.state == "cancelled", "it carried nothing else"
    world.now = edition.slot_at
    world.run()
    assert world.got("ann") == [other]


def test_an_early_edition_that_loses_a_kept_out_post_asks_for_approval_again(world: World) -> None:
    campaigns.edit("weekly", world.now, draft_hours=20)
    world.join("ann")
    world.release()
    by_hand = compose.compose("weekly", world.config, world.now)
    other = world.release()
    world.until(next_tuesday_nine(world.now) - 20 * HOUR)
    edition = Edition.objects.exclude(pk=by_hand.pk).get()
    edition_actions.cancel(by_hand.pk, world.now, owed_again=False)
    edition.refresh_from_db()
    assert edition.state == "awaiting approval"
    edition_actions.approve(edition.pk, world.now)
    world.now = edition.slot_at
    world.run()
    assert world.got("ann") == [other]


def test_a_post_that_waits_when_its_campaign_turns_to_approval_is_asked_about(world: World) -> None:
    campaigns.resume("each-post", world.now)
    campaigns.edit("each-post", world.now, wait_minutes=30)
    world.join("eve", Cadence.EACH_POST)
    world.release()
    world.tick()
    campaigns.edit("each-post", world.now, approval=True)
    world.move(minutes=31)
    world.run()
    edition = Edition.objects.get()
    assert (edition.state, world.got("eve")) == ("awaiting approval", [])
    edition_actions.approve(edition.pk, world.now)
    world.run()
    assert world.got("eve") == [1]


def test_a_slot_whose_posts_the_next_one_had_to_bring_is_not_told_as_nothing_new(world: World) -> None:
    world.join("ann")
    mark = world.release()
    world.until(next_tuesday_nine(world.now))
    first = Edition.objects.get()
    assert first.state == "sending", "begun, and the machine went off before anybody was enqueued"
    world.now += 7 * DAY
    world.run()
    first.refresh_from_db()
    assert world.got("ann") == [mark]
    assert (first.state, first.reason) == ("skipped", Reason.CUT_SHORT)
