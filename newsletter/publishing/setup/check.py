"""Looks at everything that mail needs and says, a line each, that it is well or what to do. It changes nothing."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection

from newsletter.config import Config
from newsletter.database.current import SAFE_SQLITE, sqlite_version
from newsletter.database.holder import in_words
from newsletter.errors import NewsletterError
from newsletter.models import Campaign, CampaignState, LogEntry, Site, Source
from newsletter.publishing import log
from newsletter.publishing.editions import campaigns
from newsletter.publishing.editions.snapshot import site_frame, template_folders
from newsletter.publishing.from_config import relay, sources
from newsletter.publishing.ingest.topics import not_offered
from newsletter.publishing.notices.staff_wording import topic_not_offered
from newsletter.publishing.public import page_templates
from newsletter.publishing.setup import go_live
from newsletter.publishing.setup.check_result import Finding
from newsletter.publishing.setup.file_permissions import open_to_all
from newsletter.publishing.setup.unused_templates import unused
from newsletter.rendering.email import render, render_notice
from newsletter.rendering.lint.level import Level, LintProblem
from newsletter.rendering.lint.rules import lint
from newsletter.rendering.lint.subject import LintedMail
from newsletter.rendering.mail_parts import Entry, Frame, Rendered
from newsletter.rendering.mime.message import compile_message
from newsletter.rendering.preview import preview_personal
from newsletter.rendering.staff import STAFF, StaffWords, render_staff
from newsletter.rendering.templates.environment import KINDS, template_sources
from newsletter.sources.base import Item, Look
from subscribers.cadence import Cadence
from subscribers.models import Status, Subscription

#: In place of "well": nothing stops, and somebody should read it.
WARNING = None
#: Well, WARNING, or not well; and the sentence.
Line = tuple[bool | None, str]


def check(config: Config, now: datetime) -> Iterator[Finding]:
    """Look at everything, the slow things last. The configuration has been read, so it is well."""
    yield Finding("configuration", True, f"{config.folder / 'config.toml'}")
    for sentence in open_to_all(config):
        yield Finding("configuration", True, sentence, warning=True)
    yield from _guarded("database", lambda: _database(config))
    yield from _guarded("templates", lambda: _templates(config))
    yield from _guarded("page templates", lambda: _page_templates(config))
    for name in config.sources:
        yield from _guarded(f"source {name}", lambda name=name: _source(name, config, now))  # type: ignore[misc]
    if not config.sources:
        yield Finding("sources", False, "there are none: add a [sources.NAME] section to config.toml")
    yield from _guarded("campaigns", lambda: _campaigns(config))
    yield from _guarded("topics", lambda: _topics(config))
    yield from _guarded("postal address", lambda: _postal_address(config))
    yield from _guarded("sender", lambda: _sender(config))
    yield from _guarded("site address", lambda: _site_address(config))
    yield from _guarded("mail", lambda: _mail(config))
    yield from _guarded("log", _log)


def _guarded(what: str, look: Callable[[], Iterator[Line]]) -> Iterator[Finding]:
    """What a look raises is a finding, and the others go on."""
    try:
        for ok, text in look():
            yield Finding(what, ok is not False, text, warning=ok is WARNING)
    except NewsletterError as error:
        yield Finding(what, False, str(error))
    except DatabaseError as error:
        yield Finding(
            what,
            False,
            f"the database cannot be used: {in_words(settings.CONFIG.sqlite_file if settings.CONFIG else None, error)}",
        )


def _database(config: Config) -> Iterator[Line]:
    site = Site.objects.get(pk=1)
    real = "mail is for real" if site.live_at else "in practice"
    if config.sqlite_file is None:
        yield True, f"PostgreSQL {connection.settings_dict['NAME']}, {real}"
        return
    version = ".".join(map(str, sqlite_version()))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
    if mode != "wal":
        yield (
            False,
            f"SQLite's journal mode is {mode}, not wal: put the database on a local disk, no network folder",
        )
    if sqlite_version() < SAFE_SQLITE:
        yield (
            WARNING,
            (
                f"SQLite {version} at {config.sqlite_file}, {real}; versions before "
                f"{'.'.join(map(str, SAFE_SQLITE))} have a rare bug with several processes: run only newsletter run"
            ),
        )
    else:
        yield True, f"SQLite {version} at {config.sqlite_file}, {real}"


def _log() -> Iterator[Line]:
    """Whether what staff did stands as it was written. A warning, since going live cannot wait for it."""
    broken = log.first_broken()
    if broken is None:
        yield True, f"{LogEntry.objects.count():,} entries, each as it was written"
    else:
        yield (
            WARNING,
            f"entry {broken.pk} of the log is not as it was written, or one before it is gone: somebody changed the "
            "database by hand. A backup from before that day has it right",
        )


def _templates(config: Config) -> Iterator[Line]:
    """Render and compile one of each kind, in the words of a post that does not exist."""
    templates = template_sources(template_folders(config), *KINDS, STAFF)
    frame = _sample_frame(config)
    full = _sample_entry(config, 1, html="<p>Some <strong>words</strong>.</p>")
    wrong: dict[LintProblem, None] = {}
    for entries in ([full], [_sample_entry(config, number) for number in (1, 2, 3)]):
        rendered = render(frame, entries, templates)
        _compile(rendered, frame)
        wrong |= dict.fromkeys(lint(LintedMail(rendered, frame, entries, templates, real=False)))
    for problem in wrong:
        yield False if problem.level is Level.ERROR else WARNING, str(problem)
    notice = render_notice(frame, "confirm", {"confirm_url": f"{config.site.url}/confirm/sample"}, templates)
    compile_message(notice, frame, notice=True).splice(preview_personal())
    render_staff(
        frame, StaffWords("A subject", "A heading", ["Words."], ["A post"], [["Do", "so"]]), templates
    )
    yield True, f"{len(KINDS) + 1} kinds of mail render"
    for folder in template_folders(config):
        for name, meant in unused(folder, templates):
            yield (
                False if meant else WARNING,
                f"{folder.name}/{name} is used by nothing" + (f"; is it {meant}?" if meant else ""),
            )


def _page_templates(config: Config) -> Iterator[Line]:
    yield True, f"{page_templates.load_all(config)} templates of web pages can be filled"


def _compile(rendered: Rendered, frame: Frame) -> None:
    compile_message(rendered, frame).splice(preview_personal())


def _sample_entry(config: Config, number: int, html: str = "") -> Entry:
    return Entry(
        key=f"sample-{number}",
        title=f"A sample post, number {number}",
        url=f"{config.site.url}/posts/sample-{number}/",
        date_text="June 2017",
        summary="Some words.",
        html=html,
    )


def _sample_frame(config: Config) -> Frame:
    return replace(
        site_frame(config, subject="{title}", date_text="12 June 2017"),
        web_url=f"{config.site.url}/editions/1/",
        cadence_text="once a week",
    )


def _source(name: str, config: Config, now: datetime) -> Iterator[Line]:
    row = Source.objects.filter(name=name).first()
    fetched = sources(config, name)[0].fetch(Look(now, row.memory if row else {}, by_hand=True))
    stands = [(where, what, False) for where, what in row.problems] if row and fetched.unchanged else []
    for where, what, minor in stands or [(one.where, one.what, one.minor) for one in fetched.problems]:
        yield WARNING if minor else False, f"{where}: {what}"
    if row and fetched.unchanged:
        yield (
            True,
            f"it answers, and nothing has changed since it was last read, {row.last_sync_at:%Y-%m-%d %H:%M} UTC",
        )
    elif row is None or row.first_sync_at is None:
        yield True, f"{_posts(fetched.items)}; its first sync brings them to the feed and into no mail"
    else:
        yield True, f"{_posts(fetched.items)}, last read {row.last_sync_at:%Y-%m-%d %H:%M} UTC"


def _posts(items: Sequence[Item]) -> str:
    return "1 post" if len(items) == 1 else f"{len(items)} posts"


def _campaigns(config: Config) -> Iterator[Line]:
    running = campaigns.running_cadences()
    for cadence in Cadence:
        people = Subscription.objects.filter(cadence=cadence, status=Status.CONFIRMED).count()
        if people and cadence not in running:
            who = "1 person has" if people == 1 else f"{people} people have"
            yield (
                False,
                (
                    f"{who} the cadence {cadence} and no campaign runs for it: newsletter campaigns resume {cadence}, "
                    "or let them choose another cadence"
                ),
            )
    asking = Campaign.objects.filter(state=CampaignState.ACTIVE, approval=True).values_list("name", flat=True)
    if asking and not config.email.staff:
        yield (
            WARNING,
            f"nobody is told that editions of {', '.join(asking)} wait for approval: name who in email.staff",
        )
    yield bool(running), f"running: {', '.join(running)}" if running else "no campaign runs: nobody gets mail"


def _topics(config: Config) -> Iterator[Line]:
    gone = not_offered(config)
    for name, people in gone.items():
        yield False, topic_not_offered(name, people)
    if config.topics and not gone:
        yield True, ", ".join(config.topics)


def _postal_address(config: Config) -> Iterator[Line]:
    if config.site.postal_address.strip():
        yield True, " ".join(config.site.postal_address.split())
    elif config.practice:
        yield WARNING, "none; before newsletter live set site.postal_address: the law wants it in every mail"
    else:
        yield False, "set site.postal_address in config.toml: the law wants it in every mail"


def _sender(config: Config) -> Iterator[Line]:
    yield True, go_live.sender(config)
    examples = [name for name in go_live.still_examples(config) if name != "site.url"]
    if examples:
        are = "is" if len(examples) == 1 else "are"
        yield (
            WARNING,
            f"{' and '.join(examples)} {are} still the example's; before newsletter live put your own into config.toml",
        )


def _site_address(config: Config) -> Iterator[Line]:
    host = (urlsplit(config.site.url).hostname or "").lower()
    if note := port_note(config):
        yield WARNING, note
    if not _is_loopback(host):
        yield _one_click(config)
    elif config.practice or config.relay_is_local:
        yield (
            WARNING,
            f"{config.site.url} is this machine only; links in real mail must lead to a public address",
        )
    else:
        yield False, f"{config.site.url} is this machine only: set site.url to the public address"


def _one_click(config: Config) -> Line:
    """Mail programs unsubscribe with one click over https only (RFC 8058 §3.1), and large providers ask for it."""
    if urlsplit(config.site.url).scheme == "https":
        return True, config.site.url
    sentence = (
        f"{config.site.url} begins with http://, and unsubscribing with one click works over https only (RFC 8058): "
        "serve the pages over https and set site.url to that address"
    )
    return WARNING if config.practice or config.relay_is_local else False, sentence


def port_note(config: Config) -> str:
    """One sentence when links lead to another port of this machine than the pages are served on; else empty."""
    parts = urlsplit(config.site.url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if not _is_loopback((parts.hostname or "").lower()) or port == config.web.port:
        return ""
    return (
        f"links lead to port {port} (site.url is {config.site.url}) and the pages listen on port {config.web.port} "
        "(web.port): unless something passes one on to the other, set site.url to the same port"
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _mail(config: Config) -> Iterator[Line]:
    if config.practice:
        yield True, f"practice: into files in {config.outbox_folder}"
        return
    for found in relay(config).probe(config.envelope_sender):
        yield WARNING if found.warning else True, found.text
