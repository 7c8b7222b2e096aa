"""A site and a few posts to build feeds of; a module of its own because five test files share it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from newsletter.feeds.model import FeedPost, FeedSite

DAY = timedelta(days=1)
MORNING = datetime(2026, 10, 6, 9, 30, 15, 250_000, tzinfo=timezone(timedelta(hours=2)))

SITE = FeedSite(
    title="Latest from the Learning Hub",
    description="Reading & writing, week by week",
    home_url="https://hub.example.org/",
    feed_url="https://hub.example.org/feed",
    id="urn:uuid:0b6f4f0e-7b1c-4a94-9f0e-2a8d3f6f1c00",
    language="en-GB",
    organisation="The Learning Hub",
    image="https://hub.example.org/logo.png",
    ttl=45,
)

POST = FeedPost(
    id="urn:uuid:5f1de0a4-6f0b-4f40-8a61-6d1f3a5b9c01",
    title="Shelves & shoes <for> everyone",
    url="https://hub.example.org/posts/shelves",
    published=MORNING,
    updated=MORNING + DAY,
    summary="Ana & Ben built <two> shelves.",
    html='<p>Ana &amp; Ben built <a href="https://hub.example.org/two">two</a> shelves.</p>',
    authors=("Ana Sousa", "Ben Okoro"),
    topics=("Workshops", "Reading & writing"),
    image="https://hub.example.org/shelves.jpg",
    language="pt",
)

#: Older than POST, changed later than it, and in the words of half the world.
OLDER = FeedPost(
    id="urn:uuid:5f1de0a4-6f0b-4f40-8a61-6d1f3a5b9c02",
    title="مرحبا 👩🏽‍🏫 Olá",
    url="https://hub.example.org/posts/olá",
    published=MORNING - 7 * DAY,
    updated=MORNING + 2 * DAY,
    summary="مرحبا بكم في المركز 🎉",
    html="<p>مرحبا بكم 🎉</p>",
)

NEWEST_CHANGE = datetime(2026, 10, 8, 7, 30, 15, tzinfo=UTC)


def post(**fields: Any) -> FeedPost:
    return replace(POST, **fields)


def site(**fields: Any) -> FeedSite:
    return replace(SITE, **fields)
