"""Lists of people taken in: consent kept, watermarks as the rules say, every refusal with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from world import World, next_tuesday_nine

from newsletter.publishing.admit import Admission, admit
from subscribers import address, consent, privacy, suppression
from subscribers.cadence import Cadence
from subscribers.consent import Proof
from subscribers.imports import Refusal, Row
from subscribers.models import Consent, Status, Subscriber, Subscription, SuppressionReason

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
    from newsletter.publishing import join
    from subscribers.models import Event

    world.join("here")
    consent.leave(world.join("gone"), proof=Proof(), now=world.now)
    privacy.erase(world.join("erased"), world.now)
    suppressed = world.join("bounced")
    suppression.suppress(suppressed.hashed, SuppressionReason.BOUNCE, world.now)
    join.sign_up(
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
