"""The words of the link to a recording that comes with a post: "Listen (MP3, 24 MB)"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_VERBS = {"audio": "Listen", "video": "Watch"}
#: What people call a format, where that is not the end of its media type (IANA names, and what feeds write).
_NAMES = {
    "audio/mpeg": "MP3",
    "audio/mp4": "M4A",
    "audio/x-m4a": "M4A",
    "audio/x-wav": "WAV",
    "audio/vnd.wave": "WAV",
    "audio/x-flac": "FLAC",
    "video/quicktime": "MOV",
    "video/x-m4v": "M4V",
    "application/epub+zip": "EPUB",
}
_UNITS = ("KB", "MB", "GB")
_LONGEST_NAME = 8


def label(media_type: str, length: int | None) -> str:
    """ "Listen (MP3, 24 MB)" for a media type and its bytes; what is not known is left out."""
    kind = media_type.split(";")[0].strip().lower()
    about = ", ".join(part for part in (_format(kind), _size(length)) if part)
    verb = _VERBS.get(kind.partition("/")[0], "Download")
    return f"{verb} ({about})" if about else verb


def link(enclosure: Mapping[str, Any] | None) -> dict[str, str]:
    """What templates are given of Entry.enclosure: {"url", "label"}; empty without a web address."""
    given = enclosure or {}
    url = str(given.get("url") or "").strip()
    if not url.startswith(("http://", "https://")) or any(char.isspace() for char in url):
        return {}
    length = given.get("length")
    return {
        "url": url,
        "label": label(str(given.get("media_type") or ""), length if isinstance(length, int) else None),
    }


def _format(kind: str) -> str:
    name = _NAMES.get(kind) or kind.partition("/")[2].removeprefix("x-").upper()
    return name if name.isalnum() and len(name) <= _LONGEST_NAME else ""


def _size(length: int | None) -> str:
    """Decimal units, as phones and players count; one digit after the point below ten."""
    if not length or length < 1000:
        return ""
    power = 1
    while power < len(_UNITS) and length / 1000**power >= 999.5:
        power += 1
    size = length / 1000**power
    shown = f"{size:.1f}".removesuffix(".0") if size < 9.95 else f"{size:.0f}"
    return f"{shown} {_UNITS[power - 1]}"
