from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from mail_samples import digest_entries, frame, long_entry, short_entry, somebody

from newsletter.errors import RenderError, UnsafeValue
from newsletter.rendering import context
from newsletter.rendering.email import LARGEST, kind_of, render, render_notice, render_web
from newsletter.rendering.mail_parts import Entry, Rendered
from newsletter.rendering.mime import quoted_printable
from newsletter.rendering.mime.merge_tags import PERSONAL
from newsletter.rendering.preview import html_for, preview_personal, text_for
from newsletter.rendering.templates.environment import EDITION_KINDS, template_sources

OURS = template_sources([], *EDITION_KINDS, "confirm")
#: Gmail hides what comes after.
CLIPPED = 100 * 1024


def changed(**templates: str) -> dict[str, str]:
    return OURS | {
        f"email/{name.replace('__', '.').replace('_', '.')}": text for name, text in templates.items()
    }


def links(html: str) -> list[str]:
    return list(lxml_html.document_fromstring(html).xpath("//a/@href"))


def check_foot(rendered: Rendered) -> None:
    """Nobody may lose the way out or the postal address, whatever the posts are."""
    html, text = html_for(rendered, preview_personal()), text_for(rendered, preview_personal())
    assert preview_personal().unsubscribe_url in links(html)
    assert preview_personal().preferences_url in links(html)
    for part in (html, text):
        assert "14 Quayside Lane" in part
        assert preview_personal().address_shown in part
        assert "because you asked for it, once a week." in part
        assert preview_personal().unsubscribe_url in part


def test_one_post_with_its_text_is_a_post_and_everything_else_a_digest() -> None:
    assert kind_of([long_entry()]) == "post"
    assert kind_of([long_entry(html="")]) == "digest"
    assert kind_of([long_entry(), short_entry()]) == "digest"
    assert kind_of([]) == "digest"


def test_a_post_arrives_whole() -> None:
    rendered = render(frame(), [long_entry()], OURS)
    check_foot(rendered)
    words = " ".join(lxml_html.document_fromstring(rendered.html).text_content().split())
    for part in (
        "For eleven winters",
        "Nobody believes a number",
        "Only then get warm",
        "what the gulls knew",
    ):
        assert part in words
        assert part in rendered.text
    assert "https://hub.example.org/posts/gulls" in links(rendered.html)
    assert "[2] https://hub.example.org/posts/gulls" in rendered.text
    assert rendered.subject == "How the tide tables came home"


def test_a_digest_shows_the_most_it_may_and_links_the_rest() -> None:
    rendered = render(frame(most=4), digest_entries(8), OURS)
    check_foot(rendered)
    for part in (rendered.html, rendered.text):
        assert "And 4 more" in part
        for number in range(8):
            assert f"https://hub.example.org/posts/{number}" in part
    assert rendered.html.count(">Read on</a>") == 4
    assert rendered.text.count("Read on:") == 4


def test_the_parts_of_an_edition_survive_json() -> None:
    rendered = render(frame(), digest_entries(2), OURS)
    again = Rendered.from_json(json.loads(json.dumps(rendered.as_json())))
    assert again == rendered


def test_an_announcement_has_a_note_and_no_posts() -> None:
    rendered = render(frame(note="One.\n\nTwo <b>.", subject=""), [], OURS)
    check_foot(rendered)
    assert "Two &lt;b&gt;." in rendered.html
    assert "Two <b>." in rendered.text
    assert rendered.subject == "Latest from the Learning Hub, 6 October 2026"
    with pytest.raises(RenderError, match="nothing to send"):
        render(frame(), [], OURS)


@pytest.mark.parametrize(
    ("subject", "title", "becomes"),
    [
        ("{title}", "Closed", "Closed"),
        ("{count} new: {title} ({date})", "Closed", "1 new: Closed (6 October 2026)"),
        ("{title}", "{count} {date} {frame}", "{count} {date} {frame}"),
        ("{name} {{title}} {0}", "Closed", "{name} {Closed} {0}"),
        ("", "Closed", "Closed"),
        ("   ", "Closed", "Closed"),
        ("{title}", "{{ 7 * 7 }} & <b>", "{{ 7 * 7 }} & <b>"),
        ("{title}", "   ", "Latest from the Learning Hub"),
    ],
)
def test_a_subject_has_three_words_replaced_once_and_is_never_empty(
    subject: str, title: str, becomes: str
) -> None:
    assert render(frame(subject=subject), [short_entry(title=title)], OURS).subject == becomes


