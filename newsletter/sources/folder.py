"""A folder of Markdown and HTML files as a source of posts. What a single file means is post_file.py's part."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from newsletter.errors import SourceError
from newsletter.sources.addresses import MOST_NAME
from newsletter.sources.base import Fetched, Item, Look, Name, Problem
from newsletter.sources.pictures import media_url
from newsletter.sources.post_file import MARKDOWN, Place, Reading, read_post

SUFFIXES = MARKDOWN | {".html", ".htm"}
#: A post is text; a file above this is something else under a wrong name.
MOST_BYTES = 5 * 1024 * 1024


class FolderSource:
    """Posts out of the files of one folder and the folders in it. Reads only; keeps nothing between two looks."""

    def __init__(self, name: str, path: Path, *, site_url: str, base_url: str, zone: str) -> None:
        """``base_url`` is where these posts live on the web, empty when only our archive shows them.

        ``zone`` is the site's, for dates without one. Nothing is read before ``fetch``.
        """
        self.name = name
        self.path = path
        self._place = Place(site_url, base_url, zone, media_url(site_url))

    def fetch(self, look: Look) -> Fetched:
        """Every post that is in the folder now, by path. A file that cannot be read is a problem, not an error.

        Raises SourceError when the folder is missing or cannot be listed: an unplugged disk is not an empty
        folder.
        """
        items: list[Item] = []
        problems: list[Problem] = []
        drafts = 0
        taken: dict[Name, str] = {}
        for path in self._files(problems):
            reading = self._read(path)
            problems += reading.problems
            drafts += reading.draft
            if reading.item and (item := _without_taken_names(reading.item, path, taken, problems)):
                items.append(item)
        return Fetched(tuple(items), tuple(problems), drafts)

    def _files(self, problems: list[Problem]) -> list[str]:
        """The posts' paths relative to the folder, sorted; hidden ones and links that lead out are skipped."""
        try:
            root = self.path.resolve(strict=True)
            with os.scandir(root):
                pass
        except (OSError, RuntimeError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise SourceError(
                f'the folder {self.path} of the source "{self.name}" cannot be read ({reason.lower()}); '
                f"check path in [sources.{self.name}] and that the disk is there"
            ) from error
        return sorted(_walk(root, problems))

    def _read(self, path: str) -> Reading:
        if not _is_text(path) or len(path) > MOST_NAME:
            shown = ascii(path[:80])
            return Reading(problems=(Problem(shown, "the file's name is not UTF-8 or too long; rename it"),))
        try:
            content = _content(self.path / path)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            return Reading(
                problems=(Problem(path, f"the file cannot be read ({reason}); check its permissions"),)
            )
        if content is None:
            return Reading(problems=(Problem(path, "this is not a regular file; move it away"),))
        if len(content) > MOST_BYTES:
            what = f"the file is larger than {MOST_BYTES // 1024 // 1024} MB; a post is text, keep pictures apart"
            return Reading(problems=(Problem(path, what),))
        return read_post(content, path, self._place)


def _walk(root: Path, problems: list[Problem]) -> Iterator[str]:
    def unreadable(error: OSError) -> None:
        where = os.path.relpath(error.filename, root) if error.filename else str(root)
        problems.append(
            Problem(where, f"the folder cannot be read ({(error.strerror or 'unknown').lower()})")
        )

    for folder, inner, files in os.walk(root, onerror=unreadable):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in files:
            file = Path(folder, name)
            if name.startswith(".") or file.suffix.lower() not in SUFFIXES:
                continue
            if not file.is_symlink() or _stays_inside(file, root):
                yield file.relative_to(root).as_posix()


def _stays_inside(link: Path, root: Path) -> bool:
    """True for a link to something in the folder that is not read by its own name anyway."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        return False
    if not target.is_relative_to(root):
        return False
    parts = target.relative_to(root).parts
    hidden = any(part.startswith(".") for part in parts)
    return not hidden and target.suffix.lower() not in SUFFIXES


def _content(file: Path) -> bytes | None:
    """A little more than the limit at the most; None for a pipe, a device or a folder, which are never opened."""
    if not stat.S_ISREG(file.stat().st_mode):
        return None
    with file.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _without_taken_names(
    item: Item, path: str, taken: dict[Name, str], problems: list[Problem]
) -> Item | None:
    """The item with names that no other file has. Two files with one id are one post too many: the second waits.

    Two that only share an address are two posts; the second goes without that name.
    """
    clash = next((name for name in item.names if name in taken), None)
    if clash and clash.scheme == "id":
        what = f'its id "{clash.value}" is also in {taken[clash]}; give one of them another'
        problems.append(Problem(path, what))
        return None
    if clash:
        what = f"it has the same address as {taken[clash]}; give one of them a slug of its own"
        problems.append(Problem(path, what))
        item = replace(item, names=tuple(name for name in item.names if name not in taken))
    taken.update(dict.fromkeys(item.names, path))
    return item
