"""A folder of Markdown and HTML files as a source of posts.

files.py says which of its files may be posts, items.py what a single one means.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from newsletter.errors import SourceError
from newsletter.sources.base import Fetched, Item, Look, Name, Problem
from newsletter.sources.folder.directory_data import FolderData
from newsletter.sources.folder.files import OFFICE, OTHER_MARKUP, SUFFIXES, Listing, list_files
from newsletter.sources.folder.generator_config import read_settings
from newsletter.sources.folder.images import LocalPictures, has_configuration, site_of
from newsletter.sources.folder.items import FileReading, FolderPlace, address_of, read_post
from newsletter.sources.folder.links import PostLinks
from newsletter.sources.folder.site_layout import elsewhere
from newsletter.sources.html.images.content_images import media_url
from newsletter.sources.html.urls import MOST_NAME
from newsletter.sources.local_files import OwnFiles, openable
from newsletter.sources.local_files import read as read_from_disk

#: A post is text; a file above this is something else under a wrong name.
MOST_BYTES = 5 * 1024 * 1024
#: An unchanged folder is read again after as long: topics, or a picture elsewhere on its site, may have changed.
READ_AGAIN = timedelta(hours=6)
#: How long ago the last change must be before it is believed that another one would show: clocks of disks are coarse.
_SETTLED = timedelta(seconds=3)
#: Counted up when the same files give other posts than before, so that they are read again after an update.
_READER = 4
_NOTHING = OwnFiles()
#: As many names are listed in one sentence.
_LISTED = 3


class FolderSource:
    """Posts out of the files of one folder and the folders in it. Reads only."""

    def __init__(
        self,
        name: str,
        path: Path,
        *,
        site_url: str,
        base_url: str,
        zone: str,
        own: OwnFiles = _NOTHING,
    ) -> None:
        """``base_url`` is where these posts live on the web, empty when only our archive shows them.

        ``zone`` is the site's, for dates without one. ``own`` is never opened, wherever it lies. Nothing is read before
        ``fetch``.
        """
        self.name = name
        self.path = path
        self._own = own
        self._place = FolderPlace(site_url, base_url, zone, media_url(site_url))

    def fetch(self, look: Look) -> Fetched:
        """Every post that is in the folder now, by path. A file that cannot be read is a problem, not an error.

        A folder in which no file has changed since the last look is not read again for READ_AGAIN, unless a person asks
        for it. Raises SourceError when the folder is missing or cannot be listed: an unplugged disk is not an empty
        folder.
        """
        root = self._root()
        listing = list_files(root, self._own)
        memory = self._memory(listing, look)
        if not look.by_hand and _is_remembered(memory, look):
            return Fetched((), unchanged=True, memory=look.memory)
        reader = _Reader(root, listing, self._place, look.now, self._own)
        return replace(reader.read(), memory=memory)

    def _root(self) -> Path:
        try:
            root = self.path.resolve(strict=True)
            with os.scandir(root):
                return root
        except (OSError, RuntimeError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise SourceError(
                f'the folder {self.path} of the source "{self.name}" cannot be read ({reason.lower()}); '
                f"check path in [sources.{self.name}] and that the disk is there"
            ) from error

    def _memory(self, listing: Listing, look: Look) -> Mapping[str, Any]:
        """What to be told next time; nothing while files may still change unseen."""
        if listing.newest >= (look.now - _SETTLED).timestamp() * 1e9:
            return {}
        place = (self._place.site_url, self._place.base_url, self._place.zone, str(self.path), _READER)
        state = hashlib.sha256(f"{place}{listing.fingerprint}".encode()).hexdigest()
        return {"state": state, "read_at": look.now.isoformat()}


def _is_remembered(memory: Mapping[str, Any], look: Look) -> bool:
    if not memory or look.memory.get("state") != memory["state"]:
        return False
    try:
        read_at = datetime.fromisoformat(str(look.memory.get("read_at")))
        return timedelta(0) <= look.now - read_at < READ_AGAIN
    except (TypeError, ValueError):
        return False


class _Reader:
    """One reading of a whole folder."""

    def __init__(
        self, root: Path, listing: Listing, place: FolderPlace, now: datetime, own: OwnFiles
    ) -> None:
        self._root = root
        self._own = own
        self._listing = listing
        self._now = now
        self._data = FolderData(root, own)
        self._links = PostLinks(listing.posts, self._address, listing.part.below)
        pictures = None if place.base_url else LocalPictures(root, own)
        self._place = replace(
            place,
            below=listing.part.below,
            is_site=listing.part.is_site,
            settings=read_settings(site_of(root, own), own),
            links=self._links,
            pictures=pictures,
        )

    def read(self) -> Fetched:
        items: list[Item] = []
        problems = list(self._listing.problems)
        drafts = 0
        taken: dict[Name, str] = {}
        old: list[tuple[str, int]] = []
        pages: list[str] = []
        for path in self._listing.posts:
            reading = self._read(path)
            problems += reading.problems
            drafts += reading.draft
            if reading.page:
                pages.append(path)
            if reading.not_utf8:
                old.append((path, reading.not_utf8))
            if reading.item and (item := _without_taken_names(reading.item, path, taken, problems)):
                items.append(item)
        problems += [*_of_old_files(old), *_of_pages(pages), *_of_other_markup(self._listing.others)]
        problems += self._of_other_folders(nothing=not items and not drafts)
        return Fetched(tuple(items), tuple(problems), drafts)

    def _of_other_folders(self, *, nothing: bool) -> list[Problem]:
        """A sentence for each folder of a whole site that seems to hold posts and is not read."""
        part, posts = self._listing.part, self._listing.posts
        if not part.start and not (nothing and has_configuration(self._root, self._own)):
            return []
        looked = f'in "{part.start}"' if part.start else "where such a site has them"
        return [
            Problem(
                where,
                f"{count} {'text lies' if count == 1 else 'texts lie'} here and none is read, for posts were "
                f"looked for {looked}; if these are posts, make this folder the path of a source",
                minor=not nothing,
            )
            for where, count in sorted(elsewhere(self._root, part, SUFFIXES, nothing=nothing).items())
            if not any(path.startswith(f"{where}/") for path in posts)
        ][:_LISTED]

    def _read(self, path: str) -> FileReading:
        if not _is_text(path) or len(path) > MOST_NAME:
            shown = ascii(path[:80])
            return FileReading(
                problems=(Problem(shown, "the file's name is not UTF-8 or too long; rename it"),)
            )
        try:
            content = self._content(path, SUFFIXES)
            meta = self._second_file(path)
            data = self._data.of(path)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            return FileReading(
                problems=(Problem(path, f"the file cannot be read ({reason}); check its permissions"),)
            )
        except SourceError as error:
            return FileReading(problems=(Problem(path, str(error)),))
        if content is None:
            return FileReading(problems=(Problem(path, "this is not a regular file; move it away"),))
        if len(content) > MOST_BYTES:
            what = f"the file is larger than {MOST_BYTES // 1024 // 1024} MB; a post is text, keep pictures apart"
            return FileReading(problems=(Problem(path, what),))
        return read_post(content, path, self._place, now=self._now, meta=meta, data=data)

    def _second_file(self, path: str) -> bytes:
        """Nikola keeps the keys of seeds.md in seeds.meta, if it has one."""
        return self._content(str(PurePosixPath(path).with_suffix(".meta")), (".meta",)) or b""

    def _content(self, path: str, endings: Collection[str]) -> bytes | None:
        """A little more than the limit at the most; None for what is no file that may be opened."""
        file = openable(self._root / path, [self._root], endings, self._own)
        return read_from_disk(file, MOST_BYTES + 1) if file else None

    def _address(self, path: str) -> str | None:
        try:
            content = self._content(path, SUFFIXES)
            return address_of(content or b"", path, self._place, self._data.of(path))
        except (OSError, SourceError):
            return None


def _of_old_files(old: Sequence[tuple[str, int]]) -> list[Problem]:
    """One sentence for all files that are not UTF-8: an old site may have hundreds."""
    if not old:
        return []
    path, line = old[0]
    more = _some([other for other, _ in old[1:]])
    others = f" (and so {'was' if len(old) == 2 else 'were'} {more})" if more else ""
    what = (
        f"this is not UTF-8 and was read as its letters tell{others}; look at the accents, and save as UTF-8"
    )
    return [Problem(f"{path}:{line}", what, minor=True)]


def _of_pages(pages: Sequence[str]) -> list[Problem]:
    """One sentence for what was taken for a page of a whole site."""
    if not pages:
        return []
    more = f" (and so were {_some(pages[1:])})" if len(pages) > 1 else ""
    what = f"it has no date and was taken for a page of the site{more}; to publish it, give it a date"
    return [Problem(pages[0], what, minor=True)]


def _of_other_markup(others: Mapping[str, Sequence[str]]) -> list[Problem]:
    """One sentence for each markup that is not read."""
    found = []
    for suffix, paths in sorted(others.items()):
        more = f" (and so {'is' if len(paths) == 2 else 'are'} {_some(paths[1:])})" if len(paths) > 1 else ""
        advice = "turn it into Markdown (pandoc does) to publish it"
        if suffix in OFFICE:
            advice = (
                'to publish it, save its text under a name in .md, with lines "---", "title: …", "---" on top'
            )
        what = f"this is {(OTHER_MARKUP | OFFICE)[suffix]} and not read{more}; {advice}"
        found.append(Problem(paths[0], what, minor=True))
    return found


def _some(paths: Sequence[str]) -> str:
    shown = [path if _is_text(path) else ascii(path) for path in paths[:_LISTED]]
    more = f" and {len(paths) - _LISTED} more" if len(paths) > _LISTED else ""
    return ", ".join(shown) + more


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
