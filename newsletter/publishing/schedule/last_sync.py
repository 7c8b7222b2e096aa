"""One more look at the sources when a mail is about to take its posts, so that what was put up minutes before is in it.

Sources are asked side by side, for DEADLINE seconds in all: one that hangs delays the mail by that and is left behind.
What is frozen is not looked for again: staff saw it, and what comes later goes into the next edition.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import close_old_connections, connections

from newsletter.config import Config
from newsletter.errors import NewsletterError
from newsletter.models import Campaign, CampaignState, Edition, EditionState, Source
from newsletter.publishing.from_config import sources
from newsletter.publishing.ingest import sync
from newsletter.publishing.schedule import digest_slots
from newsletter.sources.base import Source as SourceOfPosts

#: Seconds for all sources together.
DEADLINE = 20.0


@dataclass(slots=True)
class LastLook:
    """Remembers for which mails it has looked, so that a source that hangs is not waited for twice."""

    #: (campaign or edition, its number, the moment it takes its posts).
    _looked: set[tuple[str, int, datetime]] = field(default_factory=set)

    def look(self, config: Config, now: datetime, stop: threading.Event | None = None) -> list[str]:
        """Look at the sources that were not looked at since a mail became due that takes its posts now. Returns a
        sentence for each that could not be read in time. Cheap when nothing is due; call it outside transactions."""
        due = {key for key in _taking_posts(config, now) if key not in self._looked}
        if not due:
            return []
        self._looked = {key for key in self._looked if key in due or key[2] >= now} | due
        since = max(moment for _, _, moment in due)
        seen = dict(Source.objects.values_list("name", "last_sync_at"))
        wanted = [one for one in sources(config) if (seen.get(one.name) or since) <= since]
        return _all_at_once(wanted, config, now, stop or threading.Event())


def _taking_posts(config: Config, now: datetime) -> Iterator[tuple[str, int, datetime]]:
    """What freezes its posts at this moment: digests without an edition yet whose draft or slot is due, and mails of
    "each post" at the end of their wait."""
    for campaign in Campaign.objects.filter(state=CampaignState.ACTIVE, next_slot_at__isnull=False):
        at, draft = campaign.next_slot_at, digest_slots.draft_at(campaign, config)
        if at is None or digest_slots.of_next_slot(campaign) is not None:
            continue
        # Where there was nothing new for a draft, the slot itself still takes what has come.
        for moment in (at, draft):
            if moment is not None and moment <= now:
                yield "campaign", campaign.pk, moment
                break
    waiting = Edition.objects.filter(state=EditionState.SCHEDULED, slot_at__lte=now, frozen_at=None)
    for number, moment in waiting.values_list("pk", "slot_at"):
        yield "edition", number, moment


def _all_at_once(
    wanted: list[SourceOfPosts], config: Config, now: datetime, stop: threading.Event
) -> list[str]:
    troubles: dict[str, str] = {}

    def one(source: SourceOfPosts) -> None:
        close_old_connections()
        try:
            # A server is asked although it wished for a rest; a folder knows itself whether it has changed.
            asked = config.sources[source.name].kind != "folder"
            sync.sync(source, config, now, by_hand=asked)
        except NewsletterError as error:
            troubles[source.name] = str(error)
        except Exception as error:  # a fault of ours must not keep a mail from going
            troubles[source.name] = f"{source.name}: {type(error).__name__}: {error}"
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=[source], daemon=True) for source in wanted]
    for thread in threads:
        thread.start()
    end = time.monotonic() + DEADLINE
    for thread, source in zip(threads, wanted, strict=True):
        while thread.is_alive() and not stop.is_set() and time.monotonic() < end:
            thread.join(0.2)
        if thread.is_alive():
            troubles.setdefault(
                source.name,
                f"{source.name} did not answer in {DEADLINE:.0f} seconds; the mail goes without it",
            )
    return [troubles[name] for name in sorted(troubles)]
