# ruff: noqa: DTZ001, E501  (WordPress keeps UTC without saying so; tables of pieces)
"""Documents as a broken, hostile or strange WordPress might give them: answers of the API, and export files.

Run as a program it reads many of them and prints what the worst took:
``python tests/samples/wordpress_documents.py api|export COUNT``
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

if __name__ in ("__main__", "__mp_main__"):
    sys.path[:0] = [
        str(Path(__file__).parents[2]),
        str(Path(__file__).parents[1]),
        str(Path(__file__).parent),
    ]

from hostile import assert_safe, hostile_text
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from peak_memory import peak_megabytes
from servers.wordpress import Blog, BlogPost, Picture, WordPressServer
from servers.wxr import export

from newsletter.errors import SourceError
from newsletter.http.client import Fetcher
from newsletter.sources.base import Fetched, Look
from newsletter.sources.wordpress.export_source import ExportSource
from newsletter.sources.wordpress.source import WordPressSource

#: Hypothesis keeps what it made for one test: a megabyte a document of these.
_AT_ONCE = 500
NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)

#: What stands in raw and rendered texts of WordPress.
PIECES = [
    "[caption id='a']<img src='/x.jpg'> words[/caption]", "[caption]", "[/caption]", "[gallery]", "[gallery ids='90,1']",
    "[embed]https://example.org/x[/embed]", "[a_b c=\"d\"]", "[/a_b]", "[[x]]", "<!-- wp:paragraph -->", "<!-- /wp:p -->",
    "<!-- wp:x {\"a\":[1]} /-->", "<!--more-->", "<!--", "-->", "\n\n", "\r\n", "https://vimeo.com/123456", "]]>", "<p>",
    "<div class='sharedaddy'>", "</div>", "<figure class='wp-block-embed'>", "<iframe class='wp-embedded-content' src=x>",
    "<img class='wp-smiley' alt='&#1;'>", "<pre>", "<blockquote>", "<li>", "<table><td>", "&hellip;", "&#8217;", "words ",
]  # fmt: skip
texts = st.builds(
    lambda parts, times: "".join(parts) * times,
    st.lists(st.one_of(st.sampled_from(PIECES), hostile_text, st.text(max_size=10)), max_size=8),
    st.sampled_from([1, 1, 1, 1, 1, 1, 1, 40, 2000]),
)
anything: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.integers(10**18, 10**60), st.floats(), texts),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=4,
)
dates = st.one_of(
    st.datetimes(datetime(1969, 1, 1), datetime(2100, 1, 1)).map(
        lambda found: found.replace(microsecond=0).isoformat()
    ),
    st.sampled_from(
        ["0000-00-00T00:00:00", "9999-12-31T23:59:59", "0001-01-01T00:00:00", "2026-02-30T00:00:00", "soon"]
    ),
)
numbers = st.one_of(st.integers(-1, 300), st.integers(2**62, 2**65))
rendered = st.one_of(texts.map(lambda text: {"rendered": text, "protected": False}), texts, anything)
_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "id": st.one_of(numbers, anything),
    "date": st.one_of(dates, anything), "date_gmt": st.one_of(dates, anything), "modified_gmt": st.one_of(dates, anything),
    "guid": rendered, "link": st.one_of(st.sampled_from(["https://example.org/x/", "//x", "http://[", "x y"]), anything),
    "title": rendered, "content": rendered, "excerpt": rendered, "status": st.one_of(st.just("publish"), anything),
    "type": st.one_of(st.just("post"), anything), "author": st.one_of(numbers, anything), "authors": anything,
    "featured_media": st.one_of(numbers, anything), "categories": st.one_of(st.lists(numbers, max_size=5), anything),
    "tags": st.one_of(st.lists(numbers, max_size=5), anything), "yoast_head_json": anything,
    "_embedded": st.one_of(
        st.fixed_dictionaries(
            {}, optional={"author": anything, "wp:term": st.lists(st.lists(anything, max_size=2), max_size=2),
                          "wp:featuredmedia": anything}
        ), anything,
    ),
}  # fmt: skip
_SOUND: dict[str, st.SearchStrategy[Any]] = {
    "id": st.integers(1, 300), "date_gmt": dates, "modified_gmt": dates, "guid": st.just({"rendered": "https://example.org/?p=1"}),
    "link": st.just("https://example.org/x/"), "title": texts.map(lambda text: {"rendered": text}),
    "content": texts.map(lambda text: {"rendered": "<p>A word.</p>" + text}), "excerpt": texts.map(lambda text: {"rendered": text}),
    "author": st.just(1), "featured_media": st.sampled_from([0, 90]), "categories": st.lists(st.integers(1, 5), max_size=3),
}  # fmt: skip
sound = st.fixed_dictionaries(_SOUND)
#: A sound post with one or two of its fields made strange.
bent = st.builds(
    lambda post, strange: {**post, **strange},
    sound,
    st.lists(st.sampled_from(sorted(_FIELDS)), min_size=1, max_size=2, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: _FIELDS[name] for name in names})
    ),
)
posts = st.one_of(sound, bent, bent, st.fixed_dictionaries({}, optional=_FIELDS))
answers = st.one_of(
    *[st.lists(posts, min_size=1, max_size=4)] * 6,
    st.lists(st.one_of(posts, anything), max_size=4), anything, posts,
    st.fixed_dictionaries({"code": texts, "message": texts}),
)  # fmt: skip


def cut_or_changed(content: bytes, cuts: list[tuple[int, bytes]]) -> bytes:
    """The document with bytes put in place of others, and cut off after the last of them where that is empty."""
    for place, piece in cuts:
        at = place % (len(content) + 1)
        content = content[:at] + piece + (content[at + len(piece) :] if piece else b"")
    return content


cuts = st.lists(
    st.tuples(
        st.integers(0, 10**9),
        st.sampled_from(
            [
                b"",
                b"<",
                b">",
                b"&",
                b'"',
                b"]]>",
                b"<![CDATA[",
                b"\x00",
                b"\xff",
                b"{",
                b"<!DOCTYPE x [",
                b"&x;",
            ]
        ),
    ),
    max_size=2,
)
documents = st.builds(
    lambda data, places: cut_or_changed(json.dumps(data).encode(), places),
    answers,
    st.one_of(*[st.just([])] * 4, cuts),
)
headers = st.fixed_dictionaries(
    {}, optional={"X-WP-Total": st.sampled_from(["3", "9999999", "x", "-1"]), "X-WP-TotalPages": st.just("1"),
                  "Retry-After": st.sampled_from(["5", "x"]), "ETag": st.just('"x"')}
)  # fmt: skip
statuses = st.sampled_from([200] * 40 + [301, 401, 403, 404, 429, 500, 503])
replies = st.tuples(statuses, headers, documents)

_blog_posts = st.builds(
    BlogPost,
    number=st.integers(0, 20),
    title=texts,
    content=texts,
    date=st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)),
    excerpt=texts,
    slug=st.text(max_size=20),
    status=st.sampled_from(["publish"] * 6 + ["draft", "trash", "x"]),
    kind=st.sampled_from(["post"] * 6 + ["page", "attachment", ""]),
    password=st.sampled_from(["", "", "x"]),
    thumbnail=st.sampled_from([0, 90, 3]),
    categories=st.sampled_from([[], [5]]),
    guid=texts,
    meta=st.dictionaries(
        st.sampled_from(["footnotes", "enclosure", "_thumbnail_id", "x"]), texts, max_size=3
    ),
    no_gmt=st.booleans(),
)
blogs = st.builds(
    lambda posts, pictures: Blog(posts=posts, pictures=pictures, categories={5: ("x", "X")}),
    st.lists(_blog_posts, max_size=4),
    st.lists(
        st.builds(
            Picture,
            number=st.just(90),
            path=texts.map(lambda text: text[:50] + ".jpg"),
            alt=texts,
            caption=texts,
        ),
        max_size=1,
    ),
)
exports = st.builds(
    lambda blog, version, places: cut_or_changed(
        export(blog, version).encode("utf-8", "surrogatepass"), places
    ),
    blogs,
    st.sampled_from(["1.0", "1.1", "1.2", "1.2", "9"]),
    st.one_of(*[st.just([])] * 3, cuts),
)


class Api:
    """A WordPress that gives the same reply to each question for posts, and another to all others."""

    def __init__(self) -> None:
        self.reply: tuple[int, dict[str, str], bytes] = (200, {}, b"[]")
        self.other: tuple[int, dict[str, str], bytes] = (200, {}, b"[]")
        blog = Blog(before=lambda route, query: self.reply if route == "wp/v2/posts" else self.other)
        self.site = WordPressServer(blog)

    def read(self, replies: tuple[Any, Any]) -> Fetched | None:
        """What a look gave; None where it was refused in one sentence."""
        self.reply, self.other = replies
        self.site.asked.clear()
        fetcher = Fetcher(allowed_hosts=["127.0.0.1"])
        source = WordPressSource(
            "x", self.site.url + "/wp-json/", fetcher, site_url="https://hub.example.org", zone="UTC"
        )
        with suppress(SourceError):
            return source.fetch(Look(NOW))
        return None


def read_export(file: Path) -> Callable[[bytes], Fetched | None]:
    """What a look at an export gave; None where it was refused in one sentence."""

    def read(content: bytes) -> Fetched | None:
        file.write_bytes(content)
        with suppress(SourceError):
            return ExportSource("x", file, site_url="https://hub.example.org", zone="UTC").fetch(Look(NOW))
        return None

    return read


def assert_sound(fetched: Fetched | None) -> None:
    """Every item can be stored and mailed as it is."""
    for item in fetched.items if fetched else ():
        assert_safe(item.html)
        assert item.names
        assert item.title.strip()
        assert "\n" not in item.title + item.summary + item.image_alt
        text = "".join(
            (item.title, item.summary, item.image_alt, item.url or "", *item.authors, *item.categories)
        )
        (text + "".join(name.value for name in item.names)).encode()
        assert "\x00" not in text
    for problem in fetched.problems if fetched else ():
        assert "\n" not in problem.where + problem.what
        (problem.where + problem.what).encode()
    json.dumps(dict(fetched.memory) if fetched else {}, allow_nan=False).encode()


def worker(kind: str, line: Connection) -> None:
    """Read the documents that come along the line; answer with what each took. In a process of its own, so that
    nothing but reading is counted."""
    with tempfile.TemporaryDirectory() as folder:
        api = Api()
        read = api.read if kind == "api" else read_export(Path(folder) / "export.xml")
        with api.site:
            line.send(peak_megabytes())
            while (document := line.recv()) is not None:
                started = time.process_time()
                fetched = read(document)
                took = time.process_time() - started
                assert_sound(fetched)
                line.send((took, peak_megabytes(), len(fetched.items) if fetched else -1))


def main(kind: str, count: int) -> None:
    """Read so many documents; print the worst."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=worker, args=(kind, theirs), daemon=True)
    process.start()
    theirs.close()
    before = ours.recv()
    measured: list[tuple[float, int, int]] = []

    def look(document: Any) -> None:
        ours.send(document)
        measured.append(ours.recv())

    many = settings(
        max_examples=_AT_ONCE,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for batch in range(math.ceil(count / _AT_ONCE)):
        seed(batch)(many(given(st.tuples(replies, replies) if kind == "api" else exports)(look)))()
    ours.send(None)
    figures = {
        "documents": len(measured),
        "slowest": round(max(took for took, _, _ in measured), 2),
        "slowest_document": max(range(len(measured)), key=lambda number: measured[number][0]),
        "before_mb": before,
        "peak_mb": measured[-1][1],
        "with_posts": sum(items > 0 for _, _, items in measured),
        "posts": sum(max(items, 0) for _, _, items in measured),
        "refused": sum(items < 0 for _, _, items in measured),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
