"""Two schedulers through outages, changes of the clock, jumps of the wall clock and kills: each slot once, each post
once to each person.

The processes are real and run the program's own jobs (clockwork.py); only their clock is told to them. What must have
happened is reckoned here from a calendar on the wall, minute for minute, without the program's arithmetic.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from world import write_small_templates

TESTS = Path(__file__).parent.parent
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATE = 15 * MINUTE

CONFIG = """\
[site]
organisation = "Example Hub"
timezone = "UTC"

[email]
transport = "smtp"
staff = {staff}

[email.smtp]
host = "127.0.0.1"
security = "none"
connections = 1

[schedule]
blackout = {blackout}
"""

#: name → its fields; monthly's is the last Friday, at an hour that a spring change skips.
CAMPAIGNS: dict[str, dict[str, Any]] = {
    "daily": {"zone": "Europe/Berlin", "hour": 0, "minute": 30},
    "weekly": {"zone": "Africa/Cairo", "hour": 0, "minute": 0, "weekday": 4, "approval": True},
    "monthly": {"zone": "Australia/Lord_Howe", "hour": 2, "minute": 15, "weekday": 4, "ordinal": -1},
    "each-post": {"zone": "America/Sao_Paulo", "wait_minutes": 30},
}
PEOPLE = {"ann": "daily", "bo": "daily", "cy": "weekly", "di": "monthly", "ed": "each-post", "fay": "weekly"}


def is_due(name: str, day: date) -> bool:
    if name == "weekly":
        return day.weekday() == 4
    return name == "daily" or (day.weekday() == 4 and (day + 7 * DAY).month != day.month)


def slots(name: str, first: datetime, last: datetime) -> dict[str, datetime]:
    """Local name → instant, by watching that zone's clock: when it first shows that date and hour, or a later one."""
    rule = CAMPAIGNS[name]
    zone, found = ZoneInfo(rule["zone"]), {}
    day = first.date() - DAY
    while day <= last.date() + DAY:
        if is_due(name, day):
            wall = datetime.combine(day, time(rule["hour"], rule["minute"]))
            at = wall.replace(tzinfo=UTC) - 15 * HOUR
            while at.astimezone(zone).replace(tzinfo=None) < wall:
                at += MINUTE
            if first < at <= last:
                found[wall.isoformat(timespec="minutes")] = at
        day += DAY
    return found


