"""Dates without mail: slots are left out, "each post" waits, and nothing that is owed is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from world import World, next_tuesday_nine

from newsletter.models import Edition, Reason
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.editions import campaigns, compose
from newsletter.publishing.schedule.digest_slots import upcoming
from subscribers.cadence import Cadence

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def dark(world: World, *dates: str) -> None:
    section = world.config.schedule.model_copy(update={"blackout": list(dates)})
    world.config = world.config.model_copy(update={"schedule": section})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_digests_slot_on_such_a_date_is_left_out_and_its_posts_come_with_the_next(world: World) -> None:
    dark(world, "2026-11-03")
    world.join("ann")
    world.release()
    assert upcoming(campaigns.find("weekly"), world.config).left_out
    world.now = next_tuesday_nine(world.now)
    world.run()
    edition = Edition.objects.get()
    assert (edition.state, edition.reason, world.got("ann")) == ("skipped", Reason.BLACKOUT, [])
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert world.got("ann") == [1]


def test_no_edition_is_made_ahead_of_it(world: World) -> None:
    dark(world, "2026-11-03")
    campaigns.edit("weekly", world.now, draft_hours=40, approval=True)
    world.join("ann")
    world.release()
    world.tick()
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    ("zone", "hour", "weekday", "sent"),
    [
        # 04:00 UTC on the 11th, and the 10th on the campaign's own wall
        ("America/New_York", 23, 1, False),
        # 11:00 UTC on the 10th, and the 11th there
        ("Pacific/Kiritimati", 1, 2, True),
    ],
)
def test_the_date_is_one_in_the_campaigns_zone(
    world: World, zone: str, hour: int, weekday: int, sent: bool
) -> None:
    dark(world, "2026-11-10")
    campaigns.edit("weekly", world.now, zone=zone, hour=hour, weekday=weekday)
    world.join("ann")
    world.release()
    for _ in range(2):
        world.until(campaigns.find("weekly").next_slot_at)
    slots = dict(Edition.objects.values_list("slot_local", "reason"))
    assert (Reason.BLACKOUT in slots.values()) is not sent


def test_added_after_its_edition_was_made_it_holds_for_what_nobody_approved(world: World) -> None:
    campaigns.edit("weekly", world.now, draft_hours=20)
    world.join("ann")
    world.release()
    world.until(next_tuesday_nine(world.now) - 20 * HOUR)
    edition = Edition.objects.get()
    dark(world, "2026-11-03")
    world.now = edition.slot_at
    world.run()
    edition.refresh_from_db()
    assert (edition.state, edition.reason) == ("skipped", Reason.BLACKOUT)


def test_what_staff_gave_a_moment_by_hand_goes_all_the_same(world: World) -> None:
    dark(world, "2026-11-03")
    world.join("ann")
    world.release()
    edition = compose.compose("weekly", world.config, world.now)
    moment = utc("2026-11-03T18:00")
    edition_actions.schedule(edition.pk, moment, world.now)
    world.now = moment
    world.run()
    assert world.got("ann") == [1]


def test_a_late_slot_is_not_caught_up_on_such_a_date(world: World) -> None:
    dark(world, "2026-11-04")
    world.join("ann")
    world.release()
    world.now = next_tuesday_nine(world.now) + DAY
    world.run()
    assert (Edition.objects.get().reason, world.got("ann")) == (Reason.BLACKOUT, [])
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert world.got("ann") == [1]


def test_of_missed_slots_the_last_outside_counts(world: World) -> None:
    """Tuesday was missed, then came a week without mail: the late policy is about Tuesday."""
    dark(world, "2026-11-09..2026-11-12")
    world.join("ann")
    world.release()
    world.now = utc("2026-11-13T12:00")
    world.run()
    assert Edition.objects.get().slot_local == "2026-11-03T09:00"
    assert world.got("ann") == [1]


@pytest.mark.parametrize(
    ("zone", "first_moment"),
    [
        ("America/New_York", "2026-11-06T05:00"),
        ("Asia/Kolkata", "2026-11-05T18:30"),
    ],
)
def test_each_post_waits_until_the_first_moment_after(world: World, zone: str, first_moment: str) -> None:
    dark(world, "2026-11-04..2026-11-05")
    campaigns.resume("each-post", world.now)
    campaigns.edit("each-post", world.now, zone=zone)
    world.join("ann", Cadence.EACH_POST)
    world.now = utc("2026-11-04T12:00")
    world.release()
    world.run()
    assert Edition.objects.get(campaign__name="each-post").slot_at == utc(first_moment)
    world.now = utc(first_moment) - timedelta(seconds=1)
    world.run()
    assert world.got("ann") == []
    world.now += timedelta(seconds=1)
    world.run()
    assert world.got("ann") == [1]


def test_each_post_that_was_due_before_is_moved_too(world: World) -> None:
    campaigns.resume("each-post", world.now)
    campaigns.edit("each-post", world.now, wait_minutes=60)
    world.join("ann", Cadence.EACH_POST)
    world.release()
    world.tick()
    dark(world, "2026-11-02")
    world.move(hours=2)
    world.run()
    assert world.got("ann") == []
    world.now = utc("2026-11-03T05:00")
    world.run()
    assert world.got("ann") == [1]


def test_four_posts_over_the_holidays_share_one_mail_that_is_approved(world: World, caplog: Any) -> None:
    dark(world, "2026-11-04..2026-11-05")
    campaigns.resume("each-post", world.now)
    world.join("ann", Cadence.EACH_POST)
    world.now = utc("2026-11-04T12:00")
    for _ in range(6):
        world.release()
        world.run()
        world.move(hours=1)
    world.now = utc("2026-11-06T05:00")
    world.run()
    assert world.got("ann") == [1]
    waiting = Edition.objects.get(state="awaiting approval")
    assert "5 posts came together" in waiting.because
    edition_actions.approve(waiting.pk, world.now)
    world.run()
    assert sorted(world.got("ann")) == [1, 2, 3, 4, 5, 6]
