"""``newsletter posts``, ``subscribers``, ``feeds`` and ``check``: what staff type, and what comes of it."""

from __future__ import annotations

import csv
import io
from typing import Any

from staff import Staff

from newsletter.cli import bootstrap
from newsletter.models import Delivery, Notice
from subscribers import consent
from subscribers.models import Subscriber, Suppression

CONSENT = ("--consent", "asked in person")


def test_posts_are_listed_with_the_keys_that_scripts_rely_on(staff: Staff) -> None:
    staff.post("seeds", "Seeds", tags="food")
    (row,) = staff.json("posts", "list")
    assert {"key", "title", "date", "date_text", "topics", "state"} <= set(row)
    assert (row["key"], row["title"], row["topics"], row["state"]) == ("seeds", "Seeds", ["food"], "released")
    assert "Seeds" in staff("posts", "list", "--state", "released")
    assert "No post is held" in staff("posts", "list", "--state", "held")


def test_hold_and_release(staff: Staff) -> None:
    for name in ("one", "two", "three"):
        staff.post(name, name.capitalize())
    staff("posts", "hold", "one", "two")
    assert "is held already" in staff("posts", "hold", "one", code=1)
    assert "choose one" in staff("posts", "release", "one", code=2)
    assert "owed by mail" in staff("posts", "release", "one", "--mail")
    staff("posts", "hold", "one", "three")
    staff("posts", "release", "one", "two", "three", "--newest-only")
    assert [row["mail"] for row in staff.json("posts", "list")].count(True) == 1
    assert "released already" in staff("posts", "release", "one", "--feed-only", code=1)


def test_withdraw_says_who_has_it(staff: Staff) -> None:
    staff("subscribers", "add", "ann@example.org", *CONSENT)
    staff.post("seeds", "Seeds")
    number = str(staff.json("editions", "compose", "--campaign", "weekly")["id"])
    staff("editions", "send", number, "--yes")
    waiting = staff.json("editions", "compose", "--campaign", "weekly", "--post", "seeds")["id"]
    answer = staff.json("posts", "withdraw", "seeds")
    assert (answer["state"], answer["sent"], answer["cancelled"]) == ("withdrawn", 1, [waiting])
    assert [(row["address"], row["edition"]) for row in answer["has_it"]] == [
        ("ann@example.org", int(number))
    ]
    assert "ann@example.org" in staff("posts", "show", "seeds", "--who")


def test_an_edition_says_which_of_its_posts_were_taken_back(staff: Staff) -> None:
    staff("subscribers", "add", "ann@example.org", *CONSENT)
    staff.post("seeds", "Seeds")
    staff.post("bread", "Bread")
    number = str(staff.json("editions", "compose", "--campaign", "weekly")["id"])
    staff("editions", "send", number, "--yes")
    staff("posts", "withdraw", "seeds")
    shown = staff("editions", "show", number)
    assert "seeds: Seeds (withdrawn)" in shown
    assert "bread: Bread\n" in shown
    states = {post["key"]: post["state"] for post in staff.json("editions", "show", number)["posts"]}
    assert states == {"seeds": "withdrawn", "bread": "released"}


def test_an_import_names_every_row_that_it_refuses(staff: Staff) -> None:
    file = staff.folder / "people.csv"
    file.write_text("email,name\nann@example.org,Ann\nno address,Nobody\nANN@example.org,Again\n")
    dry = staff.json("subscribers", "import", str(file), *CONSENT, "--dry-run")
    assert (dry["added"], [row["line"] for row in dry["refused"]]) == (1, [3, 4])
    assert not Subscriber.objects.exists()
    assert "1 person is subscribed, 2 rows refused." in staff("subscribers", "import", str(file), *CONSENT)
    assert "line 3: no address: " in staff.err
    (row,) = staff.json("subscribers", "list")
    assert (row["address"], row["status"], row["cadence"], row["topics"]) == (
        "ann@example.org",
        "confirmed",
        "weekly",
        [],
    )
    steps = staff.json("subscribers", "show", "ann@example.org")["consent"]
    assert [(step["event"], step["wording"], step["form"]) for step in steps] == [
        ("imported", "asked in person", "import of people.csv"),
        ("confirmed", "asked in person", "import of people.csv"),
    ]


