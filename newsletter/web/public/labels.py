"""How choices are worded on forms."""

from __future__ import annotations

from newsletter.config import Config
from newsletter.models import Campaign, CampaignState
from newsletter.slots.arithmetic import day_text
from subscribers.cadence import Cadence

_CADENCES = {
    Cadence.EACH_POST: "Each time there is a new post",
    Cadence.DAILY: "Once a day",
    Cadence.WEEKLY: "Once a week",
    Cadence.MONTHLY: "Once a month",
}
_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def cadence_choices(chosen: Cadence | None = None) -> list[dict[str, str]]:
    """The cadences that people are offered, those with a running campaign, and when each comes; ``chosen`` is offered
    in any case, so that nobody loses theirs by saving a form."""
    active = {
        Cadence(campaign.cadence): campaign
        for campaign in Campaign.objects.filter(state=CampaignState.ACTIVE)
    }
    choices = []
    for cadence in Cadence:
        if cadence in active:
            choices.append({"name": cadence.value, "text": _CADENCES[cadence] + _when(active[cadence])})
        elif cadence == chosen:
            choices.append(
                {"name": cadence.value, "text": f"{_CADENCES[cadence]} (not running at the moment)"}
            )
    return choices


def _when(campaign: Campaign) -> str:
    """The day of a weekly or monthly mail; the hour says little to most people and would need a zone."""
    if campaign.cadence == Cadence.WEEKLY:
        return f", on {_WEEKDAYS[campaign.weekday]}"
    if campaign.cadence == Cadence.MONTHLY and campaign.ordinal:
        ordinal, weekday = day_text(campaign.rule).split()
        return f", on the {ordinal} {weekday.capitalize()}"
    return ""


def topic_choices(config: Config) -> list[dict[str, str]]:
    """The topics that staff offer."""
    return [{"name": name, "title": topic.title} for name, topic in config.topics.items()]
