"""The protocol that every source follows, and the words it answers in. No source touches the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from newsletter.dates import PartialDate
from newsletter.errors import SourceError


class NameScheme(StrEnum):
    """How a source knows a post again. Each (source, scheme, value) belongs to one post for ever."""

    #: An id that the author wrote into the front matter.
    ID = "id"
    #: RSS guid or Atom id.
    GUID = "guid"
    #: The number that WordPress gave a post; its REST API and its export file agree on it.
    WORDPRESS = "wordpress"
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
class MediaFile:
    """A picture that has no address of its own on the web; we serve it at ``/media/NAME``."""

    #: A digest of the content and an ending: the same content has the same name, for ever.
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A recording that belongs to a post, such as a podcast's."""

    #: Absolute, http or https.
    url: str
    #: "audio/mpeg"
    media_type: str
    #: In bytes; None when the source does not say, or says what cannot be.
    length: int | None = None


#: A link to another post of our own archive, until its key is known: "post-of-ours:LINE:PATH", with the line of the
#: link in its file, and the path of that post's file or (with a slash first) the address that was written.
LINK_TO_POST = "post-of-ours:"


@dataclass(frozen=True, slots=True)
class Item:
    """One post as its source has it now. ``html`` is clean already (sanitize.py), its addresses absolute but for
    LINK_TO_POST."""

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
    #: Those among them that its author meant for topics of ours.
    topics: tuple[str, ...] = ()
    image: str | None = None
    image_alt: str = ""
    #: Width and height of its file in pixels; 0 where the source does not say.
    image_size: tuple[int, int] = (0, 0)
    #: RFC 5646, None for the site's own language.
    language: str | None = None
    #: What its author calls it, for its address in our own archive; empty where the title has to do.
    slug: str = ""
    enclosure: Enclosure | None = None
    #: What ``html`` and ``image`` show out of ``/media/``.
    files: tuple[MediaFile, ...] = ()
    #: What fell out of its text because no mail can show it (losses.py).
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that could not be read; the others went on."""

    #: A file (with line where known) or an address.
    where: str
    #: One sentence: what is wrong and what to do.
    what: str
    #: The post went on all the same, or there was none: worth a word, and no reason to wait with going live.
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one look at a source gave."""

    items: Sequence[Item]
    problems: Sequence[Problem] = field(default=())
    #: How many were left alone because their author says they are drafts.
    drafts: int = 0
    #: The names of those among them that have a password, where no other word of that is given: posts that we have
    #: may be among them.
    protected: Sequence[tuple[Name, ...]] = field(default=())
    #: Nothing was read because nothing has changed (304), or because it is too early to ask again. Not a finished
    #: first sync, and what the last look found amiss stands.
    unchanged: bool = False
    #: Posts may be missing (a feed that breaks off): not a finished first sync either, but what is there is taken.
    partial: bool = False
    #: The configuration names another place than at the last look: when nothing of it is known, the source is new.
    elsewhere: bool = False
    #: What the source wants to be told at the next look (``Look.memory``): plain JSON.
    memory: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """What a source is told when it is looked at."""

    #: Aware UTC.
    now: datetime
    #: What the last look asked to be told; empty at the first.
    memory: Mapping[str, Any] = field(default_factory=dict)
    #: A person asked for it and waits: polite intervals do not apply, what a server forbids still does.
    by_hand: bool = False


class Unreadable(SourceError):
    """A source that could not be read, and what it wants to be told at the next look all the same."""

    def __init__(self, message: str, memory: Mapping[str, Any]) -> None:
        """``memory`` as in Fetched: "not before 09:40", say."""
        super().__init__(message)
        self.memory = memory


class Source(Protocol):
    """A place that posts come from."""

    #: The name that staff gave it in config.toml.
    name: str

    def fetch(self, look: Look) -> Fetched:
        """Read everything that is there now.

        Raises SourceError (Unreadable) when nothing at all could be read, so that an unplugged disk is never
        taken for an empty folder.
        """
        ...
