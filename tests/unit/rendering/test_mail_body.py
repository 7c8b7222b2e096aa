from __future__ import annotations

import re
from itertools import pairwise

import pytest

from newsletter.rendering.body import COLUMN, fit_for_mail, shorten

BASE = "https://hub.example.org/posts/tides"


@pytest.mark.parametrize(
    ("html", "fitted"),
    [
        ('<p onclick="x()" style="color:red" class="card">a</p>', "<p>a</p>"),
        ("<script>x</script><style>p{}</style><p>a</p>", "<p>a</p>"),
        ("<iframe src='https://x.example/'></iframe><form><input></form><p>a</p>", "<p>a</p>"),
        ('<a href="javascript:x()">a</a>', "<a>a</a>"),
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


def test_a_picture_without_a_web_address_is_left_out() -> None:
    assert (
        fit_for_mail('<p>a<img src="data:image/png;base64,AA">b<img src="cid:x">c<img>d</p>', "x:")
        == "<p>abcd</p>"
    )


def test_a_long_post_keeps_its_beginning() -> None:
    html = "<div>" + "".join(f"<p>paragraph {number}</p>" for number in range(100)) + "</div>"
    kept = shorten(html, 200)
    assert kept.startswith("<p>paragraph 0</p>")
    assert "paragraph 99" not in kept
    assert len(kept.encode()) <= 200


def test_nothing_is_kept_of_a_post_whose_first_block_is_too_long() -> None:
    assert shorten("<p>" + "word " * 1000 + "</p>", 500) == ""
