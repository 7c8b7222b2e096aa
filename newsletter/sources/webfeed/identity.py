"""By which names a feed's entries are known again, when feeds repeat ids and addresses or give none.

An entry has its guid and its address as names, so that neither a change of all guids nor one of all addresses makes a
known post new. A name that two entries of a feed share names neither of them, now and later. So an entry that has
nothing but its address, which the next entry may turn out to share, also has two names made up of what it says: its
address with its title, and both with its date.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsletter.sources.base import Name, NameScheme
from newsletter.sources.html.urls import MOST_NAME, address_name
from newsletter.sources.webfeed.model import FeedEntry

#: So many shared names are remembered; a feed with more has no ids worth the name.
MOST_SHARED = 500
_DIGEST = "digest:"


@dataclass(frozen=True, slots=True)
class Naming:
    """The entries with their names, and what was wrong."""

    named: tuple[tuple[FeedEntry, tuple[Name, ...]], ...]
    #: Names that more than one post has, as "scheme:value": from before and from this feed.
    shared: tuple[str, ...]
    #: Ids that several different posts of this feed have.
    repeated: tuple[str, ...]
    #: How many have neither id nor address.
    nameless: int


def name_entries(entries: Sequence[FeedEntry], shared: Collection[str], place: str = "") -> Naming:
    """Give each entry its names. An entry that stands twice in the feed is taken once, the first time.

    ``place`` is the feed's own address, which names no entry.
    """
    once = _once(entries)
    own_names = [_own_names(entry, place) for entry in once]
    names = [(*own, *_made_up(entry, own)) for entry, own in zip(once, own_names, strict=True)]
    doubled = _doubled(names)
    unusable = {*shared, *map(_text, doubled)}
    named, nameless = [], 0
    taken: set[Name] = set()
    for entry, own, every in zip(once, own_names, names, strict=True):
        nameless += not own
        left = tuple(name for name in every if _text(name) not in unusable)
        left = left or (_of_all(entry, own),)
        if left[0] not in taken:
            taken.update(left)
            named.append((entry, left))
    kept = tuple(dict.fromkeys([*shared, *map(_text, doubled)]))[-MOST_SHARED:]
    repeated = tuple(
        name.value
        for name in doubled
        if name.scheme is NameScheme.GUID and not name.value.startswith(_DIGEST)
    )
    return Naming(tuple(named), kept, repeated, nameless)


def _once(entries: Iterable[FeedEntry]) -> list[FeedEntry]:
    """Without the second of two entries that are one: revisions of a post (RFC 4287 §4.1.1), or a slip."""
    found: list[FeedEntry] = []
    kept: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for entry in entries:
        signs = _signs(entry)
        seen = kept.setdefault((entry.id, entry.link), set())
        if not any(sign in seen for sign in signs):
            found.append(entry)
        seen.update(signs)
    return found


def _signs(entry: FeedEntry) -> list[tuple[str, ...]]:
    """What two entries of one id and one page must have in common, any of these, to be one.

    With a page of their own: two of title, date and text, or the title alone under an id that is no address; programs
    that let all entries lead to one page write that as their ids as well. Without one, title and date; without any
    name, all of it.
    """
    text = entry.content or entry.description
    if not entry.id and not entry.link:
        return [("all", entry.title, entry.date, entry.content, entry.description)]
    signs: list[tuple[str, ...]] = [("title and date", entry.title, entry.date)]
    if _address(entry):
        signs += [("title and text", entry.title, text)] if text else []
        signs += [("date and text", entry.date, text)] if text and entry.date else []
        signs += [("title", entry.title)] if entry.title and entry.id and not _is_address(entry.id) else []
    return signs


def _own_names(entry: FeedEntry, place: str) -> tuple[Name, ...]:
    guid = Name(NameScheme.GUID, _fitting(entry.id)) if entry.id and _names_one(entry.id, place) else None
    address = _address(entry) if _names_one(entry.link, place) else None
    return tuple(name for name in (guid, address) if name is not None)


def _names_one(written: str, place: str) -> bool:
    """False for the address of the whole feed or site, which some programs write into every entry."""
    if not _is_address(written):
        return True
    name = address_name(written)
    try:
        fragment = urlsplit(written).fragment
    except ValueError:
        fragment = ""
    return (name is not None and name != address_name(place)) or bool(fragment)


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _address(entry: FeedEntry) -> Name | None:
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


def _made_up(entry: FeedEntry, own: tuple[Name, ...]) -> tuple[Name, ...]:
    """Two more names for an entry without an id, or with its page's address as its id: of what it is called, which
    survives another date, and of all of it, which tells two of one title apart."""
    said = entry.title or entry.content or entry.description
    if not own:
        return (_digest(said, entry.date),)
    if own[0].scheme is NameScheme.GUID and not _is_its_page(entry):
        return ()
    try:
        place = urlsplit(entry.link).fragment
    except ValueError:
        place = ""
    parts = [_text(name) for name in own]
    return _digest(*parts, said), _digest(*parts, said, entry.date, place)


def _is_its_page(entry: FeedEntry) -> bool:
    """Whether the id is the address of the entry's page once more."""
    return _is_address(entry.id) and address_name(entry.id) == address_name(entry.link)


def _of_all(entry: FeedEntry, own: tuple[Name, ...]) -> Name:
    """What is left to know an entry by when others have each of its names: all of them together."""
    return _digest(
        *map(_text, own), entry.title, *(() if own else (entry.date, entry.content, entry.description))
    )


def _digest(*parts: str) -> Name:
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:40]
    return Name(NameScheme.GUID, f"{_DIGEST}{digest}")


def _fitting(guid: str) -> str:
    if len(guid) <= MOST_NAME:
        return guid
    return _DIGEST + hashlib.sha256(guid.encode("utf-8", "replace")).hexdigest()[:40]


def _text(name: Name) -> str:
    return f"{name.scheme}:{name.value}"
