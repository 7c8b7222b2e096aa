"""Sites and relays for acceptance tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hub import Hub, free_port
from servers.smtp import CollectingServer


@pytest.fixture
def relay() -> Iterator[CollectingServer]:
    """A relay on loopback that keeps what it takes."""
    with CollectingServer() as server:
        yield server


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``newsletter init`` makes. Tests get copies of it, for making one takes a second."""
    folder = tmp_path_factory.mktemp("fresh")
    Hub(folder).run("init", "hub")
    return folder / "hub"


@pytest.fixture(scope="session")
def composed(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with edition 1, one post for three people, waiting to be sent."""
    folder = tmp_path_factory.mktemp("composed") / "hub"
    shutil.copytree(fresh, folder)
    hub = Hub(folder)
    hub.run("sync")
    hub.run("subscribers", "import", str(hub.people(3)), "--consent", "the paper form")
    hub.post("news", "News", str(datetime.now(UTC).date()))
    hub.run("sync")
    made = hub.json("editions", "compose", "--campaign", "weekly")
    assert (made["id"], made["people"], made["posts"]) == (1, 3, 1)
    return folder


@pytest.fixture
def hub(fresh: Path, tmp_path: Path) -> Hub:
    """A fresh site in practice."""
    shutil.copytree(fresh, tmp_path / "hub")
    return Hub(tmp_path / "hub", {"NEWSLETTER_WEB__PORT": str(free_port())})


@pytest.fixture
def real_hub(hub: Hub, relay: CollectingServer) -> Hub:
    """The same with a relay on loopback."""
    return _with_relay(hub, relay)


@pytest.fixture
def hub_with_edition(composed: Path, tmp_path: Path, relay: CollectingServer) -> Hub:
    """A site with edition 1, one post for three people, and a relay on loopback."""
    shutil.copytree(composed, tmp_path / "hub")
    return _with_relay(Hub(tmp_path / "hub", {"NEWSLETTER_WEB__PORT": str(free_port())}), relay)


def _with_relay(hub: Hub, relay: CollectingServer) -> Hub:
    hub.env |= {
        "NEWSLETTER_EMAIL__TRANSPORT": "smtp",
        "NEWSLETTER_EMAIL__SMTP__HOST": "127.0.0.1",
        "NEWSLETTER_EMAIL__SMTP__PORT": str(relay.port),
        "NEWSLETTER_EMAIL__SMTP__SECURITY": "none",
        "NEWSLETTER_SITE__POSTAL_ADDRESS": "1 Garden Lane, Springfield",
    }
    return hub
