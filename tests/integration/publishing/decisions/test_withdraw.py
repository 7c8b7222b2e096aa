"""A post that is taken back: out of everything that has not gone, and nobody else loses anything."""

from __future__ import annotations

import pytest
from django.db import connection
from world import World

from newsletter.errors import IllegalMove, NotFound
from newsletter.models import Delivery, DeliveryState, Edition, EditionState, Post
from newsletter.publishing.decisions import edition_actions, post_actions
from newsletter.publishing.delivery.deliver import finish
from newsletter.publishing.editions import compose
from newsletter.publishing.schedule import enqueue
from newsletter.publishing.schedule.begin import begin
from newsletter.transports.base import Envelope, Result


def key(world: World, mark: int) -> str:
    return world.posts[mark].key


def composed(world: World) -> Edition:
    edition = compose.compose("weekly", world.config, world.now)
    return edition_actions.approve(edition.pk, world.now)


def begun(world: World) -> Edition:
    edition = composed(world)
    assert begin(edition, world.config, world.now)
    enqueue.enqueue(edition, world.now)
    return edition


def test_it_leaves_the_feed_and_gives_its_number_up(world: World) -> None:
    mark = world.release()
    post_actions.withdraw(key(world, mark), world.config, world.now)
    post = Post.objects.get(key=key(world, mark))
    assert (post.state, post.release_number) == ("withdrawn", None)
    with pytest.raises(IllegalMove):
        post_actions.withdraw(post.key, world.config, world.now)
    with pytest.raises(NotFound):
        post_actions.withdraw("nothing", world.config, world.now)


def test_an_edition_that_has_not_begun_goes_on_without_it_and_back_to_approval(world: World) -> None:
    world.join("ann")
    first, second = world.release(), world.release()
    edition = composed(world)
    compose.render_main(edition, compose.forecast(edition, world.config))
    done = post_actions.withdraw(key(world, first), world.config, world.now)
    edition.refresh_from_db()
    assert done.back_to_approval == [edition.pk]
    assert (edition.state, edition.approved_at) == (EditionState.AWAITING_APPROVAL, None)
    assert not edition.variants.exists(), "what was rendered with the post is gone"
    edition_actions.approve(edition.pk, world.now)
    world.run()
    assert world.got("ann") == [second]


def test_an_edition_that_carried_nothing_else_is_cancelled(world: World) -> None:
    world.join("ann")
    mark = world.release()
    edition = composed(world)
    done = post_actions.withdraw(key(world, mark), world.config, world.now)
    edition.refresh_from_db()
    assert (done.cancelled, edition.state) == ([edition.pk], EditionState.CANCELLED)
    world.run()
    assert world.got("ann") == []


def test_mail_that_waits_leaves_without_it(world: World) -> None:
    world.join("ann")
    world.join("bob", topics=["land"])
    food, land = world.release(["food"]), world.release(["land"])
    begun(world)
    done = post_actions.withdraw(key(world, food), world.config, world.now)
    assert (done.changed, done.called_off) == (1, 0)
    world.deliver()
    assert (world.got("ann"), world.got("bob")) == ([land], [land])


def test_mail_that_carried_nothing_else_is_called_off_and_the_edition_ends(world: World) -> None:
    world.join("ann", topics=["food"])
    world.join("bob")
    food, land = world.release(["food"]), world.release(["land"])
    edition = begun(world)
    done = post_actions.withdraw(key(world, food), world.config, world.now)
    assert (done.changed, done.called_off) == (1, 1)
    world.deliver()
    finish(world.now)
    edition.refresh_from_db()
    assert edition.state == EditionState.SENT
    assert (world.got("ann"), world.got("bob")) == ([], [land])


def test_what_a_worker_has_in_hand_does_not_leave_with_it(world: World) -> None:
    """The post is withdrawn while the first mail is on the wire; the others are claimed already."""
    for number in range(6):
        world.join(f"person{number}")
    food, land = world.release(["food"]), world.release(["land"])
    edition = begun(world)
    done: list[post_actions.TakenBack] = []

    def take_back(_: Envelope) -> None:
        world.relay.before = None
        done.append(post_actions.withdraw(key(world, food), world.config, world.now))
        connection.close()  # this is a sender's thread, which has none of its own

    world.relay.before = take_back
    one = world.config.email.smtp.model_copy(update={"connections": 1})
    world.config = world.config.model_copy(
        update={"email": world.config.email.model_copy(update={"smtp": one})}
    )
    world.deliver()
    world.deliver()
    got = world.relay.received()
    assert sorted(got.values()).count([land, food]) <= 2, "only what was on the wire or allowed on it already"
    assert all(marks in ([land], [land, food]) for marks in got.values())
    assert len(got) == 6
    assert not Delivery.objects.filter(edition=edition).exclude(state=DeliveryState.SENT).exists()


def test_who_is_not_enqueued_yet_does_not_get_it_either(world: World) -> None:
    for number in range(4):
        world.join(f"person{number}")
    food, land = world.release(["food"]), world.release(["land"])
    edition = composed(world)
    begin(edition, world.config, world.now)
    enqueue.step(edition.pk, world.now, chunk=2)
    post_actions.withdraw(key(world, food), world.config, world.now)
    enqueue.enqueue(edition, world.now)
    world.deliver()
    assert world.relay.received() == {f"person{number}@example.org": [land] for number in range(4)}


def test_it_says_who_has_it_and_who_may(world: World) -> None:
    for name in ("ann", "bob", "cyd"):
        world.join(name)
    mark = world.release()
    world.relay.answers = [Result.SENT, Result.UNKNOWN, Result.FAILED]
    begun(world)
    world.deliver()
    done = post_actions.withdraw(key(world, mark), world.config, world.now)
    assert sorted(post_actions.who_has(done.post).values_list("state", flat=True)) == ["sent", "unknown"]
    failed = Delivery.objects.exclude(state__in=["sent", "unknown"]).get()
    assert failed.state == DeliveryState.CANCELLED, "a retry must not bring it back"


def test_a_held_post_leaves_editions_that_have_not_begun_and_takes_a_new_number_later(world: World) -> None:
    world.join("ann")
    mark, other = world.release(), world.release()
    number = world.posts[mark].release_number
    edition = composed(world)
    done = post_actions.hold(key(world, mark), world.config, world.now)
    assert done.back_to_approval == [edition.pk]
    edition_actions.approve(edition.pk, world.now)
    world.run()
    from newsletter.publishing.ledger import release

    (again,) = release.release([key(world, mark)], world.now, mail=[key(world, mark)])
    assert again.release_number is not None
    assert again.release_number > (number or 0)
    composed(world)
    world.run()
    assert world.got("ann") == [other, mark]


def test_a_withdrawn_post_that_is_released_again_reaches_only_who_does_not_have_it(world: World) -> None:
    world.join("ann")
    mark = world.release()
    begun(world)
    world.deliver()
    post_actions.withdraw(key(world, mark), world.config, world.now)
    world.join("bob")
    from newsletter.publishing.ledger import release

    release.release([key(world, mark)], world.now, mail=[key(world, mark)])
    composed(world)
    world.run()
    assert (world.got("ann"), world.got("bob")) == ([mark], [mark])
