"""Whose a refusal is: the recipient's, or everyone's because the relay refuses us. Pure; it counts and decides.

One recipient that is refused is that recipient's affair, whatever the relay's words are. When several domains in a row
hear the same, it is ours: then nobody is blamed, and nobody is suppressed for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from newsletter.transports.base import Outcome, Result

#: Different domains in a row that hear the same: of words that speak of us, and of any other words. A list may well
#: begin with four people who have left their mailboxes.
_DOMAINS_OURS, _DOMAINS = 3, 5
#: Words that speak of us, of one domain alone, before anybody was accepted.
_IN_A_ROW = 10
#: Refusals that are remembered of a row; those before are settled.
_MOST = 100
#: What differs from one recipient to the next: addresses, and all with a digit (queue names, times, machines).
_PARTICULAR = re.compile(r"<[^>]*>|\S+@\S+|\S*\d\S*")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Refused(Generic[T]):
    """One recipient that the relay refused for good."""

    item: T
    recipient: str
    outcome: Outcome
    #: It was put off before because everybody heard the same, and is tried anew.
    again: bool

    @property
    def domain(self) -> str:
        return self.recipient.rpartition("@")[2].lower()


@dataclass(slots=True)
class Heard(Generic[T]):
    """What one more answer of the relay decides."""

    #: These refusals are the recipients' own.
    settled: list[Refused[T]] = field(default_factory=list)
    #: These were refused because everybody is: to be taken back.
    everyones: list[Refused[T]] = field(default_factory=list)
    #: Why the sending stops, one sentence for staff; empty when it does not.
    stop: str = ""


class Refusals(Generic[T]):
    """The answers of one run, in the order they came. ``accepted_lately``: whether the relay took mail before this run
    and not long ago; it is asked only where that decides."""

    def __init__(self, accepted_lately: Callable[[], bool]) -> None:
        self._accepted_lately = accepted_lately
        self._accepted = False
        self._row: list[Refused[T]] = []
        self._saying = ""
        #: What everybody hears, once that is known: other lines may have been in the middle of the same.
        self._everyones = ""

    def heard(self, item: T, recipient: str, outcome: Outcome, *, again: bool) -> Heard[T]:
        """One more answer. What was put off or is in doubt says nothing either way."""
        if outcome.result == Result.SENT:
            self._accepted, self._everyones = True, ""
            return Heard(settled=self._ended())
        if outcome.result != Result.FAILED or outcome.code is None:
            return Heard()
        saying = _saying(outcome)
        if saying == self._everyones:
            return Heard(everyones=[Refused(item, recipient, outcome, again)])
        before = self._ended() if saying != self._saying or len(self._row) >= _MOST else []
        self._saying = saying
        self._row.append(Refused(item, recipient, outcome, again))
        if not self._is_everyones():
            return Heard(settled=before)
        self._everyones = saying
        return Heard(settled=before, everyones=self._ended(), stop=_sentence(outcome))

    def end(self) -> list[Refused[T]]:
        """The run is over: what is left of a row was no sign of anything."""
        return self._ended()

    def _ended(self) -> list[Refused[T]]:
        row, self._row = self._row, []
        return row

    def _is_everyones(self) -> bool:
        domains = len({refused.domain for refused in self._row})
        if not self._row[0].outcome.ours:
            return domains >= _DOMAINS and not self._took_mail()
        if domains >= _DOMAINS_OURS:
            # Tried anew, they come one after another although the relay has taken all the others' mail.
            return not (all(refused.again for refused in self._row) and self._took_mail())
        return len(self._row) >= _IN_A_ROW and not self._took_mail()

    def _took_mail(self) -> bool:
        return self._accepted or self._accepted_lately()


def _saying(outcome: Outcome) -> str:
    if outcome.ours:
        return "ours"
    return f"{outcome.code} {' '.join(_PARTICULAR.sub(' ', outcome.reply).lower().split())}"


def _sentence(outcome: Outcome) -> str:
    return outcome.ours or (
        f"The relay refuses one recipient after another in the same words ({outcome.code} {outcome.reply}), so it is "
        "taken to refuse this sender: find out what it means, and see newsletter check."
    )
