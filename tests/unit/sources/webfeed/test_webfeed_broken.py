"""Feeds in wrong encodings and in broken XML are read as far as can be; built to harm, they cost nothing."""

from __future__ import annotations

import http.server
import json
import threading
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from feed_server import item, rss
from hypothesis import given
from hypothesis import strategies as st

from newsletter.sources.base import Item
from newsletter.sources.webfeed.decode import DocumentKind, kind_of, mended, readable
from newsletter.sources.webfeed.items import FeedReading, Ours, read_items
from newsletter.sources.webfeed.model import NotAFeed, WebPage
from newsletter.sources.webfeed.source import read_feed
from newsletter.sources.webfeed.xml import MOST_ENTRIES

URL = "https://mill.example.org/feed"
OURS = Ours(datetime(2026, 11, 24, tzinfo=UTC), "UTC", "https://hub.example.org")


def reading(content: str | bytes, content_type: str = "application/xml") -> FeedReading:
    raw = content.encode() if isinstance(content, str) else content
    return read_items(read_feed(raw, content_type, URL), URL, (), OURS)


def titles(content: str | bytes, content_type: str = "application/xml") -> list[str]:
    return [found.title for found in reading(content, content_type).items]


def declared(title: str, encoding: str) -> str:
    return rss(item(1, title=title)).replace("UTF-8", encoding)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (
            declared("Café “à l’eau”", "UTF-8").encode(),
            "text/xml; charset=iso-8859-1",
        ),  # the server's default
        (declared("Café “à l’eau”", "UTF-8").encode(), "text/xml; charset=us-ascii"),
        (declared("Café “à l’eau”", "UTF-8").encode("windows-1252"), "text/xml"),  # declared wrongly
        (declared("Café “à l’eau”", "UTF-8").encode("windows-1252"), "text/xml; charset=utf-8"),
        (declared("Café “à l’eau”", "ISO-8859-1").encode("windows-1252"), "text/xml"),
        (declared("Café “à l’eau”", "ISO-8859-1").encode(), "text/xml; charset=iso-8859-1"),
        (b"\xef\xbb\xbf" + declared("Café “à l’eau”", "ISO-8859-1").encode(), "text/xml"),
        (declared("Café “à l’eau”", "utf-16").encode("utf-16"), "text/xml; charset=utf-8"),
        (declared("Café “à l’eau”", "utf-16").encode("utf-16-le"), "text/xml"),
        (declared("Café “à l’eau”", "utf-16").encode("utf-16-be"), "text/xml"),
        (declared("Café “à l’eau”", "x-nonsense").encode(), "text/xml; charset=none"),
        (declared("Caf&eacute; &ldquo;&agrave; l&rsquo;eau&rdquo;", "us-ascii").encode(), "text/xml"),
        (
            declared("Caf\u00e9 \x93\u00e0 l\x92eau\x94", "UTF-8").encode(),
            "text/xml",
        ),  # windows-1252 in UTF-8's clothes
    ],
)
def test_letters_arrive_as_they_were_meant(content: bytes, content_type: str) -> None:
    assert titles(content, content_type) == ["Café “à l’eau”"]


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("windows-1251", "Мельница"),
        ("shift_jis", "水車小屋"),
        ("iso-2022-jp", "水車小屋"),
        ("gb18030", "磨坊"),
    ],
)
def test_a_declared_encoding_is_used_where_the_bytes_are_no_utf8(encoding: str, title: str) -> None:
    assert titles(declared(title, encoding).encode(encoding)) == [title]
    assert titles(
        rss(item(1, title=title)).partition("?>")[2].encode(encoding), f"text/xml; charset={encoding}"
    ) == [title]


def test_one_old_paragraph_does_not_spoil_its_feed() -> None:
    content = declared("Ein Café für Ömer", "UTF-8").encode() + b"<!-- x -->"
    spoiled = content.replace(b"Whole text", "Hôtel".encode("latin-1"))
    found = reading(spoiled).items[0]
    assert (found.title, found.html) == ("Ein Café für Ömer", "<p>Hôtel of post 1.</p>")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30))
