"""Which post each item of a source is, by its names. Whether a new one looks like a post we have is similarity.py's
part.

Each (source, scheme, value) belongs to one post. A stronger name beats a weaker one, within an item and between two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from newsletter.config import Config
from newsletter.models import Post, PostName
from newsletter.publishing.ingest import similarity
from newsletter.sources.base import Item, Name, NameScheme, Problem
from newsletter.sources.html.urls import address_name
from newsletter.text.graphemes import cut

Known = dict[tuple[str, str], int]
#: Of names of different kinds: an id is given for good, a file may be called like one that has moved away.
_STRENGTH = {
    NameScheme.ID: 0,
    NameScheme.WORDPRESS: 0,
    NameScheme.GUID: 1,
    NameScheme.PATH: 2,
    NameScheme.ADDRESS: 3,
}
#: An imported page and a source's post are one when they live at the same address, or carry the same id.
_SURE = frozenset({NameScheme.ADDRESS, NameScheme.ID, NameScheme.GUID})
#: An entry that changes its date by less may be one whose every word is new, such as the state of something.
_ANOTHER_DAY = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Recognised:
    """An item, with the names that are its own, and the post that it is; None for a new one."""

    item: Item
    post_id: int | None
    #: Names that another post had and has given up: that post is there under a stronger one.
    taken_over: tuple[Name, ...] = ()


def names_of(source: str, items: Iterable[Item]) -> Known:
    """The posts that a source knows by any name of these items."""
    return _known(source, [_pair(name) for item in items for name in item.names])


def known_by(source: str, names: Iterable[tuple[Name, ...]]) -> set[int]:
    """The posts that a source knows by these names, each by the first of its names that it knows."""
    of_each = [[_pair(name) for name in own] for own in names]
    known = _known(source, [pair for own in of_each for pair in own])
    found = (next((known[pair] for pair in own if pair in known), None) for own in of_each)
    return {post for post in found if post is not None}


def _known(source: str, wanted: Sequence[tuple[str, str]]) -> Known:
    known: Known = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        rows = PostName.objects.filter(source=source, value__in={value for _, value in part})
        found = {(row[0], row[1]): row[2] for row in rows.values_list("scheme", "value", "post_id")}
        known |= {name: found[name] for name in part if name in found}
    return known


def without_strangers(items: Sequence[Item], known: Mapping[tuple[str, str], int]) -> list[Item]:
    """The items without the addresses that they only took over from another post: a feed may put each new entry at the
    address of the last, and have no more than one at a time.

    Such an entry has nothing in common with the post that is known there: another title, text and day, and no id. One
    that has no other name, or no exact date, is believed all the same.
    """
    places = [[name for name in item.names if _is_place(name, item)] for item in items]
    wanted = {
        post_id for names in places for name in names if (post_id := known.get(_pair(name))) is not None
    }
    posts = Post.objects.defer("html").in_bulk(wanted)
    found = []
    for item, names in zip(items, places, strict=True):
        sure = {known.get(_pair(name)) for name in item.names if name not in names}
        taken = {name for name in names if _is_strangers(item, posts.get(known.get(_pair(name), 0)), sure)}
        left = tuple(name for name in item.names if name not in taken)
        found.append(replace(item, names=left) if taken and left else item)
    return found


def _pair(name: Name) -> tuple[str, str]:
    return str(name.scheme), name.value


def _is_place(name: Name, item: Item) -> bool:
    """An address, or an id that is the address of the entry's page once more; of web feeds alone."""
    if any(other.scheme not in (NameScheme.GUID, NameScheme.ADDRESS) for other in item.names):
        return False
    if name.scheme == NameScheme.ADDRESS:
        return True
    is_address = name.value.startswith(("http://", "https://"))
    return is_address and address_name(name.value) == address_name(item.url or "")


def _is_strangers(item: Item, post: Post | None, sure: Collection[int | None]) -> bool:
    if post is None or post.pk in sure or item.date is None or item.date.moment is None:
        return False
    apart = abs(item.date.moment - post.dated_at)
    return apart >= _ANOTHER_DAY and not similarity.shares(post, item)


