"""A saved page becomes its post: title, date, authors and every paragraph, and nothing of what stood around it."""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path

import pytest
from hostile import assert_safe, hostile_bytes, hostile_text
from hypothesis import given
from hypothesis import strategies as st
from picture_samples import png

from newsletter.dates import Precision
from newsletter.errors import FetchRefused, SourceError
from newsletter.http.client import Download
from newsletter.sources.article.html_page import read_html
from newsletter.sources.article.text_page import read_text
from newsletter.sources.base import Item, Name, NameScheme
from newsletter.sources.html.sanitize import plain_text
from newsletter.sources.import_page import import_page

PAGES = Path(__file__).parent / "pages"
SAVED = Path(__file__).parents[5] / "shared" / "samples" / "learning-hub-page.txt"
ZONE = "Europe/London"


def imported(name: str) -> Item:
    return import_page(str(PAGES / name), zone=ZONE)


def paragraphs(html: str) -> list[str]:
    return [plain_text(found) for found in re.findall(r"<p>.*?</p>", html, re.DOTALL)]


@pytest.mark.skipif(not SAVED.exists(), reason="the publisher's own page is not part of this project")
def test_the_publisher_s_page_comes_out_whole() -> None:
    lines = [line.strip() for line in SAVED.read_text().splitlines() if line.strip()]
    item = import_page(str(SAVED), zone="America/New_York")
    assert item.title == lines[1]
    assert item.date is not None
    assert (item.date.precision, item.date.text("en", "UTC")) == (Precision.MONTH, "June 2017")
    assert paragraphs(item.html) == lines[3:-2]
    (quotation,) = re.findall(r"<blockquote>(.*?)</blockquote>", item.html, re.DOTALL)
    assert len(paragraphs(quotation)) == 3
    assert quotation.count("“") == 3
    assert quotation.count("”") == 1


def test_an_article_is_found_between_its_furniture() -> None:
    item = imported("article-with-furniture.html")
    assert item.title == "The Weir That Went Quiet"
    assert str(item.date) == "2026-09-14T06:30:00Z"
    assert item.updated is not None
    assert item.updated.isoformat() == "2026-09-19T23:00:00+00:00"
    assert item.authors == ("Ellen Pryce",)
    assert item.names == (Name(NameScheme.ADDRESS, "/stories/quiet-weir"),)
    assert item.url == "https://riverhouse.example.org/stories/quiet-weir/"
    assert (item.language, item.categories) == ("en-GB", ("rivers", "fish"))
    assert item.image_alt == "A river running over stones where a wall used to be"
    assert len(paragraphs(item.html)) == 6
    assert paragraphs(item.html)[0].startswith("The weir below")
    assert paragraphs(item.html)[-1] == "Listen to the river before and after."
    words = plain_text(item.html)
    for furniture in (
        "Skip",
        "Donate",
        "cookies",
        "Home",
        "Ellen",
        "Share",
        "Filed",
        "Otters",
        "Latest",
        "©",
        "Back",
    ):
        assert furniture not in words


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (
            '<meta property="og:image" content="https://a.example/1"><meta property="og:image:width" content="1200">'
            '<meta property="og:image:height" content="630">',
            (1200, 630),
        ),
        (
            '<meta property="og:image" content="https://a.example/1">'
            '<meta property="og:image" content="https://a.example/2">'
            '<meta property="og:image:width" content="9"><meta property="og:image:height" content="9">',
            (0, 0),  # whose?
        ),
        (
            '<script type="application/ld+json">{"@type": "Article", "image": '
            '{"url": "https://a.example/1", "width": "1200", '
            '"height": {"@type": "QuantitativeValue", "value": 630}}}</script>',
            (1200, 630),
        ),
        (
            '<meta property="og:image" content="https://a.example/1"><meta property="og:image:width" content="wide">'
            '<meta property="og:image:height" content="630">',
            (0, 0),
        ),
    ],
)
def test_the_picture_of_a_page_is_as_large_as_its_head_says(
    tmp_path: Path, head: str, size: tuple[int, int]
) -> None:
    (tmp_path / "a.html").write_text(
        f"<html><head><title>A</title><link rel=canonical href='https://a.example/a'>{head}</head>"
        "<body><article><h1>A mill</h1><p>It turns, and has turned since the winter.</p></article></body></html>"
    )
    item = import_page(str(tmp_path / "a.html"), zone=ZONE)
    assert (item.image, item.image_size) == ("https://a.example/1", size)


