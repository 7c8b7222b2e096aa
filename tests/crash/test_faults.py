"""What breaks while the program runs and comes back by itself: a full disk, a relay that does not answer, a terminal
that is closed. The program is the real one in a process of its own; the relay is a real SMTP server in this one.
"""

from __future__ import annotations

import os
import pty
import resource
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from crash_site import arrived, environment, site_with_edition
from hub import COMMAND, Hub, Running, wait_until
from servers.smtp import CollectingServer

PEOPLE = 80


@pytest.fixture
def relay() -> Iterator[CollectingServer]:
    with CollectingServer() as server:
        yield server


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with edition 1. Tests get copies of it, for making one takes seconds."""
    with CollectingServer() as relay:
        return site_with_edition(tmp_path_factory.mktemp("made"), relay, people=PEOPLE, connections=2)[
            0
        ].folder


@pytest.fixture
def hub(made: Path, tmp_path: Path, relay: CollectingServer) -> Hub:
    shutil.copytree(made, tmp_path / "hub")
    return Hub(tmp_path / "hub", environment(relay, connections=2))


class SmallDisk:
    """A disk with a little room. Where none can be mounted, files of the program may not grow instead."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
        self._mounted = (
            shutil.which("mount") is not None and subprocess.run(mount, check=False).returncode == 0
        )
        self._ballast = folder / "ballast"

    def fill(self, program: Running) -> None:
        """No room for another page."""
        if not self._mounted:
            self._limit(program, 16 * 1024)
            return
        with self._ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 4096)

    def make_room(self, program: Running) -> None:
        if self._mounted:
            self._ballast.unlink()
        else:
            self._limit(program, resource.RLIM_INFINITY)

    def _limit(self, program: Running, size: int) -> None:
        hard = resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, (size, hard))

    def remove(self) -> None:
        if self._mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    disk = SmallDisk(tmp_path / "disk")
    yield disk
    disk.remove()


def _each_once(relay: CollectingServer) -> None:
    assert Counter(Counter(arrived(relay)).values()) == {1: PEOPLE}


@pytest.mark.parametrize("command", [("editions", "send", "1", "--yes"), ("run",)], ids=["send", "run"])
def test_a_disk_that_was_full_for_a_while_loses_nobody_and_mails_nobody_twice(
    hub: Hub, small_disk: SmallDisk, relay: CollectingServer, command: tuple[str, ...]
) -> None:
    for file in (*hub.folder.glob("*.sqlite3"), *hub.folder.glob("*.key")):
        shutil.copy(file, small_disk.folder)
    hub.env["NEWSLETTER_DATABASE__URL"] = f"sqlite:///{small_disk.folder}/newsletter.sqlite3"
    if command == ("run",):
        _begin(hub, relay)
    waiting = sorted({f"person{number}@example.org" for number in range(1, PEOPLE + 1)} - set(arrived(relay)))
    # Both lines wait for an answer, so that mails are still to go when the disk is full, however fast the others went.
    relay.held |= set(waiting[:2])
    with hub.start(*command) as program:
        wait_until(lambda: relay.held <= set(arrived(relay)), "two mails on the wire")
        small_disk.fill(program)
        relay.held.clear()
        wait_until(lambda: program.lines("the database cannot be used"), "a word of the full disk")
        small_disk.make_room(program)
        wait_until(lambda: len(relay.messages) >= PEOPLE, "the rest, by itself")
        wait_until(lambda: hub.json("editions", "show", "1")["state"] == "sent", "the end")
        assert program.process.poll() in (None, 0)
    shown = hub.json("editions", "show", "1")
    assert (shown["sent"], shown["unknown"], shown["pending"]) == (PEOPLE, 0, 0)
    _each_once(relay)


def _begin(hub: Hub, relay: CollectingServer) -> None:
    """The first mails of it have gone, one a line, and the rest waits for whoever runs next."""
    relay.held |= {"person1@example.org", "person2@example.org"}
    with hub.start("editions", "send", "1", "--yes") as sending:
        wait_until(lambda: relay.held <= set(arrived(relay)), "the first mails")
        sending.process.send_signal(signal.SIGTERM)
        relay.held.clear()
        sending.process.wait(timeout=60)


def _asked_until_it_answers(program: Running, how: signal.Signals) -> None:
    """Several of one signal that wait are one."""

    def answers() -> bool:
        program.process.send_signal(how)
        return bool(program.lines("Still finishing"))

    wait_until(answers, "what it says to the second signal")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP], ids=lambda how: how.name)
def test_who_asks_to_stop_twice_leaves_nothing_in_doubt(
    hub: Hub, relay: CollectingServer, how: signal.Signals
) -> None:
    relay.held.add("person3@example.org")
    with hub.start("editions", "send", "1", "--yes") as program:
        wait_until(lambda: "person3@example.org" in arrived(relay), "the mail without an answer")
        _asked_until_it_answers(program, how)
        assert program.lines("Stopping: what is on the wire is finished first")
        assert program.process.poll() is None
        relay.held.clear()
        assert program.process.wait(timeout=60) in (0, 1)
    shown = hub.json("editions", "show", "1")
    assert (shown["sent"], shown["unknown"]) == (len(relay.messages), 0)
    hub.run("editions", "send", "1", "--yes")
    _each_once(relay)


def test_after_it_was_asked_to_stop_a_kill_is_still_boring(hub: Hub, relay: CollectingServer) -> None:
    relay.held.add("person3@example.org")
    with hub.start("editions", "send", "1", "--yes") as program:
        wait_until(lambda: "person3@example.org" in arrived(relay), "the mail without an answer")
        _asked_until_it_answers(program, signal.SIGTERM)
        program.process.kill()
        program.process.wait()
    relay.held.clear()
    hub.run("editions", "send", "1", "--yes", code=1)
    shown = hub.json("editions", "show", "1")
    assert (shown["sent"], shown["unknown"]) == (PEOPLE - 1, 1)
    _each_once(relay)


@pytest.mark.parametrize("command", [("editions", "send", "1", "--yes"), ("run",)], ids=["send", "run"])
def test_a_terminal_that_is_closed_leaves_nothing_in_doubt(
    hub: Hub, relay: CollectingServer, command: tuple[str, ...]
) -> None:
    if command == ("run",):
        _begin(hub, relay)
    relay.held.add("person7@example.org")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [shutil.which("setsid") or "setsid", "--ctty", "--wait", *COMMAND, *command],
        cwd=hub.folder,
        env=hub.environment(),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    wait_until(lambda: "person7@example.org" in arrived(relay), "the mail without an answer")
    os.close(ours)
    relay.held.clear()
    process.wait(timeout=60)
    shown = hub.json("editions", "show", "1")
    assert (shown["sent"], shown["unknown"]) == (len(relay.messages), 0)
    hub.run("editions", "send", "1", "--yes")
    _each_once(relay)
