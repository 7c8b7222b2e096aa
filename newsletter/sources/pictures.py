"""Pictures of a post: one real address each, none that only counts readers, those written into the text as files.

Which address a browser would choose is told in HTML §4.8.4; mails and feed readers know ``src`` alone.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from newsletter.sources.addresses import absolute_url
from newsletter.sources.base import MediaFile
from newsletter.sources.tree import Element, Node

#: Of one picture, in bytes, and of one post.
MOST_BYTES = 5 * 1024 * 1024
MOST_FILES = 20
#: Pixels; a mail shows 600, at twice the density of older screens.
WIDEST = 1200
#: A picture whose sides are no longer than this shows nothing.
_SPACER = 3
_LATE = ("data-src", "data-lazy-src", "data-original")
_LATE_SETS = ("data-srcset", "data-lazy-srcset")
#: What every mail client shows; of the others a picture's own src is the better choice.
_PLAIN_TYPES = frozenset({"", "image/jpeg", "image/png", "image/gif"})
_TINY = re.compile(
    r"(?:^|;)\s*(?:max-)?(width|height)\s*:\s*(?:[01](?:\.\d+)?(?:px|pt|%)?|0(?:\.\d+)?[a-z]+)"
    r"\s*(?:!\s*important\s*)?(?=;|$)",
    re.IGNORECASE,
)
#: The same as an attribute, as browsers read it: a number, whatever follows (HTML §2.3.4.4).
_TINY_ATTRIBUTE = re.compile(r"\s*\+?0*[01](?![0-9])")
#: Addresses that only count, whatever size they say: statistics of WordPress, Google, Meta and the like, openings of
#: mails, reprints.
_COUNTER = re.compile(
    r"https?://(?:[a-z0-9-]+\.)*(?:"
    r"(?:google-analytics|googletagmanager|scorecardresearch|quantserve|imrworldwide)\.com/"
    r"|doubleclick\.net/|(?:pixel|stats)\.wp\.com/|stats\.wordpress\.com/|met\.vgwort\.de/"
    r"|bat\.bing\.com/|px\.ads\.linkedin\.com/|analytics\.twitter\.com/|facebook\.com/tr[/?]"
    r"|counter\.theconversation\.com/|pixel\.propublica\.org/|medium\.com/_/stat\?"
    r"|feeds\.feedburner\.com/~r/|list-manage\.com/track/open"
    r")"
    r"|https?://[^?#]+/(?:matomo|piwik)\.php\?",
    re.IGNORECASE,
)
_PIXELS = re.compile(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*")
_CANDIDATE = re.compile(r"\s*([^\s,][^\s]*)(?:\s+([0-9.]{1,9})([wxh]))?[^,]*(?:,|$)")
#: name's ending → type, by how the content begins; nothing else is stored, whatever it says it is.
_ENDINGS = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
}


@dataclass(slots=True)
class Pictures:
    """The pictures of one post. Without ``media_url`` those that are written into the text are left out."""

    base_url: str
    #: Where we serve files, with a slash at the end.
    media_url: str = ""
    files: dict[str, MediaFile] = field(default_factory=dict)

    def picture(self, element: Element) -> Element | None:
        """An ``img`` with its real address, or None where there is nothing to see."""
        given = element.attributes
        width, height = pixels(given.get("width")), pixels(given.get("height"))
        if _shows_nothing(given, width, height):
            return None
        address = self._address(given)
        if address is None or _COUNTER.match(address):
            return None
        shown = {"src": address, "alt": given.get("alt", "")}
        sizes = {"width": width, "height": height}
        shown |= {name: str(size) for name, size in sizes.items() if size is not None}
        shown |= {name: given[name] for name in ("title", "dir", "lang") if given.get(name)}
        return Element("img", shown)

    def chosen(self, picture: Element) -> Sequence[Node]:
        """A ``picture``: its ``img`` where that has an address, else the best of its sources, with the img's words."""
        images = list(picture.elements("img"))
        own = images[0].attributes if images else {}
        if (found := self.picture(Element("img", own))) is not None:
            return [found]
        for source in _sources(picture):
            late = {"src": "", "srcset": source.get("srcset") or source.get("data-srcset", "")}
            if (found := self.picture(Element("img", own | late))) is not None:
                return [found]
        return []

    def _address(self, given: dict[str, str]) -> str | None:
        """Where the picture is; the data of one that is written into the text becomes a file."""
        late = [given[name] for name in _LATE if given.get(name)]
        own = given.get("src", "").strip()
        written_in = own[:5].lower() == "data:"
        sets = [given[name] for name in (*_LATE_SETS, "srcset") if given.get(name)]
        for candidate in [*late, *([] if written_in else [own])]:
            if candidate and (found := absolute_url(candidate, self.base_url)):
                return self._narrower(found, sets)
        for candidates in sets:
            if found := self._from_set(candidates):
                return found
        return self._stored(own) if written_in and not late else None

    def _narrower(self, address: str, sets: Sequence[str]) -> str:
        """The address itself, or that of a smaller copy where it is known to be wider than anybody sees."""
        for candidates in sets:
            widths = {url: size for url, size, unit in self._candidates(candidates) if unit == "w"}
            if widths.get(address, 0) > WIDEST:
                return self._from_set(candidates) or address
        return address

    def _from_set(self, candidates: str) -> str | None:
        """The widest up to WIDEST, else the narrowest; without widths the first."""
        found = list(self._candidates(candidates))
        wide = sorted((size, url) for url, size, unit in found if unit == "w")
        fitting = [url for size, url in wide if size <= WIDEST]
        if wide:
            return fitting[-1] if fitting else wide[0][1]
        return found[0][0] if found else None

    def _candidates(self, text: str) -> Iterator[tuple[str, float, str]]:
        for url, size, unit in _CANDIDATE.findall(text[:20_000]):
            address = absolute_url(url.rstrip(","), self.base_url)
            if address and not url.lower().startswith("data:"):
                try:
                    yield address, float(size or 1), unit
                except ValueError:
                    continue

    def _stored(self, data: str) -> str | None:
        """The address of a file made of a ``data:`` address (RFC 2397), or None for what is no picture."""
        if not self.media_url or len(data) > MOST_BYTES * 3:
            return None
        file = media_file(_decoded(data))
        size = size_of(file.content, file.media_type) if file else None
        if file is None or (size and max(size) <= _SPACER):
            return None
        if file.name not in self.files and len(self.files) >= MOST_FILES:
            return None
        self.files[file.name] = file
        return self.media_url + file.name