def test_a_button_s_word_within_a_sentence_stays() -> None:
    item = imported("article-with-furniture.html")
    assert 'To see them, <a href="https://riverhouse.example.org/visit">register</a> for' in item.html


def test_a_quotation_over_two_paragraphs_is_marked_as_one() -> None:
    (quotation,) = re.findall(
        r"<blockquote>(.*?)</blockquote>", imported("article-with-furniture.html").html, re.DOTALL
    )
    assert [text[:9] for text in paragraphs(quotation)] == ["“We had t", "“Both wer"]


def test_a_page_of_divs_is_read_by_where_its_prose_is() -> None:
    item = imported("page-of-divs.html")
    assert (item.title, str(item.date), item.authors) == (
        "Twelve Sacks in the Church Hall",
        "2025-10",
        ("Jonas Lind",),
    )
    assert len(paragraphs(item.html)) == 4
    assert item.names == (Name(NameScheme.PATH, "page-of-divs.html"),)
    for furniture in ("Archive", "barley", "Continue", "Powered", "Posted"):
        assert furniture not in item.html


def test_a_text_without_a_date_has_none_and_its_broken_lines_are_joined() -> None:
    item = imported("undated.txt")
    assert (item.title, item.date, item.authors) == ("How to Argue About a Hedge", None, ())
    assert paragraphs(item.html)[0] == "A short guide for neighbours"
    assert paragraphs(item.html)[1].endswith("how we got through it without anyone leaving.")
    assert "<h2>What to bring</h2>" in item.html
    assert item.html.count("<li>") == 3
    assert paragraphs(item.html)[-1].endswith("A neighbour does not.")
    assert "Harrow Lane Allotments" not in item.html


def test_a_text_gives_its_byline_and_keeps_a_refrain() -> None:
    item = imported("with-byline.txt")
    assert item.title == "The Tool Library Turns Five"
    assert str(item.date) == "2026-03-06"
    assert item.authors == ("Noor Haddad", "Piet de Groot")
    assert item.html.count("We will not move!") == 2
    assert len(paragraphs(item.html)) == 7
    for furniture in ("Menu", "min read", "Ladder", "Cider", "comment", "©"):
        assert furniture not in item.html


def test_the_site_s_own_heading_is_no_part_of_a_post() -> None:
    text = "Our Notebook\n\nThe Mill\n\n" + "A sentence that is long enough to be prose, and then some. " * 3
    item = read_text(text + "\n\nOur Notebook\n\nOther post", zone=ZONE, site_titles=["Our Notebook"])
    assert item.title == "The Mill"
    assert len(paragraphs(item.html)) == 1


PROSE = "A sentence that is long enough to be prose, and then some. "
OTHERS = "Latest from the Learning Hub\n\nAnother Post\n\nMay 2017\n\n" + PROSE


