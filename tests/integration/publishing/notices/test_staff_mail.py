"""What staff are told: each thing once, in time, in words that name what to do; and nobody else is told anything."""

from __future__ import annotations

import email
import email.policy
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.conf import settings
from world import Relay, World, next_tuesday_nine

from newsletter.errors import TransportError
from newsletter.models import Delivery, Edition, Post, Site, StaffMail, Worker
from newsletter.publishing.decisions import edition_actions, post_actions
from newsletter.publishing.delivery import workers
from newsletter.publishing.editions import campaigns
from newsletter.publishing.editions.personalize import Links
from newsletter.publishing.from_config import open_transport
from newsletter.publishing.notices import staff_mail, stop_link
from newsletter.publishing.schedule import tick
from newsletter.transports.base import Envelope, Result
from subscribers.cadence import Cadence

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SAM, KIM = "sam@example.org", "kim@example.net"


class Staffed:
    """A world whose staff have mailboxes."""

    def __init__(self, world: World, *addresses: str, proof_minutes: int = 0) -> None:
        self.world, self.relay = world, Relay()
        mail = world.config.email.model_copy(update={"staff": list(addresses)})
        rhythm = world.config.schedule.model_copy(update={"proof_minutes": proof_minutes})
        world.config = world.config.model_copy(update={"email": mail, "schedule": rhythm})
        self.links = Links.of(world.config, settings.SUBSCRIBERS_LINKS_KEY)

    def run(self) -> list[EmailMessage]:
        """Let everything happen that is due, and return the new mails to staff."""
        self.world.run()
        return self.mail()

    def mail(self) -> list[EmailMessage]:
        before = len(self.relay.taken)
        staff_mail.look(self.world.config, self.world.now)
        self.send()
        return [parsed(content) for _, content in self.relay.taken[before:]]

    def send(self) -> Counter[str]:
        return staff_mail.send_staff_mail(self.world.config, self.links, self.relay.open, self.world.now)

    def at(self, moment: datetime) -> list[EmailMessage]:
        self.world.now = moment
        return self.run()


def parsed(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, EmailMessage, policy=email.policy.default)


def text(message: EmailMessage) -> str:
    return " ".join(message.get_body(("plain",)).get_content().split())


def html(message: EmailMessage) -> str:
    return message.get_body(("html",)).get_content()


def subjects(messages: list[EmailMessage]) -> list[str]:
    return [str(message["Subject"]) for message in messages]


@pytest.fixture
def staffed(world: World) -> Staffed:
    Site.objects.update(live_at=world.now)
    return Staffed(world, SAM)


@pytest.fixture
def proofed(world: World) -> Staffed:
    Site.objects.update(live_at=world.now)
    return Staffed(world, SAM, proof_minutes=60)


def one() -> int:
    """The newest edition's number."""
    return Edition.objects.order_by("-pk")[0].pk


# reports


def test_after_a_slot_one_mail_says_to_how_many_it_went(staffed: Staffed) -> None:
    world = staffed.world
    for name in ("ann", "bo", "cy"):
        world.join(name)
    world.release()
    world.relay.answers = [Result.SENT, Result.FAILED, Result.UNKNOWN]
    (report,) = staffed.at(next_tuesday_nine(world.now))
    assert report["Subject"] == "Sent to 1 of 3: weekly, Tuesday 3 November 2026, 09:00 America/New_York"
    assert report["To"] == SAM
    said = text(report)
    assert f"Edition {one()} is sent to 1 of 3" in said
    assert "1 mail failed for good" in said
    assert "1 mail in doubt: they may have arrived" in said
    assert f"newsletter editions doubts {one()} --send-again" in said
    assert f"It carried 1 post: - {Post.objects.get().title} " in said
    assert staffed.run() == []
    assert staffed.at(world.now + 5 * HOUR) == []


