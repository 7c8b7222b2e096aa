"""The page of an edition: it shows what would be sent and to how many, and every button does what the command does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import page_samples
import pytest
from django.test import Client
from integration.web.desk.conftest import send

from newsletter.models import Campaign, Delivery, Edition, KeptOut, LogEntry
from newsletter.publishing import log
from newsletter.publishing.schedule import enqueue, tick

Enter = Callable[..., Client]


@pytest.fixture
def sender(logged_in: Enter) -> Client:
    return logged_in("sender")


def act(client: Client, edition: Edition, what: str, **fields: str) -> Any:
    here = f"/desk/editions/{edition.pk}/"
    return send(client, f"{here}{what}/", mark_from=here, **fields)


def state(edition: Edition) -> str:
    return str(Edition.objects.get(pk=edition.pk).state)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_it_shows_whom_it_reaches_and_the_mail_itself(sender: Client, edition: Edition) -> None:
    page_samples.pending(datetime.now(UTC))
    page = text(sender.get(f"/desk/editions/{edition.pk}/"))
    assert "1 post to 1 person" in page
    assert "Left out" not in page
    assert act(sender, edition, "count").status_code == 302
    page = text(sender.get(f"/desk/editions/{edition.pk}/"))
    assert "Left out: 1 not confirmed" in page
    assert page.count("<iframe") == 4
    mail = text(sender.get(f"/desk/editions/{edition.pk}/preview/"))
    assert "Hedges by the stream" in mail
    assert "Hedges by the stream" in text(sender.get(f"/desk/editions/{edition.pk}/preview/?part=text"))


def test_what_a_post_says_cannot_run_on_the_desk(sender: Client, site: Any) -> None:
    from newsletter.publishing.editions import compose

    now = datetime.now(UTC)
    page_samples.subscriber(now)
    page_samples.post(site, now, '<script>alert("x")</script> & more')
    edition = compose.compose("weekly", site, now, note='<img src=x onerror="alert(1)">')
    page = sender.get(f"/desk/editions/{edition.pk}/").content.decode()
    assert '<script>alert("x")' not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


def test_a_yes_to_what_goes_at_once_needs_the_button_that_says_so(sender: Client, edition: Edition) -> None:
    refused = act(sender, edition, "approve")
    assert (refused.status_code, state(edition)) == (400, "draft")
    assert "a yes sends it now" in text(refused)
    assert act(sender, edition, "approve", now="yes").status_code == 302
    assert state(edition) == "scheduled"
    entry = LogEntry.objects.filter(edition=edition).latest("pk")
    assert (entry.who, entry.what) == ("sender@example.org", "scheduled")
    assert "sender@example.org scheduled" in text(sender.get(f"/desk/editions/{edition.pk}/"))


def test_what_is_sent_now_waits_two_minutes_in_which_it_can_be_undone(
    sender: Client, edition: Edition, site: Any
) -> None:
    act(sender, edition, "approve", now="yes")
    page = text(sender.get(f"/desk/editions/{edition.pk}/"))
    assert "to 1 person. Until then it can be undone." in page
    tick.tick(site, datetime.now(UTC))
    assert state(edition) == "scheduled"
    assert act(sender, edition, "undo").status_code == 302
    page = text(sender.get(f"/desk/editions/{edition.pk}/"))
    assert "Staff took their yes back." in page
    tick.tick(site, datetime.now(UTC) + timedelta(minutes=3))
    assert state(edition) == "awaiting approval"
    act(sender, edition, "approve", now="yes")
    tick.tick(site, datetime.now(UTC) + timedelta(minutes=2, seconds=1))
    assert state(edition) == "sending"
    refused = act(sender, edition, "undo")
    assert (refused.status_code, "has not begun can be taken back" in text(refused)) == (400, True)


def test_it_is_given_a_moment_on_its_campaigns_wall(sender: Client, edition: Edition) -> None:
    zone = edition.campaign.zone
    soon = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    assert act(sender, edition, "schedule", at=f"{soon}T09:00").status_code == 302
    edition.refresh_from_db()
    from zoneinfo import ZoneInfo

    assert edition.slot_at.astimezone(ZoneInfo(zone)).isoformat().startswith(f"{soon}T09:00")
    assert zone in text(sender.get(f"/desk/editions/{edition.pk}/"))
    for wrong in ("", "yesterday", "2020-01-01T09:00", soon):
        answer = act(sender, edition, "schedule", at=wrong)
        assert (answer.status_code, "That cannot be done" in text(answer)) == (400, True)


def test_it_pauses_goes_on_and_is_called_off(sender: Client, edition: Edition, site: Any) -> None:
    enqueue.start(edition, site, datetime.now(UTC))
    enqueue.enqueue(edition, datetime.now(UTC))
    assert act(sender, edition, "pause").status_code == 302
    assert state(edition) == "paused"
    assert act(sender, edition, "pause").status_code == 409
    assert act(sender, edition, "resume").status_code == 302
    assert state(edition) == "sending"
    assert act(sender, edition, "cancel").status_code == 400
    assert act(sender, edition, "cancel", rest="owed").status_code == 302
    assert (state(edition), Delivery.objects.get().state) == ("cancelled", "cancelled")
    assert [entry.what for entry in LogEntry.objects.filter(edition=edition).order_by("pk")] == [
        "composed",
        "paused",
        "resumed",
        "cancelled",
    ]
    assert log.first_broken() is None


def test_called_off_its_posts_may_stay_out_of_mail(sender: Client, edition: Edition) -> None:
    act(sender, edition, "cancel", rest="out")
    assert KeptOut.objects.filter(campaign=edition.campaign).exists()


def test_progress_is_told_in_numbers_and_asked_for_by_the_page(
    sender: Client, edition: Edition, site: Any
) -> None:
    enqueue.start(edition, site, datetime.now(UTC))
    enqueue.enqueue(edition, datetime.now(UTC))
    page = text(sender.get(f"/desk/editions/{edition.pk}/"))
    assert f'hx-get="/desk/editions/{edition.pk}/"' in page
    part = sender.get(f"/desk/editions/{edition.pk}/", headers={"HX-Request": "true"})
    assert text(part).startswith("<progress")
    assert "0 %</strong> of 1 person: 1 left." in text(part)
    Delivery.objects.update(state="claimed")
    Delivery.objects.update(state="sending")
    Delivery.objects.update(state="sent")
    part = sender.get(f"/desk/editions/{edition.pk}/", headers={"HX-Request": "true"})
    assert "100 %</strong> of 1 person: 1 sent." in text(part)


def test_what_may_have_arrived_is_decided_with_two_buttons(
    sender: Client, edition: Edition, site: Any
) -> None:
    enqueue.start(edition, site, datetime.now(UTC))
    enqueue.enqueue(edition, datetime.now(UTC))
    for word in ("claimed", "sending", "unknown"):
        Delivery.objects.update(state=word, changed_at=datetime.now(UTC))
    assert f"Of edition {edition.pk}, nobody knows" in text(sender.get("/desk/"))
    assert "Sent again, it may arrive twice" in text(sender.get(f"/desk/editions/{edition.pk}/"))
    assert act(sender, edition, "doubt", doubt="perhaps").status_code == 400
    assert act(sender, edition, "doubt", doubt="again").status_code == 302
    assert Delivery.objects.get().state == "pending"


def test_an_edition_that_is_not_there_is_said_to_be_not_there(sender: Client) -> None:
    answer = sender.get("/desk/editions/999/")
    assert (answer.status_code, "There is no edition 999" in text(answer)) == (404, True)


def test_today_tells_what_goes_next_to_how_many_and_when_in_which_zone(
    logged_in: Enter, edition: Edition, site: Any
) -> None:
    page = text(logged_in("viewer").get("/desk/"))
    assert "All is well: nothing needs you." in page
    assert f"weekly, edition {edition.pk}" in page
    assert "1 person, 1 post: draft." in page
    assert edition.campaign.zone in page
    Edition.objects.filter(pk=edition.pk).update(trouble="a template has an error")
    page = text(logged_in("viewer").get("/desk/"))
    assert "Needs you" in page
    assert "cannot begin: a template has an error" in page
    part = logged_in("viewer").get("/desk/", headers={"HX-Request": "true"})
    assert "<html" not in text(part)


def test_no_more_questions_are_asked_however_many_people_there_are(
    logged_in: Enter, edition: Edition, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = logged_in("viewer")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/desk/").status_code == 200
        return len(queries)

    before = asked()
    for number in range(40):
        page_samples.subscriber(datetime.now(UTC), f"p{number}@example.org")
    assert asked() == before


def test_the_log_shows_who_did_what(sender: Client, edition: Edition) -> None:
    act(sender, edition, "approve", now="yes")
    page = text(sender.get("/desk/log/"))
    assert "<td>sender@example.org</td><td>scheduled</td>" in page
    assert "<td>sender@example.org</td><td>logged in</td>" in page


def test_its_words_are_changed_and_an_approval_is_gone(logged_in: Enter, edition: Edition) -> None:
    sender, editor = logged_in("sender"), logged_in("editor")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    act(sender, edition, "schedule", at=f"{tomorrow}T09:00")
    page = text(editor.get(f"/desk/editions/{edition.pk}/"))
    assert "It was approved: changed, it waits for a yes again." in page
    words = {"subject": "Hedges,\r\nnow: {count} new", "preheader": "Twelve families", "note": "Dear readers"}
    assert act(editor, edition, "words", **words).status_code == 302
    edition.refresh_from_db()
    assert (edition.state, edition.approved_at) == ("awaiting approval", None)
    page = text(editor.get(f"/desk/editions/{edition.pk}/"))
    assert "Subject: <strong>Hedges, now: 1 new</strong>" in page
    assert "Staff changed its subject or the words around its posts." in page
    assert "editor@example.org changed the words of" in page
    assert "Dear readers" in text(editor.get(f"/desk/editions/{edition.pk}/preview/"))
    act(editor, edition, "words", subject="", preheader="", note="")
    assert "Subject: <strong>Hedges by the stream</strong>" in text(
        editor.get(f"/desk/editions/{edition.pk}/")
    )
    assert act(editor, edition, "words", subject="x" * 201).status_code == 400


def test_words_that_staff_gave_stay_when_it_is_composed_anew(sender: Client, edition: Edition) -> None:
    act(sender, edition, "words", subject="Our hedges", preheader="", note="")
    act(sender, edition, "refresh")
    assert "Subject: <strong>Our hedges</strong>" in text(sender.get(f"/desk/editions/{edition.pk}/"))


def test_what_has_begun_keeps_its_words(sender: Client, edition: Edition, site: Any) -> None:
    enqueue.start(edition, site, datetime.now(UTC))
    refused = act(sender, edition, "words", subject="Other", preheader="", note="")
    assert (refused.status_code, "only one that has not begun" in text(refused)) == (400, True)


def test_four_eyes_approve_and_nobody_their_own(logged_in: Enter, edition: Edition) -> None:
    Campaign.objects.update(four_eyes=True)
    sender, other = logged_in("sender"), logged_in("owner")
    act(sender, edition, "words", subject="Ours", preheader="", note="")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    for what, fields in (("approve", {"now": "yes"}), ("schedule", {"at": f"{tomorrow}T09:00"})):
        refused = act(sender, edition, what, **fields)
        assert (refused.status_code, "asks for four eyes" in text(refused)) == (400, True)
    assert state(edition) == "draft"
    assert act(other, edition, "approve", now="yes").status_code == 302
    act(other, edition, "words", subject="Mine", preheader="", note="")
    assert act(other, edition, "approve", now="yes").status_code == 400
    assert act(sender, edition, "approve", now="yes").status_code == 302


def test_an_edition_of_an_older_version_was_not_counted_and_can_be(sender: Client, edition: Edition) -> None:
    Edition.objects.update(forecast={})
    page = text(sender.get(f"/desk/editions/{edition.pk}/"))
    assert "It was not counted yet." in page
    act(sender, edition, "count")
    assert "1 post to 1 person" in text(sender.get(f"/desk/editions/{edition.pk}/"))
