"""config.toml and the environment, read once into frozen settings, where the program is put together.

``load`` reads them; ``written`` writes config.toml and docs/configuration.md out of the same descriptions.
"""

from newsletter.config.loading import check, find, load
from newsletter.config.model import Config
from newsletter.config.sections import (
    DatabaseSection,
    DesignSection,
    EmailSection,
    FeedsSection,
    ScheduleSection,
    SiteSection,
    SmtpSection,
    SourceSection,
    TopicSection,
    WebSection,
)

__all__ = [
    "Config",
    "DatabaseSection",
    "DesignSection",
    "EmailSection",
    "FeedsSection",
    "ScheduleSection",
    "SiteSection",
    "SmtpSection",
    "SourceSection",
    "TopicSection",
    "WebSection",
    "check",
    "find",
    "load",
]
