"""When a feed's entries were published and changed, and which of those dates cannot be right."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from newsletter import date_parsing
from newsletter.dates import PartialDate

#: A clock that runs ahead; what is further ahead was not published yet, or its zone is wrong.
_AHEAD = timedelta(minutes=15)
#: Nothing on the web is older; what was written before carries the date of its publication.
_FIRST_YEAR = 1900
#: What programs write for "no date", whatever the zone makes of it: the beginnings of Unix, of spreadsheets and
#: databases, of old Macs, of a signed count of seconds, and of DOS.
_EMPTY = tuple(
    datetime(*day, tzinfo=UTC)
    for day in ((1970, 1, 1), (1900, 1, 1), (1904, 1, 1), (1901, 12, 14), (1980, 1, 1))
)
#: What the standard library may try: it reads PHP's zero date ("30 Nov -0001") as one of the year 2000, and that of
#: .NET and Go ("01 Jan 0001") as one of 2001.
_RFC_822 = re.compile(r"\b\d{1,2}\s+[A-Za-z]{3,9}\s+(?:\d{2}|[12]\d{3})\s")
_SPOILED = re.compile(r"[\x00-\x1f]+")


def published(text: str, now: datetime, zone: str) -> PartialDate | None:
    """A date as a feed spells it (RFC 822, RFC 3339 and what people write); None when it cannot be right.

    That is: in the future, before 1900, and what means "no date", such as 1 January 1970 (± 1 day). A time without a
    zone is in ``zone``.
    """
    found = _parsed(text, zone)
    if found is None:
        return None
    try:
        moment = found.starts(zone)
    except (ValueError, OverflowError):
        return None
    if any(abs(moment - empty) <= timedelta(days=1) for empty in _EMPTY):
        return None
    if moment.year < _FIRST_YEAR or moment > now + _AHEAD:
        return None
    return found


def changed(text: str, date: PartialDate | None, now: datetime, zone: str) -> datetime | None:
    """When an entry last changed, aware UTC; None when that is when it was published, or cannot be right."""
    found = published(text, now, zone)
    if found is None:
        return None
    moment = found.starts(zone)
    return moment if date is None or moment > date.starts(zone) else None


def _parsed(text: str, zone: str) -> PartialDate | None:
    text = _SPOILED.sub(" ", text).strip()
    found = date_parsing.parse(text, zone=zone)
    if found is not None or len(text) > 80 or not _RFC_822.search(text):
        return found
    try:
        moment = parsedate_to_datetime(text)
        return date_parsing.parse(moment, zone=zone)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
