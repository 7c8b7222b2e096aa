"""Builds JSON Feed 1.1: posts in, bytes out. No files, no HTTP and no clock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

from newsletter.feeds.model import FeedEnclosure, FeedPost, FeedSite
from newsletter.feeds.normalize import fit_posts, fit_site

JSON_TYPE = "application/feed+json"
_VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(site: FeedSite, posts: Sequence[FeedPost]) -> bytes:
    """A JSON Feed 1.1 (jsonfeed.org/version/1.1): UTF-8, newest post first, keys always in the same order.

    Raises Refused when the site has no http(s) address, ValueError for a date without a zone.
    """
    site, posts = fit_site(site), fit_posts(posts)
    feed = _without_gaps(
        {
            "version": _VERSION,
            "title": site.title,
            "home_page_url": site.home_url,
            "feed_url": site.feed_url,
            "description": site.description,
            # "The URL of a feed that provides the next n items": older ones.
            "next_url": site.older,
            "icon": site.image,
            "favicon": site.icon,
            "authors": [{"name": site.organisation, "url": site.home_url}],
            "language": site.language,
            "hubs": [{"type": "WebSub", "url": hub} for hub in site.hubs],
        }
    )
    # An empty feed still has its items: the key is required.
    feed["items"] = [_item(post) for post in posts]
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()


def _item(post: FeedPost) -> dict[str, Any]:
    return _without_gaps(
        {
            "id": post.id,
            "url": post.url,
            "title": "" if post.untitled else post.title,
            "content_html": post.html or f"<p>{escape(post.summary, quote=False)}</p>",
            "summary": post.own_summary,
            "image": post.image,
            "date_published": _rfc3339(post.published),
            "date_modified": _rfc3339(post.updated),
            "authors": [{"name": name} for name in post.authors],
            "tags": list(post.topics),
            "language": post.language,
            "attachments": [_attachment(post.enclosure)] if post.enclosure else [],
        }
    )


def _attachment(enclosure: FeedEnclosure) -> dict[str, Any]:
    return _without_gaps(
        {"url": enclosure.url, "mime_type": enclosure.media_type, "size_in_bytes": enclosure.length}
    )


def _without_gaps(fields: dict[str, Any]) -> dict[str, Any]:
    """A field with nothing to say is left out: null is not among the types of the format."""
    return {name: value for name, value in fields.items() if value}


def _rfc3339(moment: datetime) -> str:
    # Not strftime, whose %Y gives the year 987 three digits. Moments are in UTC here.
    return moment.isoformat().replace("+00:00", "Z")
