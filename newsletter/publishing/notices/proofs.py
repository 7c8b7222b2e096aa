"""The proof of an edition: the very mail that most people will get, with a line on top that says so and stops
it, and a preview where the public page would be."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from newsletter.config import Config
from newsletter.errors import Refused
from newsletter.models import Edition, Site
from newsletter.publishing.editions import compose, preview_links, previews
from newsletter.publishing.editions.personalize import Links
from newsletter.publishing.notices import stop_link
from newsletter.publishing.notices.staff_wording import About, proof_line
from newsletter.rendering.mail_parts import Rendered
from newsletter.rendering.staff import Banner, as_proof
from newsletter.text.printable import printable_line


@transaction.atomic
def proof_of(number: int, config: Config, links: Links, now: datetime) -> Rendered:
    """Subject, HTML and text of the proof. An edition that takes its post later ("each post", during its wait) is shown
    as it would be now, and stays unfrozen.

    Raises NotFound, RenderError, and Refused when nobody would get anything.
    """
    Site.locked()
    edition = compose.find(number)
    passing = edition.frozen_at is None
    if passing:
        compose.freeze(edition, config, now)
    reached = compose.forecast(edition, config).people
    if not reached:
        raise Refused(f"Edition {number} has nothing for anybody, so there is no proof of it.")
    copy = previews.copy_of(number, config, links, now)
    banner = Banner(proof_line(about(edition, reached, config)), stop_link.link(number, links))
    if passing:
        transaction.set_rollback(True)
    shown = preview_links.link(number, links, now)
    html, text = (
        preview_links.with_preview(one, copy.frame.web_url, shown) for one in (copy.html, copy.text)
    )
    return as_proof(copy.rendered.subject, html, text, banner)


def about(edition: Edition, reached: int, config: Config) -> About:
    """The edition as mails to staff speak of it. ``reached``: how many people."""
    titles = [row.entry["title"] for row in edition.edition_posts.all()]
    return About(
        number=edition.pk,
        campaign=edition.campaign.name,
        zone=edition.campaign.zone,
        slot_at=edition.slot_at,
        people=reached,
        titles=[printable_line(str(title)) for title in titles],
        practice=config.practice,
    )
