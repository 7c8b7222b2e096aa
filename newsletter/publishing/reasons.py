"""The sentences that explain a mail: decided out of plain facts, touching nothing. Gathering them is explain.py's part.

Each ``_by_…`` gives (verdict, sentence) or None; the first that has an answer wins. A relay's words are quoted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter.models import DeliveryState, EditionState, PostState
from newsletter.publishing.owed import is_for


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as they stood when the edition in question was enqueued, or as they stand now."""

    shown: str
    cadence: str
    topics: frozenset[str]
    watermark: int
    floor: int
    confirmed_at: datetime | None = None
    #: One clause why they might not be mailed; None when they might.
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class PostFacts:
    """The post that is asked about."""

    key: str
    state: PostState
    topics: frozenset[str]
    dated_at: datetime
    mail: bool = True
    because: str = ""
    release_number: int | None = None
    released_at: datetime | None = None
    #: Staff cancelled its edition and kept it out of this campaign's mail.
    kept_out: bool = False


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """The edition that is asked about."""

    number: int
    state: EditionState
    campaign: str
    cadence: str
    slot_at: datetime
    everyone: bool = False
    because: str = ""
    frozen_at: datetime | None = None
    started: bool = False
    #: Everybody in its audience has been decided about.
    enqueued: bool = False
    #: The person stands before the cursor, so that enqueueing has decided about them.
    passed: bool = False
    lowest: int | None = None
    by_hand: bool = False
    carries_post: bool = True
    #: How many of its posts (or of the one asked about) the person would get if it began now; None: not known.
    brings: int | None = None


