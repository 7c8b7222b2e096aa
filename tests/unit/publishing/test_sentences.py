"""Every sentence that explains a mail, out of plain facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.models import DeliveryState, EditionState, PostState
from newsletter.publishing.explain.facts import (
    ComingFacts,
    EditionFacts,
    Facts,
    MailFacts,
    PersonFacts,
    PostFacts,
    SettledFacts,
)
from newsletter.publishing.explain.sentences import sentence

NOON = datetime(2026, 11, 3, 17, 0, tzinfo=UTC)
ANN = PersonFacts(
    "ann@example.org", "weekly", frozenset(), watermark=5, floor=2, confirmed_at=NOON - timedelta(9)
)
SEED = PostFacts("seed", PostState.RELEASED, frozenset({"food"}), NOON, release_number=7, released_at=NOON)
SEVEN = EditionFacts(
    7,
    EditionState.SENT,
    "weekly",
    "weekly",
    NOON,
    frozen_at=NOON - timedelta(hours=1),
    started=True,
    enqueued=True,
    passed=True,
    lowest=5,
)
SENT = MailFacts(7, DeliveryState.SENT, NOON, "queued as 4F", 250)


def explained(**facts: Any) -> tuple[str, str]:
    return sentence(Facts(now=NOON, zone="America/New_York", **({"person": ANN} | facts)))


@pytest.mark.parametrize(
    ("mail", "verdict", "words"),
    [
        (
            SENT,
            "sent",
            'was sent to ann@example.org at 2026-11-03 12:00 America/New_York, the relay said "250 queued as 4F".',
        ),
        (
            replace(SENT, practice=True, code=None, reply="written to x.eml"),
            "sent",
            "Edition 7 (practice) was sent",
        ),
        (
            replace(
                SENT,
                state=DeliveryState.DEFERRED,
                code=452,
                reply="4.2.2 full",
                next_attempt_at=NOON + timedelta(hours=1),
            ),
            "deferred",
            'the relay said "452 4.2.2 full" and is tried again at 2026-11-03 13:00 America/New_York.',
        ),
        (
            replace(SENT, state=DeliveryState.FAILED, code=550, reply="5.1.1 no such user"),
            "failed",
            '"550 5.1.1 no such user"',
        ),
        (
            replace(SENT, state=DeliveryState.SKIPPED, code=None, reply="the person left"),
            "skipped",
            "was not sent to ann@example.org: the person left",
        ),
        (replace(SENT, state=DeliveryState.UNKNOWN, code=None, reply=""), "unknown", "may have reached"),
        (
            replace(SENT, state=DeliveryState.SENDING),
            "sending",
            "is being sent to ann@example.org at this moment",
        ),
        (replace(SENT, state=DeliveryState.PENDING), "pending", "is waiting to be sent to ann@example.org."),
        (replace(SENT, state=DeliveryState.CLAIMED), "pending", "is waiting to be sent"),
        (
            replace(SENT, state=DeliveryState.CANCELLED, code=None, reply="edition 8 carries it"),
            "cancelled",
            "called off for ann@example.org before it was sent: edition 8 carries it",
        ),
    ],
    ids=lambda value: value.state if isinstance(value, MailFacts) else None,
)
def test_a_delivery_is_the_answer(mail: MailFacts, verdict: str, words: str) -> None:
    found, text = explained(mail=mail, edition=SEVEN)
    assert found == verdict
    assert words in text


def test_a_mail_that_waits_in_a_paused_edition_says_so() -> None:
    paused = replace(SEVEN, state=EditionState.PAUSED)
    text = explained(mail=replace(SENT, state=DeliveryState.PENDING), edition=paused)[1]
    assert text.endswith("and its edition is paused.")


@pytest.mark.parametrize(
    ("post", "verdict", "words"),
    [
        (
            replace(SEED, state=PostState.WAITING, release_number=None),
            "due",
            "is dated 2026-11-03 12:00 America/New_York",
        ),
        (
            replace(SEED, state=PostState.HELD, because="it may be the same post"),
            "not",
            "held for a decision of staff: it may be the same post.",
        ),
        (replace(SEED, state=PostState.WITHDRAWN), "not", "was withdrawn before it reached ann@example.org."),
        (
            replace(SEED, mail=False, because="it arrived with the first sync"),
            "not",
            "stays out of mail: it arrived with the first sync.",
        ),
    ],
    ids=lambda value: value.state if isinstance(value, PostFacts) else None,
)
def test_a_post_that_was_never_in_mail(post: PostFacts, verdict: str, words: str) -> None:
    found, text = explained(post=post)
    assert found == verdict
    assert words in text


def test_a_post_that_staff_sent_by_hand_is_not_called_out_of_mail() -> None:
    by_hand = replace(SEVEN, by_hand=True, lowest=None, cadence="daily")
    assert "had the cadence weekly" in explained(post=replace(SEED, mail=False), edition=by_hand)[1]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (DeliveryState.SENT, "ann@example.org got the post seed in edition 4"),
        (DeliveryState.UNKNOWN, "may have got the post seed in edition 4"),
        (
            DeliveryState.FAILED,
            "was to get the post seed in edition 4 (2026-11-03 12:00 America/New_York), which failed",
        ),
        (DeliveryState.PENDING, "gets the post seed in edition 4"),
    ],
)
def test_who_had_the_post_already_is_told_where(state: DeliveryState, words: str) -> None:
    verdict, text = explained(post=SEED, edition=SEVEN, had_in=replace(SENT, edition=4, state=state))
    assert verdict == "not"
    assert text.startswith(words) or words in text
    assert text.endswith("so edition 7 left it out.")


@pytest.mark.parametrize(
    ("edition", "verdict", "words"),
    [
        (replace(SEVEN, carries_post=False), "not", "does not carry the post seed"),
        (
            replace(SEVEN, state=EditionState.CANCELLED, because="staff cancelled it", enqueued=False),
            "not",
            "cancelled before it reached ann@example.org: staff cancelled it.",
        ),
        (
            replace(SEVEN, state=EditionState.CANCELLED, cadence="daily", campaign="daily"),
            "not",
            "had the cadence weekly when edition 7 of daily went out",
        ),
        (
            replace(SEVEN, state=EditionState.SKIPPED, because="nothing new"),
            "not",
            "was skipped: nothing new.",
        ),
        (
            replace(SEVEN, state=EditionState.SCHEDULED, started=False),
            "due",
            "has not begun: it is scheduled for 2026-11-03 12:00 America/New_York.",
        ),
        (replace(SEVEN, state=EditionState.DRAFT, started=False), "due", "it is a draft."),
        (
            replace(SEVEN, state=EditionState.AWAITING_APPROVAL, started=False),
            "due",
            "it is awaiting approval.",
        ),
        (
            replace(SEVEN, state=EditionState.SENDING, enqueued=False, passed=False),
            "due",
            "is being enqueued and has not come to ann@example.org yet.",
        ),
        (
            replace(SEVEN, state=EditionState.PAUSED, enqueued=False, passed=False),
            "due",
            "is being enqueued and is paused",
        ),
        (
            replace(SEVEN, cadence="daily", campaign="daily"),
            "not",
            "had the cadence weekly when edition 7 of daily went out, and it is for the people of daily",
        ),
        (replace(SEVEN, lowest=6), "due", "is owed more than edition 7 carries"),
        (SEVEN, "not", "The post seed was not new for ann@example.org in edition 7."),
    ],
)
def test_an_edition_that_did_not_come(edition: EditionFacts, verdict: str, words: str) -> None:
    found, text = explained(post=SEED, edition=edition)
    assert found == verdict
    assert words in text


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"brings": 2}, "; as things stand it brings ann@example.org 2 posts."),
        ({"brings": 1}, "; as things stand it brings ann@example.org 1 post."),
        (
            {"brings": 0},
            "; as things stand it does not bring ann@example.org anything: nothing in it is new for them.",
        ),
        ({"brings": 0, "cadence": "daily"}, "anything: their cadence is weekly."),
        ({"brings": None}, "has not begun: it is a draft."),
    ],
)
def test_an_edition_that_has_not_begun_says_what_it_would_bring(facts: dict[str, Any], words: str) -> None:
    draft = replace(SEVEN, state=EditionState.DRAFT, started=False, **facts)
    assert explained(edition=draft)[0] == "due"
    assert explained(edition=draft)[1].endswith(words)


def test_of_one_post_it_is_said_whether_the_edition_would_bring_it() -> None:
    draft = replace(SEVEN, state=EditionState.DRAFT, started=False, brings=1)
    assert explained(edition=draft, post=SEED)[1].endswith("it brings ann@example.org the post seed.")
    none = explained(edition=replace(draft, brings=0), post=SEED)[1]
    assert none.endswith("does not bring ann@example.org the post seed: they had it, or it is not for them.")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"why_not": "the person left"}, "is not to be mailed: the person left."),
        ({"confirmed_at": None}, "the sign-up was never confirmed."),
        (
            {"topics": frozenset({"land", "law"})},
            "chose the topics land, law, and the post seed is about food.",
        ),
        (
            {"floor": 9, "confirmed_at": NOON + timedelta(1)},
            "was not subscribed yet when the post seed was released at 2026-11-03 12:00 America/New_York; they "
            "confirmed at 2026-11-04 12:00 America/New_York.",
        ),
        (
            {"floor": 9, "confirmed_at": NOON + timedelta(1), "anew": True},
            "had left, and came back at 2026-11-04 12:00 America/New_York as a new start",
        ),
        ({"floor": 9}, "is owed only what was released after the post seed."),
        ({"watermark": 7}, "was settled for ann@example.org without a mail"),
    ],
)
def test_a_person_it_was_not_for(change: dict[str, Any], words: str) -> None:
    verdict, text = explained(post=SEED, person=replace(ANN, **change))
    assert verdict == "not"
    assert words in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"not_yet": True},
            "was not subscribed yet when edition 7 went out: they confirmed at 2026-10-25 13:00 America/New_York.",
        ),
        ({"not_yet": True, "confirmed_at": None}, "went out: the sign-up was never confirmed."),
        ({"why_not": "mail was paused"}, "was not to be mailed when edition 7 went out: mail was paused."),
        ({"changed": True, "why_not": "mail was paused"}, "while edition 7 was being enqueued"),
    ],
)
def test_who_was_not_among_its_people_when_it_went_out(change: dict[str, Any], words: str) -> None:
    verdict, text = explained(edition=SEVEN, person=replace(ANN, **change))
    assert verdict == "not"
    assert words in text


def test_what_is_owed_to_somebody_who_pauses_waits_for_them() -> None:
    paused = replace(ANN, why_not="mail is paused", paused=True)
    assert explained(post=SEED, person=paused) == (
        "due",
        "The post seed is owed to ann@example.org and waits for them, because mail is paused.",
    )


def test_nobody_is_said_to_have_joined_after_a_post_that_is_older_than_going_live() -> None:
    text = explained(post=SEED, person=replace(ANN, floor=9), live_at=NOON + timedelta(hours=1))[1]
    assert "was released before this site went live at 2026-11-03 13:00 America/New_York" in text


def test_other_topics_are_those_that_were_chosen_when_the_edition_went_out() -> None:
    settled = SettledFacts(4, 1, frozenset({"land"}), frozenset({"food"}))
    verdict, text = explained(post=SEED, person=replace(ANN, watermark=8), settled=settled)
    assert verdict == "not"
    assert text.startswith(
        "When edition 4 went out, ann@example.org chose the topics land, and the post seed is"
    )


def test_a_mail_that_never_went_does_not_hide_what_comes() -> None:
    never = replace(SENT, state=DeliveryState.CANCELLED, code=None, reply="staff cancelled it")
    verdict, text = explained(post=SEED, called_off=never)
    assert verdict == "due"
    assert (
        "before it was sent: staff cancelled it (2026-11-03 12:00 America/New_York); the post seed is owed"
        in text
    )


def test_practice_that_is_over_is_not_said_to_have_been_called_off_before_it_was_sent() -> None:
    mail = replace(
        SENT, state=DeliveryState.CANCELLED, practice=True, ended=True, code=None, reply="practice"
    )
    text = explained(mail=mail, edition=SEVEN, live_at=NOON)[1]
    assert text == (
        "Edition 7 (practice) brought ann@example.org nothing: its mails were files, and the site went live at "
        "2026-11-03 12:00 America/New_York."
    )


def test_the_edition_that_will_bring_it_is_named() -> None:
    coming = ComingFacts(8, EditionState.SCHEDULED, NOON + timedelta(1))
    assert explained(post=SEED, coming=coming)[1].endswith(
        "comes with edition 8, which is scheduled for 2026-11-04 12:00 America/New_York."
    )


def test_a_post_that_staff_kept_out() -> None:
    assert "kept it out of mail" in explained(post=replace(SEED, kept_out=True))[1]


def test_an_edition_with_nothing_new_for_one_person() -> None:
    assert explained(edition=SEVEN) == ("not", "There was nothing new for ann@example.org in edition 7.")


def test_an_edition_that_settled_nothing_for_somebody_did_not_come_to_them() -> None:
    """Who chose another cadence while it was being enqueued: their watermark is behind it."""
    passed_by = replace(SEVEN, newest=9)
    for post in (None, SEED):
        assert explained(edition=passed_by, post=post) == (
            "due",
            "Edition 7 did not come to ann@example.org, and their next edition brings what they are owed.",
        )


def test_a_post_that_is_still_to_come_names_the_slot() -> None:
    later = {"person": replace(ANN, watermark=5), "post": SEED}
    assert explained(**later, next_slot_at=NOON + timedelta(1)) == (
        "due",
        "The post seed is owed to ann@example.org and comes with their next edition, "
        "due 2026-11-04 12:00 America/New_York.",
    )
    assert "no campaign runs for the cadence weekly" in explained(**later, runs=False)[1]


MAILS = st.none() | st.builds(
    replace, st.just(SENT), state=st.sampled_from(DeliveryState), reply=st.text(max_size=20)
)
EDITIONS = st.none() | st.builds(
    replace,
    st.just(SEVEN),
    state=st.sampled_from(EditionState),
    started=st.booleans(),
    enqueued=st.booleans(),
    lowest=st.none() | st.integers(0, 20),
    carries_post=st.booleans(),
)
POSTS = st.none() | st.builds(
    replace, st.just(SEED), state=st.sampled_from(PostState), mail=st.booleans(), topics=st.just(frozenset())
)


@given(MAILS, EDITIONS, POSTS, st.integers(0, 20))
def test_whatever_the_facts_it_is_one_sentence(
    mail: MailFacts | None, edition: EditionFacts | None, post: PostFacts | None, watermark: int
) -> None:
    verdict, text = explained(mail=mail, edition=edition, post=post, person=replace(ANN, watermark=watermark))
    assert verdict in {"not", "due", *DeliveryState}
    assert text.endswith(".")
    assert "None" not in text.replace(mail.reply if mail else "", "")
