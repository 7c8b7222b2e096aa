"""Texts that are too long end between two characters as a reader sees them, wherever they are cut."""

import pytest

from newsletter.rendering.context import line
from newsletter.sources.html.sanitize import summary_of
from newsletter.text.graphemes import cut, cut_at_word

ONES = [
    "👨‍👩‍👧‍👦",
    "👍🏽",
    "👩🏽‍🚀",
    "🏳️‍🌈",
    "🇩🇪",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "1️⃣",
    "e\u0301\u0323",
    "क्ष",
    "क्षि",
    "ஸ்ரீ",
    "ที่",
    "กำ",
    "เก",
    "각",
    "\u1100\u1161\u11a8",
    "ב\u05bc\u05b0",
    "葛\U000e0100",
    "☺\ufe0e",
]


@pytest.mark.parametrize("one", ONES)
def test_a_character_is_kept_whole_or_left_out(one):
    for most in range(len(one) * 4):
        kept = cut(one * 4, most)
        assert len(kept) <= most
        assert kept == one * (len(kept) // len(one))


@pytest.mark.parametrize("one", ONES)
def test_wherever_a_text_is_shortened(one):
    text = "x" + one * 200
    whole = {"x" + one * times + "…" for times in range(200)}
    for most in range(70, 70 + len(one)):
        assert line(text, most) in whole
        assert summary_of(f"<p>{text}</p>", most) in whole
        assert cut_at_word(text, most) in whole


def test_a_text_ends_at_a_word_where_it_has_some():
    assert cut_at_word("one two three", 9) == "one two…"
    assert cut_at_word("one two three", 8) == "one two…"
    assert cut_at_word("one two, three", 9) == "one two…"
    assert cut_at_word("one two", 7) == "one two"


def test_marks_without_end_do_not_keep_a_text_from_being_cut():
    assert len(cut("a" + "\u0301" * 5000, 100)) == 100


def test_a_run_of_flags_is_not_read_anew_at_each():
    assert cut("🇩🇪" * 50_000, 99_999) == "🇩🇪" * 49_999
