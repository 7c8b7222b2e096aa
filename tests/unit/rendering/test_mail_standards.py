"""What every mail must be, on the HTML as it goes out: compiled, spliced for a person, sent, and read back.

The letters in the names (E1 … E14) are the project's list of what mail programs and readers need; what only a browser
can measure (E5, E7) is in tests/browser.
"""

from __future__ import annotations

import dataclasses
import email.policy
import random
import re
from collections.abc import Callable
from functools import cache
from html import escape
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from mail_looks import (
    ARABIC_HTML,
    BRAND,
    FILM,
    HEBREW,
    NOTE,
    OURS,
    WIDE,
    arabic,
    arabic_site,
    as_outlook_reads,
    tides,
    week,
)
from mail_samples import frame, long_entry, short_entry, somebody

from newsletter.errors import RenderError
from newsletter.rendering.email import render, render_notice, render_web
from newsletter.rendering.mail_parts import Entry, Frame, Rendered
from newsletter.rendering.mime.message import compile_message

#: Gmail hides what comes after this many bytes; "102 KB" by those who measured it.
CLIPPED = 100 * 1024
#: A whole element of these may be in a mail; anything else was let in by mistake.
TAGS = set(
    """
    html head meta title style body main table caption thead tbody tfoot tr th td div p span a img br h1 h2 h3 h4 h5 h6
    ol ul li dl dt dd blockquote pre code figure figcaption em strong hr b i u s sub sup small abbr cite q kbd samp
    var mark del ins bdi bdo ruby rp rt dfn wbr
    """.split()  # noqa: SIM905
)
CONFIRM = {"confirm_url": "https://hub.example.org/confirm/abc234"}


def _sent(rendered: Rendered, around: Frame, *, notice: bool = False) -> tuple[bytes, str]:
    """The HTML part of a finished message: as encoded, and as its reader's program gets it."""
    wire = compile_message(rendered, around, notice=notice).splice(somebody())
    message = email.message_from_bytes(wire, policy=email.policy.default)
    part: Any = message.get_body(("html",))
    return part.as_bytes(), part.get_content()


def _edition(around: Frame, entries: list[Entry]) -> tuple[bytes, str]:
    return _sent(render(around, entries, OURS), around)


MAILS: dict[str, Callable[[], tuple[bytes, str]]] = {
    "post": lambda: _edition(frame(), [tides()]),
    "digest": lambda: _edition(frame(note=NOTE, most=5), week()),
    "one of a digest": lambda: _edition(frame(), [long_entry(html="")]),
    "announcement": lambda: _edition(frame(note=NOTE), []),
    "brand": lambda: _edition(frame(design=BRAND | {"logo_dark": "https://hub.example.org/dark.png"}), [tides()]),
    "film": lambda: _edition(frame(), [short_entry(html=FILM)]),
    "wide": lambda: _edition(frame(), [short_entry(html=WIDE)]),
    "arabic": lambda: _edition(arabic_site(), [arabic(html=ARABIC_HTML)]),
    "hebrew": lambda: _edition(frame(), [short_entry(**HEBREW, html=ARABIC_HTML)]),
    "confirm": lambda: _sent(render_notice(frame(subject=""), "confirm", CONFIRM, OURS), frame(), notice=True),
}  # fmt: skip
EDITIONS = [name for name in MAILS if name != "confirm"]


@cache
def sent(name: str) -> tuple[bytes, str]:
    return MAILS[name]()


@cache
def document(name: str) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(sent(name)[1])


every_mail = pytest.mark.parametrize("name", MAILS)


#: Longer than anything: plain, three bytes a letter, many code points a letter, to be escaped, sentences, nothing.
LONG = ("word " * 9000, "題" * 20_000, "🧑‍🌾" * 4000, '<b>&"' * 9000, "Ends. " * 9000, "x" * 60_000, "")


def monster(chance: random.Random) -> Entry:
    """A post as nobody should write one."""

    def long() -> str:
        return chance.choice(LONG)

    def address() -> str:
        return "https://x.example/" + "%20" * chance.choice((0, 100, 2600))

    return Entry(
        key="k", title=long(), url=address(), date_text=long(), summary=long(),
        html=chance.choice(("", f"<p>{escape(long())}</p>" * 3, f"<pre>{escape(long())}</pre>", "<li>x" * 999)),
        authors=[long() for _ in range(chance.choice((0, 1, 30)))],
        topics=[long() for _ in range(chance.choice((0, 9)))],
        image=chance.choice((None, address())), image_alt=long(), language=chance.choice(("", "ar", "en")),
        enclosure=chance.choice((None, {"url": address(), "media_type": "audio/mpeg", "length": 1})),
    )  # fmt: skip


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(
    st.integers(0, 2**32),
    st.sampled_from([1, 2, 5, 40]),
    st.integers(0, 100),
    st.sampled_from(["", NOTE, "word " * 1500]),
)
def test_e1_no_mail_is_clipped_whatever_the_posts_and_the_way_out_comes_before_the_limit(
    seed: int, number: int, most: int, note: str
) -> None:
    chance = random.Random(seed)
    around = frame(most=most, note=note, subject="s")
    wire, html = _edition(around, [monster(chance) for _ in range(number)])
    assert len(wire) < CLIPPED
    assert len(html.encode()) < CLIPPED
    assert "/unsubscribe/" in html
    assert "14 Quayside Lane" in html
    assert "Noor@example.org" in html


