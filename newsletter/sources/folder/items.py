"""One file of a folder → one post: its front matter, its names, and what its body gives.

source.py looks the folder through, body.py draws the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from newsletter.dates import PartialDate
from newsletter.errors import SourceError
from newsletter.http.encodings import decode, decode_file
from newsletter.sources.base import Item, Name, NameScheme, Problem
from newsletter.sources.enclosures import recording_named
from newsletter.sources.folder.body import MARKDOWN, draw
from newsletter.sources.folder.draft import Draft, FolderPlace
from newsletter.sources.folder.own_addresses import own_picture
from newsletter.sources.folder.permalinks import FileName, address, date_inside, read_name
from newsletter.sources.frontmatter import unfenced
from newsletter.sources.frontmatter.keys import FrontMatterKeys
from newsletter.sources.frontmatter.split import FrontMatter, plain_lines, split
from newsletter.sources.html.images.emoji_names import in_text
from newsletter.sources.html.sanitize import absolute_url, one_line, plain_text
from newsletter.sources.html.summary import shown_in
from newsletter.sources.html.urls import address_name
from newsletter.sources.markup import mdx
from newsletter.text.graphemes import cut_at_word

__all__ = ["MARKDOWN", "MOST_TITLE", "FileReading", "FolderPlace", "address_of", "as_problem", "read_post"]

#: As long as a title may be; a paragraph that became one is a mistake worth a word.
MOST_TITLE = 300
#: Characters of a text, pictures written into it not counted: a thick book, and more than a mail can hold.
MOST_TEXT = 1_000_000
#: What reading Markdown may cost, in units of some ten microseconds: 22,000 lines, or 9,000 addresses.
MOST_WORK = 110_000
_LINE, _ADDRESS, _FORMULA, _COMPONENT, _OPEN, _TARGET, _TAG = 5, 12, 100, 4, 12, 40, 8
_NO_MARK = bytes(set(range(256)) - set(b"[]{}()*_~`&$@<>!|#+=^:\\"))
_EXAMPLE = 'lines "---", "title: …", "---"'
_HEADING = re.compile(r"<h1(?: [^>]*)?>(.*?)</h1>\s*", re.DOTALL)
_DATA = re.compile(r"data:[a-z]+/[\w.+-]+;base64,[A-Za-z0-9+/=\s]{200,}")


@dataclass(frozen=True, slots=True)
class FileReading:
    """What one file gave: a post, perhaps with problems that did not stop it; a draft; or only problems."""

    item: Item | None = None
    problems: tuple[Problem, ...] = ()
    #: Its author does not show it: a draft, a private post, one that has ended.
    draft: bool = False
    #: In a whole site what has no date is taken for a page ("About us"), not for a post.
    page: bool = False
    #: The line of the first byte that is not UTF-8; 0 when all of it is.
    not_utf8: int = 0


def read_post(
    content: bytes,
    path: str,
    place: FolderPlace,
    *,
    now: datetime | None = None,
    by_hand: bool = False,
    meta: bytes = b"",
    data: Mapping[str, Any] | None = None,
) -> FileReading:
    """Read one file. ``path`` is relative to the folder, with forward slashes. Never raises for what is in it.

    Without front matter a file is not published: notes and copies lie in such folders too, and what is sent cannot be
    taken back. ``by_hand``: staff named this very file, so it may have none. ``meta`` is Nikola's second file, ``data``
    what holds for the whole folder. ``now`` (aware) is for posts that end.
    """
    try:
        text, odd = _text(content, path)
        matter, keys = _opened(text, path, meta, by_hand, data or {})
        if _is_kept_back(keys, path, place, now):
            return FileReading(draft=True)
        if not by_hand and (keys.is_page() or _is_list(path, keys)):
            return FileReading()
        if place.is_site and keys.is_undated() and _date_of_place(keys, read_name(path)) is None:
            return FileReading(page=True)
        item, problems = _item(text, matter, keys, path, place)
    except SourceError as error:
        return FileReading(problems=(as_problem(error, path),))
    return FileReading(item, tuple(replace(problem, minor=True) for problem in problems), not_utf8=odd)


def as_problem(error: SourceError, path: str) -> Problem:
    """ "seeds.md:3: what is wrong" taken apart into the place and the sentence."""
    line, _, what = str(error).removeprefix(path).partition(": ")
    return Problem(path + line, what)


def address_of(content: bytes, path: str, place: FolderPlace, data: Mapping[str, Any]) -> str | None:
    """Where the post of a file lives, by its front matter and name alone; None where it has no address."""
    try:
        _, keys = _opened(_text(content, path)[0], path, b"", False, data)
        name = read_name(path, place.below)
        if keys.is_draft():
            return None
        return _address(keys, name, keys.date(place.zone), place)
    except SourceError:
        return None


def _text(content: bytes, path: str) -> tuple[str, int]:
    """The text of a file, and the first line that is not UTF-8. Raises SourceError for what is no text."""
    is_markdown = PurePosixPath(path).suffix.lower() in MARKDOWN
    text, odd = decode_file(content) if is_markdown else (decode(content), 0)
    text = plain_lines(text)
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise SourceError(
            f"{path}:{line}: there is a NUL byte, so this is no text; save the file again as UTF-8"
        )
    plain = _DATA.sub("", text) if len(text) > MOST_TEXT else text
    if len(plain) > MOST_TEXT:
        most = f"{MOST_TEXT // 1_000_000} million characters"
        raise SourceError(f"{path}: the text is longer than {most}; divide it into several posts")
    components = plain.count("<") * _COMPONENT if path.lower().endswith(".mdx") else 0
    if is_markdown and _work(plain) + components > MOST_WORK:
        raise SourceError(
            f"{path}: there are too many lines, links and marks in it; divide it into several posts"
        )
    return text, odd


def _work(text: str) -> int:
    """What reading some Markdown costs at most, whatever its author, or an attacker, piled up in it."""
    marks = len(text.encode(errors="replace").translate(None, _NO_MARK))
    addresses = text.count("://") + text.count("@") + text.count("www.")
    # Each is looked for an end, with what may stand in it.
    never_closed = max(text.count("[") - text.count("]"), 0)
    targets = max(text.count("](") - text.count(")"), 0)
    return (
        marks
        + _OPEN * never_closed
        + _TARGET * targets
        + _TAG * (text.count("{{") + text.count("{%"))
        + _LINE * text.count("\n")
        + _ADDRESS * addresses
        + _FORMULA * text.count("$$")
    )


def _opened(
    text: str, path: str, meta: bytes, by_hand: bool, data: Mapping[str, Any]
) -> tuple[FrontMatter, FrontMatterKeys]:
    """Front matter from wherever it stands. Raises SourceError where there is none."""
    matter = split(text, path)
    if not matter.given and meta:
        return _from_second_file(text, path, meta)
    if not matter.given and path.lower().endswith(".mdx") and (values := mdx.exported_metadata(text)):
        matter = FrontMatter(values, text)
    if not matter.given and not by_hand:
        if unfenced.begins_like_pelican(text):
            what = 'the lines at the top have no date; add a line "Date: 2017-06-12" to publish it'
            raise SourceError(f"{path}:1: {what}")
        raise SourceError(f"{path}:1: no front matter: put {_EXAMPLE} at the top to publish it")
    return matter, FrontMatterKeys({**data, **matter.values}, text, path)


def _from_second_file(text: str, path: str, meta: bytes) -> tuple[FrontMatter, FrontMatterKeys]:
    """Nikola's seeds.md with seeds.meta beside it."""
    where = str(PurePosixPath(path).with_suffix(".meta"))
    lines = plain_lines(decode_file(meta)[0])
    values = unfenced.read_nikola(lines) or split(lines, where).values
    if not values:
        raise SourceError(f'{path}:1: no front matter: {where} holds no lines such as ".. title: Seeds"')
    return FrontMatter(values, text), FrontMatterKeys(values, lines, where)


