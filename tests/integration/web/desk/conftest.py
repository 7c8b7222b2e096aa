"""Staff who are logged in, and an edition for them to decide about."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

#: No test's password is anybody's.
PASSWORD = "seven quiet herons"


@pytest.fixture(autouse=True)
def _cheap_hashes_and_no_tries_yet(settings: Any) -> None:
    """A real hash takes a tenth of a second, on purpose."""
    from newsletter.web.desk import account

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    account.TRIES.clear()


@pytest.fixture
def logged_in(site: Any) -> Callable[..., Any]:
    """A client of somebody with a role, who came in by the form; "" for nobody."""
    from django.test import Client

    from newsletter.publishing.staff import accounts
    from newsletter.publishing.staff.roles import Role

    def enter(role: str) -> Client:
        client = Client(enforce_csrf_checks=True, raise_request_exception=True)
        if role:
            user = accounts.add(f"{role}@example.org", Role(role), datetime.now(UTC))
            accounts.set_password(user, PASSWORD, datetime.now(UTC))
            answer = send(client, "/desk/login/", address=f"{role}@example.org", password=PASSWORD)
            assert answer.status_code == 302
        return client

    return enter


def send(client: Any, path: str, /, *, mark_from: str = "/desk/login/", **fields: str) -> Any:
    """Send a form as the page that holds it would."""
    page = client.get(mark_from, follow=True).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found is not None, "the page has a form of the desk"
    return client.post(path, {"csrfmiddlewaretoken": found[1], **fields})


@pytest.fixture
def edition(site: Any) -> Any:
    """A draft made by hand now, with a post for one person."""
    import page_samples

    from newsletter.publishing.editions import compose

    now = datetime.now(UTC)
    page_samples.subscriber(now)
    page_samples.post(site, now)
    return compose.compose("weekly", site, now)
