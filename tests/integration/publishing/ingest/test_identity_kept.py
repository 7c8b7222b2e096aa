"""A source that moves, changes its ids, its name or its kind, and posts that two sources have: nothing is mailed twice,
nothing is in the feed twice, and staff are asked where nobody can know."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from world import World, next_tuesday_nine

from newsletter.config.sections import SourceSection
from newsletter.dates import PartialDate
from newsletter.errors import Refused
from newsletter.models import Post, PostName, PostState, Source
from newsletter.publishing.decisions import post_actions
from newsletter.publishing.ingest import moderation
from newsletter.publishing.ingest import sync as ingest
from newsletter.publishing.ledger import release
from newsletter.sources.base import Fetched, Item, Look, Name, NameScheme, Problem

TEXT = "The mill turns again after a hundred years of rest, because its neighbours wanted bread. " * 3


class Shelf:
    def __init__(self, name: str = "posts") -> None:
        self.name = name
        self.items: list[Item] = []
        self.problems: list[Problem] = []
        self.looks: list[Look] = []

    def fetch(self, look: Look) -> Fetched:
        self.looks.append(look)
        return Fetched(list(self.items), self.problems, memory={"etag": '"1"'})


def item(name: str, world: World, *, days_ago: float = 0, **more: Any) -> Item:
    values: dict[str, Any] = {
        "names": (Name(NameScheme.PATH, f"{name}.md"), Name(NameScheme.ADDRESS, f"/{name}")),
        "title": name.title(),
        "html": f"<p>{name}: {TEXT}</p>",
        "date": PartialDate.of_instant(world.now - timedelta(days=days_ago)),
    }
    return Item(**{**values, **more})


def configure(world: World, **sources: SourceSection) -> None:
    world.config = world.config.model_copy(update={"sources": sources})


def feed(url: str = "https://hub.example.org/feed") -> SourceSection:
    return SourceSection(kind="webfeed", url=url)


def folder(path: str = "posts") -> SourceSection:
    return SourceSection(kind="folder", path=path)


def sync(shelf: Shelf, world: World) -> ingest.SyncReport:
    return ingest.sync(shelf, world.config, world.now)


@pytest.fixture
def shelf(world: World) -> Shelf:
    """A feed of three posts that has had its first sync."""
    configure(world, posts=feed())
    shelf = Shelf()
    shelf.items = [item(name, world, days_ago=3) for name in ("one", "two", "three")]
    sync(shelf, world)
    return shelf


def states() -> list[str]:
    return sorted(Post.objects.values_list("state", flat=True))


def test_a_source_that_is_renamed_in_the_configuration_keeps_its_posts(world: World, shelf: Shelf) -> None:
    configure(world, blog=feed())
    again = Shelf("blog")
    again.items = shelf.items
    report = sync(again, world)
    assert (report.new, report.unchanged) == ([], 3)
    assert set(Post.objects.values_list("source", "state")) == {("blog", "released")}


def test_renamed_with_other_ids_its_posts_are_held_and_not_twice_in_the_feed(
    world: World, shelf: Shelf
) -> None:
    configure(world, blog=feed())
    again = Shelf("blog")
    again.items = [
        item(name, world, days_ago=3, names=(Name(NameScheme.GUID, f"urn:{name}"),))
        for name in ("one", "two")
    ]
    report = sync(again, world)
    assert [post.held_because for post in report.held] == [
        'it has the title and date of "one" and may be the same post',
        'it has the title and date of "two" and may be the same post',
    ]
    assert states() == ["held", "held", "released", "released", "released"]


def test_an_archive_under_new_ids_dates_and_titles_is_known_by_its_text(world: World, shelf: Shelf) -> None:
    world.join("ann")
    shelf.items = [
        item(name, world, title=f"{name} (moved)", names=(Name(NameScheme.GUID, f"urn:{name}"),))
        for name in ("one", "two", "three")
    ]
    assert [post.held_for for post in sync(shelf, world).held] == ["alike"] * 3
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert world.relay.taken == []


def test_the_standing_text_of_a_podcast_is_asked_about_once_and_then_known_to_say_nothing(
    world: World, shelf: Shelf
) -> None:
    notes = f"<p>{TEXT}</p>"
    states = []
    for number in range(1, 5):
        shelf.items = [item(f"episode-{number}", world, title=f"Episode {number}", html=notes)]
        (new,) = sync(shelf, world).new
        states.append(new.state)
        world.move(days=1)
    assert states == [PostState.RELEASED, PostState.HELD, PostState.RELEASED, PostState.RELEASED]
    shelf.items = [item("again", world, days_ago=1, title="EPISODE 3!", html=notes)]
    assert sync(shelf, world).new[0].state == PostState.HELD


def test_a_text_that_a_post_once_had_is_known_as_well(world: World, shelf: Shelf) -> None:
    before = shelf.items[0]
    shelf.items[0] = item("one", world, days_ago=3, html=f"<p>Quite different. {TEXT}{TEXT}</p>")
    sync(shelf, world)
    shelf.items.append(item("four", world, title="Restored", html=before.html))
    assert [post.held_because for post in sync(shelf, world).held] == [
        'it has the text of "one" and may be the same post'
    ]


def test_many_moved_posts_do_not_make_a_new_one_a_flood(world: World, shelf: Shelf) -> None:
    shelf.items = [item(f"n{number}", world, days_ago=5) for number in range(30)]
    configure(world, posts=feed())
    Source.objects.update(first_sync_at=None)
    sync(shelf, world)
    shelf.items = [
        item(f"n{number}", world, days_ago=5, names=(Name(NameScheme.GUID, f"urn:{number}"),))
        for number in range(30)
    ]
    shelf.items.append(item("fresh", world))
    report = sync(shelf, world)
    assert len(report.held) == 30
    assert Post.objects.get(key="fresh").state == PostState.RELEASED


def test_another_place_under_an_old_name_is_a_new_source(world: World, shelf: Shelf) -> None:
    configure(world, posts=feed("https://other.example.net/feed"))
    shelf.items = [item(f"other {number}", world, days_ago=1) for number in range(3)]
    report = sync(shelf, world)
    assert (report.first, len(report.new)) == (True, 3)
    assert not Post.objects.filter(mail=True).exists()
    shelf.items.append(item("fresh", world))
    assert [post.mail for post in sync(shelf, world).new] == [True]


def test_a_source_that_moves_with_its_posts_is_no_new_source(world: World, shelf: Shelf) -> None:
    configure(world, posts=feed("https://moved.example.net/feed"))
    shelf.items.append(item("fresh", world))
    report = sync(shelf, world)
    assert (report.first, [post.mail for post in report.new]) == (False, [True])


def test_another_kind_of_source_is_not_told_what_the_first_remembered(world: World, shelf: Shelf) -> None:
    sync(shelf, world)
    assert shelf.looks[-1].memory == {"etag": '"1"'}
    configure(world, posts=folder())
    sync(shelf, world)
    assert shelf.looks[-1].memory == {}


def test_a_feed_that_is_empty_at_first_is_not_looked_at_yet(world: World) -> None:
    configure(world, posts=feed())
    shelf = Shelf()
    sync(shelf, world)
    shelf.items = [item("one", world, days_ago=3)]
    assert [post.mail for post in sync(shelf, world).new] == [False]


def test_the_first_post_in_an_empty_folder_is_mailed(world: World) -> None:
    configure(world, posts=folder())
    shelf = Shelf()
    sync(shelf, world)
    shelf.items = [item("one", world)]
    assert [post.mail for post in sync(shelf, world).new] == [True]


def test_a_post_that_two_sources_have_is_held_and_then_follows_the_first(world: World, shelf: Shelf) -> None:
    configure(world, posts=feed(), files=folder())
    files = Shelf("files")
    sync(files, world)
    files.items = [
        item("one", world, days_ago=3, names=(Name(NameScheme.PATH, "x.md"),), html=f"<p>Typed. {TEXT}</p>")
    ]
    (twin,) = sync(files, world).held
    assert moderation.advice(twin).startswith(f"If it is the same post: newsletter posts same {twin.key};")
    stays = moderation.same(twin.key, now=world.now)
    assert (stays.key, Post.objects.count()) == ("one", 3)
    for _ in range(2):
        assert (sync(files, world).changed, sync(shelf, world).changed) == ([], [])
    assert "Typed" not in Post.objects.get(key="one").html
    assert set(PostName.objects.filter(post=stays).values_list("source", flat=True)) == {"posts", "files"}


def test_only_a_held_post_can_turn_out_to_be_another(world: World, shelf: Shelf) -> None:
    with pytest.raises(Refused, match="is released"):
        moderation.same("one", "two", now=world.now)
    shelf.items.append(item("old", world, days_ago=99))
    sync(shelf, world)
    with pytest.raises(Refused, match="newsletter posts same old KEY"):
        moderation.same("old", now=world.now)
    with pytest.raises(Refused, match="that very post"):
        moderation.same("old", "old", now=world.now)


def test_a_page_that_a_source_has_is_that_post(world: World, shelf: Shelf) -> None:
    page = item(
        "one", world, days_ago=3, names=(Name(NameScheme.ADDRESS, "/one"),), html=f"<p>As saved. {TEXT}</p>"
    )
    post, new = ingest.import_page(page, world.config, world.now, mail=False)
    assert (post.key, new, post.mail) == ("one", False, False)
    assert "As saved" not in Post.objects.get(key="one").html
    post, _ = ingest.import_page(page, world.config, world.now, mail=True)
    assert (post.key, Post.objects.get(key="one").mail) == ("one", True)


def test_a_source_takes_over_a_page_that_was_imported(world: World) -> None:
    page = item("one", world, names=(Name(NameScheme.ADDRESS, "/one"),))
    ingest.import_page(page, world.config, world.now, mail=True)
    configure(world, posts=feed())
    shelf = Shelf()
    shelf.items = [item("one", world, html=f"<p>Mended. {TEXT}</p>")]
    sync(shelf, world)
    post = Post.objects.get()
    assert (post.source, post.mail, "Mended" in post.html) == ("posts", True, True)


def test_an_imported_page_that_looks_like_a_post_is_held(world: World, shelf: Shelf) -> None:
    page = item("copy", world, title="One", days_ago=3)
    post, new = ingest.import_page(page, world.config, world.now, mail=True)
    assert (new, post.state, post.held_for) == (True, "held", "alike")


def test_a_post_that_left_its_folder_before_its_date_is_held_until_it_is_back(world: World) -> None:
    configure(world, posts=folder())
    shelf = Shelf()
    sync(shelf, world)
    soon = item("soon", world, days_ago=-2)
    shelf.items = [soon]
    sync(shelf, world)
    shelf.items = []
    report = sync(shelf, world)
    assert [(post.key, post.held_because) for post in report.held] == [("soon", "its source has it no more")]
    world.move(days=3)
    assert world.tick().released == 0
    shelf.items = [soon]
    sync(shelf, world)
    assert world.tick().released == 1


def test_a_file_that_cannot_be_read_just_now_changes_nothing(world: World) -> None:
    configure(world, posts=folder())
    shelf = Shelf()
    shelf.items = [item("soon", world, days_ago=-2)]
    sync(shelf, world)
    shelf.items, shelf.problems = [], [Problem("soon.md:3", "the line is no key")]
    assert sync(shelf, world).held == []
    assert Post.objects.get().state == PostState.WAITING


def test_a_waiting_post_that_is_dated_back_by_years_is_held(world: World, shelf: Shelf) -> None:
    shelf.items.append(item("soon", world, days_ago=-2))
    sync(shelf, world)
    shelf.items[-1] = item("soon", world, days_ago=400)
    sync(shelf, world)
    assert world.tick().released == 0
    assert Post.objects.get(key="soon").held_for == "old"


def test_a_date_that_moves_into_the_future_calls_nothing_back(world: World, shelf: Shelf) -> None:
    world.join("ann")
    shelf.items.append(item("fresh", world, title="zq9zq"))
    sync(shelf, world)
    shelf.items[-1] = item("fresh", world, title="zq9zq", days_ago=-20)
    sync(shelf, world)
    post = Post.objects.get(title="zq9zq")
    assert post.state == PostState.RELEASED
    world.now = next_tuesday_nine(world.now)
    world.run()
    shelf.items[-1] = item("fresh", world, title="zq9zq", days_ago=1)
    sync(shelf, world)
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert world.got("ann") == [9]


def test_two_posts_with_one_value_as_different_names_are_two(world: World, shelf: Shelf) -> None:
    shelf.items += [
        item("four", world, names=(Name(NameScheme.ID, "42"),)),
        item("five", world, names=(Name(NameScheme.WORDPRESS, "42"),)),
    ]
    sync(shelf, world)
    assert {"four", "five"} <= set(Post.objects.values_list("key", flat=True))


def test_a_name_that_changes_hands_makes_a_new_post_with_an_id_of_its_own(world: World) -> None:
    configure(world, posts=folder())
    shelf = Shelf()
    sync(shelf, world)
    shelf.items = [item("seeds", world, names=(Name(NameScheme.PATH, "seeds.md"),))]
    sync(shelf, world)
    moved = (Name(NameScheme.ID, "7"), Name(NameScheme.PATH, "seeds.md"))
    shelf.items = [item("seeds", world, names=moved)]
    sync(shelf, world)
    shelf.items = [
        item("seeds", world, names=(Name(NameScheme.ID, "7"), Name(NameScheme.PATH, "old/seeds.md"))),
        item("beans", world, names=(Name(NameScheme.PATH, "seeds.md"),)),
    ]
    for _ in range(2):
        sync(shelf, world)
        assert sorted(Post.objects.values_list("key", "title")) == [("beans", "Beans"), ("seeds", "Seeds")]


def test_two_syncs_at_once_store_each_post_once(world: World, shelf: Shelf) -> None:
    shelf.items += [item(f"new {number}", world) for number in range(4)]
    faults: list[BaseException] = []

    def look() -> None:
        try:
            sync(shelf, world)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert Post.objects.count() == 7
    assert Post.objects.filter(state=PostState.RELEASED).count() == 7


def test_each_reason_comes_with_what_to_do(world: World, shelf: Shelf) -> None:
    shelf.items.append(item("old", world, days_ago=99))
    sync(shelf, world)
    post = release.find("old")
    assert moderation.advice(post) == (
        "To feed and archive: newsletter posts release old --feed-only; to inboxes as well: "
        "newsletter posts release old --mail"
    )
    assert moderation.advice(release.find("one")) == ""


def test_a_post_whose_file_is_gone_stays_and_is_counted(world: World) -> None:
    configure(world, posts=folder())
    shelf = Shelf()
    shelf.items = [item("one", world), item("two", world)]
    assert sync(shelf, world).gone == 0
    shelf.items = shelf.items[:1]
    assert sync(shelf, world).gone == 1
    assert Post.objects.get(key="two").state == "released"
    post_actions.withdraw("two", world.config, world.now)
    assert sync(shelf, world).gone == 0
