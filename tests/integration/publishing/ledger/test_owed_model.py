"""Nothing missed, nothing twice, whatever happens: random histories against an independent account of what is owed.

The account knows no watermarks and no ledger. It keeps, for each person, the posts they *must* get and those they
*may* get, straight from the rules' sentences; the publisher is then asked what really arrived at the relay.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from how_many import how_many
from hypothesis import HealthCheck, Phase, given, note
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from true_words import Trail, lies
from world import World, empty_database, write_small_templates

from newsletter.errors import IllegalMove, Refused
from newsletter.models import Campaign, Delivery, Edition, Post, Worker
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.delivery.deliver import finish
from newsletter.publishing.delivery.recorder import InHand, Recorder
from newsletter.publishing.delivery.workers import sweep
from newsletter.publishing.editions import campaigns, compose
from newsletter.publishing.ledger import release
from newsletter.publishing.notices import stop_link
from newsletter.publishing.schedule import enqueue
from newsletter.publishing.schedule.begin import begin
from newsletter.publishing.setup import go_live
from newsletter.publishing.setup.bootstrap import prepare
from newsletter.transports.base import Envelope, Result
from subscribers import consent
from subscribers.cadence import Cadence
from subscribers.consent import Proof
from subscribers.models import Subscription

pytestmark = pytest.mark.long

#: How many histories are told; more of them with HISTORIES=300.
HISTORIES = how_many("HISTORIES", 15)
PEOPLE = ("ann", "bo", "cy")
NAMES = st.sampled_from(PEOPLE)
TOPICS = st.sets(st.sampled_from(["food", "land"]), max_size=2)
#: Weekly twice, so that most people of a history meet in one audience.
CADENCES = st.sampled_from([Cadence.WEEKLY, Cadence.WEEKLY, Cadence.EACH_POST, Cadence.DAILY])
ANSWERS = st.lists(
    st.sampled_from([Result.SENT, Result.SENT, Result.SENT, Result.DEFERRED, Result.FAILED, Result.UNKNOWN]),
    max_size=4,
)
UNSTARTED = ("draft", "awaiting approval", "scheduled")


@dataclass
class Account:
    """What one person must and may get, by the sentences of the rules."""

    status: str = "none"
    cadence: Cadence = Cadence.WEEKLY
    topics: set[str] = field(default_factory=set)
    must: set[int] = field(default_factory=set)
    may: set[int] = field(default_factory=set)
    left_at: datetime | None = None
    #: Failed for good or in doubt: in the ledger all the same, and never owed again by itself.
    forgiven: set[int] = field(default_factory=set)
    #: What was theirs under an earlier consent: a new start clears the account, not the mailbox.
    earlier: set[int] = field(default_factory=set)

    @property
    def counts(self) -> bool:
        """Owed what is released now: subscribed, pausing, or gone so shortly that it may be a pause."""
        return self.status in ("confirmed", "paused", "left")

    def is_for(self, topics: set[str]) -> bool:
        return not self.topics or not topics or bool(self.topics & topics)


class History:
    """One history; hypothesis draws which steps it takes."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.accounts = {name: Account() for name in PEOPLE}
        self.topics_of: dict[int, set[str]] = {}
        self.mailed: set[int] = set()
        self.gone: set[int] = set()
        #: Campaign cadence → posts that staff kept out of it.
        self.kept_out: dict[Cadence, set[int]] = {cadence: set() for cadence in Cadence}
        #: Cadence → the posts at or below the end of its last begun edition.
        self.begun: dict[Cadence, set[int]] = {cadence: set() for cadence in Cadence}
        self.unasked: list[str] = []
        self.trail = Trail()
        #: A clock that was set back leaves no order in which things can be said to have happened.
        self.in_order = True
        #: (person, post) → what ``explain`` said last.
        self.promised: dict[tuple[str, int], str] = {}

    def start(self, cadences: tuple[Cadence, ...], topics: set[str]) -> None:
        empty_database()
        folder = Path(tempfile.mkdtemp(prefix="model-", dir=settings.CONFIG.folder))
        write_small_templates(folder)
        config = settings.CONFIG
        # One connection: which mail gets which answer must not depend on how threads are scheduled.
        smtp = config.email.smtp.model_copy(update={"connections": 1})
        email = config.email.model_copy(update={"transport": "smtp", "smtp": smtp})
        config = config.model_copy(update={"folder": folder, "email": email})
        now = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
        prepare(config, now)
        Campaign.objects.update(wait_minutes=0)
        self.world = World(config, now)
        self.world.relay.before = self._must_be_confirmed
        for name in ("each-post", "daily", "monthly"):
            campaigns.resume(name, now)
        self.world.release()  # an old post, which nobody here is owed
        self.topics_of[1] = set()
        for campaign in Campaign.objects.all():
            campaigns.edit(campaign.name, now, frozen_through=1)
            self.begun[Cadence(campaign.cadence)] = {1}
        self.mailed.add(1)
        self.trail.note(now - timedelta(hours=1), self.accounts)
        for name, cadence in zip(PEOPLE, cadences, strict=True):
            self.join(name, cadence, topics if name == "bo" else set())
        self.trail.note(now, self.accounts)

    def practise(self, with_practised: bool, topics: set[str]) -> None:
        """Everybody practises for ten days, and then the site goes live: with the posts of practice, or without."""
        real = self.world.config
        outbox = real.email.model_copy(update={"transport": "outbox"})
        self.world.config = real.model_copy(update={"email": outbox})
        for _ in range(2):
            self.publish(topics, True)
            self.world.move(days=5)
            self.world.run()
        go_live.go(None, self.world.now, with_practised=with_practised)
        self.world.config = real
        self.world.relay.taken.clear()
        self.begun = {cadence: set() for cadence in Cadence}
        if not with_practised:
            self.begun = {cadence: set(self.mailed) for cadence in Cadence}
            self.mailed.clear()
        for account in self.accounts.values():
            account.must = {mark for mark in self.mailed if account.is_for(self.topics_of[mark])}
            account.may = set(self.mailed)

    def _must_be_confirmed(self, envelope: Envelope) -> None:
        account = self.accounts[envelope.recipient.partition("@")[0]]
        if account.status != "confirmed":
            self.unasked.append(f"{envelope.recipient} is {account.status}")

    # people

    def subscriber(self, name: str) -> Any:
        return Subscription.objects.get(subscriber__normal=f"{name}@example.org").subscriber

    def row(self, name: str) -> Subscription:
        return Subscription.objects.get(subscriber__normal=f"{name}@example.org")

    def join(self, name: str, cadence: Cadence, topics: set[str]) -> None:
        account = self.accounts[name]
        if account.status in ("confirmed", "paused"):
            return
        back = account.left_at is not None and self.world.now - account.left_at <= timedelta(days=14)
        self.world.join(name, cadence, topics)
        if back:
            self._retopic(account, topics)
        else:
            released = {mark for mark in self.mailed if mark not in self.gone}
            # "Each post", and a cadence that is not running, start with what comes.
            running = Campaign.objects.filter(cadence=cadence, state="active").exists()
            digest = running and cadence != Cadence.EACH_POST
            fresh = released - self.begun[cadence] if digest else set()
            account.topics = set(topics)
            account.must = {mark for mark in fresh if account.is_for(self.topics_of[mark])} - account.forgiven
            account.earlier |= account.may
            account.may = set(fresh)
        account.status, account.cadence, account.left_at = "confirmed", cadence, None
        account.must -= self.kept_out[cadence]

    def leave(self, name: str) -> None:
        account = self.accounts[name]
        if account.status in ("confirmed", "paused"):
            consent.leave(self.subscriber(name), proof=Proof(), now=self.world.now)
            account.status, account.left_at = "left", self.world.now

    def pause(self, name: str) -> None:
        if self.accounts[name].status == "confirmed":
            consent.pause(self.subscriber(name), proof=Proof(), now=self.world.now)
            self.accounts[name].status = "paused"

    def resume(self, name: str) -> None:
        if self.accounts[name].status == "paused":
            consent.resume(self.subscriber(name), proof=Proof(), now=self.world.now)
            self.accounts[name].status = "confirmed"

    def switch(self, name: str, cadence: Cadence) -> None:
        account = self.accounts[name]
        if account.status in ("confirmed", "paused"):
            consent.choose(self.subscriber(name), cadence=cadence, proof=Proof(), now=self.world.now)
            account.cadence = cadence
            account.must -= self.kept_out[cadence]

    def choose_topics(self, name: str, topics: set[str]) -> None:
        account = self.accounts[name]
        if account.status in ("confirmed", "paused"):
            consent.choose(self.subscriber(name), topics=sorted(topics), proof=Proof(), now=self.world.now)
            self._retopic(account, topics)

    def _retopic(self, account: Account, topics: set[str]) -> None:
        account.topics = set(topics)
        account.must = {mark for mark in account.must if account.is_for(self.topics_of[mark])}

    # posts

    def publish(self, topics: set[str], mail: bool) -> None:
        mark = self.world.release(topics, mail=mail)
        # Topics are mapped from categories by the configuration: "food" and "land" are topics there.
        self.topics_of[mark] = set(topics)
        if mail:
            self._now_owed(mark)

    def _now_owed(self, mark: int) -> None:
        self.mailed.add(mark)
        for account in self.accounts.values():
            if account.counts:
                account.may.add(mark)
                if account.is_for(self.topics_of[mark]) and mark not in account.forgiven:
                    account.must.add(mark)

    def where(self, mark: int) -> str:
        """Where a post is, in the words of explanations."""
        state = Post.objects.get(pk=self.world.posts[mark].pk).state
        return "out of mail" if state == "released" and mark not in self.mailed else state

    def mail_an_archived_post_after_all(self) -> None:
        mark = self.data.draw(st.sampled_from(sorted(self.topics_of)))
        post = Post.objects.get(pk=self.world.posts[mark].pk)
        if post.mail:
            return
        release.release([post.key], self.world.now, mail=[post.key])
        for begun in self.begun.values():
            begun.discard(mark)
        self._now_owed(mark)

    # editions

    def time_passes(self, hours: int) -> None:
        self.world.move(hours=hours)
        self.world.tick()
        self._note_begun()

    def tick(self) -> None:
        self.world.tick()
        self._note_begun()

    def _note_begun(self) -> None:
        """Everything up to the end of a begun edition is behind whoever joins its cadence from now on."""
        numbers = {
            mark: Post.objects.get(pk=post.pk).release_number or 0 for mark, post in self.world.posts.items()
        }
        for campaign in Campaign.objects.all():
            self.begun[Cadence(campaign.cadence)] |= {
                mark for mark, number in numbers.items() if 0 < number <= campaign.frozen_through
            }

    def _editions(self, *states: str) -> list[Edition]:
        return list(Edition.objects.filter(state__in=states).select_related("campaign").order_by("pk"))

    def enqueue_some(self, steps: int, chunk: int) -> None:
        sending = [edition for edition in self._editions("sending") if edition.enqueued_at is None]
        if sending:
            edition = self.data.draw(st.sampled_from(sending))
            for _ in range(steps):
                enqueue.step(edition.pk, self.world.now, chunk=chunk)

    def deliver(self, answers: list[Result]) -> None:
        self.world.relay.answers = list(answers)
        before = dict(Delivery.objects.values_list("pk", "state"))
        self.world.deliver()
        self.world.relay.answers = []
        for row in Delivery.objects.filter(state="failed").exclude(
            pk__in=[pk for pk, state in before.items() if state == "failed"]
        ):
            self._forgive(row)

    def _forgive(self, row: Delivery) -> None:
        """What failed for good is not owed again by itself."""
        name = row.subscriber.normal.split("@")[0] if row.subscriber else ""
        for mark, post in self.world.posts.items():
            if row.variant.posts.filter(pk=post.pk).exists():
                self.accounts[name].must.discard(mark)
                self.accounts[name].forgiven.add(mark)
                self.accounts[name].may.add(mark)

    def a_day_as_it_should_be(self, answers: list[Result], days: int, more: bool) -> None:
        """What is due is made, enqueued and delivered, with whatever the relay answers."""
        if more:
            self.publish(set(), True)
        self.world.move(days=days)
        self.world.tick()
        self._note_begun()
        for edition in self._editions("sending"):
            enqueue.enqueue(edition, self.world.now)
        self.deliver(answers)

    def the_process_dies(self, on_the_wire: int, arrives: bool) -> None:
        """kill -9 with a page claimed and some messages on the wire; the next process sweeps."""
        worker = Worker.objects.create(started_at=self.world.now, host="x", pid=1)
        run = self.world.delivering()
        rows = run._claim(worker)
        recorder = Recorder.__new__(Recorder)
        recorder._worker_id = worker.pk
        from django.db import transaction

        items = [InHand(row.pk, row.edition_id, row.variant_id) for row in rows[:on_the_wire]]
        with transaction.atomic():
            allowed = recorder._write_intents(items, self.world.now)
        if arrives:
            for row in rows:
                if row.pk in allowed:
                    work = run._prepared(row)
                    envelope = run._envelope(work)
                    self.world.relay.taken.append((envelope.recipient, envelope.content))
        else:
            for row in rows:
                if row.pk in allowed:
                    self._forgive(row)  # in doubt, and never sent again blindly
        sweep(self.world.now)

    def compose_chosen_posts(self, everyone: bool) -> None:
        marks = [
            mark
            for mark, post in self.world.posts.items()
            if Post.objects.get(pk=post.pk).state == "released"
        ]
        if not marks:
            return
        chosen = self.data.draw(st.lists(st.sampled_from(marks), min_size=1, max_size=2, unique=True))
        cadence = self.data.draw(CADENCES)
        keys = [self.world.posts[mark].key for mark in chosen]
        edition = compose.compose(
            cadence.value, self.world.config, self.world.now, posts=keys, everyone=everyone
        )
        for account in self.accounts.values():
            account.may |= set(chosen)
        if self.data.draw(st.booleans()):
            self._begin(edition)
            self._note_begun()
            enqueue.step(edition.pk, self.world.now, chunk=self.data.draw(st.integers(1, 9)))

    def compose_the_next_edition_early(self) -> None:
        cadence = self.data.draw(CADENCES)
        edition = compose.compose(cadence.value, self.world.config, self.world.now)
        if self.data.draw(st.booleans()):
            self._begin(edition)
            self._note_begun()

    def begin_a_draft(self) -> None:
        drafts = self._editions("draft", "awaiting approval")
        if drafts:
            self._begin(self.data.draw(st.sampled_from(drafts)))
            self._note_begun()

    def _begin(self, edition: Edition) -> None:
        try:
            begin(edition, self.world.config, self.world.now)
        except Refused as error:  # it was composed anew, because posts came back to it
            note(str(error))

    def change_approval(self, approval: bool) -> None:
        campaigns.edit(self.data.draw(CADENCES).value, self.world.now, approval=approval)

    def make_ahead(self, hours: int) -> None:
        campaigns.edit(self.data.draw(CADENCES).value, self.world.now, draft_hours=hours)

    def move_the_hour(self, hour: int) -> None:
        campaigns.edit(self.data.draw(CADENCES).value, self.world.now, hour=hour)

    def wait_after_a_release(self, minutes: int) -> None:
        campaigns.edit("each-post", self.world.now, wait_minutes=minutes)

    def pause_or_resume_a_campaign(self, days: int) -> None:
        campaign = campaigns.find(self.data.draw(CADENCES).value)
        if campaign.state == "paused":
            campaigns.resume(campaign.name, self.world.now)
        else:
            until = self.world.now + timedelta(days=days) if days else None
            campaigns.pause(campaign.name, self.world.now, until)
        self._note_begun()

    def stop_by_the_link_in_a_proof(self) -> None:
        editions = self._editions("scheduled", "sending")
        if editions:
            stop_link.stop(self.data.draw(st.sampled_from(editions)).pk, self.world.now)

    def a_draft_waits_and_goes(self, approve: bool, meanwhile: bool, days: int) -> None:
        """The next editions are made now; things are released and nobody, or somebody, says yes; then time passes."""
        self.publish(set(), True)
        for name in ("weekly", "daily"):
            campaigns.edit(name, self.world.now, draft_hours=200)
        self.tick()
        if meanwhile:
            self.publish(set(), True)
        if approve:
            for edition in self._editions("awaiting approval"):
                edition_actions.approve(edition.pk, self.world.now)
        self.a_day_as_it_should_be([], days, False)

    def cancel(self, owed_again: bool | None) -> None:
        open_ones = self._editions("draft", "awaiting approval", "scheduled", "sending", "paused")
        if not open_ones:
            return
        edition = self.data.draw(st.sampled_from(open_ones))
        cancelled, _ = edition_actions.cancel(edition.pk, self.world.now, owed_again=owed_again)
        if cancelled.owed_again:
            return
        carried = set(cancelled.edition_posts.values_list("post_id", flat=True))
        if cancelled.frozen_at is None:  # "each post" during its wait
            carried |= set(Post.objects.filter(release_number=cancelled.lead).values_list("pk", flat=True))
        kept = {mark for mark, post in self.world.posts.items() if post.pk in carried}
        cadence = Cadence(cancelled.campaign.cadence)
        self.kept_out[cadence] |= kept
        called_off = Delivery.objects.filter(edition=cancelled, state="cancelled")
        names = {normal.split("@")[0] for normal in called_off.values_list("subscriber__normal", flat=True)}
        for name, account in self.accounts.items():
            # Whoever had a copy under way loses it, also if they have another cadence by now.
            if account.cadence == cadence or cancelled.audience == "everyone" or name in names:
                account.must -= kept

    def pause_or_resume_an_edition(self) -> None:
        editions = self._editions("sending", "paused", "scheduled")
        if editions:
            edition = self.data.draw(st.sampled_from(editions))
            try:
                step = edition_actions.resume if edition.state == "paused" else edition_actions.pause
                step(edition.pk, self.world.now)
            except (IllegalMove, Refused) as error:
                note(str(error))

    # what must hold

    def check(self) -> None:
        assert self.unasked == [], "mail to somebody who must not get any"
        self._nobody_got_anything_twice()
        self._every_explanation_is_true(20)
        promised, before = dict(self.promised), {name: set(self.world.got(name)) for name in PEOPLE}
        by_hand = self._chosen_by_staff_and_to_come()
        self._come_to_rest()
        self._what_was_due_came_and_nothing_else(promised, before, by_hand)
        self._every_explanation_is_true(10)
        self._nobody_got_anything_twice()
        self._nobody_missed_anything()

    def _come_to_rest(self) -> None:
        """Let everything that was begun finish, then give every campaign one more edition."""
        for name in Cadence:
            campaigns.resume(name.value, self.world.now)
            campaigns.edit(name.value, self.world.now, approval=False, draft_hours=0, wait_minutes=0)
        for edition in self._editions("paused"):
            edition_actions.resume(edition.pk, self.world.now)
        for edition in self._editions(*UNSTARTED):
            edition_actions.cancel(edition.pk, self.world.now, owed_again=True)
        sweep(self.world.now)
        self.world.move(days=3)  # what was deferred is due
        last = self.world.release()
        self.topics_of[last] = set()
        self._now_owed(last)
        for _ in range(3):
            self.world.move(days=32)
            self.world.run()
            for edition in self._editions("awaiting approval"):  # a burst of posts, or posts that came back
                edition_actions.approve(edition.pk, self.world.now)
            self.world.run()
        finish(self.world.now)

    def _every_explanation_is_true(self, pairs: int) -> None:
        """Each post to each person, and some of the editions, with a post and without."""
        if not self.in_order:
            return
        editions = list(Edition.objects.select_related("campaign").order_by("-pk")[:8])
        asked: list[tuple[str, Edition | None, int | None]] = [
            (name, None, mark) for name in PEOPLE for mark in self.world.posts
        ]
        asked += [(name, edition, None) for name in PEOPLE for edition in editions]
        both = [(name, edition, mark) for name in PEOPLE for edition in editions for mark in self.world.posts]
        asked += both[:: max(1, len(both) // pairs)]
        wrong = []
        for name, edition, mark in asked:
            words, verdict = lies(self, name, edition=edition, mark=mark)
            wrong += [words] if words else []
            if edition is None and mark is not None and self.accounts[name].status == "confirmed":
                self.promised[name, mark] = verdict
        assert not wrong, "\n".join(wrong)

    def _chosen_by_staff_and_to_come(self) -> set[int]:
        """Posts that an edition made by hand will bring, whoever is owed them."""
        waiting = Edition.objects.filter(moves_watermarks=False, enqueued_at=None)
        carried = set(waiting.values_list("edition_posts__post_id", flat=True))
        return {mark for mark, post in self.world.posts.items() if post.pk in carried}

    def _what_was_due_came_and_nothing_else(
        self, promised: dict[tuple[str, int], str], before: dict[str, set[int]], by_hand: set[int]
    ) -> None:
        for (name, mark), verdict in promised.items():
            came = mark in set(self.world.got(name)) - before[name]
            assert verdict != "due" or came, f"post {mark} was due to {name} and did not come"
            unasked = verdict == "not" and came and mark not in by_hand
            assert not unasked, f"post {mark} was not to come to {name} and came"

    def _nobody_got_anything_twice(self) -> None:
        for address, marks in self.world.relay.received().items():
            twice = [mark for mark, count in Counter(marks).items() if count > 1]
            assert not twice, f"{address} got {twice} twice; in all {marks}"

    def _nobody_missed_anything(self) -> None:
        for name, account in self.accounts.items():
            got = set(self.world.got(name))
            if account.status == "confirmed":
                missed = account.must - got
                assert not missed, f"{name} missed {sorted(missed)}; got {sorted(got)}"
            surprise = got - account.may - account.earlier
            assert not surprise, f"{name} did not ask for {sorted(surprise)}"


#: Step → (how often among the others, what it is given).
STEPS: dict[str, tuple[int, dict[str, st.SearchStrategy[Any]]]] = {
    "a_day_as_it_should_be": (
        6,
        {"answers": ANSWERS, "days": st.sampled_from([0, 1, 7]), "more": st.booleans()},
    ),
    "publish": (4, {"topics": TOPICS, "mail": st.sampled_from([True, True, True, False])}),
    "compose_chosen_posts": (3, {"everyone": st.booleans()}),
    "compose_the_next_edition_early": (2, {}),
    "begin_a_draft": (3, {}),
    "enqueue_some": (4, {"steps": st.integers(1, 3), "chunk": st.integers(1, 2)}),
    "deliver": (4, {"answers": ANSWERS}),
    "the_process_dies": (3, {"on_the_wire": st.integers(0, 2), "arrives": st.booleans()}),
    "time_passes": (2, {"hours": st.integers(1, 80)}),
    "tick": (2, {}),
    "cancel": (2, {"owed_again": st.sampled_from([None, True, False])}),
    "pause_or_resume_an_edition": (2, {}),
    "change_approval": (1, {"approval": st.booleans()}),
    "make_ahead": (2, {"hours": st.sampled_from([0, 5, 30, 300])}),
    "a_draft_waits_and_goes": (
        3,
        {"approve": st.booleans(), "meanwhile": st.booleans(), "days": st.sampled_from([0, 1, 7])},
    ),
    "move_the_hour": (1, {"hour": st.integers(0, 23)}),
    "wait_after_a_release": (1, {"minutes": st.sampled_from([0, 30, 600])}),
    "pause_or_resume_a_campaign": (1, {"days": st.integers(0, 9)}),
    "stop_by_the_link_in_a_proof": (1, {}),
    "mail_an_archived_post_after_all": (1, {}),
    "join": (2, {"name": NAMES, "cadence": CADENCES, "topics": TOPICS}),
    "leave": (1, {"name": NAMES}),
    "pause": (1, {"name": NAMES}),
    "resume": (3, {"name": NAMES}),
    "switch": (2, {"name": NAMES, "cadence": CADENCES}),
    "choose_topics": (1, {"name": NAMES, "topics": TOPICS}),
}
_WEIGHTED = [name for name, (weight, _) in STEPS.items() for _ in range(weight)]


def _tell(data: st.DataObject, shortest: int, longest: int) -> None:
    """Draw one history, let it happen, and settle the account."""
    history = History(data)
    history.start(data.draw(st.tuples(CADENCES, CADENCES, CADENCES)), data.draw(TOPICS))
    if data.draw(st.booleans()):
        history.practise(data.draw(st.booleans()), data.draw(TOPICS))
    for number in range(data.draw(st.integers(shortest, longest))):
        name = data.draw(st.sampled_from(_WEIGHTED))
        given = {key: data.draw(strategy) for key, strategy in STEPS[name][1].items()}
        note(f"{number}: {name} {given}")
        getattr(history, name)(**given)
        history.trail.note(history.world.now, history.accounts)
    history.check()


def _settings(examples: int) -> hypothesis_settings:
    """The same histories at each ``make test``, so that it is red for a change and for nothing else; ``make soak`` and
    ``HISTORIES=300`` tell others each time."""
    return hypothesis_settings(
        max_examples=examples,
        derandomize=examples < 2000 and "HISTORIES" not in os.environ,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        phases=[Phase.generate] if os.environ.get("NO_SHRINK") else list(Phase),
    )


@pytest.mark.timeout(600 + 20 * HISTORIES)
@_settings(HISTORIES)
@given(data=st.data())
def test_nothing_is_missed_and_nothing_comes_twice_whatever_happens(
    data: st.DataObject, transactional_db: Any
) -> None:
    _tell(data, 20, 50)


@pytest.mark.soak
@pytest.mark.timeout(7200)
@_settings(2000)
@given(data=st.data())
def test_nothing_is_missed_and_nothing_comes_twice_in_many_long_histories(
    data: st.DataObject, transactional_db: Any
) -> None:
    _tell(data, 40, 100)
