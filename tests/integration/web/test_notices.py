"""Confirmation mails: whom they go to, how often, and what a crash or a bad relay does to them."""

from __future__ import annotations

import email
import email.policy
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.message import EmailMessage

import page_samples
import pytest
from django.conf import settings
from django.db import connection
from world import Relay

from newsletter.config import Config
from newsletter.errors import SenderRefused, TransportError
from newsletter.models import DeliveryState, Notice, Site, Worker
from newsletter.publishing.delivery import workers
from newsletter.publishing.editions.personalize import Links
from newsletter.publishing.from_config import open_transport
from newsletter.publishing.notices.confirmations import request_confirmation, send_notices
from newsletter.publishing.subscriptions import sign_up
from newsletter.transports.base import Envelope, Result
from subscribers import suppression
from subscribers.consent import Proof
from subscribers.models import Subscriber, SuppressionReason
from subscribers.tokens import Purpose


@pytest.fixture
def links(site: Config) -> Links:
    return Links.of(site, settings.SUBSCRIBERS_LINKS_KEY)


@pytest.fixture
def relay() -> Relay:
    return Relay()


@pytest.fixture
def asked(site: Config, now: datetime) -> Subscriber:
    person = page_samples.pending(now)
    assert request_confirmation(person, site, now)
    return person


def states() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("state", flat=True))


def with_smtp(site: Config, host: str = "relay.example.org") -> Config:
    smtp = site.email.smtp.model_copy(update={"host": host})
    return site.model_copy(
        update={"email": site.email.model_copy(update={"transport": "smtp", "smtp": smtp})}
    )


def test_an_address_is_asked_once_a_day_and_again_tomorrow(site, asked: Subscriber, now: datetime) -> None:
    assert not request_confirmation(asked, site, now + timedelta(hours=15))
    assert request_confirmation(asked, site, now + timedelta(hours=16))  # 08:00 UTC and 16 hours: a new day


def test_plus_tags_do_not_fill_a_mailbox(site, asked: Subscriber, now: datetime) -> None:
    tagged = [page_samples.pending(now, f"pia+{tag}@example.org") for tag in (1, 2, "news+3")]
    assert not any(request_confirmation(person, site, now) for person in tagged)
    assert request_confirmation(page_samples.pending(now, "pias@example.org"), site, now)
    assert Subscriber.objects.count() == 5, "they are different people all the same"
    tomorrow = now + timedelta(days=1)
    assert [request_confirmation(person, site, tomorrow) for person in tagged] == [True, False, False]


def test_dots_that_the_provider_ignores_do_not_fill_a_mailbox(site, now: datetime) -> None:
    spellings = ["p.i.a@gmail.com", "pia@gmail.com", "pi.a+news@googlemail.com", "PIA@gmail.com"]
    people = [page_samples.pending(now, address) for address in spellings]
    assert [request_confirmation(person, site, now) for person in people] == [True, False, False, False]
    assert people[0].wire == "p.i.a@gmail.com", "the address stays as it was typed"


@pytest.mark.parametrize("since", ["live_at", "real_at"])
def test_the_outbox_swallows_no_confirmation_once_mail_was_for_real(
    site, links, relay: Relay, asked: Subscriber, now: datetime, caplog, since: str
) -> None:
    Site.objects.update(**{since: now})
    assert send_notices(site, links, relay.open, now) == Counter()
    assert (states(), relay.taken) == ([DeliveryState.PENDING], [])
    assert "Confirmations wait" in caplog.text
    assert "email.transport" in caplog.text
    Site.objects.update(live_at=now)
    assert send_notices(with_smtp(site), links, relay.open, now) == Counter(sent=1)


def test_the_mail_asks_and_goes_once(site, links, relay: Relay, asked: Subscriber, now: datetime) -> None:
    assert send_notices(site, links, relay.open, now) == Counter(sent=1)
    assert send_notices(site, links, relay.open, now) == Counter()
    ((recipient, content),) = relay.taken
    assert recipient == "pia@example.org"
    message = email.message_from_bytes(content, EmailMessage, policy=email.policy.default)
    assert message["To"] == "pia@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "List-Id" not in message
    text = message.get_body(("plain",)).get_content()
    assert links.link(Purpose.CONFIRM, asked.pk) in text
    assert "once a week" in text.replace("\n", " ")
    assert states() == [DeliveryState.SENT]


def test_practice_puts_it_into_the_outbox(site, links, asked: Subscriber, now: datetime) -> None:
    assert send_notices(site, links, open_transport(site), now) == Counter(sent=1)
    (file,) = site.outbox_folder.rglob("*.eml")
    assert b"pia@example.org" in file.read_bytes()


def test_nothing_goes_to_a_relay_elsewhere_before_the_site_is_live(
    site, links, relay: Relay, asked: Subscriber, now: datetime
) -> None:
    config = with_smtp(site)
    assert send_notices(config, links, relay.open, now) == Counter()
    assert states() == [DeliveryState.PENDING]
    Site.objects.update(live_at=now)
    assert send_notices(config, links, relay.open, now) == Counter(sent=1)


def test_a_relay_on_this_machine_may_be_used_before(site, links, relay: Relay, asked, now: datetime) -> None:
    assert send_notices(with_smtp(site, "127.0.0.1"), links, relay.open, now) == Counter(sent=1)


