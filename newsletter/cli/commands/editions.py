"""``newsletter editions``: make single mailings and look at them.

The people behind their numbers are in edition_people.py, what staff decide in edition_decisions.py, what puts mail on
the wire in sending.py.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.cli import bootstrap, output
from newsletter.cli.commands.edition_people import show_who, who_hint

if TYPE_CHECKING:
    from newsletter.models import Edition
    from newsletter.publishing.editions.delivery_counts import Tally
    from newsletter.rendering.lint.level import LintProblem

app = typer.Typer(
    help="Editions: list, show, compose, preview, test, schedule, approve, reword, refresh, send, pause, resume, "
    "cancel, explain.",
    no_args_is_help=True,
)

Number = Annotated[int, typer.Argument(metavar="N", help="The edition's number.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command("list")
def list_editions(
    state: Annotated[str | None, typer.Option(help='Only these, such as "awaiting approval".')] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = 50,
    as_json: Json = False,
) -> None:
    """Editions, newest first."""
    bootstrap.start()
    from newsletter.models import Edition, EditionState
    from newsletter.publishing.editions.delivery_counts import tally

    editions = Edition.objects.select_related("campaign").order_by("-pk")
    if state is not None:
        if state not in set(EditionState):
            raise typer.BadParameter(f"expected one of {', '.join(EditionState)}", param_hint="--state")
        editions = editions.filter(state=state)
    rows = [(edition, tally(edition)) for edition in editions[:limit]]
    if as_json:
        output.as_json([_as_row(edition, counted) for edition, counted in rows])
        return
    output.table(
        ("number", "campaign", "state", "slot", "people", "mails", "because"),
        [
            (e.pk, e.campaign.name, _state(e), output.moment(e.slot_at, e.campaign.zone), t.people,
             output.listed(t.counts), e.because)
            for e, t in rows
        ],
        "No editions yet: newsletter editions compose --campaign weekly",
    )  # fmt: skip


def _state(edition: Edition) -> str:
    return f"{edition.state} (practice)" if edition.practice else edition.state


def _as_row(edition: Edition, counted: Tally) -> dict[str, Any]:
    return {
        "id": edition.pk,
        "campaign": edition.campaign.name,
        "state": edition.state,
        "practice": edition.practice,
        "slot": output.rfc3339(edition.slot_at),
        "people": counted.people,
        **counted.counts,
        "since_approval": counted.since_text or None,
        "because": edition.because,
        "frozen_at": output.rfc3339(edition.frozen_at),
        "approved_at": output.rfc3339(edition.approved_at),
        "approve_by": output.rfc3339(edition.approve_by),
        "trouble": edition.trouble or None,
        "finished_at": output.rfc3339(edition.finished_at),
    }


@app.command("show")
def show_edition(
    number: Number,
    who: Annotated[
        str | None,
        typer.Option(
            metavar="STATE",
            help="The people whose mail is failed, deferred, unknown, sent, skipped, pending …",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """One edition: its state, its posts, what is wrong with it, and what became of its mails; with --who each person,
    and the relay's words. Before it goes, --who pending are those who will get it."""
    config = bootstrap.start()
    from newsletter.publishing.editions import compose, lint
    from newsletter.publishing.editions.delivery_counts import WORDS, tally

    edition = compose.find(number)
    if who is not None:
        if who not in WORDS:
            raise typer.BadParameter(f'expected one of {", ".join(WORDS)}, found "{who}"', param_hint="--who")
        show_who(edition, who, config, as_json=as_json)
        return
    counted = tally(edition)
    posts = [
        {"key": row.entry["key"], "title": row.entry["title"], "state": row.post.state}
        for row in edition.edition_posts.select_related("post")
    ]
    problems = lint.problems(edition, config)
    if as_json:
        output.as_json(_as_row(edition, counted) | {"posts": posts, "problems": _problem_rows(problems)})
        return
    zone = edition.campaign.zone
    output.facts(
        {
            "edition": f"{edition.pk} of {edition.campaign.name}",
            "state": _state(edition) + (f", {edition.because}" if edition.because else ""),
            "slot": output.moment(edition.slot_at, zone),
            "approved": output.moment(edition.approved_at, zone),
            "needs a yes by": _needed_by(edition),
            "in its way": edition.trouble,
            "people": f"{counted.people:,}"
            + (f" ({counted.since_text} since)" if counted.since_text else ""),
            "mails": output.listed(counted.counts),
            "who": who_hint(edition, counted),
            "finished": output.moment(edition.finished_at, zone),
        }
    )
    for post in posts:
        # A mail that has not left yet leaves without these.
        out = f" ({post['state']})" if post["state"] in ("withdrawn", "held") else ""
        output.say(f"  {post['key']}: {post['title']}{out}")
    say_problems(problems)


def _needed_by(edition: Edition) -> str:
    """The hour at which it is skipped for want of approval; empty when it does not wait, or waits without one."""
    waits = edition.state == "awaiting approval"
    return output.moment(edition.approve_by, edition.campaign.zone) if waits else ""


