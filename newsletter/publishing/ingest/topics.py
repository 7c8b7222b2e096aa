"""Which topics of ours a post belongs to, by what its source calls it, and how posts and people follow when staff
change the topics of config.toml."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import F

from newsletter.config import Config
from newsletter.models import EditionPost, EditionState, Post, Site
from newsletter.sources.base import Item, NameScheme, Problem
from subscribers import choices

#: A site of another system may have hundreds of its own.
_MOST_NAMED = 10
#: Posts a statement.
_CHUNK = 500
#: Editions that give nothing out any more.
_OVER = (EditionState.CANCELLED, EditionState.SKIPPED)


def topics_of(categories: Iterable[str], config: Config) -> list[str]:
    """The topics that a source's categories belong to; categories that belong to none are ignored."""
    wanted = {category.casefold() for category in categories}
    return sorted(
        name
        for name, topic in config.topics.items()
        if wanted & {category.casefold() for category in (*topic.categories, name, topic.title)}
    )


def unknown(items: Iterable[Item], source: str, config: Config) -> Iterator[Problem]:
    """What authors wrote as a topic of ours and is none, each with the files that have it. Nothing where no topics are
    offered: the word then means something of the author's own."""
    files: dict[str, list[str]] = {}
    for item in items if config.topics else ():
        for topic in item.topics:
            if not topics_of([topic], config):
                files.setdefault(topic, []).append(_file_of(item) or source)
    for topic, places in list(files.items())[:_MOST_NAMED]:
        more = f" (nor for {_some(places[1:])})" if len(places) > 1 else ""
        what = (
            f'there is no topic "{topic[:80]}"{more}; there are: {", ".join(config.topics)}. Put it right, or let '
            "config.toml name it among the categories of one"
        )
        yield Problem(places[0], what, minor=True)
    if len(files) > _MOST_NAMED:
        yield Problem(
            source, f"{len(files) - _MOST_NAMED} more topics of its posts are none of ours", minor=True
        )


def _file_of(item: Item) -> str:
    return next((name.value for name in item.names if name.scheme == NameScheme.PATH), "")


def _some(files: Sequence[str]) -> str:
    rest = f" and {len(files) - 3} more" if len(files) > 3 else ""
    return ", ".join(files[:3]) + rest


def follow_topics(site: Site, config: Config, now: datetime) -> None:
    """Bring posts, and the people who chose a topic that has another name now, to the topics of the configuration
    when those have changed since the last start. A source that has nothing new is not read again for that. What staff
    saw in an edition stays; only the names by which it finds its people follow.

    The site must be locked, or nothing be running yet.
    """
    digest = _digest(config)
    if digest == site.topics_digest:
        return
    renamed = _renamed(site, config)
    site.known_topics = [
        *site.known_topics,
        *(name for name in config.topics if name not in site.known_topics),
    ]
    # A name that was renamed twice leads to the newest; one that is offered again is a topic of its own.
    site.renamed_topics = {
        old: renamed.get(new, new)
        for old, new in {**site.renamed_topics, **renamed}.items()
        if old not in config.topics
    }
    _posts_follow(config)
    if renamed:
        _editions_follow(renamed)
        choices.rename_topics(renamed, now)
    site.topics_digest = digest
    site.topics_before = {
        name: {"title": topic.title, "categories": topic.categories} for name, topic in config.topics.items()
    }
    site.topics_not_offered = not_offered(config)
    site.save(
        update_fields=[
            "known_topics",
            "renamed_topics",
            "topics_before",
            "topics_digest",
            "topics_not_offered",
        ]
    )


def not_offered(config: Config) -> dict[str, int]:
    """Topics that people chose and that config.toml does not name → how many people, most first. It reads everyone
    who chose a topic."""
    chosen = choices.people_by_topic()
    gone = {name: people for name, people in chosen.items() if name not in config.topics}
    return dict(sorted(gone.items(), key=lambda pair: (-pair[1], pair[0])))


def _renamed(site: Site, config: Config) -> dict[str, str]:
    """Former name → name, by what staff wrote in ``formerly``; where they wrote nothing, a topic that is gone lives on
    in the one new topic that has its title, or else its categories. Two that might be it are no answer."""
    said = {former: name for name, topic in config.topics.items() for former in topic.formerly}
    gone = {
        name: was
        for name, was in site.topics_before.items()
        if name not in config.topics and name not in said
    }
    new = [name for name in config.topics if name not in site.topics_before]
    found: dict[str, str] = {}
    for name, was in gone.items():
        title = [other for other in new if _folded([config.topics[other].title]) == _folded([was["title"]])]
        categories = [
            other
            for other in new
            if was["categories"] and _folded(config.topics[other].categories) == _folded(was["categories"])
        ]
        heirs = title or categories
        if len(heirs) == 1:
            found[name] = heirs[0]
    once = {name: heir for name, heir in found.items() if list(found.values()).count(heir) == 1}
    return said | once


def _folded(words: Iterable[str]) -> set[str]:
    return {word.strip().casefold() for word in words}


def _posts_follow(config: Config) -> None:
    moved: dict[tuple[str, ...], list[int]] = {}
    for post_id, categories, topics in Post.objects.values_list("pk", "categories", "topics").iterator():
        if (found := topics_of(categories, config)) != topics:
            moved.setdefault(tuple(found), []).append(post_id)
    for names, ids in moved.items():
        for start in range(0, len(ids), _CHUNK):
            rows = Post.objects.filter(pk__in=ids[start : start + _CHUNK])
            # It is no edit of the post, so its time of change stays; but the feeds are to be made anew.
            rows.update(topics=list(names), revision=F("revision") + 1)


def _editions_follow(renamed: Mapping[str, str]) -> None:
    """Frozen posts find the people who chose their topic under its new name. A sent edition may be opened again."""
    rows = EditionPost.objects.exclude(edition__state__in=_OVER).exclude(topics=[])
    changed = []
    for row in rows.only("pk", "topics").iterator():
        names = choices.renamed(row.topics, renamed)
        if names != sorted(row.topics):
            row.topics = names
            changed.append(row)
    EditionPost.objects.bulk_update(changed, ["topics"], batch_size=_CHUNK)


def _digest(config: Config) -> str:
    said = "\n".join(f"{name} {topic.model_dump_json()}" for name, topic in sorted(config.topics.items()))
    return hashlib.sha256(said.encode()).hexdigest()