@pytest.mark.parametrize("control", ["\r\n", "\n", "\0", "\u2028", "\x85"])
def test_a_control_character_in_a_subject_is_refused(control: str) -> None:
    with pytest.raises(UnsafeValue, match="subject"):
        render(frame(), [short_entry(title=f"Closed{control}Bcc: x@example.org")], OURS)


@pytest.mark.parametrize("number", [60, 400])
def test_a_digest_of_very_many_posts_still_leads_with_the_newest(number: int) -> None:
    """Somebody comes back after a long pause: a mail of links alone, without a summary, helps nobody."""
    entries = [dataclasses.replace(entry, title=entry.title * 9) for entry in digest_entries(number)]
    done = render(frame(most=10), entries, OURS)
    assert len(quoted_printable.encode(done.html)) <= LARGEST
    assert "In this mail" in done.html
    for entry in entries[:10]:
        assert done.html.count(f'href="{entry.url}"') == 3 or entry is entries[0]
    assert f"And {number - 10} more" in done.text
    assert "10. " in done.text


def test_a_mail_of_links_alone_has_words_for_the_inbox() -> None:
    done = render(frame(most=0, preheader=""), digest_entries(4), OURS)
    before = lxml_html.document_fromstring(done.html).find("body").text_content().strip()
    assert before.startswith(digest_entries(4)[0].title)


@pytest.mark.slow
@pytest.mark.parametrize(
    "entries",
    [
        pytest.param(digest_entries(60), id="many"),
        pytest.param(digest_entries(3000), id="thousands"),
        pytest.param([dataclasses.replace(entry, summary="word " * 50_000) for entry in digest_entries(10)], id="long"),
        pytest.param([dataclasses.replace(entry, title="題" * 9_000) for entry in digest_entries(60)], id="cjk"),
        pytest.param(
            [dataclasses.replace(entry, url="https://x.example/" + "a" * 30_000) for entry in digest_entries(5)],
            id="addresses",
        ),
        pytest.param(
            [
                dataclasses.replace(entry, summary="🧑‍🌾" * 5000, authors=["👩" * 300] * 40)
                for entry in digest_entries(40)
            ],
            id="emoji",
        ),
        pytest.param([long_entry(html="<p>" + "word " * 100_000 + "</p>")] * 3, id="full"),
    ],
)  # fmt: skip
def test_a_digest_is_never_clipped_and_never_loses_its_foot(entries: list[Entry]) -> None:
    rendered = render(frame(most=100), entries, OURS)
    check_foot(rendered)
    sent = html_for(rendered, somebody())
    assert len(sent.encode()) < CLIPPED
    assert len(quoted_printable.encode(sent)) < CLIPPED
    shown = rendered.html.count(">Read on</a>")
    assert shown == rendered.text.count("Read on:")
    left = len(entries) - shown
    if left:
        assert f"And {left} more" in rendered.html
        assert f"And {left} more" in rendered.text


def test_a_note_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(RenderError, match="shorten the note"):
        render(frame(note="word " * 30_000), digest_entries(2), OURS)


@pytest.mark.slow
@pytest.mark.parametrize("html", ["<p>paragraph of words</p>" * 9_000, "<p>" + "word " * 60_000 + "</p>"])
def test_a_post_too_long_for_a_mail_keeps_its_beginning_and_its_foot(html: str) -> None:
    rendered = render(frame(), [long_entry(html=html)], OURS)
    check_foot(rendered)
    assert len(quoted_printable.encode(rendered.html)) <= LARGEST
    assert ">Read the rest</a>" in rendered.html


def test_marks_are_new_each_time_and_stand_only_where_we_put_them() -> None:
    one, other = (render(frame(), [long_entry()], OURS) for _ in range(2))
    assert set(one.marks) == set(PERSONAL)
    assert not set(one.marks.values()) & set(other.marks.values())
    assert all(re.fullmatch(r"[a-z0-9]{20,}", mark) for mark in one.marks.values())
    assert {name: one.html.count(mark) for name, mark in one.marks.items()} == {
        "address_shown": 1, "name": 0, "unsubscribe_url": 1, "preferences_url": 1,
    }  # fmt: skip


