"""RSS 2.0 and the RSS Advisory Board's profile, rule by rule, on what a running site serves."""

from __future__ import annotations

import email.utils
import re
import xml.parsers.expat
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import feedparser
from feed_site import (
    NS,
    Served,
    each_feed,
    each_rss,
    texts,
)
from lxml import html
from web_requests import fetch


@each_rss
def test_the_feed_is_well_formed_utf8_without_a_forbidden_character(served: Served, path: str) -> None:
    """R1"""
    body = served.get(path).body
    xml.parsers.expat.ParserCreate().Parse(body, True)
    assert re.match(rb"""<\?xml version=['"]1\.0['"] encoding=['"]UTF-8['"]\?>""", body)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", body.decode("utf-8"))
    assert not feedparser.parse(body).bozo
    assert "👩🏽‍🏫" in body.decode()


@each_rss
def test_there_is_one_channel_with_title_link_and_description(served: Served, path: str) -> None:
    """R2"""
    root = served.xml(path)
    assert (root.tag, root.get("version"), len(root.findall("channel"))) == ("rss", "2.0", 1)
    assert all(root.findtext(f"channel/{name}") for name in ("title", "link", "description"))


@each_rss
def test_the_channel_leads_to_a_page_that_is_there_and_not_to_the_feed(served: Served, path: str) -> None:
    """R3"""
    link = served.xml(path).findtext("channel/link") or ""
    page = fetch(link)
    assert (page.status, page.headers.get_content_type()) == (200, "text/html")


@each_rss
def test_every_item_has_a_title_or_a_description(served: Served, path: str) -> None:
    """R4"""
    items = served.items(path)
    assert items
    assert all(item.findtext("title") or item.findtext("description") for item in items)


@each_rss
def test_every_guid_is_its_own_and_no_link(served: Served, path: str) -> None:
    """R5; that it never changes: test_ids_stay_when_everything_else_changes"""
    guids = [item.find("guid") for item in served.items(path)]
    assert len({guid.text for guid in guids}) == len(guids)
    assert all(guid.get("isPermaLink") == "false" for guid in guids)


@each_rss
def test_dates_are_rfc822_with_four_digits_and_a_zone_and_never_of_the_future(
    served: Served, path: str
) -> None:
    """R6"""
    dates = [item.findtext("pubDate") for item in served.items(path)]
    dates.append(served.xml(path).findtext("channel/lastBuildDate"))
    for written in dates:
        assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", written)
        assert email.utils.parsedate_to_datetime(written) <= datetime.now(UTC)


@each_rss
def test_the_last_build_is_the_newest_change_of_a_post_and_not_the_build(served: Served, path: str) -> None:
    """R7: that a post came into the feed is a change of it as well."""
    written = email.utils.parsedate_to_datetime(served.xml(path).findtext("channel/lastBuildDate"))
    feed = served.json(path.replace("rss.xml", "feed.json"))
    urls = {item["url"] for item in feed["items"]}
    listed = [post for post in served.hub.json("posts", "list") if post["url"] in urls]
    came = max(datetime.fromisoformat(post["released_at"]) for post in listed)
    changed = max(datetime.fromisoformat(item["date_modified"]) for item in feed["items"])
    assert written == max(came, changed).replace(microsecond=0)
    assert written < datetime.now(UTC) - timedelta(seconds=1), "the request is what makes a document"


@each_rss
def test_the_feed_names_the_address_at_which_it_is_served(served: Served, path: str) -> None:
    """R8"""
    (own,) = served.xml(path).xpath("channel/a:link[@rel='self']", namespaces=NS)
    assert (own.get("href"), own.get("type")) == (f"{served.url}/{path}", "application/rss+xml")


@each_rss
def test_the_summary_stands_before_the_full_text(served: Served, path: str) -> None:
    """R9"""
    for item in served.items(path):
        names = [child.tag for child in item]
        encoded = f"{{{NS['content']}}}encoded"
        if encoded in names:
            assert names.index("description") < names.index(encoded)
    assert "<strong>Bold.</strong>" in served.item("rss.xml", "Post 35").findtext(
        "content:encoded", namespaces=NS
    )


