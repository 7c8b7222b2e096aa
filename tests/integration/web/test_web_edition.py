"""The web version of an edition: who may see it when, and what is left out of it."""

from __future__ import annotations

from datetime import datetime

import legal_moves
import page_samples
import pytest
from django.test import Client

from newsletter.models import Edition, EditionState, PostState
from newsletter.publishing.editions import compose
from newsletter.publishing.schedule import enqueue


@pytest.fixture
def edition(site, now: datetime) -> Edition:
    page_samples.subscriber(now)
    page_samples.post(site, now)
    page_samples.post(site, now, "Seeds to share", url="https://example.org/seeds")
    return compose.compose("weekly", site, now, note="Dear readers")


def started(edition: Edition, site, now: datetime) -> Edition:
    enqueue.start(edition, site, now)
    return edition


def test_a_draft_is_not_shown(edition: Edition, browser: Client) -> None:
    assert browser.get(f"/editions/{edition.pk}/").status_code == 404
    assert browser.get("/editions/999/").status_code == 404


def test_what_is_sent_is_shown_with_nothing_personal_and_kept_out_of_search(
    edition: Edition, site, now: datetime, browser: Client
) -> None:
    started(edition, site, now)
    answer = browser.get(f"/editions/{edition.pk}/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Seeds to share" in html
    assert "Hedges by the stream" in html
    assert "Dear readers" in html
    assert answer["X-Robots-Tag"] == "noindex"
    assert 'name="robots" content="noindex"' in html
    assert "/unsubscribe/" not in html
    assert "/preferences/" not in html
    assert not answer.cookies
    assert "script" not in answer["Content-Security-Policy"]


def test_a_paused_sending_is_still_shown_and_a_cancelled_one_is_not(
    edition: Edition, site, now: datetime, browser: Client
) -> None:
    started(edition, site, now)
    for state, status in (
        (EditionState.PAUSED, 200),
        (EditionState.SENT, 200),
        (EditionState.CANCELLED, 404),
    ):
        legal_moves.put(Edition.objects.filter(pk=edition.pk), state)
        assert browser.get(f"/editions/{edition.pk}/").status_code == status


def test_withdrawn_posts_are_left_out_at_once(edition: Edition, site, now: datetime, browser: Client) -> None:
    started(edition, site, now)
    assert "Hedges" in browser.get(f"/editions/{edition.pk}/").content.decode()
    first, second = (row.post for row in edition.edition_posts.order_by("post_id"))
    page_samples.in_state(first, PostState.WITHDRAWN)
    html = browser.get(f"/editions/{edition.pk}/").content.decode()
    assert "Hedges" not in html
    assert "Seeds" in html
    Edition.objects.filter(pk=edition.pk).update(note="")
    page_samples.in_state(second, PostState.WITHDRAWN)
    assert browser.get(f"/editions/{edition.pk}/").status_code == 410
