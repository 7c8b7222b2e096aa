"""What RSS and Atom elements have in common: their texts, addresses, authors, pictures and recordings.

What each format calls its parts, rss.py and atom.py say.
"""

from __future__ import annotations

import binascii
import html as entities
import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin

from lxml import etree

from newsletter.sources.base import Enclosure
from newsletter.sources.enclosures import type_of
from newsletter.sources.html.images.image_sizes import told
from newsletter.sources.html.sanitize import absolute_url, one_line, plain_text, without_controls
from newsletter.sources.webfeed.xml import Tree, key

Parts = Mapping[str, list[etree._Element]]

_XML = "{http://www.w3.org/XML/1998/namespace}"
#: Elements that people put into titles; a title with another word in pointed brackets is about code.
_TITLE_MARKUP = re.compile(
    r"</?(?:a|abbr|b|br|cite|code|del|em|font|i|img|ins|mark|math|p|q|rb|rp|rt|ruby|s|small|span|strike|strong|sub|sup|tt|u)\b[^<>]*>",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"&(?:#\d{2,7}|#x[0-9a-f]{2,6}|[a-z]{2,8});", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[a-zA-Z/!]")
_ESCAPED_TAG = re.compile(
    r"&lt;/?(?:p|div|br|a|img|strong|em|ul|ol|li|h[1-6]|blockquote|figure)\b", re.IGNORECASE
)
_MAIL = re.compile(r"(?<![^\s@()<>\"])[^\s@()<>\"]++@[^\s@()<>\".]++(?:\.++[^\s@()<>\".]++)++\.*+")
#: What stands around a name beside a mail address.
_AROUND_A_NAME = " ()<>\"',;-"
#: Of one person, with a mail address; and how many people and categories are looked at.
_MOST_NAME = 500
_MOST_LOOKED_AT = 500
#: What programs write where nobody gave a name.
_NOBODY = frozenset(
    {"unknown", "admin", "administrator", "noreply", "no-reply", "anonymous", "author", "none"}
)
#: Characters of a text that ought to be a line.
_MOST_WORDS = 20_000
_MOST_LENGTH = 2**53
_MOST_NAMES = 50
_PICTURE_TYPES = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "avif": "image/avif",
}  # fmt: skip


def parts_of(element: etree._Element, tree: Tree, groups: int = 3) -> dict[str, list[etree._Element]]:
    """An element's children by name; those of media:group and media:content count as its own.

    ``groups`` is how many of those may stand in one another.
    """
    found: dict[str, list[etree._Element]] = {}
    for child in element:
        name = key(child, tree)
        found.setdefault(name, []).append(child)
        if groups and name in ("media:group", "media:content"):
            for inner_name, inner in parts_of(child, tree, groups - 1).items():
                if inner_name.startswith("media:"):
                    found.setdefault(inner_name, []).extend(inner)
    return found


def text_of(parts: Parts, *names: str) -> str:
    """The first of these elements that holds words, on one line; else an empty text."""
    for name in names:
        for element in parts.get(name, ()):
            if text := one_line(words_of(element)):
                return text
    return ""


def words_of(element: etree._Element) -> str:
    """The text of an element whose words are few: a title, a name, a date. What is longer is cut."""
    return "".join(element.itertext())[:_MOST_WORDS]


def markup_of(element: etree._Element) -> str:
    """What an element holds as HTML: its escaped text, or the markup that stands in it as it is."""
    if not len(element):
        return element.text or ""
    pieces = [entities.escape(element.text or "", quote=False)]
    for child in element:
        _without_namespaces(child)
        pieces.append(etree.tostring(child, encoding="unicode", method="html", with_tail=True))
    return "".join(pieces)


def _without_namespaces(element: etree._Element) -> None:
    for inner in element.iter():
        if isinstance(inner.tag, str):
            inner.tag = etree.QName(inner).localname


def atom_markup(element: etree._Element) -> str:
    """An Atom text as HTML (RFC 4287 §3.1, §4.1.3; of Atom 0.3 also ``mode``). Empty for what is no text."""
    kind = (element.get("type") or "text").strip().lower().partition(";")[0]
    mode = (element.get("mode") or "").lower()
    if mode == "base64":
        return _decoded(element.text or "")
    if kind in ("xhtml", "application/xhtml+xml") or (mode == "xml" and len(element)):
        return markup_of(_only_div(element))
    if kind in ("html", "text/html") or (len(element) and not mode):
        return markup_of(element)
    if kind == "text" or kind.startswith("text/"):
        return paragraphs(element.text or "")
    return ""


def _only_div(element: etree._Element) -> etree._Element:
    """The div that XHTML is wrapped in and that is no part of it."""
    first = element[0] if len(element) == 1 else None
    is_div = first is not None and isinstance(first.tag, str) and etree.QName(first).localname == "div"
    return first if is_div and first is not None else element


def _decoded(text: str) -> str:
    try:
        return without_controls(b64decode(text).decode())
    except (binascii.Error, ValueError):
        return ""


