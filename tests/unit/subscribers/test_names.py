"""Names are kept as one line, whoever gives them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.names import MOST, one_line


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Ann\nBcc: x@example.org", "Ann Bcc: x@example.org"),
        ("  Ann \t von\r\n der\u2028Heide ", "Ann von der Heide"),
        ("Ann\x00\x1b[31m", "Ann [31m"),
        ("نرگس\u200cمحمدی", "نرگس\u200cمحمدی"),
        ("\n", ""),
    ],
)
def test_a_name_is_one_line(given_name: str, kept: str) -> None:
    assert one_line(given_name) == kept


@given(st.text(max_size=300))
def test_no_name_can_break_a_line(given_name: str) -> None:
    kept = one_line(given_name)
    assert len(kept.splitlines()) <= 1
    assert not {unicodedata.category(letter) for letter in kept} & {"Cc", "Zl", "Zp", "Cs"}
    assert len(kept) <= MOST
    assert one_line(kept) == kept
