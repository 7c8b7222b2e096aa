"""At their limits feeds are read in time, or refused in a sentence. No time is measured here: each runs under the limit
of any test, and would not end in minutes without its mend."""

from __future__ import annotations

import json

import pytest
from feed_documents import read

from newsletter.sources.webfeed.decode import MOST_TAGS
from newsletter.sources.webfeed.elements import names_of_people
from newsletter.sources.webfeed.items import _without_origin
from newsletter.sources.webfeed.model import NotAFeed
from newsletter.sources.webfeed.source import read_feed
from newsletter.sources.webfeed.xml import _leaf_text

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


NAMES = ["x", "a@", "@a.", ".", "(", "<b", "a.b@c.", " ("]


@pytest.mark.parametrize("unit", NAMES)
def test_an_author_of_a_megabyte_is_nobody(unit: str) -> None:
    assert len("".join(names_of_people([unit * 400_000] * 40))) <= 100


def test_mail_addresses_beside_a_name_still_go() -> None:
    texts = [
        "ana@mill.example.org (Ana Ruiz)",
        "Ben Okri <ben@mill.example.org>",
        "mailto: chi@mill.example",
        "Dee, d@e.f.",
    ]
    assert names_of_people(texts) == ("Ana Ruiz", "Ben Okri", "Dee")
    assert len(names_of_people(f"Name {number}" for number in range(10_000))) == 50


def test_only_the_last_line_of_a_text_is_taken_for_its_origin() -> None:
    origin = "<p>The post Seeds appeared first on The mill.</p>"
    assert _without_origin(f"<p>Seeds</p>{origin}\n") == "<p>Seeds</p>"
    assert _without_origin(f"{origin}<p>Seeds</p>") == f"{origin}<p>Seeds</p>"
    _without_origin("<p>The post appeared first on " * 300_000)


def test_groups_in_groups_are_read_a_few_levels_deep() -> None:
    groups = 200 * "<media:group>" + "<media:thumbnail url='/a.png'/>" * 50_000 + 200 * "</media:group>"
    spaces = "xmlns:media='http://search.yahoo.com/mrss/'"
    content = f"<rss {spaces}><channel><item><title>a</title>{groups}</item></channel></rss>"
    assert read_feed(content.encode(), "", URL).entries[0].image is None


def test_a_section_that_is_never_closed_stays_text_and_those_before_it_are_read() -> None:
    assert _leaf_text("a <![CDATA[b]]> <![CDATA[<c]]> d <![CDATA[e") == "a b <c d <![CDATA[e"
