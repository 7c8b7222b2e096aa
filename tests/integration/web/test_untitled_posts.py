"""A post without a title has its first words for a subject and for links; nowhere do they stand twice."""

from __future__ import annotations

import json
import re

import pytest
from django.db import transaction
from django.test import Client
from mail_samples import frame
from world import World

from newsletter.dates import PartialDate
from newsletter.models import Post, PostState, Site
from newsletter.publishing.editions.snapshot import date_of, entry_of
from newsletter.publishing.ingest import sync
from newsletter.publishing.public import feed_documents
from newsletter.publishing.public.feed_documents import FeedAddress
from newsletter.rendering.email import render
from newsletter.rendering.mail_parts import Entry
from newsletter.rendering.templates.environment import template_sources
from newsletter.sources.base import Item, Name, NameScheme
from newsletter.sources.html.summary import summary_of, title_of

SHORT = "<p>The ferry sails again from Sunday.</p>"
LONG = (
    "<p>The ferry sails again from Sunday and everybody who helped to paint it is invited to its first trip, which "
    "goes round the island.</p>"
)


@pytest.fixture(params=[SHORT, LONG], ids=["short", "long"])
def post(request: pytest.FixtureRequest, world: World) -> Post:
    item = Item(
        names=(Name(NameScheme.ID, "1"),),
        title=title_of(request.param),
        html=request.param,
        summary=summary_of(request.param),
        date=PartialDate.of_instant(world.now),
    )
    with transaction.atomic():
        return sync.store_new(
            "blog", item, PostState.RELEASED, True, "", Site.locked(), world.config, world.now
        )


def _times(text: str) -> int:
    return len(re.findall("ferry sails", text))


@pytest.mark.parametrize("full", [True, False], ids=["whole", "in a digest"])
def test_a_mail_has_its_words_once_and_its_day_once(world: World, post: Post, full: bool) -> None:
    entry = entry_of(post, world.config, full=full)
    rendered = render(frame(date_text="some day"), [entry], template_sources([], "post", "digest"))
    # Out of what is shown: no address, no label for screen readers, nothing only for Outlook.
    body = rendered.html[rendered.html.index("<h1") :]
    shown = re.sub(r"<!--.*?-->|<[^>]*>", " ", body, flags=re.DOTALL)
    for text in (shown, rendered.text):
        assert _times(text) == 1
        assert text.count(entry.date_text) == 1
    assert rendered.subject == post.title


def test_the_archive_has_its_words_once_and_its_day_once(world: World, post: Post, browser: Client) -> None:
    for page in ("/", f"/posts/{post.key}/"):
        shown = browser.get(page).content.decode()
        shown = re.sub(r"<[^>]*>", " ", shown[shown.index("<main") :])
        assert (_times(shown), shown.count(date_of(post, world.config))) == (1, 1), page


def test_feeds_give_it_no_title_where_they_may(world: World, post: Post) -> None:
    """RSS 2.0 and JSON Feed 1.1 let a title be left out; Atom wants one (RFC 4287 §4.1.2)."""
    found = feed_documents.current(world.config)
    rss, atom, as_json = (
        found.get(FeedAddress(name), world.now) for name in ("rss.xml", "atom.xml", "feed.json")
    )
    assert all((rss, atom, as_json))
    assert b"<title>" not in rss.body[rss.body.index(b"<item>") :]
    assert post.title.encode() in atom.body[atom.body.index(b"<entry>") :]
    assert "title" not in json.loads(as_json.body)["items"][0]


def test_a_picture_that_says_its_title_says_it_once(world: World) -> None:
    entry = Entry(
        "boat",
        "A boat",
        "https://hub.example.org/boat/",
        "30 November 2026",
        "A boat",
        image="https://x.example/b.jpg",
    )
    rendered = render(frame(), [entry], template_sources([], "post", "digest"))
    assert rendered.text.count("A boat") == 1
