"""The commands of the site as a whole: init, check and sync. Going live has a file of its own, and so has running."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.cli import bootstrap, output

if TYPE_CHECKING:
    from newsletter.publishing.ingest.sync import SyncReport
    from newsletter.publishing.setup.check_result import Finding

#: What stands before a line of ``check``.
_MARKS = {"ok": "ok ", "warning": "!! ", "wrong": "-- "}
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands at the top."""
    for command in (init, check, sync):
        app.command()(command)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for the site.")],
    sample: Annotated[
        bool, typer.Option("--sample", help="With sample posts, invented subscribers, and a first edition.")
    ] = False,
    starting: Annotated[
        bool, typer.Option("--starting", hidden=True, help="It is started next: do not say how.")
    ] = False,
) -> None:
    """Make a site that works at once, in practice: mail goes into files."""
    from newsletter.cli.commands import new_site

    new_site.make(folder, sample=sample, starting=starting)


def sync(
    source: Annotated[str | None, typer.Argument(metavar="SOURCE", help="Only this one.")] = None,
    as_json: Json = False,
) -> None:
    """Fetch the sources now. Leaves with 1 when one of them could not be read; the others went on."""
    config = bootstrap.start()
    from newsletter.errors import SourceError
    from newsletter.publishing.from_config import sources
    from newsletter.publishing.ingest import sync
    from newsletter.publishing.ledger.release import release_due

    failed = 0
    rows: list[dict[str, Any]] = []
    for place in sources(config, source):
        try:
            report = sync.sync(place, config, bootstrap.now(), by_hand=True)
        except SourceError as error:
            failed += 1
            rows.append({"source": place.name, "error": str(error)})
            output.aside(f"newsletter: {place.name}: {error}")
            continue
        rows.append(_report_row(report))
        if not as_json:
            _say_report(report)
    release_due(bootstrap.now())
    if as_json:
        output.as_json(rows)
    elif not rows:
        output.say("There are no sources in config.toml; add a [sources.NAME] section.")
    if failed:
        raise typer.Exit(1)


def _report_row(report: SyncReport) -> dict[str, Any]:
    return {
        "source": report.source,
        "first": report.first,
        "looked": report.looked,
        "new": [post.key for post in report.new],
        "changed": [post.key for post in report.changed],
        "held": [post.key for post in report.held],
        "together": report.together,
        "unchanged": report.unchanged,
        "drafts": report.drafts,
        "gone": report.gone,
        "problems": [{"where": problem.where, "what": problem.what} for problem in report.problems],
    }


def _say_report(report: SyncReport) -> None:
    from newsletter.publishing.ingest import moderation

    if not report.looked:
        output.say(f"{report.source}: nothing new; the source says that it has not changed.")
        for problem in report.problems:
            output.aside(f"  {problem.where}: {problem.what}")
        return
    drafts = f", {output.counted(report.drafts, 'draft')}" if report.drafts else ""
    output.say(
        f"{report.source}: {output.counted(len(report.new), 'new post')}, {len(report.changed)} changed, "
        f"{report.unchanged} as before{drafts}."
    )
    if report.gone:
        are, stay, one = ("is", "stays", "it") if report.gone == 1 else ("are", "stay", "one")
        output.say(
            f"  {output.counted(report.gone, 'post')} {are} no longer in the folder and {stay} published; "
            f"to take {one} "
            "out: newsletter posts withdraw KEY"
        )
    if report.first and report.new:
        output.say("  It was the first sync: these posts go to the feed and stay out of mail.")
    if report.together:
        output.say(
            f"  {output.counted(report.together, 'post')} came together: they are in the feed and in digests. One "
            '"each post" mail with all of them will wait for your approval; see: newsletter editions list'
        )
    for post in report.held:
        output.say(f"  held: {post.key} ({post.held_because})")
    for sentence in moderation.advice_for_all(report.held):
        output.say(f"  {sentence}")
    for problem in report.problems:
        output.aside(f"  {problem.where}: {problem.what}")


def check(as_json: Json = False) -> None:
    """Look at everything that mail needs, a line each: ok, a warning (!!), or what to do (--). Leaves with 1 when
    something is wrong; warnings alone leave with 0."""
    findings = _findings(echo=not as_json)
    if as_json:
        output.as_json(
            [
                {"what": found.what, "ok": found.ok, "level": found.level, "text": found.text}
                for found in findings
            ]
        )
    if not all(found.ok for found in findings):
        raise typer.Exit(1)


def _findings(*, echo: bool) -> list[Finding]:
    """Everything that ``check`` finds, shown as it is found: asking a relay takes its time."""
    findings = []
    for found in _looks():
        findings.append(found)
        if echo:
            output.say(f"{_MARKS[found.level]} {found.what}: {found.text}")
    return findings


def _looks() -> Iterator[Finding]:
    from newsletter.errors import ConfigError, NewsletterError
    from newsletter.publishing.setup.check_result import Finding

    try:
        config = bootstrap.configure()
    except ConfigError as error:
        yield from (Finding("configuration", False, f"{key}: {text}") for key, text in error.problems)
        return
    from newsletter.publishing.setup.check import check

    try:
        config = bootstrap.start()
    except NewsletterError as error:
        yield Finding("database", False, str(error))
        return
    yield from check(config, bootstrap.now())
