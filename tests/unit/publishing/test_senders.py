"""Lines that hang, their spares, and that there are always as many as there are to be."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext

import pytest

from newsletter.publishing.delivery.senders import Line, Senders


def _work_through(
    pieces: list[str], send: Callable[[str, Line], bool], *, number: int = 1, until: Callable[[], None]
) -> list[Exception]:
    """Offer the pieces to lines that count as hanging at once, and end when all is done; what the lines died of."""
    died: list[Exception] = []
    senders: Senders[str] = Senders(
        number,
        nullcontext,  # type: ignore[arg-type]
        lambda work, _, line: send(work, line),
        died.append,
        hangs_after=0.0,
    )
    for piece in pieces:
        while not senders.offer(piece):
            continue
    while senders.busy:
        until()
        senders.wait()
    senders.close()
    return died


def test_what_hangs_is_left_to_wait_and_a_spare_does_the_rest() -> None:
    answer, done = threading.Event(), []

    def send(work: str, line: Line) -> bool:
        with line.on_the_wire():
            if work == "hangs":
                answer.wait()
        done.append((work, line.spare))
        return True

    def until() -> None:
        if len(done) == 3:
            answer.set()

    assert _work_through(["hangs", "one", "two", "three"], send, until=until) == []
    assert sorted(done) == [("hangs", False), ("one", True), ("three", True), ("two", True)]


@pytest.mark.parametrize("number", [1, 2])
def test_spares_that_the_relay_does_not_take_leave_the_work_to_the_others(number: int) -> None:
    """Also a spare that has become the only line: it goes on as one that is none."""
    answer, done, refused = threading.Event(), [], []

    def send(work: str, line: Line) -> bool:
        with line.on_the_wire():
            if work.startswith("hangs"):
                answer.wait()
        if line.spare and len(done) > 2:
            refused.append(work)
            return False
        done.append(work)
        return True

    pieces = [f"hangs {one}" for one in range(number)] + [str(one) for one in range(40)]

    def until() -> None:
        if len(done) > 2:
            answer.set()

    assert _work_through(pieces, send, number=number, until=until) == []
    assert sorted(done + refused) == sorted(pieces)


def test_a_line_that_dies_says_so_and_leaves_nothing_lying() -> None:
    def send(work: str, line: Line) -> bool:
        raise ValueError(work)

    died = _work_through(["one", "two", "three"], send, until=lambda: None)
    assert [str(error) for error in died] == ["one"]


def test_a_line_that_the_relay_does_not_take_rests_while_the_others_work() -> None:
    refused, done = threading.Event(), []
    seen: list[Line] = []
    senders: Senders[str]

    def send(work: str, line: Line) -> bool:
        if seen in ([], [line]):
            seen[:] = [line]
            with line.on_the_wire():
                refused.wait()
            done.append(work)
            return True
        try:
            with line.on_the_wire():
                raise ConnectionError
        except ConnectionError:
            assert senders.others_work(line)
            refused.set()
            return False

    died: list[Exception] = []
    senders = Senders(2, nullcontext, lambda work, _, line: send(work, line), died.append)  # type: ignore[arg-type]
    for piece in range(20):
        assert senders.offer(str(piece))
    while senders.busy:
        senders.wait()
    senders.close()
    assert died == []
    assert len(done) == 19


def test_the_last_line_that_is_refused_has_no_others() -> None:
    found: list[bool] = []
    senders: Senders[str]

    def send(work: str, line: Line) -> bool:
        try:
            with line.on_the_wire():
                raise ConnectionError
        except ConnectionError:
            found.append(senders.others_work(line))
        return True

    senders = Senders(1, nullcontext, lambda work, _, line: send(work, line), found.append)  # type: ignore[arg-type]
    assert senders.offer("one")
    senders.close()
    assert found == [False]
