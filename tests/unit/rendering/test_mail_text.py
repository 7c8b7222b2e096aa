from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_samples import LONG_HTML

from newsletter.rendering.body import fit_for_mail
from newsletter.rendering.text import write
from newsletter.rendering.wrap import WIDTH, columns, indented, underlined, wrapped

WORDS = st.lists(st.text(st.sampled_from("abcé漢字、。👩‍🚀عر\u00a0-"), min_size=1, max_size=12), max_size=40)


def test_a_post_reads_as_if_somebody_had_typed_it() -> None:
    text = write(LONG_HTML).text
    assert "> Nobody believes a number until they have stood in the rain for it.\n>\n> After that" in text
    assert "What a reading needs\n--------------------\n" in text
    assert (
        "- the height, read twice by two people\n  - once from the wall\n  - once from the steps\n- a name"
        in text
    )
    assert "3. Write it down.\n4. Only then get warm." in text
    assert "Day       Low water   Height\nMonday    06:12       0.4 m" in text
    assert "    height = (wall + steps) / 2\n    if abs(wall - steps) > 0.05: read_again()" in text
    assert "[Picture: Two pupils in yellow coats" in text
    assert "* * *" in text
    assert not re.search(r"<[a-z/]|&[a-z]+;|\n{3}| \n", text)


def test_links_become_numbered_notes_and_each_address_is_noted_once() -> None:
    written = write(
        '<p><a href="https://a.example.org/">one</a>, <a href="https://b.example.org/x">two</a> and '
        '<a href="https://a.example.org/">one again</a>.</p>'
    )
    assert written.text == "one [1], two [2] and one again [1]."
    assert written.notes == ["https://a.example.org/", "https://b.example.org/x"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<a href="https://a.example.org/">https://a.example.org/</a>', "https://a.example.org/"),
        ('<a href="https://a.example.org/">a.example.org</a>', "https://a.example.org/"),
        ('<a href="mailto:a@example.org?subject=x">a@example.org</a>', "a@example.org"),
        ('<a href="mailto:a@example.org">write to us</a>', "write to us <a@example.org>"),
        ('<a href="#note">below</a>', "below"),
        ('<a href="https://a.example.org/"><img alt="" src="x"></a>', "https://a.example.org/"),
    ],
)
def test_a_link_that_needs_no_note_gets_none(html: str, text: str) -> None:
    assert write(html).text == text
    assert write(html).notes == []


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("   ", ""),
        ("just words", "just words"),
        ("a<br>b", "a\nb"),
        ("one<p>two</p>three", "one\n\ntwo\n\nthree"),
        ("<p>a &lt;b&gt; &amp;amp; c</p>", "a <b> &amp; c"),
        ("<script>x</script><style>y</style><p>z</p>", "z"),
        ("<!-- gone --><p>kept</p>", "kept"),
        ("<q>so</q>", "“so”"),
        ("<h5>Small</h5>", "Small"),
        ("<ul><li></li></ul>", ""),
        ("<blockquote></blockquote><table></table><pre></pre><h2></h2>", ""),
        ("<ol><li><p>a</p><p>b</p></li><li>c</li></ol>", "1. a\n\n   b\n\n2. c"),
        ("<dl><dt>term</dt><dd>meaning</dd></dl>", "term\n\n    meaning"),
        ("<a>a <p>block in a link</p></a>", "a\n\nblock in a link"),
    ],
)
def test_small_pieces(html: str, text: str) -> None:
    assert write(html).text == text


def test_a_link_around_a_block_keeps_its_address() -> None:
    written = write('<a href="https://a.example.org/card"><h3>A card</h3><p>with words</p></a>')
    assert "A card" in written.text
    assert "https://a.example.org/card" in written.text or written.notes == ["https://a.example.org/card"]


def test_a_table_too_wide_for_columns_goes_one_cell_under_the_other() -> None:
    cell = "a rather long cell of many words " * 2
    text = write(f"<table><tr><td>{cell}</td><td>{cell}</td></tr></table>").text
    assert all(columns(line) <= WIDTH for line in text.split("\n"))


@given(WORDS)
def test_wrapping_loses_nothing_and_keeps_to_the_columns(words: list[str]) -> None:
    text = " ".join(words)
    lines = wrapped(text, 30).split("\n")
    assert re.sub(r"[ \n]", "", "".join(lines)) == re.sub(" ", "", text)
    for line in lines:
        unbroken = [part for part in re.split("[ ]", line) if part]
        assert columns(line) <= 30 or len(unbroken) == 1


def test_scripts_without_spaces_are_wrapped_too_but_no_line_begins_with_a_full_stop() -> None:
    lines = wrapped("港の潮汐表は四十マイル内陸で印刷されていた。" * 6).split("\n")
    assert len(lines) > 3
    assert all(columns(line) <= WIDTH + 2 for line in lines)
    assert not any(line.startswith(("。", "、")) for line in lines)


def test_an_address_is_never_broken() -> None:
    address = "https://hub.example.org/" + "long/" * 30
    assert address in wrapped(f"See {address} for more.").split("\n")


def test_headings_and_hanging_lines() -> None:
    assert underlined("Title") == "Title\n====="
    assert underlined("潮") == "潮\n=="
    assert wrapped("one two three", 8, "10. ") == "10. one\n    two\n    three"
    assert indented("a\n\nb", "- ") == "- a\n\n  b"
    assert wrapped("", 10) == ""


@given(
    st.text(max_size=300)
    | st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<table>",
                "<td>",
                "<a href=x>",
                "&#31;",
                "&#0;",
                "<li>",
                "<h1>",
                "<img src=//[>",
                "\x1f",
                "\ud800",
                "x",
            ]
        )
    ).map("".join)
)
def test_no_html_however_broken_stops_the_writer(html: str) -> None:
    write(fit_for_mail(html, "https://hub.example.org/"))
