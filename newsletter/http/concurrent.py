"""Asks other servers several questions at once, and waits for the answers no longer than a deadline.

What is asked and what an answer means is the caller's; nothing here touches a row.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import TypeVar

_AT_ONCE = 4

Key = TypeVar("Key")
Question = TypeVar("Question")
Answer = TypeVar("Answer")


def answers(
    questions: Mapping[Key, Question], ask: Callable[[Question], Answer], deadline: float
) -> dict[Key, Answer]:
    """What came back within ``deadline`` seconds, a few questions at a time, in the order of ``questions``.

    ``ask`` runs in threads and must not raise. Threads that still wait at the deadline are left to their own limit.
    """
    waiting = deque(questions.items())
    found: dict[Key, Answer] = {}
    done = threading.Semaphore(0)

    def work() -> None:
        while True:
            try:
                key, question = waiting.popleft()
            except IndexError:
                return
            found[key] = ask(question)
            done.release()

    for _ in range(min(_AT_ONCE, len(questions))):
        threading.Thread(target=work, name="asks other servers", daemon=True).start()
    end = time.monotonic() + deadline
    for _ in questions:
        if not done.acquire(timeout=max(end - time.monotonic(), 0)):
            break
    waiting.clear()
    return dict(found)
