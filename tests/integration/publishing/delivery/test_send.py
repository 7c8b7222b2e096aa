"""One edition sent by hand: from any state, beside other processes, and again after a relay that went away."""

from __future__ import annotations

import threading

import pytest
from world import World

from newsletter.errors import Refused, TransportError
from newsletter.models import Edition
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.delivery.send import send
from newsletter.publishing.editions import compose
from newsletter.publishing.editions.delivery_counts import tally
from newsletter.publishing.editions.personalize import Links
from newsletter.transports.base import Envelope, Result


def sent(world: World, number: int, *, stop: threading.Event | None = None) -> Edition:
    seen: list[tuple[int, int]] = []
    edition = send(
        number,
        world.config,
        Links.of(world.config, b"k" * 32),
        world.relay.open,
        clock=lambda: world.now,
        stop=stop or threading.Event(),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert all(0 <= done <= total for done, total in seen)
    return edition


@pytest.fixture
def number(world: World) -> int:
    for name in ("ann", "bob", "cyd"):
        world.join(name)
    world.release()
    return compose.compose("weekly", world.config, world.now).pk


def test_a_draft_is_approved_by_sending_it(world: World, number: int) -> None:
    edition = sent(world, number)
    assert (edition.state, edition.approved_at, tally(edition).counts["sent"]) == ("sent", world.now, 3)


def test_called_again_it_sends_nothing_more(world: World, number: int) -> None:
    sent(world, number)
    sent(world, number)
    assert len(world.relay.taken) == 3


def test_a_relay_that_goes_away_leaves_the_rest_pending_and_the_next_call_goes_on(
    world: World, number: int
) -> None:
    def hang_up(_: Envelope) -> None:
        if len(world.relay.taken) == 1:
            raise TransportError("Cannot reach the relay.")

    world.relay.before = hang_up
    with pytest.raises(TransportError, match=rf"2 mails wait.*newsletter editions send {number} --yes"):
        sent(world, number)
    world.relay.before = None
    assert tally(sent(world, number)).counts["sent"] == 3
    assert {len(marks) for marks in world.relay.received().values()} == {1}


def test_deferred_failed_and_doubtful_mails_are_counted(world: World, number: int) -> None:
    world.relay.answers = [Result.DEFERRED, Result.FAILED, Result.UNKNOWN]
    edition = sent(world, number)
    counted = tally(edition)
    assert (counted.counts["deferred"], counted.counts["failed"], counted.counts["unknown"]) == (1, 1, 1)
    assert counted.undecided == 2
    assert edition.state == "sending", "the deferred one is still to be tried"


def test_a_stop_leaves_everything_pending(world: World, number: int) -> None:
    stop = threading.Event()
    stop.set()
    edition = sent(world, number, stop=stop)
    assert (edition.state, len(world.relay.taken)) == ("sending", 0)
    assert tally(sent(world, number)).counts["sent"] == 3


def test_what_is_paused_or_over_is_not_sent(world: World, number: int) -> None:
    edition_actions.approve(number, world.now)
    edition_actions.pause(number, world.now)
    with pytest.raises(Refused, match="is paused"):
        sent(world, number)
    edition_actions.resume(number, world.now)
    edition_actions.cancel(number, world.now)
    with pytest.raises(Refused, match="is cancelled"):
        sent(world, number)


def test_practice_is_not_finished_for_real(world: World, number: int) -> None:
    outbox = world.config.email.model_copy(update={"transport": "outbox"})
    real, world.config = world.config, world.config.model_copy(update={"email": outbox})
    stop = threading.Event()
    stop.set()
    sent(world, number, stop=stop)
    world.config = real
    with pytest.raises(Refused, match="was begun as practice"):
        sent(world, number)
