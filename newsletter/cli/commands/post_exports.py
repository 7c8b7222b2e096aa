"""``newsletter posts import`` of a whole export: what it says of it. What comes of it is
decided in publishing/ingest/export_import.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.cli import bootstrap, output
from newsletter.errors import SourceError

if TYPE_CHECKING:
    from newsletter.config import Config


def import_export(where: str, config: Config, site: str, *, mail: bool, as_json: bool) -> bool:
    """False when the file is no export that is read whole."""
    from newsletter.publishing.ingest import export_import

    if not where.lower().endswith(".json"):
        if site and "://" not in where:
            raise SourceError(f"{where}: --site is for an export; give it without that")
        return False
    if mail:
        raise SourceError(
            f"{where}: nobody is mailed an archive; import it without --mail. One post of it can be sent by hand: "
            "newsletter editions compose --campaign NAME --post KEY"
        )
    if site and not site.startswith(("https://", "http://")):
        raise SourceError(f"--site {site}: an address begins with https://")
    done = export_import.import_export(where, config, bootstrap.now(), site=site)
    if done is None:
        return False
    if as_json:
        output.as_json(
            {
                "new": [post.key for post in done.new],
                "known": len(done.known),
                "held": [post.key for post in done.held],
                "left_out": dict(done.left_out),
                "problems": [{"where": problem.where, "what": problem.what} for problem in done.problems],
            }
        )
        return True
    known = f", {len(done.known):,} known already and up to date" if done.known else ""
    output.say(f"{output.counted(len(done.new), 'new post')}{known}.")
    output.say("What an export brings is in feed and archive, and goes to nobody's inbox.")
    if done.left_out:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(done.left_out.items()))
        output.say(f"Left out, since what is imported is published: {kinds}.")
    if done.held:
        keys = " ".join(post.key for post in done.held[:20])
        output.say(
            f"{len(done.held)} look like posts that you have and are held: {keys}. If they are others: "
            "newsletter posts release KEY --feed-only"
        )
    for problem in done.problems:
        output.say(f"{problem.where}: {problem.what}")
    return True
