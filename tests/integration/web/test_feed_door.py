"""The door before Django: where feeds were, where they are no longer, and what happens when they cannot be read."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import page_samples
import pytest
from django.db import OperationalError
from web_requests import fetch

from newsletter.config import Config
from newsletter.models import Site
from newsletter.publishing.public import catalogue
from newsletter.publishing.setup.bootstrap import prepare


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/feed/", "/rss.xml"),
        ("/feed", "/rss.xml"),
        ("/feed/atom/", "/atom.xml"),
        ("/index.xml", "/rss.xml"),
        ("/feed.xml", "/rss.xml"),
        ("/rss/", "/rss.xml"),
        ("/rss.xml/", "/rss.xml"),
        ("/topics/land/atom.xml/", "/topics/land/atom.xml"),
    ],
)
def test_where_other_systems_have_their_feeds_readers_are_led_to_ours(server, site, path, there) -> None:
    """H8: who brings a domain along brings its readers along."""
    reply = fetch(server.url + path)
    assert (reply.status, reply.headers["Location"]) == (301, site.site.url + there)


@pytest.mark.parametrize("path", ["/feed", "/rss.xml", "/topics/land/rss.xml"])
def test_no_answer_to_head_has_a_body(server, site: Config, settings, now, path) -> None:
    """H9: whoever keeps the connection would read it as the beginning of the next answer."""
    prepare(site, now)
    settings.CONFIG = site.model_copy(update={"topics": {}})
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(f"HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answered = b"".join(iter(lambda: line.recv(65536), b""))
    assert answered.startswith(b"HTTP/1.1 ")
    assert answered.partition(b"\r\n\r\n")[2] == b""


@pytest.mark.parametrize(
    "path", ["/feeds", "/feed/x", "/rss.xml2", "/topics/none/rss.xml", "/topics/UP/rss.xml"]
)
def test_what_is_no_feed_is_a_page_that_says_so(server, path) -> None:
    reply = fetch(server.url + path)
    assert reply.status == 404
    assert reply.headers["Content-Type"].startswith("text/html")


def test_the_feed_of_a_topic_that_ended_is_gone(server, site: Config, now, settings) -> None:
    """H8: readers stop asking for what is gone; what never was is unknown."""
    assert fetch(f"{server.url}/topics/land/rss.xml").status == 200
    settings.CONFIG = site.model_copy(update={"topics": {"food": site.topics["food"]}})
    prepare(settings.CONFIG, now)
    reply = fetch(f"{server.url}/topics/land/rss.xml")
    assert (reply.status, reply.body) == (410, b"This feed has ended.\n")
    assert fetch(f"{server.url}/topics/land/archive/1-30/rss.xml").status == 410
    assert fetch(f"{server.url}/topics/sea/rss.xml").status == 404
    settings.CONFIG = site
    assert fetch(f"{server.url}/topics/land/rss.xml").status == 200


def test_the_feed_and_the_page_of_a_renamed_topic_lead_to_its_new_name(
    server, site: Config, now, settings
) -> None:
    prepare(site, now)
    settings.CONFIG = site.model_copy(update={"topics": {"ground": site.topics["land"]}})
    prepare(settings.CONFIG, now)
    for path in ("rss.xml", "archive/1-30/atom.xml", ""):
        reply = fetch(f"{server.url}/topics/land/{path}")
        assert (reply.status, reply.headers["Location"]) == (301, f"{site.site.url}/topics/ground/{path}")


def test_every_start_remembers_the_topics_there_are(site: Config, now: datetime) -> None:
    assert Site.objects.get().known_topics == ["land", "food"]
    more = site.model_copy(update={"topics": {"sea": site.topics["food"]}})
    prepare(more, now)
    prepare(more, now)
    assert Site.objects.get().known_topics == ["land", "food", "sea"]


def test_a_database_that_does_not_answer_means_come_back_later(
    server, site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> None:
        raise OperationalError("the disk is gone")

    monkeypatch.setattr(catalogue, "stamp", broken)
    reply = fetch(f"{server.url}/rss.xml")
    assert (reply.status, reply.headers["Retry-After"]) == (503, "60")
    assert reply.headers["Cache-Control"] == "no-store"
    assert b"disk" not in reply.body
    assert "the disk is gone" in caplog.text


def test_below_a_path_the_site_address_decides(server, site: Config, now, settings) -> None:
    """R8, D2: a proxy takes the prefix off; nothing of the request's own host or path goes into a feed."""
    page_samples.post(site, now)
    moved = site.site.model_copy(update={"url": "https://example.org/news"})
    settings.CONFIG = site.model_copy(
        update={"site": moved, "feeds": site.feeds.model_copy(update={"hubs": ["https://hub.example/"]})}
    )
    reply = fetch(f"{server.url}/atom.xml", Host="evil.example", X_Forwarded_Host="evil.example")
    assert b'<link href="https://example.org/news/atom.xml" rel="self"' in reply.body
    assert b"https://example.org/news/posts/hedges-by-the-stream/" in reply.body
    assert b"evil" not in reply.body
    assert b"127.0.0.1" not in reply.body
    assert '<https://example.org/news/atom.xml>; rel="self"' in reply.headers["Link"]
    assert fetch(f"{server.url}/feed/").headers["Location"] == "https://example.org/news/rss.xml"
    assert reply.headers["Strict-Transport-Security"]


def test_a_preflight_of_a_page_elsewhere_is_answered(server, site) -> None:
    reply = fetch(f"{server.url}/feed.json", method="OPTIONS", Origin="https://reader.example")
    assert (reply.status, reply.body) == (204, b"")
    assert "If-None-Match" in reply.headers["Access-Control-Allow-Headers"]


@pytest.mark.slow
def test_a_server_of_your_own_serves_the_same(tmp_path: Path) -> None:
    """newsletter.web.wsgi is imported in a fresh process, as gunicorn does."""
    config = tmp_path / "config.toml"
    config.write_text('[site]\norganisation = "Example Hub"\n')
    program = (
        "from newsletter.web.wsgi import application\n"
        "from newsletter.publishing.setup.bootstrap import prepare\n"
        "from datetime import UTC, datetime\n"
        "from django.conf import settings\n"
        "prepare(settings.CONFIG, datetime.now(UTC))\n"
        "environ = {'REQUEST_METHOD': 'GET', 'PATH_INFO': '/rss.xml'}\n"
        "body = application(environ, lambda status, headers: print(status))\n"
        "print(b''.join(body)[:5])\n"
    )
    environment = {**os.environ, "NEWSLETTER_CONFIG": str(config)}
    environment.pop("NEWSLETTER_DATABASE__URL", None)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "200 OK\nb'<?xml'\n"
