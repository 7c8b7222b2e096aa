"""Web addresses as sources use them: where a post lives, and the name made of it. Nothing is fetched."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from newsletter.host_names import with_ascii_host
from newsletter.sources.base import Name, NameScheme
from newsletter.sources.html.plain_text import without_controls

#: Longer addresses work nowhere (and are nobody's picture).
MOST_ADDRESS = 2000

#: As long as a stored name may be.
MOST_NAME = 1000
#: What campaigns and trackers add to a link; the post behind it is the same.
_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|mc_[ce]id)$", re.IGNORECASE)
#: An absolute address that nothing would be changed in; most are, and a post may have tens of thousands of them.
_ABSOLUTE = re.compile(
    r"https?://[a-z0-9.-]+(?:/[A-Za-z0-9_.~%@:=&+,!$*'()/-]*)?(?:\?[A-Za-z0-9_.~%@:=&+,!$*'()/-]+)?"
)
_BEHIND_HOST = re.compile(r"[A-Za-z]+:/*[^/?#]*")
_UNFIT = re.compile(r'[\[\]<>{}|\\^`"]')
_INDEX = re.compile(r"/(?:index\.(?:html?|php)|default\.aspx?)$", re.IGNORECASE)


def address_name(url: str) -> Name | None:
    """The name of a post by its address: path and query, without scheme, host and what trackers add.

    None for a home page, which names no post, and for what is not an address.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = quote(unquote(parts.path, errors="replace"), safe="/~:@!$&'()*+,;=")
    path = _INDEX.sub("/", path).rstrip("/")
    query = urlencode([pair for pair in parse_qsl(parts.query) if not _TRACKING.match(pair[0])])
    if not path and not query:
        return None
    value = (path or "/") + (f"?{query}" if query else "")
    return Name(NameScheme.ADDRESS, value) if len(value) <= MOST_NAME else None


def absolute_url(url: str, base_url: str) -> str | None:
    """``url`` as an absolute http(s) address with its host in ASCII, or None when it cannot be one."""
    url = url.strip()
    if _ABSOLUTE.fullmatch(url):
        return url if len(url) <= MOST_ADDRESS else None
    try:
        joined = urljoin(base_url, url) if base_url else url
        if _ABSOLUTE.fullmatch(joined):
            return joined if len(joined) <= MOST_ADDRESS else None
        if not base_url and joined.startswith("//"):
            joined = "https:" + joined
        parts = urlsplit(joined)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            return None
        _ = parts.port  # raises ValueError for one that is not a number
    except ValueError:
        return None
    whole = with_ascii_host(_fit_behind_host(re.sub(r"\s", "%20", without_controls(joined))))
    return whole if whole and len(whole) <= MOST_ADDRESS else None


def _fit_behind_host(address: str) -> str:
    """Without the characters of ASCII that may not stand in a path, query or fragment (RFC 3986 §3.3 to §3.5)."""
    found = _BEHIND_HOST.match(address)
    start = found.end() if found else len(address)
    return address[:start] + _UNFIT.sub(lambda sign: f"%{ord(sign[0]):02X}", address[start:])


def safe_path(path: str) -> str | None:
    """A relative web path without a way out of its folder, percent-encoded; None when it has one.

    ``..`` is refused in every spelling, as are backslashes and control characters (ASVS 5.3.2).
    """
    plain = unquote(path, errors="replace").strip().strip("/")
    parts = plain.split("/")
    if not plain or any(part in ("", ".", "..") for part in parts):
        return None
    if re.search(r"[\x00-\x1f\x7f\\\ud800-\udfff\ufffd]", plain):
        return None
    return "/".join(quote(part, safe="~@!$&'()*+,;=") for part in parts)
