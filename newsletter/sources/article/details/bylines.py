"""The small line under a title: who wrote it and when. One line in, its meaning out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from newsletter import date_parsing
from newsletter.dates import PartialDate
from newsletter.sources.article.details.byline_phrases import (
    AUTHOR_LABEL,
    DATE_LABEL,
    NOBODY,
    ORGANISATION,
    UPDATE_LABEL,
)
from newsletter.sources.html.sanitize import one_line

MOST_LINE = 140
_BETWEEN = re.compile(r"\s*[|·•]\s*|\s/\s")
#: Where a name may end and a date begin, or the other way round.
_JOINTS = re.compile(
    r",\s+|\s+(?:am|le|el|il|op|dnia|den)\s+(?=\d)|\s+(?=(?:von|par|por|door|di|av|af|przez|autor:?)\s)"
    r"|\s+on\s+|\s+(?=(?:posted |written )?by\s)|\s+\(|\s+[–—-]\s+",
    re.IGNORECASE,
)
_UNSURE_DATE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})")
_PARTICLE = re.compile(
    r"d[aeio]s?|del(?:la)?|du|l[ae]|v[ao]n|de[rn]|te[nr]|bin|ibn|al|el|[yei]", re.IGNORECASE
)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*")


@dataclass(frozen=True, slots=True)
class Byline:
    """What such a line says. ``date`` is None also for a date that cannot be read for sure."""

    date: PartialDate | None = None
    updated: PartialDate | None = None
    authors: tuple[str, ...] = ()


def read_byline(line: str, *, zone: str) -> Byline | None:
    """What the line says of date and authors; None when it is something else."""
    line = one_line(line).strip(" ()[]@")
    if not line or len(line) > MOST_LINE:
        return None
    parts = [part.strip(" ,()") for part in _BETWEEN.split(line) if part.strip(" ,()")]
    found = [(part, _part(part, zone)) for part in parts]
    known = [byline for _, byline in found if byline]
    if not known or any(byline is None and len(part.split()) > 3 for part, byline in found):
        return None
    return Byline(
        next((byline.date for byline in known if byline.date), None),
        next((byline.updated for byline in known if byline.updated), None),
        next((byline.authors for byline in known if byline.authors), ()),
    )


def _part(part: str, zone: str) -> Byline | None:
    single = _single(part, zone)
    if single and (single.date or single.updated or not re.search(r"\d", part)):
        return single
    for joint in _JOINTS.finditer(part):
        first = _single(part[: joint.start()].strip(" ,()"), zone)
        second = _single(part[joint.end() :].strip(" ,()"), zone)
        if first and second:
            return Byline(
                first.date or second.date, first.updated or second.updated, first.authors or second.authors
            )
    return single


def _single(part: str, zone: str) -> Byline | None:
    """A date, or an update, or a "by" with names."""
    update = UPDATE_LABEL.sub("", part)
    if update != part:
        found = date_parsing.parse(update, zone=zone)
        return Byline(updated=found) if found else None
    when = DATE_LABEL.sub("", part)
    if found := date_parsing.parse(when, zone=zone):
        return Byline(date=found)
    if _UNSURE_DATE.fullmatch(when):
        return Byline()
    label = AUTHOR_LABEL.match(part)
    if label and NOBODY.fullmatch(part[label.end() :]):
        return Byline()
    names = author_names(part[label.end() :]) if label else ()
    return Byline(authors=people(names)) if names else None


def author_names(text: str) -> tuple[str, ...]:
    """ "Ana Ríos, Ben Okri and Chi Wu" → three names. What follows a name after a comma ("Program Officer") goes,
    unless an "and" shows that it is a list. Empty when it does not read like names."""
    several = re.split(r"\s+(?:and|und|y|et|e)\s+|\s*[&;]\s*", text.strip(" .,"))
    commas = [part for piece in several for part in piece.split(",")]
    names = commas if len(several) > 1 else commas[:1]
    names = [one_line(name) for name in names if name.strip()]
    return tuple(names) if names and all(map(_is_name, names)) else ()


def people(names: Sequence[str], sites: Sequence[str] = ()) -> tuple[str, ...]:
    """Those of the names that are people's, each once, without "By": no office, no site, no account.

    ``sites`` are the names of the site and its organisation.
    """
    others = {_letters(site) for site in sites if site}
    found: dict[str, str] = {}
    for said in names:
        for piece in re.split(r"\s*[;|]\s*", one_line(said)):
            name = AUTHOR_LABEL.sub("", piece).strip(" ,;:·•–—-|")
            if not name or _letters(name) in others or NOBODY.fullmatch(name) or ORGANISATION.search(name):
                continue
            if len(name) <= 100 and "://" not in name and "@" not in name and re.search(r"[^\W\d_]", name):
                found.setdefault(_letters(name), name)
    return tuple(found.values())


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _is_name(text: str) -> bool:
    words = text.split()
    capital = [word for word in words if not _PARTICLE.fullmatch(word)]
    if not 1 <= len(words) <= 6 or not capital or len(text) > 80:
        return False
    return all(_NAME.fullmatch(word) and not word[0].islower() for word in capital)
