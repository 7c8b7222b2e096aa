"""Names, dates and excerpts: how a post is known again when its feed is careless, and what staff are told of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from feed_server import item, rss
from hypothesis import given
from hypothesis import strategies as st

from newsletter.dates import PartialDate
from newsletter.sources.base import Name, NameScheme
from newsletter.sources.webfeed.dates import changed, published
from newsletter.sources.webfeed.excerpts import only_excerpts
from newsletter.sources.webfeed.identity import MOST_SHARED, name_entries
from newsletter.sources.webfeed.items import FeedReading, Ours, read_items
from newsletter.sources.webfeed.model import FeedEntry
from newsletter.sources.webfeed.source import read_feed

URL = "https://mill.example.org/feed"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def reading(*items: str, head: str = "", shared: tuple[str, ...] = ()) -> FeedReading:
    feed = read_feed(rss(*items, head=head).encode(), "text/xml", URL)
    return read_items(feed, URL, shared, Ours(NOW, "America/New_York", "https://hub.example.org"))


def said(found: FeedReading) -> str:
    return " | ".join(problem.what for problem in found.problems)


def guid(value: str) -> Name:
    return Name(NameScheme.GUID, value)


def address(value: str) -> Name:
    return Name(NameScheme.ADDRESS, value)


def test_a_post_has_its_guid_and_its_address_as_names() -> None:
    (found,) = reading(item(1)).items
    assert found.names == (guid("https://mill.example.org/?p=1"), address("/posts/1"))


def test_posts_with_one_guid_are_told_apart_by_their_addresses_now_and_later() -> None:
    found = reading(item(1, guid="same"), item(2, guid="same"), item(3))
    assert [one.names for one in found.items[:2]] == [(address("/posts/1"),), (address("/posts/2"),)]
    assert 'the same id "same"' in said(found)
    later = reading(item(2, guid="same"), shared=found.shared)
    assert later.items[0].names == (address("/posts/2"),)


def test_posts_that_all_link_to_one_page_are_told_apart_by_their_guids_now_and_later() -> None:
    link = "https://mill.example.org/news"
    found = reading(item(1, link=link), item(2, link=link))
    assert [len(one.names) for one in found.items] == [1, 1]
    assert all(one.names[0].scheme is NameScheme.GUID for one in found.items)
    later = reading(item(3, link=link), shared=found.shared)
    assert later.items[0].names == (guid("https://mill.example.org/?p=3"),)


def test_a_place_within_a_page_is_no_name_of_a_post() -> None:
    (found,) = reading(item(1, link="https://mill.example.org/news#one")).items
    assert found.names == (guid("https://mill.example.org/?p=1"),)
    assert found.url == "https://mill.example.org/news#one"


def test_an_entry_that_stands_twice_is_one_post() -> None:
    found = reading(item(1, title="New wording"), item(1), item(2), item(2))
    assert [one.title for one in found.items] == ["New wording", "Post 2"]
    assert said(found) == ""


NOTES = "https://mill.example.org/notes"


def notes(*numbers: int, **more: str) -> list[str]:
    """Entries that all lead to one page, the newest first."""
    return [item(number, **{"guid": "", "link": NOTES, **more}) for number in numbers]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"guid": NOTES},
        {"guid": "https://mill.example.org/"},
        {"guid": URL},
        {"guid": "same"},
        {"title": "Morning notes"},
        {"title": ""},
    ],
)
def test_an_address_that_entries_share_names_none_of_them(more: dict[str, str]) -> None:
    first = reading(*notes(1, **more))
    second = reading(*notes(2, 1, **more), shared=first.shared)
    third = reading(*notes(3, 2, **more), shared=second.shared)
    assert [len(found.items) for found in (first, second, third)] == [1, 2, 2]
    newer, older = (set(one.names) for one in second.items)
    assert not newer & older
    newest, again = (set(one.names) for one in third.items)
    assert again & newer
    assert not newest & (newer | older)
    if more.get("guid") != "same":  # which may be an id, until a second entry has it
        assert set(first.items[0].names) & older


@pytest.mark.parametrize("end", ["?utm_source={}", "#note-{}", "?fbclid={}#x{}"])
def test_links_that_differ_in_what_names_no_post_are_one_address(end: str) -> None:
    found = reading(*(item(n, guid="", link=NOTES + end.format(n, n), title="Notes") for n in (1, 2)))
    one, other = (set(entry.names) for entry in found.items)
    assert not one & other


def test_json_feed_ids_that_are_all_one_name_no_post() -> None:
    entries = [
        {"id": "https://mill.example.org/", "url": NOTES, "title": f"Note {n}", "content_text": f"Words {n}.",
         "date_published": f"2026-11-{n:02d}T09:00:00Z"} for n in (2, 1)
    ]  # fmt: skip
    text = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": entries})
    ours = Ours(NOW, "UTC", "https://hub.example.org")
    found = read_items(read_feed(text.encode(), "application/feed+json", URL), URL, (), ours)
    assert [one.title for one in found.items] == ["Note 2", "Note 1"]


def test_a_revision_of_an_entry_under_its_own_id_is_that_entry() -> None:
    again = item(1, pubDate="20 Nov 2026 09:00:00 +0000", description="Other words", guid="urn:one")
    assert len(reading(again, item(1, guid="urn:one")).items) == 1


def test_without_ids_every_post_may_link_to_the_home_page() -> None:
    home = "https://mill.example.org/"
    found = reading(*(item(number, guid="", link=home) for number in (1, 2, 3)))
    assert len({one.names for one in found.items}) == 3
    again = reading(*(item(number, guid="", link=home) for number in (4, 3, 2)))
    assert [one.names for one in found.items[1:]] == [one.names for one in reversed(again.items[1:])]


def test_without_id_and_address_title_and_date_are_the_name_and_staff_are_told() -> None:
    found = reading(item(1, guid="", link=""), item(2, guid="", link=""))
    assert len({one.names for one in found.items}) == 2
    assert "2 posts without id and address" in said(found)
    assert (
        found.items[0].names == reading(item(1, guid="", link="", description="Other words")).items[0].names
    )


@pytest.mark.parametrize(
    "empty",
    [
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "0001-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "1970-01-01T00:00:00Z",
        "0000-00-00 00:00:00",
        "0000-00-00T00:00:00Z",
        "1899-12-30T00:00:00Z",
        "Sat, 30 Dec 1899 00:00:00 GMT",
        "Mon, 01 Jan 1900 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "9999-12-31T23:59:59Z",
        "Wed, 30 Nov -0001 00:00:00 +0000",
        "1601-01-01T00:00:00Z",
        "1753-01-01T00:00:00",
        "Tue, 01 Jan 1980 00:00:00 GMT",
    ],
)
def test_what_programs_write_for_no_date_is_none(empty: str) -> None:
    (found,) = reading(item(1, pubDate=empty)).items
    assert found.date is None
    dated = item(1, pubDate=empty, more="<atom:updated>2026-10-02T09:00:00Z</atom:updated>")
    assert reading(dated).items[0].date == PartialDate.of_instant(datetime(2026, 10, 2, 9, tzinfo=UTC))


def test_a_picture_without_words_is_a_post() -> None:
    shown = '<media:content url="https://mill.example.org/{}.jpg" medium="image" type="image/jpeg"/>'
    found = reading(
        item(1, title="", description='&lt;img src="/1.jpg" alt="A mill in winter"&gt;'),
        item(2, title="", description="", more=shown.format(2)),
        item(3, title="", description="", pubDate="", more=shown.format("dawn")),
        item(4, title="", description=""),
    )
    assert [one.title for one in found.items] == ["A mill in winter", "October 3, 2026", "dawn.jpg"]
    assert found.items[1].image == "https://mill.example.org/2.jpg"
    assert "only titles" not in said(found)


def test_a_guid_that_is_too_long_to_keep_is_a_digest() -> None:
    long = "x" * 5000
    first, second = reading(item(1, guid=long + "a"), item(2, guid=long + "b")).items
    assert first.names[0] != second.names[0]
    assert len(first.names[0].value) < 100


SMALL = st.sampled_from(["", "a", "b", "c"])
ENTRIES = st.lists(
    st.builds(
        FeedEntry,
        id=SMALL,
        link=SMALL.map(lambda path: path and f"https://mill.example.org/{path}"),
        title=SMALL,
        date=SMALL,
    ),
    max_size=8,
)


@given(ENTRIES, st.lists(SMALL.map(lambda value: f"guid:{value}"), max_size=2))
def test_no_two_posts_of_a_feed_ever_share_a_name(entries: list[FeedEntry], shared: list[str]) -> None:
    naming = name_entries(entries, shared)
    names = [name for _, own in naming.named for name in own]
    assert len(names) == len(set(names))
    assert all(own for _, own in naming.named)
    assert not {f"{name.scheme}:{name.value}" for name in names} & set(naming.shared)


@given(ENTRIES, ENTRIES)
def test_a_name_that_was_shared_once_names_nothing_later(
    before: list[FeedEntry], after: list[FeedEntry]
) -> None:
    shared = name_entries(before, ()).shared
    later = name_entries(after, shared)
    assert set(shared) <= set(later.shared)
    assert not {f"{name.scheme}:{name.value}" for _, own in later.named for name in own} & set(shared)


def test_what_is_remembered_of_shared_names_has_a_limit() -> None:
    entries = [
        FeedEntry(id=str(number // 2), title=str(number), link=f"https://x.example.org/{number}")
        for number in range(3000)
    ]
    assert len(name_entries(entries, ()).shared) == MOST_SHARED


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mon, 05 Oct 2026 09:00:00 +0200", "2026-10-05T07:00:00Z"),
        ("Mon, 05 Oct 2026 09:00:00 EST", "2026-10-05T14:00:00Z"),
        ("5 Oct 26 09:00 GMT", "2026-10-05T09:00:00Z"),
        ("2026-10-05T09:00:00Z", "2026-10-05T09:00:00Z"),
        ("2026-10-05 09:00:00", "2026-10-05T13:00:00Z"),  # the site's zone
        ("2026-10-05", "2026-10-05"),
        ("2026-10", "2026-10"),
        ("Mon, 05 Oct 2026\n 09:00:00 GMT", "2026-10-05T09:00:00Z"),
        ("Tue, 24 Nov 2026 12:10:00 GMT", "2026-11-24T12:10:00Z"),  # a clock that is a little ahead
        ("Tue, 24 Nov 2026 13:00:00 GMT", None),
        ("Fri, 01 Jan 2027 00:00:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("1970-01-01T01:00:00+01:00", None),
        ("1969-12-31", None),
        ("Mon, 30 Nov -0001 00:00:00 +0000", None),
        ("0000-00-00 00:00:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("1899-12-30T00:00:00Z", None),
        ("03/04/2017", None),
        ("yesterday", None),
        ("", None),
        ("9" * 500, None),
    ],
)
def test_a_date_is_read_where_it_can_be_right(written: str, read: str | None) -> None:
    found = published(written, NOW, "America/New_York")
    assert (found and str(found)) == read


def test_dates_that_cannot_be_right_are_said_once_and_a_missing_one_is_nothing_to_say() -> None:
    found = reading(
        item(1, pubDate="Fri, 01 Jan 2027 00:00:00 GMT"), item(2, pubDate="soon"), item(3, pubDate="")
    )
    assert [one.date for one in found.items] == [None, None, None]
    assert said(found).startswith(
        '2 posts with a date that cannot be right ("Fri, 01 Jan 2027 00:00:00 GMT" of "Post 1")'
    )


@given(st.text(max_size=60))
def test_any_text_as_a_date_is_a_date_in_the_past_or_nothing(text: str) -> None:
    found = published(text, NOW, "Europe/Berlin")
    assert found is None or found.starts("Europe/Berlin") <= NOW + timedelta(minutes=15)


def test_a_change_is_told_only_when_it_came_after_publication() -> None:
    date = PartialDate.of_instant(datetime(2026, 10, 5, tzinfo=UTC))
    assert changed("2026-10-05T00:00:00Z", date, NOW, "UTC") is None
    assert changed("2026-10-06T00:00:00Z", date, NOW, "UTC") == datetime(2026, 10, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ending", "excerpt"),
    [
        (" [&amp;#8230;]", True),
        (" […]", True),
        ("...", True),
        (' &lt;a href="/1"&gt;Read more&lt;/a&gt;', True),
        (" Continue reading", True),
        (" Weiterlesen »", True),
        (" [&amp;#8230;]&lt;/p&gt;\n&lt;p&gt;Der Beitrag A erschien zuerst auf B.", True),
        (".", False),
        (" and more to read in our library.", False),
    ],
)
def test_a_feed_of_excerpts_is_named_once_with_the_cure(ending: str, excerpt: bool) -> None:
    generator = "<generator>https://wordpress.org/?v=6.7</generator>"
    found = reading(*(item(n, description=f"Some words{ending}") for n in range(1, 6)), head=generator)
    assert len(found.problems) == excerpt
    if excerpt:
        assert "beginnings" in said(found)
        assert "Settings, Reading" in said(found)


def test_summaries_that_are_all_cut_alike_are_excerpts_and_short_news_are_not() -> None:
    words = "word " * 60
    assert "in Hugo" in only_excerpts(
        [FeedEntry(title=str(n), description=f"<p>{words}</p>") for n in range(4)], "Hugo -- gohugo.io"
    )
    short = [FeedEntry(title=str(n), description=f"<p>Open until {n}.</p>") for n in range(4)]
    assert only_excerpts(short, "") == ""
    whole = [FeedEntry(title=str(n), content=f"<p>{words}</p>") for n in range(4)]
    assert only_excerpts(whole, "") == ""


def test_a_feed_of_titles_is_named() -> None:
    assert "only titles" in said(reading(*(item(n, description="") for n in (1, 2))))


def test_an_entry_with_nothing_in_it_is_left_out_and_said() -> None:
    found = reading("<item><guid>x</guid></item>", item(1))
    assert len(found.items) == 1
    assert "1 entry without title, text, picture and recording left out" in said(found)


def test_a_post_without_a_title_is_called_by_its_first_words() -> None:
    (found,) = reading(item(1, title="", description="A short note. With more.")).items
    assert found.title == "A short note. With more."


@pytest.mark.parametrize(
    ("description", "summary"),
    [
        ("Whole text", ""),  # how the text begins
        ("Whole text of […]", ""),
        ("What this is about.", "What this is about."),
        ("What this is about […]", "What this is about…"),
        ("&lt;p&gt;About &lt;b&gt;it&lt;/b&gt;.&lt;/p&gt;", "About it."),
    ],
)
def test_a_summary_is_kept_where_it_says_something_of_its_own(description: str, summary: str) -> None:
    content = "<content:encoded>&lt;p&gt;Whole text of the post.&lt;/p&gt;</content:encoded>"
    assert reading(item(1, description=description, more=content)).items[0].summary == summary


def test_pictures_that_are_written_into_a_text_become_files() -> None:
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    description = (
        f"&lt;p&gt;A &lt;img src=&quot;data:image/png;base64,{pixel}&quot; alt=&quot;dot&quot;&gt;&lt;/p&gt;"
    )
    (found,) = reading(item(1, description=description)).items
    assert "data:" not in found.html
    assert [file.name in found.html for file in found.files] in ([True], [])


@pytest.mark.parametrize(
    ("language", "read"), [("en_GB", "en-GB"), ("fr", "fr"), ("en-us", "en-us"), ("the best", None)]
)
def test_a_language_is_a_tag_or_nothing(language: str, read: str | None) -> None:
    assert reading(item(1), head=f"<language>{language}</language>").items[0].language == read


def test_brackets_in_addresses_are_written_as_rfc_3986_wants_them() -> None:
    link = "https://mill.example.org/list?tags[]=food&amp;a={1}"
    (found,) = reading(item(1, link=link, description='&lt;a href="/b[1]?c|d">there&lt;/a>')).items
    assert found.url == "https://mill.example.org/list?tags%5B%5D=food&a=%7B1%7D"
    assert 'href="https://mill.example.org/b%5B1%5D?c%7Cd"' in found.html
    assert found.names[1] == address("/list?tags%5B%5D=food&a=%7B1%7D")
