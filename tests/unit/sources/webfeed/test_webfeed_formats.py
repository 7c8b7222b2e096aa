"""Every format of feeds gives the same post: what each calls its parts, and which of two texts is the whole one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from feed_server import item, rss

from newsletter.dates import PartialDate
from newsletter.sources.base import Enclosure, Item, NameScheme
from newsletter.sources.webfeed.items import FeedReading, Ours, read_items
from newsletter.sources.webfeed.model import Feed
from newsletter.sources.webfeed.source import read_feed

NOW = datetime(2026, 11, 24, tzinfo=UTC)
URL = "https://mill.example.org/feed"


def feed(text: str | bytes, url: str = URL, content_type: str = "application/xml") -> Feed:
    return read_feed(text.encode() if isinstance(text, str) else text, content_type, url)


def reading(text: str | bytes, **more: Any) -> FeedReading:
    return read_items(feed(text, **more), URL, (), Ours(NOW, "Europe/Berlin", "https://hub.example.org"))


def only(text: str | bytes, **more: Any) -> Item:
    (found,) = reading(text, **more).items
    return found


def atom(parts: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>{parts}</entry></feed>'


def names(found: Item) -> list[tuple[NameScheme, str]]:
    return [(name.scheme, name.value) for name in found.names]


RSS_091 = """<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>Mill</title><link>https://mill.example.org/</link><language>en</language>
<item><title>Caf&eacute; news</title><link>https://mill.example.org/cafe</link>
<description>It opens.</description></item>
</channel></rss>"""

RSS_090 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>Mill</title><link>https://mill.example.org/</link></channel>
<item><title>Café news</title><link>https://mill.example.org/cafe</link></item></rdf:RDF>"""

RSS_10 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel rdf:about="https://mill.example.org/"><title>Mill</title><link>https://mill.example.org/</link>
<items><rdf:Seq><rdf:li resource="https://mill.example.org/cafe"/></rdf:Seq></items></channel>
<item rdf:about="https://mill.example.org/cafe"><title>Café news</title><link>https://mill.example.org/cafe</link>
<dc:date>2026-10-05T09:00+02:00</dc:date><dc:creator>Ana</dc:creator><dc:subject>Bread</dc:subject>
<description>It opens.</description>
<content:encoded><![CDATA[<p>It opens <b>today</b>.</p>]]></content:encoded></item></rdf:RDF>"""

ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="fr"><title>Mill</title>
<link rel="alternate" type="text/html" href="https://mill.example.org/"/>
<entry><title mode="escaped" type="text/html">Caf&amp;eacute; &lt;b>news&lt;/b></title>
<link rel="alternate" type="text/html" href="https://mill.example.org/cafe"/><id>tag:mill.example.org,2026:cafe</id>
<issued>2026-10-05T09:00:00+02:00</issued><modified>2026-10-06T09:00:00+02:00</modified><author><name>Ana</name></author>
<content type="text/html" mode="escaped">&lt;p>It opens &lt;b>today&lt;/b>.&lt;/p></content></entry></feed>"""

