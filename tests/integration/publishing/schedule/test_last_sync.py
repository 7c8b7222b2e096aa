"""What was put up minutes before a mail takes its posts is in it, and a source that hangs delays it by little."""

from __future__ import annotations

import socket
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from world import World, next_tuesday_nine

from newsletter.config.sections import SourceSection
from newsletter.models import Edition, Post, Source
from newsletter.publishing.editions import campaigns
from newsletter.publishing.from_config import sources
from newsletter.publishing.ingest import sync
from newsletter.publishing.schedule import last_sync
from newsletter.publishing.schedule.last_sync import LastLook
from subscribers.cadence import Cadence


class Publisher:
    """A world with a folder of posts that is looked at as the running program does."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.folder = Path(world.config.folder) / "posts"
        self.folder.mkdir()
        self.last_look = LastLook()
        self.also()
        self.sync()

    def also(self, **more: SourceSection) -> None:
        found = {"posts": SourceSection(kind="folder", path="posts"), **more}
        self.world.config = self.world.config.model_copy(update={"sources": found})

    def put_up(self, mark: int, title: str = "") -> None:
        (self.folder / f"{mark}.md").write_text(f"---\ntitle: zq{mark}zq {title}\n---\nWords.\n")

    def sync(self) -> None:
        for source in sources(self.world.config):
            sync.sync(source, self.world.config, self.world.now)

    def tick(self, at: datetime | None = None) -> list[str]:
        self.world.now = at or self.world.now
        late = self.last_look.look(self.world.config, self.world.now)
        self.world.run()
        return late


@pytest.fixture
def publisher(world: World) -> Publisher:
    return Publisher(world)


def test_a_post_put_up_a_minute_before_a_slot_is_in_its_mail(publisher: Publisher) -> None:
    world = publisher.world
    world.join("ann")
    slot = next_tuesday_nine(world.now)
    world.now = slot - timedelta(minutes=5)
    publisher.sync()
    publisher.put_up(1)
    assert publisher.tick(slot - timedelta(seconds=1)) == []
    assert not Post.objects.exists(), "nothing is due yet, so nothing was looked at"
    publisher.tick(slot)
    assert world.got("ann") == [1]


def test_each_slot_is_looked_for_once(publisher: Publisher) -> None:
    slot = next_tuesday_nine(publisher.world.now)
    publisher.tick(slot)
    looked = Source.objects.get().last_sync_at
    publisher.tick(slot + timedelta(seconds=5))
    assert Source.objects.get().last_sync_at == looked == slot


def test_a_draft_takes_what_was_put_up_before_it_and_nothing_after(publisher: Publisher) -> None:
    world = publisher.world
    world.join("ann")
    campaigns.edit("weekly", world.now, draft_hours=20)
    slot = next_tuesday_nine(world.now)
    publisher.put_up(1)
    publisher.tick(slot - timedelta(hours=20))
    assert Edition.objects.get().edition_posts.count() == 1
    publisher.put_up(2)
    publisher.tick(slot)
    assert world.got("ann") == [1], "staff saw the draft, and that is what is sent"
    publisher.tick(next_tuesday_nine(world.now))
    assert world.got("ann") == [1, 2]


def test_where_nothing_was_there_for_a_draft_the_slot_takes_what_has_come(publisher: Publisher) -> None:
    world = publisher.world
    world.join("ann")
    campaigns.edit("weekly", world.now, draft_hours=20)
    slot = next_tuesday_nine(world.now)
    publisher.tick(slot - timedelta(hours=20))
    publisher.put_up(1)
    publisher.tick(slot)
    assert world.got("ann") == [1]


def test_a_mistake_mended_at_the_end_of_the_wait_is_mended_in_the_mail(publisher: Publisher) -> None:
    world = publisher.world
    campaigns.resume("each-post", world.now)
    campaigns.edit("each-post", world.now, wait_minutes=30)
    world.join("eve", Cadence.EACH_POST)
    world.move(minutes=1)
    publisher.put_up(1, "with a mistake")
    publisher.sync()
    publisher.tick()
    assert world.got("eve") == []
    publisher.put_up(1, "mended")
    publisher.tick(world.now + timedelta(minutes=30))
    (content,) = [content for _, content in world.relay.taken]
    assert b"mended" in content
    assert b"mistake" not in content


def test_a_source_that_hangs_is_left_behind(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    world = publisher.world
    world.join("ann")
    monkeypatch.setattr(last_sync, "DEADLINE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/feed"
        publisher.also(slow=SourceSection(kind="webfeed", url=url))
        fetch = world.config.fetch.model_copy(update={"allowed_hosts": ["127.0.0.1"]})
        world.config = world.config.model_copy(update={"fetch": fetch})
        publisher.put_up(1)
        (late,) = publisher.tick(next_tuesday_nine(world.now))
        assert "slow" in late
        assert world.got("ann") == [1]
