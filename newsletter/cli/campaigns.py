"""``newsletter campaigns``: the standing rules of who gets what when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.cli import session, show
from subscribers.cadence import Cadence

if TYPE_CHECKING:
    from newsletter.models import Campaign

app = typer.Typer(help="Campaigns: list, add, edit, pause, resume.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The campaign's name.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
At = Annotated[str | None, typer.Option(metavar="HH:MM", help="The hour, in the campaign's zone: 09:00.")]
Weekday = Annotated[str | None, typer.Option(metavar="DAY", help="For weekly: monday … sunday.")]
Monthday = Annotated[
    int | None, typer.Option(metavar="N", help="For monthly: 1 to 31; a shorter month takes its last day.")
]
Zone = Annotated[
    str | None,
    typer.Option(
        metavar="ZONE", help="The zone of the hour: America/New_York, or site for that of config.toml."
    ),
]
Subject = Annotated[str | None, typer.Option(help="The subject; may hold {title}, {count} and {date}.")]
Preheader = Annotated[str | None, typer.Option(help="The line that inboxes show after the subject.")]
Late = Annotated[
    str | None, typer.Option(metavar="send|skip|ask", help="What becomes of a slot missed in an outage.")
]
Doubt = Annotated[
    str | None, typer.Option(metavar="hold|resend", help="What becomes of mail that may have arrived.")
]
Approval = Annotated[
    bool | None, typer.Option("--approval/--no-approval", help="Whether each edition waits for approval.")
]


def _as_row(campaign: Campaign) -> dict[str, Any]:
    from newsletter.slots import WEEKDAYS

    return {
        "name": campaign.name,
        "cadence": campaign.cadence,
        "state": campaign.state,
        "paused_until": show.rfc3339(campaign.paused_until),
        "at": f"{campaign.hour:02d}:{campaign.minute:02d}",
        "weekday": WEEKDAYS[campaign.weekday],
        "monthday": campaign.monthday,
        "zone": campaign.zone,
        "next": show.rfc3339(campaign.next_slot_at),
        "subject": campaign.subject,
        "preheader": campaign.preheader,
        "late": campaign.late,
        "doubt": campaign.doubt,
        "approval": campaign.approval,
    }


@app.command("list")
def list_campaigns(as_json: Json = False) -> None:
    """All campaigns, with the next slot of each."""
    session.start()
    from newsletter.models import Campaign

    campaigns = list(Campaign.objects.order_by("pk"))
    if as_json:
        show.as_json([_as_row(campaign) for campaign in campaigns])
        return
    show.table(
        ("name", "cadence", "state", "when", "next"),
        [(c.name, c.cadence, _state(c), when(c), show.moment(c.next_slot_at, c.zone)) for c in campaigns],
        "No campaigns yet: newsletter campaigns add NAME --cadence weekly",
    )


def _state(campaign: Campaign) -> str:
    until = f" until {show.moment(campaign.paused_until, campaign.zone)}" if campaign.paused_until else ""
    return f"{campaign.state}{until}"


def when(campaign: Campaign) -> str:
    """A campaign's hours in words: "Tuesdays 09:00 America/New_York"."""
    from newsletter.slots import WEEKDAYS

    at = f"{campaign.hour:02d}:{campaign.minute:02d} {campaign.zone}"
    return {
        Cadence.EACH_POST: "when a post is released",
        Cadence.DAILY: f"daily {at}",
        Cadence.WEEKLY: f"{WEEKDAYS[campaign.weekday].capitalize()}s {at}",
        Cadence.MONTHLY: f"on day {campaign.monthday} {at}",
    }[Cadence(campaign.cadence)]


