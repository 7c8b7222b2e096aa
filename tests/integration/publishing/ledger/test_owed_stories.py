"""What a person is owed, told one sentence at a time."""

from __future__ import annotations

import pytest
from world import World, next_tuesday_nine

from newsletter.models import Delivery, Edition, Post
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.editions import campaigns, compose
from newsletter.publishing.ledger import release
from newsletter.publishing.schedule import enqueue
from newsletter.publishing.schedule.begin import begin
from newsletter.publishing.setup.bootstrap import prepare
from newsletter.transports.base import Result
from subscribers import consent
from subscribers.cadence import Cadence
from subscribers.consent import Proof
from subscribers.models import Subscription


def digest(world: World) -> None:
    world.now = next_tuesday_nine(world.now)
    world.run()


def test_each_confirmed_person_gets_the_weekly_digest_once(world: World) -> None:
    for name in ("ann", "bo", "cy"):
        world.join(name)
    first, second = world.release(), world.release()
    digest(world)
    world.run()
    assert all(sorted(world.got(name)) == [first, second] for name in ("ann", "bo", "cy"))
    digest(world)
    assert len(world.relay.taken) == 3


def test_nothing_new_sends_nothing(world: World) -> None:
    world.join("ann")
    digest(world)
    assert world.relay.taken == []
    assert Edition.objects.get().state == "skipped"


def test_who_joins_on_monday_gets_tuesdays_digest_whole(world: World) -> None:
    post = world.release()
    world.move(hours=1)
    world.join("ann")
    digest(world)
    assert world.got("ann") == [post]


def test_who_joins_after_the_digest_gets_none_of_it(world: World) -> None:
    world.join("ann")
    world.release()
    digest(world)
    world.join("bo")
    new = world.release()
    digest(world)
    assert world.got("bo") == [new]


def test_each_post_goes_out_when_it_is_released_and_in_order(world: World) -> None:
    campaigns.resume("each-post", world.now)
    world.release()
    world.run()
    world.join("ann", Cadence.EACH_POST)
    marks = [world.release(), world.release(), world.release()]
    world.run()
    assert world.got("ann") == marks
    assert len(world.relay.taken) == 3


def test_a_switch_of_cadence_repeats_nothing_and_loses_nothing(world: World) -> None:
    campaigns.resume("each-post", world.now)
    ann = world.join("ann", Cadence.EACH_POST)
    first = world.release()
    world.run()
    consent.choose(ann, cadence=Cadence.WEEKLY, proof=Proof(), now=world.now)
    second = world.release()
    world.run()
    assert world.got("ann") == [first]
    digest(world)
    assert world.got("ann") == [first, second]
    third = world.release()
    consent.choose(ann, cadence=Cadence.EACH_POST, proof=Proof(), now=world.now)
    fourth = world.release()
    world.run()
    assert sorted(world.got("ann")) == [first, second, third, fourth]


def test_a_pause_ends_with_one_digest_of_what_was_missed(world: World) -> None:
    ann = world.join("ann")
    world.join("bo")
    consent.pause(ann, proof=Proof(), now=world.now)
    missed = []
    for _ in range(3):
        missed.append(world.release())
        digest(world)
    assert world.got("ann") == []
    consent.resume(ann, proof=Proof(), now=world.now)
    missed.append(world.release())
    digest(world)
    assert sorted(world.got("ann")) == missed
    assert sum(address == "ann@example.org" for address, _ in world.relay.taken) == 1
    assert sorted(world.got("bo")) == missed


def test_new_topics_dig_up_nothing_old(world: World) -> None:
    ann = world.join("ann", topics=["food"])
    world.release(["land"])
    digest(world)
    assert world.got("ann") == []
    consent.choose(ann, topics=["food", "land"], proof=Proof(), now=world.now)
    new = world.release(["land"])
    digest(world)
    assert world.got("ann") == [new]


def test_a_post_without_a_topic_goes_to_everyone(world: World) -> None:
    world.join("ann", topics=["food"])
    post = world.release()
    digest(world)
    assert world.got("ann") == [post]


def test_a_person_who_left_after_enqueue_gets_nothing(world: World) -> None:
    ann = world.join("ann")
    world.join("bo")
    world.release()
    world.now = next_tuesday_nine(world.now)
    world.tick()
    world.enqueue(Edition.objects.get())
    consent.leave(ann, proof=Proof(), now=world.now)
    world.deliver()
    assert world.got("ann") == []
    assert world.got("bo") == [1]
    row = Delivery.objects.get(subscriber=ann)
    assert (row.state, row.reply) == ("skipped", "the person left")


def test_who_comes_back_within_two_weeks_is_owed_what_was_skipped(world: World) -> None:
    ann = world.join("ann")
    first = world.release()
    world.now = next_tuesday_nine(world.now)
    world.tick()
    world.enqueue(Edition.objects.get())
    consent.leave(ann, proof=Proof(), now=world.now)
    world.deliver()
    world.move(days=3)
    world.join("ann")
    digest(world)
    assert world.got("ann") == [first]