def test_who_said_yes_meanwhile_is_not_asked(
    site, links, relay: Relay, asked: Subscriber, now: datetime
) -> None:
    sign_up.confirm(asked, proof=Proof(), now=now, by_person=True)
    assert send_notices(site, links, relay.open, now) == Counter(skipped=1)
    assert not relay.taken


def test_whom_staff_suppressed_is_never_asked(
    site, links, relay: Relay, asked: Subscriber, now: datetime
) -> None:
    suppression.suppress(asked.hashed, SuppressionReason.STAFF, now)
    assert send_notices(site, links, relay.open, now) == Counter(skipped=1)
    assert not request_confirmation(asked, site, now + timedelta(days=1))
    assert not relay.taken


@pytest.mark.parametrize("result", [Result.DEFERRED, Result.UNKNOWN])
def test_what_was_put_off_or_is_in_doubt_is_sent_again_later(
    site, links, relay: Relay, asked: Subscriber, now: datetime, result: Result
) -> None:
    relay.answers = [result]
    assert send_notices(site, links, relay.open, now) == Counter(deferred=1)
    assert send_notices(site, links, relay.open, now + timedelta(minutes=4)) == Counter()
    assert send_notices(site, links, relay.open, now + timedelta(minutes=5)) == Counter(sent=1)
    identifiers = {email.message_from_bytes(content)["Message-ID"] for _, content in relay.taken}
    assert len(identifiers) == 1


def test_it_is_given_up_in_the_end(site, links, relay: Relay, asked: Subscriber, now: datetime) -> None:
    relay.answers = [Result.DEFERRED] * 100
    at = now
    while states() != [DeliveryState.FAILED]:
        at += timedelta(hours=4)
        assert at < now + timedelta(hours=site.schedule.deferred_hours + 8)
        send_notices(site, links, relay.open, at)
    assert send_notices(site, links, relay.open, at + timedelta(days=3)) == Counter()


def test_a_refusal_is_final(site, links, relay: Relay, asked: Subscriber, now: datetime) -> None:
    relay.answers = [Result.FAILED]
    assert send_notices(site, links, relay.open, now) == Counter(failed=1)
    assert send_notices(site, links, relay.open, now + timedelta(days=1)) == Counter()


@pytest.mark.parametrize("error", [TransportError, SenderRefused])
def test_a_relay_that_cannot_be_used_ends_the_run_and_loses_nothing(
    site, links, relay: Relay, asked: Subscriber, now: datetime, caplog, error: type[TransportError]
) -> None:
    request_confirmation(page_samples.pending(now, "quin@example.org"), site, now)

    def refuse(_: Envelope) -> None:
        raise error("the relay does not let us in")

    relay.before = refuse
    assert send_notices(site, links, relay.open, now) == Counter({"not sent": 1})
    assert "the relay does not let us in" in caplog.text
    assert states() == [DeliveryState.PENDING] * 2
    assert list(Notice.objects.values_list("attempts", flat=True)) == [0, 0]
    relay.before = None
    assert send_notices(site, links, relay.open, now) == Counter(sent=2)


def test_the_intent_is_on_disk_before_the_wire(site, links, relay: Relay, asked, now: datetime) -> None:
    seen: list[str] = []
    relay.before = lambda _: seen.extend(states())
    send_notices(site, links, relay.open, now)
    assert seen == [DeliveryState.SENDING]


def test_two_processes_send_each_notice_once(site, links, relay: Relay, now: datetime) -> None:
    for number in range(30):
        request_confirmation(page_samples.pending(now, f"p{number}@example.org"), site, now)

    def run() -> Counter[str]:
        try:
            return send_notices(site, links, relay.open, now)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(run), pool.submit(run)
        total = first.result() + second.result()
    assert total == Counter(sent=30)
    assert len({recipient for recipient, _ in relay.taken}) == len(relay.taken) == 30


def test_what_a_dead_process_had_on_the_wire_is_sent_again(
    site, links, relay: Relay, asked, now: datetime
) -> None:
    dead = Worker.objects.create(started_at=now, host="here", pid=1)
    Notice.objects.update(state=DeliveryState.SENDING, worker=dead, attempts=1, first_attempt_at=now)
    assert send_notices(site, links, relay.open, now) == Counter(sent=1)


def test_what_a_living_process_has_in_hand_is_left_alone(
    site, links, relay: Relay, asked, now: datetime
) -> None:
    with workers.Holder(now) as other:
        Notice.objects.update(state=DeliveryState.CLAIMED, worker=other)
        assert send_notices(site, links, relay.open, now) == Counter()
    Notice.objects.update(state=DeliveryState.PENDING, worker=None)


def test_a_broken_template_of_the_site_fails_the_notice_and_says_where(
    site, links, relay: Relay, asked, now: datetime
) -> None:
    template = site.folder / "templates" / "email" / "confirm.html"
    template.parent.mkdir(parents=True, exist_ok=True)
    template.write_text("<html><body>{{ nothing_of_that_name }}</body></html>")
    try:
        assert send_notices(site, links, relay.open, now) == Counter(failed=1)
    finally:
        template.unlink()
    assert "email/confirm.html, line 1" in Notice.objects.get().reply
