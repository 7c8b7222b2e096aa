"""What a mail is made of: the frozen parts of an edition, and the personal values that are spliced in.

Frozen parts are plain data that survive JSON unchanged (``as_json`` and ``from_json``), because an edition
keeps them: a variant is a selection of these parts and nothing else.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self


class _Frozen:
    """To and from JSON."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)  # type: ignore[call-overload,no-any-return]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Entry(_Frozen):
    """One post, its text as it stood when the edition was frozen."""

    key: str
    title: str
    #: Where "read on" leads: the post's own page, absolute.
    url: str
    #: As shown to readers, with no more precision than the post has ("June 2017").
    date_text: str
    #: Plain text, never empty.
    summary: str
    #: Clean HTML with absolute addresses; empty where the edition shows summaries only.
    html: str = ""
    authors: list[str] = field(default_factory=list)
    image: str | None = None
    image_alt: str = ""
    #: In pixels, 0 where nobody says.
    image_width: int = 0
    image_height: int = 0
    #: The names of its topics as readers see them.
    topics: list[str] = field(default_factory=list)
    #: RFC 5646; empty for the language of the frame.
    language: str = ""
    #: A recording: {"url", "media_type", "length" in bytes or None}; None for none.
    enclosure: dict[str, Any] | None = None
    #: Its author gave it no title: ``title`` is the first words of its text, for the subject and for links.
    untitled: bool = False


@dataclass(frozen=True, slots=True)
class Frame(_Frozen):
    """Everything of an edition around its posts, the same for everyone who gets it."""

    #: "Latest from the Learning Hub"
    site_title: str
    organisation: str
    #: Without a slash at the end.
    site_url: str
    #: One or more lines; the law wants it in every mail (CAN-SPAM 15 USC 7704(a)(5)).
    postal_address: str
    #: May hold the words {title} (of the newest post), {count}, {date}; nothing else is replaced.
    subject: str
    #: "6 October 2026", the day of the slot in the campaign's zone.
    date_text: str
    from_name: str
    from_address: str
    reply_to: str
    #: The label and domain of List-Id (RFC 2919), such as "learning-hub.example.org".
    list_id: str
    #: Feedback-ID's four fields (Gmail), without anything personal.
    feedback_id: str = ""
    preheader: str = ""
    #: A few plain-text words from staff above the posts; empty for none.
    note: str = ""
    language: str = "en"
    #: "ltr" or "rtl"
    direction: str = "ltr"
    #: The web version, the same for everyone.
    web_url: str = ""
    archive_url: str = ""
    privacy_url: str = ""
    #: "weekly", "daily" … in words for "you asked for it weekly"
    cadence_text: str = ""
    #: Posts shown in full at the most; the rest become "and 4 more" with links.
    most: int = 10
    #: Colours, fonts, logo, footer: see rendering/design.py for the names.
    design: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Personal:
    """The values of one recipient that are spliced into the compiled message."""

    #: As it goes into To and RCPT: the IDN domain as an A-label.
    address: str
    #: As the person typed it, for "Sent to …".
    address_shown: str
    name: str
    unsubscribe_url: str
    preferences_url: str
    #: A mailbox with the token before the @, for the mailto: half of List-Unsubscribe; empty for none.
    unsubscribe_mailbox: str
    #: With angle brackets; a pure function of (edition, subscriber).
    message_id: str
    #: Aware; the moment of sending.
    date: datetime


@dataclass(frozen=True, slots=True)
class Rendered(_Frozen):
    """One variant: rendered once, with marks where personal values go."""

    subject: str
    html: str
    text: str
    #: Name of the personal value → the mark that stands for it (letters and digits, drawn at random).
    marks: dict[str, str]
