"""The web version of an edition: public once its mail goes out, and before that for whoever has a preview's link."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html

from newsletter.errors import NotFound, RenderError
from newsletter.models import Edition, EditionState
from newsletter.publishing.editions import preview_links, web_versions
from newsletter.publishing.public import html_pages
from newsletter.web import failures, headers
from newsletter.web.configured import config
from newsletter.web.public import person
from newsletter.web.respond import allow, home_link, html_response, make_personal, message
from subscribers.errors import BadLink

#: In these, mail with the link may have gone. One that is paused before it began has ``practice`` unset.
_GOES_OUT = (EditionState.SENDING, EditionState.SENT, EditionState.PAUSED)


@allow("GET", "HEAD")
def edition(request: HttpRequest, number: str) -> HttpResponse:
    """Posts that were taken back since are left out; 410 when nothing is left."""
    found = Edition.objects.filter(pk=int(number), state__in=_GOES_OUT, practice__isnull=False).first()
    if found is None:
        raise Http404
    page = web_versions.page_of(found)
    if page is None:
        return failures.gone(request)
    response = html_response(request, page.replace("</head>", f"{_feeds()}</head>", 1))
    response["Content-Security-Policy"] = headers.MAIL
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "public, max-age=300"
    return response


@allow("GET", "HEAD")
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """The same page for staff, before it is public. Kept by nobody, in no index."""
    now = datetime.now(UTC)
    try:
        number, last_day = preview_links.find(token, settings.SUBSCRIBERS_LINKS_KEY)
        if now.date() > last_day:
            return _over(request)
        page = preview_links.page_of(number, config(), now)
    except BadLink as error:
        return person.damaged(request, error)
    except NotFound:
        return _gone(request, "This edition is not there any more.")
    except RenderError as error:
        return _gone(request, f"This edition cannot be shown: {error}.", "newsletter check says more.")
    if page is None:
        return _gone(request, "All posts of this edition were taken back.")
    response = html_response(request, page)
    make_personal(response)
    response["Content-Security-Policy"] = headers.MAIL
    return response


def _over(request: HttpRequest) -> HttpResponse:
    return message(
        request,
        "This preview is over",
        f"Previews can be opened for {preview_links.GOOD_FOR.days} days. What was sent is in the archive; "
        "a new test copy has a new link.",
        status=410,
        personal=True,
        links=[home_link()],
    )


def _gone(request: HttpRequest, *words: str) -> HttpResponse:
    return message(request, "There is nothing to preview", *words, status=410, personal=True)


def _feeds() -> str:
    """The feeds, for readers that are given this page's address: a mail's own frame knows none."""
    return "".join(
        format_html('<link rel="alternate" type="{}" title="{}" href="{}">', *one)
        for one in (
            (feed["type"], feed["title"], feed["href"]) for feed in html_pages.feed_links(config(), None)
        )
    )
