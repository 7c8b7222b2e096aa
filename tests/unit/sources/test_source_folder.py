"""A folder of files becomes posts; what cannot be read is named, and the others go on."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hostile import assert_safe, hostile_bytes
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import SourceError
from newsletter.sources.base import Fetched, Item, Look, Name, NameScheme
from newsletter.sources.folder import MOST_BYTES, FolderSource
from newsletter.sources.post_file import Place, read_post

SITE = "https://hub.example.org"
LOOK = Look(datetime(2026, 11, 23, 9, tzinfo=UTC))
SAMPLES = Path(__file__).parents[3] / "newsletter" / "samples" / "posts"


def fetched(folder: Path, base_url: str = "", zone: str = "America/New_York") -> Fetched:
    return FolderSource("posts", folder, site_url=SITE, base_url=base_url, zone=zone).fetch(LOOK)


def write(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def only(found: Fetched) -> Item:
    assert [problem.what for problem in found.problems] == []
    (item,) = found.items
    return item


def test_every_key_of_the_front_matter_arrives(tmp_path: Path) -> None:
    write(
        tmp_path,
        "land/2017-06-12-seeds.md",
        """---
id: seeds-1
title: "Seeds: a short history"
date: 2017-06
lastmod: 2017-07-01T12:00:00+02:00
authors: [Ana Ríos, {name: Ben Okri}]
tags: land, Food
categories: [food, Climate]
summary: Where *our* seeds come from.
image: {src: beans.jpg, alt: Beans in a bowl}
lang: en_GB
slug: a-history
---
Seeds ~~are~~ [were](../about) small.[^1]

| a | b |
|---|--:|
| 1 | 2 |

