"""Bytes of pictures: of which kind they are, how large, and as files of ours. What a post shows is
content_images.py's."""

from __future__ import annotations

import hashlib
import re
import struct

from newsletter.sources.base import MediaFile

#: Of one picture, in bytes.
MOST_BYTES = 5 * 1024 * 1024
#: name's ending → type, by how the content begins; nothing else is stored, whatever it says it is.
_ENDINGS = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
}
#: JPEG's frame headers (ITU-T T.81, table B.1), which tell the size; C4, C8 and CC are others.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: EXIF orientations that stand on their side.
_SIDEWAYS = frozenset({5, 6, 7, 8})


def media_file(content: bytes) -> MediaFile | None:
    """A picture as a file of ours, named by its content; None for what is no picture of a kind that is served, and for
    one of more than MOST_BYTES."""
    ending = kind_of(content)
    if not ending or len(content) > MOST_BYTES:
        return None
    return MediaFile(f"{hashlib.sha256(content).hexdigest()[:32]}.{ending}", _ENDINGS[ending], content)


def kind_of(content: bytes) -> str:
    """The ending for a picture by how it begins ("png", "jpg", "gif", "webp", "avif"); empty for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[4:12] in (b"ftypavif", b"ftypavis"):
        return "avif"
    return ""


def size_of(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, as the picture is shown; None where its bytes do not tell. Raises nothing."""
    read = {"png": _png, "jpg": _jpeg, "gif": _gif, "webp": _webp, "avif": _avif}.get(kind_of(content))
    try:
        found = read(content) if read else None
    except (struct.error, IndexError):
        return None
    return found if found and min(found) > 0 else None


def _png(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _gif(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack("<HH", content[6:10])
    return width, height


def _jpeg(content: bytes) -> tuple[int, int] | None:
    place, sideways = 2, False
    while place + 9 < len(content):
        if content[place] != 0xFF:
            return None
        marker = content[place + 1]
        if marker == 0xFF:  # fill
            place += 1
            continue
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return (height, width) if sideways else (width, height)
        if marker == 0xE1 and content[place + 4 : place + 10] == b"Exif\0\0":
            sideways = _orientation(content[place + 10 : place + 2 + length]) in _SIDEWAYS
        place += 2 + max(length, 2)
    return None


def _orientation(tiff: bytes) -> int:
    """The Orientation of EXIF's first directory; 1 where it has none."""
    order = "<" if tiff[:2] == b"II" else ">"
    start = struct.unpack(f"{order}I", tiff[4:8])[0]
    for number in range(min(struct.unpack(f"{order}H", tiff[start : start + 2])[0], 200)):
        entry = tiff[start + 2 + number * 12 : start + 14 + number * 12]
        if len(entry) == 12 and struct.unpack(f"{order}H", entry[:2])[0] == 0x0112:
            return int(struct.unpack(f"{order}H", entry[8:10])[0])
    return 1


def _webp(content: bytes) -> tuple[int, int] | None:
    """By its first chunk (RFC 9649 §2.5 to 2.7)."""
    match content[12:16]:
        case b"VP8 ":
            width, height = struct.unpack("<HH", content[26:30])
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            bits = int.from_bytes(content[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    return None


def _avif(content: bytes) -> tuple[int, int] | None:
    """The largest spatial extent among the item properties (ISO/IEC 23008-12 §6.5.3): the others are thumbnails."""
    found = [
        struct.unpack(">II", content[at.end() + 4 : at.end() + 12])
        for at in re.finditer(b"ispe", content[:20_000])
    ]
    return max(found, default=None)
