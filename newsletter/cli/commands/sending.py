"""``newsletter editions send``, ``test``, ``doubts`` and ``retry``: what puts mail on the wire, now or once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import bootstrap, output
from newsletter.cli.commands.editions import Json, Number, Yes
from newsletter.cli.signals import stopped_by_signals

if TYPE_CHECKING:
    from newsletter.config import Config
    from newsletter.models import Edition
    from newsletter.publishing.editions.delivery_counts import Tally

_STOPPING = "\nStopping: what is on the wire is finished first, the rest stays pending.\n"


def add_to(app: typer.Typer) -> None:
    """Put these commands among those of the noun."""
    for command in (send, test, doubts, retry):
        app.command()(command)


def send(number: Number, yes: Yes = False, as_json: Json = False) -> None:
    """Send an edition now and wait until nothing is pending; called again after a crash it goes on.

    Leaves with 1 when some mails are deferred or in doubt, and says how many. Sending by hand counts as approval.
    """
    config = bootstrap.start()
    from newsletter.models import EditionState
    from newsletter.models.edition import UNSTARTED
    from newsletter.publishing.delivery.send import send as send_edition
    from newsletter.publishing.editions import compose
    from newsletter.publishing.editions.delivery_counts import tally
    from newsletter.publishing.from_config import open_transport

    edition = compose.find(number)
    if edition.state in UNSTARTED and not yes:
        _ask(edition, config)
    with stopped_by_signals(_STOPPING) as stop, output.progress(f"Edition {number}", None) as bar:
        edition = send_edition(
            number,
            config,
            bootstrap.links(config),
            open_transport(config),
            clock=bootstrap.now,
            stop=stop,
            progress=bar,
        )
    counted = tally(edition)
    if as_json:
        output.as_json({"id": number, "state": edition.state, "people": counted.people, **counted.counts})
    elif edition.state == EditionState.SKIPPED:
        output.say(f"Edition {number} has nothing new for anybody and is skipped.")
    else:
        _say_outcome(edition, counted, config)
    if counted.undecided or counted.counts["pending"]:
        raise typer.Exit(1)


def _ask(edition: Edition, config: Config) -> None:
    from newsletter.publishing.editions import compose

    if edition.frozen_at is None:
        question = f"Edition {edition.pk} takes its posts when it is sent. Send it now?"
    else:
        forecast = compose.forecast(edition, config)
        people = output.counted(forecast.people, "person", "people")
        question = f"{people}, {output.counted(forecast.posts, 'post')}. Send?"
    output.sure(question, yes=False, instead="Nothing was sent: without a terminal, add --yes.")


def _say_outcome(edition: Edition, counted: Tally, config: Config) -> None:
    since = f" ({counted.since_text} since it was composed)" if any(counted.since_approval or ()) else ""
    people = output.counted(counted.people, "person", "people")
    output.say(
        f"Edition {edition.pk}, {people}{since}: {output.listed(counted.counts) or 'nothing to send'}."
    )
    if config.practice:
        output.say(f"This was practice; the mails are in {config.outbox_folder}")
    named = [word for word in ("failed", "deferred", "unknown") if counted.counts[word]]
    if named:
        others = f" (or {', '.join(named[1:])})" if named[1:] else ""
        output.aside(
            f"Whom, and the relay's words: newsletter editions show {edition.pk} --who {named[0]}{others}"
        )
    if counted.counts["deferred"]:
        output.aside(
            f"{output.counted(counted.counts['deferred'], 'mail is', 'mails are')} deferred by the relay; "
            f"newsletter run "
            f"tries again by itself, or later: newsletter editions send {edition.pk} --yes"
        )
    if counted.counts["unknown"]:
        output.aside(
            f"{output.counted(counted.counts['unknown'], 'mail')} may have arrived; decide with "
            f"newsletter editions doubts {edition.pk} --send-again (may arrive twice) or --leave"
        )
    if counted.counts["pending"]:
        output.aside(
            f"{output.counted(counted.counts['pending'], 'mail')} not sent yet; the same command goes on."
        )


def test(
    number: Number,
    to: Annotated[str, typer.Option(metavar="ADDRESS", help="Who gets the test copy.")],
) -> None:
    """Send one copy to an address of yours, with [Test] before its subject; the list gets nothing."""
    config = bootstrap.start()
    from newsletter.publishing.editions.previews import send_test
    from newsletter.publishing.from_config import open_transport

    outcome = send_test(
        number, config, bootstrap.links(config), open_transport(config), bootstrap.now(), to=to
    )
    said = " ".join(filter(None, (str(outcome.code or ""), outcome.reply)))
    words = f" ({said})" if said else ""
    if outcome.result != "sent":
        output.aside(f"newsletter: the test copy to {to} is {outcome.result}{words}")
        raise typer.Exit(1)
    where = f" into {config.outbox_folder}" if config.practice else ""
    output.say(f"A test copy of edition {number} went to {to}{where}.{words}")


def doubts(
    number: Number,
    send_again: Annotated[
        bool, typer.Option("--send-again", help="Send it again; it may arrive twice.")
    ] = False,
    leave: Annotated[
        bool, typer.Option("--leave", help="Leave it; who did not get it goes without.")
    ] = False,
) -> None:
    """Settle mails that may have arrived: --send-again or --leave."""
    if send_again == leave:
        raise typer.BadParameter("choose --send-again or --leave")
    config = bootstrap.start()
    from newsletter.publishing.decisions import edition_actions

    count = edition_actions.decide_doubt(number, config, bootstrap.now(), send_again=send_again)
    mails = output.counted(count, "mail")
    if send_again:
        output.say(f"{mails} of edition {number} will be sent again: newsletter editions send {number} --yes")
    else:
        output.say(f"{mails} of edition {number} stay in doubt and are not sent again.")


def retry(number: Number) -> None:
    """Try once more those that failed for good."""
    bootstrap.start()
    from newsletter.publishing.decisions import edition_actions

    count = edition_actions.retry_failed(number, bootstrap.now())
    output.say(f"{output.counted(count, 'mail')} to try once more: newsletter editions send {number} --yes")
