from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from newsletter.rendering.body import fit_for_mail, shorten
from newsletter.rendering.image_widths import COLUMN, scaled, shows, size_of

BASE = "https://hub.example.org/posts/tides"


@pytest.mark.parametrize(
    ("html", "fitted"),
    [
        ('<p onclick="x()" style="color:red" class="card">a</p>', "<p>a</p>"),
        ("<script>x</script><style>p{}</style><p>a</p>", "<p>a</p>"),
        ("<iframe src='https://x.example/'></iframe><form><input></form><p>a</p>", "<p>a</p>"),
        ('<a href="javascript:x()">a</a> <a href="#">b</a> <a>c</a>', "a b c"),
        ('<a href="#" id="top">a</a> <a name="x">b</a>', '<a id="top">a</a> <a name="x">b</a>'),
        ("<!--[if mso]><p>x</p><![endif]--><p>a</p>", "<p>a</p>"),
        ('<a href="#note">1</a><p id="note">n</p>', '<a href="#note">1</a><p id="note">n</p>'),
        ('<a href="../about">a</a>', '<a href="https://hub.example.org/about">a</a>'),
        ('<a href="mailto:a@example.org">a</a>', '<a href="mailto:a@example.org">a</a>'),
        ("loose words", "loose words"),
        ("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c"),
        ("", ""),
    ],
)
def test_what_mail_programs_do_not_take_is_gone(html: str, fitted: str) -> None:
    assert fit_for_mail(html, BASE) == fitted


@pytest.mark.parametrize(
    ("html", "levels"),
    [
        ("<h1>a</h1><h2>b</h2><h1>c</h1>", "232"),
        ("<h4>a</h4><h6>b</h6>", "23"),
        ("<h2>a</h2><h5>b</h5><h5>c</h5><h3>d</h3>", "2343"),
        ("<h3>a</h3><h2>b</h2>", "22"),
        ("<h2>a</h2><h3>b</h3>", "23"),
    ],
)
def test_headings_begin_below_the_mails_own_and_never_skip_a_level(html: str, levels: str) -> None:
    found = re.findall(r"<h(\d)>", fit_for_mail(html, BASE))
    assert found[0] == "2"
    assert all(int(b) <= int(a) + 1 for a, b in pairwise(found))
    assert "".join(found) == levels


def test_pictures_get_an_alt_and_a_width_that_fits() -> None:
    wide = fit_for_mail('<img src="/a.jpg" width="1072" height="600">', BASE)
    assert 'src="https://hub.example.org/a.jpg"' in wide
    assert 'alt=""' in wide
    assert f'width="{COLUMN}" height="300"' in wide
    small = fit_for_mail('<img src="https://x.example/i.png" alt="An icon" width="24" height="24">', BASE)
    assert 'alt="An icon" width="24" height="24"' in small
    unknown = fit_for_mail('<img src="https://x.example/i.png" width="100%">', BASE)
    assert f'width="{COLUMN}"' in unknown
    assert "height" not in unknown


@pytest.mark.parametrize(
    ("size", "space", "shown"),
    [
        ((1600, 1000), (536, 600), (536, 335)),
        ((600, 900), (120, 120), (80, 120)),
        ((300, 200), (536, 600), (300, 200)),
        ((0, 900), (120, 120), (120, 0)),
        ((900, 0), (120, 120), (120, 0)),
        ((40, 0), (120, 120), (40, 0)),
        ((9000, 1), (536, 600), (536, 1)),
    ],
)
def test_a_picture_is_never_enlarged_and_never_distorted(
    size: tuple[int, int], space: tuple[int, int], shown: tuple[int, int]
) -> None:
    assert scaled(*size, *space) == shown


def test_the_size_of_a_posts_picture_is_what_its_text_says_of_it() -> None:
    html = '<p><img src="https://x.example/a.jpg?a=1&amp;b=2" width="800" height="500"></p>'
    assert size_of("https://x.example/a.jpg?a=1&b=2", html) == (800, 500)
    assert size_of("https://x.example/b.jpg", html) == (0, 0)
    assert size_of("https://x.example/a.jpg", '<img src="https://x.example/a.jpg" width="5">') == (0, 0)
    assert size_of("", html) == (0, 0)


@pytest.mark.parametrize(
    ("picture", "shown"),
    [
        ("https://x.example/a.jpg", True),
        ("https://x.example/a-1024x683.jpg", True),
        ("https://x.example/a-scaled.jpg?ssl=1", True),
        ("https://x.example/b.jpg", False),
        ("", False),
    ],
)
def test_a_picture_that_the_text_shows_in_another_size_is_the_same(picture: str, shown: bool) -> None:
    html = '<p><img src="https://x.example/a-300x200.jpg?w=1&amp;h=2"></p>'
    assert shows(html, picture) is shown
    assert not shows("", picture)


def test_a_smiley_stays_among_its_words() -> None:
    assert 'class="inline"' in fit_for_mail('<p>a <img src="https://x.example/s.png" width="16"> b</p>', BASE)
    assert "class" not in fit_for_mail('<img src="https://x.example/s.png" width="400">', BASE)


