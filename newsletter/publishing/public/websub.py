"""Tells WebSub hubs which feeds have changed: compares what hubs were told with what the feeds are, and says the rest.

What is said, and what the answers mean, is newsletter.feeds.websub's part. A hub that is dead or slow costs its own
time limits and nothing else: no lock is held and no transaction is open while it is talked to.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newsletter.config import Config
from newsletter.errors import NewsletterError
from newsletter.feeds import websub
from newsletter.feeds.websub import Post, Told
from newsletter.models import Announcement
from newsletter.publishing.public import feed_documents

#: A hub fetches the feed as soon as it is told, and whoever serves it may look at the database only every second
#: (catalogue.LOOK_EVERY): so it is told a little after the change. What changes meanwhile is told along.
SETTLE = timedelta(seconds=3)
#: Another process takes over what a dead one was about to tell after this long; longer than any hub may take.
_LEASE = timedelta(minutes=2)
#: So many hubs are talked to at the same time.
_AT_ONCE = 8


@dataclass(slots=True)
class HubReport:
    """What one round did."""

    #: (hub, feed)
    told: list[tuple[str, str]] = field(default_factory=list)
    #: Sentences on hubs that could not be told, also those that rest since an earlier round.
    troubles: list[str] = field(default_factory=list)


def tell_hubs(config: Config, post: Post, now: datetime, stop: threading.Event | None = None) -> HubReport:
    """Note which feeds have changed, and tell each hub what is due. ``post`` may raise NewsletterError; ``stop`` ends
    the round after the hub that is being talked to."""
    report = HubReport()
    if not config.feeds.hubs:
        return report
    _note(config, now)
    # Each hub has a lane of its own, so that none waits for another; the database is this thread's alone.
    asked: dict[Future[Told], tuple[Announcement, Iterator[Announcement]]] = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:

        def tell_next(lane: Iterator[Announcement]) -> None:
            row = None if stop is not None and stop.is_set() else next(lane, None)
            if row is not None:
                asked[pool.submit(_ask, row.hub, row.feed, post, now)] = row, lane

        for rows in _due(now):
            tell_next(_mine(rows, now))
        while asked:
            for answered in wait(asked, return_when=FIRST_COMPLETED).done:
                row, lane = asked.pop(answered)
                told = answered.result()
                _record(row, told, now)
                if told.taken:
                    report.told.append((row.hub, row.feed))
                if not told.hub_is_down:
                    tell_next(lane)
    report.told.sort()
    standing = Announcement.objects.exclude(trouble="").values_list("hub", "trouble").distinct()
    report.troubles = sorted(f"the hub {hub} was not told: {trouble}" for hub, trouble in standing)
    return report


def _note(config: Config, now: datetime) -> None:
    """Bring the rows up to what the feeds are now."""
    made = feed_documents.current(config)
    feeds = {}
    for address in made.addresses():
        document = made.get(address, now)
        if document is not None:
            feeds[f"{config.site.url}/{address.path}"] = document.form(None).etag.strip('"')
    known = {(row.hub, row.feed): row for row in Announcement.objects.all()}
    wanted = {(hub, feed) for hub in config.feeds.hubs for feed in feeds}
    gone = [row.pk for key, row in known.items() if key not in wanted]
    if gone:
        Announcement.objects.filter(pk__in=gone).delete()
    fresh = [_first(hub, feed, feeds[feed], now) for hub, feed in sorted(wanted - known.keys())]
    if fresh:
        # Another scheduler may have been first.
        Announcement.objects.bulk_create(fresh, ignore_conflicts=True)
    for (hub, feed), row in known.items():
        if (hub, feed) in wanted and row.seen != feeds[feed]:
            _see(row, feeds[feed], now)


def _first(hub: str, feed: str, digest: str, now: datetime) -> Announcement:
    return Announcement(hub=hub, feed=feed, seen=digest, seen_at=now, next_attempt_at=now + SETTLE)


def _see(row: Announcement, digest: str, now: datetime) -> None:
    """The feed has other bytes than at the last look. A hub that rests after a failure goes on resting."""
    due: datetime | None = now + SETTLE
    if digest == row.told:
        due = None  # what had changed was taken back before anybody was told
    elif row.attempts and row.next_attempt_at is not None:
        due = max(row.next_attempt_at, now + SETTLE)
    Announcement.objects.filter(pk=row.pk, seen=row.seen).update(
        seen=digest, seen_at=now, next_attempt_at=due
    )


def _due(now: datetime) -> list[list[Announcement]]:
    """What is to be told, by hub: those that answer come before those that have failed."""
    lanes: dict[str, list[Announcement]] = {}
    for row in Announcement.objects.filter(next_attempt_at__lte=now).order_by("attempts", "hub", "pk"):
        lanes.setdefault(row.hub, []).append(row)
    return list(lanes.values())


def _mine(rows: Iterable[Announcement], now: datetime) -> Iterator[Announcement]:
    """Those of the rows that no other process has taken in hand meanwhile."""
    for row in rows:
        taken = Announcement.objects.filter(pk=row.pk, next_attempt_at=row.next_attempt_at)
        if taken.update(next_attempt_at=now + _LEASE):
            yield row


def _ask(hub: str, feed: str, post: Post, now: datetime) -> Told:
    try:
        return websub.tell(hub, feed, post, now)
    except NewsletterError as error:
        return Told(False, str(error), hub_is_down=True)


def _record(row: Announcement, told: Told, now: datetime) -> None:
    if told.taken:
        _taken(row, now)
        return
    failed = Announcement.objects.filter(pk=row.pk)
    if told.hub_is_down:
        failed = Announcement.objects.filter(hub=row.hub, next_attempt_at__isnull=False)
    attempts = row.attempts + 1
    rest = max(websub.wait_after(attempts), told.wait or timedelta(0))
    failed.update(attempts=attempts, next_attempt_at=now + rest, trouble=told.trouble[:300])


def _taken(row: Announcement, now: datetime) -> None:
    done = {"told": row.seen, "told_at": now, "attempts": 0, "trouble": ""}
    mine = Announcement.objects.filter(pk=row.pk)
    # What changed while the hub was being told is told again, so its due time stays.
    if not mine.filter(seen=row.seen).update(**done, next_attempt_at=None):
        mine.update(**done)
