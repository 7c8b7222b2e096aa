"""The web version of an edition: made of its frozen parts, the same for everyone, for as long as its mails exist."""

from __future__ import annotations

from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html

from newsletter.models import Edition, EditionState, PostState
from newsletter.publishing import pages
from newsletter.rendering.email import render_web
from newsletter.rendering.parts import Entry, Frame
from newsletter.web import failures, headers
from newsletter.web.configured import config
from newsletter.web.respond import allow, html_response

#: In these, mail with the link may have gone. One that is paused before it began has ``practice`` unset.
_GOES_OUT = (EditionState.SENDING, EditionState.SENT, EditionState.PAUSED)


@allow("GET", "HEAD")
def edition(request: HttpRequest, number: str) -> HttpResponse:
    """Posts that were taken back since are left out; 410 when nothing is left."""
    found = Edition.objects.filter(pk=int(number), state__in=_GOES_OUT, practice__isnull=False).first()
    if found is None:
        raise Http404
    shown = found.edition_posts.filter(post__state=PostState.RELEASED)
    ids = tuple(shown.values_list("post_id", flat=True))
    if not ids and not found.note.strip():
        return failures.gone(request)
    page = _rendered(found.pk, found.frozen_at, ids).replace("</head>", f"{_feeds()}</head>", 1)
    response = html_response(request, page)
    response["Content-Security-Policy"] = headers.MAIL
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "public, max-age=300"
    return response


def _feeds() -> str:
    """The feeds, for readers that are given this page's address: a mail's own frame knows none."""
    return "".join(
        format_html('<link rel="alternate" type="{}" title="{}" href="{}">', *one)
        for one in ((feed["type"], feed["title"], feed["href"]) for feed in pages.feed_links(config(), None))
    )


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
