"""A WordPress export file (WXR) as a source of posts."""

from __future__ import annotations

from pathlib import Path

from newsletter.errors import SourceError
from newsletter.sources.base import Fetched, Look


class ExportSource:
    """A WordPress export file (WXR) as a source of posts."""

    def __init__(self, name: str, path: Path, *, site_url: str, zone: str) -> None:
        """``zone`` is the site's, for dates without one. Nothing is read before ``fetch``."""
        self.name = name
        self.path = path
        self._site_url, self._zone = site_url, zone

    def fetch(self, look: Look) -> Fetched:
        """Every post that is there now. Raises SourceError."""
        raise SourceError("this kind of source is being built")
