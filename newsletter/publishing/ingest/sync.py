"""Fetch, match, store, release: what a source has now becomes posts, without surprise mail.

``sync`` does the I/O. Which post an item is, is decided in identity.py; how a new one starts out, in new_posts.py. A
post that is no longer in its source is left alone: a feed's window moves on, and a file that was deleted was read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import transaction

from newsletter import dates
from newsletter.config import Config
from newsletter.errors import Refused, SourceError
from newsletter.models import Campaign, CampaignState, HeldFor, Post, PostState, Site, Source
from newsletter.publishing.ingest import (
    enclosure_sizes,
    identity,
    internal_links,
    shut_away,
    similarity,
    topics,
)
from newsletter.publishing.ingest.identity import Recognised
from newsletter.publishing.ingest.new_posts import Arrival, Start, dated, first_state, follow, store_new
from newsletter.publishing.ledger.release import give_number
from newsletter.sources import losses
from newsletter.sources.base import Fetched, Item, Look, NameScheme, Problem, Unreadable
from newsletter.sources.base import Source as SourceOfPosts
from newsletter.text.graphemes import cut
from subscribers.cadence import Cadence

__all__ = ["SyncReport", "import_page", "store_new", "sync"]

#: Posts a transaction: who unsubscribes meanwhile waits for one.
_FIRST_SYNC_CHUNK = 50


@dataclass(slots=True)
class SyncReport:
    """What one sync did."""

    source: str
    new: list[Post] = field(default_factory=list)
    changed: list[Post] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    drafts: int = 0
    unchanged: int = 0
    #: How many new posts go into one "each post" mail that waits for approval, because they came together.
    together: int = 0
    #: Posts that waited for their date and are held, because their source has them no more.
    vanished: list[Post] = field(default_factory=list)
    #: How many posts that are out stay so although the folder has their files no more.
    gone: int = 0
    first: bool = False
    #: False: nothing was read, because nothing has changed or because it is too early to ask again.
    looked: bool = True

    @property
    def held(self) -> list[Post]:
        return [*(post for post in self.new if post.state == PostState.HELD), *self.vanished]


def sync(source: SourceOfPosts, config: Config, now: datetime, *, by_hand: bool = False) -> SyncReport:
    """Fetch a source, store what is new or changed, release what may be.

    A source is new until one sync has finished, so a crash half-way through the first mails nothing. Raises
    SourceError when nothing could be read; the reason is kept with the source.
    """
    row, _ = Source.objects.get_or_create(name=source.name)
    place = _place(source.name, config)
    # What another kind of source was told is nothing to this one.
    memory = row.memory if row.place.split(" ")[0] in ("", place.split(" ")[0]) else {}
    try:
        fetched = source.fetch(Look(now, memory, by_hand))
    except SourceError as error:
        left = error.memory if isinstance(error, Unreadable) else row.memory
        Source.objects.filter(pk=row.pk).update(last_error=str(error), last_sync_at=now, memory=dict(left))
        raise
    if fetched.unchanged:
        Source.objects.filter(pk=row.pk).update(memory=dict(fetched.memory), last_sync_at=now, last_error="")
        problems = [Problem(where, what) for where, what in row.problems]
        return SyncReport(source.name, problems=problems, looked=False)
    fetched = replace(fetched, items=tuple(enclosure_sizes.complete(fetched.items, config, now)))
    problems = [*fetched.problems, *losses.fallen_out(fetched.items, source.name)]
    problems += topics.unknown(fetched.items, source.name, config)
    report = SyncReport(source.name, problems=problems, drafts=fetched.drafts)
    elsewhere = fetched.elsewhere or row.place not in ("", place)
    _store(row, fetched, report, elsewhere, config, now)
    finished = not fetched.partial and (bool(fetched.items) or _may_be_empty(fetched, place))
    Source.objects.filter(pk=row.pk).update(
        first_sync_at=row.first_sync_at or (now if finished else None),
        last_sync_at=now,
        last_error="",
        place=place,
        memory=dict(fetched.memory),
        problems=[[problem.where, problem.what] for problem in report.problems],
    )
    return report


def _place(name: str, config: Config) -> str:
    """Where a source's posts come from: its kind, and its folder or address."""
    section = config.sources.get(name)
    return f"{section.kind} {section.path or section.url}" if section else ""


def _may_be_empty(fetched: Fetched, place: str) -> bool:
    """Whether a first look that found nothing has seen all there is. A folder may be empty; a feed without a post is
    more often one that has lost them for a while, and its archive must not be mailed when it is back."""
    return not fetched.problems and not place.startswith(("webfeed", "wordpress"))


