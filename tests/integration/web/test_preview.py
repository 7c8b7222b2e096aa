"""What "View in browser" leads to before an edition is public: a page for whoever has the link, and for a while."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import legal_moves
import page_samples
import pytest
from django.conf import settings
from django.test import Client
from world import Relay

from newsletter.models import Edition, EditionState, PostState
from newsletter.publishing.editions import compose, preview_links, previews
from newsletter.publishing.editions.personalize import Links
from newsletter.publishing.notices import proofs
from subscribers import tokens


@pytest.fixture
def edition(site: Any, now: datetime) -> Edition:
    page_samples.subscriber(now)
    page_samples.post(site, now)
    return compose.compose("weekly", site, now, note="Dear readers")


@pytest.fixture
def links(site: Any) -> Links:
    return Links.of(site, settings.SUBSCRIBERS_LINKS_KEY)


def here(edition: Edition, links: Links, at: datetime | None = None) -> str:
    made = preview_links.link(edition.pk, links, at or datetime.now(UTC))
    return made.removeprefix(links.site_url)


def parts(content: bytes) -> list[str]:
    message = email.message_from_bytes(content, policy=email.policy.default)
    found = [message.get_body((kind,)) for kind in ("html", "plain")]
    return [part.get_content() for part in found if part is not None]


def test_the_link_in_a_test_copy_opens_before_the_edition_is_sent(
    edition: Edition, site: Any, links: Links, browser: Client
) -> None:
    relay = Relay()
    previews.send_test(edition.pk, site, links, relay.open, datetime.now(UTC), to="staff@example.org")
    html, text = parts(relay.taken[0][1])
    found = re.search(r'href="([^"]+)"[^>]*>View in browser', html)
    assert found is not None
    assert found[1] in text
    assert f"/editions/{edition.pk}/" not in html + text
    answer = browser.get(found[1].removeprefix(site.site.url))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Hedges by the stream" in page
    assert "Dear readers" in page
    assert answer["X-Robots-Tag"].startswith("noindex")
    assert answer["Cache-Control"] == "no-store"
    assert "script" not in answer["Content-Security-Policy"]
    assert "/unsubscribe/" not in page
    assert "/preferences/" not in page
    assert "example.invalid" not in page


def test_a_proof_leads_to_the_preview_and_is_the_same_mail_all_day(
    edition: Edition, site: Any, links: Links, now: datetime
) -> None:
    proof = proofs.proof_of(edition.pk, site, links, now)
    assert preview_links.link(edition.pk, links, now) in proof.html
    assert preview_links.link(edition.pk, links, now) in proof.text
    assert proofs.proof_of(edition.pk, site, links, now + timedelta(seconds=1)).html == proof.html


def test_it_is_the_page_that_everybody_gets_later(edition: Edition, links: Links, browser: Client) -> None:
    before = browser.get(here(edition, links)).content.decode()
    legal_moves.put(Edition.objects.filter(pk=edition.pk), EditionState.SENT, practice=False)
    public = browser.get(f"/editions/{edition.pk}/").content.decode()
    assert re.sub(r'<link rel="alternate"[^>]*>', "", public) == before


def test_an_edition_that_is_not_frozen_yet_is_shown_and_stays_so(
    edition: Edition, links: Links, browser: Client
) -> None:
    edition.edition_posts.all().delete()
    Edition.objects.filter(pk=edition.pk).update(frozen={}, frozen_at=None)
    assert "Hedges by the stream" in browser.get(here(edition, links)).content.decode()
    assert browser.head(here(edition, links)).status_code == 200
    edition.refresh_from_db()
    assert edition.frozen_at is None
    assert not edition.edition_posts.exists()


def test_after_its_days_it_is_over(edition: Edition, links: Links, browser: Client) -> None:
    for days, status in ((29, 200), (32, 410)):
        made = datetime.now(UTC) - timedelta(days=days)
        assert browser.get(here(edition, links, made)).status_code == status


def test_what_is_not_ours_opens_nothing(edition: Edition, links: Links, browser: Client) -> None:
    right = here(edition, links).split("/")[2]
    day, number, mac = right.split("-")
    stop = tokens.make(preview_links.PreviewPurpose.PREVIEW, edition.pk, links.key)
    wrong = [
        f"{int(day) + 10000}-{number}-{mac}",
        f"{day}-{edition.pk + 1}-{mac}",
        f"{day}-{number}-{'a' * 26}",
        f"{day}-{stop}",
        stop,
        "-",
        "x" * 5000,
    ]
    for token in wrong:
        assert browser.get(f"/preview/{token}/").status_code == 404


def test_an_edition_that_is_gone_or_empty_says_so(edition: Edition, links: Links, browser: Client) -> None:
    Edition.objects.filter(pk=edition.pk).update(note="")
    page_samples.in_state(edition.edition_posts.get().post, PostState.WITHDRAWN)
    assert browser.get(here(edition, links)).status_code == 410
    gone = preview_links.link(edition.pk + 1, links, datetime.now(UTC)).removeprefix(links.site_url)
    assert browser.get(gone).status_code == 410


def test_only_the_whole_address_of_the_public_page_is_replaced() -> None:
    page = "https://hub.example.org/editions/7/"
    content = f'<a href="{page}">x</a> {page}pictures/1.png {page}'
    assert preview_links.with_preview(content, page, "P") == f'<a href="P">x</a> {page}pictures/1.png P'
    assert preview_links.with_preview(content, "", "P") == content