ATOM_10 = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="https://mill.example.org/blog/">
<title>Mill</title><id>urn:x</id><updated>2026-10-06T09:00:00Z</updated><author><name>Feed Author</name></author>
<link rel="self" href="/feed"/>
<entry><title type="html">Caf&amp;eacute; &lt;b>news&lt;/b></title><id>tag:mill.example.org,2026:cafe</id>
<link rel="enclosure" type="audio/mpeg" length="1234" href="a.mp3"/>
<link rel="related" href="https://other.example.com/"/>
<link href="cafe"/><published>2026-10-05T09:00:00+02:00</published><updated>2026-10-06T09:00:00+02:00</updated>
<author><name>Ana</name><email>ana@example.org</email></author><author><name>Ben</name></author>
<category term="bread" label="Bread"/><category term="http://example.org/kind#post"/>
<summary>Fresh every morning.</summary>
<content type="xhtml" xml:base="2026/">
<div xmlns="http://www.w3.org/1999/xhtml"><p>It <i>opens</i> <a href="map">here</a>.</p></div></content>
</entry></feed>"""

JSON_11 = {
    "version": "https://jsonfeed.org/version/1.1", "title": "Mill", "home_page_url": "https://mill.example.org/",
    "language": "fr", "authors": [{"name": "Feed Author"}],
    "items": [{
        "id": "cafe", "url": "/cafe", "title": "Café news", "content_html": "<p>It opens <a href='map'>here</a>.</p>",
        "content_text": "It opens here.", "summary": "Fresh every morning.", "image": "/cafe.jpg",
        "date_published": "2026-10-05T09:00:00+02:00", "date_modified": "2026-10-06T09:00:00+02:00",
        "authors": [{"name": "Ana"}, {"name": "Ben"}], "tags": ["Bread"],
        "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 1234}],
    }],
}  # fmt: skip


@pytest.mark.parametrize("text", [RSS_091, RSS_090, RSS_10, ATOM_03, ATOM_10, json.dumps(JSON_11)])
def test_every_format_gives_title_address_and_names(text: str) -> None:
    found = only(text)
    expected = "https://mill.example.org/blog/cafe" if text is ATOM_10 else "https://mill.example.org/cafe"
    assert (found.title, found.url) == ("Café news", expected)
    assert NameScheme.ADDRESS in [name.scheme for name in found.names]


@pytest.mark.parametrize("text", [RSS_10, ATOM_03, ATOM_10, json.dumps(JSON_11)])
def test_dates_are_instants_and_authors_have_no_mail_addresses(text: str) -> None:
    found = only(text)
    assert found.date == PartialDate.of_instant(datetime(2026, 10, 5, 7, tzinfo=UTC))
    assert found.authors in (("Ana",), ("Ana", "Ben"))
    assert found.updated in (None, datetime(2026, 10, 6, 7, tzinfo=UTC))


def test_atom_has_everything() -> None:
    found = only(ATOM_10)
    assert names(found)[0] == (NameScheme.GUID, "tag:mill.example.org,2026:cafe")
    assert found.html == '<p>It <i>opens</i> <a href="https://mill.example.org/blog/2026/map">here</a>.</p>'
    assert (found.summary, found.categories, found.language) == ("Fresh every morning.", ("Bread",), "fr")
    assert found.enclosure == Enclosure("https://mill.example.org/blog/a.mp3", "audio/mpeg", 1234)


def test_json_feed_has_everything() -> None:
    found = only(json.dumps(JSON_11))
    assert names(found) == [(NameScheme.GUID, "cafe"), (NameScheme.ADDRESS, "/cafe")]
    assert found.html == '<p>It opens <a href="https://mill.example.org/map">here</a>.</p>'
    assert (found.summary, found.categories, found.language) == ("Fresh every morning.", ("Bread",), "fr")
    assert (found.image, found.enclosure) == (
        "https://mill.example.org/cafe.jpg",
        Enclosure("https://mill.example.org/a.mp3", "audio/mpeg", 1234),
    )


def test_json_feed_1_0_with_an_author_a_number_as_id_and_plain_text() -> None:
    data = {
        "version": "https://jsonfeed.org/version/1", "title": "x", "author": {"name": "Ana"},
        "items": [{"id": 7, "content_text": "One & two.\nNext line.\n\nNew <paragraph>."}],
    }  # fmt: skip
    found = only(json.dumps(data))
    assert names(found) == [(NameScheme.GUID, "7")]
    assert found.html == "<p>One &amp; two.<br>Next line.</p><p>New &lt;paragraph&gt;.</p>"
    assert (found.authors, found.title) == (("Ana",), "One & two. Next line. New <paragraph>.")


def test_the_whole_text_is_taken_and_not_the_excerpt_in_whatever_order() -> None:
    whole = "<content:encoded><![CDATA[<p>All of <b>it</b>, to the end.</p>]]></content:encoded>"
    for first, second in ((whole, ""), ("", whole)):
        found = only(rss(f"<item><guid>1</guid>{first}<description>All of it</description>{second}</item>"))
        assert found.html == "<p>All of <b>it</b>, to the end.</p>"
        assert found.summary == ""  # it is only how the text begins


def test_captions_of_pictures_are_no_text_of_the_post() -> None:
    media = (
        '<media:content url="https://mill.example.org/p.jpg" medium="image"><media:title>Pic</media:title>'
        "<media:description>A caption.</media:description></media:content>"
    )
    found = only(rss(item(1, more=media)))
    assert (found.title, found.html) == ("Post 1", "<p>Whole text of post 1.</p>")
    assert found.image == "https://mill.example.org/p.jpg"


@pytest.mark.parametrize(
    ("more", "image"),
    [
        ('<media:thumbnail url="/t.jpg"/>', "https://mill.example.org/t.jpg"),
        (
            '<media:group><media:content url="/g.png" type="image/png"/></media:group>',
            "https://mill.example.org/g.png",
        ),
        ('<itunes:image href="https://mill.example.org/i.jpg"/>', "https://mill.example.org/i.jpg"),
        ('<enclosure url="/e.jpg" type="image/jpeg" length="9"/>', "https://mill.example.org/e.jpg"),
        ('<media:content url="/film.mp4" type="video/mp4"/>', None),
        ('<media:thumbnail url="javascript:alert(1)"/>', None),
        ("<description>&lt;img src=/big.jpg&gt;</description>", None),  # not guessed
    ],
)
def test_the_picture_of_a_post_is_what_the_feed_calls_so(more: str, image: str | None) -> None:
    assert only(rss(item(1, more=more))).image == image


@pytest.mark.parametrize(
    ("more", "size"),
    [
        ('<media:content url="/g.png" medium="image" width="1200" height="800"/>', (1200, 800)),
        ('<media:thumbnail url="/t.jpg" width="150" height="100"/>', (150, 100)),
        ('<media:thumbnail url="/t.jpg" width="150"/>', (0, 0)),
        ('<media:thumbnail url="/t.jpg" width="wide" height="-1"/>', (0, 0)),
        (
            '<media:content url="/f.mp4" medium="video" width="640" height="360"/><media:thumbnail url="/t.jpg"/>',
            (0, 0),
        ),
    ],
)
def test_a_picture_is_as_large_as_the_feed_says(more: str, size: tuple[int, int]) -> None:
    assert only(rss(item(1, more=more))).image_size == size
    entry = f"<entry><id>1</id><title>One</title><content>Words</content>{more}</entry>"
    assert only(atom(entry)).image_size == size


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ('<enclosure url="/a.mp3" type="audio/mpeg" length="5000"/>', ("a.mp3", "audio/mpeg", 5000)),
        ('<enclosure url="/a.mp3?x=1" type="" length="0"/>', ("a.mp3?x=1", "audio/mpeg", None)),
        ('<enclosure url="/a.m4v" type="application/octet-stream" length="many"/>', ("a.m4v", "video/x-m4v", None)),
        ('<media:content url="/a.mp4" medium="video" fileSize="7"/>', ("a.mp4", "video/mp4", 7)),
        ('<enclosure url="/a.pdf" type="application/pdf" length="7"/>', None),
        ('<enclosure url="file:///etc/passwd" type="audio/mpeg" length="7"/>', None),
    ],
)  # fmt: skip
def test_a_recording_has_its_type_and_length_where_they_can_be(
    more: str, found: tuple[str, str, int | None]
) -> None:
    enclosure = only(rss(item(1, more=more))).enclosure
    if found is None:
        assert enclosure is None
    else:
        assert enclosure == Enclosure("https://mill.example.org/" + found[0], found[1], found[2])


def test_a_podcast_with_nothing_but_a_recording_is_a_post() -> None:
    sound = '<enclosure url="/shows/12.mp3" type="audio/mpeg" length="5"/>'
    found = reading(rss(f"<item><guid>s12</guid>{sound}</item>", f"<item><title>Show</title>{sound}</item>"))
    assert [one.title for one in found.items] == ["12.mp3", "Show"]
    assert not [problem for problem in found.problems if "beginnings" in problem.what]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Plain words", "Plain words"),
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("It&amp;#8217;s here", "It’s here"),
        ("It&#146;s here", "It’s here"),
        ("&lt;b&gt;Bold&lt;/b&gt; words", "Bold words"),
        ("<![CDATA[<em>Soft</em> &amp; quiet]]>", "Soft & quiet"),
        ("<b>Bold</b> in XML", "Bold in XML"),
        ("The &lt;canvas&gt; element", "The <canvas> element"),
        ("A &lt; B &amp; C > D", "A < B & C > D"),
        ("Fish &chips; and A & B", "Fish &chips; and A & B"),
        ("  Many\n  lines ", "Many lines"),
        ("Emoji 😀 &#128512; \U0001f600", "Emoji 😀 😀 😀"),
        ("مرحبا بالعالم", "مرحبا بالعالم"),
    ],
)
def test_a_title_is_plain_text_read_once(written: str, read: str) -> None:
    assert only(rss(item(1, title=written))).title == read


@pytest.mark.parametrize(
    ("kind", "written", "read"),
    [
        ("text", "A &lt;b&gt; tag", "A tag"),  # markup in a title that says it is text: people meant markup
        ("text", "The &lt;main&gt; thing", "The <main> thing"),
        ("html", "A &amp;lt;b> tag", "A <b> tag"),
        ("html", "It&amp;amp;#8217;s", "It’s"),
        (
            "xhtml",
            '<div xmlns="http://www.w3.org/1999/xhtml">Less <em>is</em> &lt; more</div>',
            "Less is < more",
        ),
    ],
)
def test_an_atom_title_is_read_by_its_type(kind: str, written: str, read: str) -> None:
    assert only(atom(f'<title type="{kind}">{written}</title>')).title == read


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("<author>ana@example.org (Ana Ríos)</author>", ("Ana Ríos",)),
        ("<author>Ana Ríos &lt;ana@example.org&gt;</author>", ("Ana Ríos",)),
        ("<author>noreply@blogger.com (Unknown)</author>", ()),
        ("<author>ana@example.org</author>", ()),
        ("<dc:creator>Ana</dc:creator><dc:creator>Ben</dc:creator><author>x@x.org (Web)</author>", ("Ana", "Ben")),
        ("<dc:creator><![CDATA[Ana & Ben]]></dc:creator><dc:creator>ana &amp; ben</dc:creator>", ("Ana & Ben",)),
        ("<itunes:author>The Mill Show</itunes:author>", ("The Mill Show",)),
        ("<atom:author><atom:name>Ana</atom:name><atom:uri>https://x.example.org</atom:uri></atom:author>", ("Ana",)),
        ("<dc:creator>https://mill.example.org/ana</dc:creator>", ()),
    ],
)  # fmt: skip
def test_authors_are_names_and_never_mail_addresses(author: str, names: tuple[str, ...]) -> None:
    assert only(rss(item(1, more=author))).authors == names


@pytest.mark.parametrize(
    ("link", "guid", "url"),
    [
        ("/posts/1", "x", "https://mill.example.org/posts/1"),
        ("", "https://mill.example.org/posts/1", "https://mill.example.org/posts/1"),
        ("", "123", None),
        ("javascript:alert(1)", "123", None),
        ("https://mill.example.org/a?b=1&amp;c=2", "1", "https://mill.example.org/a?b=1&c=2"),
        ("<![CDATA[https://mill.example.org/a?b=1&c=2]]>", "1", "https://mill.example.org/a?b=1&c=2"),
        ("https://mill.example.org/a?b=1&copy=2", "1", "https://mill.example.org/a?b=1&copy=2"),
        ("  https://mill.example.org/a  ", "1", "https://mill.example.org/a"),
        ("http://[broken", "1", None),
    ],
)
def test_a_post_s_page_is_its_link_made_absolute(link: str, guid: str, url: str | None) -> None:
    assert only(rss(item(1, link=link, guid=guid))).url == url


def test_a_guid_is_kept_exactly_and_not_made_an_address() -> None:
    found = only(rss(item(1, guid=" 123 "), root='xml:base="https://mill.example.org/blog/"'))
    assert names(found)[0] == (NameScheme.GUID, "123")


def test_the_address_behind_a_counting_service_is_taken() -> None:
    more = '<f:origLink xmlns:f="http://rssnamespace.org/feedburner/ext/1.0">https://mill.example.org/real</f:origLink>'
    assert (
        only(rss(item(1, link="https://count.example.com/~r/7", more=more))).url
        == "https://mill.example.org/real"
    )


@pytest.mark.parametrize(
    ("head", "minutes"),
    [
        ("<ttl>30</ttl>", 30),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 720),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 60),
        ("<sy:updatePeriod>sometimes</sy:updatePeriod><ttl>soon</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 60),
    ],
)
def test_how_often_a_feed_wants_to_be_asked(head: str, minutes: int | None) -> None:
    assert feed(rss(item(1), head=head)).minutes == minutes


def test_nothing_that_runs_survives_in_any_format() -> None:
    evil = "<script>alert(1)</script><p onclick=x()>Hi <a href='javascript:y()'>you</a><img src=x onerror=z()></p>"
    escaped = evil.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    texts = [
        rss(item(1, description=escaped)),
        atom(f'<title>T</title><content type="html">{escaped}</content>'),
        json.dumps({"items": [{"id": "1", "title": "T", "content_html": evil}]}),
    ]
    for text in texts:
        html = only(text).html
        assert "Hi" in html
        assert not any(word in html for word in ("script", "onclick", "onerror", "alert"))


def test_a_plugin_s_line_under_every_text_goes() -> None:
    text = (
        "&lt;p&gt;Real words.&lt;/p&gt;&lt;p&gt;The post &lt;a href='/1'&gt;X&lt;/a&gt; appeared "
        "first on &lt;a href='https://mill.example.org'&gt;Mill&lt;/a&gt;.&lt;/p&gt;"
    )
    assert only(rss(item(1, description=text))).html == "<p>Real words.</p>"


def test_a_text_that_was_escaped_twice_is_read() -> None:
    assert only(rss(item(1, description="&amp;lt;p&amp;gt;Words&amp;lt;/p&amp;gt;"))).html == "<p>Words</p>"
