"""Random histories of sources against one statement that knows nothing of how posts are recognised.

Nobody gets mail about a work that was known before under any name; nobody gets an archive or a flood; and every work
that is truly new and within the limits reaches everybody once.

A work is what an author wrote. Between two looks its names, address, title, date and text may change, as far as a
person who read both would still say that it is the same.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from how_many import how_many
from world import World, next_tuesday_nine

from newsletter.config.sections import SourceSection
from newsletter.dates import PartialDate
from newsletter.errors import SourceError
from newsletter.models import Campaign, Edition, EditionState, Post
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.editions import campaigns
from newsletter.publishing.ingest import sync
from newsletter.sources.base import Fetched, Item, Look, Name, NameScheme
from subscribers.cadence import Cadence

pytestmark = pytest.mark.long

LIMIT = 5
STEPS = 45
_WORDS = (
    "mill",
    "seed",
    "bread",
    "hedge",
    "brook",
    "field",
    "barn",
    "apple",
    "rain",
    "soil",
    "clover",
    "goose",
    "oven",
)


@dataclass
class Entry:
    """One item of a source: a work under names of the moment."""

    work: int
    names: tuple[Name, ...]
    title: str
    date: datetime
    text: str
    host: str = "hub.example.org"
    #: What has changed since a source was last looked at with it there.
    changed: set[str] = field(default_factory=set)

    def item(self) -> Item:
        address = next((name.value for name in self.names if name.scheme == NameScheme.ADDRESS), "")
        link = f'<p><a href="https://{self.host}/more">more</a></p>'
        return Item(
            names=self.names,
            title=self.title,
            html=f"<p>{self.text}</p>{link}",
            date=PartialDate.of_instant(self.date),
            url=f"https://{self.host}{address}" if address else None,
        )


class Place:
    """A source whose entries a history sets."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.entries: list[Entry] = []
        self.trouble = ""

    def fetch(self, look: Look) -> Fetched:
        if self.trouble == "down":
            raise SourceError("it is down")
        if self.trouble == "empty":
            return Fetched([])
        return Fetched([entry.item() for entry in self.entries])


class Crash(Exception):
    """The process dies here."""


