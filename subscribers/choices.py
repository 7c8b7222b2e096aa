"""What people chose, looked at as a whole: how many chose a topic, and a topic that gets another name. One person's own
choice is consent.py's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.db import transaction

from subscribers.models import Consent, Event, Status, Subscription

#: Subscriptions a statement.
_CHUNK = 2_000


def renamed(topics: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """The same choice under the names of today, sorted, each once. ``names``: former name → name."""
    return sorted({names.get(topic, topic) for topic in topics})


def people_by_topic() -> Counter[str]:
    """Topic → how many who may get mail, or paused, chose it."""
    counted: Counter[str] = Counter()
    for page in _pages():
        for row in page:
            if row.status in (Status.CONFIRMED, Status.PAUSED):
                counted.update(row.topics)
    return counted


@transaction.atomic
def rename_topics(names: Mapping[str, str], now: datetime) -> int:
    """Carry everyone who chose a topic along to its new name, those who paused, left or have not confirmed as well.
    Each gets a step in the consent record. ``names``: former name → name; ``now`` is aware UTC. Returns how many
    people it touched."""
    touched = 0
    for page in _pages():
        changed, steps = [], []
        for row in page:
            chosen = renamed(row.topics, names)
            if chosen == row.topics:
                continue
            detail = {"from": row.topics, "to": chosen, "by": "staff gave the topic another name"}
            steps.append(
                Consent(
                    subscriber_id=row.subscriber_id,
                    at=now,
                    event=Event.TOPICS,
                    form="config.toml",
                    detail=detail,
                )
            )
            row.topics = chosen
            changed.append(row)
        Subscription.objects.bulk_update(changed, ["topics"])
        Consent.objects.bulk_create(steps)
        touched += len(changed)
    return touched


def _pages() -> Iterator[list[Subscription]]:
    """Everyone who chose a topic, by key: an open cursor would keep SQLite's log from shrinking."""
    last = 0
    while True:
        rows = Subscription.objects.exclude(topics=[]).filter(pk__gt=last).order_by("pk")
        page = list(rows.only("pk", "subscriber_id", "status", "topics")[:_CHUNK])
        if not page:
            return
        last = page[-1].pk
        yield page
