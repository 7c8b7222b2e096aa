"""What a post means and how it is built: tables, notes, code, lists; and what stands around them only for its looks."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hostile import assert_safe, hostile_text
from hypothesis import HealthCheck, given, settings

from newsletter.sources.html.sanitize import clean, clean_with_files, plain_text

BASE = "https://hub.example.org/posts/seeds"


@pytest.mark.parametrize(
    "html",
    [
        "<dl><dt>Bean</dt><dd>A seed.</dd></dl>",
        '<details open=""><summary>More</summary><p>Words</p></details>',
        "<ruby>種<rp>(</rp><rt>たね</rt><rp>)</rp></ruby>",
        '<p><abbr title="World Health Organization">WHO</abbr> <time datetime="2026-11-20">Friday</time></p>',
        '<p><bdo dir="rtl">abc</bdo> <span lang="es">hola</span></p>',
        "<ol><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li></ol>",
        '<pre><code class="language-python">x = 1\n\n\ny = 2\n</code></pre>',
        '<table><caption>Harvest</caption><thead><tr><th scope="col">Year</th><th scope="col">kg</th></tr></thead>'
        '<tbody><tr><th scope="row" rowspan="2">2026</th><td align="right">12</td></tr></tbody></table>',
        '<p>a<a href="https://example.org/#part">b</a></p>',
    ],
)
def test_it_is_kept_to_the_letter(html: str) -> None:
    assert clean(html, BASE) == html


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<center>a</center>b<nav>c</nav>", "<div>a</div>b<div>c</div>"),
        ("<font color=red><big>a</big></font> <tt>b</tt> <strike>c</strike>", "a <code>b</code> <s>c</s>"),
        ("<div><div><div class=row><p>a</p></div></div></div>", "<p>a</p>"),
        ("<p>&nbsp;</p><p><br></p><h2> </h2><ul><li></li></ul><p>a<b></b></p>", "<p>a</p>"),
        ("<p>a<span class=x> </span>b</p>", "<p>a b</p>"),
        ('<p>a <a href="https://example.org/"></a>b</p>', "<p>a b</p>"),
        ('<h2 id="s">Seeds <a class="anchor" href="#s" aria-hidden="true">#</a></h2>', "<h2>Seeds </h2>"),
        (
            "<ul><li><input type=checkbox checked> a</li><li><input type=checkbox> b</li></ul>",
            "<ul><li>☑ a</li><li>☐ b</li></ul>",
        ),
        (
            "<ul><li>[x] a</li><li>[ ] b</li><li>[c] d</li></ul>",
            "<ul><li>☑ a</li><li>☐ b</li><li>[c] d</li></ul>",
        ),
        ("<p>a<input name=q>b</p>", "<p>ab</p>"),
        ('<p style="display:none">preheader</p><p>a</p>', "<p>a</p>"),
        ("<p>a <math alttext='x^2'><mi>x</mi></math></p>", "<p>a x^2</p>"),
        (
            "<p><math><semantics><mrow><mi>x</mi><mo>=</mo><mn>1</mn></mrow><annotation>x{=}1</annotation></semantics></math></p>",
            "<p>x = 1</p>",
        ),
        ("<![CDATA[<p>a</p>]]>", "<p>a</p>"),
    ],
)
def test_what_only_looks_or_works_is_made_plain(html: str, kept: str) -> None:
    assert clean(html, BASE) == kept


@pytest.mark.parametrize(
    "mark",
    [
        '<sup><a href="#fn1">1</a></sup>',
        '<a href="#fn1" class="footnote-ref" role="doc-noteref"><sup>1</sup></a>',
        '<sup class="footnote-ref"><a href="#fn1" id="fnref1">[1]</a></sup>',
        '<a href="#_ftn1" name="_ftnref1">[1]</a>',
        '<sup><a href="https://hub.example.org/posts/seeds#fn-1">1</a></sup>',
    ],
)
def test_the_mark_of_a_footnote_stays_and_leads_nowhere(mark: str) -> None:
    back = '<a href="#fnref1" class="x">↩︎</a>'
    notes = f'<section class="footnotes"><ol><li id="fn1"><p>Mostly.&nbsp;{back}</p></li></ol></section>'
    cleaned = clean(f"<p>Beans{mark} grow</p>{notes}", BASE)
    assert cleaned.startswith("<p>Beans<sup>[1]</sup> grow</p>")
    assert "href" not in cleaned
    assert "<ol><li><p>Mostly.&nbsp;</p></li></ol>" in cleaned


def test_a_link_to_a_heading_keeps_its_words() -> None:
    assert clean('<ul><li><a href="#sowing">Sowing</a></li></ul>', BASE) == "<ul><li>Sowing</li></ul>"


@pytest.mark.parametrize(
    "html",
    [
        '<table class="highlighttable"><tr><td class="linenos"><pre>1\n2</pre></td>'
        '<td class="code"><div class="highlight language-python"><pre><span></span>'
        '<span class="k">def</span> x():\n    pass</pre></div></td></tr></table>',
        '<table class="highlight"><tr><td class="blob-num" data-line-number="1"></td>'
        '<td class="blob-code">def x():</td></tr><tr><td class="blob-num" data-line-number="2"></td>'
        '<td class="blob-code">    pass</td></tr></table>',
        '<pre class="hljs language-python"><code><span class="lineno">1</span>def x():<br><span class="lineno">2</span>'
        "    pass</code></pre>",
        '<pre data-lang="python"><div class="line">def x():</div><div class="line">    pass</div></pre>',
    ],
)
def test_code_is_code_again_without_the_numbers_of_its_lines(html: str) -> None:
    cleaned = clean(html, BASE)
    assert "def x():\n    pass" in cleaned
    assert cleaned.startswith("<pre><code")
    assert "<table" not in cleaned
    assert "1" not in cleaned


@pytest.mark.parametrize("style", ["display:flex", "display: inline-grid; gap: 1em", "DISPLAY:FLEX"])
def test_words_side_by_side_in_a_row_are_not_glued(style: str) -> None:
    row = f'<div style="{style}"><span>Mon</span><a href="/nine">9:00</a><b>Hall</b></div>'
    assert plain_text(clean(row, BASE)) == "Mon 9:00 Hall"
    beside = '<div style="display:block"><span>co</span><span>op</span></div>'
    assert plain_text(clean(beside, BASE)) == "coop"


def test_one_blank_stands_between_the_words_of_a_row() -> None:
    row = '<div style="display:flex"> <span>Mon</span> <a href="https://example.org/9">9:00</a><code>Hall</code>\n</div>'
    assert clean(row, BASE) == '<div>Mon <a href="https://example.org/9">9:00</a> <code>Hall</code></div>'


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ('<p style="white-space: pre-line">\nRoses\nViolets\n</p>', "<p>Roses<br>Violets</p>"),
        ('<p style="WHITE-SPACE:pre-wrap">Roses <b>are\nred</b></p>', "<p>Roses <b>are<br>red</b></p>"),
        ("<p>Roses\nare</p>", "<p>Roses\nare</p>"),
        ('<pre style="white-space:pre">a\nb</pre>', "<pre>a\nb</pre>"),
    ],
)
def test_lines_that_a_style_keeps_are_kept(written: str, becomes: str) -> None:
    assert clean(written, BASE).strip() == becomes


def test_a_table_that_only_places_things_is_undone() -> None:
    nested = "<table role=presentation><tr><td><p>a</p></td><td><table><tr><td>b</td></tr></table></td></tr></table>"
    assert clean(nested, BASE) == "<p>a</p><div>b</div>"
    kept = "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"
    assert clean(kept, BASE) == kept


def test_alignment_of_cells_is_kept_in_the_one_way_that_mail_knows() -> None:
    cells = '<td style="text-align: right">1</td><td class="has-text-align-center" data-align="center">2</td>'
    html = f"<table><tr>{cells}</tr></table>"
    assert '<td align="right">1</td><td align="center">2</td>' in clean(html, BASE)


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "".join(f"<b id={number}>" for number in range(490)) + "</p>" + "<p>x" * 20_000,
        '<div title="</div>">' * 50_000 + "x",
        "<svg><style>" + "<b>" * 100_000 + "x",
        "<script>" * 50_000,
        "<!--" * 50_000 + "x",
        '<a ="' * 50_000,
        "<noscript>" * 20_000 + "x",
    ],
)
def test_a_text_that_would_hold_the_parser_up_loses_its_markup_and_no_time(html: str) -> None:
    assert len(clean(html, BASE)) < 3 * len(html) + 1000


@pytest.mark.slow
def test_a_megabyte_of_a_post_comes_through_whole() -> None:
    paragraph = (
        '<p>A bean is <em>a seed</em>, see <a href="/beans">beans</a>. <img src="/b.jpg" alt="B"></p>\n'
    )
    count = 1_000_000 // len(paragraph)
    cleaned = clean(paragraph * count, BASE)
    assert cleaned.count('<a href="https://hub.example.org/beans">') == count
    assert plain_text(cleaned).count("A bean is a seed") == count


@pytest.mark.soak
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(hostile_text)
def test_ten_thousand_hostile_documents_are_clean_quick_and_small(html: str) -> None:
    """The limits of the issue: 2 seconds and 200 MB a document."""
    started = time.process_time()
    cleaned, *_ = clean_with_files(html * 20, BASE, "https://hub.example.org/media/")
    assert time.process_time() - started < 2
    assert_safe(cleaned)
    assert clean(cleaned, BASE) == cleaned


@pytest.mark.soak
def test_the_largest_documents_stay_within_two_hundred_megabytes() -> None:
    for piece in ("<p>A bean. ", "<li><a href=/x>x</a>", "<td>x", "&amp;", "<img src=x>"):
        tracemalloc.start()
        clean(piece * (1_000_000 // len(piece)), BASE)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 200 * 1024 * 1024, piece