def test_an_import_that_refuses_many_rows_counts_reasons_and_shows_ten(staff: Staff) -> None:
    file = staff.folder / "people.csv"
    rows = [f"person{n}@example.org" for n in range(3)] + ["person0@example.org"] + ["no address"] * 30
    file.write_text("email\n" + "\n".join(rows) + "\n")
    said = staff("subscribers", "import", str(file), *CONSENT)
    lines = staff.err.splitlines()
    assert lines[0].startswith("30 rows refused: ")
    assert lines[1].startswith("1 row refused: ")
    assert [line.partition(":")[0] for line in lines[2:12]] == [f"line {n}" for n in range(5, 15)]
    assert lines[12:] == ["… and 21 more; --json names every row."]
    assert said == "3 people are subscribed, 31 rows refused.\n"
    assert len(staff.json("subscribers", "import", str(file), *CONSENT)["refused"]) == 34


def test_a_list_of_posts_in_a_state_that_none_has_does_not_say_there_are_none(staff: Staff) -> None:
    assert staff("posts", "list", "--state", "held").startswith("No posts yet: ")
    staff.post("seeds", "Seeds")
    assert staff("posts", "list", "--state", "held") == "No post is held.\n"


def test_people_of_a_cadence_that_does_not_run_are_mentioned(staff: Staff) -> None:
    staff("subscribers", "add", "ann@example.org", "--cadence", "daily", *CONSENT)
    assert "No campaign runs for the cadence daily" in staff.err


def test_who_is_added_without_consent_is_asked_by_mail(staff: Staff) -> None:
    assert "link to confirm" in staff("subscribers", "add", "ann@example.org")
    assert Notice.objects.get().subscriber.subscription.status == "pending"
    assert "no confirmation mail" in staff("subscribers", "add", "ann@example.org")
    staff("subscribers", "add", "ann@example.org", *CONSENT)
    assert "subscribed already" in staff("subscribers", "add", "ann@example.org")


def test_an_export_holds_no_formula(staff: Staff) -> None:
    staff("subscribers", "add", "ann@example.org", "--name", "=cmd()", "--topic", "land", *CONSENT)
    (row,) = csv.DictReader(io.StringIO(staff("subscribers", "export")))
    assert (row["email"], row["name"], row["topics"]) == ("ann@example.org", "'=cmd()", "land")
    staff("subscribers", "export", "--out", str(staff.folder / "out.csv"))
    assert "1 person in" in staff.err


def test_an_export_comes_back_as_it_went_out(staff: Staff) -> None:
    """Left, suppressed, paused and pending included, and addresses that a spreadsheet would take for formulas."""
    for name in ("ann", "gone", "bad", "+plus", "o'brien", "'=odd"):
        staff("subscribers", "add", f"{name}@example.org", "--name", f"-{name}", "--topic", "land", *CONSENT)
    staff("subscribers", "add", "asked@example.org")
    staff("subscribers", "unsubscribe", "gone@example.org")
    staff("subscribers", "suppress", "bad@example.org", "--reason", "complaint")
    rest = Subscriber.objects.get(normal="o'brien@example.org")
    consent.pause(rest, proof=consent.Proof(), now=bootstrap.now())
    file = staff.folder / "export.csv"
    exported = staff("subscribers", "export")
    file.write_text(exported, newline="")
    before = staff.json("subscribers", "list")
    Subscriber.objects.all().delete()
    Suppression.objects.all().delete()

    counts = {"added": 3, "paused": 1, "pending": 1, "left": 1, "suppressed": 1}
    for run in (("--dry-run",), ()):
        done = staff.json("subscribers", "import", str(file), *CONSENT, *run)
        assert {word: done[word] for word in counts} == counts
        assert done["refused"] == []
    assert staff("subscribers", "export") == exported
    times = ("confirmed_at",)
    now = staff.json("subscribers", "list")
    assert [{**row, **dict.fromkeys(times)} for row in now] == [
        {**row, **dict.fromkeys(times)} for row in before
    ]
    again = staff.json("subscribers", "import", str(file), *CONSENT)
    assert (again["added"], again["left"], again["suppressed"]) == (0, 1, 1)
    assert staff("subscribers", "export") == exported


def test_an_import_says_who_is_not_subscribed_and_why(staff: Staff) -> None:
    file = staff.folder / "people.csv"
    file.write_text(
        "email,status\nann@example.org,active\nbob@example.org,unsubscribed\ncem@example.org,cleaned\n"
    )
    for run, verb in ((("--dry-run",), "would be subscribed"), ((), "is subscribed")):
        said = staff("subscribers", "import", str(file), *CONSENT, *run)
        assert f"1 person {verb}, 1 left, 1 suppressed, 0 rows refused." in said
        assert '1 person left: status "unsubscribed"' in staff.err
    assert {row["address"]: row["status"] for row in staff.json("subscribers", "list")} == {
        "ann@example.org": "confirmed",
        "bob@example.org": "left",
        "cem@example.org": "left",
    }
    assert 'said: status "unsubscribed"' in staff("subscribers", "show", "bob@example.org")


