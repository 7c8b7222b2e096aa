"""Runs the pages in this process: waitress in a thread, stopped by an event. urls.py lists what is served,
connections.py bounds what a connection may cost."""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django import db
from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher
from waitress.wasyncore import close_all, dispatcher

from newsletter.config import Config
from newsletter.errors import Refused
from newsletter.publishing.subscriptions import deferred_unsubscribe
from newsletter.web import connections, front
from newsletter.web.logs import keep_tokens_out

#: Seconds that answers which were begun have to end after the stop.
_DRAIN = 5.0
#: Seconds that a page waits for a database that somebody else holds.
PATIENCE = 5.0


def _wait_no_longer_than(seconds: float) -> None:
    """Let this thread's connection wait so long for others that write. The program's own work may wait for longer, but
    a page's reader is gone by then."""
    connection = db.connections["default"]
    settings = dict(connection.settings_dict)
    if connection.vendor == "sqlite":
        settings |= {"GATE_PATIENCE": seconds, "OPTIONS": {**settings["OPTIONS"], "timeout": seconds}}
    else:
        limits_said = f"-c lock_timeout={int(seconds * 1000)}"
        settings["OPTIONS"] = {**settings["OPTIONS"], "options": limits_said}
    connection.settings_dict = settings


class _Workers(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """waitress's threads; each closes its own connection to the database when it ends."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._started: list[threading.Thread] = []
        self.set_thread_count(count)

    def start_new_thread(self, target: Callable[[int], None], thread_no: int) -> None:
        def work() -> None:
            _wait_no_longer_than(PATIENCE)
            try:
                target(thread_no)
            finally:
                db.connections.close_all()

        thread = threading.Thread(target=work, name=f"web-{thread_no}", daemon=True)
        self._started.append(thread)
        thread.start()

    def end(self, timeout: float) -> None:
        """Stop the threads and wait for them, ``timeout`` seconds at most for each."""
        self.shutdown(timeout=timeout)
        for thread in self._started:
            thread.join(timeout)


class Server:
    """A running web server. ``url`` is where it listens."""

    def __init__(self, listening: socket.socket, threads: int, stop: threading.Event) -> None:
        host, port = listening.getsockname()[:2]
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self._listening_at = (host, port)
        self._map: dict[int, Any] = {}
        self._workers = _Workers(threads)
        self._waitress = create_server(
            front.application(),
            map=self._map,
            sockets=[listening],
            _dispatcher=self._workers,
            ident=None,
            max_request_header_size=connections.MAX_HEADER,
            max_request_body_size=connections.MAX_BODY,
            channel_timeout=connections.IDLE,
            cleanup_interval=connections.LOOK_EVERY,
            # Ours makes room before this is reached; waitress would let nobody in.
            connection_limit=2 * connections.most_connections() + 100,
            asyncore_use_poll=True,
            # X-Forwarded-For is read by visitor.py, which trusts proxies on this machine and no others.
            clear_untrusted_proxy_headers=False,
        )
        self._waitress.channel_class = connections.Channel
        self._waitress.waker = connections.Waker(self._waitress.pull_trigger)
        self._stop = stop
        self._loop = threading.Thread(target=self._waitress.run, name="web", daemon=True)
        self._watch = threading.Thread(target=self._close_at_stop, name="web-stop", daemon=True)
        self._loop.start()
        self._watch.start()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until it has stopped. False when ``timeout`` (seconds) was over first."""
        self._watch.join(timeout)
        return not self._watch.is_alive()

    def _close_at_stop(self) -> None:
        self._stop.wait()
        # Everything that touches the sockets runs in the loop's own thread.
        self._waitress.trigger.pull_trigger(lambda: dispatcher.close(self._waitress))
        end = time.monotonic() + _DRAIN
        while self._busy() and time.monotonic() < end:
            time.sleep(0.02)
        with suppress(OSError):  # the loop may have ended by itself, and its trigger with it
            self._waitress.trigger.pull_trigger(lambda: close_all(self._map, ignore_all=True))
        self._loop.join(_DRAIN)
        self._workers.end(timeout=1)
        self._waitress.waker.end()

    def _busy(self) -> bool:
        channels = list(self._waitress.active_channels.values())
        return any(channel.requests or channel.total_outbufs_len for channel in channels)


def serve(config: Config, stop: threading.Event) -> Server:
    """Start to listen on web.host and web.port, and return at once; setting ``stop`` ends it after the answers that
    were begun. Raises Refused when the port or the host cannot be had."""
    keep_tokens_out()
    deferred_unsubscribe.go_on(config)  # what the last process could not do any more
    return Server(_listen(config.web.host, config.web.port), config.web.threads, stop)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), port), family=family, backlog=1024)
    except OSError as error:
        raise Refused(_why(error, host, port)) from error


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken by another program, or by this one, running already. "
            "Stop it, or set another web.port in config.toml."
        )
    if error.errno == errno.EACCES:
        return f"This user may not listen on port {port}: set web.port to 1024 or more, behind a proxy."
    words = error.strerror or os.strerror(error.errno or 0)
    return f"Nothing can listen on {host} ({words}): correct web.host in config.toml."
