"""Which mailbox an address leads to, for the limit of one confirmation a day."""

from __future__ import annotations

import pytest

from subscribers.mailbox import mailbox


@pytest.mark.parametrize(
    ("normal", "expected"),
    [
        ("ann@example.org", "ann@example.org"),
        ("ann+1@example.org", "ann@example.org"),
        ("ann+news+2@example.org", "ann@example.org"),
        ("+ann@example.org", "+ann@example.org"),
        ("+ann+1@example.org", "+ann@example.org"),
        ("a.nn@example.org", "a.nn@example.org"),
        ("ann@plus+x.example.org", "ann@plus+x.example.org"),
        ("a.n.n+1@gmail.com", "ann@gmail.com"),
        ("a.nn@googlemail.com", "ann@gmail.com"),
        ("a.n-n_x@protonmail.com", "annx@proton.me"),
        ("a-nn@ya.ru", "ann@yandex.ru"),
        ("ann-news@yahoo.com", "ann@yahoo.com"),
        ("a.nn+1@outlook.com", "a.nn@outlook.com"),
        ("ann+1@me.com", "ann@icloud.com"),
        ("news@ann.fastmail.com", "ann@fastmail.com"),
    ],
)
def test_dots_and_tags_that_a_provider_ignores_lead_to_one_mailbox(normal: str, expected: str) -> None:
    assert mailbox(normal) == expected