def test_nothing_new_is_said_once_a_slot(staffed: Staffed) -> None:
    staffed.world.join("ann")
    (report,) = staffed.at(next_tuesday_nine(staffed.world.now))
    assert report["Subject"].startswith("Nothing new, nothing sent: weekly, Tuesday 3 November 2026")
    assert staffed.world.relay.taken == []
    assert staffed.run() == []
    assert len(staffed.at(next_tuesday_nine(staffed.world.now))) == 1


def test_posts_that_wait_for_a_decision_are_named_in_the_report(staffed: Staffed) -> None:
    world = staffed.world
    world.join("ann")
    first, second = world.release(), world.release()
    post_actions.hold(world.posts[second].key, world.config, world.now)
    (report,) = staffed.at(next_tuesday_nine(world.now))
    assert world.got("ann") == [first]
    assert "1 post is held and waits for your decision." in text(report)
    assert "newsletter posts list --state held" in text(report)


def test_a_slot_left_out_is_reported_with_its_reason(staffed: Staffed) -> None:
    world = staffed.world
    rhythm = world.config.schedule.model_copy(update={"blackout": ["2026-11-03"]})
    world.config = world.config.model_copy(update={"schedule": rhythm})
    world.join("ann")
    world.release()
    (report,) = staffed.at(next_tuesday_nine(world.now))
    assert report["Subject"].startswith("Nothing sent: weekly")
    assert "its date is in schedule.blackout. Its posts come with the next edition." in text(report)


def test_each_post_is_reported_post_by_post(staffed: Staffed) -> None:
    world = staffed.world
    campaigns.resume("each-post", world.now)
    world.join("ann", Cadence.EACH_POST)
    for _ in (1, 2):
        world.release()
        (report,) = staffed.run()
        assert f"Edition {one()} is sent to 1 of 1" in text(report)


def test_a_retry_makes_no_second_report(staffed: Staffed) -> None:
    world = staffed.world
    world.join("ann")
    world.release()
    world.relay.answers = [Result.FAILED]
    staffed.at(next_tuesday_nine(world.now))
    edition_actions.retry_failed(Edition.objects.get().pk, world.now)
    assert staffed.at(world.now + HOUR) == []
    assert world.got("ann") == [1]


def test_what_is_long_past_is_no_news_for_who_is_named_today(world: World) -> None:
    world.join("ann")
    world.release()
    world.now = next_tuesday_nine(world.now)
    world.run()
    Site.objects.update(live_at=world.now)
    world.move(days=4)
    assert [mail for mail in Staffed(world, SAM).run() if "Sent" in mail["Subject"]] == []


def test_nobody_named_means_nobody_is_told_and_everything_works(world: World) -> None:
    world.join("ann")
    world.release()
    staffed = Staffed(world, proof_minutes=60)
    assert staffed.at(next_tuesday_nine(world.now)) == []
    assert world.got("ann") == [1]
    assert not StaffMail.objects.exists()


def test_everybody_named_is_told_once_however_many_schedulers_look(staffed: Staffed) -> None:
    staffed = Staffed(staffed.world, SAM, KIM, SAM)
    staffed.world.join("ann")
    staffed.world.now = next_tuesday_nine(staffed.world.now)
    staffed.world.run()
    event = next(staff_mail._reports(staffed.world.config, staffed.world.now))
    assert staff_mail.look(staffed.world.config, staffed.world.now) == 2
    staff_mail._queue(event, staffed.world.config, staffed.world.now)  # another looked at the same moment
    staffed.send()
    assert sorted(recipient for recipient, _ in staffed.relay.taken) == [KIM, SAM]


# what they are made of


def test_a_mail_to_staff_is_no_list_mail(staffed: Staffed) -> None:
    staffed.world.join("ann")
    (report,) = staffed.at(next_tuesday_nine(staffed.world.now))
    assert report["Auto-Submitted"] == "auto-generated"
    assert not [name for name in report.keys() if name.startswith("List-")]  # noqa: SIM118
    assert "Precedence" not in report
    assert "unsubscribe" not in text(report).lower()
    assert "email.staff" in text(report)
    assert "<h1" in html(report)
    assert not Delivery.objects.exists()