def test_a_post_that_knows_an_old_mark_pulls_in_nothing() -> None:
    old = render(frame(), [short_entry()], OURS).marks["unsubscribe_url"]
    hostile = short_entry(html=f'<p><a href="https://evil.example/?t={old}">{old}</a></p>')
    rendered = render(frame(), [hostile], OURS)
    assert f"https://evil.example/?t={old}" in links(html_for(rendered, somebody()))
    assert old not in rendered.marks.values()


@pytest.mark.parametrize(
    ("template", "place"),
    [
        ('<p title="{{ personal.name }}">x</p>', "attribute title"),
        ('<a href="{{ personal.name }}">x</a>', "attribute href"),
        ('<a href="https://x.example/?u={{ personal.unsubscribe_url }}">x</a>', "attribute href"),
        ('<img alt="" src="{{ personal.unsubscribe_url }}">', "attribute src"),
        ("<p>x</p><!-- {{ personal.address_shown }} -->", "a comment"),
        ('<style data-premailer="ignore">p{{ "{" }}content:"{{ personal.name }}"}</style>', "<style>"),
    ],
)
def test_a_template_that_puts_a_personal_value_where_it_could_do_harm_is_refused(
    template: str, place: str
) -> None:
    with pytest.raises(RenderError, match=place):
        render(frame(), [short_entry()], changed(post__html=template + "{{ personal.unsubscribe_url }}"))


@pytest.mark.parametrize("use", ["| upper", "| capitalize", "| truncate(12)", "[:9]"])
def test_a_filter_that_changes_a_personal_value_is_refused_or_readers_would_see_letters_and_digits(
    use: str,
) -> None:
    said = "personal.name is put in for each reader after the template is filled"
    with pytest.raises(RenderError, match=f"email/post.html, line 1: {said}"):
        render(frame(), [long_entry()], changed(post__html=f"<p>Dear {{{{ personal.name {use} }}}}</p>"))
    with pytest.raises(RenderError, match=f"email/foot.txt, line 2: {said}"):
        render(frame(), [long_entry()], changed(foot__txt=f"\nDear {{{{ personal.name {use} }}}}"))


def test_a_value_that_is_none_is_never_written_out() -> None:
    own = changed(post__html="<p>\nDear {{ entries[0].get('subtitle') }},</p>")
    with pytest.raises(RenderError, match=r"email/post.html, line 2: what stands here has no value"):
        render(frame(), [long_entry()], own)


def test_a_whole_link_is_allowed_in_outlooks_comments_too() -> None:
    template = '<p>x</p><!--[if mso]><v:rect href="{{ personal.unsubscribe_url }}"></v:rect><![endif]-->'
    html = html_for(render(frame(), [short_entry()], changed(post__html=template)), preview_personal())
    assert f'<v:rect href="{preview_personal().unsubscribe_url}">' in html


HOSTILE = st.text(st.sampled_from("<>&\"'{}%#-!/=abc\x00\x0b\ud800\ufffe\u202e👩‍🚀漢ع\u0301"), max_size=60)


@settings(max_examples=30, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_words_of_a_post_never_become_tags(title: str, summary: str, author: str, topic: str) -> None:
    def rendered(*words: str) -> Rendered:
        given = [f"x{word}" for word in words]
        entry = short_entry(html="", title=given[0], summary=given[1], authors=[given[2]], topics=[given[3]])
        return render(frame(subject="s"), [entry], OURS)

    plain, hostile = rendered("", "", "", ""), rendered(title, summary, author, topic)

    def tags(html: str) -> set[str]:
        return {
            str(node.tag) for node in lxml_html.document_fromstring(html).iter() if isinstance(node.tag, str)
        }

    assert tags(hostile.html) == tags(plain.html)
    hostile.html.encode("utf-8")
    hostile.text.encode("utf-8")


HTML = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<table>", "</table>", "<td>", "</div>", "</td></tr></table>", "<style>*{}", "<!--", "-->",
         "<img src=x onerror=x>", "<a href='javascript:x'>", "<b>", "&lt;script&gt;", "<script>", "{{ x }}", "<h1>x",
         "<li>", "<![endif]-->", "<!--[if mso]>", "<base href=//x>", "</html>", "</body>", "<title>", "words ", "&#0;"]
    ),
    min_size=1,
    max_size=12,
).map("".join)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(HTML)
def test_no_post_breaks_out_of_its_place_or_takes_the_foot_away(html: str) -> None:
    rendered = render(frame(), [short_entry(html="x" + html)], OURS)
    check_foot(rendered)
    document = lxml_html.document_fromstring(rendered.html)
    assert not document.xpath(
        "//script | //iframe | //base | //form | //*[@onerror] | //a[starts-with(@href, 'java')]"
    )
    assert len(document.xpath("//td[contains(@class, 'foot')]")) == 1
    assert not document.xpath("//div[@class='prose']//*[contains(@class, 'foot')]")


