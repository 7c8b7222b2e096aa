"""Every generator's own site is read as it stands: its posts, and neither its pages nor what it builds or builds with.

The sites in generators/ have the files, names and keys of each generator's starter, and words of our own.
"""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hostile import assert_safe
from picture_samples import png

from newsletter.sources.base import Fetched, Item, Look, NameScheme
from newsletter.sources.folder.source import FolderSource
from newsletter.sources.html.images.image_files import media_file
from newsletter.sources.html.sanitize import plain_text

SITES = Path(__file__).parent / "generators"
LOOK = Look(datetime(2026, 11, 23, 9, tzinfo=UTC))
HOME = "https://site.example.org"
PICTURES = {
    "jekyll": ["assets/pear.png"],
    "hugo": ["content/posts/night-boat/boat.png"],
    "pelican": ["content/images/swarm.png"],
    "zola": ["content/blog/loaf.png"],
    "hexo": ["source/images/sky.png", "source/_posts/perseids/sky.png"],
    "gatsby": ["content/blog/hello-drill/drill.png"],
    "nextjs": ["public/assets/blog/seeds/cover.png"],
    "nikola": ["images/choir.png"],
    "astro": ["src/assets/wheel.png", "public/chain.png"],
}
PICTURE = png(20)
FILE = media_file(PICTURE)
assert FILE is not None
SHOWN = f"https://hub.example.org/media/{FILE.name}"


def site(generator: str, folder: Path) -> Path:
    shutil.copytree(SITES / generator, folder / generator)
    for name in PICTURES.get(generator, ()):
        file = folder / generator / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(PICTURE)
    return folder / generator


def fetched(folder: Path, home: str = "") -> Fetched:
    source = FolderSource(
        "posts", folder, site_url="https://hub.example.org", base_url=home, zone="Europe/Berlin"
    )
    found = source.fetch(LOOK)
    for item in found.items:
        assert_safe(item.html)
        words = plain_text(re.sub(r"<(pre|code)\b.*?</\1>", "", item.html, flags=re.DOTALL))
        assert not re.search(r"\{[{%]|[%}]\}|\{:|\[TOC\]|\{static\}|\bimport \w+ from\b|:::|!!!", words), (
            words
        )
    return found


def by_name(found: Fetched) -> dict[str, Item]:
    """The items by the last part of their file's path, with the folder for an index."""
    items: dict[str, Item] = {}
    for item in found.items:
        path = Path(next(name.value for name in item.names if name.scheme is NameScheme.PATH))
        items[f"{path.parent.name}/{path.name}" if path.stem in ("index", "page") else path.name] = item
    return items


