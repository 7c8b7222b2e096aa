"""Mails in a real browser: nothing scrolls sideways, dark is dark, and everything can be read in both."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from mail_samples import digest_entries, frame, long_entry, short_entry
from PIL import Image

from newsletter.rendering.colours import contrast
from newsletter.rendering.email import render, render_notice, render_web
from newsletter.rendering.environment import EDITION_KINDS, template_sources
from newsletter.rendering.preview import html_for, preview_personal

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
OURS = template_sources([], *EDITION_KINDS, "confirm")

#: Text and what is behind it, for every element that shows text of its own.
MEASURE = """() => {
  const behind = (node) => {
    for (let up = node; up; up = up.parentElement) {
      const colour = getComputedStyle(up).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)" && colour !== "transparent") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const shown = (node) => node.checkVisibility() && [...node.childNodes].some(
    (child) => child.nodeType === 3 && child.textContent.trim());
  return [...document.body.querySelectorAll("*")].filter(shown).map((node) => ({
    what: node.tagName.toLowerCase() + "." + node.className, words: node.textContent.trim().slice(0, 40),
    text: getComputedStyle(node).color, behind: behind(node), size: parseFloat(getComputedStyle(node).fontSize),
  }));
}"""


def picture() -> bytes:
    """A picture wider than any column."""
    held = io.BytesIO()
    Image.new("RGB", (1600, 900), "#8fb3b0").save(held, "PNG")
    return held.getvalue()


def mails() -> dict[str, str]:
    """Each kind, with what stretches it."""
    wide = (
        "<p>" + "Donaudampfschifffahrtsgesellschaft" * 5 + "</p><table><tr>"
        + "<td>one column of many</td>" * 9 + "</tr></table><pre>" + "x" * 300 + "</pre>"
        + '<p><a href="https://hub.example.org/">' + "https://hub.example.org/" + "a" * 200 + "</a></p>"
    )  # fmt: skip
    note = frame(note="A full harbour this week.\n\nAnd a second paragraph.", most=4)
    confirm = {"confirm_url": "https://hub.example.org/confirm/" + "abc234" * 20}
    rendered = {
        "post": render(frame(), [long_entry()], OURS),
        "short": render(note, [short_entry(image="https://hub.example.org/a.jpg", image_alt="A")], OURS),
        "wide": render(frame(), [short_entry(html=wide, title="Wort" * 30)], OURS),
        "digest": render(note, digest_entries(8), OURS),
        "rtl": render(frame(language="ar", direction="rtl"), digest_entries(3), OURS),
        "confirm": render_notice(frame(subject=""), "confirm", confirm, OURS),
    }
    pages = {name: html_for(mail, preview_personal()) for name, mail in rendered.items()}
    return pages | {"web": render_web(frame(), digest_entries(3), OURS)}


MAILS = mails()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        missing = "Chromium is not installed, and only a browser can say how a mail looks"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


def opened(chromium: Any, name: str, width: int, *, scheme: str = "light", pictures: bool = True) -> Any:
    """A page with the mail in it. Nothing leaves this machine: pictures are ours or absent."""
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    body = picture() if pictures else b""
    page.route(
        "**/*",
        lambda route: route.fulfill(body=body, content_type="image/png") if pictures else route.abort(),
    )
    page.set_content(MAILS[name], wait_until="load")
    return page


def colour(css: str) -> str:
    """#rrggbb of rgb(r, g, b)."""
    red, green, blue = (int(part) for part in css[css.index("(") + 1 : -1].split(",")[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"


@pytest.mark.parametrize("pictures", [True, False], ids=["pictures", "no pictures"])
@pytest.mark.parametrize("width", [320, 375, 800])
@pytest.mark.parametrize("name", MAILS)
def test_no_mail_scrolls_sideways(chromium: Any, name: str, width: int, pictures: bool) -> None:
    page = opened(chromium, name, width, pictures=pictures)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", MAILS)
def test_everything_can_be_read_in_light_and_in_dark(chromium: Any, name: str, scheme: str) -> None:
    page = opened(chromium, name, 600, scheme=scheme)
    measured = page.evaluate(MEASURE)
    assert len(measured) > 5
    for seen in measured:
        assert contrast(colour(seen["text"]), colour(seen["behind"])) >= 4.5, seen
        assert seen["size"] >= 14 or not seen["words"].strip("\xa0"), seen
    page.context.close()


@pytest.mark.parametrize("name", MAILS)
def test_dark_is_dark_everywhere(chromium: Any, name: str) -> None:
    page = opened(chromium, name, 600, scheme="dark")
    for place in (".page", ".card"):
        background = page.eval_on_selector(place, "node => getComputedStyle(node).backgroundColor")
        assert contrast(colour(background), "#000000") < 1.3, place
    page.context.close()


@pytest.mark.parametrize("name", ["post", "digest", "confirm"])
def test_buttons_and_the_links_of_the_foot_are_large_enough_for_a_thumb(chromium: Any, name: str) -> None:
    page = opened(chromium, name, 375)
    heights = page.eval_on_selector_all(
        ".button, .foot .links a, .top a, .list a",
        "nodes => nodes.map(node => node.getBoundingClientRect().height)",
    )
    assert heights
    assert min(heights) >= 44
    page.context.close()


def test_the_preheader_is_not_seen_and_pictures_fit_their_column(chromium: Any) -> None:
    page = opened(chromium, "post", 375)
    assert not page.is_visible(".hidden")
    widths = page.eval_on_selector_all(
        "img", "nodes => nodes.map(node => node.getBoundingClientRect().width)"
    )
    assert widths
    assert max(widths) <= 375 - 40
    page.context.close()


def test_without_pictures_their_descriptions_are_shown(chromium: Any) -> None:
    page = opened(chromium, "digest", 375, pictures=False)
    assert page.get_by_alt_text("The harbour at low water, seen from the school").count() == 1
    page.context.close()
