"""What a person may ask of us: to see everything we hold about them, and to have it erased (GDPR 15 and 17).

Deliveries are the newsletter's; they lose the person when the row goes, and their counts stay true.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from subscribers.models import Subscriber, Suppression, SuppressionReason
from subscribers.suppression import suppress


def rows_of(subscriber: Subscriber) -> dict[str, Any]:
    """Everything this package holds about a person, as plain values with aware UTC times."""
    subscription = subscriber.subscription
    suppression = Suppression.objects.filter(hashed=subscriber.hashed).first()
    return {
        "address": subscriber.address,
        "name": subscriber.name,
        "language": subscriber.language,
        "zone": subscriber.zone,
        "created_at": subscriber.created_at,
        "status": subscription.status,
        "cadence": subscription.cadence,
        "topics": list(subscription.topics),
        "confirmed_at": subscription.confirmed_at,
        "paused_at": subscription.paused_at,
        "left_at": subscription.left_at,
        "suppressed": {
            "reason": suppression.reason,
            "at": suppression.at,
            "code": suppression.code,
            "reply": suppression.reply,
        }
        if suppression
        else None,
        "consent": [
            {
                "at": step.at,
                "event": step.event,
                "wording": step.wording,
                "form": step.form,
                "ip": step.ip,
                "detail": step.detail,
            }
            for step in subscriber.consents.all()
        ],
    }


@transaction.atomic
def erase(subscriber: Subscriber, now: datetime) -> None:
    """Delete a person's rows. The keyed hash of the address stays suppressed, so that no later import mails them; the
    reason that was there first stays."""
    suppress(subscriber.hashed, SuppressionReason.ERASED, now)
    # A mail server repeats the address in its words.
    Suppression.objects.filter(hashed=subscriber.hashed).update(code=None, reply="")
    subscriber.delete()
