"""What of a stranger's HTML is kept, and what never is."""

from __future__ import annotations

import pytest
from hostile import assert_safe, hostile_text
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from newsletter.sources.html.sanitize import absolute_url, clean, one_line, plain_text, summary_of

BASE = "https://hub.example.org/posts/seeds"


@settings(deadline=None)
@given(hostile_text, st.sampled_from([BASE, "", "not a base", "http://[broken"]))
def test_whatever_comes_in_nothing_that_runs_comes_out(html: str, base: str) -> None:
    cleaned = clean(html, base)
    assert_safe(cleaned)
    assert_safe(clean(cleaned, base))


@settings(deadline=None)
@given(hostile_text)
def test_cleaning_twice_changes_nothing_more(html: str) -> None:
    once = clean(html, BASE)
    assert clean(once, BASE) == once


@settings(deadline=None)
@given(hostile_text)
def test_clean_html_goes_into_xml_as_text(html: str) -> None:
    element = etree.Element("content")
    element.text = clean(html, BASE)
    assert etree.tostring(element)


@settings(deadline=None)
@given(hostile_text, st.integers(20, 400))
def test_a_summary_is_one_line_and_never_too_long(html: str, most: int) -> None:
    summary = summary_of(html, most)
    assert len(summary) <= most
    assert summary == one_line(summary)
    assert plain_text(html) == plain_text(html).strip()


@pytest.mark.parametrize(
    "html",
    [
        "<h2>Seeds</h2><h3>Beans</h3>",
        '<ul><li>a</li></ul><ol start="3"><li>b</li></ol>',
        '<table><caption>c</caption><thead><tr><th scope="col">x</th></tr></thead>'
        '<tbody><tr><td colspan="2" align="right">1</td></tr></tbody></table>',
        '<figure><img src="https://hub.example.org/a.jpg" alt="A bean" width="640" height="400">'
        "<figcaption>A bean</figcaption></figure>",
        "<blockquote><p>“One.</p><p>“Two.”</p></blockquote>",
        "<pre><code>a &lt; b</code></pre>",
        '<p dir="rtl" lang="ar">H<sub>2</sub>O x<sup>2</sup></p>',
        '<p><a href="mailto:hub@example.org">write</a> <a href="https://a.example.org/?x=1&amp;y=2">read</a></p>',
    ],
)
def test_what_a_post_means_is_kept_to_the_letter(html: str) -> None:
    assert clean(html, BASE) == html


def test_addresses_are_made_absolute() -> None:
    cleaned = clean(
        '<a href="../about">a</a><img src="bean.jpg" alt=""><a href="//cdn.example.org/x">c</a>', BASE
    )
    assert 'href="https://hub.example.org/about"' in cleaned
    assert 'src="https://hub.example.org/posts/bean.jpg"' in cleaned
    assert 'href="https://cdn.example.org/x"' in cleaned


def test_without_a_base_relative_addresses_go_and_words_stay() -> None:
    assert clean('<p><a href="/about">about us</a><img src="bean.jpg"></p>', "") == "<p>about us</p>"


def test_a_link_within_the_page_becomes_its_words() -> None:
    assert clean(
        '<p>Beans<sup><a href="#fn1" id="r1">1</a></sup></p><p>Note <a href="#r1">↩︎</a></p>', BASE
    ) == ("<p>Beans<sup>[1]</sup></p><p>Note </p>")


@pytest.mark.parametrize(
    "image",
    [
        '<img src="https://t.example.net/p.gif" width="1" height="1">',
        '<img src="https://t.example.net/p.gif" width="0">',
        '<img src="https://t.example.net/p.gif" style="width: 1px; height: 1px">',
        '<img src="https://t.example.net/p.gif" style="display:none">',
        '<img src="https://t.example.net/p.gif" hidden>',
        '<img src="data:image/gif;base64,R0lGOD">',
        '<img src="mailto:x@example.org">',
        "<img>",
    ],
)
def test_pictures_that_only_count_readers_are_gone(image: str) -> None:
    assert clean(f"<p>a{image}b</p>", BASE) == "<p>ab</p>"


def test_a_picture_that_a_script_would_load_gets_its_real_address() -> None:
    late = '<img src="data:image/gif;base64,R0" data-src="/bean.jpg" alt="A bean" width="100%" height="40px">'
    assert clean(late, BASE) == '<img src="https://hub.example.org/bean.jpg" alt="A bean" height="40">'


