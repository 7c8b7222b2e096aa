"""A web server in a thread, and a visitor that Django plays. Django is set up later than this file is read, so what
needs it is imported inside."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _nobody_signed_up_yet() -> None:
    from newsletter.web.public import subscribe

    subscribe.BY_NETWORK.clear()


@pytest.fixture(autouse=True)
def _every_request_for_a_feed_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader may find what was true a second ago; most tests have no patience. And no test served anything before."""
    from newsletter.publishing.public import catalogue, feed_documents

    monkeypatch.setattr(catalogue, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(feed_documents, "_kept", feed_documents._Kept())


@pytest.fixture
def browser() -> Any:
    """It checks forms as a real site does, and sees failures as pages."""
    from django.test import Client

    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture
def server(site: Any) -> Iterator[Any]:
    """The pages over real HTTP."""
    from newsletter.web.serve import serve

    stop = threading.Event()
    web = site.web.model_copy(update={"port": _free_port()})
    running = serve(site.model_copy(update={"web": web}), stop)
    yield running
    stop.set()
    assert running.join(10)
