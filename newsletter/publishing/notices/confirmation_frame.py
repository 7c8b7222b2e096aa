"""What surrounds the words of a confirmation mail. Its queue is confirmations.py's, its words are in
templates/email."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from newsletter.config import Config
from newsletter.publishing.editions.snapshot import cadence_text, day_text, site_frame
from newsletter.rendering.mail_parts import Frame
from subscribers.cadence import Cadence


def frame_of(config: Config, cadence: Cadence, now: datetime) -> Frame:
    """The frame of a confirmation: no list mail, so it has no web version. The subject is the template's."""
    day = day_text(now, config.site.timezone, config.site.language)
    return replace(site_frame(config, subject="", date_text=day), cadence_text=cadence_text(cadence))
