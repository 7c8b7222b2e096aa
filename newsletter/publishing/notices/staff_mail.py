"""Mails to staff: each event that they should know of is queued once for each address, and sent while it still helps.

``look`` reads stored facts only, so that nothing is missed by a process that dies, and nothing is told twice by two of
them. What the mails say is staff_wording.py's, a proof is proofs.py's, how they leave is single_mails.py's. Where
email.staff is empty nobody is told anything, and everything else works the same.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from zlib import crc32

from django.db.models import F, Q, QuerySet

from newsletter.config import Config
from newsletter.models import (
    CampaignState,
    Edition,
    EditionState,
    Post,
    PostState,
    Reason,
    Site,
    StaffMail,
    StaffMailKind,
)
from newsletter.models.edition import UNSTARTED
from newsletter.publishing import real_mail
from newsletter.publishing.delivery.single_mails import Queue, due, send_all
from newsletter.publishing.editions import compose
from newsletter.publishing.editions.delivery_counts import tally
from newsletter.publishing.editions.personalize import Links
from newsletter.publishing.editions.snapshot import site_frame, template_folders
from newsletter.publishing.notices import confirmations, proofs, staff_wording
from newsletter.rendering.mail_parts import Personal
from newsletter.rendering.mime.message import compile_message
from newsletter.rendering.staff import STAFF, StaffWords, render_staff
from newsletter.rendering.templates.environment import template_sources
from newsletter.text.printable import printable_line
from newsletter.transports.base import Envelope, Transport
from subscribers import address, tokens

#: Hours before its hour at which an edition that waits for approval is mentioned again.
REMIND_BEFORE = (24, 2)
#: Hours after the first mail at which one without an hour is mentioned again.
REMIND_AFTER = (24, 72)
#: An edition that is not done so long after it began is mentioned.
STUCK_AFTER = timedelta(hours=3)
#: A relay that was away for less is not worth a mail.
AWAY_FOR = timedelta(minutes=15)
#: Of an event's name, so that a reminder's moment fits behind it.
_LONGEST_NAME = 60
#: What is older is no news: a site that names its staff for the first time is not told of its past.
_NEWS = timedelta(days=3)
#: A report that could not be sent for so long is not sent any more.
_STALE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class _Event:
    kind: StaffMailKind
    name: str
    expires_at: datetime
    edition: Edition | None = None
    words: StaffWords | None = None


def look(config: Config, now: datetime) -> int:
    """Queue what staff are to be told now. Returns how many mails that makes; cheap when there is nothing."""
    if not config.email.staff:
        return 0
    made = 0
    for telling in (_waiting, _proofs, _stopped, _blocked, _reports, _stuck, _topics, _crowded):
        for event in telling(config, now):
            made += _queue(event, config, now)
    return made


def relay_was_away(config: Config, since: datetime, now: datetime, said: str) -> int:
    """Mail leaves again after ``since``; tell staff when that was long."""
    if not config.email.staff or now - since < AWAY_FOR:
        return 0
    words = staff_wording.relay_was_away(since, now, config.site.timezone, printable_line(said))
    name = f"relay {since:%Y-%m-%d %H:%M}"
    return _queue(_Event(StaffMailKind.TROUBLE, name, now + _STALE, words=words), config, now)


def _queue(event: _Event, config: Config, now: datetime) -> int:
    rows = StaffMail.objects.bulk_create(
        [
            StaffMail(
                kind=event.kind,
                event=event.name,
                address=address,
                edition=event.edition,
                words=asdict(event.words) if event.words else {},
                expires_at=event.expires_at,
                created_at=now,
                changed_at=now,
            )
            for address in dict.fromkeys(config.email.staff)
        ],
        ignore_conflicts=True,  # another scheduler looked at the same moment
    )
    return len(rows)


def _told(name: str) -> StaffMail | None:
    return StaffMail.objects.filter(event=name).order_by("pk").first()


def _untold(editions: QuerySet[Edition], name: Callable[[Edition], str]) -> Iterator[tuple[Edition, str]]:
    for edition in editions.select_related("campaign").order_by("pk"):
        event = name(edition)
        if _told(event) is None:
            yield edition, event


def _about(edition: Edition, config: Config) -> staff_wording.About:
    return proofs.about(edition, edition.people, config)


# approval


def _waiting(config: Config, now: datetime) -> Iterator[_Event]:
    """An edition waits for a yes: once when it begins to, and as its hour, or the days, go by."""
    waiting = Edition.objects.filter(state=EditionState.AWAITING_APPROVAL).select_related("campaign")
    for edition in waiting.order_by("pk"):
        # One that goes back to approval for another reason waits anew.
        name = _named("waits", edition)
        first = _told(name)
        if first is None:
            yield _waits(edition, name, config, now, again=False)
        elif (moment := _reminder(edition, first.created_at, now)) is not None:
            name = f"{name} {moment:%m-%d %H:%M}"
            if _told(name) is None:
                yield _waits(edition, name, config, now, again=True)


def _reminder(edition: Edition, since: datetime, now: datetime) -> datetime | None:
    """The latest reminder that is due: those that nobody was there to send are one mail with it."""
    if edition.approve_by is not None:
        moments = [edition.approve_by - timedelta(hours=hours) for hours in REMIND_BEFORE]
    else:
        moments = [since + timedelta(hours=hours) for hours in REMIND_AFTER]
    return max((moment for moment in moments if since < moment <= now), default=None)


def _waits(edition: Edition, name: str, config: Config, now: datetime, *, again: bool) -> _Event:
    reached = compose.forecast(edition, config).people
    about = proofs.about(edition, reached, config)
    words = staff_wording.waits(about, printable_line(edition.because), edition.approve_by, again=again)
    return _Event(StaffMailKind.WAITS, name, edition.approve_by or now + _STALE, edition, words)


# proofs


def _proofs(config: Config, now: datetime) -> Iterator[_Event]:
    """The proof of each edition that goes out by itself: some time before its hour, for "each post" at once."""
    if not config.proof_minutes:
        return
    soon = Q(slot_at__lte=now + timedelta(minutes=config.proof_minutes)) | Q(lead__isnull=False)
    editions = Edition.objects.filter(soon, state=EditionState.SCHEDULED, slot_at__gt=now)
    held = Q(campaign__state=CampaignState.PAUSED) & (Q(slot_local__isnull=False) | Q(lead__isnull=False))
    for edition, name in _untold(editions.exclude(held), _proof_name):
        yield _Event(StaffMailKind.PROOF, name, edition.slot_at, edition)


def _proof_name(edition: Edition) -> str:
    """Approved anew (a post was taken out, another hour was given), it is another mail."""
    approved = f" {int(edition.approved_at.timestamp())}" if edition.approved_at else ""
    return f"proof {edition.pk}{approved}"


def _stopped(config: Config, now: datetime) -> Iterator[_Event]:
    """Paused by the link in its proof, or because something is wrong with it; not by staff at the command line."""
    editions = Edition.objects.filter(state=EditionState.PAUSED).exclude(reason=Reason.NONE)
    for edition, name in _untold(editions, lambda edition: _named("stopped", edition)):
        about = _about(edition, config)
        if edition.reason == Reason.STAFF_STOPPED:
            words = staff_wording.stopped(about, each_post=edition.lead is not None)
        else:
            words = staff_wording.paused(about, printable_line(edition.because))
        yield _Event(StaffMailKind.REPORT, name, now + _STALE, edition, words)


def _named(what: str, edition: Edition) -> str:
    """The event of an edition that waits or was stopped: for another reason it is another event."""
    return f"{what} {edition.pk} {edition.reason} {edition.detail}"[:_LONGEST_NAME]


# what became of it


def _reports(config: Config, now: datetime) -> Iterator[_Event]:
    """Each edition that is over: sent, or left out and why. What another edition carries is told with that one."""
    over = Edition.objects.filter(
        state__in=[EditionState.SENT, EditionState.SKIPPED], finished_at__gt=now - _NEWS
    ).exclude(reason=Reason.CARRIED)
    for edition, name in _untold(over, lambda edition: f"report {edition.pk}"):
        held = Post.objects.filter(state=PostState.HELD).count()
        counted = tally(edition)
        about = replace(_about(edition, config), people=counted.people)
        if edition.state == EditionState.SENT:
            words = staff_wording.sent(about, counted.counts, counted.since_text, held)
        else:
            words = staff_wording.not_sent(about, printable_line(edition.because), held)
        yield _Event(StaffMailKind.REPORT, name, now + _STALE, edition, words)


def _stuck(config: Config, now: datetime) -> Iterator[_Event]:
    """Each edition that has been going out for hours, once."""
    editions = Edition.objects.filter(state=EditionState.SENDING, began_at__lte=now - STUCK_AFTER)
    for edition, name in _untold(editions, lambda edition: f"stuck {edition.pk}"):
        counted = tally(edition)
        about = replace(_about(edition, config), people=counted.people)
        words = staff_wording.unfinished(about, counted.counts, STUCK_AFTER, printable_line(edition.trouble))
        yield _Event(StaffMailKind.TROUBLE, name, now + _STALE, edition, words)


def _blocked(config: Config, now: datetime) -> Iterator[_Event]:
    """Each edition that something keeps from beginning: at once, and once a day (UTC) while it lasts."""
    editions = Edition.objects.filter(state__in=UNSTARTED).exclude(trouble="")
    day = now.astimezone(UTC).date()
    for edition, name in _untold(editions, lambda edition: f"blocked {edition.pk} {day}"):
        words = staff_wording.blocked(_about(edition, config), printable_line(edition.trouble))
        yield _Event(StaffMailKind.TROUBLE, name, now + _STALE, edition, words)


def _topics(config: Config, now: datetime) -> Iterator[_Event]:
    """Topics that people chose and nobody offers: once, and again when others are added. Counted at the start."""
    gone = Site.objects.values_list("topics_not_offered", flat=True).get(pk=1)
    name = f"topics {crc32(' '.join(sorted(gone)).encode()):x}"
    if gone and _told(name) is None:
        yield _Event(StaffMailKind.TROUBLE, name, now + _STALE, words=staff_wording.topics_gone(gone))


def _crowded(config: Config, now: datetime) -> Iterator[_Event]:
    """More sign-ups than the site mails in an hour: once a day (UTC) while it lasts."""
    waiting = confirmations.crowded(now)
    name = f"sign-ups {now.astimezone(UTC).date()}"
    if waiting and _told(name) is None:
        words = staff_wording.crowded(waiting, confirmations.MOST_AN_HOUR)
        yield _Event(StaffMailKind.TROUBLE, name, now + _STALE, words=words)


# sending


def send_staff_mail(
    config: Config,
    links: Links,
    open_transport: Callable[[], Transport],
    now: datetime,
    stop: threading.Event | None = None,
) -> Counter[str]:
    """Send every mail to staff that is due; returns how many came to which state, as ``send_all`` does."""
    if not real_mail.may_leave(config) or not due(StaffMail, now).exists():
        return Counter()
    return send_all(_ToStaff(config, links), config, open_transport, now, stop)


class _ToStaff(Queue[StaffMail]):
    """Never list mail: no way to unsubscribe, and marked as automatic (RFC 3834)."""

    rows = StaffMail
    what = "Mails to staff"
    related = ("edition__campaign",)
    unwanted = "it would not have helped any more"

    def __init__(self, config: Config, links: Links) -> None:
        self._config = config
        self._links = links
        self._templates: dict[str, str] = {}

    def prepare(self) -> None:
        self._templates = template_sources(template_folders(self._config), STAFF)

    def wanted(self, mail: StaffMail, now: datetime) -> Q:
        """In time, to somebody who is still staff, and still true."""
        fresh = Q(expires_at__gt=now, address__in=self._config.email.staff)
        if mail.kind == StaffMailKind.WAITS:
            return fresh & Q(edition__state=EditionState.AWAITING_APPROVAL)
        if mail.kind == StaffMailKind.PROOF:
            return fresh & Q(edition__state=EditionState.SCHEDULED, edition__slot_at=F("expires_at"))
        return fresh

    def envelope(self, mail: StaffMail, now: datetime) -> Envelope:
        frame = site_frame(self._config, subject="", date_text="")
        if mail.kind == StaffMailKind.PROOF:
            assert mail.edition_id is not None  # a proof is one of an edition
            rendered = proofs.proof_of(mail.edition_id, self._config, self._links, now)
        else:
            rendered = render_staff(frame, StaffWords(**mail.words), self._templates)
        parsed = address.parse(mail.address)
        mark = tokens.message_mark(0, mail.pk, self._links.key)
        personal = Personal(
            address=parsed.wire,
            address_shown=parsed.shown,
            name="",
            unsubscribe_url="",
            preferences_url="",
            unsubscribe_mailbox="",
            message_id=f"<s{mark}@{self._links.domain}>",
            date=now,
        )
        content = compile_message(rendered, frame, notice=True).splice(personal)
        return Envelope(self._config.envelope_sender, parsed.wire, content)
