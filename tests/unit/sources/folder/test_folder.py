"""A folder of files becomes posts; what cannot be read is named, and the others go on."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hostile import assert_safe, hostile_bytes
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import SourceError
from newsletter.sources.base import Fetched, Item, Look, Name, NameScheme
from newsletter.sources.folder.items import FolderPlace, read_post
from newsletter.sources.folder.source import MOST_BYTES, FolderSource

SITE = "https://hub.example.org"
LOOK = Look(datetime(2026, 11, 23, 9, tzinfo=UTC))
SAMPLES = Path(__file__).parents[4] / "newsletter" / "samples" / "posts"


def fetched(folder: Path, base_url: str = "", zone: str = "America/New_York", look: Look = LOOK) -> Fetched:
    return FolderSource("posts", folder, site_url=SITE, base_url=base_url, zone=zone).fetch(look)


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
    page = (Path(__file__).parents[1] / "article" / "pages" / "article-with-furniture.html").read_text()
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
    ("body", "title"),
    [
        ("![A heron &amp; a boat](https://example.org/heron.jpg)", "A heron & a boat"),
        (
            "![](https://example.org/1.jpg)\n![ ](https://example.org/2.jpg)\n![Two](https://example.org/3.jpg)",
            "Two",
        ),
        (f"![{'word ' * 80}](https://example.org/heron.jpg)", "word " * 59 + "word…"),
    ],
)
def test_a_picture_without_title_and_words_is_called_what_it_shows(
    tmp_path: Path, body: str, title: str
) -> None:
    write(tmp_path, "a.md", f"---\ndate: 2026-11-02\n---\n{body}")
    (item,) = fetched(tmp_path).items
    assert item.title == title


@pytest.mark.parametrize("zero", ["0001-01-01", "0001-01-01T00:00:00Z"])
def test_a_date_of_zero_leaves_the_day_to_the_file_s_name(tmp_path: Path, zero: str) -> None:
    write(tmp_path, "2026-10-05-a.md", f"---\ntitle: A\ndate: {zero}\n---\nText")
    write(tmp_path, "b.md", f"---\ntitle: B\ndate: {zero}\n---\nText")
    write(tmp_path, "2026-10-05-c.md", f"---\ntitle: C\ndate: {zero}\npublishDate: 2026-09-01\n---\nText")
    dates = {item.title: str(item.date) for item in fetched(tmp_path, "https://posts.example.org").items}
    assert dates == {"A": "2026-10-05", "B": "None", "C": "2026-09-01"}


@pytest.mark.parametrize(
    ("name", "content", "where", "what"),
    [
        ("a.md", "---\n---\nText without a title", "a.md:3", "no title"),
        ("a.md", "---\n---\n![](https://example.org/a.jpg)", "a.md:3", "no title"),
        ("a.md", "---\n---\n![A](https://example.org/a.jpg) and words", "a.md:3", "no title"),
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
        ("a.md", b"---\ntitle: A\n---\nCaf\x00", "a.md:4", "NUL byte"),
        ("a.md", "---\ntitle: A\ndate: 1709283600\n---\nText", "a.md:3", "seconds since 1970"),
        ("a.md", "---\ntitle: A\ndate: 03/04/2017\n---\nText", "a.md:3", "2017-03-04 or 2017-04-03"),
        (
            "a.md",
            "---\ntitle: A\ndraft: maybe\n---\nText",
            "a.md:3",
            'draft says "maybe"; write true or false',
        ),
        ("a.md", "---\ntitle: A\n---\n" + "x\n" * 40_001, "a.md", "divide it"),
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
    found = fetched(tmp_path)
    assert (found.items, found.problems, found.unchanged) == ((), (), False)
    with pytest.raises(SourceError, match=r"check path in \[sources.posts\]"):
        fetched(tmp_path / "unplugged")
    write(tmp_path, "file", "")
    with pytest.raises(SourceError):
        fetched(tmp_path / "file")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"Caf\xe9 \x93x\x94 \x80 5\n", "Café “x” € 5"),
        ("Café “x” é\n".encode() + b"caf\xe9\n", "Café “x” é café"),
        ("Café “x”\n".encode("utf-8-sig"), "Café “x”"),
    ],
)
def test_a_file_that_is_not_utf_8_loses_no_letter_and_is_named(
    tmp_path: Path, content: bytes, text: str
) -> None:
    head = b"---\ntitle: A\n---\n"
    marked = content.startswith(b"\xef\xbb\xbf")
    (tmp_path / "a.md").write_bytes(content[:3] + head + content[3:] if marked else head + content)
    found = fetched(tmp_path)
    assert [" ".join(item.html.split()) for item in found.items] == [f"<p>{text}</p>"]
    assert [problem.where[:5] for problem in found.problems] == ([] if marked else ["a.md:"])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_unicode_encoding_and_line_end_is_read(tmp_path: Path, encoding: str, newline: str) -> None:
    text = newline.join(["---", "title: Café", "tags: [a]", "---", "One.", "", "Two."])
    (tmp_path / "a.md").write_bytes(text.encode(encoding))
    item = only(fetched(tmp_path))
    assert (item.title, item.html) == ("Café", "<p>One.</p>\n<p>Two.</p>")


def test_many_old_files_are_one_sentence(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}.md").write_bytes(b"---\ntitle: A%d\n---\nCaf\xe9" % number)
    found = fetched(tmp_path)
    assert len(found.items) == 6
    ((where, what),) = [(problem.where, problem.what) for problem in found.problems]
    assert where == "0.md:4"
    assert "(and so were 1.md, 2.md, 3.md and 2 more)" in what


NEVER_POSTS = (
    "README.md readme.md LICENSE.md CHANGELOG.md SECURITY.md _index.md _x/_y.md 404.html node_modules/a/b.md "
    "_site/a.html _layouts/post.html x/_index.de.md"
)


def test_readmes_lists_and_what_begins_with_an_underscore_are_no_posts(tmp_path: Path) -> None:
    post = "---\ntitle: A\ndate: 2024-01-01\n---\nText"
    for name in NEVER_POSTS.split():
        write(tmp_path, name, post)
    write(tmp_path, "index.md", "---\ntitle: All posts\n---\nText")
    write(tmp_path, "about.md", "---\ntitle: About us\nlayout: page\n---\nText")
    write(tmp_path, "list.md", "---\ntitle: List\ndate: 2024-01-01\npagination: {data: x}\n---\nText")
    for name in ("security.md", "public/b.md", "themes/c.md"):
        write(tmp_path, name, post)
    found = fetched(tmp_path)
    assert found.problems == ()
    assert [item.names[0].value for item in found.items] == ["public/b.md", "security.md", "themes/c.md"]


def test_a_post_that_has_ended_is_left_alone_and_one_that_will_is_not(tmp_path: Path) -> None:
    write(tmp_path, "old.md", "---\ntitle: A\nexpiryDate: 2026-11-01\n---\nText")
    write(tmp_path, "new.md", "---\ntitle: B\nexpiryDate: 2026-12-01\n---\nText")
    found = fetched(tmp_path)
    assert ([item.title for item in found.items], found.drafts) == (["B"], 1)


def test_drafts_lie_in_a_folder_of_their_own(tmp_path: Path) -> None:
    for name in ("_drafts/a.md", "drafts/b.md", "x/_drafts/y/c.md"):
        write(tmp_path, name, "---\ntitle: A\n---\nText")
    found = fetched(tmp_path)
    assert (found.items, found.drafts) == ((), 3)


@pytest.mark.parametrize(
    ("body", "head", "summary"),
    [
        ("One *two*.\n\n<!--more-->\n\nThree.", "", "One two."),
        ("One <!-- more --> two.", "", "One"),
        ("One.\n\n<!-- TEASER_END -->\n\nTwo.", "", "One."),
        ("One.\n\nTHE END\n\nTwo.", "excerpt_separator: THE END\n", "One."),
        ("One.\n\n<!--more-->\n\nTwo.", "summary: Mine\n", "Mine"),
        ("Word. " * 300 + "\n\n<!--more-->\n\nTwo.", "", ("Word. " * 100).strip()),
    ],
)
def test_the_excerpt_that_an_author_marks_is_the_summary(
    tmp_path: Path, body: str, head: str, summary: str
) -> None:
    write(tmp_path, "a.md", f"---\ntitle: A\n{head}---\n{body}")
    item = only(fetched(tmp_path))
    assert item.summary == summary
    assert "more" not in item.html
    assert "END" not in item.html


def test_an_address_of_before_is_a_name_too(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "---\ntitle: A\naliases: [/old/a/, 'https://posts.example.org/older']\n---\nText")
    assert [name.value for name in only(fetched(tmp_path, "https://posts.example.org")).names] == [
        "a.md",
        "/a",
        "/old/a",
        "/older",
    ]


def test_eleventy_s_data_of_a_folder_holds_for_its_posts(tmp_path: Path) -> None:
    write(tmp_path, "blog/blog.json", '{"author": "Ana", "draft": true}')
    write(tmp_path, "blog/a.md", "---\ntitle: A\ndraft: false\n---\nText")
    write(tmp_path, "blog/b.md", "---\ntitle: B\n---\nText")
    write(tmp_path, "news/news.11tydata.json", "{broken")
    write(tmp_path, "news/c.md", "---\ntitle: C\n---\nText")
    found = fetched(tmp_path)
    assert [(item.title, item.authors) for item in found.items] == [("A", ("Ana",))]
    assert found.drafts == 1
    assert [problem.where for problem in found.problems] == ["news/c.md"]


class TestMemory:
    """An unchanged folder is not read again."""

    def settled(self, folder: Path) -> Path:
        write(folder, "a.md", "---\ntitle: A\n---\nText")
        self.age(folder / "a.md")
        return folder

    def age(self, file: Path, by: int = 60) -> None:
        os.utime(file, (LOOK.now.timestamp() - by,) * 2)

    def test_an_unchanged_folder_is_not_read_again(self, tmp_path: Path) -> None:
        first = fetched(self.settled(tmp_path))
        again = fetched(tmp_path, look=Look(LOOK.now + timedelta(minutes=15), first.memory))
        assert (first.unchanged, len(first.items)) == (False, 1)
        assert (again.unchanged, again.items, again.memory) == (True, (), first.memory)

    @pytest.mark.parametrize("change", ["text", "new", "gone", "renamed", "picture"])
    def test_any_change_of_a_file_is_seen(self, tmp_path: Path, change: str) -> None:
        first = fetched(self.settled(tmp_path))
        if change == "text":
            write(tmp_path, "a.md", "---\ntitle: A\n---\nTexT")
        elif change == "new":
            write(tmp_path, "b.md", "---\ntitle: B\n---\nText")
        elif change == "gone":
            (tmp_path / "a.md").unlink()
        elif change == "renamed":
            (tmp_path / "a.md").rename(tmp_path / "c.md")
        else:
            write(tmp_path, "a.png", "")
        for file in tmp_path.iterdir():
            self.age(file)  # the very same second as before
        again = fetched(tmp_path, look=Look(LOOK.now + timedelta(minutes=15), first.memory))
        assert not again.unchanged

    def test_a_person_who_asks_and_six_hours_and_other_settings_read_it_again(self, tmp_path: Path) -> None:
        memory = fetched(self.settled(tmp_path)).memory
        later = LOOK.now + timedelta(minutes=15)
        assert not fetched(tmp_path, look=Look(later, memory, by_hand=True)).unchanged
        assert not fetched(tmp_path, look=Look(LOOK.now + timedelta(hours=6), memory)).unchanged
        assert not fetched(tmp_path, look=Look(LOOK.now - timedelta(hours=1), memory)).unchanged
        assert not fetched(tmp_path, "https://posts.example.org", look=Look(later, memory)).unchanged
        assert not fetched(tmp_path, look=Look(later, {"state": memory["state"], "read_at": "x"})).unchanged

    def test_a_file_that_was_just_written_is_not_believed_to_be_settled(self, tmp_path: Path) -> None:
        self.settled(tmp_path)
        self.age(tmp_path / "a.md", by=1)
        assert fetched(tmp_path).memory == {}


@given(hostile_bytes, st.sampled_from(["a.md", "b/c.html", "2017-06-12-x.markdown", "d.mdx"]), st.booleans())
def test_whatever_a_file_holds_it_becomes_a_safe_post_or_a_problem(
    content: bytes, path: str, home: bool
) -> None:
    place = FolderPlace(
        site_url=SITE, base_url="https://posts.example.org" if home else "", zone="Europe/Berlin"
    )
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


@pytest.mark.parametrize(
    ("name", "head", "date"),
    [
        ("a.md", 'path = "2025/01/22/a-beta"', "2025-01-22"),
        ("a.md", 'permalink = "/news/2025-01-22-a-beta/"', "2025-01-22"),
        ("a.md", 'url = "https://www.example.org/2025/1/22/a-beta.html"', "2025-01-22"),
        ("a.md", 'slug = "2025/01/22/a-beta"', "2025-01-22"),
        ("2025/01/22/a.md", "", "2025-01-22"),
        ("2025-01-22-a/index.md", "", "2025-01-22"),
        ("2025-01-22_a.md", "", "2025-01-22"),
        ("2025/01/22/a.md", "date = 2024-05-06", "2024-05-06"),
        ("a.md", 'path = "2025/01/22/a"\n[extra]\ndate = "2024-05"', "2024-05"),
        ("2025/01/a.md", "", "None"),
        ("a.md", 'path = "2025/13/40/a"', "None"),
    ],
)
def test_a_date_in_the_address_or_the_folders_is_the_post_s(
    tmp_path: Path, name: str, head: str, date: str
) -> None:
    write(tmp_path, name, f'+++\ntitle = "A beta"\n{head}\n+++\n\nWords.')
    assert str(only(fetched(tmp_path)).date) == date


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Rock &#8217;n&#8217; roll &amp; tea", "Rock ’n’ roll & tea"),
        ("Caf&eacute; &#x1F389;&nbsp;&mdash; new", "Café 🎉 — new"),
        ("How to write &amp;amp;", "How to write &amp;"),
        ("R&D, Q&A and fish&chips", "R&D, Q&A and fish&chips"),
        ("The <em>big</em> <strong>day <i>out</i></strong><br>at last", "The big day out at last"),
        ("10<sup>6</sup> seeds", "10⁶ seeds"),
        ("What the <b> tag does & 3 < 4", "What the <b> tag does & 3 < 4"),
        ("&lt;template&gt; explained", "<template> explained"),
    ],
)
def test_a_title_says_what_the_page_would_show(tmp_path: Path, written: str, title: str) -> None:
    head = f'title: "{written}"\nauthor: "Ana &amp; Co"\ntags: ["R&amp;D"]\nimage: {{src: /a.png, alt: "A &amp; B"}}'
    write(tmp_path, "a.md", f"---\n{head}\n---\nWords.")
    item = only(fetched(tmp_path, "https://posts.example.org"))
    assert item.title == title
    assert (item.categories, item.image_alt) == (("R&D",), "A & B")
    write(tmp_path, "a.md", f'+++\ntitle = "{written}"\n+++\nWords.')
    assert only(fetched(tmp_path)).title == title


def test_texts_of_office_programs_are_named_where_posts_are_expected(tmp_path: Path) -> None:
    write(tmp_path, "seeds.md", "---\ntitle: Seeds\n---\nWords.\n")
    for name in ("autumn.docx", "spring.docx", "may.md.txt", "notes.txt", "plan.pdf"):
        write(tmp_path, name, "Words.")
    on_top = 'to publish it, save its text under a name in .md, with lines "---", "title: …", "---" on top'
    assert [(one.where, one.what, one.minor) for one in fetched(tmp_path).problems] == [
        ("autumn.docx", f"this is a Word document and not read (and so is spring.docx); {on_top}", True),
        ("may.md.txt", f"this is a plain text by the end of its name and not read; {on_top}", True),
    ]


def test_documents_that_a_whole_site_offers_are_not_taken_for_posts(tmp_path: Path) -> None:
    write(tmp_path, "hugo.toml", 'title = "Hub"')
    write(tmp_path, "content/posts/seeds.md", "---\ntitle: Seeds\ndate: 2026-01-02\n---\nWords.\n")
    write(tmp_path, "content/posts/form.docx", "Words.")
    assert fetched(tmp_path).problems == ()
