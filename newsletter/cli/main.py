"""The command ``newsletter``: its nouns put together. What each does is in the noun's own file."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from newsletter.cli import bootstrap, usage
from newsletter.cli.commands import (
    campaigns,
    edition_decisions,
    edition_people,
    editions,
    feeds,
    going_live,
    keys,
    posts,
    running,
    sending,
    site,
    staff,
    subscriber_lists,
    subscribers,
)

app = typer.Typer(
    name="newsletter",
    help="Publishes posts to feed readers and to supporters' inboxes: once each, on the schedule that staff set.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
site.add_to(app)
going_live.add_to(app)
running.add_to(app)
edition_people.add_to(editions.app)
edition_decisions.add_to(editions.app)
sending.add_to(editions.app)
app.add_typer(posts.app, name="posts")
app.add_typer(feeds.app, name="feeds")
app.add_typer(campaigns.app, name="campaigns")
app.add_typer(editions.app, name="editions")
subscriber_lists.add_to(subscribers.app)
app.add_typer(subscribers.app, name="subscribers")
app.add_typer(staff.app, name="staff")
app.add_typer(keys.app, name="keys")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"newsletter {importlib.metadata.version('learning-hub-newsletter')}")
        raise typer.Exit


@app.callback()
def common(
    config: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The site's config.toml; without it the one in this folder."),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Here for --help only: ``session.take_common_options`` has read these already, wherever they stood."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code: 0 done, 1 refused or failed, 2 wrong usage."""
    rest = bootstrap.take_common_options(sys.argv[1:] if arguments is None else arguments)
    with bootstrap.errors_as_sentences():
        bootstrap.must_stand_somewhere()
        sys.exit(_run(rest))


def _run(arguments: Sequence[str]) -> int:
    """Run a command; wrong usage is said in our own words. Returns the exit code."""
    try:
        code = app(arguments, prog_name="newsletter", standalone_mode=False)
    except usage.WrongUsage as error:
        return usage.show(error)
    except typer.Abort:
        typer.echo("Aborted.", err=True)
        return 1
    return code if isinstance(code, int) else 0
