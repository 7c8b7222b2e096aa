"""The bytes of a feed → text that a parser can take: encoding, kind, and XML mended where people and programs break it.

No element is understood here. Nothing is ever looked up or expanded: what comes before the first element, with every
entity that a document declares for itself, is cut off before a parser sees it.
"""

from __future__ import annotations

import codecs
import re
from enum import StrEnum
from html.entities import html5

from newsletter.http import encodings
from newsletter.http.encodings import decode, is_mostly_utf8, known_encoding, undeclared
from newsletter.sources.html.sanitize import without_controls
from newsletter.sources.webfeed.model import NotAFeed

#: With those in its texts. A feed of a thousand long posts has a third of it; what has more is not for readers.
MOST_TAGS = 150_000
#: More than two for each tag, which take two where they are written with them.
MOST_REFERENCES = 400_000
#: Characters between one < and its >; feeds put their texts between tags, not into them.
MOST_TAG = 50_000
#: How far into a document its first element is looked for: warnings of a broken plugin may stand before it.
_HEAD = 100_000

_DECLARED = re.compile(rb"""^\s*<\?xml\b[^>]{0,300}?encoding\s*=\s*["']([\w.:-]{2,40})""")
#: Seven-bit encodings: their bytes are always valid UTF-8 too, so that only the declaration tells.
_SEVEN_BIT = frozenset({"iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_kr", "hz"})

_ROOT = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?(rss|feed|rdf))(?=[\s/>])", re.IGNORECASE)
_PAGE = re.compile(r"<!doctype\s+html|<(?:html|head|body)[\s>]", re.IGNORECASE)
_ANY_ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]{0,60})")
#: An & that begins no reference.
_BARE = re.compile(r"&(?!(?:#\d{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});)")
#: References that a parser without a DTD would stop at, or read otherwise than HTML does; the others stay.
_REFERENCE = re.compile(
    r"&(#0{0,6}(?:[12]?\d|3[01]|12[7-9]|1[345]\d|\d{5,8})"
    r"|#[xX]0{0,6}(?:1?[0-9a-fA-F]|7[fF]|[89][0-9a-fA-F]|[0-9a-fA-F]{4,7})"
    r"|(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,31});"
)
_OVERLONG_TAG = re.compile(rf"<[^<>]{{{MOST_TAG}}}")
_MARKUP = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("'"): "&apos;"}


class DocumentKind(StrEnum):
    """What a document is, whatever the server calls it."""

    XML = "xml"
    JSON = "json"
    PAGE = "page"
    #: XML of another kind, such as a sitemap.
    OTHER_XML = "other xml"
    UNKNOWN = "unknown"


