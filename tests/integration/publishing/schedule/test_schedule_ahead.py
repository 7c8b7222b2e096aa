"""Editions that are made before their slot: what they carry, who must say yes, and what a change does to them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from world import World, next_tuesday_nine

from newsletter.errors import Refused
from newsletter.models import Edition, Post, Reason
from newsletter.publishing.decisions import edition_actions, post_actions
from newsletter.publishing.editions import campaigns, compose
from newsletter.publishing.schedule import tick
from newsletter.publishing.schedule.begin import begin
from newsletter.publishing.schedule.digest_slots import upcoming
from newsletter.publishing.setup import go_live

#: The stories begin on Monday 2026-11-02 at 08:00 UTC; the weekly slot is Tuesday 14:00 UTC.
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def only() -> Edition:
    return Edition.objects.get()


def drafted(world: World, hours: int = 20, **settings: object) -> Edition:
    """Ann is subscribed, a post is released, and the edition of the next slot is made ahead of it."""
    campaigns.edit("weekly", world.now, draft_hours=hours, **settings)
    world.join("ann")
    world.release()
    world.until(next_tuesday_nine(world.now) - hours * HOUR)
    return only()


def at_the_slot(world: World) -> datetime:
    world.now = only().slot_at
    world.run()
    return world.now


def test_it_is_made_and_frozen_so_many_hours_before_and_goes_at_its_hour(world: World) -> None:
    campaigns.edit("weekly", world.now, draft_hours=20)
    world.join("ann")
    post = world.release()
    slot = next_tuesday_nine(world.now)
    world.until(slot - 20 * HOUR - timedelta(seconds=1))
    assert not Edition.objects.exists()
    world.until(slot - 20 * HOUR)
    edition = only()
    assert (edition.state, edition.slot_at, edition.people) == ("scheduled", slot, 1)
    assert edition.frozen_at == world.now
    world.until(slot - timedelta(seconds=1))
    assert world.got("ann") == []
    world.now = slot
    world.run()
    assert world.got("ann") == [post]
    assert Edition.objects.count() == 1


def test_posts_released_after_it_was_made_come_with_the_next(world: World) -> None:
    drafted(world)
    late = world.release()
    at_the_slot(world)
    assert world.got("ann") == [1]
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert world.got("ann") == [1, late]


def test_a_post_edited_after_it_was_made_goes_as_it_was_seen(world: World) -> None:
    drafted(world)
    Post.objects.update(title="zq99zq")
    at_the_slot(world)
    assert world.got("ann") == [1]


def test_who_joins_after_it_was_made_gets_it(world: World) -> None:
    drafted(world)
    world.join("bo")
    at_the_slot(world)
    assert world.got("bo") == [1]


def test_two_schedulers_make_it_once(world: World) -> None:
    drafted(world)
    world.tick()
    world.tick()
    assert Edition.objects.count() == 1


def test_nothing_new_makes_none_ahead_and_what_comes_before_the_slot_is_carried(world: World) -> None:
    campaigns.edit("weekly", world.now, draft_hours=20)
    world.join("ann")
    slot = next_tuesday_nine(world.now)
    world.until(slot - 10 * HOUR)
    assert not Edition.objects.exists()
    post = world.release()
    world.until(slot - 9 * HOUR)
    assert only().state == "scheduled"
    at_the_slot(world)
    assert world.got("ann") == [post]


def test_nothing_new_at_all_sends_nothing_and_leaves_one_skipped_row(world: World) -> None:
    campaigns.edit("weekly", world.now, approval=True)
    world.join("ann")
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert (only().state, only().because) == ("skipped", "nothing new")


def test_it_is_not_made_before_the_slot_before_it_is_over(world: World) -> None:
    campaigns.resume("daily", world.now)
    campaigns.edit("daily", world.now, draft_hours=48)
    world.join("ann")
    from subscribers.cadence import Cadence

    world.join("di", Cadence.DAILY)
    world.release()
    world.tick()
    (first,) = Edition.objects.filter(campaign__name="daily")
    world.release()
    world.until(first.slot_at)
    world.tick()
    assert Edition.objects.filter(campaign__name="daily").count() == 1, "the first is being enqueued"
    world.run()
    assert Edition.objects.filter(campaign__name="daily").count() == 2
    assert world.got("di") == [1]
    world.now += DAY
    world.run()
    assert world.got("di") == [1, 2]


# approval


def test_with_approval_it_is_made_two_days_before_and_goes_when_somebody_says_yes(world: World) -> None:
    campaigns.edit("weekly", world.now, approval=True)
    world.join("ann")
    world.release()
    world.tick()
    edition = only()
    assert (edition.state, edition.approve_by) == ("awaiting approval", edition.slot_at)
    edition_actions.approve(edition.pk, world.now)
    world.until(edition.slot_at - timedelta(minutes=1))
    assert world.got("ann") == []
    at_the_slot(world)
    assert world.got("ann") == [1]


def test_what_nobody_approved_by_its_hour_is_skipped_and_its_posts_stay_owed(world: World) -> None:
    campaigns.edit("weekly", world.now, approval=True)
    world.join("ann")
    world.release()
    world.tick()
    first = only()
    at_the_slot(world)
    first.refresh_from_db()
    assert (first.state, first.reason, world.got("ann")) == ("skipped", Reason.NOT_APPROVED, [])
    world.release()
    world.until(world.now + 6 * DAY)
    second = Edition.objects.get(state="awaiting approval")
    edition_actions.approve(second.pk, world.now)
    world.now = second.slot_at
    world.run()
    assert sorted(world.got("ann")) == [1, 2]
    assert not second.campaign.kept_out.exists()


def test_a_yes_that_comes_too_late_is_told_what_to_do(world: World) -> None:
    campaigns.edit("weekly", world.now, approval=True)
    world.join("ann")
    world.release()
    world.tick()
    at_the_slot(world)
    with pytest.raises(Refused, match=r"nobody approved it by its hour.*compose --campaign weekly"):
        edition_actions.approve(only().pk, world.now)
    edition = compose.compose("weekly", world.config, world.now)
    edition_actions.approve(edition.pk, world.now)
    world.run()
    assert world.got("ann") == [1]


def test_an_edition_that_was_made_too_late_for_anybody_to_look_waits(world: World) -> None:
    """Nothing ran until its hour had come: nobody can be blamed for not saying yes."""
    campaigns.edit("weekly", world.now, approval=True)
    world.join("ann")
    world.release()
    world.until(next_tuesday_nine(world.now))
    assert (only().state, only().approve_by) == ("awaiting approval", None)
    world.until(world.now + DAY)
    assert only().state == "awaiting approval"
    edition_actions.approve(only().pk, world.now)
    world.run()
    assert world.got("ann") == [1]


def test_one_that_still_waits_when_the_next_goes_is_over(world: World) -> None:
    campaigns.edit("weekly", world.now, approval=True)
    world.join("ann")
    world.release()
    world.until(next_tuesday_nine(world.now))
    first = only()
    campaigns.edit("weekly", world.now, approval=False)
    world.now = next_tuesday_nine(world.now)
    world.run()
    first.refresh_from_db()
    assert (first.state, world.got("ann")) == ("skipped", [1])
    assert "carries its posts" in first.because


def test_turning_approval_on_and_off_goes_for_what_is_made_already(world: World) -> None:
    edition = drafted(world)
    campaigns.edit("weekly", world.now, approval=True)
    edition.refresh_from_db()
    assert (edition.state, edition.approve_by) == ("awaiting approval", edition.slot_at)
    campaigns.edit("weekly", world.now, approval=False)
    edition.refresh_from_db()
    assert (edition.state, edition.approve_by) == ("scheduled", None)


def test_a_post_taken_back_sends_it_back_to_approval_and_it_waits(world: World) -> None:
    """No yes was asked for before, so none is missing at its hour."""
    drafted_edition = drafted(world)
    post_actions.withdraw(world.posts[1].key, world.config, world.now)
    drafted_edition.refresh_from_db()
    assert drafted_edition.state == "cancelled"
    second, _ = world.release(), world.release()
    world.tick()
    edition = Edition.objects.get(state="scheduled")
    post_actions.withdraw(world.posts[second].key, world.config, world.now)
    world.until(edition.slot_at)
    edition.refresh_from_db()
    assert edition.state == "awaiting approval"
    edition_actions.approve(edition.pk, world.now)
    world.run()
    assert world.got("ann") == [3]


# changes of the campaign


def test_another_hour_of_the_same_day_takes_it_along(world: World) -> None:
    edition = drafted(world)
    before = edition.slot_at
    campaigns.edit("weekly", world.now, hour=11)
    edition.refresh_from_db()
    assert (edition.slot_at, edition.slot_local) == (before + 2 * HOUR, "2026-11-03T11:00")
    world.until(before + HOUR)
    assert world.got("ann") == []
    at_the_slot(world)
    assert world.got("ann") == [1]
    assert Edition.objects.count() == 1


def test_another_day_puts_it_away_and_makes_it_anew(world: World) -> None:
    first = drafted(world)
    campaigns.edit("weekly", world.now, weekday=4)
    first.refresh_from_db()
    assert (first.state, first.slot_local) == ("cancelled", None)
    world.until(campaigns.find("weekly").next_slot_at - HOUR)
    second = Edition.objects.get(state="scheduled")
    assert second.frozen["frame"]["date_text"] == "November 6, 2026"
    world.now = second.slot_at
    world.run()
    assert world.got("ann") == [1]
    campaigns.edit("weekly", world.now, weekday=1)
    assert campaigns.find("weekly").next_slot_local == "2026-11-10T09:00"


def test_a_pause_over_its_hour_leaves_it_out_and_its_posts_come_later(world: World) -> None:
    edition = drafted(world)
    campaigns.pause("weekly", world.now)
    at_the_slot(world)
    edition.refresh_from_db()
    assert (edition.state, edition.reason) == ("skipped", Reason.CAMPAIGN_PAUSED)
    campaigns.resume("weekly", world.now + HOUR)
    world.now = next_tuesday_nine(world.now + HOUR)
    world.run()
    assert world.got("ann") == [1]


def test_a_pause_that_ends_before_its_hour_changes_nothing(world: World) -> None:
    edition = drafted(world)
    campaigns.pause("weekly", world.now)
    campaigns.resume("weekly", world.now + HOUR)
    at_the_slot(world)
    edition.refresh_from_db()
    assert (edition.state, world.got("ann")) == ("sent", [1])
    assert Edition.objects.count() == 1


def test_nothing_that_ran_during_a_pause_over_its_hour_sends_it_late(world: World) -> None:
    edition = drafted(world)
    campaigns.pause("weekly", world.now, edition.slot_at + HOUR)
    world.now = edition.slot_at + 2 * HOUR
    world.run()
    edition.refresh_from_db()
    assert (edition.state, world.got("ann")) == ("skipped", [])


def test_cancelled_it_is_not_made_again_and_its_posts_are_owed_at_the_next_slot(world: World) -> None:
    edition = drafted(world)
    edition_actions.cancel(edition.pk, world.now)
    world.tick()
    at_the_slot(world)
    assert world.got("ann") == []
    assert Edition.objects.count() == 1
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert world.got("ann") == [1]


def test_staff_may_give_it_another_moment(world: World) -> None:
    edition = drafted(world)
    later = edition.slot_at + 5 * HOUR
    edition_actions.schedule(edition.pk, later, world.now)
    world.until(edition.slot_at + HOUR)
    assert world.got("ann") == []
    world.now = later
    world.run()
    assert world.got("ann") == [1]
    assert Edition.objects.count() == 1


def test_sent_early_by_hand_its_slot_is_taken(world: World) -> None:
    edition = drafted(world)
    edition_actions.approve(edition.pk, world.now)
    begin(edition, world.config, world.now)
    world.run()
    assert world.got("ann") == [1]
    late = world.release()
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert world.got("ann") == [1]
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert world.got("ann") == [1, late]


def test_stopped_and_resumed_it_goes(world: World) -> None:
    edition = drafted(world)
    edition_actions.pause(edition.pk, world.now)
    at_the_slot(world)
    assert world.got("ann") == []
    edition_actions.resume(edition.pk, world.now)
    world.run()
    assert world.got("ann") == [1]


def test_stopped_and_forgotten_the_next_carries_its_posts(world: World) -> None:
    edition = drafted(world)
    edition_actions.pause(edition.pk, world.now)
    world.now = next_tuesday_nine(world.now)
    world.run()
    world.now = next_tuesday_nine(world.now)
    world.run()
    edition.refresh_from_db()
    assert (edition.state, world.got("ann")) == ("cancelled", [1])


def test_who_comes_back_below_it_waits_for_the_next(world: World) -> None:
    from subscribers import consent
    from subscribers.consent import Proof

    ann = world.join("ann")
    consent.pause(ann, proof=Proof(), now=world.now)
    world.join("bo")
    first = world.release()
    world.now = next_tuesday_nine(world.now)
    world.run()
    campaigns.edit("weekly", world.now, draft_hours=20)
    second = world.release()
    world.until(next_tuesday_nine(world.now) - 20 * HOUR)
    consent.resume(ann, proof=Proof(), now=world.now)
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert world.got("bo") == [first, second]
    assert world.got("ann") == []
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert sorted(world.got("ann")) == [first, second]


def test_a_broken_template_shows_when_it_is_made(world: World) -> None:
    file = world.config.folder / "templates" / "email" / "digest.html"
    well = file.read_text()
    campaigns.edit("weekly", world.now, draft_hours=20)
    world.join("ann")
    world.release()
    world.release()
    file.write_text(well.replace("e.title", "e.titel"))
    world.now = next_tuesday_nine(world.now) - 19 * HOUR
    problems = tick.tick(world.config, world.now).problems
    assert "email/digest.html, line 1" in problems[0]
    assert "titel" in only().trouble
    world.now = next_tuesday_nine(world.now)
    assert "titel" in tick.tick(world.config, world.now).problems[0]
    assert only().state == "awaiting approval"
    assert "titel" in only().because
    file.write_text(well)
    edition_actions.cancel(only().pk, world.now)
    edition = compose.compose("weekly", world.config, world.now)
    edition_actions.approve(edition.pk, world.now)
    world.run()
    assert sorted(world.got("ann")) == [1, 2]


def test_going_live_frees_the_slot_of_what_was_made_in_practice(world: World) -> None:
    edition = drafted(world)
    go_live.go(None, world.now)
    edition.refresh_from_db()
    assert (edition.state, edition.slot_local) == ("cancelled", None)
    post = world.release()
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert world.got("ann") == [post]


# late


@pytest.mark.parametrize("late", ["send", "skip", "ask"])
def test_made_ahead_and_missed_it_follows_the_late_policy(world: World, late: str) -> None:
    edition = drafted(world, late=late)
    missed = world.release()
    world.now = edition.slot_at + 3 * HOUR
    world.run()
    edition.refresh_from_db()
    if late == "ask":
        assert (edition.state, edition.approve_by) == ("awaiting approval", None)
        edition_actions.approve(edition.pk, world.now)
        world.run()
    assert world.got("ann") == ([] if late == "skip" else [1])
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert sorted(world.got("ann")) == [1, missed]
    assert len(world.relay.taken) == (1 if late == "skip" else 2)


@pytest.mark.parametrize("late", ["send", "skip", "ask"])
@pytest.mark.parametrize("weeks", [1, 2, 5])
def test_several_missed_slots_are_one_mail_by_the_late_policy(world: World, late: str, weeks: int) -> None:
    campaigns.edit("weekly", world.now, late=late)
    world.join("ann")
    world.release()
    world.now = next_tuesday_nine(world.now) + timedelta(weeks=weeks, hours=1)
    world.run()
    edition = only()
    assert edition.slot_at == world.now - HOUR
    if late == "ask":
        assert edition.state == "awaiting approval"
        edition_actions.approve(edition.pk, world.now)
        world.run()
    assert world.got("ann") == ([] if late == "skip" else [1])
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert world.got("ann") == [1]
    assert len(world.relay.taken) == 1


@pytest.mark.parametrize(("minutes", "sent"), [(14, True), (16, False)])
def test_a_quarter_of_an_hour_is_not_late(world: World, minutes: int, sent: bool) -> None:
    campaigns.edit("weekly", world.now, late="skip")
    world.join("ann")
    world.release()
    world.now = next_tuesday_nine(world.now) + timedelta(minutes=minutes)
    world.run()
    assert (world.got("ann") == [1]) is sent


@pytest.mark.parametrize("approved", [True, False])
def test_made_ahead_with_later_slots_missed_as_well_one_mail_goes(world: World, approved: bool) -> None:
    edition = drafted(world)
    if approved:
        edition_actions.approve(edition.pk, world.now)
    late = world.release()
    world.now = edition.slot_at + timedelta(weeks=2, hours=3)
    world.run()
    assert len(world.relay.taken) == 1
    assert sorted(world.got("ann")) == ([1] if approved else [1, late])
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert sorted(world.got("ann")) == [1, late]


def test_a_slot_that_is_due_when_staff_edit_the_campaign_is_not_lost(world: World) -> None:
    """Nothing ran at its hour, and the first thing anybody did was to change the subject."""
    world.join("ann")
    world.release()
    world.now = next_tuesday_nine(world.now) + DAY
    campaigns.edit("weekly", world.now, subject="News")
    world.run()
    assert world.got("ann") == [1]


def test_a_moment_in_the_past_is_refused(world: World) -> None:
    edition = drafted(world)
    with pytest.raises(Refused, match="in the past"):
        edition_actions.schedule(edition.pk, world.now - HOUR, world.now)


def test_a_proof_is_announced_before_the_hour_that_staff_gave_and_never_after_the_send(world: World) -> None:
    email = world.config.email.model_copy(update={"staff": ["sam@example.org"]})
    world.config = world.config.model_copy(update={"email": email})
    edition = drafted(world)
    campaign = campaigns.find("weekly")
    expected = upcoming(campaign, world.config)
    assert expected is not None
    assert expected.proof_at == edition.slot_at - HOUR
    edition_actions.schedule(edition.pk, world.now + 5 * HOUR, world.now)
    earlier = upcoming(campaign, world.config)
    assert earlier is not None
    assert earlier.proof_at == world.now + 4 * HOUR
    at_the_slot(world)
    gone = upcoming(campaigns.find("weekly"), world.config)
    assert gone is not None
    assert gone.proof_at is None
