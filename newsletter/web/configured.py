"""The configuration of this process, for views: they are where it is read."""

from __future__ import annotations

from django.conf import settings

from newsletter.config import Config


def config() -> Config:
    """Frozen, and the same for as long as the process lives."""
    found = settings.CONFIG
    if found is None:  # only in tools that look at the code, without a site
        raise RuntimeError("there is no configuration: NEWSLETTER_CONFIG names config.toml")
    return found
