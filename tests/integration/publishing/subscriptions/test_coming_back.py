"""Who left comes back by their own yes only; what leaving keeps, and where somebody who was erased starts anew."""

from __future__ import annotations

import pytest
from django.conf import settings
from world import World, next_tuesday_nine

from newsletter.publishing.editions import campaigns
from newsletter.publishing.subscriptions import sign_up as join
from newsletter.publishing.subscriptions import unsubscribe
from newsletter.publishing.subscriptions.bulk_import import admit
from subscribers import address, privacy, suppression
from subscribers.audience import mailable
from subscribers.cadence import Cadence
from subscribers.consent import Proof
from subscribers.errors import IllegalStep, SuppressedAddress
from subscribers.lists.imports import Row
from subscribers.models import Event, Status, Subscriber, Subscription, Suppression, SuppressionReason


def sign_up(world: World, name: str, cadence: Cadence = Cadence.WEEKLY) -> Subscriber:
    """What anybody can do with anybody's address."""
    person, _ = join.sign_up(
        f"{name}@example.org",
        name="",
        cadence=cadence,
        topics=[],
        event=Event.SIGNED_UP,
        proof=Proof("a form"),
        now=world.now,
    )
    return person


def add(world: World, name: str, cadence: Cadence = Cadence.WEEKLY) -> Subscriber:
    """What staff vouch for."""
    return join.add(
        f"{name}@example.org",
        cadence=cadence,
        topics=[],
        event=Event.ADDED,
        proof=Proof("told us"),
        now=world.now,
    )[0]


def leave(world: World, person: Subscriber) -> Subscription:
    return unsubscribe.leave(person, proof=Proof(), now=world.now)


def row_of(person: Subscriber) -> Subscription:
    return Subscription.objects.get(pk=person.pk)


@pytest.mark.parametrize("signed_up_since", [False, True])
def test_staff_cannot_add_who_left(world: World, signed_up_since: bool) -> None:
    ann = world.join("ann")
    leave(world, ann)
    if signed_up_since:
        sign_up(world, "ann")
    before = row_of(ann).status
    steps = ann.consents.count()
    with pytest.raises(
        IllegalStep, match=r"ann@example\.org left on 2026-11-02, and only the person can come"
    ):
        add(world, "ann")
    assert row_of(ann).status == before
    assert ann.consents.count() == steps


def test_an_import_does_not_confirm_who_left_and_was_signed_up_by_anybody(world: World) -> None:
    ann = world.join("ann")
    leave(world, ann)
    sign_up(world, "ann")
    done = admit(
        [Row(2, address.parse("ann@example.org"))],
        cadence=Cadence.WEEKLY,
        proof=Proof("a list"),
        now=world.now,
    )
    assert done.added == 0
    assert [row.reason for row in done.refused] == ["left before; only the person can come back"]
    assert row_of(ann).status == Status.PENDING


def test_somebody_who_left_a_sign_up_that_they_never_confirmed_is_not_added_either(world: World) -> None:
    pia = sign_up(world, "pia")
    leave(world, pia)
    with pytest.raises(IllegalStep):
        add(world, "pia")


def test_a_persons_own_yes_brings_them_back(world: World) -> None:
    ann = world.join("ann")
    leave(world, ann)
    sign_up(world, "ann")
    join.confirm(ann, proof=Proof(), now=world.now, by_person=True)
    assert (row_of(ann).status, row_of(ann).left_at) == (Status.CONFIRMED, None)


def test_leaving_a_mere_sign_up_does_not_renew_the_two_weeks(world: World) -> None:
    ann = world.join("ann")
    left_at = leave(world, ann).left_at
    for _ in range(3):
        world.move(days=10)
        sign_up(world, "ann")
        assert leave(world, ann).left_at == left_at
    world.release()
    sign_up(world, "ann", Cadence.EACH_POST)
    back = join.confirm(ann, proof=Proof(), now=world.now, by_person=True)
    assert back.floor == back.watermark == 1, "a new start after thirty days"


def test_who_was_back_and_leaves_again_has_two_weeks_from_then(world: World) -> None:
    ann = world.join("ann")
    leave(world, ann)
    world.move(days=3)
    world.join("ann")
    assert leave(world, ann).left_at == world.now


