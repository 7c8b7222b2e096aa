from __future__ import annotations

import dataclasses
import re
from email import message_from_bytes, policy
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mail_samples import digest_entries, frame, long_entry, short_entry, somebody

from newsletter.errors import UnsafeValue
from newsletter.rendering.email import render, render_notice
from newsletter.rendering.mail_parts import Frame, Personal, Rendered
from newsletter.rendering.mime.message import CompiledMessage, compile_message
from newsletter.rendering.preview import html_for, preview_personal, text_for
from newsletter.rendering.templates.environment import EDITION_KINDS, template_sources

OURS = template_sources([], *EDITION_KINDS, "confirm")
ONCE = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Reply-To",
    "Content-Type",
    "X-Newsletter-Message",
)
#: Headers whose value is one piece that must not be folded, however long it is.
WHOLE = (b"To:", b"Message-ID:", b"X-Newsletter-Message:", b"List-Unsubscribe:", b" <")


def compiled(entries: list[Any] | None = None, **changes: Any) -> tuple[Rendered, Frame, CompiledMessage]:
    around = frame(**changes)
    rendered = render(around, [short_entry()] if entries is None else entries, OURS)
    return rendered, around, compile_message(rendered, around)


def check(content: bytes, rendered: Rendered, personal: Personal) -> EmailMessage:
    """Everything that must hold for every message, on the bytes that go over the wire."""
    assert content.isascii()
    assert content.endswith(b"\r\n")
    bare = content.replace(b"\r\n", b"")
    assert b"\r" not in bare
    assert b"\n" not in bare
    for line in content.split(b"\r\n"):
        assert len(line) <= 78 or (line.startswith(WHOLE) and len(line) <= 998)
        assert not line.startswith(b".")
    head = content.partition(b"\r\n\r\n")[0]
    for name in ONCE:
        assert len(re.findall(rb"(?im)^" + name.encode() + rb":", head)) == 1, name
    message = cast(EmailMessage, message_from_bytes(content, policy=policy.default))
    assert not any(part.defects for part in message.walk())
    assert [a.addr_spec for a in cast(AddressHeader, message["To"]).addresses] == [personal.address]
    assert message["Subject"] == rendered.subject
    assert message["Message-ID"].strip() == message["X-Newsletter-Message"].strip() == personal.message_id
    assert not {name.lower() for name in message} & {"bcc", "cc", "sender", "x-injected"}
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    for part in (text, html):
        assert part.get_content_charset() == "utf-8"
        assert part["Content-Transfer-Encoding"] == "quoted-printable"
    assert body(text) == text_for(rendered, personal)
    assert body(html) == html_for(rendered, personal)
    return message


def body(part: Any) -> str:
    return cast(bytes, part.get_payload(decode=True)).decode("utf-8").replace("\r\n", "\n")


def test_a_finished_edition() -> None:
    rendered, _, message = compiled([long_entry()])
    personal = somebody()
    parsed = check(message.splice(personal), rendered, personal)
    assert parsed["From"] == "Harbour Learning Trust <hub@example.org>"
    assert parsed["Reply-To"] == "answers@example.org"
    assert parsed["List-Id"] == "Latest from the Learning Hub <learning-hub.example.org>"
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsed["List-Archive"] == "<https://hub.example.org/>"
    assert parsed["Feedback-ID"] == "7:weekly:edition:learning-hub"
    assert parsed["Precedence"] == "bulk"
    assert "Auto-Submitted" not in parsed
    assert parsed["Date"].datetime == personal.date


def test_one_click_has_one_https_address_and_the_mailbox_behind_it() -> None:
    _, _, message = compiled()
    personal = somebody()
    field = re.search(rb"List-Unsubscribe: (.*?)\r\nL", message.splice(personal), re.DOTALL)
    assert field is not None
    assert field[1] == (
        f"<{personal.unsubscribe_url}>,\r\n <mailto:{personal.unsubscribe_mailbox}?subject=unsubscribe>".encode()
    )


def test_an_edition_without_a_way_out_is_refused() -> None:
    _, _, message = compiled()
    with pytest.raises(UnsafeValue, match="unsubscribe"):
        message.splice(somebody(unsubscribe_url=""))


def test_a_notice_is_automatic_and_no_list_mail() -> None:
    around = frame(subject="")
    rendered = render_notice(around, "confirm", {"confirm_url": "https://hub.example.org/confirm/abc"}, OURS)
    message = compile_message(rendered, around, notice=True)
    personal = somebody(unsubscribe_url="", preferences_url="", unsubscribe_mailbox="")
    parsed = check(message.splice(personal), rendered, personal)
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert not [name for name in parsed.keys() if name.startswith(("List-", "Precedence", "Feedback-ID"))]  # noqa: SIM118
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in message.splice(somebody())


def test_the_same_copy_is_the_same_bytes_each_time() -> None:
    rendered, around, message = compiled(digest_entries(5))
    personal = somebody()
    again = compile_message(Rendered.from_json(rendered.as_json()), around)
    assert message.splice(personal) == message.splice(personal) == again.splice(personal)


def test_one_persons_values_never_stay_for_the_next() -> None:
    _, _, message = compiled()
    first, second = somebody(), somebody(address="bo@example.org", address_shown="bo@example.org", name="Bo")
    message.splice(first)
    content = message.splice(second)
    for value in (first.address, first.name, first.message_id, first.unsubscribe_url.rpartition("/")[2]):
        assert value.encode() not in content.replace(b"=\r\n", b"")


