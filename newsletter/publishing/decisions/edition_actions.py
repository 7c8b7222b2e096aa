"""What staff decide about an edition: approve, schedule, pause, resume, cancel; and what becomes of mail in doubt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from newsletter.config import Config
from newsletter.errors import Refused
from newsletter.models import (
    Act,
    Delivery,
    DeliveryState,
    Edition,
    EditionPost,
    EditionState,
    KeptOut,
    Reason,
    Site,
)
from newsletter.models.edition import UNSTARTED
from newsletter.publishing import log
from newsletter.publishing.decisions import post_actions
from newsletter.publishing.editions import lint, transitions
from newsletter.publishing.editions.compose import find
from newsletter.publishing.ledger.watermarks import call_off, call_off_cancelled
from subscribers.cadence import Cadence

#: Characters of a subject or a preheader.
_LONGEST_LINE = 200
#: How long what is sent now can still be undone.
UNDO = timedelta(minutes=2)
#: What staff decided about a mail that may have arrived.
LEFT = "staff left it as it is"


def _locked(number: int) -> Edition:
    """The edition, under the site's lock, so that nothing is enqueued while staff decide."""
    find(number)
    Site.locked()
    return Edition.objects.select_related("campaign").select_for_update(of=("self",)).get(pk=number)


def approve(number: int, now: datetime, *, config: Config | None = None, despite: bool = False) -> Edition:
    """Staff have seen it: it is sent at its slot, or now when that has passed.

    With ``config`` the lint looks at it first, and an error raises Refused unless staff say ``despite``.
    """
    if config is not None:
        lint.must_pass(find(number), config, despite=despite)
    return _approve(number, now)


def schedule(
    number: int, at: datetime, now: datetime, *, config: Config | None = None, despite: bool = False
) -> Edition:
    """Send it at an instant; this counts as approval, and the lint looks as there."""
    if at <= now:
        raise Refused("That moment is in the past; newsletter editions send N --yes sends now.")
    if config is not None:
        lint.must_pass(find(number), config, despite=despite)
    return _approve(number, now, slot_at=at)


def send_soon(number: int, now: datetime, *, config: Config | None = None, despite: bool = False) -> Edition:
    """Send it now, but for a moment in which ``take_back`` still undoes it; this counts as approval, and the lint looks
    as there."""
    if config is not None:
        lint.must_pass(find(number), config, despite=despite)
    return _approve(number, now, slot_at=now + UNDO)


@transaction.atomic
def take_back(number: int, now: datetime) -> Edition:
    """Staff take their yes back before anything has gone: it waits for another. Raises Refused once it has begun."""
    edition = _locked(number)
    if edition.state != EditionState.SCHEDULED:
        raise Refused(
            f"Edition {number} is {edition.state}; only what is scheduled and has not begun can be taken back."
        )
    transitions.back_to_approval(edition, Reason.STAFF_TOOK_BACK, "", now)
    log.note(Act.TOOK_BACK, now, edition)
    return edition


@transaction.atomic
def reword(number: int, now: datetime, *, subject: str, preheader: str, note: str) -> Edition:
    """Give an edition a subject, a preheader and a note of its own; empty for the campaign's, and for no note. One that
    was approved waits for a yes again: it is not what staff saw. Raises Refused once it has begun, and for a subject or
    preheader that is too long."""
    edition = _locked(number)
    if edition.state not in UNSTARTED:
        raise Refused(f"Edition {number} is {edition.state}; only one that has not begun can be changed.")
    words = {"subject": _one_line(subject), "preheader": _one_line(preheader)}
    for name, text in words.items():
        if len(text) > _LONGEST_LINE:
            raise Refused(f"The {name} has {len(text)} characters; {_LONGEST_LINE} are the most.")
    edition.subject, edition.preheader, edition.note = words["subject"], words["preheader"], note.strip()
    if edition.frozen_at is not None:
        campaign = edition.campaign
        edition.frozen["frame"] |= {
            "subject": edition.subject or campaign.subject,
            "preheader": edition.preheader or campaign.preheader,
            "note": edition.note,
        }
        edition.variants.all().delete()
    edition.save(update_fields=["subject", "preheader", "note", "frozen"])
    transitions.back_to_approval(edition, Reason.STAFF_REWORDED, "", now)
    log.note(Act.REWORDED, now, edition)
    return edition


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def needs_other_eyes(edition: Edition) -> None:
    """Raise Refused where the campaign says "four eyes", for whoever made or changed the edition last."""
    who = log.acts_now()
    if edition.campaign.four_eyes and log.changed_last_by(edition) == who:
        raise Refused(
            f"You made or changed edition {edition.pk} last, and {edition.campaign.name} asks for four eyes: somebody "
            "else has to approve it."
        )


def may_be_approved(edition: Edition) -> None:
    """Raise Refused or IllegalMove for an edition that nobody can say yes to any more."""
    if edition.state == EditionState.SKIPPED:
        raise Refused(
            f"Edition {edition.pk} was skipped ({edition.because}), and its posts are owed with the next one. To send "
            f"them now: newsletter editions compose --campaign {edition.campaign.name}"
        )
    if edition.state != EditionState.SCHEDULED:
        edition.must_become(EditionState.SCHEDULED)


@transaction.atomic
def _approve(number: int, now: datetime, *, slot_at: datetime | None = None) -> Edition:
    edition = _locked(number)
    may_be_approved(edition)
    needs_other_eyes(edition)
    transitions.approve(edition, now, slot_at=slot_at)
    if slot_at is None:
        log.note(Act.APPROVED, now, edition)
    else:
        log.note(Act.SCHEDULED, now, edition, at=slot_at.isoformat())
    return edition


