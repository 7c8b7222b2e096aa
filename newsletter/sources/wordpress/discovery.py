"""Where a WordPress site keeps its REST API, given any of its addresses: home page, a page below, API or feed.

A page says it itself, in a header or its head (REST API Handbook, "Discovery"); where it does not, the usual places are
asked. Asking the API is api.py's part, reading posts api_post.py's.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from newsletter.errors import SourceError
from newsletter.http.client import Answer, Fetcher
from newsletter.http.encodings import decode
from newsletter.sources.html.urls import absolute_url
from newsletter.sources.wordpress.api import Api, ApiFailed, Busy, Closed, PastTheEnd, wait

_RELATION = "https://api.w.org/"
_LINK_HEADER = re.compile(r"<([^<>]{1,2000})>\s*((?:;\s*[\w*-]+\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]+)\s*)*)")
_LINK_TAG = re.compile(r"<link\b([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_INSIDE_API = re.compile(r"^(.*?/wp-json)(?:/.*)?$")
_FEED = re.compile(r"/(?:(?:feed|rss|rss2|atom)(?:/(?:rss2?|atom|rdf))?|wp-(?:rss2?|atom|rdf|feed)\.php)/?$")
#: An archive says which posts of the API are its own.
_ARCHIVE = re.compile(r"/wp/v2/(categories|tags|users)/([0-9]{1,18})/?$")
_ASKED_BY = {"categories": "categories", "tags": "tags", "users": "author"}
#: How far into a page its head is looked for.
_HEAD = 512 * 1024


@dataclass(frozen=True, slots=True)
class ApiPlace:
    """Where a site's API is, and which of its posts were meant."""

    root: str
    #: Of a category's, a tag's or an author's page: the question for its posts alone.
    only: Mapping[str, str] = field(default_factory=dict)


def find(url: str, fetcher: Fetcher, now: datetime) -> ApiPlace:
    """Find the API of the site at ``url``. Raises Closed, Busy, and SourceError when the site does not answer."""
    if root := root_inside(url):
        return ApiPlace(_tried(Api(root, fetcher, now)))
    answer = fetcher.ask(url)
    if answer.status in (429, 503):
        raise Busy(answer.status, now + wait(answer.headers.get("retry-after", ""), now))
    if answer.status >= 500:
        raise SourceError(
            f"{url} answered {answer.status}; try again later, and open it in a browser to see why"
        )
    links = list(_links(answer))
    announced = next((address for address, relations, _ in links if _RELATION in relations), None)
    closed: Closed | None = None
    for root in [announced] if announced else _guesses(answer.url):
        try:
            return ApiPlace(_tried(Api(root, fetcher, now)), _archive(links))
        except Closed as error:
            closed = closed or error
            if not _is_missing(error):
                break
    if announced or (closed and not _is_missing(closed)):
        raise closed or Closed("it did not answer")
    raise Closed("no API of WordPress was found there")


def _tried(api: Api) -> str:
    """The API's beginning, where redirects led. Asks for as little as there is; raises as ``Api.ask`` does, but "it
    broke down" is for those who ask for more."""
    try:
        reply = api.ask("wp/v2/posts", {"per_page": "1", "_fields": "id"})
    except (ApiFailed, PastTheEnd):
        return api.root
    if not isinstance(reply.data, list):
        raise Closed("it answered with something other than a list of posts")
    return root_inside(reply.url) or api.root


def _is_missing(closed: Closed) -> bool:
    """Not there, rather than forbidden: another place may have it."""
    return "answered 404" in str(closed) or "other than" in str(closed)


def root_inside(url: str) -> str | None:
    """The beginning of the API, when ``url`` is in it; else None."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if any(name == "rest_route" for name, _ in pairs):
        query = urlencode([("rest_route", "/")], safe="/")
        return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
    inside = _INSIDE_API.match(parts.path)
    return urlunsplit((parts.scheme, parts.netloc, inside[1] + "/", "", "")) if inside else None


def site_of(url: str) -> str:
    """The address of the site whose API, feed or page ``url`` is, as far as it can be told from it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    inside = _INSIDE_API.match(parts.path)
    path = inside[1].removesuffix("wp-json") if inside else _FEED.sub("/", parts.path)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([pair for pair in pairs if pair[0] not in ("rest_route", "feed")])
    path = re.sub(r"/index\.php$", "/", path) or "/"
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def _links(answer: Answer) -> Iterator[tuple[str, list[str], str]]:
    """(absolute address, relations, media type) of each link, of the header first (RFC 8288) and then of the head."""
    for address, about in _LINK_HEADER.findall(answer.headers.get("link", "")[:20_000]):
        yield from _link(answer.url, address, about)
    if "xml" in answer.headers.get("content-type", "") and b"<html" not in answer.content[:2000]:
        return
    head = decode(answer.content[:_HEAD], answer.headers.get("content-type", ""))
    for tag in _LINK_TAG.finditer(head):
        found = {key.lower(): a or b or c for key, a, b, c in _ATTRIBUTE.findall(tag[1])}
        yield from _link(answer.url, entities.unescape(found.get("href", "")), tag[1])


def _link(base: str, address: str, about: str) -> Iterator[tuple[str, list[str], str]]:
    found = {key.lower(): a or b or c for key, a, b, c in _ATTRIBUTE.findall(about)}
    absolute = absolute_url(address.strip(), base) if address.strip() else None
    if absolute:
        yield absolute, found.get("rel", "").split(), found.get("type", "")


def _archive(links: list[tuple[str, list[str], str]]) -> Mapping[str, str]:
    for address, relations, media_type in links:
        if "alternate" in relations and media_type == "application/json":
            parts = urlsplit(address)
            route = dict(parse_qsl(parts.query)).get("rest_route", "") or parts.path
            if found := _ARCHIVE.search(route):
                return {_ASKED_BY[found[1]]: found[2]}
    return {}


def _guesses(url: str) -> list[str]:
    """The usual places: below the address itself, below its first folder, and at the top of the host."""
    parts = urlsplit(site_of(url))
    first = "/".join(parts.path.split("/")[:2])
    folders = dict.fromkeys([parts.path.rstrip("/"), first.rstrip("/"), ""])
    tops = [urlunsplit((parts.scheme, parts.netloc, folder + "/", "", "")) for folder in folders]
    return [*(urljoin(top, "wp-json/") for top in tops), f"{tops[-1]}?rest_route=/"]
