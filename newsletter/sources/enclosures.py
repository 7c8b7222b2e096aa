"""Recordings that belong to a post, such as a podcast's: which one a text links to, and what kind a file is."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from newsletter.sources.base import Enclosure
from newsletter.sources.frontmatter.keys import FrontMatterKeys
from newsletter.sources.html.sanitize import absolute_url
from newsletter.text.graphemes import cut

#: Endings of files → their types: the same on every system, unlike the mimetypes module's.
_TYPES = {
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "m4b": "audio/mp4", "aac": "audio/aac", "ogg": "audio/ogg",
    "oga": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav", "flac": "audio/flac", "mp4": "video/mp4",
    "m4v": "video/x-m4v", "mov": "video/quicktime", "webm": "video/webm", "ogv": "video/ogg",
}  # fmt: skip
#: What generators and their podcast themes call it.
_KEYS = (
    "audio", "audio_url", "audio_file", "audio_link", "enclosure", "podcast", "podcast_file", "podcast_url",
    "episode_url",
)  # fmt: skip
_ADDRESSES = ("url", "src", "href", "file", "path", "link", "mp3")
_SIZES = ("length", "size", "bytes", "filesize", "file_size")
_SIZES_BESIDE = ("audio_size", "audio_file_size", "enclosure_length", "podcast_file_size", "file_size")
_LEAST_BYTES = 1000
_LINK = re.compile(r'<a href="([^"]{1,2000})"')


def type_of(address: str) -> str:
    """The media type of a recording by the ending of its address; empty for anything else."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    return _TYPES.get(path.rpartition(".")[2].lower(), "")


def recording_in(html: str) -> Enclosure | None:
    """The first sound file that some clean HTML links to: a player became such a link in embeds.py.

    A film that is linked to is the text's, not the post's: only a source can say otherwise.
    """
    for found in _LINK.finditer(html):
        address = entities.unescape(found[1])
        media_type = type_of(address)
        if media_type.startswith("audio/"):
            return Enclosure(address, media_type)
    return None


def recording_named(keys: FrontMatterKeys, base_url: str) -> Enclosure | None:
    """The recording that front matter names: by an address, by "ADDRESS BYTES TYPE" as in WordPress, or by keys below.

    Raises SourceError with file and line for what has no address on the web.
    """
    name, value = keys.value(*_KEYS)
    while isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, Mapping):
        inner = FrontMatterKeys(value, "", "")
        parts = [inner.text(*_ADDRESSES), inner.text(*_SIZES), inner.text("type", "mime", "mime_type")]
    else:
        parts = [*str(value or "").split(), "", "", ""][:3]
    if not re.search(r"[/.]", parts[0]):
        return None  # "podcast: yes", "audio: The morning show"
    address = absolute_url(parts[0], base_url)
    media_type = (
        parts[2] if re.fullmatch(r"(?:audio|video)/[\w.+-]{1,60}", parts[2]) else type_of(address or "")
    )
    if address is None:
        raise keys.wrong(
            name,
            f'the recording "{cut(parts[0], 80)}" has no address on the web; upload it and write its address',
        )
    if not media_type:
        what = f'"{cut(parts[0], 80)}" is no recording; its address ends in .mp3, .m4a, .ogg or the like'
        raise keys.wrong(name, what)
    return Enclosure(address, media_type, _bytes(parts[1]) or _bytes(keys.text(*_SIZES_BESIDE)))


def _bytes(text: Any) -> int | None:
    """A length in bytes; minutes and "24 MB" are none, and are asked for instead."""
    text = str(text).replace(",", "").replace("_", "")
    return int(text) if re.fullmatch(r"[0-9]{4,15}", text) and int(text) >= _LEAST_BYTES else None
