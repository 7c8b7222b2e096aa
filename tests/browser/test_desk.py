"""The desk in a real browser: for everybody, on a phone, with a keyboard, and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import page_samples
import pytest
from browser.test_pages import must_be_accessible, must_fit, picture
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page

from newsletter.models import Delivery, Edition
from newsletter.publishing.editions import compose
from newsletter.publishing.schedule import enqueue
from newsletter.publishing.staff import accounts
from newsletter.publishing.staff.roles import Role
from subscribers.models import Subscriber

PASSWORD = "seven quiet herons"


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    refused: list[str] = []
    found = context.new_page()
    found.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    found.on("pageerror", lambda error: refused.append(str(error)))
    yield found
    context.close()
    assert not [said for said in refused if "400" not in said and "404" not in said and "403" not in said], (
        refused
    )


@pytest.fixture
def world(site: Any, address: str) -> dict[str, str]:
    """A draft, an edition that is half sent, one that is over; returns the address of every page."""
    from newsletter.web.desk import account

    account.TRIES.clear()
    config, now = django_settings.CONFIG, datetime.now(UTC)
    page_samples.post(config, now)
    for name in ("ann", "bob", "cem", "dea"):
        page_samples.subscriber(now, f"{name}@example.org")
    page_samples.pending(now)
    half = compose.compose("weekly", config, now)
    enqueue.start(half, config, now)
    enqueue.enqueue(half, now)
    for word, most in (("claimed", 3), ("sending", 3), ("sent", 1), ("unknown", 2)):
        rows = (
            Delivery.objects.exclude(state__in=["sent", "pending"])
            if word != "claimed"
            else Delivery.objects.all()
        )
        Delivery.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:most])).update(
            state=word, changed_at=now
        )
    page_samples.post(config, now, "Seeds to share, and where to find them this winter")
    draft = compose.compose("weekly", config, now, note="Dear readers, the year is turning.")
    user = accounts.add("olu@example.org", Role.OWNER, now)
    accounts.set_password(user, PASSWORD, now)
    new = accounts.add("ann@example.org", Role.SENDER, now)
    return {
        "log in": "/desk/login/",
        "first password": f"/desk/password/{accounts.link_token(new, now)}/",
        "dead link": "/desk/password/nonsense/",
        "today": "/desk/",
        "draft": f"/desk/editions/{draft.pk}/",
        "going": f"/desk/editions/{half.pk}/",
        "campaigns": "/desk/campaigns/",
        "staff": "/desk/staff/",
        "settings": "/desk/settings/",
        "who": f"/desk/editions/{half.pk}/who/unknown/",
        "posts": "/desk/posts/",
        "post": "/desk/posts/hedges-by-the-stream/",
        "people": "/desk/people/?q=example",
        "nobody": "/desk/people/?q=nobody",
        "person": f"/desk/people/{Subscriber.objects.get(normal='ann@example.org').pk}/",
        "not there": "/desk/editions/999/",
        "log": "/desk/log/",
    }


def log_in(page: Page) -> None:
    page.goto("/desk/login/")
    page.get_by_label("Your mail address").fill("olu@example.org")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Today").wait_for()


def every_page(page: Page, world: dict[str, str]) -> Iterator[str]:
    """Opens each; those of the door while nobody is logged in."""
    for name in ("log in", "first password", "dead link"):
        page.goto(world[name])
        yield name
    log_in(page)
    for name, path in world.items():
        if name not in ("log in", "first password", "dead link"):
            page.goto(path)
            yield name


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_passes_axe_and_fits(page: Page, world: dict[str, str], scheme: Any, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    for name in every_page(page, world):
        must_fit(page, f"{name} at {width}")
        must_be_accessible(page, f"{name} in {scheme} at {width}")
        picture(page, f"desk {name} {scheme} {width}")


def test_an_edition_is_approved_watched_paused_and_goes_on(page: Page, world: dict[str, str]) -> None:
    log_in(page)
    page.get_by_role("link", name="Look at it with edition").click()
    draft = Edition.objects.get(state="draft")
    page.get_by_role("button", name="Approve and send it now").click()
    page.get_by_role("button", name="Undo").wait_for()
    draft.refresh_from_db()
    assert draft.state == "scheduled"
    page.goto(world["going"])
    page.get_by_text("1 sent").first.wait_for()
    Delivery.objects.filter(edition__state="sending", state="pending").update(state="claimed")
    Delivery.objects.filter(edition__state="sending", state="claimed").update(state="sending")
    Delivery.objects.filter(edition__state="sending", state="sending").update(state="sent")
    page.get_by_text("2 sent").wait_for()  # nobody loaded the page anew
    page.get_by_role("button", name="Pause it").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Pause it").wait_for()


def test_nothing_but_live_progress_needs_javascript(
    chromium: Browser, address: str, world: dict[str, str]
) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    log_in(page)
    page.goto(world["draft"])
    page.get_by_label("Another day and hour").fill("2031-02-03T09:00")
    page.get_by_role("button", name="Send it then").click()
    page.get_by_text("Monday 3 February 2031, 09:00").first.wait_for()
    page.get_by_text("Call it off", exact=True).click()
    page.get_by_label("They stay out of mail").check()
    page.get_by_role("button", name="Call it off for good").click()
    page.get_by_text("Staff cancelled it.").wait_for()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("heading", name="Log in").wait_for()
    context.close()


def test_one_works_through_the_desk_with_the_keyboard(page: Page, world: dict[str, str]) -> None:
    log_in(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
