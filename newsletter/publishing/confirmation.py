"""What surrounds the words of a confirmation mail. Its queue is notify.py's, its words are in templates/email."""

from __future__ import annotations

from datetime import datetime

from newsletter.config import Config
from newsletter.publishing.entries import cadence_text, day_text, design_of, direction_of
from newsletter.rendering.parts import Frame
from subscribers.cadence import Cadence


def frame_of(config: Config, cadence: Cadence, now: datetime) -> Frame:
    """The frame of a confirmation: no list mail, so it has no web version. The subject is the template's."""
    site = config.site
    return Frame(
        site_title=site.title,
        organisation=site.organisation,
        site_url=site.url,
        postal_address=site.postal_address,
        subject="",
        date_text=day_text(now, site.timezone, site.language),
        from_name=config.from_name,
        from_address=config.email.from_address,
        reply_to=config.reply_to,
        list_id=config.list_id,
        language=site.language,
        direction=direction_of(site.language),
        archive_url=f"{site.url}/",
        privacy_url=site.privacy_url,
        cadence_text=cadence_text(cadence),
        design=design_of(config),
    )
