"""Files that other systems export: which one it is, and the way by which its posts come here. Ghost's is read by
export.py; the others are refused with a sentence that names the way.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from newsletter.errors import SourceError
from newsletter.sources.ghost import export
from newsletter.sources.local_files import OwnFiles

_MOST_NAMES = 20_000
_HEAD = 65_536
_FEED = "add its address as a source of kind webfeed"
_EACH = "newsletter posts import"

#: Names of files in a ZIP, and what to do with it. The first that fits.
_ARCHIVES: tuple[tuple[str, str], ...] = (
    (r"(?:^|/)(?:word/document\.xml|content\.xml|xl/workbook\.xml|ppt/presentation\.xml)$", ""),
    (
        r"(?:^|/)(?:data/)?[\w.-]*ghost[\w.-]*\.json$",
        f"an export of Ghost; unpack it and give its .json file: {_EACH} NAME.json",
    ),
    (
        r"(?:^|/)posts/\d+\.[^/]+\.html$",
        "an export of Substack; its HTML files have neither titles nor dates, and posts for those who pay lie among them. "
        f"The publication's feed has the public posts: {_FEED} (https://NAME.substack.com/feed), or import each by its "
        f"address: {_EACH} https://NAME.substack.com/p/…; people: newsletter subscribers import of the email_list….csv in it",
    ),
    (
        r"(?:^|/)posts/(?:draft_|\d{4}-\d{2}-\d{2}_)[^/]*\.html$",
        "an export of Medium; unpack it, delete the files in posts/ whose names begin with draft_, and add the folder "
        "posts as a source of kind folder",
    ),
    (
        r"(?:^|/)(?:emails?|drafts)/[^/]+\.md$|(?:^|/)emails\.csv$",
        "an export of Buttondown; unpack it, delete the drafts, and add the folder with its .md files as a source of kind "
        f"folder (each needs a title and a date on top), or {_FEED} (https://buttondown.com/NAME/rss), which has both",
    ),
    (
        r"(?:^|/)campaigns(?:_content)?/.*\.html?$|(?:^|/)campaigns\.csv$",
        f"an export of Mailchimp; unpack it and import the HTML file of each campaign ({_EACH} FILE), or, while the account "
        f"is open, {_FEED}: the RSS link of the campaign archive",
    ),
    (
        r"(?:^|/)(?:issues?|revue)[^/]*(?:/.*)?\.(?:html|json|csv)$",
        f"an export of Revue; unpack it and import the HTML file of each issue: {_EACH} FILE",
    ),
    (
        r"(?:^|/)posts?/html/.*\.html$|(?:^|/)posts_index\.html$|(?:^|/)posts\.zip$",
        f"an export of Tumblr; {_FEED} (https://NAME.tumblr.com/rss), or unpack it and import each file in posts/html: "
        f"{_EACH} FILE",
    ),
    (
        r"(?:^|/)Blogger/.*feed\.atom$",
        f"an export of Blogger; {_FEED} while the blog is there (https://NAME.blogspot.com/feeds/posts/default)",
    ),
    (
        r"(?:^|/)(?:posts?|publication)[^/]*\.csv$",
        f"an export of tables, such as beehiiv's; {_FEED} (beehiiv names it under Settings, RSS), or import each post by its "
        f"address: {_EACH} https://…",
    ),
    (
        r"\.html?$",
        f"an archive of pages; unpack it and import each page ({_EACH} FILE), or add its folder as a source",
    ),
    (
        r"\.(?:md|markdown|mdx)$",
        "an archive of Markdown; unpack it and add its folder as a source of kind folder",
    ),
)
#: Lines of keys, a line of hyphens, and what each part of a post is.
_MOVABLE_TYPE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:[A-Z][A-Z ]{2,25}:[^\r\n]*\r?\n){2,30}-----\r?\n(?:BODY|EXTENDED BODY|EXCERPT):\s"
)
_OFFICE = "an office document or an archive; save the text as HTML or plain text"


def refuse_exports(path: Path, where: str, own: OwnFiles) -> None:
    """Raises SourceError for a file that some system exported, with the way that works for it."""
    if own.hold(path) or not path.is_file():
        return
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except (OSError, ValueError):
        return
    if what := _what(path, head):
        raise SourceError(f"{where}: this is {what}")


def _what(path: Path, head: bytes) -> str:
    if head.startswith(b"PK\x03\x04"):
        return _archive(path)
    ending = path.suffix.lower()
    if ending == ".xml" or (
        head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml") and ending not in (".xhtml", ".html")
    ):
        return _xml(head)
    if ending == ".csv":
        return _table(head)
    if _MOVABLE_TYPE.match(head):
        return (
            f"an export of Movable Type's kind (TypePad, Hatena), a whole blog in one text; {_FEED}, or import each post by "
            f"its address: {_EACH} https://…"
        )
    if ending == ".json" and not export.is_ghost_export(head):
        return _json(head)
    return ""


def _archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:_MOST_NAMES]
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return (
            "an archive that cannot be opened; download it once more"
            if path.suffix.lower() == ".zip"
            else _OFFICE
        )
    return _by_names(names)


def _by_names(names: Sequence[str]) -> str:
    for pattern, what in _ARCHIVES:
        if any(re.search(pattern, name, re.IGNORECASE) for name in names):
            return what or _OFFICE
    return _OFFICE


def _xml(head: bytes) -> str:
    text = head.decode("utf-8", errors="replace")
    if "wordpress.org/export" in text:
        maker = "Squarespace" if re.search(r"squarespace|\bsqs-", text, re.IGNORECASE) else "WordPress"
        return (
            f"an export of {maker}; add it to config.toml as a source: "
            '[sources.NAME] with kind = "wordpress" and path = "…" (docs/posts.md, "From an export file")'
        )
    if (
        "schemas.google.com/blogger" in text
        or "blogger.com" in text
        or "generator uri='http://www.blogger" in text
    ):
        return (
            f"an export of Blogger; {_FEED} while the blog is there (https://NAME.blogspot.com/feeds/posts/default); "
            f"once it is gone, save its pages and import each: {_EACH} FILE"
        )
    if re.search(r"<(?:rss|feed|rdf:RDF)\b", text):
        return f"a web feed; {_FEED}, which brings what comes later as well"
    return "XML that is no page; save the page as HTML"


def _table(head: bytes) -> str:
    first = head.decode("utf-8-sig", errors="replace").partition("\n")[0].lower()
    if "email" in first and not re.search(r"content|html|post_?id|subject", first):
        return "a list of people; they come in with newsletter subscribers import FILE"
    if re.search(r"\b(?:title|subject|post_?id|web_?url|content_html|slug)\b", first):
        return (
            f"a table of posts, such as beehiiv's, MailerLite's or Revue's; {_FEED} where the system has one (beehiiv names "
            f"it under Settings, RSS), or import each post by its address: {_EACH} https://…"
        )
    return ""


def _json(head: bytes) -> str:
    text = head.decode("utf-8", errors="replace")
    if "jsonfeed.org" in text:
        return f"a web feed; {_FEED}, which brings what comes later as well"
    return f"JSON that is no export of Ghost's; posts of other systems come by their feed ({_FEED}) or page by page"


def read(where: str, own: OwnFiles, reading: export.GhostReading) -> export.Export | None:
    """The posts of an export that is read whole; None for any other file. Raises SourceError."""
    path = Path(where)
    if path.suffix.lower() != ".json" or own.hold(path) or not path.is_file():
        return None
    try:
        with path.open("rb") as stream:
            content = stream.read(export.MOST_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SourceError(f"{where}: the file cannot be read ({reason}); check its permissions") from error
    if not export.is_ghost_export(content):
        return None
    if len(content) > export.MOST_BYTES:
        raise SourceError(
            f"{where}: the export is larger than {export.MOST_BYTES // 1024**2} MB; take revisions and settings out of "
            "it (its table of posts is what is read)"
        )
    return export.read_export(content, where, reading)
