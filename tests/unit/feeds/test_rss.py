"""RSS 2.0 as it goes out: each rule of the specification and of its profile, on the bytes."""

import locale
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import feedparser
import pytest
from feed_samples import DAY, MORNING, NEWEST_CHANGE, OLDER, POST, SITE, post, site
from lxml import etree

from newsletter.errors import Refused
from newsletter.feeds.build import RSS_TYPE, rss

NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}


def channel_of(built: bytes) -> etree._Element:
    channel = etree.fromstring(built).find("channel")
    assert channel is not None
    return channel


def item_of(*posts) -> etree._Element:
    item = channel_of(rss(SITE, posts)).find("item")
    assert item is not None
    return item


def test_the_bytes_are_well_formed_and_declare_utf8():
    """R1"""
    built = rss(SITE, [POST, OLDER])
    assert re.match(rb"<\?xml version=['\"]1.0['\"] encoding=['\"]UTF-8['\"]\?>", built)
    assert "مرحبا" in built.decode("utf-8")
    etree.fromstring(built)


@pytest.mark.parametrize("bad", ["\x00", "\x08", "\x0b", "\x1f", "\ud83d", "\ufffe", "\uffff"])
def test_a_character_that_xml_cannot_hold_costs_itself_and_not_the_feed(bad):
    """R1: feedgen raises ValueError for each of these."""
    dirty = dict.fromkeys(("title", "summary", "html"), f"be{bad}fore")
    built = rss(
        site(title=f"Hu{bad}b", description=f"a{bad}b", organisation=f"o{bad}o"),
        [post(**dirty, authors=(f"An{bad}a",), topics=(f"To{bad}pic",), url=f"https://example.org/a{bad}b")],
    )
    channel = channel_of(built)
    assert channel.findtext("title") == "Hub"
    assert channel.findtext("item/title") == "before"
    assert channel.findtext("item/dc:creator", namespaces=NS) == "Ana"
    assert channel.findtext("item/category") == "Topic"


def test_one_channel_has_title_link_and_description():
    """R2"""
    root = etree.fromstring(rss(SITE, [POST]))
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    for name in ("title", "link", "description"):
        assert len(root.findall(f"channel/{name}")) == 1
    assert root.findtext("channel/description") == "Reading & writing, week by week"


def test_the_channel_link_is_the_page_and_not_the_feed():
    """R3: feedgen takes whichever link was added last."""
    assert channel_of(rss(SITE, [POST])).findtext("link") == SITE.home_url


def test_an_item_without_a_title_or_a_summary_of_its_own_still_has_one_of_them():
    """R4"""
    untitled = item_of(post(title=" \x00\n"))
    assert untitled.findtext("title") == "Ana & Ben built <two> shelves."
    bare = item_of(post(title="", summary="", html=""))
    assert (bare.findtext("title"), bare.findtext("description")) == (POST.url, None)


def test_a_picture_without_words_does_not_say_its_day_twice():
    """R4"""
    picture = '<p><img src="https://example.org/heron.jpg" alt="A heron"></p>'
    for named in ("5 October 2026", "A heron"):
        item = item_of(post(title=named, summary=named, html=picture))
        assert item.findtext("title") == named
        assert item.findtext("description") == picture
        assert item.find("content:encoded", NS) is None


def test_the_guid_is_the_permanent_id_and_no_link():
    """R5"""
    (guid,) = item_of(POST).findall("guid")
    assert guid.text == POST.id
    assert guid.get("isPermaLink") == "false"


def test_the_guid_stays_when_title_address_and_text_change():
    """R5"""
    moved = post(
        title="Other", url="http://elsewhere.example/x", html="<p>new</p>", updated=MORNING + 9 * DAY
    )
    assert item_of(moved).findtext("guid") == item_of(POST).findtext("guid")


def test_dates_are_rfc822_with_four_digits_and_a_zone():
    """R6"""
    item = item_of(POST)
    assert item.findtext("pubDate") == "Tue, 06 Oct 2026 07:30:15 GMT"
    early = item_of(post(published=datetime(987, 6, 5, tzinfo=MORNING.tzinfo), updated=MORNING))
    assert re.fullmatch(r"\w{3}, \d\d \w{3} 0987 \d\d:\d\d:\d\d GMT", early.findtext("pubDate") or "")


