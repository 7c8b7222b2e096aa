"""Markdown in the dialects of the generators becomes plain HTML that a mail can carry."""

from __future__ import annotations

import pytest
from hostile import assert_safe, hostile_text
from hypothesis import given

from newsletter.sources.html.sanitize import clean
from newsletter.sources.markup.markdown import render


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("# A {#head}", "<h1>A</h1>"),
        ("## A {: .b }", "<h2>A</h2>"),
        ("Text\n{: .lead}", "<p>Text </p>"),
        ("{: .alone}", ""),
        ("[a](https://example.org/){:target='_blank'} b", '<p><a href="https://example.org/">a</a> b</p>'),
        (
            "![a](https://example.org/a.png){width=30}",
            '<p><img src="https://example.org/a.png" alt="a" width="30"></p>',
        ),
        ("`a`{.py} and {this} stays", "<p><code>a</code> and {this} stays</p>"),
        ("* TOC\n{:toc}\n\nText", "<p>Text</p>"),
        ("[TOC]\n\nText\n\n[[_TOC_]]", "<p>Text</p>"),
        ("- [x] a\n- [ ] b", "<ul> <li>☑ a</li> <li>☐ b</li> </ul>"),
        ("~~a~~", "<p><s>a</s></p>"),
        ("a\n: b", "<dl> <dt>a</dt> <dd>b</dd> </dl>"),
        ("|a|b|\n|-|-:|\n|1|2|", '<td align="right">2</td>'),
        ("> [!WARNING]\n> Mind *it*", "<p><strong>Warning</strong><br> Mind <em>it</em></p>"),
        ("> [!tip]- Mine\n> Mind", "<p><strong>Mine</strong><br> Mind</p>"),
        ("> Not [!one]", "<blockquote> <p>Not [!one]</p> </blockquote>"),
        (
            '!!! note "Mine"\n    In it',
            "<blockquote> <p><strong>Mine</strong></p> <p>In it</p> </blockquote>",
        ),
        ("??? tip\n    In it", "<p><strong>Tip</strong></p> <p>In it</p>"),
        (":::note[*Mine*]\nIn it\n:::", "<p><strong><em>Mine</em></strong></p> <p>In it</p>"),
        ("::: {.callout-tip}\nIn it\n:::", "<p><strong>Tip</strong></p> <p>In it</p>"),
        (":::columns\nIn it\n:::", "<p>In it</p>"),
        (
            "See https://example.org/a_b_c.",
            '<a href="https://example.org/a_b_c">https://example.org/a_b_c</a>.',
        ),
        (
            "(see www.example.org/a_(b)), ok",
            '(see <a href="http://www.example.org/a_(b)">www.example.org/a_(b)</a>), ok',
        ),
        ("“https://example.org/a?b=1&c=2”", '“<a href="https://example.org/a?b=1&amp;c=2">'),
        ("Ask sam@example.org.", 'Ask <a href="mailto:sam@example.org">sam@example.org</a>.'),
        (
            "[at https://a.example](https://b.example/)",
            '<a href="https://b.example/">at https://a.example</a>',
        ),
        (
            "`https://a.example` and xhttps://a.example",
            "<code>https://a.example</code> and xhttps://a.example",
        ),
        (
            "http:// and www. and a@b and https://a_b.c_d/",
            "<p>http:// and www. and a@b and https://a_b.c_d/</p>",
        ),
        ("Take $a_b*c*d$ and $5 or $10", "Take $a_b*c*d$ and $5 or $10"),
        ("$$\na_b\n$$", "$$a_b$$"),
        ("*[CSA]: Community\n\nA CSA", "<p>A CSA</p>"),
        ("``` js {linenos=true}\na<b\n```", "a&lt;b"),
        ('"quotes" -- stay', '<p>"quotes" -- stay</p>'),
    ],
)
def test_each_dialect_is_read(text: str, becomes: str) -> None:
    html = " ".join(clean(render(text), "").split())
    assert becomes in html
    if not becomes:
        assert html == ""


@pytest.mark.parametrize("text", ["    code", "- a\n\n      code"])
def test_code_by_indentation_can_be_turned_off(text: str) -> None:
    assert "<code>" in render(text)
    assert "<code>" not in render(text, indented_code=False)


