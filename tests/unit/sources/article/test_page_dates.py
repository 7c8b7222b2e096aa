"""When and by whom, where a page tells it in several places that do not say the same."""

from __future__ import annotations

import pytest

from newsletter.sources.article.details.bylines import people
from newsletter.sources.article.html_page import read_html

PROSE = "".join(
    f"<p>On the {day} morning the ferry was late, and we walked along the dyke and counted what was in bloom there.</p>"
    for day in ("first", "second", "third", "fourth")
)


def read(
    shown: str, address: str = "https://blog.example.org/dyke", stamp: str = "", zone: str = "UTC"
) -> str:
    head = f'<meta property="article:published_time" content="{stamp}">' if stamp else ""
    page = (
        f"<!doctype html><html><head><title>The dyke</title>{head}</head><body><main><h1>The dyke</h1>{shown}{PROSE}"
        "</main></body></html>"
    )
    return str(read_html(page, address, zone=zone).date)


@pytest.mark.parametrize(
    ("address", "shown", "date"),
    [
        ("/2023/05/04/dyke/", "", "2023-05-04"),
        ("/2023/5/4/dyke", "", "2023-05-04"),
        ("/2023-05-04-dyke.html", "", "2023-05-04"),
        ("/2023/05/dyke/", "", "2023-05"),
        ("/2023/05/dyke/", "<div>Seen on 4 May 2023 at home.</div>", "2023-05-04"),
        ("/2023/05/dyke/", "<div>Seen on 4 June 2019 at home.</div>", "2023-05"),
        ("/2023/05/04/dyke/", '<p class="date">2023</p>', "2023-05-04"),
        ("/2022/05/04/dyke/", '<p class="date">2023</p>', "2023"),
        ("/2023/05/22-plants/", "", "2023-05"),
        ("/issues/2023-4/dyke.html", "", "None"),
        ("/issues/2023-4/dyke.html", "<div>Seen on 23 January 2023 at home.</div>", "2023-01-23"),
    ],
)
def test_address_and_page_complete_each_other_and_nothing_is_made_up(
    address: str, shown: str, date: str
) -> None:
    assert read(shown, f"https://blog.example.org{address}") == date


@pytest.mark.parametrize(
    ("stamp", "shown", "zone", "date"),
    [
        ("2011-03-31T04:05:00Z", "March 30, 2011", "UTC", "2011-03-30"),
        ("2011-03-30T21:05:00-07:00", "March 30, 2011", "Europe/Berlin", "2011-03-30"),
        ("2011-03-30T21:05:00-07:00", "March 30, 2011", "America/Los_Angeles", "2011-03-31T04:05:00Z"),
        ("2011-03-31T12:00:00Z", "March 31, 2011", "UTC", "2011-03-31T12:00:00Z"),
        ("2011-03-28T12:00:00Z", "March 31, 2011", "UTC", "2011-03-28T12:00:00Z"),
    ],
    ids=["behind ours", "an offset that is not ours", "our own clocks", "the same day", "another day"],
)
def test_the_day_that_readers_saw_is_the_post_s(stamp: str, shown: str, zone: str, date: str) -> None:
    assert read(f'<p class="date">{shown}</p>', stamp=stamp, zone=zone) == date


def test_a_name_is_not_glued_to_the_share_bar_behind_it() -> None:
    shown = (
        '<div class="byline"><div class="by"><div class="who">By <span>Hazel Quillon</span></div><div class="bar">'
        '<div class="links"><a href="/f">facebook</a><a href="/t">twitter</a></div></div></div></div>'
    )
    page = f"<html><body><main><h1>The dyke</h1>{shown}{PROSE}</main></body></html>"
    assert read_html(page, "https://blog.example.org/dyke", zone="UTC").authors == ("Hazel Quillon",)


@pytest.mark.parametrize(
    "name",
    [
        "Dyke Editorial",
        "Außenministerium der Republik Österreich",
        "Universität Anderstadt",
        "City of Dykeham",
        "Ministère du Port",
    ],
)
def test_an_office_is_nobody_s_name(name: str) -> None:
    assert people([name]) == ()


@pytest.mark.parametrize("name", ["Ana Stadtler", "Ben Gemeinder", "Chi Wu", "Luca Ministeri"])
def test_a_name_like_an_office_s_is_somebody_s(name: str) -> None:
    assert people([name]) == (name,)
