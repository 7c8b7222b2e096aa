"""From practice to the real relay: what is cancelled, where everybody starts, and when it is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from world import World

from newsletter.errors import Refused
from newsletter.models import Campaign, Delivery, Edition, Post, Site
from newsletter.models.post import FIRST_SYNC
from newsletter.publishing import compose, decide, live
from newsletter.publishing.finding import Finding
from subscribers.models import Subscription

WELL = [Finding("database", True, "ok")]


@pytest.fixture
def practising(world: World) -> World:
    """A world whose mail goes to a relay in memory, as practice."""
    outbox = world.config.email.model_copy(update={"transport": "outbox"})
    world.config = world.config.model_copy(update={"email": outbox})
    return world


def for_real(world: World) -> None:
    smtp = world.config.email.model_copy(update={"transport": "smtp"})
    world.config = world.config.model_copy(update={"email": smtp})


def test_practice_is_cancelled_and_what_comes_is_mailed_for_real(practising: World) -> None:
    world = practising
    world.join("ann")
    practised = world.release()
    sent = compose.compose("weekly", world.config, world.now)
    decide.approve(sent.pk, world.now)
    world.run()
    draft = compose.compose("weekly", world.config, world.now, posts=[world.posts[practised].key])
    assert world.got("ann") == [practised]
    going = live.go(None, world.now)
    assert (going.people, going.posts, going.editions) == (1, 0, 2)
    states = set(Edition.objects.filter(pk__in=[sent.pk, draft.pk]).values_list("state", flat=True))
    assert states == {"cancelled"}
    assert set(Delivery.objects.values_list("state", flat=True)) == {"cancelled"}
    assert Site.objects.get(pk=1).live_at == world.now
    for_real(world)
    world.relay.taken.clear()
    fresh = world.release()
    world.move(days=8)
    world.run()
    assert world.got("ann") == [fresh]


def test_since_owes_everybody_what_was_released_from_that_instant_on(practising: World) -> None:
    world = practising
    world.release()
    world.move(days=3)
    since = world.now
    recent = [world.release(), world.release(mail=False), world.release()]
    world.join("ann")  # joins behind all of them
    assert live.plan(since).posts == 2
    assert live.go(since, world.now).posts == 2
    for_real(world)
    world.move(days=8)
    world.run()
    assert sorted(world.got("ann")) == [recent[0], recent[2]]


def test_since_brings_what_another_tool_did_not_send_any_more(practising: World) -> None:
    world = practising
    archive = [world.release(mail=False) for _ in range(3)]
    for mark, days in zip(archive, (30, 2, 1), strict=True):
        Post.objects.filter(pk=world.posts[mark].pk).update(
            no_mail_because=FIRST_SYNC, dated_at=world.now - timedelta(days=days)
        )
    world.join("ann")
    assert live.go(world.now - timedelta(days=7), world.now).posts == 2
    for_real(world)
    world.move(days=8)
    world.run()
    assert sorted(world.got("ann")) == archive[1:]


def test_a_site_that_sent_for_real_already_keeps_what_it_owes(practising: World) -> None:
    world = practising
    for_real(world)
    world.join("ann")
    first = world.release()
    world.move(days=8)
    world.run()
    second = world.release()
    live.go(None, world.now)
    world.move(days=8)
    world.run()
    assert world.got("ann") == [first, second]


def test_every_subscription_starts_at_one_place_whatever_practice_did(practising: World) -> None:
    world = practising
    for name in ("ann", "bob"):
        world.join(name)
    world.release()
    world.move(days=8)
    world.run()
    world.release()
    going = live.go(None, world.now)
    rows = set(Subscription.objects.values_list("watermark", "floor"))
    assert rows == {(going.watermark, going.watermark)}
    assert set(Campaign.objects.values_list("frozen_through", "made_through")) == {
        (going.watermark, going.watermark)
    }


def test_going_live_happens_once(practising: World) -> None:
    for_real(practising)
    live.go(None, practising.now)
    with pytest.raises(Refused, match="live"):
        live.go(None, practising.now + timedelta(1))
    with pytest.raises(Refused, match="has been live since"):
        live.must_be_ready(practising.config, WELL)


def test_everything_that_is_missing_is_named_at_once(practising: World) -> None:
    site = practising.config.site.model_copy(update={"postal_address": " "})
    config = practising.config.model_copy(update={"site": site})
    with pytest.raises(Refused) as refused:
        live.must_be_ready(config, [Finding("templates", False, "line 3 is wrong")])
    text = str(refused.value)
    assert all(
        word in text for word in ("email.transport", "site.postal_address", "templates: line 3 is wrong")
    )