@dataclass(frozen=True, slots=True)
class MailFacts:
    """A delivery to the person."""

    edition: int
    state: DeliveryState
    changed_at: datetime
    reply: str = ""
    code: int | None = None
    next_attempt_at: datetime | None = None
    practice: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one question."""

    now: datetime
    zone: str
    person: PersonFacts
    edition: EditionFacts | None = None
    post: PostFacts | None = None
    #: The delivery that answers the question, or none.
    mail: MailFacts | None = None
    #: Another edition that brought the post before.
    had_in: MailFacts | None = None
    #: Whether a campaign runs for the person's cadence, and its next slot.
    runs: bool = True
    next_slot_at: datetime | None = None


def sentence(facts: Facts) -> tuple[str, str]:
    """(verdict, one plain sentence). Pure."""
    for decide in (_by_mail, _by_post, _by_earlier_mail, _by_edition, _by_person, _by_watermark):
        found = decide(facts)
        if found is not None:
            return found
    return _to_come(facts)


def _by_mail(facts: Facts) -> tuple[str, str] | None:
    """There is a delivery: its state is the answer."""
    mail, who = facts.mail, facts.person.shown
    if mail is None:
        return None
    what = f"Edition {mail.edition}" + (" (practice)" if mail.practice else "")
    at = _moment(mail.changed_at, facts.zone)
    words = _words(mail)
    state = mail.state
    if state in (DeliveryState.PENDING, DeliveryState.CLAIMED):
        return "pending", f"{what} is waiting to be sent to {who}{_held_up(facts)}."
    later = (
        f" and is tried again at {_moment(mail.next_attempt_at, facts.zone)}" if mail.next_attempt_at else ""
    )
    return state.value, {
        DeliveryState.SENT: f"{what} was sent to {who} at {at}{words}.",
        DeliveryState.SENDING: f"{what} is being sent to {who} at this moment, since {at}.",
        DeliveryState.DEFERRED: f"{what} was put off by the relay at {at}{words}{later}.",
        DeliveryState.FAILED: f"{what} could not be sent to {who} and failed at {at}{words}.",
        DeliveryState.SKIPPED: f"{what} was not sent to {who}: {mail.reply or 'they could not be mailed'} ({at}).",
        DeliveryState.UNKNOWN: f"{what} may have reached {who}: it was on the wire at {at}{words}, "
        "and is not sent again by itself.",
        DeliveryState.CANCELLED: f"{what} was called off for {who} before it was sent"
        + (f": {mail.reply}" if mail.reply else "") + f" ({at}).",
    }[state]  # fmt: skip


def _held_up(facts: Facts) -> str:
    edition = facts.edition
    return " and its edition is paused" if edition and edition.state == EditionState.PAUSED else ""


def _by_post(facts: Facts) -> tuple[str, str] | None:
    """The post itself was never in mail."""
    post = facts.post
    if post is None:
        return None
    if post.state == PostState.WAITING:
        return (
            "due",
            f"The post {post.key} is dated {_moment(post.dated_at, facts.zone)} and is released then.",
        )
    if post.state == PostState.HELD:
        because = f": {post.because}" if post.because else ""
        return "not", f"The post {post.key} is held for a decision of staff{because}."
    if post.state == PostState.WITHDRAWN:
        return "not", f"The post {post.key} was withdrawn before it reached {facts.person.shown}."
    by_hand = facts.edition is not None and facts.edition.by_hand and facts.edition.carries_post
    if not post.mail and not by_hand:
        return "not", f"The post {post.key} stays out of mail: {post.because or 'it goes to the feed only'}."
    return None


def _by_earlier_mail(facts: Facts) -> tuple[str, str] | None:
    if facts.had_in is None or facts.post is None:
        return None
    mail = facts.had_in
    how = {
        DeliveryState.SENT: "got",
        DeliveryState.UNKNOWN: "may have got",
        DeliveryState.FAILED: "was to get",
    }.get(mail.state, "gets")
    end = ", which failed" if mail.state == DeliveryState.FAILED else ""
    here = f", so edition {facts.edition.number} left it out" if facts.edition else ""
    at = _moment(mail.changed_at, facts.zone)
    who = facts.person.shown
    return "not", f"{who} {how} the post {facts.post.key} in edition {mail.edition} ({at}){end}{here}."


def _by_edition(facts: Facts) -> tuple[str, str] | None:
    """The edition never came to this person, for reasons of its own."""
    edition, post, who = facts.edition, facts.post, facts.person.shown
    if edition is None:
        return None
    if post is not None and not edition.carries_post:
        return "not", f"Edition {edition.number} does not carry the post {post.key}."
    if edition.state == EditionState.CANCELLED:
        because = f": {edition.because}" if edition.because else ""
        return "not", f"Edition {edition.number} was cancelled before it reached {who}{because}."
    if edition.state == EditionState.SKIPPED:
        return "not", f"Edition {edition.number} was skipped: {edition.because or 'nothing new'}."
    if not edition.started:
        standing = f"it is {_standing(edition, facts.zone)}{_as_things_stand(edition, facts)}"
        return "due", f"Edition {edition.number} has not begun: {standing}."
    if not edition.enqueued and not edition.passed:
        paused = " and is paused" if edition.state == EditionState.PAUSED else ""
        return "due", f"Edition {edition.number} is being enqueued{paused} and has not come to {who} yet."
    return None


def _as_things_stand(edition: EditionFacts, facts: Facts) -> str:
    """What the person would get, when its posts are chosen already."""
    person, post = facts.person, facts.post
    if edition.brings is None:
        return ""
    if edition.brings:
        what = (
            f"the post {post.key}" if post else "1 post" if edition.brings == 1 else f"{edition.brings} posts"
        )
        return f"; as things stand it brings {person.shown} {what}"
    if person.why_not is not None:
        why = person.why_not
    elif not edition.everyone and person.cadence != edition.cadence:
        why = f"their cadence is {person.cadence}"
    else:
        why = "they had it, or it is not for them" if post else "nothing in it is new for them"
    return f"; as things stand it does not bring {person.shown} {f'the post {post.key}' if post else 'anything'}: {why}"


def _standing(edition: EditionFacts, zone: str) -> str:
    if edition.state == EditionState.SCHEDULED:
        return f"scheduled for {_moment(edition.slot_at, zone)}"
    if edition.state == EditionState.DRAFT:
        return "a draft"
    return edition.state.value


def _by_person(facts: Facts) -> tuple[str, str] | None:
    """The person was not among those who get it."""
    person, edition, post = facts.person, facts.edition, facts.post
    if edition and edition.frozen_at and person.confirmed_at and person.confirmed_at > edition.frozen_at:
        joined = _moment(person.confirmed_at, facts.zone)
        frozen = _moment(edition.frozen_at, facts.zone)
        return "not", (
            f"{person.shown} was not subscribed yet when edition {edition.number} was made: "
            f"they confirmed at {joined}, it was frozen at {frozen}."
        )
    if person.why_not is not None:
        when = f" when edition {edition.number} went out" if edition else ""
        return "not", f"{person.shown} was not to be mailed{when}: {person.why_not}."
    if edition and not edition.everyone and person.cadence != edition.cadence:
        return "not", (
            f"{person.shown} has the cadence {person.cadence}, and edition {edition.number} of {edition.campaign} is "
            f"for the people of {edition.cadence}."
        )
    if post is not None and not is_for(person.topics, post.topics):
        return "not", (
            f"{person.shown} chose the topics {_list(person.topics)}, and the post {post.key} is about "
            f"{_list(post.topics)}."
        )
    if post is not None and post.kept_out:
        return (
            "not",
            f"Staff cancelled the edition that was made for the post {post.key} and kept it out of mail.",
        )
    return None


def _by_watermark(facts: Facts) -> tuple[str, str] | None:
    person, post, edition = facts.person, facts.post, facts.edition
    if post is not None and post.release_number is not None and post.release_number <= person.floor:
        return "not", (
            f"{person.shown} was not subscribed yet when the post {post.key} was released"
            f"{_at(post.released_at, facts.zone)}{_joined(person, facts.zone)}."
        )
    if edition is not None and edition.lowest is not None and person.watermark < edition.lowest:
        return "due", (
            f"{person.shown} came back after edition {edition.number} was frozen and is owed more than it carries: "
            "their next edition brings all of it."
        )
    if post is not None and post.release_number is not None and post.release_number <= person.watermark:
        return "not", (
            f"The post {post.key} was settled for {person.shown} without a mail: it was not for them when its edition "
            "went out (other topics, or kept out of mail)."
        )
    if edition is not None:
        return "not", f"There was nothing new for {person.shown} in edition {edition.number}."
    return None


def _to_come(facts: Facts) -> tuple[str, str]:
    person, post = facts.person, facts.post
    what = f"The post {post.key}" if post else "It"
    if not facts.runs:
        return (
            "due",
            f"{what} is owed to {person.shown}, and no campaign runs for the cadence {person.cadence}.",
        )
    when = f", due {_moment(facts.next_slot_at, facts.zone)}" if facts.next_slot_at else ""
    return "due", f"{what} is owed to {person.shown} and comes with their next edition{when}."


def _words(mail: MailFacts) -> str:
    words = " ".join(filter(None, (str(mail.code or ""), " ".join(mail.reply.split()))))
    return f', the relay said "{words}"' if mail.code else f" ({words})" if words else ""


def _moment(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}" if at else ""


def _at(at: datetime | None, zone: str) -> str:
    return f" at {_moment(at, zone)}" if at else ""


def _joined(person: PersonFacts, zone: str) -> str:
    return f"; they confirmed at {_moment(person.confirmed_at, zone)}" if person.confirmed_at else ""


def _list(words: frozenset[str]) -> str:
    return ", ".join(sorted(words))