#: generator → file → title, date, authors, categories.
EXPECTED = {
    "jekyll": {
        "2024-03-01-pruning-the-old-pear.markdown": (
            "Pruning the old pear", "2024-03-01T09:30:00Z", ("Ines Moreau",), ("orchard", "winter"),
        ),
        "2023-11-20-grafting-day.md": ("Grafting day", "2023-11-20", (), ("grafting", "apples")),
    },
    "hugo": {
        "night-boat/index.md": (
            "The night boat", "2024-01-15T14:00:00Z", ("Ola Nyberg", "Sam Achterberg"), ("boats", "night", "log"),
        ),
        "index.de.md": ("Das Nachtboot", "2024-01-16", (), ()),
        "tide-table.md": ("Reading a tide table", "2024-02-10", ("Ola Nyberg",), ("tides",)),
        "ropes.md": ("Seven ropes", "2024-02-20T10:00:00Z", (), ("ropes",)),
    },
    "eleventy": {
        "mending-morning.md": ("A mending morning", "2024-04-06", ("Priya Nadar",), ("repair",)),
        "glue.md": ("Which glue", "2024-04-20", ("Priya Nadar",), ("repair",)),
    },
    "pelican": {
        "first-swarm.md": (
            "The first swarm", "2024-05-03T08:20:00Z", ("Noor Visser", "Tom Adeyemi"), ("swarms", "may", "Bees"),
        ),
        "hives.md": ("The book of hives", "2024-05-10", (), ("Bees",)),
    },
    "zola": {
        "rye.md": ("Rye takes its time", "2024-06-01", ("Greta Holm",), ("rye", "sourdough", "bread")),
        "2024-05-20-starter.md": ("The starter", "2024-05-20", (), ()),
    },
    "hexo": {
        "perseids.md": (
            "Counting the Perseids", "2024-08-12T21:10:00Z", (), ("meteors", "august", "Nights", "Summer", "Club"),
        ),
        "telescope.md": ("The old telescope", "2024-07-01T10:00:00Z", (), ("telescope",)),
        "moon.md": ("Moon night", "2024-07-20", (), ("moon",)),
    },
    "gatsby": {
        "hello-drill/index.md": ("Hello, drill", "2024-09-01T22:12:03Z", ("Yusuf Karaca",), ("tools",)),
        "second-shelf/index.mdx": ("A second shelf", "2024-09-15", (), ()),
    },
    "nextjs": {
        "hello-seed-library.md": ("Hello, seed library", "2024-10-02T05:35:07Z", ("Lena Fischer",), ()),
    },
    "nextjs-app": {
        "leeks/page.mdx": ("Leeks that would not leave", "2024-10-20", ("Lena Fischer",), ("vegetables",)),
    },
    "nikola": {
        "first-rehearsal.md": (
            "First rehearsal", "2024-01-09T18:30:00Z", ("Bea Lindqvist",), ("rehearsal", "winter", "choir"),
        ),
        "concert.md": ("The concert", "2024-03-23T20:00:00Z", (), ("concert", "draft-notes")),
    },
    "astro": {
        "first-wheel.md": ("First wheel", "2024-07-08", (), ("wheels",)),
        "using-chains.mdx": ("Using chains", "2024-07-20", (), ()),
    },
}  # fmt: skip
DRAFTS = {"jekyll": 1, "hugo": 2, "eleventy": 2, "pelican": 2, "zola": 1, "hexo": 1, "nikola": 1}


@pytest.mark.parametrize("generator", sorted(EXPECTED))
def test_the_posts_of_a_generator_s_site_and_nothing_else_of_it(generator: str, tmp_path: Path) -> None:
    found = fetched(site(generator, tmp_path))
    read = {
        name: (item.title, str(item.date), item.authors, item.categories)
        for name, item in by_name(found).items()
    }
    assert read == EXPECTED[generator]
    assert found.drafts == DRAFTS.get(generator, 0)


@pytest.mark.parametrize(
    ("generator", "addresses"),
    [
        (
            "jekyll",
            {"/orchard/winter/2024/03/01/pruning-the-old-pear.html", "/2023/11/grafting-day/"},
        ),
        (
            "hugo",
            {"/posts/night-boat", "/de/posts/night-boat", "/posts/tide-tables", "/posts/ropes"},
        ),
        ("eleventy", {"/blog/mending-morning", "/blog/which-glue/"}),
        ("pelican", {"/first-swarm.html", "/the-book-of-hives.html"}),
        ("zola", {"/blog/rye", "/blog/starter"}),
        ("hexo", {"/2024/08/12/perseids/", "/2024/07/01/telescope/", "/2024/07/20/moon/"}),
        ("gatsby", {"/blog/hello-drill", "/blog/second-shelf"}),
        ("nextjs", {"/hello-seed-library"}),
        ("nextjs-app", {"/blog/leeks"}),
        ("nikola", {"/posts/first-rehearsal", "/posts/the-concert"}),
        ("astro", {"/blog/first-wheel", "/blog/using-chains"}),
    ],
)
def test_posts_have_the_addresses_that_their_generator_gives_them(
    generator: str, addresses: set[str], tmp_path: Path
) -> None:
    found = fetched(site(generator, tmp_path), HOME)
    assert {item.url for item in found.items} == {HOME + address for address in addresses}


@pytest.mark.parametrize(
    ("generator", "file"),
    [
        ("jekyll", "2023-11-20-grafting-day.md"),
        ("hugo", "night-boat/index.md"),
        ("zola", "rye.md"),
        ("hexo", "perseids.md"),
        ("gatsby", "hello-drill/index.md"),
        ("nextjs", "hello-seed-library.md"),
        ("nikola", "concert.md"),
        ("astro", "first-wheel.md"),
        ("astro", "using-chains.mdx"),
    ],
)
def test_the_picture_of_a_post_without_a_home_is_served_by_us(
    generator: str, file: str, tmp_path: Path
) -> None:
    item = by_name(fetched(site(generator, tmp_path)))[file]
    assert item.image == SHOWN
    assert [one.content for one in item.files] == [PICTURE]


