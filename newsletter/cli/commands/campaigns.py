"""``newsletter campaigns``: the standing rules of who gets what when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.cli import bootstrap, output
from newsletter.cli.commands.campaign_settings import fields_of, with_settings
from subscribers.cadence import Cadence

if TYPE_CHECKING:
    from newsletter.config import Config
    from newsletter.models import Campaign
    from newsletter.publishing.schedule.digest_slots import Upcoming

app = typer.Typer(help="Campaigns: list, show, add, edit, pause, resume.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The campaign's name.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def _as_row(campaign: Campaign, config: Config) -> dict[str, Any]:
    from newsletter.publishing.schedule.digest_slots import upcoming
    from newsletter.slots.arithmetic import WEEKDAYS, day_text

    to_come = upcoming(campaign, config)
    return {
        "name": campaign.name,
        "cadence": campaign.cadence,
        "state": campaign.state,
        "paused_until": output.rfc3339(campaign.paused_until),
        "at": f"{campaign.hour:02d}:{campaign.minute:02d}",
        "day": day_text(campaign.rule),
        "weekday": WEEKDAYS[campaign.weekday],
        "monthday": campaign.monthday,
        "zone": campaign.zone,
        "next": output.rfc3339(campaign.next_slot_at),
        "left_out": to_come.left_out if to_come else None,
        "draft": output.rfc3339(to_come.draft_at) if to_come else None,
        "proof": output.rfc3339(to_come.proof_at) if to_come else None,
        "edition": to_come.edition.pk if to_come and to_come.edition else None,
        "subject": campaign.subject,
        "preheader": campaign.preheader,
        "late": campaign.late,
        "doubt": campaign.doubt,
        "approval": campaign.approval,
        "four_eyes": campaign.four_eyes,
        "draft_hours": campaign.draft_hours,
        "wait_minutes": campaign.wait_minutes,
    }


@app.command("list")
def list_campaigns(as_json: Json = False) -> None:
    """All campaigns, with the next slot of each."""
    config = bootstrap.start()
    from newsletter.models import Campaign
    from newsletter.publishing.schedule.digest_slots import upcoming

    campaigns = list(Campaign.objects.order_by("pk"))
    if as_json:
        output.as_json([_as_row(campaign, config) for campaign in campaigns])
        return
    output.table(
        ("name", "cadence", "state", "when", "next", "and before"),
        [
            (c.name, c.cadence, _state(c), when(c), output.moment(c.next_slot_at, c.zone),
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
    from newsletter.publishing.schedule.per_post import wait_of

    minutes = int(wait_of(campaign, config).total_seconds() // 60)
    if not minutes:
        return "mailed at its release" + (", without a proof" if config.proof_minutes else "")
    longer = f" (not {campaign.wait_minutes}: there is a proof)" if minutes > campaign.wait_minutes else ""
    return f"mailed {output.counted(minutes, 'minute')} after its release{longer}"


def _before(campaign: Campaign, to_come: Upcoming | None) -> str:
    """What comes before the next slot, in a few words."""
    if to_come is None:
        return ""
    if to_come.left_out:
        return "left out: schedule.blackout"
    parts = []
    if (edition := to_come.edition) is not None:
        own = edition.slot_at != to_come.slot_at
        at = f" for {output.moment(edition.slot_at, campaign.zone)}" if own else ""
        parts.append(f"edition {edition.pk} is {edition.state}{at}")
    elif to_come.draft_at is not None:
        parts.append(_made(to_come, campaign.zone))
    if to_come.proof_at is not None and to_come.proof_at > bootstrap.now():
        parts.append(f"proof {output.moment(to_come.proof_at, campaign.zone)}")
    return ", ".join(parts)


def _made(to_come: Upcoming, zone: str) -> str:
    """When the edition of a slot is made that is not made yet."""
    if to_come.draft_at is not None and to_come.draft_at <= bootstrap.now():
        return "made at once when there is something new"
    return f"made {output.moment(to_come.draft_at, zone)}"


@app.command("show")
def show_campaign(name: Name, as_json: Json = False) -> None:
    """One campaign: its settings, its next slot, and what happens before that."""
    config = bootstrap.start()
    from newsletter.publishing.editions import campaigns
    from newsletter.publishing.schedule.digest_slots import upcoming

    campaign = campaigns.find(name)
    if as_json:
        output.as_json(_as_row(campaign, config))
        return
    to_come = upcoming(campaign, config)
    output.facts(
        {
            "campaign": campaign.name,
            "cadence": campaign.cadence,
            "state": _state(campaign),
            "when": when(campaign),
            "next slot": output.moment(campaign.next_slot_at, campaign.zone),
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
    until = f" until {output.moment(campaign.paused_until, campaign.zone)}" if campaign.paused_until else ""
    return f"{campaign.state}{until}"


def when(campaign: Campaign) -> str:
    """A campaign's hours in words: "Tuesdays 09:00 America/New_York"."""
    from newsletter.slots.wording import describe

    return describe(campaign.rule)


