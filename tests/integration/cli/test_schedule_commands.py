"""What commands say of the schedule, at a clock that stands where the story is."""

from __future__ import annotations

from typing import Any

import pytest
from staff import Staff
from world import World

from newsletter.cli import bootstrap
from newsletter.models import Edition
from newsletter.publishing.editions import campaigns


class Desk:
    """Staff at the command line of a world, whose clock is theirs."""

    def __init__(self, staff: Staff, world: World, settings: Any) -> None:
        self.staff, self.world, self._settings = staff, world, settings
        self.configure(world)

    def configure(self, world: World, **sections: dict[str, Any]) -> None:
        """Change sections of the configuration: ``schedule={"blackout": [...]}``."""
        changed = {
            name: getattr(world.config, name).model_copy(update=values) for name, values in sections.items()
        }
        world.config = self._settings.CONFIG = world.config.model_copy(update=changed)

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """What a command says, as one line."""
        said = self.staff(*arguments, code=code)
        return " ".join(said.replace("│", " ").split())

    def json(self, *arguments: str) -> Any:
        return self.staff.json(*arguments)


@pytest.fixture
def desk(staff: Staff, world: World, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(bootstrap, "now", lambda: world.now)
    return Desk(staff, world, settings)


def with_staff(desk: Desk) -> None:
    desk.configure(desk.world, email={"staff": ["sam@example.org"]})


# the wait of "each post"


def test_the_wait_of_each_post_is_told_as_it_is_kept(desk: Desk) -> None:
    said = desk("campaigns", "edit", "each-post", "--wait-minutes", "2")
    assert said.endswith("Each post is mailed 2 minutes after its release.")
    with_staff(desk)
    kept = "mailed 10 minutes after its release (not 2: there is a proof)"
    assert kept in desk("campaigns", "list")
    assert kept in desk("campaigns", "show", "each-post")
    said = desk("campaigns", "edit", "each-post", "--wait-minutes", "0")
    assert said.endswith("Each post is mailed at its release, without a proof.")
    said = desk("campaigns", "edit", "each-post", "--approval")
    assert said.endswith("Each post is made at its release and waits for approval.")


@pytest.mark.parametrize(
    ("name", "option", "why"),
    [
        ("each-post", ["--at", "09:00"], "after its release, at any hour"),
        ("each-post", ["--draft-hours", "3"], "after its release, at any hour"),
        ("weekly", ["--wait-minutes", "30"], "only each post waits after its release"),
    ],
)
def test_what_would_change_nothing_is_refused(desk: Desk, name: str, option: list[str], why: str) -> None:
    assert why in desk("campaigns", "edit", name, *option, code=2)


# the hours before a slot


def test_hours_that_are_past_are_not_told_as_to_come(desk: Desk) -> None:
    with_staff(desk)
    assert "(made 2026-11-03 08:00 America/New_York, proof 2026-11-03 08:00 America/New_York)" in desk(
        "campaigns", "edit", "weekly", "--at", "09:00"
    )
    desk.world.move(hours=29, minutes=30)  # half an hour before the slot
    assert "(made at once when there is something new)" in desk(
        "campaigns", "edit", "weekly", "--at", "09:00"
    )
    assert "made at once when there is something new" in desk("campaigns", "list")
    desk.world.join("ann")
    desk.world.release()
    desk.world.tick()
    number = Edition.objects.get().pk
    assert f"(edition {number} is scheduled)" in desk("campaigns", "edit", "weekly", "--at", "09:00")
    assert f"before it: edition {number} is scheduled" in desk("campaigns", "show", "weekly")
    assert campaigns.find("weekly").next_slot_at is not None
