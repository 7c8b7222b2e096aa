"""``newsletter feeds``: the feeds and the archive as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli import session, show

app = typer.Typer(help="Feeds and archive as files.", no_args_is_help=True)


@app.callback()
def _noun() -> None:
    """Feeds and archive as files."""


@app.command()
def build(
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder to write into; it is made if missing.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Write rss.xml, atom.xml, feed.json, topic feeds and the archive pages, each wholly or not at all."""
    config = session.start()
    from newsletter.feeds.write import write_atomically
    from newsletter.publishing.pages import build_files

    files = build_files(config)
    changed = write_atomically(out, files)
    if as_json:
        show.as_json({"folder": str(out), "files": sorted(files), "changed": sorted(changed)})
        return
    show.say(f"{show.counted(len(files), 'file')} in {out}, {len(changed)} of them new or changed.")
