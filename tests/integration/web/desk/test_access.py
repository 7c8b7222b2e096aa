"""The door of the desk: every page and every role, log-ins that end, links that work once, and nothing given away."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from integration.web.desk.conftest import PASSWORD, send

from newsletter.models import Edition, LogEntry
from newsletter.publishing.staff import accounts
from newsletter.publishing.staff.roles import Ability, Role, may
from newsletter.web.desk import access
from newsletter.web.desk.urls import OPEN, PAGES

Enter = Callable[..., Client]


def paths(number: int) -> dict[str, Ability]:
    """Every page behind the door, as an address."""
    given = {"number": str(number), "key": "hedges-by-the-stream", "word": "pending", "name": "weekly"}
    return {
        "/desk/" + re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda group: given[group[1]], address): ability
        for address, _, ability in PAGES
    }


@pytest.mark.parametrize("role", ["", *Role])
def test_every_page_is_for_those_only_who_may(role: str, logged_in: Enter, edition: Edition) -> None:
    client = logged_in(role)
    for path, ability in paths(edition.pk).items():
        for answer in (client.get(path), client.head(path), send(client, path)):
            if not role:
                assert answer.status_code in (302, 403), path
            elif not may(Role(role), ability):
                assert answer.status_code == 403, path
                assert b"not yours to do" in answer.content or answer.wsgi_request.method == "HEAD"
            else:
                assert answer.status_code in (200, 302, 400, 404, 405, 409), path
            assert answer.status_code == 405 or answer["Cache-Control"] == "no-store", path


@pytest.mark.parametrize("role", list(Role))
def test_who_only_looks_changes_nothing(role: str, logged_in: Enter, edition: Edition) -> None:
    client = logged_in(role)
    before = list(Edition.objects.values())
    entries = LogEntry.objects.count()
    for path in paths(edition.pk):
        client.get(path)
        client.head(path)
    assert list(Edition.objects.values()) == before
    assert LogEntry.objects.count() == entries


def test_a_form_without_the_desks_mark_changes_nothing(logged_in: Enter, edition: Edition) -> None:
    client = logged_in("owner")
    for path in (f"/desk/editions/{edition.pk}/cancel/", "/desk/logout/", "/desk/login/"):
        answer = client.post(path, {"rest": "owed"})
        assert (answer.status_code, b"That form is too old" in answer.content) == (403, True)
    edition.refresh_from_db()
    assert edition.state == "draft"


def test_the_pages_before_the_door_are_these_and_no_others() -> None:
    """A page that is added without a role would be open to everybody."""
    names = [address.partition("/")[0] for address, _ in OPEN]
    assert names == ["login", "logout", "password", "first", "static"]


def test_a_wrong_password_an_unknown_address_and_one_without_a_password_get_one_answer(
    logged_in: Enter,
) -> None:
    logged_in("sender")
    accounts.add("new@example.org", Role.VIEWER, datetime.now(UTC))
    answers = set()
    for address, password in (
        ("sender@example.org", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("new@example.org", PASSWORD),
        ("no address", PASSWORD),
    ):
        client = Client(enforce_csrf_checks=True)
        answer = send(client, "/desk/login/", address=address, password=password)
        assert answer.status_code == 400
        text = answer.content.decode().replace(address, "ADDRESS")
        answers.add(re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text))
    assert len(answers) == 1


def test_five_wrong_passwords_end_it_for_a_while_and_for_that_network_only(logged_in: Enter) -> None:
    logged_in("sender")
    client = Client(enforce_csrf_checks=True)
    for _ in range(5):
        last = send(client, "/desk/login/", address="sender@example.org", password="wrong")
    assert last.status_code == 429
    right = send(client, "/desk/login/", address="sender@example.org", password=PASSWORD)
    assert (right.status_code, right["Retry-After"]) == (429, "900")
    other = Client(enforce_csrf_checks=True, REMOTE_ADDR="198.51.100.7")
    assert send(other, "/desk/login/", address="sender@example.org", password=PASSWORD).status_code == 302


def test_many_tries_from_one_network_end_for_whatever_accounts(site: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    codes = [
        send(client, "/desk/login/", address=f"p{number}@example.org", password="x").status_code
        for number in range(21)
    ]
    assert codes == [400] * 20 + [429]


def test_a_log_in_ends_when_nothing_happens_and_after_half_a_day(logged_in: Enter) -> None:
    client = logged_in("viewer")
    start = datetime.now(UTC)
    for minutes in range(50, access.AT_MOST // 60, 50):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert client.get("/desk/").status_code == 200, minutes
    with time_machine.travel(start + timedelta(seconds=access.AT_MOST + 1), tick=False):
        assert client.get("/desk/").status_code == 302
    client = logged_in("viewer")
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=access.IDLE + 5), tick=False):
        assert client.get("/desk/").status_code == 302
    assert client.get("/desk/").status_code == 302, "and it stays ended"


def test_whoever_is_removed_or_has_a_new_password_is_logged_out(logged_in: Enter) -> None:
    logged_in("owner")
    client, other = logged_in("sender"), logged_in("viewer")
    accounts.remove("sender@example.org", datetime.now(UTC))
    accounts.set_password(
        User.objects.get(username="viewer@example.org"), "nine loud geese", datetime.now(UTC)
    )
    assert (client.get("/desk/").status_code, other.get("/desk/").status_code) == (302, 302)


def test_another_role_holds_at_once(logged_in: Enter, edition: Edition) -> None:
    client = logged_in("viewer")
    path = f"/desk/editions/{edition.pk}/refresh/"
    assert send(client, path, mark_from="/desk/").status_code == 403
    accounts.add("viewer@example.org", Role.EDITOR, datetime.now(UTC))
    assert send(client, path, mark_from="/desk/").status_code == 302


def test_a_link_sets_a_password_once(site: Any) -> None:
    user = accounts.add("ann@example.org", Role.SENDER, datetime.now(UTC))
    path = f"/desk/password/{accounts.link_token(user, datetime.now(UTC))}/"
    client = Client(enforce_csrf_checks=True)
    assert b"For ann@example.org" in client.get(path).content
    for wrong, says in (
        (("short", "short"), "at least 10 characters"),
        (("password1234", "password1234"), "too common"),
        ((PASSWORD, "another thing"), "differ"),
    ):
        answer = send(client, path, mark_from=path, password=wrong[0], again=wrong[1])
        assert (answer.status_code, says in answer.content.decode()) == (400, True)
    answer = send(client, path, mark_from=path, password=PASSWORD, again=PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert client.get("/desk/").status_code == 200
    for dead in (path, path.replace(".", ".x"), "/desk/password/nonsense/", "/desk/password/%FF.x/"):
        assert Client().get(dead).status_code == 404


def test_a_link_that_is_old_or_whose_account_is_gone_is_dead(site: Any) -> None:
    now = datetime.now(UTC)
    accounts.add("olu@example.org", Role.OWNER, now)
    user = accounts.add("ann@example.org", Role.SENDER, now)
    path = f"/desk/password/{accounts.link_token(user, now)}/"
    with time_machine.travel(now + timedelta(days=2, minutes=1), tick=False):
        assert Client().get(path).status_code == 404
    assert Client().get(path).status_code == 200
    accounts.remove("ann@example.org", now)
    assert Client().get(path).status_code == 404


def test_the_first_owner_makes_the_account_with_a_link_that_is_dead_afterwards(site: Any) -> None:
    path = f"/desk/first/{accounts.first_token()}/"
    client = Client(enforce_csrf_checks=True)
    answer = send(client, path, mark_from=path, address="no address", password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 400
    answer = send(client, path, mark_from=path, address="olu@example.org", password=PASSWORD, again=PASSWORD)
    assert (answer.status_code, client.get("/desk/").status_code) == (302, 200)
    assert [(person.address, person.role) for person in accounts.everybody()] == [
        ("olu@example.org", "owner")
    ]
    assert Client().get(path).status_code == 404
    assert Client().get("/desk/first/owner:invented/").status_code == 404


def test_a_first_link_is_dead_after_a_day(site: Any) -> None:
    path = f"/desk/first/{accounts.first_token()}/"
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25), tick=False):
        assert Client().get(path).status_code == 404


@pytest.mark.parametrize(
    "wanted",
    [
        "https://example.net/desk/",
        "//example.net/desk/",
        "/\\example.net/desk/",
        "/subscribe",
        "javascript:alert(1)",
    ],
)
def test_after_logging_in_nobody_is_led_away(wanted: str, logged_in: Enter) -> None:
    logged_in("viewer")
    client = Client(enforce_csrf_checks=True)
    answer = send(client, "/desk/login/", address="viewer@example.org", password=PASSWORD, next=wanted)
    assert answer["Location"] == "/desk/"


def test_one_comes_back_to_the_page_that_was_asked_for(logged_in: Enter, edition: Edition) -> None:
    logged_in("viewer")
    client = Client(enforce_csrf_checks=True)
    wanted = f"/desk/editions/{edition.pk}/"
    assert client.get(wanted)["Location"] == f"/desk/login/?next={wanted}"
    answer = send(client, "/desk/login/", address="viewer@example.org", password=PASSWORD, next=wanted)
    assert answer["Location"] == wanted


def test_logging_out_ends_it_on_the_server(logged_in: Enter) -> None:
    client = logged_in("viewer")
    stolen = client.cookies["desk"].value
    assert send(client, "/desk/logout/", mark_from="/desk/").status_code == 302
    thief = Client()
    thief.cookies["desk"] = stolen
    assert thief.get("/desk/").status_code == 302


def test_log_ins_that_are_over_and_old_tries_are_forgotten(logged_in: Enter) -> None:
    client = logged_in("viewer")
    send(Client(enforce_csrf_checks=True), "/desk/login/", address="viewer@example.org", password="wrong")
    accounts.tidy(datetime.now(UTC))
    assert client.get("/desk/").status_code == 200
    assert (Session.objects.count(), AccessAttempt.objects.count()) == (1, 1)
    accounts.tidy(datetime.now(UTC) + timedelta(hours=25))
    assert (Session.objects.count(), AccessAttempt.objects.count()) == (0, 0)


def test_behind_a_proxy_with_a_path_of_its_own_everything_leads_there(
    logged_in: Enter, site: Any, settings: Any
) -> None:
    logged_in("viewer")
    address = site.site.model_copy(update={"url": "http://testserver/news"})
    settings.CONFIG = site.model_copy(update={"site": address})
    client = Client(enforce_csrf_checks=True)
    assert client.get("/desk/log/")["Location"] == "/news/desk/login/?next=/news/desk/log/"
    page = client.get("/desk/login/", {"next": "/news/desk/log/"}).content.decode()
    assert 'action="/news/desk/login/"' in page
    mark = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert mark is not None
    answer = client.post(
        "/desk/login/",
        {
            "csrfmiddlewaretoken": mark[1],
            "address": "viewer@example.org",
            "password": PASSWORD,
            "next": "/news/desk/log/",
        },
    )
    assert answer["Location"] == "/news/desk/log/"


def test_no_cookie_of_the_desk_is_set_or_read_on_a_public_page(site: Any, browser: Client) -> None:
    for path in ("/", "/subscribe", "/rss.xml"):
        answer = browser.get(path)
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_cookies_are_for_this_host_only_and_no_script_reads_them(logged_in: Enter) -> None:
    client = logged_in("viewer")
    for name in ("desk", "desk-form"):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
            True,
            "Lax",
            "/",
            "",
        )


def test_the_policy_of_every_page_lets_nothing_in_from_elsewhere(logged_in: Enter, edition: Edition) -> None:
    client = logged_in("owner")
    policy = client.get("/desk/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    shown = client.get(f"/desk/editions/{edition.pk}/preview/")["Content-Security-Policy"]
    assert "sandbox;" in shown
    assert "script" not in shown
