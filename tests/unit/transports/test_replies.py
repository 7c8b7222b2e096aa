"""What a relay's reply makes of a message, or of us."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import SenderRefused, TooLarge
from newsletter.transports.base import Outcome, Result
from newsletter.transports.replies import MOST_WORDS, Reply, Stage, judge, one_line

RELAY = "relay.example.org:587"


def verdict(stage: Stage, code: int, text: str = "") -> Outcome:
    return judge(stage, Reply.of(code, [text.encode()]), RELAY)


@pytest.mark.parametrize(
    ("stage", "code", "text", "result"),
    [
        (Stage.CONTENT, 250, "2.0.0 Ok: queued as 4XyZ", Result.SENT),
        (Stage.CONTENT, 451, "4.3.0 try again later", Result.DEFERRED),
        (Stage.CONTENT, 554, "5.6.0 message refused", Result.FAILED),
        (Stage.CONTENT, 354, "go on", Result.UNKNOWN),
        (Stage.RCPT, 450, "4.2.1 greylisted", Result.DEFERRED),
        (Stage.RCPT, 452, "4.2.2 mailbox full", Result.DEFERRED),
        (Stage.RCPT, 421, "4.7.28 slow down", Result.DEFERRED),
        (Stage.RCPT, 550, "5.1.1 no such user", Result.FAILED),
        (Stage.RCPT, 552, "5.2.2 mailbox full", Result.FAILED),
        (Stage.RCPT, 550, "5.7.1 RESOLVER.RST.AuthRequired; authentication required", Result.FAILED),
        (Stage.RCPT, 550, "5.7.133 sender not authenticated for group", Result.FAILED),
        (Stage.MAIL, 452, "4.3.1 insufficient storage", Result.DEFERRED),
        (Stage.MAIL, 421, "4.7.26 unauthenticated mail is rate limited", Result.DEFERRED),
        (Stage.DATA, 250, "what?", Result.DEFERRED),
        (Stage.RCPT, 354, "go on", Result.DEFERRED),
    ],
)
def test_the_code_decides_what_becomes_of_the_message(
    stage: Stage, code: int, text: str, result: Result
) -> None:
    outcome = verdict(stage, code, text)
    assert (outcome.result, outcome.code) == (result, code)
    assert text in outcome.reply


@pytest.mark.parametrize(
    ("stage", "code", "text", "advice"),
    [
        (Stage.CONTENT, 550, "5.7.26 unauthenticated sender", "SPF, DKIM and DMARC"),
        (
            Stage.CONTENT,
            550,
            "5.7.515 does not meet the required authentication level",
            "SPF, DKIM and DMARC",
        ),
        (Stage.CONTENT, 550, "5.7.25 no PTR record", "PTR"),
        (Stage.CONTENT, 550, "5.7.27 SPF", "SPF"),
        (Stage.CONTENT, 550, "5.7.28 unusual rate of mail", "lower rate"),
        (Stage.CONTENT, 550, "5.7.29 TLS required", "starttls"),
        (Stage.CONTENT, 550, "5.7.30 DKIM", "DKIM"),
        (Stage.CONTENT, 550, "5.7.606 banned sending IP", "lift the block"),
        (Stage.CONTENT, 550, "5.7.649 banned sending IP", "lift the block"),
        (Stage.MAIL, 530, "5.7.0 Authentication required", "email.smtp.username"),
        (Stage.MAIL, 530, "5.7.0 Must issue a STARTTLS command first", "starttls"),
        (Stage.AUTH, 535, "5.7.8 bad credentials", "email.smtp.username"),
        (Stage.MAIL, 553, "sender address not owned by you", "email.from_address"),
        (Stage.DATA, 503, "bad sequence", "lead to a mail relay"),
        (Stage.GREETING, 554, "no SMTP service here", "lift the block"),
    ],
)
def test_what_speaks_of_the_sender_stops_the_run_and_says_what_to_do(
    stage: Stage, code: int, text: str, advice: str
) -> None:
    with pytest.raises(SenderRefused) as caught:
        verdict(stage, code, text)
    assert advice in str(caught.value)
    assert text in str(caught.value)
    assert RELAY in str(caught.value)


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.CONTENT])
@pytest.mark.parametrize(
    ("code", "text"),
    [
        (552, "5.3.4 Message size exceeds fixed limit"),
        (552, "5.3.4 Error: message file too big"),
        (552, "Message size exceeds maximum permitted"),
        (552, "5.2.3 Message exceeds maximum fixed size (1000000)"),
        (552, "sorry, that message size exceeds my databytes limit (#5.3.4)"),
        (554, "Message is too long."),
        (550, "5.3.4 SIZE=2000000 exceeds limit"),
    ],
)
def test_a_message_that_is_too_large_is_nobodys_fault_but_the_messages(
    stage: Stage, code: int, text: str
) -> None:
    with pytest.raises(TooLarge) as caught:
        verdict(stage, code, text)
    assert text in str(caught.value)
    assert RELAY in str(caught.value)
    assert verdict(Stage.RCPT, code, text).result is Result.FAILED  # what this mailbox takes


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (552, "5.2.2 Mailbox size limit exceeded"),
        (552, "Requested mail action aborted: exceeded storage allocation"),
        (552, "5.7.0 This message was blocked because its content presents a potential security issue"),
        (550, "5.7.1 Rejected: subject line too long"),
        (554, "5.6.0 header size is too large"),
    ],
)
def test_a_full_mailbox_and_other_long_things_are_no_message_that_is_too_large(code: int, text: str) -> None:
    assert verdict(Stage.CONTENT, code, text).result is Result.FAILED


@pytest.mark.parametrize(
    ("code", "text", "advice"),
    [
        (554, "5.7.1 <a@example.com>: Relay access denied", "may send for you"),
        (550, "relay not permitted", "may send for you"),
        (550, "5.7.1 <a@example.com>... Relaying denied", "may send for you"),
        (553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", "may send for you"),
        (550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain", "may send for you"),
        (530, "5.7.0 Authentication required", "email.smtp.username"),
        (550, "5.7.606 banned sending IP", "lift the block"),
        (554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked", "lift the block"),
        (503, "bad sequence", "lead to a mail relay"),
    ],
)
def test_a_refusal_of_a_recipient_is_the_recipients_and_says_what_it_means_if_it_is_everyones(
    code: int, text: str, advice: str
) -> None:
    outcome = verdict(Stage.RCPT, code, text)
    assert (outcome.result, outcome.code, outcome.reply) == (Result.FAILED, code, text)
    assert advice in outcome.ours
    assert text in outcome.ours


@given(st.sampled_from(Stage), st.integers(400, 499), st.text())
def test_no_temporary_reply_ever_blames_anybody(stage: Stage, code: int, text: str) -> None:
    assert verdict(stage, code, text).result is Result.DEFERRED


@given(st.integers(200, 299), st.text())
def test_only_an_acceptance_of_the_final_dot_is_sent(code: int, text: str) -> None:
    sent = {stage for stage in Stage if verdict(stage, code, text).result is Result.SENT}
    assert sent == {Stage.CONTENT}


@given(st.integers(200, 599), st.lists(st.binary()))
def test_a_relays_words_are_one_bounded_printable_line(code: int, lines: list[bytes]) -> None:
    text = Reply.of(code, lines).text
    assert text.isprintable()
    assert len(text) <= MOST_WORDS


def test_an_enhanced_code_on_every_line_is_kept_once() -> None:
    reply = Reply.of(550, [b"5.7.26 Mail from this domain", b"5.7.26 is not authenticated. r12-gsmtp"])
    assert reply.text == "5.7.26 Mail from this domain is not authenticated. r12-gsmtp"
    assert reply.enhanced == "5.7.26"


@pytest.mark.parametrize(
    ("code", "text"), [(250, "5.7.26 odd"), (550, "see 5.7.26"), (550, "5.7.26x"), (550, "5.7")]
)
def test_numbers_that_are_no_enhanced_code_of_this_reply_are_not_taken_for_one(code: int, text: str) -> None:
    assert Reply.of(code, [text.encode()]).enhanced == ""


def test_direction_marks_and_line_breaks_of_a_hostile_relay_are_taken_out() -> None:
    assert one_line("no\r\n\x1b[2J \u202euser\u2028here\x00") == "no [2J user here"
