"""People who stand in another system's list as ones who left or must not be mailed: they leave here too. Taking the
others in is bulk_import.py's part."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from subscribers import address, consent, suppression
from subscribers.consent import Proof
from subscribers.lists.imports import Row
from subscribers.lists.standing import Standing
from subscribers.models import Consent, Event, Status, Subscriber, SuppressionReason

#: How the form of a consent record begins for which staff vouched.
BY_IMPORT = "import of "
BY_COMMAND = "command line"


def is_against(row: Row) -> bool:
    """Whether the file says that this person must not get mail any more."""
    return bool(row.suppressed) or row.said.standing in (Standing.LEFT, Standing.SUPPRESSED)


def past(at: datetime | None, now: datetime) -> datetime | None:
    """A time that a file gives, if it can be true."""
    return at if at is not None and at <= now else None


def left_at(row: Row, now: datetime) -> datetime | None:
    """Since when a person of a list has left; None for who only never confirmed."""
    at = past(row.left_at or row.said.at, now)
    return at or (now if is_against(row) and row.said.standing is not Standing.PENDING else None)


def stays(row: Row, now: datetime) -> str | None:
    """Why a person who is subscribed here stays so although the file says that they left, None when they leave.

    The later word holds. A yes that the person gave here, on our page, is theirs; one that staff vouched for by an
    import or a command says no more than the file does. So only their own yes stands against the file, and only where
    the file does not say that they left after it.
    """
    person = Subscriber.objects.select_related("subscription").get(normal=row.address.normal)
    if person.subscription.status not in (Status.CONFIRMED, Status.PAUSED):
        return None
    yes = Consent.objects.filter(subscriber=person, event=Event.CONFIRMED).order_by("pk").last()
    if yes is None or not yes.form or yes.form == BY_COMMAND or yes.form.startswith(BY_IMPORT):
        return None
    since = row.left_at or row.said.at
    if since is not None and since > yes.at:
        return None
    there = row.said.why or "suppressed"
    return f"stays subscribed: they confirmed here themselves on {yes.at:%Y-%m-%d} ({there} there)"


def stand_down(row: Row, proof: Proof, now: datetime) -> None:
    """Let somebody who is known here leave, and suppress them where the file says so. Twice changes nothing."""
    person = Subscriber.objects.select_related("subscription").get(normal=row.address.normal)
    if not row.suppressed or row.said.standing is Standing.LEFT:
        why = {"line": row.line, "said": row.said.why}
        consent.leave(person, proof=Proof(form=proof.form, detail=why), now=now)
    suppress(row, person.hashed, now)


def suppress(row: Row, hashed: str, now: datetime) -> None:
    """Never mail this address again, if the file says so."""
    if row.suppressed or row.said.standing is Standing.SUPPRESSED:
        suppression.suppress(hashed, SuppressionReason(row.suppressed or row.said.reason), now)


def suppress_address(
    typed: str, reason: SuppressionReason, now: datetime, *, dry_run: bool = False
) -> tuple[str, bool]:
    """Never mail an address again, whether it is subscribed or not. Returns how it is shown, and whether that is new.

    Raises BadAddress.
    """
    parsed = address.parse(typed)
    key = settings.SUBSCRIBERS_SUPPRESSION_KEY
    if dry_run:
        return parsed.shown, suppression.reason_of(parsed.normal, key) is None
    return parsed.shown, suppression.suppress(address.hashed(parsed.normal, key), reason, now)
