"""A WordPress site as a source of posts, by its REST API."""

from __future__ import annotations

from newsletter.errors import SourceError
from newsletter.sources.base import Fetched, Look
from newsletter.sources.fetch import Fetcher


class WordPressSource:
    """A WordPress site as a source of posts, by its REST API."""

    def __init__(self, name: str, url: str, fetcher: Fetcher, *, site_url: str, zone: str) -> None:
        """``zone`` is the site's, for dates without one. Nothing is read before ``fetch``."""
        self.name = name
        self.url = url
        self._fetcher = fetcher
        self._site_url, self._zone = site_url, zone

    def fetch(self, look: Look) -> Fetched:
        """Every post that is there now. Raises SourceError."""
        raise SourceError("this kind of source is being built")
