"""What templates are given: plain dictionaries, lists and strings, with everything unfit for a mail taken
out.

What each name holds is written for those who edit templates in docs/mail.md, and a test keeps that true.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from newsletter.errors import RenderError
from newsletter.rendering import body, direction, enclosure, image_widths
from newsletter.rendering.body import fit
from newsletter.rendering.design import of_design
from newsletter.rendering.image_widths import COLUMN
from newsletter.rendering.mail_parts import Entry, Frame
from newsletter.rendering.plaintext import html_to_text
from newsletter.text.graphemes import cut_at_word

#: Characters of a title, of a summary, of the preheader, and of a title that is only linked.
TITLE, SUMMARY, PREHEADER, LINKED_TITLE = 300, 600, 140, 160
#: Characters of a name (an author's, a topic's), and how many names a post has room for.
NAME, NAMES = 80, 8
#: Pixels: no picture above a text is higher, and a small one beside a title fits into this square.
HIGHEST, THUMB = 600, 120
#: Where a sentence ends: a mark, what may close after it, and a space before something that may begin one. The
#: marks of Chinese and Japanese need no space.
_SENTENCE_END = re.compile(r"""[.!?…؟۔।]+["”’»)\]]*(?=\s+[^a-z\s])|[。！？]+[”」』]*""")


def line(value: str, most: int = 10_000) -> str:
    """The text on one line, cut at a word to ``most`` characters with an ellipsis."""
    return cut_at_word(re.sub("[ \t\n\u2028\u2029]+", " ", fit(value)).strip(" "), most)


def sentences(value: str, most: int) -> str:
    """The text on one line, cut after the last whole sentence that fits; at a word where that is too early."""
    flat = line(value, len(value))
    if len(flat) <= most:
        return flat
    ends = [match.end() for match in _SENTENCE_END.finditer(flat[: most + 2]) if match.end() <= most]
    return flat[: ends[-1]] if ends and ends[-1] > most // 3 else line(flat, most)


def of_frame(frame: Frame, subject: str, personal: Mapping[str, str], *, web: bool) -> dict[str, Any]:
    """The part of the context that is the same whatever posts are shown."""
    data = {key: fit(value) if isinstance(value, str) else value for key, value in frame.as_json().items()}
    data["postal_lines"] = [line(part) for part in fit(frame.postal_address).split("\n") if part.strip()]
    return {
        "frame": data,
        **_sides(frame.direction),
        "design": of_design(frame.design),
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
    links = [
        {
            "title": line(entry.title, LINKED_TITLE) or _link(entry),
            "url": _link(entry),
            "language": entry.language or frame.language,
        }
        for entry in linked
    ]
    return {
        "entries": list(entries),
        "linked": links,
        "unlinked": unlinked,
        "preheader": line(frame.preheader, PREHEADER) or _preheader(frame, entries, links),
    }


def of_entry(frame: Frame, entry: Entry, *, full: bool) -> dict[str, Any]:
    """One post; with its whole text when it is shown in full."""
    runs = _direction(entry, frame)
    title, date_text = line(entry.title, TITLE) or _link(entry), line(entry.date_text, NAME)
    # The first words of a text are no heading above that text: the day is, and is said once.
    heading = date_text if entry.untitled and date_text else title
    summary = sentences(entry.summary, SUMMARY)
    data: dict[str, Any] = {
        "title": title,
        "heading": heading,
        "url": _link(entry),
        "date_text": date_text,
        "byline_date": "" if heading == date_text else date_text,
        "authors": _names(entry.authors),
        # Of a picture without words the title is all there is.
        "summary": "" if summary == heading else summary,
        "topics": _names(entry.topics),
        **_picture(entry),
        "listen": enclosure.link(entry.enclosure),
        "language": entry.language or frame.language,
        "direction": runs,
        **_sides(runs),
        "shortened": False,
        "html": "",
        "text": "",
        "notes": [],
    }
    if full:
        html = body.fit_for_mail(entry.html, entry.url, runs)
        written = html_to_text.write(html)
        data |= {"html": html, "text": written.text, "notes": written.notes}
        if image_widths.shows(html, data["image"]):
            data["image"] = ""
    return data


def _link(entry: Entry) -> str:
    url = entry.url.strip()
    if not url.startswith(("http://", "https://")) or re.search(r"[\x00-\x20\x7f-\x9f\u2028\u2029]", url):
        raise RenderError(
            f'the post "{line(entry.title, 80)}" ({entry.key}) has no web address to read on at'
        )
    return fit(url)


def _preheader(frame: Frame, entries: Sequence[dict[str, Any]], links: Sequence[dict[str, Any]]) -> str:
    if not entries and not links:
        return sentences(frame.note, PREHEADER)
    if len(entries) == 1:
        return line(entries[0]["summary"], PREHEADER)
    return line(" · ".join(entry["title"] for entry in entries or links), PREHEADER)


def _names(names: Sequence[str]) -> list[str]:
    kept = [line(name, NAME) for name in names[:NAMES]]
    return [*kept, "…"] if len(names) > NAMES else kept


def _direction(entry: Entry, frame: Frame) -> str:
    """By its language where it has one, else by its letters: sources seldom say that a post is in Arabic."""
    if entry.language:
        return direction.of_language(entry.language)
    return direction.of_text(f"{entry.title} {entry.summary}", frame.direction)


def _sides(runs: str) -> dict[str, str]:
    return {"start": "right", "end": "left"} if runs == "rtl" else {"start": "left", "end": "right"}


def _picture(entry: Entry) -> dict[str, Any]:
    """The picture's address and the sizes it is shown at, in pixels; a height of 0 where nobody knows it.

    Where not even its width is known, it is shown at its own size, and at these widths at the most. Outlook on Windows
    knows no such limit, and goes by the width.
    """
    address = entry.image if entry.image and entry.image.startswith(("http://", "https://")) else ""
    width, height = max(entry.image_width, 0), max(entry.image_height, 0)
    return {
        "image": address,
        "image_alt": line(entry.image_alt, SUMMARY),
        "image_known": width > 0,
        **dict(
            zip(
                ("image_width", "image_height"),
                image_widths.scaled(width, height, COLUMN, HIGHEST),
                strict=True,
            )
        ),
        **dict(
            zip(
                ("thumb_width", "thumb_height"), image_widths.scaled(width, height, THUMB, THUMB), strict=True
            )
        ),
    }
