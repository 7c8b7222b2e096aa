"""However the clock is looked at (late, twice, backwards, after days), each slot is taken once, and never before it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from how_many import how_many
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from world import World, empty_database, write_small_templates

from newsletter.models import Campaign, Edition
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.editions import campaigns
from newsletter.publishing.schedule import tick
from newsletter.publishing.setup.bootstrap import prepare

pytestmark = pytest.mark.slow

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
STRANGE = [
    "Europe/Berlin",
    "Africa/Cairo",
    "America/Asuncion",
    "Australia/Lord_Howe",
    "America/New_York",
    "UTC",
]
#: Before changes of the clock in these zones.
BEGINS = [date(2026, 3, 26), date(2026, 4, 21), date(2026, 10, 1), date(2026, 10, 22), date(2026, 10, 30)]
HOURS = st.sampled_from([(0, 0), (0, 30), (1, 45), (2, 30), (9, 0), (23, 59)])
#: Minutes to the next look; some go back.
STEPS = st.lists(
    st.one_of(st.integers(1, 90), st.integers(90, 1500), st.integers(1500, 12000), st.integers(-400, -1)),
    min_size=5,
    max_size=40,
)


def slots(
    weekday: int | None, hour: tuple[int, int], zone: str, first: datetime, last: datetime
) -> dict[str, datetime]:
    """Local name → instant, by watching a clock: when it first shows that date and hour, or a later one."""
    found, day = {}, first.date() - DAY
    while day <= last.date() + DAY:
        if weekday is None or day.weekday() == weekday:
            wall = datetime.combine(day, time(*hour))
            at = wall.replace(tzinfo=UTC) - timedelta(hours=14)
            while at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) < wall:
                at += MINUTE
            if first < at <= last:
                found[wall.isoformat(timespec="minutes")] = at
        day += DAY
    return found


@pytest.mark.timeout(900)
@settings(
    max_examples=how_many("LOOKS", 25),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
@given(
    weekday=st.sampled_from([None, 0, 4, 6]),
    hour=HOURS,
    zone=st.sampled_from(STRANGE),
    begin=st.sampled_from(BEGINS),
    steps=STEPS,
    draft_hours=st.sampled_from([0, 0, 5, 60]),
    approval=st.booleans(),
    late=st.sampled_from(["send", "skip", "ask"]),
    posts=st.sets(st.integers(0, 40), max_size=8),
)
def test_each_slot_is_taken_once_and_never_before_it(
    transactional_db: Any,
    tmp_path_factory: pytest.TempPathFactory,
    weekday: int | None,
    hour: tuple[int, int],
    zone: str,
    begin: date,
    steps: list[int],
    posts: set[int],
    **rules: Any,
) -> None:
    world, name = _a_campaign(tmp_path_factory, weekday, hour, zone, begin, rules)
    looks = [world.now]
    for number, minutes in enumerate(steps):
        world.now = max(world.now + minutes * MINUTE, looks[0])
        if number in posts:
            world.release()
        done = tick.tick(world.config, world.now)
        assert not [problem for problem in done.problems if "waits for approval" not in problem]
        if number % 3 == 0:
            for edition in Edition.objects.filter(state="awaiting approval"):
                edition_actions.approve(edition.pk, world.now)
        for edition in Edition.objects.filter(state="sending", enqueued_at=None):
            world.enqueue(edition)
            world.deliver()
        looks.append(world.now)
    _each_once(name, slots(weekday, hour, zone, looks[0], max(looks) + 4 * DAY), looks)
    assert len(world.got("ann")) == len(set(world.got("ann")))


def _a_campaign(
    folders: pytest.TempPathFactory,
    weekday: int | None,
    hour: tuple[int, int],
    zone: str,
    begin: date,
    rules: dict[str, Any],
) -> tuple[World, str]:
    from django.conf import settings as django

    empty_database()
    folder = folders.mktemp("looks")
    write_small_templates(folder)
    email = django.CONFIG.email.model_copy(update={"transport": "smtp"})
    now = datetime.combine(begin, time(11, 17), UTC)
    world = World(django.CONFIG.model_copy(update={"folder": folder, "email": email}), now)
    prepare(world.config, now)
    name = "daily" if weekday is None else "weekly"
    fields = {"zone": zone, "hour": hour[0], "minute": hour[1], **rules}
    campaigns.edit(name, now, **fields, **({} if weekday is None else {"weekday": weekday}))
    campaigns.resume(name, now)
    from subscribers.cadence import Cadence

    world.join("ann", Cadence(name))
    return world, name


def _each_once(name: str, expected: dict[str, datetime], looks: list[datetime]) -> None:
    rows = {row.slot_local: row for row in Edition.objects.filter(campaign__name=name)}
    assert len(rows) == Edition.objects.filter(campaign__name=name).count()
    for local, row in rows.items():
        assert row.slot_at == expected[str(local)]
        assert row.began_at is None or row.began_at >= row.slot_at
    first_seen = {
        local: next((n for n, look in enumerate(looks) if look >= at), None) for local, at in expected.items()
    }
    for number in {number for number in first_seen.values() if number is not None}:
        together = sorted(
            (local for local, seen in first_seen.items() if seen == number), key=expected.__getitem__
        )
        made = [local for local in together if local in rows]
        ahead = [
            local for local in made if (frozen := rows[local].frozen_at) and frozen < rows[local].slot_at
        ]
        assert together[-1] in made or ahead, f"nothing was made of {together}"
        assert set(made) <= {together[-1], *ahead}
    campaign = Campaign.objects.get(name=name)
    assert campaign.next_slot_at is not None
    assert campaign.next_slot_at > looks[-1]
