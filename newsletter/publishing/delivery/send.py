"""One edition sent by hand, from whatever state it is in, until nothing of it is pending."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from django.db import transaction

from newsletter.config import Config
from newsletter.database.passing import until_it_passes
from newsletter.errors import IllegalMove, Refused, TransportError
from newsletter.models import Act, Delivery, Edition, EditionState, Site
from newsletter.models.delivery import UNFINISHED
from newsletter.models.edition import UNSTARTED
from newsletter.publishing import log
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.delivery.deliver import Delivering, Report, finish
from newsletter.publishing.editions import compose
from newsletter.publishing.editions.personalize import Links
from newsletter.publishing.schedule import enqueue, tick
from newsletter.publishing.schedule.begin import begin
from newsletter.transports.base import Transport

_log = logging.getLogger("newsletter.send")

#: Seconds between two looks at what another process has in hand.
_LOOK = 0.5


def send(
    number: int,
    config: Config,
    links: Links,
    open_transport: Callable[[], Transport],
    *,
    clock: Callable[[], datetime],
    stop: threading.Event,
    progress: Callable[[int, int], None],
) -> Edition:
    """Start an edition if need be, enqueue what is missing, deliver, and wait for what other processes have in hand.

    After a crash the next call goes on where this one ended. ``progress`` gets (done, of all). Sending by hand counts
    as approval. An edition with nothing for anybody comes back "skipped". Raises NotFound, Refused, RenderError, and
    TransportError when the relay took nothing more; what has not gone stays pending.
    """
    edition = compose.find(number)
    if not _started(edition, config, clock()):
        return compose.find(number)

    def one_round() -> bool:
        return _round(
            edition,
            lambda counting: Delivering(
                config, links, open_transport, clock=clock, stop=stop, edition=edition, progress=counting
            ).run(),
            clock,
            stop,
            progress,
        )

    while not stop.is_set():
        # What a full disk, say, cut off is swept and gone on with, as soon as there is room.
        if until_it_passes(one_round, stop, said=lambda trouble: _log.warning("sending waits: %s", trouble)):
            break
        stop.wait(_LOOK)  # another process holds the rest; if it dies, the next round takes it back
    until_it_passes(lambda: finish(clock()), stop, said=lambda _: None)
    return compose.find(number)


def _round(
    edition: Edition,
    deliver: Callable[[Callable[[Counter[str]], None]], Report],
    clock: Callable[[], datetime],
    stop: threading.Event,
    progress: Callable[[int, int], None],
) -> bool:
    """Enqueue and deliver what there is; True when nothing of the edition may still go by itself."""
    while not stop.is_set() and enqueue.step(edition.pk, clock())[0]:
        continue
    total = Delivery.objects.filter(edition=edition).count()
    done = total - Delivery.objects.filter(edition=edition, state__in=UNFINISHED).count()
    report = deliver(_counting(progress, done, total))
    if report.stopped:
        raise TransportError(f"{report.stopped.rstrip('.')}. {_rest(edition)}")
    if edition.pk in report.held:
        raise Refused(
            f"Edition {edition.pk} is paused, for {report.held[edition.pk].rstrip('.')}. When that is mended: "
            f"newsletter editions resume {edition.pk}; or call it off: newsletter editions cancel {edition.pk}"
        )
    with suppress(OSError):  # the terminal may be gone
        progress(total - tick.unfinished(edition), total)
    now_it_is = compose.find(edition.pk)
    return now_it_is.state != EditionState.SENDING or not tick.unfinished(now_it_is)


def _counting(progress: Callable[[int, int], None], done: int, total: int) -> Callable[[Counter[str]], None]:
    return lambda outcomes: progress(done + sum(outcomes.values()), total)


def _rest(edition: Edition) -> str:
    waiting = tick.unfinished(edition)
    mails = "1 mail waits" if waiting == 1 else f"{waiting} mails wait"
    return f"{mails}; when that is mended: newsletter editions send {edition.pk} --yes"


def _started(edition: Edition, config: Config, now: datetime) -> bool:
    """Bring an edition into the state "sending"; False when it has nothing for anybody."""
    _must_be_sendable(edition)
    if edition.state in UNSTARTED:
        if edition.approved_at is None:
            edition_actions.needs_other_eyes(edition)
        _approve(edition, now)
        try:
            begun = begin(edition, config, now)
        except IllegalMove:
            begun = False  # a scheduler was first
        now_it_is = compose.find(edition.pk).state
        if not begun and now_it_is in (*UNSTARTED, EditionState.PAUSED):
            raise Refused(
                f"Edition {edition.pk} was changed a moment ago and is {now_it_is} now. Look at it again: "
                f"newsletter editions show {edition.pk}"
            )
        return begun or now_it_is == EditionState.SENDING
    if edition.practice is not None and edition.practice != config.practice:
        raise Refused(
            f"Edition {edition.pk} was begun as {'practice' if edition.practice else 'real mail'}, and email.transport "
            f"is {config.email.transport} now. Set it back, or cancel: newsletter editions cancel {edition.pk}"
        )
    return True


def _must_be_sendable(edition: Edition) -> None:
    if edition.state == EditionState.PAUSED:
        raise Refused(f"Edition {edition.pk} is paused; newsletter editions resume {edition.pk} goes on.")
    if edition.state in (EditionState.CANCELLED, EditionState.SKIPPED):
        because = f" ({edition.because})" if edition.because else ""
        raise Refused(f"Edition {edition.pk} is {edition.state}{because} and is not sent.")


@transaction.atomic
def _approve(edition: Edition, now: datetime) -> None:
    Site.locked()
    Edition.objects.filter(pk=edition.pk, state__in=UNSTARTED, approved_at=None).update(approved_at=now)
    log.note(Act.SENT_NOW, now, edition)
    edition.refresh_from_db()
