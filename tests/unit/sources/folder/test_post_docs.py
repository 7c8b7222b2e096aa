"""docs/posts.md names every key that is read, and its example is a post."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from newsletter.sources.folder import items
from newsletter.sources.folder.items import MARKDOWN, FolderPlace, read_post
from newsletter.sources.frontmatter.keys import _PICTURES, FrontMatterKeys
from newsletter.sources.import_page import _HTML_FILES, _TEXT_FILES

PAGE = (Path(__file__).parents[4] / "docs" / "posts.md").read_text(encoding="utf-8")
PLACE = FolderPlace(site_url="https://hub.example.org", base_url="https://posts.example.org", zone="UTC")


class Remembering(dict[str, Any]):
    """A mapping that keeps the names it was asked for."""

    def __init__(self, values: Mapping[str, Any], asked: set[str]) -> None:
        super().__init__(values)
        self.asked = asked

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every key that a post was asked for, while posts of several kinds are read."""
    names: set[str] = set()

    class Spy(FrontMatterKeys):
        def __init__(self, values: Mapping[str, Any], text: str, where: str) -> None:
            super().__init__(values, text, where)
            self._values = Remembering(self._values, names)

    monkeypatch.setattr(items, "FrontMatterKeys", Spy)
    for line in ("", *(f"{name}: /a.jpg" for name, _ in _PICTURES)):
        assert read_post(f"---\ntitle: A\n{line}\n---\nText".encode(), "a.md", PLACE).item
    return names


def test_every_key_that_is_read_is_in_the_page_and_no_other(asked: set[str]) -> None:
    rows = re.findall(r"^\| (`[A-Za-z_]+`) \|([^|]*)\|", PAGE, re.MULTILINE)
    written = re.findall(r"`([A-Za-z_]+)`", " ".join(" ".join(row) for row in rows))
    named = {name.replace("_", "").lower() for name in written}
    assert len(asked) > 20
    assert named == asked


def test_the_example_is_a_post() -> None:
    example = re.search(r"^```markdown post\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert example
    reading = read_post(example[1].encode(), "example.md", PLACE)
    assert reading.problems == ()
    assert reading.item
    assert reading.item.title == "What the mill taught us"
    assert reading.item.categories == ("guide", "mills")
    assert str(reading.item.date) == "2026-11-20"


def test_every_ending_of_an_imported_page_is_named() -> None:
    section = PAGE.partition("## One page by hand")[2].partition("\n## ")[0]
    assert set(re.findall(r"`(\.[a-z]+)`", section)) == _HTML_FILES | MARKDOWN | _TEXT_FILES