def test_the_last_build_is_the_newest_change_and_never_now():
    """R7"""
    written = channel_of(rss(SITE, [POST, OLDER])).findtext("lastBuildDate")
    assert parsedate_to_datetime(written) == NEWEST_CHANGE


def test_a_date_without_a_zone_is_a_mistake_of_ours():
    """R6"""
    with pytest.raises(ValueError, match="no time zone"):
        rss(SITE, [post(published=datetime(2026, 10, 6))])  # noqa: DTZ001


def test_the_feed_names_its_own_address_and_type():
    """R8"""
    (link,) = channel_of(rss(SITE, [POST])).findall("atom:link", NS)
    assert (link.get("rel"), link.get("href"), link.get("type")) == ("self", SITE.feed_url, RSS_TYPE)


def test_the_summary_comes_before_the_full_text():
    """R9"""
    names = [child.tag for child in item_of(POST)]
    encoded = f"{{{NS['content']}}}encoded"
    assert names.index("description") < names.index(encoded)
    assert item_of(POST).findtext(encoded) == POST.html


def test_a_post_without_full_text_has_its_summary_only():
    """R9"""
    item = item_of(post(html=""))
    assert item.findtext("description")
    assert item.find("content:encoded", NS) is None


def test_plain_text_is_written_with_hexadecimal_references():
    """R10"""
    built = rss(SITE, [POST])
    assert b"<title>Shelves &#x26; shoes &#x3C;for&#x3E; everyone</title>" in built
    assert b"<category>Reading &#x26; writing</category>" in built
    assert b"<description>Reading &#x26; writing, week by week</description>" in built


def test_text_that_looks_like_a_reference_is_not_taken_for_one():
    """R10"""
    assert item_of(post(title="&amp; is how & is written, &#x3C; too")).findtext("title") == (
        "&amp; is how & is written, &#x3C; too"
    )


def test_a_summary_is_escaped_because_a_description_is_read_as_html():
    """R10"""
    assert item_of(POST).findtext("description") == "Ana &amp; Ben built &lt;two&gt; shelves."


def test_addresses_are_absolute_and_in_ascii():
    """R11"""
    link = item_of(OLDER).findtext("link") or ""
    assert link == "https://hub.example.org/posts/ol%C3%A1"
    assert urlsplit(link).scheme == "https"


def test_authors_without_a_public_mail_address_are_creators():
    """R12, R13: feedgen drops an author without mail, and writes two <author> for two."""
    item = item_of(POST)
    assert [creator.text for creator in item.findall("dc:creator", NS)] == ["Ana Sousa", "Ben Okoro"]
    assert item.find("author") is None


def test_a_picture_is_media_and_no_enclosure_of_unknown_length():
    """R13, R14"""
    item = item_of(POST)
    assert item.find("enclosure") is None
    (media,) = item.findall("media:content", NS)
    assert (media.get("url"), media.get("medium")) == (POST.image, "image")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "/posts/x",
        "",
        "//a",
    ],
)
def test_an_address_that_is_no_web_address_makes_no_link(address):
    """R15: feedgen lets every scheme through."""
    built = rss(site(image=address), [post(url=address, image=address)])
    channel = channel_of(built)
    assert channel.find("item/link") is None
    assert channel.find("image") is None
    assert channel.find("item/media:content", NS) is None
    assert b"script:" not in built


def test_the_newest_post_comes_first_whatever_the_order_was():
    """R16: feedgen's add_entry puts each new one on top."""
    newest = post(id="urn:uuid:3", published=MORNING + DAY)
    for order in ([OLDER, POST, newest], [newest, OLDER, POST]):
        guids = [guid.text for guid in channel_of(rss(SITE, order)).findall("item/guid")]
        assert guids == [newest.id, POST.id, OLDER.id]


def test_posts_of_the_same_moment_keep_their_order():
    """R16"""
    posts = [post(id=f"urn:uuid:{number}") for number in range(5)]
    assert [guid.text for guid in channel_of(rss(SITE, posts)).findall("item/guid")] == [p.id for p in posts]


def test_the_picture_of_the_channel_repeats_its_title_and_link():
    """R17"""
    channel = channel_of(rss(SITE, [POST]))
    assert channel.findtext("image/url") == SITE.image
    assert channel.findtext("image/title") == channel.findtext("title")
    assert channel.findtext("image/link") == channel.findtext("link")


