"""How many requests for a feed a second are answered, beside nginx with the same bytes in a file.

    python benchmarks/feeds.py [SECONDS] [CONNECTIONS]

It makes a site of 30 posts in a temporary folder, runs its pages, and asks on loopback over connections that stay open:
304 for who has the feed already, and the feed plain and in gzip. "without a server" is our own part of the work, called
in a loop by one thread; "waitress alone" is the web server with an application that only says hello. Without nginx
(Debian: apt install nginx-light) its row is left out; without wrk (apt install wrk) a client in Python asks, which is
itself the limit beyond 15,000 a second.
"""

from __future__ import annotations

import asyncio
import os
import platform
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

REPOSITORY = Path(__file__).parent.parent
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000; types {{ application/rss+xml xml; }}
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5; gzip_static on; gzip_vary on;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; }}
}}
"""
STEMS = ["hedge", "mill", "river", "field", "bird", "path", "weir", "seed", "light", "stone"]
WORDS = [stem + ending for stem in STEMS for ending in ("", "s", "er", "ing", "ed")]
ALONE = """
import sys, time
from newsletter.web.wsgi import application
tags = []
def ask(**headers):
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/rss.xml", **headers}
    def start(status, sent): tags[:] = [dict(sent).get("ETag")]
    application(environ, start)
    end, count = time.monotonic() + float(sys.argv[1]), 0
    while time.monotonic() < end:
        application(environ, start)
        count += 1
    print(count / float(sys.argv[1]))
ask(HTTP_IF_NONE_MATCH="*")
ask()
ask(HTTP_ACCEPT_ENCODING="gzip")
"""
HELLO = """
import sys, waitress
def hello(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "6")])
    return [b"hello\\n"]
waitress.serve(hello, host="127.0.0.1", port=int(sys.argv[1]), threads=4, ident=None, _quiet=True)
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, **more: object) -> Iterator[str]:
    """A server, as soon as it listens."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if process.poll() is not None:
                raise SystemExit(f"{command[0]} ended with {process.returncode}")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def make_site(folder: Path, port: int) -> dict[str, str]:
    """A site of 30 posts of ordinary length, each in words of its own. Returns the environment of its commands."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "NEWSLETTER_WEB__PORT": str(port)}
    command = [sys.executable, "-m", "newsletter.cli"]
    quiet = {"stdout": subprocess.DEVNULL, "env": environment}
    subprocess.run([*command, "init", str(folder)], check=True, **quiet)
    for number in range(1, 31):
        told = random.Random(number)  # the same every time, and no easier to compress than prose
        text = "\n\n".join(" ".join(told.choices(WORDS, k=60)) + "." for _ in range(8))
        front = f"---\ntitle: Post {number}\ndate: 2026-10-{number:02d}\n---\n"
        (folder / "posts" / f"p{number}.md").write_text(front + text)
    subprocess.run([*command, "sync"], cwd=folder, check=True, **quiet)
    return environment


def fetch(url: str, **headers: str) -> tuple[bytes, str]:
    """(body, ETag)"""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with urllib.request.urlopen(urllib.request.Request(url, headers=named)) as reply:
        return reply.read(), reply.headers.get("ETag", "")


def rate(url: str, headers: dict[str, str], seconds: int, connections: int) -> float:
    """Answers a second."""
    if shutil.which("wrk") is None:
        return asyncio.run(_rate(url, headers, seconds, connections))
    told = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *told, url]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx or 3xx" not in printed, printed
    found = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    assert found, printed
    return float(found[1])


async def _rate(url: str, headers: dict[str, str], seconds: int, connections: int) -> float:
    host, _, path = url.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    told = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
    request = f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n{told}\r\n".encode()
    end, answered = time.monotonic() + seconds, 0

    async def visit() -> None:
        nonlocal answered
        reader, writer = await asyncio.open_connection(name, int(port))
        while time.monotonic() < end:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 304")), head
            length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
            if length and head.startswith(b"HTTP/1.1 200"):
                await reader.readexactly(int(length[1]))
            answered += 1
        writer.close()

    await asyncio.gather(*(visit() for _ in range(connections)))
    return answered / seconds


def measure(url: str, seconds: int, connections: int) -> list[float]:
    """304, plain, gzip."""
    _, etag = fetch(url)
    asked = ({"If-None-Match": etag}, {}, {"Accept-Encoding": "gzip"})
    return [rate(url, headers, seconds, connections) for headers in asked]


def main() -> None:
    seconds, connections = (
        (int(word) for word in [*sys.argv[1:3], "5", "16"][:2]) if len(sys.argv) > 2 else (5, 16)
    )
    table = Table(title=f"requests a second, {connections} connections, {platform.machine()}")
    for column in ("server", "304", "200 plain", "200 gzip"):
        table.add_column(column, justify="left" if column == "server" else "right")

    def show(name: str, rates: list[float]) -> None:
        table.add_row(name, *(f"{found:,.0f}" for found in rates))

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        port = free_port()
        environment = make_site(folder / "hub", port)
        command = [sys.executable, "-m", "newsletter.cli", "web"]
        with running(command, port, cwd=folder / "hub", env=environment) as address:
            url = f"{address}/rss.xml"
            plain, packed = fetch(url)[0], fetch(url, Accept_Encoding="gzip")[0]
            tight = fetch(url, Accept_Encoding="br")[0]
            show("newsletter web", measure(url, seconds, connections))
        alone = [sys.executable, "-c", ALONE, str(seconds)]
        named = {**environment, "NEWSLETTER_CONFIG": str(folder / "hub" / "config.toml")}
        printed = subprocess.run(alone, check=True, capture_output=True, text=True, env=named).stdout
        show("newsletter without a server", [float(line) for line in printed.split()])
        port = free_port()
        with running([sys.executable, "-c", HELLO, str(port)], port) as address:
            rates = [rate(f"{address}/", {}, seconds, connections)]
            show("waitress alone, 6 bytes", rates)
        nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        if nginx is None:
            print(
                "nginx is not installed here (apt install nginx-light), so its row is missing",
                file=sys.stderr,
            )
        else:
            port = free_port()
            (folder / "www").mkdir()
            folder.chmod(0o755)
            (folder / "www" / "rss.xml").write_bytes(plain)
            (folder / "www" / "rss.xml.gz").write_bytes(packed)
            (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
            with running([nginx, "-p", name, "-c", str(folder / "nginx.conf")], port) as address:
                show("nginx, one worker", measure(f"{address}/rss.xml", seconds, connections))
    Console().print(table)
    print(f"the feed: {len(plain):,} bytes, {len(packed):,} in gzip, {len(tight):,} in brotli")


if __name__ == "__main__":
    main()