@every_mail
def test_e2_the_document_says_what_it_is(name: str) -> None:
    html, page = sent(name)[1], document(name)
    assert html.startswith("<!DOCTYPE html>")
    assert page.get("lang") == ("ar" if name == "arabic" else "en")
    assert page.get("dir") == ("rtl" if name == "arabic" else "ltr")
    assert page.xpath("string(//title)").strip()
    assert page.xpath("//meta/@charset") == ["utf-8"]
    assert page.xpath("//meta[@name='viewport']/@content") == ["width=device-width, initial-scale=1"]
    assert page.xpath("//meta[@name='x-apple-disable-message-reformatting']/@content") == [""]
    assert not page.xpath("//meta[not(@content) and not(@charset)]")
    assert len(page.xpath("//main | //*[@role='main']")) == 1
    # A mail program may throw away <html>; language and direction are said inside as well.
    assert page.xpath("//table[1]/@lang | //table[1]/@dir") != []


@every_mail
def test_e3_layout_tables_say_so_and_headings_and_lists_are_real(name: str) -> None:
    page = document(name)
    for table in page.iter("table"):
        if table.xpath("ancestor::div[@class='prose']"):
            assert table.get("role") is None, "a table of a post is a table"
        else:
            found = {key: table.get(key) for key in ("role", "border", "cellpadding", "cellspacing")}
            assert found == {"role": "presentation", "border": "0", "cellpadding": "0", "cellspacing": "0"}
    levels = [int(node.tag[1]) for node in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(node.getparent().tag in ("ul", "ol") for node in page.iter("li"))


@every_mail
def test_e4_every_picture_has_a_description_a_width_and_an_address_on_the_web(name: str) -> None:
    for image in document(name).iter("img"):
        assert image.get("alt") is not None
        assert re.fullmatch(r"\d+", image.get("width"))
        assert image.get("src").startswith("https://")
        assert "max-width:100%" in image.get("style"), "or it is wider than a telephone"
        inside = image.xpath("ancestor::a")
        if inside:
            assert image.get("alt") or inside[0].text_content().strip(), "a link has words with pictures off"


def test_e4_sizes_that_are_known_are_given_so_that_nothing_jumps() -> None:
    lead, thumb = document("digest").xpath("//img[@height]")[:2]
    assert (lead.get("width"), lead.get("height")) == ("536", "335")
    assert (thumb.get("width"), thumb.get("height")) == ("120", "75")
    unknown = document("digest").xpath("//img[not(@height)]")[0]
    assert unknown.get("width") == "120"


@every_mail
def test_e5_links_in_text_are_underlined_not_only_coloured(name: str) -> None:
    """But for titles, the masthead and buttons, which stand alone and do not look like text."""
    for link in document(name).iter("a"):
        alone = link.get("class") == "button" or link.xpath(
            "ancestor::h1 | ancestor::h2[not(ancestor::div[@class='prose'])] | ancestor::td[@class='masthead'] | img"
        )
        assert alone or "text-decoration:underline" in link.get("style"), lxml_html.tostring(link)


@every_mail
def test_e6_dark_mode_is_announced_kept_and_not_beaten_by_inlined_styles(name: str) -> None:
    page = document(name)
    assert page.xpath("//meta[@name='color-scheme']/@content") == ["light dark"]
    assert page.xpath("//meta[@name='supported-color-schemes']/@content") == ["light dark"]
    kept = "".join(style.text for style in page.iter("style"))
    assert "color-scheme: light dark" in kept
    dark = kept[kept.index("prefers-color-scheme: dark") :]
    dark = dark[: dark.index("[data-ogsb]")]
    rules = re.findall(r"\{([^{}]*)\}", dark[dark.index("{") + 1 :])
    assert len(rules) > 10
    assert all("!important" in line for rule in rules for line in rule.split(";") if line.strip())
    assert "!important" not in "".join(page.xpath("//@style"))


@every_mail
def test_e6_text_and_its_ground_are_set_together_so_that_no_program_darkens_only_one(name: str) -> None:
    page = document(name)
    for cell in page.xpath("//td[contains(@class, 'page') or @class='card' or @class='note']"):
        assert re.search(r"background-color:#[0-9a-f]{3,6}", cell.get("style")), "also without a style block"
        assert cell.get("bgcolor"), "also in Outlook"
    for button in page.xpath("//a[@class='button']"):
        assert {"background-color", "color"} <= set(_declared(button))


@every_mail
def test_e7_words_are_large_enough_and_long_ones_break(name: str) -> None:
    page = document(name)
    for node in page.iter():
        size = _declared(node).get("font-size") if isinstance(node.tag, str) else None
        if size and node.text_content().strip("\xa0 \n") and node.get("class") != "hidden":
            assert float(size.removesuffix("px")) >= 14, lxml_html.tostring(node)[:80]
    for cell in page.xpath("//td[@class='card' or @class='foot']"):
        assert _declared(cell)["overflow-wrap"] == "break-word"
        assert _declared(cell)["word-break"] == "break-word", "for programs that know only this name"
    assert all(_declared(node)["white-space"] == "pre-wrap" for node in page.iter("pre"))
    assert all(_declared(node)["overflow-x"] == "auto" for node in page.xpath("//div[@class='scroll']"))
    assert all(
        table.getparent().get("class") == "scroll" for table in page.xpath("//div[@class='prose']//table")
    )


class _Tags(HTMLParser):
    """Whether what is opened is closed, in order; as a strict reader (Word) wants it."""

    void = frozenset({"meta", "img", "br", "hr", "o:allowpng", "w:anchorlock", "wbr", "link"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "li") and tag not in self.open:
            return
        while self.open and self.open[-1] != tag and self.open[-1] in ("p", "li", "td", "th", "tr"):
            self.wrong.append(self.open.pop())
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@every_mail
def test_e8_outlooks_tables_balance_and_so_do_everybody_elses(name: str) -> None:
    html = sent(name)[1]
    for read in (as_outlook_reads(html), re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)):
        tags = _Tags()
        tags.feed(read)
        assert tags.wrong == []
        assert tags.open == []
    assert (
        as_outlook_reads(html).count("<table") == html.replace("<!--[if mso]><table", "").count("<table") + 1
    )
    assert (
        '<table role="presentation" border="0" cellpadding="0" cellspacing="0" width="600" align="center"'
        in html
    )
    assert "<o:PixelsPerInch>96</o:PixelsPerInch>" in html
    assert "[if" not in re.sub(r"<!--\[if (!?)mso\]>", "", html), "only comments that were looked at"


@every_mail
def test_e8_every_button_has_a_twin_for_outlook_that_leads_to_the_same_place(name: str) -> None:
    html = sent(name)[1]
    shapes = [
        (match["href"], match["label"])
        for match in re.finditer(
            r'<v:roundrect [^>]*href="(?P<href>[^"]+)"[^>]*style="height:48px;v-text-anchor:middle;width:\d+px;"'
            r'[^>]*fillcolor="#[0-9a-f]{6}">.*?<center [^>]*>(?P<label>[^<]+)</center></v:roundrect>',
            html,
        )
    ]
    buttons = re.findall(r'<a class="button" href="([^"]+)"[^>]*>([^<]+)</a>', html)
    assert shapes == buttons
    assert 'class="button"' not in as_outlook_reads(html), "or Outlook shows both"
    assert html.count("<v:roundrect") == len(shapes)


@every_mail
def test_e8_nothing_hangs_on_what_outlook_does_not_know(name: str) -> None:
    html = sent(name)[1]
    assert not re.search(r"display:\s*(inline-)?(flex|grid)|position:|float:|background-image|url\(", html)
    for image in document(name).iter("img"):
        assert int(image.get("width")) <= 536, "it obeys no max-width, and the column is 536 pixels"
    for cell in document(name).xpath("//td[contains(@style, 'text-align')]"):
        if cell.get("class") in ("card", "foot", "top", "masthead"):
            assert cell.get("align") in ("left", "right")


@every_mail
def test_e9_only_css_that_mail_programs_know_and_blocks_that_gmail_keeps(name: str) -> None:
    html, page = sent(name)[1], document(name)
    assert not re.search(r"var\(|clamp\(|calc\(|@import|@font-face|<link", html)
    blocks = [style.text for style in page.iter("style")]
    assert len(blocks) == 1, "what can be inlined is inlined"
    assert len(blocks[0]) < 8192
    kept = {match for match in re.findall(r"\.([a-z][a-z-]*)", blocks[0]) if not match.isdigit()}
    used = {word for value in page.xpath("//@class") for word in value.split()}
    assert {"card", "foot", "page", "band"} <= used & kept


@every_mail
def test_e10_and_e11_nothing_runs_fetches_or_is_let_in(name: str) -> None:
    page = document(name)
    found = {node.tag for node in page.iter() if isinstance(node.tag, str)}
    assert found <= TAGS, found - TAGS
    assert not [key for node in page.iter() for key in node.attrib if key.startswith("on")]
    addresses = page.xpath("//@href | //@src")
    assert all(re.match(r"https?://|mailto:|tel:|#", address) for address in addresses), addresses


def test_e10_a_film_is_a_picture_that_leads_there_and_says_so_in_words() -> None:
    link = document("film").xpath("//a[@class='film']")[0]
    assert link.get("href") == "https://video.example.org/1"
    assert link.xpath("img/@alt") == [""], "its words stand below it, once"
    assert link.text_content().strip() == "▶︎ Video: The mill"


@pytest.mark.parametrize("name", EDITIONS)
def test_e12_the_preheader_is_hidden_and_padded_and_the_subject_is_there(name: str) -> None:
    hidden = document(name).xpath("//body/*[1][@class='hidden']")[0]
    assert _declared(hidden)["display"] == "none"
    assert "mso-hide" in _declared(hidden)
    assert hidden.get("aria-hidden") == "true"
    assert hidden.text_content().count("\u034f") >= 40


@pytest.mark.parametrize("name", EDITIONS)
def test_e13_there_is_a_way_to_the_web_and_nothing_that_watches(name: str) -> None:
    page = document(name)
    assert page.xpath("//a[normalize-space()='View in browser']/@href") == [
        "https://hub.example.org/editions/7/"
    ]
    for image in page.iter("img"):
        assert int(image.get("width")) > 1
        assert image.get("height") != "1"


def test_e13_the_web_version_is_the_same_mail_without_a_person_in_it() -> None:
    web = lxml_html.document_fromstring(render_web(frame(note=NOTE, most=5), week(), OURS))
    assert web.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert [node.text_content() for node in web.iter("h1", "h2")] == [
        node.text_content() for node in document("digest").iter("h1", "h2")
    ]
    whole = lxml_html.tostring(web, encoding="unicode")
    for personal in (
        "Sent to",
        "Unsubscribe",
        "Change what you get",
        "View in browser",
        "reply to this mail",
    ):
        assert personal not in whole


@settings(max_examples=30, deadline=None)
@given(st.text(st.sampled_from("aé漢字👩‍🚀🏴󠁧󠁢󠁥󠁮󠁧󠁿ضẹ́\u200d\u200f\u0301"), min_size=1, max_size=40))
def test_e14_any_script_survives_to_the_inbox(words: str) -> None:
    marked = f"x{words}x"
    html = _edition(frame(subject="s"), [short_entry(html=f"<p>{marked}</p>", title=marked)])[1]
    page = lxml_html.document_fromstring(html)
    assert page.xpath("string(//div[@class='prose']/p)") == marked
    assert page.xpath("string(//h1)") == marked


@every_mail
def test_nothing_of_a_template_is_left_over(name: str) -> None:
    html = sent(name)[1]
    assert not re.search(r"None|undefined|\{\{|\}\}|\{%|%7B|&amp;lt;", html)
    assert not re.search(r'class="\s|\s"|class=""', "".join(re.findall(r'class="[^"]*"', html)))


def test_a_design_that_is_wrong_stops_the_mail_before_anything_is_sent() -> None:
    with pytest.raises(RenderError, match="white"):
        render(frame(design={"page": "white"}), [short_entry()], OURS)


def _declared(node: lxml_html.HtmlElement) -> dict[str, str]:
    pairs = (part.partition(":") for part in (node.get("style") or "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip()}


def test_a_digest_leads_with_its_first_post_and_keeps_the_others_calm() -> None:
    page = document("digest")
    assert [node.get("class") for node in page.iter("h2")] == ["first", None, None, None, None, None]
    assert len(page.xpath("//a[@class='button']")) == 1
    assert len(page.xpath("//a[@class='more']")) == 4
    assert all("padding:11px 0" in link.get("style") for link in page.xpath("//a[@class='more']"))


def test_the_foot_says_why_and_how_to_change_it_and_what_staff_wrote() -> None:
    page = document("brand")
    foot = " ".join(page.xpath("//td[@class='foot']")[0].text_content().split())
    for words in (
        "reply to this mail", "Sent to Noor@example.org because you asked for it, once a week.", "Unsubscribe",
        "Registered charity 1234567", "Mastodon", "video.example.org/hub", "Harbour Learning Trust", "14 Quayside Lane",
    ):  # fmt: skip
        assert words in foot
    assert "https://social.example.org/@hub" in page.xpath("//td[@class='foot']//a/@href")
    without = dataclasses.replace(frame(), design={})
    assert "charity" not in _edition(without, [short_entry()])[1]
