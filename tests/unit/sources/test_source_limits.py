"""At their limits documents of every kind are read in time, or refused in a sentence; honest ones come nowhere near.

No time is measured here: each runs under the limit of any test, and most would not end in hours without their mends.
"""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

import pytest
from documents import PLACES, read_page, read_words
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import SourceError
from newsletter.sources import losses
from newsletter.sources.article import html_page
from newsletter.sources.article.details import byline_block
from newsletter.sources.article.html_page import MOST_ELEMENTS, is_whole_page, too_much_html
from newsletter.sources.article.text_page import MOST_LINES, too_much_text
from newsletter.sources.folder import items
from newsletter.sources.folder.items import MOST_TEXT, FileReading, read_post
from newsletter.sources.frontmatter.split import split
from newsletter.sources.html.boilerplate.markup import without_furniture
from newsletter.sources.html.images.content_images import MOST_FILES
from newsletter.sources.html.open_elements import OpenElements
from newsletter.sources.html.parser_limits import flat_enough, is_flat, without_crowded_tags
from newsletter.sources.html.sanitize import clean, clean_with_files, plain_text
from newsletter.sources.import_page import import_page
from newsletter.sources.webfeed.decode import MOST_TAGS, mended
from newsletter.sources.webfeed.discovery import feeds_of_page
from newsletter.sources.webfeed.model import NotAFeed
from newsletter.sources.wordpress.items import WordPressPost, as_item, own_summary

pytestmark = pytest.mark.slow

HEAD = "---\ntitle: T\n---\n"
PARAGRAPH = "A bean is a seed that keeps, and whoever keeps it can sow it again in spring, or give it on.\n\n"
PROSE = "A sentence of prose that goes on for a while, as they do, and on."


def read(body: str, name: str = "a.md") -> FileReading:
    return read_post((HEAD + body).encode(), f"land/2024-03-01-{name}", PLACES[0])


def too_many(reading: FileReading) -> bool:
    return any("too many lines" in problem.what for problem in reading.problems)


def most_of(unit: str, suffix: str = ".md") -> str:
    """As much of a repeated unit as a post may have, found by halves."""
    few, many = 1, MOST_TEXT // len(unit)
    while many - few > many // 50:
        middle = (few + many) // 2
        works = items._work(unit * middle) + (4 * unit.count("<") * middle if suffix == ".mdx" else 0)
        few, many = (middle, many) if works <= items.MOST_WORK else (few, middle)
    return unit * (few - 1)


@pytest.mark.parametrize(
    "unit", ["'~~~[: ", "&<![CDATA[](", "\n: :::", "{{< /note >}}{{< note >}}", "{{< note >}}\n", "www.a.b "]
)
def test_markdown_that_is_all_marks_is_read_up_to_the_limit(unit: str) -> None:
    assert not too_many(read(most_of(unit)))


@pytest.mark.parametrize("unit", ['<Note>"{...', "[;"])
def test_components_without_end_are_read_up_to_the_limit(unit: str) -> None:
    assert not too_many(read(most_of(unit, ".mdx"), "a.mdx"))


