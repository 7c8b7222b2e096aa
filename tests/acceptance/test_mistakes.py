"""What people get wrong: one clear sentence on stderr, the right exit code, and never a traceback."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub import COMMAND, Hub, free_port, wait_until
from servers.certificates import Certificates
from servers.smtp import HOST, CollectingServer

CONSENT = ("--consent", "the paper form")


def said(hub: Hub, *arguments: str, code: int = 1) -> str:
    """What a command that must fail says on stderr; nothing of it is longer than a few lines."""
    text = hub.run(*arguments, code=code).stderr
    assert 0 < len(text.splitlines()) <= 16, text
    return text


def test_a_folder_that_is_no_site(tmp_path: Path) -> None:
    assert "newsletter init DIR" in said(Hub(tmp_path), "posts", "list")


def test_a_site_is_not_made_where_one_is(hub: Hub) -> None:
    assert "is a site already" in said(hub, "init", ".")


def test_a_configuration_with_ten_mistakes_names_all_ten(hub: Hub) -> None:
    (hub.folder / "config.toml").write_text(
        """
        [site]
        titel = "x"
        url = "example.org"
        timezone = "Amerika/New_York"
        [web]
        port = 99999
        threads = "four"
        [email]
        transport = "pigeon"
        from_address = "nobody"
        [email.smtp]
        security = "ssl"
        [schedule]
        sync_minutes = 0
        """
    )
    hub.env.clear()
    text = said(hub, "posts", "list")
    assert "10 mistakes" in text
    assert all(word in text for word in ("titel", "organisation", "web.port", "email.smtp.security"))
    findings = hub.json("check", code=1)
    assert [found["ok"] for found in findings] == [False] * 10


def test_broken_front_matter_is_named_and_the_other_posts_arrive(hub: Hub) -> None:
    hub.post("good", "Good", "2026-11-01")
    (hub.folder / "posts" / "broken.md").write_text("---\ntitle: Good\ntags: {one: [two\n---\nText.\n")
    done = hub.run("sync")
    assert "broken.md" in done.stderr
    assert "1 new post," in done.stdout
    assert "broken.md" in hub.run("check", code=1).stdout


def test_a_source_that_is_gone_is_an_error_and_no_empty_folder(hub: Hub) -> None:
    hub.post("good", "Good", "2026-11-01")
    hub.run("sync")
    shutil.rmtree(hub.folder / "posts")
    assert "cannot be read" in said(hub, "sync")
    assert [post["state"] for post in hub.json("posts", "list")] == ["released"]


def test_an_unreachable_relay_leaves_everything_pending(
    hub_with_edition: Hub, relay: CollectingServer
) -> None:
    hub = hub_with_edition
    port = hub.env["NEWSLETTER_EMAIL__SMTP__PORT"]
    hub.env["NEWSLETTER_EMAIL__SMTP__PORT"] = str(free_port())
    assert "3 mails wait" in said(hub, "editions", "send", "1", "--yes")
    assert "--  mail: Cannot reach the relay" in hub.run("check", code=1).stdout
    state = hub.json("editions", "show", "1")
    assert (state["state"], state["pending"]) == ("sending", 3)
    hub.env["NEWSLETTER_EMAIL__SMTP__PORT"] = port
    assert "3 sent" in hub.run("editions", "send", "1", "--yes").stdout
    assert len(relay.messages) == 3


def test_a_relay_that_is_away_is_said_once_and_tried_again(hub_with_edition: Hub) -> None:
    hub = hub_with_edition
    hub.env["NEWSLETTER_EMAIL__SMTP__PORT"] = str(free_port())
    hub.run("editions", "approve", "1", "--yes")
    with hub.start("run") as running:
        wait_until(lambda: hub.json("editions", "show", "1")["pending"] == 3, "the edition to begin")
        wait_until(lambda: len(running.lines("no mail leaves")) == 1, "the line in the log")
        hub.run("sync")  # a second and more, in which it is tried again
        assert running.stop(signal.SIGINT) == 0, running.output
    assert len(running.lines("no mail leaves")) == 1, running.output


@pytest.fixture
def bad_certificate(tmp_path: Path) -> Iterator[CollectingServer]:
    with CollectingServer(tls=Certificates.issued_for(HOST, tmp_path).other_name) as server:
        yield server


def test_a_certificate_of_another_name_is_refused(
    hub_with_edition: Hub, bad_certificate: CollectingServer
) -> None:
    hub_with_edition.env |= {
        "NEWSLETTER_EMAIL__SMTP__PORT": str(bad_certificate.port),
        "NEWSLETTER_EMAIL__SMTP__SECURITY": "starttls",
    }
    assert "certificate" in said(hub_with_edition, "editions", "send", "1", "--yes")
    assert "certificate" in hub_with_edition.run("check", code=1).stdout
    assert not bad_certificate.messages


def test_a_mistake_in_a_template_stops_an_edition_before_anybody_is_enqueued(hub_with_edition: Hub) -> None:
    hub = hub_with_edition
    templates = hub.folder / "templates" / "email"
    templates.mkdir(parents=True)
    for name in ("digest.txt", "post.txt"):
        (templates / name).write_text("\n{{ no_such_thing }}\n")
    made = hub.json("editions", "compose", "--campaign", "weekly")
    assert "line 2" in said(hub, "editions", "send", str(made["id"]), "--yes")
    assert hub.json("editions", "show", str(made["id"]))["pending"] == 0
    assert "line 2" in hub.run("check", code=1).stdout
    assert "3 sent" in hub.run("editions", "send", "1", "--yes").stdout, "what was frozen before is unharmed"


def test_wrong_usage_is_code_two(hub: Hub) -> None:
    said(hub, "campaigns", "pause", "weekly", "--until", "soon", code=2)


def test_a_reader_that_hangs_up_early_leaves_no_traceback(hub: Hub) -> None:
    for number in range(50):
        hub.post(f"post-{number}", f"Post {number} " + "long " * 60, "2026-11-01")
    hub.run("sync")
    command = " ".join(["exec 2>err.txt;", *COMMAND, "posts list --json | head -1"])
    subprocess.run(
        ["bash", "-c", command], cwd=hub.folder, env=hub.environment(), check=True, capture_output=True
    )
    assert "Traceback" not in (hub.folder / "err.txt").read_text()
