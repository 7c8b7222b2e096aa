"""The pages behind the links in mails: confirm and preferences."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import page_samples
import pytest
from django.conf import settings
from django.test import Client

from newsletter.publishing.editions import campaigns
from newsletter.web import stamps
from subscribers import consent, suppression, tokens
from subscribers.consent import Proof
from subscribers.models import Consent, Event, Status, Subscriber, Suppression, SuppressionReason
from subscribers.tokens import Purpose


def link(purpose: Purpose, person: Subscriber) -> str:
    return f"/{purpose}/{tokens.make(purpose, person.pk, settings.SUBSCRIBERS_LINKS_KEY)}"


def status(person: Subscriber) -> str:
    return Subscriber.objects.get(pk=person.pk).subscription.status


@pytest.fixture
def pia(site, now: datetime) -> Subscriber:
    return page_samples.pending(now)


@pytest.fixture
def ann(site, now: datetime) -> Subscriber:
    return page_samples.subscriber(now)


def form_of(browser: Client, path: str) -> str:
    found = re.search(r'name="form" value="([^"]+)"', browser.get(path).content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_personal_page_is_kept_by_nobody_and_tells_nobody(ann, browser: Client, purpose: Purpose) -> None:
    for answer in (browser.get(link(purpose, ann)), browser.get(f"/{purpose}/1-damaged")):
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"].startswith("noindex")
        assert "https:" not in answer["Content-Security-Policy"]
        assert not answer.cookies
    answer = browser.get(link(purpose, ann))
    assert 'name="robots" content="noindex"' in answer.content.decode()


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_damaged_link_is_said_to_be_damaged(ann, browser: Client, purpose: Purpose) -> None:
    token = link(purpose, ann)
    wrong = [
        token[:-1],
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        f"/{purpose}/x",
        f"/{purpose}/{'9' * 30}",
    ]
    others = [other for other in Purpose if other != purpose]
    wrong += [link(other, ann).replace(f"/{other}/", f"/{purpose}/") for other in others]
    for address in wrong:
        for answer in (browser.get(address), browser.post(address)):
            assert answer.status_code == 404
            assert "This link is damaged" in answer.content.decode()
    assert status(ann) == Status.CONFIRMED


def test_looking_at_the_confirmation_page_changes_nothing(pia, browser: Client) -> None:
    assert "Yes, send it to me" in browser.get(link(Purpose.CONFIRM, pia)).content.decode()
    browser.head(link(Purpose.CONFIRM, pia))
    assert status(pia) == Status.PENDING


def test_the_confirmation_page_says_what_the_yes_is_for(site, now: datetime, browser: Client) -> None:
    pia = page_samples.pending(now, topics=["food"])
    assert (
        "to pia@example.org, once a week, about Food."
        in browser.get(link(Purpose.CONFIRM, pia)).content.decode()
    )
    consent.choose(pia, topics=[], proof=Proof(), now=now)
    assert "once a week, about everything." in browser.get(link(Purpose.CONFIRM, pia)).content.decode()


def test_the_button_confirms_and_says_when_the_next_mail_leaves(pia, browser: Client) -> None:
    answer = browser.post(link(Purpose.CONFIRM, pia), HTTP_ORIGIN="null", REMOTE_ADDR="198.51.100.23")
    assert answer.status_code == 200
    assert "November 3, 2026 at 09:00 (America/New_York)" in answer.content.decode()
    assert status(pia) == Status.CONFIRMED
    kept = Consent.objects.get(event=Event.CONFIRMED)
    assert (kept.form, kept.ip) == ("http://127.0.0.1:8000/confirm/", "198.51.100.0")
    assert "Yes" in kept.wording
    browser.post(link(Purpose.CONFIRM, pia))
    assert Consent.objects.filter(event=Event.CONFIRMED).count() == 1


def test_a_persons_own_yes_lifts_a_bounce(pia, now: datetime, browser: Client) -> None:
    suppression.suppress(pia.hashed, SuppressionReason.BOUNCE, now)
    browser.post(link(Purpose.CONFIRM, pia))
    assert not Suppression.objects.exists()


def test_an_old_confirmation_does_not_bring_back_who_left(ann, now: datetime, browser: Client) -> None:
    consent.leave(ann, proof=Proof(), now=now)
    for answer in (browser.get(link(Purpose.CONFIRM, ann)), browser.post(link(Purpose.CONFIRM, ann))):
        assert "used already" in answer.content.decode()
    assert status(ann) == Status.LEFT


def test_erased_people_are_told_that_nothing_is_held(ann, browser: Client) -> None:
    addresses = [link(purpose, ann) for purpose in Purpose]
    ann.delete()
    for address in addresses:
        for answer in (browser.get(address), browser.post(address)):
            assert answer.status_code == 200
            assert "not on our list" in answer.content.decode()


def test_preferences_are_saved_and_recorded(ann, now: datetime, browser: Client) -> None:
    campaigns.resume("monthly", now)
    here = link(Purpose.PREFERENCES, ann)
    data = {"form": form_of(browser, here), "do": "save", "cadence": "monthly", "topics": ["land"]}
    answer = browser.post(here, data)
    html = answer.content.decode()
    assert (answer.status_code, "Saved." in html) == (200, True)
    assert 'value="monthly" checked' in html
    assert 'value="land" checked' in html
    row = Subscriber.objects.get(pk=ann.pk).subscription
    assert (row.cadence, row.topics) == ("monthly", ["land"])
    assert set(Consent.objects.filter(form__contains="preferences").values_list("event", flat=True)) == {
        Event.CADENCE,
        Event.TOPICS,
    }


def test_a_cadence_that_does_not_run_cannot_be_chosen_and_is_not_lost(
    ann, now: datetime, browser: Client
) -> None:
    here = link(Purpose.PREFERENCES, ann)
    browser.post(here, {"form": form_of(browser, here), "do": "save", "cadence": "daily"})
    assert Subscriber.objects.get(pk=ann.pk).subscription.cadence == "weekly"
    campaigns.pause("weekly", now)
    campaigns.resume("daily", now)
    html = browser.get(here).content.decode()
    assert "not running at the moment" in html
    browser.post(here, {"form": form_of(browser, here), "do": "save", "cadence": "weekly"})
    assert Subscriber.objects.get(pk=ann.pk).subscription.cadence == "weekly"


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"cadence": "hourly", "topics": ["food"]}, "not one of the choices"),
        ({"cadence": "", "topics": ["food"]}, "not one of the choices"),
        ({"cadence": "weekly", "topics": ["food", "gone"]}, "not there any more"),
    ],
)
def test_what_was_never_offered_is_refused_with_a_sentence_and_changes_nothing(
    ann, browser: Client, choice: dict[str, object], said: str
) -> None:
    here = link(Purpose.PREFERENCES, ann)
    answer = browser.post(here, {"form": form_of(browser, here), "do": "save"} | choice)
    html = answer.content.decode()
    assert answer.status_code == 400
    assert said in html
    assert 'role="alert"' in html
    assert "Saved." not in html
    row = Subscriber.objects.get(pk=ann.pk).subscription
    assert (row.cadence, row.topics) == ("weekly", [])


def test_a_form_with_one_cadence_does_not_send_it_and_is_saved(ann, browser: Client) -> None:
    here = link(Purpose.PREFERENCES, ann)
    answer = browser.post(here, {"form": form_of(browser, here), "do": "save", "topics": ["food"]})
    assert "Saved." in answer.content.decode()
    assert Subscriber.objects.get(pk=ann.pk).subscription.topics == ["food"]


def test_pause_resume_and_leave(ann, browser: Client) -> None:
    here = link(Purpose.PREFERENCES, ann)
    for step, after in (("pause", Status.PAUSED), ("resume", Status.CONFIRMED), ("leave", Status.LEFT)):
        answer = browser.post(here, {"form": form_of(browser, here), "do": step})
        assert answer.status_code == 200
        assert status(ann) == after
    assert "not subscribed" in browser.get(here).content.decode()


@pytest.mark.parametrize("kind", ["none", "another's", "old", "elsewhere", "no step"])
def test_a_forged_or_old_form_changes_nothing(ann, now: datetime, browser: Client, kind: str) -> None:
    here = link(Purpose.PREFERENCES, ann)
    other = page_samples.subscriber(now, "bob@example.org")
    long_ago = datetime.now(UTC) - timedelta(hours=13)
    form = {
        "none": "",
        "another's": form_of(browser, link(Purpose.PREFERENCES, other)),
        "old": stamps.make(f"preferences.{ann.pk}", long_ago),
    }.get(kind, form_of(browser, here))
    data = {"form": form} | ({} if kind == "no step" else {"do": "leave"})
    headers = {"HTTP_SEC_FETCH_SITE": "cross-site"} if kind == "elsewhere" else {}
    answer = browser.post(here, data, **headers)
    assert answer.status_code == {"old": 200, "no step": 400}.get(kind, 403)
    assert status(ann) == Status.CONFIRMED


def test_a_monthly_mail_on_the_last_friday_says_so(ann, browser: Client, now: datetime) -> None:
    campaigns.resume("monthly", now)
    campaigns.edit("monthly", now, weekday=4, ordinal=-1)
    assert "Once a month, on the last Friday" in browser.get(link(Purpose.PREFERENCES, ann)).content.decode()


def test_a_day_in_the_only_cadence_keeps_its_capital(ann, browser: Client) -> None:
    assert (
        "It comes once a week, on Tuesdays." in browser.get(link(Purpose.PREFERENCES, ann)).content.decode()
    )
