from hypothesis import given
from hypothesis import strategies as st

from newsletter.text.printable import printable_line


def test_what_could_steer_a_terminal_becomes_a_space() -> None:
    assert printable_line("550 no\r\n\x1b[31msuch\x00 person\u202e ") == "550 no [31msuch person"


@given(st.text())
def test_a_line_is_printable_and_has_no_space_at_its_ends(text: str) -> None:
    line = printable_line(text)
    assert line.isprintable()
    assert line == line.strip()
