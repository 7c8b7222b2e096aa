from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import UnsafeValue
from newsletter.rendering.mime import headers

PRINTABLE = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn"))
    | st.sampled_from('",;:<>@()[]\\ =?_.é漢👩‍🚀ع'),
    max_size=160,
)
CONTROL = st.sampled_from("\r\n\0\t\x0b\x1f\x7f\x85\u2028\u2029")


def parsed(field: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(field + b"\r\n", policy=policy.default))


def even(text: str) -> str:
    return re.sub(" {2,}", " ", text.strip())


def check_lines(field: bytes) -> None:
    assert field.endswith(b"\r\n")
    assert field.isascii()
    first, *rest = field[:-2].split(b"\r\n")
    assert re.match(rb"[A-Za-z-]+: \S", first)
    for line in rest:
        assert re.match(rb" \S", line), "a folded line begins with one space and is never blank"
    for line in (first, *rest):
        assert b"\n" not in line
        assert b"\r" not in line
        assert len(line) <= 78
    assert all(len(word) <= 75 for word in re.findall(rb"=\?\S+\?=", field))


@given(PRINTABLE.filter(lambda text: even(text) != ""))
def test_a_subject_arrives_as_it_was_written(subject: str) -> None:
    field = headers.unstructured("Subject", subject)
    check_lines(field)
    message = parsed(field)
    assert message.keys() == ["Subject"]
    assert str(message["Subject"]) == even(subject)
    assert not message["Subject"].defects


@given(PRINTABLE, st.sampled_from(["From", "To", "Reply-To"]))
def test_a_name_never_becomes_an_address_or_changes_one(name: str, field_name: str) -> None:
    field = headers.mailbox(field_name, name, "ann.o'neil+x@xn--bcher-kva.example")
    check_lines(field)
    message = parsed(field)
    header = cast(AddressHeader, message[field_name])
    assert message.keys() == [field_name]
    assert [address.addr_spec for address in header.addresses] == ["ann.o'neil+x@xn--bcher-kva.example"]
    # Python 3.11's parser puts a space between two encoded words of a name, and swallows no-break spaces.
    assert "".join(header.addresses[0].display_name.split()) == "".join(name.split())
    assert not header.defects


@given(PRINTABLE, CONTROL, PRINTABLE)
def test_a_line_break_or_control_character_is_refused(before: str, control: str, after: str) -> None:
    with pytest.raises(UnsafeValue):
        headers.unstructured("Subject", f"x{before}{control}{after}x")
    with pytest.raises(UnsafeValue):
        headers.mailbox("To", f"x{before}{control}{after}x", "ann@example.org")


def test_what_looks_like_an_encoded_word_is_not_decoded_into_a_header() -> None:
    hostile = "=?UTF-8?Q?=0A?=Bcc: victim@example.org"
    field = headers.unstructured("Subject", hostile)
    assert b"Bcc" not in field.replace(b"=20", b" ") or b"\nBcc" not in field
    assert str(parsed(field)["Subject"]) == hostile
    assert parsed(headers.mailbox("To", hostile, "ann@example.org")).keys() == ["To"]


def test_plain_ascii_stays_readable() -> None:
    assert headers.unstructured("Subject", "Closed on Monday") == b"Subject: Closed on Monday\r\n"
    assert headers.mailbox("To", "Ann Lee", "ann@example.org") == b"To: Ann Lee <ann@example.org>\r\n"
    assert headers.mailbox("To", "", "ann@example.org") == b"To: ann@example.org\r\n"
    assert headers.mailbox("To", 'Lee, "A."', "a@example.org") == b'To: "Lee, \\"A.\\"" <a@example.org>\r\n'


def test_a_family_emoji_is_not_cut_between_two_words() -> None:
    family = "👩‍👩‍👧"
    field = headers.unstructured("Subject", "x" * 30 + family * 8)
    for word in re.findall(rb"=\?utf-8\?.\?\S+\?=", field):
        text = str(parsed(b"Subject: " + word + b"\r\n")["Subject"])
        text.encode("utf-8")
        assert "\ufffd" not in text
    assert str(parsed(field)["Subject"]).endswith(family * 8)


@pytest.mark.parametrize(
    "address",
    ["", "ann", "ann@", "@example.org", "a@b@c", "ann@bücher.example", "ünn@example.org", "a b@example.org",
     "a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", "<a@example.org>", "a@example..org"],
)  # fmt: skip
def test_anything_but_one_plain_address_is_refused(address: str) -> None:
    with pytest.raises(UnsafeValue, match="mail address"):
        headers.mailbox("To", "Ann", address)


def test_a_list_unsubscribe_is_folded_only_between_addresses_and_never_encoded() -> None:
    url = "https://hub.example.org/unsubscribe/" + "a2" * 60
    field = headers.list_unsubscribe(url, "leave+abc%/x@example.org")
    assert (
        field
        == (
            f"List-Unsubscribe: <{url}>,\r\n <mailto:leave+abc%25%2Fx@example.org?subject=unsubscribe>\r\n"
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        ).encode()
    )
    assert b"mailto" not in headers.list_unsubscribe(url, "")


@pytest.mark.parametrize(
    "url",
    ["", "javascript:alert(1)", "https://x.example/>,<https://evil.example/", "https://x.example/\r\nX: y",
     "ftp://x.example/", "https://é\r\nX: y/", "https://é[/"],
)  # fmt: skip
def test_a_link_that_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(UnsafeValue):
        headers.list_unsubscribe(url, "")


def test_an_address_beyond_ascii_is_written_as_a_uri() -> None:
    field = headers.list_unsubscribe("https://bücher.example/é?q=ü", "")
    assert field.startswith(b"List-Unsubscribe: <https://xn--bcher-kva.example/%C3%A9?q=%C3%BC>\r\n")


def test_a_date_is_written_in_utc_with_a_numeric_zone() -> None:
    moment = datetime(2026, 10, 6, 9, 5, 7, tzinfo=timezone(timedelta(hours=-4)))
    assert headers.date(moment) == b"Date: Tue, 06 Oct 2026 13:05:07 +0000\r\n"
    assert parsed(headers.date(moment))["Date"].datetime == moment.astimezone(UTC)
    with pytest.raises(UnsafeValue, match="time zone"):
        headers.date(datetime(2026, 10, 6))  # noqa: DTZ001


def test_a_list_id_names_the_list_outside_the_angle_brackets_only() -> None:
    assert headers.list_id("Neues für alle", "hub.example.org").endswith(b"?= <hub.example.org>\r\n")
    with pytest.raises(UnsafeValue, match="list_id"):
        headers.list_id("Hub", "hub example.org>")
    with pytest.raises(UnsafeValue):
        headers.list_id("Hub", "a" * 256)


@pytest.mark.parametrize(
    "value",
    ["x@example.org", "<x@example.org", "<a b@example.org>", "<x@example.org>\r\nX: y", "<@>"],
)
def test_a_message_id_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(UnsafeValue):
        headers.message_id("Message-ID", value)
