"""Owners let people in; campaigns are told in plain words and paused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import page_samples
from django.test import Client
from integration.web.desk.conftest import PASSWORD, send
from pydantic import SecretStr

from newsletter.models import Campaign, LogEntry
from newsletter.publishing.staff import accounts

Enter = Callable[..., Client]


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_an_owner_lets_somebody_in_who_sets_a_password_and_is_there(logged_in: Enter) -> None:
    owner = logged_in("owner")
    page = text(
        send(owner, "/desk/staff/add/", mark_from="/desk/staff/", address="kim@example.org", role="sender")
    )
    found = re.search(r"https?://[^/\s]+(/desk/password/[^<\s]+)", page)
    assert found is not None
    assert "shown here only now" not in text(owner.get("/desk/staff/"))
    kim = Client(enforce_csrf_checks=True)
    answer = send(kim, found[1], mark_from=found[1], password=PASSWORD, again=PASSWORD)
    assert (answer.status_code, kim.get("/desk/").status_code) == (302, 200)
    assert kim.get("/desk/staff/").status_code == 403
    again = send(
        owner, "/desk/staff/add/", mark_from="/desk/staff/", address="kim@example.org", role="viewer"
    )
    assert again.status_code == 302
    assert {person.address: person.role for person in accounts.everybody()}["kim@example.org"] == "viewer"
    page = text(send(owner, "/desk/staff/link/", mark_from="/desk/staff/", address="kim@example.org"))
    assert "/desk/password/" in page
    send(owner, "/desk/staff/remove/", mark_from="/desk/staff/", address="kim@example.org")
    assert kim.get("/desk/").status_code == 302
    last = send(owner, "/desk/staff/remove/", mark_from="/desk/staff/", address="owner@example.org")
    assert (last.status_code, "is the last owner" in text(last)) == (400, True)
    for wrong in (
        {"address": "kim@example.org", "role": "king"},
        {"address": "no address", "role": "viewer"},
    ):
        assert send(owner, "/desk/staff/add/", mark_from="/desk/staff/", **wrong).status_code == 400


def test_a_campaign_is_told_in_plain_words_and_paused(logged_in: Enter, site: Any) -> None:
    page_samples.subscriber(datetime.now(UTC))
    page_samples.post(site, datetime.now(UTC))
    sender = logged_in("sender")
    page = text(sender.get("/desk/campaigns/"))
    assert "Tuesdays" in page or "Every Tuesday" in page or "Tuesday" in page
    assert "1 person; 1 post would be in the next edition" in page
    weekly = Campaign.objects.get(name="weekly")
    assert page.count(f"09:00 {weekly.zone}") >= 5
    soon = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    answer = send(sender, "/desk/campaigns/weekly/pause/", mark_from="/desk/", until=soon)
    assert answer.status_code == 302
    weekly.refresh_from_db()
    assert weekly.state == "paused"
    assert weekly.paused_until is not None
    assert "Goes on by itself" in text(sender.get("/desk/campaigns/"))
    assert send(sender, "/desk/campaigns/weekly/resume/", mark_from="/desk/").status_code == 302
    weekly.refresh_from_db()
    assert weekly.state == "active"
    for wrong in ("tomorrow", "2020-01-01"):
        assert (
            send(sender, "/desk/campaigns/weekly/pause/", mark_from="/desk/", until=wrong).status_code == 400
        )
    assert send(sender, "/desk/campaigns/nothing/pause/", mark_from="/desk/").status_code == 404
    assert [entry.what for entry in LogEntry.objects.order_by("pk")][-2:] == [
        "paused a campaign",
        "resumed a campaign",
    ]


def test_settings_are_shown_without_their_secrets_and_checked(
    logged_in: Enter, site: Any, settings: Any
) -> None:
    smtp = site.email.smtp.model_copy(update={"password": SecretStr("hunter2")})
    database = site.database.model_copy(update={"url": "postgresql://hub:hunter3@db.example.org/hub"})
    settings.CONFIG = site.model_copy(
        update={
            "email": site.email.model_copy(update={"smtp": smtp}),
            "database": database,
            "login_key": SecretStr("hunter4" * 9),
        }
    )
    owner = logged_in("owner")
    page = text(owner.get("/desk/settings/"))
    assert "hunter" not in page
    assert "postgresql://hub:…@db.example.org/hub" in page
    assert "<code>email.smtp.password</code></th><td>set, and not shown</td>" in page
    assert "<code>site.organisation</code></th><td>Example Hub</td>" in page
    settings.CONFIG = site
    page = text(send(owner, "/desk/settings/", mark_from="/desk/settings/"))
    assert "there are none: add a [sources.NAME] section" in page
