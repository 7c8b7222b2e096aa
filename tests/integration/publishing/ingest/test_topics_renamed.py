"""A topic that staff give another name: the people who chose it, its posts, what waits, and its feeds come along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from world import World

from newsletter.config import Config
from newsletter.config.sections import TopicSection
from newsletter.models import Edition, Site, StaffMail
from newsletter.publishing.notices import staff_mail
from newsletter.publishing.setup import check
from newsletter.publishing.setup.bootstrap import prepare
from subscribers.models import Consent, Event, Subscription

FOOD, LAND = TopicSection(title="Food"), TopicSection(title="Land", categories=["land", "soil"])


def with_topics(world: World, **topics: TopicSection) -> Config:
    world.config = world.config.model_copy(update={"topics": topics})
    prepare(world.config, world.now)
    return world.config


def chosen(name: str) -> list[str]:
    return Subscription.objects.get(subscriber__normal=f"{name}@example.org").topics


@pytest.mark.parametrize(
    "heir",
    [
        TopicSection(title="Something else", formerly=["land"]),
        TopicSection(title="LAND", categories=["acres"]),
        TopicSection(title="Ground", categories=["soil", "land"]),
    ],
    ids=["as staff wrote", "by its title", "by its categories"],
)
def test_people_come_along_when_their_topic_is_renamed(world: World, heir: TopicSection) -> None:
    with_topics(world, land=LAND, food=FOOD)
    world.join("ann", topics=["land"])
    world.join("bo", topics=["land", "food"])
    world.join("cy")
    with_topics(world, ground=heir, food=FOOD)
    assert (chosen("ann"), chosen("bo"), chosen("cy")) == (["ground"], ["food", "ground"], [])
    step = Consent.objects.get(subscriber__normal="ann@example.org", event=Event.TOPICS)
    assert (step.detail["from"], step.detail["to"]) == (["land"], ["ground"])
    mark = world.release(["ground"])
    world.move(days=8)
    world.run()
    assert world.relay.received()["ann@example.org"] == [mark]


def test_an_edition_that_waits_reaches_the_people_of_the_renamed_topic(world: World) -> None:
    with_topics(world, land=LAND)
    world.join("ann", topics=["land"])
    mark = world.release(["soil"])
    world.move(days=8)
    world.tick()
    assert Edition.objects.get().edition_posts.get().topics == ["land"]
    with_topics(world, ground=TopicSection(title="Land"))
    world.run()
    assert world.relay.received() == {"ann@example.org": [mark]}


def test_a_second_renaming_leads_from_the_first_name_to_the_last(world: World) -> None:
    with_topics(world, land=LAND)
    world.join("ann", topics=["land"])
    with_topics(world, ground=LAND)
    with_topics(world, earth=LAND)
    assert chosen("ann") == ["earth"]
    assert Site.objects.get().renamed_topics == {"land": "earth", "ground": "earth"}


def test_two_that_might_be_the_heir_are_none(world: World) -> None:
    with_topics(world, land=LAND)
    world.join("ann", topics=["land"])
    with_topics(world, one=TopicSection(title="land"), two=TopicSection(title="Land "))
    assert chosen("ann") == ["land"]


def test_check_and_the_tick_name_a_topic_that_nobody_offers(world: World) -> None:
    with_topics(world, land=LAND, food=FOOD)
    world.join("ann", topics=["land"])
    email = world.config.email.model_copy(update={"staff": ["staff@example.org"]})
    world.config = world.config.model_copy(update={"email": email})
    config = with_topics(world, food=FOOD)
    found = [finding for finding in check.check(config, world.now) if finding.what == "topics"]
    assert [finding.ok for finding in found] == [False]
    assert "1 person chose the topic “land”" in found[0].text
    assert 'formerly = ["land"]' in found[0].text
    staff_mail.look(config, world.now)
    staff_mail.look(config, world.now + timedelta(days=1))
    mail = StaffMail.objects.get(event__startswith="topics ")
    assert "1 person chose the topic “land”" in " ".join(mail.words["paragraphs"])


def test_nobody_is_named_where_all_topics_are_offered(world: World) -> None:
    config = with_topics(world, land=LAND)
    world.join("ann", topics=["land"])
    assert [f.text for f in check.check(config, world.now) if f.what == "topics"] == ["land"]