class History:
    """A publisher, two sources, two readers, and what must and must not reach them."""

    def __init__(self, world: World, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.dice = random.Random(seed)
        self.world = world
        self.works = 0
        self.count = 0
        #: Works that a source was seen with, and those that everybody must get, or nobody may.
        self.known: set[int] = set()
        self.owed: set[int] = set()
        self.never: set[int] = set()
        self.finished: set[str] = set()
        self.places = [Place("blog"), Place("shop")]
        self.renamed = 0
        self.crash_after: int | None = None
        store = sync.store_new

        def crashing(*arguments: object, **more: object) -> Post:
            if self.crash_after is not None:
                self.crash_after -= 1
                if self.crash_after < 0:
                    raise Crash
            return store(*arguments, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(sync, "store_new", crashing)
        monkeypatch.setattr(sync, "_FIRST_SYNC_CHUNK", 2)
        self.configure()
        campaigns.resume("each-post", world.now)
        Campaign.objects.update(wait_minutes=0)
        world.join("ann", Cadence.WEEKLY)
        world.join("bo", Cadence.EACH_POST)

    def configure(self) -> None:
        sections = {
            place.name: SourceSection(kind="webfeed", url=f"https://{place.name}.example.org/")
            for place in self.places
        }
        schedule = self.world.config.schedule.model_copy(update={"hold_digest": LIMIT})
        self.world.config = self.world.config.model_copy(update={"sources": sections, "schedule": schedule})

    # what authors and servers do

    def new_names(self) -> tuple[Name, ...]:
        self.count += 1
        all_names = (
            Name(NameScheme.GUID, f"https://old.example.org/?p={self.count}"),
            Name(NameScheme.PATH, f"posts/{self.count}.md"),
            Name(NameScheme.ADDRESS, f"/posts/{self.count}"),
        )
        return self.dice.choice(
            [all_names, all_names[:1], all_names[1:], (all_names[0], all_names[2]), all_names[1:2]]
        )

    def write(self, place: Place, days_ago: float = 0) -> None:
        self.works += 1
        words = [self.dice.choice(_WORDS) for _ in range(40)]
        date = self.world.now - timedelta(days=days_ago, minutes=self.dice.randrange(1, 600))
        title = f"zq{self.works}zq {' '.join(words[:3])}"
        place.entries.append(
            Entry(self.works, self.new_names(), title, date, f"Work {self.works}: {' '.join(words)}.")
        )

    def burst(self, place: Place) -> None:
        for _ in range(self.dice.randrange(LIMIT, 2 * LIMIT)):
            self.write(place)

    def old(self, place: Place) -> None:
        self.write(place, days_ago=self.dice.randrange(40, 900))

    def change(self, place: Place) -> None:
        """One work, changed as far as it can still be told."""
        if not place.entries:
            return
        entry = self.dice.choice(place.entries)
        what = self.dice.choice(["names", "text", "title", "date", "host", "one name"])
        after = entry.changed | {what}
        if "names" in after and "text" in after and after & {"title", "date"}:
            return  # nobody could tell
        entry.changed = after
        if what == "names":
            entry.names = self.new_names()
        elif what == "one name" and len(entry.names) > 1 and "names" not in entry.changed:
            place_of = self.dice.randrange(len(entry.names))
            self.count += 1
            fresh = replace(entry.names[place_of], value=f"/other/{self.count}")
            entry.names = tuple(fresh if n == place_of else name for n, name in enumerate(entry.names))
        elif what == "text":
            entry.text = f"{entry.text} And {self.dice.choice(_WORDS)}s {self.count}."
        elif what == "title":
            entry.title = f"{entry.title} {self.dice.choice(_WORDS)}"
        elif what == "date":
            entry.date -= timedelta(days=self.dice.randrange(1, 20))
        else:
            entry.host = f"hub{self.count}.example.org"

    def rename_all(self, place: Place) -> None:
        """A changed id scheme or another system: every post under new names, on another host."""
        for entry in place.entries:
            if not ("text" in entry.changed and entry.changed & {"title", "date"}):
                entry.names, entry.host = self.new_names(), "new.example.org"
                entry.changed.add("names")

    def vanish(self, place: Place) -> None:
        if place.entries:
            place.entries.remove(self.dice.choice(place.entries))

    def copy(self, place: Place) -> None:
        """The same work once more, in this source or the other."""
        everything = [entry for each in self.places for entry in each.entries]
        if everything:
            entry = self.dice.choice(everything)
            if not entry.changed:
                place.entries.append(replace(entry, names=self.new_names(), changed=set()))

    def come_back(self, place: Place) -> None:
        self.dice.shuffle(place.entries)

    def rename_source(self, place: Place) -> None:
        """Staff give the section in config.toml another name: a new source, with an archive."""
        self.renamed += 1
        place.name = f"{place.name.rstrip('0123456789')}{self.renamed}"
        self.configure()

    # what the program does

    def sync(self, place: Place) -> None:
        place.trouble = self.dice.choices(["", "down", "empty"], [8, 1, 1])[0]
        first = place.name not in self.finished
        crash = self.dice.random() < 0.15
        self.crash_after = self.dice.randrange(0, 6) if crash else None
        there = [] if place.trouble else place.entries
        new = {entry.work for entry in there} - self.known
        try:
            sync.sync(place, self.world.config, self.world.now)
        except SourceError:
            return
        except Crash:
            self.crash_after = None
            # What was stored before the crash was known then, and is not to surprise anybody now.
            if first:
                self.never |= new
            return
        finally:
            self.crash_after = None
        if place.trouble:
            return
        for entry in there:
            entry.changed.clear()
        stale = {e.work for e in there if self.world.now - e.date > timedelta(days=30)}
        within = len(new) <= LIMIT and not first
        self.known |= new
        self.owed |= {work for work in new - stale if within} - self.never
        self.never |= {work for work in new if not within or work in stale}
        if there:
            self.finished.add(place.name)

    def send(self) -> None:
        self.world.now = next_tuesday_nine(self.world.now) if self.dice.random() < 0.4 else self.world.now
        self.world.move(minutes=self.dice.randrange(1, 600))
        self.run()

    def run(self) -> None:
        for _ in range(20):
            self.world.run()
            waiting = Edition.objects.filter(state=EditionState.AWAITING_APPROVAL)
            if not waiting.exists():
                return
            for edition in waiting:
                edition_actions.approve(edition.pk, self.world.now)
        raise AssertionError("staff approve and approve")

    def step(self) -> None:
        place = self.dice.choice(self.places)
        moves = [
            (self.write, 6), (self.change, 6), (self.copy, 2), (self.vanish, 1), (self.old, 1), (self.burst, 1),
            (self.rename_all, 1), (self.come_back, 1), (self.rename_source, 1),
        ]  # fmt: skip
        self.dice.choices([move for move, _ in moves], [weight for _, weight in moves])[0](place)
        if self.dice.random() < 0.6:
            self.sync(place)
        if self.dice.random() < 0.4:
            self.send()

    def check(self) -> None:
        for name in ("ann", "bo"):
            got = self.world.got(name)
            twice = {mark for mark in got if got.count(mark) > 1}
            assert not twice, f"{name} got {sorted(twice)} twice"
            surprise = set(got) & self.never
            assert not surprise, f"{name} got {sorted(surprise)}, which must not be mailed by themselves"


def play(world: World, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    history = History(world, seed, monkeypatch)
    for place in history.places:
        for _ in range(history.dice.randrange(0, 2 * LIMIT)):
            history.write(place, days_ago=history.dice.randrange(0, 60))
    for _ in range(STEPS):
        history.step()
        history.check()
    for _ in range(2):
        history.world.now = next_tuesday_nine(history.world.now)
        history.run()
    history.check()
    for name in ("ann", "bo"):
        missed = history.owed - set(history.world.got(name))
        assert not missed, f"{name} missed {sorted(missed)}"


@pytest.mark.parametrize("seed", range(how_many("HISTORIES", 6)))
def test_nobody_is_surprised_and_nothing_new_is_missed(
    world: World, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(world, seed, monkeypatch)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1000, 1300))
def test_many_histories_surprise_nobody(world: World, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    play(world, seed, monkeypatch)
