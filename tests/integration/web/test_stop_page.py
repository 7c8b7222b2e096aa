"""The page behind a proof's link: it says plainly what is so, and only its button stops anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import legal_moves
import pytest
from django.conf import settings
from world import World, next_tuesday_nine

from newsletter.models import Edition, Reason
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.editions import compose
from newsletter.publishing.editions.personalize import Links
from newsletter.publishing.notices import stop_link
from subscribers import tokens
from subscribers.tokens import Purpose


@pytest.fixture
def edition(site: Any, now: datetime, tmp_path: Any) -> Edition:
    """One that goes out in an hour, to one person."""
    from world import write_small_templates

    write_small_templates(tmp_path)
    email = site.email.model_copy(update={"transport": "smtp"})
    world = World(site.model_copy(update={"folder": tmp_path, "email": email}), now)
    world.join("ann")
    world.release()
    made = compose.compose("weekly", world.config, now)
    return edition_actions.schedule(made.pk, next_tuesday_nine(now), now)


@pytest.fixture
def here(edition: Edition) -> str:
    link = stop_link.link(edition.pk, Links.of(settings.CONFIG, settings.SUBSCRIBERS_LINKS_KEY))
    return link.removeprefix(settings.CONFIG.site.url)


def page(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_it_changes_nothing(browser: Any, edition: Edition, here: str, method: str) -> None:
    response = getattr(browser, method)(here)
    assert response.status_code == 200
    edition.refresh_from_db()
    assert edition.state == "scheduled"
    if method == "get":
        assert "Stop this mail?" in page(response)
        assert "Tuesday 3 November 2026, 09:00 America/New_York: nothing of it has been sent yet." in page(
            response
        )
        assert page(response).count("<button") == 1


def test_its_button_stops_it_and_a_second_press_changes_nothing(
    browser: Any, edition: Edition, here: str
) -> None:
    for _ in range(2):
        response = browser.post(here)
        assert response.status_code == 200
        assert "It is stopped" in page(response)
        assert "Nobody has got it." in page(response)
        assert f"newsletter editions resume {edition.pk}" in page(response)
        assert "<button" not in page(response)
    edition.refresh_from_db()
    assert (edition.state, edition.reason) == ("paused", Reason.STAFF_STOPPED)


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        ("awaiting approval", "Nothing goes by itself"),
        ("sent", "It is too late to stop it"),
        ("cancelled", "There is nothing to stop"),
        ("skipped", "There is nothing to stop"),
    ],
)
def test_where_nothing_can_be_stopped_it_says_so(
    browser: Any, edition: Edition, here: str, state: str, heading: str
) -> None:
    legal_moves.put(Edition.objects.filter(pk=edition.pk), state)
    for response in (browser.get(here), browser.post(here)):
        assert heading in page(response)
        assert "<button" not in page(response)
    edition.refresh_from_db()
    assert edition.state == state


def test_while_it_goes_out_the_rest_can_be_stopped(browser: Any, edition: Edition, here: str) -> None:
    Edition.objects.filter(pk=edition.pk).update(state="sending", practice=False)
    assert "Stop the rest of this mail?" in page(browser.get(here))
    assert "It is stopped" in page(browser.post(here))
    edition.refresh_from_db()
    assert edition.state == "paused"


def test_no_other_link_and_no_guess_stops_anything(browser: Any, edition: Edition, here: str) -> None:
    key = settings.SUBSCRIBERS_LINKS_KEY
    wrong = [
        tokens.make(Purpose.UNSUBSCRIBE, edition.pk, key),
        here.rpartition("/")[2][:-1] + ("a" if not here.endswith("a") else "b"),
        str(edition.pk),
    ]
    for token in wrong:
        assert browser.post(f"/stop/{token}").status_code == 404
    foreign = tokens.make(stop_link.StaffPurpose.STOP, edition.pk, key)
    assert browser.post(f"/unsubscribe/{foreign}").status_code == 404
    assert browser.get(f"/stop/{tokens.make(stop_link.StaffPurpose.STOP, 10**6, key)}").status_code == 404
    edition.refresh_from_db()
    assert edition.state == "scheduled"


def test_a_form_on_another_site_stops_nothing(browser: Any, edition: Edition, here: str) -> None:
    assert browser.post(here, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    edition.refresh_from_db()
    assert edition.state == "scheduled"


def test_it_is_kept_by_nobody_and_tells_nobody_where_it_is(browser: Any, here: str) -> None:
    response = browser.get(here)
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert browser.put(here).status_code == 405
