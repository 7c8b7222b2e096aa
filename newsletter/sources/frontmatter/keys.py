"""What the keys of front matter mean, whatever an author's tool calls them. Nothing is read from disk here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from newsletter import date_parsing
from newsletter.dates import PartialDate
from newsletter.errors import SourceError
from newsletter.sources.html.plain_text import one_line, written_words
from newsletter.text.language_tags import language_tag

_YES = frozenset({"true", "yes", "on", "1", "y"})
_NO = frozenset({"false", "no", "off", "0", "n"})
#: How YAML writes "nothing" (YAML 1.2 §10.3.2).
_NOTHING = frozenset({"", "~", "null", "none"})
#: Words that keep a post from the public, as a status (Pelican, Nikola, WordPress) or as a visibility (Ghost).
_NOT_PUBLIC = frozenset(
    {"draft", "private", "hidden", "internal", "unlisted", "pending", "trash", "members", "paid"}
)
#: Names of Eleventy's collections, which it keeps among the tags.
_COLLECTIONS = frozenset({"post", "posts", "all"})
#: Where Zola and Hugo keep keys of their own, below the others.
_BELOW = ("taxonomies", "extra", "params")
_PICTURES = (
    ("image", ("imagealt",)),
    ("cover", ("coveralt",)),
    ("coverimage", ("coverimagealt",)),
    ("hero", ("heroalt",)),
    ("heroimage", ("heroimagealt",)),
    ("featuredimage", ("featuredimagealt",)),
    ("featureimage", ("featureimagealt",)),
    ("images", ()),
    ("banner", ()),
    ("previewimage", ()),
    ("ogimage", ()),
    ("socialimage", ()),
    ("thumbnail", ("thumbnailalt",)),
    ("header", ()),
)
_INSIDE_A_PICTURE = ("src", "url", "image", "path", "file", "overlay_image", "teaser", "relative_path")
#: Keys whose absence changes what becomes of a post, and those that look like them and are something else.
_MISSED = ("draft", "title", "date", "topics", "tags", "categories", "summary", "description", "image")
_READ = frozenset(
    """
    draft drafts title titles date dates data tag tags stage topic topics category categories author authors
    summary image images description descriptions subtitle status published updated slug toc
    """.split()  # noqa: SIM905
)
_NEAR = 0.8
#: "Ana Ríos, Ben Okri" is two people, "Ana Ríos, PhD" is one.
_SEVERAL_NAMES = re.compile(r"[^\W\d_][^\s,]*(?: [^\s,]+){1,4}(?:, ?[^\W\d_][^\s,]*(?: [^\s,]+){1,4})+")


class FrontMatterKeys:
    """The values of one post's front matter. Case, hyphens and underscores in the names of keys do not matter."""

    def __init__(self, values: Mapping[str, Any], text: str, where: str) -> None:
        """``text`` is the whole file, for the line numbers in messages; ``where`` is its name."""
        self._spelled: dict[str, str] = {}
        self._values: dict[str, Any] = {}
        self._text = text
        self._where = where
        inner = [values.get(name) for name in (*_BELOW, *map(str.capitalize, _BELOW))]
        for level in (values, *(found for found in inner if isinstance(found, Mapping))):
            for key, value in level.items():
                name = _name(key)
                self._values.setdefault(name, value)
                self._spelled.setdefault(name, str(key).strip())

    def text(self, *names: str) -> str:
        """The first of these keys that holds text, on one line; else an empty text."""
        return next(filter(None, (_line(self._values.get(_name(name))) for name in names)), "")

    def words(self, *names: str) -> str:
        """As ``text``, for what a page shows: without entities and the tags of emphasis."""
        return written_words(self.text(*names))

    def value(self, *names: str) -> tuple[str, Any]:
        """The first of these keys that says something, and what it says as it was read; an empty name for none."""
        return next(((name, found) for name in names if (found := self._values.get(_name(name)))), ("", None))

    def id(self) -> str:
        """The author's own id for the post. Raises SourceError for one that is too long to keep."""
        found = self.text("id", "guid", "uuid")
        if len(found) > 200:
            raise self.wrong(
                self._which("id", "guid", "uuid"),
                "the id is longer than 200 characters; choose a shorter one",
            )
        return found

    def is_draft(self) -> bool:
        """True for what its author does not show to everybody: a draft, private, hidden, left out of lists.

        Raises SourceError for a value that says neither yes nor no: a post that may be one is not sent.
        """
        for name in (
            "draft",
            "isdraft",
            "private",
            "hidden",
            "unlisted",
            "headless",
            "eleventyexcludefromcollections",
        ):
            if self._says(name, _YES, _NO):
                return True
        for name in ("published", "publish", "listed"):
            if self.text(name).lower() in _NO:
                return True
        for name in ("status", "visibility"):
            if self.text(name).lower() in _NOT_PUBLIC:
                return True
        return (
            self.text("permalink").lower() == "false" or bool(self.text("password")) or self._is_never_built()
        )

    def _says(self, name: str, yes: frozenset[str], no: frozenset[str]) -> bool:
        value = self.text(name).lower()
        if value and value not in yes | no:
            raise self.wrong(name, f'{self._spelled[name]} says "{value[:40]}"; write true or false')
        return value in yes

    def _is_never_built(self) -> bool:
        """Hugo's ``build: {render: never, list: never}``."""
        build = self._values.get("build")
        if not isinstance(build, Mapping):
            return False
        return any(_line(build.get(name)).lower() in ("never", "false") for name in ("render", "list"))

    def is_page(self) -> bool:
        """True for a page of a site ("About us") or a list, which generators keep in the same form as posts."""
        if isinstance(self._values.get("pagination"), Mapping):
            return True
        if re.search(r"\.(?:xml|json|txt|css|js|webmanifest)$", self.text("permalink")):
            return True
        if not self.is_undated():
            return False
        kinds = (
            "page",
            "home",
            "default",
            "index",
            "list",
            "archive",
            "archives",
            "404",
            "search",
            "tags",
            "categories",
        )
        return any(self.text(name).lower() in kinds for name in ("layout", "type", "template"))

    def is_undated(self) -> bool:
        return all(_is_no_date(self.text(name)) for name in _DATES)

    def date(self, zone: str) -> PartialDate | None:
        """When the post was published. Raises SourceError for a date that cannot be read for sure.

        Hugo shows a post when both its ``date`` and its ``publishDate`` are past: the later of them counts.
        """
        names = [name for name in _DATES if self.text(name).lower() not in _YES | _NO]
        found = self._date(names, zone)
        shown = self._date(["publishdate"], zone)
        if found and shown and shown.starts(zone) > found.starts(zone):
            return shown
        return found

    def updated(self, zone: str) -> datetime | None:
        """When the text last changed, aware. Raises SourceError for a date that cannot be read for sure."""
        found = self._date(_UPDATES, zone)
        return found.starts(zone) if found else None

    def ends(self, zone: str) -> datetime | None:
        """From when its author shows the post no more, aware: Hugo's ``expiryDate``. Raises SourceError as ``date``."""
        found = self._date(["expirydate", "unpublishdate", "unpublish", "expires"], zone)
        return found.starts(zone) if found else None

    def _date(self, names: Iterable[str], zone: str) -> PartialDate | None:
        for name in names:
            if _is_no_date(written := self.text(name)):
                continue
            found = date_parsing.parse(self._values[name], zone=zone)
            if found is None:
                raise self.wrong(name, f'the {self._spelled[name]} "{written[:60]}" {_why_no_date(written)}')
            return found
        return None

    def authors(self) -> tuple[str, ...]:
        """From ``author`` (one name) or ``authors`` (a list, or names with commas between)."""
        found = [name for entry in _entries(self._values.get("author")) for name in _names_in(entry)]
        found += [name for entry in self._listed("authors") for name in _names_in(entry)]
        return _unique(
            written_words(re.sub(r"\s*<[^<>]*@[^<>]*>$", "", name))
            for name in list(filter(None, found)) or _entries(self._values.get("byline"))
        )

    def categories(self) -> tuple[str, ...]:
        """Tags and categories alike, without the names of collections that Eleventy keeps among them."""
        return self._filed_under("tags", "tag", "categories", "category", "topics", "topic")

    def topics(self) -> tuple[str, ...]:
        """What stands under ``topics`` alone."""
        return self._filed_under("topics", "topic")

    def _filed_under(self, *names: str) -> tuple[str, ...]:
        found = _unique(entry for name in names for entry in self._listed(name))
        found = tuple(written_words(entry.lstrip("#").lstrip() or entry) for entry in found)
        return tuple(entry for entry in found if entry.casefold() not in _COLLECTIONS)

    def misspelt(self) -> Iterator[SourceError]:
        """Keys that nobody reads and that look like one that is missing. Raises SourceError for a "darft: true": a post
        that may be a draft is not sent."""
        unread = self._values.keys() - _READ
        for meant in _MISSED:
            near = get_close_matches(meant, unread, n=1, cutoff=_NEAR) if meant not in self._values else []
            for name in near:
                what = f'"{self._spelled[name]}" is not read; if you mean "{meant}", write that'
                if meant != "draft":
                    yield self.wrong(name, what)
                elif self.text(name).lower() in _YES:
                    raise self.wrong(name, f"{what}, else take it out")

    def only_categories(self) -> tuple[str, ...]:
        """Without tags: Jekyll makes addresses of them."""
        return _unique(entry for name in ("categories", "category") for entry in self._listed(name))

    def image(self) -> tuple[str, str]:
        """The address of the post's picture as written, and what it shows; both may be empty."""
        for name, alts in _PICTURES:
            value = self._values.get(name)
            while isinstance(value, list):
                value = value[0] if value else None
            if isinstance(value, Mapping):
                inner = FrontMatterKeys(value, "", self._where)
                address, shows = (
                    inner.text(*_INSIDE_A_PICTURE),
                    inner.text("alt", "imagealt", "image_description", "caption"),
                )
            else:
                address, shows = _line(value) if name != "header" else "", ""
            if name not in ("image", "cover", "images") and not re.search(r"[/.]", address):
                continue  # "banner: large" is no picture
            if address and address.lower() not in _YES | _NO:
                return address, written_words(shows or self.text(*alts, "imagealt"))
        return "", ""

    def image_key(self) -> str:
        """The key that names the picture, for messages."""
        return next((name for name, _ in _PICTURES if self._values.get(name)), "image")

    def language(self) -> str | None:
        """RFC 5646. Raises SourceError for what is no language tag."""
        written = self.text("lang", "language", "locale").partition(".")[0]
        if not written:
            return None
        if found := language_tag(written):
            return found
        name = self._which("lang", "language", "locale")
        shown = written.replace("_", "-")[:40]
        raise self.wrong(name, f'"{shown}" is not a language; write one such as en or pt-BR')

    def old_addresses(self) -> tuple[str, ...]:
        """Where the post was found before it moved (Hugo's ``aliases``, Jekyll's ``redirect_from``)."""
        return _unique(
            entry
            for name in ("aliases", "redirect_from")
            for entry in _entries(self._values.get(_name(name)))
        )

    def wrong(self, name: str, what: str) -> SourceError:
        """An error that points at the line of a key."""
        spelled = self._spelled.get(_name(name), name)
        found = re.search(
            rf"""^[ \t]*(?:\.\. |export const )?["']?{re.escape(spelled)}["']?[ \t]*[:=]""",
            self._text,
            re.MULTILINE | re.IGNORECASE,
        )
        line = self._text.count("\n", 0, found.start()) + 1 if found else 1
        return SourceError(f"{self._where}:{line}: {what}")

    def _which(self, *names: str) -> str:
        return next((name for name in names if self.text(name)), names[0])

    def _listed(self, name: str) -> Iterator[str]:
        value = self._values.get(name)
        for entry in _entries(value):
            if (
                isinstance(value, str)
                and name not in ("category", "tag", "topic")
                and self._is_jekyll()
                and not re.search(r"[,;]", entry)
            ):
                yield from entry.split()
            else:
                # Pelican: where there is a semicolon, a comma divides a name ("Okri, Ben; Ríos, Ana").
                yield from entry.split(";" if ";" in entry else ",") if isinstance(value, str) else (entry,)

    def _is_jekyll(self) -> bool:
        """Jekyll alone takes a space for the end of a tag; its posts lie in _posts, or name a layout."""
        return bool(self.text("layout")) or "_posts/" in f"/{self._where}"


