"""Each rule of the lint: what it finds, what it leaves alone, and where it says that the fault is."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mail_samples import digest_entries, frame, long_entry, short_entry

from newsletter.rendering.email import render
from newsletter.rendering.lint.css import TABLE, in_template
from newsletter.rendering.lint.level import Level, LintProblem, as_json, errors
from newsletter.rendering.lint.rules import lint
from newsletter.rendering.lint.subject import LintedMail
from newsletter.rendering.mail_parts import Entry, Frame, Rendered
from newsletter.rendering.templates.environment import EDITION_KINDS, template_sources

OURS = template_sources([], *EDITION_KINDS)
HUB = frame(site_url="https://hub.harbour-trust.org", web_url="https://hub.harbour-trust.org/editions/7/",
            archive_url="https://hub.harbour-trust.org/", privacy_url="https://harbour-trust.org/privacy")  # fmt: skip
EXAMPLE = frame()
FRAME_HTML = (
    '<!DOCTYPE html><html lang="en" dir="ltr"><head><title>x</title>'
    '<meta name="viewport" content="x"></head><body>'
    '<div style="display:none">before</div><h1>{{ subject }}</h1>%s{% for entry in entries %}<p>{{ entry.title }}</p>'
    "{{ entry.html | safe }}{% endfor %}"
    '<p><a href="{{ personal.preferences_url }}">less</a> <a href="{{ personal.unsubscribe_url }}">leave</a>'
    "{{ frame.postal_lines | join(' ') }}</p></body></html>"
)
TEXT = (
    "{% for entry in entries %}{{ entry.title }}\n{% endfor %}{{ personal.preferences_url }} "
    "{{ personal.unsubscribe_url }}\n{{ frame.postal_lines | join(' ') }}\n"
)


def problems(
    extra: str = "", *, entries: list[Entry] | None = None, around: Frame = HUB, real: bool = True,
    html: str = "", text: str = TEXT, **more: Any,
) -> list[LintProblem]:  # fmt: skip
    """What the lint says of a mail with ``extra`` in its template."""
    templates = OURS | {
        f"email/{kind}.{end}": source
        for kind in EDITION_KINDS
        for end, source in (("html", html or FRAME_HTML.replace("%s", extra)), ("txt", text))
    }
    chosen = [short_entry(url="https://hub.harbour-trust.org/posts/closed")] if entries is None else entries
    rendered = render(around, chosen, templates)
    return lint(LintedMail(rendered, around, chosen, templates, real, **more))


def found(rule: str, given: list[LintProblem]) -> LintProblem:
    matching = [problem for problem in given if problem.rule == rule]
    assert len(matching) == 1, (rule, given)
    return matching[0]


def of_ours(entries: list[Entry], around: Frame = EXAMPLE, **changes: str) -> list[LintProblem]:
    rendered = dataclasses.replace(render(around, entries, OURS), **changes)
    return lint(LintedMail(rendered, around, entries, OURS, True))


@pytest.mark.parametrize("entries", [[long_entry()], [short_entry()], digest_entries(2), digest_entries(12)])
@pytest.mark.parametrize("changes", [{}, {"language": "ar", "direction": "rtl"}, {"design": {"accent": "#ffee00"}},
                                     {"note": "A note.\n\nOf two."}])  # fmt: skip
def test_our_own_templates_have_no_problem(entries: list[Entry], changes: dict[str, Any]) -> None:
    assert of_ours(entries, frame(**changes)) == []


def test_a_small_template_of_a_sites_own_has_no_problem_either() -> None:
    assert problems() == []


# the mail as a whole


@pytest.mark.parametrize(
    ("subject", "level", "says"),
    [
        ("", Level.ERROR, "is empty"),
        ("   ", Level.ERROR, "is empty"),
        ("w" * 61, Level.WARNING, "61 characters"),
        ("w" * 151, Level.ERROR, "shorten it"),
    ],
)
def test_subjects(subject: str, level: Level, says: str) -> None:
    problem = found("subject", of_ours([short_entry()], subject=subject))
    assert (problem.level, problem.where) == (level, "subject")
    assert says in problem.text
    assert of_ours([short_entry()], subject="w" * 60) == []


@pytest.mark.parametrize(("kilobytes", "level"), [(91, Level.WARNING), (103, Level.ERROR)])
def test_sizes(kilobytes: int, level: Level) -> None:
    rendered = render(frame(), [short_entry()], OURS)
    padding = "<p>" + "x" * (kilobytes * 1024 - len(rendered.html)) + "</p></body>"
    assert (
        found("size", of_ours([short_entry()], html=rendered.html.replace("</body>", padding))).level is level
    )


@pytest.mark.parametrize("part", ["HTML", "text"])
def test_a_mail_without_a_way_out_is_stopped_and_nobody_can_say_otherwise(part: str) -> None:
    without = {
        "html": FRAME_HTML.replace("%s", "").replace(
            "{{ personal.unsubscribe_url }}", "https://x.harbour-trust.org/"
        )
    }
    given = problems(**without) if part == "HTML" else problems(text=TEXT.replace("{{ personal.unsubscribe_url }}", "")
    )  # fmt: skip
    problem = found("unsubscribe", given)
    assert (problem.level, problem.legal, problem.where) == (Level.ERROR, True, "foot")
    assert part in problem.text


def test_preferences_that_are_missing_are_named() -> None:
    given = problems(text=TEXT.replace("{{ personal.preferences_url }}", ""))
    assert found("preferences", given).level is Level.WARNING


@pytest.mark.parametrize("real", [True, False])
def test_a_postal_address_is_law_where_mail_is_for_real(real: bool) -> None:
    level = Level.ERROR if real else Level.WARNING
    nowhere = found(
        "postal address", problems(around=dataclasses.replace(HUB, postal_address=" "), real=real)
    )
    assert (nowhere.level, nowhere.legal) == (level, real)
    hidden = found(
        "postal address", problems(text=TEXT.replace("{{ frame.postal_lines | join(' ') }}", ""), real=real)
    )
    assert (hidden.level, hidden.legal) == (level, real)
    assert "the text does not show" in hidden.text


def test_a_text_part_is_there_and_has_the_same_posts() -> None:
    assert "is empty" in found("text part", [p for p in problems(text="\n") if p.rule == "text part"]).text
    entries = digest_entries(3)
    fewer = TEXT.replace("in entries %}", "in entries[:2] %}")
    problem = found("text part", problems(entries=entries, text=fewer))
    assert problem.level is Level.ERROR
    assert entries[2].title[:30] in problem.text
    turned = found(
        "text part", problems(entries=entries, text=TEXT.replace("in entries", "in entries | reverse"))
    )
    assert (turned.level, "another order" in turned.text) == (Level.WARNING, True)


def test_a_mail_in_which_readers_see_no_post_is_stopped() -> None:
    hidden = FRAME_HTML.replace("before", "{{ entries[0].title }}").replace("<p>{{ entry.title }}</p>", "")
    hidden = hidden.replace("{{ subject }}", "x")
    problem = found("text part", problems(html=hidden))
    assert problem.level is Level.ERROR
    assert "stands in the text only" in problem.text
    neither = problems(html=hidden, text=TEXT.replace("{{ entry.title }}", "x"))
    assert "none of its posts" in found("text part", neither).text


@pytest.mark.parametrize(
    "left",
    ["{% raw %}{{ title }}{% endraw %}", "*|FNAME|*", "[[name]]", "{% raw %}{% if x %}{% endraw %}", "Lorem ipsum",
     '<a href="https://x.harbour-trust.org/%7B%7Bid%7D%7D">x</a>'],
)  # fmt: skip
def test_leftovers_are_errors_in_a_template_with_their_line(left: str) -> None:
    problem = found("leftover", problems(f"\n<p>{left}</p>"))
    assert problem.level is Level.ERROR
    assert re.fullmatch(r"email/(digest|post)\.html, line 2", problem.where)


def test_a_leftover_in_the_words_of_staff_says_so() -> None:
    given = of_ours([short_entry()], frame(note="Dear {{ name }},\nwelcome."))
    assert {(problem.level, problem.where) for problem in given} == {(Level.ERROR, "note")}


@pytest.mark.parametrize("words", ["None", "By: None", "June 2026 · None", "None, Ann Lee", "undefined"])
def test_a_value_that_is_missing_is_seen(words: str) -> None:
    assert found("leftover", problems(f"<p>{words}</p>")).level is Level.ERROR


@pytest.mark.parametrize(
    "words", ["None of us knew.", "There were none", "Second to None at all", "undefined behaviour"]
)
def test_words_that_happen_to_say_none_are_no_leftovers(words: str) -> None:
    assert problems(f"<p>{words}</p>") == []


def test_what_a_post_itself_says_about_templates_is_no_more_than_a_warning() -> None:
    entry = short_entry(html="<p>Write {{ title }} there.</p>", url="https://hub.harbour-trust.org/p")
    given = problems(entries=[entry])
    assert {(problem.rule, problem.level, problem.where) for problem in given} == {
        ("leftover", Level.WARNING, "post closed")
    }


# links and pictures


@pytest.mark.parametrize(
    ("href", "says"),
    [
        ("", "no address"),
        ("#", "no address"),
        ("posts/1", "relative address"),
        ("/posts/1", "relative address"),
        ("//cdn.harbour-trust.org/x", "relative address"),
        ("www.harbour-trust.org", "relative address"),
        ("http://localhost:8000/x", "cannot reach"),
        ("https://127.0.0.1/x", "cannot reach"),
        ("https://192.168.1.4/x", "cannot reach"),
        ("https://intranet/x", "cannot reach"),
        ("https://example.com/x", "only a name for examples"),
        ("https://www.example.org/", "only a name for examples"),
        ("https://shop.test/", "only a name for examples"),
        ("ftp://files.harbour-trust.org/x", "do not open"),
        ("javascript:alert(1)", "do not open"),
        ("http://[::1", "is none"),
        ("mailto:", "without a mailbox"),
        ("tel:now", "without a number"),
    ],
)
def test_a_link_that_cannot_work_is_an_error_with_its_cure(href: str, says: str) -> None:
    problem = found("dead link", problems(f'\n\n<p><a href="{href}">words</a></p>'))
    assert problem.level is Level.ERROR
    assert says in problem.text
    assert "“words”" in problem.text
    if href.strip("#"):
        assert problem.where.endswith("line 3")


@pytest.mark.parametrize(
    "href",
    ["https://other.org/x?a=1&amp;b=2", "https://hub.harbour-trust.org/", "mailto:a@b.org", "mailto:?subject=x",
     "tel:+441234", "https://8.8.8.8/", "https://[2606:4700::1111]/", "#here"],
)  # fmt: skip
def test_a_link_that_works_is_left_alone(href: str) -> None:
    assert problems(f'<p id="here"><a href="{href}">words</a></p>') == []


def test_links_of_a_site_of_examples_may_lead_to_examples() -> None:
    extra = '<a href="https://www.example.com/x">words</a>'
    for site in ("http://127.0.0.1:8000", "https://hub.example.org"):
        assert problems(extra, around=frame(site_url=site)) == []


def test_a_link_within_the_mail_needs_its_goal() -> None:
    assert found("dead link", problems('<a href="#nowhere">words</a>')).level is Level.WARNING


def test_links_without_encryption_and_pages_that_are_gone_are_warnings() -> None:
    assert found("http", problems('<a href="http://old.org/x">words</a>')).level is Level.WARNING
    gone = {"https://old.org/x": "it answers 404"}
    problem = found("dead link", problems('<a href="https://old.org/x">words</a>', gone=gone))
    assert (problem.level, "404" in problem.text) == (Level.WARNING, True)


@pytest.mark.parametrize(
    "inside", ["", "&nbsp;&zwnj;", '<img src="https://x.org/a.png" alt="" width="5">', "<b> </b>"]
)
def test_a_link_without_text_is_an_error(inside: str) -> None:
    assert found("link without text", problems(f'<a href="https://x.org/">{inside}</a>')).level is Level.ERROR


def test_a_link_without_text_in_a_template_is_not_blamed_on_a_post_at_or_below_its_address() -> None:
    picture = '<img src="https://x.org/a.png" width="9" alt="">'
    for address in ("https://hub.harbour-trust.org/", "{{ entries[0].url }}"):
        problem = found("link without text", problems(f'<a href="{address}">{picture}</a>'))
        assert problem.level is Level.ERROR
        assert not problem.where.startswith("post")
    entry = short_entry(url="https://hub.harbour-trust.org/posts/closed")
    entry = dataclasses.replace(entry, html=f'<p><a href="{entry.url}">{picture}</a></p>')
    assert found("link without text", problems(entries=[entry])).where == f"post {entry.key}"


@pytest.mark.parametrize("inside", ["x", '<img src="https://x.org/a.png" alt="A logo" width="5">'])
def test_a_link_with_words_or_a_described_picture_has_text(inside: str) -> None:
    assert problems(f'<a href="https://x.org/">{inside}</a>') == []


@pytest.mark.parametrize(
    ("picture", "rule", "level"),
    [
        ('<img src="https://x.org/a.png" width="5">', "alt", Level.ERROR),
        ('<img src="a.png" alt="" width="5">', "picture", Level.ERROR),
        ('<img alt="" width="5">', "picture", Level.ERROR),
        ('<img src="http://x.org/a.png" alt="" width="5">', "http", Level.WARNING),
        ('<img src="data:image/png;base64,AAAA" alt="" width="5">', "picture", Level.WARNING),
        ('<img src="cid:logo" alt="" width="5">', "picture", Level.WARNING),
        ('<img src="https://x.org/a.png" alt="">', "picture", Level.WARNING),
        ('<img src="https://x.org/a.SVG?v=2" alt="" width="5">', "picture", Level.WARNING),
        ('<img src="https://x.org/a.heic" alt="" width="5">', "picture", Level.WARNING),
        ('<img src="https://x.org/a.tiff" alt="" width="5">', "picture", Level.WARNING),
    ],
)
def test_pictures(picture: str, rule: str, level: Level) -> None:
    problem = found(rule, problems(f"\n{picture}"))
    assert problem.level is level
    assert problem.where.endswith("line 2") or "src=" not in picture


def test_what_an_author_forgot_is_a_warning_that_names_the_post() -> None:
    entry = short_entry(
        html='<p><a href="http://localhost/x">x</a><a href="https://y.org/"></a></p>',
        url="https://hub.harbour-trust.org/p",
    )
    given = problems(entries=[entry])
    assert {problem.rule for problem in given} == {"dead link", "link without text"}
    assert {(problem.level, problem.where) for problem in given} == {(Level.WARNING, "post closed")}


def test_a_picture_far_too_large_is_named() -> None:
    entry = dataclasses.replace(digest_entries(2)[0], image_width=4000, image_height=3000)
    problem = found("picture", of_ours([entry, digest_entries(2)[1]]))
    assert (problem.level, problem.where) == (Level.WARNING, "post post-0")


# the page


@pytest.mark.parametrize(
    ("cut", "rule"),
    [
        (' lang="en"', "lang"),
        (' dir="ltr"', "lang"),
        ("<title>x</title>", "title"),
        ('<meta name="viewport" content="x">', "viewport"),
        ('<div style="display:none">before</div>', "preheader"),
        ("<h1>{{ subject }}</h1>", "headings"),
    ],
)
def test_what_the_page_lacks_is_a_warning(cut: str, rule: str) -> None:
    html = FRAME_HTML.replace("%s", "")
    assert cut in html
    assert found(rule, problems(html=html.replace(cut, ""))).level is Level.WARNING


def test_headings_go_down_one_by_one() -> None:
    assert "after <h1>" in found("headings", problems("<h3>Deep</h3>")).text
    assert problems("<h2>a</h2><h3>b</h3><h2>c</h2>") == []


def test_tables_that_lay_out_say_so_and_tables_of_data_need_not() -> None:
    assert found("tables", problems("<table><tr><td>x</td></tr></table>")).level is Level.WARNING
    assert problems('<table role="presentation"><tr><td>x</td></tr></table>') == []
    assert problems("<table><tr><th>a</th></tr><tr><td>x</td></tr></table>") == []


# contrast


@pytest.mark.parametrize(
    ("styled", "says"),
    [
        ('<p style="color:#999999">pale</p>', "#999999 on #ffffff in light mode"),
        ('<p style="color:#999">pale</p>', "#999999 on #ffffff in light mode"),
        ('<p style="color:rgb(153, 153, 153)">pale</p>', "#999999 on #ffffff"),
        ('<p style="color:#999999;font-size:0.9em">pale and small</p>', "#999999 on #ffffff"),
        ('<p style="color:silver">pale</p>', "#c0c0c0 on #ffffff"),
        (
            '<table role="presentation"><tr><td bgcolor="#333333"><span>dark on dark</span></td></tr></table>',
            "on #333333",
        ),
        ('<div style="background:#333 none"><p style="color:#444">x1</p></div>', "#444444 on #333333"),
        ('<p><font color="#999999">pale</font></p>', "#999999 on #ffffff"),
        ("<style>.a{color:#999999}</style><p class='a'>pale</p>", "#999999 on #ffffff"),
    ],
)
def test_what_cannot_be_read_in_light_mode_is_an_error(styled: str, says: str) -> None:
    problem = found("contrast", problems(f"\n{styled}"))
    assert problem.level is Level.ERROR
    assert says in problem.text


@pytest.mark.parametrize(
    "styled",
    [
        '<p style="color:#767676">x</p>',
        '<p style="color:#949494;font-size:24px">large</p>',
        '<p style="color:#949494;font-size:19px;font-weight:bold">large and bold</p>',
        '<div style="display:none;color:#fff">unseen</div>',
        '<p style="color:#fff"> </p>',
        '<p style="color:#fff;font-size:0">unseen</p>',
        '<p style="color:#fff;font-size:0.0px">unseen</p>',
        '<p style="color:var(--x)">unknown</p>',
        '<div style="background-color:#000"><p style="color:#fff">x</p></div>',
    ],
)
def test_what_can_be_read_is_left_alone(styled: str) -> None:
    assert [problem for problem in problems(styled) if problem.rule == "contrast"] == []


DARK = '<style data-premailer="ignore">@media (prefers-color-scheme: dark){%s}</style>'


@pytest.mark.parametrize(
    ("rules", "wrong"),
    [
        ("body{background-color:#111 !important} .a{color:#eee !important}", None),
        ("body{background-color:#111 !important}", "#222222 on #111111"),
        ("body{background-color:#111 !important} .a{color:#eee}", "#222222 on #111111"),
        (".a{color:#eee !important}", "#eeeeee on #ffffff"),
        ("body{background-color:#111 !important} p.a{color:#eee !important} .a{color:#222 !important}", None),
        ("body{background-color:#111 !important} .a{color:#eee !important} .a{color:#222 !important}",
         "#222222 on #111111"),
        ("body{background-color:#111 !important} .a, .b:hover::x{color:#eee !important}", None),
    ],
)  # fmt: skip
def test_dark_mode_is_read_as_mail_programs_apply_it(rules: str, wrong: str | None) -> None:
    html = FRAME_HTML.replace(
        "%s", DARK.replace("%s", rules + " h1,p,a{color:#eee !important}".replace("p,", ""))
    )
    html = html.replace("<body>", '<body style="background-color:#ffffff;color:#eeeeee"><!-- -->', 1)
    html = html.replace("<h1>", '<h1 style="color:#222222">').replace(
        "<p>", '<p class="a" style="color:#222222">'
    )
    contrasts = [
        p.text
        for p in problems(html=html)
        if p.rule == "contrast" and "dark mode" in p.text and "#0000" not in p.text
    ]
    contrasts = [text for text in contrasts if not text.startswith("“less") and "leave" not in text]
    if wrong is None:
        assert contrasts == []
    else:
        assert any(wrong in text for text in contrasts), contrasts


# CSS


@pytest.mark.parametrize(
    "css",
    ["position: absolute", "position:relative", "float: left", "display:flex", "display: inline-grid", "gap: 4px",
     "color: var(--x)", "width: calc(100% - 2px)", "font-size: clamp(1px, 2px, 3px)",
     "background: #fff url(https://x.org/a.png)"],
)  # fmt: skip
def test_css_that_a_large_mail_program_ignores_is_named_with_its_page(css: str) -> None:
    for source in (
        f"\n<p style='{css}'>x</p>",
        f'\n<p style="{css}">x</p>',
        f"<style>\n.a {{ {css} }}</style>",
    ):
        [problem] = in_template("email/x.html", source)
        assert problem.where == "email/x.html, line 2"
        assert problem.level is Level.WARNING
        assert "https://www.caniemail.com/features/" in problem.text


def test_css_that_would_fetch_something_is_named_though_it_is_taken_out() -> None:
    for css in (
        "@import url(https://x.org/a.css);",
        "@font-face { font-family: x; src: url(https://x.org/x.woff) }",
    ):
        places = {problem.where for problem in problems(f"<style>{css}</style>") if problem.rule == "css"}
        assert places == {"email/digest.html, line 1", "email/post.html, line 1"}


@pytest.mark.parametrize(
    "source",
    [
        "<style>@media (min-width: 600px) { .a { display: flex } .b { float: left } }</style>",
        "<style>@supports (display: grid) { .a { display: grid } }</style>",
        "<style>/* position: absolute */ .a { background-position: left }</style>",
        "<p>position: absolute</p>",
        "<!--[if mso]><div style='position:absolute'>x</div><![endif]-->",
        "{# <style>.a { float: left }</style> #}",
        "<style>.a { float: none; position: static; flex: 1 }</style>",
    ],
)
def test_css_that_harms_nobody_is_left_alone(source: str) -> None:
    assert list(in_template("email/x.html", source)) == []


def test_every_row_of_the_table_names_programs_and_a_page() -> None:
    for row in TABLE:
        assert set(row.ignored_by) <= {"Outlook on Windows", "Gmail", "Yahoo", "Apple Mail"}
        assert row.ignored_by
        assert re.fullmatch(r"(css|html)-[a-z-]+", row.page)


# what comes back


def test_errors_come_first_and_as_json_each_has_four_words() -> None:
    given = problems('<a href="http://old.org/">x</a><a href="">y</a>')
    assert [problem.level for problem in given] == [Level.ERROR, Level.WARNING]
    assert errors(given) == given[:1]
    assert as_json(given)[0] == {"level": "error", "rule": "dead link", "text": given[0].text, "where": ""}
    assert str(found("http", given)).startswith("email/post.html, line 1: “x” leads to http://old.org/")


WILD = st.lists(
    st.sampled_from(
        ["<a href=", "'", '"', "//[", ">", "<img src=x", "<p style='color:#12", "background:rgba(", "<h9>", "<h3>x",
         "</a>", "<table>", "<style>@media (prefers-color-scheme: dark){", ".a::b{color:red!important}", "}", "{", "x",
         "<!--", "-->", "&#0;", "漢", "http://", "{{", "%7B%7B"]
    ),
    max_size=20,
).map("".join)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(WILD, WILD)
def test_no_mail_however_broken_stops_the_lint(html: str, title: str) -> None:
    entry = Entry("k", title, "https://x.org/a", "", "s", html=html)
    rendered = Rendered(title, f"<p>{html}</p>", html, {})
    for problem in lint(LintedMail(rendered, HUB, [entry], {"email/post.html": html}, True)):
        assert problem.text


# false alarms: what an author did keeps no mail from going out

ODD_TEXTS = {
    "a cell that says None": "<table><tr><th>To</th><th>Do</th></tr><tr><td>Nuts</td><td>None</td></tr></table>",
    "a line that says None": "<p>Damage: None</p><ul><li>None</li><li>Result | NaN</li></ul><p>undefined</p>",
    "a template's words, with odd spaces": "<p>Write {{  name   }} or {% if x &amp; y %}, or {{ &lt;b&gt; }}.</p>",
    "emphasis within them": "<p>Write {{ <em>name</em> }}.</p>",
    "in code": '<pre><code>{{ "a" | b }} &lt;function foo at 0x1&gt; *|FNAME|*</code></pre>',
    "in an address": '<p><a href="https://harbour-trust.org/{{ page }}">here</a></p>',
    "lorem ipsum over two lines": "<p>lorem\nipsum, and <b>Lorem</b> ipsum</p>",
    "links that lead nowhere": '<p><a href="#">top</a> <a href="">empty</a> <a>bare</a> <a href="x:y()">do</a></p>',
    "links that are broken": '<p><a href="http://[::1/x">x</a> <a href="https://x.org:99999/">y</a></p>',
}  # fmt: skip
ODD_WORDS = (
    "None", "Damage: None", "Talk | undefined | x", "{{ title }} in Jinja", "What {{  x  }} means", "ends with {{",
    "100%7B%7Boff", "*|FNAME|*", "Lorem ipsum", "word " * 40, "Wo" * 140, "مرحبا: None", "A & B <i> \"q\" 'r'",
)  # fmt: skip


@pytest.mark.parametrize("html", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_nothing_that_a_text_says_stops_a_mail(html: str) -> None:
    assert errors(of_ours([short_entry(html=html)])) == []


@pytest.mark.parametrize("words", ODD_WORDS)
def test_no_word_of_an_author_stops_a_mail(words: str) -> None:
    spoken = {"title": words, "summary": words, "authors": [words], "topics": [words]}
    shown = {"image": "https://harbour-trust.org/p.jpg", "image_alt": words}
    for entries in (
        [short_entry(**spoken, **shown)],
        [short_entry(**spoken, **shown, html=""), *digest_entries(3)],
    ):
        for around in (EXAMPLE, frame(subject="From the harbour and its neighbours: {title}")):
            assert errors(of_ours(entries, around)) == []


@pytest.mark.parametrize(
    "path", ["%7B%7Bx", "{{x}}", 'a"b', "a<b>", "it's", "мельница", "a(b)[c]", "?a=1&copy=2", "#!/x"]
)
def test_no_address_of_a_post_stops_a_mail(path: str) -> None:
    post = short_entry(url=f"https://hub.harbour-trust.org/{path}")
    assert errors(of_ours([post])) == []
    assert errors(of_ours([dataclasses.replace(post, html=""), *digest_entries(3)])) == []
    # Its address alone tells that it stands in both parts.
    assert errors(of_ours([dataclasses.replace(post, html="", title=" "), *digest_entries(3)])) == []


def test_a_missing_value_is_an_error_where_nobody_wrote_the_word() -> None:
    """Also where a post has it as a part of another word."""
    post = short_entry(url="https://hub.harbour-trust.org/posts/closed", html="<p>Nonetheless, we came.</p>")
    assert found("leftover", problems("<p>{{ None }}</p>", entries=[post])).level is Level.ERROR
    said = dataclasses.replace(post, summary="None of us slept.")
    assert found("leftover", problems("<p>{{ None }}</p>", entries=[said])).level is Level.WARNING
