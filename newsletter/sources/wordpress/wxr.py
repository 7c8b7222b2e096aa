"""A WordPress export (WXR 1.0 to 1.2) read piece by piece: bytes in, records out. wxr_post.py says
what they mean.

expat never reads anything but what it is fed, and a file that declares a document type is refused: WordPress writes
none, and entities that expand are what such declarations are for (CWE-776, CWE-611).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from newsletter.errors import SourceError
from newsletter.sources.html.plain_text import one_line, without_controls

_PIECE = 64 * 1024
#: A longer tag is no WordPress's, and would be read anew with each piece.
_LONGEST_TAG = 1024 * 1024
#: More of one field is not kept. The rest of the file is read.
MOST_FIELD = 5 * 1024 * 1024
_MOST_SMALL_FIELD = 64 * 1024
_MOST_ENTRIES = 300
_WORDPRESS = re.compile(r"https?://wordpress\.org/export/[0-9.]{1,9}/(excerpt/)?")
_SPACES = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "": "",
}
_ITEM_FIELDS = frozenset(
    """
    title link pubDate guid dc:creator content:encoded excerpt:encoded wp:post_id wp:post_date wp:post_date_gmt
    wp:post_modified_gmt wp:post_name wp:status wp:post_parent wp:post_type wp:post_password wp:attachment_url
    """.split()  # noqa: SIM905
)
_LONG_FIELDS = frozenset({"content:encoded", "excerpt:encoded"})
_CHANNEL_FIELDS = frozenset(
    {"title", "link", "language", "wp:wxr_version", "wp:base_site_url", "wp:base_blog_url"}
)
_AUTHOR_FIELDS = frozenset({"wp:author_login", "wp:author_display_name"})
_META_FIELDS = frozenset({"wp:meta_key", "wp:meta_value"})
_META_KEYS = frozenset(
    {"_thumbnail_id", "_wp_attachment_image_alt", "_wp_attachment_metadata", "enclosure", "footnotes"}
)
_DECLARED = re.compile(rb"""<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{2,40})["']""")
#: How files begin that are no export, and what to do.
_OTHER_KINDS = (
    (b"PK\x03\x04", "a ZIP archive; unpack it and name the .xml file in it"),
    (b"\x1f\x8b", "packed with gzip; unpack it and name the .xml file in it"),
    (b"SQLite", "a database; in WordPress, choose Tools, Export, and save the .xml file"),
    (b"-- ", "a dump of a database; in WordPress, choose Tools, Export, and save the .xml file"),
    (b"{", "JSON; in WordPress, choose Tools, Export, and save the .xml file"),
)


@dataclass(slots=True)
class Record:
    """One item of an export: a post, a page, a picture, a menu entry …"""

    fields: dict[str, str] = field(default_factory=dict)
    #: (domain, nicename, name), such as ("category", "land-rights", "Land rights").
    categories: list[tuple[str, str, str]] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    #: A field was longer than MOST_FIELD, and was cut.
    cut: bool = False
    line: int = 0

    def text(self, name: str) -> str:
        """A field on one line; empty when the item has none."""
        return one_line(self.fields.get(name, ""))


@dataclass(slots=True)
class ExportChannel:
    """What an export says of its site; filled while the file is read."""

    fields: dict[str, str] = field(default_factory=dict)
    #: Login name → the name that readers see.
    authors: dict[str, str] = field(default_factory=dict)
    #: Something in it was WordPress's.
    is_export: bool = False