def test_only_what_was_left_itself_can_be_taken_back(world: World) -> None:
    ann = world.join("ann")
    left = leave(world, ann)
    world.move(minutes=10)
    assert unsubscribe.can_take_back(left, world.now)
    sign_up(world, "ann", Cadence.EACH_POST)  # a stranger's, of another cadence
    assert not unsubscribe.can_take_back(leave(world, ann), world.now)
    assert not unsubscribe.take_back(ann, proof=Proof(), now=world.now)
    assert row_of(ann).status == Status.LEFT


def test_who_took_it_back_and_leaves_again_may_take_that_back_too(world: World) -> None:
    ann = world.join("ann")
    for _ in range(3):
        leave(world, ann)
        world.move(minutes=50)
        assert unsubscribe.take_back(ann, proof=Proof(), now=world.now)
        assert row_of(ann).status == Status.CONFIRMED


@pytest.mark.parametrize("bounced_before", [False, True])
def test_who_was_erased_and_signs_up_anew_gets_nothing_twice(world: World, bounced_before: bool) -> None:
    campaigns.resume("each-post", world.now)
    ann = world.join("ann", Cadence.EACH_POST)
    world.join("bo")
    mark = world.release()
    world.run()
    assert world.got("ann") == [mark]
    if bounced_before:
        suppression.suppress(ann.hashed, SuppressionReason.BOUNCE, world.now)
    privacy.erase(ann, world.now)
    world.move(minutes=1)
    anew = sign_up(world, "ann")  # the weekly one, whose last edition ended before that post
    join.confirm(anew, proof=Proof(), now=world.now, by_person=True)
    later = world.release()
    world.until(next_tuesday_nine(world.now))
    world.run()
    assert sorted(world.got("bo")) == [mark, later]
    assert world.got("ann") == [mark, later]


def test_names_are_kept_as_one_line(world: World) -> None:
    hostile = "Ann\nBcc: x@example.org"
    join.add(
        "ann@example.org",
        name=hostile,
        cadence=Cadence.WEEKLY,
        topics=[],
        event=Event.ADDED,
        proof=Proof("told us"),
        now=world.now,
    )
    people = [Row(2, address.parse("bo@example.org"), name=hostile)]
    admit(people, cadence=Cadence.WEEKLY, proof=Proof("a list"), now=world.now)
    assert set(Subscriber.objects.values_list("name", flat=True)) == {"Ann Bcc: x@example.org"}


def test_a_stranger_who_looks_alike_is_somebody_else(world: World) -> None:
    sam, stranger = sign_up(world, "sam"), sign_up(world, "ſam")
    assert sam.pk != stranger.pk
    assert (sam.wire, stranger.wire) == ("sam@example.org", "ſam@example.org")


@pytest.mark.parametrize("reason", [SuppressionReason.ERASED, SuppressionReason.STAFF])
def test_who_was_suppressed_under_the_old_folding_stays_so(world: World, reason: SuppressionReason) -> None:
    old = address.hashed("strasse@example.org", settings.SUBSCRIBERS_SUPPRESSION_KEY)
    suppression.suppress(old, reason, world.now)
    with pytest.raises(SuppressedAddress, match="suppressed"):
        add(world, "straße")
    row = Row(2, address.parse("straße@example.org"))
    assert admit([row], cadence=Cadence.WEEKLY, proof=Proof("x"), now=world.now).added == 0
    person = sign_up(world, "straße")
    assert Suppression.objects.filter(hashed=person.hashed, reason=reason).exists()
    join.confirm(person, proof=Proof(), now=world.now, by_person=True)
    assert mailable().filter(pk=person.pk).exists() is (reason == SuppressionReason.ERASED)


def test_whose_address_bounced_is_asked_anew_when_they_sign_up(world: World) -> None:
    ann = world.join("ann")
    suppression.suppress(ann.hashed, SuppressionReason.BOUNCE, world.now)
    sign_up(world, "ann")
    assert row_of(ann).status == Status.PENDING
    join.confirm(ann, proof=Proof(), now=world.now, by_person=True)
    assert mailable().filter(pk=ann.pk).exists()


def test_whom_staff_suppressed_is_not_asked(world: World) -> None:
    ann = world.join("ann")
    suppression.suppress(ann.hashed, SuppressionReason.STAFF, world.now)
    sign_up(world, "ann")
    assert row_of(ann).status == Status.CONFIRMED
    assert not mailable().filter(pk=ann.pk).exists()