def test_titles_and_relays_words_cannot_break_out_of_it(staffed: Staffed) -> None:
    world = staffed.world
    campaigns.edit("weekly", world.now, approval=True)
    world.join("ann")
    world.release()
    Post.objects.update(title="<b>zq1zq</b>\r\nBcc: eve@example.org \x1b[31m\u202e")
    tick.tick(world.config, world.now)
    mails = staffed.mail()
    assert [mail["Subject"].partition(":")[0] for mail in mails] == ["Please approve", "Cannot go out"]
    for mail in mails:
        assert mail.keys().count("Bcc") == 0
        assert "<b>zq1zq" not in html(mail)
        assert "&lt;b&gt;zq1zq&lt;/b&gt;" in html(mail)
        assert "\x1b" not in html(mail) + text(mail)


def test_in_practice_they_go_into_the_outbox(world: World) -> None:
    mail = world.config.email.model_copy(update={"transport": "outbox", "staff": [SAM]})
    world.config = world.config.model_copy(update={"email": mail})
    world.join("ann")
    world.release()
    world.now = next_tuesday_nine(world.now)
    world.run()
    staff_mail.look(world.config, world.now)
    links = Links.of(world.config, settings.SUBSCRIBERS_LINKS_KEY)
    assert (
        staff_mail.send_staff_mail(world.config, links, open_transport(world.config), world.now)["sent"] == 1
    )
    (file,) = world.config.outbox_folder.rglob("*.eml")
    assert "This was practice" in text(parsed(file.read_bytes()))


def test_before_live_nothing_goes_to_a_relay_elsewhere(world: World) -> None:
    smtp = world.config.email.smtp.model_copy(update={"host": "relay.example.org"})
    world.config = world.config.model_copy(
        update={"email": world.config.email.model_copy(update={"smtp": smtp})}
    )
    staffed = Staffed(world, SAM)
    world.join("ann")
    world.now = next_tuesday_nine(world.now)
    tick.tick(world.config, world.now)
    assert staffed.mail() == []
    assert StaffMail.objects.get().state == "pending"
    world.move(days=4)
    Site.objects.update(live_at=world.now)
    assert staffed.mail() == []
    assert StaffMail.objects.order_by("pk")[0].state == "skipped", "four days later it is no news"


def test_a_broken_relay_loses_none_and_a_dead_process_sends_it_again(staffed: Staffed) -> None:
    def away(_: Envelope) -> None:
        raise TransportError("no answer")

    staffed.world.join("ann")
    staffed.relay.before = away
    assert staffed.at(next_tuesday_nine(staffed.world.now)) == []
    worker = Worker.objects.create(started_at=staffed.world.now, host="x", pid=1)
    StaffMail.objects.update(state="sending", worker=worker)
    workers.sweep(staffed.world.now)
    staffed.relay.before = None
    assert len(staffed.mail()) == 1


def test_a_relay_that_was_away_is_told_when_it_is_back(staffed: Staffed) -> None:
    config, now = staffed.world.config, staffed.world.now
    assert staff_mail.relay_was_away(config, now - 5 * MINUTE, now, "no answer") == 0
    assert staff_mail.relay_was_away(config, now - 3 * HOUR, now, "no\nanswer") == 1
    staff_mail.relay_was_away(config, now - 3 * HOUR, now + MINUTE, "no answer")
    (mail,) = staffed.mail()
    assert "no mail could leave" in text(mail)
    assert "What was said: no answer" in text(mail)


# approval


