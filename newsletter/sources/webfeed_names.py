"""By which names a feed's entries are known again, when feeds repeat ids and addresses or give none.

An entry has its guid and its address as names, so that neither a change of all guids nor one of all addresses makes a
known post new. A name that two entries of a feed share names neither of them, now and later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsletter.sources.addresses import MOST_NAME, address_name
from newsletter.sources.base import Name, NameScheme
from newsletter.sources.webfeed_parts import Entry

#: So many shared names are remembered; a feed with more has no ids worth the name.
MOST_SHARED = 500


@dataclass(frozen=True, slots=True)
class Naming:
    """The entries with their names, and what was wrong."""

    named: tuple[tuple[Entry, tuple[Name, ...]], ...]
    #: Names that more than one post has, as "scheme:value": from before and from this feed.
    shared: tuple[str, ...]
    #: Ids that several different posts of this feed have.
    repeated: tuple[str, ...]
    #: How many have neither id nor address.
    nameless: int


def name_entries(entries: Sequence[Entry], shared: Collection[str]) -> Naming:
    """Give each entry its names. An entry that stands twice in the feed is taken once, the first time."""
    once = _once(entries)
    names = [_own_names(entry) for entry in once]
    doubled = _doubled(names)
    unusable = {*shared, *map(_text, doubled)}
    named, nameless = [], 0
    taken: set[Name] = set()
    for entry, own in zip(once, names, strict=True):
        left = tuple(name for name in own if _text(name) not in unusable)
        nameless += not own
        left = left or (_made_up(entry, own),)
        if left[0] not in taken:
            taken.update(left)
            named.append((entry, left))
    kept = tuple(dict.fromkeys([*shared, *map(_text, doubled)]))[-MOST_SHARED:]
    repeated = tuple(name.value for name in doubled if name.scheme is NameScheme.GUID)
    return Naming(tuple(named), kept, repeated, nameless)


def _once(entries: Iterable[Entry]) -> list[Entry]:
    """Without the second of two entries with one id and one page: revisions of a post (RFC 4287 §4.1.1).

    Without a page of its own an entry must agree in title and date as well: programs that write no ids let every
    post link to the home page.
    """
    found: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        own = (entry.id, entry.link) if _address(entry) else (entry.id, entry.link, entry.title, entry.date)
        nameless = () if entry.id or entry.link else (entry.content, entry.description)
        found.setdefault((*own, *nameless), entry)
    return list(found.values())


def _own_names(entry: Entry) -> tuple[Name, ...]:
    guid = Name(NameScheme.GUID, _fitting(entry.id)) if entry.id else None
    return tuple(name for name in (guid, _address(entry)) if name is not None)


def _address(entry: Entry) -> Name | None:
    """None for a place within a page that other posts may share."""
    try:
        if entry.id and urlsplit(entry.link).fragment:
            return None
    except ValueError:
        return None
    return address_name(entry.link) if entry.link else None


def _doubled(names: Iterable[tuple[Name, ...]]) -> list[Name]:
    seen: set[Name] = set()
    doubled: dict[Name, None] = {}
    for own in names:
        for name in own:
            if name in seen:
                doubled[name] = None
            seen.add(name)
    return list(doubled)


def _made_up(entry: Entry, own: tuple[Name, ...]) -> Name:
    """What is left to know an entry by: all that it has of names together; without any, its title and date."""
    parts = [_text(name) for name in own] or [entry.title or entry.content or entry.description, entry.date]
    if own:
        parts.append(entry.title)
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:40]
    return Name(NameScheme.GUID, f"digest:{digest}")


def _fitting(guid: str) -> str:
    if len(guid) <= MOST_NAME:
        return guid
    return "digest:" + hashlib.sha256(guid.encode("utf-8", "replace")).hexdigest()[:40]


def _text(name: Name) -> str:
    return f"{name.scheme}:{name.value}"
