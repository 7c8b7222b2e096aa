"""Pictures that posts bring along: stored with the post, found by everybody, and by nobody once all was taken back."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest
from picture_samples import png
from world import World

from newsletter.dates import PartialDate
from newsletter.models import Media, Post, Site
from newsletter.publishing.decisions import post_actions
from newsletter.publishing.editions.snapshot import entry_of
from newsletter.publishing.ingest import stored_images, sync
from newsletter.publishing.ledger import release
from newsletter.publishing.setup.bootstrap import prepare
from newsletter.sources.base import Fetched, Item, Look, Name, NameScheme
from newsletter.sources.folder.source import FolderSource
from newsletter.sources.html.sanitize import with_html

SITE = "http://127.0.0.1:8000"


def item(world: World, name: str, *pictures: bytes) -> Item:
    shown = "".join(
        f'<p>Look: <img src="data:image/png;base64,{base64.b64encode(one).decode()}" alt="x"></p>'
        for one in pictures
    )
    bare = Item(
        names=(Name(NameScheme.PATH, f"{name}.md"),),
        title=name.title(),
        html="",
        date=PartialDate.of_instant(world.now),
    )
    return with_html(bare, f"<p>About {name}.</p>{shown}", f"{SITE}/", SITE)


class Shelf:
    name = "posts"

    def __init__(self, *items: Item) -> None:
        self.items = list(items)

    def fetch(self, look: Look) -> Fetched:
        return Fetched(self.items)


def test_a_picture_is_stored_with_its_post_and_the_text_names_it(world: World) -> None:
    brought = item(world, "seeds", png(20))
    sync.sync(Shelf(brought), world.config, world.now)
    post = Post.objects.get()
    (file,) = brought.files
    assert f'src="{SITE}/media/{file.name}"' in post.html
    assert "data:" not in post.html
    kept = stored_images.find(file.name)
    assert kept is not None
    assert (bytes(kept.content), kept.media_type, kept.stored_at) == (file.content, "image/png", world.now)


def test_an_imported_page_brings_its_pictures(world: World) -> None:
    brought = item(world, "seeds", png(20))
    sync.import_page(brought, world.config, world.now, mail=False)
    assert stored_images.find(brought.files[0].name) is not None


def test_one_file_for_all_posts_that_show_the_picture_and_an_edit_adds_to_it(world: World) -> None:
    shelf = Shelf(item(world, "seeds", png(20)), item(world, "beans", png(20)))
    sync.sync(shelf, world.config, world.now)
    assert Media.objects.count() == 1
    shelf.items[0] = item(world, "seeds", png(30))
    sync.sync(shelf, world.config, world.now)
    sync.sync(shelf, world.config, world.now)
    assert Media.objects.count() == 2
    # An old mail still shows the first.
    assert Post.objects.get(key="seeds").media.count() == 2


def test_a_post_and_its_pictures_are_stored_both_or_not_at_all(world: World) -> None:
    brought = item(world, "seeds", png(20))
    broken = replace(item(world, "beans", png(30)), language="x" * 4000, title=None)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        sync.sync(Shelf(brought, broken), world.config, world.now)
    assert (Post.objects.count(), Media.objects.count()) == (0, 0)


def test_what_only_withdrawn_posts_show_is_not_served_until_one_is_back(world: World) -> None:
    one, two = item(world, "seeds", png(20)), item(world, "beans", png(20))
    sync.sync(Shelf(one, two), world.config, world.now)
    name = one.files[0].name
    post_actions.withdraw("seeds", world.config, world.now)
    assert stored_images.find(name) is not None
    post_actions.withdraw("beans", world.config, world.now)
    assert stored_images.find(name) is None
    assert list(stored_images.Shown()) == []
    release.release(["beans"], world.now, mail=[])
    assert stored_images.find(name) is not None
    assert dict(stored_images.Shown()) == {f"media/{name}": png(20)}


def test_posts_follow_when_the_site_moves(world: World) -> None:
    brought = item(world, "seeds", png(20))
    sync.sync(Shelf(brought), world.config, world.now)
    assert Site.objects.get().media_url == f"{SITE}/media/"
    site = world.config.site.model_copy(update={"url": "https://hub.example.org"})
    moved = world.config.model_copy(update={"site": site})
    prepare(moved, world.now)
    assert f'src="https://hub.example.org/media/{brought.files[0].name}"' in Post.objects.get().html
    assert Site.objects.get().media_url == "https://hub.example.org/media/"


def test_a_file_of_a_folder_brings_the_pictures_that_are_written_into_it(
    world: World, tmp_path: Path
) -> None:
    picture = base64.b64encode(png(20)).decode()
    text = f"---\ntitle: Seeds\n---\nLook: ![A bean](data:image/png;base64,{picture})\n"
    (tmp_path / "seeds.md").write_text(text)
    source = FolderSource("posts", tmp_path, site_url=SITE, base_url="https://posts.example.org/", zone="UTC")
    sync.sync(source, world.config, world.now)
    (path,) = stored_images.Shown()
    assert f'<img src="{SITE}/{path}" alt="A bean" width="20" height="30">' in Post.objects.get().html


def test_a_picture_of_ours_is_shown_as_large_as_it_is(world: World) -> None:
    brought = item(world, "seeds", png(24))
    alone = replace(brought, html="<p>Words.</p>", image=f"{SITE}/media/{brought.files[0].name}")
    sync.sync(Shelf(alone), world.config, world.now)
    entry = entry_of(Post.objects.get(), world.config, full=True)
    assert (entry.image_width, entry.image_height) == (24, 30)
    assert stored_images.size_of("https://x.example/mill-150x100.jpg", world.config) == (150, 100)
    assert stored_images.size_of(f"{SITE}/media/none.png", world.config) == (0, 0)
