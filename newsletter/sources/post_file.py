"""One file of a folder → one post: front matter, text, address and names. The folder itself is folder.py's part."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from newsletter.dates import PartialDate
from newsletter.errors import SourceError
from newsletter.sources.addresses import address_name, safe_path
from newsletter.sources.base import Item, Name, NameScheme, Problem
from newsletter.sources.charset import decode
from newsletter.sources.clean import absolute_url, clean_with_files, one_line, plain_text
from newsletter.sources.frontmatter import FrontMatter, split
from newsletter.sources.htmlpage import is_whole_page, read_html
from newsletter.sources.keys import Keys
from newsletter.sources.markdown import render

#: As long as a title may be; a paragraph that became one is a mistake worth a word.
MOST_TITLE = 300
_EXAMPLE = 'lines "---", "title: …", "---"'
MARKDOWN = frozenset({".md", ".markdown"})
_DATED_NAME = re.compile(r"^(\d{4})-(\d{2})-(\d{2})[-_ .](.+)$")
_HEADING = re.compile(r"<h1(?: [^>]*)?>(.*?)</h1>\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a folder's posts belong."""

    #: The public address of our own pages.
    site_url: str
    #: Where these posts live on the web; empty when only our archive shows them.
    base_url: str
    #: The site's zone, for dates without one.
    zone: str
    #: Where pictures that are written into the text will be served; empty leaves them out.
    media_url: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file gave: a post, perhaps with problems that did not stop it; a draft; or only problems."""

    item: Item | None = None
    problems: tuple[Problem, ...] = ()
    draft: bool = False


def read_post(content: bytes, path: str, place: Place, *, by_hand: bool = False) -> Reading:
    """Read one file. ``path`` is relative to the folder, with forward slashes. Never raises for what is in it.

    Without front matter a file is not published: notes and copies lie in such folders too, and what is sent cannot be
    taken back. ``by_hand``: staff named this very file, so it may have none.
    """
    minor: list[Problem] = []
    try:
        text = _text(content, path)
        matter = split(text, path)
        if not matter.given and not by_hand:
            raise SourceError(f"{path}:1: no front matter: put {_EXAMPLE} at the top to publish it")
        keys = Keys(matter.values, text, path)
        if keys.is_draft():
            return Reading(draft=True)
        item = _item(matter, keys, path, place)
        item = _with_extras(item, keys, place, minor)
    except SourceError as error:
        return Reading(problems=(as_problem(error, path),))
    return Reading(item, tuple(minor))


def as_problem(error: SourceError, path: str) -> Problem:
    """ "seeds.md:3: what is wrong" taken apart into the place and the sentence."""
    line, _, what = str(error).removeprefix(path).partition(": ")
    return Problem(path + line, what)


def _text(content: bytes, path: str) -> str:
    if PurePosixPath(path).suffix.lower() not in MARKDOWN:
        return decode(content)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return decode(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(f"{path}:{line}: this is not UTF-8; save the file again as UTF-8") from error


def _item(matter: FrontMatter, keys: Keys, path: str, place: Place) -> Item:
    slug, filed = _slug_and_date(path)
    url = _address(keys, path, slug, place)
    base = url or place.site_url.rstrip("/") + "/"
    drawn = _drawn(matter.body, path, base, place)
    title, html = _title(keys.text("title") or drawn.title, drawn.html)
    if not title:
        raise SourceError(f'{path}:{matter.body_line}: no title; add a line "title: …" to the front matter')
    if len(title) > MOST_TITLE:
        raise keys.wrong("title", f"the title is longer than {MOST_TITLE} characters; shorten it")
    if not plain_text(html) and "<img" not in html:
        raise SourceError(f'{path}:{matter.body_line}: no text; write some, or mark it "draft: true"')
    names = [Name(NameScheme.PATH, path)]
    if own := keys.id():
        names.insert(0, Name(NameScheme.ID, own))
    if url and (named := address_name(url)):
        names.append(named)
    return replace(
        drawn,
        names=tuple(names),
        title=title,
        html=html,
        url=url,
        date=keys.date(place.zone) or drawn.date or filed,
        updated=keys.updated(place.zone) or drawn.updated,
        authors=keys.authors() or drawn.authors,
        categories=keys.categories() or drawn.categories,
    )


def _drawn(body: str, path: str, base: str, place: Place) -> Item:
    """The post as its body alone gives it: Markdown, a piece of HTML, or a whole HTML page."""
    markdown = PurePosixPath(path).suffix.lower() in MARKDOWN
    if not markdown and is_whole_page(body):
        return read_html(body, base, zone=place.zone)
    html, files = clean_with_files(render(body) if markdown else body, base, place.media_url)
    return Item(names=(), title="", html=html, files=files)


def _title(title: str, html: str) -> tuple[str, str]:
    """The title, and the body without the heading that says it again."""
    heading = _HEADING.search(html)
    words = one_line(plain_text(heading[1])) if heading else ""
    if not heading or not words:
        return title, html
    if title and (html[: heading.start()].strip() or words.casefold() != title.casefold()):
        return title, html
    return title or words, (html[: heading.start()] + html[heading.end() :]).strip()


def _with_extras(item: Item, keys: Keys, place: Place, minor: list[Problem]) -> Item:
    """The parts without which a post can go on: a mistake in one is said, and the part left out."""
    path = next(name.value for name in item.names if name.scheme is NameScheme.PATH)
    summary = plain_text(keys.text("summary", "description", "excerpt")) or item.summary
    written, shows = keys.image()
    image = absolute_url(written, item.url or place.site_url.rstrip("/") + "/") if written else item.image
    if written and not image:
        minor.append(
            as_problem(keys.wrong("image", "the image is not a web address or a path; it is left out"), path)
        )
    try:
        language = keys.language() or item.language
    except SourceError as error:
        minor.append(as_problem(error, path))
        language = item.language
    return replace(
        item,
        summary=one_line(summary),
        image=image,
        image_alt=shows or ("" if written else item.image_alt),
        language=language,
    )


def _slug_and_date(path: str) -> tuple[str, PartialDate | None]:
    """From a name such as 2017-06-12-seeds.md; index.md is called after its folder."""
    file = PurePosixPath(path)
    stem = file.parent.name if file.stem == "index" else file.stem
    dated = _DATED_NAME.match(stem)
    if not dated:
        return stem, None
    try:
        return dated[4], PartialDate.of_day(int(dated[1]), int(dated[2]), int(dated[3]))
    except ValueError:
        return stem, None


def _address(keys: Keys, path: str, slug: str, place: Place) -> str | None:
    """Where the post lives: its permalink, else the source's address with the folder and the slug.

    Raises SourceError for a slug or permalink that leads out of its place.
    """
    own_slug = keys.text("slug")
    if own_slug and safe_path(own_slug) is None:
        raise keys.wrong(
            "slug", f'the slug "{own_slug[:60]}" leads out of its folder; use letters, digits and hyphens'
        )
    permalink = keys.text("permalink", "url")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", permalink):
        if found := absolute_url(permalink, ""):
            return found
        raise keys.wrong(
            "permalink", f'"{permalink[:60]}" is not a web address; expected https://…, or a path'
        )
    if permalink and (safe_path(urlsplit(permalink).path) is None or "/:" in permalink):
        raise keys.wrong("permalink", f'the permalink "{permalink[:60]}" is not a plain path; write it out')
    if not place.base_url:
        return None
    folder = PurePosixPath(path).parent
    if PurePosixPath(path).stem == "index":
        folder = folder.parent
    address = safe_path(permalink or str(folder / (own_slug or slug)))
    end = "/" if permalink.endswith("/") else ""
    return f"{place.base_url.rstrip('/')}/{address}{end}" if address else None