def test_plain_text_is_plain_and_its_signs_are_written_in_hexadecimal(served: Served) -> None:
    """R10"""
    body = served.get("rss.xml").body
    assert b'<title>Mills &#x26; &#x3C;weirs&#x3E; "at work"</title>' in body
    item = served.item("rss.xml", 'Mills & <weirs> "at work"')
    assert item.findtext("description") == "Mills &lt; weirs &amp; more"


@each_feed
def test_every_address_in_a_text_is_absolute(served: Served, path: str) -> None:
    """R11"""
    addresses = []
    for text in texts(served, path):
        root = html.fragment_fromstring(text, create_parent="div")
        addresses += [value for _, name, value, _ in root.iterlinks() if name in ("href", "src")]
    assert len(addresses) >= 3
    assert all(urlsplit(address).scheme in ("http", "https") for address in addresses), addresses


@each_rss
def test_authors_without_a_public_address_are_creators(served: Served, path: str) -> None:
    """R12"""
    item = served.item(path, 'Mills & <weirs> "at work"')
    assert [found.text for found in item.findall("dc:creator", NS)] == ["Ana Sousa", "Ben Okoro"]
    assert not served.xml(path).findall(".//author")


@each_rss
def test_no_item_has_two_authors_or_two_enclosures(served: Served, path: str) -> None:
    """R13"""
    assert all(len(item.findall("enclosure")) <= 1 for item in served.items(path))
    assert all(len(item.findall("author")) <= 1 for item in served.items(path))


def test_a_recording_has_its_address_its_true_length_and_its_type(served: Served) -> None:
    """R14"""
    enclosure = served.item("rss.xml", "A talk by the river").find("enclosure")
    assert dict(enclosure.attrib) == {
        "url": "https://talks.example.org/river.mp3",
        "length": "48213117",
        "type": "audio/mpeg",
    }
    assert len(served.xml("rss.xml").findall(".//enclosure")) == 1


@each_feed
def test_nothing_in_a_text_runs_or_asks(served: Served, path: str) -> None:
    """R15"""
    for text in texts(served, path):
        assert not re.search(r"<\s*(script|style|iframe|form|input|object|embed)", text, re.IGNORECASE)
        assert not re.search(r"<[^>]+\son\w+\s*=", text)
        assert "javascript:" not in text


@each_feed
def test_the_newest_come_first_and_the_whole_is_small(served: Served, path: str) -> None:
    """R16: a post of a megabyte is among them."""
    reply = served.get(path)
    assert len(reply.body) < (250_000 if path.endswith("json") else 500_000)
    entries = served.json(path.rpartition("/")[0] + ("/" if "/" in path else "") + "feed.json")["items"]
    moments = [item["date_published"] for item in entries]
    assert moments == sorted(moments, reverse=True)
    assert "A very long post" in reply.body.decode()
    if "/" not in path:
        assert 10 <= len(entries) <= 50


@each_rss
def test_picture_language_lifetime_docs_and_generator_are_named(served: Served, path: str) -> None:
    """R17"""
    channel = served.xml(path).find("channel")
    assert channel.findtext("image/url") == "https://example.org/logo.png"
    for name in ("title", "link"):
        assert channel.findtext(f"image/{name}") == channel.findtext(name)
    assert channel.findtext("language") == "en"
    assert int(channel.findtext("ttl") or "") > 0
    assert channel.findtext("docs") == "https://www.rssboard.org/rss-specification"
    assert channel.findtext("generator")


@each_feed
def test_drafts_held_withdrawn_and_future_posts_are_in_no_feed(served: Served, path: str) -> None:
    """R18"""
    text = served.get(path).body.decode()
    for title in ("A draft", "A held post", "A withdrawn post", "From the future"):
        assert title not in text
    assert "Post 35" in text
