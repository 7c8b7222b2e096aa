"""docs/mail.md says what a template is given: all of it, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mail_looks import tides
from mail_samples import digest_entries, frame, short_entry

from newsletter.rendering import context
from newsletter.rendering.mime.merge_tags import PERSONAL
from newsletter.rendering.templates.environment import own_folder

PAGE = (Path(__file__).parents[4] / "docs" / "mail.md").read_text(encoding="utf-8")
#: Every `name` in the first column of a table below the heading.
DOCUMENTED = {
    name
    for row in re.findall(r"^\| (`.*?`) \|", PAGE[PAGE.index("## What a template is given") :], re.MULTILINE)
    for name in re.findall(r"`([a-z._]+)`", row)
}


def given() -> set[str]:
    around = frame(note="A note.")
    ready = [context.of_entry(around, tides(), full=True)]
    data = context.of_frame(around, "s", dict.fromkeys(PERSONAL, ""), web=False) | context.of_entries(
        around, ready, digest_entries(1), 0
    )
    names = set(data) - {"frame", "personal", "design"}
    for group in ("frame", "personal", "design"):
        names |= {f"{group}.{name}" for name in data[group]}
    names |= {f"entry.{name}" for name in ready[0]}
    # The dark colours are said of all at once.
    return {
        name for name in names if not (name.removesuffix("_dark") in names and name != "design.logo_dark")
    } | {name for name in names if not name.endswith("_dark")}


def test_the_tables_name_all_that_a_template_is_given_and_nothing_else() -> None:
    assert given() == DOCUMENTED


def test_what_is_said_of_lists_and_their_parts_is_so() -> None:
    data = context.of_frame(frame(design={"footer": "a\nb: https://x.example/"}), "s", {}, web=False)
    assert set(data["design"]["footer"][0][0]) == {"text", "url", "line"}
    linked = context.of_entries(frame(), [], [short_entry()], 3)["linked"]
    assert set(linked[0]) == {"title", "url", "language"}
    assert set(context.of_entry(frame(), tides(), full=False)["listen"]) == {"url", "label"}


def test_every_template_file_is_named() -> None:
    files = {file.name for file in (own_folder() / "email").iterdir() if not file.name.startswith("staff.")}
    assert set(re.findall(r"`([a-z.]+\.(?:html|css|txt))`", PAGE)) >= files


@pytest.mark.parametrize("file", ["base.html", "digest.html", "post.html"])
def test_every_block_is_named(file: str) -> None:
    source = (own_folder() / "email" / file).read_text(encoding="utf-8")
    words = PAGE[PAGE.index("The blocks are") : PAGE.index("{{ super() }}")]
    for block in re.findall(r"{% block (\w+)", source):
        assert f"`{block}`" in words


def test_every_macro_that_is_named_exists() -> None:
    source = (own_folder() / "email" / "parts.html").read_text(encoding="utf-8")
    row = next(line for line in PAGE.splitlines() if line.startswith("| `parts.html`"))
    for macro in re.findall(r"`(\w+)`", row):
        assert f"{{% macro {macro}(" in source
