"""What relays do that no well-behaved server does: each a script over a real socket."""

import socket
import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from servers.smtp import Conversation, ScriptedServer

from newsletter.errors import SenderRefused, TransportError
from newsletter.transports.base import Envelope, Result
from newsletter.transports.line import MOST_REPLY, Wire
from newsletter.transports.replies import MOST_WORDS
from newsletter.transports.smtp import SmtpTransport

Scripted = Callable[..., ScriptedServer]
To = Callable[..., SmtpTransport]

LETTER = Envelope("hub@example.org", "ada@example.org", b"Subject: Hello\r\n\r\nHello.\r\n")
NEXT = Envelope("hub@example.org", "bob@example.org", b"Subject: Hello\r\n\r\nHello, too.\r\n")
#: More than the buffers of two sockets hold, so that a write can break in the middle.
HUGE = Envelope("hub@example.org", "ada@example.org", (b"x" * 998 + b"\r\n") * 40_000)


def takes_a_message(relay: Conversation) -> None:
    relay.welcome("PIPELINING")
    relay.take_commands()
    relay.hear_content()
    relay.say("250 2.0.0 taken")
    relay.hear()


def test_mail_rcpt_and_data_leave_before_any_answer(scripted: Scripted, to: To) -> None:
    server = scripted(takes_a_message)
    assert to(server.port).send(LETTER).result is Result.SENT
    assert server.heard[1:4] == [b"MAIL FROM:<hub@example.org>", b"RCPT TO:<ada@example.org>", b"DATA"]


def test_the_next_messages_commands_leave_with_the_content_of_this_one(scripted: Scripted, to: To) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        relay.take_commands()
        assert relay.hear_content() == LETTER.content
        following = [relay.hear() for _ in range(3)]
        assert following[1:] == [b"RCPT TO:<bob@example.org>", b"DATA"]
        relay.say(b"250 2.0.0 one\r\n250 ok\r\n250 ok\r\n354 go ahead\r\n")
        assert relay.hear_content() == NEXT.content
        relay.say("250 2.0.0 two")
        relay.hear()

    transport = to(scripted(script).port)
    assert transport.send(LETTER, NEXT).reply == "2.0.0 one"
    assert transport.send(NEXT).reply == "2.0.0 two"


def test_without_pipelining_each_command_waits_for_its_answer(scripted: Scripted, to: To) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome("SIZE 1000000")
        assert relay.hear() == b"MAIL FROM:<hub@example.org> SIZE=%d" % len(LETTER.content)
        relay.say("250 ok")
        assert relay.hear() == b"RCPT TO:<ada@example.org>"
        relay.say("550 5.1.1 no such user")
        assert relay.hear() == b"RSET"
        relay.say("250 ok")
        assert relay.hear().startswith(b"MAIL FROM")
        relay.say("451 4.3.0 not now")
        assert relay.hear() == b"QUIT"

    transport = to(scripted(script).port)
    assert transport.send(LETTER, NEXT).result is Result.FAILED
    assert transport.send(NEXT).result is Result.DEFERRED


def test_a_354_after_a_refused_recipient_is_ended_with_a_lone_dot(scripted: Scripted, to: To) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        for _ in range(3):
            relay.hear()
        relay.say(b"250 ok\r\n452 4.2.2 full\r\n354 go ahead\r\n")
        assert relay.hear() == b"."
        relay.say("554 5.5.1 no valid recipients")
        assert relay.hear() == b"RSET"
        assert relay.hear().startswith(b"MAIL FROM")
        relay.say("250 ok")
        relay.say("250 ok")
        assert relay.hear() == b"RCPT TO:<bob@example.org>"
        relay.say("250 ok")
        assert relay.hear() == b"DATA"
        relay.say("354 go ahead")
        assert relay.hear_content() == NEXT.content
        relay.say("250 taken")
        relay.hear()

    transport = to(scripted(script).port)
    outcome = transport.send(LETTER)
    assert (outcome.result, outcome.code) == (Result.DEFERRED, 452)
    assert transport.send(NEXT).result is Result.SENT


def test_a_354_after_a_refused_sender_gets_no_dot_for_it_might_send_an_empty_message(
    scripted: Scripted, to: To
) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        for _ in range(3):
            relay.hear()
        relay.say(b"451 4.3.0 not now\r\n250 ok\r\n354 go ahead\r\n")
        assert relay.hear() == b""

    outcome = to(scripted(script).port).send(LETTER)
    assert (outcome.result, outcome.code) == (Result.DEFERRED, 451)


