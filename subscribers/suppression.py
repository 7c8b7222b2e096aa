"""Addresses that must never be mailed, by keyed hash, with the reason; they survive erasure."""

from __future__ import annotations

from datetime import datetime

from subscribers.address import Address, hashed
from subscribers.errors import SuppressedAddress
from subscribers.models import Suppression, SuppressionReason


def suppress(hashed_address: str, reason: SuppressionReason, now: datetime) -> bool:
    """Never mail this address again. Returns False when it was suppressed already: the first reason stays."""
    _, made = Suppression.objects.get_or_create(hashed=hashed_address, defaults={"reason": reason, "at": now})
    return made


def lift(hashed_address: str) -> None:
    """The person asked for mail again, from that very mailbox. What staff suppressed stays suppressed."""
    Suppression.objects.filter(hashed=hashed_address).exclude(reason=SuppressionReason.STAFF).delete()


def refuse(address: Address, key: bytes) -> None:
    """Raise SuppressedAddress when the address must never be mailed."""
    row = Suppression.objects.filter(hashed=hashed(address.normal, key)).first()
    if row is not None:
        raise SuppressedAddress(
            f"{address.shown} must not be mailed (reason: {row.reason}, {row.at:%Y-%m-%d})"
        )