@pytest.mark.parametrize(
    ("text", "title", "date", "count"),
    [
        (f"The Mill\n\nJune 2017\n\n{PROSE * 4}\n\n{PROSE * 4}\n\n{OTHERS}", "The Mill", "2017-06", 2),
        (f"The Mill\n\nJune 2017\n\n{PROSE * 3}\n\n{OTHERS}\n\nBack To Top", "The Mill", "2017-06", 1),
        (f"June 2017\n\nThe Mill at the End\n\n{PROSE * 3}", "The Mill at the End", "2017-06", 1),
        (
            f"Hub\n\nBlog\n\nThe Mill at the End\n\nJune 2017\n\nShare\n\n{PROSE}",
            "The Mill at the End",
            "2017-06",
            1,
        ),
        (f"Latest from the Learning Hub\n\nThe Mill\n\nJune 2017\n\n{PROSE}", "The Mill", "2017-06", 1),
        (
            f"Home » Blog » The Mill Stands\n\nThe Mill Stands\n\n{PROSE}\n\nTags: a, b",
            "The Mill Stands",
            "None",
            1,
        ),
        (
            f"The Mill at the End\n\n{PROSE}\n\nBy Ana Ríos | 12 June 2017\n\n{PROSE * 4}",
            "The Mill at the End",
            "2017-06-12",
            2,
        ),
        (f"The Mill\nJune 2017\n{PROSE * 3}\n{PROSE * 3}", "The Mill", "2017-06", 2),
        (
            f"# The Mill\n\n12 June 2017\n\n{PROSE * 3}\n\n## Part two\n\n{PROSE * 3}",
            "The Mill",
            "2017-06-12",
            2,
        ),
    ],
)
def test_title_date_and_paragraphs_are_found_in_every_order(
    text: str, title: str, date: str, count: int
) -> None:
    item = read_text(text, zone=ZONE)
    assert (item.title, str(item.date), len(paragraphs(item.html))) == (title, date, count)


def test_a_section_about_more_is_not_taken_for_a_list_of_posts() -> None:
    prose = "A sentence that is long enough to be prose, and then some more of it. " * 4
    item = read_text(f"The Mill\n\n{prose}\n\n{prose}\n\nMore about the mill\n\n{prose}", zone=ZONE)
    assert "<h2>More about the mill</h2>" in item.html
    assert len(paragraphs(item.html)) == 3


@pytest.mark.parametrize(
    ("stamp", "shown", "date"),
    [
        ("2017-06-01T00:00:00+00:00", "June 2017", "2017-06"),
        ("2017-06-12", "June 12, 2017", "2017-06-12"),
        ("2017-06-12", "March 2011", "2017-06-12"),
        ("", "June 2017", "2017-06"),
        ("", "03/04/2017", "None"),
        ("", "2017", "2017"),
    ],
)
def test_a_stamp_never_adds_what_readers_do_not_see(stamp: str, shown: str, date: str) -> None:
    html = (
        f'<html><head><meta property="article:published_time" content="{stamp}"></head><body><article><h1>T</h1>'
        f"<p class=date>{shown}</p><p>{'Some prose that goes on for a while. ' * 8}</p></article></body></html>"
    )
    item = read_html(html, "", zone=ZONE)
    assert str(item.date) == date
    assert shown not in item.html


def test_prose_without_paragraphs_is_not_lost() -> None:
    item = read_html(
        f"<html><body><h1>T</h1><div>{'Words and words. ' * 20}<br><br>The end.</div></body></html>",
        "",
        zone=ZONE,
    )
    assert "The end." in item.html


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ("<meta charset=windows-1252><h1>Café “x”</h1><p>é</p>".encode("windows-1252"), "text/html"),
        ("<h1>Café “x”</h1><p>é</p>".encode("windows-1252"), "text/html; charset=iso-8859-1"),
        ("<h1>Café “x”</h1><p>é</p>".encode("windows-1252"), "text/html"),
        ("<h1>Café “x”</h1><p>é</p>".encode(), "text/html; charset=nonsense"),
        ("<h1>Café “x”</h1><p>é</p>".encode("utf-8-sig"), "text/html; charset=iso-8859-1"),
        ("<h1>Café “x”</h1><p>é</p>".encode("utf-16"), "text/html"),
    ],
)
def test_the_encoding_is_found(content: bytes, content_type: str) -> None:
    def fetch(url: str) -> Download:
        return Download(url, content, content_type)

    item = import_page("https://a.example.org/x", zone=ZONE, fetch=fetch)
    assert (item.title, item.html) == ("Café “x”", "<p>é</p>")