def test_a_wide_table_gets_a_box_that_scrolls_and_has_its_name() -> None:
    html = "a<table><caption>First <b>week</b></caption><tr><td><table><tr><td>x</td></tr></table></td></tr></table>b"
    fitted = fit_for_mail(html, BASE)
    assert fitted.startswith(
        'a<div class="scroll" tabindex="0" role="region" aria-label="First week"><table>'
    )
    assert fitted.endswith("</table></div>b")
    assert fitted.count('class="scroll"') == 1
    assert 'role="region"' not in fit_for_mail("<table><tr><td>x</td></tr></table>", BASE)


def test_a_table_without_a_caption_is_called_by_its_columns() -> None:
    html = "<table><tr><th>Year</th><th>Seeds,  kg</th></tr><tr><th>2026</th><td>3</td></tr></table>"
    assert 'role="group" aria-label="Year, Seeds, kg"' in fit_for_mail(html, BASE)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("1 000 000", True),
        ("1 0 0 0", True),
        ("1\u202f000,50\xa0€", True),
        ("CHF 12 500.50", True),
        ("−3 °C", True),
        ("<p><b>12</b> %</p>", True),
        ("3 June 2026", True),
        ("١٢ ٣٤٥", True),
        ("12 families planted hedges", False),
        ("Upper valley", False),
        ("+41 44 123 45 67 or +41 44 765 43 21", False),
        ("", False),
    ],
)
def test_a_number_in_a_table_is_never_broken_into_two(cell: str, kept: bool) -> None:
    fitted = fit_for_mail(f"<table><tr><td>{cell}</td></tr></table>", BASE)
    assert ('<td class="figure">' in fitted) is kept


@pytest.mark.parametrize(
    ("alt", "inside", "words"),
    [
        ("Video: The &lt;mill&gt;", "", "Video: The &lt;mill&gt;"),
        ("Video", "", "Video"),
        ("Video: The mill", "<br>▶ The mill", "The mill"),
        ("Video", "<br>▶ video.example.org/1", "video.example.org/1"),
    ],
)
def test_a_films_picture_gets_its_words_below_it_once(alt: str, inside: str, words: str) -> None:
    film = f'<p>a <a href="https://v.example/1"><img src="https://x.example/f.jpg" alt="{alt}">{inside}</a> b</p>'
    fitted = fit_for_mail(film, BASE)
    assert fitted.startswith(
        '<p>a <a href="https://v.example/1" class="film"><img src="https://x.example/f.jpg" alt=""'
    )
    assert fitted.endswith(f'<span class="play">▶\ufe0e {words}</span></a> b</p>')


@pytest.mark.parametrize(("alt", "inside"), [("Video: The mill", " Watch it"), ("Videos of the mill", "")])
def test_a_linked_picture_with_words_of_its_own_keeps_them(alt: str, inside: str) -> None:
    film = f'<a href="https://v.example/1"><img src="https://x.example/f.jpg" alt="{alt}">{inside}</a>'
    assert f'alt="{alt}"' in fit_for_mail(film, BASE)


def test_a_picture_without_a_web_address_is_left_out() -> None:
    assert (
        fit_for_mail('<p>a<img src="data:image/png;base64,AA">b<img src="cid:x">c<img>d</p>', "x:")
        == "<p>abcd</p>"
    )


def test_a_long_post_keeps_its_beginning() -> None:
    html = "<div>" + "".join(f"<p>paragraph {number}</p>" for number in range(100)) + "</div>"
    kept = shorten(html, 200)
    assert kept.startswith("<div><p>paragraph 0</p>")
    assert "paragraph 99" not in kept
    assert len(kept.encode()) <= 200


def test_nothing_is_kept_of_a_post_whose_first_block_is_too_long() -> None:
    assert shorten("<p>" + "word " * 1000 + "</p>", 500) == ""


@pytest.mark.parametrize(
    ("opening", "item", "closing"),
    [
        ("<ul>", "<li>word</li>", "</ul>"),
        ("<p>Before.</p><ol>", "<li>word</li>", "</ol>"),
        ("<table><tbody>", "<tr><td>word</td></tr>", "</tbody></table>"),
        ("<div><p>Before.</p></div><div><div>", "<p>word</p>", "</div></div>"),
        ('<blockquote dir="rtl" lang="ar">', "<p>word</p>", "</blockquote>"),
    ],
)
def test_a_long_list_keeps_its_beginning(opening: str, item: str, closing: str) -> None:
    """One that is the whole post, too."""
    kept = shorten(opening + item * 1000 + closing, 500)
    assert 350 < len(kept) <= 500
    assert kept == opening + item * kept.count("word") + closing


@given(st.recursive(st.sampled_from(["word", "<p>a</p>", "<img src='x'>", "<pre>b</pre>é"]),
                    lambda inner: st.builds(lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
                                            st.sampled_from(["div", "ul", "li", "blockquote", "b"]),
                                            st.lists(inner, max_size=5))),
       st.integers(0, 300))  # fmt: skip
def test_what_is_kept_fits_and_is_a_beginning(html: str, most: int) -> None:
    kept = shorten(html, most)
    assert len(kept.encode()) <= most
    begun, whole = (
        lxml_html.fragment_fromstring(part or "<p></p>", create_parent="div").text_content()
        for part in (kept, html)
    )
    assert whole.startswith(begun)
