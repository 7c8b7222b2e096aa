"""A site's own template with a mistake in it: visitors get the plain page, the log gets one line."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from newsletter.publishing.public import html_pages
from newsletter.web.logs import keep_tokens_out


@pytest.fixture
def templates(site) -> Iterator[Path]:
    keep_tokens_out()
    html_pages.environment.cache_clear()  # as a start of the program does
    folder = site.folder / "templates" / "web"
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(site.folder / "templates")
    html_pages.environment.cache_clear()


@pytest.mark.parametrize("name", ["archive.html", "base.html"])
@pytest.mark.parametrize("mistake", ["{% if %}", "{{ nothing_like_it }}", "{{ 1 + 'x' }}"])
def test_a_broken_template_is_a_kind_page_and_one_line_in_the_log(
    templates: Path, browser: Client, caplog: pytest.LogCaptureFixture, name: str, mistake: str
) -> None:
    (templates / name).write_text(f"<h1>Ours</h1>\n{mistake}")
    answer = browser.get("/")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.content.decode()
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert f"{templates / name}, line 2: " in record.getMessage()
    assert record.exc_info is None
    assert "\n" not in logging.Formatter().format(record)


@pytest.mark.parametrize("name", ["feed.css", "icon.svg", "site.css"])
def test_a_broken_style_sheet_or_icon_costs_readers_no_feed(
    templates: Path, browser: Client, name: str
) -> None:
    (templates / name).write_text("{{ nothing_like_it }}")
    answer = browser.get("/rss.xml")
    assert answer.status_code == 200
    assert b"/static/feed-" in answer.content