def test_who_comes_back_after_two_weeks_starts_anew(world: World) -> None:
    ann = world.join("ann")
    world.join("bo")
    consent.leave(ann, proof=Proof(), now=world.now)
    world.release()
    digest(world)
    digest(world)
    digest(world)
    world.join("ann")
    new = world.release()
    digest(world)
    assert world.got("ann") == [new]


def test_an_edition_made_by_hand_is_not_repeated_by_the_digest(world: World) -> None:
    world.join("ann")
    first, second = world.release(), world.release()
    edition = compose.compose("weekly", world.config, world.now, posts=[world.posts[first].key])
    assert schedule_now(world, edition)
    world.run()
    assert world.got("ann") == [first]
    digest(world)
    assert world.got("ann") == [first, second]


def schedule_now(world: World, edition: Edition) -> bool:

    started = begin(edition, world.config, world.now)
    world.enqueue(edition)
    return started


def test_everyone_gets_an_announcement_whatever_their_cadence(world: World) -> None:
    campaigns.resume("each-post", world.now)
    world.join("ann", Cadence.WEEKLY)
    world.join("bo", Cadence.EACH_POST)
    post = world.release(mail=False)
    edition = compose.compose("weekly", world.config, world.now, posts=[world.posts[post].key], everyone=True)
    assert edition.people == 2
    schedule_now(world, edition)
    world.run()
    assert (world.got("ann"), world.got("bo")) == ([post], [post])


def test_a_cancelled_digest_is_owed_again(world: World) -> None:
    world.join("ann")
    post = world.release()
    world.now = next_tuesday_nine(world.now)
    world.tick()
    edition = Edition.objects.get()
    world.enqueue(edition)
    edition_actions.cancel(edition.pk, world.now)
    world.deliver()
    assert world.relay.taken == []
    digest(world)
    assert world.got("ann") == [post]


def test_a_cancelled_post_is_kept_out_of_each_post_mail_and_stays_owed_elsewhere(world: World) -> None:
    campaigns.resume("each-post", world.now)
    campaigns.edit("each-post", world.now, approval=True)
    world.join("ann", Cadence.EACH_POST)
    world.join("bo", Cadence.WEEKLY)
    first = world.release()
    world.run()
    edition_actions.cancel(Edition.objects.get().pk, world.now)
    campaigns.edit("each-post", world.now, approval=False)
    second = world.release()
    world.run()
    assert world.got("ann") == [second]
    digest(world)
    assert sorted(world.got("bo")) == [first, second]


def test_an_unfinished_digest_gives_its_unsent_part_to_the_next(world: World) -> None:
    for name in ("ann", "bo", "cy"):
        world.join(name)
    first = world.release()
    world.now = next_tuesday_nine(world.now)
    world.tick()
    edition = Edition.objects.get()
    enqueue.step(edition.pk, world.now, chunk=2)  # cy is not reached
    world.relay.answers = [Result.SENT, Result.DEFERRED]
    world.deliver()
    second = world.release()
    world.now = next_tuesday_nine(world.now)
    world.run()
    got = {name: sorted(world.got(name)) for name in ("ann", "bo", "cy")}
    assert got == {"ann": [first, second], "bo": [first, second], "cy": [first, second]}
    assert len(world.relay.taken) == 4


def test_practice_settles_nothing(world: World) -> None:
    real = world.config
    practice = real.model_copy(update={"email": real.email.model_copy(update={"transport": "outbox"})})
    world.join("ann")
    post = world.release()
    world.config = practice
    digest(world)
    assert world.got("ann") == [post]
    digest(world)
    assert world.got("ann") == [post]
    world.config = real
    digest(world)
    assert world.got("ann") == [post, post]


def test_a_held_post_gets_a_new_number_and_is_owed_when_released(world: World) -> None:
    world.join("ann")
    first = world.release()
    post = Post.objects.get(pk=world.posts[first].pk)
    post.state, post.release_number = "held", None
    post.save()
    digest(world)
    assert world.got("ann") == []
    release.release([post.key], world.now, mail=[post.key])
    digest(world)
    assert world.got("ann") == [first]


def test_what_the_relay_refuses_for_good_is_not_owed_again(world: World) -> None:
    world.join("ann")
    world.release()
    world.now = next_tuesday_nine(world.now)
    world.relay.answers = [Result.FAILED]
    world.run()
    digest(world)
    assert world.relay.taken == []
    assert Edition.objects.order_by("pk").first().state == "sent"
    edition_actions.retry_failed(Edition.objects.order_by("pk").first().pk, world.now)
    world.run()
    assert world.got("ann") == [1]


def test_what_is_in_doubt_is_sent_again_only_when_staff_say_so(world: World) -> None:
    world.join("ann")
    world.release()
    world.now = next_tuesday_nine(world.now)
    world.relay.answers = [Result.UNKNOWN]
    world.run()
    digest(world)
    assert world.got("ann") == [1]
    edition = Edition.objects.order_by("pk").first()
    assert (
        edition_actions.decide_doubt(edition.pk, world.config, world.now, send_again=True) == 0
    )  # closed after a week
    world.now = Delivery.objects.get().changed_at
    assert edition_actions.decide_doubt(edition.pk, world.config, world.now, send_again=True) == 1
    world.run()
    ids = {
        line
        for _, mail in world.relay.taken
        for line in mail.split(b"\r\n")
        if line.startswith(b"Message-ID")
    }
    assert world.got("ann") == [1, 1]
    assert len(ids) == 1


