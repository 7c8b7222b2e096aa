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
from newsletter.database.holder import in_words
from newsletter.errors import Refused
from newsletter.models import Campaign, CampaignState, Site
from newsletter.publishing.editions import campaigns
from newsletter.publishing.ingest import stored_images, topics
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
        said = in_words(config.sqlite_file, error)
        raise Refused(f"The database cannot be used: {said} (database.url in config.toml).") from error


def _behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@transaction.atomic
def _first_rows(config: Config, now: datetime) -> None:
    site, made = Site.objects.get_or_create(
        pk=1, defaults={"suppression_check": _suppression_check(), "links_check": links_check()}
    )
    _must_have_its_keys(site)
    if made:
        for name, cadence, state, subject in _FIRST_CAMPAIGNS:
            campaign = Campaign(
                name=name, cadence=cadence, state=state, subject=subject, zone=config.site.timezone
            )
            campaigns.plan_next(campaign, now)
            campaign.save()
    stored_images.follow_site(site, config)
    topics.follow_topics(site, config, now)
    if site.timezone != config.site.timezone:
        campaigns.follow_zone(config.site.timezone, now)


def links_check() -> str:
    """What only the present links.key gives."""
    return _check_of(settings.SUBSCRIBERS_LINKS_KEY)


def _suppression_check() -> str:
    return _check_of(settings.SUBSCRIBERS_SUPPRESSION_KEY)


def _check_of(key: bytes) -> str:
    return hmac.new(key, b"is this the right key?", hashlib.sha256).hexdigest()


def _must_have_its_keys(site: Site) -> None:
    """Raise Refused unless the keys are those that this database was made with. A key that was made a moment ago, for
    want of the file, is removed again: nobody is to take it for the old one."""
    if site.suppression_check != _suppression_check():
        _forget_made()
        raise Refused(
            "suppression.key is gone, or not the one this database was made with, and without it we would mail people "
            "who must never be mailed. Put the old suppression.key back beside the database, from your backup."
        )
    just_made = any(file.name == "links.key" for file in settings.KEYS.made)
    if site.links_check == links_check() or (not site.links_check and not just_made):
        if not site.links_check:  # the database is older than the check
            Site.objects.filter(pk=site.pk).update(links_check=links_check())
        return
    _forget_made()
    raise Refused(
        "links.key is gone, or not the one this database was made with, and with another one every link to unsubscribe "
        "in mails that were sent is dead. Put the old links.key back beside the database, from your backup. If it is "
        "lost for good: newsletter keys accept links.key"
    )


def _forget_made() -> None:
    for file in settings.KEYS.made:
        file.unlink(missing_ok=True)


def accept_links_key() -> bool:
    """Take the present links.key (a new one, where there is none) for this database's own from now on, whatever it was.
    Returns whether that changed anything. Links in mails that were sent are dead then."""
    if _behind():
        call_command("migrate", verbosity=0, interactive=False)
    return bool(Site.objects.exclude(links_check=links_check()).update(links_check=links_check()))
