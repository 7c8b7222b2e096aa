"""Addresses that must never be mailed, by keyed hash, with the reason; they survive erasure."""

from __future__ import annotations

from datetime import datetime

from subscribers.address import Address, hashes
from subscribers.errors import SuppressedAddress
from subscribers.models import Suppression, SuppressionReason


def suppress(hashed_address: str, reason: SuppressionReason, now: datetime) -> bool:
    """Never mail this address again. Returns False when it was suppressed already: the first reason stays."""
    _, made = Suppression.objects.get_or_create(hashed=hashed_address, defaults={"reason": reason, "at": now})
    return made


def may_be_lifted(hashed_address: str) -> bool:
    """Whether this address is suppressed, and the person's own yes would end it."""
    rows = Suppression.objects.filter(hashed=hashed_address)
    return rows.exclude(reason=SuppressionReason.STAFF).exists()


def lift(hashed_address: str) -> None:
    """The person asked for mail again, from that very mailbox. What staff suppressed stays suppressed."""
    Suppression.objects.filter(hashed=hashed_address).exclude(reason=SuppressionReason.STAFF).delete()


def reason_of(normal: str, key: bytes) -> Suppression | None:
    """The suppression of an address, also one from before the folding of today."""
    return Suppression.objects.filter(hashed__in=hashes(normal, key)).order_by("pk").first()


def carry_over(normal: str, key: bytes) -> None:
    """Let a suppression from before the folding of today hold for a person who is added now. Everything else asks by
    one hash."""
    today, *before = hashes(normal, key)
    old = Suppression.objects.filter(hashed__in=before).first() if before else None
    if old is not None:
        Suppression.objects.get_or_create(hashed=today, defaults={"reason": old.reason, "at": old.at})


def refuse(address: Address, key: bytes) -> None:
    """Raise SuppressedAddress when the address must never be mailed."""
    row = reason_of(address.normal, key)
    if row is not None:
        way_back = COMES_BACK[SuppressionReason(row.reason)]
        why = f"(reason: {row.reason}, {row.at:%Y-%m-%d})"
        raise SuppressedAddress(f"{address.shown} is suppressed and must not be mailed {why}. {way_back}")


_OWN_YES = "Only the person can come back, by signing up on the page and confirming from that mailbox."
#: What can be done about a suppression, by its reason.
COMES_BACK = {
    **dict.fromkeys(SuppressionReason, _OWN_YES),
    SuppressionReason.STAFF: "Staff said so, and it stays.",
}
