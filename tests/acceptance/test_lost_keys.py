"""What becomes of a site whose keys are gone, as its staff see it."""

from __future__ import annotations

import pytest
from hub import Hub


def test_a_lost_links_key_is_not_made_anew_in_silence(hub: Hub) -> None:
    file = hub.folder / "links.key"
    old = file.read_text()
    file.unlink()
    for _ in range(2):
        refused = hub.run("posts", "list", code=1).stderr
        assert "links.key is gone" in refused
        assert "newsletter keys accept links.key" in refused
        assert not file.exists(), "nobody is to take a new one for the old one"
    file.write_text(old)
    hub.run("posts", "list")


def test_who_has_truly_lost_it_goes_on_by_saying_so(hub: Hub) -> None:
    file = hub.folder / "links.key"
    file.write_text("\n")
    assert "links.key: it is empty" in hub.run("check", code=1).stdout
    assert "unsubscribe" in hub.run("keys", "accept", "links.key", code=1).stderr
    hub.run("keys", "accept", "links.key", "--yes")
    hub.run("posts", "list")
    assert len(file.read_text().strip()) == 64
    assert "nothing was changed" in hub.run("keys", "accept", "links.key", "--yes").stdout


@pytest.mark.parametrize(
    ("key", "word"), [("suppression.key", "cannot be replaced"), ("login.key", "logged out")]
)
def test_the_other_keys_have_other_ways(hub: Hub, key: str, word: str) -> None:
    assert word in hub.run("keys", "accept", key, "--yes", code=1).stderr


def test_a_lost_login_key_only_logs_people_out(hub: Hub) -> None:
    (hub.folder / "login.key").unlink()
    hub.run("posts", "list")


def test_a_lost_suppression_key_stays_refused(hub: Hub) -> None:
    (hub.folder / "suppression.key").unlink()
    for _ in range(2):
        assert "suppression.key is gone" in hub.run("posts", "list", code=1).stderr