@app.command()
def add(
    name: Name,
    cadence: Annotated[Cadence, typer.Option(help="Whose campaign it is: the people of this cadence.")],
    at: At = None,
    weekday: Weekday = None,
    monthday: Monthday = None,
    zone: Zone = None,
    subject: Subject = None,
    preheader: Preheader = None,
    late: Late = None,
    doubt: Doubt = None,
    approval: Approval = None,
) -> None:
    """A new campaign; it runs at once. What was released before it is not its business."""
    session.start()
    from newsletter.publishing import campaigns

    fields = _fields(at, weekday, monthday, zone, subject, preheader, late, doubt, approval)
    fields = {"subject": "{title}"} | fields
    _say(campaigns.add(name, cadence, session.now(), **fields), "is new")


@app.command()
def edit(
    name: Name,
    at: At = None,
    weekday: Weekday = None,
    monthday: Monthday = None,
    zone: Zone = None,
    subject: Subject = None,
    preheader: Preheader = None,
    late: Late = None,
    doubt: Doubt = None,
    approval: Approval = None,
) -> None:
    """Change a campaign; what is not named stays."""
    given = (at, weekday, monthday, zone, subject, preheader, late, doubt, approval)
    if all(value is None for value in given):
        raise typer.BadParameter(
            "name what to change, such as --at 09:00; see: newsletter campaigns edit --help"
        )
    session.start()
    from newsletter.publishing import campaigns

    fields = _fields(at, weekday, monthday, zone, subject, preheader, late, doubt, approval)
    _say(campaigns.edit(name, session.now(), **fields), "is changed")


@app.command()
def pause(
    name: Name,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="2026-12-01, or with an hour: 2026-12-01 09:00.")
    ] = None,
) -> None:
    """Make no editions until you resume it, or until a date in its zone. Nothing that comes meanwhile is lost."""
    session.start()
    from newsletter.publishing import campaigns

    campaign = campaigns.find(name)
    at = instant(until, campaign.zone, "--until") if until else None
    _say(campaigns.pause(name, session.now(), at), "is paused")


@app.command()
def resume(name: Name) -> None:
    """Make editions again. What was released meanwhile comes with the next one."""
    session.start()
    from newsletter.publishing import campaigns

    _say(campaigns.resume(name, session.now()), "runs")


def _say(campaign: Campaign, what: str) -> None:
    show.say(f'The campaign "{campaign.name}" {what}: {_state(campaign)}, {when(campaign)}.')
    if campaign.next_slot_at:
        show.say(f"Its next slot: {show.moment(campaign.next_slot_at, campaign.zone)}")


def instant(text: str, zone: str, option: str) -> datetime:
    """A date, or a date and an hour, in a zone, as aware UTC. Wrong usage for anything else."""
    from newsletter.dates import Precision, parse

    parsed = parse(text, zone=zone)
    if parsed is None or parsed.precision not in (Precision.DAY, Precision.INSTANT):
        raise typer.BadParameter(
            f'expected a date such as 2026-12-01, or with an hour: "2026-12-01 09:00"; found "{text}"',
            param_hint=option,
        )
    return parsed.starts(zone).astimezone(UTC)


def _fields(
    at: str | None,
    weekday: str | None,
    monthday: int | None,
    zone: str | None,
    subject: str | None,
    preheader: str | None,
    late: str | None,
    doubt: str | None,
    approval: bool | None,
) -> dict[str, Any]:
    """The options that were given, as columns. Wrong usage for words that are none."""
    from newsletter.models.campaign import DoubtPolicy, LatePolicy

    fields: dict[str, Any] = {
        "monthday": monthday,
        "zone": zone,
        "subject": subject,
        "preheader": preheader,
        "late": _word(late, LatePolicy, "--late"),
        "doubt": _word(doubt, DoubtPolicy, "--doubt"),
        "approval": approval,
    }
    if at is not None:
        fields["hour"], fields["minute"] = _hour(at)
    if weekday is not None:
        fields["weekday"] = _weekday(weekday)
    return {name: value for name, value in fields.items() if value is not None}


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
    from newsletter.slots import weekday_number

    try:
        return weekday_number(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--weekday") from error
