"""What a question of explain.py comes to, as plain facts. Gathered there, turned into a sentence in sentences.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from newsletter.models import DeliveryState, EditionState, PostState


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as they stood when the edition in question was enqueued, or as they stand now."""

    shown: str
    cadence: str
    topics: frozenset[str]
    watermark: int
    floor: int
    #: When the consent that holds began; None for somebody who never confirmed. Who came back within two weeks goes on
    #: with the one they had.
    confirmed_at: datetime | None = None
    #: They had confirmed once before that, left, and came back as a new start.
    anew: bool = False
    #: One clause why they might not be mailed; None when they might.
    why_not: str | None = None
    #: They pause: what they are owed waits for them.
    paused: bool = False
    #: Their first consent came after the edition began.
    not_yet: bool = False
    #: They paused, left, came back, switched or chose topics while the edition was being enqueued.
    changed: bool = False


@dataclass(frozen=True, slots=True)
class PostFacts:
    """The post that is asked about."""

    key: str
    state: PostState
    topics: frozenset[str]
    dated_at: datetime
    mail: bool = True
    because: str = ""
    release_number: int | None = None
    released_at: datetime | None = None
    #: Staff cancelled its edition and kept it out of this campaign's mail.
    kept_out: bool = False


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """The edition that is asked about."""

    number: int
    state: EditionState
    campaign: str
    cadence: str
    slot_at: datetime
    everyone: bool = False
    because: str = ""
    frozen_at: datetime | None = None
    began_at: datetime | None = None
    enqueued_at: datetime | None = None
    started: bool = False
    #: Everybody in its audience has been decided about.
    enqueued: bool = False
    #: The person stands before the cursor, so that enqueueing has decided about them.
    passed: bool = False
    #: It carries the releases above ``lowest`` and settles them up to ``newest``; None where it moves no watermark.
    lowest: int | None = None
    newest: int | None = None
    by_hand: bool = False
    carries_post: bool = True
    #: How many of its posts (or of the one asked about) the person would get if it began now; None: not known.
    brings: int | None = None


@dataclass(frozen=True, slots=True)
class MailFacts:
    """A delivery to the person."""

    edition: int
    state: DeliveryState
    changed_at: datetime
    reply: str = ""
    code: int | None = None
    next_attempt_at: datetime | None = None
    practice: bool = False
    #: Practice is over since, and this with it.
    ended: bool = False


@dataclass(frozen=True, slots=True)
class SettledFacts:
    """The edition that settled a post for somebody without a mail."""

    edition: int
    #: Its campaign's id.
    campaign: int
    #: What they had chosen when it went out.
    topics: frozenset[str]
    #: The post's topics, as they were frozen with it.
    post_topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class ComingFacts:
    """The edition that will bring a post, where it is made already."""

    edition: int
    state: EditionState
    slot_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one question."""

    now: datetime
    zone: str
    person: PersonFacts
    edition: EditionFacts | None = None
    post: PostFacts | None = None
    #: The delivery that answers the question, or none.
    mail: MailFacts | None = None
    #: A delivery with the post that never went: called off, or skipped at the wire.
    called_off: MailFacts | None = None
    #: Another edition that brought the post before.
    had_in: MailFacts | None = None
    settled: SettledFacts | None = None
    coming: ComingFacts | None = None
    #: When the site went live; None in practice.
    live_at: datetime | None = None
    #: Whether a campaign runs for the person's cadence, and the next slot that can bring it.
    runs: bool = True
    next_slot_at: datetime | None = None
