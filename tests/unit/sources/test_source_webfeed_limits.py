"""At their limits feeds are read in time, or refused in a sentence. No time is measured here: each runs under the limit
of any test, and would not end in minutes without its mend."""

from __future__ import annotations

import json

import pytest
from feed_documents import read

from newsletter.sources.webfeed import read_feed
from newsletter.sources.webfeed_parts import NotAFeed
from newsletter.sources.webfeed_text import MOST_TAGS
from newsletter.sources.webfeed_xml import _leaf_text

RSS = "<rss version='2.0'><channel><title>T</title>"
URL = "https://mill.example.org/feed"


@pytest.mark.parametrize(
    "text",
    [
        "<!---->" * 140_000,
        "]]>&#0;<![CDATA[" * 140_000,
        " --><title>" * 40_000 + "&=<![CDATA[" * 90_000,
        "<item><description>" + "&lt;br&gt;" * 140_000,
        "<item><title>a</title><description>" + "&amp;nbsp;" * 90_000 + "</description></item>",
    ],
    ids=["comments", "sections", "unclosed sections", "tags in a text", "spaces in a text"],
)
def test_a_feed_of_one_thing_alone_is_read(text: str) -> None:
    found = read((RSS + text + "</channel></rss>").encode(), "application/rss+xml")
    assert found


@pytest.mark.parametrize("unit", ["<!---->", "<![CDATA[a]]>"])
def test_more_comments_and_sections_than_any_feed_has_are_refused(unit: str) -> None:
    content = (RSS + unit * (2 * MOST_TAGS + 1)).encode()
    with pytest.raises(NotAFeed, match=f"more than {MOST_TAGS} .*as no feed does; it is not read$"):
        read_feed(content, "", URL)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("&" * 500_001, "references"),
        ("a\u00a0" * 500_001, "references"),
        (">" * 510_000, "references"),
        ("<p>" * 150_001, "tags"),
    ],
)
def test_a_feed_of_marks_alone_is_refused_in_every_format(text: str, why: str) -> None:
    section = f"<item><title>a</title><description><![CDATA[{text}]]></description></item></channel></rss>"
    item = json.dumps({"items": [{"id": "1", "content_html": text}]}, ensure_ascii=False)
    for content in (RSS + section, item):
        with pytest.raises(NotAFeed, match=f"more than .* {why}.*; it is not read$"):
            read_feed(content.encode(), "", URL)


def test_a_section_that_is_never_closed_stays_text_and_those_before_it_are_read() -> None:
    assert _leaf_text("a <![CDATA[b]]> <![CDATA[<c]]> d <![CDATA[e") == "a b <c d <![CDATA[e"
