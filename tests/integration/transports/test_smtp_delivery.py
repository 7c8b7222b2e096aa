"""Whole messages through a real SMTP server, and what its refusals become."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from servers.smtp import CollectingServer

from newsletter.errors import SenderRefused, TooLarge, TransportError
from newsletter.transports.base import Envelope, Result
from newsletter.transports.message_checks import unfit
from newsletter.transports.smtp import SmtpTransport

Collecting = Callable[..., CollectingServer]
To = Callable[..., SmtpTransport]

CONTENT = b"Subject: Latest from the Learning Hub\r\n\r\nHello.\r\n"


def letter(recipient: str = "ada@example.org", content: bytes = CONTENT) -> Envelope:
    return Envelope("hub@example.org", recipient, content)


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_message_arrives_byte_for_byte(collecting: Collecting, to: To, pipelining: bool) -> None:
    server = collecting(pipelining=pipelining)
    content = b".starts with a dot\r\n..two\r\n.\r\n\r\nQUIT\r\n" + b"x" * 900 + b"\r\n.\r\n"
    outcome = to(server.port).send(letter(content=content))
    assert (outcome.result, outcome.code, outcome.reply) == (Result.SENT, 250, "2.0.0 taken")
    assert server.messages == [("hub@example.org", ["ada@example.org"], content)]


@pytest.mark.parametrize("pipelining", [True, False])
def test_messages_share_one_line(collecting: Collecting, to: To, pipelining: bool) -> None:
    server, people = collecting(pipelining=pipelining), [f"p{n}@example.org" for n in range(20)]
    transport = to(server.port)
    assert {transport.send(letter(person)).result for person in people} == {Result.SENT}
    assert [recipients for _, recipients, _ in server.messages] == [[person] for person in people]
    assert server.connections == 1


def test_the_null_sender_is_sent_as_such(collecting: Collecting, to: To) -> None:
    server = collecting()
    assert to(server.port).send(Envelope("", "ada@example.org", CONTENT)).result is Result.SENT
    assert server.messages[0][0] == ""


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(
    ("reply", "result", "code"),
    [
        ("550 5.1.1 no such user", Result.FAILED, 550),
        ("452 4.2.2 mailbox full", Result.DEFERRED, 452),
        ("450 4.2.1 greylisted", Result.DEFERRED, 450),
        ("552 5.2.2 mailbox full", Result.FAILED, 552),
    ],
)
def test_a_refused_recipient_is_judged_alone_and_the_next_one_gets_the_mail(
    collecting: Collecting, to: To, pipelining: bool, reply: str, result: Result, code: int
) -> None:
    server = collecting(pipelining=pipelining)
    server.replies["eve@example.org"] = reply
    transport = to(server.port)
    outcomes = [transport.send(letter(f"{name}@example.org")) for name in ("ada", "eve", "eve", "bob")]
    assert [outcome.result for outcome in outcomes] == [Result.SENT, result, result, Result.SENT]
    assert (outcomes[1].code, outcomes[1].reply) == (code, reply[4:])
    assert [recipients for _, recipients, _ in server.messages] == [["ada@example.org"], ["bob@example.org"]]
    assert server.connections == 1


@pytest.mark.parametrize(
    ("answer", "result"), [("451 4.3.0 try later", Result.DEFERRED), ("554 5.6.0 not this", Result.FAILED)]
)
def test_a_refused_content_is_judged_and_the_line_goes_on(
    collecting: Collecting, to: To, answer: str, result: Result
) -> None:
    server = collecting()
    server.answer = answer
    transport = to(server.port)
    outcome = transport.send(letter())
    assert (outcome.result, outcome.reply) == (result, answer[4:])
    server.answer = None
    assert transport.send(letter()).result is Result.SENT
    assert server.connections == 1


def test_a_refusal_of_the_sender_stops_the_run_and_blames_no_recipient(
    collecting: Collecting, to: To
) -> None:
    server = collecting()
    server.answer = "550 5.7.26 this mail is unauthenticated"
    with pytest.raises(SenderRefused, match=r"5\.7\.26 this mail is unauthenticated.*SPF, DKIM and DMARC"):
        to(server.port).send(letter())


@pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
def test_a_line_that_drops_before_the_content_defers(collecting: Collecting, to: To, stage: str) -> None:
    server = collecting()
    server.hang_up_at = stage
    transport = to(server.port)
    outcome = transport.send(letter())
    assert (outcome.result, outcome.code) == (Result.DEFERRED, None)
    assert "not sent" in outcome.reply
    assert transport.send(letter()).result is Result.SENT
    assert len(server.messages) == 1


@pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
def test_an_old_line_that_drops_before_the_content_is_replaced_at_once(
    collecting: Collecting, to: To, stage: str
) -> None:
    server = collecting()
    transport = to(server.port)
    transport.send(letter())
    server.hang_up_at = stage
    assert transport.send(letter("bob@example.org")).result is Result.SENT
    assert (len(server.messages), server.connections) == (2, 2)


def test_a_line_that_was_closed_in_between_is_opened_again(collecting: Collecting, to: To) -> None:
    server = collecting()
    transport = to(server.port)
    transport.send(letter())
    server.hang_up()
    assert transport.send(letter("bob@example.org")).result is Result.SENT
    assert (len(server.messages), server.connections) == (2, 2)


def test_a_line_that_drops_after_the_final_dot_leaves_doubt_and_is_not_sent_again(
    collecting: Collecting, to: To
) -> None:
    server = collecting()
    transport = to(server.port)
    transport.send(letter())
    server.hang_up_at = "DATA"
    outcome = transport.send(letter("bob@example.org"))
    assert (outcome.result, outcome.code) == (Result.UNKNOWN, None)
    assert "may have arrived" in outcome.reply
    assert len(server.messages) == 2
    assert transport.send(letter("eve@example.org")).result is Result.SENT


def test_announcing_the_next_message_changes_nothing_but_the_round_trips(
    collecting: Collecting, to: To
) -> None:
    server = collecting()
    server.replies["p3@example.org"] = "550 5.1.1 no such user"
    people = [letter(f"p{n}@example.org", b"To: %d\r\n\r\n.\r\n" % n) for n in range(8)]
    transport = to(server.port)
    outcomes = [transport.send(one, then) for one, then in zip(people, [*people[1:], None], strict=True)]
    assert [o.result for o in outcomes] == [Result.FAILED if n == 3 else Result.SENT for n in range(8)]
    assert [content for _, _, content in server.messages] == [p.content for p in people if p is not people[3]]
    assert server.connections == 1


def test_a_message_that_was_announced_and_then_left_out_never_arrives(collecting: Collecting, to: To) -> None:
    server = collecting()
    transport = to(server.port)
    first, left, last = letter("ada@example.org"), letter("gone@example.org"), letter("bob@example.org")
    transport.send(first, left)
    assert transport.send(last).result is Result.SENT
    transport.send(first, left)
    transport.close()
    assert [recipients[0] for _, recipients, _ in server.messages] == [
        "ada@example.org",
        "bob@example.org",
        "ada@example.org",
    ]


def test_an_address_beyond_ascii_is_refused_alone_where_the_relay_takes_none(
    collecting: Collecting, to: To
) -> None:
    server = collecting(smtputf8=False)
    transport = to(server.port)
    outcome = transport.send(letter("grüße@example.org"))
    assert (outcome.result, outcome.code) == (Result.FAILED, None)
    assert "SMTPUTF8" in outcome.reply
    assert transport.send(letter()).result is Result.SENT


def test_a_relay_that_wants_no_address_beyond_ascii_refuses_that_recipient_only(
    collecting: Collecting, to: To
) -> None:
    server = collecting(smtputf8=True)
    server.utf8_answer = "553 5.6.7 addresses beyond ASCII are not taken"
    transport = to(server.port)
    outcome = transport.send(letter("zoë@example.org"))
    assert (outcome.result, outcome.code) == (Result.FAILED, 553)
    assert transport.send(letter()).result is Result.SENT


def test_an_address_beyond_ascii_is_sent_where_the_relay_takes_it(collecting: Collecting, to: To) -> None:
    server = collecting(smtputf8=True)
    assert to(server.port).send(letter("grüße@example.org")).result is Result.SENT
    assert server.messages[0][1] == ["grüße@example.org"]


def test_a_sender_beyond_ascii_stops_the_run_where_the_relay_takes_none(
    collecting: Collecting, to: To
) -> None:
    server = collecting(smtputf8=False)
    with pytest.raises(SenderRefused, match=r"email\.from_address"):
        to(server.port).send(Envelope("grüße@example.org", "ada@example.org", CONTENT))


def test_a_message_beyond_the_relays_limit_is_too_large_and_smaller_ones_go(
    collecting: Collecting, to: To
) -> None:
    server = collecting(size_limit=2000)
    transport = to(server.port)
    with pytest.raises(TooLarge, match="2000 bytes at most, and this one has 3002"):
        transport.send(letter(content=b"x" * 3000 + b"\r\n"))
    assert transport.send(letter()).result is Result.SENT


def test_a_relay_that_is_not_there_is_named_with_what_to_check(collecting: Collecting, to: To) -> None:
    server = collecting()
    transport = to(server.port)
    transport.send(letter())
    server.stop()
    with pytest.raises(
        TransportError, match=rf"Cannot reach the relay at 127\.0\.0\.1:{server.port}: .*host"
    ):
        to(server.port).send(letter())
    with pytest.raises(TransportError, match="Cannot reach"):
        transport.send(letter())


def test_a_relay_whose_name_is_unknown_is_named_with_what_to_check() -> None:
    transport = SmtpTransport("relay.invalid", 25, "none")
    with pytest.raises(
        TransportError, match=r"Cannot reach the relay at relay\.invalid:25: .*email\.smtp\.host"
    ):
        transport.send(letter())


def test_closing_twice_is_safe_and_a_closed_transport_opens_itself_again(
    collecting: Collecting, to: To
) -> None:
    server = collecting()
    transport = to(server.port)
    transport.close()
    transport.send(letter())
    transport.close()
    transport.close()
    assert transport.send(letter()).result is Result.SENT
    assert server.connections == 2


lines = st.one_of(
    st.sampled_from([b"", b".", b"..", b".x", b"QUIT", b"RSET", b"DATA", b". "]),
    st.binary(max_size=60).map(lambda line: line.translate(None, b"\r\n\0")),
)
contents = st.lists(lines, min_size=1, max_size=12).map(lambda parts: b"\r\n".join(parts) + b"\r\n")


@pytest.mark.parametrize("pipelining", [True, False])
def test_any_content_arrives_as_it_was_given(collecting: Collecting, to: To, pipelining: bool) -> None:
    server = collecting(pipelining=pipelining)
    transport = to(server.port)

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(contents, contents)
    def arrives(content: bytes, then: bytes) -> None:
        server.messages.clear()
        first, second = letter("ada@example.org", content), letter("bob@example.org", then)
        assert transport.send(first, second).result is Result.SENT
        assert transport.send(second).result is Result.SENT
        assert [(to[0], content) for _, to, content in server.messages] == [
            ("ada@example.org", content),
            ("bob@example.org", then),
        ]

    arrives()
    assert server.connections == 1


def test_no_content_and_no_address_can_hide_a_second_message(collecting: Collecting, to: To) -> None:
    server = collecting()
    transport = to(server.port)
    hidden = b"\r.\rMAIL FROM:<x@example.org>\rRCPT TO:<y@example.org>\rDATA\rx\r.\r\r\n"

    @settings(max_examples=150, deadline=None)
    @example("ada@example.org", hidden)
    @example("ada@example.org", hidden.replace(b"\r", b"\n"))
    @example("ada@example.org>\r\nRCPT TO:<y@example.org", CONTENT)
    @given(
        st.sampled_from(["ada@example.org", "a b@example.org", "<ada@example.org>", "ada\n@example.org", ""]),
        st.lists(st.sampled_from([b"\r\n", b"\r", b"\n", b".", b"x", b"\0"]), max_size=9).map(b"".join),
    )
    def is_one_or_none(recipient: str, content: bytes) -> None:
        server.messages.clear()
        envelope = letter(recipient, content)
        outcome = transport.send(envelope)
        if unfit(envelope):
            assert (outcome.result, outcome.code, server.messages) == (Result.FAILED, None, [])
        else:
            assert server.messages == [("hub@example.org", [recipient], content)]

    is_one_or_none()
