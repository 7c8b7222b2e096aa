"""Where a post of a folder lives on the web: from its permalink, its slug, or its file's name. Nothing is read here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel import Locale

from newsletter.dates import PartialDate
from newsletter.sources.frontmatter.keys import FrontMatterKeys
from newsletter.sources.html.sanitize import absolute_url
from newsletter.sources.html.urls import safe_path

_DATED_NAME = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[-_ .](.+))?$")
_DAY_INSIDE = re.compile(r"(?:^|/)((?:19|20)\d{2})([/-])(\d{1,2})\2(\d{1,2})(?=$|[/_ -])")
#: "mill.pt-BR.md": Hugo, Zola and Nikola keep translations so.
_TRANSLATED = re.compile(r"^(.+)\.([a-z]{2}(?:[-_][A-Za-z]{2})?)$")
#: Folders whose own name is no part of an address: "_posts", "_drafts", "_pages".
_UNDERSCORED = re.compile(r"^_(?:posts|drafts)$")
#: Jekyll's names for whole patterns (jekyllrb.com/docs/permalinks/#built-in-formats).
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "none": "/:categories/:title.html",
}
_PAGE_FILES = frozenset({"page.mdx", "page.md", "+page.md"})
#: A placeholder that was not filled in.
_OPEN = re.compile(r"/:|[{}]")
_PLACEHOLDER = re.compile(r":(\w+)")
#: Eleventy's templates in a permalink that say no more than a file's name or title does.
_TEMPLATE = re.compile(r"\{\{-?\s*([\w.]+)\s*(?:\|\s*(?:slugify|slug|url|date:[^{}]*)\s*)?-?\}\}")


@dataclass(frozen=True, slots=True)
class FileName:
    """What the name of a file says of its post: 2017-06-12-seeds.de.md, or seeds/index.md."""

    slug: str
    #: The folder that its address begins with; empty at the top.
    folder: str
    date: PartialDate | None
    #: As written; None when the name has none.
    language: str | None
    #: A folder of its own (seeds/index.md), with its pictures beside it.
    is_bundle: bool


def read_name(path: str, below: str = "") -> FileName:
    """``path`` is relative to the source's folder, with forward slashes; ``below``, its beginning, is in no address."""
    file = PurePosixPath(path.removeprefix(f"{below}/"))
    stem, language = file.stem, None
    if (found := _TRANSLATED.match(stem)) and found[2][:2] in _languages():
        stem, language = found[1], found[2].replace("_", "-")
    # Next.js calls such a file page.mdx, SvelteKit +page.md.
    is_bundle = (stem == "index" or file.name in _PAGE_FILES) and file.parent.name != ""
    if is_bundle:
        stem = file.parent.name
    parts = file.parent.parts[: -1 if is_bundle else None]
    folder = "/".join(part for part in parts if not _UNDERSCORED.match(part))
    dated = _DATED_NAME.match(stem)
    try:
        day = PartialDate.of_day(int(dated[1]), int(dated[2]), int(dated[3])) if dated else None
    except ValueError:
        dated = day = None
    day = day or date_inside(str(file.parent))
    return FileName((dated[4] if dated else None) or stem, folder, day, language, is_bundle)


def date_inside(path: str) -> PartialDate | None:
    """The day that stands in an address or in the folders of a file: "2025/01/22/seeds", "/news/2025-01-22-seeds/".

    Nothing less than a day: a post in the folder 2025 is not one of its first of January.
    """
    for found in _DAY_INSIDE.finditer(path):
        try:
            return PartialDate.of_day(int(found[1]), int(found[3]), int(found[4]))
        except ValueError:
            continue
    return None


@cache
def _languages() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").languages) if len(code) == 2)


