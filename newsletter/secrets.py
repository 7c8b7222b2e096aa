"""The secrets of a site: each in a file of its own beside the database, made at first need, readable by its owner only.

Three keys, because they live differently: log-ins may be signed out at will, links in old mail must work for years
(CASL asks for 60 days, people click later), and a changed suppression key would forget everyone who must never be
mailed again. On more than one machine, copy the files or set the environment variables.

That a key is the one a database was made with is setup/bootstrap.py's to look at; a file that was cut off is refused
here.
"""

from __future__ import annotations

import math
import os
import secrets
import string
from dataclasses import dataclass, field
from pathlib import Path

from newsletter.errors import ConfigError

#: What a key must be worth: fewer bits can be tried out by somebody who has one link, or one hash.
BITS = 128
#: Fewer different characters than any random key of 128 bits has ("aaaa…").
_DIFFERENT = 8
_LOST = {
    "login.key": "Remove the file: a new one is made, and whoever is logged in is logged out, no more",
    "links.key": "Put it back from your backup. If it is lost for good: newsletter keys accept links.key",
    "suppression.key": "Put it back from your backup: without it nobody knows who must never be mailed",
}


@dataclass(frozen=True, slots=True)
class SecretKeys:
    """Key material; never printed."""

    #: Signs sessions and forms.
    login: str = field(repr=False)
    #: Signs the links in mails.
    links: bytes = field(repr=False)
    #: Hashes suppressed addresses.
    suppression: bytes = field(repr=False)
    #: The files that did not exist and were made for this.
    made: frozenset[Path] = frozenset()


def read_or_make(file: Path) -> tuple[str, bool]:
    """The key in a file, and whether it was made: one of 256 bits, mode 0600, when there is none.

    Two processes that start at once get the same key: the loser of the race reads the winner's. Raises ConfigError for
    a file that holds no key.
    """
    made = False
    if not file.exists():
        draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_hex(32) + "\n")
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, file)
            made = True
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    text = file.read_bytes().decode("utf-8", "replace").strip()
    if why := too_weak(text):
        raise ConfigError(
            str(file.parent), [(file.name, f"{why}. {_LOST.get(file.name, 'Put the key back')}.")]
        )
    return text, made


def too_weak(key: str) -> str:
    """Why a text is no key of 128 bits, one clause; empty when it is one. Counted by what kind of letters it has."""
    if not key:
        return "it is empty, and no key"
    if key.isdigit():
        bits = math.log2(10)
    elif set(key) <= set(string.hexdigits):
        bits = 4.0
    else:
        bits = 6.0
    if len(key) * bits >= BITS and len(set(key)) >= _DIFFERENT:
        return ""
    count = "1 character" if len(key) == 1 else f"{len(key)} characters"
    return f"{count} where a key of {BITS} bits has 32 random hexadecimal digits, or 22 random letters and digits"


def load_keys(folder: Path, *, login: str = "", links: str = "", suppression: str = "") -> SecretKeys:
    """The keys of a site: those given (from the environment), else those in the folder's ``*.key`` files.

    Raises ConfigError, with every key that is too weak.
    """
    problems: list[tuple[str, str]] = []
    found: dict[str, str] = {}
    made = set()
    for name, given in (("login", login), ("links", links), ("suppression", suppression)):
        if given:
            found[name] = given
            if why := too_weak(given):
                problems.append((f"{name}_key", f"{why}; leave it out to have the file {name}.key"))
            continue
        try:
            found[name], new = read_or_make(folder / f"{name}.key")
        except ConfigError as error:
            problems += error.problems
            continue
        if new:
            made.add(folder / f"{name}.key")
    if problems:
        for file in made:
            file.unlink(missing_ok=True)
        raise ConfigError(str(folder), problems)
    return SecretKeys(found["login"], found["links"].encode(), found["suppression"].encode(), frozenset(made))
