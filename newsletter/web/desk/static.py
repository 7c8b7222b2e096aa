"""What pages of the desk load: the style sheet and htmx. Their names hold a digest, so they may be kept for ever."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from newsletter.web.desk import pages
from newsletter.web.respond import allow

_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


@allow("GET", "HEAD")
def asset(request: HttpRequest, file: str) -> HttpResponse:
    """One of them, by its name of today. Nothing in them is secret."""
    content = dict(pages.assets().values()).get(file)
    if content is None:
        raise Http404
    response = HttpResponse(b"" if request.method == "HEAD" else content)
    response["Content-Type"] = _TYPES[file.rpartition(".")[2]]
    response["Content-Length"] = str(len(content))
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response
