"""What must hold for the text of every post and of every mail, whatever is in it."""

from __future__ import annotations

import re
from itertools import count
from urllib.parse import unquote

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from mail_samples import digest_entries, frame, long_entry, short_entry, somebody

from newsletter.rendering.body import fit_for_mail
from newsletter.rendering.email import render, render_notice
from newsletter.rendering.mail_parts import Entry, Rendered
from newsletter.rendering.plaintext.html_to_text import write
from newsletter.rendering.plaintext.wrap import WIDTH, columns
from newsletter.rendering.preview import html_for, text_for
from newsletter.rendering.templates.environment import EDITION_KINDS, template_sources

OURS = template_sources([], *EDITION_KINDS, "confirm")
#: Lines that may be longer: those with one word that must stay whole, and code.
WHOLE = re.compile(r"[-> \d.]* {4}.*|[> ]*(\S+ )?\S*(https?://\S+|\S{60,})\S*( \[\d+\])?")

_INLINE = ("em", "strong", "b", "i", "span", "mark", "q", "s", "sup", "sub", "small", "code", "ins")
_BLOCK = ("p", "div", "blockquote", "h2", "h3", "h4", "figure", "figcaption", "section")


class _Numbers:
    """Gives each piece of a document its own number, so that order and repetition can be seen."""

    def __init__(self) -> None:
        self.words, self.links = count(), count()

    def word(self) -> str:
        return f"w{next(self.words)}w"

    def address(self) -> str:
        return f"https://l{next(self.links)}.example.org/x?a=1&amp;b=2"


LEAVES = st.sampled_from(["word", "words", "cjk", "arabic", "br", "nbsp", "image", "entity"])
INLINES = st.recursive(
    LEAVES,
    lambda inner: st.tuples(st.sampled_from([*_INLINE, "a"]), st.lists(inner, max_size=3)),
    max_leaves=6,
)
BLOCKS = st.recursive(
    st.tuples(st.sampled_from(_BLOCK), st.lists(INLINES, max_size=4)) | INLINES | st.just("hr"),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(_BLOCK), st.lists(inner, max_size=3)),
        st.tuples(st.sampled_from(["ul", "ol", "dl", "table", "pre", "card"]), st.lists(inner, max_size=4)),
    ),
    max_leaves=12,
)
DOCUMENTS = st.lists(BLOCKS, max_size=5)


def typed(piece: object, numbers: _Numbers) -> str:
    """HTML as a source might give it, of a drawn plan."""
    if isinstance(piece, str):
        return {
            "word": f"{numbers.word()} ",
            "words": f"some {numbers.word()} more or less of them, and again some. ",
            "cjk": f"潮の表は印刷されていた。{numbers.word()}漢字",
            "arabic": f" مرحبا {numbers.word()} بالعالم ",
            "br": "<br>",
            "hr": "<hr>",
            "nbsp": "&nbsp; ",
            "image": f'<img src="https://hub.example.org/a.jpg" alt="{numbers.word()} seen">',
            "entity": f"&lt;b&gt; &amp;amp; {numbers.word()}",
        }[piece]
    tag, inner = piece  # type: ignore[misc]
    if tag == "a":
        address = numbers.address()
        return f'<a href="{address}">{"".join(typed(part, numbers) for part in inner)}</a>'
    if tag == "card":
        address = numbers.address()
        return f'<a href="{address}"><div>{"".join(typed(part, numbers) for part in inner)}</div></a>'
    parts = [typed(part, numbers) for part in inner]
    if tag in ("ul", "ol"):
        return f"<{tag}>" + "".join(f"<li>{part}</li>" for part in parts) + f"</{tag}>"
    if tag == "dl":
        return (
            "<dl>"
            + "".join(f"<{'d' + 'td'[n % 2]}>{part}</{'d' + 'td'[n % 2]}>" for n, part in enumerate(parts))
            + "</dl>"
        )
    if tag == "table":
        return "<table><tr>" + "".join(f"<td>{part}</td>" for part in parts) + "</tr></table>"
    return f"<{tag}>{''.join(parts)}</{tag}>"


def words_of(text: str) -> list[str]:
    return re.findall(r"w\d+w", text)


def bare(address: str) -> str:
    return unquote(address).rstrip("/")


def check_clean(text: str) -> None:
    """What no text of ours has, anywhere."""
    assert not re.search(r"\n{3}|[ \t\u00a0]$|[\x00-\x08\x0b-\x1f\u00ad\u200b]", text, re.MULTILINE), text
    for line in text.split("\n"):
        assert columns(line) <= WIDTH + 2 or WHOLE.fullmatch(line), line


