"""A reader that comes years later gets everything, by going back from the feed (RFC 5005 §4)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import feedparser
import page_samples
import pytest
from lxml import etree
from web_requests import Reply, fetch

from newsletter.config import Config
from newsletter.dates import PartialDate
from newsletter.feeds.archive import SIZE
from newsletter.models import Post, PostState
from newsletter.publishing.ledger import release
from newsletter.publishing.public.static_export import build_feeds

NS = {"a": "http://www.w3.org/2005/Atom", "fh": "http://purl.org/syndication/history/1.0"}
COUNT = 2 * SIZE + 7


def add(site: Config, now: datetime, number: int, **more: object) -> Post:
    """Post ``number``, the higher the newer."""
    date = PartialDate.of_instant(now - timedelta(days=400) + timedelta(hours=number))
    return page_samples.post(site, now, f"Post {number:03d}", html=f"<p>{number}</p>", date=date, **more)


@pytest.fixture
def many(site: Config, now: datetime) -> None:
    for number in range(1, COUNT + 1):
        add(site, now, number, categories=("land rights",) if number % 20 == 0 else ())


def links(content: bytes) -> dict[str, str]:
    """rel → address, of a feed in XML."""
    found = etree.fromstring(content).xpath("/rss/channel/a:link | /a:feed/a:link", namespaces=NS)
    return {link.get("rel"): link.get("href") for link in found}


def titles(content: bytes) -> list[str]:
    return [entry.title for entry in feedparser.parse(content).entries]


@pytest.fixture
def ask(server, site: Config) -> Callable[[str], Reply]:
    """Fetch a public address from the server behind it."""

    def get(address: str) -> Reply:
        assert address.startswith(site.site.url)
        return fetch(server.url + urlsplit(address).path)

    return get


def back(start: str, ask: Callable[[str], Reply]) -> Iterator[tuple[str, bytes]]:
    """The feed, then each archive document before it."""
    address: str | None = start
    while address is not None:
        reply = ask(address)
        assert reply.status == 200, address
        yield address, reply.body
        address = links(reply.body).get("prev-archive")


@pytest.mark.parametrize("file", ["rss.xml", "atom.xml"])
def test_a_new_reader_gets_every_post_by_going_back(many, site, ask, file: str) -> None:
    """A11"""
    documents = list(back(f"{site.site.url}/{file}", ask))
    every = {title for _, content in documents for title in titles(content)}
    assert every == {f"Post {number:03d}" for number in range(1, COUNT + 1)}
    assert [urlsplit(address).path for address, _ in documents] == [
        f"/{file}",
        f"/archive/31-60/{file}",
        f"/archive/1-30/{file}",
    ]


def test_a_json_reader_gets_every_post_by_its_next_url(many, site, ask) -> None:
    address, every = f"{site.site.url}/feed.json", set()
    while address:
        feed = json.loads(ask(address).body)
        assert feed["feed_url"] == address
        every |= {item["title"] for item in feed["items"]}
        address = feed.get("next_url", "")
    assert len(every) == COUNT


def test_a_reader_of_a_topic_gets_its_posts_and_no_others(many, site, ask) -> None:
    start = f"{site.site.url}/topics/land/atom.xml"
    every = {title for _, content in back(start, ask) for title in titles(content)}
    assert every == {f"Post {number:03d}" for number in range(20, COUNT + 1, 20)}


@pytest.mark.parametrize("file", ["rss.xml", "atom.xml"])
def test_an_archive_document_says_what_it_is_and_where_it_stands(many, site, ask, file: str) -> None:
    """A11: fh:archive, current, prev-archive, next-archive, self; the subscription document has no mark."""
    url = site.site.url
    middle = ask(f"{url}/archive/31-60/{file}").body
    assert (
        links(middle).items()
        >= {
            "self": f"{url}/archive/31-60/{file}",
            "current": f"{url}/{file}",
            "prev-archive": f"{url}/archive/1-30/{file}",
        }.items()
    )
    # The one after it is not full yet: its name would change.
    assert "next-archive" not in links(middle)
    oldest = ask(f"{url}/archive/1-30/{file}").body
    assert links(oldest)["next-archive"] == f"{url}/archive/31-60/{file}"
    assert "prev-archive" not in links(oldest)
    for content, marks in ((middle, 1), (ask(f"{url}/{file}").body, 0)):
        assert len(etree.fromstring(content).xpath("//fh:archive", namespaces=NS)) == marks
        assert not feedparser.parse(content).bozo


def test_an_archive_document_is_of_the_same_feed(many, site, ask) -> None:
    """RFC 5005: one logical feed has one id and one title, in every document of it."""
    url = site.site.url
    ids = {
        (found.findtext("a:id", namespaces=NS), found.findtext("a:title", namespaces=NS))
        for found in (
            etree.fromstring(ask(f"{url}/{path}").body) for path in ("atom.xml", "archive/1-30/atom.xml")
        )
    }
    assert len(ids) == 1


def test_a_full_archive_document_stays_byte_for_byte_when_posts_come(many, site, now, ask) -> None:
    address = f"{site.site.url}/archive/1-30/atom.xml"
    before = ask(address)
    for number in range(COUNT + 1, COUNT + SIZE):
        add(site, now + timedelta(days=1), number)
    after = ask(address)
    assert after.body == before.body
    assert after.headers["ETag"] == before.headers["ETag"]


def test_an_old_page_that_is_imported_today_is_found_as_well(many, site, now, ask) -> None:
    """It is not among the newest by date, and no full archive document may take it."""
    date = PartialDate.of_instant(now - timedelta(days=4000))
    page_samples.post(site, now, "An old page", date=date)
    start = f"{site.site.url}/rss.xml"
    documents = list(back(start, ask))
    assert "An old page" not in titles(documents[0][1])
    assert urlsplit(documents[1][0]).path == f"/archive/61-{COUNT + 1}/rss.xml"
    assert "An old page" in titles(documents[1][1])


def test_a_document_that_was_the_newest_once_keeps_its_address(many, site, now, ask) -> None:
    page_samples.post(site, now, "An old page", date=PartialDate.of_instant(now - timedelta(days=4000)))
    address = links(ask(f"{site.site.url}/atom.xml").body)["prev-archive"]
    before = titles(ask(address).body)
    page_samples.post(site, now, "A new page")
    assert links(ask(f"{site.site.url}/atom.xml").body)["prev-archive"] != address
    assert titles(ask(address).body) == before


def test_a_withdrawn_post_leaves_the_archive_and_moves_no_other(many, site, now, ask) -> None:
    url = site.site.url
    before = {path: titles(ask(f"{url}/archive/{path}/rss.xml").body) for path in ("1-30", "31-60")}
    made = Post.objects.get(title="Post 005")
    made.updated_at = now + timedelta(hours=1)
    page_samples.in_state(made, PostState.WITHDRAWN)
    after = {path: titles(ask(f"{url}/archive/{path}/rss.xml").body) for path in ("1-30", "31-60")}
    assert after["1-30"] == [title for title in before["1-30"] if title != "Post 005"]
    assert after["31-60"] == before["31-60"]


def test_a_post_that_is_released_anew_moves_to_the_newest_documents(many, site, now, ask) -> None:
    """Its new number is the newest; readers know it again by its id."""
    made = Post.objects.get(title="Post 005")
    page_samples.in_state(made, PostState.HELD)
    release.release([made.key], now, mail=[])
    start = f"{site.site.url}/rss.xml"
    documents = list(back(start, ask))
    assert sum("Post 005" in titles(content) for _, content in documents) == 1
    assert "Post 005" not in titles(ask(f"{site.site.url}/archive/1-30/rss.xml").body)


def test_what_never_was_an_archive_document_is_unknown(many, server) -> None:
    for path in (
        "archive/1-29/rss.xml/x",
        "archive/2-30/rss.xml",
        "archive/61-90/rss.xml",
        "archive/91-120/rss.xml",
        "archive/0-29/rss.xml",
        "topics/food/archive/1-30/rss.xml",
        "topics/none/archive/1-30/rss.xml",
        "archive/1-30/x.xml",
    ):
        assert fetch(f"{server.url}/{path}").status == 404, path


def test_archive_documents_answer_as_feeds_do_and_are_kept_longer(many, server) -> None:
    address = f"{server.url}/archive/1-30/atom.xml"
    first = fetch(address, Accept_Encoding="br")
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    assert first.headers["Content-Encoding"] == "br"
    again = fetch(address, Accept_Encoding="br", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")


def test_a_small_site_has_no_archive(site, now, server) -> None:
    for number in range(1, 6):
        add(site, now, number)
    content = fetch(f"{server.url}/atom.xml").body
    assert "prev-archive" not in links(content)
    assert not [path for path in build_feeds(site, now) if "archive" in path]


def test_the_files_hold_every_document_that_a_feed_leads_to(many, site, now, ask) -> None:
    files = build_feeds(site, now)
    for address in (f"{site.site.url}/rss.xml", f"{site.site.url}/topics/land/atom.xml"):
        for found, content in back(address, ask):
            assert files[urlsplit(found).path.lstrip("/")] == content
    archives = {path for path in files if path.startswith("archive/")}
    assert archives == {
        f"archive/{name}/{file}"
        for name in ("1-30", "31-60")
        for file in ("rss.xml", "atom.xml", "feed.json")
    }
