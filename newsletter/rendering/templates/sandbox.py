"""Templates that are not ours are filled in a process of their own, with a ceiling on time, memory and output.

Staff write them, and Jinja2's sandbox stops neither a loop in a loop nor "x" * 10 ** 10. What the process does is
worker.py's; it is started at the first such template, kept for the next ones, and ended when it takes too long.
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO, Any

from newsletter.errors import RenderError

#: Seconds for one template. Ours take a few milliseconds each.
SECONDS: float = 10
#: Bytes of memory for the process, its Python included.
MEMORY = 768 * 1024 * 1024
#: Characters that one template may give: a mail may have a fortieth of it.
LONGEST = 4_000_000

_KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")
_LENGTH = struct.Struct(">I")
_LOCK = Lock()
_running: _Filler | None = None
#: Pages have a process of their own: a visitor does not wait for a mail's template, nor a mail for a page's.
_PAGES_LOCK = Lock()
_running_for_pages: _Filler | None = None
#: Seconds for one page.
PAGE_SECONDS: float = 2


class _Died(Exception):
    """The process ended without an answer."""


class _TooLong(Exception):
    """No answer came in time; says where in the templates, as far as that is known."""


def fill(
    sources: Mapping[str, str], name: str, context: Mapping[str, Any], seconds: float | None = None
) -> str:
    """Fill one of these templates. Raises RenderError as environment.fill does, and when a ceiling is hit."""
    seconds = SECONDS if seconds is None else seconds
    asked = {"sources": dict(sources), "name": name, "context": dict(context), "seconds": seconds}
    with _LOCK:
        return _asked(_filler(), asked, _stop, "a mail")


def fill_page(sources: Mapping[str, Sequence[str]], name: str, context: Mapping[str, Any] | None) -> str:
    """Fill one page out of these templates, name → (source, file); with None only read it. Raises RenderError with
    the file and the line, and when a ceiling is hit."""
    asked = {"pages": dict(sources), "name": name, "context": context, "seconds": PAGE_SECONDS}
    with _PAGES_LOCK:
        return _asked(_filler_for_pages(), asked, _stop_for_pages, "a page")


def _asked(filler: _Filler, asked: dict[str, Any], stop: Callable[[], None], what: str) -> str:
    name, seconds = asked["name"], asked["seconds"]
    try:
        answer = filler.ask(json.dumps(asked).encode("utf-8", "surrogatepass"), seconds)
    except _TooLong as error:
        stop()
        raise RenderError(
            f"{error or name}: it takes more than {seconds:g} seconds: look for a loop in a loop, or one that "
            "does not end"
        ) from None
    except (_Died, OSError):
        stop()
        raise RenderError(
            f"{name}: it needs more memory than {what} may ({MEMORY // 1024**2} MB): look for a text or a loop "
            "that grows and grows"
        ) from None
    if "error" in answer:
        raise RenderError(str(answer["error"]))
    return str(answer["text"])


class _Filler:
    """The process, and the two pipes to it."""

    def __init__(self) -> None:
        package = Path(__file__).parents[3]
        self.owner = os.getpid()
        self.process = subprocess.Popen(
            # -P: a file json.py in the folder we happen to be in is not the library's.
            [sys.executable, "-P", "-m", "newsletter.rendering.templates.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # No setting and no secret of ours; the path, so that it finds what we found.
            env={name: os.environ[name] for name in _KEPT if name in os.environ}
            | {"PYTHONPATH": os.pathsep.join([str(package), *filter(None, sys.path)]), "PYTHONUTF8": "1"},
            start_new_session=True,  # Ctrl-C at the terminal is for us
        )

    def ask(self, message: bytes, seconds: float) -> dict[str, Any]:
        """Raises _Died and _TooLong."""
        out, back = self.process.stdin, self.process.stdout
        assert out is not None
        assert back is not None
        out.write(_LENGTH.pack(len(message)) + message)
        out.flush()
        # A little longer than the process gives itself: starting it and reading count too.
        end = time.monotonic() + seconds + 5
        [size] = _LENGTH.unpack(_read(back, _LENGTH.size, end))
        answer = json.loads(_read(back, size, end).decode("utf-8", "surrogatepass"))
        if "too_long" in answer:
            raise _TooLong(answer["too_long"])
        return dict(answer)


def _read(pipe: IO[bytes], size: int, end: float) -> bytes:
    pieces = b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while len(pieces) < size:
            if not selector.select(max(0.0, end - time.monotonic())):
                raise _TooLong
            piece = os.read(pipe.fileno(), size - len(pieces))
            if not piece:
                raise _Died
            pieces += piece
    return pieces


def _filler() -> _Filler:
    global _running  # noqa: PLW0603
    if _is_gone(_running):
        _stop()
        _running = _Filler()
    assert _running is not None
    return _running


def _filler_for_pages() -> _Filler:
    global _running_for_pages  # noqa: PLW0603
    if _is_gone(_running_for_pages):
        _stop_for_pages()
        _running_for_pages = _Filler()
    assert _running_for_pages is not None
    return _running_for_pages


def _is_gone(filler: _Filler | None) -> bool:
    return filler is None or filler.owner != os.getpid() or filler.process.poll() is not None


def _stop() -> None:
    global _running
    filler, _running = _running, None
    _end(filler)


def _stop_for_pages() -> None:
    global _running_for_pages
    filler, _running_for_pages = _running_for_pages, None
    _end(filler)


def _end(filler: _Filler | None) -> None:
    if filler is not None and filler.owner == os.getpid():
        filler.process.kill()
        filler.process.wait()
        for pipe in (filler.process.stdin, filler.process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not written any more
                    pipe.close()


atexit.register(_stop)
atexit.register(_stop_for_pages)