@pytest.fixture
def waiting(staffed: Staffed) -> Staffed:
    """An edition of two posts waits for approval, two days before its hour; staff were asked."""
    world = staffed.world
    campaigns.edit("weekly", world.now, approval=True, weekday=3)  # Thursday 2026-11-05, 14:00 UTC
    world.join("ann")
    world.release()
    world.release()
    (asked,) = staffed.at(datetime(2026, 11, 3, 14, 0, tzinfo=UTC))
    assert asked["Subject"] == "Please approve: weekly, Thursday 5 November 2026, 09:00 America/New_York"
    said = text(asked)
    assert "With your yes it goes to 1 person on Thursday 5 November 2026, 09:00 America/New_York." in said
    assert "If nobody says yes by then, it is skipped, and its posts come with the next edition." in said
    assert "It carries 2 posts:" in said
    assert f"newsletter editions approve {one()}" in said
    return staffed


SLOT = datetime(2026, 11, 5, 14, 0, tzinfo=UTC)


def test_reminders_come_a_day_and_two_hours_before_once_each(waiting: Staffed) -> None:
    came = []
    moment = waiting.world.now
    while moment < SLOT:
        moment += 30 * MINUTE
        if moment < SLOT:
            came += [moment] * len(waiting.at(moment))
    assert came == [SLOT - 24 * HOUR, SLOT - 2 * HOUR]
    (report,) = waiting.at(SLOT)
    assert "nobody approved it by its hour" in text(report)


def test_reminders_that_nobody_was_there_to_send_are_one(waiting: Staffed) -> None:
    (mail,) = waiting.at(SLOT - HOUR)
    assert mail["Subject"].startswith("Still waiting: weekly")
    assert waiting.at(SLOT - HOUR + MINUTE) == []


def test_approved_nobody_is_reminded(waiting: Staffed) -> None:
    edition_actions.approve(one(), waiting.world.now)
    assert waiting.at(SLOT - 24 * HOUR) == []
    assert waiting.at(SLOT - 2 * HOUR) == []
    assert subjects(waiting.at(SLOT)) == [
        "Sent to 1 of 1: weekly, Thursday 5 November 2026, 09:00 America/New_York"
    ]


def test_a_reminder_that_was_queued_is_not_sent_after_the_yes(waiting: Staffed) -> None:
    waiting.world.now = SLOT - 24 * HOUR
    assert staff_mail.look(waiting.world.config, waiting.world.now) == 1
    edition_actions.approve(one(), waiting.world.now)
    assert waiting.send() == Counter(skipped=1)


def test_without_an_hour_it_is_mentioned_after_a_day_and_after_three(staffed: Staffed) -> None:
    world = staffed.world
    campaigns.resume("each-post", world.now)
    campaigns.edit("each-post", world.now, approval=True)
    world.join("ann", Cadence.EACH_POST)
    world.release()
    (asked,) = staffed.run()
    assert "as soon as somebody says yes" in text(asked)
    begun = world.now
    came = []
    for hours in range(1, 100):
        mails = [m for m in staffed.at(begun + hours * HOUR) if "each-post" in m["Subject"]]
        came += [hours] * len(mails)
    assert came == [24, 72]


def test_going_back_to_approval_for_another_reason_is_told_anew(waiting: Staffed) -> None:
    world = waiting.world
    edition_actions.approve(one(), world.now)
    post_actions.withdraw(world.posts[1].key, world.config, world.now)
    (mail,) = waiting.at(world.now + MINUTE)
    assert "was taken out of it" in text(mail)


# trouble


def test_a_template_that_blocks_is_told_once_a_day_with_file_and_line(staffed: Staffed) -> None:
    world = staffed.world
    for number in range(2):
        world.release()
        world.join(f"p{number}")
    world.join("ann")
    folder = world.config.folder / "templates" / "email"
    for name in ("digest.html", "post.html"):
        (folder / name).write_text((folder / name).read_text().replace("e.title", "e.titel"))
    world.release()
    world.now = next_tuesday_nine(world.now)
    mails = []
    for _ in range(30):
        tick.tick(world.config, world.now)
        mails += staffed.mail()
        world.move(minutes=1)
    (mail,) = mails
    assert "titel" in text(mail)
    assert "digest.html" in text(mail)