NAMES = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn"))
    | st.sampled_from("<>&\"'=?_.,;:@()[]\\-é漢ع👩‍🚀\u0301\u200f "),
    max_size=90,
)
TITLES = NAMES.map(str.strip).filter(bool)
TOKENS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"), min_size=1, max_size=60)
HOSTILE_HTML = st.lists(
    st.sampled_from(
        ["<p>words</p>",
         ".\r\n.\r\n", "\r\nBcc: x@example.org\r\n\r\n", "--=_newsletter", "--=_newsletter--", "=\r\n",
         "=?utf-8?q?=0A?=",
         "From me\n", "\n.\n", "<b>", "&#10;.&#10;", "漢字👩‍🚀", "ع ", "x" * 90,
         "=3D", "\x85", "\u2028"]
    ),
    min_size=1,
    max_size=10,
).map("".join)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(TITLES, HOSTILE_HTML, NAMES, NAMES, TOKENS)
def test_nothing_that_a_post_or_a_person_contains_leaves_its_place(
    title: str, html: str, name: str, shown: str, token: str
) -> None:
    rendered, _, message = compiled([short_entry(title=title, html=f"<p>x</p>{html}", summary=title)])
    personal = somebody(
        name=name,
        address_shown=shown,
        unsubscribe_url=f"https://hub.example.org/unsubscribe/{token}?a=1&b=.",
        preferences_url=f"https://hub.example.org/p/{token}",
        message_id=f"<{token}@example.org>",
    )
    check(message.splice(personal), rendered, personal)


@settings(max_examples=200, deadline=None)
@given(NAMES, NAMES)
def test_every_name_and_every_shown_address_arrives_as_it_is(name: str, shown: str) -> None:
    personal = somebody(name=name, address_shown=shown)
    check(ONE_MESSAGE.splice(personal), ONE_RENDERED, personal)


ONE_RENDERED, _, ONE_MESSAGE = compiled([short_entry()])


@pytest.mark.parametrize(
    "shown",
    [".", "..", "From me", "=", " ", "", "a" * 300, ". ", "é" * 40, "\r\n.\r\n", "--=_newsletter--"],
)
def test_values_that_are_awkward_at_the_beginning_of_a_line(shown: str) -> None:
    personal = somebody(address_shown=shown)
    check(ONE_MESSAGE.splice(personal), ONE_RENDERED, personal)


@pytest.mark.parametrize(
    "words",
    [
        "👩‍👩‍👧‍👦 🏳️‍🌈",
        "漢字とかな",
        "مرحبا بالعالم",
        "e\u0301a\u0308\u0323",
        "\u200fעברית\u200e",
        "नमस्ते",
        "🇺🇦",
    ],
)
def test_every_script_survives_in_subject_name_text_and_html(words: str) -> None:
    rendered, _, message = compiled([short_entry(title=words, html=f"<p>{words}</p>")])
    personal = somebody(name=words, address_shown=words)
    parsed = check(message.splice(personal), rendered, personal)
    assert parsed["Subject"] == words
    assert cast(AddressHeader, parsed["To"]).addresses[0].display_name == words
    text, html = parsed.iter_parts()
    assert body(text).count(words) >= 3
    assert body(html).count(words) >= 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Ann\r\nBcc: x@example.org"),
        ("name", "Ann\0"),
        ("name", "Ann\u2028Lee"),
        ("address", "ann@example.org\r\nRCPT TO:<x@example.org>"),
        ("address", "ann@example.org, bo@example.org"),
        ("address", "ann@bücher.example"),
        ("unsubscribe_url", "javascript:alert(1)"),
        ("unsubscribe_url", 'https://x.example/"onclick="x'),
        ("preferences_url", "https://x.example/ y"),
        ("preferences_url", ""),
        ("unsubscribe_mailbox", "leave@example.org>,<https://evil.example/"),
        ("message_id", "<x@example.org>\r\nX-Injected: y"),
    ],
)
def test_a_value_that_would_break_out_is_refused(field: str, value: str) -> None:
    with pytest.raises(UnsafeValue):
        ONE_MESSAGE.splice(somebody(**{field: value}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("from_name", "Trust\nBcc: x@example.org"),
        ("from_address", "hub@bücher.example"),
        ("reply_to", "a@example.org, b@example.org"),
        ("list_id", "learning hub"),
        ("feedback_id", "7:ünicode:x:y"),
        ("archive_url", "https://x.example/>"),
    ],
)
def test_a_frame_that_cannot_be_written_is_refused_when_it_is_compiled(field: str, value: str) -> None:
    with pytest.raises(UnsafeValue):
        compile_message(ONE_RENDERED, frame(**{field: value}))


def test_a_subject_is_the_same_for_everyone() -> None:
    mark = ONE_RENDERED.marks["name"]
    with pytest.raises(UnsafeValue, match="subject"):
        compile_message(dataclasses.replace(ONE_RENDERED, subject=f"For {mark}"), frame())


def test_a_long_sender_name_with_an_encoded_comma_stays_one_sender() -> None:
    name = "Verein für Lesen, Schreiben, Rechnen und Zuhören; Abteilung <Hafen> an der Ellery, ältere Gruppe"
    _, _, message = compiled(from_name=name)
    parsed = message_from_bytes(message.splice(somebody()), policy=policy.default)
    sender = cast(AddressHeader, parsed["From"])
    assert [a.addr_spec for a in sender.addresses] == ["hub@example.org"]


def test_the_preview_goes_to_somebody_who_does_not_exist() -> None:
    personal = preview_personal()
    assert personal.address.endswith(".invalid")
    check(ONE_MESSAGE.splice(personal), ONE_RENDERED, personal)
