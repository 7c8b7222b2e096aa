"""Links from post to post in our own archive: each leads to where that post is, or is named and becomes its words.

A source knows which file a link means (folder/body.py leaves a mark); only here is known what key that post has.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from newsletter.config import Config
from newsletter.models import Post, PostName
from newsletter.publishing.ingest.identity import Recognised
from newsletter.publishing.ingest.post_keys import key_of, new_key, path_of
from newsletter.sources.base import LINK_TO_POST, NameScheme, Problem
from newsletter.sources.folder.permalinks import read_name

_MARKED = re.compile(
    rf'<a href="{LINK_TO_POST}(?P<line>\d+):(?P<of>[^"#?]*)(?P<rest>[^"]*)"(?P<more>[^<>]*)>(?P<words>.*?)</a>',
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the post of a file is."""

    key: str
    #: What its author calls it, and its file, as keys.
    called: frozenset[str]


def settle(
    recognised: Sequence[Recognised], source: str, config: Config
) -> tuple[list[Recognised], list[Problem]]:
    """The same posts, with a key in ``item.slug`` where they are new, and with their links to posts led there.

    ``recognised`` is in the order in which new ones are stored.
    """
    keyed = _with_keys(recognised)
    links = _Links(_places(recognised, keyed), source, config)
    problems: list[Problem] = []
    return [links.led(found, problems) for found in keyed], list(dict.fromkeys(problems))


def _with_keys(recognised: Sequence[Recognised]) -> list[Recognised]:
    chosen: set[str] = set()
    keyed = []
    for found in recognised:
        if found.post_id is not None:
            keyed.append(found)
            continue
        key = new_key(found.item, chosen)
        chosen.add(key)
        keyed.append(replace(found, item=replace(found.item, slug=key)))
    return keyed


def _places(recognised: Sequence[Recognised], keyed: Sequence[Recognised]) -> dict[str, _Place]:
    """By the path of the file; sources of other kinds have none."""
    ids = [found.post_id for found in recognised if found.post_id is not None]
    stored: dict[int, str] = {}
    for start in range(0, len(ids), 500):
        stored |= dict(Post.objects.filter(pk__in=ids[start : start + 500]).values_list("pk", "key"))
    places = {}
    for found, new in zip(recognised, keyed, strict=True):
        key = new.item.slug if found.post_id is None else stored.get(found.post_id, "")
        for name in found.item.names:
            if name.scheme is NameScheme.PATH:
                file = read_name(name.value).slug
                places[name.value] = _Place(key, frozenset({key_of(found.item.slug), key_of(file), key}))
    return places


@dataclass(slots=True)
class _Links:
    places: Mapping[str, _Place]
    source: str
    config: Config

    def led(self, found: Recognised, problems: list[Problem]) -> Recognised:
        if LINK_TO_POST not in found.item.html:
            return found
        file = next((name.value for name in found.item.names if name.scheme is NameScheme.PATH), "")
        html = _MARKED.sub(lambda link: self._link(link, file, problems), found.item.html)
        return replace(found, item=replace(found.item, html=html))

    def _link(self, link: re.Match[str], file: str, problems: list[Problem]) -> str:
        of = unquote(entities.unescape(link["of"]))
        key = self._by_address(of) if of.startswith("/") else self._by_file(of)
        if key is not None:
            address = f"{self.config.site.url}{path_of(key)}"
        else:
            what = f'the link to "{of}" leads nowhere, for no post is there; correct it'
            problems.append(Problem(f"{file}:{link['line']}", what, minor=True))
            if not of.startswith("/"):
                return link["words"]
            address = f"{self.config.site.url}{entities.unescape(link['of'])}"
        return f'<a href="{entities.escape(address)}{link["rest"]}"{link["more"]}>{link["words"]}</a>'

    def _by_file(self, path: str) -> str | None:
        if place := self.places.get(path):
            return place.key
        named = PostName.objects.filter(source=self.source, scheme=NameScheme.PATH, value=path)
        return named.values_list("post__key", flat=True).first()

    def _by_address(self, address: str) -> str | None:
        """The key in "/posts/mill/", which may also be what the author of a post calls it."""
        wanted = address.strip("/").rpartition("/")[2]
        keys = {place.key for place in self.places.values()}
        if wanted in keys or Post.objects.filter(key=wanted).exists():
            return wanted
        called = {place.key for place in self.places.values() if key_of(wanted) in place.called}
        return called.pop() if len(called) == 1 else None
