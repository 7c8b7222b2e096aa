"""What is typed or put into an address by somebody who means harm is answered with a sentence, on both databases."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from integration.web.desk.conftest import PASSWORD, send

from newsletter.models import Edition
from newsletter.web.logs import WithoutTokens

Enter = Callable[..., Client]
HOSTILE = [
    "\0",
    "a\0b",
    "\x1b[31m",
    "\u202e",
    "x" * 100_000,
    "'; DROP TABLE newsletter_post; --",
    "😀" * 300,
    "%00",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_every_field_takes_whatever_is_typed(text: str, logged_in: Enter, edition: Edition) -> None:
    client = logged_in("owner")
    here = f"/desk/editions/{edition.pk}/"
    for path, names in {
        f"{here}words/": ("subject", "preheader", "note"),
        f"{here}schedule/": ("at",),
        f"{here}test/": ("to",),
        f"{here}cancel/": ("rest",),
        f"{here}doubt/": ("doubt",),
        "/desk/compose/": ("campaign",),
        "/desk/campaigns/weekly/pause/": ("until",),
        "/desk/staff/add/": ("address", "role"),
        "/desk/staff/link/": ("address",),
        "/desk/staff/remove/": ("address",),
        "/desk/posts/hedges-by-the-stream/release/": ("where",),
    }.items():
        answer = send(client, path, mark_from="/desk/", **dict.fromkeys(names, text))
        assert answer.status_code in (302, 400, 404), (path, answer.status_code)
    for path in (
        "/desk/people/?q=",
        "/desk/posts/?state=",
        "/desk/posts/?before=",
        "/desk/log/?before=",
        f"{here}preview/?as=",
    ):
        name = path.partition("?")[2].rstrip("=")
        answer = client.get(path.partition("?")[0], {name: text[:2000]})
        assert answer.status_code in (200, 400), (path, answer.status_code)
    door = Client(enforce_csrf_checks=True)
    answer = send(door, "/desk/login/", address=text, password=text, next=text)
    assert answer.status_code in (400, 429)


@pytest.mark.parametrize(
    "path",
    [
        "/desk/editions/999999999999999999/",
        "/desk/editions/9999999999999999999999/",
        "/desk/people/999999999999999999/",
        "/desk/posts/%00/",
        "/desk/posts/..%2f..%2fetc%2fpasswd/",
        "/desk/password/%00/",
        "/desk/password/MQ.%ff/",
        "/desk/first/%00/",
        "/desk/static/../desk.css",
        "/desk/editions/1/who/%00/",
        "/desk/nothing/",
    ],
)
def test_an_address_of_nothing_is_not_found(path: str, logged_in: Enter) -> None:
    assert logged_in("owner").get(path).status_code == 404


def test_methods_that_no_page_has_change_nothing(logged_in: Enter, edition: Edition) -> None:
    client = logged_in("owner")
    for path in ("/desk/", f"/desk/editions/{edition.pk}/cancel/"):
        for method in (client.put, client.delete, client.patch, client.options):
            assert method(path).status_code in (403, 405)
    edition.refresh_from_db()
    assert edition.state == "draft"


def test_links_that_set_a_password_are_kept_out_of_the_log() -> None:
    for path in ("/desk/password/MQ.c8abc-0123/", "/desk/first/owner:1x:AbC/"):
        record = logging.LogRecord(
            "django.request", logging.ERROR, "", 0, "Internal Server Error: %s", (path,), None
        )
        assert WithoutTokens().filter(record)
        assert path.rstrip("/").rpartition("/")[2] not in record.getMessage()
        assert "[token]" in record.getMessage()


def test_a_click_that_comes_twice_is_one(logged_in: Enter, edition: Edition) -> None:
    client = logged_in("sender")
    here = f"/desk/editions/{edition.pk}/"
    first: Any = send(client, f"{here}approve/", mark_from=here, now="yes")
    edition.refresh_from_db()
    at = edition.slot_at
    second = send(client, f"{here}approve/", mark_from=here, now="yes")
    assert (first.status_code, second.status_code) == (302, 302)
    edition.refresh_from_db()
    assert edition.state == "scheduled"
    assert (edition.slot_at - at).total_seconds() < 60
    assert PASSWORD not in client.get(here).content.decode()
