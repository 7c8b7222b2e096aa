"""What pages load: the style sheet and the icon. Their names hold a digest, so they may be kept for ever."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from newsletter.publishing.public import html_pages
from newsletter.web.configured import config
from newsletter.web.respond import allow

_TYPES = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}


@allow("GET", "HEAD")
def asset(request: HttpRequest, file: str) -> HttpResponse:
    """One of them, by its name of today."""
    content = dict(html_pages.assets(config()).values()).get(file)
    if content is None:
        raise Http404
    response = HttpResponse(b"" if request.method == "HEAD" else content)
    response["Content-Type"] = _TYPES[file.rpartition(".")[2]]
    response["Content-Length"] = str(len(content))
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    # The icon carries its own colours.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response
