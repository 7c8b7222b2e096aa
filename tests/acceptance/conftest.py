"""Sites and relays for acceptance tests."""

from __future__ import annotations

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


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    """A fresh site in practice: ``newsletter init``."""
    site = Hub(tmp_path / "hub", {"NEWSLETTER_WEB__PORT": str(free_port())})
    site.run("init", "hub", at=tmp_path)
    return site


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