def readable(content: bytes, content_type: str) -> str:
    """The text of a feed. Never raises.

    By its byte order mark; else UTF-8 when the bytes are valid UTF-8, whatever is declared: that does not happen by
    accident, and servers send a charset that nobody chose. Else by the document's declaration, then by the header, then
    by its letters.
    A text that is mostly UTF-8 keeps it, and its few stray bytes are read as windows-1252, as they were typed.
    """
    if content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"\x00\x00\xfe\xff")):
        return decode(content)
    for beginning, encoding in ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"), (b"{\x00", "utf-16-le")):
        if content.startswith(beginning):
            return content.decode(encoding, errors="replace")
    names = _declared(content, content_type)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(content, names)
    seven_bit = next((name for name in names if name in _SEVEN_BIT), None)
    return content.decode(seven_bit, errors="replace") if seven_bit else text


def _declared(content: bytes, content_type: str) -> list[str]:
    in_document = _DECLARED.search(content[:1000])
    said = (in_document[1].decode("ascii") if in_document else "", encodings.in_header(content_type))
    return [known for name in said if (known := known_encoding(name))]


def _not_utf8(content: bytes, names: list[str]) -> str:
    if is_mostly_utf8(content):
        return undeclared(content)
    for name in names:
        if name != "utf-8":
            try:
                return content.decode(name)
            except (UnicodeError, ValueError):
                continue
    return undeclared(content)


def kind_of(text: str) -> DocumentKind:
    """What a document is by its first words."""
    head = text[:_HEAD].lstrip("\ufeff \t\r\n\x00")
    if head.startswith("{"):
        return DocumentKind.JSON
    root, page = _ROOT.search(head), _PAGE.search(head)
    if root and not (page and page.start() < root.start()):
        return DocumentKind.XML
    if page:
        return DocumentKind.PAGE
    return (
        DocumentKind.OTHER_XML
        if head.startswith("<?xml") and _ANY_ELEMENT.search(head)
        else DocumentKind.UNKNOWN
    )


def first_element(text: str) -> str:
    """The name of a document's first element, for messages."""
    found = _ANY_ELEMENT.search(text[:_HEAD])
    return found[1] if found else ""


def mended(text: str) -> str:
    """XML from the feed's first element to its last, without what would stop a parser.

    Control characters go; named entities of HTML become their characters, others and a lone & plain text. Raises
    NotAFeed for a document that is built to exhaust whoever reads it.
    """
    root = _ROOT.search(text[:_HEAD])
    if root is None:
        raise NotAFeed("is no feed: it has no rss, rdf or feed element")
    end = text.rfind(f"</{root[1]}")
    stop = text.find(">", end) + 1 if end > root.start() else 0
    text = without_controls(text[root.start() : stop or len(text)].translate(_WINDOWS_CONTROLS))
    parts = list(_outside_and_inside(text))
    if sum(part.count("<") + (part.count("&lt;") if outside else 0) for part, outside in parts) > MOST_TAGS:
        raise NotAFeed(f"has more than {MOST_TAGS} tags, as no feed does; it is not read")
    refuse_references(text)
    if any(outside and _OVERLONG_TAG.search(part) for part, outside in parts):
        raise NotAFeed(f"has a tag of more than {MOST_TAG} characters, as no feed does; it is not read")
    return "".join(_with_references(part) if outside else part for part, outside in parts)


def refuse_references(text: str) -> None:
    """Raises NotAFeed for more characters that are or become references than the texts of a feed have."""
    lone = max(text.count(">") - text.count("<"), 0)
    if text.count("&") + text.count("\u00a0") + lone > MOST_REFERENCES:
        raise NotAFeed(
            f"has more than {MOST_REFERENCES} references such as &amp;, as no feed does; it is not read"
        )


def _outside_and_inside(text: str) -> list[tuple[str, bool]]:
    """The document in pieces: markup and text (True), and CDATA sections, whose & and < mean themselves (False).

    Comments go. A section that is never closed ends with the document. Raises NotAFeed for more than any feed has.
    """
    parts: list[tuple[str, bool]] = []
    start = section = comment = 0
    while True:
        # Each is looked for again only when it is behind: else a text of comments alone is read to its end at each.
        section = text.find("<![CDATA[", start) if 0 <= section <= start else section
        comment = text.find("<!--", start) if 0 <= comment <= start else comment
        found = min((place for place in (section, comment) if place >= 0), default=-1)
        if found < 0:
            parts.append((text[start:], True))
            return parts
        parts.append((text[start:found], True))
        closing = "]]>" if found == section else "-->"
        end = text.find(closing, found)
        if found == section:
            parts.append((text[found:] if end < 0 else text[found : end + 3], False))
        if end < 0:
            return parts
        start = end + 3
        if len(parts) > 2 * MOST_TAGS:
            raise NotAFeed(
                f"has more than {MOST_TAGS} CDATA sections and comments, as no feed does; it is not read"
            )


def _with_references(part: str) -> str:
    part, bare = _BARE.subn("&amp;", part, count=MOST_TAGS + 1)
    if bare > MOST_TAGS:
        raise NotAFeed(f"has more than {MOST_TAGS} lone & characters, as no feed does; it is not read")
    return _REFERENCE.sub(_mended_reference, part)


def _mended_reference(found: re.Match[str]) -> str:
    name = found[1]
    if name.startswith("#"):
        return _character(int(name[2:], 16) if name[1] in "xX" else int(name[1:])).translate(_MARKUP)
    known = html5.get(f"{name};")
    return known.translate(_MARKUP) if known else f"&amp;{name};"


def _character(number: int) -> str:
    """As HTML §13.2.5.80 reads a number: 128–159 are windows-1252's; what is no character of XML is nothing."""
    if number > 0x10FFFF:
        return ""
    return without_controls(chr(number).translate(_WINDOWS_CONTROLS))


#: Without 0x85, which is a line break in old texts.
_WINDOWS_CONTROLS = {code: sign for code, sign in encodings.WINDOWS_SIGNS.items() if code != 0x85}