@app.command()
@with_settings
def add(
    name: Name,
    cadence: Annotated[Cadence, typer.Option(help="Whose campaign it is: the people of this cadence.")],
    **given: Any,
) -> None:
    """A new campaign; it runs at once. What was released before it is not its business."""
    config = bootstrap.start()
    from newsletter.publishing.editions import campaigns

    fields = {"subject": "{title}"} | fields_of(given, cadence)
    _say(campaigns.add(name, cadence, bootstrap.now(), **fields), "is new", config)


@app.command()
@with_settings
def edit(name: Name, **given: Any) -> None:
    """Change a campaign; what is not named stays."""
    if all(value is None for value in given.values()):
        raise typer.BadParameter(
            "name what to change, such as --at 09:00; see: newsletter campaigns edit --help"
        )
    config = bootstrap.start()
    from newsletter.publishing.editions import campaigns

    fields = fields_of(given, Cadence(campaigns.find(name).cadence))
    _say(campaigns.edit(name, bootstrap.now(), **fields), "is changed", config)


@app.command()
def pause(
    name: Name,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="2026-12-01, or with an hour: 2026-12-01 09:00.")
    ] = None,
) -> None:
    """Make no editions until you resume it, or until a date in its zone. Nothing that comes meanwhile is lost."""
    config = bootstrap.start()
    from newsletter.publishing.editions import campaigns

    campaign = campaigns.find(name)
    at = instant(until, campaign.zone, "--until") if until else None
    _say(campaigns.pause(name, bootstrap.now(), at), "is paused", config)


@app.command()
def resume(name: Name) -> None:
    """Make editions again. What was released meanwhile comes with the next one."""
    config = bootstrap.start()
    from newsletter.publishing.editions import campaigns

    _say(campaigns.resume(name, bootstrap.now()), "runs", config)


def _say(campaign: Campaign, what: str, config: Config) -> None:
    from newsletter.publishing.schedule.digest_slots import upcoming

    output.say(f'The campaign "{campaign.name}" {what}: {_state(campaign)}, {when(campaign)}.')
    if wait := _wait(campaign, config):
        output.say(f"Each post is {wait}.")
    if (to_come := upcoming(campaign, config)) is not None:
        before = _before(campaign, to_come)
        output.say(
            f"Its next slot: {output.moment(to_come.slot_at, campaign.zone)}{f' ({before})' if before else ''}"
        )
        if to_come.edition is not None:
            output.say(
                f"Edition {to_come.edition.pk} was made for it already and stays as it was seen. To have it made anew: "
                f"newsletter editions refresh {to_come.edition.pk}"
            )


def instant(text: str, zone: str, option: str) -> datetime:
    """A date, or a date and an hour, in a zone, as aware UTC. Wrong usage for anything else."""
    from newsletter.date_parsing import parse
    from newsletter.dates import Precision

    parsed = parse(text, zone=zone)
    if parsed is None or parsed.precision not in (Precision.DAY, Precision.INSTANT):
        raise typer.BadParameter(
            f'expected a date such as 2026-12-01, or with an hour: "2026-12-01 09:00"; found "{text}"',
            param_hint=option,
        )
    return parsed.starts(zone).astimezone(UTC)
