"""Mails in a real browser: nothing scrolls sideways, dark is dark, and everything can be read in both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from mail_looks import BRAND, OURS, mails, opened, tides, without_styles
from mail_samples import frame

from newsletter.rendering.colours import contrast
from newsletter.rendering.email import render
from newsletter.rendering.preview import html_for, preview_personal

NAMES = list(mails())

#: Text and what is behind it, for every element that shows text of its own; pictures with their descriptions.
MEASURE = """() => {
  const behind = (node) => {
    for (let up = node; up; up = up.parentElement) {
      const colour = getComputedStyle(up).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)" && colour !== "transparent") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const shown = (node) => node.checkVisibility() && (node.alt || [...node.childNodes].some(
    (child) => child.nodeType === 3 && child.textContent.trim()));
  return [...document.body.querySelectorAll("*")].filter(shown).map((node) => ({
    what: node.tagName.toLowerCase() + "." + node.className,
    words: (node.alt || node.textContent).trim().slice(0, 40),
    text: getComputedStyle(node).color, behind: behind(node), size: parseFloat(getComputedStyle(node).fontSize),
  }));
}"""


def colour(css: str) -> str:
    """#rrggbb of rgb(r, g, b)."""
    red, green, blue = (int(part) for part in css[css.index("(") + 1 : -1].split(",")[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"


#: What tests of every mail look at: each is shown once, and all tests of it follow one another.
every_mail = pytest.fixture(scope="module", params=NAMES)


@pytest.fixture(scope="module")
def shown(chromium: Any) -> Iterator[Any]:
    """Shows a mail in a page of that name: one after the other in the same, for to make one takes longer than to fill
    it."""
    pages: dict[str, Any] = {}

    def show(page: str, html: str, **how: Any) -> Any:
        if page not in pages:
            pages[page] = opened(chromium, html, 600, **how)
        else:
            wide(pages[page], 600).set_content(html, wait_until="load")
        return pages[page]

    yield show
    for page in pages.values():
        page.context.close()


@every_mail
def light(shown: Any, request: Any) -> Any:
    return shown("light", mails()[request.param])


@every_mail
def dark(shown: Any, request: Any) -> Any:
    return shown("dark", mails()[request.param], scheme="dark")


@every_mail
def without_pictures(shown: Any, request: Any) -> Any:
    return shown("without pictures", mails()[request.param], shown=False)


@every_mail
def plain(shown: Any, request: Any) -> Any:
    return shown("plain", without_styles(mails()[request.param]), scheme="dark")


@every_mail
def plain_without_pictures(shown: Any, request: Any) -> Any:
    return shown("plain without pictures", without_styles(mails()[request.param]), shown=False)


def name_of(request: Any) -> str:
    """Which mail a test with ``light`` looks at."""
    return str(request.node.callspec.params["light"])


def wide(page: Any, width: int) -> Any:
    """The page in a window of that width."""
    page.set_viewport_size({"width": width, "height": 800})
    return page


def must_fit(page: Any, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def must_be_readable(page: Any) -> None:
    measured = page.evaluate(MEASURE)
    assert len(measured) > 5
    for seen in measured:
        assert contrast(colour(seen["text"]), colour(seen["behind"])) >= 4.5, seen
        assert seen["size"] >= 14 or not seen["words"].strip("\xa0"), seen


def must_fit_everywhere(page: Any) -> None:
    for width in (320, 375, 600, 800):
        must_fit(wide(page, width), width)


def test_no_mail_scrolls_sideways(light: Any) -> None:
    must_fit_everywhere(light)


def test_no_mail_scrolls_sideways_without_pictures(without_pictures: Any) -> None:
    must_fit_everywhere(without_pictures)


def test_no_mail_scrolls_sideways_without_its_styles(plain: Any) -> None:
    must_fit_everywhere(plain)


def test_no_mail_scrolls_sideways_without_pictures_or_styles(plain_without_pictures: Any) -> None:
    must_fit_everywhere(plain_without_pictures)


def test_twice_the_size_needs_no_scrolling_sideways_either(light: Any) -> None:
    wide(light, 1280).evaluate("document.documentElement.style.zoom = 2")
    must_fit(light, 1280)
    light.evaluate("document.documentElement.style.zoom = ''")


def test_everything_can_be_read(light: Any) -> None:
    must_be_readable(wide(light, 600))


def test_everything_can_be_read_in_the_dark(dark: Any) -> None:
    must_be_readable(wide(dark, 600))


def test_without_its_styles_a_mail_can_still_be_read(plain: Any) -> None:
    must_be_readable(wide(plain, 600))


COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


# Without shrinking: each try draws two pages, and the pair of colours in the message says enough.
@settings(max_examples=5, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(COLOUR, COLOUR, COLOUR, COLOUR)
def test_whatever_colours_staff_choose_everything_can_be_read(
    chromium: Any, accent: str, accent_dark: str, page: str, page_dark: str
) -> None:
    design = BRAND | {"accent": accent, "accent_dark": accent_dark, "page": page, "page_dark": page_dark}
    html = html_for(render(frame(note="A note.", design=design), [tides()], OURS), preview_personal())
    for scheme in ("light", "dark"):
        looked_at = opened(chromium, html, 600, scheme=scheme)
        must_be_readable(looked_at)
        looked_at.context.close()


def test_every_mail_and_web_version_passes_axe(light: Any, request: Any) -> None:
    # A mail's first lines, for lists of mails, stand before its content. The web version is a page of its own.
    off = {} if name_of(request).startswith("web") else {"region": {"enabled": False}}
    must_pass_axe(wide(light, 375), {"rules": off})


def test_axe_finds_contrast_enough_in_the_dark(dark: Any) -> None:
    must_pass_axe(wide(dark, 375), {"runOnly": ["color-contrast"]})


def must_pass_axe(page: Any, options: dict[str, Any]) -> None:
    found = Axe().run(page, options=options)
    assert found.violations_count == 0, found.generate_report()
    assert found.response["passes"], "no rule was asked"


def test_dark_is_dark_everywhere(dark: Any) -> None:
    for place in (".page", ".card"):
        background = dark.eval_on_selector(place, "node => getComputedStyle(node).backgroundColor")
        assert contrast(colour(background), "#000000") < 1.3, place


def test_buttons_and_links_that_stand_alone_are_large_enough_for_a_thumb(light: Any, request: Any) -> None:
    heights = wide(light, 375).eval_on_selector_all(
        ".button, .more, .foot .links a, .top a, .masthead a, .list a, .listen a, .film",
        "nodes => nodes.filter(node => node.checkVisibility()).map("
        "node => [node.outerHTML.slice(0, 80), node.getBoundingClientRect().height])",
    )
    assert heights or name_of(request) == "staff", "nothing in a mail to staff is clicked: it names commands"
    assert not [seen for seen in heights if seen[1] < 44]


def test_the_preheader_is_not_seen_and_pictures_fit_their_column(chromium: Any) -> None:
    page = opened(chromium, mails()["post"], 375)
    assert not page.is_visible(".hidden")
    widths = page.eval_on_selector_all(
        "img", "nodes => nodes.map(node => node.getBoundingClientRect().width)"
    )
    assert widths
    assert max(widths) <= 375 - 40
    page.context.close()


def test_without_pictures_their_descriptions_are_shown_where_they_would_be(chromium: Any) -> None:
    page = opened(chromium, mails()["digest"], 375, shown=False)
    found = page.get_by_alt_text("The harbour at low water, seen from the school")
    assert found.count() == 1
    assert found.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(243, 245, 244)"
    page.context.close()


def test_a_wide_table_scrolls_by_itself_and_with_a_keyboard(chromium: Any) -> None:
    page = opened(chromium, mails()["wide"], 320)
    box = page.locator(".scroll").first
    assert box.evaluate("node => node.scrollWidth > node.clientWidth")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.scroll').scrollLeft > 0")
    page.context.close()


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({}, ("logo", "rgb(255, 255, 255)")),
        ({"logo_dark": "https://hub.example.org/media/logo-dark.png"}, ("logo-dark", None)),
        ({"logo_dark": BRAND["logo"]}, ("logo", "rgba(0, 0, 0, 0)")),
    ],
    ids=["on a plate", "another for dark mode", "as it is"],
)
def test_a_logo_is_seen_once_in_light_and_in_dark(
    chromium: Any, changes: dict[str, str], seen: tuple[str, str | None]
) -> None:
    html = html_for(render(frame(design=BRAND | changes), [tides()], OURS), preview_personal())
    for scheme in ("light", "dark"):
        page = opened(chromium, html, 375, scheme=scheme)
        visible = [image for image in page.locator(".masthead img").all() if image.is_visible()]
        assert len(visible) == 1
        if scheme == "dark":
            place, ground = seen
            assert visible[0].evaluate(f"node => node.closest('.{place}') !== null")
            found = visible[0].evaluate("node => getComputedStyle(node.closest('a')).backgroundColor")
            assert ground is None or found == ground
        page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("shown", [True, False], ids=["pictures", "no pictures"])
def test_the_widest_logo_leaves_room_for_the_link_beside_it(chromium: Any, shown: bool, scheme: str) -> None:
    html = html_for(render(frame(design=BRAND | {"logo_width": "380"}), [tides()], OURS), preview_personal())
    for text in (html, without_styles(html)):
        page = opened(chromium, text, 320, scheme=scheme, shown=shown)
        must_fit(page, 320)
        plate, link = (page.locator(place).bounding_box() for place in (".masthead a", ".top a"))
        assert plate["x"] + plate["width"] <= link["x"]
        page.context.close()


def test_on_a_phone_each_link_of_the_foot_has_a_line_of_its_own(chromium: Any) -> None:
    page = opened(chromium, mails()["digest"], 320)
    links = [link.bounding_box() for link in page.locator(".foot .links a").all()]
    assert len({box["x"] for box in links}) == 1
    assert len({box["y"] for box in links}) == len(links) > 2
    page.context.close()


@pytest.mark.parametrize("name", ["arabic post", "hebrew post"])
def test_what_runs_from_right_to_left_is_mirrored_on_the_screen(chromium: Any, name: str) -> None:
    page = opened(chromium, mails()[name], 600)

    def side(selector: str, what: str) -> Any:
        return page.eval_on_selector(selector, f"node => getComputedStyle(node).{what}")

    assert side("blockquote", "borderRightWidth") == "4px"
    assert side("blockquote", "borderLeftWidth") == "0px"
    assert side(".prose ul", "paddingRight") == "26px"
    assert side(".prose th", "textAlign") == "right"
    assert side(".prose pre", "direction") == "ltr"
    assert side("h1", "letterSpacing") in ("normal", "0px")
    # The telephone number keeps its order: its plus stands on the left.
    assert side("a[href^='tel:']", "direction") == "ltr"
    # A full stop ends its sentence on the left, next to the last word.
    first, last = page.evaluate(
        """() => { const text = document.querySelector('.prose p').lastChild, range = document.createRange();
        const at = (place) => { range.setStart(text, place); range.setEnd(text, place + 1);
          return range.getBoundingClientRect().left; };
        return [at(text.length - 2), at(text.length - 1)]; }"""
    )
    assert last < first
    page.context.close()
