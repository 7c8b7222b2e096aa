"""One page, a saved file or a web address, as a post: for ``newsletter posts import``. It is read by
text_page.py (plain text), html_page.py (HTML) or folder/items.py (Markdown)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.errors import SourceError
from newsletter.http.client import MOST_BYTES, Download
from newsletter.http.client import fetch as fetch_address
from newsletter.http.encodings import decode
from newsletter.sources.article.html_page import is_whole_page, read_html, too_much_html
from newsletter.sources.article.text_page import read_text, too_much_text
from newsletter.sources.base import Item, Name, NameScheme
from newsletter.sources.folder.items import MARKDOWN, MOST_TITLE, FolderPlace, read_post
from newsletter.sources.html.sanitize import plain_text
from newsletter.sources.html.urls import address_name
from newsletter.sources.local_files import OwnFiles
from newsletter.sources.other_exports import refuse_exports
from newsletter.text.graphemes import cut

_NOTHING = OwnFiles()
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_HTML_FILES = frozenset({".html", ".htm", ".xhtml"})
_TEXT_FILES = frozenset({".txt"})
_ELEMENTS = re.compile(r"<(?:p|div|article|main|section|h1|h2|br|table)\b[^<>]*>", re.IGNORECASE)
#: What browsers and people call any page.
_EVERYBODY_S_NAMES = frozenset(
    {"index", "default", "page", "post", "untitled", "document", "download", "saved"}
)
#: How files begin that are no page, and what to do instead.
_OTHER_KINDS = (
    (b"%PDF", "a PDF; save the page as HTML or text"),
    (b"PK\x03\x04", "an office document or an archive; save the text as HTML or plain text"),
    (b"\xd0\xcf\x11\xe0", "an office document; save the text as HTML or plain text"),
    (b"{\\rtf", "a rich-text document; save it as HTML or plain text"),
    (b"\x89PNG", "a picture; only text can be imported"),
    (b"\xff\xd8\xff", "a picture; only text can be imported"),
    (b"GIF8", "a picture; only text can be imported"),
)
_WEB_ARCHIVE = re.compile(
    rb"\A(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?content-type:\s*multipart/related", re.IGNORECASE
)


def import_page(
    where: str,
    *,
    zone: str,
    fetch: Callable[[str], Download] = fetch_address,
    site_titles: Sequence[str] = (),
    media_url: str = "",
    own: OwnFiles = _NOTHING,
) -> Item:
    """Read one page from a file or a web address: HTML, plain text, or Markdown with front matter.

    ``zone`` is the site's, for times without one. ``site_titles`` are headings of the site that stand on its
    pages and are no part of a post. ``media_url`` is where files of ours are served, with a slash at the end; without
    it pictures that are written into a page are left out. ``own`` is never opened.

    The date has no more precision than the page shows, and is None when it
    shows none. Raises SourceError, and FetchRefused for an address that must not be fetched.
    """
    site = _Site(zone, site_titles, media_url)
    if _ADDRESS.match(where):
        page = fetch(where)
        item = _read(page.content, page.content_type, where, page.url, site)
        found = item.url or page.url
        named = address_name(found) or address_name(page.url)
        if not named:
            raise SourceError(f"{where}: this is a home page, not a post; give the address of one post")
        return replace(item, names=(named, *_other_names(item, named)), url=found)
    path = Path(where)
    if own.hold(path):
        raise SourceError(f"{where}: this is a file of the program itself; name a saved page")
    refuse_exports(path, where, own)
    content = _content(path, where)
    _refuse_other_kinds(content, "", where)
    _refuse_other_endings(path, where)
    item = _read(content, "", where, "", site)
    named = address_name(item.url) if item.url else None
    named = named or Name(NameScheme.PATH, _file_name(path, where))
    return replace(item, names=(named, *_other_names(item, named)))


def _other_names(item: Item, first: Name) -> tuple[Name, ...]:
    """The author's own id, where the page has front matter with one."""
    return tuple(name for name in item.names if name.scheme is NameScheme.ID and name != first)


