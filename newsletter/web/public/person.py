"""From the token in a personal link to its person, and what is kept of a step they take there."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from newsletter.web import visitor
from newsletter.web.configured import config
from newsletter.web.respond import message, sign_up_link
from subscribers import tokens
from subscribers.consent import Proof
from subscribers.errors import BadLink
from subscribers.models import Subscriber
from subscribers.tokens import Purpose


def find(purpose: Purpose, token: str) -> Subscriber | None:
    """The person, with the subscription; None when their data is gone. Raises BadLink."""
    number = tokens.read(purpose, token, settings.SUBSCRIBERS_LINKS_KEY)
    return Subscriber.objects.select_related("subscription").filter(pk=number).first()


def link(purpose: Purpose, subscriber: Subscriber) -> str:
    """The address of a person's page on this site, from its root."""
    return f"/{purpose.value}/{tokens.make(purpose, subscriber.pk, settings.SUBSCRIBERS_LINKS_KEY)}"


def proof(request: HttpRequest, purpose: Purpose, wording: str) -> Proof:
    """What is kept of a step: its words, the form without the token, and a shortened address."""
    return Proof(wording, f"{config().site.url}/{purpose.value}/", visitor.kept_ip(request))


def damaged(request: HttpRequest, error: BadLink) -> HttpResponse:
    """404 for a token that is none of ours."""
    return message(
        request,
        "This link is damaged",
        str(error).removeprefix("This link is damaged. "),
        "Mail programs sometimes break a long link in two; copying all of it into the address line helps.",
        status=404,
        personal=True,
    )


def unknown(request: HttpRequest) -> HttpResponse:
    """The token is ours, and the person is not there any more: erased, as asked."""
    return message(
        request,
        "You are not on our list",
        "We hold no data of yours behind this link, and send you nothing.",
        personal=True,
        links=[sign_up_link()],
    )