def test_the_dry_run_says_who_is_left_out_and_the_send_comes_to_the_same(world: World) -> None:
    for name in ("ann", "bo", "cy", "di"):
        world.join(name, topics=["food"] if name == "cy" else [])
    consent.pause(
        Subscription.objects.get(subscriber__normal="di@example.org").subscriber, proof=Proof(), now=world.now
    )
    world.release(["land"])
    edition = compose.compose("weekly", world.config, world.now)
    forecast = compose.forecast(edition, world.config)
    assert (forecast.people, forecast.posts) == (2, 1)
    assert forecast.left_out == {"paused": 1, "nothing new for them": 1}
    schedule_now(world, edition)
    world.run()
    assert len(world.relay.taken) == forecast.people


@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_enqueueing_in_any_chunk_gives_everyone_one_delivery(world: World, chunk: int) -> None:
    people = [f"p{number}" for number in range(5)]
    for name in people:
        world.join(name)
    post = world.release()
    edition = compose.compose("weekly", world.config, world.now)

    begin(edition, world.config, world.now)
    while enqueue.step(edition.pk, world.now, chunk=chunk)[0]:
        pass
    world.deliver()
    assert {name: world.got(name) for name in people} == {name: [post] for name in people}


def test_who_comes_back_below_a_frozen_edition_is_not_settled_by_it(world: World) -> None:
    ann = world.join("ann")
    world.join("bo")
    consent.pause(ann, proof=Proof(), now=world.now)
    first = world.release()
    digest(world)
    campaigns.edit("weekly", world.now, approval=True)
    second = world.release()
    digest(world)
    waiting = Edition.objects.get(state="awaiting approval")
    assert list(waiting.posts.values_list("key", flat=True)) == [world.posts[second].key]
    consent.resume(ann, proof=Proof(), now=world.now)
    edition_actions.approve(waiting.pk, world.now)
    world.run()
    assert world.got("bo") == [first, second]
    assert world.got("ann") == []
    campaigns.edit("weekly", world.now, approval=False)
    digest(world)
    assert sorted(world.got("ann")) == [first, second]


def test_who_joins_between_freezing_and_sending_gets_that_digest(world: World) -> None:
    campaigns.edit("weekly", world.now, approval=True)
    post = world.release()
    digest(world)
    world.join("ann")
    edition_actions.approve(Edition.objects.get().pk, world.now)
    world.run()
    assert world.got("ann") == [post]


def test_what_staff_approved_is_what_is_sent_whatever_comes_after(world: World) -> None:
    campaigns.edit("weekly", world.now, approval=True)
    world.join("ann")
    first = world.release()
    digest(world)
    second = world.release()
    Post.objects.filter(pk=world.posts[first].pk).update(title="zq99zq")
    edition_actions.approve(Edition.objects.get().pk, world.now)
    world.run()
    assert world.got("ann") == [first]
    campaigns.edit("weekly", world.now, approval=False)
    digest(world)
    assert world.got("ann") == [first, second]


def test_a_second_active_campaign_of_a_cadence_is_refused(world: World) -> None:
    from newsletter.errors import Refused

    with pytest.raises(Refused, match="Pause it first"):
        campaigns.add("twin", Cadence.WEEKLY, world.now, subject="x", zone="UTC")


def test_two_schedulers_take_a_slot_once(world: World) -> None:
    import threading

    from django.db import connection

    world.join("ann")
    world.release()
    world.now = next_tuesday_nine(world.now)
    barrier = threading.Barrier(4)

    def tick() -> None:
        barrier.wait()
        try:
            world.tick()
        finally:
            connection.close()

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    world.run()
    assert Edition.objects.count() == 1
    assert world.got("ann") == [1]


def test_a_pause_that_ends_at_a_slots_hour_loses_no_slot(world: World) -> None:
    world.join("ann")
    post = world.release()
    campaigns.pause("weekly", world.now, next_tuesday_nine(world.now))
    digest(world)
    assert world.got("ann") == [post]


def test_a_campaign_that_names_no_zone_follows_the_sites(world: World) -> None:
    campaigns.edit("daily", world.now, zone="Europe/Berlin")
    moved = world.config.site.model_copy(update={"timezone": "Asia/Tokyo"})
    prepare(world.config.model_copy(update={"site": moved}), world.now)
    weekly, daily = campaigns.find("weekly"), campaigns.find("daily")
    assert (weekly.zone, daily.zone) == ("Asia/Tokyo", "Europe/Berlin")
    assert weekly.next_slot_at is not None
    assert weekly.next_slot_at.hour == 0  # 09:00 in Tokyo
    campaigns.edit("daily", world.now, zone="site")
    assert campaigns.find("daily").zone == "Asia/Tokyo"
