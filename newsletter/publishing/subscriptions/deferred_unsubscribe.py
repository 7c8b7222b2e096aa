"""Leavings that the database could not take: each noted in a file of its own, and done as soon as it can.

Somebody else may hold the database for longer than a mail program waits, and most mail programs ask once. What is noted
here is done before anything else is sent: by the process that noted it, and by every one that sends on this machine.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import threading
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connections, transaction

from newsletter.config import Config
from newsletter.publishing.subscriptions import unsubscribe
from subscribers.consent import Proof
from subscribers.models import Consent, Event, Subscriber

_log = logging.getLogger("newsletter.leaving")
#: Seconds between two tries.
_AGAIN = 2.0
_trying = threading.Lock()


def note(config: Config, subscriber_id: int, proof: Proof, now: datetime) -> None:
    """Write it down, whole and on disk when this returns; then go on trying in the background. Raises OSError."""
    folder = _folder(config)
    folder.mkdir(mode=0o700, exist_ok=True)
    said = {
        "id": subscriber_id,
        "at": now.isoformat(),
        "wording": proof.wording,
        "form": proof.form,
        "ip": proof.ip,
    }
    name = f"{now:%Y%m%dT%H%M%S}-{subscriber_id}-{secrets.token_hex(4)}"
    draft = folder / f"{name}.new"
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(said, file)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / f"{name}.json")
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    go_on(config)


def go_on(config: Config) -> None:
    """Try in the background until nothing is noted any more; at once when nothing is."""
    if any(_noted(config)) and _trying.acquire(blocking=False):
        threading.Thread(target=_try, args=(config,), name="leaving", daemon=True).start()


def _try(config: Config) -> None:
    pause = threading.Event()
    try:
        while any(_noted(config)):
            with suppress(Exception):  # said by whoever noted it; the file stays
                do_noted(config)
            if any(_noted(config)):
                pause.wait(_AGAIN)
    finally:
        _trying.release()
        connections.close_all()


def do_noted(config: Config) -> int:
    """Do all that is noted. Returns how many; cheap when there is nothing. Raises DatabaseError while there is no
    database: the notes stay."""
    done = 0
    for file in _noted(config):
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue  # another process was faster
        _leave(said)
        file.unlink(missing_ok=True)
        done += 1
    if done:
        _log.info(
            "%s done that had to wait for the database", "1 leaving" if done == 1 else f"{done} leavings"
        )
    return done


@transaction.atomic
def _leave(said: dict[str, Any]) -> None:
    at = datetime.fromisoformat(str(said["at"]))
    person = Subscriber.objects.filter(pk=said["id"]).first()
    # Who has said yes since then wants the mail.
    if person is None or Consent.objects.filter(subscriber=person, event=Event.CONFIRMED, at__gt=at).exists():
        return
    proof = Proof(str(said["wording"]), str(said["form"]), str(said["ip"]))
    unsubscribe.leave(person, proof=proof, now=at)


def _noted(config: Config) -> list[Path]:
    folder = _folder(config)
    try:
        return sorted(folder / name for name in os.listdir(folder) if name.endswith(".json"))
    except OSError:
        return []


def _folder(config: Config) -> Path:
    return config.state_folder / "leaving"
