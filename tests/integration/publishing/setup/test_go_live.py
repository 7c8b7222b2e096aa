"""From practice to the real relay: what is cancelled, where everybody starts, and when it is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from world import World, next_tuesday_nine

from newsletter.config.sections import SiteSection
from newsletter.errors import Refused
from newsletter.models import Campaign, Delivery, Edition, Post, Reason, Site
from newsletter.models.post import FIRST_SYNC
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.editions import campaigns, compose
from newsletter.publishing.ledger import release
from newsletter.publishing.setup import go_live
from newsletter.publishing.setup.check_result import Finding
from newsletter.publishing.subscriptions import bulk_import
from subscribers import address
from subscribers.cadence import Cadence
from subscribers.consent import Proof
from subscribers.lists.imports import Row
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
    edition_actions.approve(sent.pk, world.now)
    world.run()
    draft = compose.compose("weekly", world.config, world.now, posts=[world.posts[practised].key])
    assert world.got("ann") == [practised]
    going = go_live.go(None, world.now)
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
    assert go_live.plan(since).posts == 2
    assert go_live.go(since, world.now).posts == 2
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
    assert go_live.go(world.now - timedelta(days=7), world.now).posts == 2
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
    go_live.go(None, world.now)
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
    going = go_live.go(None, world.now)
    rows = set(Subscription.objects.values_list("watermark", "floor"))
    assert rows == {(going.watermark, going.watermark)}
    assert set(Campaign.objects.values_list("frozen_through", "made_through")) == {
        (going.watermark, going.watermark)
    }


def test_going_live_happens_once(practising: World) -> None:
    for_real(practising)
    go_live.go(None, practising.now)
    with pytest.raises(Refused, match="live"):
        go_live.go(None, practising.now + timedelta(1))
    with pytest.raises(Refused, match="has been live since"):
        go_live.must_be_ready(practising.config, WELL)


def test_everything_that_is_missing_is_named_at_once(practising: World) -> None:
    site = practising.config.site.model_copy(update={"postal_address": " "})
    config = practising.config.model_copy(update={"site": site})
    with pytest.raises(Refused) as refused:
        go_live.must_be_ready(config, [Finding("templates", False, "line 3 is wrong")])
    text = str(refused.value)
    assert all(
        word in text for word in ("email.transport", "site.postal_address", "templates: line 3 is wrong")
    )


# what was made in practice


def mailed_after(world: World, name: str) -> list[int]:
    """What arrives for real within two slots after going live."""
    for_real(world)
    world.relay.taken.clear()
    for _ in range(2):
        world.move(days=8)
        world.run()
    return world.got(name)


def test_what_was_made_in_practice_is_mailed_with_the_next_edition_when_staff_say_so(
    practising: World,
) -> None:
    world = practising
    world.release(mail=False)
    world.join("ann")
    posts = [world.release(), world.release()]
    world.move(days=8)
    world.run()  # practised
    world.join("late")
    assert [post.pk for post in go_live.practised()] == [world.posts[mark].pk for mark in posts]
    assert go_live.plan(None).passed_over == 2
    going = go_live.go(None, world.now, with_practised=True)
    assert (going.posts, going.passed_over) == (2, 0)
    assert sorted(mailed_after(world, "ann")) == posts
    assert sorted(world.got("late")) == posts


def test_each_post_mails_what_practice_mailed_or_cancelled(practising: World) -> None:
    world = practising
    campaigns.resume("each-post", world.now)
    campaigns.edit("each-post", world.now, wait_minutes=0)
    world.join("ann", Cadence.EACH_POST)
    posts = [world.release()]
    world.run()
    posts.append(world.release())
    world.tick()
    edition_actions.cancel(Edition.objects.latest("pk").pk, world.now, owed_again=True)
    go_live.go(None, world.now, with_practised=True)
    assert mailed_after(world, "ann") == posts


def test_what_is_passed_over_stays_out_of_mail_and_says_so(practising: World) -> None:
    world = practising
    world.join("ann")
    passed_over = world.release()
    assert go_live.go(None, world.now).passed_over == 1
    post = Post.objects.get(pk=world.posts[passed_over].pk)
    assert (post.mail, post.no_mail_because) == (False, go_live.PASSED_OVER)
    release.release([post.key], world.now, mail=[post.key])
    assert mailed_after(world, "ann") == [passed_over], "staff mailed it after all"


def test_since_passes_over_what_is_older(practising: World) -> None:
    world = practising
    world.join("ann")
    older = world.release()
    world.move(days=3)
    newer = world.release()
    going = go_live.go(world.now, world.now)
    assert (going.posts, going.passed_over) == (1, 1)
    assert not Post.objects.get(pk=world.posts[older].pk).mail
    assert mailed_after(world, "ann") == [newer]


def test_what_staff_kept_out_of_every_campaign_is_not_offered(practising: World) -> None:
    world = practising
    world.join("ann")
    kept_out = world.release()
    edition_actions.cancel(compose.compose("weekly", world.config, world.now).pk, world.now, owed_again=False)
    wanted = world.release()
    assert [post.pk for post in go_live.practised()] == [world.posts[wanted].pk]
    go_live.go(None, world.now, with_practised=True)
    assert mailed_after(world, "ann") == [wanted]
    assert kept_out not in world.got("ann")


def test_an_edition_approved_in_practice_is_named_and_its_posts_come_anew(practising: World) -> None:
    world = practising
    world.join("ann")
    post = world.release()
    edition = compose.compose("weekly", world.config, world.now)
    edition_actions.schedule(edition.pk, world.now + timedelta(days=1), world.now)
    (waiting,) = go_live.plan(None, with_practised=True).waiting
    assert (waiting.number, waiting.approved) == (edition.pk, True)
    go_live.go(None, world.now, with_practised=True)
    edition.refresh_from_db()
    assert (edition.state, edition.reason) == ("cancelled", Reason.PRACTICE_ENDED)
    assert mailed_after(world, "ann") == [post]


def test_what_staff_cancelled_in_practice_does_not_take_a_real_slot(practising: World) -> None:
    world = practising
    campaigns.edit("weekly", world.now, draft_hours=100)
    world.join("ann")
    post = world.release()
    world.tick()
    edition_actions.cancel(Edition.objects.get().pk, world.now)
    go_live.go(None, world.now, with_practised=True)
    for_real(world)
    world.until(next_tuesday_nine(world.now))
    world.run()
    assert world.got("ann") == [post]


def test_once_mail_was_for_real_what_waits_goes_on(practising: World) -> None:
    world = practising
    for_real(world)
    world.join("ann")
    world.release()
    world.move(days=8)
    world.run()
    world.move(hours=1)
    second = world.release()
    edition = compose.compose("weekly", world.config, world.now)
    edition_actions.schedule(edition.pk, world.now + timedelta(days=1), world.now)
    assert not go_live.practised().exists()
    assert go_live.go(None, world.now).editions == 0
    world.relay.taken.clear()
    world.move(days=1)
    world.run()
    assert world.got("ann") == [second]


def test_an_address_that_the_world_cannot_follow_is_refused_unless_staff_say_so(practising: World) -> None:
    for_real(practising)
    with pytest.raises(Refused, match=r"this machine only.*--allow-local"):
        go_live.must_be_ready(practising.config, WELL)
    go_live.must_be_ready(practising.config, WELL, allow_local=True)


def test_nobody_goes_live_under_the_name_of_the_example(practising: World) -> None:
    for_real(practising)
    example = SiteSection.model_fields["organisation"].examples
    site = practising.config.site.model_copy(
        update={"organisation": example[0], "url": "https://hub.example.net"}
    )
    config = practising.config.model_copy(update={"site": site})
    with pytest.raises(Refused, match=r"sender: site\.organisation"):
        go_live.must_be_ready(config, WELL)
    go_live.must_be_ready(config, WELL, allow_local=True)


def test_who_joined_after_a_practice_edition_is_owed_for_real_what_it_showed(practising: World) -> None:
    world = practising
    world.join("ann")
    first = world.release()
    world.move(days=8)
    world.run()  # practised
    world.join("late")
    proof = Proof("yes please")
    rows = [Row(1, address.parse("listed@example.org"))]
    bulk_import.admit(rows, cadence=Cadence.WEEKLY, proof=proof, now=world.now)
    second = world.release()
    world.move(days=8)
    world.run()
    assert sorted(world.got("ann")) == [first, second]
    assert world.got("late") == world.got("listed") == [second], (
        "in practice they joined behind it, as for real"
    )
    world.move(days=1)
    mailed_after(world, "ann")
    for name in ("ann", "late", "listed"):
        assert sorted(world.got(name)) == [first, second], (
            "through a relay on this machine, which needs no live"
        )
