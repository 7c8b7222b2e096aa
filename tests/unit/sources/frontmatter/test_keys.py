"""Every generator's names for date, authors, tags and pictures are understood, and nothing private is published."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import SourceError
from newsletter.sources.folder.permalinks import address, read_name
from newsletter.sources.frontmatter.keys import FrontMatterKeys
from newsletter.sources.frontmatter.split import split

ZONE = "Europe/Berlin"


def keys(lines: str, where: str = "a.md") -> FrontMatterKeys:
    text = lines if lines.startswith(("+++", "{", "<!--")) else f"---\n{lines}\n---\n"
    return FrontMatterKeys(split(text, where).values, text, where)


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("author: Ana Ríos", ("Ana Ríos",)),
        ("author: Ana Ríos, PhD", ("Ana Ríos, PhD",)),
        ("author: Ana Ríos, Ben Okri", ("Ana Ríos", "Ben Okri")),
        ("author: Ana Ríos and Ben Okri", ("Ana Ríos", "Ben Okri")),
        ("author: Ana <ana@example.org>", ("Ana",)),
        ("authors: Ana; Ben; Chi", ("Ana", "Ben", "Chi")),
        ("authors: Okri, Ben; Ríos, Ana", ("Okri, Ben", "Ríos, Ana")),
        ("authors: [Ana, {name: Ben, url: /ben}]", ("Ana", "Ben")),
        ("author: {name: Ana, picture: /ana.png}", ("Ana",)),
        ("author: {first_name: Ana, last_name: Ríos}", ("Ana Ríos",)),
        ("author:\n  - ana\n  - ben", ("ana", "ben")),
        ("authors:\n  ana:\n    name: Ana\n  ben:\n    name: Ben", ("Ana", "Ben")),
        ("author: Ana\nauthors: [ana, Ben]", ("Ana", "Ben")),
        ("byline: Ana", ("Ana",)),
        ("+++\n[extra]\nauthor = 'Ana'\n+++\n", ("Ana",)),
        ("+++\n[params]\nauthors = ['Ana']\n+++\n", ("Ana",)),
        ("author: null", ()),
    ],
)
def test_authors_in_every_shape(lines: str, names: tuple[str, ...]) -> None:
    assert keys(lines).authors() == names


@pytest.mark.parametrize(
    ("lines", "where", "names"),
    [
        ("tags: land, food sovereignty", "a.md", ("land", "food sovereignty")),
        ("tags: food sovereignty", "a.md", ("food sovereignty",)),
        ("tags: food land", "_posts/2024-01-01-a.md", ("food", "land")),
        ("layout: post\ncategories: food land", "a.md", ("food", "land")),
        ("layout: post\ncategory: food land", "a.md", ("food land",)),
        ("layout: post\ntags: food land, climate", "a.md", ("food land", "climate")),
        ("categories:\n- [A, B]\n- [C]", "a.md", ("A", "B", "C")),
        ("tags: [a]\ncategories: [b]\ncategory: c", "a.md", ("a", "b", "c")),
        ("tags: [posts, post, all, a]", "a.md", ("a",)),
        ("tags: posts", "a.md", ()),
        ("+++\n[taxonomies]\ntags = ['a']\ncategories = ['b']\n+++\n", "a.md", ("a", "b")),
        ("Tags: a; b", "a.md", ("a", "b")),
    ],
)
def test_tags_and_categories_in_every_shape(lines: str, where: str, names: tuple[str, ...]) -> None:
    assert keys(lines, where).categories() == names


def test_topics_are_what_stands_under_that_word_alone() -> None:
    found = keys("tags: [a]\ntopics: Land, water\ntopic: seeds")
    assert (found.topics(), found.categories()) == (
        ("Land", "water", "seeds"),
        ("a", "Land", "water", "seeds"),
    )


@pytest.mark.parametrize(
    ("lines", "meant"),
    [
        ("title: A\ntopcis: land", "topics"),
        ("titel: A", "title"),
        ("Catgories: [a]", "categories"),
        ("descripton: a", "description"),
    ],
)
def test_a_misspelt_key_is_named_with_its_line(lines: str, meant: str) -> None:
    (error,) = keys(lines).misspelt()
    said = lines.splitlines()[-1].partition(":")[0]
    line = lines.count("\n") + 2
    assert str(error) == f'a.md:{line}: "{said}" is not read; if you mean "{meant}", write that'


@pytest.mark.parametrize(
    "lines", ["title: A\ntitel: B", "data: x\nstage: 1", "weight: 3\nlayout: post\nmenu: main", "craft: wool"]
)
def test_a_key_of_its_author_s_own_is_none(lines: str) -> None:
    assert list(keys(lines).misspelt()) == []


def test_what_may_be_a_misspelt_draft_is_refused() -> None:
    assert list(keys("darft: false").misspelt()) == []
    with pytest.raises(SourceError, match=r'^a\.md:2: "darft" is not read; if you mean "draft", write that'):
        list(keys("darft: true").misspelt())


@pytest.mark.parametrize(
    ("lines", "picture"),
    [
        ("image: /a.jpg", ("/a.jpg", "")),
        ("image: /a.jpg\nimage_alt: A", ("/a.jpg", "A")),
        ("image: {path: /a.jpg, alt: A}", ("/a.jpg", "A")),
        ("cover: {image: a.jpg, alt: A, caption: C}", ("a.jpg", "A")),
        ("cover:\n  image: a.jpg\n  caption: C", ("a.jpg", "C")),
        ("coverImage: /a.jpg", ("/a.jpg", "")),
        ("heroImage: ../a.jpg\nheroImageAlt: A", ("../a.jpg", "A")),
        ("featured_image: /a.jpg", ("/a.jpg", "")),
        ("featuredImage: a.jpg", ("a.jpg", "")),
        ("thumbnail: a.jpg", ("a.jpg", "")),
        ("images: [a.jpg, b.jpg]", ("a.jpg", "")),
        ("images:\n  - {src: a.jpg, alt: A}", ("a.jpg", "A")),
        ("ogImage: {url: /a.jpg}", ("/a.jpg", "")),
        ("header: {overlay_image: /a.jpg, image_description: A}", ("/a.jpg", "A")),
        ("previewimage: /a.jpg", ("/a.jpg", "")),
        ("header: large\ncover: true\nbanner: wide", ("", "")),
        ("cover: true\nthumbnail: a.jpg", ("a.jpg", "")),
    ],
)
def test_the_picture_in_every_shape(lines: str, picture: tuple[str, str]) -> None:
    assert keys(lines).image() == picture


@pytest.mark.parametrize(
    "lines",
    [
        "draft: true", "draft: yes", "Draft: 'TRUE'", "isDraft: true", "published: false", "published: no",
        "publish: false", "status: draft", "status: hidden", "status: private", "Status: Private", "private: true",
        "hidden: true", "unlisted: true", "listed: false", "visibility: private", "visibility: members",
        "password: secret", "permalink: false", "eleventyExcludeFromCollections: true", "headless: true",
        "build: {list: never}", "_build: {render: false}", "+++\ndraft = true\n+++\n", '{"draft": true}\n',
        "+++\n[extra]\ndraft = true\n+++\n", "<!--\n.. title: A\n.. tags: b, private\n-->\n",
    ],
)  # fmt: skip
def test_what_its_author_does_not_show_to_everybody_is_no_post(lines: str) -> None:
    assert keys(lines).is_draft()


@pytest.mark.parametrize(
    "lines", ["title: A", "draft: false", "draft:", "published: true", "published: 2024-01-01", "status: published",
              "hidden: no", "visibility: public", "build: {list: always}", "password: ''"],
)  # fmt: skip
def test_what_is_shown_is_a_post(lines: str) -> None:
    assert not keys(lines).is_draft()


@pytest.mark.parametrize("line", ["draft: perhaps", "hidden: 2024-01-01", "private: members"])
def test_what_may_be_a_draft_is_refused(line: str) -> None:
    with pytest.raises(SourceError, match=r"^a\.md:2: .* write true or false$"):
        keys(line).is_draft()


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        ("date: 2024-03-01", "2024-03-01"),
        ("date: 2024-03-01T10:00:00Z", "2024-03-01T10:00:00Z"),
        ("date: 2024-03-01 10:00:00 +0100", "2024-03-01T09:00:00Z"),
        ("date: 2024-03-01 10:00", "2024-03-01T09:00:00Z"),
        ("date: Mar 1, 2024", "2024-03-01"),
        ("date: 01.03.2024", "2024-03-01"),
        ("date: Fri, 01 Mar 2024 10:00:00 +0000", "2024-03-01T10:00:00Z"),
        ("pubDate: 'Jul 08 2024'", "2024-07-08"),
        ("pubDatetime: 2024-07-08", "2024-07-08"),
        ("publishedAt: 2024-03-01", "2024-03-01"),
        ("published: 2024-03", "2024-03"),
        ("published: true\ncreated: 2024-03-01", "2024-03-01"),
        ("date: 2024-03-01\npublishDate: 2024-03-10", "2024-03-10"),
        ("date: 2024-03-10\npublishDate: 2024-03-01", "2024-03-10"),
        ("+++\ndate = 2024-03-01\n+++\n", "2024-03-01"),
        ("+++\ndate = 2024-03-01T10:00:00\n+++\n", "2024-03-01T09:00:00Z"),
        ("+++\ndate = 2024-03-01T10:00:00-05:00\n+++\n", "2024-03-01T15:00:00Z"),
        ("title: A", "None"),
    ],
)
def test_the_date_under_every_name(lines: str, date: str) -> None:
    assert str(keys(lines).date(ZONE)) == date


@pytest.mark.parametrize(
    "name",
    ["updated", "lastmod", "modified", "last_modified_at", "updatedDate", "last-updated", "dateModified"],
)
def test_the_last_change_under_every_name(name: str) -> None:
    assert keys(f"{name}: 2024-03-01").updated("UTC") == datetime(2024, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", ["expiryDate", "unpublishDate", "unpublish", "expires"])
def test_the_end_under_every_name(name: str) -> None:
    assert keys(f"{name}: 2024-03-01").ends("UTC") == datetime(2024, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "language"),
    [("lang: de", "de"), ("language: pt_BR", "pt-BR"), ("locale: en_US.UTF-8", "en-US"), ("title: a", None)],
)
def test_the_language_under_every_name(lines: str, language: str | None) -> None:
    assert keys(lines).language() == language


@pytest.mark.parametrize(
    ("path", "lines", "place"),
    [
        ("a.md", "title: A", "/a"),
        ("land/a.md", "title: A", "/land/a"),
        ("land/a/index.md", "title: A", "/land/a"),
        ("a.de.md", "title: A", "/de/a"),
        ("_posts/2024-03-01-a.md", "title: A", "/a"),
        ("food/_posts/2024-03-01-a.md", "title: A", "/food/a"),
        ("2024-03-01-a.md", "permalink: /:year/:month/:day/:title/", "/2024/03/01/a/"),
        ("2024-03-01-a.md", "permalink: /:short_year/:i_month/:i_day/:title:output_ext", "/24/3/1/a.html"),
        ("2024-03-01-a.md", "permalink: pretty\ncategories: [B, C d]", "/b/c-d/2024/03/01/a/"),
        ("2024-03-01-a.md", "permalink: ordinal\ndate: 2024-02-01", "/2024/032/a.html"),
        ("a.md", "permalink: /b/{{ page.fileSlug }}/", "/b/a/"),
        ("x/a.md", "permalink: /{{ page.filePathStem }}/index.html", "/x/a/"),
        ("a.md", "title: My Title!\npermalink: /b/{{ title | slugify }}/index.html", "/b/my-title/"),
        ("a.md", "url: /b/c/", "/b/c/"),
        ("a.md", "path: /b", "/b"),
        ("x/a.md", "slug: b", "/x/b"),
    ],
)
def test_addresses_are_made_as_the_generator_makes_them(path: str, lines: str, place: str) -> None:
    given, name = keys(lines, path), read_name(path)
    home = "https://posts.example.org"
    assert address(given, name, home, given.date("UTC") or name.date, "UTC") == home + place


@pytest.mark.parametrize(
    "permalink", ["/:year/:title/", "/:nothing/", "/{{ page.date | date }}/", "/../x", "/a/%2e%2e/b", "/a\\b"]
)
def test_a_permalink_that_cannot_be_filled_in_is_refused(permalink: str) -> None:
    with pytest.raises(SourceError, match=r"^a\.md:2: the permalink .* is not a plain path; write it out$"):
        address(keys(f"permalink: '{permalink}'"), read_name("a.md"), "", None, "UTC")


def test_a_key_may_be_spelled_with_capitals_hyphens_and_underscores() -> None:
    for line in ("lastModifiedAt", "last_modified_at", "Last-Modified-At", "LASTMODIFIEDAT"):
        assert keys(f"{line}: 2024").updated("UTC")
    with pytest.raises(SourceError, match=r"^a\.md:3: the Last-Modified-At \"soon\""):
        keys("title: A\nLast-Modified-At: soon").updated("UTC")


values = st.recursive(
    st.one_of(st.text(max_size=10), st.booleans(), st.integers(), st.none(), st.floats(), st.datetimes()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = (
    "title date author authors tags categories image images cover header draft published status id lang permalink "
    "slug publishDate expiryDate lastmod aliases extra params taxonomies build excerpt summary"
)
names = st.sampled_from(NAMES.split())


@pytest.mark.slow
@given(st.dictionaries(names, values, max_size=8))
def test_any_values_are_understood_or_refused_in_one_line(given_values: dict[str, Any]) -> None:
    given_keys = FrontMatterKeys(given_values, "", "a.md")
    for ask in (
        given_keys.id, given_keys.is_draft, given_keys.is_page, given_keys.authors, given_keys.categories,
        given_keys.image, given_keys.language, given_keys.old_addresses, lambda: given_keys.date(ZONE),
        lambda: given_keys.updated(ZONE), lambda: given_keys.ends(ZONE),
        lambda: address(given_keys, read_name("a.md"), "https://posts.example.org", None, ZONE),
    ):  # fmt: skip
        said = ""
        try:
            ask()
        except SourceError as refusal:
            said = str(refusal)
        assert "\n" not in said


@pytest.mark.parametrize("zero", ["0001-01-01", "0001-01-01T00:00:00Z", '"0001-01-01T00:00:00Z"'])
def test_a_time_of_zero_is_no_date(zero: str) -> None:
    """Hugo writes it where nobody gave a date, and goes on to the next key."""
    assert str(keys(f"date: {zero}\npublishDate: 2026-11-21").date("UTC")) == "2026-11-21"
    assert keys(f"date: {zero}").date("UTC") is None
    assert keys(f"date: {zero}").is_undated()
