from __future__ import annotations

import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rendering.mime import quoted_printable

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=400)
HARD = st.text(st.sampled_from(list(" .=F\nrom\tä漢👩‍🚀x")), max_size=400)


def unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decoded(encoded: bytes) -> str:
    return quopri.decodestring(encoded).decode("utf-8").replace("\r\n", "\n")


@given(TEXT | HARD)
def test_what_is_encoded_decodes_to_the_same_text(text: str) -> None:
    assert decoded(quoted_printable.encode(text)) == unix(text)


@given(st.lists(TEXT | HARD, min_size=1, max_size=6))
def test_pieces_that_are_joined_decode_to_the_joined_text(pieces: list[str]) -> None:
    encoded = [quoted_printable.encode(piece, open_end=True) for piece in pieces[:-1]] + [
        quoted_printable.encode(pieces[-1])
    ]
    assert decoded(b"".join(encoded)) == "".join(map(unix, pieces))


@given(st.lists(TEXT | HARD, min_size=1, max_size=6))
def test_no_line_is_long_or_opens_with_a_dot_or_is_bare_or_ends_in_a_space(pieces: list[str]) -> None:
    joined = b"".join(quoted_printable.encode(piece, open_end=True) for piece in pieces)
    assert b"\n" not in joined.replace(b"\r\n", b"")
    assert b"\r" not in joined.replace(b"\r\n", b"")
    assert joined.isascii()
    for line in joined.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.startswith((b".", b"From "))
        assert not line.endswith((b" ", b"\t"))


@pytest.mark.parametrize("length", range(70, 82))
@pytest.mark.parametrize("last", [".", "=", " ", "ä", "👩"])
def test_every_length_around_the_limit_is_cut_rightly(length: int, last: str) -> None:
    text = "." * length + last
    assert decoded(quoted_printable.encode(text)) == text
    assert all(len(line) <= 76 for line in quoted_printable.encode(text).split(b"\r\n"))


def test_a_lone_dot_needs_no_stuffing() -> None:
    assert quoted_printable.encode("a\n.\nb") == b"a\r\n=2E\r\nb"
