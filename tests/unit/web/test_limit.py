"""How often one network may do something."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsletter.web import rate_limit
from newsletter.web.rate_limit import Limit


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 100)), max_size=60))
def test_never_more_than_the_limit_within_any_window(steps: list[tuple[str, float]]) -> None:
    limit, now = Limit(3, 60), 0.0
    let_in: dict[str, list[float]] = {"a": [], "b": []}
    for key, later in steps:
        now += later
        wait = limit.take(key, now)
        assert 0 <= wait <= 60
        if wait == 0:
            let_in[key].append(now)
        recent = [at for at in let_in[key] if now - at < 60]
        assert len(recent) <= 3
        # And nobody is turned away without need.
        assert wait == 0 or len(recent) == 3


def test_the_wait_is_as_long_as_it_says() -> None:
    limit = Limit(1, 60)
    assert limit.take("a", 0) == 0
    assert limit.take("a", 20) == 40
    assert limit.take("a", 60) == 0


def test_memory_does_not_grow_with_the_networks(monkeypatch) -> None:
    monkeypatch.setattr(rate_limit, "_REMEMBERED", 3)
    limit = Limit(1, 60)
    for key in "abcd":
        limit.take(key, 0)
    assert len(limit._seen) == 3
