"""The web version of an edition: made of its frozen parts, the same for everyone, for as long as its mails exist."""

from __future__ import annotations

from functools import lru_cache

from newsletter.models import Edition, PostState
from newsletter.rendering.email import render_web
from newsletter.rendering.mail_parts import Entry, Frame


def page_of(edition: Edition) -> str | None:
    """The page, without the posts that were taken back since; None when nothing is left."""
    shown = edition.edition_posts.filter(post__state=PostState.RELEASED)
    ids = tuple(shown.values_list("post_id", flat=True))
    if not ids and not edition.note.strip():
        return None
    return _rendered(edition.pk, edition.frozen_at, ids)


@lru_cache(maxsize=32)
def _rendered(number: int, frozen_at: object, post_ids: tuple[int, ...]) -> str:
    """Frozen parts do not change, so neither does the page made of them. ``frozen_at`` tells a draft that was frozen
    anew from the one before."""
    found = Edition.objects.get(pk=number)
    rows = {row.post_id: row for row in found.edition_posts.filter(post_id__in=post_ids)}
    return render_web(
        Frame.from_json(found.frozen["frame"]),
        [Entry.from_json(rows[post_id].entry) for post_id in post_ids],
        found.frozen["templates"],
    )