#: In the order in which they are believed.
_DATES = (
    "date", "publishdate", "pubdate", "published", "publishedat", "publisheddate", "publishedon", "datepublished",
    "publishedtime", "pubdatetime", "created", "createdat",
)  # fmt: skip
_UPDATES = (
    "updated", "lastmod", "lastmodified", "lastmodifiedat", "modified", "updateddate", "updatedat", "updatedon",
    "lastupdated", "datemodified", "modifiedtime", "moddatetime",
)  # fmt: skip


def _name(key: object) -> str:
    return re.sub(r"[-_\s]", "", str(key)[:200]).lower()


def _is_no_date(text: str) -> bool:
    """Whether a key is empty, or holds what Go and .NET call no time at all; Hugo writes it and reads it so."""
    return not text or text.startswith("0001-01-01")


def _why_no_date(text: str) -> str:
    """What is the matter with a date that was not understood, and what to write."""
    if re.fullmatch(r"\d{9,10}(?:\d{3})?", text):
        return "looks like seconds since 1970; write the day, such as 2017-06-12"
    if found := re.match(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})\b", text):
        first, second, year = int(found[1]), int(found[3]), found[4]
        if first in range(1, 13) and second in range(1, 13):
            days = f"{year}-{first:02d}-{second:02d} or {year}-{second:02d}-{first:02d}"
            return f"cannot be read for sure; write it as {days}"
    return "cannot be read for sure; write it as 2017-06-12, 2017-06 or 2017-06-12T09:30:00Z"


