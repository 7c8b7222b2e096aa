"""Leaving: RFC 8058 by a mail program over real HTTP, and by a person on a page."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta

import page_samples
import pytest
from django.conf import settings
from django.test import Client
from web_requests import fetch

from newsletter.models import Notice
from subscribers import consent, tokens
from subscribers.consent import Proof
from subscribers.models import (
    Consent,
    Event,
    Status,
    Subscriber,
    Subscription,
    Suppression,
    SuppressionReason,
)
from subscribers.tokens import Purpose

ONE_CLICK = b"List-Unsubscribe=One-Click"
BOUNDARY = "----=_part"
MULTIPART = (
    f"--{BOUNDARY}\r\n"
    'Content-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
    "One-Click\r\n"
    f"--{BOUNDARY}--\r\n"
).encode()


@pytest.fixture
def ann(site, now: datetime) -> Subscriber:
    return page_samples.subscriber(now)


def link(person: Subscriber) -> str:
    return f"/unsubscribe/{tokens.make(Purpose.UNSUBSCRIBE, person.pk, settings.SUBSCRIBERS_LINKS_KEY)}"


def status(person: Subscriber) -> str:
    return Subscription.objects.get(pk=person.pk).status


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (ONE_CLICK, "application/x-www-form-urlencoded"),
        (MULTIPART, f'multipart/form-data; boundary="{BOUNDARY}"'),
    ],
)
def test_one_click_unsubscribes_at_once_without_cookie_origin_or_redirect(
    ann, server, body: bytes, media: str
) -> None:
    reply = fetch(server.url + link(ann), data=body, Content_Type=media)
    assert reply.status == 200
    assert "Set-Cookie" not in reply.headers
    assert status(ann) == Status.LEFT
    assert "one-click" in Consent.objects.get(event=Event.LEFT).wording


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (MULTIPART, "multipart/form-data"),
        (MULTIPART, "multipart/form-data; boundary="),
        (b"", f'multipart/form-data; boundary="{BOUNDARY}"'),
        (ONE_CLICK, "application/x-www-form-urlencoded; charset=iso-8859-1"),
        (b"&".join([b"a=1"] * 2000), "application/x-www-form-urlencoded"),
        (b"\xff\xfe%zz", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"List-Unsubscribe=One-Click", "nonsense"),
    ],
)
def test_a_body_that_cannot_be_read_unsubscribes_all_the_same(ann, server, body: bytes, media: str) -> None:
    reply = fetch(server.url + link(ann), data=body, Content_Type=media)
    assert (reply.status, status(ann)) == (200, Status.LEFT)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_the_link_changes_nothing(ann, server, method: str) -> None:
    reply = fetch(server.url + link(ann), method=method)
    assert reply.status == 200
    assert status(ann) == Status.CONFIRMED
    assert (b"<button" in reply.body) is (method == "GET")


def test_a_second_click_and_a_click_after_erasure_are_fine(ann, server) -> None:
    for _ in range(2):
        assert fetch(server.url + link(ann), data=ONE_CLICK).status == 200
    assert Consent.objects.filter(event=Event.LEFT).count() == 1
    address = link(ann)
    ann.delete()
    assert fetch(server.url + address, data=ONE_CLICK).status == 200


def test_a_link_in_capitals_works(ann, server) -> None:
    path, _, token = link(ann).rpartition("/")
    assert fetch(f"{server.url}{path}/{token.upper()}/", data=ONE_CLICK).status == 200
    assert status(ann) == Status.LEFT


def test_a_damaged_token_is_a_404_with_a_clear_sentence(ann, server) -> None:
    reply = fetch(server.url + link(ann)[:-2], data=ONE_CLICK)
    assert reply.status == 404
    assert b"Please use the whole link" in reply.body
    assert status(ann) == Status.CONFIRMED


def back_of(html: str) -> str:
    found = re.search(r'name="back" value="([^"]+)"', html)
    assert found
    return found[1]


def test_the_goodbye_page_has_a_way_back_that_changes_nothing_else(
    ann, now: datetime, browser: Client
) -> None:
    consent.choose(ann, topics=["food"], proof=Proof(), now=now)
    Subscription.objects.filter(pk=ann.pk).update(watermark=7)
    consent.pause(ann, proof=Proof(), now=now)
    goodbye = browser.post(link(ann)).content.decode()
    assert status(ann) == Status.LEFT
    answer = browser.post(link(ann), {"back": back_of(goodbye)})
    assert "You are back" in answer.content.decode()
    row = Subscription.objects.get(pk=ann.pk)
    assert (row.status, row.topics, row.watermark) == (Status.PAUSED, ["food"], 7)


def test_who_left_with_one_click_may_come_back_by_opening_the_link_again(ann, browser: Client) -> None:
    browser.post(link(ann), {"List-Unsubscribe": "One-Click"})
    again = browser.get(link(ann)).content.decode()
    assert status(ann) == Status.LEFT, "opening it changes nothing"
    assert "You have left" in again
    browser.post(link(ann), {"back": back_of(again)})
    assert status(ann) == Status.CONFIRMED
    assert not Notice.objects.exists(), "no mail is needed"


@pytest.mark.parametrize("back", ["forged", "", "1234567890:forged"])
def test_nobody_is_brought_back_without_the_page(ann, browser: Client, back: str) -> None:
    browser.post(link(ann))
    assert browser.post(link(ann), {"back": back}).status_code == 403
    assert status(ann) == Status.LEFT


def test_the_form_of_one_person_brings_no_other_back(ann, now: datetime, browser: Client) -> None:
    bob = page_samples.subscriber(now, "bob@example.org")
    browser.post(link(ann))
    browser.post(link(bob))
    back = back_of(browser.get(link(ann)).content.decode())
    assert browser.post(link(bob), {"back": back}).status_code == 403
    assert browser.post(link(ann)[:-1], {"back": back}).status_code == 404
    assert {status(ann), status(bob)} == {Status.LEFT}


@pytest.mark.parametrize("reason", list(SuppressionReason))
def test_an_address_that_must_not_be_mailed_has_no_way_back_here(
    ann, now: datetime, browser: Client, reason: SuppressionReason
) -> None:
    browser.post(link(ann))
    back = back_of(browser.get(link(ann)).content.decode())
    Suppression.objects.create(hashed=ann.hashed, reason=reason, at=now)
    assert 'name="back"' not in browser.get(link(ann)).content.decode()
    browser.post(link(ann), {"back": back})
    assert status(ann) == Status.LEFT


def test_the_way_back_closes_after_two_weeks(ann, browser: Client) -> None:
    back = back_of(browser.post(link(ann)).content.decode())
    Subscription.objects.update(left_at=datetime.now(UTC) - timedelta(days=13))
    assert 'name="back"' in browser.get(link(ann)).content.decode()
    Subscription.objects.update(left_at=datetime.now(UTC) - timedelta(days=15))
    assert 'name="back"' not in browser.get(link(ann)).content.decode()
    assert "too long ago" in browser.post(link(ann), {"back": back}).content.decode()
    assert status(ann) == Status.LEFT


def test_pressing_the_way_back_twice_changes_nothing_more(ann, browser: Client) -> None:
    back = back_of(browser.post(link(ann)).content.decode())
    for _ in range(2):
        assert "You are back" in browser.post(link(ann), {"back": back}).content.decode()
    assert Consent.objects.filter(subscriber=ann, event=Event.CONFIRMED).count() == 2


def test_somebody_who_never_confirmed_can_leave_and_has_no_way_back(
    site, now: datetime, browser: Client
) -> None:
    pia = page_samples.pending(now)
    assert 'name="back"' not in browser.post(link(pia)).content.decode()
    assert status(pia) == Status.LEFT


def test_tokens_stay_out_of_the_log(ann, browser: Client, monkeypatch, caplog) -> None:
    from newsletter.web import logs
    from newsletter.web.public import unsubscribe

    logs.keep_tokens_out()
    monkeypatch.setattr(unsubscribe, "leave", None)  # a fault of ours
    with caplog.at_level(logging.INFO):
        assert browser.post(link(ann)).status_code == 500
    assert "/unsubscribe/[token]" in caplog.text
    assert link(ann) not in caplog.text


@pytest.mark.parametrize("what", ["stop", "preview", "confirm", "preferences", "unsubscribe"])
def test_no_kind_of_token_reaches_the_log_not_even_in_a_traceback(
    site, browser: Client, monkeypatch, caplog, what: str
) -> None:
    from newsletter.web import logs
    from newsletter.web.public import person

    token = tokens.make(Purpose.CONFIRM, 5, settings.SUBSCRIBERS_LINKS_KEY)
    until = "20261231-" + token

    def fault(*_: object) -> None:
        raise ValueError(f"no such thing as /{what}/{token} or {token}")

    logs.keep_tokens_out()
    monkeypatch.setattr(person.tokens, "read", fault)
    monkeypatch.setattr(person.tokens, "read_until", fault)
    with caplog.at_level(logging.INFO):
        assert browser.get(f"/{what}/{until}").status_code == 500
    shown = "\n".join(logging.Formatter("%(message)s").format(record) for record in caplog.records)
    assert "no such thing" in shown
    assert token not in shown
    assert token.split("-")[1] not in shown
