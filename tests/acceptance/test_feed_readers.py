"""Real feed readers read the feeds, and come back for nothing when nothing has changed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
from hub import Hub, free_port, wait_until
from servers.listening_proxy import ListeningProxy

FEEDS = ("/rss.xml", "/atom.xml")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        reason = f"{name} is not installed here (Debian has it)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture
def served(hub: Hub) -> Iterator[ListeningProxy]:
    """A site with five posts, its pages served, and a proxy in front that listens."""
    for number in range(1, 6):
        hub.post(
            f"p{number}",
            f"Post {number} & “more”",
            f"2026-11-0{number}",
            body=f"Words of {number}. **Bold** – ✓",
        )
    hub.run("sync")
    port = free_port()
    hub.env["NEWSLETTER_WEB__PORT"] = str(port)
    with hub.start("web"), ListeningProxy(port) as proxy:
        wait_until(lambda: _answers(port), "the pages")
        yield proxy


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_newsboat_reads_every_post_and_its_later_polls_are_304(
    served: ListeningProxy, tmp_path: Path
) -> None:
    newsboat = _program("newsboat")
    urls, cache, settings = tmp_path / "urls", tmp_path / "cache.db", tmp_path / "config"
    urls.write_text("".join(f"http://127.0.0.1:{served.port}{feed}\n" for feed in FEEDS))
    settings.write_text("")
    for _ in range(4):
        subprocess.run(
            [newsboat, "-u", urls, "-c", cache, "-C", settings, "-x", "reload"],
            check=True,
            capture_output=True,
            timeout=60,
            env={**os.environ, "HOME": str(tmp_path)},
        )
    with sqlite3.connect(cache) as database:
        titles = database.execute(
            "SELECT title, COUNT(*) FROM rss_item GROUP BY title ORDER BY title"
        ).fetchall()
    # RSS and Atom carry the same permanent ids, so the reader knows that they are the same five posts.
    assert [title for title, _ in titles] == [f"Post {number} & “more”" for number in range(1, 6)]
    for feed in FEEDS:
        assert served.statuses(feed)[0] == 200
        assert served.statuses(feed)[-1] == 304, served.heard


def test_rss2email_reads_every_post_and_its_second_run_is_304(served: ListeningProxy, tmp_path: Path) -> None:
    r2e = _program("r2e")
    base = [r2e, "-c", str(tmp_path / "r2e.cfg"), "-d", str(tmp_path / "r2e.json")]

    def run(*words: str) -> str:
        done = subprocess.run(
            [*base, *words],
            check=True,
            capture_output=True,
            timeout=60,
            text=True,
            env={**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        )
        return done.stdout + done.stderr

    run("new", "reader@example.org")
    for feed in FEEDS:
        run("add", feed.strip("/").replace(".", "-"), f"http://127.0.0.1:{served.port}{feed}")
    run("run", "--no-send")
    run("run", "--no-send")
    assert (tmp_path / "r2e.json").read_text().count("urn:uuid:") >= 5
    for feed in FEEDS:
        assert served.statuses(feed) == [200, 304], served.heard


#: sfeed_update asks without conditions; this is how its manual says to ask with them.
SFEEDRC = """\
sfeedpath="{folder}/feeds"
fetch() {{
	etag="{folder}/etags/$(basename "$3")"
	curl -L --max-redirs 0 -f -s -m 15 --compressed --etag-save "$etag" --etag-compare "$etag" -z "$etag" "$2"
}}
feeds() {{
	feed "rss.xml" "{address}/rss.xml"
	feed "atom.xml" "{address}/atom.xml"
}}
"""


def test_sfeed_reads_every_post_and_its_later_runs_are_304(served: ListeningProxy, tmp_path: Path) -> None:
    sfeed = _program("sfeed_update")
    _program("curl")
    (tmp_path / "etags").mkdir()
    (tmp_path / "feeds").mkdir()
    settings = tmp_path / "sfeedrc"
    settings.write_text(SFEEDRC.format(folder=tmp_path, address=f"http://127.0.0.1:{served.port}"))
    for _ in range(3):
        subprocess.run([sfeed, settings], check=True, capture_output=True, timeout=60)
    for feed in FEEDS:
        rows = [row.split("\t") for row in (tmp_path / "feeds" / feed.strip("/")).read_text().splitlines()]
        # Its own format: when, title, link, content, kind of content, id, author, …
        assert [row[1] for row in rows] == [f"Post {number} & “more”" for number in range(5, 0, -1)]
        assert all(row[5].startswith("urn:uuid:") for row in rows)
        assert "<strong>Bold</strong>" in rows[0][3]
        assert served.statuses(feed)[0] == 200
        assert served.statuses(feed)[-1] == 304, served.heard


@pytest.mark.parametrize("feed", FEEDS)
def test_feedparser_finds_nothing_to_complain_about_and_gets_304(served: ListeningProxy, feed: str) -> None:
    address = f"http://127.0.0.1:{served.port}{feed}"
    first = feedparser.parse(address)
    assert (first.bozo, first.status, len(first.entries)) == (False, 200, 5)
    assert first.entries[0].title == "Post 5 & “more”"
    assert all(entry.id.startswith("urn:uuid:") for entry in first.entries)
    assert "<strong>Bold</strong>" in first.entries[0].content[0].value
    second = feedparser.parse(address, etag=first.etag, modified=first.modified)
    assert (second.status, second.entries) == (304, [])


def test_a_new_post_ends_the_304(served: ListeningProxy, hub: Hub) -> None:
    address = f"http://127.0.0.1:{served.port}/rss.xml"
    first = feedparser.parse(address)
    hub.post("p6", "Post 6", "2026-11-06")
    hub.run("sync")

    def again() -> feedparser.FeedParserDict:
        return feedparser.parse(address, etag=first.etag, modified=first.modified)

    # A reader may be told for a second what was true before (shelf.LOOK_EVERY).
    wait_until(lambda: again().status == 200, "the new post", seconds=10)
    second = again()
    assert (second.status, len(second.entries)) == (200, 6)
    old = {entry.title: entry.id for entry in first.entries}
    assert {entry.title: entry.id for entry in second.entries if entry.title in old} == old
