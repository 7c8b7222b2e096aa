"""Atom 1.0 as it goes out: each rule of RFC 4287 on the bytes."""

import re
from datetime import datetime

import feedparser
import pytest
from feed_samples import DAY, MORNING, NEWEST_CHANGE, OLDER, POST, SITE, post, site
from lxml import etree

from newsletter.feeds.build import ATOM_TYPE, atom

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


def feed_of(built: bytes) -> etree._Element:
    return etree.fromstring(built)


def entry_of(*posts) -> etree._Element:
    entry = feed_of(atom(SITE, posts)).find(f"{ATOM}entry")
    assert entry is not None
    return entry


def links_of(element: etree._Element) -> list[dict[str, str]]:
    return [{str(k): str(v) for k, v in link.attrib.items()} for link in element.findall(f"{ATOM}link")]


@pytest.mark.parametrize("posts", [[], [POST, OLDER]])
def test_the_feed_has_one_id_one_title_one_date_and_an_author(posts):
    """A1"""
    feed = feed_of(atom(SITE, posts))
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert len(feed.findall(ATOM + name)) == 1
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == SITE.organisation
    assert feed.findtext(f"{ATOM}author/{ATOM}uri") == SITE.home_url


def test_an_entry_has_one_id_one_title_one_date_and_its_text():
    """A2"""
    entry = entry_of(POST)
    for name in ("id", "title", "updated", "published", "content", "summary"):
        assert len(entry.findall(ATOM + name)) == 1


def test_an_entry_without_link_or_full_text_still_has_content():
    """A2"""
    entry = entry_of(post(url="javascript:alert(1)", html="", summary="one < two"))
    assert links_of(entry) == []
    assert entry.findtext(f"{ATOM}content") == "<p>one &lt; two</p>"


def test_ids_are_the_permanent_ones_to_the_byte():
    """A3"""
    feed = feed_of(atom(SITE, [POST]))
    assert feed.findtext(f"{ATOM}id") == SITE.id
    moved = post(title="Other", url="http://elsewhere.example/x")
    assert entry_of(POST).findtext(f"{ATOM}id") == entry_of(moved).findtext(f"{ATOM}id") == POST.id


def test_every_date_is_rfc3339_with_a_zone():
    """A4"""
    feed = feed_of(atom(SITE, [POST, OLDER]))
    dates = [e.text or "" for e in feed.iter(f"{ATOM}updated", f"{ATOM}published")]
    assert len(dates) == 5
    assert all(RFC3339.fullmatch(date) for date in dates)


def test_the_feed_changed_when_its_newest_change_was_made():
    """A5, R7: feedgen would say *now*."""
    written = feed_of(atom(SITE, [POST, OLDER])).findtext(f"{ATOM}updated") or ""
    assert datetime.fromisoformat(written) == NEWEST_CHANGE


def test_published_and_updated_of_an_entry_are_its_own():
    """A5"""
    entry = entry_of(POST)
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}published") or "") == MORNING.replace(microsecond=0)
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "") == (MORNING + DAY).replace(
        microsecond=0
    )


def test_a_post_is_never_updated_before_it_was_published():
    """A5: a post can be written long before it is released."""
    entry = entry_of(post(updated=MORNING - 30 * DAY))
    assert entry.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}published")


def test_a_feed_without_posts_says_a_fixed_date():
    """A1, H11: the element is required, and the time of the build would be a lie."""
    assert feed_of(atom(SITE, [])).findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"


def test_feed_and_entry_have_one_alternate_each():
    """A6"""
    feed = feed_of(atom(SITE, [POST]))
    assert {"href": SITE.home_url, "rel": "alternate", "type": "text/html"} in links_of(feed)
    for element in (feed, entry_of(POST)):
        assert sum(link.get("rel", "alternate") == "alternate" for link in links_of(element)) == 1


def test_an_entry_link_keeps_its_rel_and_type():
    """A6: feedgen loses both."""
    assert links_of(entry_of(POST)) == [{"href": POST.url, "rel": "alternate", "type": "text/html"}]


def test_content_is_html_escaped_once():
    """A7"""
    content = entry_of(POST).find(f"{ATOM}content")
    assert content is not None
    assert (content.get("type"), content.text) == ("html", POST.html)
    assert len(content) == 0


def test_the_feed_names_its_own_address_and_its_hubs():
    """A8, W1"""
    links = links_of(feed_of(atom(site(hubs=("https://hub.example/",)), [])))
    assert {"href": SITE.feed_url, "rel": "self", "type": ATOM_TYPE} in links
    assert {"href": "https://hub.example/", "rel": "hub"} in links


def test_titles_and_summaries_are_plain_text():
    """A9"""
    entry = entry_of(POST)
    for name, wanted in (("title", POST.title), ("summary", POST.summary)):
        element = entry.find(ATOM + name)
        assert element is not None
        assert (element.get("type", "text"), element.text) == ("text", wanted)


def test_every_link_is_absolute():
    """A10"""
    feed = feed_of(atom(site(image="logo.png"), [post(url="posts/x"), OLDER]))
    assert all(link.get("href", "").startswith("https://") for link in feed.iter(f"{ATOM}link"))
    assert feed.find(f"{ATOM}logo") is None


def test_authors_topics_and_languages_are_named():
    entry = entry_of(POST)
    assert [name.text for name in entry.findall(f"{ATOM}author/{ATOM}name")] == list(POST.authors)
    assert [category.get("term") for category in entry.findall(f"{ATOM}category")] == list(POST.topics)
    assert entry.get(LANG) == "pt"
    assert feed_of(atom(SITE, [])).get(LANG) == "en-GB"
    assert entry_of(OLDER).get(LANG) is None


def test_the_two_formats_do_not_share_an_address():
    """A8: one generator for both would give RSS the address of Atom."""
    assert b"rss+xml" not in atom(SITE, [POST])


def test_the_same_posts_give_the_same_atom_bytes():
    """H11"""
    assert atom(SITE, [POST, OLDER]) == atom(SITE, [POST, OLDER])


def test_an_atom_reader_gets_every_field():
    """A1 to A10, through feedparser"""
    read = feedparser.parse(atom(SITE, [OLDER, POST]))
    assert not read.bozo
    assert (read.version, read.encoding) == ("atom10", "utf-8")
    assert (read.feed.id, read.feed.link, read.feed.subtitle) == (SITE.id, SITE.home_url, SITE.description)
    first, second = read.entries
    assert (first.id, first.link, first.title_detail.type) == (POST.id, POST.url, "text/plain")
    assert (first.content[0].type, first.content[0].value) == ("text/html", POST.html)
    assert first.updated_parsed[:6] == (2026, 10, 7, 7, 30, 15)
    assert [author.name for author in first.authors] == list(POST.authors)
    assert (second.title, second.summary) == (OLDER.title, OLDER.summary)
