"""Pictures of posts that live nowhere else: stored with their post, served while a post that shows them stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.db.models import F, Value
from django.db.models.functions import Replace

from newsletter.config import Config
from newsletter.models import Media, Post, PostState, Site
from newsletter.sources.base import MediaFile
from newsletter.sources.html.images import content_images, image_files, image_sizes


def store(post: Post, files: Iterable[MediaFile], now: datetime) -> None:
    """Keep the files that a stored post shows. Call it in the transaction that writes the post."""
    wanted = {file.name: file for file in files}
    kept = set(post.media.filter(name__in=wanted).values_list("name", flat=True)) if wanted else set()
    # A file may be read from disk only now, and only one of them at a time need be in memory.
    for file in (wanted[name] for name in wanted.keys() - kept):
        content = file.content
        if len(content) <= content_images.MOST_BYTES:
            fields = {"media_type": file.media_type, "content": content, "stored_at": now}
            Media.objects.bulk_create([Media(name=file.name, **fields)], ignore_conflicts=True)
            post.media.add(Media.objects.defer("content").get(name=file.name))


def find(name: str) -> Media | None:
    """The file of that name; None when there is none, or when every post that shows it was withdrawn."""
    standing = Post.objects.exclude(state=PostState.WITHDRAWN)
    return Media.objects.filter(name=name, posts__in=standing).first()


def size_of(address: str, config: Config) -> tuple[int, int]:
    """Width and height in pixels of a picture: of one of ours by its bytes, of others by what their address says; 0
    where nobody knows."""
    ours = content_images.media_url(config.site.url)
    if not address.startswith(ours):
        size = image_sizes.in_address(address)
        return size.width, size.height
    content = Media.objects.filter(name=address.removeprefix(ours)).values_list("content", flat=True).first()
    return (image_files.size_of(bytes(content)) if content else None) or (0, 0)


class Shown(Mapping[str, bytes]):
    """The files that released posts show: path without a leading slash → content, read when it is asked for."""

    def __init__(self) -> None:
        rows = Media.objects.filter(posts__state=PostState.RELEASED).distinct().order_by("name")
        self._ids = {f"media/{name}": pk for pk, name in rows.values_list("pk", "name")}

    def __getitem__(self, path: str) -> bytes:
        return bytes(Media.objects.values_list("content", flat=True).get(pk=self._ids[path]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def follow_site(site: Site, config: Config) -> None:
    """Posts name their files by the site's address: when that has changed, so do they. The site must be locked, or
    nothing be running yet."""
    now, before = content_images.media_url(config.site.url), site.media_url
    if now == before:
        return
    if before:
        for column in ("html", "image"):
            rows = Post.objects.filter(**{f"{column}__contains": before})
            rows.update(**{column: Replace(F(column), Value(before), Value(now))})
    site.media_url = now
    site.save(update_fields=["media_url"])
