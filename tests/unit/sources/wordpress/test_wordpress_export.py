# ruff: noqa: DTZ001  (WordPress's database keeps UTC without saying so)
"""A WordPress export file: which of its items are posts, what they say, and what a wrong or broken file gets."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from servers.wordpress import Blog, BlogPost, Picture
from servers.wxr import export

from newsletter.dates import PartialDate
from newsletter.errors import SourceError
from newsletter.sources.base import Enclosure, Fetched, Look, NameScheme
from newsletter.sources.wordpress.export_source import ExportSource

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def post(number: int, text: str = "Words.", **more: Any) -> BlogPost:
    values: dict[str, Any] = {
        "date": datetime(2026, 1, 1, 9) + timedelta(days=number),
        "slug": f"story-{number}",
    }
    return BlogPost(number, f"Story {number}", text, **{**values, **more})


@pytest.fixture
def blog() -> Blog:
    return Blog(
        categories={5: ("land-rights", "Land &amp; rights")},
        tags={7: ("mills", "Mills")},
        pictures=[
            Picture(90, "wheel.jpg", 'The "wheel"', "In winter", parent=1),
            Picture(91, "ice.png", "Ice", parent=1),
            Picture(92, "report.pdf", parent=1),
        ],
    )


def read(path: Path, *, zone: str = "UTC", **look: Any) -> Fetched:
    return ExportSource("old", path, site_url="https://hub.example.org", zone=zone).fetch(Look(NOW, **look))


def written(folder: Path, text: str | bytes, name: str = "export.xml") -> Path:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def numbers(fetched: Fetched) -> list[str]:
    return [item.names[0].value for item in fetched.items]


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_a_post_arrives_with_all_that_the_file_has(tmp_path: Path, blog: Blog, version: str) -> None:
    blog.posts = [
        post(
            12,
            "One ]]> <em>two</em>\n\nThree",
            excerpt="By <b>hand</b>",
            author=2,
            categories=[5],
            tags=[7],
            thumbnail=90,
            modified=datetime(2026, 2, 2, 9),
            meta={"enclosure": "https://example.org/a.mp3\n1234\naudio/mpeg\n"},
        )
    ]
    (item,) = read(written(tmp_path, export(blog, version))).items
    assert [(name.scheme, name.value) for name in item.names] == [
        (NameScheme.WORDPRESS, "12"),
        (NameScheme.GUID, "https://example.org/?p=12"),
        (NameScheme.ADDRESS, "/2026/01/story-12"),
    ]
    assert (item.title, item.html) == ("Story 12", "<p>One ]]&gt; <em>two</em></p>\n<p>Three</p>")
    assert (item.summary, item.authors, item.categories) == (
        "By hand",
        ("Ben Okri",),
        ("Land & rights", "Mills"),
    )
    assert (item.image, item.image_alt) == ("https://example.org/wp-content/uploads/wheel.jpg", 'The "wheel"')
    assert item.image_size == (1800, 1200)
    assert item.date == PartialDate.of_instant(datetime(2026, 1, 13, 9, tzinfo=UTC))
    assert item.updated == datetime(2026, 2, 2, 9, tzinfo=UTC)
    assert item.enclosure == Enclosure("https://example.org/a.mp3", "audio/mpeg", 1234)


def test_only_published_posts_are_posts(tmp_path: Path, blog: Blog) -> None:
    states = ["publish", "draft", "pending", "private", "future", "trash", "auto-draft", "inherit"]
    blog.posts = [post(number, status=state) for number, state in enumerate(states, 1)]
    blog.posts += [
        post(20, kind="page"),
        post(21, kind="nav_menu_item"),
        post(22, kind="revision"),
        post(23, password="x"),
    ]
    fetched = read(written(tmp_path, export(blog)))
    assert (numbers(fetched), fetched.drafts, list(fetched.problems)) == (["1"], 5, [])


def test_a_gallery_shows_the_pictures_of_the_post_wherever_they_stand_in_the_file(
    tmp_path: Path, blog: Blog
) -> None:
    blog.posts = [post(1, "[gallery]"), post(2, '[gallery ids="91,90,77"]'), post(99, "[gallery ids='90']")]
    one, two, last = read(written(tmp_path, export(blog))).items
    assert one.html.count("<img") == 2
    assert two.html.index("ice.png") < two.html.index("wheel.jpg")
    assert "<figcaption>In winter</figcaption>" in last.html
    assert 'alt="The &quot;wheel&quot;"' in last.html


def test_a_date_without_its_utc_is_in_the_zone_of_our_site(tmp_path: Path, blog: Blog) -> None:
    blog.posts = [post(1, no_gmt=True)]
    (item,) = read(written(tmp_path, export(blog)), zone="America/New_York").items
    assert item.date == PartialDate.of_instant(datetime(2026, 1, 2, 14, tzinfo=UTC))


def test_an_author_is_shown_by_name_and_never_by_a_mail_address(tmp_path: Path, blog: Blog) -> None:
    blog.users = {1: ("ana@example.org", "Ana Ríos"), 2: ("ben@example.org", "ben@example.org")}
    blog.posts = [post(1), post(2, author=2)]
    assert [item.authors for item in read(written(tmp_path, export(blog))).items] == [("Ana Ríos",), ()]


def test_footnotes_of_the_block_editor_are_kept(tmp_path: Path, blog: Blog) -> None:
    mark = '<sup data-fn="a1" class="fn"><a href="#a1" id="a1-link">1</a></sup>'
    text = f"<!-- wp:paragraph --><p>See{mark}</p><!-- /wp:paragraph -->"
    blog.posts = [post(1, text, meta={"footnotes": '[{"content":"Our <em>report<\\/em>.","id":"a1"}]'})]
    (item,) = read(written(tmp_path, export(blog))).items
    assert "Our <em>report</em>." in item.html


def test_a_folder_of_files_is_one_export(tmp_path: Path, blog: Blog) -> None:
    blog.posts = [post(1, thumbnail=90)]
    pictures, blog.pictures = blog.pictures, []
    written(tmp_path, export(blog), "a.xml")
    blog.posts, blog.pictures = [post(2), post(1, "Newer words.")], pictures
    written(tmp_path, export(blog), "b.XML")
    written(tmp_path, "notes", "notes.txt")
    fetched = read(tmp_path)
    assert sorted(numbers(fetched)) == ["1", "2"]
    assert "Newer words" in "".join(item.html for item in fetched.items)


def test_exports_of_two_sites_are_not_mixed(tmp_path: Path, blog: Blog) -> None:
    written(tmp_path, export(blog), "a.xml")
    blog.home = "https://other.example.org"
    written(tmp_path, export(blog), "b.xml")
    with pytest.raises(SourceError, match="exports of two sites"):
        read(tmp_path)


def test_a_file_that_has_not_changed_is_read_again_only_by_hand(tmp_path: Path, blog: Blog) -> None:
    blog.posts = [post(1)]
    file = written(tmp_path, export(blog))
    first = read(file)
    again = read(file, memory=first.memory)
    assert (again.unchanged, again.items, again.memory) == (True, (), first.memory)
    assert len(read(file, memory=first.memory, by_hand=True).items) == 1
    os.utime(file, ns=(1, 1))
    assert len(read(file, memory=first.memory).items) == 1


def test_a_file_that_breaks_off_gives_what_was_whole_and_names_the_line(tmp_path: Path, blog: Blog) -> None:
    blog.posts = [post(number) for number in range(1, 60)]
    text = export(blog)
    cut = text[: text.index("<wp:post_id>40<")]
    fetched = read(written(tmp_path, cut))
    assert len(fetched.items) == 39
    assert fetched.partial
    (problem,) = fetched.problems
    line = int(problem.where.rpartition(":")[2])
    assert abs(line - cut.count("\n")) <= 2
    assert "39 published posts" in problem.what
    assert "export it again" in problem.what


def test_a_file_that_stops_being_xml_gives_what_was_whole(tmp_path: Path, blog: Blog) -> None:
    blog.posts = [post(1), post(2), post(3)]
    text = export(blog).replace("<title><![CDATA[Story 3]]></title>", "<title>A & B</title>")
    fetched = read(written(tmp_path, text))
    assert (numbers(fetched), fetched.partial, len(fetched.problems)) == (["1", "2"], True, 1)


def test_control_characters_and_broken_utf8_do_no_harm(tmp_path: Path, blog: Blog) -> None:
    blog.posts = [post(1, "One\x0b\x08 two X three \ufeff\uffff.")]
    content = export(blog).encode().replace(b"X", b"\xf0\x9f")
    (item,) = read(written(tmp_path, b"\xef\xbb\xbf" + content)).items
    assert item.html == "<p>One two � three .</p>"


def test_a_file_in_another_encoding_is_read_in_it(tmp_path: Path, blog: Blog) -> None:
    blog.posts = [post(1, "Ríos")]
    content = export(blog).replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').encode("latin-1")
    assert read(written(tmp_path, content)).items[0].html == "<p>Ríos</p>"


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<rss version="2.0"><channel><title>&b;</title></channel></rss>'
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE rss SYSTEM "file:///etc/hostname"><rss version="2.0"><channel/></rss>'
)
FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>x</title><item><title>y</title></item></channel></rss>'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"  \n", "the file is empty"),
        (b"PK\x03\x04xxxx", "ZIP archive; unpack it"),
        (b"\x1f\x8bxxxx", "gzip; unpack it"),
        (b"-- MySQL dump 10.13", "dump of a database"),
        (b"{}", "JSON"),
        (BOMB.encode(), "declares a document type"),
        (OUTSIDE.encode(), "declares a document type"),
        (FEED.encode(), 'a web feed; read it from its address, with kind = "webfeed"'),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>', "a web feed"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "a web page"),
        (b"<html><body><p>Log in</body></html>", "a web page"),
        (b"just words", "no export of WordPress"),
        (b"\x00\x01\x02" * 500, "no export of WordPress"),
        (b"<a " + b"x" * 3_000_000, "no export of WordPress"),
    ],
)
def test_a_file_that_is_no_export_gets_one_sentence_with_the_cure(
    tmp_path: Path, content: bytes, message: str
) -> None:
    file = written(tmp_path, content)
    with pytest.raises(SourceError) as refusal:
        read(file)
    assert message in str(refusal.value)
    assert str(file) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_what_is_not_there_gets_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match=r"cannot be read \(no such file or directory\).*path in \[sources\.old\]"
    ):
        read(tmp_path / "none.xml")
    with pytest.raises(SourceError, match=r"no \.xml file is in this folder"):
        read(tmp_path)


def test_a_folder_called_like_a_file_is_not_read_as_one(tmp_path: Path, blog: Blog) -> None:
    (tmp_path / "x.xml").mkdir()
    blog.posts = [post(1)]
    written(tmp_path, export(blog), "y.xml")
    assert len(read(tmp_path).items) == 1


def test_an_endless_tag_within_an_export_is_where_it_breaks_off(tmp_path: Path, blog: Blog) -> None:
    blog.posts = [post(1)]
    content = export(blog).replace("</channel>", "<a " + "x" * 3_000_000)
    fetched = read(written(tmp_path, content))
    assert (numbers(fetched), fetched.partial) == (["1"], True)
    assert "a tag without an end" in fetched.problems[0].what


@pytest.mark.slow
def test_long_texts_that_are_not_kept_are_no_endless_tags(tmp_path: Path, blog: Blog) -> None:
    blog.posts = [post(1), post(2, "x" * 3_000_000), post(3, "y" * 6_000_000)]
    content = export(blog).replace("A comment <b>is no post</b>.", "z" * 3_000_000, 1)
    fetched = read(written(tmp_path, content))
    assert numbers(fetched) == ["1", "2"]
    assert "longer than 5 MB" in fetched.problems[0].what


def test_more_posts_than_are_kept_are_said_once(
    tmp_path: Path, blog: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.sources.wordpress.export_source.MOST_POSTS", 3)
    blog.posts = [post(number) for number in range(1, 7)]
    fetched = read(written(tmp_path, export(blog)))
    assert len(fetched.items) == 3
    assert ["more posts than the 3" in problem.what for problem in fetched.problems] == [True]


def test_files_beyond_the_limit_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.sources.wordpress.export_source.MOST_BYTES", 10)
    with pytest.raises(SourceError, match="a few years at a time"):
        read(written(tmp_path, "x" * 11))


def said(fetched: Fetched) -> list[str]:
    return [problem.what for problem in fetched.problems]


def test_a_reusable_block_stands_where_the_post_has_it(tmp_path: Path, blog: Blog) -> None:
    inner = "<!-- wp:paragraph --><p>Bring a warm coat.</p><!-- /wp:paragraph -->"
    outer = '<!-- wp:paragraph --><p>Walk.</p><!-- /wp:paragraph -->\n<!-- wp:block {"ref":50,"content":{"a":{}}} /-->'
    blog.posts = [
        post(1, '<p>Before.</p><!-- wp:block {"ref":51} /--><p>After.</p>'),
        post(50, inner, kind="wp_block"),
        post(51, outer, kind="wp_block"),
    ]
    fetched = read(written(tmp_path, export(blog)))
    (item,) = fetched.items
    assert item.html.replace("\n", "") == "<p>Before.</p><p>Walk.</p><p>Bring a warm coat.</p><p>After.</p>"
    assert said(fetched) == []


def test_a_block_within_itself_ends(tmp_path: Path, blog: Blog) -> None:
    blog.posts = [
        post(1, 'x <!-- wp:block {"ref":50} /-->'),
        post(50, 'y <!-- wp:block {"ref":50} /-->', kind="wp_block"),
    ]
    (item,) = read(written(tmp_path, export(blog))).items
    assert "y" in item.html


def test_what_falls_out_of_posts_is_named(tmp_path: Path, blog: Blog) -> None:
    blog.posts = [
        post(1, '<p>Before.</p><!-- wp:block {"ref":99} /-->'),
        post(2, 'Words [gallery ids="70,71"]'),
        post(3, "Words [price_table id=3] [vc_empty_space height=9] <!-- wp:latest-posts /-->"),
        post(4, "More [price_table id=4]"),
        post(5, '<p>Words</p><!-- wp:acf/banner {"data":{}} /-->'),
    ]
    fetched = read(written(tmp_path, export(blog)))
    assert [what.partition(", because")[0] for what in said(fetched)] == [
        'the reusable block 99 falls out of "Story 1"',
        '[gallery] falls out of "Story 2"',
        '[price_table] falls out of 2 posts, such as "Story 3"',
        'the block acf/banner falls out of "Story 5"',
    ]
    assert all(problem.minor for problem in fetched.problems)


@pytest.mark.parametrize(
    "button",
    [
        '[button link="https://example.org/give" color="red"]Give[/button]',
        "[su_button url='https://example.org/give']Give[/su_button]",
        '[et_pb_button button_url="https://example.org/give" button_text="Give" /]',
        '[vc_btn title="Give" link="url:https%3A%2F%2Fexample.org%2Fgive||target:_blank|"]',
    ],
)
def test_a_button_is_a_link(tmp_path: Path, blog: Blog, button: str) -> None:
    blog.posts = [post(1, f"Words.\n\n{button}")]
    (item,) = read(written(tmp_path, export(blog))).items
    assert item.html == '<p>Words.</p>\n<p><a href="https://example.org/give">Give</a></p>'


def test_a_gallery_shows_what_it_names_else_what_hangs_on_its_post(tmp_path: Path, blog: Blog) -> None:
    blog.posts = [post(1, "[gallery]"), post(2, 'Words [gallery ids="91"]')]
    one, two = read(written(tmp_path, export(blog))).items
    assert ("wheel.jpg" in one.html, "ice.png" in one.html) == (True, True)
    assert ("wheel.jpg" in two.html, "ice.png" in two.html) == (False, True)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Tide[footnote]Ebb[/footnote] turns.", "<p>Tide (Ebb) turns.</p>"),
        ('[vc_single_image image="91" img_size="full"]', "ice.png"),
        (
            '[et_pb_image src="https://example.org/d.jpg" alt="D" /]',
            '<img src="https://example.org/d.jpg" alt="D">',
        ),
        (
            "[fusion_imageframe image_id=9]https://example.org/e.png[/fusion_imageframe]",
            "https://example.org/e.png",
        ),
        (
            '[su_spoiler title="More &amp; more"]In it.[/su_spoiler]',
            "<p><strong>More &amp; more</strong></p>",
        ),
        ('[tabs][tab title="One"]1[/tab][tab title="Two"]2[/tab][/tabs]', "<p>1</p>"),
        ("The [ref] and [tab] of an author [image].", "<p>The [ref] and [tab] of an author [image].</p>"),
    ],
)
def test_pictures_notes_and_titles_of_page_builders_are_kept(
    tmp_path: Path, blog: Blog, text: str, html: str
) -> None:
    blog.posts = [post(1, f"Words.\n\n{text}")]
    fetched = read(written(tmp_path, export(blog)))
    assert html in fetched.items[0].html
    assert said(fetched) == []
