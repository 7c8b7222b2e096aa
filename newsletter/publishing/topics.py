"""Which topics of ours a post belongs to, by what its source calls it, and how posts follow when staff change them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db.models import F

from newsletter.config import Config
from newsletter.models import Post, Site

#: Posts a statement.
_CHUNK = 500


def topics_of(categories: Iterable[str], config: Config) -> list[str]:
    """The topics that a source's categories belong to; categories that belong to none are ignored."""
    wanted = {category.casefold() for category in categories}
    return sorted(
        name
        for name, topic in config.topics.items()
        if wanted & {category.casefold() for category in (*topic.categories, name, topic.title)}
    )


def follow_topics(site: Site, config: Config) -> None:
    """Bring every post to the topics of the configuration when those have changed since the last start: a source that
    has nothing new is not read again for that. What is frozen in an edition stays as staff saw it.

    The site must be locked, or nothing be running yet.
    """
    now = _digest(config)
    if now == site.topics_digest:
        return
    site.known_topics = [
        *site.known_topics,
        *(name for name in config.topics if name not in site.known_topics),
    ]
    site.topics_digest = now
    site.save(update_fields=["known_topics", "topics_digest"])
    moved: dict[tuple[str, ...], list[int]] = {}
    for post_id, categories, topics in Post.objects.values_list("pk", "categories", "topics").iterator():
        if (found := topics_of(categories, config)) != topics:
            moved.setdefault(tuple(found), []).append(post_id)
    for names, ids in moved.items():
        for start in range(0, len(ids), _CHUNK):
            rows = Post.objects.filter(pk__in=ids[start : start + _CHUNK])
            # It is no edit of the post, so its time of change stays; but the feeds are to be made anew.
            rows.update(topics=list(names), revision=F("revision") + 1)


def _digest(config: Config) -> str:
    said = "\n".join(f"{name} {topic.model_dump_json()}" for name, topic in sorted(config.topics.items()))
    return hashlib.sha256(said.encode()).hexdigest()
