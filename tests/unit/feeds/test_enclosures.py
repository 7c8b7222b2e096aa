"""Recordings in feeds: with their true length and type, as each format wants them, and never with a made-up number."""

import json

import feedparser
import pytest
from feed_samples import POST, SITE, post
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from newsletter.feeds.build import atom, rss
from newsletter.feeds.jsonfeed import json_feed
from newsletter.feeds.model import FeedEnclosure

NS = {"a": "http://www.w3.org/2005/Atom", "media": "http://search.yahoo.com/mrss/"}
TALK = FeedEnclosure("https://hub.example.org/talk.mp3", "audio/mpeg", 48_213_117)
#: Its source did not say how long it is.
UNMEASURED = FeedEnclosure("https://hub.example.org/talk.mp3", "audio/mpeg")


def item_of(found):
    return etree.fromstring(rss(SITE, [post(enclosure=found)])).find("channel/item")


def entry_of(found):
    return etree.fromstring(atom(SITE, [post(enclosure=found)])).find("a:entry", NS)


def json_item_of(found):
    return json.loads(json_feed(SITE, [post(enclosure=found)]))["items"][0]


def test_rss_has_one_enclosure_with_address_length_and_type():
    """R13, R14"""
    (enclosure,) = item_of(TALK).findall("enclosure")
    assert dict(enclosure.attrib) == {"url": TALK.url, "length": "48213117", "type": "audio/mpeg"}
    assert item_of(TALK).findtext("link") == POST.url


def test_rss_has_no_enclosure_where_the_length_is_unknown():
    """R14: the recording is media:content then, which needs none."""
    item = item_of(UNMEASURED)
    assert item.find("enclosure") is None
    media = [dict(found.attrib) for found in item.findall("media:content", NS)]
    assert {"url": TALK.url, "type": "audio/mpeg", "medium": "audio"} in media


def test_atom_keeps_rel_type_length_and_title_of_the_enclosure():
    """A8: feedgen loses them all, and readers open the recording as the article."""
    links = [dict(link.attrib) for link in entry_of(TALK).findall("a:link", NS)]
    assert links == [
        {"href": POST.url, "rel": "alternate", "type": "text/html"},
        {
            "href": TALK.url,
            "rel": "enclosure",
            "type": "audio/mpeg",
            "length": "48213117",
            "title": POST.title,
        },
    ]
    assert "length" not in entry_of(UNMEASURED).findall("a:link", NS)[1].attrib


def test_a_post_whose_page_is_the_recording_keeps_both_links_apart():
    """A6, A8"""
    both = post(url=TALK.url, enclosure=TALK)
    entry = etree.fromstring(atom(SITE, [both])).find("a:entry", NS)
    assert [link.get("rel") for link in entry.findall("a:link", NS)] == ["alternate", "enclosure"]


def test_json_has_an_attachment_with_its_size():
    """J5"""
    assert json_item_of(TALK)["attachments"] == [
        {"url": TALK.url, "mime_type": "audio/mpeg", "size_in_bytes": 48_213_117}
    ]
    assert json_item_of(UNMEASURED)["attachments"] == [{"url": TALK.url, "mime_type": "audio/mpeg"}]
    assert "attachments" not in json_item_of(None)


@pytest.mark.parametrize(
    "wrong",
    [
        FeedEnclosure("javascript:alert(1)", "audio/mpeg", 5),
        FeedEnclosure("/talk.mp3", "audio/mpeg", 5),
        FeedEnclosure(TALK.url, "", 5),
        FeedEnclosure(TALK.url, "audio", 5),
        FeedEnclosure(TALK.url, 'audio/mpeg" x="', 5),
    ],
)
def test_a_recording_that_cannot_be_opened_is_left_out(wrong):
    """R14, R15"""
    assert item_of(wrong).find("enclosure") is None
    assert len(entry_of(wrong).findall("a:link", NS)) == 1
    assert "attachments" not in json_item_of(wrong)


@pytest.mark.parametrize("length", [0, -1])
def test_a_length_that_cannot_be_is_no_length(length):
    """R14"""
    found = FeedEnclosure(TALK.url, TALK.media_type, length)
    assert item_of(found).find("enclosure") is None
    assert "size_in_bytes" not in json_item_of(found)["attachments"][0]


def test_parameters_of_a_type_are_left_out():
    found = FeedEnclosure(TALK.url, "Audio/OGG; codecs=opus", 9)
    assert item_of(found).find("enclosure").get("type") == "audio/ogg"


@given(
    st.builds(FeedEnclosure, st.text(max_size=30), st.text(max_size=20), st.one_of(st.none(), st.integers()))
)
def test_any_recording_leaves_a_feed_that_is_read_without_complaint(found):
    """R1"""
    for build in (rss, atom):
        read = feedparser.parse(build(SITE, [post(enclosure=found)]))
        assert not read.bozo
        assert read.entries[0].link == POST.url
    json_item_of(found)


def test_feedparser_finds_the_recording_in_both():
    for build in (rss, atom):
        (enclosure,) = feedparser.parse(build(SITE, [post(enclosure=TALK)])).entries[0].enclosures
        assert (enclosure.href, enclosure.length, enclosure.type) == (TALK.url, "48213117", "audio/mpeg")
