"""How long the pages of the desk take on the server, and how many questions they ask the database, as a site grows.

    python benchmarks/desk.py [PEOPLE] [EDITIONS] [DATABASE_URL]

It makes a site in a temporary folder (SQLite, or the PostgreSQL of a URL, which must be empty) with so many people and
so many past editions; the last two editions went to everybody. Each page is asked for nine times; the table has the
median.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

CONFIG = """
[site]
organisation = "Example Hub"
postal_address = "1 Garden Lane, Springfield"
[email]
transport = "smtp"
[email.smtp]
host = "127.0.0.1"
security = "none"
"""
PASSWORD = "seven quiet herons"


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    editions = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    folder = Path(tempfile.mkdtemp(prefix="desk-"))
    (folder / "config.toml").write_text(CONFIG)
    os.environ |= {
        "NEWSLETTER_CONFIG": str(folder / "config.toml"),
        "DJANGO_SETTINGS_MODULE": "newsletter.settings",
    }
    if len(sys.argv) > 3:
        os.environ["NEWSLETTER_DATABASE__URL"] = sys.argv[3]
    import django

    django.setup()
    _fill(people, editions)
    _measure(people, editions)


def _fill(people: int, editions: int) -> None:
    from django.conf import settings
    from django.db import connection, transaction

    from newsletter.models import Campaign, Delivery, Edition, Site, Variant
    from newsletter.publishing.editions import compose, transitions, variants
    from newsletter.publishing.editions.delivery_counts import WORDS
    from newsletter.publishing.overview import growth
    from newsletter.publishing.setup import bootstrap
    from newsletter.publishing.staff import accounts
    from newsletter.publishing.staff.roles import Role
    from subscribers.models import Consent, Subscriber, Subscription

    config, now = settings.CONFIG, datetime.now(UTC)
    bootstrap.prepare(config, now)
    accounts.set_password(accounts.add("olu@example.org", Role.OWNER, now), PASSWORD, now)
    campaign = Campaign.objects.get(name="weekly")
    post = _post(config, now)
    began = now - timedelta(days=700)
    for first in range(0, people, 20_000):
        ids = range(first + 1, min(first + 20_000, people) + 1)
        with transaction.atomic():
            Site.locked()
            Subscriber.objects.bulk_create(
                Subscriber(
                    pk=n, address=f"person{n}@example.org", normal=f"person{n}@example.org",
                    wire=f"person{n}@example.org", hashed=f"{n:064d}", name=f"Person {n}", created_at=began,
                )
                for n in ids
            )  # fmt: skip
            Subscription.objects.bulk_create(
                Subscription(subscriber_id=n, status="confirmed", cadence="weekly", confirmed_at=began)
                for n in ids
            )
            Consent.objects.bulk_create(Consent(subscriber_id=n, at=began, event="confirmed") for n in ids)
    for number in range(1, editions + 1):
        at = now - timedelta(days=editions - number + 1)
        if number <= editions - 2:
            Edition.objects.create(
                campaign=campaign, state="sent", slot_at=at, created_at=at, began_at=at, enqueued_at=at, frozen_at=at,
                finished_at=at, practice=False, people=people, moves_watermarks=False,
                final={"people": people, "counts": dict.fromkeys(WORDS, 0) | {"sent": people}, "since": None},
            )  # fmt: skip
            continue
        edition = compose.compose("weekly", config, at, posts=[post.key])
        variants.make(edition, [[post.pk]])
        variant = Variant.objects.get(edition=edition)
        transitions.approve(edition, at)
        transitions.begin(edition, at, practice=False)
        for first in range(0, people, 20_000):
            ids = range(first + 1, min(first + 20_000, people) + 1)
            Delivery.objects.bulk_create(
                Delivery(edition=edition, subscriber_id=n, variant=variant, state="sent", changed_at=at)
                for n in ids
            )
        Edition.objects.filter(pk=edition.pk).update(enqueued_at=at)
        edition.refresh_from_db()
        transitions.finish(edition, at, reached_anybody=True)
    growth.count_today(now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _post(config: Any, now: datetime) -> Any:
    from newsletter.models import Post
    from newsletter.publishing.ingest import sync
    from newsletter.sources.base import Item, Name

    item = Item(
        names=(Name("path", "one.md"),), title="Hedges by the stream", html="<p>Twelve families.</p>",
        summary="Twelve families.", date=None,
    )  # fmt: skip
    sync.import_page(item, config, now, mail=True)
    return Post.objects.get()


def _measure(people: int, editions: int) -> None:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from newsletter.models import Edition
    from newsletter.publishing.editions import compose

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.post("/desk/login/", {"address": "olu@example.org", "password": PASSWORD})
    last = Edition.objects.order_by("-pk").values_list("pk", flat=True)[0]
    began = time.perf_counter()
    draft = compose.compose("weekly", settings.CONFIG, datetime.now(UTC))
    composed = time.perf_counter() - began
    print(f"{people:,} people, {editions} editions, {connection.vendor}, Python {platform.python_version()}")
    print(f"composing the next edition: {composed:.1f} s")
    print(f"{'page':34}{'ms':>8}{'questions':>11}")
    pages = {
        "today": "/desk/",
        "an edition that was sent": f"/desk/editions/{last}/",
        "its progress": f"/desk/editions/{last}/#",
        "a draft": f"/desk/editions/{draft.pk}/",
        "who got it": f"/desk/editions/{last}/who/sent/",
        "posts": "/desk/posts/",
        "a post": "/desk/posts/hedges-by-the-stream/",
        "find by a beginning": "/desk/people/?q=person4711",
        "find by a part": "/desk/people/?q=son4711",
        "find nobody": "/desk/people/?q=nobody",
        "a person": "/desk/people/4711/",
        "campaigns": "/desk/campaigns/",
        "log": "/desk/log/",
    }
    for name, path in pages.items():
        part = {"HX-Request": "true"} if path.endswith("#") else {}
        times = []
        for _ in range(9):
            with CaptureQueriesContext(connection) as queries:
                start = time.perf_counter()
                answer = client.get(path.rstrip("#"), headers=part)
                times.append((time.perf_counter() - start) * 1000)
            assert answer.status_code == 200, (path, answer.status_code, answer.content[:500])
        print(f"{name:34}{statistics.median(times):8.0f}{len(queries):11}")


if __name__ == "__main__":
    main()
