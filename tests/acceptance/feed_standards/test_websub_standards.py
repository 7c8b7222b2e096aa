"""WebSub from the publisher's side, rule by rule, with a real hub."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from feed_site import (
    FEEDS,
    NS,
    TYPES,
    Served,
    each_feed,
)
from hub import Hub, free_port, wait_until
from lxml import etree
from servers.websub import HubServer
from web_requests import Reply


def links_of(reply: Reply) -> list[tuple[str, str]]:
    """(rel, address) of the Link headers (RFC 8288)."""
    written = ", ".join(reply.headers.get_all("Link", []))
    return [(rel, address) for address, rel in re.findall(r'<([^>]*)>; rel="([^"]*)"', written)]


@each_feed
def test_a_feed_advertises_a_hub_and_exactly_one_self(served: Served, websub: HubServer, path: str) -> None:
    """W1"""
    assert links_of(served.get(path)) == [("hub", websub.url), ("self", f"{served.url}/{path}")]


@each_feed
def test_the_address_is_the_same_in_header_body_and_notice(
    served: Served, websub: HubServer, path: str
) -> None:
    """W2; the notice: the next test"""
    address = f"{served.url}/{path}"
    reply = served.get(path)
    assert ("self", address) in links_of(reply)
    if path.endswith("json"):
        feed = json.loads(reply.body)
        assert (feed["feed_url"], feed["hubs"]) == (address, [{"type": "WebSub", "url": websub.url}])
    else:
        written = etree.fromstring(reply.body).xpath(
            "(/rss/channel|/a:feed)/a:link[@rel='self']/@href", namespaces=NS
        )
        assert written == [address]


def test_a_hub_is_told_of_a_change_and_finds_the_new_post_when_it_looks(
    fresh: Path, tmp_path: Path, websub: HubServer
) -> None:
    """W3: the whole program, with a hub that fetches what it was told of, as hubs do."""
    shutil.copytree(fresh, tmp_path / "hub")
    port = str(free_port())
    hub = Hub(
        tmp_path / "hub", {"NEWSLETTER_WEB__PORT": port, "NEWSLETTER_SITE__URL": f"http://127.0.0.1:{port}"}
    )
    hub.env |= {
        "NEWSLETTER_FEEDS__HUBS": f'["{websub.url}"]',
        "NEWSLETTER_FETCH__ALLOWED_HOSTS": '["127.0.0.1"]',
    }
    addresses = {f"http://127.0.0.1:{port}/{path}" for path in FEEDS}
    others = {f"http://127.0.0.1:{port}/topics/news/{file}" for file in TYPES}
    with hub.start("run") as running:
        wait_until(lambda: addresses | others <= websub.fetched.keys(), "the first notices")
        websub.fetched.clear()
        hub.post("mill", "The mill turns", str(datetime.now(UTC).date()), tags="guide")
        hub.run("sync")
        wait_until(lambda: addresses <= websub.fetched.keys(), "the notices of the post")
        for address in addresses:
            assert b"The mill turns" in websub.fetched[address].body
        assert running.stop() == 0
    # The other topic's feeds are as they were, so nobody was told of them.
    assert not others & websub.fetched.keys()
