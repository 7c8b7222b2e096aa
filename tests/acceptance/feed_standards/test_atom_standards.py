"""Atom (RFC 4287) and its archives (RFC 5005), rule by rule, on what a running site serves."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
from feed_site import (
    FEEDS,
    NS,
    Served,
    built,
    each_atom,
)
from hub import Hub
from lxml import etree
from servers.websub import HubServer
from web_requests import fetch


@each_atom
def test_the_feed_has_one_id_title_updated_and_author(served: Served, path: str) -> None:
    """A1"""
    root = served.xml(path)
    for name in ("id", "title", "updated"):
        assert len(root.findall(f"a:{name}", NS)) == 1
    assert root.findtext("a:author/a:name", namespaces=NS)


@each_atom
def test_every_entry_has_one_id_title_updated_and_content(served: Served, path: str) -> None:
    """A2"""
    for entry in served.items(path):
        for name in ("id", "title", "updated", "content"):
            assert len(entry.findall(f"a:{name}", NS)) == 1
        assert entry.find("a:content", NS).get("src") is None


@each_atom
def test_no_two_entries_say_that_they_changed_at_the_same_moment(served: Served, path: str) -> None:
    """A5: the W3C validator warns of DuplicateUpdated; all posts of this site came with one sync."""
    moments = [entry.findtext("a:updated", namespaces=NS) for entry in served.items(path)]
    assert len(set(moments)) == len(moments)


def test_ids_stay_when_everything_else_changes(hub: Hub, tmp_path: Path) -> None:
    """A3: title, text, date, domain and scheme; ids are IRIs, the same in every format."""
    today = datetime.now(UTC).date()
    hub.post("mill", "The mill", str(today - timedelta(days=2)), tags="guide")
    before = built(hub, tmp_path / "1")
    hub.post("mill", "The mill, once more", str(today - timedelta(days=1)), tags="guide", body="Other words.")
    after = built(hub, tmp_path / "2", NEWSLETTER_SITE__URL="https://elsewhere.example/news")
    assert "The mill, once more" in after["atom.xml"].decode()
    ids = re.compile(rb'<id>([^<]+)</id>|<guid[^>]*>([^<]+)</guid>|"id":"([^"]+)"')
    for file in FEEDS:
        found = [b"".join(groups).decode() for groups in ids.findall(before[file])]
        assert found == [b"".join(groups).decode() for groups in ids.findall(after[file])]
        assert all(one.startswith("urn:uuid:") for one in found)
        assert found


@each_atom
def test_dates_are_rfc3339_with_a_zone(served: Served, path: str) -> None:
    """A4"""
    dates = served.xml(path).xpath("//a:updated | //a:published", namespaces=NS)
    for found in dates:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", found.text)


def test_updated_moves_with_an_edit_and_with_nothing_else_and_published_never(
    hub: Hub, tmp_path: Path
) -> None:
    """A5"""
    day = str(datetime.now(UTC).date() - timedelta(days=2))
    hub.post("mill", "The mill", day)
    first = built(hub, tmp_path / "1")["atom.xml"]
    (hub.folder / "posts" / "mill.md").touch()
    assert built(hub, tmp_path / "2")["atom.xml"] == first
    hub.post("mill", "The mill", day, body="Mended words.")
    second = built(hub, tmp_path / "3")["atom.xml"]
    moments = [
        [
            etree.fromstring(feed).findtext(f"a:entry/a:{name}", namespaces=NS)
            for name in ("published", "updated")
        ]
        for feed in (first, second)
    ]
    assert moments[0][0] == moments[1][0]
    assert moments[0][1] < moments[1][1]


@each_atom
def test_nothing_has_two_alternate_links_of_one_type(served: Served, path: str) -> None:
    """A6"""
    root = served.xml(path)
    for element in (root, *served.items(path)):
        links = element.xpath("a:link[not(@rel) or @rel='alternate']", namespaces=NS)
        assert len({(link.get("type"), link.get("hreflang")) for link in links}) == len(links) == 1


@each_atom
def test_content_is_html_that_was_escaped_once(served: Served, path: str) -> None:
    """A7"""
    for entry in served.items(path):
        content = entry.find("a:content", NS)
        assert content.get("type") == "html"
        assert len(content) == 0
        assert content.text.startswith("<")
    read = feedparser.parse(served.get(path).body)
    assert "&lt;p&gt;" not in read.entries[0].content[0].value


def test_the_feed_names_itself_its_hub_and_its_recordings(served: Served, websub: HubServer) -> None:
    """A8"""
    links = {link.get("rel"): link.get("href") for link in served.xml("atom.xml").findall("a:link", NS)}
    assert links["self"] == f"{served.url}/atom.xml"
    assert links["hub"] == websub.url
    (recording,) = served.item("atom.xml", "A talk by the river").xpath(
        "a:link[@rel='enclosure']", namespaces=NS
    )
    assert (recording.get("type"), recording.get("length")) == ("audio/mpeg", "48213117")
    assert recording.get("title")


@each_atom
def test_a_title_is_text_with_its_signs_in_it(served: Served, path: str) -> None:
    """A9: nothing in a title is markup here."""
    title = served.item(path, 'Mills & <weirs> "at work"').find("a:title", NS)
    assert title.get("type", "text") == "text"


@each_atom
def test_every_reference_of_an_entry_is_absolute(served: Served, path: str) -> None:
    """A10"""
    for address in served.xml(path).xpath(
        "//a:link/@href | //a:uri/text() | //media:content/@url", namespaces=NS
    ):
        assert urlsplit(address).scheme in ("http", "https")


@each_atom
def test_a_new_reader_comes_to_every_post_through_the_archive(served: Served, path: str) -> None:
    """A11"""
    folder = path.removesuffix("atom.xml")
    address: str | None = f"{served.url}/{path}"
    titles, current = set(), set()
    while address:
        root = etree.fromstring(fetch(address).body)
        titles |= set(root.xpath("a:entry/a:title/text()", namespaces=NS))
        current |= set(root.xpath("a:link[@rel='current']/@href", namespaces=NS))
        assert bool(root.xpath("fh:archive", namespaces=NS)) == ("archive/" in address)
        address = next(iter(root.xpath("a:link[@rel='prev-archive']/@href", namespaces=NS)), None)
    everything = {f"Post {number:02d}" for number in range(1, 36) if not folder or number % 5 == 0}
    assert titles >= everything | {"مرحبا بكم", "A very long post"}
    assert current <= {f"{served.url}/{path}"}


@each_atom
def test_it_is_served_as_atom(served: Served, path: str) -> None:
    """A12"""
    assert served.get(path).headers["Content-Type"] == "application/atom+xml; charset=utf-8"
