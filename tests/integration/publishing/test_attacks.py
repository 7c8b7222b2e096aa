"""Sequences that once lost a mail, doubled one, or let one out that had been taken back; each found by an attacker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import legal_moves
import pytest
from django.db import connection
from world import World, next_tuesday_nine

from newsletter.errors import Refused, TransportError
from newsletter.models import Campaign, Delivery, Edition, Site, Worker
from newsletter.publishing.decisions import edition_actions, post_actions
from newsletter.publishing.delivery.deliver import finish
from newsletter.publishing.delivery.workers import sweep
from newsletter.publishing.editions import campaigns, compose
from newsletter.publishing.ledger import watermarks
from newsletter.publishing.schedule import enqueue, tick
from newsletter.publishing.schedule.begin import begin
from newsletter.transports.base import Envelope, Result


def begun(world: World, people: int = 4, posts: int = 1) -> Edition:
    """The weekly edition, enqueued for everyone and not delivered."""
    for number in range(people):
        world.join(f"p{number}")
    for _ in range(posts):
        world.release()
    world.now = next_tuesday_nine(world.now)
    world.tick()
    edition = Edition.objects.get()
    world.enqueue(edition)
    return edition


def states(edition: Edition) -> dict[str, int]:
    rows = list(Delivery.objects.filter(edition=edition).values_list("state", flat=True))
    return {state: rows.count(state) for state in set(rows)}


def next_digest(world: World) -> None:
    world.now = next_tuesday_nine(world.now)
    world.run()


def test_what_a_dead_process_held_of_a_cancelled_edition_is_owed_again(world: World) -> None:
    edition = begun(world)
    worker = Worker.objects.create(started_at=world.now, host="x", pid=1)
    Delivery.objects.update(state="claimed", worker=worker)
    edition_actions.cancel(edition.pk, world.now)
    sweep(world.now)
    assert states(edition) == {"cancelled": 4}
    next_digest(world)
    assert [world.got(f"p{number}") for number in range(4)] == [[1]] * 4


@pytest.mark.parametrize("fault", ["deferred", "relay lost"])
def test_a_message_on_the_wire_when_staff_cancel_is_owed_again_when_it_comes_back(
    world: World, fault: str
) -> None:
    edition = begun(world, people=1)

    def cancel(envelope: Envelope) -> None:
        world.relay.before = None
        cancel_in_a_thread(edition.pk, world)
        if fault == "relay lost":
            raise TransportError("the relay is gone")

    world.relay.before = cancel
    world.relay.answers = [Result.DEFERRED]
    world.deliver()
    world.relay.answers = []
    assert states(edition) == {"cancelled": 1}
    next_digest(world)
    assert world.got("p0") == [1]


def cancel_in_a_thread(number: int, world: World) -> None:
    import threading

    def work() -> None:
        try:
            edition_actions.cancel(number, world.now)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_a_cancelling_that_was_cut_short_is_finished(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = begun(world)

    def die(*_: Any, **__: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(edition_actions, "call_off", die)
        with pytest.raises(KeyboardInterrupt):
            edition_actions.cancel(edition.pk, world.now)
    assert states(edition) == {"pending": 4}
    assert edition_actions.cancel(edition.pk, world.now)[1] == 4
    next_digest(world)
    assert world.got("p0") == [1]


def test_nothing_of_a_cancelled_edition_is_opened_again(world: World) -> None:
    edition = begun(world, people=2)
    world.relay.answers = [Result.UNKNOWN, Result.FAILED]
    ids = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
    legal_moves.put(Delivery.objects.filter(pk=ids[0]), "unknown")
    legal_moves.put(Delivery.objects.filter(pk=ids[1]), "failed")
    edition_actions.cancel(edition.pk, world.now)
    with pytest.raises(Refused, match="cancelled"):
        edition_actions.decide_doubt(edition.pk, world.config, world.now, send_again=True)
    with pytest.raises(Refused, match="cancelled"):
        edition_actions.retry_failed(edition.pk, world.now)


@pytest.mark.parametrize("posts", [1, 2])
def test_a_withdrawn_post_does_not_leave_with_a_message_that_comes_back(world: World, posts: int) -> None:
    begun(world, people=1, posts=posts)

    def take_back(envelope: Envelope) -> None:
        import threading

        world.relay.before = None

        def work() -> None:
            try:
                post_actions.withdraw(world.posts[1].key, world.config, world.now)
            finally:
                connection.close()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()

    world.relay.before = take_back
    world.relay.answers = [Result.DEFERRED]
    world.deliver()
    world.move(hours=1)
    world.deliver()
    assert world.got("p0") == ([2] if posts == 2 else [])


def test_a_withdrawn_post_is_not_sent_again_with_what_is_in_doubt(world: World) -> None:
    edition = begun(world, people=1, posts=2)
    world.relay.answers = [Result.UNKNOWN]
    world.deliver()
    world.relay.taken.clear()
    post_actions.withdraw(world.posts[1].key, world.config, world.now)
    edition_actions.decide_doubt(edition.pk, world.config, world.now, send_again=True)
    world.deliver()
    assert world.got("p0") == [2]


def test_one_digest_carries_both_also_where_staff_approve(world: World) -> None:
    begun(world, people=1)
    world.relay.answers = [Result.DEFERRED]
    world.deliver()
    campaigns.edit("weekly", world.now, approval=True)
    world.release()
    world.now = next_tuesday_nine(world.now)
    world.tick()
    edition_actions.approve(Edition.objects.get(state="awaiting approval").pk, world.now)
    world.run()
    assert sorted(world.got("p0")) == [1, 2]
    assert len(world.relay.taken) == 1


def test_a_frozen_edition_carries_what_a_cancelled_one_gives_back(world: World) -> None:
    first = begun(world, people=2)
    edition_actions.pause(first.pk, world.now)
    campaigns.edit("weekly", world.now, approval=True)
    world.release()
    world.now = next_tuesday_nine(world.now)
    world.tick()
    edition_actions.cancel(first.pk, world.now)
    second = Edition.objects.get(state="awaiting approval")
    edition_actions.approve(second.pk, world.now)
    assert "waits for approval" in tick.tick(world.config, world.now).problems[0]
    edition_actions.approve(second.pk, world.now)
    world.run()
    assert [sorted(world.got(f"p{number}")) for number in range(2)] == [[1, 2], [1, 2]]


def test_what_staff_left_in_doubt_stays_left(world: World) -> None:
    edition = begun(world, people=1)
    world.relay.answers = [Result.UNKNOWN]
    world.deliver()
    assert edition_actions.decide_doubt(edition.pk, world.config, world.now, send_again=False) == 1
    assert edition_actions.decide_doubt(edition.pk, world.config, world.now, send_again=True) == 0


def test_practice_is_refused_after_going_live(world: World) -> None:
    Site.objects.update(live_at=world.now)
    practice = world.config.model_copy(
        update={"email": world.config.email.model_copy(update={"transport": "outbox"})}
    )
    world.join("ann")
    world.release()
    edition = compose.compose("weekly", practice, world.now)
    with pytest.raises(Refused, match="sends for real"):
        begin(edition, practice, world.now)


def test_a_post_taken_out_of_a_paused_edition_sends_it_back_to_approval(world: World) -> None:
    world.join("ann")
    world.release()
    world.release()
    edition = compose.compose("weekly", world.config, world.now)
    edition_actions.schedule(edition.pk, world.now + timedelta(hours=1), world.now)
    edition_actions.pause(edition.pk, world.now)
    post_actions.withdraw(world.posts[1].key, world.config, world.now)
    assert Edition.objects.get().state == "awaiting approval"


def test_a_clock_that_ran_ahead_once_loses_no_slot(world: World) -> None:
    world.join("ann")
    true = world.now
    world.until(true + timedelta(days=3650))
    world.now = true
    world.tick()
    post = world.release()
    next_digest(world)
    assert world.got("ann") == [post]


def test_an_edition_is_not_closed_over_a_delivery_that_staff_open(world: World) -> None:
    edition = begun(world, people=1)
    world.relay.answers = [Result.UNKNOWN]
    world.delivering().run()
    edition_actions.decide_doubt(edition.pk, world.config, world.now, send_again=True)
    assert finish(world.now) == []
    assert Edition.objects.get().state == "sending"


def test_a_campaign_that_was_paused_a_moment_ago_makes_no_edition(world: World) -> None:
    campaigns.resume("each-post", world.now)
    stale = Campaign.objects.get(name="each-post")
    world.release()
    campaigns.pause("each-post", world.now)
    tick._make_editions(stale, world.config, world.now, tick.Tick())
    assert not Edition.objects.exists()


def test_calling_off_leaves_editions_that_are_not_cancelled_alone(world: World) -> None:
    edition = begun(world)
    assert watermarks.call_off_cancelled(world.now) == 0
    assert states(edition) == {"pending": 4}
    assert enqueue.step(edition.pk, world.now) == (False, 0)
