"""Colours and contrast (WCAG 2.2 §1.4.3); a colour that cannot be read is moved until it can."""

from __future__ import annotations

import re

from newsletter.errors import RenderError

#: The least contrast between text and what is behind it, level AA.
READABLE = 4.5
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_STEPS = 40
#: The luminance at which black and white are equally far: √(1.05 × 0.05) − 0.05.
_MIDDLE = 0.179


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours such as #0b5d56, from 1 (the same) to 21 (black on white)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, background: str) -> str:
    """The colour itself when text in it can be read on the background, else the nearest mix that can: darker
    on a light background, lighter on a dark one. Raises RenderError when it is not a colour such as #0b5d56.
    """
    _refuse_no_colour(colour)
    goal = "#000000" if is_light(background) else "#ffffff"
    for step in range(_STEPS + 1):
        mixed = _mix(colour, goal, step / _STEPS)
        if contrast(mixed, background) >= READABLE:
            return mixed
    return goal


def is_light(colour: str) -> bool:
    """Whether black can be read on it better than white; either of them reaches 4.5 on its side of this line.

    Raises RenderError when it is not a colour such as #0b5d56.
    """
    _refuse_no_colour(colour)
    return _luminance(colour) > _MIDDLE


def on(background: str) -> str:
    """Black or white, whichever can be read on the background; one of them always can. White where both can, as
    people expect it on a button. Raises RenderError when it is not a colour such as #0b5d56.
    """
    _refuse_no_colour(background)
    return "#ffffff" if contrast("#ffffff", background) >= READABLE else "#000000"


def _refuse_no_colour(colour: str) -> None:
    if not _COLOUR.fullmatch(colour):
        raise RenderError(f'design: "{colour[:40]}" is not a colour; expected one such as #0b5d56')


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mix(colour: str, goal: str, share: float) -> str:
    mixed = (round(a + (b - a) * share) for a, b in zip(_parts(colour), _parts(goal), strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)
