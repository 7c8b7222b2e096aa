"""Fetch, match, store, release: what a source has now becomes posts, without surprise mail.

``sync`` does the I/O. What becomes of a new post is decided by ``first_state``, which takes facts and touches nothing.
A post that is no longer in its source is left alone: a feed's window moves on, and a file that was deleted was read.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.text import slugify

from newsletter import dates
from newsletter.config import Config
from newsletter.errors import Refused, SourceError
from newsletter.models import Campaign, CampaignState, Post, PostName, PostState, Site, Source
from newsletter.models.post import FIRST_SYNC
from newsletter.publishing import media
from newsletter.publishing.release import give_number
from newsletter.sources.base import Fetched, Item, Look, Name, Problem, Unreadable
from newsletter.sources.base import Source as SourceOfPosts
from newsletter.sources.summary import summary_of
from subscribers.cadence import Cadence

#: The namespace of the feeds' permanent ids; a random one, the same for ever.
_NAMESPACE = uuid.UUID("6f0f6f52-6d0e-4b3c-9a55-2f8f0f1f6c1a")
_FIRST_SYNC_CHUNK = 200


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
    first: bool = False
    #: False: nothing was read, because nothing has changed or because it is too early to ask again.
    looked: bool = True

    @property
    def held(self) -> list[Post]:
        return [post for post in self.new if post.state == PostState.HELD]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of a new post when its first state is decided."""

    dated_at: datetime
    now: datetime
    first_sync: bool
    #: How many new posts came in this sync, and how many may.
    together: int
    limit: int
    hold_days: int
    #: The key of a post with the same title and date, which may be the same post under another name.
    looks_like: str | None


def first_state(arrival: Arrival) -> tuple[PostState, bool, str]:
    """The first state of a new post, whether it is owed, and one clause why not."""
    held = PostState.HELD
    if arrival.together > arrival.limit and not arrival.first_sync:
        # Before anything else: a flood that is dated a minute ahead is a flood all the same.
        return held, True, f"{arrival.together} new posts came in one sync; the limit is {arrival.limit}"
    if arrival.looks_like is not None:
        return held, True, f'it has the title and date of "{arrival.looks_like}" and may be the same post'
    if arrival.dated_at > arrival.now:
        return PostState.WAITING, True, ""
    if arrival.first_sync:
        return PostState.RELEASED, False, FIRST_SYNC
    if arrival.now - arrival.dated_at > timedelta(days=arrival.hold_days):
        return held, True, f"it was dated more than {arrival.hold_days} days before it was first seen"
    return PostState.RELEASED, True, ""


def sync(source: SourceOfPosts, config: Config, now: datetime, *, by_hand: bool = False) -> SyncReport:
    """Fetch a source, store what is new or changed, release what may be.

    A source is new until one sync has finished, so a crash half-way through the first mails nothing. Raises
    SourceError when nothing could be read; the reason is kept with the source.
    """
    row, _ = Source.objects.get_or_create(name=source.name)
    try:
        fetched = source.fetch(Look(now, row.memory, by_hand))
    except SourceError as error:
        memory = error.memory if isinstance(error, Unreadable) else row.memory
        Source.objects.filter(pk=row.pk).update(last_error=str(error), last_sync_at=now, memory=dict(memory))
        raise
    if fetched.unchanged:
        Source.objects.filter(pk=row.pk).update(memory=dict(fetched.memory), last_sync_at=now, last_error="")
        problems = [Problem(where, what) for where, what in row.problems]
        return SyncReport(source.name, problems=problems, looked=False)
    report = SyncReport(
        source=source.name,
        problems=list(fetched.problems),
        drafts=fetched.drafts,
        first=row.first_sync_at is None,
    )
    _store(source.name, fetched, report, config, now)
    Source.objects.filter(pk=row.pk).update(
        first_sync_at=row.first_sync_at or (None if fetched.partial else now),
        last_sync_at=now,
        last_error="",
        memory=dict(fetched.memory),
        problems=[[problem.where, problem.what] for problem in report.problems],
    )
    return report


