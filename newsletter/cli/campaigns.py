"""``newsletter campaigns``: the standing rules of who gets what when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.cli import session, show
from newsletter.cli.campaign_settings import fields_of, with_settings
from subscribers.cadence import Cadence

if TYPE_CHECKING:
    from newsletter.config import Config
    from newsletter.models import Campaign
    from newsletter.publishing.take import Upcoming

app = typer.Typer(help="Campaigns: list, show, add, edit, pause, resume.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The campaign's name.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def _as_row(campaign: Campaign, config: Config) -> dict[str, Any]:
    from newsletter.publishing.take import upcoming
    from newsletter.slots import WEEKDAYS, day_text

    to_come = upcoming(campaign, config)
    return {
        "name": campaign.name,
        "cadence": campaign.cadence,
        "state": campaign.state,
        "paused_until": show.rfc3339(campaign.paused_until),
        "at": f"{campaign.hour:02d}:{campaign.minute:02d}",
        "day": day_text(campaign.rule),
        "weekday": WEEKDAYS[campaign.weekday],
        "monthday": campaign.monthday,
        "zone": campaign.zone,
        "next": show.rfc3339(campaign.next_slot_at),
        "left_out": to_come.left_out if to_come else None,
        "draft": show.rfc3339(to_come.draft_at) if to_come else None,
        "proof": show.rfc3339(to_come.proof_at) if to_come else None,
        "edition": to_come.edition.pk if to_come and to_come.edition else None,
        "subject": campaign.subject,
        "preheader": campaign.preheader,
        "late": campaign.late,
        "doubt": campaign.doubt,
        "approval": campaign.approval,
        "draft_hours": campaign.draft_hours,
        "wait_minutes": campaign.wait_minutes,
    }


@app.command("list")
def list_campaigns(as_json: Json = False) -> None:
    """All campaigns, with the next slot of each."""
    config = session.start()
    from newsletter.models import Campaign
    from newsletter.publishing.take import upcoming

    campaigns = list(Campaign.objects.order_by("pk"))
    if as_json:
        show.as_json([_as_row(campaign, config) for campaign in campaigns])
        return
    show.table(
        ("name", "cadence", "state", "when", "next", "and before"),
        [
            (c.name, c.cadence, _state(c), when(c), show.moment(c.next_slot_at, c.zone),
             _wait(c, config) or _before(c, upcoming(c, config)))
            for c in campaigns
        ],
        "No campaigns yet: newsletter campaigns add NAME --cadence weekly",
    )  # fmt: skip


def _wait(campaign: Campaign, config: Config) -> str:
    """ "Each post" has no slots: when a post is mailed, counted from its release. Empty for the others."""
    if campaign.cadence != Cadence.EACH_POST:
        return ""
    if campaign.approval:
        return "made at its release and waits for approval"
    from newsletter.publishing.each_post import wait_of

    minutes = int(wait_of(campaign, config).total_seconds() // 60)
    if not minutes:
        return "mailed at its release" + (", without a proof" if config.proof_minutes else "")
    longer = f" (not {campaign.wait_minutes}: there is a proof)" if minutes > campaign.wait_minutes else ""
    return f"mailed {show.counted(minutes, 'minute')} after its release{longer}"


def _before(campaign: Campaign, to_come: Upcoming | None) -> str:
    """What comes before the next slot, in a few words."""
    if to_come is None:
        return ""
    if to_come.left_out:
        return "left out: schedule.blackout"
    parts = []
    if (edition := to_come.edition) is not None:
        own = edition.slot_at != to_come.slot_at
        at = f" for {show.moment(edition.slot_at, campaign.zone)}" if own else ""
        parts.append(f"edition {edition.pk} is {edition.state}{at}")
    elif to_come.draft_at is not None:
        parts.append(_made(to_come, campaign.zone))
    if to_come.proof_at is not None and to_come.proof_at > session.now():
        parts.append(f"proof {show.moment(to_come.proof_at, campaign.zone)}")
    return ", ".join(parts)


def _made(to_come: Upcoming, zone: str) -> str:
    """When the edition of a slot is made that is not made yet."""
    if to_come.draft_at is not None and to_come.draft_at <= session.now():
        return "made at once when there is something new"
    return f"made {show.moment(to_come.draft_at, zone)}"


@app.command("show")
def show_campaign(name: Name, as_json: Json = False) -> None:
    """One campaign: its settings, its next slot, and what happens before that."""
    config = session.start()
    from newsletter.publishing import campaigns
    from newsletter.publishing.take import upcoming

    campaign = campaigns.find(name)
    if as_json:
        show.as_json(_as_row(campaign, config))
        return
    to_come = upcoming(campaign, config)
    show.facts(
        {
            "campaign": campaign.name,
            "cadence": campaign.cadence,
            "state": _state(campaign),
            "when": when(campaign),
            "next slot": show.moment(campaign.next_slot_at, campaign.zone),
            "before it": _before(campaign, to_come),
            "approval": "each edition waits for it" if campaign.approval else "not needed",
            "each post": _wait(campaign, config),
            "missed slots": campaign.late,
            "mail in doubt": campaign.doubt,
            "subject": campaign.subject,
            "preheader": campaign.preheader,
        }
    )


def _state(campaign: Campaign) -> str:
    until = f" until {show.moment(campaign.paused_until, campaign.zone)}" if campaign.paused_until else ""
    return f"{campaign.state}{until}"


def when(campaign: Campaign) -> str:
    """A campaign's hours in words: "Tuesdays 09:00 America/New_York"."""
    from newsletter.slot_words import describe

    return describe(campaign.rule)


