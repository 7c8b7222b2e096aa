"""Pictures of posts that live nowhere else, by a name that is a digest of their content."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from newsletter.publishing.ingest import stored_images
from newsletter.web.respond import allow


@allow("GET", "HEAD")
def file(request: HttpRequest, name: str) -> HttpResponse:
    """One of them. It never changes, so who has it need not ask again (RFC 8246)."""
    found = stored_images.find(name)
    if found is None:
        raise Http404
    content = bytes(found.content)
    response = HttpResponse(b"" if request.method == "HEAD" else content, content_type=found.media_type)
    response["Content-Length"] = str(len(content))
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    # Feed readers on the web show it in pages of their own.
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    # Whoever makes a browser open it as a page gets a picture that can do nothing.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    etag = f'"{found.name}"'
    response["ETag"] = etag
    conditional: HttpResponseBase | None = get_conditional_response(request, etag=etag, response=response)
    return conditional if isinstance(conditional, HttpResponse) else response