def _names_in(text: str) -> list[str]:
    if ";" in text:
        return text.split(";")
    if re.search(r" & | and ", text) or _SEVERAL_NAMES.fullmatch(text):
        return re.split(r"\s*,\s*(?:and )?|\s+(?:&|and)\s+", text)
    return [text]


def _entries(value: object) -> Iterator[str]:
    """One text a name, from text, a list, or mappings with a name."""
    if isinstance(value, list | tuple):
        for entry in value:
            yield from _entries(entry)
    elif isinstance(value, Mapping):
        named = next(
            (
                value[key]
                for key in ("name", "title", "display_name", "displayName", "label")
                if value.get(key)
            ),
            None,
        )
        if named is None and (value.get("first_name") or value.get("last_name")):
            named = f"{_line(value.get('first_name'))} {_line(value.get('last_name'))}"
        yield from _entries(
            named if named is not None else [e for e in value.values() if isinstance(e, Mapping)]
        )
    else:
        yield _line(value)


def _unique(entries: Iterable[str]) -> tuple[str, ...]:
    seen = {entry.casefold(): entry for entry in reversed([one_line(entry) for entry in entries]) if entry}
    return tuple(reversed(seen.values()))


def _line(value: object) -> str:
    if value is None or isinstance(value, Mapping | list | tuple):
        return ""
    if isinstance(value, int) and abs(value) > 10**18:
        return ""  # TOML takes any; Python refuses to write out one of more than 4,300 digits
    text = one_line(str(value))
    return "" if text.lower() in _NOTHING else text
