"""Whether an edition begins is decided by facts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from newsletter.models import EditionState
from newsletter.publishing.schedule.begin import Contents, Facts, Verdict, decide
from newsletter.publishing.schedule.enqueue import Seen
from newsletter.rendering.lint.level import Level, LintProblem

NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
SCHEDULED, APPROVED = Seen(EditionState.SCHEDULED, None), Seen(EditionState.SCHEDULED, NINE)
ERROR = LintProblem("links", Level.ERROR, "it leads nowhere")
FULL = Contents(posts=2, people=10, below_reach=0)
#: A slot's edition at its hour, with posts for ten people.
DUE = Facts(
    seen=SCHEDULED,
    now_it_is=SCHEDULED,
    by_itself=True,
    of_slot=True,
    each_post=False,
    campaign_paused=False,
    campaign_asks=False,
    dark=False,
    contents=FULL,
)
EACH_POST = replace(DUE, of_slot=False, each_post=True)
BY_HAND = replace(DUE, by_itself=False, seen=APPROVED, now_it_is=APPROVED)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (DUE, Verdict.BEGIN),
        (replace(DUE, contents=None), Verdict.LOOK),
        (replace(DUE, contents=replace(FULL, posts=0)), Verdict.SKIP_NOTHING_NEW),
        (replace(DUE, contents=replace(FULL, people=0)), Verdict.BEGIN),  # every watermark moves past them
        (replace(DUE, contents=replace(FULL, below_reach=11)), Verdict.COMPOSE_ANEW),
        (replace(DUE, contents=replace(FULL, below_reach=10)), Verdict.BEGIN),
        (replace(DUE, contents=replace(FULL, errors=[ERROR])), Verdict.HOLD_BACK),
        (replace(DUE, contents=replace(FULL, errors=[ERROR], below_reach=11)), Verdict.COMPOSE_ANEW),
        (replace(DUE, campaign_paused=True), Verdict.SKIP_PAUSED),
        (replace(DUE, dark=True), Verdict.SKIP_BLACKOUT),
        (replace(DUE, dark=True, seen=APPROVED, now_it_is=APPROVED), Verdict.BEGIN),
        (replace(DUE, campaign_asks=True), Verdict.BEGIN),  # asked about when it was made, if at all
        (EACH_POST, Verdict.BEGIN),
        (replace(EACH_POST, campaign_asks=True), Verdict.ASK),
        (replace(EACH_POST, campaign_asks=True, contents=replace(FULL, posts=0)), Verdict.SKIP_NOTHING_NEW),
        (replace(EACH_POST, campaign_asks=True, seen=APPROVED, now_it_is=APPROVED), Verdict.BEGIN),
        (replace(EACH_POST, campaign_paused=True), Verdict.LEAVE),
        (replace(EACH_POST, dark=True), Verdict.POSTPONE),
        (replace(EACH_POST, dark=True, campaign_paused=True), Verdict.POSTPONE),
        (replace(BY_HAND, campaign_paused=True, dark=True, campaign_asks=True), Verdict.BEGIN),
        (replace(BY_HAND, contents=replace(FULL, errors=[ERROR])), Verdict.HOLD_BACK),
    ],
)
def test_what_becomes_of_it(facts: Facts, verdict: Verdict) -> None:
    assert decide(facts) is verdict


@pytest.mark.parametrize(
    ("seen", "now_it_is", "verdict"),
    [
        (SCHEDULED, Seen(EditionState.SENDING, None), Verdict.GOES),
        (SCHEDULED, Seen(EditionState.PAUSED, None), Verdict.LEAVE),
        (SCHEDULED, Seen(EditionState.AWAITING_APPROVAL, None), Verdict.LEAVE),
        (SCHEDULED, Seen(EditionState.CANCELLED, None), Verdict.LEAVE),
        (SCHEDULED, APPROVED, Verdict.BEGIN),
        (APPROVED, SCHEDULED, Verdict.LEAVE),
        (Seen(EditionState.PAUSED, NINE), APPROVED, Verdict.LEAVE),
        (Seen(EditionState.DRAFT, NINE), Seen(EditionState.DRAFT, None), Verdict.LEAVE),
        (Seen(EditionState.DRAFT, NINE), APPROVED, Verdict.BEGIN),
    ],
)
@pytest.mark.parametrize("contents", [None, FULL])
def test_who_changed_it_meanwhile_is_obeyed(
    seen: Seen, now_it_is: Seen, verdict: Verdict, contents: Any
) -> None:
    if verdict is Verdict.BEGIN and contents is None:
        verdict = Verdict.LOOK
    assert decide(replace(DUE, seen=seen, now_it_is=now_it_is, contents=contents)) is verdict
