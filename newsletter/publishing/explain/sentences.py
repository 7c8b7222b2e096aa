"""The sentences that explain a mail: decided out of plain facts, touching nothing. Gathering them is explain.py's part.

The order is that of the rule that decided (owed.py, watermarks.py): what was delivered; what the post is; where the
person starts; what is settled for them; their topics; whether they may be mailed. Each ``_by_…`` gives (verdict,
sentence) or None; the first that has an answer wins. A relay's words are quoted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter.models import DeliveryState, EditionState, PostState
from newsletter.publishing.explain.facts import EditionFacts, Facts, MailFacts, PersonFacts
from newsletter.publishing.ledger.owed import is_for

_Step = Callable[[Facts], tuple[str, str] | None]


def sentence(facts: Facts) -> tuple[str, str]:
    """(verdict, one plain sentence). Pure."""
    steps: tuple[_Step, ...]
    if facts.edition is not None:
        steps = (
            _by_mail,
            _by_post,
            _by_earlier_mail,
            _by_edition,
            _by_standing,
            _by_topics,
            _by_start,
            _by_reach,
        )
    else:
        steps = (
            _by_mail,
            _by_post,
            _by_start,
            _by_settling,
            _by_topics,
            _by_keeping_out,
            _by_not_being_mailable,
        )
    for decide in steps:
        found = decide(facts)
        if found is not None:
            break
    else:
        found = _nothing_new(facts) if facts.edition is not None else _to_come(facts)
    if facts.mail is None and facts.called_off is not None:
        return found[0], _after_a_call_off(facts.called_off, found[1], facts)
    return found


def _by_mail(facts: Facts) -> tuple[str, str] | None:
    """There is a delivery: its state is the answer."""
    return None if facts.mail is None else _what_became_of(facts.mail, facts)


def _after_a_call_off(mail: MailFacts, rest: str, facts: Facts) -> str:
    """What never went is no answer by itself: it may be owed again, or kept out of mail."""
    first = _what_became_of(mail, facts)[1].removesuffix(".")
    small = rest[0].lower() + rest[1:] if rest.startswith(("The ", "Staff ", "It ")) else rest
    return f"{first}; {small}"


def _what_became_of(mail: MailFacts, facts: Facts) -> tuple[str, str]:
    who = facts.person.shown
    what = f"Edition {mail.edition}" + (" (practice)" if mail.practice else "")
    at = _moment(mail.changed_at, facts.zone)
    words = _words(mail)
    state = mail.state
    if mail.practice and mail.ended:
        return "cancelled", (
            f"{what} brought {who} nothing: its mails were files, and the site went live"
            f"{_at(facts.live_at, facts.zone)}."
        )
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
        if edition.enqueued and (never_theirs := _by_standing(facts)) is not None:
            return never_theirs
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
    return _standing_of(edition.state, edition.slot_at, zone)


def _standing_of(state: EditionState, slot_at: datetime, zone: str) -> str:
    if state == EditionState.SCHEDULED:
        return f"scheduled for {_moment(slot_at, zone)}"
    if state == EditionState.DRAFT:
        return "a draft"
    return state.value


def _by_standing(facts: Facts) -> tuple[str, str] | None:
    """The person was not among those who get the edition when it went out."""
    person, edition = facts.person, facts.edition
    if edition is None:
        return None
    if person.not_yet:
        confirmed = f"they confirmed at {_moment(person.confirmed_at, facts.zone)}"
        if person.confirmed_at is None:
            confirmed = person.why_not or "the sign-up was never confirmed"
        return "not", (
            f"{person.shown} was not subscribed yet when edition {edition.number} went out"
            f"{_at(edition.began_at, facts.zone)}: {confirmed}."
        )
    if person.changed:
        return "not", (
            f"{person.shown} paused, left, came back or chose anew while edition {edition.number} was being enqueued"
            f"{_until(edition, facts.zone)}, and it was not theirs when their turn came."
        )
    if person.why_not is not None:
        return "not", (
            f"{person.shown} was not to be mailed when edition {edition.number} went out: {person.why_not}."
        )
    if not edition.everyone and person.cadence != edition.cadence:
        return "not", (
            f"{person.shown} had the cadence {person.cadence} when edition {edition.number} of {edition.campaign} went "
            f"out, and it is for the people of {edition.cadence}."
        )
    return None


def _by_topics(facts: Facts) -> tuple[str, str] | None:
    person, post = facts.person, facts.post
    if post is None or is_for(person.topics, post.topics):
        return None
    return "not", (
        f"{person.shown} chose the topics {_list(person.topics)}, and the post {post.key} is about "
        f"{_list(post.topics)}."
    )


def _by_start(facts: Facts) -> tuple[str, str] | None:
    """The post is older than where the person's consent begins, so that nobody owes it to them."""
    person, post = facts.person, facts.post
    if post is None:
        return None
    if person.confirmed_at is None and facts.edition is None:
        return (
            "not",
            f"{person.shown} is not subscribed: {person.why_not or 'the sign-up was never confirmed'}.",
        )
    if post.release_number is None or post.release_number > person.floor:
        return None
    released, joined = post.released_at, person.confirmed_at
    if (
        facts.live_at is not None
        and (joined is None or joined <= facts.live_at)
        and _before(released, facts.live_at)
    ):
        return "not", (
            f"The post {post.key} was released before this site went live{_at(facts.live_at, facts.zone)}, and "
            f"{person.shown} is owed what came after it."
        )
    if person.anew:
        return "not", (
            f"{person.shown} had left, and came back at {_moment(joined, facts.zone)} as a new start, which is behind "
            f"the post {post.key}, released{_at(released, facts.zone)}."
        )
    if _before(released, joined):
        return _not_subscribed_yet(facts)
    return "not", f"{person.shown} is owed only what was released after the post {post.key}."


