"""What sources may open on a disk, and the one function that opens it. What the bytes mean is known
to the package that asks.

On POSIX, closing any handle of a file drops every lock that the process holds on it (sqlite.org, "How To Corrupt An
SQLite Database File", 2.2): a post that made us open our own database would let a second sender in, and people would
be mailed twice. So a file is opened only when its place and the ending of its real name are on the list of whoever
asks, and never when it is one that the program keeps for itself, whatever it is called in the folder of a source.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

_Number = tuple[int, int]


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """What the program keeps for itself; sources pass it by. None of it need exist."""

    #: The configuration, the keys.
    files: tuple[Path, ...] = ()
    #: The database: it, and whatever begins like it, for SQLite and we put "-wal", "-shm", "-gate" and more behind.
    beginnings: tuple[Path, ...] = ()
    #: The outbox, the templates: nothing in them is a source's.
    folders: tuple[Path, ...] = ()

    def hold(self, place: Path) -> bool:
        """Whether a file or folder is one of them, or in one, under any of its names: links of both kinds, "..", other
        letter case. Its number on the disk tells. Opens nothing."""
        try:
            real = place.resolve()
            facts = real.stat()
        except (OSError, RuntimeError, ValueError):
            return False
        around = _numbers([real, *real.parents])
        if _numbers(self.folders) & around:
            return True
        # A file of one name can be ours only where ours lie.
        kept_in = _numbers({file.parent for file in (*self.files, *self.beginnings)})
        if facts.st_nlink == 1 and not kept_in & around:
            return False
        return (facts.st_dev, facts.st_ino) in _numbers((*self.files, *self._begun()))

    def _begun(self) -> list[Path]:
        found = []
        for beginning in self.beginnings:
            try:
                with os.scandir(beginning.parent) as entries:
                    found += [Path(one.path) for one in entries if one.name.startswith(beginning.name)]
            except OSError:
                continue
        return found


def _numbers(places: Iterable[Path]) -> set[_Number]:
    """Device, and number on it, of each that exists just now."""
    found = set()
    for place in places:
        try:
            facts = place.stat()
        except (OSError, ValueError):
            continue
        found.add((facts.st_dev, facts.st_ino))
    return found


def openable(file: Path, inside: Collection[Path], endings: Collection[str], own: OwnFiles) -> Path | None:
    """Where a name leads, all links followed, when that may be opened: a regular file in one of the places ``inside``
    (resolved), with one of these endings (or whole names), and none of our own. Else None. Opens nothing."""
    real = is_file_in(file, inside)
    if real is None:
        return None
    if real.suffix.lower() not in endings and real.name not in endings:
        return None
    return None if own.hold(real) else real


def is_file_in(file: Path, inside: Collection[Path]) -> Path | None:
    """Where a name leads when that is a regular file in one of these places (resolved). Opens nothing."""
    try:
        real = file.resolve(strict=True)
        regular = stat.S_ISREG(real.stat().st_mode)
    except (OSError, ValueError, RuntimeError):
        return None
    return real if regular and any(real.is_relative_to(place) for place in inside) else None


def read(real: Path, most: int) -> bytes:
    """At most as many bytes of what ``openable`` gave. Raises OSError, also when a link stands there by now."""
    handle = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as stream:
        return stream.read(most)
