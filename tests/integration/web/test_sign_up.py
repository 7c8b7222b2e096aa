"""Signing up: what is kept, what everybody is answered, and what stops those who would misuse the form."""

from __future__ import annotations

import re
import threading
import time
import urllib.parse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import page_samples
import pytest
from django.http import HttpResponse
from django.test import Client
from web_requests import fetch

from newsletter.models import Notice
from newsletter.publishing.delivery.single_mails import due
from newsletter.publishing.editions import campaigns
from newsletter.publishing.notices import confirmations
from newsletter.publishing.subscriptions.sign_up import confirm
from newsletter.web import stamps
from newsletter.web.public import subscribe
from newsletter.web.rate_limit import Limit, Networks
from subscribers import consent, suppression
from subscribers.consent import Proof
from subscribers.models import Consent, Status, Subscriber, SuppressionReason


def made(seconds: float = 5) -> str:
    """The stamp of a form that was made some seconds ago."""
    return stamps.make(subscribe._PURPOSE, datetime.now(UTC) - timedelta(seconds=seconds))


@pytest.fixture
def sign_up(site, browser: Client) -> Callable[..., HttpResponse]:
    def send(address: str = "new@example.org", **fields: object) -> HttpResponse:
        data = {"address": address, "cadence": "weekly", "made": made()} | fields
        headers = {name: data.pop(name) for name in ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR") if name in data}
        return browser.post("/subscribe", data, **headers)

    return send


def test_the_form_on_the_page_works_as_it_is(site, browser: Client) -> None:
    html = browser.get("/").content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    time.sleep(subscribe.LEAST_TIME.total_seconds())
    answer = browser.post("/subscribe", {"address": "new@example.org", **fields})
    assert answer.status_code == 200
    assert Notice.objects.get().subscriber.address == "new@example.org"


def test_signing_up_waits_for_a_yes_and_keeps_the_proof(sign_up) -> None:
    answer = sign_up("Néw@example.org", topics=["food", "nonsense"], HTTP_X_FORWARDED_FOR="203.0.113.77")
    assert answer.status_code == 200
    person = Subscriber.objects.get()
    assert (person.subscription.status, person.subscription.topics) == (Status.PENDING, ["food"])
    kept = Consent.objects.get()
    assert kept.wording == subscribe.wording()
    assert kept.wording in browser_text(answer.wsgi_request)
    assert (kept.form, kept.ip) == ("http://127.0.0.1:8000/subscribe", "203.0.113.0")


def browser_text(_: object) -> str:
    return Client().get("/subscribe").content.decode()


def test_everybody_is_answered_alike(sign_up, now: datetime) -> None:
    page_samples.subscriber(now, "active@example.org")
    page_samples.pending(now, "pending@example.org")
    left = page_samples.subscriber(now, "left@example.org")
    consent.leave(left, proof=Proof(), now=now)
    for reason in SuppressionReason:
        person = page_samples.pending(now, f"{reason}@example.org")
        suppression.suppress(person.hashed, reason, now)
    kinds = ["new", "active", "pending", "left", *SuppressionReason]
    answers = {}
    for kind in kinds:
        started = time.monotonic()
        answer = sign_up(f"{kind}@example.org")
        assert time.monotonic() - started >= subscribe.ANSWER_TIME
        answers[kind] = (
            answer.status_code,
            answer.content.decode().replace(f"{kind}@", "@"),
            dict(answer.items()),
        )
        answers[kind][2].pop("Content-Length")
    assert all(answer == answers["new"] for answer in answers.values())
    asked = set(Notice.objects.values_list("subscriber__address", flat=True))
    assert asked == {f"{kind}@example.org" for kind in kinds} - {"active@example.org", "staff@example.org"}


def test_an_address_is_asked_once_a_day_from_wherever(sign_up) -> None:
    for number in range(3):
        sign_up("New@Example.org" if number else "new@example.org", HTTP_X_FORWARDED_FOR=f"203.0.{number}.1")
    assert Notice.objects.count() == 1


def test_a_strangers_second_sign_up_does_not_change_what_the_first_one_chose(sign_up, now: datetime) -> None:
    campaigns.resume("each-post", now)
    sign_up(topics=["food"])
    sign_up(cadence="each-post", topics=["land"])
    row = Subscriber.objects.get().subscription
    assert (row.cadence, row.topics) == ("weekly", ["food"])
    Notice.objects.update(created_at=datetime.now(UTC) - timedelta(hours=24, minutes=1))
    sign_up(cadence="each-post", topics=["land"])
    row.refresh_from_db()
    assert (row.cadence, row.topics) == ("each-post", ["land"])


def test_who_comes_back_gets_what_they_choose_now(sign_up, now: datetime) -> None:
    campaigns.resume("each-post", now)
    sign_up(topics=["food"])
    person = Subscriber.objects.get()
    confirm(person, proof=Proof(), now=datetime.now(UTC), by_person=True)
    consent.leave(person, proof=Proof(), now=datetime.now(UTC))
    sign_up(cadence="each-post", topics=["land"])
    row = Subscriber.objects.get().subscription
    assert (row.status, row.cadence, row.topics) == (Status.PENDING, "each-post", ["land"])


def test_the_choice_of_staff_who_vouch_counts_at_once(sign_up, now: datetime) -> None:
    sign_up(topics=["food"])
    row = page_samples.subscriber(now, "new@example.org", topics=["land"]).subscription
    row.refresh_from_db()
    assert (row.status, row.topics) == (Status.CONFIRMED, ["land"])


@pytest.mark.parametrize(
    "fields",
    [
        {"website": "https://spam.example.org"},
        {"made": ""},
        {"made": "1234567890:forged"},
        {"made": "too soon"},
    ],
)
def test_what_a_program_might_have_sent_is_offered_again_and_nothing_is_lost(
    sign_up, fields: dict[str, str]
) -> None:
    if fields.get("made") == "too soon":
        fields = {"made": made(0)}
    answer = sign_up("ann@example.org", topics=["food"], **fields)
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "press the button once more" in html
    assert 'value="ann@example.org"' in html
    assert 'value="food" checked' in html
    assert 'name="website" tabindex' in html
    assert "spam.example.org" not in html
    assert not Subscriber.objects.exists()
    sign_up("ann@example.org")
    assert Notice.objects.count() == 1


def test_who_left_today_comes_back_today_with_a_mail_each_time(sign_up) -> None:
    for times in range(1, 4):
        sign_up("ann@example.org")
        sign_up("ann@example.org")  # impatient
        assert Notice.objects.count() == times
        person = Subscriber.objects.get()
        confirm(person, proof=Proof(), now=datetime.now(UTC), by_person=True)
        consent.leave(person, proof=Proof(), now=datetime.now(UTC))


def test_a_mailbox_that_never_answered_gets_no_second_mail_that_day_whatever_its_tag(sign_up) -> None:
    sign_up("ann+1@example.org")
    for address in ("ann@example.org", "ann+2@example.org", "ann+1@example.org"):
        sign_up(address)
    person = Subscriber.objects.get(address="ann+2@example.org")
    confirm(person, proof=Proof(), now=datetime.now(UTC), by_person=True)
    consent.leave(person, proof=Proof(), now=datetime.now(UTC))
    sign_up("ann+2@example.org")
    assert Notice.objects.count() == 1, "the mail that is out is another person's"


def test_the_page_promises_no_mail_that_does_not_come(sign_up) -> None:
    words = sign_up("ann@example.org").content.decode()
    assert "asked once a day" in words
    assert "told not to write to" in words
    assert sign_up("ann@example.org").content.decode() == words


def test_a_slip_is_shown_beside_the_field_with_what_was_typed(sign_up) -> None:
    answer = sign_up("ann@", topics=["food"])
    html = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="ann@"' in html
    assert 'aria-invalid="true" aria-describedby="address-error"' in html
    assert 'value="food" checked' in html
    assert not Subscriber.objects.exists()


def test_a_page_that_was_open_for_long_is_offered_again(sign_up) -> None:
    answer = sign_up("slow@example.org", made=made(25 * 3600))
    assert answer.status_code == 400
    assert 'value="slow@example.org"' in answer.content.decode()


def test_one_network_may_not_go_on_for_ever(sign_up, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscribe, "BY_NETWORK", Limit(2, 3600))
    for number in range(2):
        assert sign_up(f"p{number}@example.org", REMOTE_ADDR="2001:db8:1:2::1").status_code == 200
    refused = sign_up("p3@example.org", REMOTE_ADDR="2001:db8:1:2:ffff::9")  # the same /64
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3601
    assert sign_up("p4@example.org", REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_a_provider_full_of_networks_cannot_close_sign_up_for_others(
    sign_up, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribe, "BY_NETWORK", Networks((2, 3, 4), 3600))
    answers = [
        sign_up(f"p{number}@example.org", REMOTE_ADDR=f"2001:db8:{number}:1::1").status_code
        for number in range(6)
    ]
    assert answers == [200] * 4 + [429] * 2, "each in a /48 of its own, all in one /32"
    assert sign_up("ann@example.org", REMOTE_ADDR="2001:db9::1").status_code == 200
    assert sign_up("bob@example.org", REMOTE_ADDR="192.0.2.1").status_code == 200


def test_more_sign_ups_than_the_site_mails_in_an_hour_are_slower_and_nobody_is_turned_away(
    sign_up, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirmations, "MOST_AN_HOUR", 2)
    words = [
        sign_up(f"p{number}@example.org", REMOTE_ADDR=f"2001:{number}::1").content.decode()
        for number in range(5)
    ]
    assert ["within minutes" in one for one in words] == [True, True, False, False, False]
    assert "may take some hours" in words[2]
    at_once, later = Notice.objects.filter(next_attempt_at=None), Notice.objects.exclude(next_attempt_at=None)
    assert (at_once.count(), later.count(), confirmations.crowded(datetime.now(UTC))) == (2, 3, 3)
    moments = list(later.order_by("pk").values_list("next_attempt_at", flat=True))
    assert [after - before for before, after in pairwise(moments)] == [timedelta(minutes=30)] * 2
    assert due(Notice, datetime.now(UTC)).count() == 2
    assert due(Notice, datetime.now(UTC) + timedelta(hours=2)).count() == 5
    Notice.objects.update(created_at=datetime.now(UTC) - timedelta(hours=1, minutes=1))
    assert "within minutes" in sign_up("p9@example.org").content.decode()


def test_while_many_sign_up_one_network_gets_less_and_others_get_in(
    sign_up, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirmations, "MOST_AN_HOUR", 1)
    monkeypatch.setattr(subscribe, "BY_NETWORK_WHEN_CROWDED", Networks((1, 1, 1), 3600))
    bot = "2001:db8:1::1"
    answers = [sign_up(f"p{number}@example.org", REMOTE_ADDR=bot).status_code for number in range(3)]
    assert answers == [200, 200, 429]
    assert sign_up("ann@example.org", REMOTE_ADDR="192.0.2.9").status_code == 200


def test_an_answer_waits_without_a_thread_and_takes_as_long_for_every_address(
    site, server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribe, "ANSWER_TIME", 0.6)
    monkeypatch.setattr(subscribe, "BY_NETWORK", Networks((100, 100, 100), 3600))
    form = urllib.parse.urlencode(
        {"address": "ann@example.org", "cadence": "weekly", "made": made()}
    ).encode()
    took: list[float] = []

    def post() -> None:
        began = time.monotonic()
        assert b"One step is left" in fetch(f"{server.url}/subscribe", data=form).body
        took.append(time.monotonic() - began)

    posters = [threading.Thread(target=post) for _ in range(4 * site.web.threads)]
    began = time.monotonic()
    for poster in posters:
        poster.start()
    assert fetch(f"{server.url}/rss.xml").status == 200
    for poster in posters:
        poster.join()
    together = time.monotonic() - began
    assert len(took) == len(posters)
    assert min(took) >= 0.6
    assert together < 0.6 * len(posters) / site.web.threads, "threads that sleep would need four rounds"


@pytest.mark.parametrize(
    "headers",
    [{"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_ORIGIN": "https://evil.example"}],
)
def test_a_form_of_another_site_is_refused(site, browser: Client, headers: dict[str, str]) -> None:
    answer = browser.post("/subscribe", {"address": "new@example.org", "made": made()}, **headers)
    assert answer.status_code == 403
    assert not Subscriber.objects.exists()


def test_only_running_cadences_are_offered(site, now: datetime, browser: Client) -> None:
    assert 'type="radio"' not in browser.get("/subscribe").content.decode()
    campaigns.resume("daily", now)
    html = browser.get("/subscribe").content.decode()
    assert 'value="daily"' in html
    assert 'value="weekly" checked' in html
    assert 'value="monthly"' not in html
    browser.post("/subscribe", {"address": "new@example.org", "made": made(), "cadence": "monthly"})
    assert Subscriber.objects.get().subscription.cadence == "weekly"


def test_without_a_running_campaign_sign_up_is_closed(site, now: datetime, browser: Client) -> None:
    campaigns.pause("weekly", now)
    assert b"closed" in browser.get("/subscribe").content
    assert b"closed" in browser.get("/").content
    browser.post("/subscribe", {"address": "new@example.org", "made": made()})
    assert not Subscriber.objects.exists()
