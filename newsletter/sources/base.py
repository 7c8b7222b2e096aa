"""The protocol that every source follows, and the words it answers in. No source touches the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from newsletter.dates import PartialDate


class NameScheme(StrEnum):
    """How a source knows a post again. Each (source, scheme, value) belongs to one post for ever."""

    #: An id that the author wrote into the front matter.
    ID = "id"
    #: RSS guid or Atom id.
    GUID = "guid"
    #: A path inside the source's folder, with forward slashes.
    PATH = "path"
    #: A web address without scheme and host, so that a move of domain changes nothing.
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Name:
    """One name by which a source knows a post."""

    scheme: NameScheme
    value: str


@dataclass(frozen=True, slots=True)
class Item:
    """One post as its source has it now. ``html`` is clean already (clean.py), its addresses absolute."""

    #: At least one; the strongest first.
    names: tuple[Name, ...]
    title: str
    html: str
    #: None when the source gives no date: the post is then dated when it was first seen.
    date: PartialDate | None = None
    #: Aware; when the source says the text last changed.
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    #: Plain text; empty when the source has none of its own.
    summary: str = ""
    #: Where the post lives on the web; None where only our own archive shows it.
    url: str | None = None
    #: The source's own categories or tags, as written.
    categories: tuple[str, ...] = ()
    image: str | None = None
    image_alt: str = ""
    #: RFC 5646, None for the site's own language.
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that could not be read; the others went on."""

    #: A file (with line where known) or an address.
    where: str
    #: One sentence: what is wrong and what to do.
    what: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one look at a source gave."""

    items: Sequence[Item]
    problems: Sequence[Problem] = field(default=())
    #: How many were left alone because their author says they are drafts.
    drafts: int = 0


class Source(Protocol):
    """A place that posts come from."""

    #: The name that staff gave it in config.toml.
    name: str

    def fetch(self) -> Fetched:
        """Read everything that is there now.

        Raises SourceError when nothing at all could be read, so that an unplugged disk is never taken for
        an empty folder.
        """
        ...