class Child:
    """One process."""

    def __init__(self, site: Path) -> None:
        environment = {**os.environ, "NEWSLETTER_CONFIG": str(site / "config.toml")}
        environment["PYTHONPATH"] = os.pathsep.join([str(TESTS.parent), str(TESTS)])
        environment.pop("NEWSLETTER_DATABASE__URL", None)
        self._process = subprocess.Popen(
            [sys.executable, str(TESTS / "clockwork.py"), str(site / "taken.jsonl")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def ask(self, what: str, at: datetime, **given: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"do": what, "at": at.isoformat(), **given}) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, f"a process died by itself, with {self._process.wait(60)}"
        return json.loads(line)["answer"]

    def do(self, what: str, at: datetime, **given: Any) -> Any:
        self.ask(what, at, **given)
        return self.answer()

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self.end()

    def end(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()
        self._process.wait(60)


@dataclass
class Story:
    """A stretch of time with two processes, and what the wall clock of their machine showed."""

    site: Path
    seed: int
    begin: datetime
    end: datetime
    staff: bool = True
    blackout: tuple[str, ...] = ()
    kills: int = 0
    #: What the wall clock showed at each round, in the order of the rounds; the later of the two processes' clocks.
    walls: list[datetime] = field(default_factory=list)
    #: Mark → the wall clock at its release.
    released: dict[int, datetime] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    killed: int = 0

    def tell(self) -> None:
        self.chance = random.Random(self.seed)
        staff = '["sam@staff.example.org", "kim@staff.example.org"]' if self.staff else "[]"
        self.site.mkdir()
        (self.site / "config.toml").write_text(
            CONFIG.format(staff=staff, blackout=json.dumps(list(self.blackout)))
        )
        write_small_templates(self.site)
        self.children = [Child(self.site)]
        self.children[0].do("set_up", self.begin, campaigns=CAMPAIGNS, people=PEOPLE)
        self.children.append(Child(self.site))
        self.walls.append(self.begin)
        for true, offset in self.moments():
            self.a_round(true + offset)
        self.come_to_rest()
        self.report = self.children[0].do("report", self.walls[-1])
        for child in self.children:
            child.end()

    def moments(self) -> list[tuple[datetime, timedelta]]:
        """(true time, how far the wall clock is off) of each round: often about a slot, never in an outage."""
        about = [
            at
            for name in CAMPAIGNS
            if name != "each-post"
            for at in slots(name, self.begin, self.end).values()
        ]
        true, moments = self.begin, []
        while true < self.end:
            true += self.chance.choice([7, 31, 61, 240, 300]) * MINUTE
            moments.append(true)
        for at in about:
            moments += [
                at + self.chance.choice([-60, -1, 0, 1, 5, 600]) * timedelta(seconds=1) for _ in range(3)
            ]
        outages = self.stretches(HOUR, 60 * HOUR, every=8 * DAY)
        ahead = self.stretches(HOUR, 9 * HOUR, every=11 * DAY)
        behind = self.stretches(HOUR, 9 * HOUR, every=11 * DAY)
        far = [(a, b, self.chance.choice([2, 3, 26]) * HOUR) for a, b in ahead]
        far += [(a, b, -self.chance.choice([1, 2, 5]) * HOUR) for a, b in behind]
        kept = sorted(moment for moment in moments if not any(a <= moment <= b for a, b in outages))
        return [(moment, sum((off for a, b, off in far if a <= moment <= b), timedelta())) for moment in kept]

    def stretches(
        self, shortest: timedelta, longest: timedelta, every: timedelta
    ) -> list[tuple[datetime, datetime]]:
        found, at = [], self.begin
        while at < self.end:
            start = at + every * self.chance.random()
            found.append((start, start + shortest + (longest - shortest) * self.chance.random()))
            at += every
        return found

    def a_round(self, wall: datetime) -> None:
        """Something may be released or approved, then one process or both look at the same moment."""
        chance = self.chance
        if chance.random() < 0.07:
            mark = len(self.released) + 1
            self.children[0].do("release", wall, mark=mark)
            self.released[mark] = wall
        if chance.random() < 0.1:
            self.children[0].do("approve", wall)
        skew = timedelta(seconds=chance.choice([0, 0, 1, 3]))
        whose = chance.choice([[0], [1], [0, 1], [0, 1], [0, 1]])
        for which in whose:
            self.children[which].ask("round", wall + skew * which)
        if len(whose) == 2 and self.killed < self.kills and chance.random() < 0.05:
            self.children[1].kill()
            self.children[1] = Child(self.site)
            self.killed += 1
            whose = [0]
            skew = timedelta()
        for which in whose:
            self.problems += self.children[which].answer()
        self.walls.append(wall + (skew if 1 in whose else timedelta()))

    def come_to_rest(self) -> None:
        """Punctual rounds until every cadence has had one more edition, and nobody is missing at the desk."""
        wall = max([self.end, *self.walls])
        for _ in range(36):
            wall += DAY
            self.children[1].do("approve", wall)
            self.children[0].do("round", wall)
            self.walls.append(wall)

    # what must have happened

    def check(self) -> None:
        taken = [json.loads(line) for line in (self.site / "taken.jsonl").read_text().splitlines()]
        self.problems = [problem for problem in self.problems if "waits for approval" not in problem]
        assert not self.problems, self.problems
        for name in CAMPAIGNS:
            if name != "each-post":
                self.each_slot_once(name)
        self.nobody_twice_and_nobody_missed(taken)
        if self.staff:
            self.staff_were_told_once(taken)

    def each_slot_once(self, name: str) -> None:
        expected = slots(name, self.begin, max(self.walls))
        rows = [row for row in self.report["editions"] if row["campaign__name"] == name and row["slot_local"]]
        taken = Counter(row["slot_local"] for row in rows)
        assert not [local for local, count in taken.items() if count > 1]
        ahead = (
            max(self.walls) + 3 * DAY
        )  # an edition may be made for a slot that had not come when the story ended
        known = slots(name, self.begin, ahead)
        for row in rows:
            assert row["slot_at"] == known[row["slot_local"]].isoformat(), f"{name}: {row}"
        by_slot = {row["slot_local"]: row for row in rows}
        for group, seen in self.groups(expected).values():
            last = max((local for local in group), key=lambda local: expected[local])
            open_ones = [local for local in group if not self.dark(local)]
            chosen = max(open_ones, key=lambda local: expected[local]) if open_ones else last
            made = [local for local in group if local in by_slot]
            assert chosen in by_slot or any(self.was_ahead(by_slot[local]) for local in made), (
                f"{name}: none of {group} was taken at {seen}"
            )
            for local in made:
                self.one_slot(by_slot[local], expected[local], seen, local == chosen)

    def groups(self, expected: dict[str, datetime]) -> dict[int, tuple[list[str], datetime]]:
        """The slots that one look found due together: by the first round whose clock showed their hour."""
        found: dict[int, tuple[list[str], datetime]] = defaultdict(lambda: ([], self.begin))
        for local, at in expected.items():
            number = next(number for number, wall in enumerate(self.walls) if wall >= at)
            found[number] = ([*found[number][0], local], self.walls[number])
        return found

    def dark(self, local: str) -> bool:
        return local[:10] in self.blackout

    @staticmethod
    def was_ahead(row: dict[str, Any]) -> bool:
        return bool(row["frozen_at"]) and row["frozen_at"] < row["slot_at"]

    def one_slot(self, row: dict[str, Any], at: datetime, seen: datetime, chosen: bool) -> None:
        """It began at its hour or at the first look after it, or says why not."""
        if row["began_at"]:
            assert datetime.fromisoformat(row["began_at"]) >= at, row
            assert not self.dark(row["slot_local"]), row
            return
        reasons = [
            "nothing_new",
            "not_approved",
            "blackout",
            "carried",
            "missed_skip",
            "missed_ask",
            "missed_twice",
        ]
        assert row["state"] in ("skipped", "awaiting approval", "scheduled", "cancelled"), row
        assert row["reason"] in reasons or row["state"] != "skipped", row
        assert chosen or self.was_ahead(row), row
        assert seen >= at

    def nobody_twice_and_nobody_missed(self, taken: list[dict[str, Any]]) -> None:
        got: dict[str, list[int]] = defaultdict(list)
        for note in taken:
            if not note["to"].endswith("@staff.example.org"):
                got[note["to"].partition("@")[0]] += note["marks"]
        in_doubt = Counter(self.report["in_doubt"])
        assert sum(in_doubt.values()) <= self.killed
        for name in PEOPLE:
            twice = [mark for mark, count in Counter(got[name]).items() if count > 1]
            assert not twice, f"{name} got {twice} twice"
            missing = set(self.released) - set(got[name])
            assert not missing or in_doubt[name], f"{name} missed {sorted(missing)}"

    def staff_were_told_once(self, taken: list[dict[str, Any]]) -> None:
        told = Counter(event for event, _ in self.report["told"])
        assert set(told.values()) <= {2}, "each event once to each of the two"
        over = [row for row in self.report["editions"] if row["state"] in ("sent", "skipped")]
        carried = [row for row in over if row["reason"] == "carried"]
        reports = {event for event, _ in self.report["told"] if event.startswith("report ")}
        assert len(reports) == len(over) - len(carried)
        assert any(note["to"] == "sam@staff.example.org" for note in taken)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("begin", "end", "staff"),
    [
        ("2026-03-28T10:00", "2026-04-05T10:00", True),  # Berlin and Lord Howe
        ("2026-04-22T10:00", "2026-04-27T10:00", False),  # Cairo, at the midnight of a slot
        ("2026-10-23T10:00", "2026-10-31T10:00", True),  # Berlin and Cairo
    ],
)
def test_each_slot_once_over_a_change_of_the_clock(tmp_path: Path, begin: str, end: str, staff: bool) -> None:
    story = Story(tmp_path / "site", 7, utc(begin), utc(end), staff=staff, blackout=("2026-03-30",), kills=1)
    story.tell()
    story.check()


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", [int(seed) for seed in os.environ.get("YEARS", "1 2").split()])
def test_each_slot_once_over_a_year(tmp_path: Path, seed: int) -> None:
    dark = ("2026-05-01", "2026-12-24", "2026-12-25", "2026-12-26")
    story = Story(
        tmp_path / "site", seed, utc("2026-01-02T10:00"), utc("2027-01-08T10:00"), blackout=dark, kills=12
    )
    story.tell()
    story.check()
    assert len(story.walls) > 3000
