"""The gate: writers queue, readers do not, and nobody is told that the database is locked."""

from __future__ import annotations

import platform
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from newsletter.database.current import SAFE_SQLITE, sqlite_version
from newsletter.database.gate import Gate, gate_file
from newsletter.models import Site

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture(autouse=True)
def _only_sqlite() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the gate is SQLite's; PostgreSQL has writers of its own")


def in_thread(work: Callable[[], Any]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_writers_in_many_threads_lose_no_update() -> None:
    def count() -> None:
        for _ in range(50):
            with transaction.atomic():
                site = Site.locked()
                site.newest_release += 1
                site.save()

    before = Site.objects.get().newest_release
    threads = [in_thread(count) for _ in range(4)]
    for thread in threads:
        thread.join()
    assert Site.objects.get().newest_release == before + 200


@pytest.mark.parametrize("within_a_transaction", [True, False])
def test_a_writer_waits_at_the_gate_and_a_reader_does_not(within_a_transaction: bool) -> None:
    other_process = Gate(gate_file(str(connection.settings_dict["NAME"])))
    other_process.enter()
    wrote = threading.Event()

    def write() -> None:
        if within_a_transaction:
            with transaction.atomic():
                Site.objects.update(newest_release=7)
        else:
            Site.objects.update(newest_release=7)
        wrote.set()

    thread = in_thread(write)
    assert not wrote.wait(0.3)
    assert Site.objects.get().newest_release == 0  # a reader passes
    other_process.leave()
    thread.join()
    assert Site.objects.get().newest_release == 7
    other_process.close()


def test_a_transaction_that_fails_opens_the_gate_again() -> None:
    def fail() -> None:
        with transaction.atomic():
            Site.objects.update(newest_release=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    thread = in_thread(lambda: Site.objects.update(newest_release=2))
    thread.join(20)
    assert Site.objects.get().newest_release == 2


def test_a_connection_that_closes_in_the_middle_opens_the_gate() -> None:
    def die() -> None:
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        Site.objects.update(newest_release=9)
        connection.close()

    in_thread(die).join()
    Site.objects.update(newest_release=3)
    assert Site.objects.get().newest_release == 3


@pytest.mark.skipif(
    not (sys.platform == "linux" and platform.machine() == "x86_64"),
    reason="only there a wheel carries a current SQLite",
)
def test_the_sqlite_in_use_has_no_wal_bug() -> None:
    assert sqlite_version() >= SAFE_SQLITE


def test_what_is_committed_survives_a_power_cut() -> None:
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert cursor.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
