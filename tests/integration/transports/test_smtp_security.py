"""Encryption, certificates and log-in against a real server: nothing goes out in clear by accident."""

from collections.abc import Callable
from pathlib import Path

import pytest
from servers.certificates import Certificates
from servers.smtp import CollectingServer, Conversation, ScriptedServer

from newsletter.errors import SenderRefused, TransportError
from newsletter.transports.base import Envelope, Result
from newsletter.transports.line import Wire
from newsletter.transports.smtp import SmtpTransport

Collecting = Callable[..., CollectingServer]
Scripted = Callable[..., ScriptedServer]
To = Callable[..., SmtpTransport]

LETTER = Envelope("hub@example.org", "ada@example.org", b"Subject: Hello\r\n\r\nHello.\r\n")
LARGE = Envelope(
    "hub@example.org", "ada@example.org", b"Subject: Hello\r\n\r\n" + b"x" * 70 + b"\r\n" * 50_000
)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_travels_encrypted_under_a_certificate_that_verifies(
    collecting: Collecting, to: To, certificates: Certificates, security: str
) -> None:
    server = collecting(tls=certificates.good, implicit_tls=security == "tls")
    transport = to(server.port, security, ca_file=certificates.ca_file)
    assert [transport.send(one).result for one in (LETTER, LARGE, LETTER)] == [Result.SENT] * 3
    assert server.messages[1][2] == LARGE.content
    assert server.connections == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(
    ("which", "trusted", "words"),
    [
        ("good", False, "unable to get local issuer|self.signed"),
        ("other_name", True, "IP address mismatch"),
        ("expired", True, "expired"),
    ],
)
def test_a_certificate_that_does_not_verify_stops_the_run(
    collecting: Collecting,
    to: To,
    certificates: Certificates,
    security: str,
    which: str,
    trusted: bool,
    words: str,
) -> None:
    server = collecting(tls=getattr(certificates, which), implicit_tls=security == "tls")
    transport = to(server.port, security, ca_file=certificates.ca_file if trusted else "")
    with pytest.raises(SenderRefused, match=rf"does not verify: .*({words}).*email\.smtp\.ca_file"):
        transport.send(LETTER)
    assert server.messages == []


def test_any_certificate_is_taken_only_where_the_configuration_says_so(
    collecting: Collecting, to: To, certificates: Certificates
) -> None:
    server = collecting(tls=certificates.other_name)
    transport = to(server.port, "starttls", verify=False)
    assert transport.send(LETTER).result is Result.SENT
    assert [found.warning for found in transport.probe() if "NOT verified" in found.text] == [True]


def test_a_relay_that_does_not_offer_starttls_gets_nothing(collecting: Collecting, to: To) -> None:
    server = collecting()
    with pytest.raises(SenderRefused, match=r'does not offer STARTTLS.*security = "tls"'):
        to(server.port, "starttls", username="hub", password="secret").send(LETTER)
    assert server.messages == []


def test_words_put_in_before_the_encryption_are_not_believed(
    scripted: Scripted, to: To, certificates: Certificates
) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome("STARTTLS")
        relay.hear()
        relay.say(b"220 go ahead\r\n250 AUTH PLAIN\r\n")
        relay.hear()

    server = scripted(script)
    with pytest.raises(TransportError, match="spoke on in clear"):
        to(server.port, "starttls", ca_file=certificates.ca_file).send(LETTER)


def test_what_was_offered_in_clear_is_forgotten_under_encryption(
    scripted: Scripted, to: To, certificates: Certificates
) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome("STARTTLS", "AUTH PLAIN", "PIPELINING")
        relay.hear()
        relay.say("220 go ahead")
        relay.encrypt(certificates.good)
        relay.hear()
        relay.say("250 scripted.example.org")
        relay.hear()

    server = scripted(script)
    transport = to(server.port, "starttls", ca_file=certificates.ca_file, username="hub", password="secret")
    with pytest.raises(SenderRefused, match="offers no log-in that is known here"):
        transport.send(LETTER)


def test_a_port_that_speaks_no_tls_is_said_so(collecting: Collecting, to: To) -> None:
    server = collecting()
    with pytest.raises(
        TransportError, match=r"No encrypted line .* check email\.smtp\.port and .*security \(tls\)"
    ):
        to(server.port, "tls").send(LETTER)


def test_a_port_that_waits_for_tls_is_said_so(
    collecting: Collecting, to: To, certificates: Certificates
) -> None:
    server = collecting(tls=certificates.good, implicit_tls=True)
    with pytest.raises(TransportError, match=r"did not finish its welcome: no answer .*security \(none\)"):
        to(server.port, "none", timeout=0.3).send(LETTER)


