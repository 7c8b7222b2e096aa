from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_samples import LONG_HTML

from newsletter.rendering.body import fit_for_mail
from newsletter.rendering.plaintext.html_to_text import write
from newsletter.rendering.plaintext.wrap import WIDTH, columns, indented, underlined, wrapped

WORDS = st.lists(st.text(st.sampled_from("abcé漢字、。👩‍🚀عر\u00a0-"), min_size=1, max_size=12), max_size=40)


def test_a_post_reads_as_if_somebody_had_typed_it() -> None:
    text = write(LONG_HTML).text
    assert "> Nobody believes a number until they have stood in the rain for it.\n>\n> After that" in text
    assert "A ruler, a lamp and a rota\n--------------------------\n" in text
    assert "\n\nWhat a reading needs\n\n- the time" in text
    assert "a *very* patient caretaker" in text
    assert (
        "- the height, read twice by two people\n  - once from the wall\n  - once from the steps\n- a name"
        in text
    )
    assert "3. Write it down.\n4. Only then get warm." in text
    assert (
        "First week\n\nDay       Low water   Height\n-------   ---------   ------\nMonday    06:12       0.4 m"
        in text
    )
    assert "    height = (wall + steps) / 2\n    if abs(wall - steps) > 0.05: read_again()" in text
    assert "[Picture: Two pupils in yellow coats" in text
    assert "harbour\nwall]\nThe ruler at the east wall" in text
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
        ("<dl><dt>term</dt><dd>meaning</dd></dl>", "term\n    meaning"),
        ("<a>a <p>block in a link</p></a>", "a\n\nblock in a link"),
    ],
)
def test_small_pieces(html: str, text: str) -> None:
    assert write(html).text == text


def test_a_link_around_a_block_keeps_its_address() -> None:
    written = write('<a href="https://a.example.org/card"><h3>A card</h3><p>with words</p></a>')
    assert "A card" in written.text
    assert "https://a.example.org/card" in written.text or written.notes == ["https://a.example.org/card"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("do <em>not</em> go", "do *not* go"),
        ("<strong>Price:</strong> five", "*Price:* five"),
        ("<p><strong>A line by itself</strong></p>", "A line by itself"),
        ("un<em>believ</em>able", "unbelievable"),
        ("<h2>A <em>new</em> year</h2>", "A new year\n----------"),
        ("<em>a <strong>b</strong> c</em> d", "*a b c* d"),
        ("5 <em>* 3</em> is 15", "5 * 3 is 15"),
        ("on <del>Monday</del> <ins>Tuesday</ins>", "on [struck out: Monday] Tuesday"),
        ("20 m<sup>2</sup>, H<sub>2</sub>O, the 1<sup>st</sup>", "20 m², H₂O, the 1st"),
        ("<ruby>漢字<rt>kanji</rt></ruby>", "漢字(kanji)"),
        ("<ruby>漢字<rp>(</rp><rt>kanji</rt><rp>)</rp></ruby>", "漢字(kanji)"),
        (
            '<abbr title="Seed Council">SC</abbr> and <abbr title="Seed Council">SC</abbr>',
            "SC (Seed Council) and SC",
        ),
        ('The Seed Council (<abbr title="Seed Council">SC</abbr>)', "The Seed Council (SC)"),
    ],
)
def test_words_that_stand_out_or_stand_for_others(html: str, text: str) -> None:
    assert write(html).text == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<img src="x" alt="A bench">', "[Picture: A bench]"),
        ('<img src="x" alt="">', ""),
        ('<img src="x" alt="IMG_2313.JPG">', ""),
        ('<img src="x" alt="image">', ""),
        (
            '<figure><img src="x" alt="A bench"><figcaption>By the wall</figcaption></figure>',
            "[Picture: A bench]\nBy the wall",
        ),
        ('<figure><img src="x" alt="A bench."><figcaption>A bench</figcaption></figure>', "A bench"),
    ],
)
def test_a_picture_is_described_when_there_is_something_to_say(html: str, text: str) -> None:
    assert write(html).text == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<a href="tel:+44-1234-567890">call us</a>', "call us <+44-1234-567890>"),
        ('<a href="tel:+441234567890">01234 567890</a>', "01234 567890"),
        ('<a href="mailto:a%40b@example.org">us</a>', "us <a@b@example.org>"),
        ('<a href="mailto:?subject=look">tell a friend</a>', "tell a friend"),
        (
            '<p>so<sup id="r"><a href="#f">1</a></sup>.</p><ol><li id="f">why <a href="#r">↩</a></li></ol>',
            "so (1).\n\n1. why",
        ),
        ('so<a href="#f">[1]</a>', "so (1)"),
        ('<h2>Title <a href="#title">#</a></h2>', "Title\n-----"),
    ],
)
def test_mailboxes_numbers_and_footnotes(html: str, text: str) -> None:
    assert write(html).text == text


