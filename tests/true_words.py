"""Holds every sentence of ``explain`` against an account that knows neither ledger nor watermarks.

The account of a history says what each person must and may get, and its trail how everybody stood at each moment. A
sentence of a kind that is not listed here is a failure: nobody has said how it is to be held to the truth.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from newsletter.models import Edition, Post
from newsletter.publishing.explain.explain import Explanation, explain
from subscribers.cadence import Cadence


class Stands(Protocol):
    """How the account has a person."""

    status: str
    cadence: Cadence
    topics: set[str]
    must: set[int]
    may: set[int]
    earlier: set[int]
    forgiven: set[int]

    def is_for(self, topics: set[str]) -> bool: ...


@dataclass(frozen=True)
class Standing:
    """A person at one moment."""

    status: str
    cadence: str
    topics: frozenset[str]


@dataclass
class Trail:
    """How everybody stood, moment by moment. Several things may happen in one moment."""

    steps: list[tuple[datetime, dict[str, Standing]]] = field(default_factory=list)

    def note(self, now: datetime, accounts: dict[str, Any]) -> None:
        people = {
            name: Standing(account.status, account.cadence.value, frozenset(account.topics))
            for name, account in accounts.items()
        }
        self.steps.append((now, people))

    def at(self, name: str, moment: datetime) -> set[Standing]:
        """All that holds in that moment: what was before it, and whatever happened in it."""
        before = [people[name] for at, people in self.steps if at < moment][-1:]
        return {*before, *(people[name] for at, people in self.steps if at == moment)}

    def between(self, name: str, first: datetime, last: datetime) -> set[Standing]:
        return self.at(name, first) | {people[name] for at, people in self.steps if first <= at <= last}


def lies(history: Any, name: str, *, edition: Edition | None, mark: int | None) -> tuple[str, str]:
    """What is not true of the answer to one question (empty when all of it is), and its verdict."""
    post = Post.objects.get(pk=history.world.posts[mark].pk) if mark is not None else None
    answer = explain(
        f"{name}@example.org",
        history.world.config,
        history.world.now,
        edition=edition.pk if edition else None,
        post=post.key if post else None,
    )
    found = _Question(history, name, history.accounts[name], edition, mark, post, answer).wrong()
    asked = f"{name}, edition {edition and edition.pk}, post {mark}"
    return (f"{asked}: {answer.sentence}\n  {found}" if found else ""), answer.verdict


@dataclass
class _Question:
    history: Any
    name: str
    account: Stands
    edition: Edition | None
    mark: int | None
    post: Post | None
    answer: Explanation

    def wrong(self) -> str:
        sentence = self.answer.sentence
        never = re.match(r"(Edition \d+ was (?:called off|not sent) .*?\)); (.+)\Z", sentence)
        if never and self.edition is None:
            sentence = (
                never[2][0].upper() + never[2][1:] if never[2].startswith(("the ", "staff ")) else never[2]
            )
        for pattern, holds in KINDS:
            said = re.fullmatch(pattern, sentence)
            if said:
                return (holds(self, said) or self._verdict()) if self.edition is None else holds(self, said)
        return "nobody has said how a sentence like this is held to the truth"

    @property
    def got(self) -> bool:
        return self.mark in self.history.world.got(self.name)

    def _verdict(self) -> str:
        """Of a post alone, "not" and "due" are promises about what is to come."""
        account, mark = self.account, self.mark
        if mark is None or account.status != "confirmed":
            return ""
        if self.answer.verdict == "not" and mark in account.must and not self.got:
            return "the person must get it and has not got it yet"
        if self.answer.verdict == "due" and (self.got or mark in account.forgiven):
            return "the person has it, or it failed or is in doubt, so it does not come any more"
        if self.answer.verdict == "due" and mark not in account.must | account.may:
            return "the person is not owed it"
        return ""

    def sent(self, _: re.Match[str]) -> str:
        if self.mark is not None:
            return "" if self.got else "the relay never took it"
        assert self.edition is not None
        carried = self._marks()
        return "" if carried & set(self.history.world.got(self.name)) else "the relay took none of its posts"

    def stored(self, _: re.Match[str]) -> str:
        """A state of a delivery, as the database has it; what it means for the post is known by the account."""
        if self.answer.verdict in ("failed", "unknown") and self.mark is not None and not self.got:
            return "" if self.mark in self.account.forgiven else "it neither failed nor is it in doubt"
        if self.answer.verdict in ("pending", "deferred") and self.mark is not None and self.edition is None:
            return "the relay took it" if self.got else ""
        return ""

    def by_the_post(self, said: re.Match[str]) -> str:
        word = {"held": "held", "withdrawn": "withdrawn", "out": "out of mail"}[
            next(key for key in ("held", "withdrawn", "out") if said.groupdict().get(key))
        ]
        where = self.history.where(self.mark)
        return "" if where == word else f"it is {where}"

    def started_behind(self, _: re.Match[str]) -> str:
        return "they are owed it" if self.mark in self.account.must else ""

    def not_subscribed_then(self, _: re.Match[str]) -> str:
        assert self.post is not None
        if self.post.released_at is None:
            return "it is not released"
        stood = self.history.trail.at(self.name, self.post.released_at)
        if stood and not any(one.status == "none" for one in stood):
            return f"they were {', '.join(one.status for one in stood)} then"
        return self.started_behind(_)

    def chose_now(self, _: re.Match[str]) -> str:
        about = self._topics()
        if self.edition is not None:
            return self._then(lambda one: bool(one.topics and about and not one.topics & about))
        return "it is for them" if self.account.is_for(about) else ""

    def chose_then(self, said: re.Match[str]) -> str:
        other = Edition.objects.get(pk=int(said["n"]))
        about, chosen = self._topics(), set(said["topics"].split(", "))
        assert other.enqueued_at is not None
        stood = self.history.trail.at(self.name, other.enqueued_at)
        if not any(one.topics == chosen and about and not one.topics & about for one in stood):
            return f"they had {[sorted(one.topics) for one in stood]} then, and it is about {sorted(about)}"
        return ""

    def kept_out(self, _: re.Match[str]) -> str:
        kept = {mark for marks in self.history.kept_out.values() for mark in marks}
        return "" if self.mark in kept else "nobody kept it out"

    def settled(self, _: re.Match[str]) -> str:
        return "it must come" if self.mark in self.account.must and not self.got else ""

    def not_mailable_now(self, _: re.Match[str]) -> str:
        return "they may be mailed" if self.account.status == "confirmed" else ""

    def owed(self, _: re.Match[str]) -> str:
        return "" if self.mark in self.account.must | self.account.may else "they are not owed it"

    def comes_with(self, said: re.Match[str]) -> str:
        other = Edition.objects.get(pk=int(said["n"]))
        if not other.edition_posts.filter(post=self.post).exists():
            return "that edition does not carry it"
        return self.owed(said)

    def stood_so(self, said: re.Match[str]) -> str:
        words = {
            "mail was paused": "paused",
            "mail is paused": "paused",
            "the person had left": "left",
            "the person left": "left",
        }
        status = words.get(said["why"])
        if status is None:
            return "" if "confirmed" in said["why"] else f"what is {said['why']}?"
        return self._then(lambda one: one.status == status)

    def had_cadence(self, said: re.Match[str]) -> str:
        assert self.edition is not None
        if self.edition.campaign.cadence == said["cadence"] or self.edition.audience == "everyone":
            return "that is the edition's own"
        return self._then(lambda one: one.cadence == said["cadence"])

    def not_yet(self, _: re.Match[str]) -> str:
        assert self.edition is not None
        assert self.edition.began_at is not None
        stood = self.history.trail.at(self.name, self.edition.began_at)
        return "" if not stood or any(one.status == "none" for one in stood) else "they were subscribed"

    def meanwhile(self, _: re.Match[str]) -> str:
        edition = self.edition
        assert edition is not None
        assert edition.began_at is not None
        assert edition.enqueued_at is not None
        stood = self.history.trail.between(self.name, edition.began_at, edition.enqueued_at)
        return "" if len(stood) > 1 else "nothing of them changed"

    def nothing_new(self, _: re.Match[str]) -> str:
        """Each of its posts was had, came another way, was not for them, or was behind their start."""
        edition = self.edition
        assert edition is not None
        for mark in [self.mark] if self.mark is not None else sorted(self._marks()):
            known = self.account.may | self.account.earlier | self.account.forgiven
            about = self.history.topics_of[mark]
            elsewhere = mark in self.history.world.got(self.name) or mark in self.account.forgiven
            if mark in known and not elsewhere and mark in self.account.must:
                stood = self.history.trail.at(self.name, edition.enqueued_at or self.history.world.now)
                if all(
                    one.status == "confirmed" and (not one.topics or not about or one.topics & about)
                    for one in stood
                ) and not self._under_way(mark):
                    return f"post {mark} was new for them"
        return ""

    def had_it_before(self, said: re.Match[str]) -> str:
        assert self.edition is not None
        other = Edition.objects.get(pk=int(said["n"]))
        if not other.edition_posts.filter(post=self.post).exists() and "gets" not in self.answer.sentence:
            return "that edition never carried it"
        in_doubt = "may have got the post" in self.answer.sentence
        if in_doubt and not (self.got or self.mark in self.account.forgiven):
            return "it was never in doubt"
        if not in_doubt and " got the post" in self.answer.sentence and not self.got:
            return "the relay never took it"
        if other.began_at and self.edition.enqueued_at and other.began_at > self.edition.enqueued_at:
            return "that edition came later"
        return ""

    def practised(self, _: re.Match[str]) -> str:
        assert self.edition is not None
        return "" if self.edition.practice else "it was no practice"

    def stands_as_stored(self, _: re.Match[str]) -> str:
        return ""

    def would_bring(self, said: re.Match[str]) -> str:
        assert self.edition is not None
        account = self.account
        if account.status != "confirmed":
            return "they may not be mailed"
        mine = self.edition.audience == "everyone" or account.cadence == self.edition.campaign.cadence
        if not mine:
            return "it is not theirs"
        marks = {self.mark} if self.mark is not None else self._marks()
        had = set(self.history.world.got(self.name)) | account.forgiven
        able = {m for m in marks if m is not None and m not in had and account.is_for(self._frozen_topics(m))}
        return "" if able else "they had all of it, or it is not for them"

    def would_not_bring(self, _: re.Match[str]) -> str:
        return ""

    # what the checks ask

    def _marks(self) -> set[int]:
        assert self.edition is not None
        carried = set(self.edition.edition_posts.values_list("post_id", flat=True))
        return {mark for mark, post in self.history.world.posts.items() if post.pk in carried}

    def _frozen_topics(self, mark: int) -> set[str]:
        return set(self.history.topics_of[mark])

    def _topics(self) -> set[str]:
        assert self.mark is not None
        return set(self.history.topics_of[self.mark])

    def _under_way(self, mark: int) -> bool:
        from newsletter.models import Delivery

        rows = Delivery.objects.filter(
            subscriber__normal=f"{self.name}@example.org",
            variant__posts=self.history.world.posts[mark].pk,
        )
        return rows.exists()

    def _then(self, holds: Callable[[Standing], bool]) -> str:
        edition = self.edition
        if edition is None:
            return ""
        moment = edition.enqueued_at or self.history.world.now
        stood = self.history.trail.at(self.name, moment)
        return "" if any(holds(one) for one in stood) else f"they stood as {stood} at {moment}"


WHO = r"\S+@example\.org"
AT = r"\d{4}-\d\d-\d\d \d\d:\d\d \S+?"
#: What a sentence looks like, and what has to hold of it.
KINDS: list[tuple[str, Callable[[_Question, re.Match[str]], str]]] = [
    (rf"Edition \d+ was sent to {WHO} at .+", _Question.sent),
    (rf"Edition \d+ \(practice\) brought {WHO} nothing: .+", _Question.practised),
    (rf"Edition \d+ is waiting to be sent to {WHO}.*", _Question.stored),
    (rf"Edition \d+ is being sent to {WHO} .+", _Question.stored),
    (r"Edition \d+ was put off by the relay .+", _Question.stored),
    (rf"Edition \d+ could not be sent to {WHO} and failed .+", _Question.stored),
    (rf"Edition \d+ may have reached {WHO}.+", _Question.stored),
    (rf"Edition \d+ was not sent to {WHO}: .+", _Question.stored),
    (rf"Edition \d+ was called off for {WHO} before it was sent.+", _Question.stored),
    (r"The post \S+ is (?P<held>held) for a decision of staff.*", _Question.by_the_post),
    (rf"The post \S+ was (?P<withdrawn>withdrawn) before it reached {WHO}\.", _Question.by_the_post),
    (r"The post \S+ stays (?P<out>out) of mail: .+", _Question.by_the_post),
    (
        rf"{WHO} was not subscribed yet when the post \S+ was released at {AT}; they confirmed at .+",
        _Question.not_subscribed_then,
    ),
    (rf"{WHO} had left, and came back at {AT} as a new start, .+", _Question.started_behind),
    (r"The post \S+ was released before this site went live.+", _Question.started_behind),
    (rf"{WHO} chose the topics .+, and the post \S+ is about .+", _Question.chose_now),
    (
        rf"When edition (?P<n>\d+) went out, {WHO} chose the topics (?P<topics>.+), and the post \S+ is about .+",
        _Question.chose_then,
    ),
    (r"Staff cancelled an edition with the post \S+ and kept it out of mail .+", _Question.kept_out),
    (rf"The post \S+ was settled for {WHO} without a mail: .+", _Question.settled),
    (rf"{WHO} is not to be mailed: .+", _Question.not_mailable_now),
    (rf"{WHO} is not subscribed: .+", _Question.not_mailable_now),
    (rf"The post \S+ is owed to {WHO} and waits for them, because mail is paused\.", _Question.owed),
    (rf"The post \S+ is owed to {WHO}, and no campaign runs .+", _Question.owed),
    (rf"The post \S+ is owed to {WHO} and comes with edition (?P<n>\d+), .+", _Question.comes_with),
    (rf"The post \S+ is owed to {WHO} and comes with their next edition.*", _Question.owed),
    (
        rf"{WHO} (?:got|may have got|was to get|gets) the post \S+ in edition (?P<n>\d+) .+",
        _Question.had_it_before,
    ),
    (r"Edition \d+ does not carry the post \S+\.", _Question.stands_as_stored),
    (rf"Edition \d+ was cancelled before it reached {WHO}.*", _Question.stands_as_stored),
    (r"Edition \d+ was skipped: .+", _Question.stands_as_stored),
    (rf"Edition \d+ has not begun: [^;]+; as things stand it brings {WHO} .+", _Question.would_bring),
    (r"Edition \d+ has not begun: .+", _Question.would_not_bring),
    (rf"Edition \d+ is being enqueued.+ has not come to {WHO} yet\.", _Question.stands_as_stored),
    (rf"{WHO} was not subscribed yet when edition \d+ went out.+", _Question.not_yet),
    (rf"{WHO} paused, left, came back or chose anew while edition \d+ .+", _Question.meanwhile),
    (rf"{WHO} was not to be mailed when edition \d+ went out: (?P<why>.+)\.", _Question.stood_so),
    (rf"{WHO} had the cadence (?P<cadence>.+) when edition \d+ of \S+ went out, .+", _Question.had_cadence),
    (rf"{WHO} is owed more than edition \d+ carries, .+", _Question.stands_as_stored),
    (
        rf"Edition \d+ did not come to {WHO}, and their next edition brings what they are owed\.",
        _Question.stands_as_stored,
    ),
    (rf"The post \S+ was not new for {WHO} in edition \d+\.", _Question.nothing_new),
    (rf"There was nothing new for {WHO} in edition \d+\.", _Question.nothing_new),
]
