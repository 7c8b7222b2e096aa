"""The process that fills templates which are not ours: requests come in on stdin, answers go out on stdout.

A request and an answer are four bytes of length (big-endian) and JSON. The process takes its ceilings from sandbox.py
and ends with its parent, whose end it sees as the end of its input.
"""

from __future__ import annotations

import json
import signal
import struct
import sys
from types import FrameType
from typing import Any

from newsletter.errors import RenderError
from newsletter.rendering.templates.environment import fill_here, make_environment, where
from newsletter.rendering.templates.page_environment import fill_page, innermost, make_page_environment
from newsletter.rendering.templates.sandbox import LONGEST, MEMORY

_LENGTH = struct.Struct(">I")


class _TooLong(BaseException):
    """Not an Exception, so that no template's error handling takes it for a mistake of its own."""


def main() -> None:
    """Answer until the input ends."""
    _limit_memory()
    back = sys.stdout.buffer
    while len(head := sys.stdin.buffer.read(_LENGTH.size)) == _LENGTH.size:
        asked = json.loads(sys.stdin.buffer.read(_LENGTH.unpack(head)[0]).decode("utf-8", "surrogatepass"))
        answer = json.dumps(_answer(asked)).encode("utf-8", "surrogatepass")
        back.write(_LENGTH.pack(len(answer)) + answer)
        back.flush()


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, asked["seconds"])
    try:
        if "pages" in asked:
            text = fill_page(make_page_environment(asked["pages"]), asked["name"], asked["context"])
        else:
            text = fill_here(make_environment(asked["sources"]), asked["name"], asked["context"])
    except _TooLong as error:
        file, line = innermost(error.__traceback__) or where(error, asked["name"])
        return {"too_long": f"{file}, line {line}" if line else file}
    except RenderError as error:
        return {"error": str(error)}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if len(text) > LONGEST:
        return {"error": f"{asked['name']}: it gives {len(text):,} characters, and {LONGEST:,} are the most"}
    return {"text": text}


def _too_long(_number: int, _frame: FrameType | None) -> None:
    # Work inside one C function is not interrupted by this; the parent ends the process then. Should the parent be
    # gone, the second alarm does.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 5)
    raise _TooLong


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (
        ImportError,
        ValueError,
        OSError,
    ):  # not every system can; time and output are limited all the same
        pass


if __name__ == "__main__":
    main()
