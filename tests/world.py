"""A small publisher to tell stories with: people, posts, campaigns and a relay that keeps what it was given.

Everything is real (database, rendering, ledger, recorder); only the relay's answers are chosen by the story.
"""

from __future__ import annotations

import email
import email.policy
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from newsletter.config import Config
from newsletter.dates import PartialDate
from newsletter.models import Edition, Post, PostState, Site
from newsletter.publishing.delivery.deliver import Delivering, Report, finish
from newsletter.publishing.editions.personalize import Links
from newsletter.publishing.ingest import sync
from newsletter.publishing.schedule import enqueue, tick
from newsletter.publishing.subscriptions import sign_up
from newsletter.sources.base import Item, Name, NameScheme
from newsletter.transports.base import Envelope, Outcome, Result
from subscribers.cadence import Cadence
from subscribers.consent import Proof
from subscribers.models import Event, Subscriber, Subscription

#: As little as a mail can be, so that thousands of editions render in a test.
SMALL_TEMPLATES = {
    "digest.html": (
        "<html><head><title>x</title></head><body>{% for e in entries %}<p>{{ e.title }}</p>{% endfor %}"
        "{% for e in linked %}<p>{{ e.title }}</p>{% endfor %}"
        '<a href="{{ personal.unsubscribe_url }}">leave</a>{{ frame.postal_lines | join(" ") }}</body></html>'
    ),
    "digest.txt": (
        "{% for e in entries %}{{ e.title }}\n{% endfor %}{% for e in linked %}{{ e.title }}\n{% endfor %}"
        "{{ personal.unsubscribe_url }}\n{{ frame.postal_lines | join(' ') }}\n"
    ),
    "digest.subject.txt": "{{ subject or 'news' }}",
}
SMALL_TEMPLATES |= {name.replace("digest", "post"): text for name, text in SMALL_TEMPLATES.items()}

_MARK = re.compile(r"\bzq(\d+)zq\b")


def write_small_templates(folder: Path) -> None:
    """Give a site folder templates of its own."""
    (folder / "templates" / "email").mkdir(parents=True, exist_ok=True)
    for name, text in SMALL_TEMPLATES.items():
        (folder / "templates" / "email" / name).write_text(text)


class Relay:
    """A relay in memory: keeps every message it took, and answers as told."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        #: What the next messages get; "sent" when it is used up.
        self.answers: list[Result] = []
        #: Called with each envelope before the answer; may raise.
        self.before: Callable[[Envelope], None] | None = None
        self._lock = threading.Lock()

    def open(self) -> _Line:
        return _Line(self)

    def send(self, envelope: Envelope) -> Outcome:
        with self._lock:
            if self.before is not None:
                self.before(envelope)
            answer = self.answers.pop(0) if self.answers else Result.SENT
            if answer in (Result.SENT, Result.UNKNOWN):
                self.taken.append((envelope.recipient, envelope.content))
            return Outcome(answer, 250 if answer == Result.SENT else None, answer.value)

    def received(self) -> dict[str, list[int]]:
        """Address → the marks of the posts in its mails, in order, with repetitions."""
        got: dict[str, list[int]] = defaultdict(list)
        for recipient, content in self.taken:
            got[recipient] += marks_in(content)
        return dict(got)


class _Line:
    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    def send(self, envelope: Envelope) -> Outcome:
        return self._relay.send(envelope)

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def marks_in(content: bytes) -> list[int]:
    """The marks of the posts in a mail's text part."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return [int(found) for found in _MARK.findall(body.get_content())]


class World:
    """A publisher with a clock that stands still until told to move."""

    def __init__(self, config: Config, now: datetime) -> None:
        self.config = config
        self.now = now
        self.relay = Relay()
        self.posts: dict[int, Post] = {}

    # people

    def join(self, name: str, cadence: Cadence = Cadence.WEEKLY, topics: Iterable[str] = ()) -> Subscriber:
        """Staff add who is new; who left comes back as people do, by signing up and confirming."""
        address, proof = f"{name}@example.org", Proof("yes please")
        choice: dict[str, Any] = {"cadence": cadence, "topics": list(topics), "proof": proof, "now": self.now}
        if not Subscription.objects.filter(subscriber__normal=address, left_at__isnull=False).exists():
            return sign_up.add(address, event=Event.ADDED, **choice)[0]
        person, _ = sign_up.sign_up(address, name="", event=Event.SIGNED_UP, **choice)
        sign_up.confirm(person, proof=proof, now=self.now, by_person=True)
        return person

    # posts

    def release(self, topics: Iterable[str] = (), *, mail: bool = True) -> int:
        """Release a new post; returns its mark, which its title carries."""
        mark = len(self.posts) + 1
        item = Item(
            names=(Name(NameScheme.ID, str(mark)),),
            title=f"zq{mark}zq",
            html="<p>Text.</p>",
            summary="A summary.",
            date=PartialDate.of_instant(self.now),
            categories=tuple(topics),
        )
        from django.db import transaction

        with transaction.atomic():
            self.posts[mark] = sync.store_new(
                "story",
                item,
                PostState.RELEASED,
                mail,
                "" if mail else "the story says so",
                Site.locked(),
                self.config,
                self.now,
            )
        return mark

    # time

    def move(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def tick(self) -> tick.Tick:
        done = tick.tick(self.config, self.now)
        unexpected = [problem for problem in done.problems if "waits for approval" not in problem]
        assert not unexpected, unexpected
        return done

    def until(self, moment: datetime) -> tick.Tick:
        self.now = moment
        return self.tick()

    # sending

    def enqueue(self, edition: Edition, chunk: int = 100) -> int:
        return enqueue.enqueue(edition, self.now, chunk=chunk)

    def delivering(self, **more: Any) -> Delivering:
        links = Links.of(self.config, b"k" * 32)
        return Delivering(self.config, links, self.relay.open, clock=lambda: self.now, **more)

    def deliver(self, **more: Any) -> Report:
        report = self.delivering(**more).run()
        finish(self.now)
        return report

    def run(self) -> None:
        """Tick, enqueue and deliver until nothing is left to do now."""
        for _ in range(50):
            done = self.tick()
            sending = list(Edition.objects.filter(state="sending", enqueued_at=None))
            for edition in sending:
                self.enqueue(edition)
            self.deliver()
            if not (done.made or done.started or sending):
                return
        raise AssertionError("the publisher does not come to rest")

    def got(self, name: str) -> list[int]:
        """The posts that a person received, in order, with repetitions."""
        return self.relay.received().get(f"{name}@example.org", [])


def next_tuesday_nine(now: datetime) -> datetime:
    """The next weekly slot of the first campaigns in New York's winter: Tuesday 09:00 is 14:00 UTC."""
    days = (1 - now.weekday()) % 7
    moment = datetime(now.year, now.month, now.day, 14, 0, tzinfo=UTC) + timedelta(days=days)
    return moment if moment > now else moment + timedelta(days=7)


def empty_database() -> None:
    """No rows, for stories that are told one after the other in one test."""
    from django.apps import apps
    from django.db import connection, transaction
    from django.db.models import AutoField

    models = [model for model in apps.get_models() if model._meta.app_label in ("newsletter", "subscribers")]
    tables = [model._meta.db_table for model in models]
    if connection.vendor == "postgresql":
        # Not TRUNCATE, which makes every file of every table and index anew; and at once, for keys point everywhere.
        numbered = [model._meta.db_table for model in models if isinstance(model._meta.pk, AutoField)]
        with transaction.atomic(), connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")
            for table in numbered:
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1, false)")
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("PRAGMA foreign_keys = ON")
