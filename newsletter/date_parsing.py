"""Dates as people and programs write them, in numbers or in the words of fifteen languages, become a PartialDate."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import get_month_names

from newsletter.dates import PartialDate, Precision, first_instant

#: A number alone is only a year when it lies here; 1200 words or 8000 seeds are not dates.
PLAIN_YEARS = range(1900, 2200)


def parse(value: object, *, zone: str) -> PartialDate | None:
    """A date as front matter, a feed or a page spells it; None when it is not one, or could mean two days.

    Takes text and the objects of YAML and TOML. A time without a zone is in ``zone``. Nothing is ever filled
    in: a missing day stays missing, and 03/04/2017 is refused, a different day on each side of the ocean. With points
    (03.04.2017) the day comes first: nobody writes the month first with those.
    """
    try:
        if isinstance(value, datetime):
            return _instant(value, value.tzinfo, zone)
        if isinstance(value, date):
            return PartialDate.of_day(value.year, value.month, value.day)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str):
            return _from_text(value, zone)
    except (ValueError, OverflowError):
        return None
    return None


_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\b\.?)?"
_ZONE = (
    r"(?:\s*(?P<zone>z|(?:utc|gmt)?\s?[+-]\d{1,2}:\d{2}|[+-]\d{4}|[+-]\d{2}|(?:utc|gmt)[+-]\d{1,4}"
    r"|[a-z]+/[a-z_+-]+(?:/[a-z_]+)?|\(?[a-z]{2,5}\)?))?"
)
#: A date, then perhaps a time of day, as in "… T09:30Z", "…, 9:30 pm", "… at 09:30 +0200 (CEST)".
_WITH_TIME = re.compile(
    rf"^(?P<date>.+?)(?:t|[\s,]+(?:at|um|à|a las|@|[-–|])?\s*){_TIME}{_ZONE}(?:\s*\([a-z]+\))?$"
)
_YEAR_FIRST = re.compile(r"^(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?$")
_YEAR_LAST = re.compile(r"^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_DIGIT = re.compile(r"\d")
#: ISO 8601's basic format, 20170612T093000Z.
_COMPACT_TIME = re.compile(r"^(\d{8}t\d{2})(\d{2})(\d{2})?(?=z|[+-]\d|$)")
_CJK = re.compile(r"^(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월](?:\s?(\d{1,2})\s?[日일])?$")
#: What the program "date" and C's ctime() print: the year comes last, "mon jun 12 09:30:00 cest 2017".
_HOUR_ONLY = re.compile(r"(?<![\d:])(\d{1,2}) ?([ap])\.?m\b\.?")
_CTIME = re.compile(
    r"^([^\d\s]{2,4},? [^\d\s]{3,4} \d{1,2}) (\d{1,2}:\d{2}(?::\d{2})?(?: [a-z]{2,5})?) (\d{4})$"
)
_ORDINAL = re.compile(r"^(\d{1,2})(?:st|nd|rd|th|er|º|ª|o)?$")
#: RFC 822 §5.1; the only zone names that mean one offset each.
_NAMED_ZONES = {
    "z": 0,
    "ut": 0,
    "utc": 0,
    "gmt": 0,
    "edt": -4,
    "est": -5,
    "cdt": -5,
    "cst": -6,
    "mdt": -6,
    "mst": -7,
    "pdt": -7,
    "pst": -8,
}
#: Languages whose month names are understood on pages and in front matter; a name means what the first says.
_MONTH_LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "pt", "da", "nb", "sv", "fi", "pl", "cs", "ru", "uk")
_LINKING_WORDS = frozenset({"of", "de", "del", "the", "le", "den"})


def _from_text(text: str, zone: str) -> PartialDate | None:
    text = " ".join(text.split()).lower()
    if len(text) > 80 or not _DIGIT.search(text):
        return None
    text = _COMPACT_TIME.sub(lambda found: ":".join(filter(None, found.groups())), text)
    text = _CTIME.sub(r"\1 \3 \2", text)
    text = _HOUR_ONLY.sub(r"\1:00 \2m", text)
    timed = _WITH_TIME.match(text)
    if not timed:
        return _day_from_text(text)
    day = _day_from_text(timed["date"].strip(" ,"))
    if day is None or day.precision is not Precision.DAY or day.year is None or day.month is None:
        return None
    offset = _offset(timed["zone"])
    if offset is None and timed["zone"]:
        return day  # a zone that we cannot place: the day is all that we know
    hour = _hour(int(timed["hour"]), timed["half"])
    clock = time(hour, int(timed["minute"]), min(int(timed["second"] or 0), 59))  # 60 is a leap second
    return _instant(datetime.combine(day.first_day(), clock), offset, zone)


def _instant(moment: datetime, offset: tzinfo | None, zone: str) -> PartialDate:
    moment = moment.replace(microsecond=0)
    if isinstance(offset, ZoneInfo):
        return PartialDate.of_instant(first_instant(moment.replace(tzinfo=None), offset.key))
    if offset is None:
        return PartialDate.of_instant(first_instant(moment.replace(tzinfo=None), zone))
    return PartialDate.of_instant(moment.replace(tzinfo=offset))


def _hour(hour: int, half: str | None) -> int:
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no such hour on a 12-hour clock")
    return hour % 12 + (12 if half.startswith("p") else 0)


def _offset(name: str | None) -> tzinfo | None:
    name = (name or "").strip("()")
    if name in _NAMED_ZONES:
        return timezone(timedelta(hours=_NAMED_ZONES[name]))
    if "/" in name:
        known = _zones().get(name)
        return ZoneInfo(known) if known else None
    numeric = re.fullmatch(r"(?:utc|gmt)?\s?([+-])(\d{1,2}):?(\d{2})?", name)
    if not numeric:
        return None
    ahead = timedelta(hours=int(numeric[2]), minutes=int(numeric[3] or 0))
    return timezone(ahead if numeric[1] == "+" else -ahead)


def _day_from_text(text: str) -> PartialDate | None:
    for pattern, make in _NUMERIC:
        if match := pattern.match(text):
            return make(match)
    return _from_words(text)


def _year_first(match: re.Match[str]) -> PartialDate:
    year, month, day = int(match[1]), int(match[3]), match[4]
    return PartialDate.of_day(year, month, int(day)) if day else PartialDate.of_month(year, month)


def _year_last(match: re.Match[str]) -> PartialDate | None:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if first > 12 or first == second or match[2] == ".":
        return PartialDate.of_day(year, second, first)
    if second > 12:
        return PartialDate.of_day(year, first, second)
    return None


def _compact(match: re.Match[str]) -> PartialDate:
    return PartialDate.of_day(int(match[1]), int(match[2]), int(match[3]))


def _cjk(match: re.Match[str]) -> PartialDate:
    year, month = int(match[1]), int(match[2])
    return PartialDate.of_day(year, month, int(match[3])) if match[3] else PartialDate.of_month(year, month)


def _plain_year(match: re.Match[str]) -> PartialDate | None:
    return PartialDate.of_year(int(match[0])) if int(match[0]) in PLAIN_YEARS else None


_NUMERIC: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], PartialDate | None]], ...] = (
    (_YEAR_FIRST, _year_first),
    (_YEAR_LAST, _year_last),
    (_COMPACT, _compact),
    (_CJK, _cjk),
    (re.compile(r"^\d{4}$"), _plain_year),
)


def _from_words(text: str) -> PartialDate | None:
    """ "June 2017", "12 June 2017", "Monday, June 12th, 2017", "12 de junio de 2017", "2017 June 12", "12-Jun-2017"."""
    words = [word.strip(".") for word in re.split(r"[\s,/-]+", text)]
    words = [word for word in words if word and word not in _LINKING_WORDS]
    months = _months()
    # "Mar" is March, and Tuesday in three languages.
    if words and words[0] in _weekdays() and (words[0] not in months or any(w in months for w in words[1:])):
        words = words[1:]
    numbers = [word for word in words if word not in months]
    named = [months[word] for word in words if word in months]
    years = [word for word in numbers if re.fullmatch(r"\d{4}", word)]
    days = [match for word in numbers if (match := _ORDINAL.match(word))]
    if len(named) != 1 or len(years) != 1 or len(years) + len(days) != len(numbers) or len(days) > 1:
        return None
    if days:
        return PartialDate.of_day(int(years[0]), named[0], int(days[0][1]))
    return PartialDate.of_month(int(years[0]), named[0])


@cache
def _months() -> dict[str, int]:
    """Month names and abbreviations → number; a name that two languages use for two months is left out,
    unless English is one of them."""
    found: dict[str, set[int]] = {}
    for language in _MONTH_LANGUAGES:
        for name, number in _months_in(language):
            found.setdefault(name, set()).add(number)
    unique = {name: next(iter(numbers)) for name, numbers in found.items() if len(numbers) == 1}
    return unique | dict(_months_in("en")) | {"sept": 9}


def _months_in(language: str) -> Iterator[tuple[str, int]]:
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):  # "12 czerwca" and "czerwiec": many languages have two
            for number, name in get_month_names(width, context, locale=language).items():
                if not name.isdigit():
                    yield name.lower().strip("."), number


@cache
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(
        name.lower().strip(".")
        for language in _MONTH_LANGUAGES
        for width in ("wide", "abbreviated")
        for name in Locale.parse(language).days["format"][width].values()
    )
