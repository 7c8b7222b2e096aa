"""kill -9 at any moment, then start again: nobody is lost, nobody gets a mail twice, and only what was on the wire
is in doubt.

The program is the real one, in a process of its own; the relay is a real SMTP server in this one, and it alone knows
what arrived.
"""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from crash_site import site_with_edition
from hub import Hub
from servers.smtp import CollectingServer

CONNECTIONS = 3
PEOPLE = 200


def _kill_and_resume(
    hub: Hub, relay: CollectingServer, edition: int, kills: int, chance: random.Random
) -> int:
    """Send with kills in between; returns how often the program was really killed while it ran."""
    done = 0
    for _ in range(kills):
        process = hub.start("editions", "send", str(edition), "--yes").process
        goal = len(relay.messages) + chance.randint(0, PEOPLE // kills)
        while process.poll() is None and len(relay.messages) < goal:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.02)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            done += 1
        process.communicate(timeout=60)
    hub.run("editions", "send", str(edition), "--yes", code=None)
    return done


def _check(hub: Hub, relay: CollectingServer, edition: int, kills: int) -> None:
    shown = hub.json("editions", "show", str(edition))
    arrived = Counter(recipients[0] for _, recipients, _ in relay.messages)
    assert not [address for address, count in arrived.items() if count > 1], "somebody got it twice"
    assert (shown["sent"] + shown["unknown"], shown["failed"], shown["deferred"]) == (PEOPLE, 0, 0)
    assert shown["unknown"] <= kills * CONNECTIONS, "more in doubt than was on the wire"
    # Who is told as sent has it; who did not get it is in doubt, and staff can see it.
    assert shown["sent"] <= len(arrived) <= PEOPLE
    assert PEOPLE - len(arrived) <= shown["unknown"]


def test_a_send_that_is_killed_again_and_again_reaches_everyone_once(tmp_path: Path) -> None:
    with CollectingServer() as relay:
        hub, edition = site_with_edition(tmp_path, relay, people=PEOPLE, connections=CONNECTIONS)
        kills = _kill_and_resume(hub, relay, edition, 6, random.Random(1))
        assert kills >= 2
        _check(hub, relay, edition, kills)


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", range(5))
def test_a_hundred_kills_lose_nobody(tmp_path: Path, seed: int) -> None:
    with CollectingServer() as relay:
        hub, edition = site_with_edition(tmp_path, relay, people=PEOPLE, connections=CONNECTIONS)
        kills = _kill_and_resume(hub, relay, edition, 100, random.Random(seed))
        _check(hub, relay, edition, kills)


def test_sigterm_finishes_what_is_on_the_wire_and_leaves_nothing_in_doubt(tmp_path: Path) -> None:
    with CollectingServer() as relay:
        hub, edition = site_with_edition(tmp_path, relay, people=PEOPLE, connections=CONNECTIONS)
        process = hub.start("editions", "send", str(edition), "--yes").process
        while process.poll() is None and len(relay.messages) < 20:
            time.sleep(0.002)
        process.terminate()
        process.communicate(timeout=60)
        shown = hub.json("editions", "show", str(edition))
        assert (shown["unknown"], shown["sent"]) == (0, len(relay.messages))
        assert shown["sent"] + shown["pending"] == PEOPLE
        hub.run("editions", "send", str(edition), "--yes")
        assert Counter(Counter(recipients[0] for _, recipients, _ in relay.messages).values()) == {1: PEOPLE}
