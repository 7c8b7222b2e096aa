"""Makes sites and posts fit for every feed format: characters, addresses, moments, order. Builds none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit, urlunsplit

from newsletter.errors import Refused
from newsletter.feeds.model import FeedEnclosure, FeedPost, FeedSite
from newsletter.host_names import ascii_host
from newsletter.text.graphemes import cut
from newsletter.text.xml_characters import FORBIDDEN

#: The moment of a feed without posts. Any fixed one will do, and *now* would give a new ETag at every build.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: feedgen raises for any of them.
_NOT_XML = re.compile(f"[{FORBIDDEN}]")
#: White space that ends up as one space in a line. A no-break space is the author's and stays.
_GAPS = re.compile("[\t\n\u0020\u0085\u2028\u2029]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
#: What may stand behind a URL's host as it is (RFC 3986 §3.3 to §3.5: no brackets), and the percent sign of what is
#: encoded already.
_URL_SAFE = ":/?@!$&'()*+,;=%~"
_PATH = re.compile(r"(?:/[A-Za-z0-9._~%-]+)+")
_TITLE_FROM_SUMMARY = 80


def fit_site(site: FeedSite) -> FeedSite:
    """The same site with nothing in it that a feed must not hold.

    Raises Refused when the page or the feed has no http(s) address: a channel without its page is no RSS.
    """
    home, own = web_address(site.home_url), web_address(site.feed_url)
    if home is None or own is None:
        wrong = site.home_url if home is None else site.feed_url
        raise Refused(f"A feed needs http(s) addresses, and {wrong!r} is none: correct the site's address.")
    title = line(site.title) or line(site.organisation) or home
    return replace(
        site,
        title=title,
        description=line(site.description) or title,
        home_url=home,
        feed_url=own,
        id=line(site.id) or own,
        language=language(site.language) or "",
        organisation=line(site.organisation) or title,
        image=web_address(site.image or ""),
        icon=web_address(site.icon or ""),
        hubs=_addresses(site.hubs),
        style=_path(site.style),
        older=web_address(site.older or ""),
        newer=web_address(site.newer or ""),
        current=web_address(site.current or ""),
    )


def fit_posts(posts: Sequence[FeedPost]) -> list[FeedPost]:
    """The same posts with nothing in them that a feed must not hold, newest first.

    Posts of the same moment stay in the order in which they came. ``url`` becomes empty where it was not an
    http(s) address. Raises ValueError for a date without a zone.
    """
    return sorted(map(_fit_post, posts), key=lambda post: post.published, reverse=True)


def newest_change(posts: Sequence[FeedPost]) -> datetime:
    """When anything in the feed last changed, in UTC; EPOCH when there is nothing in it.

    A post that comes into the feed changes it, however early it is dated. A withdrawn post takes its moment along. A
    Last-Modified header must never go back, so whoever makes one needs the moment of the last withdrawal, too.
    """
    moments = (at for post in posts for at in (post.updated, post.published, post.released) if at is not None)
    return max(map(moment, moments), default=EPOCH)


def text(value: str) -> str:
    """Without the characters that XML cannot hold, every line end as ``\\n``."""
    return _NOT_XML.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def line(value: str) -> str:
    """``text`` in one line, trimmed."""
    return _GAPS.sub(" ", text(value)).strip(" ")


def moment(value: datetime) -> datetime:
    """In UTC and in whole seconds, which is all that RSS can say. Raises ValueError without a zone."""
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return value.astimezone(UTC).replace(microsecond=0)


def web_address(value: str) -> str | None:
    """An absolute http(s) URL in ASCII (RFC 3986), or None for anything else, such as ``javascript:``."""
    try:
        parts = urlsplit(line(value))
        port = parts.port
    except ValueError:
        return None
    named = parts.hostname or ""
    host = (f"[{named}]" if ":" in named else ascii_host(named)) or ""
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host) or "@" in parts.netloc:
        return None
    netloc = host if port is None else f"{host}:{port}"
    behind = (quote(_BARE_PERCENT.sub("%25", part), safe=_URL_SAFE) for part in parts[2:])
    return urlunsplit((parts.scheme, netloc, *behind))


def _path(value: str | None) -> str | None:
    """A path from the root, fit for a processing instruction, which knows no escapes; None for anything else."""
    return value if value and _PATH.fullmatch(value) else None


def language(value: str | None) -> str | None:
    """A tag that looks like RFC 5646 ("en_GB" becomes "en-GB"), or None."""
    tag = line(value or "").replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None


def _fit_post(post: FeedPost) -> FeedPost:
    url = web_address(post.url) or ""
    summary = text(post.summary).strip()
    title = line(post.title) or cut(line(summary), _TITLE_FROM_SUMMARY) or url or line(post.id)
    published = moment(post.published)
    return replace(
        post,
        id=line(post.id),
        title=title,
        url=url,
        published=published,
        updated=max(moment(post.updated), published),
        summary=summary or title,
        html=text(post.html),
        authors=_lines(post.authors),
        topics=_lines(post.topics),
        image=web_address(post.image or ""),
        language=language(post.language),
        enclosure=_fit_enclosure(post.enclosure),
    )


def _fit_enclosure(found: FeedEnclosure | None) -> FeedEnclosure | None:
    """None without an address that readers may open or a type that tells them what it is (RFC 6838 §4.2)."""
    if found is None:
        return None
    url, media_type = web_address(found.url), line(found.media_type).partition(";")[0].strip().lower()
    if url is None or not _MEDIA_TYPE.fullmatch(media_type):
        return None
    return FeedEnclosure(url, media_type, found.length if found.length and found.length > 0 else None)


def _lines(values: Iterable[str]) -> tuple[str, ...]:
    """Each once, in their order, without the empty ones."""
    return tuple(dict.fromkeys(filter(None, map(line, values))))


def _addresses(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(web_address, values))))