def _is_kept_back(keys: FrontMatterKeys, path: str, place: FolderPlace, now: datetime | None) -> bool:
    folders = PurePosixPath(path).parts[:-1]
    if any(folder.lower() in ("_drafts", "drafts") for folder in folders) or keys.is_draft():
        return True
    ends = keys.ends(place.zone)
    return ends is not None and now is not None and ends <= now


def _is_list(path: str, keys: FrontMatterKeys) -> bool:
    """The page above all posts: index.md at the top of the folder, without a date."""
    return PurePosixPath(path).stem == "index" and "/" not in path and keys.is_undated()


def _item(
    text: str, matter: FrontMatter, keys: FrontMatterKeys, path: str, place: FolderPlace
) -> tuple[Item, list[Problem]]:
    name = read_name(path, place.below)
    date = keys.date(place.zone)
    url = _address(keys, name, date, place)
    base = f"{url}/" if url and name.is_bundle and not url.endswith("/") else url or ""
    draft = Draft(path, text, matter.body, matter.body_line, keys, place, base)
    draft.problems += (as_problem(error, path) for error in keys.misspelt())
    drawn = draw(draft)
    written = keys.words("title")
    written = in_text(written) if place.settings.emoji else written
    title, html = _title(written or drawn.title, drawn.html)
    if not title and not plain_text(html):  # a picture without words is called what it shows
        title = cut_at_word(shown_in(html), MOST_TITLE)
    _refuse_empty(title, html, matter, keys, path)
    item = replace(
        drawn,
        names=_names(keys, path, url, place),
        title=title,
        html=html,
        url=url,
        date=date or drawn.date or _date_of_place(keys, name),
        updated=keys.updated(place.zone) or drawn.updated,
        authors=keys.authors() or drawn.authors,
        categories=keys.categories() or drawn.categories,
        topics=keys.topics(),
        slug="" if url or place.base_url else _slug(keys, name, place),
    )
    return _with_extras(item, keys, draft, name), draft.problems


