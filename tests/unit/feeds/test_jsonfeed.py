"""JSON Feed 1.1 as it goes out: each rule of jsonfeed.org/version/1.1 on the bytes."""

import json
import re
import xml.etree.ElementTree as ET

import pytest
from feed_samples import DAY, MORNING, OLDER, POST, SITE, post, site

from newsletter.errors import Refused
from newsletter.feeds.build import atom
from newsletter.feeds.jsonfeed import json_feed


def feed_of(*posts):
    return json.loads(json_feed(SITE, posts))


def test_version_title_and_items_are_always_there():
    """J1"""
    empty = feed_of()
    assert empty["version"] == "https://jsonfeed.org/version/1.1"
    assert empty["title"] == SITE.title
    assert empty["items"] == []


def test_an_item_has_its_permanent_id():
    """J2"""
    moved = post(title="Other", url="http://elsewhere.example/x")
    assert feed_of(POST)["items"][0]["id"] == feed_of(moved)["items"][0]["id"] == POST.id


def test_html_stands_in_content_html_only():
    """J3"""
    item = feed_of(POST)["items"][0]
    assert item["content_html"] == POST.html
    assert (item["title"], item["summary"]) == (POST.title, POST.summary)
    assert "content_text" not in item


def test_a_post_without_full_text_shows_its_summary():
    """J3"""
    assert feed_of(post(html="", summary="one < two"))["items"][0]["content_html"] == "<p>one &lt; two</p>"


def test_the_feed_names_its_page_its_own_address_and_its_picture():
    """J4"""
    feed = feed_of(POST)
    assert (feed["home_page_url"], feed["feed_url"]) == (SITE.home_url, SITE.feed_url)
    assert feed["icon"] == SITE.image


def test_people_topics_languages_and_dates_are_named():
    """J5"""
    feed = feed_of(POST)
    item = feed["items"][0]
    assert feed["authors"] == [{"name": SITE.organisation, "url": SITE.home_url}]
    assert feed["language"] == "en-GB"
    assert item["authors"] == [{"name": "Ana Sousa"}, {"name": "Ben Okoro"}]
    assert item["tags"] == list(POST.topics)
    assert item["language"] == "pt"
    assert item["image"] == POST.image
    assert (item["date_published"], item["date_modified"]) == ("2026-10-06T07:30:15Z", "2026-10-07T07:30:15Z")


def test_years_have_four_digits():
    """J5"""
    early = post(published=MORNING.replace(year=987), updated=MORNING)
    assert re.match(r"0987-10-", feed_of(early)["items"][0]["date_published"])


def test_nothing_is_null_or_empty():
    """J5: a field with nothing to say is left out."""
    bare = post(authors=(), topics=(), image=None, language=None, url="javascript:alert(1)")
    item = feed_of(bare)["items"][0]
    assert item.keys() == {"id", "title", "content_html", "summary", "date_published", "date_modified"}


def test_hubs_of_a_json_feed_are_named():
    """W1"""
    assert json.loads(json_feed(site(hubs=("https://hub.example/",)), []))["hubs"] == [
        {"type": "WebSub", "url": "https://hub.example/"}
    ]


def test_the_bytes_are_utf8_and_written_for_people():
    """J6"""
    built = json_feed(SITE, [OLDER])
    assert "مرحبا 👩🏽‍🏫 Olá".encode() in built
    assert not built.startswith(b"\xef\xbb\xbf")


def test_the_newest_item_comes_first():
    newest = post(id="urn:uuid:3", published=MORNING + DAY)
    assert [item["id"] for item in feed_of(OLDER, newest, POST)["items"]] == [newest.id, POST.id, OLDER.id]


def test_the_same_posts_give_the_same_bytes_with_the_keys_in_their_order():
    """H11"""
    assert json_feed(SITE, [POST, OLDER]) == json_feed(SITE, [POST, OLDER])
    assert list(feed_of(POST))[:2] == ["version", "title"]
    assert list(feed_of(POST))[-1] == "items"


def test_a_json_feed_without_a_page_is_refused():
    """J4"""
    with pytest.raises(Refused, match="http"):
        json_feed(site(feed_url="feed.json"), [])


def test_a_picture_without_words_does_not_say_its_day_twice():
    picture = '<p><img src="https://example.org/heron.jpg" alt="A heron"></p>'
    alike = post(title="A heron", summary="A heron", html=picture)
    (item,) = json.loads(json_feed(SITE, [alike]))["items"]
    assert (item["title"], item.get("summary"), item["content_html"]) == ("A heron", None, picture)
    entry = ET.fromstring(atom(SITE, [alike])).find("{*}entry")
    assert entry.findtext("{*}title") == "A heron"
    assert entry.find("{*}summary") is None
    assert entry.findtext("{*}content") == picture
