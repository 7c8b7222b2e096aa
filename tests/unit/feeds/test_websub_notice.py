"""What hubs are told, what their answers mean, and how long they are left alone."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.feeds.websub import LONGEST_ASKED_FOR, LONGEST_WAIT, link_header, tell, wait_after

NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
HUB, FEED = "https://hub.example/", "https://example.org/rss.xml"


def told(status, **headers):
    return tell(HUB, FEED, lambda *_: SimpleNamespace(status=status, headers=headers), NOON)


def test_a_hub_is_told_the_address_of_the_feed():
    """W2, W3"""
    said = []
    tell(HUB, FEED, lambda *form: (said.append(form), SimpleNamespace(status=202, headers={}))[1], NOON)
    assert said == [(HUB, {"hub.mode": "publish", "hub.url": FEED})]


@pytest.mark.parametrize("status", [200, 202, 204])
def test_every_kind_of_yes_is_one(status):
    assert told(status).taken


@pytest.mark.parametrize(
    ("status", "down"), [(301, True), (400, False), (404, False), (429, True), (500, True), (503, True)]
)
def test_a_no_says_whose_trouble_it_is(status, down):
    """One feed that a hub does not want keeps it from no other; a hub in trouble is left alone."""
    done = told(status)
    assert (done.taken, done.hub_is_down) == (False, down)
    assert str(status) in done.trouble


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("Tue, 03 Nov 2026 12:05:00 GMT", 300),
        ("Tue Nov  3 12:05:00 2026", 300),
        ("Tue, 03 Nov 2026 11:00:00 GMT", None),
        ("0", None),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("9" * 50, LONGEST_ASKED_FOR.total_seconds()),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_ASKED_FOR.total_seconds()),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        ("Tue, 03 Nov 2026 12:05:00 +99999999999999", None),
    ],
)
def test_a_hub_may_ask_for_time(asked, seconds):
    wait = told(503, **{"retry-after": asked}).wait
    assert (wait and wait.total_seconds()) == seconds


@given(st.text(max_size=30))
def test_no_header_of_a_hub_breaks_us(asked):
    wait = told(503, **{"retry-after": asked}).wait
    assert wait is None or timedelta(0) < wait <= LONGEST_ASKED_FOR


def test_a_hub_that_fails_is_left_alone_for_longer_each_time_up_to_an_hour():
    assert [wait_after(n).total_seconds() for n in (1, 2, 3, 7, 8, 1000)] == [30, 60, 120, 1920, 3600, 3600]
    assert timedelta(hours=1) == LONGEST_WAIT


def test_the_link_header_names_every_hub_and_one_self():
    """W1"""
    assert link_header(FEED, [HUB, "https://two.example/x"]).split(", ") == [
        '<https://hub.example/>; rel="hub"',
        '<https://two.example/x>; rel="hub"',
        '<https://example.org/rss.xml>; rel="self"',
    ]
    assert link_header(FEED, []) == ""
    assert link_header(FEED, ['https://hub.example/"><x']) == (
        '<https://hub.example/%22%3E%3Cx>; rel="hub", <https://example.org/rss.xml>; rel="self"'
    )
