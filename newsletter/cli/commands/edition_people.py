"""``newsletter editions show --who`` and ``explain``: the people behind an edition's numbers, and why a mail reached
one of them or did not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import bootstrap, output

if TYPE_CHECKING:
    from newsletter.config import Config
    from newsletter.models import Edition
    from newsletter.publishing.editions.delivery_counts import Tally


def add_to(app: typer.Typer) -> None:
    """Put explain among the commands of the noun."""
    app.command()(explain)


def explain(
    number: Annotated[int | None, typer.Argument(metavar="N", help="The edition; or name a --post.")] = None,
    to: Annotated[str, typer.Option(metavar="ADDRESS", help="The person.")] = ...,  # type: ignore[assignment]
    post: Annotated[str | None, typer.Option(metavar="KEY", help="The post.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """One plain sentence why a mail did or did not reach a person."""
    if number is None and post is None:
        raise typer.BadParameter("name an edition, a --post KEY, or both")
    config = bootstrap.start()
    from newsletter.publishing.explain import explain

    answer = explain.explain(to, config, bootstrap.now(), edition=number, post=post)
    if as_json:
        output.as_json(
            {
                "address": answer.address,
                "edition": answer.edition,
                "post": post,
                "verdict": answer.verdict,
                "sentence": answer.sentence,
            }
        )
    else:
        output.say(answer.sentence)


def who_hint(edition: Edition, counted: Tally) -> str:
    """How to find the people behind a number that staff may have to do something about."""
    words = [word for word in ("failed", "unknown", "deferred", "skipped") if counted.counts[word]]
    return f"newsletter editions show {edition.pk} --who {words[0]}" if words else ""


def show_who(edition: Edition, word: str, config: Config, *, as_json: bool) -> None:
    """A line a person, as they are read: a million are never in memory at once."""
    from newsletter.publishing.editions.recipients import who

    rows = who(edition, word, config)
    if as_json:
        output.as_json_rows(
            {
                "address": row.address,
                "state": row.state,
                "at": output.rfc3339(row.at),
                "code": row.code,
                "reply": row.reply,
                "attempts": row.attempts,
                "next_attempt_at": output.rfc3339(row.next_attempt_at),
            }
            for row in rows
        )
        return
    zone, nobody = edition.campaign.zone, True
    for row in rows:
        nobody = False
        words = " ".join(filter(None, (str(row.code or ""), row.reply)))
        again = f"tried again {output.moment(row.next_attempt_at, zone)}" if row.next_attempt_at else ""
        parts = (row.address or "(erased)", output.moment(row.at, zone), words, again)
        output.say("  ".join(filter(None, parts)))
    if nobody:
        output.say(f"Nobody: no mail of edition {edition.pk} is {word}.")