@pytest.mark.parametrize("name", ["a.html", "a.md"])
def test_pictures_written_into_a_page_become_files_of_ours(tmp_path: Path, name: str) -> None:
    data = base64.b64encode(png(20)).decode()
    picture = f'<img src="data:image/png;base64,{data}" alt="A wheel">'
    text = (
        f"# The Mill\n\n{picture} It grinds."
        if name == "a.md"
        else f"<h1>The Mill</h1><p>{picture} It grinds.</p>"
    )
    (tmp_path / name).write_text(text)
    item = import_page(str(tmp_path / name), zone=ZONE, media_url="https://hub.example.org/media/")
    (file,) = item.files
    assert (
        f'<img src="https://hub.example.org/media/{file.name}" alt="A wheel" width="20" height="30">'
        in item.html
    )
    assert "<img" not in import_page(str(tmp_path / name), zone=ZONE).html


def test_an_address_names_the_post_by_its_path() -> None:
    def fetch(url: str) -> Download:
        return Download(
            "https://a.example.org/posts/mill/?utm_source=x&id=3", b"<h1>T</h1><p>x</p>", "text/html"
        )

    item = import_page("https://a.example.org/short", zone=ZONE, fetch=fetch)
    assert item.names == (Name(NameScheme.ADDRESS, "/posts/mill?id=3"),)
    assert item.url == "https://a.example.org/posts/mill/?utm_source=x&id=3"


def test_a_canonical_link_to_the_home_page_is_not_believed() -> None:
    def fetch(url: str) -> Download:
        return Download(url, b'<link rel=canonical href="/"><h1>T</h1><p>x</p>', "text/html")

    item = import_page("https://a.example.org/mill", zone=ZONE, fetch=fetch)
    assert item.names == (Name(NameScheme.ADDRESS, "/mill"),)
    with pytest.raises(SourceError, match="home page"):
        import_page("https://a.example.org/", zone=ZONE, fetch=fetch)


def test_markdown_with_front_matter_is_welcome(tmp_path: Path) -> None:
    file = tmp_path / "mill.md"
    file.write_text("---\ntitle: The Mill\ndate: June 2017\nid: mill\n---\nIt *grinds*.")
    item = import_page(str(file), zone=ZONE)
    assert (item.title, str(item.date), item.html) == ("The Mill", "2017-06", "<p>It <em>grinds</em>.</p>")
    assert item.names == (Name(NameScheme.PATH, "mill.md"), Name(NameScheme.ID, "mill"))


@pytest.mark.parametrize(
    "name", ["passwd", "config.toml", "links.key", "page.html.bak", "people.csv", ".txt"]
)
def test_a_file_that_is_no_page_by_its_name_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("The Mill\n\nIt grinds, and it will grind for a long time to come.")
    with pytest.raises(SourceError, match=r"no page.*\.htm, .*\.txt.*rename it"):
        import_page(str(tmp_path / name), zone=ZONE)


@pytest.mark.parametrize("ending", [".html", ".HTM", ".xhtml", ".md", ".markdown", ".txt"])
def test_every_ending_of_a_page_is_taken(tmp_path: Path, ending: str) -> None:
    text = "# The Mill\n\nIt grinds." if ending.startswith(".m") else "The Mill\n\nIt grinds."
    if "htm" in ending.lower():
        text = "<title>The Mill</title><h1>The Mill</h1><p>It grinds.</p>"
    (tmp_path / f"mill{ending}").write_text(text)
    assert import_page(str(tmp_path / f"mill{ending}"), zone=ZONE).title == "The Mill"


