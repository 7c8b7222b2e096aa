"""kill -9 at any moment, then start again: nobody is lost, nobody gets a mail twice, and only what was on the wire
is in doubt.

The program is the real one, in a process of its own; the relay is a real SMTP server in this one, and it alone knows
what arrived.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from servers.smtp import CollectingServer

CONNECTIONS = 3
PEOPLE = 200


class Site:
    """A site folder, and the program run in it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("NEWSLETTER_", "DJANGO_"))
            },
            "NEWSLETTER_EMAIL__TRANSPORT": "smtp",
            "NEWSLETTER_EMAIL__SMTP__HOST": "127.0.0.1",
            "NEWSLETTER_EMAIL__SMTP__PORT": str(port),
            "NEWSLETTER_EMAIL__SMTP__SECURITY": "none",
            "NEWSLETTER_EMAIL__SMTP__CONNECTIONS": str(CONNECTIONS),
        }

    def start(self, *words: str, where: Path | None = None) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "newsletter.cli", *words]
        return subprocess.Popen(
            command,
            cwd=where or self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, where: Path | None = None) -> str:
        process = self.start(*words, where=where)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, f"{words}: {err}"
        return out

    def prepare(self) -> int:
        """A site with people and one post that is owed; returns the number of its edition."""
        self.run("init", str(self.folder), where=self.folder.parent)
        self.run("sync")
        addresses = "\n".join(f"person{number}@example.org" for number in range(PEOPLE))
        (self.folder / "people.csv").write_text(f"email\n{addresses}\n")
        self.run("subscribers", "import", "people.csv", "--consent", "They said yes.")
        (self.folder / "posts" / "new.md").write_text("---\ntitle: A new post\n---\nWith some text.\n")
        self.run("sync")
        composed = json.loads(self.run("editions", "compose", "--campaign", "weekly", "--json"))
        assert (composed["people"], composed["posts"]) == (PEOPLE, 1)
        return int(composed["id"])

    def show(self, edition: int) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(self.run("editions", "show", str(edition), "--json"))
        return shown


def _kill_and_resume(
    site: Site, relay: CollectingServer, edition: int, kills: int, chance: random.Random
) -> int:
    """Send with kills in between; returns how often the program was really killed while it ran."""
    done = 0
    for _ in range(kills):
        process = site.start("editions", "send", str(edition), "--yes")
        goal = len(relay.messages) + chance.randint(0, PEOPLE // kills)
        while process.poll() is None and len(relay.messages) < goal:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.02)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            done += 1
        process.communicate(timeout=60)
    last = site.start("editions", "send", str(edition), "--yes")
    last.communicate(timeout=120)
    return done


def _check(site: Site, relay: CollectingServer, edition: int, kills: int) -> None:
    shown = site.show(edition)
    arrived = Counter(recipients[0] for _, recipients, _ in relay.messages)
    assert not [address for address, count in arrived.items() if count > 1], "somebody got it twice"
    assert (shown["sent"] + shown["unknown"], shown["failed"], shown["deferred"]) == (PEOPLE, 0, 0)
    assert shown["unknown"] <= kills * CONNECTIONS, "more in doubt than was on the wire"
    # Who is told as sent has it; who did not get it is in doubt, and staff can see it.
    assert shown["sent"] <= len(arrived) <= PEOPLE
    assert PEOPLE - len(arrived) <= shown["unknown"]


def test_a_send_that_is_killed_again_and_again_reaches_everyone_once(tmp_path: Path) -> None:
    with CollectingServer() as relay:
        site = Site(tmp_path / "site", relay.port)
        edition = site.prepare()
        kills = _kill_and_resume(site, relay, edition, 6, random.Random(1))
        assert kills >= 2
        _check(site, relay, edition, kills)


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", range(5))
def test_a_hundred_kills_lose_nobody(tmp_path: Path, seed: int) -> None:
    with CollectingServer() as relay:
        site = Site(tmp_path / "site", relay.port)
        edition = site.prepare()
        kills = _kill_and_resume(site, relay, edition, 100, random.Random(seed))
        _check(site, relay, edition, kills)


def test_sigterm_finishes_what_is_on_the_wire_and_leaves_nothing_in_doubt(tmp_path: Path) -> None:
    with CollectingServer() as relay:
        site = Site(tmp_path / "site", relay.port)
        edition = site.prepare()
        process = site.start("editions", "send", str(edition), "--yes")
        while process.poll() is None and len(relay.messages) < 20:
            time.sleep(0.002)
        process.terminate()
        process.communicate(timeout=60)
        shown = site.show(edition)
        assert (shown["unknown"], shown["sent"]) == (0, len(relay.messages))
        assert shown["sent"] + shown["pending"] == PEOPLE
        site.run("editions", "send", str(edition), "--yes")
        assert Counter(Counter(recipients[0] for _, recipients, _ in relay.messages).values()) == {1: PEOPLE}
