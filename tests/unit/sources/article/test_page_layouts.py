"""Pages as builders of pages lay them out, in many languages: the post comes whole, under its title, with who and when.

The text is ours; structure and class names are those of each system.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.sources.article.details.bylines import people, read_byline
from newsletter.sources.article.extract import MOST_ELEMENTS, propose
from newsletter.sources.article.html_page import read_html
from newsletter.sources.html.boilerplate.lines import (
    is_furniture,
    is_furniture_at_the_edge,
    opens_other_posts,
)
from newsletter.sources.html.sanitize import plain_text
from newsletter.sources.import_page import import_page

WORDS = (
    "On the {} morning the ferry was late, and so we walked along the dyke and counted what was in bloom, "
    "which took longer than any of us had thought."
)
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]
PARAGRAPHS = [WORDS.format(ordinal) for ordinal in ORDINALS]
#: The post in parts, as builders of pages keep them.
PARTS = [
    f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>",
    f"<h2>What was in bloom</h2><p>{PARAGRAPHS[2]}</p>",
    '<figure><img src="/dyke.jpg" alt="A dyke"><figcaption>The dyke from the north</figcaption></figure>',
    f"<p>{PARAGRAPHS[3]}</p><ul><li>marsh orchid</li><li>sea holly</li></ul>",
    "<table><tr><th>Plant</th><th>Seen</th></tr><tr><td>Sea aster</td><td>14</td></tr></table>",
    f"<blockquote><p>{PARAGRAPHS[4]}</p></blockquote>",
    f"<pre><code>count = 14\nprint(count)</code></pre><p>{PARAGRAPHS[5]}</p>",
    f"<p>{PARAGRAPHS[6]}</p><p>{PARAGRAPHS[7]}</p>",
]
#: What each builder puts around one part.
BUILDERS = {
    "elementor": '<section class="elementor-section elementor-element"><div class="elementor-container"><div class='
    '"elementor-column"><div class="elementor-widget-wrap"><div class="elementor-element elementor-widget '
    'elementor-widget-text-editor"><div class="elementor-widget-container">{}</div></div></div></div></div></section>',
    "elementor containers": '<div class="elementor-element e-con e-parent"><div class="e-con-inner"><div class='
    '"elementor-element elementor-widget elementor-widget-text-editor">{}</div></div></div>',
    "squarespace": '<div class="row sqs-row"><div class="col sqs-col-12"><div class="sqs-block html-block"><div class='
    '"sqs-block-content"><div class="sqs-html-content">{}</div></div></div></div></div>',
    "squarespace sections": '<section class="page-section"><div class="content-wrapper"><div class="fluid-engine"><div '
    'class="fe-block"><div class="sqs-html-content">{}</div></div></div></div></section>',
    "divi": '<div class="et_pb_section"><div class="et_pb_row"><div class="et_pb_column"><div class="et_pb_module '
    'et_pb_text"><div class="et_pb_text_inner">{}</div></div></div></div></div>',
    "wix": '<div data-breakout="normal"><div class="font_8 wixui-rich-text">{}</div></div><div type="empty-line"></div>',
    "webflow": '<div class="section-3"><div class="w-layout-blockcontainer w-container"><div class="w-richtext">{}</div>'
    "</div></div>",
    "groups": '<div class="wp-block-group"><div class="wp-block-group__inner-container">{}</div></div>',
    "columns": '<div class="wp-block-columns"><div class="wp-block-column">{}</div></div>',
    "wpbakery": '<div class="vc_row wpb_row"><div class="wpb_column vc_column_container"><div class="vc_column-inner"><div '
    'class="wpb_wrapper"><div class="wpb_text_column">{}</div></div></div></div></div>',
    "beaver builder": '<div class="fl-row"><div class="fl-col"><div class="fl-module fl-module-rich-text">{}</div></div></div>',
    "bricks": '<section class="brxe-section"><div class="brxe-container"><div class="brxe-text">{}</div></div></section>',
    "drupal": '<div class="field__item"><div class="paragraph paragraph--type--text"><div class="text-formatted">{}</div>'
    "</div></div>",
    "typo3": '<div id="c7" class="frame frame-type-text"><div class="frame-inner">{}</div></div>',
    "jimdo": '<div id="cc-m-7" class="j-module n j-text">{}</div>',
    "weebly": '<div class="wsite-multicol"><div class="paragraph">{}</div></div>',
    "tilda": '<div class="r t-rec"><div class="t-container"><div class="t-text t-text_md">{}</div></div></div>',
    "names without meaning": '<div class="css-1a9x"><div class="css-k2">{}</div></div>',
    "slices": '<section class="slice" data-slice-type="text">{}</section>',
}
LONG = PARTS[0] + PARTS[7]
RELATED = '<div class="x1"><h3>{}</h3><ul><li><a href="/a">The town hall gets a new roof</a></li><li><a href="/b">A bridge is open</a></li></ul></div>'


def page(body: str, title: str = "Counting the dyke", head: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head><body>{body}</body></html>'
    )


def words_of(body: str, **more: str) -> str:
    return plain_text(read_html(page(body, **more), "https://blog.example.org/a", zone="UTC").html)


@pytest.mark.parametrize("builder", BUILDERS)
def test_text_in_several_containers_comes_whole_with_its_structure(builder: str) -> None:
    parts = "".join(BUILDERS[builder].format(part) for part in PARTS)
    body = (
        '<header><nav><a href="/">Home</a><a href="/about">About us</a></nav></header><div class="page"><h1>Counting the '
        f"dyke</h1>{parts}</div>{RELATED.format('Related posts')}<footer><p>© 2019 Dyke Notes</p></footer>"
    )
    html = read_html(page(body), "https://blog.example.org/a", zone="UTC").html
    assert [text for text in PARAGRAPHS if text not in plain_text(html)] == []
    for kept in (
        "<figcaption>",
        "dyke.jpg",
        "<table>",
        "<td>14</td>",
        "<blockquote>",
        "<li>sea holly",
        "<pre>",
        "What was in bloom</h2>",
    ):
        assert kept in html
    assert "town hall" not in html
    assert "2019" not in html


HEADINGS = [
    "Related posts", "You might also like", "Ähnliche Beiträge", "Das könnte Sie auch interessieren", "Weitere Artikel",
    "Lesen Sie auch", "Articles similaires", "À lire aussi", "Cela pourrait vous intéresser", "Entradas relacionadas",
    "También te puede interesar", "Lee también", "Artigos relacionados", "Você pode gostar", "Articoli correlati",
    "Potrebbe interessarti anche", "Leggi anche", "Gerelateerde berichten", "Lees ook", "Zobacz także", "Podobne wpisy",
    "Související články", "Похожие записи", "Читайте также", "Схожі записи", "Relaterade inlägg", "Læs også", "Les også",
    "Lue myös", "Kapcsolódó bejegyzések", "İlgili yazılar", "関連記事", "あわせて読みたい", "相关文章", "관련 글",
]  # fmt: skip


@pytest.mark.parametrize("heading", HEADINGS)
def test_other_posts_are_no_part_of_a_post_in_any_language(heading: str) -> None:
    body = f"<article><h1>Counting the dyke</h1>{PARTS[0]}{PARTS[7]}{RELATED.format(heading)}</article>"
    words = words_of(body)
    assert words.rstrip().endswith(PARAGRAPHS[7])


def test_an_author_s_own_list_of_links_stays_and_a_heading_of_nothing_goes() -> None:
    links = '<ul><li><a href="https://a.example.com/">The orchard book</a></li><li><a href="https://b.example.net">Seeds</a></li></ul>'
    kept = words_of(f"<article><h1>Counting the dyke</h1>{LONG}<h3>To read</h3>{links}</article>")
    assert kept.split()[-6:] == ["To", "read", "The", "orchard", "book", "Seeds"]
    ours = links.replace("https://a.example.com", "").replace("https://b.example.net", "/b")
    gone = words_of(f"<article><h1>Counting the dyke</h1>{LONG}<h3>Elsewhere here</h3>{ours}</article>")
    assert gone.rstrip().endswith(PARAGRAPHS[7])
    last = words_of(f"<article><h1>Counting the dyke</h1>{LONG}<h3>Come on Saturday!</h3></article>")
    assert last.rstrip().endswith("Come on Saturday!")


@pytest.mark.parametrize("said", ["Lire aussi", "Lesen Sie auch", "Read also", "Leggi anche", "Lee también"])
def test_a_hint_at_another_post_amid_a_text_goes_and_the_text_goes_on(said: str) -> None:
    hint = f'<p>{said}: <a href="/a">The town hall gets a new roof</a></p>'
    box = f'<div class="inset"><h4>{said}</h4><p><a href="/a">The town hall gets a new roof</a></p></div>'
    for inset in (hint, box):
        text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:6])
        words = words_of(f"<article><h1>Counting the dyke</h1>{text}{inset}{PARTS[7]}</article>")
        assert "town hall" not in words
        assert words.rstrip().endswith(PARAGRAPHS[7])


@pytest.mark.parametrize(
    "line",
    [
        "Teilen heißt gewinnen",
        "Partager le repas",
        "Compartir la tierra",
        "Condividi il pane",
        "Lesen lernen",
    ],
)
def test_a_heading_of_the_post_is_not_taken_for_a_share_bar(line: str) -> None:
    assert not is_furniture(line)
    assert not is_furniture_at_the_edge(line)


@pytest.mark.parametrize(
    "line", ["Beitrag teilen", "Partager sur Facebook", "Compartir en WhatsApp", "Udostępnij wpis"]
)
def test_a_share_bar_is_known_in_other_languages(line: str) -> None:
    assert is_furniture(line)
    assert not opens_other_posts(line)


def test_a_box_that_asks_for_an_address_goes_with_its_form() -> None:
    box = '<div class="c7"><h4>Our letter</h4><p>Sign up, and we write once a month.</p><form><input type="email"></form></div>'
    words = words_of(f"<article><h1>Counting the dyke</h1>{PARTS[0]}{box}{PARTS[7]}</article>")
    assert "once a month" not in words
    assert words.rstrip().endswith(PARAGRAPHS[7])


TITLES = {
    "site's name first": ('<div id="head"><h1><a href="/">Tidewater</a></h1></div><div><h2>The second letter</h2>{}</div>', "The second letter | Tidewater", "The second letter"),
    "site's name as a logo": ('<div class="site-branding"><h1>Tidewater</h1></div><main><h1>The second letter</h1>{}</main>', "Tidewater - The second letter", "The second letter"),
    "site's name without a link": ("<div><h1>Tidewater</h1></div><div><h2>The second letter</h2>{}</div>", "The second letter – Tidewater", "The second letter"),
    "section before": ("<h1>News</h1><div><h2>The second letter</h2>{}</div>", "The second letter | News | Tidewater", "The second letter"),
    "kicker": ('<article><h1><span class="kicker">Common ground</span><span class="headline">How a street grew</span></h1>{}</article>', "How a street grew", "How a street grew"),
    "kicker without a name": ("<article><h1><span>Common ground</span><span>How a street grew</span></h1>{}</article>", "How a street grew", "How a street grew"),
    "kicker with a colon": ("<article><h1><span>Common ground</span><span>How a street grew</span></h1>{}</article>", "Common ground: How a street grew", "Common ground: How a street grew"),
    "eyebrow": ('<article><h1><small class="eyebrow">Report</small> How a street grew</h1>{}</article>', "", "How a street grew"),
    "badge": ('<article><h1>How a street grew <span class="badge">New</span></h1>{}</article>', "", "How a street grew"),
    "style": ('<main><h1><style data-emotion="css a">.a{{color:red}}</style>How a street grew</h1>{}</main>', "How a street grew", "How a street grew"),
    "line break": ("<main><h1>How a street<br>grew</h1>{}</main>", "", "How a street grew"),
    "drop cap": ("<main><h1><span>H</span>ow a street grew</h1>{}</main>", "", "How a street grew"),
    "permalink": ('<main><h1>How a street grew<a class="headerlink" href="#x">¶</a></h1>{}</main>', "", "How a street grew"),
    "blogger": ('<div class="header section"><h1 class="title"><a href="https://blog.example.org/">Tidewater</a></h1></div><div class="post hentry"><h3 class="post-title">How a street grew</h3><div class="post-body">{}</div></div>', "Tidewater: How a street grew", "How a street grew"),
    "kicker that is a link": ('<article><h1><a href="/c" class="topic">Common ground</a> How a street grew</h1>{}</article>', "How a street grew", "How a street grew"),
    "kicker with a mark": ("<article><h1><em>Common ground:</em> <strong>How a street grew</strong></h1>{}</article>", "How a street grew - Tidewater", "How a street grew"),
    "kicker by itself": ('<article><p class="kicker">Common ground</p><h1>How a street grew</h1>{}</article>', "", "How a street grew"),
    "picture's name": ("<article><h1><svg><title>Icon</title></svg>How a street grew</h1>{}</article>", "", "How a street grew"),
    "blog's name": ('<div class="top"><h1><a href="/blog/">Tidewater</a></h1></div><div>{}</div>', "How a street grew | Tidewater", "How a street grew"),
    "only in the head": ("<div>{}</div>", "How a street grew · Tidewater", "How a street grew"),
}  # fmt: skip


@pytest.mark.parametrize("kind", TITLES)
def test_the_title_is_the_post_s_own(kind: str) -> None:
    body, head, expected = TITLES[kind]
    item = read_html(page(body.format(LONG), title=head), "https://blog.example.org/a", zone="UTC")
    assert item.title == expected
    assert "Common ground" not in item.html


BYLINES = [
    ("By Ana Ríos", "Ana Ríos", None), ("Von Jörg Wiesner am 4. Mai 2023", "Jörg Wiesner", "2023-05-04"),
    ("Veröffentlicht am 4. Mai 2023", "", "2023-05-04"), ("Par Maëlle Tissot, le 4 mai 2023", "Maëlle Tissot", "2023-05-04"),
    ("Publié le 4 mai 2023 par Maëlle Tissot", "Maëlle Tissot", "2023-05-04"),
    ("Por Íñigo Larrañaga | 4 de mayo de 2023", "Íñigo Larrañaga", "2023-05-04"),
    ("Publicado el 4 de mayo de 2023", "", "2023-05-04"), ("Di Bruna Cattani", "Bruna Cattani", None),
    ("Pubblicato il 4 maggio 2023", "", "2023-05-04"), ("Door Wim Kok op 4 mei 2023", "Wim Kok", "2023-05-04"),
    ("Autor: Łucja Zawada", "Łucja Zawada", None), ("Opublikowano 4 maja 2023", "", "2023-05-04"),
    ("Publicerad den 4 maj 2023", "", "2023-05-04"), ("著者：田村陽子", "田村陽子", None), ("公開日：2023年5月4日", "", "2023-05-04"),
    ("发布于 2023年5月4日", "", "2023-05-04"), ("Author Daniel Oak", "Daniel Oak", None), ("By admin", "", None),
    ("Posted on May 4, 2023 by admin", "", "2023-05-04"), ("Text: Ana Ríos", "Ana Ríos", None),
]  # fmt: skip


@pytest.mark.parametrize(("line", "author", "date"), BYLINES)
def test_bylines_are_read_in_many_languages(line: str, author: str, date: str | None) -> None:
    found = read_byline(line, zone="UTC")
    assert found is not None
    assert found.authors == ((author,) if author else ())
    assert (str(found.date) if found.date else None) == date


@pytest.mark.parametrize(
    "line", ["By the river", "Von hier an bergab", "Par exemple", "Di domenica", "Por fin", "Text"]
)
def test_a_line_of_the_post_is_no_byline(line: str) -> None:
    assert read_byline(line, zone="UTC") is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["By Ana Ríos"], ("Ana Ríos",)),
        (["admin"], ()),
        (["Tidewater Notes"], ()),
        (["River Trust"], ()),
        (["Redaktion"], ()),
        (["The Editors", "Ana Ríos"], ("Ana Ríos",)),
        (["Ana Ríos; Ben Okri"], ("Ana Ríos", "Ben Okri")),
        (["Ana Ríos", "ana ríos"], ("Ana Ríos",)),
        (["https://example.org/ana", "ana@example.org"], ()),
    ],
)
def test_authors_are_people(said: list[str], expected: tuple[str, ...]) -> None:
    assert people(said, ["Tidewater Notes"]) == expected


def test_an_organisation_in_the_page_s_data_is_no_author() -> None:
    data = '{"@type": "BlogPosting", "author": {"@type": "Organization", "name": "Blue"}}'
    head = f'<script type="application/ld+json">{data}</script>'
    body = f'<article><h1>Counting the dyke</h1><p class="byline">By Ana Ríos</p>{LONG}</article>'
    assert read_html(page(body, head=head), "", zone="UTC").authors == ("Ana Ríos",)


def test_date_and_author_stand_in_a_post_s_own_footer() -> None:
    foot = (
        '<footer class="entry-meta"><span class="posted-on">Posted on <time class="entry-date published" '
        'datetime="2019-08-02T15:57:41+00:00">August 2, 2019</time></span> <span class="byline">Author <span class='
        '"author vcard"><a class="url fn n" href="/author/d">Daniel Oak</a></span></span></footer>'
    )
    body = f'<article><h1>Counting the dyke</h1><div class="entry-content">{LONG}</div>{foot}</article>'
    item = read_html(page(body), "", zone="UTC")
    assert (str(item.date), item.authors) == ("2019-08-02", ("Daniel Oak",))
    assert "Oak" not in item.html


@pytest.mark.parametrize(
    ("address", "shown", "date"),
    [
        ("https://blog.example.org/2023/05/04/dyke/", "", "2023-05-04"),
        ("https://blog.example.org/2023/05/dyke/", "", "2023-05"),
        (
            "https://blog.example.org/dyke",
            '<div class="z">Seen and written down, 4 May 2023, at home.</div>',
            "2023-05-04",
        ),
        ("https://blog.example.org/dyke", '<div class="bottom"><p>© 2019 Dyke Notes</p></div>', "None"),
    ],
)
def test_a_day_is_no_more_exact_than_page_and_address_show(address: str, shown: str, date: str) -> None:
    body = f"<main><h1>Counting the dyke</h1>{LONG}</main>{shown}"
    assert str(read_html(page(body), address, zone="UTC").date) == date


def test_the_extractor_is_loaded_for_the_first_page_and_not_before() -> None:
    program = (
        "import sys, newsletter.sources.import_page\n"
        "assert not {'trafilatura', 'htmldate', 'justext', 'dateparser'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.slow
def test_a_page_larger_than_the_extractor_is_given_is_read_without_it() -> None:
    from lxml.html import document_fromstring

    rest = "".join(f"<p>{number} {paragraph}</p>" for number in range(800) for paragraph in PARAGRAPHS)
    html = page(f"<article><h1>Counting the dyke</h1>{rest}</article>")
    assert html.count("<p>") > MOST_ELEMENTS
    assert propose(document_fromstring(html), "").words is None
    found = read_html(html, "", zone="UTC")
    assert found.title == "Counting the dyke"
    assert len(re.findall("<p>", found.html)) == 6400


@pytest.mark.parametrize("name", ["elementor", "webflow", "groups"])
def test_such_a_page_is_imported_from_a_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / "dyke.html"
    parts = "".join(BUILDERS[name].format(part) for part in PARTS)
    file.write_text(page(f"<h1>Counting the dyke</h1>{parts}"))
    item = import_page(str(file), zone="UTC")
    assert all(text in plain_text(item.html) for text in PARAGRAPHS)


@pytest.mark.parametrize(
    "around",
    [
        '<div class="sidebar-right widget-area">{}</div>',
        '<div class="modal" style="display: none">{}</div>',
        '<form action="/"><div class="newsletter">{}</div></form>',
        "".join(f'<section class="report__part report__part--ads">{{{part}}}</section>' for part in range(3)),
    ],
    ids=[
        "a side",
        "hidden until a program shows it",
        "a form",
        "parts named after the advertisement in each",
    ],
)
def test_what_holds_the_words_of_the_post_is_no_furniture_whatever_its_name(around: str) -> None:
    parts = ["".join(f"<p>{words}</p>" for words in PARAGRAPHS[at : at + 3]) for at in (0, 3, 6)]
    body = around.format(*parts) if "{0}" in around else around.format("".join(parts))
    page = f"<html><body><nav><a href=/>Home</a></nav><h1>On the dyke</h1>{body}<footer>Imprint</footer></body></html>"
    found = plain_text(read_html(page, "https://blog.example.org/dyke/", zone="UTC").html)
    assert [paragraph for paragraph in PARAGRAPHS if paragraph not in " ".join(found.split())] == []


def test_an_article_beside_the_post_is_not_taken_for_it() -> None:
    beside = f"<article class=teaser><h3><a href=/tide/>The tide</a></h3><p>{'It comes twice a day. ' * 9}</p></article>"
    text = "".join(f"<div class=chunk>{part}</div>" for part in PARTS)
    page = f"<html><body><div class=col>{beside}</div><h1>On the dyke</h1><div class=c>{text}</div></body></html>"
    found = " ".join(plain_text(read_html(page, "https://blog.example.org/dyke/", zone="UTC").html).split())
    assert [paragraph for paragraph in PARAGRAPHS if paragraph not in found] == []
