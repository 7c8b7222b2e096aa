"""Posts and people for the tests of pages and notices: our own inventions on example.org."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape
from typing import Any

import legal_moves

from newsletter.config import Config
from newsletter.dates import PartialDate
from newsletter.models import Post, PostState
from newsletter.publishing.ingest import sync
from newsletter.publishing.subscriptions import sign_up
from newsletter.sources.base import Item, Name
from subscribers.cadence import Cadence
from subscribers.consent import Proof
from subscribers.models import Event, Subscriber

HTML = (
    "<p>Twelve families have planted <strong>hedges</strong> along the stream.</p>"
    "<h3>What grew</h3><ul><li>hazel</li><li>dog rose</li></ul>"
    "<blockquote><p>It was a field. Now it has birds in it.</p></blockquote>"
    '<p>See <a href="https://example.org/map">the map</a>.</p>'
)


def post(config: Config, now: datetime, title: str = "Hedges by the stream", **changes: Any) -> Post:
    """A stored post, released unless its date is still to come. ``categories``, ``url``, ``date`` … as in Item."""
    fields: dict[str, Any] = {
        "names": (Name("id", title.lower().replace(" ", "-")),),
        "title": title,
        # Of one moment and one text they would be held, as one post under two titles.
        "html": f"{HTML}<p>So much of {escape(title)}.</p>",
        "summary": f"{title}, in a few words.",
        "date": PartialDate.of_instant(now - timedelta(days=1)),
    }
    made, _ = sync.import_page(Item(**(fields | changes)), config, now, mail=True)
    return made


def in_state(made: Post, state: PostState) -> Post:
    """The post as staff left it."""
    legal_moves.put(Post.objects.filter(pk=made.pk), state, release_number=None)
    made.refresh_from_db()
    return made


def subscriber(now: datetime, address: str = "ann@example.org", **changes: Any) -> Subscriber:
    """A confirmed person, weekly."""
    fields: dict[str, Any] = {
        "cadence": Cadence.WEEKLY,
        "topics": [],
        "event": Event.ADDED,
        "proof": Proof("told us"),
    }
    return sign_up.add(address, now=now, **(fields | changes))[0]


def pending(now: datetime, address: str = "pia@example.org", **changes: Any) -> Subscriber:
    """A person who has signed up and not confirmed."""
    fields: dict[str, Any] = {
        "name": "",
        "cadence": Cadence.WEEKLY,
        "topics": [],
        "event": Event.SIGNED_UP,
        "proof": Proof("a form"),
    }
    return sign_up.sign_up(address, now=now, **(fields | changes))[0]