def test_an_import_asks_what_a_value_means_and_takes_the_answer(staff: Staff) -> None:
    file = staff.folder / "people.csv"
    file.write_text("email,status\nann@example.org,1\nbob@example.org,2\n")
    assert '--status-value "1=' in staff("subscribers", "import", str(file), *CONSENT, code=1)
    assert not Subscriber.objects.exists()
    answers = ("--status-value", "1=subscribed", "--status-value", "2=left")
    done = staff.json("subscribers", "import", str(file), *CONSENT, *answers)
    assert (done["added"], done["left"]) == (1, 1)
    assert done["not_subscribed"] == [
        {"line": 3, "address": "bob@example.org", "becomes": "left", "reason": 'status "2"'}
    ]


def test_a_list_is_suppressed(staff: Staff) -> None:
    staff("subscribers", "add", "ann@example.org", *CONSENT)
    file = staff.folder / "never.csv"
    file.write_text("E-Mail;Status\nann@example.org;aktiv\nbob@example.org;\nnone\n")
    for run, new in ((("--dry-run",), 2), ((), 2), ((), 0)):
        done = staff.json("subscribers", "suppress", "--file", str(file), *run)
        assert (done["suppressed"], done["already"], len(done["refused"])) == (new, 2 - new, 1)
    assert "0 addresses are suppressed, 2 were already" in staff(
        "subscribers", "suppress", "--file", str(file)
    )
    assert set(Suppression.objects.values_list("reason", flat=True)) == {"staff"}
    assert staff.json("subscribers", "list")[0]["suppressed"]


def test_adding_somebody_who_is_suppressed_says_so_and_what_to_do(staff: Staff) -> None:
    staff("subscribers", "add", "ann@example.org", *CONSENT)
    staff("subscribers", "suppress", "ann@example.org", "--reason", "bounce")
    for consent_given in (CONSENT, ()):
        said = staff("subscribers", "add", "ann@example.org", *consent_given, code=1)
        assert "is suppressed" in said
        assert "newsletter subscribers unsuppress ann@example.org takes it back" in said
        assert "The person's own sign-up and yes do so too." in said
    assert not Notice.objects.exists()


def test_suppressed_and_erased_people_cannot_be_added_again(staff: Staff) -> None:
    staff("subscribers", "suppress", "never@example.org")
    assert "must not be mailed" in staff("subscribers", "add", "never@example.org", *CONSENT, code=1)
    staff("subscribers", "add", "ann@example.org", *CONSENT)
    staff.post("seeds", "Seeds")
    number = str(staff.json("editions", "compose", "--campaign", "weekly")["id"])
    staff("editions", "send", number, "--yes")
    assert "--yes" in staff("subscribers", "erase", "ann@example.org", code=1)
    staff("subscribers", "erase", "ann@example.org", "--yes")
    assert not Subscriber.objects.exists()
    assert Suppression.objects.filter(reason="erased").exists()
    assert Delivery.objects.get().subscriber is None
    assert staff.json("editions", "show", number)["sent"] == 1, "the counts stay true"
    assert "erased" in staff("subscribers", "add", "ann@example.org", *CONSENT, code=1)
    assert "Nobody is subscribed" in staff("subscribers", "show", "ann@example.org", code=1)


def test_feeds_are_written_and_left_alone_when_nothing_changed(staff: Staff) -> None:
    staff.post("seeds", "Seeds")
    out = staff.folder / "public"
    first = staff.json("feeds", "build", "--out", str(out))
    assert {"rss.xml", "atom.xml", "feed.json", "index.html"} <= set(first["files"])
    assert b"Seeds" in (out / "rss.xml").read_bytes()
    assert staff.json("feeds", "build", "--out", str(out))["changed"] == []


def test_check_has_a_line_for_everything(staff: Staff, site: Any) -> None:
    found = {line["what"]: line for line in staff.json("check", code=1)}
    assert {"configuration", "database", "templates", "sources", "campaigns", "mail"} <= set(found)
    assert [what for what, line in found.items() if not line["ok"]] == ["sources"], "the tests' site has none"


def test_who_left_is_not_added_again_by_staff(staff: Staff) -> None:
    staff("subscribers", "add", "ann@example.org", *CONSENT)
    staff("subscribers", "unsubscribe", "ann@example.org")
    assert "only the person can come back" in staff("subscribers", "add", "ann@example.org", *CONSENT, code=1)
    assert "link to confirm" in staff("subscribers", "add", "ann@example.org")
    assert "only the person can come back" in staff("subscribers", "add", "ann@example.org", *CONSENT, code=1)
