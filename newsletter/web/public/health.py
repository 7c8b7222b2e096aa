"""For whoever watches the site: does the database answer?"""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from newsletter.models import Site
from newsletter.web.respond import allow


@allow("GET", "HEAD")
def healthz(request: HttpRequest) -> HttpResponse:
    """200 with the newest release number, or 503 when the database does not answer or was never prepared."""
    try:
        release = Site.objects.values_list("newest_release", flat=True).filter(pk=1).first()
    except DatabaseError:
        release = None
    status = "ok" if release is not None else "the database does not answer"
    response = JsonResponse(
        {"status": status, "release": release}, status=200 if release is not None else 503
    )
    response["Cache-Control"] = "no-store"
    response["Content-Length"] = str(len(response.content))
    if request.method == "HEAD":
        response.content = b""
    return response
