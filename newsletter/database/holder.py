"""Which process keeps others from writing to SQLite's file, as far as the system tells; for a sentence to staff."""

from __future__ import annotations

import os
from pathlib import Path

from newsletter.database import unusable

_LOCKS = Path("/proc/locks")
#: In WAL mode writers lock this byte of the file "-shm" (sqlite.org/walformat.html, "WAL-Index Locks").
_WRITER = 120


def locked(error: BaseException) -> bool:
    """Whether an error says that another program holds the database."""
    return "database is locked" in str(error) or "database table is locked" in str(error)


def in_words(database: Path | None, error: BaseException) -> str:
    """What went wrong with the database, and for a lock who holds it and what to do."""
    said = " ".join(str(error).split())
    if database is None:
        return unusable.sentence(error)
    if not locked(error):
        return said
    who = holder(database)
    if not who:
        return (
            "another program has been writing to it for too long: a database browser, a backup or a copy that hangs? "
            f"End it and try again (fuser {database} names it)"
        )
    return f"{who} has been writing to it for too long. Let it finish, or end it, and try again"


def holder(database: Path) -> str:
    """ "process 4242 (sqlite3 newsletter.sqlite3)"; empty where it cannot be known."""
    try:
        lines = _LOCKS.read_text().splitlines()
        files = {_identity(Path(f"{database}{end}")): end for end in ("", "-shm", "-gate")}
    except OSError:
        return ""
    for line in lines:
        # "1: POSIX  ADVISORY  WRITE 4242 08:01:131 120 120"; one that waits has "->" behind its number.
        words = line.split()
        if len(words) != 8 or words[3] != "WRITE":
            continue
        end = files.get(_place(words[5]))
        if end is None or (end == "-shm" and not _covers(words[6], words[7])):
            continue
        pid = int(words[4])
        if pid > 0 and pid != os.getpid():
            return f"process {pid}{_command(pid)}"
    return ""


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        known = file.stat()
    except OSError:
        return None
    return known.st_dev, known.st_ino


def _place(word: str) -> tuple[int, int] | None:
    major, minor, inode = word.split(":")
    return os.makedev(int(major, 16), int(minor, 16)), int(inode)


def _covers(first: str, last: str) -> bool:
    return int(first) <= _WRITER and (last == "EOF" or int(last) >= _WRITER)


def _command(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    command = " ".join(word.decode("utf-8", "replace") for word in words if word)
    return f" ({command[:80]})" if command else ""
