"""The archive: newest posts, topics, and the page of a post that lives nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)

from newsletter.models import Post, PostState
from newsletter.publishing.public import catalogue, html_pages
from newsletter.web import failures
from newsletter.web.configured import config
from newsletter.web.public.subscribe import blank_form
from newsletter.web.respond import allow, page

#: Seconds for which a browser may show the archive again without asking; the form in it is good for much longer.
_FRESH = "public, max-age=60"


@allow("GET", "HEAD")
def everything(request: HttpRequest, number: str = "1") -> HttpResponse:
    """All posts, newest first, and the sign-up form."""
    return _archive(request, None, int(number))


@allow("GET", "HEAD")
def topic(request: HttpRequest, topic: str, number: str = "1") -> HttpResponse:
    """The posts of one topic."""
    if topic not in config().topics:
        today = catalogue.current(config()).topic_today(topic)
        if today is None:
            raise Http404
        return HttpResponsePermanentRedirect(f"{config().site.url}/topics/{today}/")
    return _archive(request, topic, int(number))


def _archive(request: HttpRequest, topic: str | None, number: int) -> HttpResponse:
    now = catalogue.current(config())
    if not 1 <= number <= html_pages.last_page(now, topic):
        raise Http404
    context: dict[str, Any] = html_pages.archive_context(config(), now, topic, number)
    if number == 1:
        context["form"] = blank_form(datetime.now(UTC), topics=[topic] if topic else [])
    response = page(request, "web/archive.html", **context)
    response["Cache-Control"] = _FRESH
    return response


@allow("GET", "HEAD")
def post(request: HttpRequest, key: str) -> HttpResponse:
    """A post without a page of its own; any other leads there."""
    found = Post.objects.filter(key=key).first()
    if found is not None and found.state == PostState.WITHDRAWN:
        return failures.gone(request)
    if found is None or found.state != PostState.RELEASED:
        raise Http404
    if found.url:
        # Not "for good": a browser would remember it, and a post may move once more.
        return HttpResponseRedirect(found.url)
    response = page(request, "web/post.html", **html_pages.post_context(config(), found))
    response["Cache-Control"] = _FRESH
    return response
