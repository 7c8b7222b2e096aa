"""The web version of an edition before its mail goes: what "View in browser" leads to in test copies and proofs.

Whoever holds the link sees what everybody would see later, and nothing of any person. The page of what is sent is
web_versions.py's.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction

from newsletter.config import Config
from newsletter.models import Site
from newsletter.publishing.editions import compose, web_versions
from newsletter.publishing.editions.personalize import Links
from subscribers import tokens

#: How long a preview can be opened: an edition that is drafted early, and a talk about it after.
GOOD_FOR = timedelta(days=30)


class PreviewPurpose(StrEnum):
    """What such a link may do."""

    #: Show an edition; the number is the edition's.
    PREVIEW = "preview"


def link(edition_id: int, links: Links, now: datetime) -> str:
    """The address of an edition's preview: the same all day, so that a proof that is tried again is the same mail."""
    token = tokens.make_until(PreviewPurpose.PREVIEW, edition_id, (now + GOOD_FOR).date(), links.key)
    return f"{links.site_url}/{PreviewPurpose.PREVIEW}/{token}/"


def find(token: str, key: bytes) -> tuple[int, date]:
    """The edition's number, and the last day (UTC) of the link. Raises BadLink."""
    return tokens.read_until(PreviewPurpose.PREVIEW, token, key)


def with_preview(content: str, web_url: str, preview_url: str) -> str:
    """A mail's HTML or text in which the address of the web version, not public yet, is that of the preview."""
    return (
        re.sub(rf"{re.escape(web_url)}(?![\w/?#-])", lambda _: preview_url, content) if web_url else content
    )


@transaction.atomic
def page_of(number: int, config: Config, now: datetime) -> str | None:
    """The page, of the frozen parts; None when nothing is left to show. An edition that takes its post later ("each
    post", during its wait) is shown as it would be now, and stays unfrozen. Raises NotFound, RenderError."""
    edition = compose.find(number)
    if edition.frozen_at is not None:
        return web_versions.page_of(edition)
    Site.locked()
    compose.freeze(edition, config, now)
    page = web_versions.page_of(edition)
    transaction.set_rollback(True)
    return page
