from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import RenderError
from newsletter.rendering.colours import READABLE, contrast, readable
from newsletter.rendering.context import CARD, CARD_DARK
from newsletter.rendering.environment import DESIGN

COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_our_own_colours_stay_as_they_are() -> None:
    assert readable(DESIGN["accent"], CARD) == DESIGN["accent"]
    assert readable(DESIGN["accent_dark"], CARD_DARK) == DESIGN["accent_dark"]


@given(COLOUR, st.sampled_from([CARD, CARD_DARK]))
def test_any_colour_becomes_one_that_can_be_read(colour: str, background: str) -> None:
    assert contrast(readable(colour, background), background) >= READABLE


@pytest.mark.parametrize("colour", ["", "red", "#fff", "#12345g", "#123456;x"])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(RenderError, match="not a colour"):
        readable(colour, CARD)
