"""JSON Feed 1.1, rule by rule, on what a running site serves."""

from __future__ import annotations

from datetime import datetime

from feed_site import (
    NS,
    Served,
    each_json,
)
from web_requests import fetch


@each_json
def test_version_title_and_items_are_there(served: Served, path: str) -> None:
    """J1"""
    feed = served.json(path)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["items"]


@each_json
def test_every_item_has_an_id_of_its_own(served: Served, path: str) -> None:
    """J2: the same as in the other formats, so that it is as permanent"""
    ids = [item["id"] for item in served.json(path)["items"]]
    assert all(isinstance(one, str) and one for one in ids)
    assert len(set(ids)) == len(ids)
    atom_ids = served.xml(path.replace("feed.json", "atom.xml")).xpath("a:entry/a:id/text()", namespaces=NS)
    assert ids == atom_ids[: len(ids)]


@each_json
def test_html_stands_in_content_html_and_nowhere_else(served: Served, path: str) -> None:
    """J3"""
    for item in served.json(path)["items"]:
        assert item["content_html"]
        assert "<p>" not in item["title"] + item["summary"]


@each_json
def test_the_feed_names_its_page_its_own_address_and_its_pictures(served: Served, path: str) -> None:
    """J4"""
    feed = served.json(path)
    assert feed["feed_url"] == f"{served.url}/{path}"
    assert fetch(feed["home_page_url"]).headers.get_content_type() == "text/html"
    assert feed["icon"] == "https://example.org/logo.png"
    assert fetch(feed["favicon"]).headers["Content-Type"] == "image/svg+xml"


def test_authors_dates_attachments_tags_picture_and_language_are_named(served: Served) -> None:
    """J5"""
    feed = served.json()
    by_title = {item["title"]: item for item in feed["items"]}
    item = by_title['Mills & <weirs> "at work"']
    assert feed["authors"] == [{"name": "Example Hub", "url": f"{served.url}/"}]
    assert (feed["language"], by_title["مرحبا بكم"]["language"]) == ("en", "ar")
    assert [author["name"] for author in item["authors"]] == ["Ana Sousa", "Ben Okoro"]
    assert (item["tags"], item["image"]) == (["Guides", "News"], "https://example.org/mill.jpg")
    assert by_title["A talk by the river"]["attachments"] == [
        {"url": "https://talks.example.org/river.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 48213117}
    ]
    for one in feed["items"]:
        for name in ("date_published", "date_modified"):
            assert datetime.fromisoformat(one[name]).tzinfo is not None


@each_json
def test_it_is_served_as_json_feed_in_utf8_and_small(served: Served, path: str) -> None:
    """J6"""
    reply = served.get(path)
    assert reply.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    assert "مرحبا بكم".encode() in reply.body
    assert len(reply.body) < 250_000
    assert served.get(path, If_None_Match=reply.headers["ETag"]).status == 304
