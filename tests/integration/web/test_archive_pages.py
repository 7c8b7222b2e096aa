"""The archive: what is shown, what is not, and what every page carries."""

from __future__ import annotations

from datetime import timedelta

import page_samples
import pytest
from django.test import Client
from web_requests import fetch

from newsletter.config import Config
from newsletter.dates import PartialDate
from newsletter.models import PostState, Site
from newsletter.publishing.public import catalogue, html_pages
from newsletter.publishing.public.static_export import build_files


@pytest.fixture
def posts(site: Config, now):
    page_samples.post(site, now, date=PartialDate.of_month(2026, 6), categories=("land rights",))
    page_samples.post(site, now, "Seeds to share", url="https://example.org/seeds", authors=("Ada",))


def test_the_archive_shows_posts_newest_first_with_no_more_date_than_they_have(
    posts, browser: Client
) -> None:
    html = browser.get("/").content.decode()
    assert html.index("Seeds to share") < html.index("Hedges by the stream")
    assert '<time datetime="2026-06">June 2026</time>' in html


def test_a_post_with_a_page_of_its_own_is_linked_there(posts, browser: Client) -> None:
    html = browser.get("/").content.decode()
    assert 'href="https://example.org/seeds"' in html
    assert 'href="/posts/hedges-by-the-stream/"' in html
    answer = browser.get("/posts/seeds-to-share/")
    assert (answer.status_code, answer["Location"]) == (302, "https://example.org/seeds")


def test_a_post_of_ours_has_a_page(posts, browser: Client) -> None:
    answer = browser.get("/posts/hedges-by-the-stream/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "dog rose" in html
    # The author's h3 is the page's h2: headings are in order below the title.
    assert "<h2>What grew</h2>" in html


@pytest.mark.parametrize(
    ("state", "status"), [(PostState.HELD, 404), (PostState.WAITING, 404), (PostState.WITHDRAWN, 410)]
)
def test_what_is_not_released_is_nowhere(site, now, browser: Client, state: PostState, status: int) -> None:
    page_samples.in_state(page_samples.post(site, now), state)
    assert browser.get("/posts/hedges-by-the-stream/").status_code == status
    assert "Hedges" not in browser.get("/").content.decode()


def test_every_page_announces_the_feeds(posts, browser: Client) -> None:
    html = browser.get("/topics/land/").content.decode()
    for address in ("/rss.xml", "/atom.xml", "/feed.json", "/topics/land/rss.xml", "/topics/land/feed.json"):
        assert f'href="{address}"' in html
    titles = [line for line in html.splitlines() if 'rel="alternate"' in line]
    assert len(titles) == len(set(titles)) == 6


def test_a_topic_shows_its_own_posts(posts, browser: Client) -> None:
    html = browser.get("/topics/land/").content.decode()
    assert "Hedges by the stream" in html
    assert "Seeds to share" not in html
    assert browser.get("/topics/none/").status_code == 404


def test_a_long_archive_has_pages(site, now, browser: Client) -> None:
    for number in range(html_pages.POSTS_A_PAGE + 1):
        page_samples.post(
            site, now, f"Post number {number:02d}", date=PartialDate.of_instant(now - timedelta(hours=number))
        )
    first, second = browser.get("/").content.decode(), browser.get("/page/2/").content.decode()
    assert 'href="/page/2/"' in first
    assert "Post number 00" in first
    assert "Post number 20" not in first
    assert "Post number 20" in second
    assert "Post number 00" not in second
    assert browser.get("/page/3/").status_code == 404
    assert browser.get("/page/0/").status_code == 404


def test_a_hostile_title_stays_text(site, now, browser: Client) -> None:
    page_samples.post(site, now, "<script>alert(1)</script>", authors=('"><img src=x onerror=alert(1)>',))
    html = browser.get("/").content.decode()
    assert "<script" not in html
    assert "<img" not in html


def test_readers_get_no_cookie_and_nothing_may_run(posts, browser: Client) -> None:
    answer = browser.get("/")
    assert not answer.cookies
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script" not in policy
    assert policy.startswith("default-src 'none'")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_style_sheet_may_be_kept_for_ever(site, browser: Client) -> None:
    path = html_pages.assets(site)["site.css"][0]
    answer = browser.get(f"/{path}")
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer["Cache-Control"]
    assert site.design.accent in answer.content.decode()
    assert browser.get("/static/site-000000000000.css").status_code == 404


def test_other_methods_are_refused_with_those_that_there_are(site, browser: Client) -> None:
    answer = browser.post("/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert browser.put("/subscribe")["Allow"] == "GET, HEAD, POST"


def test_head_has_the_length_and_no_body(posts, browser: Client) -> None:
    assert browser.head("/posts/hedges-by-the-stream/").content == b""
    assert (
        browser.head("/posts/hedges-by-the-stream/")["Content-Length"]
        == browser.get("/posts/hedges-by-the-stream/")["Content-Length"]
    )


def test_the_files_hold_what_the_web_shows(posts, site, now, server, browser: Client) -> None:
    files = build_files(site, now)
    assert {"rss.xml", "index.html", "topics/land/atom.xml", "posts/hedges-by-the-stream/index.html"} <= set(
        files
    )
    assert "posts/seeds-to-share/index.html" not in files
    for path in ("rss.xml", "feed.json", "topics/land/atom.xml", "posts/hedges-by-the-stream/index.html"):
        assert fetch(f"{server.url}/{path.removesuffix('index.html')}").body == files[path]
    assert b"<form" not in files["index.html"]
    style = html_pages.assets(site)["site.css"][0]
    assert style in files
    assert style.encode() in files["index.html"]
    assert build_files(site, now) == files


def test_the_site_may_live_below_a_path(posts, site, settings, browser: Client) -> None:
    moved = site.site.model_copy(update={"url": "https://example.org/news"})
    settings.CONFIG = site.model_copy(update={"site": moved})
    html = browser.get("/").content.decode()
    assert 'href="/news/posts/hedges-by-the-stream/"' in html
    assert 'action="/news/subscribe"' in html
    assert browser.get("/")["Strict-Transport-Security"]


def test_health_tells_the_newest_release(posts, browser: Client) -> None:
    answer = browser.get("/healthz")
    assert answer.json() == {"status": "ok", "release": 2}
    assert answer["Cache-Control"] == "no-store"


def test_health_says_when_the_database_was_never_prepared(site, browser: Client) -> None:
    Site.objects.all().delete()
    assert browser.get("/healthz").status_code == 503


def test_a_fault_of_ours_is_a_kind_page(
    site, browser: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(catalogue, "current", broken)
    answer = browser.get("/")
    html = answer.content.decode()
    assert answer.status_code == 500
    assert "Something went wrong here" in html
    assert "RuntimeError" not in html
    assert "a fault of ours" in caplog.text


@pytest.mark.parametrize(
    ("title", "address"),
    [
        ("水車 の話", "/posts/%E6%B0%B4%E8%BB%8A-%E3%81%AE%E8%A9%B1/"),
        ("Ещё", "/posts/%D0%B5%D1%89%D1%91/"),
    ],
)
def test_a_post_whose_name_is_in_another_script_is_found_at_its_encoded_address(
    site: Config, now, browser: Client, title: str, address: str
) -> None:
    page_samples.post(site, now, title)
    assert f'href="{address}"' in browser.get("/").content.decode()
    assert [browser.get(asked).status_code for asked in (address, address.rstrip("/"))] == [200, 200]
    assert f"{address}</link>" in browser.get("/rss.xml").content.decode()
