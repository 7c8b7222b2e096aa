"""Makes a database ready: tables, the one site row, and a campaign for each cadence. Safe to call at every start."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

from newsletter.config import Config
from newsletter.errors import Refused
from newsletter.models import Campaign, CampaignState, Site
from newsletter.publishing import campaigns, media, topics
from subscribers.cadence import Cadence

#: name, cadence, state, subject. Only weekly runs, and only running cadences are offered to people.
_FIRST_CAMPAIGNS = (
    ("each-post", Cadence.EACH_POST, CampaignState.PAUSED, "{title}"),
    ("daily", Cadence.DAILY, CampaignState.PAUSED, "{title}"),
    ("weekly", Cadence.WEEKLY, CampaignState.ACTIVE, "{title}"),
    ("monthly", Cadence.MONTHLY, CampaignState.PAUSED, "{title}"),
)


def prepare(config: Config, now: datetime) -> None:
    """Create or upgrade the tables, and what every site starts with.

    Raises Refused when the database is unreachable, or was made with another suppression key.
    """
    try:
        if _behind():
            call_command("migrate", verbosity=0, interactive=False)
        _first_rows(config, now)
    except DatabaseError as error:
        raise Refused(
            f"The database cannot be used: {str(error).strip()} (database.url in config.toml)"
        ) from error


def _behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@transaction.atomic
def _first_rows(config: Config, now: datetime) -> None:
    check = hmac.new(
        settings.SUBSCRIBERS_SUPPRESSION_KEY, b"is this the right key?", hashlib.sha256
    ).hexdigest()
    site, made = Site.objects.get_or_create(pk=1, defaults={"suppression_check": check})
    if site.suppression_check != check:
        raise Refused(
            "suppression.key is not the one this database was made with, and without it we would mail people who must "
            "never be mailed. Put the old suppression.key back beside the database."
        )
    if made:
        for name, cadence, state, subject in _FIRST_CAMPAIGNS:
            campaign = Campaign(
                name=name, cadence=cadence, state=state, subject=subject, zone=config.site.timezone
            )
            campaigns.plan_next(campaign, now)
            campaign.save()
    media.follow_site(site, config)
    topics.follow_topics(site, config, now)
    if site.timezone != config.site.timezone:
        campaigns.follow_zone(config.site.timezone, now)
