"""What templates are given: plain dictionaries, lists and strings, with everything unfit for a mail taken
out.

The names, for those who write templates:
    frame       every field of Frame, and frame.postal_lines
    start, end  "left" and "right", the other way round where the language runs from right to left
    design      accent, accent_dark, on_accent_dark, logo, logo_width
    subject     the subject, finished
    preheader   the words that inboxes show after the subject
    note        the paragraphs of staff's note, a list
    entries     the posts that are shown: title, url, date_text, authors, summary, topics, image, image_alt,
                language; for a post in full also html, text, notes (addresses) and shortened
    linked      the posts that are only linked: title, url
    unlinked    how many more there are than both
    personal    address_shown, name (may be empty), unsubscribe_url, preferences_url
    values      what a notice brings
    web         true for the version on the web, which has nothing personal in it
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from newsletter.errors import RenderError
from newsletter.rendering import body, text
from newsletter.rendering.body import fit
from newsletter.rendering.colours import readable
from newsletter.rendering.environment import DESIGN
from newsletter.rendering.parts import Entry, Frame

#: The card behind text in light and in dark mode, as in the templates' CSS.
CARD, CARD_DARK = "#ffffff", "#161b1a"

#: Characters of a title, of a summary, of the preheader, and of a title that is only linked.
TITLE, SUMMARY, PREHEADER, LINKED_TITLE = 300, 600, 140, 160


def line(value: str, most: int = 10_000) -> str:
    """The text on one line, cut at a word to ``most`` characters with an ellipsis."""
    flat = re.sub("[ \t\n\u2028\u2029]+", " ", fit(value)).strip(" ")
    if len(flat) <= most:
        return flat
    cut = flat[: most - 1]
    at_word = cut.rpartition(" ")[0]
    return (at_word if len(at_word) > most // 2 else cut).rstrip(" ,;:.") + "…"


def of_frame(frame: Frame, subject: str, personal: Mapping[str, str], *, web: bool) -> dict[str, Any]:
    """The part of the context that is the same whatever posts are shown."""
    data = {key: fit(value) if isinstance(value, str) else value for key, value in frame.as_json().items()}
    data["postal_lines"] = [line(part) for part in fit(frame.postal_address).split("\n") if part.strip()]
    backwards = frame.direction == "rtl"
    return {
        "frame": data,
        "start": "right" if backwards else "left",
        "end": "left" if backwards else "right",
        "design": _design(frame.design),
        "subject": subject,
        "note": [line(part, len(part)) for part in re.split(r"\n\s*\n", fit(frame.note)) if part.strip()],
        "personal": dict(personal),
        "values": {},
        "web": web,
    }


def of_entries(
    frame: Frame, entries: Sequence[dict[str, Any]], linked: Sequence[Entry], unlinked: int
) -> dict[str, Any]:
    """The part of the context that names the posts; ``entries`` come from ``of_entry``."""
    return {
        "entries": list(entries),
        "linked": [
            {"title": line(entry.title, LINKED_TITLE) or _link(entry), "url": _link(entry)}
            for entry in linked
        ],
        "unlinked": unlinked,
        "preheader": line(frame.preheader, PREHEADER) or _preheader(entries),
    }


def of_entry(entry: Entry, *, full: bool) -> dict[str, Any]:
    """One post; with its whole text when it is shown in full."""
    data: dict[str, Any] = {
        "title": line(entry.title, TITLE) or _link(entry),
        "url": _link(entry),
        "date_text": line(entry.date_text),
        "authors": [line(author, TITLE) for author in entry.authors[:20]],
        "summary": line(entry.summary, SUMMARY),
        "topics": [line(topic) for topic in entry.topics],
        "image": entry.image if entry.image and entry.image.startswith(("http://", "https://")) else "",
        "image_alt": line(entry.image_alt, SUMMARY),
        "language": entry.language,
        "shortened": False,
        "html": "",
        "text": "",
        "notes": [],
    }
    if full:
        html = body.fit_for_mail(entry.html, entry.url)
        written = text.write(html)
        data |= {"html": html, "text": written.text, "notes": written.notes}
        if data["image"] and data["image"] in data["html"]:
            data["image"] = ""
    return data


def _link(entry: Entry) -> str:
    url = entry.url.strip()
    if not url.startswith(("http://", "https://")) or re.search(r"[\x00-\x20\x7f-\x9f\u2028\u2029]", url):
        raise RenderError(
            f'the post "{line(entry.title, 80)}" ({entry.key}) has no web address to read on at'
        )
    return fit(url)


def _preheader(entries: Sequence[dict[str, Any]]) -> str:
    if len(entries) == 1:
        return line(entries[0]["summary"], PREHEADER)
    return line(" · ".join(entry["title"] for entry in entries), PREHEADER)


def _design(chosen: Mapping[str, str]) -> dict[str, str]:
    design = DESIGN | {key: value for key, value in chosen.items() if value}
    if not re.fullmatch(r"\d{2,3}", design["logo_width"]):
        raise RenderError(f'design.logo_width: "{design["logo_width"]}" is not a number of pixels')
    if design["logo"] and not design["logo"].startswith(("http://", "https://")):
        raise RenderError("design.logo is not a web address")
    # White on the accent is the accent on white, so one test serves links and buttons alike.
    design["accent"] = readable(design["accent"], CARD)
    design["accent_dark"] = readable(design["accent_dark"], CARD_DARK)
    return design
