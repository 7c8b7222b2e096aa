"""How mails look, picture by picture: kept in tests/browser/golden, looked at by a person, renewed by `make golden`."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from golden import FOLDER, MADE_WITH, difference, drawn_here, drawn_there, renewing, side_by_side, store
from mail_looks import as_outlook_draws, mails, opened, without_styles
from PIL import Image, ImageChops, ImageDraw


class Look(NamedTuple):
    """One picture: a mail on a screen."""

    mail: str
    width: int = 375
    scheme: str = "light"
    pictures: bool = True
    seen_by: Callable[[str], str] = str

    @property
    def name(self) -> str:
        words = [self.mail.replace(" ", "-"), str(self.width), self.scheme]
        words += [] if self.pictures else ["no-pictures"]
        words += {without_styles: ["no-styles"], as_outlook_draws: ["outlook"]}.get(self.seen_by, [])
        return "-".join(words)


LOOKS = [
    *(
        Look(mail, width, scheme, pictures)
        for mail in ("post", "digest")
        for width in (375, 800)
        for scheme in ("light", "dark")
        for pictures in (True, False)
    ),
    Look("digest", 320),
    Look("confirm"),
    Look("confirm", 800, "dark"),
    Look("staff"),
    Look("staff", 800, "dark"),
    Look("proof"),
    Look("proof", scheme="dark"),
    Look("arabic digest"),
    Look("arabic post", 800),
    Look("hebrew post"),
    Look("brand", 800),
    Look("brand", scheme="dark"),
    Look("digest", seen_by=without_styles),
    Look("digest", 800, seen_by=as_outlook_draws),
    Look("arabic post", 800, seen_by=as_outlook_draws),
]


def screenshot(chromium: Any, look: Look) -> bytes:
    page = opened(
        chromium,
        look.seen_by(mails()[look.mail]),
        look.width,
        scheme=look.scheme,
        shown=look.pictures,
        height=600,
    )
    taken: bytes = page.screenshot(full_page=True, animations="disabled")
    page.context.close()
    return taken


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_a_mail_looks_as_it_did(chromium: Any, look: Look, tmp_path: Path) -> None:
    taken = screenshot(chromium, look)
    if renewing():
        store(look.name, taken)
        return
    kept, now = Image.open(FOLDER / f"{look.name}.png"), Image.open(io.BytesIO(taken))
    why = difference(kept, now)
    if not why:
        return
    sheet = tmp_path / f"{look.name}.png"
    side_by_side(kept, now, sheet)
    here, there = drawn_here(chromium.version), drawn_there()
    words = f"{look.name}: {why}. Kept, now and the difference: {sheet}. If it was meant: make golden, and look at it."
    if here != there:
        words += f" The kept one was drawn with {there}, this one with {here}."
        if os.environ.get("CI") != "true":
            pytest.skip(words)
    pytest.fail(words)


def test_what_is_kept_is_what_is_compared(chromium: Any) -> None:
    if renewing():
        MADE_WITH.write_text(json.dumps(drawn_here(chromium.version), indent=2) + "\n", encoding="utf-8")
        for file in FOLDER.glob("*.png"):
            if file.stem not in {look.name for look in LOOKS}:
                file.unlink()
    kept = list(FOLDER.glob("*.png"))
    assert {file.stem for file in kept} == {look.name for look in LOOKS}
    assert sum(file.stat().st_size for file in kept) < 1_400_000, "pictures stay in the history for ever"


# The comparison itself: it must see what a person would call a change, and nothing else.


@pytest.fixture(scope="module")
def page() -> Image.Image:
    return Image.open(FOLDER / "digest-375-light.png").convert("RGB")


def moved(image: Image.Image, from_y: int, by: int) -> Image.Image:
    """All below a line lower by some pixels, the whole as high as before."""
    changed = image.copy()
    changed.paste(image.crop((0, from_y, image.width, image.height - by)), (0, from_y + by))
    return changed


def test_the_same_picture_and_one_whose_letters_are_drawn_otherwise_are_the_same(page: Image.Image) -> None:
    assert difference(page, page) == ""
    assert difference(page, ImageChops.offset(page, 1, 0)) == ""
    assert difference(page, moved(page, 0, 1)) == ""
    assert difference(page, page.point(lambda value: max(0, value - 12))) == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda image: moved(image, 700, 8),
        lambda image: moved(image, image.height - 200, 8),
        lambda image: image.crop((0, 0, image.width, image.height - 20)),
        lambda image: ImageChops.offset(image, 8, 0),
        ImageChops.invert,
        lambda image: painted(image, (20, 1260, 355, 1300)),
        lambda image: painted(image, (20, 30, 120, 55)),
    ],
    ids=["a gap", "a gap in the foot", "a line less", "a margin", "dark", "a button", "a word gone"],
)
def test_what_a_person_would_see_is_seen(
    page: Image.Image, change: Callable[[Image.Image], Image.Image]
) -> None:
    assert difference(page, change(page)) != ""


def painted(image: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    changed = image.copy()
    ImageDraw.Draw(changed).rectangle(box, fill="#ffffff")
    return changed


def test_the_sheet_of_a_difference_shows_all_three(page: Image.Image, tmp_path: Path) -> None:
    side_by_side(page, ImageChops.invert(page), tmp_path / "sheet.png")
    sheet = Image.open(tmp_path / "sheet.png")
    assert sheet.size == (page.width * 3 + 40, page.height)
    assert sheet.getpixel((page.width * 2 + 40 + 5, 200)) >= (250, 250, 250)