def address(
    keys: FrontMatterKeys,
    name: FileName,
    base_url: str,
    dated: PartialDate | None,
    zone: str,
    pattern: str = "",
) -> str | None:
    """Where the post lives: its permalink, else ``base_url`` with the folder and the slug; None without any.

    ``pattern`` is the site's own, for posts that say nothing; ``dated`` is for patterns such as /:year/:title/, in
    ``zone``. Raises SourceError for a slug or permalink that leads
    out of its place, or that cannot be filled in.
    """
    own_slug = keys.text("slug")
    if own_slug and safe_path(own_slug) is None:
        raise keys.wrong(
            "slug", f'the slug "{own_slug[:60]}" leads out of its folder; use letters, digits and hyphens'
        )
    key = next((key for key in ("permalink", "url", "path") if keys.text(key)), "permalink")
    permalink = keys.text(key)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", permalink):
        if found := absolute_url(permalink, ""):
            return found
        raise keys.wrong(key, f'"{permalink[:60]}" is not a web address; expected https://…, or a path')
    permalink = _filled(permalink, keys, name, dated, zone)
    if not permalink and (by_site := _filled(pattern, keys, name, dated, zone)) and not _OPEN.search(by_site):
        permalink = by_site
    if permalink and (safe_path(urlsplit(permalink).path) is None or _OPEN.search(permalink)):
        raise keys.wrong(key, f'the permalink "{permalink[:60]}" is not a plain path; write it out')
    if not base_url:
        return None
    # Hugo, Zola and Nikola give a translation a folder by its language.
    written = permalink or "/".join(filter(None, (name.language, name.folder, own_slug or name.slug)))
    path = safe_path(re.sub(r"(?<=/)index\.html?$", "", written))
    end = "/" if permalink.endswith(("/", "/index.html")) else ""
    return f"{base_url.rstrip('/')}/{path}{end}" if path else None


def _filled(pattern: str, keys: FrontMatterKeys, name: FileName, dated: PartialDate | None, zone: str) -> str:
    """A permalink with its placeholders filled in, as far as they are known."""
    pattern = _STYLES.get(pattern, pattern)
    if ":" not in pattern and "{{" not in pattern:
        return pattern
    slug = keys.text("slug") or name.slug
    known = {
        "title": slug, "slug": slug, "name": name.slug, "filename": name.slug, "contentbasename": name.slug,
        "slugorfilename": slug, "slugorcontentbasename": slug, "output_ext": ".html",
        "categories": "/".join([name.folder.lower(), *map(_slugged, keys.only_categories())]),
        "category": _slugged(next(iter(keys.only_categories()), "")),
        "titleslug": keys.text("slug") or _slugged(keys.text("title")),
        "section": name.folder.partition("/")[0], "sections": name.folder,
    } | _parts_of(dated, zone)  # fmt: skip
    known |= {
        "page.fileSlug": name.slug,
        "page.filePathStem": "/".join(filter(None, (name.folder, name.slug))),
    }
    filled = _PLACEHOLDER.sub(lambda found: known.get(found[1], found[0]), pattern)
    known["title"] = _slugged(keys.text("title"))
    filled = _TEMPLATE.sub(lambda found: known.get(found[1], found[0]), filled)
    return re.sub(r"(?<!:)/{2,}", "/", filled)


def _slugged(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-")


def _parts_of(dated: PartialDate | None, zone: str) -> dict[str, str]:
    """Year, month and so on as Jekyll and Hexo spell them; none of them for a date without a day."""
    if dated is None or (dated.moment is None and dated.day is None):
        return {}
    moment = dated.starts(zone).astimezone(ZoneInfo(zone))
    return {
        "year": f"{moment:%Y}", "short_year": f"{moment:%y}", "month": f"{moment:%m}", "i_month": str(moment.month),
        "day": f"{moment:%d}", "i_day": str(moment.day), "y_day": f"{moment:%j}", "yearday": f"{moment:%j}",
        "hour": f"{moment:%H}", "minute": f"{moment:%M}", "second": f"{moment:%S}",
    }  # fmt: skip
