"""Posts and people on the desk: what is shown is what is stored, and each button does what its command does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import page_samples
import pytest
from django.test import Client
from integration.web.desk.conftest import send

from newsletter.models import Edition, HeldFor, LogEntry, Post
from newsletter.publishing.schedule import enqueue
from subscribers.models import Consent, Subscriber, Suppression

Enter = Callable[..., Client]


@pytest.fixture
def sender(logged_in: Enter) -> Client:
    return logged_in("sender")


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def the_post() -> Post:
    return Post.objects.get(key="hedges-by-the-stream")


def act(client: Client, what: str, **fields: str) -> Any:
    return send(client, f"/desk/posts/hedges-by-the-stream/{what}/", mark_from="/desk/", **fields)


def test_a_post_is_held_released_and_withdrawn(sender: Client, edition: Edition) -> None:
    page = text(sender.get("/desk/posts/hedges-by-the-stream/"))
    assert "in mail" in page
    assert "0 people got it" in page
    assert f"Edition {edition.pk}" in page
    assert act(sender, "hold").status_code == 302
    assert (the_post().state, Edition.objects.get(pk=edition.pk).state) == ("held", "cancelled")
    assert "1 post is held for a decision." in text(sender.get("/desk/"))
    assert "hedges-by-the-stream" in text(sender.get("/desk/posts/?state=held"))
    assert act(sender, "release").status_code == 400
    assert act(sender, "release", where="feed").status_code == 302
    assert (the_post().state, the_post().mail) == ("released", False)
    assert act(sender, "release", where="mail").status_code == 302
    assert the_post().mail
    assert act(sender, "withdraw").status_code == 302
    assert the_post().state == "withdrawn"
    assert act(sender, "withdraw").status_code == 409
    assert [entry.what for entry in LogEntry.objects.filter(who="sender@example.org").order_by("pk")][
        -4:
    ] == [
        "held a post",
        "released a post",
        "released a post",
        "withdrew a post",
    ]


def test_a_look_alike_is_said_to_be_the_same(sender: Client, site: Any) -> None:
    now = datetime.now(UTC)
    one = page_samples.post(site, now)
    two = page_samples.post(site, now, "Hedges by the brook")
    page_samples.in_state(two, "held")
    Post.objects.filter(pk=two.pk).update(
        looks_like=one, held_for=HeldFor.ALIKE, held_because="it looks the same"
    )
    assert "It looks like" in text(sender.get(f"/desk/posts/{two.key}/"))
    answer = send(sender, f"/desk/posts/{two.key}/same/", mark_from="/desk/")
    assert answer["Location"] == f"/desk/posts/{one.key}/"
    assert not Post.objects.filter(pk=two.pk).exists()


def test_there_is_a_page_for_every_forty_posts(sender: Client, site: Any) -> None:
    now = datetime.now(UTC)
    for number in range(43):
        page_samples.post(site, now, f"Note {number}")
    first = text(sender.get("/desk/posts/"))
    assert "Note 42<" in first
    assert "Note 2<" not in first
    older = first.partition("posts/?before=")[2].partition('"')[0]
    assert "Note 2<" in text(sender.get(f"/desk/posts/?before={older}"))
    assert sender.get("/desk/posts/nothing/").status_code == 404


def test_somebody_is_found_by_a_part_of_address_or_name_and_why_is_told(
    sender: Client, edition: Edition, site: Any
) -> None:
    now = datetime.now(UTC)
    page_samples.subscriber(now, "paula.moss@example.org")
    Subscriber.objects.filter(normal="paula.moss@example.org").update(name="Paula <b>Moss</b>")
    enqueue.start(edition, site, now)
    enqueue.enqueue(edition, now)
    for typed, found in (("paula", 1), ("MOSS", 1), ("example.org", 2), ("nobody", 0), ("%", 0), ("_", 0)):
        page = text(sender.get("/desk/people/", {"q": typed}))
        assert page.count('<th scope="row">') == found, typed
    assert "Paula <b>Moss" not in page
    person = Subscriber.objects.get(normal="ann@example.org")
    page = text(sender.get(f"/desk/people/{person.pk}/"))
    assert f"Edition {edition.pk} to ann@example.org" in page or f"edition {edition.pk}" in page.casefold()
    assert "weekly" in page


def test_a_person_is_unsubscribed_and_suppressed(sender: Client, edition: Edition) -> None:
    person = Subscriber.objects.get(normal="ann@example.org")
    here = f"/desk/people/{person.pk}/"
    assert send(sender, f"{here}leave/", mark_from=here).status_code == 302
    person.subscription.refresh_from_db()
    assert person.subscription.status == "left"
    assert Consent.objects.filter(subscriber=person).latest("pk").form == "desk"
    assert send(sender, f"{here}suppress/", mark_from=here).status_code == 302
    assert Suppression.objects.get(hashed=person.hashed).reason == "staff"
    page = text(sender.get(here))
    assert "left, suppressed since" in page
    assert "What you can do" not in page
    assert [entry.what for entry in LogEntry.objects.order_by("pk")][-2:] == [
        "unsubscribed a person",
        "suppressed a person",
    ]


def test_each_count_opens_the_names(sender: Client, edition: Edition, site: Any) -> None:
    here = f"/desk/editions/{edition.pk}/"
    assert "ann@example.org" in text(sender.get(f"{here}who/pending/"))
    assert "Nobody." in text(sender.get(f"{here}who/failed/"))
    assert sender.get(f"{here}who/lost/").status_code == 404


def test_an_edition_is_composed_here_and_tested(logged_in: Enter, site: Any) -> None:
    now = datetime.now(UTC)
    page_samples.subscriber(now)
    page_samples.post(site, now)
    editor = logged_in("editor")
    assert "Make it now" in text(editor.get("/desk/"))
    answer = send(editor, "/desk/compose/", mark_from="/desk/", campaign="weekly")
    made = Edition.objects.get()
    assert answer["Location"] == f"/desk/editions/{made.pk}/"
    assert (
        send(editor, f"/desk/editions/{made.pk}/test/", mark_from="/desk/", to="kim@example.org").status_code
        == 302
    )
    (mail,) = list(site.outbox_folder.rglob("*.eml"))
    assert b"Subject: [Test]" in mail.read_bytes()
    assert made.deliveries.count() == 0
    assert (
        send(editor, f"/desk/editions/{made.pk}/test/", mark_from="/desk/", to="no address").status_code
        == 400
    )
    assert send(editor, "/desk/compose/", mark_from="/desk/", campaign="none").status_code == 404


def test_the_mail_is_shown_as_one_person_gets_it_and_raw(sender: Client, edition: Edition) -> None:
    here = f"/desk/editions/{edition.pk}/preview/"
    assert "ann@example.org" in text(sender.get(here, {"as": "ann@example.org"}))
    assert "List-Unsubscribe:" in text(sender.get(here, {"part": "raw"}))
    refused = sender.get(here, {"as": "bob@example.org"})
    assert (refused.status_code, "Nobody is subscribed as bob@example.org" in text(refused)) == (400, True)
