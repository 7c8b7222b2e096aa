"""How a feed is found from a page, rule by rule, on every kind of page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from feed_site import (
    FEEDS,
    TYPES,
    Served,
)
from lxml import html
from web_requests import fetch


def pages_of(served: Served) -> list[str]:
    """A page of every kind, the one behind a personal link included."""
    mail = next((served.hub.folder / "outbox").rglob("*.eml")).read_text(encoding="utf-8")
    (personal,) = set(re.findall(rf"List-Unsubscribe: <{re.escape(served.url)}(/unsubscribe/[^>]+)>", mail))
    return [
        "/",
        "/page/2/",
        "/topics/guides/",
        "/posts/p35/",
        "/subscribe",
        "/editions/1/",
        "/no-such-page",
        personal,
    ]


def test_every_page_announces_each_feed_under_a_name_of_its_own(served: Served) -> None:
    """D1"""
    for page in pages_of(served):
        root = html.fromstring(fetch(served.url + page).body)
        links = root.xpath("//head/link[@rel='alternate']")
        announced = {urlsplit(link.get("href")).path: link for link in links}
        assert {f"/{file}" for file in TYPES} <= announced.keys(), page
        for path, link in announced.items():
            assert link.get("type") == TYPES[path.rpartition("/")[2]]
        assert len({link.get("title") for link in links}) == len(links) >= 3


def test_what_is_announced_is_at_the_public_address(served: Served) -> None:
    """D2; behind a proxy with a prefix: tests/integration/web/test_feed_door.py"""
    root = html.fromstring(fetch(f"{served.url}/", Host="evil.example").body)
    root.make_links_absolute(f"{served.url}/")
    for link in root.xpath("//head/link[@rel='alternate']/@href"):
        assert fetch(link).status == 200
        assert link.startswith(f"{served.url}/")
    for path in FEEDS:
        assert b"evil" not in served.get(path, Host="evil.example", X_Forwarded_Host="evil.example").body