def test_answers_split_at_every_byte_are_put_together(scripted: Scripted, to: To) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        for _ in range(3):
            relay.hear()
        for byte in b"250 ok\r\n250-one\r\n250 two\r\n354 go\r\n":
            relay.say(bytes([byte]))
        relay.hear_content()
        for byte in b"250-2.0.0 first\r\n250-2.0.0 second\r\n250 2.0.0 third\r\n":
            relay.say(bytes([byte]))
        relay.hear()

    outcome = to(scripted(script).port).send(LETTER)
    assert (outcome.result, outcome.reply) == (Result.SENT, "2.0.0 first second third")


def test_answers_with_bare_line_feeds_or_no_words_are_understood(scripted: Scripted, to: To) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        for _ in range(3):
            relay.hear()
        relay.say(b"250\n250\r\n354\n")
        relay.hear_content()
        relay.say(b"250\n")
        relay.hear()

    outcome = to(scripted(script).port).send(LETTER)
    assert (outcome.result, outcome.code, outcome.reply) == (Result.SENT, 250, "")


@pytest.mark.parametrize(
    "nonsense", [b"hello?\r\n", b"99 what\r\n", b"2500 ok\r\n", b"\xff\xfe\x00\r\n", b"\r\n", b"250_ok\r\n"]
)
def test_nonsense_before_the_content_defers_and_after_it_leaves_doubt(
    scripted: Scripted, to: To, nonsense: bytes
) -> None:
    def before(relay: Conversation) -> None:
        relay.welcome()
        relay.hear()
        relay.say(nonsense)
        assert relay.hear() == b""

    def after(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        relay.take_commands()
        relay.hear_content()
        relay.say(nonsense)
        assert relay.hear() == b""

    transport = to(scripted(before, after).port)
    outcomes = [transport.send(LETTER), transport.send(LETTER)]
    assert [outcome.result for outcome in outcomes] == [Result.DEFERRED, Result.UNKNOWN]
    assert all(outcome.code is None and outcome.reply.isprintable() for outcome in outcomes)


@pytest.mark.parametrize("endless", [b"x", b"250-and so on\r\n"])
def test_an_endless_answer_is_cut_off(scripted: Scripted, to: To, endless: bytes) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome()
        relay.hear()
        relay.say(endless * (2 * MOST_REPLY // len(endless)))
        relay.hear()

    outcome = to(scripted(script).port).send(LETTER)
    assert outcome.result is Result.DEFERRED
    assert f"more than {MOST_REPLY} bytes" in outcome.reply


def test_a_long_answer_is_kept_in_part(scripted: Scripted, to: To) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome()
        relay.hear()
        relay.say(b"451 4.3.0 " + b"sorry " * 5000 + b"\r\n")
        relay.hear()

    outcome = to(scripted(script).port).send(LETTER)
    assert (outcome.result, outcome.code) == (Result.DEFERRED, 451)
    assert len(outcome.reply) == MOST_WORDS


def test_no_answer_after_the_final_dot_leaves_doubt(scripted: Scripted, to: To) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        relay.take_commands()
        relay.hear_content()
        assert relay.hear() == b""

    outcome = to(scripted(script).port, final_timeout=0.2).send(LETTER)
    assert outcome.result is Result.UNKNOWN
    assert "no answer within 0.2 seconds" in outcome.reply


def test_the_answer_after_the_final_dot_is_waited_for_longer_than_any_other(
    scripted: Scripted, to: To
) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        relay.take_commands()
        relay.hear_content()
        time.sleep(0.6)
        relay.say("250 2.0.0 at last")
        relay.hear()

    assert to(scripted(script).port, timeout=0.3).send(LETTER).reply == "2.0.0 at last"


def test_an_answer_that_drips_for_ever_is_given_up(scripted: Scripted, to: To) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome()
        relay.hear()
        relay.say(b"250-")
        while True:
            relay.say(b"x")
            time.sleep(0.02)

    outcome = to(scripted(script).port, timeout=0.3).send(LETTER)
    assert outcome.result is Result.DEFERRED
    assert "no answer within 0.3 seconds" in outcome.reply


def test_a_line_that_breaks_in_the_content_defers(scripted: Scripted, to: To) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        relay.take_commands()
        relay.hear_some(1000)
        relay.reset()

    outcome = to(scripted(script).port).send(HUGE, NEXT)
    assert (outcome.result, outcome.code) == (Result.DEFERRED, None)
    assert "before the end" in outcome.reply


@pytest.mark.parametrize(
    ("words", "result"), [("452 4.3.1 disk full", Result.DEFERRED), ("554 5.6.0 not this", Result.FAILED)]
)
def test_the_last_words_of_a_relay_that_hangs_up_in_the_content_are_heard(
    scripted: Scripted, to: To, words: str, result: Result
) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        relay.take_commands()
        relay.hear_some(1000)
        relay.say(words)

    outcome = to(scripted(script).port).send(HUGE)
    assert (outcome.result, outcome.code, outcome.reply) == (result, int(words[:3]), words[4:])


def test_an_early_yes_is_no_yes_when_the_content_did_not_get_through(scripted: Scripted, to: To) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        relay.take_commands()
        relay.hear_some(1000)
        relay.say("250 fine")

    assert to(scripted(script).port).send(HUGE).result is Result.DEFERRED


def test_a_relay_that_stalls_in_the_content_defers(scripted: Scripted, to: To) -> None:
    stop = threading.Event()

    def script(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        relay.take_commands()
        stop.wait()

    server = scripted(script)
    outcome = to(server.port, timeout=0.3).send(HUGE)
    stop.set()
    assert outcome.result is Result.DEFERRED


@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA", "dot"])
def test_a_421_at_any_point_defers_and_the_next_message_takes_a_new_line(
    scripted: Scripted, to: To, at: str
) -> None:
    answers = {"MAIL": 0, "RCPT": 1, "DATA": 2, "dot": 3}[at]

    def closing(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        for _ in range(3):
            relay.hear()
        for line in ("250 ok", "250 ok", "354 go ahead")[:answers]:
            relay.say(line)
        if at == "dot":
            relay.hear_content()
        relay.say("421 4.3.2 closing down")

    transport = to(scripted(closing, takes_a_message).port)
    outcome = transport.send(LETTER, NEXT)
    assert (outcome.result, outcome.code, outcome.reply) == (Result.DEFERRED, 421, "4.3.2 closing down")
    assert transport.send(NEXT).result is Result.SENT


def test_a_relay_that_takes_so_many_messages_a_line_is_given_a_new_line(scripted: Scripted, to: To) -> None:
    def one_only(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        relay.take_commands()
        relay.hear_content()
        relay.say("250 taken")
        for _ in range(3):
            relay.hear()
        relay.say("421 4.7.0 one message a line")

    server = scripted(one_only, one_only, takes_a_message)
    transport = to(server.port)
    assert [transport.send(LETTER, NEXT).result, transport.send(NEXT).result] == [Result.SENT, Result.SENT]
    assert transport.send(LETTER).result is Result.SENT
    assert len(server.conversations) == 3


def test_an_idle_line_closed_with_421_is_opened_again(scripted: Scripted, to: To) -> None:
    def idle(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        relay.take_commands()
        relay.hear_content()
        relay.say(b"250 taken\r\n421 4.4.2 idle for too long\r\n")

    transport = to(scripted(idle, takes_a_message).port)
    assert [transport.send(LETTER).result, transport.send(NEXT).result] == [Result.SENT, Result.SENT]


def test_a_surplus_answer_is_never_taken_for_the_next_one(scripted: Scripted, to: To) -> None:
    def talkative(relay: Conversation) -> None:
        relay.welcome()
        relay.hear()
        relay.say("250 ok")
        relay.hear()
        relay.say("250 ok")
        relay.hear()
        relay.say("354 go ahead")
        relay.hear_content()
        relay.say(b"250 taken\r\n250 and by the way\r\n")
        assert relay.hear() == b""

    transport = to(scripted(talkative, takes_a_message).port)
    assert transport.send(LETTER).reply == "taken"
    assert transport.send(NEXT).reply == "2.0.0 taken"


def test_a_421_about_the_recipient_is_not_tried_again_at_once(scripted: Scripted, to: To) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        relay.take_commands()
        relay.hear_content()
        relay.say("250 taken")
        for _ in range(3):
            relay.hear()
        relay.say(b"250 ok\r\n421 4.7.28 too many for this mailbox\r\n")

    server = scripted(script, takes_a_message)
    transport = to(server.port)
    transport.send(LETTER)
    assert transport.send(NEXT).result is Result.DEFERRED
    assert len(server.conversations) == 1


def test_a_new_line_is_tried_once_and_not_for_ever(scripted: Scripted, to: To) -> None:
    def first(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        relay.take_commands()
        relay.hear_content()
        relay.say("250 taken")
        relay.hear()

    def second(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        relay.hear()

    server = scripted(first, second, takes_a_message)
    transport = to(server.port)
    assert transport.send(LETTER).result is Result.SENT
    assert transport.send(NEXT).result is Result.DEFERRED
    assert len(server.conversations) == 2
    assert transport.send(NEXT).result is Result.SENT


def test_a_reset_that_is_refused_costs_a_new_line_and_no_message(scripted: Scripted, to: To) -> None:
    def stubborn(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        for _ in range(3):
            relay.hear()
        relay.say(b"250 ok\r\n550 5.1.1 no\r\n503 5.5.1 no\r\n")
        assert relay.hear() == b"RSET"
        relay.say("502 5.5.1 no")

    transport = to(scripted(stubborn, takes_a_message).port)
    assert transport.send(LETTER).result is Result.FAILED
    assert transport.send(NEXT).result is Result.SENT


@pytest.mark.parametrize(
    ("machine", "name"), [("desk.example.org", b"desk.example.org"), ("desk", b"[127.0.0.1]")]
)
def test_we_say_hello_with_a_full_name_or_an_address(
    scripted: Scripted, to: To, monkeypatch: pytest.MonkeyPatch, machine: str, name: bytes
) -> None:
    server = scripted(takes_a_message)
    monkeypatch.setattr(socket, "gethostname", lambda: machine)
    to(server.port, local_hostname="").send(LETTER)
    assert server.heard[0] == b"EHLO " + name


@pytest.mark.parametrize(
    ("greeting", "error", "words"),
    [
        ("554 5.7.1 you are on our list", SenderRefused, "lift the block"),
        ("421 4.7.0 too many connections", TransportError, "try again later"),
        ("HTTP/1.1 400 Bad Request", TransportError, "no SMTP"),
        ("", TransportError, "email.smtp.port"),
    ],
)
def test_a_relay_that_does_not_welcome_us_is_quoted(
    scripted: Scripted, to: To, greeting: str, error: type[Exception], words: str
) -> None:
    def script(relay: Conversation) -> None:
        relay.say(greeting)

    with pytest.raises(error, match=words) as caught:
        to(scripted(script).port).send(LETTER)
    assert type(caught.value) is error
    assert greeting in str(caught.value)


def test_an_interruption_while_sending_never_leaves_half_a_conversation_behind(
    scripted: Scripted, to: To, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(relay: Conversation) -> None:
        relay.welcome("PIPELINING")
        relay.take_commands()
        assert relay.hear() == b""

    transport = to(scripted(interrupted, takes_a_message).port)
    write = Wire.write
    calls = iter([write, write, None])

    def interrupt(self: Wire, data: bytes) -> None:
        now = next(calls)
        if now is None:
            raise KeyboardInterrupt
        now(self, data)

    with monkeypatch.context() as patched:
        patched.setattr(Wire, "write", interrupt)
        with pytest.raises(KeyboardInterrupt):
            transport.send(LETTER)
    assert transport.send(NEXT).result is Result.SENT


def test_whatever_a_relay_answers_a_message_is_sent_only_upon_a_yes_to_its_dot(to: To) -> None:
    replies = st.sampled_from(
        [
            b"250 ok\r\n",
            b"354 go\r\n",
            b"421 bye\r\n",
            b"451 no\r\n",
            b"550 no\r\n",
            b"junk\r\n",
            None,
        ]
    )

    @settings(max_examples=120, deadline=None)
    @given(st.lists(replies, min_size=4, max_size=4), st.booleans())
    def holds(answers: list[bytes | None], pipelining: bool) -> None:
        def script(relay: Conversation) -> None:
            relay.welcome(*(["PIPELINING"] if pipelining else ["HELP"]))
            for answer in answers:
                line = relay.hear()
                if answer is None or line in (b"", b"QUIT", b"."):
                    return
                if not line.startswith((b"MAIL", b"RCPT", b"DATA")):
                    relay.hear_content()
                relay.say(answer)

        with ScriptedServer(script) as server:
            transport = to(server.port)
            try:
                result = transport.send(LETTER).result
            except SenderRefused:
                result = None
            transport.close()
        granted = answers[:3] == [b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"]
        assert (result is Result.SENT) == (granted and answers[3] == b"250 ok\r\n")
        assert result is not Result.UNKNOWN or granted

    holds()
