"""A site of our own invention in a temporary folder, run as its staff would: by the command line, in real processes."""

from __future__ import annotations

import atexit
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warm import REPOSITORY, Warm

#: The command in a process that begins from nothing.
COMMAND = (sys.executable, "-m", "newsletter.cli")
_WARM = Warm()
atexit.register(_WARM.end)


@dataclass
class Hub:
    """One site. ``env`` adds to the environment of every command."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def run(
        self, *arguments: str, code: int | None = 0, at: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one command to its end, and hold it to its exit code (None: any)."""
        done = _WARM.run(arguments, folder=at or self.folder, env=self.environment())
        assert code is None or done.returncode == code, (
            f"{arguments} → {done.returncode}\n{done.stdout}{done.stderr}"
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def json(self, *arguments: str, code: int | None = 0) -> Any:
        """The answer of a command with ``--json``."""
        return json.loads(self.run(*arguments, "--json", code=code).stdout)

    def start(self, *arguments: str) -> Running:
        """Start a command that runs on."""
        log = self.folder / f"{arguments[0]}-{secrets.token_hex(4)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*COMMAND, *arguments],
                cwd=self.folder,
                env=self.environment(),
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        return Running(process, log)

    def environment(self) -> dict[str, str]:
        """What a command of this site runs in."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("NEWSLETTER_", "DJANGO_"))
        }
        return kept | {"PYTHONPATH": str(REPOSITORY), "COLUMNS": "200"} | self.env

    def post(self, name: str, title: str, date: str, *, tags: str = "", body: str = "Some words.") -> Path:
        """Write a Markdown post into the source."""
        file = self.folder / "posts" / f"{name}.md"
        file.write_text(
            f"---\ntitle: {title}\ndate: {date}\ntags: [{tags}]\n---\n\n{body}\n", encoding="utf-8"
        )
        return file

    def people(self, count: int) -> Path:
        """A file of invented subscribers."""
        file = self.folder / "people.csv"
        rows = (f"person{number}@example.org,Person {number}\n" for number in range(1, count + 1))
        file.write_text("email,name\n" + "".join(rows), encoding="utf-8")
        return file


@dataclass
class Running:
    """A command that runs on until it is told to stop. Use it as a context manager."""

    process: subprocess.Popen[bytes]
    log: Path

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    @property
    def output(self) -> str:
        """What it has printed so far."""
        return self.log.read_text(encoding="utf-8")

    def lines(self, word: str) -> list[str]:
        """The lines of its output that hold a word."""
        return [line for line in self.output.splitlines() if word in line]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; returns its exit code."""
        self.process.send_signal(how)
        return self.process.wait(timeout=60)


def wait_until(condition: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Wait for something that another process does; the limit is only there so that a test ends."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s in vain for: {what}"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
