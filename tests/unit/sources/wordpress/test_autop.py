"""Raw text of WordPress posts, as an export has it, becomes what readers of the site see."""

from __future__ import annotations

import pytest
from hostile import assert_safe, hostile_text
from hypothesis import given
from hypothesis import strategies as st

from newsletter.sources.html.sanitize import clean, plain_text
from newsletter.sources.wordpress.autop import drawn
from newsletter.sources.wordpress.bare_urls import with_embeds
from newsletter.sources.wordpress.shortcodes import Picture

PICTURES = {
    1: Picture("https://example.org/1.jpg", "One", "First"),
    2: Picture("https://example.org/2.jpg", "Two"),
}


def gallery(numbers: list[int]) -> list[Picture]:
    return [PICTURES[number] for number in numbers or [2] if number in PICTURES]


def shown(text: str) -> str:
    return clean(with_embeds(drawn(text, gallery)), "https://example.org/post/")


@pytest.mark.parametrize(
    ("raw", "html"),
    [
        ("One\nline\n\nTwo", "<p>One<br>\nline</p>\n<p>Two</p>"),
        ("One\r\n\r\nTwo", "<p>One</p>\n<p>Two</p>"),
        ("One<!--more-->Two", "<p>One</p>\n<p>Two</p>"),
        ("One\n\n<!--nextpage-->\n\nTwo", "<p>One</p>\n<p>Two</p>"),
        ("<h2>Head</h2>\nText", "<h2>Head</h2><p>Text</p>"),
        ("<ul>\n<li>a</li>\n</ul>", "<ul>\n<li>a</li>\n</ul>"),
        ("<p>has one</p>", "<p>has one</p>"),
        ("<blockquote>a\n\nb</blockquote>", "<blockquote><p>a</p>\n<p>b</p></blockquote>"),
        ("<div>a</div>", "<div>a</div>"),
        ("<div>a\n\nb</div>", "<div><p>a</p>\n<p>b</p></div>"),
        ("<pre>a\n\n[b c=1]</pre>", "<pre>a\n\n[b c=1]</pre>"),
        ("a<br />\nb", "<p>a<br>\nb</p>"),
        ("<strong>a</strong>\nb", "<p><strong>a</strong><br>\nb</p>"),
    ],
)
def test_blank_lines_are_paragraphs_where_no_element_is(raw: str, html: str) -> None:
    assert shown(raw) == html


def test_blocks_keep_their_own_paragraphs_and_lose_their_comments() -> None:
    raw = (
        '<!-- wp:heading {"level":3} -->\n<h3>Head</h3>\n<!-- /wp:heading -->\n\n'
        "<!-- wp:group --><div><!-- wp:paragraph -->\n<p>One\nline</p>\n<!-- /wp:paragraph --></div>"
        "<!-- /wp:group -->\n\n"
        '<!-- wp:latest-posts {"postsToShow":5} /-->\n\nFrom before\n\nthe blocks\n\n'
        '<!-- wp:shortcode -->\n[gallery ids="1"]\n<!-- /wp:shortcode -->\n'
        '<!-- wp:embed {"url":"https://vimeo.com/123456"} -->\n<figure class="wp-block-embed">'
        '<div class="wp-block-embed__wrapper">\nhttps://vimeo.com/123456\n</div></figure>\n<!-- /wp:embed -->'
    )
    html = shown(raw)
    assert "wp:" not in html
    assert "<h3>Head</h3>" in html
    assert "<p>One\nline</p>" in html
    assert "<p>From before</p>\n<p>the blocks</p>" in html
    assert 'src="https://example.org/1.jpg"' in html
    assert '<a href="https://vimeo.com/123456">' in html


@pytest.mark.parametrize(
    ("raw", "html"),
    [
        (
            '[caption id="a" width="3"]<a href="https://example.org/"><img src="https://example.org/x.jpg" alt="X"></a>'
            " A <em>wheel</em>[/caption]",
            '<figure><a href="https://example.org/"><img src="https://example.org/x.jpg" alt="X"></a>'
            "<figcaption>A <em>wheel</em></figcaption></figure>",
        ),
        (
            '[caption caption="Old"]<img src="https://example.org/x.jpg" alt="X">[/caption]',
            '<figure><img src="https://example.org/x.jpg" alt="X"><figcaption>Old</figcaption></figure>',
        ),
        (
            '[gallery ids="1,9"]',
            '<figure><img src="https://example.org/1.jpg" alt="One"><figcaption>First</figcaption></figure>',
        ),
        ("[gallery]", '<figure><img src="https://example.org/2.jpg" alt="Two"></figure>'),
        ("[playlist ids='1']", ""),
        ("[embed width=3]https://vimeo.com/123456[/embed]", '<p><a href="https://vimeo.com/123456">Vimeo</a></p>'),
        ("[vimeo 123456]", '<p><a href="https://vimeo.com/123456">Vimeo</a></p>'),
        ("https://vimeo.com/123456", '<p><a href="https://vimeo.com/123456">Vimeo</a></p>'),
        ("See https://vimeo.com/123456", "<p>See https://vimeo.com/123456</p>"),
        (
            '[audio mp3="https://example.org/a.mp3"][/audio]',
            '<p><a href="https://example.org/a.mp3">example.org/a.mp3</a></p>',
        ),
        ('[vc_row][vc_column width="1/2"]Kept[/vc_column][/vc_row]', "<p>Kept</p>"),
        ("Before [contact-form-7 id=\"3\" title='x'] after", "<p>Before  after</p>"),
        ("[su_box]a [su_note]b[/su_note][/su_box]", "<p>a b</p>"),
        ("He [sic] said [1] so [...] and [re-enacted] it", "<p>He [sic] said [1] so [...] and [re-enacted] it</p>"),
        ("[[gallery]] is written so", "<p>[gallery] is written so</p>"),
        ("<code>[gallery]</code>", "<p><code>[gallery]</code></p>"),
        ("[youtube]not an address[/youtube]x", "<p>x</p>"),
        ("[/caption] alone [caption]", "<p>alone</p>"),
    ],
)  # fmt: skip
def test_shortcodes_become_what_they_show_or_what_they_hold(raw: str, html: str) -> None:
    assert shown(raw) == html


PIECES = st.sampled_from(
    ["[caption]", "[/caption]", "[[x]]", "[gallery ids='1']", "[a_b c='d']", "[/a_b]", "[embed]", "[/embed]", "\n\n",
     "<!-- wp:x -->", "<!-- /wp:x -->", "<!-- wp:x /-->", "<!--more-->", "<!--", "-->", "<pre>", "</pre>", "<p>", "\n",
     "</p>", "<blockquote>", "</div>", "<code>", "https://example.org/x", "[", "]", "[/", "words and", "<img src=x>"]
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, hostile_text, st.text(max_size=8)), max_size=20).map("".join))
def test_whatever_is_written_comes_out_safe(raw: str) -> None:
    assert_safe(shown(raw))


@given(st.lists(st.text("abcdefg ", min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=6))
def test_no_word_of_plain_paragraphs_is_lost(paragraphs: list[str]) -> None:
    assert plain_text(shown("\n\n".join(paragraphs))).split() == " ".join(paragraphs).split()