def test_any_title_in_utf8_arrives_whatever_the_server_says(title: str) -> None:
    written = title.replace("&", "&amp;").replace("<", "&lt;")
    for said in ("text/xml", "text/xml; charset=iso-8859-1"):
        assert readable(written.encode(), said).strip("\ufeff") == written.strip("\ufeff")


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        ("\n\n  \n" + rss(item(1), item(2)), 2),
        ("<br />\n<b>Warning</b>: foo() in /srv/x.php on line 3<br />\n" + rss(item(1), item(2)), 2),
        (rss(item(1), item(2)) + "\n<script>count()</script><!-- cached -->", 2),
        (rss(item(1), item(2)) + "</body></html>", 2),
        (rss(item(1, title="A \x00\x01\x0b\x1f control"), item(2)), 2),
        (rss(item(1, title="A &#0;&#1;&#xFFFF;&#xD800; reference"), item(2)), 2),
        (rss(item(1, title="Salt & pepper &; &unknown; &nbsp;"), item(2)), 2),
        (rss(item(1, description="<p>raw<br>markup & <img src=x></p>"), item(2)), 2),
        (rss(item(1, description="<![CDATA[never closed"), item(2)), 2),
        (rss(item(1, description="<![CDATA[<item><title>x</title></item>]]>", more="</b>"), item(2)), 2),
        (rss(item(1), item(2)).replace(' xmlns:dc="http://purl.org/dc/elements/1.1/"', "", 1), 2),
        (rss(item(1, more="<dc:creator>A</dc:creator><foo:bar>x</foo:bar>"), item(2)), 2),
        (rss(item(1, more="<b>never closed"), item(2)), 2),
        (rss(item(1, more="</b></b>"), item(2)), 2),
        (rss(item(1, title="5 < 6"), item(2)), 2),
        (rss(item(1, description="a ]]> b"), item(2)), 2),
        (rss(item(1), item(2)).replace("</channel>", ""), 2),
        (rss(item(1).replace("</item>", ""), item(2)), 2),
        (rss(item(1, more='<enclosure url=/a.mp3 type="audio/mpeg">'), item(2)), 2),
        (rss(item(1), item(2)).replace("<rss ", "<RSS ").replace("</rss>", "</RSS>"), 2),
        (rss(item(1), item(2), root='xmlns="http://www.w3.org/2005/Atom"'), 2),
        (rss(item(1), item(2), root='xmlns="urn:whatever"'), 2),
        (rss(item(1), item(2), root='xmlns="urn:whatever"').replace("</channel>", "</chanel>"), 2),
    ],
)  # fmt: skip
def test_a_broken_feed_is_read_as_far_as_can_be(broken: str, found: int) -> None:
    items = reading(broken).items
    assert len(items) == found
    assert all(one.url == f"https://mill.example.org/posts/{number}/" for number, one in enumerate(items, 1))
    assert all(f"Post {number}" in one.title or number == 1 for number, one in enumerate(items, 1))


def test_a_broken_entry_costs_only_itself_and_keeps_what_can_be_found_of_it() -> None:
    bad = item(
        1, title="Salt &amp; pepper", description="<p>One<br>two</p>", more="<dc:creator>Ana</dc:creator></x>"
    )
    first, second = reading(rss(bad, item(2))).items
    assert (first.title, first.html, first.authors) == ("Salt & pepper", "<p>One<br>two</p>", ("Ana",))
    assert second == reading(rss(item(2))).items[0]


@given(st.integers(0, 3000))
def test_a_feed_cut_anywhere_says_so_and_gives_no_half_post(cut: int) -> None:
    whole = rss(*map(item, range(1, 8)))
    text = whole[:cut]
    try:
        found = reading(text)
    except NotAFeed:
        assert "<rss" not in text or not text.endswith(">") or "<rss version" not in text
        return
    full = reading(whole).items
    assert list(found.items) == list(full[: len(found.items)])
    if "</rss>" not in text and "<rss version" in text:
        assert [problem for problem in found.problems if "breaks off" in problem.what]


#: Nine levels, ten times as much on each.
BOMB = (
    '<!DOCTYPE rss [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise("abcdefghi"))
    + "]>"
)


def test_entities_are_never_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("THE SECRET")
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    there = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        for doctype in (
            f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>',
            f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{there}/entity">]>',
            f'<!DOCTYPE rss SYSTEM "{there}/dtd">',
            f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "{there}/parameter">%p;]>',
            f'<?xml-stylesheet href="{there}/style" type="text/xsl"?>',
        ):
            text = rss(item(1, title="A &x; B"), item(2, description="<![CDATA[<p>&x;</p>]]>"))
            prolog, _, rest = text.partition("\n")
            for content in (prolog + doctype + rest, doctype + rest.replace("</channel>", "")):
                found = reading(content)
                assert len(found.items) == 2
                assert found.items[0].title == "A &x; B"
                assert "SECRET" not in "".join(one.title + one.html for one in found.items)
        include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{}" parse="text"/>'
        found = reading(rss(item(1, description=include.format(secret.as_uri()) + include.format(there))))
        assert "SECRET" not in found.items[0].html
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert asked == []


def test_a_billion_laughs_stay_one_word() -> None:
    text = rss(item(1, title="&i;"), item(2, description="&i;&i;"))
    found = reading(BOMB + text.partition("\n")[2])
    assert [one.title for one in found.items] == ["&i;", "Post 2"]
    assert max(len(one.html) for one in found.items) < 100


@pytest.mark.parametrize(
    "text",
    [
        rss("<item>" + "<a>" * 200_000 + "</item>"),
        rss("<item/>" * 200_000),
        rss(*["<item><guid>1</guid></item>"] * (MOST_ENTRIES + 1)),
        rss("<item><title " + 'a="b" ' * 20_000 + ">x</title></item>"),
        rss("<item><title>" + "&" * 200_000 + "</title></item>"),
        '{"items": ' + "[" * 100_000,
        '{"items": [' + "{}," * 10_000 + "{}]}",
        '{"items": [' + " " * 5_000_000 + "]}",
    ],
    ids=["tags", "items", "posts", "attributes", "ampersands", "nested json", "json items", "large json"],
)
def test_a_feed_that_is_built_to_exhaust_us_is_refused_in_one_clause(text: str) -> None:
    with pytest.raises(NotAFeed) as refusal:
        reading(text)
    assert "\n" not in str(refusal.value)


