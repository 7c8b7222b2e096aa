"""Sites and relays for acceptance tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
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


@pytest.fixture
def hub(fresh: Path, tmp_path: Path) -> Hub:
    """A fresh site in practice."""
    shutil.copytree(fresh, tmp_path / "hub")
    return Hub(tmp_path / "hub", {"NEWSLETTER_WEB__PORT": str(free_port())})


@pytest.fixture
def real_hub(hub: Hub, relay: CollectingServer) -> Hub:
    """The same with a relay on loopback."""
    hub.env |= {
        "NEWSLETTER_EMAIL__TRANSPORT": "smtp",
        "NEWSLETTER_EMAIL__SMTP__HOST": "127.0.0.1",
        "NEWSLETTER_EMAIL__SMTP__PORT": str(relay.port),
        "NEWSLETTER_EMAIL__SMTP__SECURITY": "none",
        "NEWSLETTER_SITE__POSTAL_ADDRESS": "1 Garden Lane, Springfield",
    }
    return hub
