"""Invented posts and a frame around them, for tests of mails; nobody and nothing in them exists."""

from __future__ import annotations

import dataclasses
import secrets
from typing import Any

from newsletter.rendering.mail_parts import Entry, Frame, Personal
from newsletter.rendering.preview import preview_personal

LONG_HTML = """
<p>For eleven winters the tide tables of Port Ellery were printed forty miles inland, by people who had never seen
the harbour drain. This autumn the school on Quayside Lane began to make its own, and
<a href="https://hub.example.org/posts/measuring?from=mail&amp;week=40">measured every low water</a> for a year.</p>
<h2>A ruler, a lamp and a rota</h2>
<p>It began with a three-metre ruler and a <em>very</em> patient caretaker. “We asked for volunteers and expected
four,” says Oda Brandt, who teaches geography. “By the end of the week there was a waiting list.”</p>
<figure><img src="https://hub.example.org/media/ruler.jpg" width="1200" height="675"
alt="Two pupils in yellow coats read a wooden ruler at the harbour wall">
<figcaption>The ruler at the east wall, one hour before low water.</figcaption></figure>
<blockquote><p>Nobody believes a number until they have stood in the rain for it.</p>
<p>After that, nobody lets you round it.</p></blockquote>
<h3>What a reading needs</h3>
<ul><li>the time, to the minute, from the church clock</li>
<li>the height, read twice by two people<ul><li>once from the wall</li><li>once from the steps</li></ul></li>
<li>a name, so that somebody can be asked</li></ul>
<ol start="3"><li>Write it down.</li><li>Only then get warm.</li></ol>
<table><caption>First week</caption><tr><th>Day</th><th>Low water</th><th>Height</th></tr>
<tr><td>Monday</td><td>06:12</td><td>0.4 m</td></tr><tr><td>Tuesday</td><td>06:58</td><td>0.3 m</td></tr></table>
<pre><code>height = (wall + steps) / 2
if abs(wall - steps) &gt; 0.05: read_again()</code></pre>
<p>The tables are free to copy: https://hub.example.org/tables/a-very-long-address-that-must-not-widen-a-telephone<br>
Questions go to <a href="mailto:tides@hub.example.org">tides@hub.example.org</a>.</p>
<hr><p>Next month: <strong>what the gulls knew</strong>, and a
<a href="https://hub.example.org/posts/gulls">first look at the recordings</a>.</p>
"""

_SUMMARIES = (
    (
        "How the tide tables came home",
        "A school on Quayside Lane measured every low water for a year with a ruler, a lamp and a rota. Its tables "
        "now hang in the harbour office, and the printers inland have asked for a copy.",
        ["Learning outdoors"],
        ["Oda Brandt"],
    ),
    (
        "Seven questions to ask before you record an elder",
        "Whose story is it, who may hear it, and what happens to the tape? A short list from the listening project, "
        "tried out in eleven kitchens.",
        ["Listening"],
        ["Mateo Quispe", "Hana Lindqvist"],
    ),
    ("The seed library opens on Saturdays", "Take a packet, bring two back next year.", [], []),
    (
        "What the night bus taught us about timetables",
        "Riders kept a diary for a month. Three small changes came out of it, and one of them cost nothing.",
        ["Getting about", "Listening"],
        ["Ines Okonjo"],
    ),
    (
        "A map of every bench",
        "Two hundred and six of them, with shade, slope and company.",
        [],
        ["Tom Arkwright"],
    ),
)


def frame(**changes: Any) -> Frame:
    """The frame of a weekly digest on hub.example.org."""
    given: dict[str, Any] = {
        "site_title": "Latest from the Learning Hub",
        "organisation": "Harbour Learning Trust",
        "site_url": "https://hub.example.org",
        "postal_address": "14 Quayside Lane\nPort Ellery PE4 2XX",
        "subject": "{title}",
        "date_text": "6 October 2026",
        "from_name": "Harbour Learning Trust",
        "from_address": "hub@example.org",
        "reply_to": "answers@example.org",
        "list_id": "learning-hub.example.org",
        "feedback_id": "7:weekly:edition:learning-hub",
        "web_url": "https://hub.example.org/editions/7/",
        "archive_url": "https://hub.example.org/",
        "privacy_url": "https://hub.example.org/privacy",
        "cadence_text": "once a week",
    }
    return Frame(**given | changes)


def long_entry(**changes: Any) -> Entry:
    """A post in full, with everything that posts are made of."""
    given: dict[str, Any] = {
        "key": "tides",
        "title": "How the tide tables came home",
        "url": "https://hub.example.org/posts/tides",
        "date_text": "2 October 2026",
        "summary": _SUMMARIES[0][1],
        "html": LONG_HTML,
        "authors": ["Oda Brandt"],
        "topics": ["Learning outdoors"],
    }
    return Entry(**given | changes)


def short_entry(**changes: Any) -> Entry:
    """A post of two sentences, by nobody, about nothing that has a topic."""
    given: dict[str, Any] = {
        "key": "closed",
        "title": "Closed on Monday",
        "url": "https://hub.example.org/posts/closed",
        "date_text": "June 2026",
        "summary": "The hub is closed on Monday.",
        "html": "<p>The hub is closed on Monday. The garden is not.</p>",
    }
    return Entry(**given | changes)


def digest_entries(number: int = 5) -> list[Entry]:
    """Summaries, the first with a picture; beyond five they repeat under other names."""
    entries = []
    for place in range(number):
        title, summary, topics, authors = _SUMMARIES[place % len(_SUMMARIES)]
        part = f", part {place // len(_SUMMARIES) + 1}" if place >= len(_SUMMARIES) else ""
        entries.append(
            Entry(
                key=f"post-{place}",
                title=title + part,
                url=f"https://hub.example.org/posts/{place}",
                date_text=f"{max(1, 5 - place)} October 2026",
                summary=summary,
                authors=authors,
                topics=topics,
                image="https://hub.example.org/media/harbour.jpg" if place == 0 else None,
                image_alt="The harbour at low water, seen from the school" if place == 0 else "",
            )
        )
    return entries


def somebody(**changes: Any) -> Personal:
    """A recipient with everything that a recipient has."""
    token = secrets.token_hex(13)
    given: dict[str, Any] = {
        "address": "noor@example.org",
        "address_shown": "Noor@example.org",
        "name": "Noor Haddad",
        "unsubscribe_url": f"https://hub.example.org/unsubscribe/{token}",
        "preferences_url": f"https://hub.example.org/preferences/{token}",
        "unsubscribe_mailbox": f"leave+{token}@example.org",
        "message_id": f"<{token}@example.org>",
    }
    return dataclasses.replace(preview_personal(), **given | changes)