def _store(name: str, fetched: Fetched, report: SyncReport, config: Config, now: datetime) -> None:
    known = _known(name, fetched.items)
    report.first = report.first or (fetched.elsewhere and not known)
    matched = [(item, _match(item, known, report)) for item in fetched.items]
    arrivals = sorted(
        (item for item, post_id in matched if post_id is None), key=lambda item: _dated_at(item, config, now)
    )
    size = _FIRST_SYNC_CHUNK if report.first else max(len(arrivals), 1)
    for start in range(0, len(arrivals), size):
        with transaction.atomic():
            site = Site.locked()
            for item in arrivals[start : start + size]:
                if not _known(name, [item]):  # another sync may have been first
                    report.new.append(_arrive(name, item, len(arrivals), report.first, site, config, now))
    report.together = _together(report, config)
    _update([(item, post_id) for item, post_id in matched if post_id is not None], name, report, config, now)


def _known(source: str, items: Iterable[Item]) -> dict[tuple[str, str], int]:
    values = [name.value for item in items for name in item.names]
    known: dict[tuple[str, str], int] = {}
    for start in range(0, len(values), 500):
        rows = PostName.objects.filter(source=source, value__in=values[start : start + 500])
        known |= {
            (scheme, value): post_id
            for scheme, value, post_id in rows.values_list("scheme", "value", "post_id")
        }
    return known


def _match(item: Item, known: dict[tuple[str, str], int], report: SyncReport) -> int | None:
    """The post that an item is: by its strongest name. Two names of two posts are a problem for staff."""
    ids = [known[name.scheme, name.value] for name in item.names if (name.scheme, name.value) in known]
    if len(set(ids)) > 1:
        report.problems.append(
            Problem(
                item.names[0].value,
                "It carries the names of two posts; the first name decided. Give it one id.",
            )
        )
    return ids[0] if ids else None


def _dated(item: Item, config: Config, now: datetime) -> dates.PartialDate:
    return item.date or dates.PartialDate.of_instant(now)


def _dated_at(item: Item, config: Config, now: datetime) -> datetime:
    return _dated(item, config, now).starts(config.site.timezone)


def _together(report: SyncReport, config: Config) -> int:
    """How many new posts are too many for an "each post" mail each (see schedule.py: they share one)."""
    running = Campaign.objects.filter(cadence=Cadence.EACH_POST, state=CampaignState.ACTIVE).exists()
    mailed = sum(post.mail and post.state == PostState.RELEASED for post in report.new)
    return mailed if running and mailed > config.schedule.hold_each_post else 0


def _arrive(
    source: str, item: Item, together: int, first: bool, site: Site, config: Config, now: datetime
) -> Post:
    dated_at = _dated_at(item, config, now)
    twin = _twin(item, dated_at, source, config)
    arrival = Arrival(
        dated_at=dated_at,
        now=now,
        first_sync=first,
        together=together,
        limit=config.schedule.hold_digest,
        hold_days=config.schedule.hold_days,
        looks_like=twin.key if twin else None,
    )
    state, mail, because = first_state(arrival)
    return store_new(source, item, state, mail, because, site, config, now)


def _twin(item: Item, dated_at: datetime, source: str, config: Config) -> Post | None:
    """A post with the same title and day; without a date, one of the same source that begins with the same words.

    Not the same instant: a site that changes its system often changes how exact its dates are, or their zone. And
    not the same HTML: the addresses in it change with the domain.
    """
    alike: dict[str, Any]
    if item.date:
        zone = config.site.timezone
        day = dated_at.astimezone(ZoneInfo(zone)).date()
        starts, ends = (
            dates.first_instant(datetime.combine(date, time()), zone)
            for date in (day, day + timedelta(days=1))
        )
        alike = {"dated_at__gte": starts, "dated_at__lt": ends}
    else:
        alike = {"source": source, "summary": _summary(item)}
    return Post.objects.filter(title=item.title[:500], **alike).first()


def store_new(
    source: str,
    item: Item,
    state: PostState,
    mail: bool,
    because: str,
    site: Site,
    config: Config,
    now: datetime,
) -> Post:
    """Write a new post with its names, and release it when that is its state. The site must be locked."""
    post = Post(
        key=_new_key(item),
        uuid=uuid.uuid5(_NAMESPACE, f"{source}\n{item.names[0].scheme}\n{item.names[0].value}"),
        source=source,
        first_seen_at=now,
        updated_at=now,
        mail=mail,
        no_mail_because="" if mail else because,
        state=PostState.WAITING if state == PostState.RELEASED else state,
        held_because=because if state == PostState.HELD else "",
        **_fields(item, config, now),
    )
    post.save()
    _add_names(post, source, item.names)
    media.store(post, item.files, now)
    if state == PostState.RELEASED:
        give_number(post, site, now)
    return post


