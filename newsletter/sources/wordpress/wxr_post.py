"""What a record of a WordPress export means: is it a published post, and which. Files are read by wxr.py."""

from __future__ import annotations

import html as entities
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from newsletter import date_parsing
from newsletter.dates import PartialDate
from newsletter.sources.base import Enclosure
from newsletter.sources.html.images.image_sizes import told
from newsletter.sources.html.urls import absolute_url
from newsletter.sources.wordpress.autop import drawn
from newsletter.sources.wordpress.items import WordPressPost
from newsletter.sources.wordpress.reusable_blocks import Lost, nothing_lost
from newsletter.sources.wordpress.shortcodes import Picture
from newsletter.sources.wordpress.wxr import Record

#: More pictures of a site are not remembered.
_MOST_PICTURES = 200_000
#: More pictures of one gallery are not shown.
_MOST_SHOWN = 100
#: More reusable blocks of a site are not remembered, and none that is longer.
_MOST_PATTERNS, _MOST_PATTERN = 2_000, 200_000
#: Taxonomies whose terms are a post's categories.
_TAXONOMIES = frozenset({"category", "post_tag", "tag"})
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp)$", re.IGNORECASE)
#: How WordPress keeps what it knows of a picture's file: as PHP writes it.
_SIZE = re.compile(r'a:\d+:\{s:5:"width";[is](?::\d+)?:"?(\d+)"?;s:6:"height";[is](?::\d+)?:"?(\d+)"?;')
_NUMBER = re.compile(r"0*([1-9][0-9]{0,17})")


class RecordStanding(StrEnum):
    """What becomes of a record."""

    PUBLISHED = "published"
    #: A post that its author does not show to everybody: draft, pending, scheduled, private, with a password.
    DRAFT = "draft"
    #: A page, a menu entry, a revision, something in the trash.
    OTHER = "other"


@dataclass(slots=True)
class Library:
    """The pictures, reusable blocks and authors of a site, from all files of an export."""

    pictures: dict[int, Picture] = field(default_factory=dict)
    #: A post's number → those of the pictures that were uploaded to it, in order.
    attached: dict[int, list[int]] = field(default_factory=dict)
    #: The raw texts of reusable blocks ("patterns").
    patterns: dict[int, str] = field(default_factory=dict)
    #: Login name → the name that readers see.
    authors: dict[str, str] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """Remember a record if it is a picture or a reusable block."""
        if record.text("wp:post_type") == "wp_block":
            self._add_pattern(record)
        number, url = number_of(record.text("wp:post_id")), record.text("wp:attachment_url")
        if record.text("wp:post_type") != "attachment" or not number or not _PICTURE.search(url):
            return
        if len(self.pictures) >= _MOST_PICTURES or not absolute_url(url, ""):
            return
        alt = entities.unescape(record.meta.get("_wp_attachment_image_alt", ""))
        caption = record.fields.get("excerpt:encoded", "")
        said = _SIZE.match(record.meta.get("_wp_attachment_metadata", ""))
        size = told(said[1], said[2]) if said else (0, 0)
        self.pictures[number] = Picture(
            url, " ".join(alt.split())[:500], " ".join(caption.split())[:1000], size
        )
        if parent := number_of(record.text("wp:post_parent")):
            self.attached.setdefault(parent, []).append(number)

    def _add_pattern(self, record: Record) -> None:
        number, text = number_of(record.text("wp:post_id")), record.fields.get("content:encoded", "")
        shown = record.text("wp:status") == "publish" and not record.fields.get("wp:post_password", "")
        if number and shown and len(self.patterns) < _MOST_PATTERNS and len(text) <= _MOST_PATTERN:
            self.patterns[number] = text

    def gallery(self, post: int, numbers: list[int]) -> list[Picture]:
        """The pictures with these numbers that are known; with none given those of the post."""
        wanted = numbers or self.attached.get(post, [])
        return [self.pictures[number] for number in wanted[:_MOST_SHOWN] if number in self.pictures]