@app.command()
@with_settings
def add(
    name: Name,
    cadence: Annotated[Cadence, typer.Option(help="Whose campaign it is: the people of this cadence.")],
    **given: Any,
) -> None:
    """A new campaign; it runs at once. What was released before it is not its business."""
    config = session.start()
    from newsletter.publishing import campaigns

    fields = {"subject": "{title}"} | fields_of(given, cadence)
    _say(campaigns.add(name, cadence, session.now(), **fields), "is new", config)


@app.command()
@with_settings
def edit(name: Name, **given: Any) -> None:
    """Change a campaign; what is not named stays."""
    if all(value is None for value in given.values()):
        raise typer.BadParameter(
            "name what to change, such as --at 09:00; see: newsletter campaigns edit --help"
        )
    config = session.start()
    from newsletter.publishing import campaigns

    fields = fields_of(given, Cadence(campaigns.find(name).cadence))
    _say(campaigns.edit(name, session.now(), **fields), "is changed", config)


@app.command()
def pause(
    name: Name,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="2026-12-01, or with an hour: 2026-12-01 09:00.")
    ] = None,
) -> None:
    """Make no editions until you resume it, or until a date in its zone. Nothing that comes meanwhile is lost."""
    config = session.start()
    from newsletter.publishing import campaigns

    campaign = campaigns.find(name)
    at = instant(until, campaign.zone, "--until") if until else None
    _say(campaigns.pause(name, session.now(), at), "is paused", config)


@app.command()
def resume(name: Name) -> None:
    """Make editions again. What was released meanwhile comes with the next one."""
    config = session.start()
    from newsletter.publishing import campaigns

    _say(campaigns.resume(name, session.now()), "runs", config)


def _say(campaign: Campaign, what: str, config: Config) -> None:
    from newsletter.publishing.take import upcoming

    show.say(f'The campaign "{campaign.name}" {what}: {_state(campaign)}, {when(campaign)}.')
    if wait := _wait(campaign, config):
        show.say(f"Each post is {wait}.")
    if (to_come := upcoming(campaign, config)) is not None:
        before = _before(campaign, to_come)
        show.say(
            f"Its next slot: {show.moment(to_come.slot_at, campaign.zone)}{f' ({before})' if before else ''}"
        )
        if to_come.edition is not None:
            show.say(
                f"Edition {to_come.edition.pk} was made for it already and stays as it was seen. To have it made anew: "
                f"newsletter editions refresh {to_come.edition.pk}"
            )


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