def test_language_lifetime_docs_and_generator_are_named():
    """R17"""
    channel = channel_of(rss(SITE, [POST]))
    assert channel.findtext("language") == "en-GB"
    assert channel.findtext("ttl") == "45"
    assert channel.findtext("docs") == "https://www.rssboard.org/rss-specification"
    assert channel.findtext("generator") == "Learning Hub Newsletter"
    assert channel.findtext("item/dc:language", namespaces=NS) == "pt"


def test_a_language_written_the_way_of_gettext_is_corrected_and_a_wrong_one_left_out():
    """R17"""
    assert channel_of(rss(site(language="pt_BR"), [])).findtext("language") == "pt-BR"
    assert channel_of(rss(site(language="of course"), [])).find("language") is None


def test_hubs_are_named():
    """W1"""
    links = channel_of(rss(site(hubs=("https://hub.example/",)), [POST])).findall("atom:link", NS)
    assert [(link.get("rel"), link.get("href")) for link in links] == [
        ("self", SITE.feed_url),
        ("hub", "https://hub.example/"),
    ]


def test_the_same_posts_give_the_same_bytes():
    """H11"""
    assert rss(SITE, [POST, OLDER]) == rss(SITE, [POST, OLDER])


def test_building_never_touches_the_locale_of_the_process(monkeypatch):
    """feedgen's date format does, and two threads can leave it switched."""
    monkeypatch.setattr(locale, "setlocale", lambda *_: pytest.fail("the locale was switched"))
    assert b"<lastBuildDate>" in rss(SITE, [POST])
    assert b"<lastBuildDate>" not in rss(SITE, [])


def test_a_feed_without_posts_is_whole_and_has_no_date_of_change():
    """R2, R7"""
    channel = channel_of(rss(SITE, []))
    assert channel.findtext("title") == SITE.title
    assert channel.find("item") is None
    assert channel.find("lastBuildDate") is None
    assert not feedparser.parse(rss(SITE, [])).bozo


def test_the_end_of_a_cdata_section_in_a_post_ends_nothing():
    """R1"""
    html = "<pre>x]]&gt;y ]]> <![CDATA[z]]></pre>"
    assert item_of(post(html=html)).findtext("content:encoded", namespaces=NS) == html


def test_a_body_of_a_megabyte_comes_through_whole():
    """R16"""
    html = "<p>" + "Ünïcode & text. " * 70_000 + "</p>"
    assert item_of(post(html=html)).findtext("content:encoded", namespaces=NS) == html


def test_a_site_without_a_web_address_is_refused_in_words():
    """R3"""
    with pytest.raises(Refused, match=r"'javascript:x'.*correct the site"):
        rss(site(home_url="javascript:x"), [])


def test_a_reader_gets_every_field():
    """R1 to R17, through feedparser"""
    read = feedparser.parse(rss(SITE, [POST, OLDER]))
    assert not read.bozo
    assert (read.version, read.encoding) == ("rss20", "utf-8")
    assert (read.feed.title, read.feed.link, read.feed.language) == (SITE.title, SITE.home_url, "en-GB")
    first, second = read.entries
    assert (first.id, first.link, first.guidislink) == (POST.id, POST.url, False)
    assert first.content[0].value == POST.html
    assert first.published_parsed[:6] == (2026, 10, 6, 7, 30, 15)
    assert [author.name for author in first.authors] == list(POST.authors)
    assert [tag.term for tag in first.tags] == list(POST.topics)
    assert first.media_content[0]["url"] == POST.image
    assert (second.title, second.summary) == (OLDER.title, OLDER.summary)


def test_a_browser_is_given_a_style_sheet_and_a_parser_sees_the_same_feed():
    plain, styled = rss(SITE, [POST]), rss(site(style="/news/static/feed-12.css"), [POST])
    instruction = b'<?xml-stylesheet type="text/css" href="/news/static/feed-12.css"?>\n'
    assert styled.replace(instruction, b"", 1) == plain
    assert styled.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n" + instruction)


@pytest.mark.parametrize(
    "style", ['/x" evil="', "/x?>", "https://elsewhere.example/x.css", "//elsewhere.example", ""]
)
def test_a_style_sheet_is_a_plain_path_or_none(style):
    assert b"xml-stylesheet" not in rss(site(style=style), [POST])
