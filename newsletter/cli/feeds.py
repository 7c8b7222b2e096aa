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
    """Write rss.xml, atom.xml, feed.json, topic feeds, the archive pages and pictures of posts, each wholly or not at
    all; what an earlier build wrote and is no longer published is removed."""
    config = session.start()
    from newsletter.feeds.built import build_into
    from newsletter.publishing.files import build_files
    from newsletter.publishing.media import Shown

    files, shown = build_files(config, session.now()), Shown()
    built = build_into(out, files, shown)
    if as_json:
        changed = {"changed": sorted(built.changed), "removed": built.removed, "left": built.left}
        show.as_json({"folder": str(out), "files": sorted([*files, *shown]), **changed})
        return
    removed = f", {show.counted(len(built.removed), 'old one')} removed" if built.removed else ""
    count = show.counted(len(files) + len(shown), "file")
    show.say(f"{count} in {out}, {len(built.changed)} of them new or changed{removed}.")
    for path in built.left:
        show.say(f"{out / path} is no longer published, but somebody has changed it: remove it by hand.")
