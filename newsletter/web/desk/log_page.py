"""The log on the desk: who did what and when, the newest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from newsletter.models import LogEntry
from newsletter.web.configured import config
from newsletter.web.desk import pages
from newsletter.web.respond import allow

_A_PAGE = 100


@allow("GET", "HEAD")
def entries(request: HttpRequest) -> HttpResponse:
    """A page of them; ``before`` is the number of the last one on the page before."""
    rows = LogEntry.objects.order_by("-pk")
    if (before := pages.number_typed(request, "before")) is not None:
        rows = rows.filter(pk__lt=before)
    shown = list(rows[: _A_PAGE + 1])
    return pages.page(
        request,
        "desk/log.html",
        entries=[
            {
                "number": row.pk,
                "at": row.at,
                "who": row.who,
                "what": row.what,
                "edition": row.edition_id,
                "detail": ", ".join(f"{name}: {value}" for name, value in row.detail.items() if value != ""),
            }
            for row in shown[:_A_PAGE]
        ],
        zone=config().site.timezone,
        older=shown[_A_PAGE - 1].pk if len(shown) > _A_PAGE else None,
    )
