"""Our pages under several WSGI servers: speed, memory, start, and what an attack costs everybody else.

    python benchmarks/web_servers.py [SECONDS]

It makes a site of 30 posts in a temporary folder and serves it in turn by `newsletter web`, by waitress as it comes,
and by those of cheroot, hypercorn, granian and gunicorn that are installed beside it. Columns: seconds to the first
answer; memory of all its processes after the run; 304s a second over 16 connections; then the slowest of ordinary
requests, one every 50 ms, while (1) eight connections send 60 KB of blanks in a header, (2) eight send a 200 KB cookie,
(3) 300 connections say nothing, (4) 40 connections send a form a byte a second. "-" is no answer within 20 seconds.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import socket
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from feeds import fetch, free_port, make_site, rate, running
from rich.console import Console
from rich.table import Table

APPLICATION = "newsletter.web.wsgi:application"
WAITRESS = "import sys, waitress; from newsletter.web.wsgi import application as a; "
WAITRESS += "waitress.serve(a, host='127.0.0.1', port=int(sys.argv[1]), threads=4, _quiet=True)"
CHEROOT = "import sys; from cheroot.wsgi import Server; from newsletter.web.wsgi import application as a; "
CHEROOT += "Server(('127.0.0.1', int(sys.argv[1])), a, numthreads=4).start()"
SERVERS: dict[str, Callable[[int], list[str]]] = {
    "newsletter": lambda port: ["-m", "newsletter.cli", "web"],
    "waitress": lambda port: ["-c", WAITRESS, str(port)],
    "cheroot": lambda port: ["-c", CHEROOT, str(port)],
    "hypercorn": lambda port: ["-m", "hypercorn", f"wsgi:{APPLICATION}", "--bind", f"127.0.0.1:{port}"],
    "granian": lambda port: [
        *("-m", "granian", "--interface", "wsgi", "--blocking-threads", "4"),
        *("--host", "127.0.0.1", "--port", str(port), APPLICATION),
    ],
    "gunicorn": lambda port: [
        *("-m", "gunicorn", "--threads", "4", "--worker-class", "gthread", "--bind", f"127.0.0.1:{port}"),
        APPLICATION,
    ],
}
TIMEOUT = 20.0


def memory() -> float:
    """Resident megabytes of all that this script started, and of what they started."""
    kilobytes, parents = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            lines = (folder / "status").read_text().splitlines()
            status = dict(line.split(":", 1) for line in lines if ":" in line)
            parents[int(folder.name)] = int(status["PPid"])
            kilobytes[int(folder.name)] = int(status.get("VmRSS", "0 kB").split()[0])

    def ours(pid: int) -> bool:
        return pid != 0 and (parents.get(pid, 0) == os.getpid() or ours(parents.get(pid, 0)))

    return sum(size for pid, size in kilobytes.items() if ours(pid)) / 1024


def slowest(url: str, seconds: float) -> float | None:
    """Seconds of the slowest of ordinary requests; None when one had no answer."""
    worst, end = 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        try:
            urllib.request.urlopen(url, timeout=TIMEOUT).read()
        except OSError:
            return None
        worst = max(worst, time.monotonic() - began)
        time.sleep(0.05)
    return worst


def attacked(
    address: tuple[str, int], count: int, request: bytes, again: bytes, seconds: float
) -> float | None:
    """The slowest ordinary request while ``count`` connections send ``request``, then ``again`` each second."""
    over = threading.Event()

    def attack() -> None:
        while not over.is_set():
            with suppress(OSError), socket.create_connection(address, 2) as line:
                line.sendall(request)
                if not again and request:
                    line.settimeout(TIMEOUT)
                    line.recv(100)
                    continue
                while not over.wait(1):
                    if again:
                        line.send(again)

    threads = [threading.Thread(target=attack, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    found = slowest(f"http://{address[0]}:{address[1]}/healthz", seconds)
    over.set()
    return found


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    head = b"GET /rss.xml HTTP/1.1\r\nHost: x\r\n"
    attacks = [
        (8, head + b"X: " + b" " * 60_000 + b"\x01\r\n\r\n", b""),
        (8, b'GET /subscribe HTTP/1.1\r\nHost: x\r\nCookie: a="' + b"\\" * 200_000 + b"\r\n\r\n", b""),
        (300, b"", b""),
        (40, b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n", b"x"),
    ]
    table = Table(
        title=f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    )
    for column in ("server", "start", "MB", "304/s", "blanks", "cookie", "idle", "slow forms"):
        table.add_column(column, justify="left" if column == "server" else "right")
    for name, command in SERVERS.items():
        if importlib.util.find_spec(name) is None:
            continue
        with tempfile.TemporaryDirectory() as folder:
            port = free_port()
            environment = make_site(Path(folder) / "hub", port)
            environment["NEWSLETTER_CONFIG"] = str(Path(folder) / "hub" / "config.toml")
            began = time.monotonic()
            whole = [sys.executable, *command(port)]
            with running(whole, port, cwd=Path(folder) / "hub", env=environment) as address:
                _, etag = fetch(f"{address}/rss.xml")
                start = time.monotonic() - began
                try:
                    answered = f"{rate(f'{address}/rss.xml', {'If-None-Match': etag}, int(seconds), 16):,.0f}"
                except AssertionError:  # it answers something else than the application
                    answered = "wrong"
                found = [attacked(("127.0.0.1", port), *attack, seconds) for attack in attacks]
                size = memory()
        said = ["-" if one is None else f"{one:.2f} s" for one in found]
        table.add_row(name, f"{start:.1f} s", f"{size:.0f}", answered, *said)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