def _store(
    row: Source, fetched: Fetched, report: SyncReport, elsewhere: bool, config: Config, now: datetime
) -> None:
    name = row.name
    names = identity.names_of(name, fetched.items)
    if elsewhere and not names and row.first_sync_at is not None:
        # Another source under an old name. Written at once, so that a crash half-way changes nothing.
        row.first_sync_at = None
        row.save(update_fields=["first_sync_at"])
    report.first = row.first_sync_at is None
    items = identity.without_strangers(fetched.items, names)
    recognised, problems = identity.recognise(items, identity.adopted(name, items, config) | names)
    report.problems += problems
    fresh = _with_dates([found for found in recognised if found.post_id is None], now)
    stored = [found for found in recognised if found.post_id is not None]
    # In the order in which they are stored: so the keys are given.
    fresh.sort(key=lambda found: _starts(found.item, config, now))
    recognised, problems = internal_links.settle([*fresh, *stored], name, config)
    report.problems += problems
    fresh, stored = recognised[: len(fresh)], recognised[len(fresh) :]
    there = {found.post_id for found in stored if found.post_id is not None}
    _take_in(fresh, there, name, report, config, now)
    report.together = _together(report, config)
    _update(stored, name, report, config, now)
    report.problems += shut_away.told(name, fetched.protected)
    if _place(name, config).startswith("folder") and not fetched.partial:
        report.vanished = _hold_vanished(name, recognised, report, now)
        report.gone = _left_behind(name, there, report)


def _with_dates(fresh: Sequence[Recognised], now: datetime) -> list[Recognised]:
    """Those without a date get that of their first sight, a second apart, the first the newest: sources without dates
    list their posts in that order, and posts of one moment would have none."""
    dated_by_us = 0
    found = []
    for one in fresh:
        if one.item.date is not None:
            found.append(one)
            continue
        moment = dates.PartialDate.of_instant(now - timedelta(seconds=dated_by_us))
        found.append(replace(one, item=replace(one.item, date=moment)))
        dated_by_us += 1
    return found


def _starts(item: Item, config: Config, now: datetime) -> datetime:
    return dated(item, now).starts(config.site.timezone)


def _take_in(
    fresh: Sequence[Recognised],
    there: set[int],
    name: str,
    report: SyncReport,
    config: Config,
    now: datetime,
) -> None:
    """Store what is new, oldest first: in one transaction, or a first sync in several. ``there`` are the posts that the
    source has beside it; the new ones are added to them."""
    # How many came matters to nobody at a first sync.
    together = (
        0 if report.first else sum(_twin(found.item, name, config, now, there) is None for found in fresh)
    )
    size = _FIRST_SYNC_CHUNK if report.first else max(len(fresh), 1)
    for start in range(0, len(fresh), size):
        with transaction.atomic():
            site = Site.locked()
            for found in fresh[start : start + size]:
                mine = identity.names_of(name, [found.item]).keys()
                over = {(str(taken.scheme), taken.value) for taken in found.taken_over}
                if mine - over:
                    continue  # another sync was first
                post = _arrive(found, there, name, together, report.first, site, config, now)
                report.new.append(post)
                there.add(post.pk)


def _twin(
    item: Item, source: str, config: Config, now: datetime, there: Collection[int] = ()
) -> similarity.Twin | None:
    return similarity.twin_of(item, dated(item, now), source, config.site.timezone, there)


def _arrive(
    found: Recognised,
    there: Collection[int],
    source: str,
    together: int,
    first: bool,
    site: Site,
    config: Config,
    now: datetime,
) -> Post:
    # Looked for once more: it may be like one that came a moment ago.
    twin = _twin(found.item, source, config, now, there)
    start = first_state(
        Arrival(
            dated_at=_starts(found.item, config, now),
            now=now,
            first_sync=first,
            together=together,
            limit=config.schedule.hold_digest,
            hold_days=config.schedule.hold_days,
            looks_like=(twin.post.key, twin.shared) if twin else None,
        )
    )
    return _begun(start, source, found, twin, site, config, now)


def _begun(
    start: Start,
    source: str,
    found: Recognised,
    twin: similarity.Twin | None,
    site: Site,
    config: Config,
    now: datetime,
) -> Post:
    return store_new(
        source,
        found.item,
        start.state,
        start.mail,
        start.because,
        site,
        config,
        now,
        held_for=start.held_for,
        looks_like=twin.post if twin else None,
        taken_over=found.taken_over,
    )