def say_problems(problems: list[LintProblem]) -> None:
    for problem in problems:
        output.say(f"{problem.level}: {problem}")


def _problem_rows(problems: list[LintProblem]) -> list[dict[str, Any]]:
    from newsletter.rendering.lint.level import as_json

    return as_json(problems)


@app.command()
def compose(
    campaign: Annotated[str, typer.Option(metavar="NAME", help="The campaign that it belongs to.")],
    post: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Just this post; may be given more than once.")
    ] = None,
    everyone: Annotated[
        bool, typer.Option("--everyone", help="To all subscribers, not only to the campaign's.")
    ] = False,
    note: Annotated[str, typer.Option(help="A few words above the posts.")] = "",
    as_json: Json = False,
) -> None:
    """Make an edition and freeze it. Without --post it is the campaign's next one made early."""
    config = bootstrap.start()
    from newsletter.publishing.editions import compose, lint

    edition = compose.compose(
        campaign, config, bootstrap.now(), posts=list(dict.fromkeys(post or [])), everyone=everyone, note=note
    )
    forecast = compose.forecast(edition, config)
    hints = compose.held_posts_hint(edition)
    problems = lint.problems(edition, config)
    if as_json:
        output.as_json(
            {
                "id": edition.pk,
                "campaign": campaign,
                "state": edition.state,
                "people": forecast.people,
                "posts": forecast.posts,
                "left_out": forecast.left_out,
                "hints": hints,
                "problems": _problem_rows(problems),
            }
        )
        return
    people, posts = (
        output.counted(forecast.people, "person", "people"),
        output.counted(forecast.posts, "post"),
    )
    output.say(f"Edition {edition.pk} of {campaign}: {people}, {posts}.")
    if forecast.left_out:
        output.say(f"Left out: {output.listed(forecast.left_out)}.")
    for hint in hints:
        output.say(hint)
    say_problems(problems)
    if forecast.people:
        output.say(
            f"Look: newsletter editions preview {edition.pk}. Send now: newsletter editions send {edition.pk}. "
            f"Send later: {schedule_command(edition)}"
        )
    else:
        output.say(_nothing_to_send(edition))


def schedule_command(edition: Edition) -> str:
    """How it gets a moment: as an example that of its campaign's next slot."""
    slot = edition.campaign.next_slot_at
    zone = edition.campaign.zone
    at = (
        output.moment(slot, zone).removesuffix(f" {zone}")
        if slot and slot > bootstrap.now()
        else "2099-12-31 09:00"
    )
    return f'newsletter editions schedule {edition.pk} --at "{at}" ({zone})'


def _nothing_to_send(edition: Edition) -> str:
    from newsletter.models import Audience

    if not edition.edition_posts.exists():
        why = "no post that goes into mail is new since its campaign's last edition"
    elif edition.audience == Audience.EVERYONE:
        why = "nobody is subscribed who has not had these posts"
    else:
        why = f"nobody with the cadence {edition.campaign.cadence} has these posts to come"
    return f"There is nothing to send: {why}. To put it away: newsletter editions cancel {edition.pk}"


@app.command()
def preview(
    number: Number,
    form: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="html|text|eml", help="What to show; without it as FILE ends, else text."
        ),
    ] = None,
    person: Annotated[
        str | None, typer.Option("--as", metavar="ADDRESS", help="The copy of this subscriber.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it into a file.")] = None,
) -> None:
    """The very bytes a person would get; without --as those that most people get, to somebody invented."""
    form = _format_of(form, out)
    config = bootstrap.start()
    from newsletter.publishing.editions import compose, lint
    from newsletter.publishing.editions.previews import copy_of

    copy = copy_of(number, config, bootstrap.links(config), bootstrap.now(), person=person)
    for problem in lint.problems(compose.find(number), config):
        output.aside(f"{problem.level}: {problem}")
    content = copy.message if form == "eml" else (copy.html if form == "html" else copy.text).encode()
    if out is not None:
        out.write_bytes(content)
        output.aside(f"{len(content):,} bytes in {out}")
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


#: What the end of a file's name says that is in it.
_ENDINGS = {".html": "html", ".htm": "html", ".xhtml": "html", ".txt": "text", ".text": "text", ".eml": "eml"}


def _format_of(form: str | None, out: Path | None) -> str:
    """What to write: as asked, else as the file's name ends. Wrong usage where the two say different things."""
    if form not in (None, "html", "text", "eml"):
        raise typer.BadParameter(f'expected html, text or eml, found "{form}"', param_hint="--format")
    meant = _ENDINGS.get(out.suffix.casefold()) if out is not None else None
    if form is None and meant is None and out is not None and out.suffix:
        raise typer.BadParameter(
            f'what "{out.suffix}" holds is not known here: end the name in .html, .txt or .eml, or add --format',
            param_hint="--out",
        )
    if form is not None and meant not in (None, form):
        raise typer.BadParameter(
            f'a file that ends in "{out.suffix if out else ""}" would hold {form}: give it another end, or leave '
            "--format out",
            param_hint="--out",
        )
    return form or meant or "text"
