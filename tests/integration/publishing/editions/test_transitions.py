"""The moves of an edition: each is checked against the row as it is, and sets whatever hangs on it."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from zlib import crc32

import legal_moves
import pytest
from django.apps import apps
from django.db import DatabaseError
from world import World

from newsletter.errors import IllegalMove
from newsletter.models import Campaign, Delivery, Edition, EditionState, Reason, StaffMail, StaffMailKind
from newsletter.models.reason import clause
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.editions import compose, transitions
from newsletter.publishing.editions.delivery_counts import tally
from newsletter.transports.base import Result

HOUR = timedelta(hours=1)


@pytest.fixture
def edition(world: World) -> Edition:
    world.join("ann")
    world.release()
    return compose.compose("weekly", world.config, world.now)


def stored(edition: Edition) -> Edition:
    return Edition.objects.get(pk=edition.pk)


def test_a_move_is_checked_against_the_row_and_not_against_what_was_read(
    world: World, edition: Edition
) -> None:
    stale = stored(edition)
    transitions.cancel(edition, Reason.STAFF_CANCELLED, world.now)
    with pytest.raises(IllegalMove, match="was cancelled and stays so"):
        transitions.approve(stale, world.now)
    assert (stored(edition).state, stored(edition).approved_at) == (EditionState.CANCELLED, None)


def test_approval_ends_with_what_was_seen(world: World, edition: Edition) -> None:
    transitions.ask(edition, Reason.UNSEEN, by=world.now + HOUR)
    transitions.approve(edition, world.now, slot_at=world.now + 2 * HOUR)
    row = stored(edition)
    assert (row.state, row.approved_at, row.slot_at, row.because) == (
        EditionState.SCHEDULED,
        world.now,
        world.now + 2 * HOUR,
        "",
    )
    assert transitions.back_to_approval(row, Reason.POST_TAKEN_OUT, "seed", world.now)
    row = stored(edition)
    assert (row.state, row.approved_at, row.because) == (
        EditionState.AWAITING_APPROVAL,
        None,
        'the post "seed" was taken out of it',
    )


def test_a_deadline_that_has_passed_is_none(world: World, edition: Edition) -> None:
    transitions.ask(edition, by=world.now + HOUR)
    transitions.approve(edition, world.now)
    transitions.back_to_approval(edition, Reason.CAME_BACK, "", world.now)
    assert stored(edition).approve_by == world.now + HOUR
    transitions.approve(edition, world.now)
    transitions.back_to_approval(edition, Reason.CAME_BACK, "", world.now + HOUR)
    assert stored(edition).approve_by is None


def test_what_has_begun_does_not_go_back(world: World, edition: Edition) -> None:
    transitions.begin(edition, world.now, practice=False)
    assert not transitions.back_to_approval(edition, Reason.LINT, "x", world.now)
    assert not transitions.recompose(edition, Reason.CAME_BACK, world.now)
    assert stored(edition).state == EditionState.SENDING
    assert edition.edition_posts.exists()


def test_a_pause_ends_where_it_began(world: World, edition: Edition) -> None:
    transitions.approve(edition, world.now)
    transitions.pause(edition, Reason.STAFF_STOPPED)
    assert stored(edition).because == "staff stopped it with the link in its proof"
    transitions.resume(edition)
    assert (stored(edition).state, stored(edition).reason) == (EditionState.SCHEDULED, "")
    transitions.begin(edition, world.now, practice=True)
    transitions.pause(edition, Reason.FAULT, "the relay said no" * 40)
    assert len(stored(edition).detail) == 300
    transitions.resume(edition)
    assert stored(edition).state == EditionState.SENDING


def test_an_edition_for_nobody_is_skipped_and_says_which_kind_of_nobody(
    world: World, edition: Edition
) -> None:
    transitions.begin(edition, world.now, practice=False)
    transitions.cut_short(edition, world.now)
    transitions.finish(edition, world.now, reached_anybody=False)
    assert (stored(edition).state, stored(edition).reason) == (EditionState.SKIPPED, Reason.CUT_SHORT)
    other = compose.compose("weekly", world.config, world.now)
    transitions.begin(other, world.now, practice=False)
    transitions.finish(other, world.now, reached_anybody=False)
    assert stored(other).reason == Reason.NOTHING_FOR_ANYBODY


def test_every_code_has_its_clause_and_an_unknown_one_stands_as_it_is() -> None:
    clauses = {reason: clause(reason, "7") for reason in Reason}
    assert len(set(clauses.values()) - {"7"}) == len(Reason) - 2  # text and fault are their details
    assert clause("from_the_future", "7") == "from_the_future 7"
    assert clause("", "") == ""


SENTENCES = [
    ("nothing new", "skipped", "nothing_new", ""),
    ("edition 12 carries its posts", "skipped", "carried", "12"),
    ('its only post "a "quoted" one" was taken back', "cancelled", "last_post_taken_out", 'a "quoted" one'),
    ("an error in it (and 2 more): too large", "awaiting approval", "lint", "too large (and 2 more)"),
    ("an error in it: a link", "awaiting approval", "lint", "a link"),
    ("mails to gmail.example are too large", "paused", "fault", "mails to gmail.example are too large"),
    ("because of the weather", "skipped", "text", "because of the weather"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "state", "reason", "detail"), SENTENCES)
def test_stored_sentences_become_codes(
    sentence: str, state: str, reason: str, detail: str, world: World
) -> None:
    migration = import_module("newsletter.migrations.0007_reason_codes")
    campaign = Campaign.objects.get(cadence="weekly")
    row = Edition.objects.create(
        campaign=campaign, state=state, detail=sentence, slot_at=world.now, created_at=world.now
    )
    mark = f"{crc32(sentence.encode()):x}"
    for event in (f"waits {row.pk} {mark}", f"waits {row.pk} {mark} 12-01 09:00", f"report {row.pk}"):
        StaffMail.objects.create(
            kind=StaffMailKind.WAITS,
            event=event,
            address="ann@example.org",
            edition=row,
            expires_at=world.now,
            created_at=world.now,
            changed_at=world.now,
        )
    migration.to_codes(apps, None)
    row = stored(row)
    assert (row.reason, row.detail) == (reason, detail)
    assert reason in set(Reason)
    told = f"waits {row.pk} {reason} {detail}"[:60]
    assert list(StaffMail.objects.order_by("pk").values_list("event", flat=True)) == [
        told,
        f"{told} 12-01 09:00",
        f"report {row.pk}",
    ]


def test_what_every_code_said_before_it_was_one_is_known() -> None:
    coded = import_module("newsletter.migrations.0007_reason_codes").coded
    later = {Reason.STAFF_TOOK_BACK, Reason.STAFF_REWORDED}
    for reason in set(Reason) - {Reason.TEXT, Reason.FAULT} - later:
        detail = "7" if "{}" in clause(reason, "{}") else ""
        assert coded(clause(reason, detail), "skipped") == (reason, detail)


def test_the_test_database_refuses_moves_that_no_table_has(world: World, edition: Edition) -> None:
    """Or all the stories that pass on it would prove nothing about the tables."""
    legal_moves.put(Edition.objects.filter(pk=edition.pk), EditionState.SENT)
    with pytest.raises(DatabaseError, match="no legal move in newsletter_edition"):
        Edition.objects.filter(pk=edition.pk).update(state=EditionState.DRAFT)
    assert stored(edition).state == EditionState.SENT


def test_what_became_of_an_edition_is_counted_once_when_it_is_over(world: World, edition: Edition) -> None:
    edition_actions.approve(edition.pk, world.now)
    world.run()
    row = stored(edition)
    assert row.final["counts"]["sent"] == 1
    assert tally(row).counts["sent"] == 1
    legal_moves.put(Delivery.objects.filter(edition=row), "failed")
    assert edition_actions.retry_failed(row.pk, world.now) == 1
    assert stored(edition).final == {}
    assert tally(stored(edition)).counts["pending"] == 1
    world.run()
    assert stored(edition).final["counts"]["sent"] == 1


def test_what_is_in_doubt_is_counted_at_every_look(world: World, edition: Edition) -> None:
    world.relay.answers = [Result.UNKNOWN]
    edition_actions.approve(edition.pk, world.now)
    world.run()
    assert (stored(edition).state, stored(edition).final) == (EditionState.SENT, {})
