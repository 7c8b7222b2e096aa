"""From a source to posts: what is new, what is known, what is held, and that no archive is ever mailed by accident."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from world import World, next_tuesday_nine

from newsletter.dates import PartialDate
from newsletter.errors import Refused, SourceError
from newsletter.models import Edition, Post, Source
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.editions import campaigns
from newsletter.publishing.ingest import sync as ingest
from newsletter.publishing.ledger import release
from newsletter.sources.base import Fetched, Item, Look, Name, NameScheme, Problem
from subscribers.cadence import Cadence


class Shelf:
    """A source whose items a story sets."""

    def __init__(self, name: str = "posts") -> None:
        self.name = name
        self.items: list[Item] = []
        self.error: Exception | None = None

    def fetch(self, look: Look) -> Fetched:
        if self.error is not None:
            raise self.error
        return Fetched(items=list(self.items), problems=[Problem("bad.md", "It is bad.")], drafts=1)


def item(name: str, world: World, *, days_ago: float = 0, **more: Any) -> Item:
    date = PartialDate.of_instant(world.now - timedelta(days=days_ago))
    values: dict[str, Any] = {
        "names": (Name(NameScheme.PATH, f"{name}.md"),),
        "title": name.title(),
        "html": f"<p>About {name}.</p>",
        "date": date,
    }
    return Item(**{**values, **more})


def sync(shelf: Shelf, world: World) -> ingest.SyncReport:
    return ingest.sync(shelf, world.config, world.now)


@pytest.fixture
def shelf(world: World) -> Shelf:
    """A source that has had its first sync, of one old post."""
    shelf = Shelf()
    shelf.items = [item("old", world, days_ago=90)]
    sync(shelf, world)
    return shelf


def test_the_first_sync_goes_to_the_feed_and_not_to_inboxes(world: World) -> None:
    world.join("ann")
    shelf = Shelf()
    shelf.items = [item(f"post {number}", world, days_ago=number) for number in range(30)]
    report = sync(shelf, world)
    assert (report.first, len(report.new), report.drafts, len(report.problems)) == (True, 30, 1, 1)
    assert set(Post.objects.values_list("state", "mail", "no_mail_because")) == {
        ("released", False, "it arrived with the first sync")
    }
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert world.relay.taken == []


def test_a_first_sync_that_died_half_way_is_still_the_first(world: World) -> None:
    shelf = Shelf()
    shelf.items = [item("one", world)]
    sync(shelf, world)
    Source.objects.update(first_sync_at=None)  # as a crash before the end leaves it
    shelf.items.append(item("two", world))
    sync(shelf, world)
    assert set(Post.objects.values_list("mail", flat=True)) == {False}


def test_a_new_post_is_released_and_owed(world: World, shelf: Shelf) -> None:
    world.join("ann")
    shelf.items.append(item("new", world))
    assert [post.key for post in sync(shelf, world).new] == ["new"]
    post = Post.objects.get(key="new")
    assert (post.state, post.mail, post.summary) == ("released", True, "About new.")


def test_a_post_is_linked_to_by_its_host_in_ascii(world: World, shelf: Shelf) -> None:
    shelf.items = [
        item("tides", world, url="https://straße.example.org/ä", image="https://müller.example.org/a.png")
    ]
    sync(shelf, world)
    post = Post.objects.get(title="Tides")
    assert (post.url, post.image) == (
        "https://xn--strae-oqa.example.org/ä",
        "https://xn--mller-kva.example.org/a.png",
    )
    assert sync(shelf, world).changed == []


def test_posts_are_released_in_the_order_of_their_dates(world: World, shelf: Shelf) -> None:
    shelf.items += [item("later", world, days_ago=1), item("earlier", world, days_ago=2)]
    sync(shelf, world)
    keys = Post.objects.filter(mail=True).order_by("release_number").values_list("key", flat=True)
    assert list(keys) == ["earlier", "later"]


def test_an_edit_changes_the_post_and_mails_nobody_again(world: World, shelf: Shelf) -> None:
    shelf.items.append(item("new", world))
    sync(shelf, world)
    before = Post.objects.get(key="new")
    world.move(hours=1)
    shelf.items[-1] = item("new", world, title="A better title", days_ago=1 / 24)
    report = sync(shelf, world)
    after = Post.objects.get(key="new")
    assert [post.key for post in report.changed] == ["new"]
    assert (after.title, after.release_number, after.uuid) == (
        "A better title",
        before.release_number,
        before.uuid,
    )
    assert after.updated_at == world.now
    world.move(hours=1)
    assert sync(shelf, world).changed == []
    assert Post.objects.get(key="new").updated_at == after.updated_at


def test_a_renamed_file_with_the_same_id_is_the_same_post(world: World, shelf: Shelf) -> None:
    names = (Name(NameScheme.ID, "42"), Name(NameScheme.PATH, "a.md"))
    shelf.items.append(item("a", world, names=names))
    sync(shelf, world)
    moved = (Name(NameScheme.ID, "42"), Name(NameScheme.PATH, "b.md"))
    shelf.items[-1] = item("b", world, names=moved)
    assert sync(shelf, world).new == []
    shelf.items[-1] = item("b", world, names=moved[1:])
    assert sync(shelf, world).new == []
    assert Post.objects.count() == 2


def test_the_same_title_and_date_under_another_name_is_held_and_asked_about(
    world: World, shelf: Shelf
) -> None:
    shelf.items = [item("old", world, days_ago=90, names=(Name(NameScheme.PATH, "moved.md"),))]
    report = sync(shelf, world)
    assert [post.held_because for post in report.held] == [
        'it has the title and date of "old" and may be the same post'
    ]


@pytest.mark.parametrize(
    ("active", "count", "held"), [(False, 20, 0), (False, 21, 21), (True, 20, 0), (True, 21, 21)]
)
def test_more_new_posts_than_the_limit_are_held(
    world: World, shelf: Shelf, active: bool, count: int, held: int
) -> None:
    if active:
        campaigns.resume("each-post", world.now)
    shelf.items += [item(f"n{number}", world) for number in range(count)]
    assert len(sync(shelf, world).held) == held


@pytest.mark.parametrize(("count", "mails"), [(3, 3), (4, 0)])
def test_too_many_at_once_share_one_each_post_mail_that_waits_for_approval(
    world: World, shelf: Shelf, count: int, mails: int
) -> None:
    campaigns.resume("each-post", world.now)
    world.join("ann", Cadence.EACH_POST)
    world.join("bo")
    shelf.items += [item(f"n{number}", world, title=f"zq{number}zq") for number in range(1, count + 1)]
    report = sync(shelf, world)
    assert report.together == (0 if mails else count)
    world.run()
    assert len(world.got("ann")) == mails
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert len(world.got("bo")) == count
    for waiting in Edition.objects.filter(state="awaiting approval"):
        edition_actions.approve(waiting.pk, world.now)
    shelf.items.append(item("next", world, title="zq99zq"))
    sync(shelf, world)
    world.run()
    assert sorted(world.got("ann")) == [*range(1, count + 1), 99]
    assert sum(address == "ann@example.org" for address, _ in world.relay.taken) == (mails or 1) + 1


def test_a_burst_that_staff_keep_out_of_each_post_mail_stays_out_whole(world: World, shelf: Shelf) -> None:
    campaigns.resume("each-post", world.now)
    world.join("ann", Cadence.EACH_POST)
    shelf.items += [item(f"n{number}", world, title=f"zq{number}zq") for number in range(1, 6)]
    sync(shelf, world)
    world.run()
    edition_actions.cancel(Edition.objects.get().pk, world.now)
    shelf.items.append(item("next", world, title="zq99zq"))
    sync(shelf, world)
    world.run()
    assert world.got("ann") == [99]


def test_each_post_that_is_first_started_after_a_year_mails_nothing_old(world: World, shelf: Shelf) -> None:
    for number in range(6):
        shelf.items.append(item(f"n{number}", world, title=f"zq{number}zq"))
        sync(shelf, world)
    world.join("ann", Cadence.EACH_POST)
    campaigns.resume("each-post", world.now)
    world.run()
    assert [edition.state for edition in Edition.objects.all()] == ["skipped"]
    shelf.items.append(item("next", world, title="zq99zq"))
    sync(shelf, world)
    world.run()
    assert world.got("ann") == [99]


def test_posts_that_fell_due_during_an_outage_are_missed_by_nobody(world: World, shelf: Shelf) -> None:
    campaigns.resume("each-post", world.now)
    world.join("ann", Cadence.EACH_POST)
    shelf.items += [item(f"n{day}", world, title=f"zq{day}zq", days_ago=-day) for day in range(1, 5)]
    sync(shelf, world)
    world.move(days=6)
    world.run()
    edition_actions.approve(Edition.objects.get(lead__isnull=False).pk, world.now)
    world.run()
    assert sorted(world.got("ann")) == [1, 2, 3, 4]
    assert len(world.relay.taken) == 1


def test_a_dateless_file_that_is_renamed_is_not_mailed_twice(world: World, shelf: Shelf) -> None:
    shelf.items.append(item("a", world, date=None))
    sync(shelf, world)
    shelf.items[-1] = item("a", world, date=None, names=(Name(NameScheme.PATH, "sub/a.md"),))
    assert len(sync(shelf, world).held) == 1


def test_a_known_page_can_still_be_brought_to_mail(world: World) -> None:
    world.join("ann")
    page = item("page", world, title="zq5zq")
    ingest.import_page(page, world.config, world.now, mail=False)
    ingest.import_page(page, world.config, world.now, mail=True)
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert world.got("ann") == [5]


def test_a_flood_that_is_dated_a_little_ahead_is_held_all_the_same(world: World, shelf: Shelf) -> None:
    shelf.items += [item(f"n{number}", world, days_ago=-0.0001) for number in range(21)]
    assert len(sync(shelf, world).held) == 21


def test_a_post_dated_long_before_it_was_first_seen_is_held(world: World, shelf: Shelf) -> None:
    shelf.items += [item("fresh", world, days_ago=29), item("stale", world, days_ago=31)]
    assert [post.key for post in sync(shelf, world).held] == ["stale"]


def test_a_post_of_the_future_is_released_on_its_date(world: World, shelf: Shelf) -> None:
    world.join("ann")
    shelf.items.append(item("soon", world, days_ago=-2))
    sync(shelf, world)
    assert Post.objects.get(key="soon").state == "waiting"
    world.move(days=1)
    world.tick()
    assert Post.objects.get(key="soon").state == "waiting"
    world.move(days=1)
    assert world.tick().released == 1
    post = Post.objects.get(key="soon")
    assert (post.state, post.mail, post.released_at) == ("released", True, world.now)


def test_a_day_in_the_sites_zone_begins_at_its_own_midnight(world: World, shelf: Shelf) -> None:
    day = (world.now + timedelta(days=3)).date()
    shelf.items.append(item("day", world, date=PartialDate.of_day(day.year, day.month, day.day)))
    sync(shelf, world)
    assert Post.objects.get(key="day").dated_at.hour == 5  # midnight in New York's winter


def test_a_post_that_left_its_source_stays(world: World, shelf: Shelf) -> None:
    shelf.items = []
    sync(shelf, world)
    assert Post.objects.get(key="old").state == "released"


def test_a_source_that_cannot_be_read_loses_nothing_and_is_remembered(world: World, shelf: Shelf) -> None:
    shelf.error = SourceError("The folder posts is not there.")
    with pytest.raises(SourceError):
        sync(shelf, world)
    assert Source.objects.get().last_error == "The folder posts is not there."
    assert Source.objects.get().first_sync_at is not None
    shelf.error = None
    sync(shelf, world)
    assert Source.objects.get().last_error == ""


def test_a_size_that_is_told_later_is_kept_and_is_no_new_version(world: World, shelf: Shelf) -> None:
    shelf.items = [item("mill", world, image="https://x.example/mill.jpg")]
    sync(shelf, world)
    before = Post.objects.get(title="Mill")
    shelf.items = [item("mill", world, date=None, image="https://x.example/mill.jpg", image_size=(240, 160))]
    world.now += timedelta(hours=1)
    sync(shelf, world)
    after = Post.objects.get(title="Mill")
    assert (after.image_width, after.image_height) == (240, 160)
    assert (after.revision, after.updated_at) == (before.revision, before.updated_at)


def test_what_falls_out_of_a_post_is_named(world: World, shelf: Shelf) -> None:
    shelf.items = [item("mill", world, lost=("a formula",))]
    said = [problem for problem in sync(shelf, world).problems if problem.where == "mill.md"]
    assert [problem.minor for problem in said] == [True]
    assert said[0].what.startswith('a formula falls out of "Mill", because')


def test_categories_become_topics_and_the_rest_are_ignored(world: World, shelf: Shelf) -> None:
    shelf.items.append(item("new", world, categories=("Land Rights", "gossip", "Food")))
    sync(shelf, world)
    assert Post.objects.get(key="new").topics == ["food", "land"]


def test_a_topic_that_is_none_is_named_with_those_there_are(world: World, shelf: Shelf) -> None:
    wrong = {"categories": ("lnad", "Food"), "topics": ("lnad", "Food")}
    shelf.items += [
        item("a", world, **wrong),
        item("b", world, **wrong),
        item("c", world, categories=("gossip",)),
    ]
    said = [problem for problem in sync(shelf, world).problems if "topic" in problem.what]
    names = ", ".join(world.config.topics)
    assert [(one.where, one.minor) for one in said] == [("a.md", True)]
    assert said[0].what.startswith(f'there is no topic "lnad" (nor for b.md); there are: {names}. ')


def test_of_many_topics_that_are_none_ten_are_named(world: World, shelf: Shelf) -> None:
    shelf.items += [item("a", world, topics=tuple(f"word {number}" for number in range(300)))]
    said = [problem.what for problem in sync(shelf, world).problems if "topic" in problem.what]
    assert (len(said), said[-1]) == (11, "290 more topics of its posts are none of ours")


def test_keys_are_readable_unique_and_never_change(world: World, shelf: Shelf) -> None:
    shelf.items += [
        item("a", world, title="Große Übung: «wie»?"),
        item("b", world, title="Große Übung: «wie»?", days_ago=1),
        item("c", world, title="日本 の «水車»"),
        item("d", world, title="Ещё о мельнице"),
        item("e", world, title="«…»"),
        item("f", world, title="Whatever its title is", slug="The_Mill v1.2"),
    ]
    sync(shelf, world)
    assert set(Post.objects.values_list("key", flat=True)) == {
        "old",
        "grosse-ubung-wie",
        "grosse-ubung-wie-2",
        "日本-の-水車",
        "ещё-о-мельнице",
        "post",
        "the_mill-v1-2",
    }


def test_the_feeds_id_of_a_post_survives_a_lost_database(world: World, shelf: Shelf) -> None:
    first = Post.objects.get(key="old").uuid
    Post.objects.all().delete()
    sync(shelf, world)
    assert Post.objects.get(key="old").uuid == first


def test_an_imported_page_is_mailed_only_when_staff_say_so(world: World) -> None:
    page = item("page", world, days_ago=3000)
    post, new = ingest.import_page(page, world.config, world.now, mail=False)
    assert (new, post.state, post.mail) == (True, "released", False)
    again, new = ingest.import_page(page, world.config, world.now, mail=True)
    assert (new, again.pk, Post.objects.get().mail) == (False, post.pk, True)
    other, _ = ingest.import_page(item("other", world), world.config, world.now, mail=True)
    assert other.mail is True


def test_another_page_of_the_same_name_never_overwrites_a_post_by_itself(world: World) -> None:
    first, _ = ingest.import_page(item("story", world), world.config, world.now, mail=False)
    other = item("story", world, title="Quite another story")
    with pytest.raises(Refused, match="save the page under another file name"):
        ingest.import_page(other, world.config, world.now, mail=False)
    assert Post.objects.get().title == "Story"
    post, new = ingest.import_page(other, world.config, world.now, mail=False, replace=True)
    assert (post.pk, new, Post.objects.get().title) == (first.pk, False, "Quite another story")


def test_a_released_post_takes_the_next_number_and_a_second_release_a_new_one(
    world: World, shelf: Shelf
) -> None:
    shelf.items.append(item("stale", world, days_ago=31))
    sync(shelf, world)
    release.release(["stale"], world.now, mail=[])
    first = Post.objects.get(key="stale")
    assert (first.release_number, first.mail) == (2, False)
    release.release(["stale"], world.now, mail=["stale"])
    second = Post.objects.get(key="stale")
    assert (second.release_number, second.mail) == (3, True)


def test_a_post_has_changed_when_it_was_written_not_when_we_first_looked(world: World) -> None:
    shelf = Shelf()
    shelf.items = [item("a", world, days_ago=40), item("b", world, days_ago=2)]
    sync(shelf, world)
    for post in Post.objects.all():
        assert post.updated_at == post.dated_at


def test_posts_of_one_day_have_changed_at_moments_of_their_own_within_it(world: World) -> None:
    shelf = Shelf()
    day = PartialDate.of_day(2026, 3, 1)
    shelf.items = [item(f"post {number}", world, date=day) for number in range(30)]
    sync(shelf, world)
    moments = {post.updated_at.replace(microsecond=0) for post in Post.objects.all()}
    assert len(moments) == 30
    starts = day.starts(world.config.site.timezone)
    assert all(starts <= moment < starts + timedelta(minutes=11) for moment in moments)


def test_posts_without_a_date_get_moments_of_their_own_the_first_the_newest(world: World) -> None:
    shelf = Shelf()
    shelf.items = [item(f"post {number}", world, date=None) for number in range(5)]
    sync(shelf, world)
    ordered = Post.objects.order_by("-dated_at")
    assert [post.key for post in ordered] == [f"post-{number}" for number in range(5)]
    assert ordered[0].dated_at == world.now
    assert all(post.updated_at == post.dated_at for post in ordered)
    world.move(hours=1)
    assert sync(shelf, world).changed == [], "they keep the date of their first sight"


def test_posts_that_change_in_one_look_have_changed_at_moments_of_their_own(world: World) -> None:
    shelf = Shelf()
    shelf.items = [item(f"post {number}", world, days_ago=number + 1) for number in range(10)]
    sync(shelf, world)
    world.move(hours=1)
    before = dict(Post.objects.values_list("key", "updated_at"))
    shelf.items = [
        item(f"post {number}", world, days_ago=number + 1 + 1 / 24, html="<p>Better.</p>")
        for number in range(10)
    ]
    assert len(sync(shelf, world).changed) == 10
    after = dict(Post.objects.values_list("key", "updated_at"))
    assert len({moment.replace(microsecond=0) for moment in after.values()}) == 10
    assert all(before[key] < after[key] <= world.now for key in after)
    assert max(after.values()) == world.now


def test_a_post_dated_ahead_changes_on_its_date_or_when_staff_release_it_today(
    world: World, shelf: Shelf
) -> None:
    shelf.items += [item("later", world, days_ago=-2), item("early", world, days_ago=-3)]
    sync(shelf, world)
    release.release(["early"], world.now, mail=[])
    assert Post.objects.get(key="early").updated_at == world.now
    world.move(days=2, hours=1)
    [later] = release.release_due(world.now)
    assert (later.key, later.updated_at) == ("later", later.dated_at)
