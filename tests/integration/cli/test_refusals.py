"""What people get wrong at the command line: one sentence on stderr, and code 1."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from staff import Staff

CONSENT = ("--consent", "the paper form")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("editions", "show", "99"), "no edition 99"),
        (("posts", "show", "nothing"), 'no post "nothing"'),
        (("posts", "import", "no-such.html"), "no such file"),
        (("campaigns", "pause", "hourly"), "There are: each-post, daily, weekly, monthly"),
        (("subscribers", "show", "nobody@example.org"), "Nobody is subscribed"),
        (("subscribers", "add", "not an address", *CONSENT), "is not a mail address"),
        (("subscribers", "import", "no-such.csv", *CONSENT), "no such file"),
        (("editions", "compose", "--campaign", "weekly", "--everyone"), "add --post KEY"),
        (("sync", "elsewhere"), 'no source "elsewhere"'),
        (("live", "--yes"), "email.transport"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_mistake_is_one_sentence_and_code_one(staff: Staff, arguments: tuple[str, ...], words: str) -> None:
    said = staff(*arguments, code=1)
    assert words in said
    assert said.startswith("newsletter: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("posts", "list", "--state", "lost"),
        ("editions", "list", "--state", "lost"),
        ("subscribers", "list", "--status", "x"),
    ],
    ids=" ".join,
)
def test_a_state_that_does_not_exist_is_wrong_usage(staff: Staff, arguments: tuple[str, ...]) -> None:
    assert "expected one of" in staff(*arguments, code=2)


def test_an_imported_page_may_lie_on_a_host_of_ours_that_is_allowed(staff: Staff, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        page = f"http://127.0.0.1:{nobody.getsockname()[1]}/mill"
    assert "not on the public internet" in staff("posts", "import", page, code=1)
    fetch = settings.CONFIG.fetch.model_copy(update={"allowed_hosts": ["127.0.0.1"]})
    settings.CONFIG = settings.CONFIG.model_copy(update={"fetch": fetch})
    assert "could not be fetched" in staff("posts", "import", page, code=1)
