"""Signed stamps in forms: they tell when a form was made and for whom, without a cookie and without a session.

A personal page is reached with a secret address and asks for no referrer, so that browsers send ``Origin: null`` from
it and Django's own check against forged forms would refuse every one. The stamp is bound to the person instead: who has
not seen the page cannot have it (OWASP, "HMAC-based token pattern").
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer


class BadStamp(Exception):
    """No stamp, or one that was not made here for this purpose."""


def make(purpose: str, now: datetime) -> str:
    """A stamp for a form. ``purpose`` says which form, and for whom."""
    return _signer(purpose).sign(str(int(now.timestamp() * 1000)))


def age(purpose: str, stamp: str, now: datetime) -> timedelta:
    """How long ago the form was made. Raises BadStamp."""
    try:
        made = int(_signer(purpose).unsign(stamp))
    except (BadSignature, ValueError) as error:
        raise BadStamp from error
    return now - datetime.fromtimestamp(made / 1000, UTC)


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"newsletter.web.stamps.{purpose}")