def _content(path: Path, where: str) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise SourceError(f"{where}: this is not a regular file; name a saved page")
        if not path.is_file():
            raise SourceError(
                f"{where}: no such file; name a saved page, or an address that begins with https://"
            )
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(
            f"{where}: the file cannot be read ({reason.lower()}); check its permissions"
        ) from error
    if len(content) > MOST_BYTES:
        raise SourceError(
            f"{where}: the file is larger than {MOST_BYTES // 1024 // 1024} MB; a page is smaller"
        )
    return content


def _refuse_other_endings(path: Path, where: str) -> None:
    """What is imported is published at once: a settings file or a list of users by a slip of the hand must not be."""
    pages = sorted(_HTML_FILES | MARKDOWN | _TEXT_FILES)
    if path.suffix.lower() not in pages:
        raise SourceError(
            f"{where}: by its name this is no page, and what is imported is published; a page ends in "
            f"{', '.join(pages[:-1])} or {pages[-1]}: rename it if it is one"
        )


def _file_name(path: Path, where: str) -> str:
    # Two saved pages called index.html are seldom one post; a second import would overwrite the first.
    shared = path.stem.lower() in _EVERYBODY_S_NAMES
    name = f"{path.resolve().parent.name}/{path.name}" if shared else path.name
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise SourceError(f"{where!a}: the file's name is not UTF-8; rename it") from error
    return name


@dataclass(frozen=True, slots=True)
class _Site:
    """What a page is read for."""

    zone: str
    titles: Sequence[str]
    media_url: str


def _read(content: bytes, content_type: str, where: str, url: str, site: _Site) -> Item:
    _refuse_other_kinds(content, content_type, where)
    suffix = Path(url or where).suffix.lower()
    kind = content_type.partition(";")[0].strip().lower()
    if suffix in MARKDOWN and kind not in ("text/html", "application/xhtml+xml"):
        return _from_markdown(content, where, url, site)
    text = decode(content, content_type)
    is_html = kind in ("text/html", "application/xhtml+xml")
    is_html = is_html or (kind != "text/plain" and _is_html(text, suffix))
    if what := too_much_html(text) if is_html else too_much_text(text):
        raise SourceError(f"{where}: {what}; save the page of one post")
    if is_html:
        item = read_html(text, url, zone=site.zone, site_titles=site.titles, media_url=site.media_url)
    else:
        item = read_text(text, zone=site.zone, site_titles=site.titles)
    return _whole(item, where)


def _from_markdown(content: bytes, where: str, url: str, site: _Site) -> Item:
    name = Path(where).name
    reading = read_post(content, name, FolderPlace(url, "", site.zone, site.media_url), by_hand=True)
    if reading.draft:
        raise SourceError(
            f"{where}: its front matter says that it is a draft; take that line out to import it"
        )
    if reading.item is None:
        problem = reading.problems[0]
        raise SourceError(f"{where}{problem.where.removeprefix(name)}: {problem.what}")
    return reading.item


def _is_html(text: str, suffix: str) -> bool:
    return suffix in _HTML_FILES or is_whole_page(text) or len(_ELEMENTS.findall(text[:20_000])) >= 2


def _whole(item: Item, where: str) -> Item:
    """Refuse what would make an empty post. Raises SourceError."""
    if not plain_text(item.html):
        raise SourceError(
            f"{where}: no text of a post was found; save the page itself, not a list or a login page"
        )
    if not item.title:
        raise SourceError(f"{where}: no title was found; put it on a line of its own at the top")
    if len(item.title) > MOST_TITLE:
        raise SourceError(
            f'{where}: what stands where a title should is a whole paragraph ("{cut(item.title, 50)}…"); '
            "put the title on a line of its own at the top"
        )
    return item


def _refuse_other_kinds(content: bytes, content_type: str, where: str) -> None:
    for beginning, what in _OTHER_KINDS:
        if content.startswith(beginning):
            raise SourceError(f"{where}: this is {what}")
    if _WEB_ARCHIVE.match(content[:4096]):
        raise SourceError(f'{where}: this is a web archive (.mhtml); save the page as "Web page, HTML only"')
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith(("image/", "audio/", "video/", "font/")):
        raise SourceError(f"{where}: the address gives {kind}, not a page")
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff"))
    if b"\x00" in content[:4096] and not marked:
        raise SourceError(f"{where}: this is not text; save the page as HTML or plain text")
