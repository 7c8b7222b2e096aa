"""A site's own templates, as its staff meet them: by the command line, with the mistakes that people make."""

from __future__ import annotations

from pathlib import Path

import pytest
from hub import REPOSITORY, Hub
from servers.smtp import CollectingServer

OURS = REPOSITORY / "templates" / "email"


def own(hub: Hub, name: str, change: tuple[str, str] | None = None, *, text: str | None = None) -> Path:
    """Put a template into the site: ours with one change, or a text."""
    file = hub.folder / "templates" / "email" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    source = (OURS / name).read_text(encoding="utf-8")
    if change is not None:
        assert change[0] in source
        source = source.replace(*change)
    file.write_text(source if text is None else text, encoding="utf-8")
    return file


@pytest.fixture
def edition(hub_with_edition: Hub) -> Hub:
    """A site with one new post for three people, and no edition that is frozen."""
    hub_with_edition.run("editions", "cancel", "1", "--yes")
    return hub_with_edition


def composed(hub: Hub, code: int = 0) -> str:
    done = hub.run("editions", "compose", "--campaign", "weekly", code=code)
    return done.stdout + done.stderr


def test_a_sites_own_template_takes_the_place_of_ours(edition: Hub, relay: CollectingServer) -> None:
    own(edition, "foot.txt", ("Everything so far:", "All that we ever wrote:"))
    made = edition.json("editions", "compose", "--campaign", "weekly")
    assert made["problems"] == []
    assert "All that we ever wrote:" in edition.run("editions", "preview", str(made["id"])).stdout
    edition.run("editions", "send", str(made["id"]), "--yes")
    assert len(relay.messages) == 3
    assert all(b"All that we ever wrote:" in content for _, _, content in relay.messages)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<p>\n{% if entries %}\n<p>", "email/digest.html, line 3: Unexpected end of template"),
        ("<p>\n{{ entries[0].title }\n</p>", "email/digest.html, line 2: unexpected '}'"),
        (
            "<p>\n\n{% include 'email/missing.html' %}",
            "no template email/missing.html (used in email/digest.html, line 3)",
        ),
    ],
)
def test_a_template_that_cannot_be_read_stops_before_there_is_an_edition(
    edition: Hub, relay: CollectingServer, text: str, says: str
) -> None:
    own(edition, "digest.html", text=text)
    assert says in composed(edition, code=1)
    assert says in edition.run("check", code=1).stdout
    assert relay.messages == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<p>\n\n{{ entry.titel }}</p>", "email/digest.html, line 3: 'entry' is undefined"),
        ("<p>{{ entries[0].titel }}</p>", "email/digest.html, line 1: "),
        ("<p>{{ 1 / 0 }}</p>", "email/digest.html, line 1: division by zero"),
        ("\n\n", "email/digest.html: gives no HTML at all"),
        ('<p>\n{% for a in range(9) %}{{ "x" * 10 ** 9 }}{% endfor %}', "needs more memory than a mail may"),
        ("{{ ''.__class__.__mro__ }}", "email/digest.html, line 1: access to attribute '__class__'"),
        ('<p title="{{ personal.name }}">x</p>', "must not stand in the attribute title"),
    ],
)
def test_a_template_that_cannot_be_filled_is_named_with_its_line_and_not_approved(
    edition: Hub, text: str, says: str
) -> None:
    own(edition, "digest.html", text=text)
    answer = composed(edition)
    assert says in answer
    number = answer.split()[1]
    assert says in edition.run("editions", "approve", number, "--despite", code=1).stderr


def test_nothing_goes_out_until_a_broken_template_is_mended_and_then_everything(
    edition: Hub, relay: CollectingServer
) -> None:
    file = own(edition, "digest.html", text="<p>\n{{ entry.titel }}</p>")
    number = str(edition.json("editions", "compose", "--campaign", "weekly")["id"])
    refused = edition.run("editions", "send", number, "--yes", code=1).stderr
    assert "email/digest.html, line 2: 'entry' is undefined" in refused
    assert "newsletter editions refresh" in refused
    assert relay.messages == []
    assert edition.json("editions", "show", number)["state"] == "awaiting approval"
    file.unlink()
    edition.run("editions", "refresh", number)
    edition.run("editions", "send", number, "--yes")
    assert sorted(to for _, tos, _ in relay.messages for to in tos) == [
        f"person{n}@example.org" for n in (1, 2, 3)
    ]


def test_an_error_of_the_lint_stops_it_until_it_is_mended_or_staff_say_despite(
    edition: Hub, relay: CollectingServer
) -> None:
    own(edition, "digest.html", ("</h1>", '</h1>\n<img src="logo.png">'))
    made = edition.json("editions", "compose", "--campaign", "weekly")
    assert {(problem["level"], problem["rule"]) for problem in made["problems"]} >= {
        ("error", "alt"), ("error", "picture"),
    }  # fmt: skip
    number = str(made["id"])
    places = {problem["where"] for problem in made["problems"] if problem["rule"] == "alt"}
    refused = edition.run("editions", "approve", number, code=1).stderr
    assert "has no description: give it an alt" in refused
    assert all(place in refused and place.startswith("email/digest.html, line ") for place in places)
    assert "error: email/digest.html" in edition.run("editions", "show", number).stdout
    assert "error: email/digest.html" in edition.run("editions", "preview", number, "--format", "html").stderr
    assert "--despite" in edition.run("editions", "send", number, "--yes", code=1).stderr
    assert relay.messages == []
    edition.run("editions", "approve", number, "--despite", "--yes")
    edition.run("editions", "send", number, "--yes")
    assert len(relay.messages) == 3


def test_a_template_without_a_way_out_is_not_sent_whatever_staff_say(
    edition: Hub, relay: CollectingServer
) -> None:
    own(edition, "foot.txt", ("{{ personal.unsubscribe_url }}", "ask us"))
    number = str(edition.json("editions", "compose", "--campaign", "weekly")["id"])
    for command in (("approve", number, "--despite"), ("send", number, "--yes")):
        assert "the law asks for this" in edition.run("editions", *command, code=1).stderr
    assert relay.messages == []
