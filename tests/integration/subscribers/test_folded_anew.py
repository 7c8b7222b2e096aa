"""The migration to the folding of today: everybody is found, and nobody who was suppressed becomes mailable."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.conf import settings

from subscribers import address
from subscribers.audience import mailable
from subscribers.cadence import Cadence
from subscribers.models import Status, Subscriber, Subscription, Suppression, SuppressionReason

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def as_before(typed: str) -> Subscriber:
    """A confirmed person as the program kept them until the end of 2026."""
    normal = address.folded_before(address.parse(typed).normal)
    person = Subscriber.objects.create(
        address=typed,
        normal=normal,
        wire=typed,
        hashed=address.hashed(normal, settings.SUBSCRIBERS_SUPPRESSION_KEY),
        created_at=NOW,
    )
    Subscription.objects.create(subscriber=person, status=Status.CONFIRMED, cadence=Cadence.WEEKLY)
    return person


@pytest.mark.django_db
def test_people_beyond_ascii_are_found_and_stay_suppressed() -> None:
    ann, ärzte, straße = (
        as_before("Ann@example.org"),
        as_before("Ärzte@example.org"),
        as_before("straße@example.org"),
    )
    Suppression.objects.create(hashed=straße.hashed, reason=SuppressionReason.COMPLAINT, at=NOW)
    importlib.import_module("subscribers.migrations.0002_ascii_folding").fold_anew(apps, None)
    kept = dict(Subscriber.objects.values_list("pk", "normal"))
    assert kept == {ann.pk: "ann@example.org", ärzte.pk: "Ärzte@example.org", straße.pk: "straße@example.org"}
    key = settings.SUBSCRIBERS_SUPPRESSION_KEY
    assert all(
        hashed == address.hashed(kept[pk], key)
        for pk, hashed in Subscriber.objects.values_list("pk", "hashed")
    )
    assert set(mailable().values_list("pk", flat=True)) == {ann.pk, ärzte.pk}
