"""Commands of the real program in processes that need not begin from nothing.

Three quarters of a short command's time go into imports. A process that has done those which know of no site waits for
commands, and each runs in a fork of it: a process of its own, with its own environment, folder, settings and database
connection. ``Hub.run`` uses it; what runs on, what is killed, and every command of the documentation is started from
nothing.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

REPOSITORY = Path(__file__).parent.parent
#: What no command of a test comes near.
_SECONDS = 120


class Warm:
    """The process that waits. One at a time: commands come one after the other."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket

    def run(
        self, arguments: Sequence[str], *, folder: Path, env: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run one command to its end. Raises TimeoutError for one that does not come to it."""
        if self._process is None:
            self._begin(env)
        request = {"arguments": list(arguments), "folder": str(folder), "env": dict(env)}
        with TemporaryFile() as asked, TemporaryFile() as out, TemporaryFile() as err:
            asked.write(json.dumps(request).encode())
            asked.seek(0)
            socket.send_fds(self._channel, [b"."], [file.fileno() for file in (asked, out, err)])
            try:
                code = int(self._channel.recv(100))
            except (TimeoutError, ValueError) as error:
                self.end()
                raise TimeoutError(f"{arguments} did not end") from error
            said = []
            for file in (out, err):
                file.seek(0)
                said.append(file.read().decode("utf-8"))
        return subprocess.CompletedProcess(list(arguments), code, *said)

    def _begin(self, env: Mapping[str, str]) -> None:
        self._channel, theirs = socket.socketpair()
        self._channel.settimeout(_SECONDS)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=env,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def end(self) -> None:
        """Stop it, and whatever it started."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, 9)
            self._process.wait()
            self._channel.close()
            self._process = None


def _import_what_knows_no_site() -> None:
    """The libraries, and the rooms that import-linter keeps free of Django and of configuration."""
    for name in (
        *("django.contrib.auth.hashers", "django.core.management", "django.db.migrations.executor"),
        *("django.db.models", "django.http", "django.template", "django.urls", "rich.console", "rich.table"),
        *("newsletter.cli.main", "newsletter.config", "newsletter.slots.wording"),
    ):
        importlib.import_module(name)
    for room in ("feeds", "rendering", "sources", "transports"):
        package = importlib.import_module(f"newsletter.{room}")
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)


def _wait(channel: socket.socket) -> dict[str, Any]:
    """Wait for commands; returns in the process of each, and never in this one."""
    while True:
        asked, files, _, _ = socket.recv_fds(channel, 1, 3)
        if not asked:
            os._exit(0)
        child = os.fork()
        if child == 0:
            channel.close()
            for number, file in enumerate(files):
                os.dup2(file, number)
                os.close(file)
            request: dict[str, Any] = json.load(sys.stdin)
            return request
        for file in files:
            os.close(file)
        _, status = os.waitpid(child, 0)
        channel.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(request: dict[str, Any]) -> None:
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    os.chdir(request["folder"])
    sys.argv = ["newsletter", *request["arguments"]]


if __name__ == "__main__":
    _import_what_knows_no_site()
    gc.collect()
    gc.freeze()  # else each command copies the whole heap to look for garbage
    _become(_wait(socket.socket(fileno=int(sys.argv[1]))))
    from newsletter.cli.main import main

    main()
