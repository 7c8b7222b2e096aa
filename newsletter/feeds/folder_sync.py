"""A folder of built files brought up to date: new ones written, ours that are no longer wanted removed.

What was written by anybody else is never touched. The writing itself is write.py's part.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from newsletter.errors import Refused
from newsletter.feeds.write import inside, write_atomically

#: What we wrote there: path → SHA-256 of its bytes, empty while it is being written.
MANIFEST = ".newsletter-files.json"


@dataclass(slots=True)
class Built:
    """What one build did to the folder, by relative paths."""

    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    #: Ours by name and no longer wanted, but somebody else has changed them.
    left: list[str] = field(default_factory=list)


def build_into(folder: Path, *files: Mapping[str, bytes]) -> Built:
    """Write all these files (relative path → content), and remove what an earlier build wrote and this one does not,
    such as a post that was taken back.

    A build that was cut short is made good by the next. Raises Refused as ``write_atomically`` does.
    """
    before = _read(folder)
    noted = _Noted(files)
    _note(folder, before | dict.fromkeys(noted, ""))
    built = Built(changed=write_atomically(folder, noted))
    for path in sorted(before.keys() - noted.keys()):
        _remove(folder, path, before[path], built)
    _note(folder, noted.digests)
    return built


class _Noted(Mapping[str, bytes]):
    """The files, with a digest of each that was read: they may be many, and are read once."""

    def __init__(self, files: Sequence[Mapping[str, bytes]]) -> None:
        self._files = {path: part for part in files for path in part}
        self.digests: dict[str, str] = {}

    def __getitem__(self, path: str) -> bytes:
        content = self._files[path][path]
        self.digests[path] = hashlib.sha256(content).hexdigest()
        return content

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def _read(folder: Path) -> dict[str, str]:
    """What an earlier build noted. A note that cannot be read is none: then nothing is removed."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {path: digest for path, digest in found.items() if isinstance(digest, str)}


def _note(folder: Path, digests: Mapping[str, str]) -> None:
    text = json.dumps(dict(sorted(digests.items())), indent=0) + "\n"
    write_atomically(folder, {MANIFEST: text.encode()})


def _remove(folder: Path, path: str, digest: str, built: Built) -> None:
    try:
        target = inside(folder.resolve(), path)
        content = target.read_bytes()
    except (Refused, OSError):
        return  # gone already, or a note that somebody wrote
    if digest and hashlib.sha256(content).hexdigest() != digest:
        built.left.append(path)
        return
    try:
        target.unlink()
    except OSError as error:
        raise Refused(
            f"{target} is no longer published and cannot be removed ({error.strerror}): remove it by hand."
        ) from error
    built.removed.append(path)
    with suppress(OSError):  # a folder that holds something else stays
        for parent in target.parents:
            if parent == folder.resolve():
                break
            parent.rmdir()
