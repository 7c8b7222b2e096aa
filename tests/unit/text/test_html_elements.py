"""One list of elements for everything that shows a post: no words run into each other anywhere."""

import re

import pytest
from lxml import html as lxml_html

from newsletter.rendering.body import fit_for_mail
from newsletter.rendering.plaintext.html_to_text import write
from newsletter.sources.html.sanitize import clean, plain_text, summary_of
from newsletter.text.html_elements import ATTRIBUTES, BLOCKS, INLINE

#: What each element is written in, and what a browser begins a line for.
_WITHIN = {
    "li": "<ul><li>one</li><li>two</li></ul>",
    "dt": "<dl><dt>one</dt><dd>two</dd></dl>",
    "dd": "<dl><dd>one</dd><dd>two</dd></dl>",
    "ul": "<ul><li>one</li></ul>two",
    "ol": "<ol><li>one</li></ol>two",
    "dl": "<dl><dd>one</dd></dl>two",
    "table": "<table><tr><td>one</td><td>two</td></tr></table>",
    "caption": "<table><caption>one</caption><tr><td>two</td><td>x</td></tr></table>",
    "thead": "<table><thead><tr><th>one</th></tr></thead><tbody><tr><td>two</td></tr></tbody></table>",
    "tbody": "<table><tbody><tr><td>one</td></tr><tr><td>two</td></tr></tbody></table>",
    "tfoot": "<table><tbody><tr><td>one</td></tr></tbody><tfoot><tr><td>two</td></tr></tfoot></table>",
    "tr": "<table><tr><td>one</td></tr><tr><td>two</td></tr></table>",
    "td": "<table><tr><td>one</td><td>two</td></tr></table>",
    "th": "<table><tr><th>one</th><th>two</th></tr></table>",
    "figcaption": "<figure><blockquote>one</blockquote><figcaption>two</figcaption></figure>",
    "details": "<details>one<p>two</p></details>",
    "summary": "<details><summary>one</summary>two</details>",
    "hr": "one<hr>two",
    "br": "one<br>two",
}
#: As every mail program has them (caniemail.com): others are taken out, and their words stay.
_KNOWN_TO_MAIL = BLOCKS - {"details", "summary", "section", "article", "address"}


def _written(html: str, breaks: frozenset[str]) -> str:
    """The words as somebody sees them who knows only these blocks."""
    root = lxml_html.fragment_fromstring(html, create_parent="div")
    for element in root.iter():
        if element.tag in breaks:
            element.text = f"\n{element.text or ''}"
            element.tail = f"\n{element.tail or ''}"
    return root.text_content()


def _apart(text: str) -> bool:
    return bool(re.search(r"\bone\b", text) and re.search(r"\btwo\b", text))


@pytest.mark.parametrize("tag", sorted(BLOCKS))
def test_no_block_runs_into_the_next(tag):
    html = _WITHIN.get(tag, f"<{tag}>one</{tag}><{tag}>two</{tag}>")
    kept = clean(html, "")  # as feeds carry it
    assert _apart(_written(kept, BLOCKS)), kept
    for shown in (
        fit_for_mail(kept, "https://example.org/"),
        fit_for_mail(kept, "https://example.org/", outlook=False),
    ):
        assert _apart(_written(shown, _KNOWN_TO_MAIL)), shown
        assert _apart(write(shown).text)
    assert _apart(plain_text(kept))
    assert "onetwo" not in summary_of(kept)


@pytest.mark.parametrize("tag", sorted(INLINE - {"img", "rp", "rt"}))
def test_no_word_is_broken(tag):
    html = f"<p>o<{tag}>n</{tag}>e</p>"
    shown = fit_for_mail(clean(html, ""), "https://example.org/")
    assert lxml_html.fromstring(shown).text_content() == "one"


@pytest.mark.parametrize("tag", sorted((_KNOWN_TO_MAIL | INLINE) - {"h1", "h3", "h4", "h5", "h6"}))
def test_a_mail_keeps_what_a_source_may_have(tag):
    html = {
        "rt": "<ruby>a<rt>b</rt></ruby>",
        "rp": "<ruby>a<rp>(</rp><rt>b</rt></ruby>",
        "img": '<img src="https://x.example/a.png">',
    }
    given = html.get(tag) or _WITHIN.get(tag) or f'<{tag} href="https://x.example/">one</{tag}>'
    assert f"<{tag}" in fit_for_mail(given, "https://example.org/")


def test_what_numbers_a_list_reaches_mails():
    html = '<ol type="a" start="3"><li>x</li><li value="9">y</li></ol>'
    assert ATTRIBUTES["ol"] == {"start", "reversed", "type"}
    assert clean(html, "") == html
    assert fit_for_mail(html, "https://example.org/") == html


def test_a_style_that_numbers_a_list_becomes_its_type():
    at_list = '<ol style="list-style-type: upper-roman"><li>x</li></ol>'
    at_item = '<ol><li style="list-style-type:lower-alpha"><p>x</p></li></ol>'
    assert clean(at_list, "") == '<ol type="I"><li>x</li></ol>'
    assert clean(at_item, "") == '<ol type="a"><li><p>x</p></li></ol>'


def test_a_list_that_counts_down_does_so_everywhere():
    shown = fit_for_mail("<ol reversed><li>x</li><li>y</li></ol>", "https://example.org/")
    assert shown == '<ol reversed=""><li value="2">x</li><li value="1">y</li></ol>'


def test_what_is_opened_by_a_click_stands_open_in_a_mail():
    shown = fit_for_mail(
        "<details open><summary>Tides <em>today</em></summary><p>High.</p></details>", "https://example.org/"
    )
    assert shown == "<div><p><strong>Tides <em>today</em></strong></p><p>High.</p></div>"
    headed = fit_for_mail("<details><summary><h4>Tides</h4></summary>High.</details>", "https://example.org/")
    assert headed == "<div><div><h2>Tides</h2></div>High.</div>"
