"""Pictures of a post: one real address each, at the size that is meant, none that only counts readers, those written
into the text as files. image_url.py finds the address, image_sizes.py the size."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from newsletter.sources.base import MediaFile
from newsletter.sources.html.images import emoji, image_sizes
from newsletter.sources.html.images.image_files import MOST_BYTES, kind_of, media_file, size_of
from newsletter.sources.html.images.image_sizes import Size, pixels
from newsletter.sources.html.images.image_url import FoundPicture, find, is_loaded_late
from newsletter.sources.html.tree import Element, Node

__all__ = ["MOST_BYTES", "Pictures", "kind_of", "media_file", "media_url", "pixels", "tiny_sides"]

#: Of one post.
MOST_FILES = 20
#: A picture whose sides are no longer than this shows nothing.
_SPACER = 3
#: Marks, within one reading of a text, a picture that stands in for another, and one for browsers without scripts.
POOR, TWIN = "data-poor", "data-twin"
#: What every mail client shows; of the others a picture's own src is the better choice.
_PLAIN_TYPES = frozenset({"", "image/jpeg", "image/png", "image/gif"})
#: What hardly any mail client shows.
_UNSHOWN = re.compile(r"\.(?:svgz?|avif|heic|heif|tiff?|jxl|jp2|eps|psd|pdf)(?=$|[?#])", re.IGNORECASE)
#: Pixels; a picture of the text itself that is no larger is a blur or an icon.
_BLUR = 40
_DARK = re.compile(r"prefers-color-scheme\s*:\s*dark", re.IGNORECASE)
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


@dataclass(slots=True)
class Pictures:
    """The pictures of one post. Without ``media_url`` those that are written into the text are left out."""

    base_url: str
    #: Where we serve files, with a slash at the end.
    media_url: str = ""
    files: dict[str, MediaFile] = field(default_factory=dict)

    def picture(self, element: Element) -> Element | None:
        """An ``img`` with its real address and size, or None where there is nothing to see."""
        given = element.attributes
        if _shows_nothing(given) or _is_held_place(given):
            return None
        size = image_sizes.meant(given)
        found = find(given, self.base_url, size.width) or self._written_in(given)
        if found is None or _COUNTER.match(found.address):
            return None
        if emoji.is_emoji(element) and not size.width and not size.height:
            size = Size(0, emoji.SIZE)
        size = _with_natural(size, found, image_sizes.of_set(given.get("sizes", "")))
        shown = {"src": found.address, "alt": given.get("alt", "")}
        shown |= {name: str(side) for name, side in (("width", size.width), ("height", size.height)) if side}
        shown |= {name: given[name] for name in ("title", "dir", "lang") if given.get(name)}
        shown |= {POOR: ""} if found.poor else {}
        return Element("img", shown)

    def chosen(self, picture: Element) -> Sequence[Node]:
        """A ``picture``: its ``img`` where mails show that, else the best of its sources, with the img's words."""
        images = list(picture.elements("img"))
        own = images[0].attributes if images else {}
        first = self.picture(Element("img", own))
        if (
            first is not None
            and POOR not in first.attributes
            and not _UNSHOWN.search(first.attributes["src"])
        ):
            return [first]
        beside = {
            name: own[name]
            for name in own
            if name not in ("src", "srcset") and not is_loaded_late({name: "x.y"})
        }
        for source in _sources(picture):
            late = {"src": source.get("src", "") or source.get("data-src", "")}
            late["srcset"] = (
                source.get("srcset") or source.get("data-srcset") or source.get("data-lazy-srcset", "")
            )
            found = self.picture(Element("img", beside | late))
            if found is None:
                continue
            if first is None or POOR in first.attributes or not _is_unshown(source, found):
                return [found]
        return [first] if first is not None else []

    def _written_in(self, given: dict[str, str]) -> FoundPicture | None:
        """The data of a picture that is written into the text (RFC 2397), as a file of ours."""
        data = given.get("src", "").strip()
        if data[:5].lower() != "data:" or not self.media_url or len(data) > MOST_BYTES * 3:
            return None
        file = media_file(_decoded(data))
        size = size_of(file.content) if file else None
        if file is None or (size and max(size) <= _SPACER):
            return None
        if file.name not in self.files and len(self.files) >= MOST_FILES:
            return None
        self.files[file.name] = file
        # A page begins with a blur of a few pixels, and has the picture itself for browsers without scripts.
        poor = is_loaded_late(given) or bool(size and max(size) <= _BLUR)
        width, height = size or (0, 0)
        return FoundPicture(self.media_url + file.name, width, height, poor=poor)


def media_url(site_url: str) -> str:
    """Where files are served, by the site's own address; with a slash at the end."""
    return f"{site_url.rstrip('/')}/media/"


def tiny_sides(given: dict[str, str]) -> set[str]:
    """Which of "width" and "height" are said to be a pixel at most."""
    found = {name for name in ("width", "height") if _TINY_ATTRIBUTE.match(given.get(name, ""))}
    return found | {side.lower() for side in _TINY.findall(given.get("style", ""))}


def _shows_nothing(given: dict[str, str]) -> bool:
    width, height = pixels(given.get("width")), pixels(given.get("height"))
    return bool(tiny_sides(given)) or max(width or _SPACER + 1, height or _SPACER + 1) <= _SPACER


def _is_held_place(given: dict[str, str]) -> bool:
    """Whether it is the blur that Gatsby and its kin put behind a picture, which nobody is told of."""
    written_in = given.get("src", "")[:5].lower() == "data:"
    return "data-placeholder-image" in given or (written_in and given.get("aria-hidden") == "true")


def _with_natural(size: Size, found: FoundPicture, listed: int) -> Size:
    """The size that is meant; where none is, that of the file, no wider than the page says that it is shown."""
    if size.width or size.height:
        return size
    natural = image_sizes.in_address(found.address)
    width = found.width or natural.width
    height = found.height or (natural.height if width == natural.width else 0)
    if listed and (not width or width > listed):
        return Size(listed)
    return Size(width, height)


def _sources(picture: Element) -> list[dict[str, str]]:
    """What its sources say, those that every client shows first, those for a dark screen last."""
    said = [source.attributes for source in picture.elements("source")]
    dark = [source for source in said if _DARK.search(source.get("media", ""))]
    light = [source for source in said if source not in dark]
    return sorted(light, key=_is_second_choice) + dark


def _is_second_choice(source: dict[str, str]) -> tuple[bool, bool]:
    """Of a kind that not everybody sees, or for narrow screens only."""
    return source.get("type", "") not in _PLAIN_TYPES, "max-width" in source.get("media", "")


def _is_unshown(source: dict[str, str], found: Element) -> bool:
    kind = source.get("type", "").lower().partition(";")[0].strip()
    return bool(_UNSHOWN.search(found.attributes["src"])) or kind not in _PLAIN_TYPES | {
        "image/webp",
        "image/jpg",
    }


def _decoded(data: str) -> bytes:
    head, _, body = data.partition(",")
    try:
        content = unquote_to_bytes(body)
        if head.rstrip().lower().endswith("base64"):
            return base64.b64decode(re.sub(rb"\s", b"", content) + b"==")
    except (binascii.Error, ValueError):
        return b""
    return content
