"""The random histories of test_owed_model.py with all that may befall an edition between its draft and its slot.

Early drafts, approval, posts that are held, taken back and released again, campaigns that are paused and moved, dates
without mail, an error that the lint stops, a clock that is set back, and a process that dies between two transactions.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from django.db import connections
from how_many import how_many
from hypothesis import given, note
from hypothesis import strategies as st
from test_owed_model import CADENCES, STEPS, UNSTARTED, History, _settings
from world import marks_in

from newsletter.errors import IllegalMove, NewsletterError, Refused
from newsletter.models import Campaign, Edition, EditionPost, KeptOut, Post, PostState
from newsletter.publishing.decisions import edition_actions, post_actions
from newsletter.publishing.editions import campaigns, lint
from newsletter.publishing.ledger import release
from newsletter.publishing.schedule import begin as begin_module
from newsletter.publishing.schedule import tick
from newsletter.publishing.schedule.begin import begin
from newsletter.transports.base import Envelope
from subscribers.cadence import Cadence

pytestmark = pytest.mark.long

DEAD_LINK = '<a href="http://localhost/x">look</a></body>'
#: Problems that a tick may have here; any other is a fault.
EXPECTED = ("waits for approval", "editions refresh")


class Died(BaseException):
    """The process is gone."""


class Drafts(History):
    """A history in which editions are made ahead of their slots."""

    spoiled: ClassVar[bool] = False

    def start(self, *given: Any) -> None:
        super().start(*given)
        self.spoiled = False
        self.never: list[tuple[str, int, set[int]]] = []
        self.world.tick = self._tick  # type: ignore[method-assign]

    def _tick(self) -> tick.Tick:
        before = {row.pk: row.state for row in Edition.objects.all()}
        paused = set(Campaign.objects.filter(state="paused", paused_until=None).values_list("pk", flat=True))
        done = tick.tick(self.world.config, self.world.now)
        unexpected = [p for p in done.problems if not any(words in p for words in EXPECTED)]
        assert not unexpected, unexpected
        for edition in Edition.objects.filter(pk__in=done.started):
            assert before.get(edition.pk, "scheduled") == "scheduled", f"{edition} went without approval"
            by_itself = edition.slot_local is not None or edition.lead is not None
            assert not (by_itself and edition.campaign_id in paused), f"{edition} of a paused campaign went"
        self.what_is_taken_back_is_in_nothing_that_has_not_begun()
        return done

    def what_is_taken_back_is_in_nothing_that_has_not_begun(self) -> None:
        carried = EditionPost.objects.filter(edition__practice=None).exclude(
            edition__state__in=["cancelled", "skipped"]
        )
        wrong = carried.exclude(post__state="released").values_list("edition_id", "post__title")
        assert not wrong, list(wrong)

    def _must_be_confirmed(self, envelope: Envelope) -> None:
        super()._must_be_confirmed(envelope)
        try:
            for mark in marks_in(envelope.content):
                if Post.objects.get(pk=self.world.posts[mark].pk).state == "withdrawn":
                    self.unasked.append(f"{mark} is withdrawn")
        finally:
            connections.close_all()  # this runs in a sender's thread, which has no use for the database

    def _change(self, name: Cadence, **fields: Any) -> None:
        campaigns.edit(name.value, self.world.now, **fields)
        self._note_begun()

    # the campaign

    def draft_ahead(self, name: Cadence, hours: int) -> None:
        self._change(name, draft_hours=hours)

    def move_the_slot(self, name: Cadence, hour: int, weekday: int) -> None:
        self._change(name, hour=hour, weekday=weekday)

    def late(self, name: Cadence, policy: str) -> None:
        self._change(name, late=policy)

    def pause_campaign(self, name: Cadence, days: int) -> None:
        until = self.world.now + timedelta(days=days) if days else None
        campaigns.pause(name.value, self.world.now, until)

    def resume_campaign(self, name: Cadence) -> None:
        campaigns.resume(name.value, self.world.now)
        self._note_begun()

    def join(self, name: str, cadence: Cadence, topics: set[str]) -> None:
        if Campaign.objects.get(name=cadence.value).state == "paused" and self.world.posts:
            # Nothing runs for them, so they start at the newest release.
            kept = self.begun[cadence]
            self.begun[cadence] = set(self.mailed)
            super().join(name, cadence, topics)
            self.begun[cadence] = kept
            return
        super().join(name, cadence, topics)

    def site_moves(self, zone: str) -> None:
        campaigns.follow_zone(zone, self.world.now)

    def blackout(self, start: int, days: int) -> None:
        first = self.world.now.date() + timedelta(days=start)
        dates = [date.isoformat(first + timedelta(days=n)) for n in range(days)]
        section = self.world.config.schedule.model_validate(
            {**self.world.config.schedule.model_dump(), "blackout": dates}
        )
        self.world.config = self.world.config.model_copy(update={"schedule": section})
        self.world.config.__dict__.pop("blackout", None)

    def clock_back(self, hours: int) -> None:
        self.in_order = False
        self.world.move(hours=-hours)
        self.tick()

    def spoil_or_mend_the_template(self) -> None:
        file = self.world.config.folder / "templates" / "email" / "digest.html"
        text = file.read_text()
        file.write_text(
            text.replace(DEAD_LINK, "</body>") if self.spoiled else text.replace("</body>", DEAD_LINK)
        )
        self.spoiled = not self.spoiled

    # posts

    def _some(self, *states: str) -> tuple[int, Post] | None:
        rows = [(m, Post.objects.get(pk=p.pk)) for m, p in self.world.posts.items()]
        rows = [(mark, post) for mark, post in rows if post.state in states]
        return self.data.draw(st.sampled_from(rows)) if rows else None

    def take_back(self, for_good: bool) -> None:
        found = self._some("released")
        if found is None:
            return
        mark, post = found
        note(f"   {post.key} {'withdrawn' if for_good else 'held'}")
        (post_actions.withdraw if for_good else post_actions.hold)(
            post.key, self.world.config, self.world.now
        )
        self.gone.add(mark)
        for account in self.accounts.values():
            account.must.discard(mark)

    def release_again(self, mail: bool) -> None:
        found = self._some("held", "withdrawn")
        if found is None:
            return
        mark, post = found
        note(f"   {post.key} again, mail={mail}")
        release.release([post.key], self.world.now, mail=[post.key] if mail else [])
        self.gone.discard(mark)
        for marks in (*self.begun.values(), *self.kept_out.values()):
            marks.discard(mark)
        if mail:
            self._now_owed(mark)
        else:
            self.mailed.discard(mark)

    def mail_an_archived_post_after_all(self) -> None:
        archived = [
            (m, p.key)
            for m, p in ((m, Post.objects.get(pk=p.pk)) for m, p in self.world.posts.items())
            if p.state == PostState.RELEASED and not p.mail
        ]
        if not archived:
            return
        mark, key = self.data.draw(st.sampled_from(archived))
        release.release([key], self.world.now, mail=[key])
        for marks in (*self.begun.values(), *self.kept_out.values()):
            marks.discard(mark)
        self._now_owed(mark)

    # editions

    def approve(self) -> None:
        waiting = self._editions("draft", "awaiting approval")
        if waiting:
            edition = self.data.draw(st.sampled_from(waiting))
            try:
                edition_actions.approve(edition.pk, self.world.now, config=self.world.config)
            except Refused as error:
                note(str(error))

    def compose_anew(self) -> None:
        waiting = self._editions(*UNSTARTED)
        if waiting:
            edition = self.data.draw(st.sampled_from(waiting))
            lint.refresh(edition.pk, self.world.config, self.world.now)

    def schedule_for(self, hours: int) -> None:
        waiting = self._editions(*UNSTARTED)
        if waiting:
            edition = self.data.draw(st.sampled_from(waiting))
            at = self.world.now + timedelta(hours=hours)
            try:
                edition_actions.schedule(edition.pk, at, self.world.now, config=self.world.config)
            except (Refused, IllegalMove) as error:
                note(str(error))

    def cancel(self, owed_again: bool | None) -> None:
        before = set(KeptOut.objects.values_list("campaign__cadence", "release_number"))
        super().cancel(owed_again)
        after = set(KeptOut.objects.values_list("campaign__cadence", "release_number"))
        begun = set(Edition.objects.exclude(practice=None).values_list("pk", flat=True))
        for word, number in after - before:
            self.never.append((word, number, begun))
        marks = {Post.objects.get(pk=p.pk).release_number: m for m, p in self.world.posts.items()}
        for word, number in after - before:
            if number in marks:
                self.kept_out[Cadence(word)].add(marks[number])
                for account in self.accounts.values():
                    if account.cadence == word:
                        account.must.discard(marks[number])

    def _begin(self, edition: Edition) -> None:
        try:
            begin(edition, self.world.config, self.world.now)
        except NewsletterError as error:
            note(str(error))

    def the_tick_dies(self, where: str, done: bool, hours: int) -> None:
        """kill -9 between two transactions of a tick; the next tick is another process."""
        self.world.move(hours=hours)
        room = tick if hasattr(tick, where) else begin_module
        step = getattr(room, where)

        def dying(*given: Any, **more: Any) -> Any:
            if done:
                step(*given, **more)
            raise Died

        setattr(room, where, dying)
        try:
            tick.tick(self.world.config, self.world.now)
        except Died:
            note("   it died")
        finally:
            setattr(room, where, step)
        self._note_begun()

    # what must hold

    def _come_to_rest(self) -> None:
        if self.spoiled:
            self.spoil_or_mend_the_template()
        self.blackout(0, 0)
        for name in Cadence:
            campaigns.edit(name.value, self.world.now, approval=False, late="send")
            campaigns.resume(name.value, self.world.now)
        self._note_begun()
        for edition in self._editions("paused"):
            edition_actions.resume(edition.pk, self.world.now)
        if self.data.draw(st.booleans()):
            super()._come_to_rest()
            return
        self.world.move(days=3)
        last = self.world.release()
        self.topics_of[last] = set()
        self._now_owed(last)
        for _ in range(23):
            self.world.move(days=1)
            self.world.run()
            for edition in self._editions(
                "awaiting approval"
            ):  # "each post" waits for staff as long as it takes
                if edition.lead is not None:
                    lint.refresh(edition.pk, self.world.config, self.world.now)
                    edition_actions.approve(edition.pk, self.world.now, config=self.world.config)
            self.world.run()

    def check(self) -> None:
        super().check()
        for word, number, begun in self.never:
            carried = EditionPost.objects.filter(
                release_number=number,
                edition__campaign__cadence=word,
                edition__moves_watermarks=True,
                edition__practice=False,
            ).exclude(edition__in=begun)
            assert not carried, f"{number} was kept out of {word}, and edition {carried[0].edition_id} has it"


MORE: dict[str, tuple[int, dict[str, st.SearchStrategy[Any]]]] = {
    "draft_ahead": (4, {"name": CADENCES, "hours": st.sampled_from([0, 6, 20, 72])}),
    "move_the_slot": (2, {"name": CADENCES, "hour": st.integers(0, 23), "weekday": st.integers(0, 6)}),
    "late": (1, {"name": CADENCES, "policy": st.sampled_from(["send", "skip", "ask"])}),
    "pause_campaign": (2, {"name": CADENCES, "days": st.sampled_from([0, 0, 1, 8])}),
    "resume_campaign": (3, {"name": CADENCES}),
    "site_moves": (
        1,
        {"zone": st.sampled_from(["Asia/Tokyo", "Pacific/Auckland", "America/Los_Angeles", "Europe/Berlin"])},
    ),
    "blackout": (1, {"start": st.integers(0, 6), "days": st.integers(0, 3)}),
    "clock_back": (1, {"hours": st.sampled_from([1, 30, 200])}),
    "spoil_or_mend_the_template": (2, {}),
    "take_back": (4, {"for_good": st.booleans()}),
    "release_again": (4, {"mail": st.sampled_from([True, True, False])}),
    "approve": (4, {}),
    "compose_anew": (1, {}),
    "schedule_for": (1, {"hours": st.integers(1, 200)}),
    "the_tick_dies": (
        3,
        {
            "where": st.sampled_from(
                [
                    "supersede",
                    "begin",
                    "take_slot",
                    "make_ahead",
                    "make_next",
                    "give_back_before",
                    "give_back",
                ]
            ),
            "done": st.booleans(),
            "hours": st.integers(0, 80),
        },
    ),
}
ALL = STEPS | MORE
_WEIGHTED = [name for name, (weight, _) in ALL.items() for _ in range(weight)]


def _tell(data: st.DataObject, shortest: int, longest: int) -> None:
    history = Drafts(data)
    history.start(data.draw(st.tuples(CADENCES, CADENCES, CADENCES)), set())
    for number in range(data.draw(st.integers(shortest, longest))):
        name = data.draw(st.sampled_from(_WEIGHTED))
        given = {key: data.draw(strategy) for key, strategy in ALL[name][1].items()}
        note(f"{number}: {history.world.now:%d %H} {name} {given}")
        getattr(history, name)(**given)
        history.trail.note(history.world.now, history.accounts)
    note("rest")
    history.check()


@pytest.mark.timeout(3600)
@_settings(how_many("HISTORIES", 6))
@given(data=st.data())
def test_nothing_is_missed_or_sent_twice_whatever_happens_between_a_draft_and_its_slot(
    data: st.DataObject, transactional_db: Any
) -> None:
    _tell(data, 20, 60)
