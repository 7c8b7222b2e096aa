"""The yes: a page with one button. Opening the link changes nothing, because mail scanners open every link."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from newsletter import dates
from newsletter.models import Campaign, CampaignState
from newsletter.publishing.editions.snapshot import cadence_text
from newsletter.publishing.public import html_pages
from newsletter.publishing.schedule import digest_slots
from newsletter.publishing.subscriptions import sign_up
from newsletter.web import failures, visitor
from newsletter.web.configured import config
from newsletter.web.public import person
from newsletter.web.respond import allow, button, home_link, message, sign_up_link
from subscribers.cadence import Cadence
from subscribers.errors import BadLink, IllegalStep
from subscribers.models import Status, Subscriber, Subscription
from subscribers.tokens import Purpose


@allow("GET", "HEAD", "POST")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST confirms."""
    if request.method == "POST" and visitor.from_elsewhere(request):
        return failures.forbidden(request)
    try:
        subscriber = person.find(Purpose.CONFIRM, token)
    except BadLink as error:
        return person.damaged(request, error)
    if subscriber is None:
        return person.unknown(request)
    if request.method == "POST":
        return _confirmed(request, subscriber)
    return _asked(request, subscriber)


def _asked(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    status = subscriber.subscription.status
    if status in (Status.CONFIRMED, Status.PAUSED):
        return _welcome(request, subscriber, subscriber.subscription)
    if status == Status.LEFT:
        return _left_since(request)
    return message(
        request,
        "Shall we send it?",
        f"“{config().site.title}” to {subscriber.address}, {_choice(subscriber.subscription)}.",
        "You can change both on a page of yours, and leave at any time with one click.",
        personal=True,
        button=button(_here(Purpose.CONFIRM, subscriber), "Yes, send it to me"),
    )


def _choice(row: Subscription) -> str:
    """What the button says yes to: the newest sign-up that counts, which need not be the one of an older mail."""
    titles = [config().topics[name].title for name in row.topics if name in config().topics]
    return f"{cadence_text(Cadence(row.cadence))}, about {', '.join(titles) if titles else 'everything'}"


def _confirmed(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    wording = f"Yes, send me “{config().site.title}”."
    try:
        row = sign_up.confirm(
            subscriber,
            proof=person.proof(request, Purpose.CONFIRM, wording),
            now=datetime.now(UTC),
            by_person=True,
        )
    except IllegalStep:
        return _left_since(request)
    return _welcome(request, subscriber, row)


def _welcome(request: HttpRequest, subscriber: Subscriber, row: Subscription) -> HttpResponse:
    return message(
        request,
        "Welcome!",
        f"{subscriber.address} is on the list.{_next_mail(row)}",
        personal=True,
        links=[
            ("Choose topics, and how often", _here(Purpose.PREFERENCES, subscriber)),
            home_link(),
        ],
    )


def _next_mail(row: Subscription) -> str:
    """When the next mail of this cadence leaves, with the zone of its hour."""
    campaign = Campaign.objects.filter(cadence=row.cadence, state=CampaignState.ACTIVE).first()
    if campaign is None or campaign.next_slot_at is None:
        return ""
    if digest_slots.in_blackout(campaign.next_slot_local or "", config()):
        return ""  # that one is left out, and the page makes no promises of the one after it
    day = dates.PartialDate.of_instant(campaign.next_slot_at).text(config().site.language, campaign.zone)
    hour = f"{campaign.hour:02d}:{campaign.minute:02d}"
    return f" The next mail leaves on {day} at {hour} ({campaign.zone}), if there is something new by then."


def _left_since(request: HttpRequest) -> HttpResponse:
    return message(
        request,
        "This link was used already",
        "You have left the list since. If you want our mail again, please sign up once more.",
        personal=True,
        links=[sign_up_link()],
    )


def _here(purpose: Purpose, subscriber: Subscriber) -> str:
    return html_pages.base_path(config()) + person.link(purpose, subscriber)