@pytest.mark.parametrize("name", ["missing.pem", "empty.pem"])
def test_a_file_of_certificates_that_cannot_be_read_is_named(
    collecting: Collecting, to: To, certificates: Certificates, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    if name == "empty.pem":
        file.write_text("no certificate\n")
    server = collecting(tls=certificates.good)
    with pytest.raises(TransportError, match=rf"{name}.*email\.smtp\.ca_file"):
        to(server.port, "starttls", ca_file=str(file)).send(LETTER)


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_the_right_password_logs_in(
    collecting: Collecting, to: To, certificates: Certificates, mechanism: str
) -> None:
    server = collecting(tls=certificates.good, users={"hub": "pässword"}, mechanisms=(mechanism,))
    options = {"ca_file": certificates.ca_file, "username": "hub", "password": "pässword"}
    transport = to(server.port, "starttls", **options)
    assert transport.send(LETTER).result is Result.SENT
    assert "Logged in as hub." in [found.text for found in transport.probe("hub@example.org")]


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_the_wrong_password_stops_the_run_and_is_not_repeated_in_the_error(
    collecting: Collecting, to: To, certificates: Certificates, mechanism: str
) -> None:
    server = collecting(tls=certificates.good, users={"hub": "right"}, mechanisms=(mechanism,))
    transport = to(
        server.port, "starttls", ca_file=certificates.ca_file, username="hub", password="wr0ng-one"
    )
    with pytest.raises(SenderRefused, match=r"AUTH \(535 .*email\.smtp\.username") as caught:
        transport.send(LETTER)
    assert "wr0ng-one" not in str(caught.value)
    assert server.messages == []


def test_a_relay_that_wants_a_log_in_says_so(
    collecting: Collecting, to: To, certificates: Certificates
) -> None:
    server = collecting(tls=certificates.good, users={"hub": "right"})
    with pytest.raises(SenderRefused, match=r"530 .*email\.smtp\.username"):
        to(server.port, "starttls", ca_file=certificates.ca_file).send(LETTER)


def test_a_log_in_in_clear_is_taken_on_loopback_only(collecting: Collecting, to: To) -> None:
    server = collecting(users={"hub": "right"}, auth_in_clear=True)
    assert to(server.port, username="hub", password="right").send(LETTER).result is Result.SENT


def test_a_log_in_never_goes_out_in_clear_to_another_machine(
    collecting: Collecting, to: To, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = collecting(users={"hub": "right"}, auth_in_clear=True)
    # No second machine is at hand: only the answer to "who is at the other end" is exchanged.
    monkeypatch.setattr(Wire, "peer_host", property(lambda _: "192.0.2.25"))
    with pytest.raises(SenderRefused, match=r"not sent in clear.*email\.smtp\.security"):
        to(server.port, username="hub", password="right").send(LETTER)


def test_a_temporary_failure_of_the_log_in_does_not_accuse_the_sender(scripted: Scripted, to: To) -> None:
    def script(relay: Conversation) -> None:
        relay.welcome("AUTH PLAIN")
        relay.hear()
        relay.say("454 4.7.0 temporary authentication failure")
        relay.hear()

    with pytest.raises(TransportError, match=r"454 4\.7\.0 .*try again later") as caught:
        to(scripted(script).port, username="hub", password="right").send(LETTER)
    assert not isinstance(caught.value, SenderRefused)


def test_a_probe_says_what_the_relay_offers_and_sends_nothing(
    collecting: Collecting, to: To, certificates: Certificates
) -> None:
    server = collecting(tls=certificates.good, size_limit=10_000_000)
    probed = to(server.port, "starttls", ca_file=certificates.ca_file).probe("hub@example.org")
    report = "\n".join(found.text for found in probed)
    assert f"127.0.0.1:{server.port} answers: 220 relay.example.org" in report
    assert "encrypted (TLSv1.3) and its certificate verifies" in report
    assert "It offers a log-in and none is configured" in report
    assert "other scripts as they are (8BITMIME)" in report
    assert "which is faster (PIPELINING)" in report
    assert "It takes mails of up to 10 MB." in report
    assert "SIZE" not in report
    assert server.messages == []


def test_a_probe_of_a_plain_old_relay_warns(scripted: Scripted, to: To) -> None:
    def script(relay: Conversation) -> None:
        relay.say("220 old.example.org")
        relay.hear()
        relay.say("502 5.5.2 what is EHLO?")
        assert relay.hear() == b"HELO tests.example.org"
        relay.say("250 old.example.org")
        assert relay.hear() == b"QUIT"
        relay.say("221 bye")

    report = "\n".join(found.text for found in to(scripted(script).port).probe())
    assert "NOT encrypted" in report
    assert "It does what every mail server does, and no more." in report
    assert "(no PIPELINING), so sending takes longer" in report


def test_a_probe_without_the_log_in_that_a_relay_wants_is_refused_as_a_mail_would_be(
    collecting: Collecting, to: To
) -> None:
    server = collecting(users={"hub": "right"}, auth_in_clear=True)
    with pytest.raises(SenderRefused, match=r"530 .*check email\.smtp\.username"):
        to(server.port).probe("hub@example.org")
    warned = [found.text for found in to(server.port).probe() if found.warning]
    assert warned == [
        "It offers a log-in and none is configured: unless it lets this machine in without one, set "
        "email.smtp.username, and the password in NEWSLETTER_EMAIL__SMTP__PASSWORD"
    ]


def test_a_probe_hears_that_the_relay_takes_nothing_from_this_sender(scripted: Scripted, to: To) -> None:
    def script(relay: Conversation) -> None:
        relay.say("220 relay.example.org")
        relay.hear()
        relay.say("250 relay.example.org")
        assert relay.hear() == b"MAIL FROM:<hub@example.org>"
        relay.say("553 5.7.1 sender address rejected: not owned by you")
        assert relay.hear() == b"QUIT"
        relay.say("221 bye")

    with pytest.raises(SenderRefused, match=r"at MAIL .*check email\.from_address"):
        to(scripted(script).port).probe("hub@example.org")


def test_a_log_in_without_a_password_says_that_none_is_here(collecting: Collecting, to: To) -> None:
    server = collecting(users={"hub": "right"}, auth_in_clear=True)
    with pytest.raises(
        SenderRefused, match=r"535 .*there is no password here: export NEWSLETTER_EMAIL__SMTP"
    ):
        to(server.port, username="hub").probe()
