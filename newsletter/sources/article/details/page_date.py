"""The day of a page that tells it neither in its head nor beside its title: htmldate looks at all its words.

What it finds is believed as far as the page shows it: where a page says "June 2017", that is the date.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from lxml.etree import LxmlError
from lxml.html import HtmlElement

from newsletter import date_parsing
from newsletter.dates import PartialDate, Precision
from newsletter.sources.article.extract import is_ordinary, labels

#: A date is written within so many characters of its year.
_AROUND = 24
_MOST_PLACES = 200
#: Where most people live, from Honolulu to Auckland.
_CLOCKS = range(-10, 14)
#: "/2023/05/04/", "/2023-05-04-dyke", "/2023/05/"; no issue ("/2023-4/") and no count ("/2023/05/22-plants").
_IN_ADDRESS = re.compile(
    r"/(?P<year>(?:19|20)\d{2})(?:/(?P<m1>0?[1-9]|1[0-2])/(?P<d1>0?[1-9]|[12]\d|3[01])(?=[/_.]|$)"
    r"|-(?P<m2>0?[1-9]|1[0-2])-(?P<d2>0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)|[/-](?P<m3>0[1-9]|1[0-2])(?=[/_.-]|$))"
)
_RIGHTS = re.compile(r"©|\(c\)|copyright|rights|rechte|droits|derechos|diritti", re.IGNORECASE)


def guessed_date(page: HtmlElement | None, address: str) -> PartialDate | None:
    """The date that the page's address or its words give away, no more exact than they are; None for most.

    ``page`` is as it came, with its footer; it is not changed. Never raises.
    """
    if page is None or not is_ordinary(page):
        return None
    told = _in_address(address)
    if told is not None and told.precision is Precision.DAY:
        return told
    from htmldate import find_date

    short = labels(page)
    try:
        day = date.fromisoformat(find_date(short, url=address or None, original_date=True) or "")
    except (LxmlError, ValueError, TypeError, AttributeError, IndexError, KeyError, OverflowError):
        return told
    return finer(told, as_shown(day, short))


def finer(told: PartialDate | None, found: PartialDate | None) -> PartialDate | None:
    """The day that was found, where it says more of the year or the month that is told, and nothing else."""
    if told is None or found is None:
        return told or found
    start = found.starts("UTC")
    is_within = told.year == start.year and told.month in (None, start.month)
    return found if is_within and told.precision in (Precision.YEAR, Precision.MONTH) else told


def _in_address(address: str) -> PartialDate | None:
    found = _IN_ADDRESS.search(address)
    if not found:
        return None
    parts = (found["year"], found["m1"] or found["m2"] or found["m3"], found["d1"] or found["d2"])
    return date_parsing.parse("-".join(filter(None, parts)), zone="UTC")


def as_shown(day: date, page: HtmlElement) -> PartialDate | None:
    """As much of the day as is written somewhere on the page; None where there is but its year, or not even that."""
    text = " ".join(
        part for element in page.iter() if isinstance(element.tag, str) for part in _written(element) if part
    )
    is_month = False
    short = rf"(?<!\d)0?{day.day}[./-]0?{day.month}[./-]{day.year % 100:02}(?!\d)"
    if re.search(short, text):
        return PartialDate.of_day(day.year, day.month, day.day)
    for place in islice(re.finditer(rf"(?<!\d){day.year}", text), _MOST_PLACES):
        window = text[max(place.start() - _AROUND, 0) : place.end() + _AROUND]
        if _RIGHTS.search(window) or _has_two_meanings(text[max(place.start() - 6, 0) : place.end()]):
            continue
        around = window.replace(str(day.year), " ", 1)
        compact = text[place.start() :].startswith(f"{day.year}{day.month:02}{day.day:02}")
        if compact or re.search(rf"(?<!\d)0?{day.day}(?!\d)", around):
            return PartialDate.of_day(day.year, day.month, day.day)
        is_month = is_month or _says_month(window, day)
    return PartialDate.of_month(day.year, day.month) if is_month else None


def _has_two_meanings(written: str) -> bool:
    """True for 03/04/2017, another day on each side of the ocean."""
    found = re.search(r"(?<!\d)(\d{1,2})([-/])(\d{1,2})\2\d{4}$", written)
    return found is not None and found[1] != found[3] and max(int(found[1]), int(found[3])) <= 12


def _says_month(window: str, day: date) -> bool:
    """True for "June 2017", "2017-06" and "2017年6月"."""
    if re.search(rf"{day.year}(?:[-/.]|年\s?)0?{day.month}(?!\d)", window):
        return True
    named = re.search(rf"([^\W\d_]{{3,}})\W{{1,4}}{day.year}", window)
    found = date_parsing.parse(f"{named[1]} {day.year}", zone="UTC") if named else None
    return found is not None and found.month == day.month


def _written(element: HtmlElement) -> tuple[str, ...]:
    seen = (
        element.text or "",
        *(element.get(name) or "" for name in ("content", "datetime", "title", "data-date")),
    )
    return (*seen, element.tail or "")


def told_and_shown(stamped: PartialDate | None, shown: PartialDate | None, zone: str) -> PartialDate | None:
    """The date in the head, unless the page shows readers less of the same: a stamp fills in what nobody wrote.

    Where the page shows another day only because its clocks go otherwise than ours, that is the post's.
    """
    if not stamped or not shown:
        return stamped or shown
    moment = stamped.starts("UTC")
    if shown.precision in (Precision.YEAR, Precision.MONTH):
        same = shown.year == moment.year and shown.month in (None, moment.month)
        return shown if same else stamped
    if stamped.precision is Precision.INSTANT and shown.precision is Precision.DAY:
        day = date(shown.year or 1, shown.month or 1, shown.day or 1)
        ours = moment.astimezone(ZoneInfo(zone)).date()
        elsewhere = {(moment + timedelta(hours=hours)).date() for hours in _CLOCKS}
        return shown if day != ours and day in elsewhere else stamped
    return stamped
