"""What the keys of front matter mean, whatever an author's tool calls them. Nothing is read from disk here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from newsletter import dates
from newsletter.dates import PartialDate
from newsletter.errors import SourceError
from newsletter.sources.clean import one_line

_YES = frozenset({"true", "yes", "on", "1", "y"})
_NO = frozenset({"false", "no", "off", "0", "n"})
#: How YAML writes "nothing" (YAML 1.2 §10.3.2).
_NOTHING = frozenset({"", "~", "null", "none"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Keys:
    """The values of one post's front matter. Names of keys are read without regard to case."""

    def __init__(self, values: Mapping[str, Any], text: str, where: str) -> None:
        """``text`` is the whole file, for the line numbers in messages; ``where`` is its name."""
        self._values = {str(key).strip().lower(): value for key, value in values.items()}
        self._text = text
        self._where = where

    def text(self, *names: str) -> str:
        """The first of these keys that holds text, on one line; else an empty text."""
        return next(filter(None, (_line(self._values.get(name)) for name in names)), "")

    def id(self) -> str:
        """The author's own id for the post. Raises SourceError for one that is too long to keep."""
        found = self.text("id")
        if len(found) > 200:
            raise self.wrong("id", "the id is longer than 200 characters; choose a shorter one")
        return found

    def is_draft(self) -> bool:
        published = self.text("published").lower()
        return (
            self.text("draft").lower() in _YES or published in _NO or self.text("status").lower() == "draft"
        )

    def date(self, zone: str) -> PartialDate | None:
        """When the post was published. Raises SourceError for a date that cannot be read for sure."""
        names = ["date", "publishdate", "pubdate"]
        if self.text("published").lower() not in _YES | _NO:
            names.append("published")
        return self._date(names, zone)

    def updated(self, zone: str) -> datetime | None:
        """When the text last changed, aware. Raises SourceError for a date that cannot be read for sure."""
        found = self._date(["updated", "lastmod", "last_modified_at", "modified"], zone)
        return found.starts(zone) if found else None

    def _date(self, names: list[str], zone: str) -> PartialDate | None:
        for name in names:
            if not self.text(name):
                continue
            found = dates.parse(self._values[name], zone=zone)
            if found is None:
                raise self.wrong(
                    name,
                    f'the {name} "{self.text(name)[:60]}" cannot be read for sure; '
                    "write it as 2017-06-12, 2017-06 or 2017-06-12T09:30:00Z",
                )
            return found
        return None

    def authors(self) -> tuple[str, ...]:
        """From ``author`` (one name) or ``authors`` (a list, or names with commas between)."""
        return _unique([*_entries(self._values.get("author")), *self._listed("authors")])

    def categories(self) -> tuple[str, ...]:
        return _unique(entry for name in ("tags", "categories", "category") for entry in self._listed(name))

    def image(self) -> tuple[str, str]:
        """The address of the post's picture as written, and what it shows; both may be empty."""
        for name in ("image", "cover"):
            value = self._values.get(name)
            if isinstance(value, list):
                value = value[0] if value else None
            if isinstance(value, Mapping):
                inner = Keys(value, "", self._where)
                address, shows = inner.text("src", "url", "image", "path"), inner.text("alt", "caption")
            else:
                address, shows = _line(value), ""
            if address:
                return address, shows or self.text(f"{name}_alt", "image_alt")
        return "", ""

    def language(self) -> str | None:
        """RFC 5646. Raises SourceError for what is no language tag."""
        found = self.text("lang", "language").replace("_", "-")
        if found and (len(found) > 35 or not _LANGUAGE.fullmatch(found)):
            raise self.wrong("lang", f'"{found[:40]}" is not a language; write one such as en or pt-BR')
        return found or None

    def wrong(self, name: str, what: str) -> SourceError:
        """An error that points at the line of a key."""
        found = re.search(
            rf"""^[ \t]*["']?{re.escape(name)}["']?[ \t]*[:=]""", self._text, re.MULTILINE | re.IGNORECASE
        )
        line = self._text.count("\n", 0, found.start()) + 1 if found else 1
        return SourceError(f"{self._where}:{line}: {what}")

    def _listed(self, name: str) -> Iterator[str]:
        value = self._values.get(name)
        for entry in _entries(value):
            yield from re.split(r"[,;]", entry) if isinstance(value, str) else (entry,)


def _entries(value: object) -> Iterator[str]:
    """One text a name, from text, a list, or mappings with a name."""
    if isinstance(value, list | tuple):
        for entry in value:
            yield from _entries(entry)
    elif isinstance(value, Mapping):
        yield from _entries(value.get("name") or value.get("title"))
    else:
        yield _line(value)


def _unique(entries: Any) -> tuple[str, ...]:
    seen = {entry.casefold(): entry for entry in reversed([one_line(entry) for entry in entries]) if entry}
    return tuple(reversed(seen.values()))


def _line(value: object) -> str:
    if value is None or isinstance(value, Mapping | list | tuple):
        return ""
    text = one_line(str(value))
    return "" if text.lower() in _NOTHING else text
