"""In our own archive a post is where its author's name for it says, and links between posts lead there for good."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from world import World

from newsletter.models import Post
from newsletter.publishing.editions.snapshot import page_of
from newsletter.publishing.ingest import sync as ingest
from newsletter.publishing.ingest.post_keys import key_of, path_of
from newsletter.publishing.ingest.sync import SyncReport
from newsletter.sources.folder.source import FolderSource

SITE = "http://127.0.0.1:8000"


def write(folder: Path, name: str, body: str, head: str = "") -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\ntitle: {file.stem.title()}\n{head}---\n{body}\n", encoding="utf-8")


def sync(folder: Path, world: World) -> SyncReport:
    source = FolderSource("posts", folder, site_url=SITE, base_url="", zone="UTC")
    world.move(minutes=1)
    return ingest.sync(source, world.config, world.now, by_hand=True)


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    return tmp_path / "posts"


def links(key: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', Post.objects.get(key=key).html)


@pytest.mark.parametrize(
    ("name", "head", "key"),
    [
        ("first.md", "", "first"),
        ("2026-11-20-mill.md", "", "mill"),
        ("mill/index.md", "", "mill"),
        ("mill.de.md", "", "mill-de"),
        ("land/a_b.md", "slug: the-mill", "the-mill"),
        ("a.md", "slug: 2026/The Mill", "the-mill"),
        ("a.md", "permalink: /news/the-mill/", "the-mill"),
        ("a.md", "date: 2026-11-20\npermalink: /:year/:title/", "a"),
        ("水車.md", "", "水車"),
        ("о мельнице.md", "", "о-мельнице"),
        ("Straße nach Łódź.md", "", "strasse-nach-lodz"),
        ("नमस्ते दुनिया.md", "", "नमस्ते-दुनिया"),
        ("한국어.md", "", "한국어"),
        ("カフェ(1).md", "", "カフェ-1"),
    ],
)
def test_a_post_is_called_as_its_slug_or_file_says(
    world: World, posts: Path, name: str, head: str, key: str
) -> None:
    write(posts, name, "Words.", f"{head}\n" if head else "")
    (post,) = sync(posts, world).new
    assert post.key == key
    assert key_of(key) == key
    address = page_of(post, world.config)
    assert address.isascii()
    assert address == f"{SITE}{path_of(key)}"


def test_every_way_to_name_another_post_leads_to_where_it_is(world: World, posts: Path) -> None:
    written = ["/posts/first/", "../posts/first/", "first.md", f"{SITE}/posts/first/", "./first.md#end", "/first/",
               "first", "first.html", "../first/?a=1#b", "posts/first/", "First.md"]  # fmt: skip
    write(posts, "first.md", "x")
    write(posts, "second.md", " ".join(f"[x]({way})" for way in written))
    assert sync(posts, world).problems == []
    assert links("second") == [
        f"{SITE}/posts/first/{rest}" for rest in ("", "", "", "", "#end", "", "", "", "?a=1#b", "", "")
    ]


def test_a_post_that_has_its_address_from_before_keeps_it_and_links_lead_there(
    world: World, posts: Path
) -> None:
    write(posts, "first.md", "x")
    sync(posts, world)
    Post.objects.update(key="its-old-title")
    write(posts, "second.md", "[a](first.md) [b](/posts/first/) [c](/posts/its-old-title/)")
    assert sync(posts, world).problems == []
    assert set(links("second")) == {f"{SITE}/posts/its-old-title/"}
    assert set(Post.objects.values_list("key", flat=True)) == {"its-old-title", "second"}


def test_a_post_with_a_slug_is_found_by_its_file_s_name_too(world: World, posts: Path) -> None:
    write(posts, "first.md", "x", "slug: The_Mill\n")
    write(
        posts,
        "second.md",
        "[a](first.md) [b](/posts/first/) [c](/posts/The_Mill/) [d](/posts/x/) [e](/posts/x/)",
    )
    said = [problem.where for problem in sync(posts, world).problems]
    assert said == ["second.md:4"]
    assert links("second")[:3] == [f"{SITE}/posts/the_mill/"] * 3


def test_two_posts_of_one_name_are_told_apart_and_may_name_each_other(world: World, posts: Path) -> None:
    write(posts, "land/mill.md", "[other](../food/mill.md)", "date: 2026-11-01\n")
    write(posts, "food/mill.md", "[other](../land/mill.md) [水](../水車.md)", "date: 2026-11-02\n")
    write(posts, "水車.md", "x")
    assert sync(posts, world).problems == []
    assert links("mill") == [f"{SITE}/posts/mill-2/"]
    assert links("mill-2") == [f"{SITE}/posts/mill/", f"{SITE}/posts/%E6%B0%B4%E8%BB%8A/"]
    again = sync(posts, world)
    assert (again.changed, again.unchanged) == ([], 3)


def test_a_link_that_leads_nowhere_is_named_with_its_line(world: World, posts: Path) -> None:
    write(posts, "draft.md", "x", "draft: true\n")
    write(posts, "second.md", "Words.\n\n[a](gone.md) [b](draft.md)\n[c](/posts/none/) [d](/about/)")
    said = [(problem.where, problem.what) for problem in sync(posts, world).problems]
    assert said == [
        ("second.md:6", 'the link to "gone.md" leads nowhere, for no post is there; correct it'),
        ("second.md:6", 'the link to "draft.md" leads nowhere, for no post is there; correct it'),
        ("second.md:7", 'the link to "/posts/none/" leads nowhere, for no post is there; correct it'),
    ]
    assert links("second") == [f"{SITE}/posts/none/", f"{SITE}/about/"]
    write(posts, "draft.md", "x")
    assert len(sync(posts, world).problems) == 2
    assert f"{SITE}/posts/draft/" in links("second")