class Broken(Exception):
    """The file ends too early, or stops being XML. What came before is whole."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line
        self.why = why


def records(file: Path, channel: ExportChannel) -> Iterator[Record]:
    """Every item of the file, in order; no more of it is in memory than a piece and one item.

    Raises SourceError for what is no export at all, Broken where it breaks off, OSError as the disk does.
    """
    with file.open("rb") as stream:
        yield from read(stream, channel, str(file))


def read(stream: BinaryIO, channel: ExportChannel, where: str) -> Iterator[Record]:
    """As ``records``. ``where`` names the file in messages."""
    head = stream.read(_PIECE)
    _refuse_other_kinds(head, where)
    decoder = codecs.getincrementaldecoder(_encoding(head))(errors="replace")
    reader = _Reader(channel, where)
    piece = head
    while True:
        reader.feed(without_controls(decoder.decode(piece, not piece)), last=not piece)
        yield from reader.taken()
        reader.raise_what_broke()
        if not piece:
            break
        piece = stream.read(_PIECE)
    if not channel.is_export:
        raise SourceError(_no_export(where, reader.root))


def _refuse_other_kinds(head: bytes, where: str) -> None:
    bare = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not bare:
        raise SourceError(f"{where}: the file is empty; save the export again (in WordPress: Tools, Export)")
    for beginning, what in _OTHER_KINDS:
        if bare.startswith(beginning):
            raise SourceError(f"{where}: this is {what}")


def _no_export(where: str, root: str) -> str:
    if root in ("rss", "feed", "RDF"):
        what = 'a web feed; read it from its address, with kind = "webfeed"'
    elif root.lower() == "html":
        what = "a web page; save the .xml file that WordPress makes (Tools, Export)"
    else:
        what = "no export of WordPress; save the .xml file that it makes (Tools, Export)"
    return f"{where}: this is {what}"


def _encoding(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    found = _DECLARED.search(head[:400])
    try:
        known = codecs.lookup(found[1].decode("ascii")) if found else None
    except (LookupError, UnicodeError):
        known = None
    if known is None or not known._is_text_encoding or not known.name.startswith(_ENCODINGS):
        return "utf-8-sig"
    return "utf-8-sig" if known.name == "utf-8" else known.name


#: What blogs were ever written in and Python can decode piece by piece.
_ENCODINGS = (
    "utf-8",
    "utf-16",
    "iso8859",
    "cp125",
    "koi8",
    "big5",
    "gb",
    "shift_jis",
    "euc",
    "ascii",
    "latin",
)


class _Reader:
    """The callbacks of expat, and where in the document they are."""

    def __init__(self, channel: ExportChannel, where: str) -> None:
        self.root = ""
        self._channel, self._where = channel, where
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.buffer_text = True
        self._parser.buffer_size = _PIECE
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._depth = 0
        self._fed = 0
        self._broken: Broken | None = None
        self._done: list[Record] = []
        self._record: Record | None = None
        self._author: dict[str, str] | None = None
        self._meta: dict[str, str] | None = None
        self._category: tuple[str, str] | None = None
        #: The field that is being collected, the depth of its element, its text and how much of it is kept.
        self._field = ""
        self._field_depth = 0
        self._text: list[str] = []
        self._room = 0

    def feed(self, text: str, *, last: bool) -> None:
        """Read on. What breaks is kept for ``raise_what_broke``: items before it are whole."""
        content = text.encode()
        try:
            self._parser.Parse(content, last)
        except expat.ExpatError as error:
            self._broken = Broken(error.lineno, expat.ErrorString(error.code) or "no XML")
            return
        self._fed += len(content)
        if self._fed - max(self._parser.CurrentByteIndex, 0) > _LONGEST_TAG:
            self._broken = Broken(self._parser.CurrentLineNumber, "a tag without an end")

    def taken(self) -> list[Record]:
        """The items that have come to their end since it was last asked."""
        done, self._done = self._done, []
        return done

    def raise_what_broke(self) -> None:
        if self._broken is None:
            return
        if not self._channel.is_export:
            raise SourceError(_no_export(self._where, self.root))
        raise self._broken

    def _refuse(self, name: str, *_: object) -> None:
        if name.lower() == "html":
            raise SourceError(_no_export(self._where, name))
        raise SourceError(
            f"{self._where}: the file declares a document type, which no export of WordPress does; "
            "save the export again (in WordPress: Tools, Export)"
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        name = _short(tag)
        if self._depth == 1:
            self.root = name.removeprefix("other:")
        if name.startswith(("wp:", "excerpt:")):
            self._channel.is_export = True
        if self._depth == 3 and name == "item" and self.root == "rss":
            self._record = Record(line=self._parser.CurrentLineNumber)
        elif self._record is not None:
            self._start_in_item(name, attributes)
        elif self._depth == 3 and name == "wp:author":
            self._author = {}
        elif name in (_AUTHOR_FIELDS if self._author is not None else _CHANNEL_FIELDS):
            self._collect(name, _MOST_SMALL_FIELD)

    def _start_in_item(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth == 4 and name == "wp:postmeta":
            self._meta = {}
        elif self._depth == 4 and name == "category":
            self._category = (
                attributes.get("domain", "category")[:200],
                attributes.get("nicename", "")[:200],
            )
            self._collect(name, _MOST_SMALL_FIELD)
        elif self._depth == 4 and name in _ITEM_FIELDS:
            self._collect(name, MOST_FIELD if name in _LONG_FIELDS else _MOST_SMALL_FIELD)
        elif self._depth == 5 and self._meta is not None and name in _META_FIELDS:
            self._collect(name, _MOST_SMALL_FIELD)

    def _collect(self, name: str, most: int) -> None:
        if self._field:
            return
        self._field, self._field_depth, self._text, self._room = name, self._depth, [], most
        self._parser.CharacterDataHandler = self._add

    def _add(self, text: str) -> None:
        if len(text) > self._room and self._record is not None and self._field in _LONG_FIELDS:
            self._record.cut = True
        self._text.append(text[: self._room])
        self._room = max(self._room - len(text), 0)

    def _end(self, tag: str) -> None:
        name = _short(tag)
        if self._field and self._depth == self._field_depth:
            text, self._text = "".join(self._text), []
            self._parser.CharacterDataHandler = None
            self._keep(self._field, text)
            self._field = ""
        elif self._depth == 3 and name == "item" and self._record is not None:
            self._done.append(self._record)
            self._record = None
        elif self._depth == 3 and name == "wp:author" and self._author is not None:
            self._keep_author(self._author)
            self._author = None
        elif self._depth == 4 and name == "wp:postmeta":
            self._keep_meta()
        self._depth -= 1

    def _keep(self, name: str, text: str) -> None:
        if self._category is not None and self._record is not None:
            if len(self._record.categories) < _MOST_ENTRIES:
                self._record.categories.append((*self._category, text))
            self._category = None
        elif self._meta is not None:
            self._meta[name] = text
        elif self._author is not None:
            self._author[name] = text
        elif self._record is not None:
            self._record.fields.setdefault(name, text)
        else:
            self._channel.fields.setdefault(name, text)

    def _keep_meta(self) -> None:
        found, self._meta = self._meta or {}, None
        key = found.get("wp:meta_key", "").strip()
        if self._record is not None and key in _META_KEYS:
            self._record.meta.setdefault(key, found.get("wp:meta_value", ""))

    def _keep_author(self, found: dict[str, str]) -> None:
        login = one_line(found.get("wp:author_login", ""))
        if login and len(self._channel.authors) < 10_000:
            self._channel.authors[login] = one_line(found.get("wp:author_display_name", "")) or login


def _short(tag: str) -> str:
    """ "http://wordpress.org/export/1.2/ post_id" → "wp:post_id"."""
    space, _, name = tag.rpartition(" ")
    if space in _SPACES:
        return _SPACES[space] + name
    found = _WORDPRESS.fullmatch(space)
    if not found:
        return f"other:{name}"
    return f"excerpt:{name}" if found[1] else f"wp:{name}"