def _new_key(item: Item) -> str:
    """A key that staff can read and type: from the title at first sight, and never changed after."""
    ascii_title = unicodedata.normalize("NFKD", item.title).encode("ascii", "ignore").decode()
    stem = slugify(ascii_title)[:60].rstrip("-") or "post"
    taken = set(Post.objects.filter(key__startswith=stem).values_list("key", flat=True))
    number = 2
    key = stem
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key


def _add_names(post: Post, source: str, names: Sequence[Name]) -> None:
    PostName.objects.bulk_create(
        [PostName(post=post, source=source, scheme=name.scheme, value=name.value) for name in names],
        ignore_conflicts=True,
    )


def _fields(item: Item, config: Config, now: datetime) -> dict[str, Any]:
    """An item as a post's columns."""
    dated = _dated(item, config, now)
    return {
        "title": item.title[:500],
        "html": item.html,
        "summary": _summary(item),
        "url": item.url or "",
        "authors": list(item.authors),
        "categories": list(item.categories),
        "topics": topics_of(item.categories, config),
        "image": item.image or "",
        "image_alt": item.image_alt,
        "language": item.language or "",
        "enclosure": asdict(item.enclosure) if item.enclosure else {},
        "date": str(dated),
        "dated_at": dated.starts(config.site.timezone),
    }


def _summary(item: Item) -> str:
    return item.summary or summary_of(item.html) or item.title[:500]


def topics_of(categories: Iterable[str], config: Config) -> list[str]:
    """The topics that a source's categories belong to; categories that belong to none are ignored."""
    wanted = {category.casefold() for category in categories}
    return sorted(
        name
        for name, topic in config.topics.items()
        if wanted & {category.casefold() for category in (*topic.categories, name, topic.title)}
    )


def _update(
    matched: Sequence[tuple[Item, int]], source: str, report: SyncReport, config: Config, now: datetime
) -> None:
    posts = Post.objects.in_bulk([post_id for _, post_id in matched])
    # One commit: they share one moment, and a feed that was built between two of them would look current for ever.
    with transaction.atomic():
        for item, post_id in matched:
            if _apply(posts[post_id], item, source, config, now):
                report.changed.append(posts[post_id])
            else:
                report.unchanged += 1


def _apply(post: Post, item: Item, source: str, config: Config, now: datetime) -> bool:
    """Bring a known post up to date. It mails nobody again; the feed shows a new ``updated``."""
    fields = _fields(item, config, now)
    if item.date is None:
        del fields["date"], fields["dated_at"]
    changed = [name for name, value in fields.items() if getattr(post, name) != value]
    if changed:
        with transaction.atomic():
            for name in changed:
                setattr(post, name, fields[name])
            if set(changed) - {"categories", "dated_at"}:  # these two nobody sees
                post.updated_at = now
            if "url" in changed:  # another page: what was found of the old one says nothing
                post.page_verdict, post.page_said, post.page_asked_at = "", "", None
            post.save(update_fields=[*changed, "updated_at", "page_verdict", "page_said", "page_asked_at"])
    media.store(post, item.files, now)
    known = set(post.names.filter(source=source).values_list("scheme", "value"))
    fresh = [name for name in item.names if (name.scheme, name.value) not in known]
    if fresh:
        _add_names(post, source, fresh)
    return bool(changed)


def import_page(
    item: Item, config: Config, now: datetime, *, mail: bool, replace: bool = False
) -> tuple[Post, bool]:
    """Store a page that staff imported by hand; it is owed only when they say so. Returns the post, and whether it is
    new; a page that is known already is brought up to date."""
    with transaction.atomic():
        site = Site.locked()
        ids = [
            post_id
            for key, post_id in _known("", [item]).items()
            if key in {(n.scheme, n.value) for n in item.names}
        ]
        if ids:
            post = Post.objects.get(pk=ids[0])
            if post.title != item.title[:500] and not replace:
                raise Refused(
                    f'This page has the same name as the post "{post.key}" but another title: "{item.title}" '
                    f'instead of "{post.title}". If it is that post in a new version, add --replace; if it is another '
                    "post, save the page under another file name and import that."
                )
            _apply(post, item, "", config, now)
            if mail and not post.mail and post.state == PostState.RELEASED:
                post.state, post.release_number = PostState.HELD, None
                post.mail, post.no_mail_because = True, ""
                give_number(post, site, now)
            return post, False
        because = "" if mail else "it was imported without --mail"
        state = PostState.WAITING if _dated_at(item, config, now) > now else PostState.RELEASED
        return store_new("", item, state, mail, because, site, config, now), True