def _together(report: SyncReport, config: Config) -> int:
    """How many new posts are too many for an "each post" mail each (see per_post.py: they share one)."""
    running = Campaign.objects.filter(cadence=Cadence.EACH_POST, state=CampaignState.ACTIVE).exists()
    mailed = sum(post.mail and post.state == PostState.RELEASED for post in report.new)
    return mailed if running and mailed > config.schedule.hold_each_post else 0


def _update(
    recognised: Sequence[Recognised], source: str, report: SyncReport, config: Config, now: datetime
) -> None:
    with transaction.atomic():
        if not recognised:
            return
        posts = Post.objects.select_for_update().in_bulk([found.post_id for found in recognised])
        for found in recognised:
            post = posts[found.post_id or 0]
            if follow(post, found.item, source, config, now, found.taken_over):
                report.changed.append(post)
            else:
                report.unchanged += 1


@transaction.atomic
def _hold_vanished(
    source: str, recognised: Sequence[Recognised], report: SyncReport, now: datetime
) -> list[Post]:
    """Hold posts that wait for their date when their file is gone, or a draft again: their author thought better of it.
    A file that cannot be read just now changes nothing."""
    there = {found.post_id for found in recognised}
    unread = [problem.where for problem in report.problems]
    waiting = Post.objects.select_for_update().filter(source=source, state=PostState.WAITING)
    gone = []
    for post in waiting.exclude(pk__in=[pk for pk in there if pk is not None]):
        paths = post.names.filter(source=source, scheme=NameScheme.PATH).values_list("value", flat=True)
        if post in report.new or any(where.startswith(path) for path in paths for where in unread):
            continue
        post.state, post.held_for = PostState.HELD, HeldFor.VANISHED
        post.held_because = "its source has it no more"
        post.save(update_fields=["state", "held_for", "held_because"])
        gone.append(post)
    return gone


def _left_behind(source: str, there: set[int], report: SyncReport) -> int:
    """How many posts are out while their files are gone. They stay: a disk that lacks a file takes nothing back. While
    some file cannot be read or is a draft, which may be one of these, nobody knows, and none is counted."""
    if report.drafts or any(not problem.minor for problem in report.problems):
        return 0
    known = there | {post.pk for post in report.new}
    return Post.objects.filter(source=source, state=PostState.RELEASED).exclude(pk__in=known).count()


def import_page(
    item: Item, config: Config, now: datetime, *, mail: bool, replace: bool = False
) -> tuple[Post, bool]:
    """Store a page that staff imported by hand; it is owed only when they say so. Returns the post, and whether it is
    new; a page that is known already is brought up to date, one that a source has too stays as that source has it.

    One that looks like another post is held, as it is when a source brings it. Raises Refused.
    """
    [item] = enclosure_sizes.complete([item], config, now)
    with transaction.atomic():
        site = Site.locked()
        post = _known_page(item, config)
        if post is None:
            return _new_page(item, site, config, now, mail=mail), True
        if post.title != cut(item.title, 500) and not replace:
            raise Refused(
                f'This page has the same name as the post "{post.key}" but another title: "{item.title}" '
                f'instead of "{post.title}". If it is that post in a new version, add --replace; if it is another '
                "post, save the page under another file name and import that."
            )
        follow(post, item, "", config, now)
        if mail and not post.mail and post.state == PostState.RELEASED:
            post.state, post.release_number = PostState.HELD, None
            post.mail, post.no_mail_because = True, ""
            give_number(post, site, now)
        return post, False


def _known_page(item: Item, config: Config) -> Post | None:
    """The post that a page is: imported before, or a source's with the same address (or id) and title or text."""
    names = identity.names_of("", [item])
    for name in item.names:
        if (found := names.get((str(name.scheme), name.value))) is not None:
            return Post.objects.get(pk=found)
    return identity.of_a_source(item)


def _new_page(item: Item, site: Site, config: Config, now: datetime, *, mail: bool) -> Post:
    twin = _twin(item, "", config, now)
    if twin is not None:
        start = Start(
            PostState.HELD,
            because=f'it has {twin.shared} of "{twin.post.key}" and may be the same post',
            held_for=HeldFor.ALIKE,
        )
    else:
        state = PostState.WAITING if _starts(item, config, now) > now else PostState.RELEASED
        start = Start(state, mail=mail, because="" if mail else "it was imported without --mail")
    return _begun(start, "", Recognised(item, None), twin, site, config, now)
