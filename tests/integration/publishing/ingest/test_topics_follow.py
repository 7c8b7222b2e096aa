"""Topics that staff change in config.toml reach the posts at the next start, even where a source has nothing new."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from world import World

from newsletter.config import Config
from newsletter.config.sections import TopicSection
from newsletter.dates import PartialDate
from newsletter.models import Post, PostState, Site
from newsletter.publishing.ingest import sync
from newsletter.publishing.public import feed_documents
from newsletter.publishing.setup.bootstrap import prepare
from newsletter.sources.base import Item, Name, NameScheme


def released(world: World, name: str, *categories: str) -> Post:
    item = Item(
        names=(Name(NameScheme.ID, name),),
        title=name,
        html="<p>Text.</p>",
        date=PartialDate.of_instant(world.now),
        categories=categories,
    )
    with transaction.atomic():
        site = Site.locked()
        return sync.store_new("story", item, PostState.RELEASED, True, "", site, world.config, world.now)


def with_topics(config: Config, **topics: TopicSection) -> Config:
    return config.model_copy(update={"topics": topics})


def in_feed(config: Config, world: World, topic: str) -> list[int]:
    found = feed_documents.current(config)
    document = found.get(feed_documents.FeedAddress("rss.xml", topic), world.now)
    return list(found.shelf.ids(topic)) if document else []


def test_posts_follow_the_topics_of_the_configuration(world: World) -> None:
    mill, seeds = released(world, "mill", "Mills", "land rights"), released(world, "seeds", "Seeds")
    prepare(world.config, world.now)
    assert (mill.topics, seeds.topics) == (["land"], [])
    before = feed_documents.current(world.config)
    changed = with_topics(
        world.config, mills=TopicSection(title="Mills"), food=TopicSection(title="Food", categories=["seeds"])
    )
    prepare(changed, world.now + timedelta(days=1))
    mill.refresh_from_db()
    seeds.refresh_from_db()
    assert (mill.topics, seeds.topics) == (["mills"], ["food"])
    assert mill.updated_at == world.now, "staff moved it; nobody edited it"
    assert in_feed(changed, world, "mills") == [mill.pk]
    assert feed_documents.current(changed) is not before
    assert Site.objects.get().known_topics == ["land", "food", "mills"]


def test_a_start_without_a_change_touches_no_post(world: World) -> None:
    post = released(world, "mill", "land rights")
    prepare(world.config, world.now)
    Post.objects.update(topics=["by hand"])
    prepare(world.config, world.now)
    post.refresh_from_db()
    assert post.topics == ["by hand"]
