"""Chromium, and the pages over real HTTP. Django is set up later than this file is read, so what needs it is imported
inside."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A headless Chromium; without one these tests are skipped, but not in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no Chromium, and CI must have one: apt-get install chromium")
        pytest.skip("there is no Chromium here: apt-get install chromium")
    from django.db import connections
    from playwright.sync_api import sync_playwright

    # Beside a loop Django sees other connections than without one; none must be left behind on this side.
    connections.close_all()
    # Playwright keeps a loop running in this thread, and Django would refuse its database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def address(site: Any, settings: Any) -> Iterator[str]:
    """Where the pages are served; the site's own address says so, too."""
    from newsletter.web.public import subscribe
    from newsletter.web.serve import serve

    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    stop = threading.Event()
    url = f"http://127.0.0.1:{port}"
    settings.CONFIG = site.model_copy(
        update={
            "site": site.site.model_copy(update={"url": url, "privacy_url": f"{url}/posts/privacy/"}),
            "web": site.web.model_copy(update={"port": port}),
        }
    )
    subscribe.BY_NETWORK.clear()
    running = serve(settings.CONFIG, stop)
    yield url
    stop.set()
    assert running.join(10)
