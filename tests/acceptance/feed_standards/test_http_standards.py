"""HTTP (RFC 9110) for feeds, rule by rule, over real connections."""

from __future__ import annotations

import email.utils
import gzip
import http.client
import re
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import feedparser
import pytest
from feed_site import (
    FEEDS,
    TYPES,
    Served,
    each_coding,
    each_feed,
)
from web_requests import fetch


@each_coding
@each_feed
def test_the_feed_comes_with_both_validators(served: Served, path: str, coding: str) -> None:
    """H1"""
    reply = served.get(path, Accept_Encoding=coding)
    assert re.fullmatch(r'"[\x21\x23-\x7e]+"', reply.headers["ETag"])
    modified = email.utils.parsedate_to_datetime(reply.headers["Last-Modified"])
    assert modified <= datetime.now(UTC)


@each_feed
def test_conditions_are_read_as_http_has_them(served: Served, path: str) -> None:
    """H2: list, any, weak comparison; If-None-Match alone decides where it is there."""
    first = served.get(path)
    tag, since = first.headers["ETag"], first.headers["Last-Modified"]
    ask = partial(served.get, path)
    for condition in (tag, f"W/{tag}", f'"x", W/"y,z",{tag}', "*"):
        assert ask(If_None_Match=condition).status == 304
    assert ask(If_None_Match='"x"').status == 200
    assert ask(If_Modified_Since=since).status == 304
    earlier = email.utils.format_datetime(
        email.utils.parsedate_to_datetime(since) - timedelta(seconds=1), usegmt=True
    )
    assert ask(If_Modified_Since=earlier).status == 200
    assert ask(If_None_Match='"x"', If_Modified_Since=since).status == 200
    assert ask(If_None_Match=tag, If_Modified_Since=earlier).status == 304


@each_feed
def test_a_304_has_no_body_and_repeats_what_caches_need(served: Served, path: str) -> None:
    """H3: and the connection goes on after it"""
    connection = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=10)
    try:
        connection.request("GET", f"/{path}")
        fresh = connection.getresponse()
        body = fresh.read()
        connection.request("GET", f"/{path}", headers={"If-None-Match": fresh.headers["ETag"]})
        again = connection.getresponse()
        assert (again.status, again.read()) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary", "Last-Modified"):
            assert again.headers[name] == fresh.headers[name]
        assert again.headers["Date"]
        assert again.headers.get("Connection") != "close"
        assert not {"Content-Type", "Content-Length", "Content-Encoding"} & set(again.headers)
        connection.request("GET", f"/{path}")
        assert connection.getresponse().read() == body
    finally:
        connection.close()


@each_feed
def test_each_coding_has_its_own_tag_and_a_refused_one_is_not_sent(served: Served, path: str) -> None:
    """H4"""
    replies = [served.get(path, Accept_Encoding=coding) for coding in ("identity", "gzip", "br")]
    tags = [reply.headers["ETag"] for reply in replies]
    assert len(set(tags)) == 3
    assert not any(tag.startswith("W/") for tag in tags)
    assert all(reply.headers["Vary"].split(", ")[0] == "Accept-Encoding" for reply in replies)
    assert served.get(path, Accept_Encoding="gzip", If_None_Match=tags[0]).status == 200
    assert "Content-Encoding" not in served.get(path, Accept_Encoding="gzip;q=0, br;q=0").headers
    assert served.get(path, Accept_Encoding="br;q=0, *").headers["Content-Encoding"] == "gzip"


@each_feed
def test_gzip_and_brotli_are_offered_and_are_the_same_feed(served: Served, path: str) -> None:
    """H5"""
    plain = served.get(path).body
    packed, tight = (served.get(path, Accept_Encoding=coding) for coding in ("gzip", "gzip, deflate, br"))
    assert (packed.headers["Content-Encoding"], tight.headers["Content-Encoding"]) == ("gzip", "br")
    assert gzip.decompress(packed.body) == brotli.decompress(tight.body) == plain
    assert len(tight.body) < len(packed.body) < len(plain)


@each_feed
def test_everybody_may_keep_it_for_a_while_and_nobody_gets_a_cookie(served: Served, path: str) -> None:
    """H6"""
    reply = served.get(path, Cookie="sessionid=abc; csrftoken=def")
    held = re.fullmatch(r"public, max-age=(\d+)", reply.headers["Cache-Control"])
    assert held
    assert 300 <= int(held[1]) <= 3600
    assert "Set-Cookie" not in reply.headers
    assert "Cookie" not in reply.headers["Vary"]


@each_feed
def test_the_type_is_told_and_pages_of_others_may_read_it(served: Served, path: str) -> None:
    """H7"""
    reply = served.get(path, Origin="https://reader.example")
    assert reply.headers["Content-Type"] == f"{TYPES[path.rpartition('/')[2]]}; charset=utf-8"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    preflight = fetch(f"{served.url}/{path}", method="OPTIONS", Origin="https://reader.example")
    assert "If-None-Match" in preflight.headers["Access-Control-Allow-Headers"]


def test_a_feed_that_ended_is_gone_one_that_moved_says_where_and_others_are_unknown(served: Served) -> None:
    """H8"""
    assert [served.get(f"topics/ended/{file}").status for file in TYPES] == [410, 410, 410]
    moved = served.get("feed/")
    assert (moved.status, moved.headers["Location"]) == (301, f"{served.url}/rss.xml")
    assert served.get("topics/unknown/rss.xml").status == 404


@each_coding
@each_feed
def test_head_is_get_without_the_body_and_post_is_refused(served: Served, path: str, coding: str) -> None:
    """H9"""
    get = served.get(path, Accept_Encoding=coding)
    head = fetch(f"{served.url}/{path}", method="HEAD", Accept_Encoding=coding)
    assert (head.status, head.body) == (200, b"")
    differ = {"Date"}
    assert [pair for pair in head.headers.items() if pair[0] not in differ] == [
        pair for pair in get.headers.items() if pair[0] not in differ
    ]
    post = fetch(f"{served.url}/{path}", data=b"x=1")
    assert (post.status, post.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("path", [path for path in FEEDS if not path.endswith("json")])
def test_a_reader_that_comes_back_ends_on_304(served: Served, path: str) -> None:
    """H10; newsboat, rss2email and sfeed: test_feed_readers.py"""
    first = feedparser.parse(f"{served.url}/{path}")
    assert (first.bozo, first.status) == (False, 200)
    assert feedparser.parse(f"{served.url}/{path}", etag=first.etag, modified=first.modified).status == 304


def test_a_rebuild_gives_the_same_bytes_and_is_what_is_served(served: Served, tmp_path: Path) -> None:
    """H11; that files are replaced as a whole: tests/unit/feeds/test_feed_write.py"""
    out = tmp_path / "out"
    first = served.hub.json("feeds", "build", "--out", str(out))
    before = {path: (out / path).read_bytes() for path in first["files"]}
    time.sleep(1.1)  # the next second, for whatever would write the time of the build
    assert served.hub.json("feeds", "build", "--out", str(out))["changed"] == []
    for path in FEEDS:
        assert before[path] == served.get(path).body