@pytest.mark.parametrize(
    ("generator", "file"),
    [
        ("jekyll", "2024-03-01-pruning-the-old-pear.markdown"),
        ("hugo", "night-boat/index.md"),
        ("pelican", "first-swarm.md"),
        ("hexo", "perseids.md"),
        ("gatsby", "hello-drill/index.md"),
        ("gatsby", "second-shelf/index.mdx"),
        ("astro", "first-wheel.md"),
    ],
)
def test_a_picture_in_the_text_is_served_by_us(generator: str, file: str, tmp_path: Path) -> None:
    item = by_name(fetched(site(generator, tmp_path)))[file]
    assert f'<img src="{SHOWN}" alt="' in item.html
    assert len(item.files) == 1


def test_a_post_of_jekyll_is_what_jekyll_would_draw(tmp_path: Path) -> None:
    item = by_name(fetched(site("jekyll", tmp_path), HOME))["2024-03-01-pruning-the-old-pear.markdown"]
    assert item.summary == (
        "The pear by the gate had not been cut for eleven years. You'll find it in the plan of the orchard."
    )
    assert f'<a href="{HOME}/plan">plan of the orchard</a>' in item.html
    assert f'<img src="{HOME}/assets/pear.png" alt="The pear before we began">' in item.html
    assert "for branch in tree:\n    if branch.crosses(): branch.cut()" in item.html
    assert f'<a href="{HOME}/2023/11/grafting-day/">grafting</a>.' in item.html


def test_a_post_of_hugo_is_what_hugo_would_draw(tmp_path: Path) -> None:
    item = by_name(fetched(site("hugo", tmp_path), HOME))["night-boat/index.md"]
    assert item.image == f"{HOME}/posts/night-boat/boat.png"
    assert "<figcaption>The boat, <em>late</em></figcaption>" in item.html
    assert "<h2>The crew</h2>" in item.html
    assert "<p>Ask the <strong>harbour master</strong>.</p>" in item.html
    assert f'<a href="{HOME}/posts/tide-tables">the tide table</a>' in item.html
    assert "https://www.youtube.com/watch?v=a1b2c3d4e5f" in item.html
    assert '<td align="right">4</td>' in item.html
    assert "/log/night-boat" in [name.value for name in item.names]


def test_what_has_no_meaning_in_a_mail_is_named_with_its_line(tmp_path: Path) -> None:
    said = {
        generator: fetched(site(generator, tmp_path)).problems
        for generator in ("hugo", "eleventy", "gatsby", "astro", "pelican", "nikola")
    }
    assert all(problem.minor for problems in said.values() for problem in problems)
    places = {generator: [(one.where, one.what) for one in problems] for generator, problems in said.items()}
    assert [where for where, _ in places["hugo"]] == [
        "content/posts/night-boat/index.md:26",
        "content/about.md",
    ]
    assert places["hugo"][0][1].startswith('{{< tidechart station="north" >}} has no meaning in a mail')
    assert "no date and was taken for a page of the site" in places["hugo"][1][1]
    assert [where for where, _ in places["eleventy"]] == ["content/blog/glue.md:7", "content/about.md"]
    assert [where for where, _ in places["gatsby"]] == ["content/blog/second-shelf/index.mdx:5"]
    assert [where for where, _ in places["astro"]] == ["src/content/blog/using-chains.mdx:7"]
    for generator, file in (("pelican", "content/wax.rst"), ("nikola", "posts/stub.rst")):
        assert places[generator] == [
            (file, "this is reStructuredText and not read; turn it into Markdown (pandoc does) to publish it")
        ]


def test_the_folder_of_posts_alone_gives_the_same_posts(tmp_path: Path) -> None:
    for generator, inside in (("hugo", "content/posts"), ("jekyll", "_posts"), ("astro", "src/content/blog")):
        whole = site(generator, tmp_path)
        found = fetched(whole / inside)
        assert {item.title for item in found.items} == {
            expected[0] for expected in EXPECTED[generator].values()
        }
        assert all(item.image in (None, SHOWN) for item in found.items)
