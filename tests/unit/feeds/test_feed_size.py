"""How long a feed may become: readers and lines are spared, and no post is lost (R16, J6)."""

import json

import pytest
from feed_samples import MORNING, SITE, post
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.feeds.formats import FORMATS, LONGEST_TEXT, build_within, without_long_text

KINDS = list(FORMATS.values())


def posts_of(count, length):
    text = "<p>" + "Ünïcode & <b>text</b>. " * (length // 25) + "</p>"
    return [post(id=f"urn:uuid:{number}", html=text) for number in range(count)]


def built(kind, posts):
    asked = []
    body = build_within(kind, posts, lambda count: (asked.append(count), SITE)[1])
    return body, asked[-1]


def ids_in(body):
    return [
        number
        for number in range(100)
        if f"urn:uuid:{number}<".encode() in body or f'urn:uuid:{number}"'.encode() in body
    ]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_feed_of_ordinary_posts_carries_them_all(kind):
    body, count = built(kind, posts_of(30, 4_000))
    assert (count, len(ids_in(body))) == (30, 30)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@settings(deadline=None)
@given(count=st.integers(1, 30), length=st.integers(0, LONGEST_TEXT))
def test_a_feed_stays_below_its_size_and_carries_the_first_ones(kind, count, length):
    body, carried = built(kind, posts_of(count, length))
    assert ids_in(body) == list(range(carried))
    assert len(body) <= kind.most_bytes or carried == 1
    assert 1 <= carried <= count


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("lengths", [(600, 9_000), (9_000, 600), (40_000, 40_000), (90_000, 100)])
def test_no_further_post_would_fit_however_long_new_and_old_ones_are(kind, lengths):
    posts = posts_of(60, lengths[0]) + posts_of(60, lengths[1])
    posts = [post(id=f"urn:uuid:{number}", html=one.html) for number, one in enumerate(posts)]
    body, count = built(kind, posts)
    assert len(body) <= kind.most_bytes
    if count < len(posts):
        assert len(kind.build(SITE, posts[: count + 1])) > kind.most_bytes


def test_a_feed_is_filled_in_few_rounds():
    posts = posts_of(90, 400) + posts_of(410, 30_000)
    rounds = []
    build_within(FORMATS["rss.xml"], posts, lambda count: (rounds.append(count), SITE)[1])
    assert len(rounds) <= 8


def test_a_text_that_no_feed_can_carry_becomes_its_summary_whatever_stands_beside_it():
    long = post(html="<p>" + "x" * 1_000_000 + "</p>")
    assert without_long_text(long) == post(html="")
    assert without_long_text(post()) == post()
    item = json.loads(FORMATS["feed.json"].build(SITE, [without_long_text(long)]))["items"][0]
    assert item["content_html"] == "<p>Ana &amp; Ben built &lt;two&gt; shelves.</p>"
    assert item["url"] == long.url


def test_thirty_posts_of_a_megabyte_make_a_small_feed():
    many = [
        without_long_text(post(id=f"urn:uuid:{number}", html="<p>ü</p>" * 150_000, published=MORNING))
        for number in range(30)
    ]
    for kind in KINDS:
        body, count = built(kind, many)
        assert count == 30
        assert len(body) < 100_000


def test_half_a_pair_of_surrogates_is_counted_and_not_stumbled_over():
    assert without_long_text(post(html="\ud83d")).html == "\ud83d"
