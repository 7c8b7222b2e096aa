"""From enqueued deliveries to a relay: what is recorded, what stops a run, who may hold what."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from world import World, next_tuesday_nine

from newsletter.errors import SenderRefused, TransportError
from newsletter.models import Delivery, Edition, Worker
from newsletter.models.campaign import DoubtPolicy
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.delivery.workers import Holder, sweep
from newsletter.publishing.editions import campaigns
from newsletter.transports.base import Envelope, Result
from subscribers import suppression
from subscribers.models import SuppressionReason


def enqueued(world: World, people: int = 5) -> Edition:
    for number in range(people):
        world.join(f"p{number}")
    world.release()
    world.now = next_tuesday_nine(world.now)
    world.tick()
    edition = Edition.objects.get()
    world.enqueue(edition)
    return edition


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Delivery.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_the_intent_is_on_disk_before_the_message_leaves(world: World) -> None:
    enqueued(world, 3)
    seen: list[str] = []

    def look(envelope: Envelope) -> None:
        found: list[str] = []

        def read() -> None:
            try:
                found.append(Delivery.objects.get(subscriber__wire=envelope.recipient).state)
            finally:
                connection.close()

        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
        seen.extend(found)

    world.relay.before = look
    world.deliver()
    assert seen == ["sending"] * 3
    assert states() == {"sent": 3}


def test_the_relays_words_are_kept(world: World) -> None:
    enqueued(world, 1)
    world.relay.answers = [Result.FAILED]
    world.deliver()
    row = Delivery.objects.get()
    assert (row.state, row.reply, row.attempts) == ("failed", "failed", 1)


@pytest.mark.parametrize("error", [SenderRefused("log-in refused"), TransportError("cannot be reached")])
def test_a_relay_that_refuses_us_stops_the_run_and_blames_nobody(world: World, error: TransportError) -> None:
    enqueued(world)

    def refuse(envelope: Envelope) -> None:
        raise error

    world.relay.before = refuse
    report = world.deliver()
    assert report.stopped == str(error)
    assert states() == {"pending": 5}
    world.relay.before = None
    world.deliver()
    assert states() == {"sent": 5}
    assert Edition.objects.get().state == "sent"


def test_a_deferred_mail_waits_for_its_time_and_is_given_up_in_the_end(world: World) -> None:
    enqueued(world, 1)
    attempts = 0
    while states() != {"failed": 1}:
        world.relay.answers = [Result.DEFERRED]
        world.deliver()
        row = Delivery.objects.get()
        attempts += 1
        assert row.attempts == attempts
        if row.state == "deferred":
            assert row.next_attempt_at is not None
            assert world.now < row.next_attempt_at <= world.now + timedelta(hours=4)
            world.deliver()  # before its time nothing happens
            assert Delivery.objects.get().attempts == attempts
            world.now = row.next_attempt_at
    assert attempts > 5
    assert world.now - Delivery.objects.get().first_attempt_at <= timedelta(hours=48)


def test_an_address_that_is_suppressed_after_enqueueing_gets_nothing(world: World) -> None:
    enqueued(world, 2)
    row = Delivery.objects.select_related("subscriber").first()
    assert row is not None
    assert row.subscriber is not None
    suppression.suppress(row.subscriber.hashed, SuppressionReason.COMPLAINT, world.now)
    world.deliver()
    assert states() == {"skipped": 1, "sent": 1}
    assert Delivery.objects.get(pk=row.pk).reply == (
        "the address is suppressed: the person called a mail spam"
    )


def test_a_stop_leaves_the_rest_pending(world: World) -> None:
    enqueued(world, 20)
    stop = threading.Event()

    def after_three(envelope: Envelope) -> None:
        if len(world.relay.taken) >= 3:
            stop.set()

    world.relay.before = after_three
    world.deliver(stop=stop)
    assert set(states()) == {"sent", "pending"}
    assert states()["sent"] == len(world.relay.taken)


def test_a_paused_edition_stops_and_goes_on(world: World) -> None:
    edition = enqueued(world, 3)
    edition_actions.pause(edition.pk, world.now)
    world.deliver()
    assert states() == {"pending": 3}
    edition_actions.resume(edition.pk, world.now)
    world.deliver()
    assert states() == {"sent": 3}


def test_two_deliveries_at_once_send_each_mail_once(world: World) -> None:
    enqueued(world, 40)
    errors: list[BaseException] = []

    def deliver() -> None:
        try:
            world.delivering().run()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert states() == {"sent": 40}
    assert len({address for address, _ in world.relay.taken}) == len(world.relay.taken) == 40


def _claimed(world: World, worker: Worker, *, sending: int) -> None:
    ids = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
    Delivery.objects.update(state="claimed", worker=worker)
    Delivery.objects.filter(pk__in=ids[:sending]).update(state="sending")


def test_what_a_living_worker_holds_is_left_to_it(world: World) -> None:
    enqueued(world, 3)
    with Holder(world.now) as worker:
        _claimed(world, worker, sending=1)
        assert sweep(world.now) == 0
        assert states() == {"claimed": 2, "sending": 1}
    assert sweep(world.now) == 1
    assert states() == {"pending": 2, "unknown": 1}


def test_what_is_in_doubt_is_sent_again_where_the_campaign_says_so(world: World) -> None:
    enqueued(world, 3)
    campaigns.edit("weekly", world.now, doubt=DoubtPolicy.RESEND)
    with Holder(world.now) as worker:
        _claimed(world, worker, sending=2)
    assert sweep(world.now) == 2
    assert states() == {"pending": 3}


def test_a_fault_of_ours_on_the_wire_is_recorded_as_doubt(world: World) -> None:
    enqueued(world, 1)

    def fault(envelope: Envelope) -> Any:
        raise ValueError("a bug")

    world.relay.before = fault
    report = world.deliver()
    assert "ValueError: a bug" in report.stopped
    assert states() == {"unknown": 1}


def test_every_copy_has_a_message_id_of_its_own_that_a_retry_keeps(world: World) -> None:
    enqueued(world, 2)
    world.relay.answers = [Result.UNKNOWN, Result.SENT]
    world.deliver()
    edition = Edition.objects.get()
    edition_actions.decide_doubt(edition.pk, world.config, world.now, send_again=True)
    world.move(minutes=5)
    world.deliver()
    ids = [
        (address, line)
        for address, mail in world.relay.taken
        for line in mail.split(b"\r\n")
        if line.startswith(b"Message-ID")
    ]
    assert len(ids) == 3
    assert len({line for _, line in ids}) == len({address for address, _ in ids}) == 2