def media_url(site_url: str) -> str:
    """Where files are served, by the site's own address; with a slash at the end."""
    return f"{site_url.rstrip('/')}/media/"


def media_file(content: bytes) -> MediaFile | None:
    """A picture as a file of ours, named by its content; None for what is no picture of a kind that is served, and for
    one of more than MOST_BYTES."""
    ending = kind_of(content)
    if not ending or len(content) > MOST_BYTES:
        return None
    return MediaFile(f"{hashlib.sha256(content).hexdigest()[:32]}.{ending}", _ENDINGS[ending], content)


def pixels(value: str | None) -> int | None:
    """A length that is written in pixels; None for any other."""
    found = _PIXELS.fullmatch(value) if value else None
    return int(found[1]) if found else None


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


def size_of(content: bytes, media_type: str) -> tuple[int, int] | None:
    """Width and height where they stand at the beginning (PNG, GIF); None for others."""
    if media_type == "image/png" and len(content) >= 24:
        return struct.unpack(">II", content[16:24])
    if media_type == "image/gif" and len(content) >= 10:
        return struct.unpack("<HH", content[6:10])
    return None


def tiny_sides(given: dict[str, str]) -> set[str]:
    """Which of "width" and "height" are said to be a pixel at most."""
    found = {name for name in ("width", "height") if _TINY_ATTRIBUTE.match(given.get(name, ""))}
    return found | {side.lower() for side in _TINY.findall(given.get("style", ""))}


def _shows_nothing(given: dict[str, str], width: int | None, height: int | None) -> bool:
    return bool(tiny_sides(given)) or max(width or _SPACER + 1, height or _SPACER + 1) <= _SPACER


def _sources(picture: Element) -> list[dict[str, str]]:
    """What its sources say, those that every client shows first."""
    said = [source.attributes for source in picture.elements("source")]
    return sorted(said, key=lambda source: source.get("type", "") not in _PLAIN_TYPES)


def _decoded(data: str) -> bytes:
    head, _, body = data.partition(",")
    try:
        content = unquote_to_bytes(body)
        if head.rstrip().lower().endswith("base64"):
            return base64.b64decode(re.sub(rb"\s", b"", content) + b"==")
    except (binascii.Error, ValueError):
        return b""
    return content
