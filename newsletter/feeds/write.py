"""Writes built files into a folder, each wholly or not at all. It knows nothing of what is in them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath

from newsletter.errors import Refused


def write_atomically(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write ``files`` (relative path with forward slashes → content) and say which of them changed.

    A file that has these bytes already is left untouched, so that a web server's ETag and Last-Modified stay.
    Every other one is written next to its place, synced to disk and renamed, which POSIX makes atomic: a
    reader sees the old bytes or the new ones, also after a power cut. A missing folder is made.

    Raises Refused before anything is written when a path would leave the folder, and when the disk says no.
    """
    root = folder.resolve()
    targets = {name: inside(root, name) for name in files}
    try:
        return [name for name, target in targets.items() if _write(target, files[name])]
    except OSError as error:
        path = error.filename or folder
        raise Refused(
            f"{path} cannot be written ({error.strerror}): choose another folder or correct it."
        ) from error


def inside(root: Path, name: str) -> Path:
    """The path of ``name`` under ``root``, through no link that leads out of it."""
    path = PurePosixPath(name)
    plain = bool(path.parts) and str(path) == name and not path.is_absolute() and ".." not in path.parts
    # A backslash or a drive letter is a plain name here and a way out on Windows.
    if not plain or "\0" in name or len(PureWindowsPath(name).parts) != len(path.parts) or ":" in name:
        raise Refused(f"{name!r} is not a plain path inside {root}: nothing was written.")
    target = root / path
    if not target.parent.resolve().is_relative_to(root):
        raise Refused(f"{name!r} leads out of {root} through a link: nothing was written.")
    return target


def _write(target: Path, content: bytes) -> bool:
    """True when the file was written, False when it had these bytes already."""
    if target.is_file() and target.read_bytes() == content:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    # Not tempfile: its files are for the owner alone, and a web server must read these.
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}.new")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)
    return True


def _sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut, where the system can (Windows cannot open a folder)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