def _address(
    keys: FrontMatterKeys, name: FileName, date: PartialDate | None, place: FolderPlace
) -> str | None:
    pattern = place.settings.of(name.folder.partition("/")[0])
    return address(keys, name, place.base_url, date or name.date, place.zone, pattern)


def _date_of_place(keys: FrontMatterKeys, name: FileName) -> PartialDate | None:
    """The date that a post's file name, folders or written address give, where its keys give none."""
    written = (date_inside(keys.text(key)) for key in ("permalink", "path", "url", "slug"))
    return name.date or next(filter(None, written), None)


def _slug(keys: FrontMatterKeys, name: FileName, place: FolderPlace) -> str:
    """What a post of our archive is called there: its slug, the end of its permalink, or the file's name."""
    permalink = keys.text("permalink", "url", "path").removesuffix("/index.html").removesuffix(".html")
    last = "" if re.search(r"[:{}]", permalink) else permalink.rstrip("/").rpartition("/")[2]
    written = (
        keys.text("slug").rstrip("/").rpartition("/")[2]
        or unquote(last)
        or (name.slug if place.links else "")
    )
    written = "" if written == "index" else written
    return f"{written} {name.language}" if name.language and written else written


def _refuse_empty(title: str, html: str, matter: FrontMatter, keys: FrontMatterKeys, path: str) -> None:
    if not title:
        raise SourceError(f'{path}:{matter.body_line}: no title; add a line "title: …" to the front matter')
    if len(title) > MOST_TITLE:
        raise keys.wrong("title", f"the title is longer than {MOST_TITLE} characters; shorten it")
    if not plain_text(html) and "<img" not in html:
        raise SourceError(f'{path}:{matter.body_line}: no text; write some, or mark it "draft: true"')


def _names(keys: FrontMatterKeys, path: str, url: str | None, place: FolderPlace) -> tuple[Name, ...]:
    """The author's id, the path, the address, and the addresses that it had before; none of them twice."""
    names = [Name(NameScheme.PATH, path)]
    if own := keys.id():
        names.insert(0, Name(NameScheme.ID, own))
    if url and (named := address_name(url)):
        names.append(named)
    if place.base_url:
        old = (address_name(absolute_url(written, place.base_url) or "") for written in keys.old_addresses())
        names += [found for found in old if found]
    return tuple(dict.fromkeys(names))


def _title(title: str, html: str) -> tuple[str, str]:
    """The title, and the body without the heading that says it again."""
    heading = _HEADING.search(html)
    words = one_line(plain_text(heading[1])) if heading else ""
    if not heading or not words:
        return title, html
    if title and (html[: heading.start()].strip() or words.casefold() != title.casefold()):
        return title, html
    return title or words, (html[: heading.start()] + html[heading.end() :]).strip()


def _with_extras(item: Item, keys: FrontMatterKeys, draft: Draft, name: FileName) -> Item:
    """The parts without which a post can go on: a mistake in one is said, and the part left out."""
    summary = (
        plain_text(keys.text("summary", "description", "excerpt", "teaser", "lead", "abstract"))
        or item.summary
    )
    summary = in_text(summary) if draft.place.settings.emoji else summary
    written, shows = keys.image()
    image = _image(written, keys, draft, item.url) if written else item.image
    try:
        language = keys.language() or item.language or name.language
    except SourceError as error:
        draft.problems.append(as_problem(error, draft.path))
        language = item.language
    try:
        enclosure = recording_named(keys, draft.base) or item.enclosure
    except SourceError as error:
        draft.problems.append(as_problem(error, draft.path))
        enclosure = item.enclosure
    return replace(
        item,
        enclosure=enclosure,
        summary=one_line(summary),
        image=image,
        image_alt=shows or ("" if written else item.image_alt),
        language=language,
        files=(*item.files, *(file for file in draft.files.values() if file not in item.files)),
    )


def _image(written: str, keys: FrontMatterKeys, draft: Draft, url: str | None) -> str | None:
    written = re.sub(r"^[{|](?:static|attach|filename|photo)[}|]", "", written)
    if draft.is_ours and not re.match(r"(?:[A-Za-z][A-Za-z0-9+.-]*:|//)", written):
        return own_picture(written, draft)
    image = absolute_url(written, draft.base or draft.place.site_url.rstrip("/") + "/")
    if image is None:
        what = "the image is not a web address or a path; it is left out"
        draft.problems.append(as_problem(keys.wrong(keys.image_key(), what), draft.path))
    return image