def test_only_a_regular_file_is_a_page(tmp_path: Path) -> None:
    (tmp_path / "folder.html").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    for name in ("folder.html", "pipe.txt"):
        with pytest.raises(SourceError, match="not a regular file"):
            import_page(str(tmp_path / name), zone=ZONE)


def test_two_files_with_everybody_s_name_are_two_posts(tmp_path: Path) -> None:
    for month in ("july", "august"):
        (tmp_path / month).mkdir()
        (tmp_path / month / "index.txt").write_text("The Mill\n\nIt grinds.")
    items = [import_page(str(tmp_path / month / "index.txt"), zone=ZONE) for month in ("july", "august")]
    assert [item.names[0].value for item in items] == ["july/index.txt", "august/index.txt"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.pdf", b"%PDF-1.7", "this is a PDF"),
        ("a.docx", b"PK\x03\x04", "office document"),
        ("a.html", b"\x89PNG\r\n", "a picture"),
        (
            "a.mhtml",
            b"From: <x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n",
            "HTML only",
        ),
        ("a.html", b"abc\x00def", "not text"),
        ("a.html", b"<html><body><nav>x</nav></body></html>", "no text of a post"),
        ("a.txt", b"", "no text of a post"),
        ("a.md", b"---\ntitle: x", "never ends"),
        ("a.md", b"---\ntitle: x\ndraft: true\n---\nx", "is a draft"),
        ("a.html", b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_what_is_no_page_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(SourceError) as refusal:
        import_page(str(file), zone=ZONE)
    assert message in str(refusal.value)
    assert str(refusal.value).startswith(str(file))
    assert "\n" not in str(refusal.value)


def test_a_missing_file_and_other_schemes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        import_page(str(tmp_path / "none.html"), zone=ZONE)
    with pytest.raises(SourceError, match="no such file"):
        import_page("bad\x00name", zone=ZONE)
    with pytest.raises(FetchRefused):
        import_page("file:///etc/hostname", zone=ZONE)


@pytest.mark.slow
@given(hostile_text, st.sampled_from(["", "https://a.example.org/x"]))
def test_any_html_becomes_a_safe_post(html: str, base: str) -> None:
    item = read_html(html, base, zone=ZONE)
    assert_safe(item.html)
    assert "\n" not in item.title


@given(hostile_text)
def test_any_text_becomes_a_safe_post(text: str) -> None:
    assert_safe(read_text(text, zone=ZONE).html)


@given(hostile_bytes, st.sampled_from(["text/html", "text/plain; charset=utf-16", "", "application/x"]))
def test_any_answer_becomes_a_safe_post_or_one_sentence(content: bytes, content_type: str) -> None:
    def fetch(url: str) -> Download:
        return Download(url, content, content_type)

    for address in ("https://a.example.org/x", "https://a.example.org/x.md"):
        try:
            item = import_page(address, zone=ZONE, fetch=fetch)
        except SourceError:
            continue
        assert_safe(item.html)
        assert item.title


@pytest.mark.slow
@given(st.lists(st.text(st.characters(categories=["L"]), min_size=150, max_size=200), min_size=1, max_size=8))
def test_no_paragraph_of_prose_is_ever_lost(bodies: list[str]) -> None:
    text = "A Title of Its Own\n\nJune 2017\n\n" + "\n\n".join(bodies) + "\n\nBack to top"
    assert paragraphs(read_text(text, zone=ZONE).html) == bodies


def test_what_stands_behind_the_end_of_a_page_is_no_uncaught_error() -> None:
    text = (
        "<p>It turns again, and the neighbours have bread. And more words of it, so that it is a text.</p>"
        * 3
    )
    page = f"<html><body><h1>The mill</h1>{text}</body></html></html><div itemprop=articleBody><p>Behind.</p></div>"
    item = read_html(page, "https://a.example.org/", zone="UTC")
    assert item.title == "The mill"
    assert "It turns again" in item.html
