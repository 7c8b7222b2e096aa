"""``newsletter staff``: letting people in, other roles, links, taking people out; and the log of what commands did."""

from __future__ import annotations

import re

from django.test import Client
from staff import Staff

from newsletter.models import LogEntry


def link_in(said: str) -> str:
    found = re.search(r"https?://[^/\s]+(/desk/password/\S+/)", said)
    assert found is not None, said
    return found[1]


def test_somebody_is_let_in_with_a_link_and_taken_out_again(staff: Staff) -> None:
    assert "Nobody yet" in staff("staff", "list")
    said = staff("staff", "add", "olu@example.org", "--role", "owner")
    assert "olu@example.org is of staff now: owner." in said
    assert Client().get(link_in(said)).status_code == 200
    said = staff("staff", "add", "ann@example.org", "--role", "sender")
    (ann, olu) = staff.json("staff", "list")
    assert (ann["address"], ann["role"], ann["ready"], ann["last_login"]) == (
        "ann@example.org",
        "sender",
        False,
        None,
    )
    assert olu["role"] == "owner"
    assert "not set yet" in staff("staff", "list")
    other = link_in(staff("staff", "reset", "ann@example.org"))
    assert Client().get(other).status_code == 200
    assert "is not of staff any more" in staff("staff", "remove", "ann@example.org", "--yes")
    assert Client().get(other).status_code == 404
    assert "is the last owner" in staff("staff", "remove", "olu@example.org", "--yes", code=1)
    assert "is not of staff" in staff("staff", "reset", "ann@example.org", code=1)
    assert "expected one of viewer, editor, sender, owner" in staff(
        "staff", "add", "bob@example.org", "--role", "king", code=2
    )


def test_what_commands_did_is_in_the_log_and_check_notices_when_it_is_altered(staff: Staff) -> None:
    staff("staff", "add", "olu@example.org", "--role", "owner")
    entry = LogEntry.objects.get(what="added to staff")
    assert entry.who.startswith("command line (")
    staff("check", code=1)
    assert "2 entries, each as it was written" in staff.out
    LogEntry.objects.filter(pk=entry.pk).update(who="somebody else")
    staff("check", code=1)
    said = staff.out
    assert f"entry {entry.pk} of the log is not as it was written" in said
