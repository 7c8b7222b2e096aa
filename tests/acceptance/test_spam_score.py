"""SpamAssassin reads the very mails that a relay got, with its offline rules only."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hub import Hub, free_port, wait_until
from servers.smtp import CollectingServer

#: Its users throw away mail from 5.0 on.
MOST = 2.0


@dataclass
class Scorer:
    """The program with its own rules, a memory of its own, and no network."""

    program: str
    home: Path

    def score(self, content: bytes) -> tuple[float, str]:
        """The score, and the rules that were hit."""
        done = subprocess.run(
            [self.program, "--local", "--test-mode", "--cf=use_bayes 0", "--cf=use_auto_welcomelist 0"],
            input=content,
            capture_output=True,
            env=os.environ | {"HOME": str(self.home), "LC_ALL": "C"},
            timeout=120,
            check=True,
        )
        report = done.stdout.decode("utf-8", "replace")
        found = re.search(
            r"^X-Spam-Status: \w+, score=(-?[\d.]+)[^\n]*\n(?:[ \t][^\n]*\n)*", report, re.MULTILINE
        )
        assert found, report[:2000] + done.stderr.decode()
        return float(found[1]), " ".join(found[0].split())


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    program = shutil.which("spamassassin")
    if program is None:
        reason = "spamassassin is not installed here (Debian has it)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return Scorer(program, tmp_path_factory.mktemp("spamassassin"))


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, bytes]]:
    """A digest, a post and a confirmation of the sample site, as its relay got them."""
    folder = tmp_path_factory.mktemp("sample")
    with CollectingServer() as relay:
        env = {
            "NEWSLETTER_WEB__PORT": str(free_port()),
            "NEWSLETTER_SITE__URL": "https://news.example.org",
            "NEWSLETTER_EMAIL__TRANSPORT": "smtp",
            "NEWSLETTER_EMAIL__SMTP__PORT": str(relay.port),
            "NEWSLETTER_EMAIL__SMTP__SECURITY": "none",
        }
        Hub(folder, env).run("init", "hub", "--sample")
        hub = Hub(folder / "hub", env)
        digest = _sent(hub, relay, 1)
        hub.run("subscribers", "add", "late@example.net", "--consent", "asked at the fair")
        key = hub.json("posts", "list")[0]["key"]
        made = hub.json("editions", "compose", "--campaign", "weekly", "--post", key, "--everyone")
        post = _sent(hub, relay, made["id"])
        hub.run("subscribers", "add", "new@example.net")
        with hub.start("run"):
            wait_until(lambda: _mail_to("new@example.net", relay), "the confirmation")
        yield {"digest": digest, "post": post, "confirmation": _mail_to("new@example.net", relay)[0]}


def _sent(hub: Hub, relay: CollectingServer, number: int) -> bytes:
    relay.messages.clear()
    hub.run("editions", "send", str(number), "--yes")
    return relay.messages[0][2]


def _mail_to(address: str, relay: CollectingServer) -> list[bytes]:
    return [content for _, to, content in relay.messages if to == [address]]


@pytest.mark.parametrize("kind", ["digest", "post", "confirmation"])
def test_a_mail_of_ours_is_far_from_spam(scorer: Scorer, mails: dict[str, bytes], kind: str) -> None:
    score, rules = scorer.score(mails[kind])
    assert score < MOST, rules


def test_the_scorer_knows_spam_when_it_sees_it(scorer: Scorer, mails: dict[str, bytes]) -> None:
    """GTUBE, the test string that every rule set knows: proof that rules are loaded."""
    gtube = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
    head, _, _ = mails["digest"].partition(b"\r\nMIME-Version:")
    score, _ = scorer.score(head + b"\r\nContent-Type: text/plain\r\n\r\n" + gtube + b"\r\n")
    assert score > 5
