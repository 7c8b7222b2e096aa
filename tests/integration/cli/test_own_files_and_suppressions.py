"""Who may read what ``init`` makes, and how a suppression is seen and taken back: the real commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hub import Hub

pytestmark = pytest.mark.slow


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


def test_an_export_carries_how_people_agreed_and_comes_back_as_it_went_out(hub: Hub, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        "Email,Status,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP\n"
        "+ann@example.org,active,2020-01-01 10:00:00,192.0.2.1,2020-01-01 10:05:00,192.0.2.2\n"
        "bob@example.org,unsubscribed,2020-02-02 10:00:00,192.0.2.3,,\n"
        "cem@example.org,paused,,,,\n"
    )
    hub.run("subscribers", "import", str(file), "--consent", "the old page")
    went_out = hub.run("subscribers", "export").stdout
    assert "2020-01-01 10:00:00,192.0.2.1,,192.0.2.2" in went_out
    file.write_text(went_out)
    Hub(tmp_path).run("init", "other")
    other = Hub(tmp_path / "other")
    other.run("subscribers", "import", str(file), "--consent", "as before")
    assert other.run("subscribers", "export").stdout == went_out


def test_an_address_that_bounced_is_said_to_come_back_as_it_does(hub: Hub) -> None:
    hub.run("subscribers", "suppress", "gone@example.org", "--reason", "bounce")
    said = hub.run("subscribers", "add", "gone@example.org", "--consent", "the paper form", code=1).stderr
    assert "if there is one now, newsletter subscribers unsuppress gone@example.org takes it back" in said
    hub.run("subscribers", "unsuppress", "gone@example.org")
    hub.run("subscribers", "add", "gone@example.org", "--consent", "the paper form")
