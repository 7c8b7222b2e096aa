"""What must not go down a line, whatever the relay."""

from typing import get_args

import pytest

from newsletter.config import SmtpSection
from newsletter.transports.base import Envelope
from newsletter.transports.message_checks import unfit
from newsletter.transports.smtp import SmtpTransport
from newsletter.transports.smtp_session import Security

GOOD = b"Subject: Hello\r\n\r\nHello.\r\n"


@pytest.mark.parametrize("sender", ["", "hub@example.org", "bounces+2026@example.org"])
def test_a_sound_message_is_fit(sender: str) -> None:
    assert unfit(Envelope(sender, "ada@example.org", GOOD)) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Subject: x",
        b"a\nb\r\n",
        b"a\rb\r\n",
        b"a\r\n\r",
        b"a\n\r\n",
        b"a\r\r\n",
        b"a\0b\r\n",
        b"\r\n.\n\r\n",
    ],
)
def test_a_message_with_a_wrong_line_end_or_nul_is_not(content: bytes) -> None:
    assert "not sent: the message" in str(unfit(Envelope("hub@example.org", "ada@example.org", content)))


@pytest.mark.parametrize("mark", ["\r", "\n", " ", "\t", "<", ">", "\0", "\x7f", "\ud800"])
def test_an_address_that_could_hide_a_command_is_not(mark: str) -> None:
    address = f"ada{mark}@example.org"
    assert "recipient" in str(unfit(Envelope("hub@example.org", address, GOOD)))
    assert "sender" in str(unfit(Envelope(address, "ada@example.org", GOOD)))


def test_a_message_needs_a_recipient() -> None:
    assert "recipient" in str(unfit(Envelope("hub@example.org", "", GOOD)))


def test_the_words_for_security_are_those_of_the_configuration() -> None:
    assert set(get_args(SmtpSection.model_fields["security"].annotation)) == set(Security)
    with pytest.raises(ValueError, match="ssl3"):
        SmtpTransport("relay.example.org", 25, "ssl3")
