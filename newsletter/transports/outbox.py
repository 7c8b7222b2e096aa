"""The outbox: finished messages as .eml files in one folder, for practice. Nothing leaves this machine."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from newsletter.errors import TransportError
from newsletter.transports.base import Envelope, Outcome, Result
from newsletter.transports.message_checks import unfit

_MESSAGE_ID = re.compile(rb"^message-id:\s*<([^<>]*)>", re.IGNORECASE | re.MULTILINE)
_UNSAFE_IN_NAME = re.compile(r"[^a-z0-9@._+-]+")
#: Octets of a file name that come from the address; ext4 and others allow 255 in all.
_MOST_OF_ADDRESS = 100
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC


class OutboxTransport:
    """A base.Transport that writes ``folder/ADDRESS-DIGEST.eml``, one file a message, sorted by person.

    The digest is of the Message-ID and the recipient, so that the same message written again replaces its own
    file. A file appears whole or not at all, and is on disk when send returns. Two threads, each with a transport
    of its own, may share a folder. Folder and files are for their owner only: mails hold names and personal links.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, envelope: Envelope) -> Outcome:
        """Write one message. Raises TransportError when the folder cannot be written (disk full, no permission).

        What no relay would take (limits.unfit) fails here too: practice shows what would happen for real.
        """
        if problem := unfit(envelope):
            return Outcome(Result.FAILED, None, problem)
        name = file_name(envelope)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(name, envelope.content)
        except OSError as error:
            raise TransportError(
                f"Cannot write to the outbox {self._folder}: {error.strerror or error}; "
                "make room, or let this program write there (email.outbox)."
            ) from error
        return Outcome(Result.SENT, None, f"written to {name}")

    def close(self) -> None:
        """Nothing is held open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, name: str, content: bytes) -> None:
        """Beside its place first, then moved: who looks, or crashes, never finds half a message."""
        unfinished = self._folder / f".{name}.{os.getpid()}.{threading.get_ident()}"
        try:
            with open(os.open(unfinished, _NEW, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._folder / name)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
        _sync_folder(self._folder)


def file_name(envelope: Envelope) -> str:
    """The file of a message: the recipient in safe letters, and twelve hex digits of which message it is.

    A message without a Message-ID is known by its content.
    """
    head = envelope.content.partition(b"\r\n\r\n")[0]
    found = _MESSAGE_ID.search(head)
    identity = (found[1] if found else envelope.content) + b"\0" + envelope.recipient.encode()
    address = (
        _UNSAFE_IN_NAME.sub("-", envelope.recipient.lower()).lstrip(".-")[:_MOST_OF_ADDRESS] or "message"
    )
    return f"{address}-{hashlib.sha256(identity).hexdigest()[:12]}.eml"


def _sync_folder(folder: Path) -> None:
    """A rename is durable only when its folder is (fsync(2))."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