def test_deep_nesting_within_a_post_is_held() -> None:
    deep = "<div>" * 5000 + "words" + "</div>" * 5000
    for content in (rss(item(1, description=deep)), rss(item(1, description=f"<![CDATA[{deep}]]>"), item(2))):
        assert "words" in reading(content).items[0].html


@pytest.mark.parametrize(
    ("content", "content_type", "error", "words"),
    [
        ("<!DOCTYPE html><html><body>Log in</body></html>", "application/rss+xml", WebPage, "web page"),
        ("<html><head></head><p>&lt;rss&gt;</p></html>", "", WebPage, "web page"),
        ("<p>Just a moment...</p>", "text/html", WebPage, "web page"),
        (
            '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"/>',
            "",
            WebPage,
            "web page",
        ),
        ('<?xml version="1.0"?><urlset><url/></urlset>', "", NotAFeed, "<urlset>"),
        ('<?xml version="1.0"?><opml version="2.0"/>', "", NotAFeed, "<opml>"),
        ("", "", NotAFeed, "empty answer"),
        ("  \n", "", NotAFeed, "empty answer"),
        ("hello", "text/plain", NotAFeed, "neither"),
        ('{"posts": []}', "application/json", NotAFeed, "no JSON Feed"),
        ('{"items": {}}', "application/json", NotAFeed, "no JSON Feed"),
        ('{"items": [}', "application/json", NotAFeed, "damaged JSON"),
        ("\x89PNG\r\n\x1a\n", "image/png", NotAFeed, "neither"),
        ("[1, 2]", "application/json", NotAFeed, "neither"),
    ],
)
def test_what_is_no_feed_is_named(content: str, content_type: str, error: type[NotAFeed], words: str) -> None:
    with pytest.raises(error, match=words) as refusal:
        reading(content.encode("latin-1"), content_type)
    assert type(refusal.value) is error


@pytest.mark.parametrize(
    "entry",
    [
        None, 1, "x", [], {}, {"id": None}, {"id": {"a": 1}}, {"id": True}, {"id": [1]}, {"title": 5},
        {"id": "1", "authors": "Ana", "tags": "x", "attachments": {"url": 1}, "date_published": 20261124, "url": 7},
        {"id": "1", "authors": [None, "x", {"name": 4}], "tags": [None, 3], "attachments": [None, {"url": None}]},
        {"id": "1" * 5000, "title": "x", "content_text": "y", "attachments": [{"size_in_bytes": 1e300}]},
    ],
)  # fmt: skip
def test_wrong_types_in_a_json_feed_are_passed_over(entry: object) -> None:
    good = {"id": "good", "title": "Good", "content_text": "Words"}
    assert "Good" in titles(json.dumps({"items": [entry, good]}))


def test_a_huge_number_in_json_is_no_traceback() -> None:
    text = '{"items": [{"id": ' + "9" * 6000 + ', "title": "x", "content_text": "y"}]}'
    with pytest.raises(NotAFeed, match="damaged JSON"):
        reading(text)


@given(st.text(max_size=200))
def test_mending_leaves_no_entity_that_a_parser_does_not_know(text: str) -> None:
    try:
        found = mended(f"<rss>{text}</rss>")
    except NotAFeed:
        return
    outside = "".join(piece.rpartition("]]>")[2] for piece in found.split("<![CDATA["))
    for piece in outside.split("&")[1:]:
        assert piece.partition(";")[0].lstrip("#x").isalnum()


def test_the_kind_of_a_document_is_seen_by_its_words_and_not_by_its_name() -> None:
    assert kind_of('\ufeff  {"version": 1}') is DocumentKind.JSON
    assert kind_of("<rdf:RDF xmlns:rdf='x'>") is DocumentKind.XML
    assert kind_of("<!-- <html> --> <p>") is DocumentKind.PAGE
    assert kind_of("<rss><item><description><html>") is DocumentKind.XML
    assert kind_of("rss feed") is DocumentKind.UNKNOWN


def test_a_post_is_the_same_from_a_whole_and_from_a_broken_feed() -> None:
    """The reader of last resort must not change posts, or one stray tag would touch all of them."""
    more = '<dc:creator>Ana</dc:creator><category>A</category><enclosure url="/a.mp3" type="audio/mpeg" length="5"/>'
    whole = rss(item(1, more=more), item(2, more=more))
    broken = rss(item(1, more=more), item(2, more=more), "<item><b></item>")
    assert _comparable(reading(whole).items) == _comparable(reading(broken).items[:2])


def _comparable(items: tuple[Item, ...]) -> list[tuple[object, ...]]:
    return [
        (one.names, one.title, one.html, one.date, one.authors, one.categories, one.enclosure, one.url)
        for one in items
    ]
