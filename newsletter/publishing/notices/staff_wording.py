"""What mails to staff say: plain facts in, words out. When they are sent is staff_mail.py's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.rendering.staff import StaffWords


@dataclass(frozen=True, slots=True)
class About:
    """The edition that a mail is about."""

    number: int
    campaign: str
    zone: str
    #: Aware, UTC.
    slot_at: datetime
    people: int = 0
    #: Titles of its posts, newest first.
    titles: list[str] = field(default_factory=list)
    #: Mail goes into files.
    practice: bool = False

    @property
    def name(self) -> str:
        """ "weekly, Tuesday 3 November 2026, 09:00 America/New_York"."""
        return f"{self.campaign}, {moment(self.slot_at, self.zone)}"


def moment(at: datetime, zone: str) -> str:
    """An instant as staff read it, with its zone: "Tuesday 3 November 2026, 09:00 America/New_York"."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M} {zone}"


def people(number: int) -> str:
    """ "1 person", "19,420 people"."""
    return "1 person" if number == 1 else f"{number:,} people"


def mails(number: int) -> str:
    """ "1 mail", "19,420 mails"."""
    return "1 mail" if number == 1 else f"{number:,} mails"


def proof_line(about: About) -> str:
    """The first line of a proof."""
    local = about.slot_at.astimezone(ZoneInfo(about.zone))
    practice = ", as practice into files" if about.practice else ""
    return (
        f"Proof: goes to {people(about.people)} at {local:%H:%M} {about.zone} "
        f"on {local:%A} {local.day} {local:%B %Y}{practice}."
    )


def waits(about: About, because: str, approve_by: datetime | None, *, again: bool) -> StaffWords:
    """An edition waits for a yes; ``again`` for a reminder."""
    if approve_by is not None:
        when = f"With your yes it goes to {people(about.people)} on {moment(about.slot_at, about.zone)}."
        otherwise = "If nobody says yes by then, it is skipped, and its posts come with the next edition."
    else:
        when = f"It goes to {people(about.people)} as soon as somebody says yes."
        otherwise = "Until then nothing of it is sent, and nothing in it is lost."
    return StaffWords(
        subject=f"{'Still waiting' if again else 'Please approve'}: {about.name}",
        heading=f"Edition {about.number} waits for your yes",
        paragraphs=[*([_sentence(because)] if because else []), when, otherwise, *_posts_line(about)],
        points=about.titles[:20],
        commands=[
            ["Look at it", f"newsletter editions preview {about.number}"],
            ["Say yes", f"newsletter editions approve {about.number}"],
            ["Call it off", f"newsletter editions cancel {about.number}"],
        ],
    )


def _posts_line(about: About, verb: str = "carries") -> list[str]:
    """What stands above the points."""
    if not about.titles:
        return []
    return [f"It {verb} 1 post:" if len(about.titles) == 1 else f"It {verb} {len(about.titles)} posts:"]


def sent(about: About, counts: Mapping[str, int], since: str, held: int) -> StaffWords:
    """What became of an edition that went out. ``counts`` by the words of delivery_counts.py, ``since`` such as "+3
    −1"."""
    total = f"{counts['sent']:,} of {about.people:,}"
    practice = " This was practice: the mails are files in the outbox." if about.practice else ""
    return StaffWords(
        subject=f"Sent to {total}: {about.name}",
        heading=f"Edition {about.number} is sent to {total}",
        paragraphs=[
            f"{about.name}.{practice}",
            *([f"Since it was made, people came and went: {since}."] if since not in ("", "+0 −0") else []),
            *_rest(counts),
            *_held(held),
            *_posts_line(about, "carried"),
        ],
        points=about.titles[:20],
        commands=[*_rest_commands(about.number, counts), *_held_commands(held)],
    )


def not_sent(about: About, because: str, held: int) -> StaffWords:
    """A slot at which nothing was sent, and why."""
    if because.startswith("nothing new"):
        heading, text = "Nothing new, nothing sent", "There was nothing new for anybody at this slot."
    else:
        heading = "Nothing sent"
        text = f"This slot was left out: {because}. Its posts come with the next edition."
    return StaffWords(
        subject=f"{heading}: {about.name}",
        heading=heading,
        paragraphs=[f"{about.name} (edition {about.number}).", text, *_held(held)],
        commands=_held_commands(held),
    )


