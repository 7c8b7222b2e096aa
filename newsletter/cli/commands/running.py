"""``newsletter run`` and its parts ``web``, ``scheduler`` and ``worker``: start, wait for a signal, drain."""

from __future__ import annotations

import logging
import sys
import threading
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

from newsletter.cli import bootstrap, output
from newsletter.cli.signals import stopped_by_signals

if TYPE_CHECKING:
    from newsletter.config import Config
    from newsletter.web.serve import Server


def add_to(app: typer.Typer) -> None:
    """Put these commands at the top."""
    for command in (run, web, scheduler, worker):
        app.command()(command)


def run() -> None:
    """Everything in one process: web pages, schedule, delivery. Ctrl-C or SIGTERM stops it cleanly."""
    _run(with_web=True, plan=True, send=True)


def web() -> None:
    """Only the web pages."""
    _run(with_web=True, plan=False, send=False)


def scheduler() -> None:
    """Only the schedule: syncs, and editions when they are due."""
    _run(with_web=False, plan=True, send=False)


def worker() -> None:
    """Only the delivery: enqueues and sends what the schedule has started."""
    _run(with_web=False, plan=False, send=True)


def _run(*, with_web: bool, plan: bool, send: bool) -> None:
    config = bootstrap.start()
    _log_to_stderr(ZoneInfo(config.site.timezone))
    from newsletter.scheduler import TICK, Work, follow_clock, keep_quiet

    keep_quiet()
    with stopped_by_signals() as stop:
        # First, so that a port that is taken ends the command before anything is sent.
        server = _serve(config, stop) if with_web else None
        jobs = Work(config, bootstrap.links(config), stop).scheduler(plan=plan, send=send)
        _say_where(config, server, send=send)
        if plan or send:
            jobs.start()
        try:
            while not stop.wait(TICK):
                if jobs.running:
                    follow_clock(jobs, bootstrap.now())
        finally:
            stop.set()
            with suppress(OSError):  # the terminal may be gone
                output.aside("Stopping: what was begun is finished first.")
            if jobs.running:
                jobs.shutdown(wait=True)
            if server is not None:
                server.join()
            with suppress(OSError):
                output.aside("Stopped.")


def _serve(config: Config, stop: threading.Event) -> Server:
    from newsletter.web.serve import serve

    return serve(config, stop)


def _say_where(config: Config, server: Server | None, *, send: bool) -> None:
    from newsletter.publishing.setup.check import port_note

    if server is not None:
        url = config.site.url
        output.say(f"Archive and sign-up   {url}/")
        output.say(f"Desk, for staff       {_desk(url)}")
        output.say(f"Feeds                 {url}/rss.xml  {url}/atom.xml  {url}/feed.json")
        output.say(f"Listening on          {server.url}/")
        if note := port_note(config):
            output.aside(f"Note: {note}.")
    if send and config.practice:
        output.say(f"Mail (practice)       {config.outbox_folder}")
    elif send:
        output.say(f"Mail                  relay {config.email.smtp.host}:{config.email.smtp.port}")
    output.say("Stop with Ctrl-C.")
    sys.stdout.flush()


def _desk(url: str) -> str:
    """The address of the desk; as long as nobody can log in as its owner, the one-time link that makes the first."""
    from newsletter.publishing.staff import accounts

    if accounts.has_owner():
        return f"{url}/desk/"
    return f"{url}/desk/first/{accounts.first_token()}/  (once, within a day: choose your password)"


def _log_to_stderr(zone: ZoneInfo) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(zone))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("newsletter").setLevel(logging.INFO)


class OneLine(logging.Formatter):
    """An hour in the site's zone, and what happened.

    A relay's words and titles are untrusted: nothing in them steers the terminal or forges a line.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__("%(asctime)s %(message)s")
        self._zone = zone

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802  logging's own name
        # Not the hour of the process: Django sets that to UTC, and staff would read 09:00 as theirs.
        return datetime.fromtimestamp(record.created, self._zone).strftime("%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's own name
        return output.plain(super().formatMessage(record)).replace("\n", " ")
