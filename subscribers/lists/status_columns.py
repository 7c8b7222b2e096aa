"""Which columns of a list say who may be mailed, and what they say of one row. Headers are status_headers' part, the
words' meaning is standing's."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from subscribers.lists import standing
from subscribers.lists.spelling import squeezed
from subscribers.lists.standing import LEFT, PENDING, SKIP, SUBSCRIBED, Said
from subscribers.lists.status_headers import Kind, kind_of


@dataclass(slots=True)
class Column:
    """One column that may say who may be mailed."""

    place: int
    header: str
    kind: Kind
    #: What "yes" in UNWANTED and anything in TRACE mean, or "no" in WANTED.
    against: Said = LEFT
    #: Values other than nothing → how many rows; not counted further once there are too many to be a status.
    values: dict[str, int] = field(default_factory=dict)
    #: A line for each value, to name one.
    line: dict[str, int] = field(default_factory=dict)
    blank: int = 0
    #: What values said, kept for the next row.
    said: dict[str, Said | None] = field(default_factory=dict)
    crowded: bool = False
    #: It holds nothing but days and times.
    dates: bool = False
    #: It holds the names of the lists that people are on.
    lists: bool = False
    #: Labels or remarks that speak against mail → how many rows; beside whatever else the cells hold.
    labels: dict[str, int] = field(default_factory=dict)
    #: Only such labels count.
    by_labels: bool = False


#: A column with more different values than this is no status.
_MOST_VALUES = 60
#: Values of a column of unknown header, among which a word such as "bounced" makes a status of it.
_FEW_VALUES = 12


@dataclass(frozen=True, slots=True)
class Answers:
    """What staff said of a file: "VALUE" or "COLUMN:VALUE", squeezed → meaning; columns that say nothing."""

    values: Mapping[str, Said] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()

    def to(self, column: Column, value: str) -> Said | None:
        """The answer for a value of a column, if staff gave one."""
        word = _key(value)
        return self.values.get(f"{squeezed(column.header)}:{word}") or self.values.get(word)

    def names(self, column: Column) -> bool:
        """Whether an answer is about this very column."""
        return any(key.startswith(f"{squeezed(column.header)}:") for key in self.values)


def _key(value: str) -> str:
    return squeezed(value) or value.strip()


def answered(texts: Sequence[str], ignored: Sequence[str]) -> Answers:
    """Read ``VALUE=MEANING`` or ``COLUMN:VALUE=MEANING``. Raises ValueError with a clause for staff."""
    values: dict[str, Said] = {}
    for text in texts:
        value, equals, word = text.rpartition("=")
        if not equals or word.strip().casefold() not in set(standing.Standing):
            raise ValueError(f'expected VALUE={"|".join(standing.Standing)}, found "{text}"')
        column, colon, rest = value.rpartition(":")
        key = f"{squeezed(column)}:{_key(rest)}" if colon else _key(value)
        values[key] = Said(standing.Standing(word.strip().casefold()))
    return Answers(values, frozenset(map(squeezed, ignored)))


class StatusColumns:
    """What the columns of one file say. ``see`` every row first, then ``settle``, then ask ``say``."""

    def __init__(
        self,
        headers: Sequence[str],
        taken: Collection[int],
        answers: Answers,
        *,
        kind: Kind | None = None,
        confirmed_at: int | None = None,
        guessed: bool = False,
    ) -> None:
        """``guessed``: nobody is sure that the headers are read in their encoding."""
        self._answers = answers
        self._least: Said | None = None
        self._columns = [
            Column(place, header.strip(), *((kind, LEFT) if kind else kind_of(header, headers)))
            for place, header in enumerate(headers)
            if place not in taken and squeezed(header) not in answers.ignored
        ]
        for column in self._columns:
            if guessed and column.kind is Kind.OTHER and not column.header.isascii():
                column.kind = Kind.UNCLEAR
        if confirmed_at is not None and squeezed(headers[confirmed_at]) not in answers.ignored:
            header = headers[confirmed_at].strip()
            self._columns.append(Column(confirmed_at, header, Kind.SINCE, PENDING))
        for column in self._columns:
            if answers.names(column) and column.kind in (Kind.OTHER, Kind.PERHAPS, Kind.UNNAMED, Kind.MAYBE):
                column.kind = Kind.STATUS

    def see(self, line: int, cells: Sequence[str]) -> None:
        """Count what a row holds."""
        for column in self._columns:
            value = cells[column.place].strip() if column.place < len(cells) else ""
            if column.kind in (Kind.OTHER, Kind.LABELS) and len(column.labels) < _MOST_VALUES:
                for part in standing.parts_against(value):
                    column.labels[part] = column.labels.get(part, 0) + 1
                    column.line.setdefault(part, line)
            if value in column.values:
                column.values[value] += 1
            elif column.crowded:
                continue
            elif _is_nothing(column, value):
                column.blank += 1
            elif len(column.values) < _MOST_VALUES:
                column.values[value] = 1
                column.line.setdefault(value, line)
            else:
                column.crowded = True

    def settle(self) -> list[tuple[str, str, int, int]]:
        """Decide which columns count. Returns (header, value, rows, a line) for each value that nobody knows."""
        self._columns = [column for column in self._columns if _counts(column)]
        unknown: list[tuple[str, str, int, int]] = []
        for column in self._columns:
            column.dates = all(map(standing.is_date, column.values))
            column.lists = column.kind is Kind.WANTED and _names_lists(column)
        for column in self._columns:
            if column.kind is Kind.SINCE:
                continue
            if column.by_labels:
                unknown += self._doubtful_labels(column)
                continue
            asked = [(value, count, column.line[value]) for value, count in column.values.items()]
            if column.blank and column.kind in (Kind.STATUS, Kind.MAYBE, Kind.PREFERENCE):
                asked.append(("", column.blank, 0))
            unknown += [
                (column.header, value, count, line)
                for value, count, line in asked
                if self._of(column, value) is None and not _is_prose(column)
            ]
        return unknown

    def _doubtful_labels(self, column: Column) -> list[tuple[str, str, int, int]]:
        return [
            (column.header, label, count, column.line[label])
            for label, count in column.labels.items()
            if column.kind is Kind.LABELS
            and standing.is_ambiguous(label)
            and self._answers.to(column, label) is None
        ]

    def decides(self, cells: Sequence[str], header: str, value: str) -> bool:
        """Whether something may hang on what this value means in this row: not where another column says that the
        person left, and not in another row."""
        column = next(column for column in self._columns if column.header == header)
        found = cells[column.place].strip() if column.place < len(cells) else ""
        if column.by_labels:
            holds = value in standing.parts_against(found)
        else:
            holds = found == value or (value == "" and _is_nothing(column, found))
        if not holds:
            return False
        said = self.say(cells)
        return said is None or said.standing.strictness <= PENDING.standing.strictness

    def forget(self) -> None:
        """Say nothing of anybody."""
        self._columns = []

    @property
    def places(self) -> frozenset[int]:
        """Where the columns stand that count."""
        return frozenset(column.place for column in self._columns)

    def at_least(self, said: Said) -> None:
        """What holds of every row, where its columns say nothing stricter."""
        self._least = said

    @property
    def says(self) -> bool:
        """Whether any column of the file says who may be mailed."""
        return bool(self._columns)

    def say(self, cells: Sequence[str]) -> Said | None:
        """What a row says, by its strictest column; None when it says nothing."""
        found = self._least
        since = None
        sure = False
        for column in self._columns:
            value = cells[column.place].strip() if column.place < len(cells) else ""
            if value in column.said:
                said = column.said[value]
            else:
                said = self._of(column, value)
                if len(column.said) < _MOST_VALUES:
                    column.said[value] = said
            if said is None:
                continue
            sure = sure or (
                column.kind is Kind.STATUS and said.standing.strictness < PENDING.standing.strictness
            )
            if sure and column.kind is Kind.SINCE:
                continue
            since = since or said.at
            if found is None or said.weight > found.weight:
                found = said
        if (
            found is None
            or found.at
            or since is None
            or found.standing.strictness <= PENDING.standing.strictness
        ):
            return found
        return replace(found, at=since)

    def _of(self, column: Column, value: str) -> Said | None:
        """What one cell says; None when it says nothing, or nobody knows what."""
        nothing = _is_nothing(column, value)
        if (said := self._answers.to(column, "" if nothing else value)) is not None:
            return _because(said, column, value)
        if column.kind is Kind.SINCE:
            return _because(column.against, column, value) if nothing else None
        if column.by_labels:
            return self._of_labels(column, value)
        if nothing:
            # An empty box to tick is no yes; a day that nobody noted says nothing where a status does.
            ticked = column.kind is Kind.WANTED and not (column.dates and len(self._columns) > 1)
            return _because(SKIP, column, value) if ticked else None
        said = _meant(column, value)
        return said and _because(said, column, value)

    def _of_labels(self, column: Column, value: str) -> Said | None:
        """The strictest of several labels; one that staff say means nothing is left aside, and so is a doubtful one."""
        each = [
            (
                self._answers.to(column, part)
                or (None if standing.is_ambiguous(part) else standing.meaning(part)),
                part,
            )
            for part in standing.parts_against(value)
        ]
        found = [_because(said, column, part) for said, part in each if said is not None]
        return max(found, key=lambda said: said.weight, default=None)


def _is_nothing(column: Column, value: str) -> bool:
    """Whether a cell says nothing. "None" is an answer to "how may we contact you?"."""
    return (
        not value if column.kind in (Kind.PREFERENCE, Kind.PERHAPS_PREFERENCE) else standing.is_nothing(value)
    )


def _is_prose(column: Column) -> bool:
    """Remarks rather than words for how people stand."""
    return column.kind in (Kind.OTHER, Kind.UNNAMED, Kind.MAYBE) and len(column.values) > _FEW_VALUES


def _counts(column: Column) -> bool:
    """Whether a column says who may be mailed, now that its values are known."""
    if not column.values or column.kind is Kind.NEVER:
        return False
    if column.kind is Kind.SINCE:
        return column.blank > 0
    yes_or_no = {standing.answer(value) for value in column.values}
    if column.kind in (Kind.OTHER, Kind.LABELS):
        return _speaks_in_passing(column, yes_or_no)
    if column.kind is Kind.UNCLEAR:
        return not column.crowded and (
            None not in yes_or_no or any(map(standing.says_something, column.values))
        )
    if column.kind is Kind.PERHAPS_PREFERENCE:
        return not column.crowded and (
            any(map(standing.names_a_way, column.values))
            or any(map(standing.is_unmistakable, column.values))
            or yes_or_no == {False}
        )
    if column.kind is Kind.MAYBE:
        return not column.crowded and (
            any(map(standing.is_unmistakable, column.values))
            or (False in yes_or_no and len(column.values) <= _FEW_VALUES)
            or (None not in yes_or_no and column.blank > 0)
        )
    if column.kind is Kind.UNNAMED:
        return not column.crowded and (
            any(map(standing.is_unmistakable, column.values))
            or all(map(standing.says_something, column.values))
            or yes_or_no == {True, False}
        )
    if column.kind is Kind.PERHAPS:
        return any(map(standing.says_something, column.values))
    numbers = all(value.isdigit() for value in column.values)
    plural = squeezed(column.header).endswith("s") and any(value not in "01" for value in column.values)
    return not (column.kind is Kind.UNWANTED and numbers and plural)  # "Bounces: 3" counts


def _speaks_in_passing(column: Column, yes_or_no: set[bool | None]) -> bool:
    """Whether a column about something else says of somebody that they left, as a status, a label or a remark."""
    a_status = not column.crowded and any(map(standing.is_unmistakable, column.values))
    if column.kind is Kind.LABELS or not a_status:
        column.by_labels = True
        certain = not all(map(standing.is_ambiguous, column.labels))
        if (column.kind is Kind.LABELS and column.labels) or certain:
            return True
        # Yes and no in a language of which few headers are known.
        column.by_labels = False
        return None not in yes_or_no and any(map(standing.is_foreign_answer, column.values))
    return True


def _names_lists(column: Column) -> bool:
    """Whether a column such as "Mailing Lists" says which lists a person is on, and not how they stand."""
    return squeezed(column.header).endswith(
        ("lists", "newsletters", "mailings", "listes", "listen")
    ) and not any(
        standing.answer(value) is not None or standing.meaning(value) or standing.is_date(value)
        for value in column.values
    )


def _meant(column: Column, value: str) -> Said | None:
    if column.lists:
        return SUBSCRIBED
    if column.kind in (Kind.PREFERENCE, Kind.PERHAPS_PREFERENCE):
        return standing.preference(value)
    if column.kind is Kind.TRACE:
        no = standing.truth(value) is False
        return SUBSCRIBED if no else replace(_reason(column, value), at=standing.instant(value))
    if column.kind in (Kind.WANTED, Kind.UNWANTED):
        yes = (standing.answer if column.kind is Kind.WANTED else standing.truth)(value)
        if yes is None and standing.is_date(value):
            yes = True
        if yes is not None:
            good = yes == (column.kind is Kind.WANTED)
            return SUBSCRIBED if good else replace(column.against, at=standing.instant(value))
    return standing.meaning(value)


def _reason(column: Column, value: str) -> Said:
    """A reason for leaving may say that it was a complaint."""
    first = standing.meaning(re.split(r"[\s:(]", value.strip())[0])
    return first if first and first.standing is standing.Standing.SUPPRESSED else column.against


def _because(said: Said, column: Column, value: str) -> Said:
    if said.standing is standing.Standing.SUBSCRIBED:
        return said
    shown = " ".join(value.split())[:60]
    return replace(said, why=f'{column.header} "{shown}"' if shown else f"{column.header} is empty")
