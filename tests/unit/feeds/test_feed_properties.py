"""What must hold for any text in any field: a well-formed feed in every format, with the same words in it."""

import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta, timezone

import feedparser
from feed_samples import site
from hypothesis import given
from hypothesis import strategies as st

from newsletter.feeds.build import atom, rss
from newsletter.feeds.jsonfeed import json_feed
from newsletter.feeds.model import FeedEnclosure, FeedPost
from newsletter.feeds.normalize import line, newest_change, text, web_address

ATOM = "{http://www.w3.org/2005/Atom}"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"

#: Any character at all, and often those that break things.
ANYTHING = st.text(
    alphabet=st.one_of(
        st.characters(), st.sampled_from("<>&\"';]\r\n\t\x00\x0b\x1f\ud800\udc00\ufffe\uffff\u2028é👩")
    ),
    max_size=40,
)
SNIPPETS = st.sampled_from(
    [
        "]]>",
        "<![CDATA[",
        "<!--",
        "&amp;",
        "&#x3C;",
        "&nosuch;",
        "<script>x</script>",
        "<title>",
        "<item>",
        "</channel>",
    ]
)
WORDS = st.one_of(ANYTHING, st.tuples(ANYTHING, SNIPPETS, ANYTHING).map("".join))
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(timedelta(hours=-11))])
MOMENTS = st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9998, 12, 30), timezones=ZONES)  # noqa: DTZ001

POSTS = st.builds(
    FeedPost,
    id=st.uuids().map(lambda uuid: uuid.urn),
    title=WORDS,
    url=st.one_of(WORDS, WORDS.map(lambda end: f"https://example.org/{end}")),
    published=MOMENTS,
    updated=MOMENTS,
    summary=WORDS,
    html=WORDS,
    authors=st.lists(WORDS, max_size=3).map(tuple),
    topics=st.lists(WORDS, max_size=3).map(tuple),
    image=st.one_of(st.none(), WORDS),
    language=st.one_of(st.none(), WORDS),
    enclosure=st.one_of(
        st.none(),
        st.builds(
            FeedEnclosure,
            url=st.one_of(WORDS, WORDS.map(lambda end: f"https://example.org/{end}")),
            media_type=st.one_of(WORDS, st.just("audio/mpeg")),
            length=st.one_of(st.none(), st.integers(-1, 10**12)),
        ),
    ),
)
MANY = st.lists(POSTS, max_size=3, unique_by=lambda post: post.id)
SITES = st.builds(
    site,
    title=WORDS,
    description=WORDS,
    organisation=WORDS,
    language=WORDS,
    image=WORDS,
    icon=WORDS,
    hubs=st.lists(WORDS, max_size=2).map(tuple),
    older=st.one_of(st.none(), st.just("https://example.org/archive/1-30/x"), WORDS),
    newer=st.one_of(st.none(), WORDS),
    current=st.one_of(st.none(), st.just("https://example.org/x"), WORDS),
)


def newest_first(posts):
    return sorted(posts, key=lambda post: post.published.replace(microsecond=0), reverse=True)


def filled(values):
    return list(dict.fromkeys(value for value in map(line, values) if value))


@given(SITES, MANY)
def test_any_text_makes_a_well_formed_rss_feed_with_the_same_words(any_site, posts):
    root = ET.fromstring(rss(any_site, posts))
    items = root.findall("channel/item")
    assert len(items) == len(posts)
    for item, post in zip(items, newest_first(posts), strict=True):
        assert item.findtext("guid") == post.id
        assert item.findtext("title")
        if line(post.title):
            assert item.findtext("title") == line(post.title)
        # Where the summary says nothing but the title, the text is the description.
        assert text(post.html) in (item.findtext(ENCODED) or "", item.findtext("description"))
        assert [creator.text for creator in item.findall(CREATOR)] == filled(post.authors)
        assert [category.text for category in item.findall("category")] == filled(post.topics)


@given(SITES, MANY)
def test_any_text_makes_a_well_formed_atom_feed_with_the_same_words(any_site, posts):
    root = ET.fromstring(atom(any_site, posts))
    entries = root.findall(f"{ATOM}entry")
    for entry, post in zip(entries, newest_first(posts), strict=True):
        assert entry.findtext(f"{ATOM}id") == post.id
        assert entry.findtext(f"{ATOM}title")
        if line(post.title):
            assert entry.findtext(f"{ATOM}title") == line(post.title)
        if text(post.html):
            assert entry.findtext(f"{ATOM}content") == text(post.html)
        assert [category.get("term") for category in entry.findall(f"{ATOM}category")] == filled(post.topics)
    assert datetime.fromisoformat(root.findtext(f"{ATOM}updated") or "") == newest_change(posts)


@given(SITES, MANY)
def test_any_text_makes_a_json_feed_with_the_same_words(any_site, posts):
    feed = json.loads(json_feed(any_site, posts))
    for item, post in zip(feed["items"], newest_first(posts), strict=True):
        assert item["id"] == post.id
        if line(post.title):
            assert item["title"] == line(post.title)
        if text(post.html):
            assert item["content_html"] == text(post.html)
        assert [author["name"] for author in item.get("authors", [])] == filled(post.authors)


@given(SITES, MANY)
def test_any_text_is_read_by_feedparser_without_complaint(any_site, posts):
    for build in (rss, atom):
        read = feedparser.parse(build(any_site, posts))
        assert not read.bozo
        assert [entry.id for entry in read.entries] == [post.id for post in newest_first(posts)]


@given(SITES, MANY)
def test_the_same_input_gives_the_same_bytes_at_any_time(any_site, posts):
    for build in (rss, atom, json_feed):
        assert build(any_site, posts) == build(any_site, list(posts))


@given(SITES, MANY)
def test_no_byte_sequence_leaves_that_xml_forbids(any_site, posts):
    """R1"""
    for build in (rss, atom):
        built = build(any_site, posts).decode("utf-8")
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", built)


@given(WORDS)
def test_a_line_is_one_line_and_nothing_more_is_taken_from_it(value):
    once = line(value)
    assert line(once) == once
    assert "\n" not in once
    assert not any(unicodedata.category(character) == "Cs" for character in once)


@given(
    st.one_of(
        WORDS, WORDS.map(lambda end: f"https://example.org{end}"), WORDS.map(lambda end: f"http://{end}")
    )
)
def test_a_web_address_is_ascii_with_a_host_or_nothing(value):
    address = web_address(value)
    if address is not None:
        assert re.fullmatch(r"https?://[A-Za-z0-9._\[\]:-]+([/?#][\x21-\x7e]*)?", address)
        assert not re.search('["<>\\\\^`{|} ]', address)
        assert web_address(address) == address
