"""What Ghost exports (Settings, Migration tools, Export: a .json file) → its public posts. Nothing is fetched.

Drafts, scheduled posts, pages, posts that were only mailed and posts for members are left out and counted: what an
import brings is published. A post has the id and the address that Ghost's own feed gives it, so that a feed of the same
site, added later, repeats nothing.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from newsletter import date_parsing
from newsletter.dates import PartialDate
from newsletter.errors import SourceError
from newsletter.sources.article.html_page import MOST_ELEMENTS, too_much_html
from newsletter.sources.base import Item, Name, NameScheme, Problem
from newsletter.sources.ghost.lexical import from_lexical, from_mobiledoc, public_html
from newsletter.sources.html.plain_text import one_line, plain_text
from newsletter.sources.html.sanitize import clean_with_files
from newsletter.sources.html.urls import absolute_url, address_name
from newsletter.text.graphemes import cut

#: It is read whole, and takes a few times as much memory.
MOST_BYTES = 150 * 1024 * 1024
#: What stands for the site's address in texts since Ghost 4.
_PLACEHOLDER = "__GHOST_URL__"
_PICTURE = re.compile(
    r"(?:src|srcset|poster|href)\s*=\s*[\"']?[^\"'<>]*?__GHOST_URL__/content/", re.IGNORECASE
)
_ON_SITE = re.compile(r"[\"'](https?://[^\s\"'<>/]+(?:/[\w-]+)?)/content/images/")
_LINK = re.compile(r"__GHOST_URL__/([\w-]+)/?(?=[\"'#?])")
_MOST_TITLE = 500


@dataclass(frozen=True, slots=True)
class Export:
    """What was in the file: the posts, oldest first, and how many of each kind were left out."""

    items: tuple[Item, ...]
    left_out: Mapping[str, int]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Tables:
    """The export's tables, by what they are looked up with."""

    tags: dict[str, str]
    people: dict[str, str]
    tags_of: dict[str, list[str]]
    people_of: dict[str, list[str]]
    about: dict[str, Mapping[str, Any]]


@dataclass(slots=True)
class GhostReading:
    """How an export is read.

    ``zone`` is for times without one. ``media_url`` is where files of ours are served. ``site`` is where the Ghost site
    is on the web, for its pictures; empty when nobody said. ``post_url`` gives the address of a post in our archive by
    its slug, or None where another post is there.
    """

    zone: str
    media_url: str
    site: str = ""
    post_url: Callable[[str], str | None] = lambda slug: None
    slugs: frozenset[str] = field(default_factory=frozenset)


def is_ghost_export(content: bytes) -> bool:
    """Whether a JSON file looks like one, by its beginning and its table of posts."""
    start = content[:65536].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start[:1] == b"{" and b'"posts"' in content and (b'"db"' in start or b'"data"' in start)


def read_export(content: bytes, where: str, reading: GhostReading) -> Export:
    """Every public post of an export. Raises SourceError when it is none."""
    data = _data(content, where)
    posts = [post for post in _rows(data, "posts") if isinstance(post.get("id"), str | int)]
    tables = _tables(data)
    left_out: Counter[str] = Counter()
    public: list[Mapping[str, Any]] = []
    for post in posts:
        why = _why_not(post, tables.about.get(str(post["id"]), {}))
        if why:
            left_out[why] += 1
        else:
            public.append(post)
    reading.slugs = frozenset(str(post["slug"]) for post in public if isinstance(post.get("slug"), str))
    texts = [_html(post) for post in public]
    reading.site = reading.site or _site_said(texts)
    items: list[Item] = []
    problems: list[Problem] = []
    for post, html in zip(public, texts, strict=True):
        try:
            items.append(_item(post, html, tables, reading))
        except SourceError as error:
            problems.append(Problem(f"{where}: {cut(str(post.get('title') or post['id']), 80)}", str(error)))
    if not reading.site and (count := sum(map(_needs_site, public, texts))):
        what = (
            f"{count} posts came without their pictures, for the file does not say where the Ghost site is; import it "
            "once more with --site https://… (pictures are not copied: the site has to stay there)"
        )
        problems.append(Problem(where, what))
    items.sort(key=lambda item: str(item.date.starts("UTC")) if item.date else "")
    return Export(tuple(items), dict(left_out), tuple(problems))