def _not_subscribed_yet(facts: Facts) -> tuple[str, str] | None:
    person, post = facts.person, facts.post
    if post is None:
        return None
    return "not", (
        f"{person.shown} was not subscribed yet when the post {post.key} was released"
        f"{_at(post.released_at, facts.zone)}{_joined(person, facts.zone)}."
    )


def _before(first: datetime | None, second: datetime | None) -> bool:
    return first is not None and second is not None and first <= second


def _by_settling(facts: Facts) -> tuple[str, str] | None:
    """The watermark has passed the post, and no mail brought it."""
    person, post = facts.person, facts.post
    if post is None or post.release_number is None or post.release_number > person.watermark:
        return None
    settled = facts.settled
    if settled is not None and not is_for(settled.topics, settled.post_topics):
        return "not", (
            f"When edition {settled.edition} went out, {person.shown} chose the topics {_list(settled.topics)}, and "
            f"the post {post.key} is about {_list(settled.post_topics)}."
        )
    if post.kept_out:
        return _by_keeping_out(facts)
    if settled is None and _before(post.released_at, person.confirmed_at):
        # They began behind it, as practice has its own beginning.
        return _not_subscribed_yet(facts)
    return "not", (
        f"The post {post.key} was settled for {person.shown} without a mail: it was not for them when its edition "
        "went out (other topics, or kept out of mail)."
    )


def _by_keeping_out(facts: Facts) -> tuple[str, str] | None:
    if facts.post is None or not facts.post.kept_out:
        return None
    return "not", (
        f"Staff cancelled an edition with the post {facts.post.key} and kept it out of mail for the people of that "
        "campaign."
    )


def _by_not_being_mailable(facts: Facts) -> tuple[str, str] | None:
    """Owed, and the person is not to be mailed now. A pause ends with what was missed."""
    person, post = facts.person, facts.post
    if person.why_not is None:
        return None
    if person.paused and post is not None:
        return "due", (
            f"The post {post.key} is owed to {person.shown} and waits for them, because {person.why_not}."
        )
    return "not", f"{person.shown} is not to be mailed: {person.why_not}."


def _by_reach(facts: Facts) -> tuple[str, str] | None:
    person, post, edition = facts.person, facts.post, facts.edition
    if edition is not None and edition.lowest is not None and person.watermark < edition.lowest:
        return "due", (
            f"{person.shown} is owed more than edition {edition.number} carries, and their next edition brings all of "
            "it."
        )
    open_still = post is None or (post.release_number or 0) > person.watermark
    if (
        edition is not None
        and edition.newest is not None
        and person.watermark < edition.newest
        and open_still
    ):
        return "due", (
            f"Edition {edition.number} did not come to {person.shown}, and their next edition brings what they are "
            "owed."
        )
    settled = facts.settled
    if post is not None and edition is not None and settled is not None and settled.edition != edition.number:
        return _by_settling(facts)
    return None


def _nothing_new(facts: Facts) -> tuple[str, str]:
    number = facts.edition.number if facts.edition else 0
    what = f"The post {facts.post.key} was" if facts.post else "There was nothing"
    if facts.post:
        return "not", f"{what} not new for {facts.person.shown} in edition {number}."
    return "not", f"{what} new for {facts.person.shown} in edition {number}."


def _to_come(facts: Facts) -> tuple[str, str]:
    person, post, coming = facts.person, facts.post, facts.coming
    what = f"The post {post.key}" if post else "It"
    if not facts.runs:
        return (
            "due",
            f"{what} is owed to {person.shown}, and no campaign runs for the cadence {person.cadence}.",
        )
    if coming is not None:
        return "due", (
            f"{what} is owed to {person.shown} and comes with edition {coming.edition}, which is "
            f"{_standing_of(coming.state, coming.slot_at, facts.zone)}."
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


def _until(edition: EditionFacts, zone: str) -> str:
    if edition.began_at is None or edition.enqueued_at is None:
        return ""
    return f" ({_moment(edition.began_at, zone)} to {_moment(edition.enqueued_at, zone)})"


def _list(words: frozenset[str]) -> str:
    return ", ".join(sorted(words))
