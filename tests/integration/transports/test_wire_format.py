"""Messages and list headers as they really leave: one test a line of the standard, on the bytes that a server got.

The ids are those of the requirements for message format (M1 to M12) and list headers (L1 to L13). What a page must do
with a one-click POST (L5, L6) is in tests/integration/web/test_unsubscribe.py, over real HTTP. L4 is the relay's:
it signs, and nothing here does. L8's mailbox is read by the inbound room.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from mail_samples import digest_entries, frame, long_entry, short_entry, somebody
from servers.smtp import HOST, CollectingServer

from newsletter.errors import UnsafeValue
from newsletter.publishing.editions.personalize import Links, Recipient
from newsletter.rendering.email import render, render_notice
from newsletter.rendering.mail_parts import Entry, Personal
from newsletter.rendering.mime.message import compile_message
from newsletter.rendering.templates.environment import EDITION_KINDS, template_sources
from newsletter.transports.base import Envelope, Outcome, Result
from newsletter.transports.smtp import SmtpTransport
from subscribers import address, tokens
from subscribers.errors import BadLink

OURS = template_sources([], *EDITION_KINDS, "confirm")
SHORT = render(frame(), [short_entry()], OURS)
SENDER = "bounces@example.org"
SHARED = [HealthCheck.function_scoped_fixture]
MANY = settings(max_examples=60, deadline=None, suppress_health_check=SHARED)
#: Rendering takes a tenth of a second.
FEW = settings(max_examples=12, deadline=None, suppress_health_check=SHARED)


@dataclass
class Line:
    """A server that keeps mail, and a line to it."""

    server: CollectingServer
    transport: SmtpTransport

    def send(self, content: bytes, recipient: str) -> Outcome:
        self.server.messages.clear()
        return self.transport.send(Envelope(SENDER, recipient, content))

    def edition(self, entries: list[Entry], personal: Personal, **around: Any) -> bytes:
        """What arrives of an edition for one person."""
        given = frame(**around)
        return self._arrived(
            compile_message(render(given, entries, OURS), given).splice(personal), personal.address
        )

    def headers_only(self, personal: Personal, subject: str = "Closed on Monday", **around: Any) -> bytes:
        """The same for a short edition, which is rendered once: for what stands in headers."""
        given = frame(**around)
        rendered = dataclasses.replace(SHORT, subject=subject)
        return self._arrived(compile_message(rendered, given).splice(personal), personal.address)

    def confirmation(self, personal: Personal, **around: Any) -> bytes:
        """What arrives of a confirmation."""
        given = frame(**({"subject": ""} | around))
        notice = render_notice(given, "confirm", {"confirm_url": "https://hub.example.org/confirm/abc"}, OURS)
        return self._arrived(compile_message(notice, given, notice=True).splice(personal), personal.address)

    def _arrived(self, content: bytes, recipient: str) -> bytes:
        outcome = self.send(content, recipient)
        assert outcome.result is Result.SENT, outcome
        [(_, recipients, arrived)] = self.server.messages
        assert recipients == [recipient]
        return arrived


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    with (
        CollectingServer() as server,
        SmtpTransport(HOST, server.port, "none", timeout=10, final_timeout=10) as transport,
    ):
        yield Line(server, transport)


def parsed(content: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(content, policy=policy.default))


def head(content: bytes) -> bytes:
    return content.partition(b"\r\n\r\n")[0] + b"\r\n"


def field(content: bytes, name: str) -> str:
    """A header as it was written, folds and all, without its name."""
    found = re.findall(rf"(?im)^{name}:((?:.*\r\n)(?:[ \t].*\r\n)*)", head(content).decode("utf-8"))
    assert len(found) == 1, (name, found)
    return cast(str, found[0])


def unfolded(content: bytes, name: str) -> str:
    return re.sub(r"\r\n([ \t])", r"\1", field(content, name)).strip()


def phrase(content: bytes, name: str) -> str:
    """The display name of a mailbox, read by RFC 2047 and RFC 5322 (the newer parser evens out its spaces)."""
    words = unfolded(content, name).rpartition("<")[0].rstrip(" ")
    if words.startswith('"'):
        return re.sub(r"\\(.)", r"\1", words[1:-1])
    return str(make_header(decode_header(words)))


def names(content: bytes) -> list[str]:
    return [name.lower() for name in re.findall(r"(?m)^([A-Za-z-]+):", head(content).decode("utf-8"))]


#: What people, feeds and files may hold: every script, marks, quotation marks, things that look like headers.
WORDS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn"))
    | st.sampled_from("<>&\"'=?_.,;:@()[]\\-é漢ع👩‍🚀\u0301\u200f "),
    max_size=90,
)
TITLES = WORDS.map(str.strip).filter(bool)
HOSTILE = st.lists(
    st.sampled_from(
        ["words ", "Bcc: x@example.org", "=?utf-8?q?=0A?=Bcc: y", "漢字 ", "<x@example.org>", '"', "\\", ",", "👩‍🚀",
         "-" * 80, "w" * 200, "{{ 7 * 7 }}", "None"]
    ),
    min_size=1,
    max_size=8,
).map("".join)  # fmt: skip
BODIES = st.lists(
    st.sampled_from(
        ["<p>words</p>", "<p>.</p>", "\r\n.\r\n", "\n..\n", "\r\nBcc: x@example.org\r\n\r\n", "--=_newsletter--",
         "=\r\n", "From me\n", "<pre>\n.\nFrom x\n</pre>", "漢字👩‍🚀", "x" * 3000, "<a href='https://x.example/?q=é'>y</a>",
         "&#13;&#10;.&#13;&#10;", "\x00\x0b", "\u2028"]
    ),
    min_size=1,
    max_size=8,
).map("".join)  # fmt: skip
LOCALS = st.from_regex(r"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,30}(\.[A-Za-z0-9+_-]{1,20}){0,2}\Z")


def check_all(content: bytes, personal: Personal) -> None:
    """What must hold for every message; each has its own test below, where it is said why."""
    bare = content.replace(b"\r\n", b"")
    assert b"\r" not in bare
    assert b"\n" not in bare
    for row in content.split(b"\r\n"):
        assert len(row) <= 78 or (len(row) <= 998 and row.count(b" ") <= 2), row
    kept = names(content)
    for once in ("from", "to", "subject", "date", "message-id", "reply-to", "mime-version", "content-type"):
        assert kept.count(once) == 1, once
    assert not set(kept) & {"bcc", "cc", "sender", "x-injected", "resent-to"}
    message = parsed(content)
    assert not any(part.defects for part in message.walk())
    assert [at.addr_spec for at in cast(AddressHeader, message["To"]).addresses] == [personal.address]


# Message format


@FEW
@given(title=TITLES, name=HOSTILE, body=BODIES, local=LOCALS, site=HOSTILE)
def test_m1_m2_m6_nothing_in_a_post_a_name_or_a_setting_changes_what_a_message_is_made_of(
    line: Line, title: str, name: str, body: str, local: str, site: str
) -> None:
    """M1: exactly one of each field. M2: CRLF and short lines. M6: no value puts a header or a recipient in."""
    personal = somebody(address=f"{local}@example.org", address_shown=f"{local}@example.org", name=name)
    content = line.edition(
        [short_entry(title=title, summary=title, html=f"<p>x</p>{body}")], personal,
        site_title=site, from_name=name, organisation=site, note=site, preheader=title,
    )  # fmt: skip
    check_all(content, personal)
    assert sorted(names(content)) == sorted(names(line.headers_only(somebody())))


def test_m1_a_message_has_each_field_once_and_no_other(line: Line) -> None:
    assert names(line.edition([long_entry()], somebody())) == [
        "to", "date", "message-id", "x-newsletter-message", "list-unsubscribe", "list-unsubscribe-post", "from",
        "reply-to", "subject", "list-id", "list-help", "list-owner", "list-post", "list-archive", "feedback-id",
        "precedence", "mime-version", "content-type",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "entries", [[long_entry()], digest_entries(30), [short_entry(html="<p>" + "漢" * 20_000)]]
)
def test_m2_lines_are_short_and_end_in_crlf_whatever_the_post_holds(line: Line, entries: list[Entry]) -> None:
    content = line.edition(entries, somebody(), note="x" * 5_000)
    top, _, body = content.partition(b"\r\n\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 76
    # A web address in a header is never folded, and stays beside the field's name.
    assert all(len(row) <= 78 or row.startswith(b"List-Unsubscribe: <https:") for row in top.split(b"\r\n"))
    assert content.count(b"\n") == content.count(b"\r") == content.count(b"\r\n")


def test_m3_a_message_id_is_ours_one_a_copy_and_the_same_for_every_attempt(line: Line) -> None:
    links = Links("https://hub.example.org", "example.org", "leave@example.org", b"k" * 32)
    ann, bo = (Recipient(n, f"p{n}@example.org", f"p{n}@example.org", "") for n in (1, 2))
    moments = [datetime(2026, 10, day, tzinfo=UTC) for day in (6, 7)]
    sent = [
        line.edition([short_entry()], links.personal(who, edition, at))
        for who, edition, at in [
            (ann, 7, moments[0]), (ann, 7, moments[1]), (bo, 7, moments[0]), (ann, 8, moments[0]),
        ]
    ]  # fmt: skip
    ids = [unfolded(content, "Message-ID") for content in sent]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"<[A-Za-z0-9.]+@example\.org>", identifier) for identifier in ids)


@MANY
@given(title=TITLES, name=WORDS, site=TITLES)
def test_m4_encoded_words_are_short_and_stand_only_where_words_stand(
    line: Line, title: str, name: str, site: str
) -> None:
    personal = somebody(name=name)
    content = line.headers_only(personal, subject=title, site_title=site, from_name=name)
    for word in re.findall(r"=\?utf-8\?[qb]\?\S*", head(content).decode()):
        assert len(word) <= 75
        assert re.fullmatch(r"=\?utf-8\?[qb]\?[^?\s]+\?=", word)
    for whole in ("Message-ID", "List-Unsubscribe", "List-Help", "List-Archive", "Feedback-ID", "Reply-To"):
        assert "=?" not in field(content, whole)
    for mailbox in ("From", "To", "List-Id"):
        assert "=?" not in "".join(re.findall(r"<[^>]*>|\"[^\"]*\"", field(content, mailbox)))
    message = parsed(content)
    assert message["Subject"] == re.sub(" +", " ", title.strip())
    assert phrase(content, "To") == phrase(content, "From") == re.sub(" +", " ", name.strip())


@pytest.mark.parametrize("char", list(',;:"@<>()[]\\.'))
def test_m5_a_display_name_with_a_special_character_is_quoted_or_encoded(line: Line, char: str) -> None:
    for name in (f"Ann {char} Lee", char, f"{char}Ann", f"Änn {char} Lee"):
        content = line.headers_only(somebody(name=name), from_name=name)
        for mailbox in ("From", "To"):
            found = cast(AddressHeader, parsed(content)[mailbox]).addresses
            assert [at.display_name for at in found] == [name]
            assert char not in re.sub(
                r'"(?:[^"\\]|\\.)*"|=\?[^?]*\?.\?[^?]*\?=|<[^<>]*>', "", field(content, mailbox)
            )


@pytest.mark.parametrize("control", ["\r", "\n", "\r\n", "\0", "\u2028", "\u2029", "\x85", "\x1b", "\ud800"])
def test_m6_a_control_character_never_reaches_a_header(line: Line, control: str) -> None:
    bad = f"Ann{control}Bcc: x@example.org"
    for around in (
        {"from_name": bad},
        {"site_title": bad},
        {"subject": bad},
        {"feedback_id": bad},
    ):
        with pytest.raises(UnsafeValue):
            line.headers_only(somebody(), **around)
    for person in (
        {"name": bad},
        {"address": f"ann@example.org{control}"},
        {"message_id": f"<a@b.org{control}>"},
    ):
        with pytest.raises(UnsafeValue):
            line.headers_only(somebody(**person))


def test_m7_a_domain_beyond_ascii_is_written_as_its_a_label_in_the_mail_and_to_the_server(line: Line) -> None:
    ann = address.parse("ann@bücher.example")
    content = line.edition([short_entry()], somebody(address=ann.wire, address_shown=ann.shown))
    assert line.server.messages[0][1] == ["ann@xn--bcher-kva.example"]
    assert "<ann@xn--bcher-kva.example>" in field(content, "To")
    assert "ann@bücher.example" in text_of(content)


def test_m7_letters_beyond_ascii_before_the_at_sign_are_that_recipients_affair(line: Line) -> None:
    ann = address.parse("ännä@example.org")
    personal = somebody(address=ann.wire, address_shown=ann.shown)
    given = frame()
    content = compile_message(render(given, [short_entry()], OURS), given).splice(personal)
    outcome = line.send(content, ann.wire)
    assert outcome.result is Result.FAILED
    assert "SMTPUTF8" in outcome.reply
    line.edition([short_entry()], somebody())  # the line goes on
    with (
        CollectingServer(smtputf8=True) as wide,
        SmtpTransport(HOST, wide.port, "none", timeout=10, final_timeout=10) as transport,
    ):
        assert transport.send(Envelope(SENDER, ann.wire, content)).result is Result.SENT
        [(_, recipients, arrived)] = wide.messages
    assert recipients == ["ännä@example.org"]
    assert field(arrived, "To") == " Noor Haddad <ännä@example.org>\r\n"  # RFC 6532: as it is, in UTF-8


def test_m7_a_senders_domain_beyond_ascii_is_an_a_label_everywhere(line: Line) -> None:
    from newsletter.config.sections import EmailSection

    email = EmailSection(
        from_address="hub@bücher.example",
        reply_to="answers@bücher.example",
        bounce_address="b@bücher.example",
        unsubscribe_mailbox="leave@bücher.example",
    )
    sender = email.from_address.rpartition("@")[2]
    links = Links("https://hub.example.org", sender, email.unsubscribe_mailbox, b"k" * 32)
    personal = links.personal(
        Recipient(1, "ann@example.org", "ann@example.org", ""), 7, datetime(2026, 10, 6, tzinfo=UTC)
    )
    content = line.edition(
        [short_entry()], personal,
        from_address=email.from_address, reply_to=email.reply_to, list_id=f"learning-hub.{sender}",
    )  # fmt: skip
    assert head(content).isascii()
    assert head(content).count(b"@xn--bcher-kva.example") >= 5
    assert email.bounce_address == "b@xn--bcher-kva.example"


def text_of(content: bytes) -> str:
    body = parsed(content).get_body(("plain",))
    assert body is not None
    return cast(str, body.get_content())


def html_of(content: bytes) -> str:
    body = parsed(content).get_body(("html",))
    assert body is not None
    return cast(str, body.get_content())


@pytest.mark.parametrize("make", [lambda line: line.edition([long_entry()], somebody()),
                                  lambda line: line.edition(digest_entries(4), somebody()),
                                  lambda line: line.confirmation(somebody())])  # fmt: skip
def test_m8_text_comes_first_html_last_both_in_utf8_and_quoted_printable(
    line: Line, make: Callable[[Line], bytes]
) -> None:
    message = parsed(make(line))
    assert message.get_content_type() == "multipart/alternative"
    parts = list(message.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert {part.get_content_charset() for part in parts} == {"utf-8"}
    assert {part["Content-Transfer-Encoding"] for part in parts} == {"quoted-printable"}


def test_m9_the_text_is_real_text_with_every_link_and_no_tag(line: Line) -> None:
    content = line.edition([long_entry()], somebody())
    text, html = text_of(content), html_of(content)
    for link in set(re.findall(r'<a [^>]*href="(https?://[^"]+)"', html)):
        assert link.replace("&amp;", "&").rstrip("/") in text
    assert not re.search(r"</?[a-z]+[ >]|&[a-z]+;|&#", text)
    assert all(len(row) <= 72 or "://" in row for row in text.splitlines())


@FEW
@given(BODIES)
def test_m10_what_looks_like_the_end_of_a_message_ends_none(line: Line, body: str) -> None:
    """Whatever a post holds, one message arrives, whole (dot-stuffing; SMTP smuggling)."""
    personal = somebody()
    given = frame()
    content = compile_message(render(given, [short_entry(html=f"<p>x</p>{body}")], OURS), given).splice(
        personal
    )
    assert line.send(content, personal.address).result is Result.SENT
    assert [arrived for _, _, arrived in line.server.messages] == [content]


@pytest.mark.parametrize("smuggled", [b"\n.\n", b"\r.\r", b"\r\n.\r", b"\n.\r\n", b"\0"])
def test_m10_a_lone_cr_or_lf_never_leaves(line: Line, smuggled: bytes) -> None:
    content = line.edition([short_entry()], somebody())
    outcome = line.send(content + smuggled + b"MAIL FROM:<x@example.org>\r\n", "noor@example.org")
    assert outcome.result is Result.FAILED
    assert line.server.messages == []


def test_m11_a_message_has_one_recipient_and_nobody_elses_address(line: Line) -> None:
    given = frame()
    message = compile_message(render(given, [long_entry()], OURS), given)
    people = [
        somebody(address=f"p{n}@example.net", address_shown=f"p{n}@example.net", name=f"P{n}")
        for n in range(5)
    ]
    for person in people:
        content = message.splice(person)
        assert line.send(content, person.address).result is Result.SENT
        [(sender, recipients, arrived)] = line.server.messages
        assert (sender, recipients) == (SENDER, [person.address])
        whole = arrived.replace(b"=\r\n", b"")
        assert set(re.findall(rb"[\w.+-]+@example\.net", whole)) == {person.address.encode()}
        for other in people:
            token = other.unsubscribe_url.rpartition("/")[2].encode()
            assert (token in whole) == (other is person)


@pytest.mark.parametrize("changes", [{}, {"name": ""}, {"unsubscribe_mailbox": ""}])
def test_m12_nothing_unrendered_is_left_in_any_part_of_any_mail(line: Line, changes: dict[str, str]) -> None:
    bare = {
        "archive_url": "",
        "privacy_url": "",
        "web_url": "",
        "cadence_text": "",
        "feedback_id": "",
        "note": "",
    }
    plain = short_entry(authors=[], topics=[], image=None, date_text="")
    for content in (
        line.edition([long_entry()], somebody(**changes)),
        line.edition([plain], somebody(**changes), **bare),
        line.edition(digest_entries(9), somebody(**changes), most=3),
        line.edition([dataclasses.replace(plain, html="")], somebody(**changes), **bare),
        line.confirmation(somebody(**changes)),
    ):
        for part in (head(content).decode(), text_of(content), html_of(content)):
            assert not re.search(r"\{\{|\}\}|\{%|%7B|\bNone\b|undefined|\bm[0-9a-f]{24}\b|\{title\}", part)


# List headers


def test_l1_a_list_id_is_stable_short_and_not_encoded_inside_its_brackets(line: Line) -> None:
    for title in ("Latest from the Learning Hub", "Neues für alle 漢字 " * 8, 'The "Hub", <new>'):
        content = line.headers_only(somebody(), site_title=title)
        value = unfolded(content, "List-Id")
        assert value.endswith("<learning-hub.example.org>")
        assert len(re.findall(r"<([^>]+)>\Z", value)[0]) < 255
    with pytest.raises(UnsafeValue, match="list_id"):
        line.headers_only(somebody(), list_id="hub.example.org>\r\nX: y")


TOKENS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"), min_size=1, max_size=120)


@MANY
@given(token=TOKENS, local=LOCALS)
def test_l2_l3_a_way_out_is_one_https_address_and_one_mailbox_folded_only_between_them(
    line: Line, token: str, local: str
) -> None:
    assume(len(local) + len(token) < 200)
    url = f"https://hub.example.org/unsubscribe/{token}"
    content = line.headers_only(
        somebody(unsubscribe_url=url, unsubscribe_mailbox=f"{local}+{token}@example.org")
    )
    value = field(content, "List-Unsubscribe")
    uris = re.findall(r"<([^<>]*)>", value)
    assert len(uris) == 2
    assert uris[0] == url
    assert uris[1].startswith("mailto:")
    assert not any(re.search(r"\s", uri) for uri in uris)
    assert "=?" not in value
    assert re.sub(r"<[^<>]*>", "", value).strip() in (",", ",\r\n")
    assert unfolded(content, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r" <[^>]*>,(?:\r\n)? <[^>]*>\r\n", value)


def test_l3_an_edition_without_a_way_out_is_not_sent(line: Line) -> None:
    with pytest.raises(UnsafeValue, match="unsubscribe"):
        line.headers_only(somebody(unsubscribe_url=""))


def test_l5_l6_the_address_in_the_header_is_the_one_that_the_page_answers() -> None:
    """What a POST and a GET of it do is proved over HTTP in test_unsubscribe.py."""
    from django.urls import resolve

    links = Links("https://hub.example.org", "example.org", "", b"k" * 32)
    person = links.personal(
        Recipient(1, "a@example.org", "a@example.org", ""), 7, datetime(2026, 10, 6, tzinfo=UTC)
    )
    found = resolve(person.unsubscribe_url.removeprefix("https://hub.example.org"))
    assert found.kwargs["token"] == person.unsubscribe_url.rpartition("/")[2]


def test_l7_a_token_is_opaque_hard_to_forge_one_a_person_and_does_not_expire(line: Line) -> None:
    key = b"k" * 32
    links = Links("https://hub.example.org", "example.org", "", key)
    made = [
        links.personal(
            Recipient(n, f"p{n}@example.org", "p", "P"), 7, datetime(2026, 10, 6, tzinfo=UTC)
        ).unsubscribe_url.rpartition("/")[2]
        for n in (1, 2, 1)
    ]
    assert made[0] == made[2] != made[1]  # nothing of the day is in it, so none makes it void
    assert tokens.read(tokens.Purpose.UNSUBSCRIBE, made[0], key) == 1
    assert "p1" not in made[0]
    forged = made[0][:-1] + ("a" if made[0][-1] != "a" else "b")
    for wrong, with_key in ((forged, key), (made[0], b"x" * 32), (made[1][:4] + made[0][4:], key)):
        with pytest.raises(BadLink):
            tokens.read(tokens.Purpose.UNSUBSCRIBE, wrong, with_key)


def test_l8_the_mailbox_of_a_way_out_carries_the_token_and_fits_an_address(line: Line) -> None:
    links = Links("https://hub.example.org", "example.org", "leave@example.net", b"k" * 32)
    person = links.personal(
        Recipient(10**9, "a@example.org", "a@example.org", ""), 7, datetime(2026, 10, 6, tzinfo=UTC)
    )
    token = person.unsubscribe_url.rpartition("/")[2]
    assert person.unsubscribe_mailbox == f"leave+{token}@example.net"
    assert len(person.unsubscribe_mailbox.partition("@")[0]) <= 64
    value = unfolded(line.headers_only(person), "List-Unsubscribe")
    assert f"<mailto:leave+{token}@example.net?subject=unsubscribe>" in value


def test_l9_help_owner_and_archive_are_named_and_nobody_can_post(line: Line) -> None:
    content = line.headers_only(somebody())
    assert unfolded(content, "List-Help") == "<mailto:answers@example.org?subject=help>"
    assert unfolded(content, "List-Owner") == "<mailto:answers@example.org>"
    assert unfolded(content, "List-Archive") == "<https://hub.example.org/>"
    assert unfolded(content, "List-Post") == "NO"


def test_l10_a_confirmation_says_it_is_automatic_and_an_edition_that_it_goes_to_many(line: Line) -> None:
    confirmation, edition = line.confirmation(somebody()), line.headers_only(somebody())
    assert unfolded(confirmation, "Auto-Submitted") == "auto-generated"
    assert "auto-submitted" not in names(edition)
    assert unfolded(edition, "Precedence") == "bulk"
    assert not {"precedence", "list-id", "feedback-id"} & set(names(confirmation))


def test_l11_feedback_id_has_four_fields_and_nothing_of_a_person(line: Line) -> None:
    seen = {
        unfolded(line.headers_only(somebody(address=f"p{n}@example.org")), "Feedback-ID") for n in range(3)
    }
    assert seen == {"7:weekly:edition:learning-hub"}


def test_l13_answers_go_to_a_mailbox_of_staffs(line: Line) -> None:
    content = line.headers_only(somebody())
    assert unfolded(content, "Reply-To") == "answers@example.org"
