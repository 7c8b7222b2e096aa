"""Wakes the work: a line a job. What is due is decided by the database; here is only how often somebody looks.

Any number of these may run on one database. A job that fails says so in one line and is simply run again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from django.db import DatabaseError, close_old_connections

from newsletter.config import Config, find, load
from newsletter.database.holder import in_words
from newsletter.errors import ConfigError, NewsletterError, SourceError
from newsletter.models import Edition, EditionState
from newsletter.publishing.delivery.deliver import Delivering, finish
from newsletter.publishing.delivery.workers import sweep
from newsletter.publishing.editions.personalize import Links
from newsletter.publishing.from_config import hub_post, open_transport, sources
from newsletter.publishing.ingest import sync
from newsletter.publishing.notices import confirmations, staff_mail
from newsletter.publishing.overview import growth
from newsletter.publishing.public import websub
from newsletter.publishing.schedule import enqueue, tick
from newsletter.publishing.schedule.last_sync import LastLook
from newsletter.publishing.staff import accounts
from newsletter.publishing.subscriptions import deferred_unsubscribe

_log = logging.getLogger("newsletter.scheduler")

#: Seconds between two looks.
TICK = 5
ENQUEUE = 2
DELIVER = 2
NOTICES = 3
WEBSUB = 5
SWEEP = 30
FORGET = COUNT = 3600
#: Confirmations, and mails to staff, that may be on the wire at once: one that hangs holds back no other.
SINGLE_MAILS_AT_ONCE = 4
#: An unreachable relay is tried again after this many seconds, then after twice as many, up to a minute.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(seconds=60)


class Every(BaseTrigger):  # type: ignore[misc]  # APScheduler is not annotated
    """So long after the last look. APScheduler's own interval makes up a list of all the looks that a clock set forward
    left out: four million of them and 200 MB for 90 days and one job."""

    def __init__(self, interval: timedelta) -> None:
        self.interval = interval

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        return now + self.interval


def follow_clock(scheduler: BackgroundScheduler, now: datetime) -> None:
    """Let jobs run now that wait for longer than they ever should. APScheduler waits for a moment on the wall clock, so
    when that is set back by six hours, nothing would run for six hours. To be called every few seconds."""
    for job in scheduler.get_jobs():
        if job.next_run_time is not None and job.next_run_time - now > job.trigger.interval:
            job.modify(next_run_time=now)


@dataclass(slots=True)
class Backoff:
    """How long to leave a relay alone that could not be used, and what was said of it last."""

    until: datetime | None = None
    wait: timedelta = FIRST_WAIT
    said: str = ""
    #: When it could not be used for the first time; None while it works.
    since: datetime | None = None

    def resting(self, now: datetime) -> bool:
        # A rest that seems longer was begun before the wall clock was set back.
        return self.until is not None and self.until - LONGEST_WAIT <= now < self.until

    def failed(self, sentence: str, now: datetime) -> str | None:
        """Rest, longer each time. Returns the sentence to log, None when it was logged already."""
        self.until, self.wait = now + self.wait, min(self.wait * 2, LONGEST_WAIT)
        self.since = self.since or now
        news, self.said = sentence != self.said, sentence
        return sentence if news else None

    def worked(self) -> bool:
        """Forget it. True when there was something to forget."""
        before, self.until, self.wait, self.said = self.said, None, FIRST_WAIT, ""
        self.since = None
        return bool(before)


class SaidOnce:
    """Says a job's troubles when they are new: the same line every five seconds helps nobody."""

    def __init__(self) -> None:
        self._standing: dict[str, set[str]] = {}

    def say(self, job: str, sentences: list[str], fault: Exception | None = None) -> None:
        """These are all the troubles of the job now; those that it had before are not said again."""
        before = self._standing.get(job, set())
        for sentence in sentences:
            if sentence not in before:
                _log.warning("%s: %s", job, sentence, exc_info=fault)
        self._standing[job] = set(sentences)


