"""One edition on the desk: what is in it, whom it reaches, how it looks, what is wrong with it, what can be done.

Whatever is done here is a function of publishing/decisions; the same that the command line calls.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from newsletter.date_parsing import parse
from newsletter.dates import Precision
from newsletter.errors import NewsletterError, Refused
from newsletter.models import Act, Edition, EditionState, LogEntry
from newsletter.models.edition import UNSTARTED
from newsletter.publishing import log, real_mail
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.editions import compose, lint, previews, recipients
from newsletter.publishing.editions.delivery_counts import WORDS, tally
from newsletter.publishing.editions.personalize import Links
from newsletter.publishing.from_config import open_transport
from newsletter.publishing.overview.today import percent_done
from newsletter.publishing.schedule import link_check
from newsletter.web.configured import config
from newsletter.web.desk import pages
from newsletter.web.respond import allow, html_response

#: Entries of the log that an edition's page shows.
_ENTRIES = 30
#: What a look at an edition was made of → what came of it; forgotten with the process, and when there are many.
_LOOKS: dict[tuple[Any, ...], tuple[list[str], dict[str, Any]]] = {}
_MOST_LOOKS = 64
#: Characters of a note that are taken.
_LONGEST_NOTE = 10_000
#: Names that the page of a count shows.
_NAMES = 500
#: Characters after which Gmail cuts a mail off ("Message clipped"): of its HTML part.
_GMAIL = 102_000


@allow("GET", "HEAD")
def edition(request: HttpRequest, number: str) -> HttpResponse:
    """The page; asked for by htmx, only its progress."""
    found = compose.find(int(number))
    if request.headers.get("HX-Request"):
        counted = tally(found)
        return pages.page(request, "desk/progress.html", counted=counted, percent=percent_done(counted))
    return pages.page(request, "desk/edition.html", **_facts(found))


@allow("GET", "HEAD")
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """The mail as it is sent, for a frame: its own bytes, with nobody's links in them. Nothing in it can run, and its
    links lead nowhere while it stands in the frame."""
    copy = _copy(int(number), pages.typed(request, "as") or None)
    if request.GET.get("part") == "raw":
        response = html_response(request, copy.message.decode("ascii", "replace"))
        response["Content-Type"] = "text/plain; charset=utf-8"
    elif request.GET.get("part") == "text":
        response = html_response(request, copy.text)
        response["Content-Type"] = "text/plain; charset=utf-8"
    else:
        response = html_response(request, copy.html)
    images = "" if request.GET.get("images") == "off" else "; img-src 'self' https: http:"
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'unsafe-inline'{images}; sandbox; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'self'"
    )
    return pages.private(response)


@allow("GET", "HEAD")
def who(request: HttpRequest, number: str, word: str) -> HttpResponse:
    """The people of one count: who got it, whose mail failed and what their server said, who will get it."""
    found = compose.find(int(number))
    if word not in WORDS:
        raise Http404
    rows = list(islice(recipients.who(found, word, config()), _NAMES + 1))
    return pages.page(
        request,
        "desk/who.html",
        edition=found,
        campaign=found.campaign,
        zone=found.campaign.zone,
        word=word,
        rows=rows[:_NAMES],
        more=len(rows) > _NAMES,
        most=_NAMES,
    )


@allow("POST")
def count(request: HttpRequest, number: str) -> HttpResponse:
    """Count anew whom it reaches: the dry run."""
    found = compose.find(int(number))
    if found.state not in UNSTARTED or found.frozen_at is None:
        raise Refused(
            f"Edition {number} is {found.state}; only one that has its posts and has not begun is counted."
        )
    compose.count_people(found, config())
    return _back(number)


@allow("POST")
def compose_now(request: HttpRequest) -> HttpResponse:
    """Make a campaign's next edition early, as a draft."""
    now = datetime.now(UTC)
    made = compose.compose(pages.typed(request, "campaign", 40), config(), now)
    return _back(str(made.pk))


@allow("POST")
def test(request: HttpRequest, number: str) -> HttpResponse:
    """Send the mail that most people get to one address. It is in no ledger, and nobody's links are in it."""
    links = Links.of(config(), settings.SUBSCRIBERS_LINKS_KEY)
    now = datetime.now(UTC)
    to = pages.typed(request, "to")
    outcome = previews.send_test(int(number), config(), links, open_transport(config()), now, to=to)
    if outcome.result != "sent":
        raise Refused(f"The test to {to} did not leave: {outcome.reply}")
    log.note(Act.TEST_SENT, now, compose.find(int(number)), to=to)
    return _back(number)


@allow("POST")
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Say yes. One whose hour has passed goes in two minutes, with the button that says so, and can be undone."""
    found = compose.find(int(number))
    now = datetime.now(UTC)
    link_check.ask_before(found, config(), now)
    if "now" in request.POST:
        edition_actions.send_soon(found.pk, now, config=config(), despite="despite" in request.POST)
        return _back(number)
    if found.slot_at <= now:
        raise Refused(
            f"The hour of edition {number} has passed, so a yes sends it now. Use the button that says so."
        )
    edition_actions.approve(found.pk, now, config=config(), despite="despite" in request.POST)
    return _back(number)


@allow("POST")
def undo(request: HttpRequest, number: str) -> HttpResponse:
    """Take the yes back, as long as nothing has gone."""
    edition_actions.take_back(int(number), datetime.now(UTC))
    return _back(number)


@allow("POST")
def schedule(request: HttpRequest, number: str) -> HttpResponse:
    """Give it a moment, on its campaign's wall. It counts as approval."""
    found = compose.find(int(number))
    typed = parse(pages.typed(request, "at"), zone=found.campaign.zone)
    if typed is None or typed.precision is not Precision.INSTANT:
        raise Refused(f"Give a day and an hour, in {found.campaign.zone}: 2026-12-01 09:00.")
    at = typed.starts(found.campaign.zone).astimezone(UTC)
    edition_actions.schedule(
        found.pk, at, datetime.now(UTC), config=config(), despite="despite" in request.POST
    )
    return _back(number)