[^1]: Mostly.
""",
    )
    item = only(fetched(tmp_path, "https://posts.example.org/blog/"))
    address = "https://posts.example.org/blog/land/a-history"
    assert item.names == (
        Name(NameScheme.ID, "seeds-1"),
        Name(NameScheme.PATH, "land/2017-06-12-seeds.md"),
        Name(NameScheme.ADDRESS, "/blog/land/a-history"),
    )
    assert (item.title, item.url, item.language) == ("Seeds: a short history", address, "en-GB")
    assert str(item.date) == "2017-06"
    assert item.updated is not None
    assert item.updated.isoformat() == "2017-07-01T10:00:00+00:00"
    assert item.authors == ("Ana Ríos", "Ben Okri")
    assert item.categories == ("land", "Food", "Climate")
    assert item.summary == "Where *our* seeds come from."
    assert (item.image, item.image_alt) == (
        "https://posts.example.org/blog/land/beans.jpg",
        "Beans in a bowl",
    )
    assert '<a href="https://posts.example.org/blog/about">' in item.html
    for piece in ("<s>are</s>", "<sup>1</sup>", '<td align="right">2</td>', "<p>Mostly."):
        assert piece in item.html


def test_toml_and_json_front_matter_say_the_same(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "+++\ntitle = 'A'\ndate = 2017-06-12\ntags = ['x']\n+++\nText")
    write(tmp_path, "b.md", '{"title": "B", "date": "2017-06-12", "tags": ["x"]}\nText')
    found = fetched(tmp_path)
    assert [(item.title, str(item.date), item.categories) for item in found.items] == [
        ("A", "2017-06-12", ("x",)),
        ("B", "2017-06-12", ("x",)),
    ]


def test_a_file_s_name_gives_date_and_slug_when_nothing_else_does(tmp_path: Path) -> None:
    write(tmp_path, "2017-06-12-the-mill.md", "---\n---\n# The *Mill*\n\nIt grinds.\n")
    item = only(fetched(tmp_path, "https://posts.example.org"))
    assert (item.title, str(item.date), item.url) == (
        "The Mill",
        "2017-06-12",
        "https://posts.example.org/the-mill",
    )
    assert item.html == "<p>It grinds.</p>"


def test_the_front_matter_s_date_wins_over_the_name_s(tmp_path: Path) -> None:
    write(tmp_path, "2017-06-12-a.md", "---\ntitle: A\ndate: 2016\n---\nText")
    assert str(only(fetched(tmp_path)).date) == "2016"


def test_a_heading_that_repeats_the_title_goes_and_another_stays(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "---\ntitle: The Mill\n---\n# The mill\n\nText\n\n# More\n")
    assert only(fetched(tmp_path)).html == "<p>Text</p>\n<h1>More</h1>"


def test_a_post_without_a_home_is_linked_against_the_site(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "---\ntitle: A\n---\n[b](b) [c](#c)")
    item = only(fetched(tmp_path))
    assert item.url is None
    assert item.html == '<p><a href="https://hub.example.org/b">b</a> c</p>'
    assert item.names == (Name(NameScheme.PATH, "a.md"),)


def test_an_absolute_permalink_is_the_post_s_address(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "---\ntitle: A\npermalink: https://elsewhere.example.org/x/\n---\nText")
    item = only(fetched(tmp_path))
    assert item.url == "https://elsewhere.example.org/x/"
    assert Name(NameScheme.ADDRESS, "/x") in item.names


def test_an_index_file_is_called_after_its_folder(tmp_path: Path) -> None:
    write(tmp_path, "2017-06-12-mill/index.md", "---\ntitle: A\n---\nText")
    item = only(fetched(tmp_path, "https://posts.example.org"))
    assert (item.url, str(item.date)) == ("https://posts.example.org/mill", "2017-06-12")


@pytest.mark.parametrize("line", ["draft: true", "draft: yes", "published: false", "status: draft"])
def test_drafts_are_counted_and_left_alone(tmp_path: Path, line: str) -> None:
    write(tmp_path, "a.md", f"---\ntitle: A\n{line}\n---\nText")
    assert fetched(tmp_path) == Fetched((), (), drafts=1)


def test_an_html_piece_is_cleaned(tmp_path: Path) -> None:
    write(tmp_path, "a.html", "---\ntitle: no\n---\n<p onclick=x>Text</p><script>x</script>")
    assert (only(fetched(tmp_path)).title, only(fetched(tmp_path)).html) == ("no", "<p>Text</p>")


def test_a_whole_html_page_gives_its_post_only(tmp_path: Path) -> None:
    page = (Path(__file__).parent / "pages" / "article-with-furniture.html").read_text()
    write(tmp_path, "weir.html", f"---\n---\n{page}")
    item = only(fetched(tmp_path))
    assert item.title == "The Weir That Went Quiet"
    assert "Donate" not in item.html
    assert item.names[0] == Name(NameScheme.PATH, "weir.html")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nodate.md", "# Only a heading\n\nText"),
        ("notes.markdown", "Notes of a meeting"),
        ("piece.html", "<h1>A</h1><p>Text</p>"),
        ("page.htm", "<!doctype html><html><head><title>A</title></head><body><p>Text</p></body></html>"),
        ("empty.md", ""),
        ("late.md", "\n---\ntitle: A\n---\nText"),
    ],
)
def test_a_file_without_front_matter_is_never_published(tmp_path: Path, name: str, content: str) -> None:
    write(tmp_path, name, content)
    found = fetched(tmp_path)
    assert found.items == ()
    (problem,) = found.problems
    assert problem.where == f"{name}:1"
    assert problem.what.startswith("no front matter: put ")


@pytest.mark.parametrize(
    ("name", "content", "where", "what"),
    [
        ("a.md", "---\n---\nText without a title", "a.md:3", "no title"),
        ("a.md", "---\ntitle: A\n---\n\n", "a.md:4", "no text"),
        ("a.md", "---\ntitle: A\nText", "a.md:1", "never ends"),
        ("a.md", "---\ntitle: A\nslug: ../../etc\n---\nText", "a.md:3", "leads out of its folder"),
        ("a.md", "---\ntitle: A\nslug: '%2e%2e/x'\n---\nText", "a.md:3", "leads out of its folder"),
        ("a.md", "---\ntitle: A\npermalink: /../x\n---\nText", "a.md:3", "not a plain path"),
        ("a.md", "---\ntitle: A\npermalink: /:year/:title\n---\nText", "a.md:3", "not a plain path"),
        ("a.md", "---\ntitle: A\npermalink: javascript:x\n---\nText", "a.md:3", "not a web address"),
        ("a.md", "---\ntitle: A\ndate: 03/04/2017\n---\nText", "a.md:3", "cannot be read for sure"),
        ("a.md", "---\ntitle: A\nupdated: soon\n---\nText", "a.md:3", "cannot be read for sure"),
        ("a.md", f"---\ntitle: {'A' * 301}\n---\nText", "a.md:2", "longer than 300"),
        ("a.md", f"---\ntitle: A\nid: {'x' * 201}\n---\nText", "a.md:3", "longer than 200"),
        ("a.md", b"---\ntitle: A\n---\nCaf\xe9", "a.md:4", "not UTF-8"),
        ("a.md", b"x" * (MOST_BYTES + 1), "a.md", "larger than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_the_others_go_on(
    tmp_path: Path, name: str, content: str | bytes, where: str, what: str
) -> None:
    write(tmp_path, "good.md", "---\ntitle: Good\n---\nText")
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    found = fetched(tmp_path, "https://posts.example.org")
    assert [item.title for item in found.items] == ["Good"]
    (problem,) = found.problems
    assert problem.where == where
    assert what in problem.what


def test_a_small_mistake_is_said_and_the_post_goes_on(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "---\ntitle: A\nlang: english language\nimage: 'javascript:x'\n---\nText")
    found = fetched(tmp_path)
    assert [item.language for item in found.items] == [None]
    assert sorted(problem.where for problem in found.problems) == ["a.md:3", "a.md:4"]


def test_two_files_with_one_id_are_one_post_too_many(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "---\ntitle: A\nid: x\n---\nText")
    write(tmp_path, "b.md", "---\ntitle: B\nid: x\n---\nText")
    found = fetched(tmp_path)
    assert [item.title for item in found.items] == ["A"]
    assert [(problem.where, "a.md" in problem.what) for problem in found.problems] == [("b.md", True)]


def test_two_files_with_one_address_are_two_posts_and_no_name_is_given_twice(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "---\ntitle: A\n---\nText")
    write(tmp_path, "2017-06-12-a.md", "---\ntitle: B\n---\nText")
    found = fetched(tmp_path, "https://posts.example.org")
    names = [name for item in found.items for name in item.names]
    assert len(found.items) == 2
    assert len(names) == len(set(names)) == 3
    assert len(found.problems) == 1


def test_hidden_files_other_files_and_links_that_lead_out_are_skipped(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    folder = tmp_path / "posts"
    write(outside, "secret.md", "---\ntitle: Secret\n---\nText")
    write(folder, "a.md", "---\ntitle: A\n---\nText")
    for name in (".hidden.md", ".git/b.md", "notes.txt", "picture.jpg"):
        write(folder, name, "---\ntitle: B\n---\nText")
    (folder / "link.md").symlink_to(outside / "secret.md")
    (folder / "linked").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "again.md").symlink_to(folder / "a.md")
    (folder / "broken.md").symlink_to(folder / "nowhere.md")
    found = fetched(folder)
    assert [item.title for item in found.items] == ["A"]
    assert found.problems == ()


def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert [problem.where for problem in fetched(tmp_path).problems] == ["pipe.md"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "# A")
    (tmp_path / "a.md").chmod(0)
    assert "cannot be read" in fetched(tmp_path).problems[0].what


def test_a_name_that_is_not_utf_8_is_a_problem_that_can_be_stored(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).write_text("---\ntitle: A\n---\nText")
    (problem,) = fetched(tmp_path).problems
    assert problem.where.encode()


def test_a_missing_folder_is_an_error_and_an_empty_one_is_not(tmp_path: Path) -> None:
    assert fetched(tmp_path) == Fetched((), ())
    with pytest.raises(SourceError, match=r"check path in \[sources.posts\]"):
        fetched(tmp_path / "unplugged")
    write(tmp_path, "file", "")
    with pytest.raises(SourceError):
        fetched(tmp_path / "file")


@given(hostile_bytes, st.sampled_from(["a.md", "b/c.html", "2017-06-12-x.markdown"]), st.booleans())
def test_whatever_a_file_holds_it_becomes_a_safe_post_or_a_problem(
    content: bytes, path: str, home: bool
) -> None:
    place = Place(site_url=SITE, base_url="https://posts.example.org" if home else "", zone="Europe/Berlin")
    reading = read_post(content, path, place, by_hand=not home)
    assert reading.draft or reading.item or reading.problems
    if reading.item:
        assert_safe(reading.item.html)
        assert reading.item.title
        assert reading.item.names
    for problem in reading.problems:
        assert problem.where.startswith(path)
        assert problem.what
        assert "\n" not in problem.what


def test_the_samples_are_all_good_posts() -> None:
    found = fetched(SAMPLES)
    assert found.problems == ()
    assert len(found.items) == 8
    assert {category for item in found.items for category in item.categories} == {
        "land",
        "food",
        "climate",
        "movements",
    }
    assert sum(len(str(item.date)) == len("2026-08") for item in found.items) == 1
    assert all(item.authors and item.summary for item in found.items)