def paragraphs(text: str) -> str:
    """Plain text as HTML: paragraphs where blank lines are, lines kept."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n"))]
    return "".join(
        f"<p>{entities.escape(block, quote=False)}</p>".replace("\n", "<br>") for block in blocks if block
    )


def as_html(text: str) -> str:
    """A text that ought to be HTML: escaped once too often, it is unescaped; without any tag, it is paragraphs."""
    if _ANY_TAG.search(text):
        return text
    if _ESCAPED_TAG.search(text):
        return entities.unescape(text)
    return paragraphs(entities.unescape(text)) if text.strip() else ""


def title_of(text: str, *, is_html: bool = False) -> str:
    """A title as plain text. Without markup it is taken as it stands; escaped once too often, it is read once more."""
    text = text[:_MOST_WORDS]
    if is_html or _TITLE_MARKUP.search(text):
        text = plain_text(text)
    if _REFERENCE.search(text):
        text = entities.unescape(text)
    return one_line(text)


def base_of(element: etree._Element, url: str) -> str:
    """The address that relative ones in this element are relative to: xml:base, innermost last (XML Base §4)."""
    bases = [element.get(f"{_XML}base"), *(outer.get(f"{_XML}base") for outer in element.iterancestors())]
    for base in reversed(bases):
        if base:
            url = joined(url, base) or url
    return url


def language_of(element: etree._Element) -> str:
    """xml:lang, the innermost."""
    for outer in (element, *element.iterancestors()):
        if found := outer.get(f"{_XML}lang"):
            return found
    return ""


def joined(base: str, address: str) -> str:
    """An absolute web address, or empty."""
    address = address.strip()
    if not address:
        return ""
    try:
        return absolute_url(urljoin(base, address), "") or ""
    except ValueError:
        return ""


def names_of_people(texts: Iterable[str]) -> tuple[str, ...]:
    """Names without the mail addresses that RSS puts beside them ("mail (Name)"), each once."""
    found: dict[str, str] = {}
    for text in islice(texts, _MOST_LOOKED_AT):
        beginning = text[:_MOST_WORDS]
        words = one_line(plain_text(beginning) if "<" in beginning else beginning)
        if len(words) > _MOST_NAME:
            continue
        name = one_line(_MAIL.sub(" ", words)).strip(_AROUND_A_NAME)
        name = re.sub(r"^mailto:\s*", "", name)
        if name and "://" not in name and len(name) <= 100 and name.casefold() not in _NOBODY:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())[:_MOST_NAMES]


def categories_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Categories as written, each once; addresses that stand for a scheme are none."""
    found = {
        text.casefold(): text
        for text in map(title_of, islice(texts, _MOST_LOOKED_AT))
        if 0 < len(text) <= 100 and "://" not in text
    }
    return tuple(found.values())[:_MOST_NAMES]


def enclosure_of(elements: Iterable[Mapping[str, str]], base: str) -> Enclosure | None:
    """The first recording among elements with url (or href), type, length (or fileSize) and perhaps medium."""
    for attributes in elements:
        url = joined(base, attributes.get("url") or attributes.get("href") or "")
        kind = _media_type(attributes, url)
        if url and kind.startswith(("audio/", "video/")):
            return Enclosure(url, kind, _length(attributes.get("length") or attributes.get("fileSize") or ""))
    return None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of an entry."""

    #: Absolute; None where there is none.
    address: str | None
    #: Width and height in pixels; 0 where the feed does not say.
    size: tuple[int, int] = (0, 0)

    def __bool__(self) -> bool:
        return self.address is not None


NO_PICTURE = Picture(None)


def image_of(elements: Iterable[Mapping[str, str]], base: str, *, sure: bool) -> Picture:
    """The first picture among elements likewise. ``sure``: what has no type is one all the same (a thumbnail)."""
    for attributes in elements:
        url = joined(base, attributes.get("url") or attributes.get("href") or "")
        kind = _media_type(attributes, url)
        if url and (kind.startswith("image/") or (sure and not kind.startswith(("audio/", "video/")))):
            return Picture(url, told(attributes.get("width"), attributes.get("height")))
    return NO_PICTURE


def _media_type(attributes: Mapping[str, str], url: str) -> str:
    """As said, else by its medium or by the ending of its address."""
    said = (attributes.get("type") or "").strip().lower().partition(";")[0]
    if re.fullmatch(r"(?:audio|video|image)/[\w.+-]{1,60}", said):
        return said
    ending = url.partition("?")[0].rpartition(".")[2].lower()
    guessed = type_of(url) or _PICTURE_TYPES.get(ending, "")
    medium = (attributes.get("medium") or "").lower()
    if medium in ("image", "audio", "video") and not guessed.startswith(medium):
        return {"image": "image/jpeg", "audio": "audio/mpeg", "video": "video/mp4"}[medium]
    return guessed


def _length(text: str) -> int | None:
    """Bytes; None for 0 and for what is no number: many programs write 0 when they do not know."""
    text = text.strip()
    length = int(text) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else 0
    return length if 0 < length < _MOST_LENGTH else None
