"""May real mail leave? Decided here alone: by the configuration, and by whether ``newsletter live`` was said.

What an edition is, practice or real, is settled when it starts (schedule/enqueue.py) and kept with it.
"""

from __future__ import annotations

from enum import Enum, auto

from newsletter.config import Config
from newsletter.errors import Refused
from newsletter.models import Site


class Way(Enum):
    """Where mail goes now."""

    #: Into the outbox on disk.
    PRACTICE = auto()
    #: To a relay on this machine, before ``newsletter live``: it takes trials.
    TRIAL = auto()
    #: Nowhere: the relay is on another machine, and nobody has said ``newsletter live``.
    HELD_BACK = auto()
    #: To the relay, and on to people.
    LIVE = auto()


def way(*, practice: bool, relay_is_local: bool, live: bool) -> Way:
    """The decision itself."""
    if practice:
        return Way.PRACTICE
    if live:
        return Way.LIVE
    return Way.TRIAL if relay_is_local else Way.HELD_BACK


def way_of(config: Config, site: Site | None = None) -> Way:
    """Where mail goes now. ``site``: the row where the caller has it, locked perhaps."""
    if config.practice:
        return Way.PRACTICE
    live = site.live_at is not None if site else Site.objects.filter(pk=1, live_at__isnull=False).exists()
    return way(practice=False, relay_is_local=config.relay_is_local, live=live)


def may_leave(config: Config) -> bool:
    """Whether mail may leave now, be it into the outbox."""
    return way_of(config) is not Way.HELD_BACK


def is_for_people(config: Config) -> bool:
    """Whether people are meant to get what is made now: it is held to what they need."""
    return way_of(config) in (Way.LIVE, Way.HELD_BACK)


def must_leave(config: Config, site: Site | None = None) -> Way:
    """Where mail goes now. Raises Refused when it may not leave."""
    found = way_of(config, site)
    if found is Way.HELD_BACK:
        raise Refused(
            f"The relay {config.email.smtp.host} is not on this machine, and this site is still in practice. "
            "newsletter live checks everything and then sends for real."
        )
    return found
