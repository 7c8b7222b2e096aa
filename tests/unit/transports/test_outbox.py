"""The outbox: one whole file a message, whoever the recipient says they are."""

import errno
import os
import threading
from email import message_from_bytes
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import TransportError
from newsletter.transports.base import Envelope, Result, Transport
from newsletter.transports.outbox import OutboxTransport, file_name


def letter(recipient: str = "ada@example.org", number: int = 1, body: str = "Hello.") -> Envelope:
    content = f"Subject: Hello\r\nMessage-ID:\r\n <{number}.x@example.org>\r\n\r\n{body}\r\n"
    return Envelope("hub@example.org", recipient, content.encode())


def test_a_message_becomes_one_file_with_the_very_bytes(tmp_path: Path) -> None:
    transport: Transport = OutboxTransport(tmp_path / "not" / "yet" / "there")
    with transport:
        outcome = transport.send(letter())
    [file] = (tmp_path / "not" / "yet" / "there").iterdir()
    assert outcome.result is Result.SENT
    assert file.name in outcome.reply
    assert file.name.startswith("ada@example.org-")
    assert file.suffix == ".eml"
    assert file.read_bytes() == letter().content
    assert message_from_bytes(file.read_bytes())["Subject"] == "Hello"


def test_only_their_owner_may_read_mails_and_their_folder(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        OutboxTransport(tmp_path / "outbox").send(letter())
    finally:
        os.umask(before)
    [file] = (tmp_path / "outbox").iterdir()
    assert (tmp_path / "outbox").stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_same_message_written_again_replaces_its_own_file(tmp_path: Path) -> None:
    transport = OutboxTransport(tmp_path)
    transport.send(letter(body="first"))
    transport.send(letter(body="second"))
    [file] = tmp_path.iterdir()
    assert file.read_bytes() == letter(body="second").content


def test_two_messages_to_one_person_and_one_to_two_are_apart(tmp_path: Path) -> None:
    transport = OutboxTransport(tmp_path)
    for envelope in (letter(number=1), letter(number=2), letter("bob@example.org", number=1)):
        transport.send(envelope)
    assert len(list(tmp_path.iterdir())) == 3


def test_a_message_id_in_the_body_does_not_count() -> None:
    head = b"Subject: x\r\n\r\n"
    one, two = (
        Envelope("", "ada@example.org", head + b"Message-ID: <a>\r\n" + end) for end in (b"1\r\n", b"2\r\n")
    )
    assert file_name(one) != file_name(two)


@given(st.text(min_size=1).filter(lambda text: not any(0xD800 <= ord(c) <= 0xDFFF for c in text)))
def test_no_address_leads_out_of_the_folder_or_hides_its_file(recipient: str) -> None:
    name = file_name(letter(recipient))
    assert Path(name).name == name
    assert name[0] not in ".-"
    assert len(name.encode()) < 200
    assert name.isascii()


def test_addresses_that_look_alike_as_file_names_are_apart(tmp_path: Path) -> None:
    transport = OutboxTransport(tmp_path)
    for recipient in ("a/b@example.org", "a|b@example.org", "A|b@example.org", "../a@example.org"):
        assert transport.send(letter(recipient)).result is Result.SENT
    assert len(list(tmp_path.iterdir())) == 4


def test_what_no_relay_would_take_fails_in_practice_too(tmp_path: Path) -> None:
    transport = OutboxTransport(tmp_path)
    outcome = transport.send(Envelope("hub@example.org", "ada@example.org", b"Subject: x\n\nHello\n"))
    assert (outcome.result, outcome.code) == (Result.FAILED, None)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_and_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transport = OutboxTransport(tmp_path)
    transport.send(letter(body="whole"))

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TransportError, match=rf"outbox {tmp_path}: No space left .*email\.outbox"):
        transport.send(letter(body="half"))
    [file] = tmp_path.iterdir()
    assert file.read_bytes() == letter(body="whole").content


def test_an_outbox_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("not a folder")
    with pytest.raises(TransportError, match="Cannot write to the outbox"):
        OutboxTransport(tmp_path / "outbox").send(letter())


def test_threads_that_write_the_same_message_leave_one_whole_file(tmp_path: Path) -> None:
    results: list[Result] = []

    def write() -> None:
        results.extend(OutboxTransport(tmp_path).send(letter()).result for _ in range(20))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [file] = tmp_path.iterdir()
    assert file.read_bytes() == letter().content
    assert results == [Result.SENT] * 80
