"""README's five minutes, followed to the letter, end with the first mail in the inbox of who was imported."""

from __future__ import annotations

import email
import email.policy
import re
import shlex
import subprocess
import textwrap
from pathlib import Path

from hub import Hub
from servers.smtp import CollectingServer
from warm import REPOSITORY

BLOCK = re.compile(r"^ *```console[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def steps() -> list[tuple[str, list[str]]]:
    """Every command of README that stands behind a $, and the lines that it is said to print."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall((REPOSITORY / "README.md").read_text(encoding="utf-8")):
        for line in textwrap.dedent(block).splitlines():
            if line.startswith("$ "):
                found.append((line.removeprefix("$ "), []))
            elif line.strip():
                found[-1][1].append(line)
    return found


def test_the_first_mail_reaches_the_people_who_were_imported(tmp_path: Path, relay: CollectingServer) -> None:
    hub = Hub(tmp_path)
    for command, expected in steps():
        if command == "newsletter check":
            assert not relay.messages, "practice"
            # What the reader has set in config.toml by now.
            hub.env |= {
                "NEWSLETTER_SITE__URL": "https://letters.hub.example.org",
                "NEWSLETTER_SITE__ORGANISATION": "Garden Lane Hub",
                "NEWSLETTER_EMAIL__FROM_ADDRESS": "news@letters.hub.example.org",
                "NEWSLETTER_SITE__POSTAL_ADDRESS": "1 Garden Lane, Springfield",
                "NEWSLETTER_EMAIL__TRANSPORT": "smtp",
                "NEWSLETTER_EMAIL__SMTP__HOST": "127.0.0.1",
                "NEWSLETTER_EMAIL__SMTP__PORT": str(relay.port),
                "NEWSLETTER_EMAIL__SMTP__SECURITY": "none",
            }
        if command.startswith("cd "):
            hub.folder = hub.folder / command.removeprefix("cd ")
        elif command.startswith("newsletter "):
            printed = hub.run(*shlex.split(command)[1:]).stdout
            for part in (part for line in expected for part in line.split("…")):
                assert part.strip() in printed, f"$ {command}\n{printed}"
        else:
            subprocess.run(["bash", "-c", command], cwd=hub.folder, check=True)
    got = {to: content for _, tos, content in relay.messages for to in tos}
    assert set(got) == {"ann@example.org", "bo@example.org"}
    assert len(relay.messages) == 2
    message = email.message_from_bytes(got["ann@example.org"], policy=email.policy.default)
    assert message["Subject"] == "Our first mail"


def test_live_loses_nothing_of_practice_without_a_word(hub: Hub, relay: CollectingServer) -> None:
    hub.run("sync")
    hub.run("subscribers", "import", str(hub.people(2)), "--consent", "the paper form")
    hub.post("news", "News", "2026-11-30")
    hub.run("sync")
    hub.run("editions", "compose", "--campaign", "weekly")
    hub.run("editions", "schedule", "1", "--at", "2099-12-01 15:00")
    hub.env |= {
        "NEWSLETTER_SITE__POSTAL_ADDRESS": "1 Garden Lane, Springfield",
        "NEWSLETTER_EMAIL__TRANSPORT": "smtp",
        "NEWSLETTER_EMAIL__SMTP__HOST": "127.0.0.1",
        "NEWSLETTER_EMAIL__SMTP__PORT": str(relay.port),
        "NEWSLETTER_EMAIL__SMTP__SECURITY": "none",
    }
    assert "is this machine only" in hub.run("live", "--none", "--yes", code=1).stderr
    hub.run("live", "--none", "--practised", code=2)
    refused = hub.run("live", "--yes", "--allow-local", code=1).stderr
    assert '1 post was made in practice and nobody has it: "News".' in refused
    assert all(option in refused for option in ("--practised", "--since DATE", "--none"))
    done = hub.run("live", "--yes", "--allow-local", "--none").stdout
    assert "Edition 1 of weekly (approved for 2099-12-01 15:00" in done
    assert "1 post of practice stays out of mail" in done
    (post,) = [row for row in hub.json("posts", "list") if row["title"] == "News"]
    assert not post["mail"]
