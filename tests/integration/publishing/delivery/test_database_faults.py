"""A database that fails while mail is in hand, and works again: nothing stays claimed, lost, or sent twice."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import suppress

import pytest
from django.db import DatabaseError, connection
from world import World, next_tuesday_nine

from newsletter.database.passing import let_go, until_it_passes
from newsletter.models import Delivery, Edition
from newsletter.publishing.delivery.workers import Holder, sweep
from newsletter.transports.base import Envelope


def _enqueued(world: World, people: int) -> None:
    for number in range(people):
        world.join(f"p{number}")
    world.release()
    world.now = next_tuesday_nine(world.now)
    world.tick()
    world.enqueue(Edition.objects.get())


def _break() -> None:
    """This thread's connection fails at its next write: its server has thrown it out, or the file is read-only."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA query_only = ON")
        else:
            with suppress(DatabaseError):
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def _states() -> Counter[str]:
    return Counter(Delivery.objects.values_list("state", flat=True))


def test_a_workers_lock_is_free_whatever_fails_at_its_end(world: World) -> None:
    _enqueued(world, 3)
    with Holder(world.now) as worker:
        ids = Delivery.objects.values_list("pk", flat=True)
        Delivery.objects.update(state="claimed", worker=worker)
        Delivery.objects.filter(pk=ids[0]).update(state="sending")
        _break()
    assert sweep(world.now) == 1
    assert _states() == {"pending": 2, "unknown": 1}


@pytest.mark.django_db(transaction=True)
def test_what_failed_is_tried_again_with_another_connection() -> None:
    tried: list[int] = []
    said: list[str] = []

    def step() -> int:
        tried.append(1)
        if len(tried) == 1:
            _break()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE of_a_test (number integer)")
        return len(tried)

    try:
        assert until_it_passes(step, threading.Event(), said=said.append) == 2
    finally:
        let_go()
    assert len(said) == 1


def test_a_server_that_throws_everybody_out_during_a_send_loses_nobody(world: World) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no server; a full disk is tried in tests/crash")
    _enqueued(world, 30)

    def throw_out(envelope: Envelope) -> None:
        if len(world.relay.taken) in (4, 5, 17):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
            connection.close()

    world.relay.before = throw_out
    for _ in range(6):
        with suppress(DatabaseError):
            world.deliver()
        let_go()
    assert _states() == {"sent": 30}
    assert Counter(Counter(address for address, _ in world.relay.taken).values()) == {1: 30}
