"""Pictures that are kept and compared: how they are stored, when two of them are the same, and who may renew them."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from pathlib import Path

from PIL import Image, ImageChops

FOLDER = Path(__file__).parent / "golden"
#: What drew the pictures that are there.
MADE_WITH = FOLDER / "made-with.json"
#: The families that the mails' fonts come to on a machine; another one changes where lines break.
FAMILIES = (
    "Georgia",
    "Times New Roman",
    "Segoe UI",
    "Arial",
    "Consolas",
    "monospace",
    "sans:lang=ar",
    "sans:lang=he",
)

#: Pictures are compared at an eighth of their size, where how letters are drawn does not show, in squares of about a
#: hundred pixels. One square in which more than a twentieth differs by more than 40 of 255 is a change: a gap that
#: grew by five pixels, a button in another colour, a word that is gone. Letters that moved by a pixel are none.
_SCALE, _SQUARE, _DIFFERENT, _SHARE = 8, 12, 40, 0.05
#: Pixels by which the whole may be higher or lower.
_HIGHER = 6
#: Sixteen fit into four bits a pixel.
_COLOURS = 16


def renewing() -> bool:
    """Whether pictures are to be drawn anew: ``make golden``."""
    return os.environ.get("GOLDEN") == "renew"


def drawn_here(version: str) -> dict[str, object]:
    """What draws pictures on this machine: the browser's major version, and the fonts."""
    found = {}
    if shutil.which("fc-match"):
        for family in FAMILIES:
            answer = subprocess.run(
                ["fc-match", "-f", "%{family[0]}", family], capture_output=True, check=True
            )
            found[family] = answer.stdout.decode()
    return {"chromium": version.partition(".")[0], "fonts": found}


def drawn_there() -> dict[str, object]:
    """What drew the pictures that are kept."""
    kept: dict[str, object] = json.loads(MADE_WITH.read_text(encoding="utf-8"))
    return kept


def store(name: str, screenshot: bytes) -> None:
    """Keep a picture, in few colours: that is a fifth of the bytes and hardly to be seen."""
    image = Image.open(io.BytesIO(screenshot)).convert("RGB")
    # The most frequent colours as they are, so that a panel keeps its one shade; the edges of letters get the nearest.
    counted = sorted(image.getcolors(image.width * image.height) or [], reverse=True)[:_COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in counted for part in colour])
    few = image.quantize(palette=palette, dither=Image.Dither.NONE)
    FOLDER.mkdir(exist_ok=True)
    few.save(FOLDER / f"{name}.png", optimize=True, bits=4)


def difference(kept: Image.Image, now: Image.Image) -> str:
    """Why they are not the same, in a few words; empty when they are."""
    if kept.width != now.width or abs(kept.height - now.height) > _HIGHER:
        return f"{kept.width} × {kept.height} pixels became {now.width} × {now.height}"
    size = (kept.width, min(kept.height, now.height))
    one, other = (image.convert("RGB").crop((0, 0, *size)).reduce(_SCALE) for image in (kept, now))
    red, green, blue = ImageChops.difference(one, other).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    changed = most.point(lambda value: 255 if value > _DIFFERENT else 0)
    worst, where = 0.0, (0, 0)
    for top in range(0, changed.height, _SQUARE):
        for left in range(0, changed.width, _SQUARE):
            square = changed.crop(
                (left, top, min(left + _SQUARE, changed.width), min(top + _SQUARE, changed.height))
            )
            share = square.histogram()[255] / _SQUARE**2
            if share > worst:
                worst, where = share, (left * _SCALE, top * _SCALE)
    if worst <= _SHARE:
        return ""
    return f"{worst:.0%} of the square at {where[0]}, {where[1]} is different"


def side_by_side(kept: Image.Image, now: Image.Image, file: Path) -> None:
    """The one that is kept, the one of now, and what is different between them."""
    size = (max(kept.width, now.width), max(kept.height, now.height))
    images = []
    for image in (kept, now):
        whole = Image.new("RGB", size, "#ffffff")
        whole.paste(image.convert("RGB"))
        images.append(whole)
    images.append(ImageChops.difference(*images))
    sheet = Image.new("RGB", (size[0] * 3 + 40, size[1]), "#c8553d")
    for place, image in enumerate(images):
        sheet.paste(image, (place * (size[0] + 20), 0))
    sheet.save(file)
