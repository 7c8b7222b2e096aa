"""Who may read what ``init`` makes, and how a suppression is seen and taken back: the real commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hub import Hub


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    Hub(tmp_path).run("init", "hub")
    return Hub(tmp_path / "hub")


def test_a_config_toml_with_a_password_is_for_its_owner_or_check_warns(hub: Hub) -> None:
    file = hub.folder / "config.toml"
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text()
    file.chmod(0o644)
    assert "may read it" not in hub.run("check", code=None).stdout
    before, _, after = text.partition("[email.smtp]\n")
    file.write_text(
        before + "[email.smtp]\n" + after.replace('password = ""', 'password = "not-to-be-read"', 1)
    )
    said = hub.run("check", code=None).stdout
    assert "holds email.smtp.password" in said
    assert "not-to-be-read" not in said
    file.chmod(0o600)
    assert "may read it" not in hub.run("check", code=None).stdout


def test_staff_take_a_suppression_back(hub: Hub) -> None:
    hub.run("subscribers", "import", str(hub.people(1)), "--consent", "the paper form")
    hub.run("subscribers", "suppress", "person1@example.org")
    assert "staff" in hub.run("subscribers", "show", "person1@example.org").stdout
    said = hub.run("subscribers", "unsuppress", "Person1@example.org").stdout
    assert "may be mailed again" in said
    assert "was not suppressed" in hub.run("subscribers", "unsuppress", "person1@example.org").stdout
    assert not hub.json("subscribers", "list")[0]["suppressed"]
