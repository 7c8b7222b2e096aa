"""A generator's folder is a source: posts and their pictures arrive once, and what is minor holds nothing up."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

from picture_samples import png
from world import World

from newsletter.models import Media, Post
from newsletter.publishing.ingest import stored_images, sync
from newsletter.sources.folder.source import FolderSource

HUGO = Path(__file__).parents[3] / "unit" / "sources" / "folder" / "generators" / "hugo"
SITE = "http://127.0.0.1:8000"


def hugo(folder: Path) -> FolderSource:
    """Our Hugo site with its picture, all its files as old as a day."""
    shutil.copytree(HUGO, folder / "site")
    (folder / "site/content/posts/night-boat/boat.png").write_bytes(png(20))
    return FolderSource("posts", folder / "site", site_url=SITE, base_url="", zone="UTC")


def age(folder: Path, world: World) -> None:
    for file in folder.rglob("*"):
        os.utime(file, ((world.now - timedelta(days=1)).timestamp(),) * 2)


def test_a_hugo_site_arrives_with_its_pictures_and_is_not_read_again(world: World, tmp_path: Path) -> None:
    source = hugo(tmp_path)
    age(tmp_path, world)
    first = sync.sync(source, world.config, world.now)
    assert sorted(post.title for post in first.new) == [
        "Das Nachtboot",
        "Reading a tide table",
        "Seven ropes",
        "The night boat",
    ]
    (path,) = stored_images.Shown()
    assert (
        f'<img src="{SITE}/{path}" alt="A boat at a quay" width="20" height="30">'
        in Post.objects.get(title="The night boat").html
    )
    later = world.now + timedelta(minutes=15)
    assert not sync.sync(source, world.config, later).looked
    assert sync.sync(source, world.config, later, by_hand=True).unchanged == 4


def test_a_picture_that_is_replaced_is_stored_beside_the_old_one(world: World, tmp_path: Path) -> None:
    source = hugo(tmp_path)
    sync.sync(source, world.config, world.now)
    (tmp_path / "site/content/posts/night-boat/boat.png").write_bytes(png(30))
    report = sync.sync(source, world.config, world.now + timedelta(hours=1), by_hand=True)
    assert [post.title for post in report.changed] == ["The night boat"]
    assert Media.objects.count() == 2  # a mail that went out shows the old one
