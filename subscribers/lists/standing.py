"""What other systems' words for "may this person be mailed?" mean. Which column holds them is status_columns' part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from subscribers.lists import words
from subscribers.lists.spelling import known, spaced, squeezed


class Standing(StrEnum):
    """Where a person of a list stands, as the list says. The later in this order is the stricter."""

    #: May be mailed.
    SUBSCRIBED = "subscribed"
    #: Subscribed, and wants nothing for now.
    PAUSED = "paused"
    #: Nobody we keep anything about: the row is refused.
    SKIP = "skip"
    #: Never confirmed.
    PENDING = "pending"
    #: Left, or never agreed.
    LEFT = "left"
    #: Must never be mailed.
    SUPPRESSED = "suppressed"

    @property
    def strictness(self) -> int:
        return list(Standing).index(self)


@dataclass(frozen=True, slots=True)
class Said:
    """What a list says of one person."""

    standing: Standing
    #: Where it says so, for staff: 'Status "unsubscribed"'.
    why: str = ""
    #: With SUPPRESSED: bounce, complaint, staff, erased, or imported (the list does not say more).
    reason: str = "imported"
    #: Since when, where the list tells and it can be read.
    at: datetime | None = None

    @property
    def weight(self) -> tuple[int, bool]:
        """The heavier of two holds: the stricter, and the one that knows a reason."""
        return self.standing.strictness, self.reason != "imported"


SUBSCRIBED = Said(Standing.SUBSCRIBED)
PAUSED = Said(Standing.PAUSED)
PENDING = Said(Standing.PENDING)
LEFT = Said(Standing.LEFT)
SKIP = Said(Standing.SKIP)
BLOCKED = Said(Standing.SUPPRESSED)
BOUNCED = Said(Standing.SUPPRESSED, reason="bounce")
COMPLAINED = Said(Standing.SUPPRESSED, reason="complaint")

#: The words of ``Standing`` itself, and of our own export.
_OWN = {"confirmed": SUBSCRIBED, "suppressed": BLOCKED, "skip": SKIP, "nonmarketingcontact": SKIP}

_MEANING: dict[str, Said] = {
    word: said
    for table, said in (
        (words.WEAKLY_SUBSCRIBED, SUBSCRIBED),
        (words.SUBSCRIBED, SUBSCRIBED),
        (words.SOFT, SUBSCRIBED),
        (words.PAUSED, PAUSED),
        (words.PENDING, PENDING),
        (words.LEFT, LEFT),
        (words.BOUNCED, BOUNCED),
        (words.COMPLAINED, COMPLAINED),
        (words.BLOCKED, BLOCKED),
    )
    for word in table
} | _OWN

#: What stands in a cell that holds nothing; ``squeezed`` makes nothing of dashes and brackets.
NOTHING = known("null, none, nil, na, n/a, nan, undefined, nat") | {
    "",
    "000000",
    "00000000",
    "00000000000000",
}
_TICKS = ("✓", "✔", "☑", "✅", "🗹")
_CROSSES = ("✗", "✘", "❌", "☐", "✖")

#: What is longer is a remark.
_SHORT = 40
#: An enhanced status code (RFC 3463) or a reply code (RFC 5321) of a permanent failure: lists of bounces hold them.
_REFUSED = re.compile(r"^5(\.\d{1,3}\.\d{1,3}|\d\d)(\b.*)?$")
_DATE = re.compile(
    r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b|^\d{1,2}[-/. ]\w{1,10}[-/., ]+\d{2,4}\b|^[A-Za-z]{3,9}\.? \d{1,2},? \d{4}\b"
)
_UNIX = re.compile(r"^1\d{9}(\d{3})?$")


def meaning(value: str) -> Said | None:
    """What one word of a status means; None when nobody knows. Several in a cell: the strictest counts."""
    if (said := _MEANING.get(squeezed(value))) is not None:
        return said
    if _REFUSED.match(value.strip()):
        return BOUNCED
    first = _MEANING.get(squeezed(re.split(r"\W", value.strip())[0]))
    if first is not None and first.standing.strictness > Standing.PENDING.strictness and len(value) < _SHORT:
        # "Unsubscribed via link"; what begins well may end otherwise
        return max(first, _heaviest_word(value) or first, key=lambda said: said.weight)
    if (heaviest := _heaviest_word(value)) is not None:
        return heaviest
    parts = [part for part in re.split(r"[,;|/:()\[\]'\"]+", value) if squeezed(part)]
    if len(parts) < 2:
        return None
    each = [_MEANING.get(squeezed(part)) for part in parts]
    if any(said is None for said in each):
        return None
    return max((said for said in each if said), key=lambda said: said.weight)


def preference(value: str) -> Said | None:
    """What an answer to "how may we contact you?" says of mail, None when nobody knows. Of several ways one
    by email is enough. "Mail" alone is a letter in one country and an email in the next: nobody knows."""
    ways = _ways(value)
    if ways & words.BY_MAIL and ways <= words.BY_MAIL | words.NOT_BY_MAIL:
        return SUBSCRIBED
    if ways and ways <= words.NOT_BY_MAIL:
        return LEFT
    if (said := answer(value)) is not None:
        return SUBSCRIBED if said else LEFT
    return meaning(value)


def names_a_way(value: str) -> bool:
    """Whether this cell alone names a way of writing or speaking to somebody: "Email, Post"."""
    ways = _ways(value)
    return bool(ways) and ways <= words.BY_MAIL | words.NOT_BY_MAIL and not ways.isdisjoint(words.WAYS)


def parts_against(value: str) -> list[str]:
    """The parts of a cell of several values that speak against mail: of "vip, unsubscribed" the second."""
    parts = [part.strip() for part in re.split(r"[,;|/\n]+", value)]
    return [part for part in parts if len(part) < _SHORT and is_unmistakable(part)]


def is_ambiguous(part: str) -> bool:
    """Whether a label that speaks against mail may be about something other than mail: a gift that lapsed."""
    return squeezed(part) in words.AMBIGUOUS


def _ways(value: str) -> set[str]:
    parts = re.split(r"[,;|/+&]+| and | or | und | oder | et | ou | y | o | e ", value)
    return {squeezed(part) for part in parts if squeezed(part)}


def _heaviest_word(value: str) -> Said | None:
    """What a few words say that end with a plain one: "IspComplained", "Removed by bounce"."""
    spoken = spaced(value).split()
    each = [said for word in spoken if (said := _MEANING.get(word)) is not None]
    against = [said for said in each if said.standing.strictness > Standing.PENDING.strictness]
    if (
        len(spoken) < 2
        or len(value) >= _SHORT
        or len(against) != len(each)
        or not words.TURNED.isdisjoint(spoken)
    ):
        return None
    ends = _MEANING.get(spoken[-1])
    return max(against, key=lambda said: said.weight) if ends in against else None


def is_unmistakable(value: str) -> bool:
    """Whether this cell alone, in whatever column, says that a person must not be mailed."""
    said = _MEANING.get(squeezed(value))
    return (
        said is not None
        and said.standing.strictness > Standing.PENDING.strictness
        and not value.strip().isdigit()
    )


def says_something(value: str) -> bool:
    """Whether this cell alone is a word for how a person stands, and not one that also names a tier or a region."""
    word = squeezed(value)
    return word in _MEANING and word not in words.WEAKLY_SUBSCRIBED


def truth(value: str) -> bool | None:
    """Yes or no, in the words that files use; None for neither."""
    if value.strip().startswith(_TICKS) or squeezed(value) in words.YES:
        return True
    if value.strip().startswith(_CROSSES) or squeezed(value) in words.NO:
        return False
    return None


def answer(value: str) -> bool | None:
    """The same, of an answer to a question in the words of a form: "Yes, please", "No, thank you"."""
    plain = truth(value)
    first, *others = spaced(value).split() or [""]
    if plain is not None or len(first) < 2 or not others:
        return plain
    if first in words.NO:
        return False
    return True if first in words.YES and words.BUT.isdisjoint(others) else None


def is_foreign_answer(value: str) -> bool:
    """Whether a cell says yes or no in a language of which few headers are known here."""
    return squeezed(value) in words.OF_OTHER_LANGUAGES


def is_nothing(value: str) -> bool:
    """Whether a cell is empty, or says that it is: "NULL", "-", "0000-00-00 00:00:00", "[]"."""
    if value.strip().startswith(_TICKS + _CROSSES):
        return False  # signs without a letter, that say yes or no
    return not value or squeezed(value) in NOTHING


def is_date(value: str) -> bool:
    """Whether a cell begins with a date, or is seconds since 1970."""
    return bool(_DATE.match(value.strip()) or _UNIX.match(value.strip()))


def instant(value: str) -> datetime | None:
    """A time as systems write it, aware; without a zone UTC. None for what can be read in two ways (03/04/2021)."""
    text = value.strip()
    if not text:
        return None
    if _UNIX.match(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    try:
        found = datetime.fromisoformat(re.sub(r" ?(UTC|GMT|\(.*\))$", "", text).replace("/", "-"))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
