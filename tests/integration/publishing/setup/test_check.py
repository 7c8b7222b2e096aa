"""What ``newsletter check`` and ``newsletter live`` say of addresses, ports, cadences and the sender."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from world import World

from newsletter.config import Config
from newsletter.errors import Refused
from newsletter.models import Campaign, CampaignState
from newsletter.publishing.setup import go_live
from newsletter.publishing.setup.check import _site_address, check, port_note
from newsletter.publishing.setup.check_result import Finding
from subscribers.cadence import Cadence


def at(config: Config, url: str, port: int) -> Config:
    site = config.site.model_copy(update={"url": url})
    return config.model_copy(update={"site": site, "web": config.web.model_copy(update={"port": port})})


@pytest.mark.parametrize(
    ("url", "port", "noted"),
    [
        ("http://127.0.0.1:8000", 8000, False),
        ("http://127.0.0.1:8000", 9000, True),
        ("http://localhost", 80, False),
        ("http://localhost", 8000, True),
        ("http://[::1]:8000/news", 8001, True),
        ("https://hub.example.org", 8000, False),
    ],
)
def test_links_that_lead_to_another_port_of_this_machine_are_noted(
    site: Config, url: str, port: int, noted: bool
) -> None:
    config = at(site, url, port)
    assert bool(port_note(config)) is noted
    lines = [found for found in check(config, datetime.now(UTC)) if found.what == "site address"]
    assert all(found.ok for found in lines)
    assert any("web.port" in found.text for found in lines) is noted


@pytest.mark.parametrize(
    ("url", "transport", "relay", "well"),
    [
        ("https://hub.example.org", "smtp", "relay.example.org", True),
        ("http://hub.example.org", "smtp", "relay.example.org", False),
        ("http://hub.example.org", "smtp", "127.0.0.1", True),
        ("http://hub.example.org", "outbox", "relay.example.org", True),
    ],
)
def test_one_click_unsubscribing_needs_https_where_mail_is_for_real(
    site: Config, url: str, transport: str, relay: str, well: bool
) -> None:
    smtp = site.email.smtp.model_copy(update={"host": relay})
    email = site.email.model_copy(update={"transport": transport, "smtp": smtp})
    config = at(site, url, 8000).model_copy(update={"email": email})
    [line] = list(_site_address(config))
    assert (line[0] is not False) is well
    assert ("RFC 8058" in line[1]) is url.startswith("http:")
    findings = [Finding("site address", line[0] is not False, line[1]), Finding("postal address", True, "ok")]
    if not well:
        with pytest.raises(Refused, match="unsubscribing with one click works over https only"):
            go_live.must_be_ready(config, findings)


def test_people_of_a_cadence_that_does_not_run_have_two_ways_out(world: World) -> None:
    world.join("ann", Cadence.DAILY)
    Campaign.objects.filter(cadence=Cadence.DAILY).update(state=CampaignState.PAUSED)
    (line,) = [
        found.text for found in check(world.config, world.now) if found.what == "campaigns" and not found.ok
    ]
    assert "campaigns resume daily, or let them choose another cadence" in line


def test_the_sender_is_shown_and_the_example_s_is_noticed(site: Config) -> None:
    assert go_live.sender(site) == "From: Example Hub <hub@example.org>"
    assert go_live.still_examples(site) == ["site.organisation", "email.from_address"]
    ours = site.model_copy(
        update={
            "site": site.site.model_copy(update={"organisation": "Mill Lane"}),
            "email": site.email.model_copy(update={"from_address": "post@mill.example"}),
        }
    )
    assert go_live.sender(ours) == "From: Mill Lane <post@mill.example>"
    assert go_live.still_examples(ours) == []


def test_check_shows_the_sender_and_warns_of_the_example_s(site: Config, world: World) -> None:
    said = [(one.level, one.text) for one in check(site, world.now) if one.what == "sender"]
    assert said == [
        ("ok", "From: Example Hub <hub@example.org>"),
        (
            "warning",
            "site.organisation and email.from_address are still the example's; before newsletter live put your own "
            "into config.toml",
        ),
    ]


def test_a_warning_about_mails_is_marked_once(site: Config, world: World) -> None:
    bare = site.model_copy(update={"site": site.site.model_copy(update={"postal_address": ""})})
    said = [one.text for one in check(bare, world.now) if one.what == "templates" and one.level == "warning"]
    assert said == [
        "foot: there is no postal address: set site.postal_address, the law wants it in every mail"
    ]


def test_approval_without_anybody_to_be_told_is_mentioned(world: World) -> None:
    from newsletter.publishing.editions import campaigns

    campaigns.edit("weekly", world.now, approval=True)

    def said(config) -> list[str]:
        return [found.text for found in check(config, world.now) if found.what == "campaigns" and found.ok]

    assert any("name who in email.staff" in text for text in said(world.config))
    email = world.config.email.model_copy(update={"staff": ["sam@example.org"]})
    assert not any("email.staff" in text for text in said(world.config.model_copy(update={"email": email})))


@pytest.fixture
def templates(site: Config) -> Iterator[Path]:
    """The folder of the site's own templates."""
    folder = site.folder / "templates"
    for name in ("email", "web"):
        (folder / name).mkdir(parents=True)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("email/pots.html", (False, "templates/email/pots.html is used by nothing; is it email/post.html?")),
        (
            "email/Digest.txt",
            (False, "templates/email/Digest.txt is used by nothing; is it email/digest.txt?"),
        ),
        ("web/pots.html", (False, "templates/web/pots.html is used by nothing; is it web/post.html?")),
        ("post.txt", (False, "templates/post.txt is used by nothing; is it email/post.txt?")),
        ("email/volunteers.html", (True, "templates/email/volunteers.html is used by nothing")),
        ("email/post.html~", None),
        ("email/.DS_Store", None),
        ("web/site.css", None),
    ],
)
def test_a_template_that_nothing_uses_is_named_with_what_was_meant(
    site: Config, templates: Path, name: str, said: tuple[bool, str] | None
) -> None:
    (templates / name).write_text("")
    lines = [found for found in check(site, datetime.now(UTC)) if "used by nothing" in found.text]
    assert [(line.ok, line.text) for line in lines] == ([said] if said else [])


def test_a_template_of_their_own_that_others_use_is_no_mistake(site: Config, templates: Path) -> None:
    for folder, ours in (("email", "base.css"), ("web", "site.css")):
        (templates / folder / "post-colours.css").write_text("p { color: #111111 }")
        (templates / folder / ours).write_text(
            f"{{% include 'ours/{folder}/{ours}' %}}{{% include '{folder}/post-colours.css' %}}"
            if folder == "email"
            else f"{{% include '{folder}/post-colours.css' %}}"
        )
    assert not [found for found in check(site, datetime.now(UTC)) if "used by nothing" in found.text]


def test_a_warning_is_not_called_ok(world: World) -> None:
    found = {one.what: one for one in check(world.config, world.now)}
    assert (found["site address"].ok, found["site address"].level) == (True, "warning"), (
        "it is this machine only"
    )
    assert found["campaigns"].level == "ok"
    site = world.config.site.model_copy(update={"postal_address": ""})
    (line,) = [
        one
        for one in check(world.config.model_copy(update={"site": site}), world.now)
        if one.what == "postal address"
    ]
    assert line.level == ("warning" if world.config.practice else "wrong")
    assert Finding("mail", False, "x").level == "wrong"
