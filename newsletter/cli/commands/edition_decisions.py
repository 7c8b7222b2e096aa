"""``newsletter editions approve``, ``schedule``, ``refresh``, ``pause``, ``resume``, ``cancel``: what staff decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import bootstrap, output
from newsletter.cli.commands.editions import Number, Yes, say_problems, schedule_command

if TYPE_CHECKING:
    from newsletter.config import Config
    from newsletter.models import Edition

Despite = Annotated[bool, typer.Option("--despite", help="Send it although the lint found errors.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands among those of the noun."""
    for command in (approve, reword, refresh, schedule, pause, resume, cancel):
        app.command()(command)


def approve(number: Number, despite: Despite = False, yes: Yes = False) -> None:
    """Say yes: it is sent at its slot. One without a slot to come goes at once, so you are asked. Refused while the
    lint finds an error."""
    config = bootstrap.start()
    from newsletter.publishing.decisions import edition_actions
    from newsletter.publishing.editions import compose, lint
    from newsletter.publishing.schedule import link_check

    edition = compose.find(number)
    link_check.ask_before(edition, config, bootstrap.now())
    edition_actions.may_be_approved(edition)
    lint.must_pass(edition, config, despite=despite)
    if edition.slot_at <= bootstrap.now():
        output.sure(
            _at_once(edition, config), yes=yes, instead="Nothing was approved: without a terminal, add --yes."
        )
    edition = edition_actions.approve(number, bootstrap.now(), config=config, despite=despite)
    _say_scheduled(edition, config)


def _at_once(edition: Edition, config: Config) -> str:
    """What a yes means for an edition that waits for no hour."""
    from newsletter.publishing.editions import compose

    to = output.counted(compose.forecast(edition, config).people, "person", "people")
    why = (
        "its hour has passed" if edition.slot_local or edition.lead else "it was made by hand and has no hour"
    )
    return (
        f"Edition {edition.pk} goes to {to} as soon as newsletter run looks, for {why}. To give it one: "
        f"{schedule_command(edition)}. Approve it and send it now?"
    )


def reword(
    number: Number,
    subject: Annotated[str | None, typer.Option(metavar="TEXT", help="Empty for the campaign's.")] = None,
    preheader: Annotated[str | None, typer.Option(metavar="TEXT", help="Empty for the campaign's.")] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Above the posts; empty for none.")] = None,
) -> None:
    """Give one that has not begun a subject, a preheader or a note of its own; approved, it waits for a yes again."""
    if subject is preheader is note is None:
        raise typer.BadParameter("say what to change: --subject, --preheader or --note")
    bootstrap.start()
    from newsletter.publishing.decisions import edition_actions
    from newsletter.publishing.editions import compose

    found = compose.find(number)
    edition = edition_actions.reword(
        number,
        bootstrap.now(),
        subject=found.subject if subject is None else subject,
        preheader=found.preheader if preheader is None else preheader,
        note=found.note if note is None else note,
    )
    output.say(
        f"Edition {number} has its own words and is {edition.state}: newsletter editions preview {number}"
    )


def refresh(number: Number) -> None:
    """Compose one that has not begun anew, with posts, settings and templates as they are now."""
    config = bootstrap.start()
    from newsletter.publishing.editions import lint

    edition = lint.refresh(number, config, bootstrap.now())
    output.say(
        f"Edition {edition.pk} is composed anew and is {edition.state}: newsletter editions preview {number}"
    )
    say_problems(lint.problems(edition, config))


def schedule(
    number: Number,
    at: Annotated[str, typer.Option(metavar="WHEN", help='"2026-12-01 09:00", in the campaign\'s zone.')],
    despite: Despite = False,
) -> None:
    """Send it at a moment; this counts as approval."""
    config = bootstrap.start()
    from newsletter.cli.commands.campaigns import instant
    from newsletter.publishing.decisions import edition_actions
    from newsletter.publishing.editions import compose

    when = instant(at, compose.find(number).campaign.zone, "--at")
    edition = edition_actions.schedule(number, when, bootstrap.now(), config=config, despite=despite)
    _say_scheduled(edition, config)


def _say_scheduled(edition: Edition, config: Config) -> None:
    """When it goes, and to how many; of "each post" nobody knows that before it takes its post."""
    from newsletter.publishing.editions import compose

    to = ""
    if edition.frozen_at is not None:
        to = f", to {output.counted(compose.forecast(edition, config).people, 'person', 'people')}"
    if edition.slot_at <= bootstrap.now():
        output.say(f"Edition {edition.pk} is approved and goes out at the next tick of newsletter run{to}.")
    else:
        at = output.moment(edition.slot_at, edition.campaign.zone)
        output.say(f"Edition {edition.pk} is scheduled: {at}{to}.")


def pause(number: Number) -> None:
    """Stop: what is on the wire is finished, the rest waits."""
    bootstrap.start()
    from newsletter.publishing.decisions import edition_actions

    edition_actions.pause(number, bootstrap.now())
    output.say(f"Edition {number} is paused; newsletter editions resume {number} goes on.")


def resume(number: Number) -> None:
    """Go on where it was paused."""
    bootstrap.start()
    from newsletter.publishing.decisions import edition_actions

    edition = edition_actions.resume(number, bootstrap.now())
    soon = edition.state == "scheduled" and edition.slot_at <= bootstrap.now()
    at_once = " and goes out at the next tick of newsletter run" if soon else ""
    output.say(f"Edition {number} is {edition.state} again{at_once}.")


def cancel(
    number: Number,
    owed: Annotated[
        bool | None,
        typer.Option(
            "--owed-again/--keep-out",
            help="What has not gone: owed at the next slot (for digests the default), or kept out of mail.",
        ),
    ] = None,
    yes: Yes = False,
) -> None:
    """Call an edition off; what has gone, has gone."""
    bootstrap.start()
    from newsletter.publishing.decisions import edition_actions
    from newsletter.publishing.editions import compose

    compose.find(number)
    output.sure(f"Cancel edition {number}?", yes=yes, instead="Without a terminal, add --yes.")
    edition, count = edition_actions.cancel(number, bootstrap.now(), owed_again=owed)
    what = "is owed again at the next slot" if edition.owed_again else "stays out of mail"
    output.say(
        f"Edition {number} is cancelled; {output.counted(count, 'mail')} called off. What has not gone {what}."
    )
