"""``newsletter feeds``: the feeds and the archive as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli import bootstrap, output

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
    config = bootstrap.start()
    from newsletter.feeds.folder_sync import build_into
    from newsletter.publishing.ingest.stored_images import Shown
    from newsletter.publishing.public.static_export import build_files

    files, shown = build_files(config, bootstrap.now()), Shown()
    built = build_into(out, files, shown)
    if as_json:
        changed = {"changed": sorted(built.changed), "removed": built.removed, "left": built.left}
        output.as_json({"folder": str(out), "files": sorted([*files, *shown]), **changed})
        return
    removed = f", {output.counted(len(built.removed), 'old one')} removed" if built.removed else ""
    count = output.counted(len(files) + len(shown), "file")
    output.say(f"{count} in {out}, {len(built.changed)} of them new or changed{removed}.")
    for path in built.left:
        output.say(f"{out / path} is no longer published, but somebody has changed it: remove it by hand.")
