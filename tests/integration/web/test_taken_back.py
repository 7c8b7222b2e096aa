"""A post that is taken back, and one that is mended, as readers find them over HTTP."""

from __future__ import annotations

from dataclasses import replace

import page_samples
from django.test import Client
from world import World, next_tuesday_nine

from newsletter.dates import PartialDate
from newsletter.models import Edition, Post
from newsletter.publishing.decisions import post_actions
from newsletter.publishing.ingest import stored_images, sync
from newsletter.publishing.ledger import release
from newsletter.sources.base import Fetched, Item, Look, MediaFile, Name, NameScheme

FEEDS = ("/rss.xml", "/atom.xml", "/feed.json", "/topics/food/rss.xml", "/topics/food/atom.xml")
PICTURE = "0123456789abcdef0123456789abcdef.png"
WORDS = "The mill turns again"


class Shelf:
    name = "posts"

    def __init__(self) -> None:
        self.items: list[Item] = []

    def fetch(self, look: Look) -> Fetched:
        return Fetched(list(self.items))


def mailed(world: World) -> Shelf:
    """A source whose first post after its first sync has gone to ann, with another post beside it."""
    world.join("ann")
    shelf = Shelf()
    sync.sync(shelf, world.config, world.now)
    for number, title in ((1, f"{WORDS} zq1zq"), (2, "Seeds zq2zq")):
        names = (Name(NameScheme.ID, str(number)),)
        html = (
            f'<p>{title}, after a hundred years.</p><img src="http://127.0.0.1:8000/media/{PICTURE}" alt="">'
        )
        file = MediaFile(PICTURE, "image/png", b"\x89PNG\r\n\x1a\n...")
        item = Item(
            names=names,
            title=title,
            html=html if number == 1 else "<p>Seeds.</p>",
            date=PartialDate.of_instant(world.now),
            categories=("Food",),
            files=(file,) if number == 1 else (),
        )
        shelf.items.append(item)
    sync.sync(shelf, world.config, world.now)
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert sorted(world.got("ann")) == [1, 2]
    return shelf


def shown_at(browser: Client) -> list[str]:
    """Where the words of the post can be read."""
    number = Edition.objects.get().pk
    places = (*FEEDS, "/", "/topics/food/", f"/editions/{number}/", "/posts/the-mill-turns-again-zq1zq/")
    return [place for place in places if WORDS in browser.get(place).content.decode()]


def test_a_post_that_is_taken_back_is_nowhere_any_more(world: World, browser: Client) -> None:
    mailed(world)
    everywhere = shown_at(browser)
    assert len(everywhere) == len(FEEDS) + 4
    before = {place: browser.get(place)["ETag"] for place in FEEDS}
    assert browser.get(f"/media/{PICTURE}").status_code == 200
    done = post_actions.withdraw("the-mill-turns-again-zq1zq", world.config, world.now)
    assert [row.subscriber.address for row in post_actions.who_has(done.post)] == ["ann@example.org"]
    assert shown_at(browser) == []
    assert browser.get("/posts/the-mill-turns-again-zq1zq/").status_code == 410
    assert browser.get(f"/media/{PICTURE}").status_code == 404
    assert stored_images.find(PICTURE) is None
    for place, etag in before.items():
        answer = browser.get(place, headers={"If-None-Match": etag})
        assert (answer.status_code, "Seeds zq2zq" in answer.content.decode()) == (200, True)


def test_its_source_does_not_bring_it_back_and_staff_can(world: World, browser: Client) -> None:
    shelf = mailed(world)
    post_actions.withdraw("the-mill-turns-again-zq1zq", world.config, world.now)
    world.move(hours=1)
    sync.sync(shelf, world.config, world.now)
    assert shown_at(browser) == []
    release.release(["the-mill-turns-again-zq1zq"], world.now, mail=[])
    assert len(shown_at(browser)) == len(FEEDS) + 4
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert sorted(world.got("ann")) == [1, 2]


def test_an_edit_changes_feeds_and_archive_and_mails_nobody_again(world: World, browser: Client) -> None:
    shelf = mailed(world)
    guid = Post.objects.get(key="the-mill-turns-again-zq1zq").uuid.urn
    before = browser.get("/atom.xml")
    world.move(hours=1)
    shelf.items[0] = replace(
        shelf.items[0], html="<p>It turns after ninety years.</p>", title=f"{WORDS}! zq1zq"
    )
    sync.sync(shelf, world.config, world.now)
    after = browser.get("/atom.xml", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    text = after.content.decode()
    assert "ninety years" in text
    assert text.count("<entry>") == 2
    assert guid in text
    assert "ninety years" in browser.get("/posts/the-mill-turns-again-zq1zq/").content.decode()
    # The web version of a mail stays what its readers got.
    assert "ninety" not in browser.get(f"/editions/{Edition.objects.get().pk}/").content.decode()
    world.now = next_tuesday_nine(world.now)
    world.run()
    assert sorted(world.got("ann")) == [1, 2]


def test_our_own_page_of_a_post_exists_only_where_it_has_no_other(site, now, browser: Client) -> None:
    page_samples.post(site, now, "Seeds to share", url="https://example.org/seeds")
    answer = browser.get("/posts/seeds-to-share/")
    assert (answer.status_code, answer["Location"]) == (302, "https://example.org/seeds")
    assert 'href="https://example.org/seeds"' in browser.get("/").content.decode()
    assert "https://example.org/seeds" in browser.get("/rss.xml").content.decode()
    assert "/posts/seeds-to-share/" not in browser.get("/rss.xml").content.decode()