def unfinished(about: About, counts: Mapping[str, int], after: timedelta, trouble: str) -> StaffWords:
    """An edition that has been going out for long and is not done."""
    hours = int(after.total_seconds() // 3600)
    total = f"{counts['sent']:,} of {about.people:,}"
    return StaffWords(
        subject=f"Not finished after {hours} hours: {about.name}",
        heading=f"Edition {about.number} is sent to {total}, and the rest waits",
        paragraphs=[
            f"{about.name}. It began more than {hours} hours ago.",
            *([f"What stands in the way: {trouble}"] if trouble else []),
            *_rest(counts),
            "It goes on by itself; one more mail comes when it is done.",
        ],
        commands=[
            ["See how it stands", f"newsletter editions show {about.number}"],
            ["See whether the relay takes mail", "newsletter check"],
            *_rest_commands(about.number, counts),
        ],
    )


def blocked(about: About, trouble: str) -> StaffWords:
    """An edition that cannot begin."""
    return StaffWords(
        subject=f"Cannot go out: {about.name}",
        heading=f"Edition {about.number} cannot go out yet",
        paragraphs=[
            f"{about.name}.",
            f"What stands in the way: {trouble}",
            "As soon as that is mended it goes out by itself, at its hour or, when that has passed, at once. Nothing "
            "is lost.",
        ],
        commands=[
            ["Look for more", "newsletter check"],
            ["Call it off; its posts come with the next", f"newsletter editions cancel {about.number}"],
        ],
    )


def stopped(about: About, *, each_post: bool) -> StaffWords:
    """An edition was stopped by the link in its proof."""
    if each_post:
        otherwise = "Posts that come after it wait as well until somebody decides."
    else:
        otherwise = "If nobody does before the next slot's edition goes, that one carries its posts."
    return StaffWords(
        subject=f"Stopped: {about.name}",
        heading=f"Edition {about.number} is stopped",
        paragraphs=[
            f"{about.name}. Somebody used the link in the proof. What was on the wire at that moment is finished; the "
            "rest stays until somebody decides.",
            otherwise,
        ],
        commands=[
            ["Let it go on", f"newsletter editions resume {about.number}"],
            ["Call it off", f"newsletter editions cancel {about.number}"],
        ],
    )


def paused(about: About, because: str) -> StaffWords:
    """An edition was paused by the program, because something is wrong with it."""
    return StaffWords(
        subject=f"Paused: {about.name}",
        heading=f"Edition {about.number} is paused",
        paragraphs=[f"{about.name}.", _sentence(because), "What has gone, has gone; the rest waits for you."],
        commands=[
            ["See how it stands", f"newsletter editions show {about.number}"],
            ["When that is mended, let it go on", f"newsletter editions resume {about.number}"],
            ["Call it off", f"newsletter editions cancel {about.number}"],
        ],
    )


def relay_was_away(since: datetime, until: datetime, zone: str, said: str) -> StaffWords:
    """Mail leaves again after some time."""
    return StaffWords(
        subject=f"Mail leaves again; it stood still from {moment(since, zone)}",
        heading="Mail leaves again",
        paragraphs=[
            f"From {moment(since, zone)} to {moment(until, zone)} no mail could leave. Nothing was lost; what waited "
            "goes out now.",
            f"What was said: {said}",
        ],
        commands=[["Look at the relay", "newsletter check"]],
    )


def crowded(waiting: int, most: int) -> StaffWords:
    """More people sign up than the site mails in an hour."""
    return StaffWords(
        subject="Far more sign-ups than usual: their confirmations wait their turn",
        heading="Far more sign-ups than usual",
        paragraphs=[
            f"In the last hour more than {most:,} people signed up. {mails(waiting).capitalize()} that ask for a yes "
            f"wait, and leave at {most:,} an hour. The form stays open; one network gets fewer sign-ups than usual.",
            "If you know of no reason for this, somebody is filling in the form by machine to annoy others. Nobody "
            "gets more than one such mail, and nobody is subscribed without a yes.",
        ],
        commands=[["Look at who signed up", "newsletter subscribers list"]],
    )


def topic_not_offered(name: str, number: int) -> str:
    """People chose a topic that config.toml does not name any more."""
    who = "1 person chose" if number == 1 else f"{number} people chose"
    return (
        f"{who} the topic “{name}”, and config.toml does not name it any more: no post is of that topic now. "
        f'If it has another name, write formerly = ["{name}"] into that topic\'s section; else offer it again'
    )


def topics_gone(gone: Mapping[str, int]) -> StaffWords:
    """The same as a mail."""
    return StaffWords(
        subject="People chose a topic that is not offered any more",
        heading="A topic is gone, and people chose it",
        paragraphs=[_sentence(topic_not_offered(name, number)) for name, number in gone.items()],
        commands=[["Look at it again", "newsletter check"]],
    )


def _rest(counts: Mapping[str, int]) -> list[str]:
    words = {
        "failed": "{mails} failed for good: the other side refused the address.",
        "skipped": "{mails} not sent: those people left, paused or are suppressed since.",
        "cancelled": "{mails} called off.",
        "deferred": "{mails} put off by the other side; tried again by itself.",
        "pending": "{mails} not sent yet.",
        "unknown": "{mails} in doubt: they may have arrived, and are not sent again unless you say so.",
    }
    return [text.format(mails=mails(counts[word])) for word, text in words.items() if counts.get(word)]


def _rest_commands(number: int, counts: Mapping[str, int]) -> list[list[str]]:
    commands = []
    if counts.get("unknown"):
        commands += [
            [
                "Send those in doubt again (they may arrive twice)",
                f"newsletter editions doubts {number} --send-again",
            ],
            ["Leave those in doubt as they are", f"newsletter editions doubts {number} --leave"],
        ]
    if counts.get("failed"):
        commands.append(["Try those that failed once more", f"newsletter editions retry {number}"])
    return commands


def _held(held: int) -> list[str]:
    if not held:
        return []
    return [
        "1 post is held and waits for your decision."
        if held == 1
        else f"{held} posts are held and wait for you."
    ]


def _held_commands(held: int) -> list[list[str]]:
    return [["See what is held", "newsletter posts list --state held"]] if held else []


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:].rstrip('.')}."
