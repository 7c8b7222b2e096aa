"""``newsletter live``: what going live would mean, said and asked before it is done."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import bootstrap, output

if TYPE_CHECKING:
    from newsletter.config import Config
    from newsletter.publishing.setup.go_live import Going, Waiting

#: So many titles say what the posts are.
_TITLES = 3


def add_to(app: typer.Typer) -> None:
    """Put this command at the top."""
    app.command()(live)


def live(
    practised: Annotated[
        bool,
        typer.Option("--practised", help="Mail what was made in practice, with everyone's next edition."),
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="What was released from this day on is owed to everybody: 2026-11-01."
        ),
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="Mail only what comes from now on.")] = False,
    allow_local: Annotated[
        bool, typer.Option("--allow-local", help="Even if site.url is an address of this machine or network.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """From practice to the real relay, once. Practice editions are cancelled; what was made in practice is mailed with
    the next editions (--practised), or what was released since a date (--since), or only what comes (--none)."""
    if practised + none + (since is not None) > 1:
        raise typer.BadParameter("choose one of --practised, --since DATE and --none")
    config = bootstrap.start()
    from newsletter.cli.commands.campaigns import instant
    from newsletter.publishing.setup import go_live
    from newsletter.publishing.setup.check import check

    at = instant(since, config.site.timezone, "--since") if since else None
    findings = list(check(config, bootstrap.now()))
    go_live.must_be_ready(config, findings, allow_local=allow_local)
    _say_sender(config)
    if not (practised or none or since):
        practised = _practised_too()
    plan = go_live.plan(at, with_practised=practised)
    for waiting in plan.waiting:
        output.say(_what_becomes_of(waiting, practised=practised, at=at))
    output.sure(
        _question(plan, practised, since),
        yes=yes,
        instead="Nothing was changed: without a terminal, add --yes.",
    )
    done = go_live.go(at, bootstrap.now(), with_practised=practised)
    people, posts = output.counted(done.people, "person", "people"), output.counted(done.posts, "post")
    output.say(
        f"This site is live: {people}, {posts} owed. newsletter run sends at each campaign's next slot."
    )
    if done.posts:
        output.say("To send at once: newsletter editions compose --campaign weekly, then editions send.")
    if done.passed_over:
        output.say(
            f"{_posts_are(done.passed_over)} out of mail; to mail one after all: newsletter posts release KEY --mail"
        )


def _practised_too() -> bool:
    """Ask whether what was made in practice is mailed. Nobody decides that by not being asked: without a terminal it
    takes an option."""
    from newsletter.publishing.setup import go_live

    made = go_live.practised()
    count = made.count()
    if not count:
        return False
    titles = [f'"{post.title}"' for post in made.order_by("-release_number")[:_TITLES]]
    more = f" and {count - len(titles)} more" if count > len(titles) else ""
    were = "was" if count == 1 else "were"
    them = "it" if count == 1 else "them"
    found = f"{output.counted(count, 'post')} {were} made in practice and nobody has {them}: {', '.join(titles)}{more}."
    if not sys.stdin.isatty():
        output.aside(
            f"newsletter: {found} Nothing was changed: say --practised to mail {them} with everyone's next edition, "
            f"--since DATE for those from that day on, or --none to keep {them} out of mail."
        )
        raise typer.Exit(1)
    output.aside(found)
    return typer.confirm(f"Mail {them} with everyone's next edition?", err=True)


def _question(plan: Going, practised: bool, since: str | None) -> str:
    people, posts = output.counted(plan.people, "person", "people"), output.counted(plan.posts, "post")
    owed = "no post that is released already"
    if practised and plan.posts:
        owed = f"{posts} made in practice"
    elif since:
        owed = f"{posts} released since {since}"
    if plan.passed_over:
        owed += f" ({_posts_are(plan.passed_over)} out of mail)"
    practice = output.counted(plan.editions, "practice edition")
    return (
        f"{people} will be mailed for real from now on, owed {owed}; {practice} will be cancelled. Go live?"
    )


def _posts_are(count: int) -> str:
    return f"{output.counted(count, 'post')} of practice {'stays' if count == 1 else 'stay'}"


def _what_becomes_of(waiting: Waiting, *, practised: bool, at: datetime | None) -> str:
    """Staff saw an edition and said yes to it in practice: it is not the one that goes."""
    seen = (
        f"approved for {output.moment(waiting.slot_at, waiting.zone)}" if waiting.approved else "not sent yet"
    )
    what = (
        "what is owed of its posts comes with the next one"
        if practised or at is not None
        else "its posts stay out of mail"
    )
    edition = f"Edition {waiting.number} of {waiting.campaign} ({seen})"
    return f"{edition} is one of practice: going live cancels it, and {what}."


def _say_sender(config: Config) -> None:
    """What stands above every mail from now on, said while it can still be stopped or put right."""
    from newsletter.publishing.setup import go_live

    output.say(go_live.sender(config))
    examples = go_live.still_examples(config)
    if examples:
        verb = "is" if len(examples) == 1 else "are"
        output.aside(f"{' and '.join(examples)} {verb} still the example's: real people will read them.")
