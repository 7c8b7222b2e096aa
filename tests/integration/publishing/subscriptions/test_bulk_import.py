"""Lists of people taken in: consent kept, watermarks as the rules say, every refusal with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from world import World, next_tuesday_nine

from newsletter.models import Notice
from newsletter.publishing.subscriptions import sign_up
from newsletter.publishing.subscriptions.bulk_import import Admission, admit
from subscribers import address, consent, privacy, suppression
from subscribers.cadence import Cadence
from subscribers.consent import Proof
from subscribers.lists.imports import Refusal, Row
from subscribers.lists.standing import BOUNCED, LEFT, PAUSED, PENDING, Said
from subscribers.models import (
    Consent,
    Event,
    Status,
    Subscriber,
    Subscription,
    Suppression,
    SuppressionReason,
)

PROOF = Proof("I want the letter", "import of people.csv")


def rows(*names: str, cadence: Cadence | None = None) -> list[Row | Refusal]:
    return [
        Row(line, address.parse(f"{name}@example.org"), cadence=cadence) for line, name in enumerate(names, 2)
    ]


def take(world: World, people: Sequence[Row | Refusal], **options: bool) -> Admission:
    return admit(people, cadence=Cadence.WEEKLY, proof=PROOF, now=world.now, **options)


def test_new_people_are_confirmed_with_their_consent(world: World) -> None:
    done = take(world, rows("ann", "bob"))
    assert (done.added, done.refused) == (2, [])
    ann = Subscriber.objects.get(normal="ann@example.org")
    assert (ann.subscription.status, ann.subscription.cadence) == ("confirmed", "weekly")
    steps = [(step.event, step.wording, step.form) for step in ann.consents.all()]
    assert steps == [(event, PROOF.wording, PROOF.form) for event in ("imported", "confirmed")]
    assert ann.consents.all()[0].detail == {"line": 2}


def test_they_start_where_join_says(world: World) -> None:
    world.join("old")
    world.release()
    world.until(next_tuesday_nine(world.now))
    world.run()
    mark = world.release()
    take(world, rows("ann"))
    take(world, rows("eager", cadence=Cadence.EACH_POST))
    starts = {
        row.subscriber.normal: (row.watermark, row.practice_watermark, row.floor)
        for row in Subscription.objects.select_related("subscriber")
    }
    assert starts["ann@example.org"] == (1, 1, 1), "Monday's people get Tuesday's digest whole"
    assert starts["eager@example.org"] == (2, 2, 2), "each post starts at the newest release"
    world.until(next_tuesday_nine(world.now))
    world.run()
    assert world.got("ann") == [mark]


def test_refusals_say_why_and_a_pending_sign_up_is_confirmed(world: World) -> None:
    world.join("here")
    consent.leave(world.join("gone"), proof=Proof(), now=world.now)
    privacy.erase(world.join("erased"), world.now)
    suppressed = world.join("bounced")
    suppression.suppress(suppressed.hashed, SuppressionReason.BOUNCE, world.now)
    sign_up.sign_up(
        "asked@example.org",
        name="",
        cadence=Cadence.DAILY,
        topics=[],
        event=Event.SIGNED_UP,
        proof=Proof(),
        now=world.now,
    )
    broken = Refusal(9, "x", "not an address")
    done = take(world, [*rows("here", "gone", "erased", "bounced", "asked", "new"), broken])
    assert done.added == 2
    assert [(row.line, row.reason.split(";")[0]) for row in done.refused] == [
        (2, "is subscribed already"),
        (3, "left before"),
        (4, "must not be mailed (reason: erased)"),
        (5, "must not be mailed (reason: bounce)"),
        (9, "not an address"),
    ]
    asked = Subscriber.objects.get(normal="asked@example.org").subscription
    assert (asked.status, asked.cadence) == (Status.CONFIRMED, Cadence.WEEKLY)


def test_a_dry_run_says_the_same_and_writes_nothing(world: World) -> None:
    world.join("here")
    done = take(world, rows("here", "new"), dry_run=True)
    assert (done.added, len(done.refused)) == (1, 1)
    assert Subscriber.objects.count() == 1


def test_a_thousand_people_come_in_chunks_and_twice_is_refused(world: World) -> None:
    people = rows(*(f"person{number}" for number in range(1000)))
    assert take(world, people).added == 1000
    assert Consent.objects.count() == 2000
    again = take(world, people)
    assert (again.added, len(again.refused)) == (0, 1000)


def one(name: str, said: Said, *, line: int = 2, **more: object) -> Row:
    return replace(Row(line, address.parse(f"{name}@example.org"), said=replace(said, why="Status")), **more)


def status_of(name: str) -> str:
    return Subscription.objects.get(subscriber__normal=f"{name}@example.org").status


def suppressed() -> list[str]:
    return list(Suppression.objects.order_by("pk").values_list("reason", flat=True))


LIST = [
    one("gone", LEFT),
    one("dead", BOUNCED, line=3),
    one("asked", PENDING, line=4),
    one("rest", PAUSED, line=5),
]


def test_who_left_there_has_left_here_and_gets_nothing(world: World) -> None:
    done = take(world, [*LIST, *rows("ann")])
    assert (done.added, [str(person.becomes) for person in done.stood_down]) == (
        1,
        ["left", "suppressed", "pending", "paused"],
    )
    found = {name: status_of(name) for name in ("gone", "dead", "asked", "rest", "ann")}
    assert found == {"gone": "left", "dead": "left", "asked": "pending", "rest": "paused", "ann": "confirmed"}
    assert suppressed() == ["bounce"]
    assert not Notice.objects.exists(), "nobody is asked to confirm"
    world.release()
    world.until(next_tuesday_nine(world.now))
    world.run()
    assert [len(world.got(name)) for name in ("ann", "gone", "dead", "asked", "rest")] == [1, 0, 0, 0, 0]


def test_a_dry_run_counts_them_and_writes_nothing(world: World) -> None:
    done = take(world, LIST, dry_run=True)
    assert [(person.line, str(person.becomes), person.why) for person in done.stood_down] == [
        (2, "left", "Status"),
        (3, "suppressed", "Status"),
        (4, "pending", "Status"),
        (5, "paused", "Status"),
    ]
    assert (Subscriber.objects.count(), suppressed()) == (0, [])


def test_taking_the_same_list_twice_changes_nothing(world: World) -> None:
    take(world, LIST)
    steps = Consent.objects.count()
    again = take(world, LIST)
    assert [str(person.becomes) for person in again.stood_down] == ["left", "suppressed"]
    assert (Consent.objects.count(), Subscriber.objects.count(), len(suppressed())) == (steps, 4, 1)


def test_who_left_elsewhere_is_not_subscribed_by_a_later_list(world: World) -> None:
    take(world, LIST)
    done = take(world, rows("gone", "dead"))
    assert done.added == 0
    assert [row.reason.split(";")[0] for row in done.refused] == [
        "left before",
        "must not be mailed (reason: bounce)",
    ]


@pytest.mark.parametrize("said", [LEFT, BOUNCED])
def test_a_list_of_those_who_left_ends_what_staff_vouched_for(world: World, said: Said) -> None:
    take(world, rows("ann"))
    done = take(world, [one("ann", said)])
    assert status_of("ann") == "left"
    assert len(done.stood_down) == 1
    ann = Subscriber.objects.get(normal="ann@example.org")
    assert ann.consents.last().detail == {"line": 2, "said": "Status"}


def test_a_persons_own_yes_here_stands_unless_they_left_there_after_it(world: World) -> None:
    ann = world.join("ann")
    Consent.objects.create(
        subscriber=ann, at=world.now, event=Event.CONFIRMED, form="https://hub.example.org/confirm/"
    )
    earlier, later = (replace(LEFT, at=world.now + timedelta(days=days)) for days in (-5, 5))
    for said in (LEFT, BOUNCED, earlier):
        (refusal,) = take(world, [one("ann", said)]).refused
        assert refusal.reason.startswith("stays subscribed: they confirmed here themselves")
    assert (status_of("ann"), suppressed()) == ("confirmed", [])
    world.until(world.now + timedelta(days=6))
    take(world, [one("ann", later)])
    assert status_of("ann") == "left"


def test_since_when_and_the_proof_of_consent_are_kept(world: World) -> None:
    since = world.now - timedelta(days=400)
    proof = {"confirmed_at": "2020-01-02 10:00:00", "confirmed_ip": "192.0.2.8"}
    take(world, [one("gone", replace(LEFT, at=since)), Row(2, address.parse("ann@example.org"), proof=proof)])
    assert Subscription.objects.get(subscriber__normal="gone@example.org").left_at == since
    assert Consent.objects.get(subscriber__normal="ann@example.org", event="imported").detail == {
        "line": 2,
        **proof,
    }


def test_who_left_elsewhere_comes_back_by_their_own_yes(world: World) -> None:
    take(world, LIST)
    for name in ("gone", "dead"):
        person, due = sign_up.sign_up(
            f"{name}@example.org",
            name="",
            cadence=Cadence.WEEKLY,
            topics=[],
            event=Event.SIGNED_UP,
            proof=Proof(),
            now=world.now,
        )
        assert due
        sign_up.confirm(person, proof=Proof(), now=world.now, by_person=True)
        assert status_of(name) == "confirmed"
    assert suppressed() == []
