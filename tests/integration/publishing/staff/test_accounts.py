"""Who is of staff, and that the log tells it and cannot be altered unseen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from newsletter.errors import NotFound, Refused
from newsletter.models import Act, LogEntry
from newsletter.publishing import log
from newsletter.publishing.staff import accounts
from newsletter.publishing.staff.roles import Ability, Role, may
from subscribers.errors import BadAddress


def test_each_role_may_what_the_ones_before_it_may_and_more() -> None:
    table = {role: [ability for ability in Ability if may(role, ability)] for role in Role}
    assert table == {
        Role.VIEWER: [Ability.LOOK],
        Role.EDITOR: [Ability.LOOK, Ability.COMPOSE],
        Role.SENDER: [Ability.LOOK, Ability.COMPOSE, Ability.SEND],
        Role.OWNER: [Ability.LOOK, Ability.COMPOSE, Ability.SEND, Ability.OWN],
    }
    assert not any(may(None, ability) for ability in Ability)


def test_the_last_owner_stays(site: Any, now: datetime) -> None:
    accounts.add("olu@example.org", Role.OWNER, now)
    for step in (
        lambda: accounts.remove("olu@example.org", now),
        lambda: accounts.add("olu@example.org", Role.VIEWER, now),
    ):
        with pytest.raises(Refused, match="is the last owner"):
            step()
    accounts.add("ann@example.org", Role.OWNER, now)
    accounts.remove("olu@example.org", now)
    assert [person.address for person in accounts.everybody()] == ["ann@example.org"]


def test_an_account_is_one_address_however_it_is_typed(site: Any, now: datetime) -> None:
    accounts.add("Ann@Example.org", Role.VIEWER, now)
    accounts.add("ann@example.org", Role.SENDER, now)
    (person,) = accounts.everybody()
    assert (person.address, person.role, person.ready) == ("Ann@Example.org", Role.SENDER, False)
    with pytest.raises(NotFound, match="is not of staff"):
        accounts.find("bob@example.org")
    with pytest.raises(BadAddress):
        accounts.add("no address", Role.VIEWER, now)


def test_who_comes_back_begins_without_a_password(site: Any, now: datetime) -> None:
    accounts.add("olu@example.org", Role.OWNER, now)
    user = accounts.add("ann@example.org", Role.OWNER, now)
    accounts.set_password(user, "seven quiet herons", now)
    accounts.remove("ann@example.org", now)
    again = accounts.add("ann@example.org", Role.VIEWER, now)
    assert (again.has_usable_password(), accounts.role_of(again)) == (False, Role.VIEWER)


def test_the_log_tells_every_step_and_by_whom(site: Any, now: datetime) -> None:
    with log.acting("command line (olu)"):
        user = accounts.add("ann@example.org", Role.SENDER, now)
        accounts.add("ann@example.org", Role.OWNER, now)
        accounts.link_token(user, now)
    accounts.set_password(user, "seven quiet herons", now)
    assert [(entry.who, entry.what) for entry in LogEntry.objects.order_by("pk")] == [
        ("command line (olu)", Act.STAFF_ADDED),
        ("command line (olu)", Act.ROLE_CHANGED),
        ("command line (olu)", Act.LINK_MADE),
        ("ann@example.org", Act.PASSWORD_SET),
    ]
    assert log.first_broken() is None


@pytest.mark.parametrize(
    "tamper",
    [
        lambda entries: entries[1].__class__.objects.filter(pk=entries[1].pk).update(who="somebody else"),
        lambda entries: entries[1].__class__.objects.filter(pk=entries[1].pk).update(detail={"mails": 0}),
        lambda entries: entries[1].delete(),
        lambda entries: entries[0].delete(),
    ],
)
def test_what_is_altered_or_taken_out_is_noticed(site: Any, now: datetime, tamper: Any) -> None:
    for number in range(4):
        log.note(Act.RETRIED, now, mails=number)
    assert log.first_broken() is None
    tamper(list(LogEntry.objects.order_by("pk")))
    assert log.first_broken() is not None


def test_an_act_that_fails_leaves_no_entry(site: Any, now: datetime) -> None:
    with pytest.raises(NotFound):
        accounts.remove("nobody@example.org", now)
    assert not LogEntry.objects.exists()
