from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.config.sections import DesignSection
from newsletter.errors import RenderError
from newsletter.rendering.colours import READABLE, contrast
from newsletter.rendering.design import DESIGN, font_stack, footer_lines, of_design, palette

COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOUR, COLOUR, st.booleans())
def test_whatever_staff_choose_every_text_can_be_read_on_what_is_behind_it(
    accent: str, page: str, dark: bool
) -> None:
    colours = palette(accent, page, dark=dark)
    pairs = [(text, ground) for text in ("text", "soft", "accent") for ground in ("card", "panel")]
    for text, ground in [*pairs, ("on_button", "button"), ("page_soft", "page")]:
        assert contrast(colours[text], colours[ground]) >= READABLE, (text, ground)


@given(COLOUR)
def test_buttons_have_white_text_in_the_light_colours_because_gmail_turns_black_white(accent: str) -> None:
    assert palette(accent, "#ffffff")["on_button"] == "#ffffff"
    assert palette(accent, "#ffffff")["band"] == accent


def test_our_own_colours_stay_as_they_are() -> None:
    design = of_design({})
    assert (design["accent"], design["accent_dark"]) == (DESIGN["accent"], DESIGN["accent_dark"])
    assert design["button"] == DESIGN["accent"]


def test_the_settings_defaults_are_those_of_a_frame_that_brings_none() -> None:
    section = DesignSection()
    assert {name: str(value) for name, value in section.model_dump().items()} | {"footer": ""} == DESIGN


@pytest.mark.parametrize(
    ("names", "stack"),
    [
        ("sans", "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"),
        ("Source Serif 4, serif", "'Source Serif 4', Georgia, 'Times New Roman', serif"),
    ],
)
def test_a_font_always_has_one_behind_it_that_everybody_has(names: str, stack: str) -> None:
    assert font_stack(names) == stack


@pytest.mark.parametrize(
    "names", ["", "Inter", "x', serif", "a}b, sans", "</style>, sans", "sans, Inter", "&, serif"]
)
def test_what_is_no_font_is_refused(names: str) -> None:
    with pytest.raises(RenderError, match="is no font"):
        of_design({"text_font": names} if names else {"heading_font": ","})


@pytest.mark.parametrize(
    "chosen",
    [
        {"logo": "javascript:x"},
        {"logo_dark": "/logo.png"},
        {"logo_width": "1e3"},
        {"page": "blue"},
        {"page_dark": "#fff"},
    ],
)
def test_a_design_that_no_mail_could_show_is_refused(chosen: dict[str, str]) -> None:
    with pytest.raises(RenderError, match="design"):
        of_design(chosen)


def test_lines_of_the_footer_that_end_in_an_address_become_links_and_share_a_row() -> None:
    rows = footer_lines(
        "Registered charity 1234567\n\nMastodon: https://social.example.org/@hub\n"
        "https://www.example.org/give/\nThank you"
    )
    assert [[(part["text"], part["url"]) for part in row] for row in rows] == [
        [("Registered charity 1234567", "")],
        [
            ("Mastodon", "https://social.example.org/@hub"),
            ("example.org/give", "https://www.example.org/give/"),
        ],
        [("Thank you", "")],
    ]
    assert rows[1][0]["line"] == "Mastodon: https://social.example.org/@hub"


@given(st.text(max_size=80))
def test_no_line_of_the_footer_is_lost(line: str) -> None:
    rows = footer_lines(line)
    assert [part["line"] for row in rows for part in row] == [
        piece.strip() for piece in line.split("\n") if piece.strip()
    ]
    assert all(re.match("https?://", part["url"]) or not part["url"] for row in rows for part in row)
