"""Writes the log of what staff did, and verifies it. What an entry means is models/log.py's part.

Whoever acts is set once, at the door (a command, a page of the desk); the functions that decide note what they did in
the transaction in which they did it, so an act without its entry is impossible, and an entry without its act as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from newsletter.models import Act, Edition, LogEntry, Site

#: The entry before the first.
_NOTHING = "0" * 64
#: Who acts where nobody said so: the program by itself.
_PROGRAM = "newsletter"

#: What makes an edition another one than it was.
_CHANGES = (Act.COMPOSED, Act.COMPOSED_ANEW, Act.REWORDED)

_who: ContextVar[str] = ContextVar("who acts", default=_PROGRAM)


@contextmanager
def acting(who: str) -> Iterator[None]:
    """Everything noted inside was done by ``who``."""
    token = _who.set(who[:300])
    try:
        yield
    finally:
        _who.reset(token)


def act_for_good_as(who: str) -> None:
    """The same for the rest of this process's life: a command is one person's."""
    _who.set(who[:300])


@transaction.atomic
def note(what: Act, now: datetime, edition: Edition | None = None, **detail: Any) -> LogEntry:
    """Add an entry. Call it in the transaction of the act; ``detail`` must survive JSON."""
    Site.locked()  # one after the other, or two entries would name the same one before them
    last = LogEntry.objects.order_by("-pk").values_list("digest", flat=True).first()
    entry = LogEntry(
        at=now, who=_who.get(), what=what, edition=edition, detail=detail, before=last or _NOTHING
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    return entry


def changed_last_by(edition: Edition) -> str:
    """Who made this edition, or changed what is in it, last; empty where it was the program by itself."""
    entries = LogEntry.objects.filter(edition=edition, what__in=_CHANGES).exclude(who=_PROGRAM)
    return entries.order_by("-pk").values_list("who", flat=True).first() or ""


def acts_now() -> str:
    """Who acts at the moment."""
    return _who.get()


def digest_of(entry: LogEntry) -> str:
    """SHA-256 over the entry and the digest of the one before."""
    said = [
        entry.before,
        entry.at.astimezone(UTC).isoformat(),
        entry.who,
        str(entry.what),
        entry.edition_id,
        entry.detail,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def first_broken() -> LogEntry | None:
    """The first entry that is not as it was written, or whose predecessor is gone; None when all is well."""
    before = _NOTHING
    for entry in LogEntry.objects.order_by("pk").iterator(chunk_size=1000):
        if entry.before != before or entry.digest != digest_of(entry):
            return entry
        before = entry.digest
    return None