@given(hostile_text)
def test_any_markdown_becomes_safe_html(text: str) -> None:
    assert_safe(clean(render(text), ""))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            "**「強調」**の後。これは**テスト**です。",
            "<strong>「強調」</strong>の後。これは<strong>テスト</strong>です。",
        ),
        ("**強調する文。**次の文。", "<strong>強調する文。</strong>次の文。"),
        ("これは*「斜体」*です", "これは<em>「斜体」</em>です"),
        ("~~「削除」~~の後", "<s>「削除」</s>の後"),
        ("**全角（かっこ）**の後", "<strong>全角（かっこ）</strong>の後"),
        ("这是**“强调”**的，*斜体，*后", "这是<strong>“强调”</strong>的，<em>斜体，</em>后"),
        ("**강조(强调)**는 *「말」*이", "<strong>강조(强调)</strong>는 <em>「말」</em>이"),
        ("**[橋](https://example.org/)**は", '<strong><a href="https://example.org/">橋</a></strong>は'),
        ("***「両方」***の", "<em><strong>「両方」</strong></em>の"),
        ("ไทย**“หนา”**ไทย", "ไทย<strong>“หนา”</strong>ไทย"),
        ("5 * 3 と ** 2", "5 * 3 と ** 2"),
        ("**bold.**next", "**bold.**next"),
    ],
)
def test_emphasis_needs_no_spaces_where_a_script_has_none(written: str, shown: str) -> None:
    assert render(written) == f"<p>{shown}</p>\n"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[x](path with blanks)", '<a href="path%20with%20blanks">x</a>'),
        ("[**The** report](files/annual report (1).pdf)",
         '<a href="files/annual%20report%20(1).pdf"><strong>The</strong> report</a>'),
        ('![Me](my photo.jpg "At work")', '<img src="my%20photo.jpg" alt="Me" title="At work" />'),
        ("![Me](photo.jpg =300x200)", '<img src="photo.jpg" alt="Me" width="300" height="200" />'),
        ("![Me](photo.jpg =300x)", '<img src="photo.jpg" alt="Me" width="300" />'),
        ("[![Give](my pic.png)](to us.html)", '<a href="to%20us.html"><img src="my%20pic.png" alt="Give" /></a>'),
        ("[a](b c.md) [d](e f.md#g)", '<a href="b%20c.md">a</a> <a href="e%20f.md#g">d</a>'),
        ("[sic](or so he told us)", "[sic](or so he told us)"),
        ("[x](javascript: alert 1)", "[x](javascript: alert 1)"),
        ("`[x](a b.md)`", "<code>[x](a b.md)</code>"),
    ],
)  # fmt: skip
def test_an_address_may_have_blanks_as_kramdown_reads_it(written: str, shown: str) -> None:
    assert render(written) == f"<p>{shown}</p>\n"


@pytest.mark.parametrize(
    ("written", "sides"),
    [
        ("{width=50%}", ' width="50%"'),
        ('{: width="200" .right }', ' width="200"'),
        ('{: style="width:120px; height: 90px"}', ' width="120px" height="90px"'),
        ("{.right width=3in}", ""),
        ('{: style="max-width:100px"}', ""),
    ],
)
def test_a_picture_has_the_size_that_its_author_wrote_behind_it(written: str, sides: str) -> None:
    assert render(f"![Me](me.jpg){written}") == f'<p><img src="me.jpg" alt="Me"{sides} /></p>\n'


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("See [[Seeds]].", '<p>See <a href="Seeds.md">Seeds</a>.</p>'),
        ("[[land/Old mill|the mill]]", '<p><a href="land/Old%20mill.md">the mill</a></p>'),
        (
            "[[Seeds#Sowing|when]] and ![[Seeds]]",
            '<p><a href="Seeds.md">when</a> and <a href="Seeds.md">Seeds</a></p>',
        ),
        ("![[mill.png]]", '<p><img src="mill.png" alt=""></p>'),
        ("![[my mill.png|120]]", '<p><img src="my%20mill.png" alt="" width="120"></p>'),
        ("![[mill.png|Our mill]]", '<p><img src="mill.png" alt="Our mill"></p>'),
        (
            "![Our mill|120x80](mill.png)",
            '<p><img src="mill.png" alt="Our mill" width="120" height="80"></p>',
        ),
        ("`[[x]]` and if [[ -f y ]]", "<p><code>[[x]]</code> and if [[ -f y ]]</p>"),
        ("[[1]](notes.html)", '<p><a href="notes.html">[1]</a></p>'),
    ],
)
def test_links_as_obsidian_writes_them(written: str, becomes: str) -> None:
    assert render(written).replace(" />", ">").strip() == becomes
