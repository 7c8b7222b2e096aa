"""Somebody else holds the database: pages say when to come back, and no wish to leave is lost."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import page_samples
import pytest
from django.conf import settings
from django.db import connection
from web_requests import fetch

from newsletter.publishing.subscriptions import deferred_unsubscribe
from newsletter.web import serve
from subscribers import tokens
from subscribers.consent import Proof
from subscribers.models import Consent, Event, Status, Subscriber, Subscription
from subscribers.tokens import Purpose

pytestmark = pytest.mark.skipif("config.getoption('--postgresql')", reason="the lock is SQLite's")


@pytest.fixture(autouse=True)
def _nothing_noted(site: Any) -> Iterator[None]:
    yield
    for file in (settings.CONFIG.state_folder / "leaving").glob("*.json"):
        file.unlink()


@pytest.fixture
def ann(site: Any, now: datetime) -> Subscriber:
    return page_samples.subscriber(now)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Any:
    monkeypatch.setattr(serve, "PATIENCE", 0.2)
    monkeypatch.setattr(deferred_unsubscribe, "_AGAIN", 0.05)
    return request.getfixturevalue("server")


@pytest.fixture
def held(ann: Subscriber) -> Iterator[Callable[[], None]]:
    """A stray tool that writes and does not end; the call ends it."""
    tool = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    tool.execute("BEGIN IMMEDIATE")
    yield tool.close
    tool.close()


def link(person: Subscriber) -> str:
    return f"/unsubscribe/{tokens.make(Purpose.UNSUBSCRIBE, person.pk, settings.SUBSCRIBERS_LINKS_KEY)}"


def status(person: Subscriber) -> str:
    return Subscription.objects.get(pk=person.pk).status


def wait_until(true: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(200):
        if true():
            return
        pause.wait(0.05)
    raise AssertionError("it did not come true within ten seconds")


def test_one_click_while_the_database_is_held_is_noted_and_done_when_it_is_free(
    ann: Subscriber, impatient: Any, held: Callable[[], None]
) -> None:
    reply = fetch(impatient.url + link(ann), data=b"List-Unsubscribe=One-Click")
    assert reply.status == 503
    assert int(reply.headers["Retry-After"]) > 0
    assert b"noted" in reply.body
    assert status(ann) == Status.CONFIRMED
    held()
    wait_until(lambda: status(ann) == Status.LEFT)
    record = Consent.objects.get(subscriber=ann, event=Event.LEFT)
    assert record.wording == "one-click unsubscribe by the mail program"
    wait_until(lambda: not list((settings.CONFIG.state_folder / "leaving").iterdir()))


def test_what_a_process_noted_and_could_not_do_is_done_by_the_next(
    site: Any, ann: Subscriber, now: datetime
) -> None:
    # As if it had died right after.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deferred_unsubscribe, "go_on", lambda config: None)
        deferred_unsubscribe.note(settings.CONFIG, ann.pk, Proof("the button"), now)
    assert deferred_unsubscribe.do_noted(settings.CONFIG) == 1
    assert status(ann) == Status.LEFT
    assert Subscription.objects.get(pk=ann.pk).left_at == now
    assert deferred_unsubscribe.do_noted(settings.CONFIG) == 0


def test_who_said_yes_after_it_was_noted_stays(site: Any, ann: Subscriber, now: datetime) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deferred_unsubscribe, "go_on", lambda config: None)
        deferred_unsubscribe.note(settings.CONFIG, ann.pk, Proof("the button"), now - timedelta(minutes=1))
        deferred_unsubscribe.note(settings.CONFIG, 999_999, Proof("somebody who is erased"), now)
    assert deferred_unsubscribe.do_noted(settings.CONFIG) == 2
    assert status(ann) == Status.CONFIRMED


def test_other_forms_say_when_to_come_back_and_pages_go_on(
    ann: Subscriber, impatient: Any, held: Callable[[], None]
) -> None:
    confirm = f"/confirm/{tokens.make(Purpose.CONFIRM, ann.pk, settings.SUBSCRIBERS_LINKS_KEY)}"
    reply = fetch(impatient.url + confirm, data=b"")
    assert reply.status == 503
    assert int(reply.headers["Retry-After"]) > 0
    assert fetch(f"{impatient.url}/").status == 200
    assert fetch(f"{impatient.url}/rss.xml").status == 200
