"""One scheduler and worker of a simulated site: a real process whose clock is told to it, a line at a time.

It does what ``newsletter run`` does in one round of its jobs, by the same code; only the relay is a file, which takes
everything. Commands come as JSON lines on stdin, answers go as JSON lines to stdout.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsletter.settings")


class Sink:
    """Takes every message, and notes to whom and what before it says so."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def send(self, envelope: Any) -> Any:
        from world import marks_in

        from newsletter.transports.base import Outcome, Result

        to_staff = envelope.recipient.endswith("@staff.example.org")
        note = {
            "to": envelope.recipient,
            "marks": [] if to_staff else marks_in(envelope.content),
            "at": self._process.now.isoformat(),
        }
        with self._process.taken.open("a") as file:
            file.write(json.dumps(note) + "\n")
        return Outcome(Result.SENT, 250, "OK")

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class Process:
    """The jobs of one process, and what the story makes staff do."""

    def __init__(self, taken: Path) -> None:
        import django

        django.setup()
        from django.conf import settings

        from newsletter import scheduler
        from newsletter.publishing.editions.personalize import Links

        self.taken = taken
        self.config = settings.CONFIG
        self.now = datetime.min.replace(tzinfo=UTC)
        scheduler.open_transport = lambda config: lambda: Sink(self)  # type: ignore[assignment, return-value]
        links = Links.of(self.config, settings.SUBSCRIBERS_LINKS_KEY)
        self.work = scheduler.Work(self.config, links, threading.Event(), clock=lambda: self.now)

    def do(self, command: dict[str, Any]) -> Any:
        self.now = datetime.fromisoformat(command.pop("at"))
        return getattr(self, command.pop("do"))(**command)

    def set_up(self, campaigns: dict[str, dict[str, Any]], people: dict[str, str]) -> None:
        from world import World

        from newsletter.publishing.editions import campaigns as verbs
        from newsletter.publishing.setup.bootstrap import prepare
        from subscribers.cadence import Cadence

        prepare(self.config, self.now)
        for name, fields in campaigns.items():
            verbs.edit(name, self.now, **fields)
            verbs.resume(name, self.now)
        world = World(self.config, self.now)
        for name, cadence in people.items():
            world.join(name, Cadence(cadence))

    def release(self, mark: int) -> None:
        from world import World

        world = World(self.config, self.now)
        world.posts = dict.fromkeys(range(1, mark))  # type: ignore[assignment]
        world.release()

    def approve(self) -> int:
        """Staff say yes to everything that waits."""
        from newsletter.errors import NewsletterError
        from newsletter.models import Edition
        from newsletter.publishing.decisions import edition_actions

        approved = 0
        for edition in Edition.objects.filter(state="awaiting approval").order_by("pk"):
            try:
                edition_actions.approve(edition.pk, self.now)
                approved += 1
            except NewsletterError:
                continue  # its hour came at this very moment
        return approved

    def round(self) -> list[str]:
        """One round of all jobs; what they would log as a problem."""
        from newsletter.publishing.schedule import tick as schedule

        problems: list[str] = []
        tick = schedule.tick

        def noting(config: Any, now: datetime) -> Any:
            done = tick(config, now)
            problems.extend(done.problems)
            return done

        schedule.tick = noting
        try:
            for job in ("tick", "tell_staff", "enqueue", "deliver", "staff_mail", "sweep"):
                getattr(self.work, job)()
        finally:
            schedule.tick = tick
        return problems

    def report(self) -> dict[str, Any]:
        """Every edition, and what is in doubt."""
        from newsletter.models import Delivery, Edition, StaffMail

        editions = Edition.objects.order_by("pk").values(
            "campaign__name",
            "slot_local",
            "slot_at",
            "state",
            "reason",
            "frozen_at",
            "began_at",
            "approve_by",
        )
        doubts = Delivery.objects.filter(state="unknown").values_list("subscriber__normal", flat=True)
        return {
            "editions": [
                {
                    key: value.isoformat() if isinstance(value, datetime) else value
                    for key, value in row.items()
                }
                for row in editions
            ],
            "in_doubt": [normal.partition("@")[0] for normal in doubts],
            "told": list(StaffMail.objects.order_by("pk").values_list("event", "state")),
        }


def main() -> None:
    process = Process(Path(sys.argv[1]))
    for line in sys.stdin:
        answer = process.do(json.loads(line))
        sys.stdout.write(json.dumps({"answer": answer}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