def test_a_film_becomes_a_link_to_where_it_can_be_watched() -> None:
    cleaned = clean(
        '<iframe src="https://www.youtube.com/embed/abc?start=30" title="How to graft"></iframe>', BASE
    )
    assert cleaned == '<p><a href="https://www.youtube.com/watch?v=abc&amp;t=30">How to graft</a></p>'
    assert "https://hub.example.org/film.mp4" in clean('<video><source src="/film.mp4"></video>', BASE)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "http://[x", "https://x:y/", "data:,x"]
)
def test_only_web_addresses_become_absolute(url: str) -> None:
    assert absolute_url(url, BASE) is None


@pytest.mark.parametrize("opening", ["<div>", "<b><i>", "<blockquote>", "<ul><li>"])
def test_nesting_that_no_person_makes_costs_the_nesting_and_not_the_words(opening: str) -> None:
    assert "Words" in plain_text(clean(opening * 20_000 + "<p>Words</p><script>x</script>", BASE))


def test_an_address_longer_than_any_server_takes_is_none() -> None:
    assert absolute_url("/" + "x" * 2000, BASE) is None


def test_plain_text_keeps_the_order_of_blocks_and_decodes_once() -> None:
    html = "<h2>Seeds</h2><ul><li>a</li><li>b</li></ul><table><tr><td>1</td><td>2</td></tr></table>"
    html += "<p>x &amp;lt; y<br>z</p>"
    assert plain_text(html) == "Seeds\n\na\nb\n\n1 | 2\n\nx &lt; y\nz"


def test_a_summary_ends_at_a_sentence_and_abbreviations_do_not_end_one() -> None:
    html = "<h2>Heading</h2><p>The U.S. team met Dr. Gómez on Monday. They agreed on everything. Then it rained.</p>"
    assert summary_of(html, 70) == "The U.S. team met Dr. Gómez on Monday. They agreed on everything."
    assert summary_of(html, 50) == "The U.S. team met Dr. Gómez on Monday."


def test_a_summary_without_a_sentence_ends_at_a_word() -> None:
    assert summary_of("<p>" + "seedling " * 20 + "</p>", 30) == "seedling seedling seedling…"
    assert summary_of("<p>" + "x" * 50 + "</p>", 10) == "x" * 9 + "…"


def test_a_summary_is_the_opening_paragraph_and_nothing_that_stands_below() -> None:
    first = (
        "<p>"
        + "The mill turns again, after a hundred years of rest, because its neighbours wanted bread. " * 2
    )
    rest = "<h2>How</h2><ul><li>one</li><li>two</li></ul><p><a href='https://x.example/'>link</a></p>"
    html = f"<h1>Mill</h1><blockquote><p>Quoted.</p></blockquote>{first}</p>{rest}<p>Last.</p>"
    assert summary_of(html) == one_line(plain_text(first))


def test_a_short_opening_goes_on_but_never_into_a_list_a_quotation_or_a_bare_link() -> None:
    html = (
        "<p>It matters to <em>us</em>.</p><h2>Why</h2><ol><li><p>one</p></li><li>two</li></ol>"
        "<p><a href='https://film.example/'>film</a></p><blockquote>Wise words.</blockquote>"
        "<table><tr><td>cell</td></tr></table><p>So we <a href='/x'>act</a> &amp; go<br>on.</p>"
    )
    assert summary_of(html) == "It matters to us. So we act & go on."


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<h2>Tools</h2><ul><li>a spade</li><li>a hoe</li></ul>", "a spade a hoe"),
        ("<blockquote><p>Wise words.</p></blockquote>", "Wise words."),
        ("<h2>Only a heading</h2>", "Only a heading"),
        ("<div>No paragraphs here,</div><div>but words.</div>", "No paragraphs here, but words."),
        ("Bare words <b>alone</b>", "Bare words alone"),
    ],
)
def test_a_post_without_a_paragraph_has_a_summary_all_the_same(html: str, words: str) -> None:
    assert summary_of(html) == words


def test_a_short_text_is_its_own_summary() -> None:
    assert summary_of("<p>Short.</p><p>Very.</p>") == "Short. Very."


@pytest.mark.parametrize(
    ("html", "summary"),
    [
        ("<p>Fresh words<sup>[1]</sup>, and more<sup>[iv]</sup>.</p>", "Fresh words, and more."),
        ("<p>Fields of 40 m<sup>2</sup>, not 10<sup>12</sup>.</p>", "Fields of 40 m², not 10¹²."),
        ("<p>The 1<sup>st</sup> of May.</p>", "The 1st of May."),
    ],
)
def test_a_summary_has_no_marks_of_notes_and_keeps_raised_numbers(html: str, summary: str) -> None:
    assert summary_of(html) == summary
