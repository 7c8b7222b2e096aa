"""A person erased, with what mail servers said of them: deliveries stay for their counts, and their words may hold the
address. The person's own rows are subscribers.privacy's part."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from newsletter.models import Delivery
from subscribers import privacy
from subscribers.models import Subscriber


@transaction.atomic
def erase(person: Subscriber, now: datetime) -> None:
    """Delete everything about a person but the hash that keeps them from ever being mailed. ``now``: aware UTC."""
    Delivery.objects.filter(subscriber=person).exclude(reply="").update(reply="")
    privacy.erase(person, now)