@pytest.mark.parametrize("unit", ["[$\n: ", "a\n", "[a](b)", "a@b.c ", "www.a.b ", "$$ ", "{{< note >}}"])
def test_markdown_with_more_marks_is_refused_in_one_sentence(unit: str) -> None:
    reading = read(unit * (999_900 // len(unit)))
    assert reading.item is None
    (problem,) = reading.problems
    assert problem.what == "there are too many lines, links and marks in it; divide it into several posts"


def test_a_component_costs_more_than_a_mark() -> None:
    body = "Seeds. " + "<b>" * 20_000
    assert not too_many(read(body))
    assert too_many(read(body, "a.mdx"))


@pytest.mark.parametrize(
    "body",
    [
        PARAGRAPH * (999_000 // len(PARAGRAPH)),
        "A long line without an end. " * 35_000,
        "A [link](https://example.org/a) of many.\n" * 2000,
        "![A mill](mill.jpg)\n\n" * 500,
        "|a|b|c|d|e|\n|-|-|-|-|-|\n" + "|one|two|three|four|five|\n" * 300,
        "```json\n" + json.dumps([{"id": number, "name": "Seeds"} for number in range(8000)]) + "\n```\n",
        "```js\n" + "function a(b){return b.c&&d[e]?f(g):null}" * 7500 + "\n```\n",
        "```py\n" + "def name(one: str) -> int:\n    return len(one)\n" * 3000 + "```\n",
    ],
    ids=["megabyte", "one line", "links", "pictures", "table", "json", "minified", "listing"],
)
def test_what_people_write_comes_nowhere_near_the_limits(body: str) -> None:
    reading = read(body)
    assert reading.item
    assert not reading.problems


@pytest.mark.parametrize("unit", ["<!-->", "<!-- -->", "<!-- a -->\n", "<?xml >", "<!--><?xml >"])
def test_comments_before_no_page_are_read_once(unit: str) -> None:
    assert not is_whole_page(unit * 1000)
    assert is_whole_page(unit + "<html>")


HOSTILE = [
    "\u00a0", "&", "< ", "&amp;", "</iframe><mi></code><b>", "</h1><ol>", "<summary></blockquote>", "</code><svg>",
    "</math><object>", "<div><object></div></object>", "<b><div></b>", "<div><select></div></select>",
    "<form><div></form>", "<svg><tr>", "<table><b></table>", "<b><object></b></object>", '<a title="&&&&&&',
    "<template><div></template>", "<svg><style><b><p>", "<p>", "<a name=x>",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_megabyte_of_anything_is_cleaned(unit: str) -> None:
    clean(unit * (999_000 // len(unit)), "https://a.example.org/")


MANY = 20_000
PICTURES = [
    '<p><img src="/{0}.jpg" width=300 height=200 alt="Bean {0}"></p>',
    '<img src="/{0}.jpg" srcset="/{0}-a.jpg 300w, /{0}-b.jpg 900w">',
    '<img src="/low.gif" data-src="/{0}.jpg"><noscript><img src="/{0}.jpg"></noscript>',
]


@pytest.mark.parametrize("picture", PICTURES)
def test_a_post_of_twenty_thousand_pictures_shows_each_once(picture: str) -> None:
    html = "".join(picture.format(number) for number in range(MANY))
    cleaned = clean(html, "https://a.example.org/")
    assert cleaned.count("<img ") == MANY
    assert len(cleaned) < 3 * len(html)


def test_a_post_with_more_markup_than_is_read_keeps_its_words_and_says_what_fell_out() -> None:
    cleaned = clean_with_files("<p><b>a</b> <i>b</i></p>" * MANY, "https://a.example.org/", "")
    assert (cleaned.html.count("<b>"), cleaned.lost) == (0, (losses.MARKUP,))
    assert 0 < plain_text(cleaned.html).count("a b") <= MANY
    assert clean_with_files("<p><b>a</b></p>" * MANY, "https://a.example.org/", "").lost == ()


def test_of_twenty_thousand_pictures_written_into_a_post_a_few_become_files() -> None:
    # A GIF of 9 × 9, each with another end.
    beginning = b"GIF89a\x09\x00\x09\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    sources = (b64encode(beginning + b"%09d" % number).decode() for number in range(MANY))
    html = "".join(f'<img src="data:image/gif;base64,{source}">' for source in sources)
    cleaned = clean_with_files(html, "https://a.example.org/", "https://a.example.org/media/")
    assert 0 < len(cleaned.files) <= MOST_FILES
    assert cleaned.html.count("<img ") == len(cleaned.files)


NESTED = [
    ("<msup>", "<mi>x</mi>", "<mn>2</mn></msup>"),
    ("<mfrac><mi>a</mi>", "<mi>x</mi>", "</mfrac>"),
    ("<math><mtext>", "x", "</mtext></math>"),
    (
        "<math><semantics><annotation-xml encoding=text/html><p>",
        "x",
        "</p></annotation-xml></semantics></math>",
    ),
    ("<mjx-container><mjx-math>", "x", "</mjx-math></mjx-container>"),
    ('<span class="MathJax_SVG">', "<svg></svg>", "</span>"),
    (
        '<span class="katex"><span class="katex-html"><span class="vlist"><span class="pstrut">',
        "x",
        "</span>" * 4,
    ),
    ('<span class="MathJax" data-mathml="&lt;math&gt;&lt;msqrt&gt;">', "x", "</span>"),
    ('<script type="math/tex">\\frac{', "x", "}</script>"),
]


@pytest.mark.parametrize("deep", [50, 450, MANY])
@pytest.mark.parametrize(("begin", "middle", "end"), NESTED)
def test_formulas_in_formulas_end_and_say_no_more_than_was_written(
    deep: int, begin: str, middle: str, end: str
) -> None:
    for around in ("{}", "<p><math>{}</math></p>"):
        html = around.format(begin * deep + middle + end * deep)
        assert len(clean(html, "https://a.example.org/")) <= 4 * len(html)


@pytest.mark.parametrize("tex", ["\\frac{%s}{2}", "\\sqrt{x^{%s}}", "{%s}", "x_{y^{%s}}", "\\text{%s}"])
def test_tex_in_tex_ends_and_says_no_more_than_was_written(tex: str) -> None:
    begin, end = tex.split("%s")
    for deep in (50, 2_000, MANY):
        written = begin * deep + "x" + end * deep
        for html in (
            f'<script type="math/tex">{written}</script>',
            f'<mjx-container data-latex="{written}"></mjx-container>',
            f'<img class="latex" alt="{written}" src="/a.png">',
        ):
            assert len(clean(html, "https://a.example.org/")) <= 4 * len(html)


@pytest.mark.parametrize(
    "unit",
    [
        "<math><mfrac><mi>x</mi><mi>y</mi></mfrac></math>", "<mjx-container></mjx-container>",
        '<span class="MathJax_Preview"></span><script type="math/tex">x</script>',
        "<form action=/x><button>a</button></form>", "<a class=btn href=/x>a</a>", "<button><a href=/x>a</a></button>",
    ],
)  # fmt: skip
def test_twenty_thousand_formulas_or_buttons_are_read(unit: str) -> None:
    assert len(clean(unit * MANY, "https://a.example.org/")) <= 3 * MANY * len(unit)


@pytest.mark.parametrize("attribute", [" a{}=1", " a{}", "/a{}", 'a{}="1"', "a{}=''", " =a{}", " a{}=x/y"])
@pytest.mark.parametrize(
    "around",
    [
        "<p {}>b</p>",
        "<p {}",
        "</p {}>",
        "<iframe {}></iframe>",
        "<svg><style><p {}></style>",
        "<title><b {}>",
    ],
)
def test_a_tag_with_thousands_of_attributes_loses_them(around: str, attribute: str) -> None:
    many = "".join(attribute.format(number) for number in range(5000))
    assert len(flat_enough(around.format(many))) < 100


CROWD = " ".join(f"a{number}=1" for number in range(90_000))


@pytest.mark.parametrize(
    "tag", ["<p {}>b</p>", "<svg {}></svg>", "<meta {}>", "<script {}></script>", "<title><b {}></title>"]
)
def test_a_page_with_a_tag_of_thousands_of_attributes_is_read(tag: str) -> None:
    article = f"<article><h1>A</h1><p>{PROSE * 9}</p>{tag.format(CROWD)}</article>"
    page = f'<html lang="en"><head><title>A</title></head><body>{article}</body></html>'
    item = html_page.read_html(page, "https://a.example.org/", zone="UTC")
    assert PROSE in item.html
    assert item.language == "en"


def test_what_leads_to_a_feed_is_found_beside_such_a_tag() -> None:
    page = f'<html><body {CROWD[:400_000]}><link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    (found,) = feeds_of_page(page, "https://a.example.org/")
    assert found.url == "https://a.example.org/rss.xml"


def test_a_post_of_wordpress_with_such_a_tag_is_read() -> None:
    assert "a1=" not in without_furniture(f'<div class="sharedaddy">c</div><p {CROWD}>b</p>')


def test_scripts_and_ordinary_tags_of_a_page_stay_as_they_are() -> None:
    data = '<script type="application/ld+json">{"articleBody": "' + "a <b>b c " * 1500 + '"}</script>'
    settings = f'<div data-settings="{"&quot;a b=c&quot;," * 1500}" class="wide">'
    assert without_crowded_tags(data + settings) == data + settings


def test_the_attributes_of_many_roots_are_not_gathered() -> None:
    roots = "".join(f"<html {' '.join(f'a{root}-{number}' for number in range(100))}>" for root in range(50))
    assert flat_enough(f"{roots}a") == "<html>" * 50 + "a"


def test_what_people_write_into_a_tag_comes_nowhere_near_that() -> None:
    sizes = ", ".join(f"https://a.example.org/{width}.jpg {width}w" for width in range(600))
    picture = f'<img alt="{PROSE * 60}" srcset="{sizes}" src=data:image/png;base64,{"iVBOR/w0/" * 3000}>'
    assert flat_enough(picture) == picture


@pytest.mark.parametrize(
    "head", ["<blockquote>", "<object>", "<table><tr><td>", "<span class=lineno>", "<div>x<div>"]
)
def test_many_tags_deep_below_others_are_made_flat(head: str) -> None:
    assert not is_flat(head * 240 + "<br>" * 30_000)
    assert is_flat(head * 20 + "<br>" * 30_000)


@pytest.mark.parametrize(
    "unit",
    [
        "<div></p>",
        "<div></b>",
        "<b><div></b>",
        "<div><object></div></object>",
        "<form><div></form>",
        "<svg><tr>",
    ],
)
def test_end_tags_that_end_nothing_hide_no_depth(unit: str) -> None:
    assert not is_flat(unit * 600)


def test_pictures_of_lines_and_programs_are_not_deep() -> None:
    icon = '<svg viewBox="0 0 1 1"><path d="M0"/><g><circle r="1"/></g></svg>'
    assert is_flat((icon + "<script>if(a<b)c</script><input><p>") * 600)


@given(st.lists(st.sampled_from(["div", "b", "table", "p", "form", "object", "svg", "tr", "a"]), max_size=30))
def test_what_is_ended_in_order_leaves_nothing_open(tags: list[str]) -> None:
    opened = OpenElements()
    for tag in tags:
        opened.begin(tag)
    assert 0 <= opened.formatting <= opened.depth <= len(tags)
    for tag in reversed(tags):
        opened.end(tag)
    assert (opened.depth, opened.formatting) == (0, 0)


@given(
    st.lists(
        st.sampled_from(["a b\u00a0", "&amp;", "&copy;", "&lt;", "é", "x" * 500, "&notit;", "\n"]),
        max_size=60,
    )
)
def test_long_texts_say_the_same_after_their_division(pieces: list[str]) -> None:
    text = "".join(pieces)
    long = text * (1 + 9000 // max(len(text), 1)) if text else ""
    assert flat_enough(long).replace("<!---->", "") == long
    assert all(len(part) <= 4000 for part in flat_enough(long).split("<!---->"))
    once = clean(f"<p>{text}</p><pre>{long}</pre>", "")
    assert "<!--" not in once
    assert clean(once, "") == once


@pytest.mark.parametrize("unit", ["<form>", f"<h2>Related posts</h2><p>{PROSE}"])
def test_a_page_with_as_many_elements_as_it_may_have_is_read(unit: str) -> None:
    page = "<html><body>" + unit * ((MOST_ELEMENTS - 2) // unit.count("<"))
    assert not too_much_html(page)
    read_page(page)


@pytest.mark.parametrize("head", ["<div class=share>", "<blockquote>"])
def test_a_page_as_deep_as_it_may_be_is_read(head: str) -> None:
    unit = f"<h2>Related posts</h2><p>{PROSE}</p>"
    page = next(
        page
        for count in range(5000, 0, -100)
        if not too_much_html(page := "<html><body>" + head * 100 + unit * count)
    )
    read_page(page)


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("<p>a" * 20_001, "more than 20000 elements"),
        ("<b>" * 600, "nested too deeply"),
        ("&" * 100_001, "more than 100000 references"),
        (">" * 100_010, "more than 100000 references"),
        ("a" * 5_000_001, "longer than 5 million"),
    ],
)
def test_a_page_that_is_too_much_is_refused_in_a_sentence(tmp_path: Path, page: str, why: str) -> None:
    file = tmp_path / "seeds.html"
    file.write_text(f"<html><body>{page}")
    with pytest.raises(SourceError, match=rf"seeds.html: .*{why}.*; save the page of one post$"):
        import_page(str(file), zone="UTC")
    post = HEAD + "<html><body>" + page
    assert "; divide it into several posts" in read_post(post.encode(), "a.html", PLACES[0]).problems[0].what


def test_what_nobody_sees_of_a_page_does_not_count() -> None:
    program = "<script>" + "if(a<b&&c<d)e()" * 200_000 + "</script>"
    picture = f'<img src="data:image/png;base64,{"A" * 6_000_000}">'
    assert not too_much_html(f"<html><body>{program}<style>{'a>b{}' * 200_000}</style>{picture}<p>Seeds</p>")


@pytest.mark.parametrize("unit", ["- a\n\n", "June 2017\n\n"])
def test_a_page_of_text_with_as_many_lines_as_it_may_have_is_read(unit: str) -> None:
    page = unit * ((MOST_LINES - 1) // unit.count("\n"))
    assert not too_much_text(page)
    read_words(page)


def test_a_page_of_text_that_is_too_much_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "seeds.txt"
    for text, why in (("a\n" * 50_001, "more than 50000 lines"), ("a" * 1_000_001, "longer than 1 million")):
        file.write_text(text)
        with pytest.raises(SourceError, match=why):
            import_page(str(file), zone="UTC")


@pytest.mark.parametrize("line", ["{} = 1", "[{}]", "[[{}]]", "a = {{ {} = 1 }}", "a = {{ b = 1, {} = 1 }}"])
def test_a_key_of_a_hundred_parts_is_no_front_matter(line: str) -> None:
    for part in ("a", '"b c"', "'d'"):
        with pytest.raises(SourceError, match=r"a.md:3: .*nested too deeply"):
            split(f"+++\ntitle = 'T'\n{line.format('.'.join([part] * 100))}\n+++\n", "a.md")
    assert split("+++\na.b.c = 1\nd = '" + "x.y." * 100 + "'\n+++\n", "a.md").values["a"]


def test_a_post_of_wordpress_that_is_too_much_is_said() -> None:
    post = WordPressPost(number=1, guid="", link="", title="T", html="<img src=/a.png>" * 50_000)
    with pytest.raises(
        SourceError, match="there are more than 40000 elements in it; divide it into several posts"
    ):
        as_item(post, "https://hub.example.org")
    assert own_summary("Seeds. " * 10_000, "") == ""


def test_the_tags_in_a_feed_s_texts_count() -> None:
    for text in ("&lt;br&gt;" * (MOST_TAGS + 1), "<![CDATA[" + "<br>" * (MOST_TAGS + 1) + "]]>"):
        with pytest.raises(NotAFeed, match="tags"):
            mended(f"<rss><channel><item><description>{text}</description></item></channel></rss>")


def test_only_the_likeliest_lines_are_tried_as_bylines(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    monkeypatch.setattr(byline_block, "read_byline", lambda words, zone: tried.append(words))
    read_page("<html><body>" + "<p class=author>Nobody</p>" * 5000)
    assert len(tried) <= 500