def _clock() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Work:
    """The jobs, and what they need. ``stop`` drains: what is on the wire is finished and recorded."""

    config: Config
    links: Links
    stop: threading.Event
    clock: Callable[[], datetime] = _clock
    _relay: Backoff = field(default_factory=Backoff)
    #: What a job reports, and what it died of.
    _troubles: SaidOnce = field(default_factory=SaidOnce)
    _faults: SaidOnce = field(default_factory=SaidOnce)
    _last_look: LastLook = field(default_factory=LastLook)
    #: When config.toml was last written, as far as ``settings`` has read it.
    _written: int | None = None

    def scheduler(self, *, plan: bool, send: bool) -> BackgroundScheduler:
        """A scheduler that is not started yet. ``plan``: ticks and syncs; ``send``: deliveries and notices."""
        # The database is the truth, so nothing is stored here; and a late look is as good as a punctual one:
        # APScheduler's own limit of one second would drop it.
        once = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        made = BackgroundScheduler(timezone=UTC, job_defaults=once)
        if plan:
            self._add(made, self.tick, TICK)
            self._add(made, self.tell_staff, TICK)
            self._add(made, self.forget, FORGET)
            self._add(made, self.count, COUNT)
            self._add(made, self.sync, self.config.schedule.sync_minutes * 60)
            if self.config.feeds.hubs:
                self._add(made, self.websub, WEBSUB)
        if send:
            self._add(made, self.enqueue, ENQUEUE)
            self._add(made, self.deliver, DELIVER)
            self._add(made, self.notices, NOTICES, at_once=SINGLE_MAILS_AT_ONCE)
            self._add(made, self.staff_mail, NOTICES, at_once=SINGLE_MAILS_AT_ONCE)
            self._add(made, self.finish, DELIVER)
        self._add(made, self.sweep, SWEEP)
        self._add(made, self.settings, TICK)
        return made

    def _add(
        self, scheduler: BackgroundScheduler, job: Callable[[], None], seconds: int, *, at_once: int = 1
    ) -> None:
        scheduler.add_job(
            self._guarded,
            Every(timedelta(seconds=seconds)),
            args=[job],
            id=job.__name__,
            max_instances=at_once,
            next_run_time=self.clock(),
        )

    def _guarded(self, job: Callable[[], None]) -> None:
        """Run a job with fresh connections; whatever it raises ends with one line in the log."""
        if self.stop.is_set():
            return
        close_old_connections()
        try:
            job()
            self._faults.say(job.__name__, [])
        except Exception as error:
            known = isinstance(error, NewsletterError | DatabaseError)
            sentence = (
                in_words(self.config.sqlite_file, error)
                if known
                else f"a fault in the program: {type(error).__name__}: {error}"
            )
            self._faults.say(job.__name__, [sentence], None if known else error)
        finally:
            close_old_connections()

    def tick(self) -> None:
        """Make the editions that are due, and start them. Before they take their posts, the sources are looked at."""
        late = self._last_look.look(self.config, self.clock(), self.stop)
        if self.stop.is_set():
            return
        done = tick.tick(self.config, self.clock())
        for number in done.started:
            _log.info("edition %s is due and goes out", number)
        for number in done.skipped:
            _log.info("edition %s has nothing new and is skipped", number)
        if done.unapproved:
            _log.warning("not approved by their hour, so skipped: %s", done.unapproved)
        self._troubles.say("tick", [*late, *done.problems])

    def tell_staff(self) -> None:
        """Queue what staff are to be told."""
        staff_mail.look(self.config, self.clock())

    def settings(self) -> None:
        """Take over what was changed in ``[schedule]`` and ``email.staff``. Commands speak by the file as it stands, so
        a date without mail that they tell of must hold. Everything else holds from the next start."""
        try:
            file = find()
            written = file.stat().st_mtime_ns
            if written == self._written:
                return
            self._written, changed = written, load(file)
        except (ConfigError, OSError) as error:
            self._troubles.say("settings", [f"{error}; what held before goes on"])
            return
        email = self.config.email.model_copy(update={"staff": changed.email.staff})
        self.config = self.config.model_copy(update={"schedule": changed.schedule, "email": email})
        later = "config.toml was changed beyond [schedule] and email.staff; that holds from the next start"
        self._troubles.say("settings", [later] if changed != self.config else [])

    def sync(self) -> None:
        """Look at every source, each on its own: one that cannot be read stops no other."""
        troubles = []
        for source in sources(self.config):
            if self.stop.is_set():
                return
            try:
                report = sync.sync(source, self.config, self.clock())
            except SourceError as error:
                troubles.append(str(error))
                continue
            troubles += [f"{problem.where}: {problem.what}" for problem in report.problems]
            if report.new or report.changed:
                _log.info("%s: %s new, %s changed", source.name, len(report.new), len(report.changed))
            if report.together:
                _log.warning(
                    "%s posts came together: one mail with all of them waits for approval", report.together
                )
            for post in report.held:
                _log.warning("%s is held: %s", post.key, post.held_because)
        self._troubles.say("sync", troubles)

    def websub(self) -> None:
        """Tell hubs which feeds have changed. Apart from everything else, for hubs may be slow."""
        done = websub.tell_hubs(self.config, hub_post(self.config), self.clock(), self.stop)
        for hub, feed in done.told:
            _log.info("%s was told of %s", hub, feed)
        self._troubles.say("websub", done.troubles)

    def enqueue(self) -> None:
        """Enqueue what has begun. Apart from delivering, so that the first mails leave meanwhile."""
        troubles = []
        for edition in Edition.objects.filter(state=EditionState.SENDING, enqueued_at=None).order_by("pk"):
            try:
                while not self.stop.is_set() and enqueue.step(edition.pk, self.clock())[0]:
                    continue
            except NewsletterError as error:
                troubles.append(f"edition {edition.pk}: {error}")  # the other editions go on
        self._troubles.say("enqueue", troubles)

    def deliver(self) -> None:
        """Send what is due, and close what is done. Who has asked to leave meanwhile leaves first."""
        deferred_unsubscribe.do_noted(self.config)
        if not self._relay.resting(self.clock()):
            transport = open_transport(self.config)
            report = Delivering(self.config, self.links, transport, clock=self.clock, stop=self.stop).run()
            for number, because in report.held.items():
                _log.warning("edition %s is paused: %s", number, because)
            self._note(report.stopped, sum(report.outcomes.values()))
        self.finish()

    def finish(self) -> None:
        """Close what is done. Apart from delivering, which may wait long for the answer to one message."""
        for edition in finish(self.clock()):
            _log.info("edition %s is sent", edition.pk)

    def _note(self, stopped: str, sent: int) -> None:
        if stopped:
            news = self._relay.failed(stopped, self.clock())
            if news:
                _log.warning("no mail leaves: %s", news)
        elif sent:
            since, said = self._relay.since, self._relay.said
            if self._relay.worked():
                _log.info("mail leaves again")
            if since is not None:
                staff_mail.relay_was_away(self.config, since, self.clock(), said)

    def notices(self) -> None:
        """Send confirmations."""
        if not self._relay.resting(self.clock()):
            done = confirmations.send_notices(
                self.config, self.links, open_transport(self.config), self.clock(), self.stop
            )
            if done["not sent"]:
                self._relay.failed("confirmations wait", self.clock())

    def staff_mail(self) -> None:
        """Send mails to staff."""
        if not self._relay.resting(self.clock()):
            done = staff_mail.send_staff_mail(
                self.config, self.links, open_transport(self.config), self.clock(), self.stop
            )
            if done["not sent"]:
                self._relay.failed("mails to staff wait", self.clock())

    def sweep(self) -> None:
        """Take back what dead processes held."""
        doubtful = sweep(self.clock())
        if doubtful:
            _log.warning("%s mails may have arrived: a process died while they were on the wire", doubtful)

    def forget(self) -> None:
        """Drop what nobody needs any more of those who logged in at the desk, or tried to."""
        accounts.tidy(self.clock())

    def count(self) -> None:
        """Count the people of this day, for the desk."""
        growth.count_today(self.clock())


def keep_quiet() -> None:
    """APScheduler warns whenever a long job makes it leave out a look; that is how it is meant."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
