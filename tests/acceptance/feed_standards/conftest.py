"""One running site for all tests of the feed standards."""

from __future__ import annotations

import email.utils
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from feed_site import (
    Served,
    fill,
)
from hub import Hub, free_port, wait_until
from servers.websub import HubServer

PODCAST = """\
<rss version="2.0"><channel><title>Talks</title><link>https://talks.example.org/</link><description>Talks</description>
<item><title>A talk by the river</title><link>https://talks.example.org/river</link><guid>river-talk</guid>
<pubDate>{day}</pubDate><description>Forty minutes of water.</description>
<enclosure url="https://talks.example.org/river.mp3" length="48213117" type="audio/mpeg"/></item>
</channel></rss>
"""


@pytest.fixture(scope="session")
def podcast() -> Iterator[str]:
    """A third party's feed with a recording."""
    day = email.utils.format_datetime(datetime.now(UTC) - timedelta(days=3))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.end_headers()
            self.wfile.write(PODCAST.format(day=day).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/feed"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def websub() -> Iterator[HubServer]:
    with HubServer(fetches=True) as server:
        yield server


@pytest.fixture(scope="session")
def site(fresh: Path, tmp_path_factory: pytest.TempPathFactory, podcast: str, websub: HubServer) -> Hub:
    """A site with all that is hard, synced, and with an edition sent for its web version."""
    folder = tmp_path_factory.mktemp("standards") / "hub"
    shutil.copytree(fresh, folder)
    port = str(free_port())
    hub = Hub(folder, {"NEWSLETTER_WEB__PORT": port, "NEWSLETTER_SITE__URL": f"http://127.0.0.1:{port}"})
    config = (folder / "config.toml").read_text(encoding="utf-8")
    for before, after in (
        ("hubs = []", f'hubs = ["{websub.url}"]'),
        ("allowed_hosts = []", 'allowed_hosts = ["127.0.0.1"]'),
        ('logo = ""', 'logo = "https://example.org/logo.png"'),
        ("check_pages = true", "check_pages = false"),
    ):
        assert before in config
        config = config.replace(before, after)
    config += f'\n[topics.ended]\ntitle = "Ended"\n\n[sources.talks]\nkind = "webfeed"\nurl = "{podcast}"\n'
    (folder / "config.toml").write_text(config, encoding="utf-8")
    fill(hub, datetime.now(UTC).date())
    hub.run("sync")
    hub.run("posts", "hold", "held")
    hub.run("posts", "withdraw", "gone")
    hub.run("subscribers", "import", str(hub.people(1)), "--consent", "the paper form")
    made = hub.json("editions", "compose", "--campaign", "weekly", "--post", "p35")
    hub.run("editions", "send", str(made["id"]), "--yes")
    (folder / "config.toml").write_text(
        config.replace('[topics.ended]\ntitle = "Ended"\n', ""), encoding="utf-8"
    )
    return hub


@pytest.fixture(scope="session")
def served(site: Hub) -> Iterator[Served]:
    url = site.env["NEWSLETTER_SITE__URL"]
    with site.start("web") as running:
        wait_until(lambda: "Listening" in running.output, "the pages")
        yield Served(url, site)
