"""WordPress export files (WXR) as a source of posts. wxr.py reads such a file."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsletter.errors import SourceError
from newsletter.sources.base import Fetched, Item, Look, Problem
from newsletter.sources.local_files import OwnFiles
from newsletter.sources.wordpress.items import as_item, with_own_names
from newsletter.sources.wordpress.reusable_blocks import fallen_out
from newsletter.sources.wordpress.wxr import MOST_FIELD, Broken, ExportChannel, Record, records
from newsletter.sources.wordpress.wxr_post import Library, RecordStanding, post_of, standing

#: Of all files together. Each is read twice, a piece at a time.
MOST_BYTES = 2 * 1024**3
#: What is kept in memory at the most.
MOST_POSTS = 20_000
MOST_TEXT = 200_000_000
_NOTHING = OwnFiles()
#: Goes up when files mean something else to us than before, so that unchanged ones are read again.
_READING = 2
_TOO_LONG = (
    f"its text is longer than {MOST_FIELD // 1024**2} MB, so it is left out; take pictures out of the text"
)


@dataclass(slots=True)
class _Reading:
    """What was gathered from all files."""

    library: Library = field(default_factory=Library)
    #: By the number that WordPress gave; of two with one number the later one.
    items: dict[int, Item] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    drafts: int = 0
    text: int = 0
    full: bool = False
    #: What falls out of posts → the titles of those posts.
    lost: dict[str, list[str]] = field(default_factory=dict)
    #: A file broke off.
    broken: bool = False


class ExportSource:
    """Posts out of the .xml files that WordPress saves (Tools, Export). Reads only."""

    def __init__(self, name: str, path: Path, *, site_url: str, zone: str, own: OwnFiles = _NOTHING) -> None:
        """``path`` is a file, or a folder: WordPress splits large exports into several files. ``zone`` is the
        site's, for dates without one. ``own`` is never opened. Nothing is read before ``fetch``."""
        self._own = own
        self.name = name
        self.path = path
        self._site_url, self._zone = site_url, zone

    def fetch(self, look: Look) -> Fetched:
        """Every published post in the files. ``unchanged`` when no file has changed since the last look, unless a
        person asks.

        A file that breaks off gives what was whole, and a problem that names the line. Raises SourceError when no
        file can be read, or when one is no export at all.
        """
        files = self._files()
        seen = self._fingerprint(files)
        if not look.by_hand and _kept(look.memory, "read") == seen:
            return Fetched((), unchanged=True, memory=look.memory)
        reading = _Reading()
        try:
            self._gather(files, reading)
            for file in files:
                self._read(file, reading)
        except OSError as error:
            raise self._unreadable(error) from error
        items = with_own_names(reading.items.values())
        return Fetched(
            tuple(items),
            (*reading.problems, *fallen_out(reading.lost, str(self.path))),
            reading.drafts,
            partial=reading.broken,
            elsewhere=bool(look.memory) and _kept(look.memory, "path") != str(self.path),
            memory={"export": {"read": seen, "path": str(self.path)}},
        )

    def _files(self) -> list[Path]:
        try:
            if self.path.is_dir():
                files = sorted(
                    file
                    for file in self.path.iterdir()
                    if file.suffix.lower() == ".xml" and file.is_file() and not self._own.hold(file)
                )
            else:
                files = [self.path.resolve(strict=True)]
            if files and not all(file.is_file() and not self._own.hold(file) for file in files):
                raise SourceError(
                    f"{self.path}: this is not a regular file; name the .xml file of the export"
                )
            total = sum(file.stat().st_size for file in files)
        except (OSError, RuntimeError, ValueError) as error:
            raise self._unreadable(error) from error
        if not files:
            raise SourceError(
                f"{self.path}: no .xml file is in this folder; put the files of the export there (in WordPress: "
                "Tools, Export)"
            )
        if total > MOST_BYTES:
            raise SourceError(
                f"{self.path}: {total // 1024**2:,} MB are more than the {MOST_BYTES // 1024**2:,} MB that are read; "
                "export posts only, or a few years at a time (in WordPress: Tools, Export, Posts)"
            )
        return files

    def _unreadable(self, error: Exception) -> SourceError:
        reason = (error.strerror or "") if isinstance(error, OSError) else str(error)
        return SourceError(
            f'the export {self.path} of the source "{self.name}" cannot be read ({reason.lower() or "no reason"}); '
            f"check path in [sources.{self.name}] and that the disk is there"
        )

    def _fingerprint(self, files: list[Path]) -> str:
        found: list[Any] = [_READING, self._zone]
        for file in files:
            about = os.stat(file)
            found.append([str(file), about.st_size, about.st_mtime_ns])
        return hashlib.sha256(json.dumps(found).encode()).hexdigest()

    def _gather(self, files: list[Path], reading: _Reading) -> None:
        """The first pass: pictures and authors, which may stand after the posts that show them."""
        sites: dict[str, Path] = {}
        for file in files:
            channel = ExportChannel()
            try:
                for record in records(file, channel):
                    reading.library.add(record)
            except Broken:
                pass  # told in the second pass
            reading.library.authors |= channel.authors
            if site := _site(channel):
                sites.setdefault(site, file)
        if len(sites) > 1:
            first, second, *_ = sites
            raise SourceError(
                f"{self.path}: these are exports of two sites ({first} and {second}); give each a source of its own"
            )

    def _read(self, file: Path, reading: _Reading) -> None:
        """The second pass: posts."""
        posts = 0
        try:
            for record in records(file, ExportChannel()):
                match standing(record):
                    case RecordStanding.DRAFT:
                        reading.drafts += 1
                    case RecordStanding.PUBLISHED:
                        posts += 1
                        self._take(record, f"{file}:{record.line}", reading)
        except Broken as broken:
            reading.broken = True
            reading.problems.append(
                Problem(
                    f"{file}:{broken.line}",
                    f"the file breaks off here ({broken.why}); the {posts} published posts before this line were "
                    "read: export it again, or copy the whole file again, and sync",
                )
            )

    def _take(self, record: Record, where: str, reading: _Reading) -> None:
        """Keep a published post, or say why not."""
        if len(reading.items) >= MOST_POSTS or reading.text > MOST_TEXT:
            if not reading.full:
                what = f"the export has more posts than the {len(reading.items)} before this one, which is as many as "
                what += "are kept; export a few years at a time (in WordPress: Tools, Export, Posts)"
                reading.problems.append(Problem(where, what))
            reading.full = True
            return
        if record.cut:
            reading.problems.append(Problem(where, _TOO_LONG))
            return
        fallen: list[str] = []
        post = post_of(record, reading.library, self._zone, fallen.append)
        try:
            item = as_item(post, self._site_url)
        except SourceError as error:
            reading.problems.append(Problem(where, f"post {post.number} is left out: {error}"))
            return
        reading.items[post.number] = item
        for what in dict.fromkeys(fallen):
            reading.lost.setdefault(what, []).append(item.title)
        reading.text += len(item.html)


def _site(channel: ExportChannel) -> str:
    """The site's address without scheme; empty when the file does not say."""
    parts = urlsplit(channel.fields.get("wp:base_blog_url", "").strip())
    return (parts.netloc.lower() + parts.path).rstrip("/")


def _kept(memory: Mapping[str, Any], name: str) -> str:
    found = memory.get("export")
    return str(found.get(name, "")) if isinstance(found, Mapping) else ""