@allow("POST")
def pause(request: HttpRequest, number: str) -> HttpResponse:
    """Stop: what is on the wire is finished, the rest waits."""
    edition_actions.pause(int(number), datetime.now(UTC))
    return _back(number)


@allow("POST")
def resume(request: HttpRequest, number: str) -> HttpResponse:
    """Go on."""
    edition_actions.resume(int(number), datetime.now(UTC))
    return _back(number)


@allow("POST")
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Call it off; what has not gone is owed again or kept out of mail, as the form says."""
    if (what := request.POST.get("rest")) not in ("owed", "out"):
        raise Refused("Say what becomes of the posts: owed with the next edition, or kept out of mail.")
    edition_actions.cancel(int(number), datetime.now(UTC), owed_again=what == "owed")
    return _back(number)


@allow("POST")
def refresh(request: HttpRequest, number: str) -> HttpResponse:
    """Compose it anew: with posts, settings and templates as they are now."""
    lint.refresh(int(number), config(), datetime.now(UTC))
    return _back(number)


@allow("POST")
def reword(request: HttpRequest, number: str) -> HttpResponse:
    """Its own subject, preheader and note."""
    given = {name: pages.typed(request, name, _LONGEST_NOTE) for name in ("subject", "preheader", "note")}
    edition_actions.reword(int(number), datetime.now(UTC), **given)
    return _back(number)


@allow("POST")
def doubt(request: HttpRequest, number: str) -> HttpResponse:
    """Settle what may have arrived."""
    if (what := request.POST.get("doubt")) not in ("again", "leave"):
        raise Refused("Say whether to send these mails again, or to leave them.")
    edition_actions.decide_doubt(int(number), config(), datetime.now(UTC), send_again=what == "again")
    return _back(number)


def _back(number: str) -> HttpResponse:
    """To the edition's page, which tells how it stands now."""
    return pages.private(HttpResponseRedirect(pages.href(f"editions/{number}/")))


def _copy(number: int, person: str | None = None) -> previews.Copy:
    links = Links.of(config(), settings.SUBSCRIBERS_LINKS_KEY)
    return previews.copy_of(number, config(), links, datetime.now(UTC), person=person)


def _facts(found: Edition) -> dict[str, Any]:
    now = datetime.now(UTC)
    counted = tally(found)
    before = found.state in UNSTARTED
    forecast = found.forecast if before and found.frozen_at is not None else None
    return {
        "edition": found,
        "campaign": found.campaign,
        "zone": found.campaign.zone,
        "now": now,
        "before": before,
        "going": found.state in (EditionState.SENDING, EditionState.PAUSED) and found.practice is not None,
        "passed": found.slot_at <= now,
        "soon": found.state == EditionState.SCHEDULED and found.slot_at <= now + edition_actions.UNDO,
        "seconds": max(0, int((found.slot_at - now).total_seconds())),
        "minutes": int(edition_actions.UNDO.total_seconds() // 60),
        "counted": counted,
        "percent": percent_done(counted),
        "forecast": forecast,
        "posts": [
            {"title": row.entry["title"], "key": row.post.key, "state": row.post.state}
            for row in found.edition_posts.select_related("post")
        ],
        "problems": _looked_at(found)[0],
        "despite": bool(found.frozen.get(lint.DESPITE)),
        "at": pages.local(max(found.slot_at, now), found.campaign.zone),
        "log": [_entry(entry) for entry in LogEntry.objects.filter(edition=found).order_by("-pk")[:_ENTRIES]],
        "mail": _looked_at(found)[1],
    }


def _looked_at(found: Edition) -> tuple[list[str], dict[str, Any]]:
    """What the lint says, and the mail's subject and length. Both render, which takes a tenth of a second and more, and
    come out the same as long as what they are made of is the same: so they are remembered by that."""
    if found.frozen_at is None:  # what it would be now, which is another thing a minute later
        return [], _mail(found)
    rows = found.edition_posts.values_list("post_id", "post__page_verdict", "post__state")
    words = (found.subject, found.preheader, found.note)
    made_of = (found.pk, found.state, found.frozen_at, words, tuple(rows), real_mail.is_for_people(config()))
    if made_of not in _LOOKS:
        if len(_LOOKS) >= _MOST_LOOKS:
            _LOOKS.clear()
        _LOOKS[made_of] = [str(problem) for problem in lint.problems(found, config())], _mail(found)
    return _LOOKS[made_of]


def _mail(found: Edition) -> dict[str, Any]:
    """Subject and length of the mail, or why there is none to show."""
    try:
        copy = _copy(found.pk)
    except NewsletterError as error:
        return {"trouble": str(error)}
    length = len(copy.html.encode())
    return {"trouble": "", "subject": copy.rendered.subject, "length": length, "clipped": length > _GMAIL}


def _entry(entry: LogEntry) -> dict[str, Any]:
    return {"at": entry.at, "who": entry.who, "what": entry.what}
