"""Explanations out of a real ledger, as it stood when the mail went out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from world import World, next_tuesday_nine

from newsletter.errors import NotFound
from newsletter.models import Edition
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.editions import campaigns, compose
from newsletter.publishing.explain import explain
from newsletter.publishing.schedule.begin import begin
from newsletter.publishing.setup.go_live import go
from newsletter.transports.base import Result
from subscribers import consent, privacy
from subscribers.cadence import Cadence
from subscribers.consent import Proof


def why(world: World, name: str, *, edition: int | None = None, mark: int | None = None) -> tuple[str, str]:
    post = world.posts[mark].key if mark else None
    answer = explain.explain(f"{name}@example.org", world.config, world.now, edition=edition, post=post)
    return answer.verdict, answer.sentence


def weekly(world: World) -> Edition:
    """Move to the next weekly slot, send, and return its edition."""
    world.until(next_tuesday_nine(world.now))
    world.run()
    return Edition.objects.filter(campaign__name="weekly").latest("pk")


def test_it_was_sent(world: World) -> None:
    world.join("ann")
    mark = world.release()
    edition = weekly(world)
    assert why(world, "ann", edition=edition.pk)[0] == "sent"
    assert why(world, "ann", mark=mark)[0] == "sent"
    assert why(world, "ANN", mark=mark)[1].startswith(f"Edition {edition.pk} was sent to ann@example.org at ")


def test_the_relay_is_quoted(world: World) -> None:
    world.join("ann")
    world.release()
    world.relay.answers = [Result.FAILED]
    edition = weekly(world)
    assert why(world, "ann", edition=edition.pk)[0] == "failed"


def test_who_switched_or_left_later_is_explained_as_they_stood_then(world: World) -> None:
    people = {name: world.join(name, Cadence.DAILY) for name in ("dan", "eve")}
    world.join("ann")
    people["pat"] = world.join("pat")
    consent.pause(people["pat"], proof=Proof(), now=world.now)
    world.release()
    edition = weekly(world)
    world.move(hours=1)
    consent.choose(people["dan"], cadence=Cadence.WEEKLY, proof=Proof(), now=world.now)
    consent.leave(people["eve"], proof=Proof(), now=world.now)
    consent.resume(people["pat"], proof=Proof(), now=world.now)
    assert "had the cadence daily" in why(world, "dan", edition=edition.pk)[1]
    assert "had the cadence daily" in why(world, "eve", edition=edition.pk)[1]
    assert "mail was paused" in why(world, "pat", edition=edition.pk)[1]


def test_who_joined_later_was_not_subscribed_yet(world: World) -> None:
    world.join("ann")
    mark = world.release()
    edition = weekly(world)
    world.move(hours=1)
    world.join("new")
    assert "was not subscribed yet when edition" in why(world, "new", edition=edition.pk)[1]
    assert "was not subscribed yet when the post" in why(world, "new", mark=mark)[1]


def test_other_topics(world: World) -> None:
    world.join("ann", topics=["land"])
    world.join("bob")
    mark = world.release(["food"])
    weekly(world)
    verdict, sentence = why(world, "ann", mark=mark)
    assert verdict == "not"
    assert "chose the topics land" in sentence


def test_a_post_that_was_had_already_is_named_with_its_edition(world: World) -> None:
    world.join("ann")
    world.join("bob")
    mark = world.release()
    by_hand = compose.compose("weekly", world.config, world.now, posts=[world.posts[mark].key])
    edition_actions.approve(by_hand.pk, world.now)
    world.run()
    edition = weekly(world)
    assert f"got the post {world.posts[mark].key} in edition {by_hand.pk}" in why(
        world, "ann", edition=edition.pk, mark=mark
    )[1]  # fmt: skip


def test_what_is_still_to_come_names_the_slot(world: World) -> None:
    world.join("ann")
    mark = world.release()
    slot = next_tuesday_nine(world.now)
    verdict, sentence = why(world, "ann", mark=mark)
    assert verdict == "due"
    assert f"{slot - timedelta(hours=5):%Y-%m-%d} 09:00 America/New_York" in sentence


def test_an_edition_that_has_not_begun_says_what_it_would_bring(world: World) -> None:
    world.join("ann")
    world.join("dan", Cadence.DAILY)
    consent.pause(world.join("pat"), proof=Proof(), now=world.now)
    first, second = world.release(), world.release()
    one = compose.compose("weekly", world.config, world.now, posts=[world.posts[first].key]).pk
    both = compose.compose("weekly", world.config, world.now).pk
    assert why(world, "ann", edition=both) == (
        "due",
        f"Edition {both} has not begun: it is a draft; as things stand it brings ann@example.org 2 posts.",
    )
    key = world.posts[first].key
    assert why(world, "ann", edition=one, mark=first)[1].endswith(f"brings ann@example.org the post {key}.")
    assert "does not carry" in why(world, "ann", edition=one, mark=second)[1]
    assert why(world, "dan", edition=both)[1].endswith("anything: their cadence is daily.")
    assert why(world, "pat", edition=both)[1].endswith(
        "does not bring pat@example.org anything: mail is paused."
    )


def test_feed_only_strangers_and_the_erased(world: World) -> None:
    mark = world.release(mail=False)
    ann = world.join("ann")
    assert "stays out of mail" in why(world, "ann", mark=mark)[1]
    assert "Nobody is subscribed as stranger@example.org" in why(world, "stranger", mark=mark)[1]
    privacy.erase(ann, world.now)
    assert "erased" in why(world, "ann", mark=mark)[1]


# practice, and going live


def practise(world: World) -> tuple[int, Edition]:
    """Ann gets a post in practice: its edition, and the world with the outbox as transport."""
    outbox = world.config.email.model_copy(update={"transport": "outbox"})
    world.config = world.config.model_copy(update={"email": outbox})
    world.join("ann")
    world.move(minutes=1)
    mark = world.release()
    return mark, weekly(world)


def go_live(world: World, *, with_practised: bool) -> None:
    go(None, world.now, with_practised=with_practised)
    smtp = world.config.email.model_copy(update={"transport": "smtp"})
    world.config = world.config.model_copy(update={"email": smtp})


def test_what_was_made_in_practice_is_owed_and_says_so(world: World) -> None:
    mark, edition = practise(world)
    assert why(world, "ann", mark=mark)[0] == "sent", "in practice"
    go_live(world, with_practised=True)
    verdict, sentence = why(world, "ann", mark=mark)
    assert (verdict, "is owed to ann@example.org and comes with" in sentence) == ("due", True)
    assert "its mails were files, and the site went live" in why(world, "ann", edition=edition.pk)[1]
    world.join("late")
    assert why(world, "late", mark=mark)[0] == "due"
    weekly(world)
    assert why(world, "ann", mark=mark)[0] == why(world, "late", mark=mark)[0] == "sent"


def test_what_was_passed_over_is_not_blamed_on_when_she_confirmed(world: World) -> None:
    mark, _ = practise(world)
    go_live(world, with_practised=False)
    world.join("late")
    for name in ("ann", "late"):
        verdict, sentence = why(world, name, mark=mark)
        assert verdict == "not"
        assert (
            "stays out of mail: it was released in practice, and newsletter live started without it"
            in sentence
        )
        assert "confirmed" not in sentence


# the reason is that of the rule that decided


def test_topics_that_were_changed_since_do_not_hide_those_that_decided(world: World) -> None:
    ann = world.join("ann", topics=["land"])
    world.join("bob")
    mark = world.release(["food"])
    edition = weekly(world)
    world.move(hours=1)
    consent.choose(ann, topics=[], proof=Proof(), now=world.now)
    words = f"When edition {edition.pk} went out, ann@example.org chose the topics land"
    assert why(world, "ann", mark=mark)[1].startswith(words)


def test_who_joined_later_is_not_said_to_have_chosen_other_topics(world: World) -> None:
    world.join("bob")
    mark = world.release(["food"])
    weekly(world)
    world.move(hours=1)
    world.join("ann", topics=["land"])
    assert "was not subscribed yet" in why(world, "ann", mark=mark)[1]


def test_what_is_owed_to_somebody_who_pauses_waits_for_them(world: World) -> None:
    ann = world.join("ann")
    mark = world.release()
    consent.pause(ann, proof=Proof(), now=world.now)
    assert why(world, "ann", mark=mark)[0] == "due"
    assert "waits for them, because mail is paused" in why(world, "ann", mark=mark)[1]


def test_a_mail_that_was_called_off_says_whether_it_still_comes(world: World) -> None:
    world.join("ann")
    mark = world.release()
    for owed_again, verdict in ((True, "due"), (False, "not")):
        edition = compose.compose("weekly", world.config, world.now)
        begin(edition, world.config, world.now)
        world.enqueue(edition)
        edition_actions.cancel(edition.pk, world.now, owed_again=owed_again)
        found, sentence = why(world, "ann", mark=mark)
        assert found == verdict
        assert f"Edition {edition.pk} was called off for ann@example.org before it was sent" in sentence
        assert ("is owed to ann@example.org" in sentence) is owed_again


def test_who_came_back_as_a_new_start_was_subscribed_once_all_the_same(world: World) -> None:
    ann = world.join("ann")
    world.join("bob")
    mark = world.release()
    consent.leave(ann, proof=Proof(), now=world.now)
    weekly(world)
    world.move(days=20)
    world.join("ann")
    sentence = why(world, "ann", mark=mark)[1]
    assert "came back at" in sentence
    assert "not subscribed yet" not in sentence


def test_a_post_that_comes_after_the_draft_is_due_at_the_slot_after_it(world: World) -> None:
    campaigns.edit("weekly", world.now, draft_hours=20)
    world.join("ann")
    first = world.release()
    slot = next_tuesday_nine(world.now)
    world.until(slot - timedelta(hours=20))
    second = world.release()
    number = Edition.objects.get().pk
    assert f"comes with edition {number}, which is scheduled for" in why(world, "ann", mark=first)[1]
    assert f"{slot + timedelta(days=7, hours=-5):%Y-%m-%d} 09:00" in why(world, "ann", mark=second)[1]


def test_an_edition_is_not_said_to_have_left_out_what_came_later_by_another(world: World) -> None:
    ann = world.join("ann", topics=["land"])
    world.join("bob")
    mark = world.release(["food"])
    edition = weekly(world)
    world.move(hours=1)
    consent.choose(ann, topics=[], proof=Proof(), now=world.now)
    by_hand = compose.compose("weekly", world.config, world.now, posts=[world.posts[mark].key])
    edition_actions.approve(by_hand.pk, world.now)
    world.run()
    assert world.got("ann") == [mark]
    assert "chose the topics land" in why(world, "ann", edition=edition.pk, mark=mark)[1]


def test_an_edition_or_a_post_that_does_not_exist(world: World) -> None:
    with pytest.raises(NotFound):
        why(world, "ann", edition=99)
    with pytest.raises(NotFound):
        explain.explain("a@example.org", world.config, world.now, edition=None, post="nothing")


def test_who_joined_after_an_edition_of_practice_was_not_subscribed_yet(world: World) -> None:
    outbox = world.config.email.model_copy(update={"transport": "outbox"})
    world.config = world.config.model_copy(update={"email": outbox})
    world.join("ann")
    world.join("dan", Cadence.DAILY)
    mark = world.release()
    edition = weekly(world)
    world.move(hours=1)
    world.join("cy")
    assert "was not subscribed yet when the post" in why(world, "cy", mark=mark)[1]
    go(None, world.now)
    assert (
        f"was not subscribed yet when edition {edition.pk} went out"
        in why(world, "cy", edition=edition.pk)[1]
    )
    assert "had the cadence daily" in why(world, "dan", edition=edition.pk)[1]
    assert "its mails were files" in why(world, "ann", edition=edition.pk)[1]