def test_text_has_no_leftovers_of_html_and_keeps_to_its_columns() -> None:
    for rendered in (
        render(frame(note="A note.\n\nOf two."), [long_entry()], OURS),
        render(frame(most=4), digest_entries(9), OURS),
    ):
        text = text_for(rendered, preview_personal())
        assert not re.search(r"<[a-z/!]|&[a-z]+;|&#|None|\{\{|\n{3,}|[ \t]\n", text)
        for line in text.split("\n"):
            assert len(line) <= 72 or re.fullmatch(r"(\[\d+\] | *)https?://\S+", line)


def test_the_page_says_its_language_and_direction() -> None:
    rendered = render(frame(language="ar", direction="rtl"), [short_entry(title="مغلق", language="en")], OURS)
    document = lxml_html.document_fromstring(rendered.html)
    assert (document.get("lang"), document.get("dir")) == ("ar", "rtl")
    assert document.xpath("//td[@class='card']/@align") == ["right"]
    assert "text-align:right" in document.xpath("//td[@class='card']/@style")[0]
    assert document.xpath("//td[@lang='en']")


@pytest.mark.parametrize("entries", [[long_entry()], [short_entry()], digest_entries(7)])
def test_what_mail_programs_and_screen_readers_need_is_there(entries: list[Entry]) -> None:
    rendered = render(frame(most=3), entries, OURS)
    document = lxml_html.document_fromstring(rendered.html)
    assert rendered.html.startswith("<!DOCTYPE html>")
    assert document.xpath("//title/text()") == [rendered.subject]
    assert document.xpath("//meta[@name='color-scheme']/@content") == ["light dark"]
    assert "prefers-color-scheme: dark" in rendered.html
    assert "!important" not in "".join(document.xpath("//@style"))
    assert "PixelsPerInch" in rendered.html
    assert "<v:roundrect" in rendered.html
    levels = [int(node.tag[1]) for node in document.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(image.get("alt") is not None and image.get("width") for image in document.iter("img"))
    layout = [table for table in document.iter("table") if not table.xpath("ancestor::div[@class='prose']")]
    assert all(table.get("role") == "presentation" and table.get("cellpadding") == "0" for table in layout)
    assert "View in browser" in rendered.html
    hidden = document.xpath("//div[@class='hidden']")[0]
    assert "display:none" in hidden.get("style")
    assert hidden.text_content().count("\u034f") >= 40
    assert not re.search(r"var\(|clamp\(|None|undefined|\{\{|\{%|%7B", rendered.html)
    assert all(len(style.text) < 8192 for style in document.iter("style"))


def test_the_preheader_is_staffs_or_made_of_the_posts() -> None:
    def preheader(rendered: Rendered) -> str:
        return str(
            lxml_html.document_fromstring(rendered.html).xpath("//div[@class='hidden']")[0].text_content()
        )

    assert preheader(render(frame(preheader="In our words"), digest_entries(3), OURS)).startswith(
        "In our words\u034f"
    )
    assert preheader(render(frame(), digest_entries(3), OURS)).startswith(
        "How the tide tables came home · Seven"
    )


def test_a_colour_that_cannot_be_read_is_mended_and_one_that_is_none_is_refused() -> None:
    rendered = render(frame(design={"accent": "#ffee00", "logo": ""}), digest_entries(1), OURS)
    # The accent as it is stands only in the band, which carries no text.
    plain = re.findall(r"#ff?ee?00?\b", rendered.html)
    assert (
        len(plain)
        == len(re.findall(r'<td class="band" bgcolor="#ffee00"[^>]*background-color:#fe0"', rendered.html))
        * 2
        == 2
    )
    with pytest.raises(RenderError, match="not a colour"):
        render(frame(design={"accent": "red;background:url(x)"}), digest_entries(1), OURS)


def test_a_logo_has_a_width_and_a_name_for_those_who_do_not_see_it() -> None:
    design = {"logo": "https://hub.example.org/logo.png", "logo_width": "140"}
    image = lxml_html.document_fromstring(render(frame(design=design), [short_entry()], OURS).html).xpath(
        "//img"
    )[0]
    assert (image.get("src"), image.get("width"), image.get("alt")) == (
        "https://hub.example.org/logo.png", "140", "Latest from the Learning Hub",
    )  # fmt: skip


def test_a_post_without_a_web_address_is_named() -> None:
    with pytest.raises(RenderError, match=r"Closed on Monday.*\(closed\)"):
        render(frame(), [short_entry(url="javascript:alert(1)")], OURS)


def test_the_web_version_is_the_same_mail_without_anything_personal() -> None:
    page = render_web(frame(most=4), digest_entries(8), OURS)
    assert 'name="robots" content="noindex"' in page
    for absent in ("Sent to", "Unsubscribe", "View in your browser", "Change what you get"):
        assert absent not in page
    for present in ("And 4 more", "14 Quayside Lane", "How the tide tables came home"):
        assert present in page


VALUES: Mapping[str, str] = {"confirm_url": "https://hub.example.org/confirm/abc?x=1&y=2"}


def test_a_confirmation_asks_and_has_no_list_links() -> None:
    rendered = render_notice(frame(subject=""), "confirm", VALUES, OURS)
    assert rendered.subject == "Please confirm: Latest from the Learning Hub"
    html, text = html_for(rendered, preview_personal()), text_for(rendered, preview_personal())
    assert links(html).count(VALUES["confirm_url"]) == 2
    assert VALUES["confirm_url"] in text
    for part in (html, text):
        assert "somebody@example.invalid" in part
        assert "14 Quayside Lane" in part
        assert "Unsubscribe" not in part


def test_a_notice_needs_its_values_and_refuses_a_line_break_in_one() -> None:
    with pytest.raises(RenderError, match="confirm_url"):
        render_notice(frame(subject=""), "confirm", {}, OURS)
    with pytest.raises(UnsafeValue, match="confirm_url"):
        render_notice(frame(), "confirm", {"confirm_url": "https://x.example/\r\nX: y"}, OURS)


@pytest.mark.parametrize(
    ("summary", "ends"),
    [
        ("One. " * 200, "One."),
        ("Is it? " + "It is, and it goes on and on without an end, " * 40, "an…"),
        ("We asked. " + "word " * 60 + "So it was! Then " + "word " * 200, "So it was!"),
        ("潮が引く。" * 200, "潮が引く。"),
        ("كلمة طويلة؟ " * 90, "كلمة طويلة؟"),
        ("Short and whole", "Short and whole"),
    ],
)
def test_a_long_summary_ends_with_a_sentence_where_one_fits(summary: str, ends: str) -> None:
    cut = context.sentences(summary, 600)
    assert len(cut) <= 600
    assert cut.endswith(ends) or (ends.endswith("…") and cut.endswith("…"))
    assert summary.startswith(cut.rstrip("…"))


def test_a_picture_of_unknown_size_is_shown_at_its_own_and_never_blown_up() -> None:
    """Outlook on Windows goes by the attribute; all others by the style."""
    unknown = {"image": "https://www.example.org/sign.png", "image_width": 0, "image_height": 0}
    post = render(frame(), [long_entry(**unknown)], OURS).html
    (lead,) = re.findall(r"<img[^>]*sign\.png[^>]*>", post)
    assert 'width="536"' in lead
    assert "width:auto" in lead
    assert "max-width:100%" in lead
    entries = [dataclasses.replace(entry, **unknown) for entry in digest_entries(2)]
    _, thumb = re.findall(r"<img[^>]*sign\.png[^>]*>", render(frame(), entries, OURS).html)
    assert 'width="120"' in thumb
    assert "width:auto" in thumb
    assert "max-width:100%" in thumb
    known = render(frame(), [long_entry(**unknown | {"image_width": 24, "image_height": 24})], OURS).html
    (small,) = re.findall(r"<img[^>]*sign\.png[^>]*>", known)
    assert 'width="24"' in small
    assert "width:auto" not in small
