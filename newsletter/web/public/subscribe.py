"""The sign-up form and what follows: one and the same answer for every address (ASVS 6.3.8), and a mail that asks."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from newsletter.publishing.notices import confirmations
from newsletter.publishing.public import html_pages
from newsletter.publishing.subscriptions import sign_up
from newsletter.web import failures, stamps, visitor
from newsletter.web.configured import config
from newsletter.web.public.labels import cadence_choices, topic_choices
from newsletter.web.rate_limit import Networks
from newsletter.web.respond import allow, home_link, message, page
from subscribers import address as addresses
from subscribers.cadence import Cadence
from subscribers.consent import Proof
from subscribers.errors import BadAddress
from subscribers.models import Event

_log = logging.getLogger("newsletter.sign-up")

#: Sign-ups in an hour from one address (or IPv6 customer), from a network such as a company has, and from one such as a
#: provider has: a school class behind one address fits in. Prefixes are cheap: who rents a /48 has 65,536 customers'
#: networks, and must not have their limits too.
BY_NETWORK = Networks((30, 60, 200), 3600)
#: The same while the whole site has more sign-ups than it mails in an hour: whoever comes from elsewhere still gets in.
BY_NETWORK_WHEN_CROWDED = Networks((3, 6, 20), 3600)
#: Nobody fills in a form within a second of seeing it.
LEAST_TIME = timedelta(seconds=1)
#: A page left open for longer is offered again, with what was typed.
MOST_TIME = timedelta(hours=24)
#: Seconds that an answer takes at least, so that its time does not tell whether an address was new.
ANSWER_TIME = 0.15
_PURPOSE = "sign-up"


def wording() -> str:
    """What a person agrees to, as the form says it and the consent record keeps it."""
    return (
        f"Yes, send me “{config().site.title}” by mail, as I chose here. "
        "I can leave at any time with one click, in every mail."
    )


def blank_form(now: datetime, *, topics: list[str] | None = None) -> dict[str, Any]:
    """The form as the templates want it."""
    cadences = cadence_choices()
    names = [choice["name"] for choice in cadences]
    preferred = Cadence.WEEKLY.value
    return {
        "action": f"{html_pages.base_path(config())}/subscribe",
        "address": "",
        "error": "",
        "notice": "",
        "cadences": cadences,
        "cadence": preferred if preferred in names or not names else names[0],
        "topics": topic_choices(config()),
        "chosen": topics or [],
        "made": stamps.make(_PURPOSE, now),
        "wording": wording(),
        "privacy_url": config().site.privacy_url,
    }


@allow("GET", "HEAD", "POST")
def subscribe(request: HttpRequest) -> HttpResponse:
    """The form; a POST queues a confirmation mail."""
    now = datetime.now(UTC)
    if request.method != "POST":
        return page(request, "web/subscribe.html", form=blank_form(now))
    if visitor.from_elsewhere(request):
        return failures.forbidden(request)
    return _answer(request, now, time.monotonic())


def _answer(request: HttpRequest, now: datetime, started: float) -> HttpResponse:
    late = confirmations.too_many(now)
    networks = visitor.counted_networks(request)
    wait = BY_NETWORK.take(networks, started)
    if not wait and late:
        wait = BY_NETWORK_WHEN_CROWDED.take(networks, started)
    if wait:
        _log.warning(
            "A limit on sign-ups was reached (one network%s).", ", while many sign up" if late else ""
        )
        return _too_often(request, wait)
    form = _filled(request, now)
    if not form["cadences"]:
        return page(request, "web/subscribe.html", form=form)
    try:
        parsed = addresses.parse(form["address"])
    except BadAddress as error:
        form["error"] = str(error)
        return page(request, "web/subscribe.html", status=400, form=form)
    if (notice := _to_look_at(request, now)) is not None:
        form["notice"] = notice
        return page(request, "web/subscribe.html", status=400, form=form)
    _take(request, form, now)
    _hold(request, started + ANSWER_TIME)
    return _thanks(request, parsed.shown, late=late)


def _hold(request: HttpRequest, until: float) -> None:
    """Let the answer leave then (monotonic seconds). Our own server holds it without a thread; others have to sleep."""
    hold = request.META.get("newsletter.hold")
    if hold is not None:
        hold(until)
    else:
        time.sleep(max(0.0, until - time.monotonic()))


def _to_look_at(request: HttpRequest, now: datetime) -> str | None:
    """What a person is to do once more, because a program might have sent this; None when all is well. A browser that
    fills in forms by itself is as fast as a program, so nothing that was typed is thrown away in silence."""
    try:
        age = stamps.age(_PURPOSE, request.POST.get("made", ""), now)
    except stamps.BadStamp:
        return "This form is not complete. Please press the button once more."
    if age > MOST_TIME:
        return "This page was open for long. Please press the button once more."
    if age < LEAST_TIME or request.POST.get("website"):
        return "That went too fast for us to be sure that it was you. Please press the button once more."
    return None


def _filled(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """The form with what was sent, as far as it is among what was offered."""
    form = blank_form(now)
    form["address"] = request.POST.get("address", "")[:400]
    if request.POST.get("cadence") in [choice["name"] for choice in form["cadences"]]:
        form["cadence"] = request.POST["cadence"]
    form["chosen"] = [name for name in request.POST.getlist("topics") if name in config().topics]
    return form


@transaction.atomic
def _take(request: HttpRequest, form: dict[str, Any], now: datetime) -> None:
    proof = Proof(form["wording"], f"{config().site.url}/subscribe", visitor.kept_ip(request))
    subscriber, due = sign_up.sign_up(
        form["address"],
        name="",
        cadence=Cadence(form["cadence"]),
        topics=form["chosen"],
        event=Event.SIGNED_UP,
        proof=proof,
        now=now,
    )
    if due:
        confirmations.request_confirmation(subscriber, config(), now)


def _thanks(request: HttpRequest, shown: str, *, late: bool) -> HttpResponse:
    comes = (
        "Many people are signing up just now, so it may take some hours."
        if late
        else "It comes within minutes."
    )
    return message(
        request,
        "One step is left",
        f"Please look into the inbox of {shown}: a mail from us asks whether it was you. "
        "Nothing else is sent until you say yes there.",
        f"{comes} If not, look among the spam, or check the address for a slip. "
        "An address is asked once a day: if we asked it earlier today, that mail is the one to look for.",
        "Who gets our mail already stays as they are, and is not asked again. "
        "An address that we were told not to write to is not written to.",
        personal=True,
        links=[home_link()],
    )


def _too_often(request: HttpRequest, wait: float) -> HttpResponse:
    response = message(
        request,
        "A moment, please",
        "Too many sign-ups came in a short time. Please try again later.",
        status=429,
        personal=True,
        links=[home_link()],
    )
    response["Retry-After"] = str(int(wait) + 1)
    return response