def test_an_edition_that_is_not_done_after_three_hours_is_mentioned_once(staffed: Staffed) -> None:
    world = staffed.world
    world.join("ann")
    world.join("bo")
    world.release()
    slot = next_tuesday_nine(world.now)
    world.relay.answers = [Result.SENT] + [Result.DEFERRED] * 40
    assert staffed.at(slot) == []
    assert staffed.at(slot + HOUR) == []
    (mail,) = staffed.at(slot + 3 * HOUR)
    assert mail["Subject"].startswith("Not finished after 3 hours: weekly")
    assert f"Edition {one()} is sent to 1 of 2, and the rest waits" in text(mail)
    assert "1 mail put off by the other side" in text(mail)
    assert staffed.at(slot + 5 * HOUR) == []
    world.relay.answers = []
    (report,) = staffed.at(slot + 20 * HOUR)
    assert report["Subject"].startswith("Sent to 2 of 2")


# proofs


def drafted(proofed: Staffed) -> list[EmailMessage]:
    world = proofed.world
    world.join("ann", topics=["food"])
    world.join("bo")
    world.join("cy")
    world.release(["land"])
    slot = next_tuesday_nine(world.now)
    assert proofed.at(slot - 61 * MINUTE) == []
    return proofed.at(slot - 60 * MINUTE)


def test_an_hour_before_staff_get_the_very_mail_with_a_link_that_stops_it(proofed: Staffed) -> None:
    (proof,) = drafted(proofed)
    world, slot = proofed.world, next_tuesday_nine(proofed.world.now)
    assert proof["Subject"] == "[Proof] zq1zq"
    line = "Proof: goes to 2 people at 09:00 America/New_York on Tuesday 3 November 2026."
    assert text(proof).startswith(f"{line} Stop it: {stop_link.link(one(), proofed.links)} ")
    assert line in html(proof)
    assert f'href="{stop_link.link(one(), proofed.links)}"' in html(proof)
    assert proof["Auto-Submitted"] == "auto-generated"
    assert not [name for name in proof.keys() if name.startswith("List-")]  # noqa: SIM118
    assert not Delivery.objects.exists()
    assert proofed.at(world.now + MINUTE) == []
    proofed.at(slot)
    sent = parsed(world.relay.taken[0][1])
    below = html(proof).partition("</table>")[2]
    assert "<p>zq1zq</p>" in below
    assert "<p>zq1zq</p>" in html(sent)
    assert sorted(to for to, _ in world.relay.taken) == ["bo@example.org", "cy@example.org"]


def test_what_is_released_after_the_proof_comes_with_the_next(proofed: Staffed) -> None:
    drafted(proofed)
    world = proofed.world
    late = world.release()
    proofed.at(next_tuesday_nine(world.now))
    assert world.got("bo") == [1]
    proofed.at(next_tuesday_nine(world.now))
    assert world.got("bo") == [1, late]


def test_each_post_is_proofed_when_its_wait_begins_and_stays_open_to_mending(proofed: Staffed) -> None:
    world = proofed.world
    campaigns.resume("each-post", world.now)
    campaigns.edit("each-post", world.now, wait_minutes=30)
    world.join("ann", Cadence.EACH_POST)
    world.release()
    (proof,) = proofed.run()
    assert "Proof: goes to 1 person at 03:30 America/New_York" in text(proof)
    assert "zq1zq" in text(proof)
    assert Edition.objects.get().frozen_at is None
    Post.objects.update(title="zq88zq")
    world.move(minutes=30)
    proofed.run()
    assert world.got("ann") == [88]


