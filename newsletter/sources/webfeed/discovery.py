"""Where a site's feed is: what its page says of it, and the paths where feeds usually are. Nothing is fetched here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

from lxml import html as lxml_html
from lxml.etree import LxmlError

from newsletter.sources.html.parser_limits import without_crowded_tags
from newsletter.sources.html.sanitize import absolute_url, one_line, without_controls

#: Where WordPress, Hugo, Jekyll, Ghost, Drupal and their like put the feed of all posts.
USUAL_PATHS = ("feed/", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json", "rss")
#: So many of a page's feeds are asked.
MOST_CANDIDATES = 4
#: Of a page; <head> is at its beginning.
_MOST_PAGE = 500_000
_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
#: These may be anything; the address must say "feed".
_VAGUE_TYPES = frozenset({"application/xml", "text/xml", "application/json"})
_COMMENTS = re.compile(
    r"comment|kommentar|comentari|comentári|commenti|commentaire|reacties|komentar|replies|/comments?/",
    re.IGNORECASE,
)
#: Feeds of a part of the site.
_PARTIAL = re.compile(
    r"/(?:category|categories|tags?|topics?|authors?|search|series|author|section)/", re.IGNORECASE
)
_FEED_WORD = re.compile(r"feed|rss|atom", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """One feed that a page names."""

    #: Absolute.
    url: str
    title: str


def feeds_of_page(text: str, url: str) -> tuple[Link, ...]:
    """The feeds of posts that a page names (RSS Advisory Board, "Autodiscovery"), the one for all posts first.

    Feeds of comments are none of them: nobody asked for comments in their mail. Never raises.
    """
    seen: dict[str, Link] = {}
    for link in _links(text, url):
        if link.url != url:
            seen.setdefault(link.url, link)
    posts = [link for link in seen.values() if not _COMMENTS.search(f"{link.title} {link.url}")]
    return tuple(sorted(posts, key=lambda link: bool(_PARTIAL.search(urlsplit(link.url).path))))[
        :MOST_CANDIDATES
    ]


def _links(text: str, url: str) -> Iterator[Link]:
    try:
        page = lxml_html.document_fromstring(
            without_crowded_tags(without_controls(text[:_MOST_PAGE])).encode(),
            parser=lxml_html.HTMLParser(encoding="utf-8"),
        )
    except (LxmlError, ValueError):
        return
    base = next((found.get("href") or "" for found in page.iter("base")), "")
    base = absolute_url(base, url) or url if base else url
    for found in page.iter("link", "a"):
        rel = (found.get("rel") or "").lower().split()
        kind = (found.get("type") or "").lower().partition(";")[0].strip()
        address = absolute_url(found.get("href") or "", base)
        sure = kind in _TYPES or (kind in _VAGUE_TYPES and bool(_FEED_WORD.search(found.get("href") or "")))
        if address and sure and "alternate" in rel and "/wp-json/" not in address:
            yield Link(address, one_line(found.get("title") or ""))


def usual_places(url: str) -> tuple[str, ...]:
    """Where the feed of a page may be that names none: below the page, then at the root of its host."""
    parts = urlsplit(url)
    folder = parts.path if parts.path.endswith("/") else parts.path.rpartition("/")[0] + "/"
    page = parts.path.rstrip("/") + "/" if "." not in parts.path.rpartition("/")[2] else folder
    roots = dict.fromkeys(
        urlunsplit((parts.scheme, parts.netloc, path, "", "")) for path in (page or "/", "/")
    )
    return tuple(dict.fromkeys(urljoin(root, path) for root in roots for path in USUAL_PATHS if path))
