"""Addresses that must never be mailed, by keyed hash, with the reason; they survive erasure."""

from __future__ import annotations

from datetime import datetime

from subscribers.address import Address, hashes
from subscribers.errors import SuppressedAddress
from subscribers.feedback import no_such_mailbox
from subscribers.models import Suppression, SuppressionReason

#: What staff may take back: the others only the person can, from that very mailbox.
_OF_STAFF = (SuppressionReason.STAFF, SuppressionReason.BOUNCE, SuppressionReason.IMPORTED)


def suppress(
    hashed_address: str,
    reason: SuppressionReason,
    now: datetime,
    *,
    code: int | None = None,
    reply: str = "",
) -> bool:
    """Never mail this address again. Returns False when it was suppressed already: the first reason stays.

    ``code`` and ``reply`` are what a mail server said, where one did.
    """
    _, made = Suppression.objects.get_or_create(
        hashed=hashed_address, defaults={"reason": reason, "at": now, "code": code, "reply": reply[:500]}
    )
    return made


def may_be_lifted(hashed_address: str) -> bool:
    """Whether this address is suppressed, and the person's own yes would end it."""
    rows = Suppression.objects.filter(hashed=hashed_address)
    return rows.exclude(reason=SuppressionReason.STAFF).exists()


def suppress_refused(hashed_address: str, code: int | None, reply: str, now: datetime) -> bool:
    """Suppress an address of which a mail server says plainly that nobody is there (feedback.py). Returns whether it
    did: any other refusal suppresses nobody."""
    if not no_such_mailbox(code, reply):
        return False
    return suppress(hashed_address, SuppressionReason.BOUNCE, now, code=code, reply=reply)


def take_back(address: Address, key: bytes) -> bool:
    """Staff say that an address may be mailed after all. Returns whether it was suppressed.

    Raises SuppressedAddress where a complaint or an erasure stands: that only the person can take back.
    """
    row = reason_of(address.normal, key)
    if row is None:
        return False
    if row.reason not in _OF_STAFF:
        raise SuppressedAddress(f"{address.shown} stays suppressed: {described(row)}. {_OWN_YES}")
    Suppression.objects.filter(hashed__in=hashes(address.normal, key)).delete()
    return True


def described(row: Suppression) -> str:
    """One clause why an address is suppressed, with the mail server's own words."""
    words = " ".join(filter(None, (str(row.code or ""), row.reply)))
    return {
        SuppressionReason.BOUNCE: "its mail server says that there is no such mailbox",
        SuppressionReason.COMPLAINT: "the person called a mail spam",
        SuppressionReason.STAFF: "staff suppressed it",
        SuppressionReason.ERASED: "the person had their data erased",
        SuppressionReason.IMPORTED: "an imported list said so",
    }[SuppressionReason(row.reason)] + (f" ({words})" if words else "")


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
        way_back = way_back.replace("ADDRESS", address.shown)
        raise SuppressedAddress(f"{address.shown} is suppressed and must not be mailed {why}. {way_back}")


_OWN_YES = "Only the person can come back, by signing up on the page and confirming from that mailbox."
#: What can be done about a suppression, by its reason.
COMES_BACK = {
    **dict.fromkeys(SuppressionReason, _OWN_YES),
    SuppressionReason.BOUNCE: "Its mail server said that there is no such mailbox; if there is one now, newsletter "
    "subscribers unsuppress ADDRESS takes it back. The person's own sign-up and yes do so too.",
    SuppressionReason.IMPORTED: "A list that was imported said so; newsletter subscribers unsuppress ADDRESS takes it "
    "back.",
    SuppressionReason.STAFF: "Staff said so; newsletter subscribers unsuppress ADDRESS takes it back.",
}