def test_stopped_by_its_link_nothing_goes_and_the_others_are_told(proofed: Staffed) -> None:
    drafted(proofed)
    world = proofed.world
    token = stop_link.link(one(), proofed.links).rpartition("/")[2]
    assert stop_link.find(token, proofed.links.key).standing == "before"
    for _ in range(2):
        assert stop_link.stop(one(), proofed.world.now).standing == "stopped"
    (mail,) = proofed.at(next_tuesday_nine(world.now))
    assert mail["Subject"].startswith("Stopped: weekly")
    assert f"newsletter editions resume {one()}" in text(mail)
    assert world.relay.taken == []
    edition_actions.resume(one(), proofed.world.now)
    (report,) = proofed.run()
    assert report["Subject"].startswith("Sent to 2 of 2")


def test_a_stop_while_it_goes_out_keeps_the_rest_back(proofed: Staffed) -> None:
    from newsletter.publishing.schedule import enqueue

    drafted(proofed)
    world = proofed.world
    world.until(next_tuesday_nine(world.now))
    enqueue.step(one(), world.now, chunk=2)  # ann and bo: only bo has a mail
    world.deliver()
    standing = stop_link.stop(one(), proofed.world.now)
    assert (standing.standing, standing.sent) == ("stopped", 1)
    world.run()
    assert len(world.relay.taken) == 1
    edition_actions.resume(one(), proofed.world.now)
    world.run()
    assert len(world.relay.taken) == 2


def test_a_stop_after_it_was_sent_says_so_and_changes_nothing(proofed: Staffed) -> None:
    drafted(proofed)
    proofed.at(next_tuesday_nine(proofed.world.now))
    standing = stop_link.stop(one(), proofed.world.now)
    assert (standing.standing, standing.state, standing.sent) == ("over", "sent", 2)


def test_no_proof_of_what_waits_for_a_yes_and_one_when_it_has_it(proofed: Staffed) -> None:
    world = proofed.world
    campaigns.edit("weekly", world.now, approval=True)
    world.join("ann")
    world.release()
    slot = next_tuesday_nine(world.now)
    proofed.run()
    assert all(mail["Subject"].startswith("Still") for mail in proofed.at(slot - 50 * MINUTE))
    edition_actions.approve(one(), world.now)
    assert subjects(proofed.at(slot - 49 * MINUTE)) == ["[Proof] zq1zq"]


def test_another_hour_makes_another_proof(proofed: Staffed) -> None:
    drafted(proofed)
    world = proofed.world
    edition_actions.schedule(one(), world.now + 3 * HOUR, world.now)
    (proof,) = proofed.at(world.now + 2 * HOUR)
    assert "at 11:00 America/New_York" in text(proof)


def test_a_proof_that_comes_too_late_is_not_sent(proofed: Staffed) -> None:
    world = proofed.world
    world.join("bo")
    world.release()
    slot = next_tuesday_nine(world.now)
    world.until(slot - 30 * MINUTE)
    staff_mail.look(world.config, world.now)
    world.now = slot + MINUTE
    assert proofed.send() == Counter(skipped=1)


def test_no_proof_where_nobody_would_get_anything(proofed: Staffed) -> None:
    world = proofed.world
    world.join("ann", topics=["food"])
    world.release(["land"])
    slot = next_tuesday_nine(world.now)
    assert proofed.at(slot - 30 * MINUTE) == []
    (report,) = proofed.at(slot)
    assert report["Subject"].startswith("Nothing new, nothing sent")


def test_days_are_said_in_the_campaigns_zone() -> None:
    from newsletter.publishing.notices.staff_wording import moment

    at = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)
    assert moment(at, "Australia/Lord_Howe") == "Wednesday 4 November 2026, 10:30 Australia/Lord_Howe"
    assert date(2026, 11, 4).strftime("%A") == "Wednesday"


def test_every_mail_to_staff_has_a_message_id_of_its_own(staffed: Staffed) -> None:
    staffed = Staffed(staffed.world, SAM, KIM)
    staffed.world.join("ann")
    mails: list[Any] = staffed.at(next_tuesday_nine(staffed.world.now))
    assert len({mail["Message-ID"] for mail in mails}) == len(mails) == 2
