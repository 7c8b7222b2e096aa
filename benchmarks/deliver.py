"""How fast an edition is enqueued and delivered: the real ledger, recorder and SMTP client, to a sink on loopback.

    python benchmarks/deliver.py [PEOPLE] [CONNECTIONS]

It makes a site in a temporary folder (SQLite, synchronous=FULL) and prints a table. The sink is a process of its own
that reads and answers and keeps nothing, so that it costs as little as a relay in Python can.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import platform
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

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
BODY = "<p>" + "Some words of a post that is neither long nor short. " * 60 + "</p>"


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 sink.example.org ESMTP\r\n")
    content = False
    try:
        while line := await reader.readline():
            if content:
                content = line != b".\r\n"
                if not content:
                    writer.write(b"250 2.0.0 Ok: taken\r\n")
                continue
            word = line[:4].upper()
            if word == b"EHLO":
                writer.write(b"250-sink.example.org\r\n250 PIPELINING\r\n")
            elif word == b"DATA":
                content = True
                writer.write(b"354 go on\r\n")
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 2.1.0 Ok\r\n")
    finally:
        writer.close()


def _sink(tell: Connection) -> None:
    async def serve() -> None:
        server = await asyncio.start_server(_talk, "127.0.0.1", 0, limit=2**20)
        tell.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def _people(count: int, now: datetime) -> None:
    from subscribers.models import Status, Subscriber, Subscription

    made = Subscriber.objects.bulk_create(
        (
            Subscriber(
                address=f"person{number}@example.org",
                normal=f"person{number}@example.org",
                wire=f"person{number}@example.org",
                hashed=f"{number:064x}",
                created_at=now,
            )
            for number in range(count)
        ),
        batch_size=1000,
    )
    Subscription.objects.bulk_create(
        (Subscription(subscriber=person, status=Status.CONFIRMED, confirmed_at=now) for person in made),
        batch_size=1000,
    )


def _measure(people: int, connections: int) -> list[tuple[str, str]]:
    from django.conf import settings
    from django.db import transaction

    from newsletter.dates import PartialDate
    from newsletter.models import Delivery, PostState, Site
    from newsletter.publishing import from_config
    from newsletter.publishing.delivery.deliver import Delivering
    from newsletter.publishing.editions import compose
    from newsletter.publishing.editions.personalize import Links
    from newsletter.publishing.ingest import sync
    from newsletter.publishing.schedule import enqueue, tick
    from newsletter.publishing.setup import bootstrap
    from newsletter.sources.base import Item, Name, NameScheme

    config, now = settings.CONFIG, datetime.now(UTC)
    bootstrap.prepare(config, now)
    _people(people, now)
    for number in range(7):
        item = Item(
            names=(Name(NameScheme.ID, str(number)),),
            title=f"Post {number}",
            html=BODY,
            date=PartialDate.of_instant(now - timedelta(hours=number)),
        )
        with transaction.atomic():
            sync.store_new("bench", item, PostState.RELEASED, True, "", Site.locked(), config, now)
    edition = compose.compose("weekly", config, now)
    tick.begin(edition, config, now)
    start = time.perf_counter()
    enqueue.enqueue(edition, now)
    enqueued = time.perf_counter() - start
    start, cpu = time.perf_counter(), time.process_time()
    links = Links.of(config, settings.SUBSCRIBERS_LINKS_KEY)
    Delivering(config, links, from_config.open_transport(config), clock=lambda: datetime.now(UTC)).run()
    delivered, cpu = time.perf_counter() - start, time.process_time() - cpu
    sent = Delivery.objects.filter(state="sent").count()
    assert sent == people, f"only {sent} were sent"
    return [
        ("enqueued, people a second", f"{people / enqueued:,.0f}"),
        (f"delivered over {connections} connections, mails a second", f"{people / delivered:,.0f}"),
        ("CPU a mail, µs", f"{cpu / people * 1e6:,.0f}"),
        ("peak memory, MB", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f}"),
    ]


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    connections = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    ours, theirs = multiprocessing.Pipe()
    sink = multiprocessing.get_context("spawn").Process(target=_sink, args=(theirs,), daemon=True)
    sink.start()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "config.toml").write_text(CONFIG)
        os.environ["NEWSLETTER_CONFIG"] = str(Path(folder) / "config.toml")
        os.environ["NEWSLETTER_EMAIL__SMTP__PORT"] = str(ours.recv())
        os.environ["NEWSLETTER_EMAIL__SMTP__CONNECTIONS"] = str(connections)
        os.environ["DJANGO_SETTINGS_MODULE"] = "newsletter.settings"
        import django

        django.setup()
        print(
            f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {people:,} people"
        )
        for name, value in _measure(people, connections):
            print(f"{name:55} {value:>12}")
    sink.terminate()


if __name__ == "__main__":
    main()