@transaction.atomic
def pause(number: int, now: datetime, reason: Reason = Reason.NONE) -> Edition:
    """Stop: what is on the wire is finished, the rest waits."""
    edition = _locked(number)
    transitions.pause(edition, reason)
    log.note(Act.PAUSED, now, edition, why=edition.because)
    return edition


@transaction.atomic
def resume(number: int, now: datetime) -> Edition:
    """Go on where it was paused."""
    edition = _locked(number)
    if edition.state != EditionState.PAUSED:
        raise Refused(f"Edition {number} is {edition.state}, not paused.")
    transitions.resume(edition)
    log.note(Act.RESUMED, now, edition)
    return edition


def cancel(number: int, now: datetime, *, owed_again: bool | None = None) -> tuple[Edition, int]:
    """Call an edition off. What has not gone is owed again at the next slot (the default for digests) or kept out of
    mail (the default for "each post"). Returns the edition, and how many deliveries were called off.

    What has gone, has gone: those people keep their posts in the ledger.
    """
    with transaction.atomic():
        edition = _locked(number)
        if edition.state == EditionState.SENT:
            raise Refused(f"Edition {number} is sent; a mail cannot be called back.")
        if edition.state == EditionState.CANCELLED:
            return edition, call_off_cancelled(now)  # the first cancelling may have been cut short
        if owed_again is None:
            owed_again = edition.campaign.cadence != Cadence.EACH_POST
        transitions.cancel(edition, Reason.STAFF_CANCELLED, now, owed_again=owed_again)
        log.note(Act.CANCELLED, now, edition, owed_again=owed_again)
        if not owed_again and edition.moves_watermarks:
            _keep_out(edition, now)
    count = call_off(edition, DeliveryState.CANCELLED, edition.because, now, owed_again=owed_again)
    return edition, count


def _keep_out(edition: Edition, now: datetime) -> None:
    """Nobody of this campaign is owed these releases any more, enqueued or not, nor gets them with an edition that was
    frozen already."""
    numbers: Iterable[int]
    numbers = edition.edition_posts.filter(release_number__gt=0).values_list("release_number", flat=True)
    if edition.lead is not None and edition.frozen_at is None:
        numbers = [edition.lead]  # it would have taken its post at the end of its wait
    elif edition.lead is not None:
        # "Each post": only what it was made for; what it carried for those behind stays owed.
        earlier = Edition.objects.filter(campaign=edition.campaign, lead__lt=edition.lead)
        last = earlier.aggregate(last=Max("lead"))["last"] or 0
        numbers = [number for number in numbers if number > last]
    numbers = list(numbers)
    KeptOut.objects.bulk_create(
        [KeptOut(campaign=edition.campaign, release_number=number) for number in numbers],
        ignore_conflicts=True,
    )
    others = Edition.objects.filter(
        campaign=edition.campaign,
        moves_watermarks=True,
        practice=None,
        state__in=[*UNSTARTED, EditionState.PAUSED],
        pk__in=EditionPost.objects.filter(release_number__in=numbers).values("edition_id"),
    )
    why = (Reason.KEPT_OUT, edition.pk)
    for other in others.select_for_update(of=("self",)):
        kept_out = other.edition_posts.filter(release_number__in=numbers).values_list("post_id", flat=True)
        post_actions.take_out(other, list(kept_out), why, why, now)


@transaction.atomic
def decide_doubt(number: int, config: Config, now: datetime, *, send_again: bool) -> int:
    """Settle what may have arrived: send it again (it may arrive twice), or leave it. Returns how many.

    What nobody decided within ``schedule.doubt_days`` is closed and stays as it is.
    """
    edition = _locked(number)
    since = now - timedelta(days=config.schedule.doubt_days)
    doubtful = Delivery.objects.filter(edition=edition, state=DeliveryState.UNKNOWN, changed_at__gt=since)
    doubtful = doubtful.exclude(reply=LEFT)
    log.note(Act.SEND_AGAIN if send_again else Act.LEFT_IN_DOUBT, now, edition, mails=doubtful.count())
    if not send_again:
        return doubtful.update(reply=LEFT)
    return _open_again(edition, [row.pk for row in doubtful.only("pk")], now)


@transaction.atomic
def retry_failed(number: int, now: datetime) -> int:
    """Try those that failed for good once more. Returns how many."""
    edition = _locked(number)
    failed = Delivery.objects.filter(edition=edition, state=DeliveryState.FAILED, subscriber__isnull=False)
    log.note(Act.RETRIED, now, edition, mails=failed.count())
    return _open_again(edition, [row.pk for row in failed.only("pk")], now)


def _open_again(edition: Edition, ids: list[int], now: datetime) -> int:
    if edition.state not in (EditionState.SENDING, EditionState.SENT, EditionState.PAUSED):
        raise Refused(f"Edition {edition.pk} is {edition.state}, and nothing of it is sent any more.")
    if not ids:
        return 0
    Delivery.objects.filter(pk__in=ids).update(
        state=DeliveryState.PENDING,
        attempts=0,
        first_attempt_at=None,
        next_attempt_at=None,
        worker=None,
        changed_at=now,
    )
    if edition.state == EditionState.SENT:
        transitions.reopen(edition)
    return len(ids)
