"""Which posts an archive document holds: nothing is missed on the way back, and no document ever grows."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.feeds.archive import SIZE, Block, before_window, blocks, parse

NUMBERS = st.sets(st.integers(1, 5 * SIZE), max_size=4 * SIZE)


def holds(block, numbers):
    return {number for number in numbers if block.first <= number <= block.last}


def walk(numbers, newest, window):
    """What a reader gets that takes the feed and goes back through prev-archive (RFC 5005 §4.2)."""
    ordered = blocks(numbers, newest)
    block, got = before_window(ordered, numbers, window), set(window)
    while block is not None:
        got |= holds(block, numbers)
        older = [one for one in ordered if one.last < block.first]
        block = older[-1] if older else None
    return got


@given(NUMBERS, st.integers(0, SIZE), st.integers(0, 40))
def test_a_new_reader_comes_to_every_post(numbers, later_withdrawn, window):
    """A11: the feed carries the newest by date, which need not be the newest by release."""
    newest = max(numbers, default=0) + later_withdrawn
    by_date = sorted(numbers, key=lambda number: (number * 7919) % 101)
    assert walk(numbers, newest, set(by_date[:window])) == numbers


@given(NUMBERS, st.sets(st.integers(5 * SIZE + 1, 7 * SIZE), max_size=40))
def test_an_archive_document_never_gets_another_post(numbers, later):
    """A11: RFC 5005 §4, "the set of entries … SHOULD NOT change over time": readers fetch it once."""
    newest = 5 * SIZE
    for block in blocks(numbers, newest):
        assert holds(block, numbers | later) == holds(block, numbers)


@given(NUMBERS, st.integers(0, SIZE))
def test_every_address_that_was_ever_given_stays_one(numbers, more):
    newest = max(numbers, default=0)
    for block in blocks(numbers, newest):
        assert parse(block.name, newest + more) == block


@given(NUMBERS, st.integers(0, SIZE))
def test_blocks_are_in_order_apart_and_not_empty(numbers, later_withdrawn):
    ordered = blocks(numbers, max(numbers, default=0) + later_withdrawn)
    assert all(one.last < other.first for one, other in pairwise(ordered))
    assert all(block.full for block in ordered[:-1])
    assert set().union(*(holds(block, numbers) for block in ordered)) == numbers


def test_a_feed_that_has_everything_leads_nowhere():
    numbers = set(range(1, 20))
    assert before_window(blocks(numbers, 19), numbers, numbers) is None
    assert before_window([], (), ()) is None


def test_a_last_block_that_the_feed_has_whole_is_passed_over():
    numbers = set(range(1, SIZE + 6))
    window = set(range(6, SIZE + 6))
    assert before_window(blocks(numbers, SIZE + 5), numbers, window) == Block(1, SIZE)
    without_the_newest = window - {SIZE + 5}
    assert before_window(blocks(numbers, SIZE + 5), numbers, without_the_newest) == Block(SIZE + 1, SIZE + 5)


@pytest.mark.parametrize(
    "name",
    ["2-31", "0-30", "1-0", "1-31", "31-30", "01-30", "1-30-", "-30", "", "1", "x-y", "61-90", "9" * 40],
)
def test_what_never_was_a_block_is_none(name):
    assert parse(name, 2 * SIZE) is None


def test_a_block_of_the_past_keeps_its_name():
    assert parse("31-47", 60) == Block(31, 47)
    assert not Block(31, 47).full
    assert Block(31, 60).full
