"""What a feed says, in words that RSS, Atom and JSON Feed share. Nothing is parsed or judged here."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.errors import SourceError
from newsletter.sources.base import Enclosure


class NotAFeed(SourceError):
    """What an address gave cannot be read as a feed. The message is a clause that follows the address."""


class WebPage(NotAFeed):
    """It is an HTML page: one that may name its feeds."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry as its feed has it: nothing is cleaned, dates are as written, addresses are resolved."""

    #: guid, Atom id or JSON id, exactly as written; empty when there is none.
    id: str = ""
    #: Absolute, http or https; empty when there is none.
    link: str = ""
    #: Plain text.
    title: str = ""
    #: The whole text, as HTML that nobody has cleaned; empty where the feed has none, or only an excerpt.
    content: str = ""
    #: A summary or an excerpt, as HTML likewise.
    description: str = ""
    #: What relative addresses in the two texts are relative to.
    base: str = ""
    date: str = ""
    updated: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    #: As written.
    language: str = ""
    image: str | None = None
    #: In pixels; 0 where the feed does not say.
    image_size: tuple[int, int] = (0, 0)
    enclosure: Enclosure | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed document."""

    entries: tuple[FeedEntry, ...]
    #: Minutes for which the feed asks not to be fetched again; None when it does not say.
    minutes: int | None = None
    #: The program that wrote it, as it calls itself.
    generator: str = ""
    #: What is damaged in it so that posts may be missing, one sentence; empty when nothing is.
    damage: str = ""
