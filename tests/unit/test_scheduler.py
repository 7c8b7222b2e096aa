"""What the scheduler decides by itself: how long a relay is left alone, and what is said once."""

from __future__ import annotations

import logging
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from newsletter.errors import Refused
from newsletter.publishing.editions.personalize import Links
from newsletter.scheduler import LONGEST_WAIT, Backoff, Every, SaidOnce, Work, follow_clock

NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


def test_an_unreachable_relay_is_left_alone_for_longer_each_time_up_to_a_minute() -> None:
    backoff, waits, now = Backoff(), [], NOON
    for _ in range(6):
        assert not backoff.resting(now)
        backoff.failed("no answer", now)
        assert backoff.resting(now)
        assert backoff.until is not None
        waits.append((backoff.until - now).total_seconds())
        now = backoff.until
    assert waits == [5, 10, 20, 40, 60, 60]
    assert timedelta(minutes=1) == LONGEST_WAIT


def test_a_relay_is_left_alone_no_longer_when_the_clock_is_set_back() -> None:
    backoff = Backoff()
    backoff.failed("no answer", NOON)
    assert not backoff.resting(NOON - timedelta(hours=6))


def test_the_same_trouble_is_said_once_and_a_new_one_again() -> None:
    backoff = Backoff()
    said = [backoff.failed(sentence, NOON) for sentence in ("refused", "refused", "no answer", "refused")]
    assert said == ["refused", None, "no answer", "refused"]
    assert backoff.worked()
    assert not backoff.worked()
    assert backoff.failed("refused", NOON) == "refused"


def test_a_standing_trouble_is_logged_once_until_it_goes(caplog: pytest.LogCaptureFixture) -> None:
    said = SaidOnce()
    for troubles in (["a"], ["a", "b"], ["b"], [], ["b"]):
        said.say("sync", troubles)
    assert caplog.messages == ["sync: a", "sync: b", "sync: b"]


@pytest.fixture
def work() -> Work:
    config: Any = settings.CONFIG
    return Work(config, Links.of(config, b"k" * 32), threading.Event(), clock=lambda: NOON)


def test_a_job_that_fails_says_one_line_and_lives_on(work: Work, caplog: pytest.LogCaptureFixture) -> None:
    def refuse() -> None:
        raise Refused("the rule says no")

    work._guarded(refuse)
    work._guarded(refuse)
    assert caplog.messages == ["refuse: the rule says no"]
    assert caplog.records[0].exc_info is None


def test_a_fault_of_ours_is_logged_with_its_traceback(work: Work, caplog: pytest.LogCaptureFixture) -> None:
    work._guarded(lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    assert caplog.records[0].exc_info is not None
    assert "fault in the program" in caplog.messages[0]


def test_after_the_stop_no_job_begins(work: Work) -> None:
    begun: list[int] = []
    work.stop.set()
    work._guarded(lambda: begun.append(1))
    assert not begun


@pytest.mark.parametrize(
    ("plan", "send", "names"),
    [
        (
            True,
            True,
            {
                "tick",
                "tell_staff",
                "sync",
                "forget",
                "count",
                "enqueue",
                "deliver",
                "finish",
                "notices",
                "staff_mail",
                "sweep",
                "settings",
            },
        ),
        (True, False, {"tick", "tell_staff", "sync", "forget", "count", "sweep", "settings"}),
        (False, True, {"enqueue", "deliver", "finish", "notices", "staff_mail", "sweep", "settings"}),
    ],
)
def test_each_part_has_its_jobs_and_none_is_dropped_for_being_late(
    work: Work, plan: bool, send: bool, names: set[str]
) -> None:
    scheduler = work.scheduler(plan=plan, send=send)
    scheduler.start(paused=True)
    try:
        jobs = scheduler.get_jobs()
        assert {job.id for job in jobs} == names
        assert {(job.coalesce, job.misfire_grace_time) for job in jobs} == {(True, None)}
        at_once = {job.id for job in jobs if job.max_instances > 1}
        assert at_once == {"notices", "staff_mail"} & names, "one that hangs holds back no other"
    finally:
        scheduler.shutdown()


def test_dates_without_mail_and_staff_are_taken_over_while_it_runs_and_nothing_else(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file, titled = tmp_path / "config.toml", work.config.site.title
    monkeypatch.setenv("NEWSLETTER_CONFIG", str(file))

    def write(text: str, seconds: int, site: str = "") -> None:
        file.write_text(f'[site]\norganisation = "Hub"\n{site}\n{text}', encoding="utf-8")
        os.utime(file, (seconds, seconds))
        work.settings()

    staff = '[email]\nstaff = ["s@example.org"]\n'
    write(f'[schedule]\nblackout = ["2026-12-24"]\n{staff}', 1, 'title = "Another"')
    assert work.config.schedule.blackout == ["2026-12-24"]
    assert work.config.email.staff == ["s@example.org"]
    assert work.config.site.title == titled
    assert "from the next start" in caplog.messages[-1]
    write('[schedule]\nblackout = ["24.12.2026"]\n', 2)
    assert work.config.schedule.blackout == ["2026-12-24"]
    assert "what held before goes on" in caplog.messages[-1]
    write("[schedule]\nblackout = []\n", 3)
    assert work.config.schedule.blackout == []


def test_when_the_clock_is_set_back_the_jobs_run_at_once_and_not_hours_later(work: Work) -> None:
    scheduler, earlier = work.scheduler(plan=True, send=True), NOON - timedelta(hours=6)
    scheduler.start(paused=True)
    try:
        follow_clock(scheduler, NOON)
        assert {job.next_run_time for job in scheduler.get_jobs()} == {NOON}
        follow_clock(scheduler, earlier)
        assert {job.next_run_time for job in scheduler.get_jobs()} == {earlier}
    finally:
        scheduler.shutdown()


def test_when_the_clock_is_set_forward_a_job_runs_once_and_not_for_all_the_time_between() -> None:
    later = NOON + timedelta(days=20_000)
    assert Every(timedelta(seconds=2)).get_next_fire_time(NOON, later) == later + timedelta(seconds=2)


def test_apscheduler_does_not_warn_of_looks_left_out() -> None:
    from newsletter.scheduler import keep_quiet

    keep_quiet()
    assert not logging.getLogger("apscheduler.scheduler").isEnabledFor(logging.WARNING)
