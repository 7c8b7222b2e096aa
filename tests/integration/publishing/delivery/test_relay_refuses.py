"""A relay that refuses one person, or everybody, or does not answer: on a real SMTP server, from claim to ledger."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import page_samples
import pytest
from django.conf import settings
from django.db import connection
from servers.smtp import CollectingServer
from world import World, next_tuesday_nine

from newsletter.models import Delivery, Edition, Notice, Variant
from newsletter.publishing.delivery.deliver import Report
from newsletter.publishing.editions import campaigns, compose
from newsletter.publishing.editions.personalize import Links
from newsletter.publishing.explain.explain import explain
from newsletter.publishing.notices.confirmations import request_confirmation, send_notices
from newsletter.publishing.schedule.begin import begin
from newsletter.publishing.subscriptions import sign_up
from newsletter.transports.smtp import SmtpTransport
from subscribers import consent
from subscribers.cadence import Cadence
from subscribers.consent import Proof
from subscribers.models import Event, Subscriber, Subscription, Suppression

RELAYING = "554 5.7.1 Relay access denied"
UNKNOWN = "550 5.1.1 User unknown"


@pytest.fixture
def relay() -> Iterator[CollectingServer]:
    with CollectingServer() as server:
        yield server


@pytest.fixture
def mailing(world: World, relay: CollectingServer) -> World:
    """A publisher whose mail goes to the real relay, one line at a time."""
    smtp = world.config.email.smtp.model_copy(update={"connections": 1, "host": "127.0.0.1"})
    email = world.config.email.model_copy(update={"smtp": smtp})
    world.config = world.config.model_copy(update={"email": email})
    world.relay.open = lambda: SmtpTransport(
        "127.0.0.1", relay.port, "none", local_hostname="hub.example.org"
    )  # type: ignore[method-assign,assignment,return-value]
    return world


def _person(world: World, typed: str) -> None:
    sign_up.add(
        typed, cadence="weekly", topics=[], event=Event.ADDED, proof=Proof("yes please"), now=world.now
    )


def _edition(world: World, *people: str) -> Edition:
    for typed in people:
        _person(world, typed)
    world.release()
    world.now = next_tuesday_nine(world.now)
    world.tick()
    edition = Edition.objects.latest("pk")
    world.enqueue(edition)
    return edition


def _states() -> dict[str, str]:
    return dict(Delivery.objects.order_by("pk").values_list("subscriber__address", "state"))


def _taken(relay: CollectingServer) -> list[str]:
    return [recipients[0] for _, recipients, _ in relay.messages]


def _suppressed() -> set[str]:
    rows = Suppression.objects.values_list("hashed", flat=True)
    people = Subscription.objects.filter(subscriber__hashed__in=rows)
    return set(people.values_list("subscriber__address", flat=True))


def _far(*domains: str) -> list[str]:
    return [f"sam@{domain}.example.org" for domain in domains]


def test_one_recipient_who_is_not_relayed_to_stops_nobody_else(
    mailing: World, relay: CollectingServer
) -> None:
    people = _far("one", "two", "three", "four")
    relay.replies = {people[1]: RELAYING}
    edition = _edition(mailing, *people)
    assert mailing.deliver().stopped == ""
    assert _states() == dict.fromkeys(people, "sent") | {people[1]: "failed"}
    assert Delivery.objects.get(subscriber__address=people[1]).reply == RELAYING[4:]
    assert _suppressed() == set()
    edition.refresh_from_db()
    assert edition.state == "sent"


def test_a_relay_that_relays_nothing_stops_the_run_and_fails_nobody(
    mailing: World, relay: CollectingServer
) -> None:
    people = _far("one", "two", "three", "four", "five")
    relay.replies = dict.fromkeys(people, RELAYING)
    _edition(mailing, *people)
    report: Report = mailing.deliver()
    assert "refuses this sender at RCPT TO" in report.stopped
    assert set(_states().values()) == {"deferred", "pending"}
    relay.replies = {}
    mailing.deliver()
    mailing.move(minutes=10)
    mailing.deliver()
    assert set(_states().values()) == {"sent"}


def test_those_who_were_refused_with_everybody_keep_nobody_waiting(
    mailing: World, relay: CollectingServer
) -> None:
    refused, others = _far("one", "two", "three"), _far("four", "five")
    relay.replies = dict.fromkeys(refused, RELAYING)
    _edition(mailing, *refused, *others)
    assert mailing.deliver().stopped
    mailing.deliver()
    assert _taken(relay) == others
    mailing.move(minutes=10)
    mailing.deliver()
    assert _states() == dict.fromkeys(refused, "failed") | dict.fromkeys(others, "sent")


def test_nobody_there_is_suppressed_with_the_words_and_is_not_mailed_again(
    mailing: World, relay: CollectingServer
) -> None:
    people = _far("one", "two", "three")
    relay.replies = {
        people[0]: UNKNOWN,
        people[1]: "550 5.7.1 message refused",
        people[2]: "552 5.2.2 mailbox full",
    }
    _edition(mailing, *people)
    mailing.deliver()
    assert _suppressed() == {people[0]}
    row = Suppression.objects.get()
    assert (row.reason, row.code, row.reply) == ("bounce", 550, "5.1.1 User unknown")
    relay.replies = {}
    second = _edition(mailing)
    mailing.deliver()
    assert _taken(relay) == people[1:]
    said = explain(people[0], mailing.config, mailing.now, edition=second.pk, post=None).sentence
    assert "there is no such mailbox (550 5.1.1 User unknown)" in said


def test_a_relay_that_knows_nobody_at_all_suppresses_nobody(mailing: World, relay: CollectingServer) -> None:
    people = _far("one", "two", "three", "four", "five", "six")
    relay.replies = dict.fromkeys(people, UNKNOWN)
    _edition(mailing, *people)
    assert "550 5.1.1 User unknown" in mailing.deliver().stopped
    assert _suppressed() == set()
    assert "failed" not in _states().values()


def test_whose_mailbox_is_back_takes_the_suppression_back_by_signing_up(
    mailing: World, relay: CollectingServer
) -> None:
    (gone,) = _far("one")
    relay.replies = {gone: UNKNOWN}
    _edition(mailing, gone)
    mailing.deliver()
    relay.replies = {}
    asked = {"name": "", "cadence": "weekly", "topics": [], "event": Event.SIGNED_UP, "proof": Proof()}
    person, due = sign_up.sign_up(gone, now=mailing.now, **asked)
    assert due
    assert request_confirmation(person, mailing.config, mailing.now)
    assert _confirmations(mailing) == {"sent": 1}
    sign_up.confirm(person, proof=Proof(), now=mailing.now, by_person=True)
    assert _suppressed() == set()


def _confirmations(world: World) -> dict[str, int]:
    links = Links.of(world.config, settings.SUBSCRIBERS_LINKS_KEY)
    return dict(send_notices(world.config, links, world.relay.open, world.now))


@pytest.mark.parametrize("reply", [RELAYING, "530 5.7.0 Authentication required", UNKNOWN])
def test_one_poisoned_sign_up_blocks_no_later_confirmation(
    mailing: World, relay: CollectingServer, reply: str
) -> None:
    people = _far("poison", "later")
    for typed in people:
        assert request_confirmation(page_samples.pending(mailing.now, typed), mailing.config, mailing.now)
    relay.replies = {people[0]: reply}
    assert _confirmations(mailing) == {"failed": 1, "sent": 1}
    assert _suppressed() == ({people[0]} if reply == UNKNOWN else set())


def test_a_confirmation_that_is_refused_with_its_content_blocks_no_later_one(
    mailing: World, relay: CollectingServer
) -> None:
    people = _far("poison", "later")
    for typed in people:
        assert request_confirmation(page_samples.pending(mailing.now, typed), mailing.config, mailing.now)
    relay.answer = "550 5.7.26 this mail is unauthenticated"
    assert _confirmations(mailing) == {"not sent": 1}
    relay.answer = None
    assert _confirmations(mailing) == {"sent": 1}
    assert _taken(relay) == people[1:]
    assert list(Notice.objects.order_by("pk").values_list("state", flat=True)) == ["deferred", "sent"]


def test_a_message_that_hangs_holds_back_no_other_edition_and_none_of_its_own(
    mailing: World, relay: CollectingServer
) -> None:
    people = _far("hangs", "two", "three")
    relay.held = {people[0]}
    _edition(mailing, *people)
    reports: list[Report] = []
    program = _in_a_thread(lambda: reports.append(mailing.delivering(hangs_after=0.0).run()))
    _until(lambda: len(_taken(relay)) == 3)
    consent.leave(Subscriber.objects.get(address=people[0]), proof=Proof(), now=mailing.now)
    second = _edition(mailing, *_far("four"))
    _until(lambda: len(_taken(relay)) == 6)
    assert not reports, "the first message still has no answer"
    assert set(Delivery.objects.filter(edition=second).values_list("state", flat=True)) <= {
        "sent",
        "sending",
    }
    relay.held = set()
    program.join()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert len(set(_taken(relay))) == 4


def test_a_relay_that_takes_no_second_line_is_not_taken_for_one_that_is_away(
    mailing: World, relay: CollectingServer
) -> None:
    people = _far("hangs", "two", "three")
    relay.held = {people[0]}
    relay.most_connections = 1
    _edition(mailing, *people)
    reports: list[Report] = []
    program = _in_a_thread(lambda: reports.append(mailing.delivering(hangs_after=0.0).run()))
    _until(lambda: relay.connections == 2)
    relay.held = set()
    program.join()
    assert reports[0].stopped == ""
    assert _states() == dict.fromkeys(people, "sent")


def test_who_takes_less_than_all_others_fails_alone(mailing: World, relay: CollectingServer) -> None:
    people = _far("one", "two", "three")
    relay.answers[people[1]] = "552 5.2.3 message exceeds maximum size"
    _edition(mailing, *people)
    report = mailing.deliver()
    assert (report.stopped, report.held) == ("", {})
    assert _states() == {people[0]: "sent", people[1]: "failed", people[2]: "sent"}


@pytest.mark.parametrize("most", [1, 2])
def test_a_relay_that_takes_fewer_lines_than_we_open_gets_all_mail_over_those(
    mailing: World, relay: CollectingServer, most: int
) -> None:
    smtp = mailing.config.email.smtp.model_copy(update={"connections": 4})
    mailing.config = mailing.config.model_copy(
        update={"email": mailing.config.email.model_copy(update={"smtp": smtp})}
    )
    relay.most_connections = most
    people = _far(*(f"n{number}" for number in range(30)))
    _edition(mailing, *people)
    assert mailing.deliver().stopped == ""
    assert _states() == dict.fromkeys(people, "sent")
    assert sorted(_taken(relay)) == sorted(people)


def _in_a_thread(step: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            step()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def _until(condition: Callable[[], bool]) -> None:
    for _ in range(3000):
        if condition():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not come to that")


@pytest.mark.parametrize("named", [True, False], ids=["before", "at the dot"])
def test_an_edition_larger_than_the_relay_takes_waits_for_staff_and_the_others_go_on(
    mailing: World, relay: CollectingServer, named: bool
) -> None:
    campaigns.resume("daily", mailing.now)
    for name, cadence in (("ann", Cadence.WEEKLY), ("bo", Cadence.WEEKLY), ("cy", Cadence.DAILY)):
        mailing.join(name, cadence)
    mailing.release()
    large, small = (compose.compose(name, mailing.config, mailing.now) for name in ("weekly", "daily"))
    for edition in (large, small):
        begin(edition, mailing.config, mailing.now)
        mailing.enqueue(edition)
    variant = Variant.objects.get(edition=large)
    variant.rendered = variant.rendered | {"text": variant.rendered["text"] + "many words " * 20_000}
    variant.save()
    relay.takes_at_most(150_000, named=named)
    report = mailing.deliver()
    assert report.stopped == ""
    assert _states() == {
        "ann@example.org": "deferred",
        "bo@example.org": "pending",
        "cy@example.org": "sent",
    }
    large.refresh_from_db()
    assert large.state == "paused"
    assert "too large" in report.held[large.pk]
    assert "too large" in large.because
