"""A site with all that is hard for feeds, and a reader of what it serves, for the tests of the feed standards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hub import Hub
from lxml import etree
from web_requests import Reply, fetch

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "media": "http://search.yahoo.com/mrss/",
}
TYPES = {
    "rss.xml": "application/rss+xml",
    "atom.xml": "application/atom+xml",
    "feed.json": "application/feed+json",
}
FEEDS = [*TYPES, *(f"topics/guides/{file}" for file in TYPES)]
each_feed = pytest.mark.parametrize("path", FEEDS)
each_rss = pytest.mark.parametrize("path", [path for path in FEEDS if path.endswith("rss.xml")])
each_atom = pytest.mark.parametrize("path", [path for path in FEEDS if path.endswith("atom.xml")])
each_json = pytest.mark.parametrize("path", [path for path in FEEDS if path.endswith("feed.json")])
each_coding = pytest.mark.parametrize("coding", ["identity", "gzip", "br"])

#: What a Markdown file may hold that no feed may.
HOSTILE = """\
See <a href="/map">the map</a>, [more](../more) and ![a mill](mill.jpg).

<script>alert(1)</script><style>p {color: red}</style><iframe src="https://example.org/x"></iframe>
<form action="/x"><input></form><p onclick="alert(2)">]]> and <![CDATA[ stay text, 👩🏽‍🏫 too.</p>
<a href="javascript:alert(3)">never</a> \x0b\x1f
"""


@dataclass
class Served:
    """A running site, and what its feeds were when it was started."""

    url: str
    hub: Hub

    def get(self, path: str, **headers: str) -> Reply:
        return fetch(f"{self.url}/{path}", **headers)

    def xml(self, path: str) -> etree._Element:
        return etree.fromstring(self.get(path).body)

    def items(self, path: str) -> list[etree._Element]:
        return self.xml(path).xpath("channel/item | a:entry", namespaces=NS)

    def json(self, path: str = "feed.json") -> dict[str, Any]:
        return json.loads(self.get(path).body)

    def item(self, path: str, title: str) -> etree._Element:
        (found,) = [item for item in self.items(path) if item.findtext("{*}title") == title]
        return found


def write(hub: Hub, name: str, front: dict[str, Any], body: str) -> None:
    """A Markdown file as staff write it. JSON is YAML."""
    head = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in front.items())
    (hub.folder / "posts" / f"{name}.md").write_text(f"---\n{head}---\n\n{body}\n", encoding="utf-8")


def fill(hub: Hub, today: date) -> None:
    for number in range(1, 36):
        day = str(today - timedelta(days=60 - number))
        tags = ["guide"] if number % 5 == 0 else []
        write(
            hub,
            f"p{number:02d}",
            {"title": f"Post {number:02d}", "date": day, "tags": tags},
            "Words. **Bold.**",
        )
    ago = {days: str(today - timedelta(days=days)) for days in range(20)}
    hostile = {
        "title": 'Mills & <weirs> "at work"',
        "date": ago[9],
        "author": ["Ana Sousa", "Ben Okoro"],
    }
    hostile |= {
        "tags": ["guide", "news"],
        "image": "https://example.org/mill.jpg",
        "summary": "Mills < weirs & more",
    }
    write(hub, "hostile", hostile, HOSTILE)
    arabic = {"title": "مرحبا بكم", "date": ago[8], "lang": "ar", "tags": ["guide"]}
    write(hub, "arabic", arabic, "مرحبا بكم في المركز 🎉")
    guide: dict[str, Any] = {"tags": ["guide"]}
    write(hub, "long", guide | {"title": "A very long post", "date": ago[7]}, "Many words. " * 80_000)
    write(hub, "draft", guide | {"title": "A draft", "date": ago[6], "draft": True}, "Not yet.")
    later = str(today + timedelta(days=90))
    write(hub, "future", guide | {"title": "From the future", "date": later}, "Later.")
    write(hub, "held", guide | {"title": "A held post", "date": ago[5]}, "Wait.")
    write(hub, "gone", guide | {"title": "A withdrawn post", "date": ago[4]}, "A mistake.")


def texts(served: Served, path: str) -> list[str]:
    """The HTML of every post in a feed."""
    if path.endswith("json"):
        return [item["content_html"] for item in served.json(path)["items"]]
    found = served.xml(path).xpath("//content:encoded | //a:content", namespaces=NS)
    return [element.text for element in found]


def built(hub: Hub, out: Path, **env: str) -> dict[str, bytes]:
    """Sync, and what ``feeds build`` writes then."""
    other = Hub(hub.folder, {**hub.env, **env})
    other.run("sync")
    other.run("feeds", "build", "--out", str(out))
    return {str(file.relative_to(out)): file.read_bytes() for file in out.rglob("*") if file.is_file()}
