from __future__ import annotations

import pytest
from lxml import html as lxml_html
from mail_looks import ARABIC_HTML, HEBREW, OURS, arabic, arabic_site
from mail_samples import digest_entries, frame, short_entry

from newsletter.rendering.body import fit_for_mail
from newsletter.rendering.direction import isolated, of_language, of_text
from newsletter.rendering.email import render


@pytest.mark.parametrize(
    ("language", "runs"),
    [("ar", "rtl"), ("he-IL", "rtl"), ("FA", "rtl"), ("ckb", "rtl"), ("en", "ltr"), ("ku", "ltr"), ("az-Arab", "rtl"),
     ("sd-Deva", "ltr"), ("ar-Latn", "ltr"), ("arn", "ltr"), ("", "ltr")],
)  # fmt: skip
def test_a_language_runs_as_its_script_does(language: str, runs: str) -> None:
    assert of_language(language) == runs


@pytest.mark.parametrize(
    ("text", "runs"),
    [("Tides", "ltr"), ("كيف عادت", "rtl"), ("COVID: ما يجب معرفته اليوم", "rtl"), ("12.", "rtl"), ("", "rtl"),
     ("زر https://hub.example.org/tables/of/the/tides", "rtl"), ("See كيف", "rtl"), ("See also كيف", "ltr")],
)  # fmt: skip
def test_a_text_runs_as_most_of_its_letters_do_and_addresses_do_not_count(text: str, runs: str) -> None:
    assert of_text(text, "rtl") == runs


def test_only_what_runs_against_its_surroundings_is_isolated_and_all_is_escaped() -> None:
    assert isolated("a <b>", "ltr") == "a &lt;b&gt;"
    assert isolated("a <b>.", "rtl") == '<span dir="ltr">a &lt;b&gt;.</span>'
    assert isolated("https://hub.example.org/", "rtl").startswith('<span dir="ltr">')


def test_blocks_and_links_of_a_post_that_run_the_other_way_say_so() -> None:
    root = lxml_html.fragment_fromstring(fit_for_mail(ARABIC_HTML, "https://x.example/", "rtl"), "div")
    assert {(node.tag, node.get("dir")) for node in root.xpath("//*[@dir]")} == {
        ("a", "ltr"),
        ("pre", "ltr"),
        ("p", "ltr"),
    }
    assert len(root.xpath("//a[@dir]")) == 2
    other = lxml_html.fragment_fromstring(fit_for_mail(ARABIC_HTML, "https://x.example/", "ltr"), "div")
    assert other.xpath("//ul/@dir | //blockquote/@dir | //table/@dir") == ["rtl"] * 3
    assert not other.xpath("//pre/@dir")


def test_what_an_author_said_about_direction_stands() -> None:
    assert fit_for_mail('<p dir="ltr">كيف عادت</p>', "https://x.example/") == '<p dir="ltr">كيف عادت</p>'


def page(*entries: object, **changes: object) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(render(frame(**changes), list(entries), OURS).html)  # type: ignore[arg-type]


def test_a_post_that_runs_the_other_way_is_mirrored_in_a_mail_that_does_not() -> None:
    document = page(short_entry(**HEBREW, html=ARABIC_HTML))
    cell = document.xpath("//h1/ancestor::td[1]")[0]
    assert (cell.get("lang"), cell.get("dir"), cell.get("align")) == ("he", "rtl", "right")
    assert "text-align:right" in cell.get("style")
    quotation = document.xpath("//blockquote/@style")[0]
    assert "border-right:4px" in quotation
    assert "border-left:0" in quotation
    assert "padding-right:26px" in document.xpath("//ul/@style")[0]
    assert "text-align:right" in document.xpath("//th/@style")[0]
    assert document.xpath("//td[@class='foot']/@align") == ["left"]


def test_a_site_that_runs_from_right_to_left_is_mirrored_whole() -> None:
    html = render(arabic_site(), [arabic(html=ARABIC_HTML)], OURS).html
    document = lxml_html.document_fromstring(html)
    assert (document.get("lang"), document.get("dir")) == ("ar", "rtl")
    assert document.xpath("//td[@class='card' or @class='foot' or @class='masthead']/@align") == ["right"] * 3
    assert document.xpath("//td[@class='top']/@align") == ["left"]
    assert "border-right:4px" in document.xpath("//blockquote/@style")[0]
    assert "letter-spacing" not in document.xpath("//h1/@style")[0], (
        "letters of Arabic must not be pulled apart"
    )
    # Outlook has its own tables around ours.
    assert (
        '<table role="presentation" border="0" cellpadding="0" cellspacing="0" width="600" align="center" dir="rtl">'
        in html
    )


def test_our_own_english_words_keep_their_full_stop_in_a_mail_of_another_direction() -> None:
    document = lxml_html.document_fromstring(render(arabic_site(), [arabic(), *digest_entries(4)], OURS).html)
    for words in (
        "You can simply reply",
        "because you asked for it",
        "In this mail",
        "Read on",
        "Unsubscribe",
    ):
        node = document.xpath(
            f"//*[contains(text(), '{words}') or contains(span/following-sibling::text(), '{words}')]"
        )[0]
        around = node.xpath("ancestor-or-self::*[@dir][1]")[0]
        assert (around.get("dir"), around.get("lang")) == ("ltr", "en"), words


def test_our_own_words_say_their_language_where_a_mail_is_in_another_one() -> None:
    document = page(*digest_entries(3), language="de")
    assert document.xpath("//p[@id='contents']/@lang") == ["en"]
    assert not page(*digest_entries(3), language="en-GB").xpath("//p[@id='contents']/@lang")


def test_a_post_that_names_no_language_is_known_by_its_letters() -> None:
    entry = arabic(language="")
    assert page(entry).xpath("//h2/ancestor::td[1]/@dir") == ["rtl"]
    assert (
        page(arabic(title="Tides", summary="Of the harbour.", language="")).xpath("//h2/ancestor::td[1]/@dir")
        == []
    )


def test_names_and_dates_of_another_direction_are_isolated() -> None:
    document = page(short_entry(html="", authors=["نور حداد", "Oda Brandt"]), *digest_entries(3))
    byline = document.xpath("//p[@class='meta']")[0]
    assert [(span.text, span.get("dir")) for span in byline.iter("span")] == [("نور حداد", "rtl")]
