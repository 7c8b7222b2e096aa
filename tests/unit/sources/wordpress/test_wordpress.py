# ruff: noqa: DTZ001  (WordPress's database keeps UTC without saying so)
"""A WordPress site by its API: what becomes a post, what is asked and how often, and what its refusals mean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from servers.wordpress import Blog, BlogPost, Picture, WordPressServer

from newsletter.dates import PartialDate
from newsletter.errors import SourceError
from newsletter.http.client import Fetcher
from newsletter.sources.base import Fetched, Item, Look, NameScheme, Unreadable
from newsletter.sources.wordpress.source import WordPressSource

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def day(number: int, hour: int = 9) -> datetime:
    return datetime(2026, 10, number, hour)


def post(
    number: int, title: str = "", text: str = "<p>Some words about the mill.</p>", **more: Any
) -> BlogPost:
    values: dict[str, Any] = {"date": day(number) if number < 30 else day(30), "slug": f"story-{number}"}
    return BlogPost(number, title or f"Story {number}", text, **{**values, **more})


@pytest.fixture
def blog() -> Blog:
    return Blog(
        categories={1: ("uncategorized", "Uncategorized"), 5: ("land-rights", "Land &amp; rights")},
        tags={7: ("mills", "Mills")},
        pictures=[Picture(90, "wheel.jpg", "The wheel", sizes={"large": "wheel-1024.jpg"})],
        posts=[post(1), post(2)],
    )


@pytest.fixture
def site(blog: Blog) -> Iterator[WordPressServer]:
    with WordPressServer(blog) as server:
        yield server


def source(site: WordPressServer, path: str = "", zone: str = "UTC") -> WordPressSource:
    fetcher = Fetcher(allowed_hosts=["127.0.0.1"])
    return WordPressSource("hub", site.url + path, fetcher, site_url="https://hub.example.org", zone=zone)


def look(site: WordPressServer, before: Fetched | None = None, *, path: str = "", **more: Any) -> Fetched:
    """A look; ``hours`` after NOW."""
    now = NOW + timedelta(hours=more.pop("hours", 0))
    return source(site, path).fetch(Look(now, before.memory if before else {}, **more))


def only(fetched: Fetched) -> Item:
    assert len(fetched.items) == 1, fetched
    return fetched.items[0]


def numbers(fetched: Fetched) -> list[str]:
    return [item.names[0].value for item in fetched.items]


# what a post is


def test_a_post_arrives_with_all_that_wordpress_tells(site: WordPressServer) -> None:
    site.blog.posts = [
        post(
            12,
            "The &#8220;mill&#8221; &amp; its <em>neighbours</em>",
            "raw",
            rendered="<p>It <a href='/x'>turns</a>.</p>",
            excerpt="Three winters &amp; a wheel.",
            author=2,
            categories=[5],
            tags=[7],
            thumbnail=90,
            modified=day(14),
        )
    ]
    item = only(look(site))
    assert item.title == "The “mill” & its neighbours"
    assert item.html == f'<p>It <a href="{site.url}/x">turns</a>.</p>'
    assert item.summary == "Three winters & a wheel."
    assert item.authors == ("Ben Okri",)
    assert item.categories == ("Land & rights", "Mills")
    assert (item.image, item.image_alt) == (f"{site.url}/wp-content/uploads/wheel-1024.jpg", "The wheel")
    assert item.image_size == (1024, 683)
    assert item.url == f"{site.url}/2026/10/story-12/"
    assert item.date == PartialDate.of_instant(datetime(2026, 10, 12, 9, tzinfo=UTC))
    assert item.updated == datetime(2026, 10, 14, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("width", "size"), [(1800, (1800, 1200)), (0, (0, 0)), (-5, (0, 0)), (10**9, (0, 0))]
)
def test_a_picture_in_one_size_is_as_large_as_wordpress_says(
    site: WordPressServer, width: int, size: tuple[int, int]
) -> None:
    site.blog.pictures = [Picture(90, "wheel.jpg", width=width)]
    site.blog.posts = [post(12, thumbnail=90)]
    for site.blog.embeds in (True, False):
        assert only(look(site)).image_size == size


def test_the_number_is_the_first_name_then_guid_and_address(site: WordPressServer) -> None:
    site.blog.posts = [post(12, guid="https://old.example.org/?post_type=post&#038;p=3")]
    assert [(name.scheme, name.value) for name in only(look(site)).names] == [
        (NameScheme.WORDPRESS, "12"),
        (NameScheme.GUID, "https://old.example.org/?post_type=post&p=3"),
        (NameScheme.ADDRESS, "/2026/10/story-12"),
    ]


def test_two_posts_with_one_guid_stay_two(site: WordPressServer) -> None:
    site.blog.posts = [post(1, guid="same"), post(2, guid="same")]
    fetched = look(site)
    guids = [name for item in fetched.items for name in item.names if name.scheme == NameScheme.GUID]
    assert (len(fetched.items), len(guids)) == (2, 1)


def test_what_is_not_public_is_no_post(site: WordPressServer) -> None:
    site.blog.posts = [
        post(1, status="draft"), post(2, status="private"), post(3, status="future"), post(4, status="pending"),
        post(5, status="trash"), post(6, kind="page"), post(7, password="secret"), post(8),
    ]  # fmt: skip
    fetched = look(site)
    assert (numbers(fetched), fetched.drafts, list(fetched.problems)) == (["8"], 1, [])


def test_a_server_that_shows_more_than_it_should_changes_nothing(site: WordPressServer) -> None:
    body = b'[{"id": 1, "status": "draft", "title": {"rendered": "x"}, "content": {"rendered": "<p>x</p>"}}, 7, null]'
    site.blog.before = lambda route, query: (200, {}, body) if route == "wp/v2/posts" else None
    assert look(site).items == ()


@pytest.mark.parametrize(
    ("excerpt", "summary"),
    [
        ("<p>Written by hand.</p>", "Written by hand."),
        ("<p>Some words about the mill.</p>", ""),
        ("<p>Some words about [&hellip;]</p>", ""),
        ("<p>Something else that was cut&#8230;</p>", ""),
        ('<p>Some words <a class="more-link" href="/x">Continue reading Story 1</a></p>', ""),
        ('<p>By hand. <a href="/x">Continue reading <span>Story 1</span></a></p>', "By hand."),
        ("<p>Some words about the mill. Read more »</p>", ""),
        ('<p>By hand.</p><div class="sharedaddy"><h3>Share this:</h3></div>', "By hand."),
        ('<p>By hand.</p><DIV CLASS="ShareDaddy">Share this:</DIV>', "By hand."),
        ("", ""),
    ],
)
def test_an_excerpt_counts_when_somebody_wrote_it(site: WordPressServer, excerpt: str, summary: str) -> None:
    site.blog.posts = [post(1)]
    words = "<p>Some words about the mill.</p>"
    data = [{"id": 1, "title": "T", "content": {"rendered": words}, "excerpt": {"rendered": excerpt}}]
    body = json.dumps(data).encode()
    site.blog.before = lambda route, query: (200, {}, body) if route == "wp/v2/posts" else None
    assert only(look(site)).summary == summary


def test_an_excerpt_that_wordpress_cut_from_around_a_film_is_none_of_its_author(
    site: WordPressServer,
) -> None:
    film = '<iframe title="How it turns" src="https://player.vimeo.com/video/123456"></iframe>'
    opening = "<p>The wheel stood still for a hundred years, and then its neighbours wanted bread.</p>"
    for text in (film + opening + "<p>End.</p>", opening + film + "<p>End.</p>"):
        data = [{"id": 1, "title": "T", "content": text, "excerpt": opening + "<p>End.</p>"}]
        body = json.dumps(data).encode()
        site.blog.before = lambda route, query, body=body: (200, {}, body) if route == "wp/v2/posts" else None
        assert only(look(site)).summary == ""


def test_share_bars_related_posts_and_scripts_are_no_part_of_a_post(site: WordPressServer) -> None:
    text = (
        '<p>Words <img class="wp-smiley" alt="🙂" src="https://s.w.org/x.svg">.</p>'
        '<div class="sharedaddy sd-sharing-enabled"><h3>Share this:</h3><ul><li>Tweet</li></ul></div>'
        '<div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3></div>'
        '<div class="wp-block-file"><a href="/r.pdf">Report</a>'
        '<a class="wp-block-file__button" href="/r.pdf">Download</a>'
        "</div><script>x()</script><p>End.</p>"
    )
    site.blog.posts = [post(1, rendered=text)]
    html = only(look(site)).html
    assert "Share" not in html
    assert "Related" not in html
    assert "Download" not in html
    assert "Words 🙂." in html
    assert html.endswith("<p>End.</p>")


def test_text_outlives_elements_that_close_too_often(site: WordPressServer) -> None:
    site.blog.posts = [post(1, rendered='One </div>two <p class="more-link">x</p>three</div> four')]
    words = only(look(site)).html
    assert [word for word in ("One", "two", "three", "four") if word in words] == [
        "One",
        "two",
        "three",
        "four",
    ]


def test_films_become_links_and_so_do_addresses_that_were_not_embedded(site: WordPressServer) -> None:
    frame = '<iframe title="The wheel" src="https://player.vimeo.com/video/123456"></iframe>'
    figure = '<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\n{}\n</div></figure>'
    address = "https://vimeo.com/654321"
    text = figure.format(frame) + figure.format(address) + f"<p>{address}9</p>"
    site.blog.posts = [post(1, rendered="<p>See:</p>" + text)]
    html = only(look(site)).html
    for number in ("123456", "654321", "6543219"):
        assert f'<a href="https://vimeo.com/{number}">' in html


def test_a_post_that_shows_nothing_is_said_and_the_others_go_on(site: WordPressServer) -> None:
    site.blog.posts = [post(1, text="<div></div>"), post(2)]
    fetched = look(site)
    assert numbers(fetched) == ["2"]
    assert [problem.where for problem in fetched.problems] == [f"{site.url}/2026/10/story-1/"]
    assert "no text and no picture" in fetched.problems[0].what


def test_a_post_without_a_title_is_called_by_its_first_words(site: WordPressServer) -> None:
    site.blog.posts = [BlogPost(1, "", "<p>A short note. And more of it.</p>", day(1))]
    assert only(look(site)).title == "A short note. And more of it."


@pytest.mark.parametrize(
    ("zone", "offset", "expected"),
    [
        ("America/New_York", 0.0, datetime(2026, 10, 1, 13, 0, tzinfo=UTC)),
        ("", 5.5, datetime(2026, 10, 1, 9, 0, tzinfo=UTC)),
        ("No/Such", 2.0, datetime(2026, 10, 1, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_date_without_its_utc_is_in_the_zone_of_the_site_it_is_from(
    site: WordPressServer, zone: str, offset: float, expected: datetime
) -> None:
    site.blog.posts, site.blog.timezone_string, site.blog.gmt_offset = [post(1, no_gmt=True)], zone, offset
    date = only(look(site)).date
    assert date is not None
    assert date.moment == expected


# whom and what it refers to


def test_what_an_answer_does_not_bring_along_is_asked_for_once_a_page(site: WordPressServer) -> None:
    site.blog.embeds = False
    site.blog.posts = [
        post(number, author=2, categories=[5], tags=[7], thumbnail=90) for number in range(1, 6)
    ]
    fetched = look(site)
    assert all(item.authors == ("Ben Okri",) for item in fetched.items)
    assert all(item.categories == ("Land & rights", "Mills") for item in fetched.items)
    assert all((item.image_alt, item.image_size) == ("The wheel", (1024, 683)) for item in fetched.items)
    routes = [route for route, _ in site.api_questions()]
    assert sorted(routes[2:]) == ["wp/v2/categories", "wp/v2/media", "wp/v2/tags", "wp/v2/users"]


def test_authors_that_a_plugin_hides_are_left_out_and_not_asked_for_again(site: WordPressServer) -> None:
    site.blog.users_closed = True
    site.blog.posts = [post(number) for number in range(1, 150)]
    fetched = look(site)
    assert {item.authors for item in fetched.items} == {()}
    assert list(fetched.problems) == []
    assert [route for route, _ in site.api_questions()].count("wp/v2/users") == 1


def test_categories_that_cannot_be_read_are_said_because_topics_hang_on_them(site: WordPressServer) -> None:
    site.blog.embeds, site.blog.terms_closed = False, True
    site.blog.posts = [post(1, categories=[5])]
    fetched = look(site)
    assert only(fetched).categories == ()
    assert "categories could not be read" in fetched.problems[0].what


# where the API is


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/2026/10/story-1/",
        "/wp-json/",
        "/wp-json",
        "/wp-json/wp/v2/posts?page=2",
        "/feed/",
        "/?rest_route=/",
    ],
)
@pytest.mark.parametrize("folder", ["", "/blog"])
@pytest.mark.parametrize("announces", [True, False])
def test_any_address_of_the_site_will_do(blog: Blog, path: str, folder: str, announces: bool) -> None:
    blog.folder, blog.announces = folder, announces
    with WordPressServer(blog) as site:
        assert sorted(numbers(look(site, path=folder + path))) == ["1", "2"]


def test_where_redirects_lead_is_asked_from_then_on(site: WordPressServer) -> None:
    plain = site.answer

    def redirected(path: str, heard: dict[str, str]) -> Any:
        if path.startswith("/old/"):
            return 301, {"Location": path.removeprefix("/old")}, b""
        return plain(path, heard)

    site.answer = redirected  # type: ignore[method-assign]
    assert len(look(site, path="/old/wp-json/").items) == 2
    assert [path.startswith("/old/") for path in site.asked] == [True, False, False]


@pytest.mark.parametrize("announces", [True, False])
def test_a_site_without_pretty_permalinks_is_found(blog: Blog, announces: bool) -> None:
    blog.pretty, blog.announces, blog.posts = False, announces, [post(number) for number in range(1, 151)]
    with WordPressServer(blog) as site:
        fetched = look(site)
    assert len(fetched.items) == 150
    assert fetched.items[0].url == f"{site.url}/?p=150"


def test_the_page_of_a_category_means_its_posts_alone(site: WordPressServer) -> None:
    site.blog.posts = [post(1, categories=[5]), post(2), post(3, categories=[5])]
    fetched = look(site, path="/category/land-rights/")
    assert numbers(fetched) == ["3", "1"]
    site.blog.posts += [post(4), post(6, categories=[5])]
    again = look(site, fetched, path="/category/land-rights/", hours=1)
    assert "6" in numbers(again)
    assert "4" not in numbers(again)


def test_a_site_that_moves_its_api_is_found_again(site: WordPressServer) -> None:
    fetched = look(site)
    site.blog.pretty = False
    site.blog.posts.append(post(3))
    assert "3" in numbers(look(site, fetched, hours=1))


# what is asked, and how often


def test_an_archive_is_read_a_hundred_at_a_time_and_then_no_more(site: WordPressServer) -> None:
    site.blog.posts = [post(number) for number in range(1, 251)]
    assert len(look(site).items) == 250
    asked = [query for route, query in site.api_questions() if route == "wp/v2/posts"]
    assert [(query["per_page"], query.get("page")) for query in asked] == [
        ("1", None), ("100", "1"), ("100", "2"), ("100", "3")
    ]  # fmt: skip


def test_a_server_without_paging_headers_is_read_to_the_end(site: WordPressServer) -> None:
    site.blog.posts = [post(number) for number in range(1, 201)]
    plain = site.answer

    def bare(path: str, heard: dict[str, str]) -> Any:
        status, headers, body = plain(path, heard)
        return status, {name: value for name, value in headers.items() if not name.startswith("X-WP")}, body

    site.answer = bare  # type: ignore[method-assign]
    assert len(look(site).items) == 200


def test_a_server_that_gives_the_same_page_for_ever_comes_to_an_end(site: WordPressServer) -> None:
    page = [
        f'{{"id": {n}, "title": {{"rendered": "T"}}, "content": {{"rendered": "<p>x</p>"}}}}'
        for n in range(1, 101)
    ]
    body = ("[" + ",".join(page) + "]").encode()
    site.blog.before = lambda route, query: (
        (200, {"X-WP-Total": "999999"}, body) if route == "wp/v2/posts" else None
    )
    assert len(look(site).items) == 100
    assert [query["per_page"] for route, query in site.api_questions() if route == "wp/v2/posts"] == [
        "1",
        "100",
        "100",
    ]


def test_later_looks_ask_for_what_is_new_or_changed_only(site: WordPressServer) -> None:
    site.blog.posts = [
        post(number, date=datetime(2026, 1, 1) + timedelta(hours=8 * number)) for number in range(1, 400)
    ]
    first = look(site)
    site.asked.clear()
    site.blog.posts[5].modified = datetime(2026, 11, 2, 8, 30)
    site.blog.posts[5].content = "<p>Better words.</p>"
    fetched = look(site, first, hours=1)
    assert len(site.asked) == 2
    assert "Better words" in next(item.html for item in fetched.items if item.names[0].value == "6")
    assert len(fetched.items) < 100


def test_a_scheduled_post_is_found_although_wordpress_leaves_its_time_of_change_alone(
    site: WordPressServer,
) -> None:
    first = look(site)
    site.blog.posts += [post(3, modified=day(1), date=datetime(2026, 11, 2, 8, 30))]
    assert "3" in numbers(look(site, first, hours=1))


def test_many_new_posts_at_once_are_all_found(site: WordPressServer) -> None:
    site.blog.modern = False
    first = look(site)
    site.blog.posts += [
        post(number, modified=day(1), date=datetime(2026, 11, 2, 8, number % 60))
        for number in range(100, 190)
    ]
    assert {str(number) for number in range(100, 190)} <= set(numbers(look(site, first, hours=1)))


@pytest.mark.slow
def test_an_old_wordpress_that_does_not_know_modified_after_is_not_read_to_the_end_each_time(
    site: WordPressServer,
) -> None:
    site.blog.modern = False
    site.blog.posts = [post(n, date=datetime(2026, 1, 1) + timedelta(hours=8 * n)) for n in range(1, 900)]
    first = look(site)
    site.asked.clear()
    look(site, first, hours=1)
    assert len(site.asked) == 2


@pytest.mark.slow
def test_every_week_all_is_read_and_by_hand_where_it_is_little(site: WordPressServer) -> None:
    first = look(site)
    site.blog.users[1] = ("ana", "Ana Ríos-Okri")  # no time of change tells of this
    assert {item.authors for item in look(site, first, by_hand=True).items} == {("Ana Ríos-Okri",)}
    site.blog.posts = [post(n, date=datetime(2026, 1, 1) + timedelta(hours=8 * n)) for n in range(1, 900)]
    first = look(site)
    assert len(look(site, first, hours=24, by_hand=True).items) < 100
    assert len(look(site, first, hours=24 * 6).items) < 100
    assert len(look(site, first, hours=24 * 7).items) == 899


def test_with_etags_an_unchanged_site_is_not_read(site: WordPressServer) -> None:
    site.blog.etags = True
    second = look(site, look(site), hours=1)
    assert not second.unchanged
    third = look(site, second, hours=2)
    assert (third.unchanged, third.items) == (True, ())
    site.blog.posts.append(post(3))
    assert "3" in numbers(look(site, third, hours=3))


def test_a_post_that_vanished_while_all_was_read_makes_the_next_look_whole(site: WordPressServer) -> None:
    site.blog.posts = [post(number, date=day(1) + timedelta(hours=number)) for number in range(1, 251)]

    def delete(route: str, query: dict[str, str]) -> None:
        if query.get("page") == "2" and len(site.blog.posts) == 250:
            del site.blog.posts[-1]

    site.blog.before = delete
    first = look(site)
    assert len(set(numbers(first)) & {str(number) for number in range(1, 250)}) == 248
    assert len(look(site, first, hours=1).items) == 249


def test_another_address_under_the_same_name_forgets_what_was_remembered(site: WordPressServer) -> None:
    first = look(site)
    site.asked.clear()
    look(site, first, path="/2026/10/story-1/", hours=1)
    assert site.asked[0] == "/2026/10/story-1/"


@pytest.mark.parametrize(
    "memory", [{"wordpress": 7}, {"wordpress": {"url": 1}}, {"feed": {}}, {"export": {"read": "x"}}]
)
def test_a_memory_that_means_nothing_is_forgotten(site: WordPressServer, memory: dict[str, Any]) -> None:
    assert len(source(site).fetch(Look(NOW, memory)).items) == 2


def test_a_damaged_memory_is_read_as_far_as_it_makes_sense(site: WordPressServer) -> None:
    memory = {
        "wordpress": {
            **look(site).memory["wordpress"],
            "validators": {"x": 3},
            "newest": 9,
            "protected": ["x"],
        }
    }
    assert len(source(site).fetch(Look(NOW, memory)).items) == 2


# what a password does


def test_a_password_given_later_is_said_once_and_takes_nothing_back(site: WordPressServer) -> None:
    site.blog.posts = [post(1, password="always"), post(2), post(3)]
    first = look(site)
    assert list(first.problems) == []
    site.blog.posts[1].password, site.blog.posts[1].modified = "now", datetime(2026, 11, 2, 8, 30)
    second = look(site, first, hours=1)
    assert '"Story 2" has a password now' in second.problems[0].what
    assert "newsletter posts withdraw" in second.problems[0].what
    assert list(look(site, second, hours=2).problems) == []


# refusals


CLOSED = (401, "rest_cannot_access", "Only authenticated users can access the REST API.")


@pytest.mark.parametrize(
    "closed", [CLOSED, (403, "rest_forbidden", "No."), (404, "rest_no_route", "No route was found."), "html"]
)
def test_a_closed_api_falls_back_to_the_feed_and_says_how_to_open_it(
    site: WordPressServer, closed: Any
) -> None:
    site.blog.closed, site.blog.closed_by_html = (None, True) if closed == "html" else (closed, False)
    fetched = look(site)
    assert [item.title for item in fetched.items] == ["Story 2", "Story 1"]
    assert len(fetched.problems) == 1
    what = fetched.problems[0].what
    assert "REST API is closed" in what
    assert "/wp-json/wp/v2/posts" in what
    assert "\n" not in what
    assert closed == "html" or closed[2].rstrip(".") in what


def test_feed_and_api_know_a_post_by_the_same_guid_and_address(site: WordPressServer) -> None:
    by_api = {item.names[1:] for item in look(site).items}
    site.blog.closed = CLOSED
    assert {item.names for item in look(site).items} == by_api


def test_a_closed_api_is_not_asked_at_every_look_but_when_a_person_asks(site: WordPressServer) -> None:
    site.blog.closed = CLOSED
    first = look(site)
    site.asked.clear()
    second = look(site, first, hours=1)
    assert site.api_questions() == []
    site.blog.closed = None
    assert numbers(look(site, second, hours=2, by_hand=True)) == ["2", "1"]
    assert numbers(look(site, second, hours=7)) == ["2", "1"]


def test_posts_that_the_api_gave_are_not_overwritten_by_the_feed(site: WordPressServer) -> None:
    first = look(site)
    site.blog.closed = CLOSED
    site.blog.posts.append(post(3))
    second = look(site, first, hours=1)
    assert [item.title for item in second.items] == ["Story 3"]
    late = look(site, second, hours=24 * 8)
    assert late.unchanged or len(late.items) == 3


def test_a_site_without_api_and_feed_is_one_sentence(site: WordPressServer) -> None:
    site.blog.closed, site.blog.feed = CLOSED, False
    with pytest.raises(
        SourceError, match=r"REST API is closed .* and its feed could not be read either"
    ) as refusal:
        look(site)
    assert "\n" not in str(refusal.value)


def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(site: WordPressServer) -> None:
    first = look(site)
    site.blog.before = lambda route, query: (429, {"Retry-After": "7200"}, b"")
    with pytest.raises(Unreadable, match="until 2026-11-02 11:00 UTC") as refusal:
        look(site, first, hours=1)
    site.blog.before = None
    site.asked.clear()
    for by_hand in (False, True):
        with pytest.raises(Unreadable, match="until 2026-11-02 11:00 UTC"):
            source(site).fetch(Look(NOW + timedelta(hours=2), refusal.value.memory, by_hand))
    assert site.asked == []
    assert len(source(site).fetch(Look(NOW + timedelta(hours=4), refusal.value.memory)).items) == 2


@pytest.mark.parametrize(
    ("value", "until"),
    [
        ("Mon, 02 Nov 2026 09:30:00 GMT", "09:30"),
        ("soon", "08:15"),
        ("-5", "08:15"),
        ("99999999", "2026-11-03 08:00"),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_never_for_ever(
    site: WordPressServer, value: str, until: str
) -> None:
    site.blog.before = lambda route, query: (503, {"Retry-After": value}, b"")
    with pytest.raises(Unreadable, match=until):
        look(site)


def test_a_site_that_is_down_is_an_error_and_no_closed_api() -> None:
    with WordPressServer(Blog(posts=[post(1)])) as site:
        site.answer = lambda path, heard: (500, {}, b"")  # type: ignore[method-assign]
        with pytest.raises(SourceError, match="answered 500"):
            look(site)


@pytest.mark.parametrize("broken", [(500, {}, b"<b>Fatal error</b>"), CLOSED])
def test_half_an_archive_is_no_finished_first_sync(site: WordPressServer, broken: Any) -> None:
    site.blog.posts = [post(number) for number in range(1, 251)]
    answer = broken if isinstance(broken[2], bytes) else (broken[0], {}, b'{"code": "x", "message": "y"}')
    site.blog.before = lambda route, query: answer if int(query.get("page", 1)) > 1 else None
    with pytest.raises(SourceError, match="stopped after 100 posts of 250"):
        look(site)


def test_a_page_that_is_too_much_for_the_server_is_asked_for_in_pieces(site: WordPressServer) -> None:
    site.blog.posts = [post(number) for number in range(1, 131)]
    site.blog.before = lambda route, query: (500, {}, b"") if int(query.get("per_page", 1)) > 20 else None
    assert len(look(site).items) == 130


def test_a_page_that_is_larger_than_we_read_is_asked_for_in_pieces(site: WordPressServer) -> None:
    site.blog.posts = [post(number, text="<p>" + "word " * 2000 + "</p>") for number in range(1, 31)]
    fetcher = Fetcher(allowed_hosts=["127.0.0.1"], most_bytes=250_000)
    found = WordPressSource("hub", site.url, fetcher, site_url="", zone="UTC").fetch(Look(NOW))
    assert len(found.items) == 30


def test_warnings_of_php_before_the_answer_do_no_harm(site: WordPressServer) -> None:
    site.blog.warning = (
        "<br />\n<b>Deprecated</b>: Function x() is [deprecated] in /srv/www/y.php on line 3<br />\n"
    )
    assert len(look(site).items) == 2


def test_a_private_address_that_the_page_announces_is_not_asked(site: WordPressServer) -> None:
    page = b'<html><head><link rel="https://api.w.org/" href="http://169.254.169.254/wp-json/"></head></html>'
    site.answer = lambda path, heard: (200, {"Content-Type": "text/html"}, page)  # type: ignore[method-assign]
    with pytest.raises(SourceError, match="not on the public internet"):
        look(site)


def test_a_page_that_is_no_wordpress_says_what_to_set() -> None:
    with WordPressServer(Blog(posts=[post(1)], announces=False, closed=(404, "x", ""))) as site:
        what = look(site).problems[0].what
    assert 'kind = "webfeed"' in what