def number_of(text: str) -> int | None:
    """The number that WordPress counts by: above 0, and what a database holds; None for anything else."""
    found = _NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None


def standing(record: Record) -> RecordStanding:
    """What becomes of a record."""
    if record.text("wp:post_type") != "post" or not number_of(record.text("wp:post_id")):
        return RecordStanding.OTHER
    status = record.text("wp:status")
    if status in ("draft", "pending", "private", "future"):
        return RecordStanding.DRAFT
    if status != "publish":
        return RecordStanding.OTHER
    return RecordStanding.DRAFT if record.fields.get("wp:post_password", "") else RecordStanding.PUBLISHED


def post_of(record: Record, library: Library, zone: str, lost: Lost = nothing_lost) -> WordPressPost:
    """A published post. ``zone`` is for dates that WordPress kept without their UTC; ``lost`` is told what falls out of
    its text."""
    number = number_of(record.text("wp:post_id")) or 0
    thumbnail = library.pictures.get(number_of(record.meta.get("_thumbnail_id", "")) or 0)

    def gallery(numbers: list[int]) -> list[Picture]:
        return library.gallery(number, numbers)

    raw = record.fields.get("content:encoded", "")
    return WordPressPost(
        number=number,
        guid=record.text("guid"),
        link=record.text("link"),
        title=record.fields.get("title", ""),
        html=drawn(raw, gallery, library.patterns.get, lost) + _footnotes(record.meta.get("footnotes", "")),
        excerpt=drawn(record.fields.get("excerpt:encoded", ""), gallery),
        date=_date(record, zone),
        updated=_updated(record, zone),
        authors=_authors(record.text("dc:creator"), library),
        categories=tuple(name for domain, _, name in record.categories if domain in _TAXONOMIES),
        image=thumbnail.url if thumbnail else "",
        image_alt=thumbnail.alt if thumbnail else "",
        image_size=thumbnail.size if thumbnail else (0, 0),
        enclosure=_enclosure(record.meta.get("enclosure", "")),
    )


def _date(record: Record, zone: str) -> PartialDate | None:
    """In UTC where WordPress kept that; a post that was never saved with a date has zeros there."""
    spelled = (
        (record.text("wp:post_date_gmt"), "Z"),
        (record.text("wp:post_date"), ""),
        (record.text("pubDate"), ""),
    )
    for text, end in spelled:
        if text and not text.startswith("0000") and (found := date_parsing.parse(text + end, zone=zone)):
            return found
    return None


def _updated(record: Record, zone: str) -> datetime | None:
    text = record.text("wp:post_modified_gmt")
    found = date_parsing.parse(text + "Z", zone=zone) if text and not text.startswith("0000") else None
    return found.starts(zone) if found else None


def _authors(login: str, library: Library) -> tuple[str, ...]:
    """The name that readers see. A log-in that is a mail address is nobody's name."""
    name = library.authors.get(login, login)
    return (name,) if name and "@" not in name else ()


def _enclosure(text: str) -> Enclosure | None:
    """Three lines: address, length in bytes, media type (do_enclose() in WordPress)."""
    lines = [line.strip() for line in text.strip().split("\n")[:3]] + ["", ""]
    url = absolute_url(lines[0], "") if lines[0] else None
    if not url or not re.fullmatch(r"(?:audio|video)/[\w.+-]{1,60}", lines[2]):
        return None
    length = number_of(lines[1])
    return Enclosure(url, lines[2], length)


def _footnotes(text: str) -> str:
    """The notes of the block editor, which keeps them beside the text: [{"id": …, "content": …}]."""
    try:
        notes = json.loads(text) if text.strip() else []
    except (ValueError, RecursionError):
        return ""
    if not isinstance(notes, list):
        return ""
    entries = [
        f'<li id="{entities.escape(str(note.get("id", "")))}">{note["content"]}</li>'
        for note in notes[:_MOST_SHOWN]
        if isinstance(note, dict) and isinstance(note.get("content"), str)
    ]
    return f"<ol>{''.join(entries)}</ol>" if entries else ""
