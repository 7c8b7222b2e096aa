"""Where a quotation over several paragraphs begins and ends."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.sources.article.details.bylines import read_byline
from newsletter.sources.article.quotations import quotations
from newsletter.sources.html.boilerplate.lines import (
    is_furniture,
    is_furniture_at_the_edge,
    opens_other_posts,
)


@pytest.mark.parametrize(
    ("texts", "runs"),
    [
        (["He said:", "“One.", "“Two.", "“Three.”", "Then."], [range(1, 4)]),
        (["„Eins.", "„Zwei.“"], [range(2)]),
        (["«Uno.", "«Dos».", "Fin."], [range(2)]),
        (['"One.', '"Two."'], [range(2)]),
        (["“One ‘inner’ word.", "“Two.” (2017)"], [range(2)]),
        (["“One.”", "“Two.”"], []),
        (["“One.", "Not quoted.", "“Two.”"], []),
        (["“One.", "“Two,” she said. “Three.”"], []),
        (["“One.", "“Never closed."], []),
        (["“One.", "“Two.”", "“Three.", "“Four.”"], [range(2), range(2, 4)]),
        ([], []),
        (["", "“"], []),
    ],
)
def test_a_run_opens_every_paragraph_and_closes_only_the_last(texts: list[str], runs: list[range]) -> None:
    assert quotations(texts) == runs


@given(st.lists(st.text(st.sampled_from('“”"«»„x. '), max_size=8), max_size=8))
def test_runs_are_in_order_and_never_overlap(texts: list[str]) -> None:
    found = quotations(texts)
    assert all(len(run) >= 2 for run in found)
    assert all(first.stop <= second.start for first, second in pairwise(found))


@pytest.mark.parametrize(
    ("line", "date", "authors"),
    [
        ("June 2017", "2017-06", ()),
        ("By Ana Ríos", None, ("Ana Ríos",)),
        ("By Ana Ríos, Program Officer", None, ("Ana Ríos",)),
        (
            "By Ana Ríos, Ben Okri and Chi Wu | June 12, 2017",
            "2017-06-12",
            ("Ana Ríos", "Ben Okri", "Chi Wu"),
        ),
        ("Posted on 12 June 2017 by Ana de la Cruz", "2017-06-12", ("Ana de la Cruz",)),
        ("News · 12 June 2017", "2017-06-12", ()),
        ("Published: 2017-06-12", "2017-06-12", ()),
        ("03/04/2017", None, ()),
    ],
)
def test_a_byline_gives_date_and_authors(line: str, date: str | None, authors: tuple[str, ...]) -> None:
    found = read_byline(line, zone="UTC")
    assert found is not None
    assert (str(found.date) if found.date else None, found.authors) == (date, authors)


@pytest.mark.parametrize(
    "line",
    [
        "By the river",
        "The Mill",
        "In 2017 we met.",
        "Harvest – June 2017",
        "On land and water",
        "",
        "By " * 60,
    ],
)
def test_other_lines_are_no_bylines(line: str) -> None:
    assert read_byline(line, zone="UTC") is None


@pytest.mark.parametrize(
    "line",
    [
        "Skip to content", "Back To Top", "↑ Back to top", "Share this post", "Share on Facebook", "Menu", "Accept all",
        "We use cookies to make this site better for you.", "© 2026 Riverhouse", "Facebook | Instagram | Email",
        "Leave a comment", "5 min read", "Subscribe to our newsletter", "All rights reserved.",
    ],
)  # fmt: skip
def test_furniture_is_known(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line", ["Home | About us | Donate", "Home » Blog » Mill", "Privacy policy", "Tags: a, b"]
)
def test_some_lines_are_furniture_only_at_the_edges(line: str) -> None:
    assert is_furniture_at_the_edge(line)
    assert not is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Copyright law and the seed", "Share with your neighbours what you grow", "Topics of the meeting",
        "Skip the meeting, plant a tree", "Donate your old tools to the library", "The cookies we baked",
    ],
)  # fmt: skip
def test_a_heading_that_only_sounds_like_furniture_stays(line: str) -> None:
    assert not is_furniture_at_the_edge(line)


def test_headings_above_other_posts_are_known() -> None:
    assert opens_other_posts("Latest from the Learning Hub")
    assert opens_other_posts("Our Notebook", ["our notebook"])
    assert not opens_other_posts("Latest figures on hunger")