def test_an_address_beyond_ascii_or_with_a_space_is_noted_as_programs_can_follow_it() -> None:
    written = write('<p><a href="https://ja.example.org/wiki/漢字 1?q=é">there</a></p>')
    assert written.notes == ["https://ja.example.org/wiki/%E6%BC%A2%E5%AD%97%201?q=%C3%A9"]


def test_the_number_of_a_note_never_begins_a_line() -> None:
    for words in range(1, 60):
        text = write(f'<p>{"ab " * words}<a href="https://a.example.org/x">cd</a> after</p>').text
        assert not re.search(r"^\[1\]", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ol reversed><li>a</li><li>b</li></ol>", "2. a\n1. b"),
        ('<ol start="9"><li>a</li><li>b<ul><li>c</li></ul></li></ol>', "9. a\n10. b\n    - c"),
        ('<ol><li>a</li><li value="7">b</li><li>c</li></ol>', "1. a\n7. b\n8. c"),
        ('<ol type="a" start="26"><li>a</li><li>b</li></ol>', "z. a\naa. b"),
        ('<ol type="A" reversed><li>a</li><li>b</li></ol>', "B. a\nA. b"),
        ('<ol type="i" start="8"><li>a</li><li>b</li></ol>', "viii. a\nix. b"),
        ('<ol type="I" start="0"><li>a</li><li value="1994">b</li></ol>', "0. a\nMCMXCIV. b"),
        ("<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ul>loose<p>words</p></ul>", "loose\nwords"),
        ("<dl><dt>a</dt><dd>b</dd><dt>c</dt><dd>d</dd><dd>e</dd></dl>", "a\n    b\n\nc\n    d\n    e"),
        ("<dl><div><dt>a</dt><dd>b</dd></div></dl>", "a\n    b"),
        ("<blockquote>a<blockquote><p>b</p></blockquote></blockquote>", "> a\n>\n> > b"),
        (
            "<p>14 Quayside Lane<br>Port Ellery<br><br>&nbsp;&nbsp;indented</p>",
            "14 Quayside Lane\nPort Ellery\n\n  indented",
        ),
        ("<p>so. &nbsp; So &nbsp;</p><p>&nbsp;</p>", "so. So"),
        ("soft\u00adhyphen, zero\u200bwidth", "softhyphen, zerowidth"),
        ("one\u2028two", "one\ntwo"),
    ],
)
def test_lists_quotations_and_lines_that_are_meant(html: str, text: str) -> None:
    assert write(html).text == text


def test_code_stays_as_it_is_and_its_links_are_named_below() -> None:
    code = "x" * 100 + "\n  if  a:\tb<br>c"
    written = write(f'<pre><code>{code} <a href="https://a.example.org/">d</a></code></pre>')
    assert written.text == "    " + "x" * 100 + "\n      if  a:\tb\n    c d\n\nLinks in it: [1]"


def test_a_table_sets_numbers_to_the_right_and_understands_spans() -> None:
    text = write(
        "<table><tr><td></td><th>2024</th><th>2025</th></tr><tr><th>Members</th><td>1,204</td><td>980</td></tr>"
        '<tr><th rowspan="2">Trees</th><td colspan="2">none yet</td></tr><tr><td>4</td><td>12</td></tr></table>'
    ).text
    assert text.split("\n") == [
        "          2024       2025",
        "-------   --------   ----",
        "Members   1,204       980",
        "Trees     none yet",
        "          4            12",
    ]


def test_a_table_too_wide_names_each_cell_by_its_column() -> None:
    long = "many words that go on and on " * 3
    text = write(
        f"<table><tr><th>Place</th><th>Use</th></tr><tr><td>Bench</td><td>{long}</td></tr>"
        f"<tr><td>Wall</td><td>{long}</td></tr></table>"
    ).text
    assert "Place: Bench\nUse: many words" in text
    assert "\n\nPlace: Wall\nUse: many words" in text


def test_a_table_that_only_lays_out_is_read_cell_by_cell() -> None:
    text = write(
        "<table><tr><td><p>a</p><ul><li>b</li></ul></td><td><table><tr><td>c</td><td>d</td></tr></table></td></tr></table>"
    ).text
    assert text == "a\n\n- b\n\nc   d"


def test_a_table_too_wide_for_columns_goes_one_cell_under_the_other() -> None:
    cell = "a rather long cell of many words " * 2
    text = write(f"<table><tr><td>{cell}</td><td>{cell}</td></tr></table>").text
    assert all(columns(line) <= WIDTH for line in text.split("\n"))


@given(WORDS)
def test_wrapping_loses_nothing_and_keeps_to_the_columns(words: list[str]) -> None:
    text = " ".join(words)
    lines = wrapped(text, 30).split("\n")
    assert re.sub(r"[ \u00a0]", "", "".join(lines)) == re.sub(r"[ \u00a0]", "", text)
    assert not any(line.endswith((" ", "\u00a0")) for line in lines)
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
    assert f"{address}" in wrapped(f"潮汐表は{address}にあります。" * 2).split("\n")


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
