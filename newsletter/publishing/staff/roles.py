"""What each role of staff may do. Pages ask ``may``; nothing else decides it."""

from __future__ import annotations

from enum import StrEnum


class Ability(StrEnum):
    """What somebody must be allowed to do for a page or a button."""

    LOOK = "look"
    #: Compose, arrange, preview, send tests.
    COMPOSE = "compose"
    #: Schedule, approve, pause, stop, cancel; hold and withdraw posts.
    SEND = "send"
    #: People of staff, settings, exports.
    OWN = "own"


class Role(StrEnum):
    """The later in this order, the more."""

    VIEWER = "viewer"
    EDITOR = "editor"
    SENDER = "sender"
    OWNER = "owner"

    @property
    def abilities(self) -> frozenset[Ability]:
        """A role may do all that the ones before it may."""
        return frozenset(list(Ability)[: list(Role).index(self) + 1])


def may(role: Role | None, ability: Ability) -> bool:
    """Whether somebody of this role may do it; nobody may without one."""
    return role is not None and ability in role.abilities
