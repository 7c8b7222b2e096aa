"""Mails to staff: a plain page of words, and the banner that makes a proof of the mail that people will get.

They use nothing of the look of a site's mails: the mail that says a template is broken must not need that template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from newsletter.rendering.mail_parts import Frame, Rendered
from newsletter.rendering.mime.headers import checked, checked_link
from newsletter.rendering.plaintext.wrap import wrapped
from newsletter.rendering.templates.environment import fill, make_environment, template_names

#: The kind of their templates.
STAFF = "staff"

_BODY = re.compile(r"<body[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StaffWords:
    """What one mail to staff says. Plain text; every entry is one line."""

    subject: str
    heading: str
    paragraphs: list[str] = field(default_factory=list)
    #: A short list, such as the posts of an edition.
    points: list[str] = field(default_factory=list)
    #: What can be done: (what for, the command).
    commands: list[list[str]] = field(default_factory=list)


def render_staff(frame: Frame, words: StaffWords, templates: Mapping[str, str]) -> Rendered:
    """Render it; ``templates`` come from ``template_sources(…, STAFF)``. Nothing in it is personal.

    Raises RenderError, and UnsafeValue for a control character.
    """
    given: dict[str, Any] = {
        "site_title": frame.site_title,
        "organisation": frame.organisation,
        "heading": checked(words.heading, "the heading"),
        "paragraphs": [checked(line, "a paragraph") for line in words.paragraphs],
        "points": [checked(line, "a point") for line in words.points],
        "commands": [[checked(part, "a command") for part in pair] for pair in words.commands],
        "subject": checked(words.subject, "the subject"),
    }
    environment = make_environment(templates)
    html_name, text_name, subject_name = template_names(STAFF)
    subject = checked(fill(environment, subject_name, given).strip("\n"), "the subject")
    text = re.sub(r"\n{3,}", "\n\n", fill(environment, text_name, given)).strip("\n") + "\n"
    return Rendered(subject, fill(environment, html_name, given), text, {})


@dataclass(frozen=True, slots=True)
class Banner:
    """The line on top of a proof."""

    #: "Proof: goes to 412 people on Tuesday … at 09:00 America/New_York."
    sentence: str
    stop_url: str


def as_proof(subject: str, html: str, text: str, banner: Banner) -> Rendered:
    """The mail as people will get it, with a banner on top and [Proof] before its subject.

    ``html`` and ``text`` are complete: the places for personal values are filled. Raises UnsafeValue.
    """
    sentence = checked(banner.sentence, "the banner")
    link = checked_link(banner.stop_url, "the stop link")
    block = _BANNER.format(sentence=escape(sentence), link=escape(link, quote=True))
    start = _BODY.search(html)
    place = start.end() if start else 0
    line = f"{wrapped(sentence)}\nStop it: {link}\n{'=' * 72}\n\n"
    return Rendered(f"[Proof] {subject}", html[:place] + block + html[place:], line + text, {})


#: Its colours are its own, light and dark alike, so that nobody takes it for a part of the mail.
_BANNER = (
    '<table role="presentation" border="0" cellpadding="0" cellspacing="0" width="100%" bgcolor="#fff3c4">'
    '<tr><td align="center" bgcolor="#fff3c4" style="background-color:#fff3c4;color:#1f1a00;padding:14px 20px;'
    'font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:24px">{sentence} '
    '<a href="{link}" style="color:#7a1f00;font-weight:bold;text-decoration:underline">Stop it</a>'
    "</td></tr></table>"
)
