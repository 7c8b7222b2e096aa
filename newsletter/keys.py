"""The secrets of a site: each in a file of its own beside the database, made at first need, readable by its owner only.

Three keys, because they live differently: log-ins may be signed out at will, links in old mail must work for years
(CASL asks for 60 days, people click later), and a changed suppression key would forget everyone who must never be
mailed again. On more than one machine, copy the files or set the environment variables.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Keys:
    """Key material; never printed."""

    #: Signs sessions and forms.
    login: str = field(repr=False)
    #: Signs the links in mails.
    links: bytes = field(repr=False)
    #: Hashes suppressed addresses.
    suppression: bytes = field(repr=False)


def read_or_make(file: Path) -> str:
    """The key in a file; makes one of 256 bits, mode 0600, when there is none.

    Two processes that start at once get the same key: the loser of the race reads the winner's.
    """
    if not file.exists():
        draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_hex(32) + "\n")
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()


def load_keys(folder: Path, *, login: str = "", links: str = "", suppression: str = "") -> Keys:
    """The keys of a site: those given (from the environment), else those in the folder's ``*.key`` files."""
    return Keys(
        login=login or read_or_make(folder / "login.key"),
        links=(links or read_or_make(folder / "links.key")).encode(),
        suppression=(suppression or read_or_make(folder / "suppression.key")).encode(),
    )
