"""Made-up feed documents: whole ones in each format, then damaged as programs, people and attackers damage them.

Run as a program it reads documents in a process of its own and tells its worst time and its peak of memory.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hostile import PIECES, assert_safe
from hypothesis import strategies as st
from peak_memory import peak_megabytes

from newsletter.sources.base import Item
from newsletter.sources.webfeed.items import Ours, read_items
from newsletter.sources.webfeed.model import Feed, NotAFeed
from newsletter.sources.webfeed.source import read_feed

NOW = datetime(2026, 11, 24, tzinfo=UTC)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")
URL = "https://mill.example.org/feed"

words = st.one_of(
    st.sampled_from(
        [
            "Bread & mills",
            "Café “news”",
            "مرحبا",
            "磨坊",
            "A < B",
            "😀",
            "",
            "x" * 400,
            "It&#8217;s",
            "A\u0007B",
        ]
    ),
    st.sampled_from(PIECES),
    st.text(max_size=20),
)
texts = st.lists(
    st.one_of(
        words,
        st.sampled_from(["<p>One</p>", "<img src='a.jpg' alt='b'>", "<a href='/x#y'>z</a>", "[…]", "\n\n"]),
    ),
    max_size=6,
).map("".join)
addresses = st.sampled_from(
    ["https://mill.example.org/1", "/2", "3?a=1&b=2", "", "javascript:x", "http://[", "//host", "#f",
     "https://mill.example.org/",     "data:text/html,x", "https://" + "a" * 3000, "urn:uuid:1", "\u202ehttps://x", "https://bücher.example/ü"]
)  # fmt: skip
moments = st.sampled_from(
    ["Mon, 05 Oct 2026 09:00:00 +0000", "2026-10-05T09:00:00Z", "2026-10", "", "0000-00-00",
     "Thu, 01 Jan 1970 00:00:00 GMT", "3026-01-01", "Mon, 30 Nov -0001 00:00:00 +0000", "9" * 60,
     "99999-99-99T99:99:99+99:99", "1 Jan 10000"]
)  # fmt: skip
ids = st.one_of(
    st.sampled_from(["1", "2", "https://mill.example.org/?p=1", "", "x" * 2000]), st.text(max_size=8)
)
media = st.sampled_from(["audio/mpeg", "image/png", "", "video/mp4", "text/html", "audio/" + "x" * 300])


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _written(text: str, how: int) -> str:
    """As feeds write a text: escaped, in CDATA, escaped twice, or simply as it is."""
    return (escaped(text), f"<![CDATA[{text}]]>", escaped(escaped(text)), text)[how]


written = st.builds(_written, texts, st.integers(0, 3))


def _element(name: str, text: str, attributes: dict[str, str]) -> str:
    said = "".join(f' {key}="{escaped(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>{text}</{name}>" if text else f"<{name}{said}/>"


attributes = st.fixed_dictionaries(
    {},
    optional={
        "type": st.one_of(st.sampled_from(["html", "xhtml", "text", "text/html", "application/xml"]), media),
        "mode": st.sampled_from(["xml", "escaped", "base64"]),
        "href": addresses,
        "url": addresses,
        "rel": st.sampled_from(["alternate", "self", "enclosure", "replies"]),
        "length": st.sampled_from(["0", "12", "-1", "many", "9" * 40]),
        "isPermaLink": st.sampled_from(["true", "false"]),
        "xml:base": addresses,
        "xml:lang": st.sampled_from(["en", "pt_BR", "", "x" * 50]),
    },
)


def _elements(names: str) -> st.SearchStrategy[str]:
    value = st.one_of(written, addresses.map(escaped), moments, ids.map(escaped))
    one = st.builds(_element, st.sampled_from(names.split()), value, attributes)
    return st.lists(one, max_size=8).map("".join)


RSS_PARTS = (
    "title link guid pubDate description content:encoded dc:creator dc:date author category enclosure media:content "
    "media:thumbnail media:group itunes:image itunes:summary atom:link atom:content source comments foo:bar"
)
ATOM_PARTS = (
    "title link id published updated summary content author category contributor source rights issued media:group "
    "dc:creator"
)
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
)
rss_documents = st.builds(
    lambda head, items, spaces: (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {SPACES if spaces else ""}><channel>{head}'
        + "".join(f"<item>{one}</item>" for one in items)
        + "</channel></rss>"
    ),
    _elements("title link ttl language sy:updatePeriod generator image"),
    st.lists(_elements(RSS_PARTS), max_size=5),
    st.booleans(),
)
atom_documents = st.builds(
    lambda head, items, space: (
        f'<feed xmlns="{space}" {SPACES}>{head}'
        + "".join(f"<entry>{one}</entry>" for one in items)
        + "</feed>"
    ),
    _elements("title link id updated author generator"),
    st.lists(_elements(ATOM_PARTS), max_size=5),
    st.sampled_from(["http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "", "urn:x"]),
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts, addresses, moments, ids, media),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "url", "mime_type", "size_in_bytes", "x"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


def _mostly(right: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(right, right, right, json_values)


people = _mostly(st.lists(st.fixed_dictionaries({"name": words}), max_size=2))
files = st.fixed_dictionaries(
    {"url": addresses, "mime_type": media, "size_in_bytes": st.integers() | st.floats()}
)
json_items = st.fixed_dictionaries(
    {"id": _mostly(ids), "title": _mostly(texts), "content_html": _mostly(texts)},
    optional={
        "url": _mostly(addresses), "external_url": addresses, "content_text": _mostly(texts), "summary": _mostly(texts),
        "image": _mostly(addresses), "date_published": _mostly(moments), "date_modified": _mostly(moments),
        "authors": people, "author": json_values, "tags": _mostly(st.lists(words, max_size=3)), "language": words,
        "attachments": _mostly(st.lists(files, max_size=2)),
    },
)  # fmt: skip
json_documents = st.builds(
    lambda head, items: json.dumps(head | {"items": items}),
    st.dictionaries(
        st.sampled_from(["version", "title", "home_page_url", "authors", "language"]), json_values, max_size=4
    ),
    st.lists(_mostly(json_items), max_size=5),
)

#: What happens to a document on its way: (text, a place in it from 0 to 1, how much) → text.
Damage = Callable[[str, float, int], str]


def _at(text: str, place: float) -> int:
    return int(len(text) * place)


def _cut(text: str, place: float, much: int) -> str:
    return text[: _at(text, place)]


def _drop(text: str, place: float, much: int) -> str:
    """Without the next tag."""
    start = text.find("<", _at(text, place))
    end = text.find(">", start)
    return text if start < 0 or end < 0 else text[:start] + text[end + 1 :]


def _repeat(text: str, place: float, much: int) -> str:
    """A piece of it many times over."""
    start = _at(text, place)
    return text[:start] + text[start : start + 40] * much + text[start:]


def _nest(text: str, place: float, much: int) -> str:
    start = text.find("<", _at(text, place))
    return text if start < 0 else text[:start] + "<div>" * much + text[start:]


def _huge_attribute(text: str, place: float, much: int) -> str:
    start = text.find(">", _at(text, place))
    return text if start < 0 else text[:start] + ' a="' + "x " * much * 10 + '"' + text[start:]


def _many_attributes(text: str, place: float, much: int) -> str:
    start = text.find(">", _at(text, place))
    more = "".join(f' a{number}="x"' for number in range(min(much, 3000)))
    return text if start < 0 else text[:start] + more + text[start:]


def _insert(text: str, place: float, much: int) -> str:
    start = _at(text, place)
    return text[:start] + PIECES[much % len(PIECES)] * min(much, 500) + text[start:]


def _doctype(text: str, place: float, much: int) -> str:
    entities = "".join(
        f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, min(much, 20))
    )
    evil = '<!ENTITY f SYSTEM "file:///etc/hostname"><!ENTITY e0 "laugh">'
    start = text.find("<title")
    used = text if start < 0 else text[:start] + "<title>&e9;&f;</title>" + text[start:]
    return f"<!DOCTYPE rss [{evil}{entities}]>" + used.partition("?>")[2] if "?>" in used else used


DAMAGES: tuple[Damage, ...] = (
    _cut, _drop, _drop, _repeat, _nest, _huge_attribute, _many_attributes, _insert, _doctype,
)  # fmt: skip
amounts = st.sampled_from([1, 2, 3, 9, 50, 50, 1000, 20_000])
damages = st.lists(st.tuples(st.sampled_from(DAMAGES), st.floats(0, 1), amounts), max_size=3)
encodings = st.sampled_from(
    ["utf-8"] * 6 + ["utf-16", "utf-16-le", "latin-1", "windows-1252", "utf-8-sig", "shift_jis", "utf-7"]
)
#: (place from 0 to 1, new byte)
flips = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=4)
types = st.sampled_from(
    ["application/xml", "text/xml; charset=iso-8859-1", "text/html", "", "application/json; charset=utf-16"]
)


def _arrived(
    text: str, how: list[tuple[Damage, float, int]], encoding: str, wrong: list[tuple[float, int]]
) -> bytes:
    for damage, place, much in how:
        if len(text) < 400_000:
            text = damage(text, place, much)
    content = bytearray(text.encode(encoding, "replace"))
    for place, byte in wrong:
        if content:
            content[min(int(len(content) * place), len(content) - 1)] = byte
    return bytes(content)


def documents(kind: str) -> st.SearchStrategy[bytes]:
    """Documents of one format, most of them damaged."""
    whole = {"rss": rss_documents, "atom": atom_documents, "json": json_documents}[kind]
    # One wrong byte can make JSON unreadable as a whole, so that half of it stays as it is.
    more = (damages, flips) if kind != "json" else (damages | st.just([]), flips | st.just([]))
    return st.builds(_arrived, whole, more[0], encodings, more[1])


def read(content: bytes, content_type: str) -> tuple[Feed, tuple[Item, ...]] | None:
    """What becomes of a document; None for what is no feed. Everything else that is raised is a mistake of ours."""
    try:
        feed = read_feed(content, content_type, URL)
    except NotAFeed as error:
        if "\n" in str(error):
            raise AssertionError("a message is one line") from error
        return None
    found = read_items(feed, URL, (), Ours(NOW, "Europe/Berlin", "https://hub.example.org"))
    json.dumps([problem.what for problem in found.problems])
    return feed, found.items


def judge(items: tuple[Item, ...]) -> None:
    """What is true of every item, whatever the feed was."""
    names = [name for item in items for name in item.names]
    assert len(names) == len(set(names))
    for item in items:
        assert item.names
        assert item.title.strip()
        assert len(item.title) <= 300
        assert item.title.isprintable() or not any(ord(character) < 32 for character in item.title)
        assert item.date is None or item.date.starts("Europe/Berlin") <= NOW.replace(hour=1)
        assert all(len(name.value) <= 1000 for name in item.names)
        for address in (item.url, item.image, item.enclosure and item.enclosure.url):
            assert not address or address.startswith(("http://", "https://"))
        assert not any(_MAIL.search(author) for author in item.authors)
        f"{item.title}{item.html}{item.summary}".encode()
        assert_safe(item.html)


def reader() -> None:
    """Documents on standard input, each after its length and its type; what was worst on standard output."""
    worst = {"documents": 0.0, "feeds": 0.0, "items": 0.0, "seconds": 0.0, "bytes": 0.0, "largest": 0.0}
    while head := sys.stdin.buffer.readline():
        said = json.loads(head)
        content = sys.stdin.buffer.read(said["length"])
        begun = time.process_time()
        try:
            found = read(content, said["type"])
            took = time.process_time() - begun
            judge(found[1] if found else ())
        except Exception:
            sys.stderr.write(f"{said['type']!r} {content!r}\n")
            raise
        worst["documents"] += 1
        worst["largest"] = max(worst["largest"], len(content))
        if took > worst["seconds"]:
            worst["seconds"], worst["bytes"] = took, len(content)
        if found:
            worst["feeds"] += 1
            worst["items"] += len(found[1])
    worst["megabytes"] = peak_megabytes()
    json.dump(worst, sys.stdout)


if __name__ == "__main__":
    reader()