def recognise(
    items: Sequence[Item], known: Mapping[tuple[str, str], int]
) -> tuple[list[Recognised], list[Problem]]:
    """Each item's post, in the order of the items; one post is never two of them. Touches nothing.

    Of two items with a name of one post, the one whose name is stronger is that post. The other keeps its other names;
    one that has none is left out, and said.
    """
    problems: list[Problem] = []
    claims = sorted(
        (_STRENGTH[name.scheme], rank, place, known[str(name.scheme), name.value])
        for place, item in enumerate(items)
        for rank, name in enumerate(item.names)
        if (str(name.scheme), name.value) in known
    )
    owner: dict[int, int] = {}
    post_of: dict[int, int] = {}
    for _, _, place, claimed in claims:
        if place not in post_of and claimed not in owner:
            owner[claimed], post_of[place] = place, claimed
    recognised: list[Recognised] = []
    given: set[Name] = set()
    for place, item in enumerate(items):
        post_id = post_of.get(place)
        own = [
            name
            for name in dict.fromkeys(item.names)
            if name not in given and _may_have(name, place, post_id, known, owner, items)
        ]
        if not own:
            what = f'it has the same names as another one ("{cut(item.title, 80)}"); give it an id of its own'
            problems.append(Problem(item.names[0].value[:200], what))
            continue
        if (
            any(known.get((str(name.scheme), name.value), post_id) != post_id for name in item.names)
            and post_id
        ):
            what = "it carries the names of two posts; the strongest decided. Give it one id"
            problems.append(Problem(item.names[0].value[:200], what))
        given.update(own)
        over = tuple(name for name in own if known.get((str(name.scheme), name.value), post_id) != post_id)
        recognised.append(Recognised(replace(item, names=tuple(own)), post_id, over))
    return recognised, problems


def _may_have(
    name: Name,
    place: int,
    post_id: int | None,
    known: Mapping[tuple[str, str], int],
    owner: Mapping[int, int],
    items: Sequence[Item],
) -> bool:
    """A name is an item's own unless it belongs to another post; that one gives it up when it is there without it."""
    belongs = known.get(_pair(name))
    if belongs is None or belongs == post_id:
        return True
    holder = owner.get(belongs)
    return post_id is None and holder is not None and holder != place and name not in items[holder].names


def adopted(source: str, items: Sequence[Item], config: Config) -> Known:
    """Names of these items under a source that the configuration has no more (it was renamed), or of a page that staff
    imported: those posts are this source's now. The title or the text must be the same as well."""
    wanted = [_pair(name) for item in items for name in item.names]
    found: Known = {}
    if source not in config.sources:
        return found
    by_name = {(str(name.scheme), name.value): item for item in items for name in item.names}
    for start in range(0, len(wanted), 500):
        part = set(wanted[start : start + 500])
        rows = PostName.objects.filter(value__in={value for _, value in part}).exclude(
            source__in=[source, *config.sources]
        )
        for row in rows.select_related("post"):
            item = by_name.get((row.scheme, row.value))
            sure = row.source != "" or row.scheme in _SURE
            if item is not None and sure and similarity.shares(row.post, item):
                found[row.scheme, row.value] = row.post_id
    return found


def of_a_source(item: Item) -> Post | None:
    """The post of any source that lives at an imported page's address, or carries its id, with its title or text."""
    for name in item.names:
        if name.scheme in _SURE:
            rows = PostName.objects.filter(scheme=name.scheme, value=name.value).select_related("post")
            for row in rows.order_by("pk"):
                if similarity.shares(row.post, item):
                    return row.post
    return None


def add_names(post: Post, source: str, names: Iterable[Name], taken_over: Iterable[Name] = ()) -> None:
    """Note by which names a source knows a post. Call it in a transaction."""
    for name in taken_over:
        PostName.objects.filter(source=source, scheme=name.scheme, value=name.value).delete()
    have = set(post.names.filter(source=source).values_list("scheme", "value"))
    fresh = [name for name in names if (str(name.scheme), name.value) not in have]
    rows = [PostName(post=post, source=source, scheme=name.scheme, value=name.value) for name in fresh]
    PostName.objects.bulk_create(rows, ignore_conflicts=True)
