"""One person's copy of an edition: for previews and for test mails, in the very bytes that would be sent.

Nothing here is in the ledger: a test mail makes no delivery, and a preview keeps nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from newsletter.config import Config
from newsletter.errors import Refused
from newsletter.models import Edition, Site, Variant
from newsletter.models.delivery import NEVER_WENT
from newsletter.publishing import real_mail
from newsletter.publishing.editions import compose, preview_links, variants
from newsletter.publishing.editions.personalize import Links, Recipient
from newsletter.publishing.ledger.owed import posts_hash
from newsletter.publishing.ledger.watermarks import mark
from newsletter.rendering.mail_parts import Frame, Personal, Rendered
from newsletter.rendering.mime.message import compile_message
from newsletter.rendering.preview import html_for, preview_personal, text_for
from newsletter.transports.base import Envelope, Outcome, Transport
from subscribers import address, suppression
from subscribers.audience import why_not
from subscribers.errors import BadAddress, NoSubscriber
from subscribers.models import Subscriber, Subscription


@dataclass(frozen=True, slots=True)
class Copy:
    """An edition as one person would get it."""

    rendered: Rendered
    frame: Frame
    personal: Personal

    @property
    def html(self) -> str:
        return html_for(self.rendered, self.personal)

    @property
    def text(self) -> str:
        return text_for(self.rendered, self.personal)

    @property
    def message(self) -> bytes:
        """The finished message, RFC 5322 with CRLF."""
        return compile_message(self.rendered, self.frame).splice(self.personal)


def subscriber_of(typed: str) -> Subscriber:
    """The person with that address. Raises BadAddress, and NoSubscriber."""
    try:
        parsed = address.parse(typed)
    except BadAddress:
        # An older rule may have taken what is no address today, and that person can still be found and erased.
        if (as_it_stands := Subscriber.objects.filter(address=typed.strip()).first()) is not None:
            return as_it_stands
        raise
    person = Subscriber.objects.filter(normal=parsed.normal).first()
    if person is None:
        raise NoSubscriber(f"Nobody is subscribed as {parsed.shown}.")
    return person


@transaction.atomic
def copy_of(number: int, config: Config, links: Links, now: datetime, *, person: str | None = None) -> Copy:
    """The copy of ``person`` (an address), or the one that most people get, to somebody invented.

    An edition that is not frozen yet is shown as it would be now, and stays unfrozen. Raises NotFound, BadAddress,
    NoSubscriber, RenderError, and Refused when this person would get nothing.
    """
    edition = compose.find(number)
    passing = edition.frozen_at is None
    if passing:
        Site.locked()
        compose.freeze(edition, config, now)
    subscriber = subscriber_of(person) if person is not None else None
    rendered = _rendered(edition, config, subscriber)
    frame = Frame.from_json(edition.frozen["frame"])
    if passing:
        transaction.set_rollback(True)
    if subscriber is None:
        return Copy(rendered, frame, preview_personal())
    recipient = Recipient(subscriber.pk, subscriber.wire, subscriber.address, subscriber.name)
    return Copy(rendered, frame, links.personal(recipient, edition.pk, now))


def _rendered(edition: Edition, config: Config, subscriber: Subscriber | None) -> Rendered:
    variant = _of_delivery(edition, subscriber)
    if variant is None:
        posts = _set_of(edition, config, subscriber) if subscriber else _commonest(edition, config)
        variant = Variant.objects.filter(edition=edition, posts_hash=posts_hash(posts)).first()
        if variant is None:
            return variants.render_set(edition, posts)
    return Rendered.from_json(variant.rendered)


def _of_delivery(edition: Edition, subscriber: Subscriber | None) -> Variant | None:
    """The variant that this person, or most people, have in the ledger."""
    rows = Variant.objects.filter(edition=edition, deliveries__isnull=False)
    if subscriber is not None:
        rows = rows.filter(deliveries__subscriber=subscriber).exclude(deliveries__state__in=NEVER_WENT)
    return rows.annotate(number=Count("deliveries")).order_by("-number", "pk").first()


def _set_of(edition: Edition, config: Config, subscriber: Subscriber) -> tuple[int, ...]:
    row = Subscription.objects.select_related("subscriber").get(pk=subscriber.pk)
    if (reason := why_not(row)) is not None:
        raise Refused(f"{subscriber.address} gets nothing: {reason}.")
    practice = config.practice
    if not compose.people_of(edition, practice=practice).filter(pk=row.pk).exists():
        raise Refused(f"{subscriber.address} is not in the audience of edition {edition.pk}.")
    person = (row.pk, getattr(row, mark(practice)), row.topics)
    posts = compose.owed_of(edition, [person], compose.candidates_of(edition), practice=practice)[row.pk]
    if not posts:
        raise Refused(f"There is nothing new for {subscriber.address} in edition {edition.pk}.")
    return posts


def _commonest(edition: Edition, config: Config) -> tuple[int, ...]:
    posts = tuple(candidate.post_id for candidate in compose.candidates_of(edition))
    counted = tuple(edition.forecast.get("commonest", ()))
    if counted and set(counted) <= set(posts):
        return (
            counted  # as it was when it was counted last: a million people are not gone through for a preview
        )
    sets = compose.forecast(edition, config).sets.most_common(1)
    if sets:
        return sets[0][0]
    if not posts and not edition.note.strip():
        raise Refused(f"There is nothing in edition {edition.pk} for anybody: no post and no note.")
    return posts


def send_test(
    number: int,
    config: Config,
    links: Links,
    open_transport: Callable[[], Transport],
    now: datetime,
    *,
    to: str,
) -> Outcome:
    """Send the copy that most people get to one address, with [Test] before its subject; nobody's links are in it,
    and "View in browser" leads to a preview.

    Raises as ``copy_of`` does, SuppressedAddress, and TransportError when the relay cannot be used.
    """
    parsed = address.parse(to)
    suppression.refuse(parsed, settings.SUBSCRIBERS_SUPPRESSION_KEY)
    real_mail.must_leave(config)
    copy = copy_of(number, config, links, now)
    personal = replace(
        copy.personal,
        address=parsed.wire,
        address_shown=parsed.shown,
        name="",
        message_id=f"<test.{number}.{secrets.token_hex(8)}@{links.domain}>",
        unsubscribe_mailbox="",
        date=now,
    )
    shown = preview_links.link(number, links, now)
    rendered = replace(
        copy.rendered,
        subject=f"[Test] {copy.rendered.subject}",
        html=preview_links.with_preview(copy.rendered.html, copy.frame.web_url, shown),
        text=preview_links.with_preview(copy.rendered.text, copy.frame.web_url, shown),
    )
    content = replace(copy, rendered=rendered, personal=personal).message
    with open_transport() as transport:
        return transport.send(Envelope(config.envelope_sender, parsed.wire, content))
