"""The commands of the site as a whole: init, check, sync, live, and run with its parts web, scheduler and worker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.cli import session, show

if TYPE_CHECKING:
    from newsletter.publishing.ingest import SyncReport

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands at the top."""
    for command in (init, check, sync, live, run, web, scheduler, worker):
        app.command()(command)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for the site.")],
    sample: Annotated[
        bool, typer.Option("--sample", help="With sample posts, invented subscribers, and a first edition.")
    ] = False,
) -> None:
    """Make a site that works at once, in practice: mail goes into files."""
    from newsletter.cli import new_site

    new_site.make(folder, sample=sample)


def sync(
    source: Annotated[str | None, typer.Argument(metavar="[SOURCE]", help="Only this one.")] = None,
    as_json: Json = False,
) -> None:
    """Fetch the sources now. Leaves with 1 when one of them could not be read; the others went on."""
    config = session.start()
    from newsletter.errors import SourceError
    from newsletter.publishing import ingest
    from newsletter.publishing.from_config import sources
    from newsletter.publishing.release import release_due

    failed = 0
    rows: list[dict[str, Any]] = []
    for place in sources(config, source):
        try:
            report = ingest.sync(place, config, session.now())
        except SourceError as error:
            failed += 1
            rows.append({"source": place.name, "error": str(error)})
            show.aside(f"newsletter: {error}")
            continue
        rows.append(_report_row(report))
        if not as_json:
            _say_report(report)
    release_due(session.now())
    if as_json:
        show.as_json(rows)
    elif not rows:
        show.say("There are no sources in config.toml; add a [sources.NAME] section.")
    if failed:
        raise typer.Exit(1)


def _report_row(report: SyncReport) -> dict[str, Any]:
    return {
        "source": report.source,
        "first": report.first,
        "new": [post.key for post in report.new],
        "changed": [post.key for post in report.changed],
        "held": [post.key for post in report.held],
        "unchanged": report.unchanged,
        "drafts": report.drafts,
        "problems": [{"where": problem.where, "what": problem.what} for problem in report.problems],
    }


def _say_report(report: SyncReport) -> None:
    drafts = f", {show.counted(report.drafts, 'draft')}" if report.drafts else ""
    show.say(
        f"{report.source}: {show.counted(len(report.new), 'new post')}, {len(report.changed)} changed, "
        f"{report.unchanged} as before{drafts}."
    )
    if report.first and report.new:
        show.say("  It was the first sync: these posts go to the feed and stay out of mail.")
    for post in report.held:
        show.say(f"  held: {post.key} ({post.held_because}); newsletter posts release {post.key} --mail")
    for problem in report.problems:
        show.aside(f"  {problem.where}: {problem.what}")


def check(as_json: Json = False) -> None:
    """Look at everything that mail needs, a line each: ok, or what to do. Leaves with 1 when something is wrong."""
    raise NotImplementedError


def live() -> None:
    raise NotImplementedError


def run() -> None:
    raise NotImplementedError


def web() -> None:
    raise NotImplementedError


def scheduler() -> None:
    raise NotImplementedError


def worker() -> None:
    raise NotImplementedError
