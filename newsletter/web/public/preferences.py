"""What a person gets: cadence, topics, a pause, the way out. One page, reached by the link in every mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from newsletter.publishing.public import html_pages
from newsletter.publishing.subscriptions import unsubscribe
from newsletter.web import failures, stamps, visitor
from newsletter.web.configured import config
from newsletter.web.public import person
from newsletter.web.public.labels import cadence_choices, topic_choices
from newsletter.web.public.unsubscribe import goodbye
from newsletter.web.respond import allow, message, page, sign_up_link
from subscribers import consent
from subscribers.cadence import Cadence
from subscribers.consent import Proof
from subscribers.errors import BadLink, IllegalStep
from subscribers.models import Status, Subscriber
from subscribers.tokens import Purpose

#: How long a form that was left open may still be sent.
_FORM_AGE = timedelta(hours=12)
_WORDING = "chosen on the preferences page"


@allow("GET", "HEAD", "POST")
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """The page, and its forms."""
    try:
        subscriber = person.find(Purpose.PREFERENCES, token)
    except BadLink as error:
        return person.damaged(request, error)
    if subscriber is None:
        return person.unknown(request)
    if subscriber.subscription.status in (Status.LEFT, Status.PENDING):
        return _not_subscribed(request, subscriber)
    if request.method != "POST":
        return _page(request, subscriber)
    return _changed(request, subscriber, datetime.now(UTC))


def _changed(request: HttpRequest, subscriber: Subscriber, now: datetime) -> HttpResponse:
    try:
        age = stamps.age(_purpose(subscriber), request.POST.get("form", ""), now)
    except stamps.BadStamp:
        return failures.forbidden(request)
    if visitor.from_elsewhere(request):
        return failures.forbidden(request)
    if age > _FORM_AGE:
        return _page(
            request, subscriber, "This page was open for long; please do that once more.", wrong=True
        )
    step = _STEPS.get(request.POST.get("do", ""))
    if step is None:
        return failures.bad_request(request)
    try:
        return step(request, subscriber, person.proof(request, Purpose.PREFERENCES, _WORDING), now)
    except IllegalStep:
        # Somebody took another step meanwhile, in another window: show how things stand.
        subscriber.refresh_from_db()
        return preferences_of(request, subscriber)


def preferences_of(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """The page as things stand."""
    if subscriber.subscription.status in (Status.LEFT, Status.PENDING):
        return _not_subscribed(request, subscriber)
    return _page(request, subscriber)


def _save(request: HttpRequest, subscriber: Subscriber, proof: Proof, now: datetime) -> HttpResponse:
    offered = [choice["name"] for choice in cadence_choices(Cadence(subscriber.subscription.cadence))]
    # With one cadence there is nothing to choose, and the form does not send it.
    wanted = request.POST.get("cadence", subscriber.subscription.cadence)
    if wanted not in offered:
        said = "That is not one of the choices for how often. Please choose again; nothing was changed."
        return _page(request, subscriber, said, wrong=True, status=400)
    topics = request.POST.getlist("topics")
    if not set(topics) <= set(config().topics):
        said = "One of those topics is not there any more. Please choose again; nothing was changed."
        return _page(request, subscriber, said, wrong=True, status=400)
    subscriber.subscription = consent.choose(
        subscriber,
        cadence=Cadence(wanted),
        topics=topics if config().topics else None,
        proof=proof,
        now=now,
    )
    return _page(request, subscriber, "Saved.")


def _pause(request: HttpRequest, subscriber: Subscriber, proof: Proof, now: datetime) -> HttpResponse:
    subscriber.subscription = consent.pause(subscriber, proof=proof, now=now)
    return _page(request, subscriber, "Paused: nothing is sent until you come back here.")


def _resume(request: HttpRequest, subscriber: Subscriber, proof: Proof, now: datetime) -> HttpResponse:
    subscriber.subscription = consent.resume(subscriber, proof=proof, now=now)
    return _page(request, subscriber, "Mail goes on. What you missed comes in one mail.")


@transaction.atomic
def _leave(request: HttpRequest, subscriber: Subscriber, proof: Proof, now: datetime) -> HttpResponse:
    subscriber.subscription = unsubscribe.leave(subscriber, proof=proof, now=now)
    return goodbye(request, subscriber, now)


_Step = Callable[[HttpRequest, Subscriber, Proof, datetime], HttpResponse]
_STEPS: dict[str, _Step] = {"save": _save, "pause": _pause, "resume": _resume, "leave": _leave}


def _page(
    request: HttpRequest, subscriber: Subscriber, said: str = "", *, wrong: bool = False, status: int = 200
) -> HttpResponse:
    row = subscriber.subscription
    return page(
        request,
        "web/preferences.html",
        status=status,
        personal=True,
        address=subscriber.address,
        action=html_pages.base_path(config()) + person.link(Purpose.PREFERENCES, subscriber),
        form=stamps.make(_purpose(subscriber), datetime.now(UTC)),
        offered=cadence_choices(Cadence(row.cadence)),
        cadence=row.cadence,
        choices=topic_choices(config()),
        chosen=row.topics,
        paused=row.status == Status.PAUSED,
        said=said,
        wrong=wrong,
    )


def _purpose(subscriber: Subscriber) -> str:
    return f"preferences.{subscriber.pk}"


def _not_subscribed(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    if subscriber.subscription.status == Status.PENDING:
        said = "Your sign-up waits for your yes: please use the link in the mail that asks for it."
    else:
        said = f"{subscriber.address} gets no mail from us."
    links = [sign_up_link()]
    if unsubscribe.can_take_back(subscriber.subscription, datetime.now(UTC)):
        way_back = html_pages.base_path(config()) + person.link(Purpose.UNSUBSCRIBE, subscriber)
        links.insert(0, ("That was a mistake: take me back", way_back))
    return message(request, "You are not subscribed", said, personal=True, links=links)
