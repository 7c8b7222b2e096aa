"""The public pages in a real browser: readable for everybody, with a keyboard, on a phone, without JavaScript."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import page_samples
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page

from newsletter.dates import PartialDate
from newsletter.models import Notice
from newsletter.publishing.editions import campaigns, compose
from newsletter.publishing.schedule import enqueue
from subscribers import tokens
from subscribers.models import Status, Subscriber
from subscribers.tokens import Purpose

#: Where pictures of the pages go, to be looked at; nowhere when it is not set.
PICTURES = os.environ.get("TEST_PICTURES", "")


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=address, viewport={"width": 1100, "height": 900})
    refused: list[str] = []
    found = context.new_page()
    found.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    found.on("pageerror", lambda error: refused.append(str(error)))
    yield found
    context.close()
    # What the content security policy refuses is said on the console; so is a missing file.
    assert not [said for said in refused if "404" not in said and "429" not in said and "400" not in said], (
        refused
    )


@pytest.fixture
def world(site: Any, address: str, now: datetime) -> dict[str, str]:
    """A site with posts and people; returns the address of every page."""
    config = django_settings.CONFIG
    campaigns.resume("each-post", now)
    campaigns.resume("monthly", now)
    page_samples.post(config, now, categories=("land rights", "food"), authors=("Ada Moss", "Ben Ito"))
    page_samples.post(
        config, now, "Seeds to share, and where to find them this winter", url="https://example.org/seeds"
    )
    page_samples.post(
        config, now, "What a village kitchen taught us", date=PartialDate.of_year(2017), categories=("food",)
    )
    for number in range(19):
        page_samples.post(config, now, f"Note {number}", date=PartialDate.of_year(2010))
    ann, pia = page_samples.subscriber(now), page_samples.pending(now)
    bob = page_samples.subscriber(now, "bob@example.org")
    edition = compose.compose("weekly", config, now, note="Dear readers, the year is turning.")
    enqueue.start(edition, config, now)
    return {
        "archive": "/",
        "older": "/page/2/",
        "topic": "/topics/food/",
        "empty topic": "/topics/land/page/1/",
        "post": "/posts/hedges-by-the-stream/",
        "edition": f"/editions/{edition.pk}/",
        "sign-up": "/subscribe",
        "confirm": link(Purpose.CONFIRM, pia),
        "welcome": link(Purpose.CONFIRM, ann),
        "preferences": link(Purpose.PREFERENCES, ann),
        "unsubscribe": link(Purpose.UNSUBSCRIBE, bob),
        "damaged": "/unsubscribe/1-damaged",
        "not found": "/nothing/here",
    }


def link(purpose: Purpose, person: Subscriber) -> str:
    return f"/{purpose}/{tokens.make(purpose, person.pk, django_settings.SUBSCRIBERS_LINKS_KEY)}"


def must_be_accessible(page: Page, name: str) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}:\n{found.generate_report()}"


def must_fit(page: Page, name: str) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} is {wide} px too wide"


def picture(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(PICTURES) / f"{name.replace(' ', '-')}.png"), full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_passes_axe_in_light_and_dark(page: Page, world: dict[str, str], scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    for name, path in world.items():
        page.goto(path)
        must_be_accessible(page, f"{name} in {scheme}")
        picture(page, f"{name} {scheme}")


def test_every_page_fits_on_a_small_phone(page: Page, world: dict[str, str]) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for name, path in world.items():
        page.goto(path)
        must_fit(page, name)
        picture(page, f"{name} 320")
        if name != "edition":  # the mail's own targets are the mail's to test
            small = page.evaluate(
                "[...document.querySelectorAll('button, input:not([type=hidden]):not([tabindex])')].filter("
                "e => (e.closest('label') || e).getBoundingClientRect().height < 44).map(e => e.outerHTML)"
            )
            assert not small, f"{name}: {small}"


def test_signing_up_with_the_keyboard_alone(page: Page, world: dict[str, str]) -> None:
    page.goto("/subscribe")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "address"
    page.keyboard.type("keys@example.org")
    page.keyboard.press("Tab")  # past the trap, which no keyboard reaches
    assert page.evaluate("document.activeElement.name") == "cadence"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "monthly"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.wait_for_timeout(1100)  # nobody is as fast as this test
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="One step is left").wait_for()
    must_be_accessible(page, "thanks")
    picture(page, "thanks light")
    person = Notice.objects.get().subscriber
    assert (person.address, person.subscription.cadence) == ("keys@example.org", "monthly")
    assert person.subscription.topics == ["land"]


def test_a_slip_is_told_beside_the_field(page: Page, world: dict[str, str]) -> None:
    page.goto("/")
    page.get_by_label("Your mail address").fill("ann@")
    page.get_by_role("button", name="Sign up").click()
    page.get_by_role("alert").wait_for()
    field = page.get_by_label("Your mail address")
    assert field.input_value() == "ann@"
    described = page.locator(f"#{field.get_attribute('aria-describedby')}")
    assert "not a mail address" in (described.text_content() or "")
    must_be_accessible(page, "sign-up with a slip")
    picture(page, "slip light")
    page.set_viewport_size({"width": 320, "height": 640})
    must_fit(page, "sign-up with a slip")


def test_the_whole_life_of_a_subscription_without_javascript(
    chromium: Browser, address: str, world: dict[str, str]
) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    pia = Subscriber.objects.get(address="pia@example.org")

    def status() -> str:
        return Subscriber.objects.get(pk=pia.pk).subscription.status

    page.goto(world["confirm"])
    assert status() == Status.PENDING
    page.get_by_role("button", name="Yes, send it to me").click()
    assert status() == Status.CONFIRMED
    page.get_by_role("link", name="Choose topics").click()
    page.get_by_label("Once a month").check()
    page.get_by_label("Food").check()
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("status").text_content() == "Saved."
    picture(page, "saved light")
    page.get_by_role("button", name="Pause").click()
    assert status() == Status.PAUSED
    picture(page, "paused light")
    page.get_by_role("button", name="Go on sending").click()
    assert status() == Status.CONFIRMED
    page.get_by_role("button", name="Unsubscribe").click()
    assert status() == Status.LEFT
    picture(page, "goodbye light")
    page.get_by_role("button", name="That was a mistake").click()
    assert status() == Status.CONFIRMED
    row = Subscriber.objects.get(pk=pia.pk).subscription
    assert (row.cadence, row.topics) == ("monthly", ["food"])
    assert not context.cookies()
    context.close()


def test_the_page_of_a_mails_link_loads_nothing_from_elsewhere(page: Page, world: dict[str, str]) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in ("confirm", "preferences", "unsubscribe"):
        page.goto(world[name])
    assert all(url.startswith(page.url.split("/unsubscribe")[0]) for url in asked)


def test_text_twice_as_large_still_fits(page: Page, world: dict[str, str]) -> None:
    page.set_viewport_size({"width": 640, "height": 900})
    for name in ("archive", "sign-up", "preferences", "post"):
        page.goto(world[name])
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        must_fit(page, name)


@pytest.mark.parametrize("feed", ["/rss.xml", "/atom.xml", "/topics/food/rss.xml"])
def test_a_feed_in_a_browser_says_what_it_is_and_shows_its_posts(
    page: Page, world: dict[str, str], feed: str
) -> None:
    for width in (1100, 320):
        page.set_viewport_size({"width": width, "height": 900})
        answer = page.goto(feed)
        assert answer is not None
        assert answer.headers["content-type"] == "application/xml; charset=utf-8"
        said = page.evaluate("getComputedStyle(document.documentElement, '::before').content")
        assert "This is a web feed." in said
        assert "feed reader" in said
        shown = page.evaluate(
            """Array.from(document.querySelectorAll('item, entry')).map(one => {
                 const title = one.querySelector('title').getBoundingClientRect();
                 const text = one.getElementsByTagName('content:encoded')[0] || one.querySelector('content');
                 return [title.height > 10, text.getBoundingClientRect().height];
               })"""
        )
        assert shown
        assert all(one == [True, 0] for one in shown)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_number_in_a_table_stays_in_one_line_on_a_phone_and_the_table_scrolls(
    page: Page, world: dict[str, str]
) -> None:
    cells = "".join(f"<td>{number} 000 000</td>" for number in range(1, 9))
    page_samples.post(
        django_settings.CONFIG, datetime.now(UTC), "A table", html=f"<table><tr>{cells}</tr></table>"
    )
    for width in (375, 320):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto("/posts/a-table/")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        heights = (
            "Array.from(document.querySelectorAll('td')).map(cell => cell.getBoundingClientRect().height)"
        )
        assert max(page.evaluate(heights)) < 60
        page.locator(".scroll").focus()
        assert page.evaluate("document.activeElement.scrollWidth > document.activeElement.clientWidth")


def test_every_button_says_that_it_sends_its_form(page: Page, world: dict[str, str]) -> None:
    for address in world.values():
        page.goto(address)
        assert page.locator("button:not([type])").count() == 0
