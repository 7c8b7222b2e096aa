"""``newsletter editions`` and ``campaigns``: what staff type, and what comes of it."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import legal_moves
import pytest
from django.conf import settings
from staff import Staff

from newsletter.cli import bootstrap
from newsletter.models import Delivery, Edition, Post
from newsletter.models.post import FIRST_SYNC
from newsletter.publishing.editions import compose as compose_module
from newsletter.publishing.editions import recipients
from newsletter.publishing.schedule import enqueue
from newsletter.publishing.schedule.begin import begin

Outbox = Callable[[], dict[str, bytes]]
CONSENT = ("--consent", "asked in person")


@pytest.fixture
def ready(staff: Staff) -> Staff:
    """Two people and a post that is owed."""
    staff("subscribers", "add", "ann@example.org", "--name", "Ann", *CONSENT)
    staff("subscribers", "add", "bob@example.org", "--topic", "land", *CONSENT)
    staff.post("seeds", "Seeds", tags="food")
    staff.post("fields", "Fields", tags="land rights")
    return staff


def compose(staff: Staff, *more: str) -> str:
    return str(staff.json("editions", "compose", "--campaign", "weekly", *more)["id"])


def test_compose_says_who_and_what(ready: Staff) -> None:
    ready("subscribers", "add", "gone@example.org", *CONSENT)
    ready("subscribers", "unsubscribe", "gone@example.org")
    made = ready.json("editions", "compose", "--campaign", "weekly")
    assert (made["people"], made["posts"], made["left_out"]) == (2, 2, {"left": 1})
    assert "2 people, 2 posts." in ready("editions", "compose", "--campaign", "weekly")


def test_the_preview_of_a_person_is_byte_for_byte_what_they_get(ready: Staff, outbox: Outbox) -> None:
    number = compose(ready)
    ready(
        "editions",
        "preview",
        number,
        "--format",
        "eml",
        "--as",
        "bob@example.org",
        "--out",
        str(ready.folder / "bob.eml"),
    )
    ready("editions", "send", number, "--yes")
    seen, sent = (ready.folder / "bob.eml").read_bytes(), outbox()["bob@example.org"]
    without_date = [re.sub(rb"\r\nDate: [^\r]*", b"", content) for content in (seen, sent)]
    assert without_date[0] == without_date[1]
    text = email.message_from_bytes(sent, policy=email.policy.default).get_body(("plain",))
    assert text is not None
    assert "Fields" in text.get_content()
    assert "Seeds" not in text.get_content()


@pytest.mark.parametrize(
    ("name", "options", "begins"),
    [
        ("p.html", (), b"<!"),
        ("P.HTM", (), b"<!"),
        ("p.html", ("--format", "html"), b"<!"),
        ("p.eml", (), b"From: "),
        ("p.txt", (), None),
        ("preview", (), None),
        ("preview.1", ("--format", "html"), b"<!"),
    ],
)
def test_a_preview_is_what_its_files_name_says(
    ready: Staff, name: str, options: tuple[str, ...], begins: bytes | None
) -> None:
    file = ready.folder / name
    ready("editions", "preview", compose(ready), *options, "--out", str(file))
    content = file.read_bytes()
    if begins is None:
        assert b"<" not in content[:1]
        assert b"Seeds" in content
    else:
        assert content.lstrip().startswith(begins) or begins in content[:2000]


def test_a_file_whose_name_says_another_format_is_not_written(ready: Staff) -> None:
    file = ready.folder / "p.html"
    assert "would hold text" in ready(
        "editions", "preview", compose(ready), "--format", "text", "--out", str(file), code=2
    )
    assert not file.exists()


def test_a_file_whose_name_says_nothing_known_is_not_written(ready: Staff) -> None:
    file = ready.folder / "p.pdf"
    said = ready("editions", "preview", compose(ready), "--out", str(file), code=2)
    assert 'what ".pdf" holds is not known here: end the name in .html, .txt or .eml' in said
    assert not file.exists()


def test_without_a_person_the_preview_leads_nowhere(ready: Staff) -> None:
    number = compose(ready)
    html = ready("editions", "preview", number, "--format", "html")
    assert "https://example.invalid/unsubscribe/preview" in html
    assert "Seeds" in html
    assert "Seeds" in ready("editions", "preview", number)
    assert "gets nothing" not in html


def test_a_preview_for_somebody_who_gets_nothing_says_why(ready: Staff) -> None:
    number = compose(ready)
    ready("subscribers", "unsubscribe", "bob@example.org")
    assert "the person left" in ready("editions", "preview", number, "--as", "bob@example.org", code=1)


def test_a_test_copy_goes_to_one_address_and_into_no_ledger(ready: Staff, outbox: Outbox) -> None:
    number = compose(ready)
    assert "into " in ready("editions", "test", number, "--to", "editor@example.org")
    assert "(written to editor@example.org" in ready.out
    assert list(outbox()) == ["editor@example.org"]
    message = email.message_from_bytes(outbox()["editor@example.org"], policy=email.policy.default)
    assert message["Subject"].startswith("[Test] ")
    assert message["To"] == "editor@example.org"
    assert "example.invalid" in message["List-Unsubscribe"], "a tester's click unsubscribes nobody"
    assert not Delivery.objects.exists()


def test_a_test_copy_does_not_go_to_a_suppressed_address(ready: Staff, outbox: Outbox) -> None:
    ready("subscribers", "suppress", "never@example.org")
    assert "must not be mailed" in ready(
        "editions", "test", compose(ready), "--to", "never@example.org", code=1
    )
    assert outbox() == {}


def test_without_a_terminal_nothing_is_sent_unless_told(ready: Staff, outbox: Outbox) -> None:
    number = compose(ready)
    text = ready("editions", "send", number, code=1)
    assert "2 people, 2 posts. Send?" in text
    assert "--yes" in text
    assert outbox() == {}
    shown = ready.json("editions", "show", number)
    assert (shown["state"], shown["people"], shown["pending"]) == ("draft", 2, 0)


def test_sending_twice_sends_once_and_says_how_the_people_changed(ready: Staff, outbox: Outbox) -> None:
    number = compose(ready)
    ready("subscribers", "unsubscribe", "bob@example.org")
    ready("subscribers", "add", "cyd@example.org", *CONSENT)
    assert "2 people (+1 −1 since it was composed): 2 sent." in ready("editions", "send", number, "--yes")
    first = outbox()
    assert set(first) == {"ann@example.org", "cyd@example.org"}
    ready("editions", "send", number, "--yes")
    assert outbox() == first
    shown = ready.json("editions", "show", number)
    assert (shown["state"], shown["sent"], shown["since_approval"]) == ("sent", 2, "+1 −1")
    assert "sent (practice)" in ready("editions", "list")


def test_an_edition_with_nothing_new_is_done_and_says_so(staff: Staff) -> None:
    staff("subscribers", "add", "ann@example.org", *CONSENT)
    assert "nothing new for anybody" in staff("editions", "send", compose(staff), "--yes")


def test_an_edition_for_nobody_is_not_recommended_for_sending(ready: Staff) -> None:
    ready("editions", "send", compose(ready), "--yes")
    said = ready("editions", "compose", "--campaign", "weekly", "--note", "Early.")
    assert "0 people" in said
    assert "There is nothing to send: " in said
    assert "editions send" not in said
    assert "editions preview" not in said
    assert "editions cancel" in said


def test_a_hint_does_not_count_posts_that_are_in_the_edition(ready: Staff) -> None:
    ready.post("old", "An old post")
    ready.post("older", "An older post")
    Post.objects.filter(key__in=["an-old-post", "an-older-post"]).update(
        mail=False, no_mail_because=FIRST_SYNC
    )
    assert any(
        hint.startswith("2 posts arrived")
        for hint in ready.json("editions", "compose", "--campaign", "weekly")["hints"]
    )
    chosen = ("--post", "an-old-post")
    (hint,) = ready.json("editions", "compose", "--campaign", "weekly", *chosen)["hints"]
    assert hint.startswith("1 post arrived")
    assert (
        ready.json("editions", "compose", "--campaign", "weekly", *chosen, "--post", "an-older-post")["hints"]
        == []
    )


def test_approve_schedule_pause_resume_cancel(ready: Staff) -> None:
    number = compose(ready)
    assert "goes out at the next tick" in ready("editions", "approve", number, "--yes")
    assert "2090-12-01 09:00 America/New_York" in ready(
        "editions", "schedule", number, "--at", "2090-12-01 09:00"
    )
    assert "in the past" in ready("editions", "schedule", number, "--at", "2020-12-01", code=1)
    ready("editions", "pause", number)
    assert "is paused" in ready("editions", "send", number, "--yes", code=1)
    ready("editions", "resume", number)
    assert "without a terminal" in ready("editions", "cancel", number, code=1).lower()
    assert "stays out of mail" in ready("editions", "cancel", number, "--keep-out", "--yes")
    assert "is cancelled" in ready("editions", "send", number, "--yes", code=1)
    assert "was cancelled and stays so" in ready("editions", "approve", number, code=1)


def test_a_yes_to_one_that_waits_for_no_hour_is_asked_for_and_its_hint_names_one(ready: Staff) -> None:
    number = compose(ready)
    refused = ready("editions", "approve", number, code=1)
    assert f"Edition {number} goes to 2 people as soon as newsletter run looks" in refused
    assert "made by hand and has no hour" in refused
    assert "add --yes" in refused
    assert ready.json("editions", "show", number)["state"] == "draft"
    hint = re.search(rf'editions schedule {number} --at "([^"]+)" \(([^)]+)\)', refused)
    assert hint is not None
    assert hint[0] in ready("editions", "compose", "--campaign", "weekly").replace(
        f"schedule {int(number) + 1}", f"schedule {number}"
    )
    said = ready("editions", "schedule", number, "--at", hint[1])
    assert f"Edition {number} is scheduled: {hint[1]} {hint[2]}, to 2 people." in said
    assert "is scheduled: " in ready("editions", "approve", number), (
        "it has an hour, so there is nothing to ask"
    )


def test_a_yes_says_when_it_goes_and_to_how_many_and_one_that_comes_too_late_is_told_so(ready: Staff) -> None:
    number = compose(ready)
    people = ready.json("editions", "show", number)["people"]
    assert f"America/New_York, to {people} people." in ready(
        "editions", "schedule", number, "--at", "2090-12-01 09:00"
    )
    ready("editions", "send", number, "--yes")
    for late in (["approve"], ["pause"], ["schedule", "--at", "2090-12-01 09:00"]):
        assert f"Edition {number} is sent already" in ready("editions", late[0], number, *late[1:], code=1)


def test_explain_answers_in_one_sentence(ready: Staff) -> None:
    number = compose(ready)
    assert "has not begun: it is a draft" in ready("editions", "explain", number, "--to", "ann@example.org")
    ready("editions", "send", number, "--yes")
    answer = ready.json("editions", "explain", number, "--to", "ann@example.org", "--post", "seeds")
    assert (answer["verdict"], answer["edition"]) == ("sent", int(number))
    assert "chose the topics land" in ready(
        "editions", "explain", "--to", "bob@example.org", "--post", "seeds"
    )


def test_campaigns_are_listed_changed_paused_and_resumed(staff: Staff) -> None:
    rows = {row["name"]: row for row in staff.json("campaigns", "list")}
    assert [row["state"] for row in rows.values()] == ["paused", "paused", "active", "paused"]
    text = staff(
        "campaigns", "edit", "weekly", "--at", "07:30", "--weekday", "friday", "--zone", "Europe/Berlin"
    )
    assert "Fridays 07:30 Europe/Berlin" in text
    assert "until 2090-01-01 00:00 Europe/Berlin" in staff(
        "campaigns", "pause", "weekly", "--until", "2090-01-01"
    )
    assert "Its next slot: " in staff("campaigns", "resume", "weekly")
    assert "in the past" in staff("campaigns", "pause", "weekly", "--until", "2020-01-01", code=1)
    assert "already mails the people" in staff("campaigns", "add", "second", "--cadence", "weekly", code=1)
    assert "No time zone" in staff("campaigns", "edit", "weekly", "--zone", "Mars/Olympus", code=1)
    assert "Fridays 07:30" in staff("campaigns", "list")


def test_a_campaign_is_set_to_the_last_friday_and_shown(staff: Staff) -> None:
    assert "Monthly on the last Friday, 09:00" in staff(
        "campaigns", "edit", "monthly", "--day", "last friday"
    )
    staff("campaigns", "resume", "monthly")
    row = staff.json("campaigns", "show", "monthly")
    assert (row["day"], row["left_out"], row["draft"], row["edition"]) == ("last friday", False, None, None)
    assert datetime.fromisoformat(row["next"]).weekday() == 4
    assert "Monthly on day 31" not in staff("campaigns", "edit", "monthly", "--day", "last")
    assert staff.json("campaigns", "show", "monthly")["day"] == "last day"
    assert staff.json("campaigns", "show", "weekly")["day"] == "tuesday"


@pytest.mark.parametrize(
    ("name", "day", "words"),
    [
        ("monthly", "tuesday", 'a monthly campaign takes one such as 15, "last day" or "last friday"'),
        ("weekly", "15", "a weekly campaign takes a weekday"),
        ("weekly", "last friday", "a weekly campaign takes a weekday"),
        ("daily", "tuesday", "of the cadence daily has no day to choose"),
        ("monthly", "fifth friday", "say last friday"),
    ],
)
def test_a_day_that_a_campaign_cannot_have_is_refused(staff: Staff, name: str, day: str, words: str) -> None:
    said = " ".join(staff("campaigns", "edit", name, "--day", day, code=2).replace("│", " ").split())
    assert words in said


def test_a_campaign_says_when_its_next_edition_is_made(staff: Staff) -> None:
    assert "made " in staff("campaigns", "edit", "weekly", "--draft-hours", "20")
    row = staff.json("campaigns", "show", "weekly")
    assert row["draft_hours"] == 20
    before = datetime.fromisoformat(row["next"]) - datetime.fromisoformat(row["draft"])
    assert before == timedelta(hours=20)
    assert "made " in staff("campaigns", "list")


# who


def whom(staff: Staff, number: str, word: str) -> list[str]:
    return [row["address"] for row in staff.json("editions", "show", number, "--who", word)]


def test_who_will_get_it_is_told_before_it_goes_and_who_got_it_after(ready: Staff) -> None:
    ready("subscribers", "add", "dan@example.org", "--cadence", "daily", *CONSENT)
    number = compose(ready)
    assert whom(ready, number, "pending") == ["ann@example.org", "bob@example.org"]
    assert whom(ready, number, "sent") == []
    assert ready("editions", "show", number, "--who", "pending").split() == [
        "ann@example.org",
        "bob@example.org",
    ]
    ready("editions", "send", number, "--yes")
    assert whom(ready, number, "pending") == []
    assert sorted(whom(ready, number, "sent")) == ["ann@example.org", "bob@example.org"]
    assert "Nobody" in ready("editions", "show", number, "--who", "failed")
    assert "expected one of sent, deferred" in ready("editions", "show", number, "--who", "lost", code=2)


def test_one_that_failed_is_found_with_the_relays_words(ready: Staff) -> None:
    number = compose(ready)
    ready("editions", "send", number, "--yes")
    moment = datetime.fromisoformat("2026-11-03T14:00:00+00:00")
    bob = Delivery.objects.filter(subscriber__normal="bob@example.org")
    Edition.objects.update(final={})  # it is not as it was counted
    legal_moves.put(
        bob, "failed", code=550, reply="5.1.1\r\n\x1b[31mno such user", attempts=1, changed_at=moment
    )
    assert f"newsletter editions show {number} --who failed" in ready("editions", "show", number)
    ready("editions", "send", number, "--yes")
    assert f"newsletter editions show {number} --who failed" in ready.err
    (row,) = ready.json("editions", "show", number, "--who", "failed")
    assert (row["address"], row["code"], row["attempts"]) == ("bob@example.org", 550, 1)
    assert row["at"] == "2026-11-03T14:00:00Z"
    said = ready("editions", "show", number, "--who", "failed")
    assert "bob@example.org  2026-11-03 09:00 America/New_York  550 5.1.1" in said
    assert "\x1b" not in said, "a relay's words steer no terminal"
    bob.update(state="deferred", next_attempt_at=moment + timedelta(hours=1))
    assert "tried again 2026-11-03 10:00 America/New_York" in ready(
        "editions", "show", number, "--who", "deferred"
    )
    bob.update(subscriber=None)
    assert "(erased)" in ready("editions", "show", number, "--who", "deferred")


def test_whom_enqueueing_has_not_come_to_yet_is_pending(
    ready: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = compose(ready)
    edition = Edition.objects.select_related("campaign").get(pk=number)
    assert begin(edition, settings.CONFIG, bootstrap.now())
    monkeypatch.setattr(recipients, "_PAGE", 1)
    monkeypatch.setattr(compose_module, "PAGE", 1)
    for done in (0, 1, 2):
        assert whom(ready, number, "pending") == ["ann@example.org", "bob@example.org"], done
        enqueue.step(edition.pk, bootstrap.now(), chunk=1)


def test_an_edition_gets_words_of_its_own(ready: Staff) -> None:
    number = compose(ready)
    said = ready("editions", "reword", number, "--subject", "Our hedges: {count}", "--note", "Dear readers")
    assert f"Edition {number} has its own words and is draft" in said
    shown = ready("editions", "preview", number, "--format", "text")
    assert "Dear readers" in shown
    ready("editions", "reword", number, "--note", "")
    assert "Dear readers" not in ready("editions", "preview", number, "--format", "text")
    assert Edition.objects.get(pk=number).subject == "Our hedges: {count}"
    assert "say what to change" in ready("editions", "reword", number, code=2)
