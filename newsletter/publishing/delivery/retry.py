"""When a mail that a relay put off is tried again: pure, a value returned and not a loop."""

from __future__ import annotations

from datetime import datetime, timedelta

#: Minutes to wait after the first, second, … attempt (RFC 5321 §4.5.4.1 asks for half an hour, and for less at first
#: where a relay greylists).
_WAITS = (5, 15, 30, 60, 120, 240)


def next_attempt(
    attempts: int, first_attempt_at: datetime, now: datetime, *, give_up_after: timedelta
) -> datetime | None:
    """When to try again after ``attempts`` attempts, the first of them at ``first_attempt_at``; None to give up."""
    wait = timedelta(minutes=_WAITS[min(attempts, len(_WAITS)) - 1])
    if now + wait - first_attempt_at > give_up_after:
        return None
    return now + wait
