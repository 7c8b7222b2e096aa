"""What ``newsletter campaigns add`` and ``edit`` can set: the options, and how they become columns."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from subscribers.cadence import Cadence

#: What `add` and `edit` can set, by the names that ``fields_of`` reads.
SETTINGS: dict[str, Any] = {
    "at": Annotated[
        str | None, typer.Option(metavar="HH:MM", help="The hour, in the campaign's zone: 09:00.")
    ],
    "day": Annotated[
        str | None,
        typer.Option(
            metavar="DAY",
            help='Weekly: tuesday. Monthly: 15, "last day", "first monday", "last friday".',
        ),
    ],
    "weekday": Annotated[str | None, typer.Option(metavar="DAY", help="For weekly: monday … sunday.")],
    "monthday": Annotated[
        int | None,
        typer.Option(metavar="N", help="For monthly: 1 to 31; a shorter month takes its last day."),
    ],
    "zone": Annotated[
        str | None,
        typer.Option(
            metavar="ZONE", help="The zone of the hour: America/New_York, or site for that of config.toml."
        ),
    ],
    "subject": Annotated[str | None, typer.Option(help="The subject; may hold {title}, {count} and {date}.")],
    "preheader": Annotated[str | None, typer.Option(help="The line that inboxes show after the subject.")],
    "late": Annotated[
        str | None,
        typer.Option(metavar="send|skip|ask", help="What becomes of a slot missed in an outage."),
    ],
    "doubt": Annotated[
        str | None, typer.Option(metavar="hold|resend", help="What becomes of mail that may have arrived.")
    ],
    "approval": Annotated[
        bool | None,
        typer.Option("--approval/--no-approval", help="Whether each edition waits for approval."),
    ],
    "four_eyes": Annotated[
        bool | None,
        typer.Option(
            "--four-eyes/--no-four-eyes",
            help="Whether somebody else must approve what one has made or changed.",
        ),
    ],
    "draft_hours": Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            max=336,
            help="Make a digest's edition this many hours before its slot; 0: at the slot, or 48 with --approval.",
        ),
    ],
    "wait_minutes": Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            max=1440,
            help="For each post: minutes between release and mail, in which a mistake can still be mended.",
        ),
    ],
}


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of SETTINGS in place of its ``**given``: written once, for `add` and `edit`."""
    signature = inspect.signature(command, eval_str=True)
    own = [one for one in signature.parameters.values() if one.kind is not one.VAR_KEYWORD]
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option)
        for name, option in SETTINGS.items()
    ]
    command.__signature__ = signature.replace(parameters=[*own, *shared])  # type: ignore[attr-defined]
    return command


def fields_of(given: dict[str, Any], cadence: Cadence) -> dict[str, Any]:
    """The options that were given, as columns. Wrong usage for words that are none."""
    from newsletter.models.campaign import DoubtPolicy, LatePolicy

    fields = {name: given[name] for name in SETTINGS if name not in ("at", "day", "weekday")}
    fields["late"] = _word(given["late"], LatePolicy, "--late")
    fields["doubt"] = _word(given["doubt"], DoubtPolicy, "--doubt")
    if given["monthday"] is not None:
        fields["ordinal"] = 0
    if given["at"] is not None:
        fields["hour"], fields["minute"] = _hour(given["at"])
    if given["weekday"] is not None:
        fields["weekday"] = _weekday(given["weekday"])
    if given["day"] is not None:
        fields |= _day(given["day"], cadence)
    _has_effect(given, cadence)
    return {name: value for name, value in fields.items() if value is not None}


def _has_effect(given: dict[str, Any], cadence: Cadence) -> None:
    """Wrong usage for what a campaign of this cadence has not: "is changed" would not be true."""
    each_post = cadence is Cadence.EACH_POST
    for name in ("at", "draft_hours") if each_post else ("wait_minutes",):
        if given[name] is not None:
            option = f"--{name.replace('_', '-')}"
            expected = (
                "each post is mailed --wait-minutes after its release, at any hour"
                if each_post
                else f"only each post waits after its release; a campaign of the cadence {cadence} has an hour, --at"
            )
            raise typer.BadParameter(expected, param_hint=option)


def _day(text: str, cadence: Cadence) -> dict[str, int | None]:
    from newsletter.slots.arithmetic import day_named

    try:
        day = day_named(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--day") from error
    fitting = {
        Cadence.WEEKLY: day.weekday is not None and not day.ordinal,
        Cadence.MONTHLY: day.monthday is not None or bool(day.ordinal),
    }
    if not fitting.get(cadence, False):
        expected = {
            Cadence.WEEKLY: "a weekly campaign takes a weekday, such as tuesday",
            Cadence.MONTHLY: 'a monthly campaign takes one such as 15, "last day" or "last friday"',
        }.get(cadence, f"a campaign of the cadence {cadence} has no day to choose")
        raise typer.BadParameter(f'{expected}; found "{text}"', param_hint="--day")
    return {"weekday": day.weekday, "monthday": day.monthday, "ordinal": day.ordinal}


def _word(text: str | None, words: Any, option: str) -> str | None:
    if text is not None and text not in set(words):
        raise typer.BadParameter(f'expected one of {", ".join(words)}; found "{text}"', param_hint=option)
    return text


def _hour(text: str) -> tuple[int, int]:
    hour, _, minute = text.partition(":")
    if not (
        hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and int(hour) < 24 and int(minute) < 60
    ):
        raise typer.BadParameter(f'expected an hour such as 09:00, found "{text}"', param_hint="--at")
    return int(hour), int(minute)


def _weekday(text: str) -> int:
    from newsletter.slots.arithmetic import weekday_number

    try:
        return weekday_number(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--weekday") from error
