"""What a request for a feed costs when nothing has changed: no query, no template, no middleware."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import jinja2
import page_samples
import pytest
from django.core.signals import request_started
from django.db.backends.utils import CursorWrapper
from web_requests import fetch

from newsletter.config import Config
from newsletter.publishing.public import catalogue, feed_documents

FEEDS = ("rss.xml", "atom.xml", "feed.json", "topics/land/rss.xml", "archive/1-1/atom.xml")


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every query, template and request to Django, in any thread of this process, as it happens."""
    done: list[str] = []
    execute, render = CursorWrapper.execute, jinja2.Template.render

    def counted(self: CursorWrapper, sql: str, params: object = None) -> object:
        done.append(sql)
        return execute(self, sql, params)

    monkeypatch.setattr(CursorWrapper, "execute", counted)
    monkeypatch.setattr(
        jinja2.Template, "render", lambda *a, **k: (done.append("a template"), render(*a, **k))[1]
    )

    def woken(**_: object) -> None:
        done.append("Django")

    request_started.connect(woken)
    yield done
    request_started.disconnect(woken)


@pytest.fixture
def served(site: Config, now: datetime, server, monkeypatch: pytest.MonkeyPatch) -> str:
    """A site whose feeds have been fetched once, and whose next look at the database is far away."""
    page_samples.post(site, now, categories=("land rights",))
    catalogue.forget()
    monkeypatch.setattr(catalogue, "LOOK_EVERY", 3600.0)
    for feed in FEEDS:
        assert fetch(f"{server.url}/{feed}").status == 200
    return str(server.url)


def test_no_request_costs_a_query_a_template_or_django(served: str, work: list[str]) -> None:
    for feed in FEEDS:
        for coding in ("identity", "gzip", "br"):
            reply = fetch(f"{served}/{feed}", Accept_Encoding=coding)
            assert reply.status == 200
            again = fetch(f"{served}/{feed}", Accept_Encoding=coding, If_None_Match=reply.headers["ETag"])
            assert again.status == 304
            fetch(f"{served}/{feed}", method="HEAD", Accept_Encoding=coding)
    assert work == []


def test_a_page_is_counted_so_that_the_test_above_can_fail(served: str, work: list[str]) -> None:
    fetch(f"{served}/")
    assert "a template" in work
    assert "Django" in work
    assert any(done.startswith("SELECT") for done in work)


def test_when_a_look_is_due_it_is_one_query(
    served: str, work: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "LOOK_EVERY", 0.0)
    fetch(f"{served}/rss.xml")
    assert len([done for done in work if done.startswith("SELECT")]) == 1
    assert "Django" not in work


def test_while_one_reader_looks_the_others_go_on_with_what_is_there(
    served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "LOOK_EVERY", 0.0)
    looking, go_on, looks = threading.Event(), threading.Event(), []
    real = catalogue.stamp

    def slow(config: Config) -> catalogue.Stamp:
        looks.append(1)
        looking.set()
        assert go_on.wait(20)
        return real(config)

    monkeypatch.setattr(catalogue, "stamp", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(fetch, f"{served}/rss.xml")
        assert looking.wait(20)
        assert [fetch(f"{served}/{feed}").status for feed in FEEDS] == [200] * len(FEEDS)
        go_on.set()
        assert first.result().status == 200
    assert len(looks) == 1


def test_a_change_is_seen_with_the_next_look(
    site: Config, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(catalogue, "LOOK_EVERY", 1.0)
    monkeypatch.setattr(catalogue.time, "monotonic", lambda: clock[0])
    catalogue.forget()
    before = feed_documents.recent(site)
    page_samples.post(site, now)
    clock[0] += 0.99
    assert feed_documents.recent(site) is before
    clock[0] += 0.02
    assert feed_documents.recent(site) is not before


def test_whoever_must_know_is_told_at_once(
    site: Config, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "LOOK_EVERY", 3600.0)
    before = feed_documents.recent(site)
    page_samples.post(site, now)
    assert feed_documents.current(site) is not before
