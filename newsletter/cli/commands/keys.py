"""``newsletter keys``: what is done when a key of the site is lost for good."""

from __future__ import annotations

from typing import Annotated

import typer

from newsletter.cli import bootstrap, output
from newsletter.errors import Refused

app = typer.Typer(help="The site's keys: go on without one that is lost.", no_args_is_help=True)

_NO_WAY = {
    "suppression.key": (
        "suppression.key cannot be replaced: without it nobody knows who must never be mailed. Put it back from your "
        "backup, or begin a new site and import the people who are to be mailed."
    ),
    "login.key": "login.key needs no yes: remove the file, and a new one is made. Whoever is logged in is logged out.",
}


@app.callback()
def _noun() -> None:
    """The site's keys."""


@app.command()
def accept(
    key: Annotated[str, typer.Argument(metavar="links.key", help="The key that is lost.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Go on with the links.key that is there, or a new one. Every link in mails that were sent is dead then."""
    if key in _NO_WAY:
        raise Refused(_NO_WAY[key])
    if key != "links.key":
        raise typer.BadParameter(f'expected links.key, found "{key}"', param_hint="links.key")
    output.sure(
        "In every mail that was sent, the links to unsubscribe, to preferences and to confirm stop working, and people "
        "have to write to you. Go on without the old links.key?",
        yes=yes,
        instead="Nothing was changed: without a terminal, add --yes.",
    )
    _remove_broken()
    bootstrap.configure()
    from newsletter.publishing.setup.bootstrap import accept_links_key

    if accept_links_key():
        output.say("links.key is this site's own from now on. Back it up with the database.")
    else:
        output.say("links.key is the one that this database knows; nothing was changed.")


def _remove_broken() -> None:
    """A file that was cut off or emptied is no key; a new one is made in its place."""
    from newsletter.config import find, load
    from newsletter.secrets import too_weak

    config = load(find(bootstrap.chosen_file()))
    file = config.state_folder / "links.key"
    if file.is_file() and too_weak(file.read_bytes().decode("utf-8", "replace").strip()):
        file.unlink()
