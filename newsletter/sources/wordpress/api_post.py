"""Posts as the REST API answers them (wp/v2/posts): what each field means. api.py asks for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from newsletter import date_parsing
from newsletter.dates import PartialDate
from newsletter.errors import SourceError
from newsletter.sources.access_walls import asks_for_a_password
from newsletter.sources.html.images.image_sizes import told
from newsletter.sources.wordpress.items import WordPressPost
from newsletter.sources.wordpress.references import References, number, objects, referred
from newsletter.sources.wordpress.reusable_blocks import Lost, nothing_lost, with_patterns
from newsletter.sources.wordpress.shortcodes import Picture, without_shortcodes

#: What is asked for of each post. The last two carry what ``_embed`` adds.
FIELDS = (
    "id,date,date_gmt,modified,modified_gmt,guid,link,title,content,excerpt,status,type,author,authors,"
    "featured_media,categories,tags,yoast_head_json.author,_links,_embedded"
)
EMBED = "author,wp:featuredmedia,wp:term"
#: Shortcodes that nobody filled.
_RAW = re.compile(r"\[(?:gallery|(?:[\w-]*[_-])?(?:button|btn))(?:\s[^\[\]]*=|\])", re.IGNORECASE)
_HAS_ZONE = re.compile(r"(?:z|[+-]\d\d:?\d\d)$", re.IGNORECASE)
#: A picture as wide as a mail on a sharp screen needs; the original may have megabytes.
_SIZES = ("large", "medium_large")


def is_public(post: Mapping[str, Any]) -> bool:
    """False for what is no published post, whatever the server shows us."""
    return (post.get("status", "publish"), post.get("type", "post")) == ("publish", "post")


def lacks_utc(post: Mapping[str, Any]) -> bool:
    """True for a post whose date is known in the site's own time only."""
    return not isinstance(post.get("date_gmt"), str) or str(post.get("date_gmt")).startswith("0000")


def has_password(post: Mapping[str, Any]) -> bool:
    """True for a post whose text is behind a password."""
    parts = (post.get("content"), post.get("excerpt"))
    if any(isinstance(part, Mapping) and part.get("protected") is True for part in parts):
        return True
    return asks_for_a_password(_rendered(post.get("content")))  # a plugin's, which the API knows nothing of


def changed_at(post: Mapping[str, Any], zone: str) -> datetime | None:
    """When the post was last changed, by the server's clock; aware UTC. ``zone``: a zone's name, or "+05:30"."""
    found = _moment(post, "modified", zone)
    return found.moment if found else None


def published_at(post: Mapping[str, Any], zone: str) -> PartialDate | None:
    """The post's date. ``zone``: the name of the site's zone, or its offset such as "+05:30"."""
    return _moment(post, "date", zone)


def _moment(post: Mapping[str, Any], name: str, zone: str) -> PartialDate | None:
    """The UTC that WordPress keeps beside each local time; the local one where there is none."""
    for key, end in ((f"{name}_gmt", "Z"), (name, "")):
        text = post.get(key)
        if isinstance(text, str) and text and not text.startswith("0000"):
            ends = end or (zone if zone[0] in "+-" else "")
            ends = "" if _HAS_ZONE.search(text) else ends
            if found := date_parsing.parse(text + ends, zone="UTC" if zone[0] in "+-" else zone):
                return found
    return None


def read_post(
    post: Mapping[str, Any], references: References, zone: str, lost: Lost = nothing_lost
) -> WordPressPost:
    """A published post of the answer. ``lost`` is told what falls out of its text. Raises SourceError with one clause
    for one without a number."""
    found = number(post.get("id"))
    if not found:
        raise SourceError("it has no id, by which WordPress knows it")
    refers = referred(post)
    picture = next(iter(references.of("media", refers["media"])), {})
    address, size = _picture(picture)
    terms = references.of("categories", refers["categories"]) + references.of("tags", refers["tags"])
    return WordPressPost(
        number=found,
        guid=_rendered(post.get("guid")),
        link=_text(post.get("link")),
        title=_rendered(post.get("title")),
        html=_resolved(_rendered(post.get("content")), references, lost),
        excerpt=_rendered(post.get("excerpt")),
        date=published_at(post, zone),
        updated=changed_at(post, zone),
        authors=_authors(post, references.of("users", refers["users"])),
        categories=tuple(filter(None, (_text(term.get("name")) for term in terms))),
        image=address,
        image_alt=_text(picture.get("alt_text")),
        image_size=size,
    )


def _resolved(html: str, references: References, lost: Lost) -> str:
    """The text, where a site answers with what WordPress should have filled: galleries, buttons, reusable blocks."""
    if "/-->" in html:
        html = with_patterns(html, lambda number: None, lost)
    if not _RAW.search(html):
        return html

    def gallery(numbers: list[int]) -> list[Picture]:
        found = references.pictures(numbers)
        return [Picture(url, _text(one.get("alt_text"))) for one in found if (url := _picture(one)[0])]

    return without_shortcodes(html, gallery, lost)


def _authors(post: Mapping[str, Any], users: list[Mapping[str, Any]]) -> tuple[str, ...]:
    """Those of a plugin for several authors (PublishPress), else WordPress's one, else what Yoast's plugin says."""
    several = [_text(entry.get("display_name")) for entry in objects(post.get("authors"))]
    one = [_text(user.get("name")) for user in users]
    yoast = post.get("yoast_head_json")
    said = [_text(yoast.get("author"))] if isinstance(yoast, Mapping) else []
    for found in (several, one, said):
        if names := tuple(name for name in found if name and "@" not in name):
            return names
    return ()


def _picture(picture: Mapping[str, Any]) -> tuple[str, tuple[int, int]]:
    """The address of the file that is shown, empty for none, and its size."""
    found = picture.get("media_details")
    details: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    sizes = details.get("sizes")
    if isinstance(sizes, Mapping):
        for size in _SIZES:
            entry = sizes.get(size)
            if isinstance(entry, Mapping) and (url := _text(entry.get("source_url"))):
                return url, told(entry.get("width"), entry.get("height"))
    return _text(picture.get("source_url")), told(details.get("width"), details.get("height"))


def _rendered(value: object) -> str:
    return _text(value.get("rendered")) if isinstance(value, Mapping) else _text(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