def _data(content: bytes, where: str) -> Mapping[str, Any]:
    try:
        whole = json.loads(content.decode("utf-8-sig"), strict=False)
    except (ValueError, RecursionError) as error:
        raise SourceError(
            f"{where}: this is no whole JSON file ({error}); export it from Ghost once more"
        ) from error
    database = whole.get("db") if isinstance(whole, Mapping) else None
    inner = database[0] if isinstance(database, list) and database else whole
    data = inner.get("data") if isinstance(inner, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(data.get("posts"), list):
        raise SourceError(
            f"{where}: this JSON file is no export of Ghost's: there is no table of posts in it"
        )
    return data


def _rows(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = data.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _tables(data: Mapping[str, Any]) -> _Tables:
    # Tags whose names begin with # are the editors' own marks; Ghost shows them to nobody.
    tags = {
        str(tag.get("id")): one_line(str(tag.get("name") or ""))
        for tag in _rows(data, "tags")
        if tag.get("visibility") != "internal" and not str(tag.get("name") or "").startswith("#")
    }
    people = {str(user.get("id")): one_line(str(user.get("name") or "")) for user in _rows(data, "users")}
    return _Tables(
        tags,
        people,
        _pairs(_rows(data, "posts_tags"), "tag_id"),
        _pairs(_rows(data, "posts_authors"), "author_id"),
        {str(row.get("post_id")): row for row in _rows(data, "posts_meta")},
    )


def _pairs(rows: Iterable[Mapping[str, Any]], name: str) -> dict[str, list[str]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        order = row.get("sort_order")
        number = order if isinstance(order, int) else 0
        found.setdefault(str(row.get("post_id")), []).append((number, str(row.get(name))))
    return {post: [value for _, value in sorted(pairs)] for post, pairs in found.items()}


def _why_not(post: Mapping[str, Any], about: Mapping[str, Any]) -> str:
    """Why a post is not published here, in the words of the report; empty for a public one."""
    status = post.get("status")
    if post.get("type") == "page" or post.get("page") in (1, True):
        return "of pages"
    if status == "draft":
        return "still drafts"
    if status == "scheduled":
        return "scheduled"
    if status == "sent" or about.get("email_only") in (1, True):
        return "mailed but never on the web"
    if status != "published":
        return "not published"
    if post.get("visibility") not in (None, "public"):
        return "for members only"
    return ""


def _html(post: Mapping[str, Any]) -> str:
    html = post.get("html")
    if isinstance(html, str) and html.strip():
        return public_html(html)
    for name, read in (("lexical", from_lexical), ("mobiledoc", from_mobiledoc)):
        said = post.get(name)
        if isinstance(said, str) and said.strip() and (found := read(said)):
            return public_html(found)
    return ""


def _site_said(texts: Iterable[str]) -> str:
    """The site that older texts name in the addresses of their pictures; empty where none does."""
    sites = Counter(found[1] for text in texts for found in _ON_SITE.finditer(text))
    return next((site for site, _ in sites.most_common(1)), "")


def _needs_site(post: Mapping[str, Any], html: str) -> bool:
    return _PLACEHOLDER in str(post.get("feature_image") or "") or bool(_PICTURE.search(html))


def _item(post: Mapping[str, Any], html: str, tables: _Tables, reading: GhostReading) -> Item:
    """Raises SourceError for a post that cannot be read."""
    number, slug = str(post["id"]), str(post.get("slug") or "")
    title = cut(one_line(plain_text(str(post.get("title") or ""))), _MOST_TITLE)
    if title in ("", "(Untitled)"):
        title = cut(one_line(plain_text(html)), 60)
    if not title:
        raise SourceError("it has neither a title nor a text, so it is left out")
    if what := too_much_html(html, 2 * MOST_ELEMENTS):
        raise SourceError(f"{what}; divide it into several posts")
    base = f"{reading.site.rstrip('/')}/" if reading.site else ""
    html = _LINK.sub(lambda found: _led(found, reading), html)
    html = html.replace(_PLACEHOLDER, reading.site.rstrip("/"))
    clean, files, lost = clean_with_files(html, base, reading.media_url)
    about = tables.about.get(number, {})
    image = str(post.get("feature_image") or "").replace(_PLACEHOLDER, reading.site.rstrip("/"))
    # Ghost's feed gives the id; before Ghost 1 ids were small numbers, and the feed gave the uuid.
    guid = number if len(number) >= 20 else str(post.get("uuid") or "")
    names = [Name(NameScheme.GUID, guid)] if guid else []
    names += (
        [address] if (address := address_name(f"{base or 'https://ghost.invalid/'}{slug}/")) and slug else []
    )
    names = names or [Name(NameScheme.ID, f"ghost-{number}")]
    authors = tables.people_of.get(number) or [str(post.get("author_id"))]
    return Item(
        names=tuple(names),
        title=title,
        html=clean,
        files=files,
        lost=lost,
        date=_date(post.get("published_at") or post.get("created_at"), reading.zone),
        updated=_moment(post.get("updated_at"), reading.zone),
        authors=tuple(dict.fromkeys(name for one in authors if (name := tables.people.get(one)))),
        summary=one_line(plain_text(str(post.get("custom_excerpt") or about.get("custom_excerpt") or ""))),
        categories=tuple(name for tag in tables.tags_of.get(number, ()) if (name := tables.tags.get(tag))),
        image=absolute_url(image, base) if image else None,
        image_alt=one_line(str(about.get("feature_image_alt") or "")),
        language=str(post["locale"]) if isinstance(post.get("locale"), str) and post["locale"] else None,
        slug=slug,
    )


def _led(found: re.Match[str], reading: GhostReading) -> str:
    """A link to another post of the export leads to it in our archive."""
    there = reading.post_url(found[1]) if found[1] in reading.slugs else None
    return there or found[0]


def _date(said: object, zone: str) -> PartialDate | None:
    """Ghost 1 and later write ISO 8601, in UTC; Ghost 0 wrote milliseconds."""
    if isinstance(said, int) and not isinstance(said, bool):
        try:
            return PartialDate.of_instant(datetime.fromtimestamp(said / 1000, UTC))
        except (ValueError, OverflowError, OSError):
            return None
    if isinstance(said, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", said):
        said = f"{said}Z"
    return date_parsing.parse(said, zone=zone) if isinstance(said, str) else None


def _moment(said: object, zone: str) -> datetime | None:
    found = _date(said, zone)
    return found.starts(zone) if found else None