def check_links(html: str, text: str) -> None:
    """Every address that the HTML leads to can be found in the text."""
    shown = unquote(text)
    for link in lxml_html.document_fromstring(html).iter("a"):
        address = link.get("href") or ""
        if address.startswith("http"):
            assert bare(address) in shown, address


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS)
def test_every_word_and_every_link_of_a_post_is_in_its_text_once_and_in_order(document: list[object]) -> None:
    numbers = _Numbers()
    html = fit_for_mail(
        "".join(typed(piece, numbers) for piece in document), "https://hub.example.org/posts/x"
    )
    written = write(html)
    root = lxml_html.fragment_fromstring(html, create_parent="div")
    for image in list(root.iter("img")):
        image.tail = f" {image.get('alt')} {image.tail or ''}"
    assert words_of(written.text) == words_of(root.text_content())
    assert len(set(written.notes)) == len(written.notes)
    for link in root.iter("a"):
        address = link.get("href")
        assert address in written.notes or address in written.text
    used = {int(number) for number in re.findall(r"\[(\d+)\]", written.text)}
    assert used == set(range(1, len(written.notes) + 1))
    check_clean(written.text if "<pre>" not in html else re.sub(r"\n{3,}", "\n\n", written.text))
    assert not re.search(r"<(?!b>)/?[a-z]|&(?!amp;)[a-z]+;", written.text)


TITLES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn")), max_size=120)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(TITLES, TITLES), max_size=6), st.integers(0, 4), TITLES)
def test_a_digests_text_has_the_same_posts_in_the_same_order_with_every_link(
    drawn: list[tuple[str, str]], most: int, note: str
) -> None:
    entries = [
        short_entry(
            key=str(n), title=f"w{n}w {title}", summary=summary, url=f"https://hub.example.org/posts/{n}", html=""
        )
        for n, (title, summary) in enumerate(drawn)
    ]  # fmt: skip
    rendered = render(frame(most=most, note=f"words {note}", subject="s"), entries, OURS)
    check_mail(rendered)
    html = lxml_html.document_fromstring(rendered.html)
    places = [f"https://hub.example.org/posts/{n}" for n in range(len(entries))]
    in_html = [place for place in map(lambda a: a.get("href"), html.iter("a")) if place in places]  # noqa: C417
    in_text = re.findall(r"https://hub\.example\.org/posts/\d+", text_of(rendered))
    assert list(dict.fromkeys(in_html)) == in_text == places
    headings = [words_of(node.text_content()) for node in html.iter("h2")]
    shown = [word for heading in headings for word in heading]
    assert [word for word in words_of(text_of(rendered)) if word in shown][-len(shown) or None :] == shown


def text_of(rendered: Rendered) -> str:
    return text_for(rendered, somebody())


def check_mail(rendered: Rendered) -> None:
    person = somebody()
    html, text = html_for(rendered, person), text_for(rendered, person)
    check_links(html, text)
    check_clean(text)
    assert not re.search(r"\{\{|\{%|\bNone\b|&nbsp;|</|m[0-9a-f]{24}", text)
    for address in (person.unsubscribe_url, person.preferences_url):
        assert text.count(address) == 1
    assert "14 Quayside Lane" in text


def test_our_mails_keep_all_of_it() -> None:
    samples: list[list[Entry]] = [[long_entry()], [short_entry()], digest_entries(2), digest_entries(9)]
    for entries in samples:
        check_mail(render(frame(most=4, note="A note.\n\nOf two."), entries, OURS))
    check_mail(render(frame(language="ar", direction="rtl"), [short_entry(title="مغلق يوم الاثنين")], OURS))


def test_the_preheader_is_not_said_again_in_the_text() -> None:
    rendered = render(frame(preheader="Only for the inbox"), digest_entries(3), OURS)
    assert "Only for the inbox" in rendered.html
    assert "Only for the inbox" not in rendered.text


def test_a_digest_lists_what_is_in_it_and_says_the_note_first() -> None:
    text = text_of(render(frame(note="Dear friends."), digest_entries(3), OURS))
    note, contents, first = (
        text.index(words) for words in ("Dear friends.", "In this mail", "How the tide tables came home\n---")
    )
    assert note < contents < first


def test_a_post_that_is_shortened_is_as_short_in_the_text_and_says_where_the_rest_is() -> None:
    entry = long_entry(html="<p>paragraph of words</p>" * 9_000)
    rendered = render(frame(), [entry], OURS)
    assert rendered.text.count("paragraph of words") == rendered.html.count("paragraph of words") < 9_000
    assert f"Read the rest:\n{entry.url}\n" in rendered.text


def test_a_confirmations_text_has_its_links_too() -> None:
    rendered = render_notice(
        frame(subject=""), "confirm", {"confirm_url": "https://hub.example.org/confirm/a"}, OURS
    )
    check_links(html_for(rendered, somebody()), text_of(rendered))
    check_clean(text_of(rendered))
