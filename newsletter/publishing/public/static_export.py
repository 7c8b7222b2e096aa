"""The whole public site as files, for any web server: feeds with their archive, and the pages of posts.

Signing up needs the running program, so these pages lead to its form.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from newsletter.config import Config
from newsletter.models import Post, PostState
from newsletter.publishing.public import feed_documents, html_pages
from newsletter.publishing.public.catalogue import Shelf


def build_files(config: Config, now: datetime) -> dict[str, bytes]:
    """Feeds and archive: path without a leading slash → bytes. The same posts give the same bytes."""
    made = feed_documents.current(config)
    files = dict(html_pages.assets(config).values()) | build_feeds(config, now)
    for topic in (None, *config.topics):
        files |= _archive_pages(config, made.shelf, topic)
    own = Post.objects.filter(state=PostState.RELEASED, url="")
    for ids in _chunks(list(own.values_list("pk", flat=True)), 100):
        for post in own.filter(pk__in=ids):
            page = html_pages.render(config, "web/post.html", **html_pages.post_context(config, post))
            files[f"posts/{post.key}/index.html"] = page.encode()
    return files


def build_feeds(config: Config, now: datetime) -> dict[str, bytes]:
    """Every feed and archive document: path without a leading slash → bytes."""
    made = feed_documents.current(config)
    files = {}
    for address in (*made.addresses(), *made.archive_addresses(now)):
        document = made.get(address, now)
        if document is not None:  # withdrawn in this very moment
            files[address.path] = document.body
    return files


def _archive_pages(config: Config, shelf: Shelf, topic: str | None) -> dict[str, bytes]:
    folder = "" if topic is None else f"topics/{topic}/"
    files = {}
    for number in range(1, html_pages.last_page(shelf, topic) + 1):
        context = html_pages.archive_context(config, shelf, topic, number)
        path = folder if number == 1 else f"{folder}page/{number}/"
        files[f"{path}index.html"] = html_pages.render(config, "web/archive.html", **context).encode()
    return files


def _chunks(ids: Sequence[int], size: int) -> list[Sequence[int]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]
