"""Mails to staff as they are rendered: plain pages of words, and the banner of a proof."""

from __future__ import annotations

import pytest
from lxml import html as lxml_html

from newsletter.errors import UnsafeValue
from newsletter.rendering.mail_parts import Frame
from newsletter.rendering.staff import STAFF, Banner, StaffWords, as_proof, render_staff
from newsletter.rendering.templates.environment import template_sources

FRAME = Frame(
    site_title="Latest & <more>",
    organisation="Example Hub",
    site_url="https://hub.example.org",
    postal_address="",
    subject="",
    date_text="",
    from_name="Example Hub",
    from_address="hub@example.org",
    reply_to="hub@example.org",
    list_id="hub.example.org",
)
WORDS = StaffWords(
    subject="Sent to 2 of 2: weekly",
    heading="Edition 1 is sent",
    paragraphs=["A paragraph & <b>more</b>."],
    points=["A post " + "with a long title " * 6],
    commands=[["Look at it", "newsletter editions preview 1"]],
)
LINK = "https://hub.example.org/stop/1-abc?x=1&y=2"


def test_everything_is_in_both_parts_and_escaped_in_one() -> None:
    rendered = render_staff(FRAME, WORDS, template_sources([], STAFF))
    assert rendered.subject == WORDS.subject
    page = lxml_html.document_fromstring(rendered.html)
    assert [node.text_content() for node in page.iter("h1", "h2")] == ["Edition 1 is sent", "What you can do"]
    for shown in (" ".join(page.text_content().split()), " ".join(rendered.text.split())):
        assert "A paragraph & <b>more</b>." in shown
        assert "newsletter editions preview 1" in shown
        assert "Latest & <more>" in shown
    assert max(map(len, rendered.text.splitlines())) <= 78


def test_without_points_and_commands_no_empty_list_and_no_heading_is_left() -> None:
    rendered = render_staff(FRAME, StaffWords("A", "B", ["C."]), template_sources([], STAFF))
    assert "<ul" not in rendered.html
    assert "What you can do" not in rendered.html + rendered.text


@pytest.mark.parametrize("field", ["subject", "heading", "paragraphs", "points", "commands"])
def test_a_control_character_is_refused_wherever_it_stands(field: str) -> None:
    bad = "a\r\nBcc: eve@example.org"
    value = {"paragraphs": [bad], "points": [bad], "commands": [[bad, "x"]]}.get(field, bad)
    words = StaffWords(**{"subject": "S", "heading": "H", field: value})
    with pytest.raises(UnsafeValue):
        render_staff(FRAME, words, template_sources([], STAFF))


def test_a_proof_is_the_mail_with_a_line_on_top() -> None:
    banner = Banner("Proof: goes to 412 people & <some>.", LINK)
    html = '<html><head><title>x</title></head><BODY class="a"><p>The mail.</p></BODY></html>'
    proof = as_proof("Tuesday", html, "The mail.\n", banner)
    assert proof.subject == "[Proof] Tuesday"
    body = lxml_html.document_fromstring(proof.html).find("body")
    assert [node.tag for node in body] == ["table", "p"]
    assert "Proof: goes to 412 people & <some>." in body[0].text_content()
    assert [node.get("href") for node in body[0].iter("a")] == [LINK]
    assert proof.text.startswith(f"Proof: goes to 412 people & <some>.\nStop it: {LINK}\n")
    assert proof.text.endswith("\n\nThe mail.\n")
    assert proof.html.replace(proof.html[proof.html.index("<table") : proof.html.index("<p>")], "") == html


def test_a_mail_without_a_body_tag_has_the_line_first() -> None:
    assert as_proof("S", "<p>x</p>", "x", Banner("Proof.", LINK)).html.startswith("<table")


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", 'https://a.example/"><b>', "https://a.example/\r\nx"]
)
def test_a_link_that_is_none_is_refused(link: str) -> None:
    with pytest.raises(UnsafeValue):
        as_proof("S", "<body></body>", "", Banner("Proof.", link))
