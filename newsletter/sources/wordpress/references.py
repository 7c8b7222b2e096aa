"""Authors, terms and pictures that a WordPress post refers to by number: known from the answer, or asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from newsletter.sources.wordpress.api import Api, ApiFailed, Closed, PastTheEnd

_MOST_NUMBER = 2**63
_MOST_REFERENCES = 100
#: Route → what is asked of it.
_ROUTES = {
    "users": "id,name",
    "categories": "id,name",
    "tags": "id,name",
    "media": "id,source_url,alt_text,media_details.width,media_details.height,"
    "media_details.sizes.large,media_details.sizes.medium_large",
}


def number(value: object) -> int | None:
    """An id: above 0 and what a database holds; also as text, as some plugins write it. None for anything else."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MOST_NUMBER:
        return value
    return None


class References:
    """Authors, terms and pictures that posts refer to by number. Asked for a page's posts at once, and only where
    the answer did not bring them along; what is refused once is not asked for again."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: dict[str, dict[int, Mapping[str, Any]]] = {route: {} for route in _ROUTES}
        #: Route → why it does not answer.
        self.closed: dict[str, str] = {}

    def learn(self, posts: Iterable[Mapping[str, Any]]) -> None:
        """Know what these posts refer to. Raises Busy, and SourceError when no answer comes."""
        wanted: dict[str, set[int]] = {route: set() for route in _ROUTES}
        for post in posts:
            self._learn_embedded(post)
            for route, numbers in referred(post).items():
                wanted[route] |= {found for found in numbers if found not in self._known[route]}
        for route, needed in wanted.items():
            ordered = sorted(needed)
            for start in range(0, len(ordered), 100):
                if route not in self.closed:
                    self._ask(route, ordered[start : start + 100])

    def of(self, route: str, numbers: Iterable[int]) -> list[Mapping[str, Any]]:
        """What is known of these."""
        return [self._known[route][found] for found in numbers if found in self._known[route]]

    def pictures(self, numbers: list[int]) -> list[Mapping[str, Any]]:
        """The pictures with these numbers that the site shows to visitors. Raises Busy, and SourceError."""
        missing = [found for found in numbers[:_MOST_REFERENCES] if found not in self._known["media"]]
        if missing and "media" not in self.closed:
            self._ask("media", missing)
        return [found for found in self.of("media", numbers) if found]

    def _learn_embedded(self, post: Mapping[str, Any]) -> None:
        embedded = post.get("_embedded")
        if not isinstance(embedded, Mapping):
            return
        self._keep("users", objects(embedded.get("author")))
        self._keep("media", objects(embedded.get("wp:featuredmedia")))
        for term in (term for group in _list(embedded.get("wp:term")) for term in objects(group)):
            route = {"category": "categories", "post_tag": "tags"}.get(str(term.get("taxonomy")))
            if route:
                self._keep(route, [term])

    def _keep(self, route: str, found: Iterable[Mapping[str, Any]]) -> None:
        for entry in found:
            if (known := number(entry.get("id"))) and "code" not in entry:
                self._known[route][known] = entry

    def _ask(self, route: str, numbers: list[int]) -> None:
        query = {"include": ",".join(map(str, numbers)), "per_page": "100", "_fields": _ROUTES[route]}
        try:
            reply = self._api.ask(f"wp/v2/{route}", query)
        except (Closed, ApiFailed, PastTheEnd) as error:
            self.closed[route] = str(error) or "it gave none"
            return
        self._keep(route, objects(reply.data))
        for missing in numbers:
            self._known[route].setdefault(missing, {})  # deleted or hidden: not to be asked for again


def referred(post: Mapping[str, Any]) -> dict[str, list[int]]:
    """Route → the numbers of what a post refers to there."""
    return {
        "users": _numbers([post.get("author")]),
        "media": _numbers([post.get("featured_media")]),
        "categories": _numbers(post.get("categories")),
        "tags": _numbers(post.get("tags")),
    }


def _list(value: object) -> list[Any]:
    return value[:_MOST_REFERENCES] if isinstance(value, list) else []


def objects(value: object) -> list[Mapping[str, Any]]:
    """The JSON objects of a list; none for anything else."""
    return [entry for entry in _list(value) if isinstance(entry, Mapping)]


def _numbers(value: object) -> list[int]:
    return [found for entry in _list(value) if (found := number(entry))]
