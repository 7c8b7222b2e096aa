from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import RenderError
from newsletter.rendering.colours import READABLE, contrast, is_light, on, readable

COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(COLOUR, COLOUR)
def test_any_colour_becomes_one_that_can_be_read_on_any_other(colour: str, background: str) -> None:
    assert contrast(readable(colour, background), background) >= READABLE


@given(COLOUR)
def test_black_or_white_can_be_read_on_everything(background: str) -> None:
    assert contrast(on(background), background) >= READABLE


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert readable("#0b5d56", "#ffffff") == "#0b5d56"
    assert (on("#0b5d56"), on("#ffee00")) == ("#ffffff", "#000000")
    assert is_light("#ffee00")
    assert not is_light("#0b5d56")


@pytest.mark.parametrize("colour", ["", "red", "#fff", "#12345g", "#123456;x"])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    for refuse in (lambda: readable(colour, "#ffffff"), lambda: on(colour), lambda: is_light(colour)):
        with pytest.raises(RenderError, match="not a colour"):
            refuse()
