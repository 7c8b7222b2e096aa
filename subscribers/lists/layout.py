"""Looks a whole list through before anybody is taken from it: its header, its columns, and what it says of whom."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from subscribers import address
from subscribers.address import Address
from subscribers.errors import BadAddress, BadImport
from subscribers.lists import standing
from subscribers.lists.columns import columns_of
from subscribers.lists.exports import bare, is_ours
from subscribers.lists.file_names import name_says
from subscribers.lists.files import Encoding, encoding_of, opened
from subscribers.lists.spelling import squeezed
from subscribers.lists.standing import SUBSCRIBED, Said, Standing
from subscribers.lists.status_columns import Answers, StatusColumns
from subscribers.lists.status_headers import Kind

#: Rows in which an address is looked for where no header is known, and lines that may stand above a header.
_LOOKED_AT = 200
_ABOVE_HEADER = 5
#: Unknown values that an error names.
_NAMED = 6
#: Columns of our own export that are read here and say nothing by themselves.
_OWN = {
    "suppressed": "suppressed",
    "suppressionreason": "suppression_reason",
    "leftat": "left_at",
    "pausedat": "paused_at",
    "confirmedat": "confirmed_at",
}
_REASONS = ("bounce", "complaint", "staff", "erased", "imported")
_NAMED_ADDRESS = re.compile(
    r'^\s*"?(?P<name>[^<>]*?)"?\s*<\s*(?:mailto:)?(?P<address>[^<>\s]+@[^<>\s]+)\s*>\s*$'
)
#: As Mailman and old mail programs write it.
_NAME_BEHIND = re.compile(r"^\s*(?P<address>[^()<>\s]+@[^()<>\s]+)\s+\((?P<name>[^()]*)\)\s*$")
_MAILTO = re.compile(r"^\s*mailto:", re.IGNORECASE)
#: A cell that may be a person's name, where no header says so.
_LIKE_A_NAME = re.compile(r"^[^\W\d_][^\d@_<>/\\:;#%&*+=|{}\[\]]{0,79}$")


@dataclass(slots=True)
class Layout:
    """How one file is to be read."""

    #: The line of the header; 0 for none.
    header_line: int
    columns: Mapping[str, int]
    #: Column → its header, as the file writes it.
    headers: Mapping[str, str]
    ours: bool
    status: StatusColumns
    encoding: Encoding
    #: What the file says of people counts.
    heeded: bool = True
    #: What the whole file says of everybody.
    whole: Said | None = None
    #: ``Address.normal`` → what the strictest row says of this person.
    strict: dict[str, Said] = field(default_factory=dict)

    def people_of(self, cells: Sequence[str]) -> Iterator[dict[str, str]]:
        """The cells of each person in a row, by column: one, or in a file without a header each address."""
        if self.ours:
            cells = [bare(cell) for cell in cells]
        if self.header_line:
            cell = {name: cells[place] for name, place in self.columns.items() if place < len(cells)}
            yield _unwrapped(cell)
            return
        places = [place for place, cell in enumerate(cells) if "@" in cell] or [self.columns["address"]]
        for place in places:
            cell = {"address": cells[place] if place < len(cells) else ""}
            if len(places) == 1:
                cell["name"] = self._name_beside(cells, place)
            yield _unwrapped(cell)

    def _name_beside(self, cells: Sequence[str], address_at: int) -> str:
        """The one or two cells next to an address that look like a name."""
        speaks = self.status.places
        after = list(range(address_at + 1, len(cells)))
        before = list(range(address_at - 1, -1, -1))
        for side in (after, before):
            near = itertools.takewhile(
                lambda place: place not in speaks and _LIKE_A_NAME.match(cells[place].strip()), side
            )
            if found := sorted(itertools.islice(near, 2)):
                return " ".join(cells[place].strip() for place in found)
        return ""

    def said_of(self, person: Address, cells: Sequence[str]) -> Said:
        """Whether this person may be mailed: the strictest that the file says anywhere."""
        here = self.status.say(cells)
        said = here or self.whole or SUBSCRIBED
        if here and self.whole and here.standing is Standing.PENDING:
            said = max(here, self.whole, key=lambda one: one.weight)
        other = self.strict.get(person.normal)
        return other if other and other.weight > said.weight else said

    def suppressed_of(self, cell: Mapping[str, str]) -> str:
        """The reason of a suppression in our own export, empty for none."""
        if not self.ours or standing.truth(cell.get("suppressed", "")) is not True:
            return ""
        reason = cell.get("suppression_reason", "").strip().casefold()
        return reason if reason in _REASONS else "staff"


def layout_of(
    file: Path, answers: Answers, everybody: Standing | None, *, heeded: bool = True, encoding: str = ""
) -> Layout:
    """How to read a file, in the encoding that staff name, or its own. Raises BadImport when it has no addresses, or
    says something that nobody knows; not ``heeded``, whatever it says of people is left aside."""
    layout = _found(file, answers, encoding_of(file, encoding))
    layout.heeded = heeded
    if not heeded:
        layout.status.forget()
        return layout
    unspoken = layout.whole = _said_of_all(file, everybody)
    with opened(file, layout.encoding) as rows:
        for line, cells in rows:
            if line > layout.header_line:
                layout.status.see(line, [bare(cell) for cell in cells] if layout.ours else cells)
    if unknown := _that_matter(file, layout, layout.status.settle()):
        raise BadImport(_unknown_values(file, unknown))
    if everybody is None:
        _refuse_a_doubtful_name(file, *_read_strictest(file, layout))
    else:
        _read_strictest(file, layout)
    if unspoken and everybody is not None and everybody.strictness > Standing.SUBSCRIBED.strictness:
        layout.status.at_least(unspoken)
    return layout


def _found(file: Path, answers: Answers, encoding: Encoding) -> Layout:
    with opened(file, encoding) as rows:
        head = list(itertools.islice(rows, _LOOKED_AT))
    if not head:
        raise BadImport(f"{file} is empty: it has no line with a mail address.")
    for line, cells in head[:_ABOVE_HEADER]:
        if any("@" in cell for cell in cells):
            break
        columns = columns_of(cells)
        if "address" in columns:
            return _with_header(line, cells, columns, answers, encoding)
    line, cells = head[0]
    if any("@" in cell for cell in cells):
        return _without_header(head, answers, encoding)
    place = _where_addresses_are([row for _, row in head[1:]])
    if place is None:
        shown = ", ".join(cell.strip()[:30] for cell in cells[:6])
        raise BadImport(
            f'{file} has no column "email": its first line is "{shown}". Name the column with the addresses "email".'
        )
    columns = {name: at for name, at in columns_of(cells).items() if at != place}
    return _with_header(line, cells, columns | {"address": place}, answers, encoding)


def _with_header(
    line: int, cells: Sequence[str], columns: dict[str, int], answers: Answers, encoding: Encoding
) -> Layout:
    ours = is_ours(cells)
    if ours:
        own = {_OWN[squeezed(cell)]: place for place, cell in enumerate(cells) if squeezed(cell) in _OWN}
        columns = columns | own
    headers = {name: cells[place] for name, place in columns.items()}
    status = StatusColumns(
        cells,
        set(columns.values()),
        answers,
        confirmed_at=None if ours else columns.get("confirmed_at"),
        guessed=encoding.guessed,
    )
    return Layout(line, columns, headers, ours, status, encoding)


def _without_header(head: Sequence[tuple[int, list[str]]], answers: Answers, encoding: Encoding) -> Layout:
    place = _where_addresses_are([cells for _, cells in head]) or 0
    width = max(len(cells) for _, cells in head)
    names = [f"column {number}" for number in range(1, width + 1)]
    status = StatusColumns(names, {place}, answers, kind=Kind.UNNAMED)
    return Layout(0, {"address": place}, {}, False, status, encoding)


def _where_addresses_are(rows: Sequence[Sequence[str]]) -> int | None:
    """The column that most rows have an @ in."""
    counts: dict[int, int] = {}
    for cells in rows:
        for place, cell in enumerate(cells):
            if "@" in cell:
                counts[place] = counts.get(place, 0) + 1
    return max(counts, key=lambda place: counts[place], default=None)


def _that_matter(
    file: Path, layout: Layout, unknown: Sequence[tuple[str, str, int, int]]
) -> list[tuple[str, str, int, int]]:
    """Those unknown values on which it hangs whether somebody is mailed: the reasons of people of whom another column
    says that they left need no answer."""
    if not unknown:
        return []
    counts = [0] * len(unknown)
    lines = [0] * len(unknown)
    with opened(file, layout.encoding) as rows:
        for line, cells in rows:
            if line <= layout.header_line:
                continue
            told = [bare(cell) for cell in cells] if layout.ours else cells
            for at, (header, value, _, _) in enumerate(unknown):
                if layout.status.decides(told, header, value):
                    counts[at] += 1
                    lines[at] = lines[at] or (line if value else 0)
    return [
        (header, value, count, line)
        for (header, value, _, _), count, line in zip(unknown, counts, lines, strict=True)
        if count
    ]


def _said_of_all(file: Path, everybody: Standing | None) -> Said | None:
    if everybody is not None:
        return Said(everybody, f"you said that all of them are {everybody}")
    named = name_says(file.stem)
    return named.said if named else None


def _read_strictest(file: Path, layout: Layout) -> tuple[bool, bool]:
    """Remember who stands in the file as anything but subscribed. Returns whether all who are spoken of are said to be
    subscribed, and whether some rows say nothing."""
    if not layout.status.says:
        return False, True
    welcome = silent = False
    with opened(file, layout.encoding) as rows:
        for line, cells in rows:
            if line <= layout.header_line:
                continue
            said = layout.status.say(cells)
            silent = silent or said is None
            if said is None or said.standing is Standing.SUBSCRIBED:
                welcome = welcome or said is not None
                continue
            for cell in layout.people_of(cells):
                _remember(
                    layout.strict, cell.get("address", ""), replace(said, why=f"{said.why} in line {line}")
                )
    return welcome and not layout.strict, silent


def _remember(strict: dict[str, Said], typed: str, said: Said) -> None:
    try:
        normal = address.parse(typed).normal
    except BadAddress:
        return  # the row is refused when its turn comes
    before = strict.get(normal)
    if before is None or said.weight > before.weight:
        strict[normal] = said


def _refuse_a_doubtful_name(file: Path, welcome: bool, silent: bool) -> None:
    """Ask about a name that may be meant in two ways, where rows leave it to the name; and about one that says the
    contrary of all rows."""
    named = name_says(file.stem)
    if named is None:
        return
    if named.doubtful and silent:
        raise BadImport(
            f"{file}: {named.said.why}. Does that mean that these people are {named.said.standing}? "
            f"Say which: --everybody {named.said.standing}, or --everybody subscribed. Nobody was imported."
        )
    if welcome and not named.doubtful:
        raise BadImport(
            f"{file}: {named.said.why}, and its rows say that they are subscribed. Say which holds: "
            f"--everybody {named.said.standing}, or --everybody subscribed. Nobody was imported."
        )


def _unknown_values(file: Path, unknown: Sequence[tuple[str, str, int, int]]) -> str:
    """The sentence for values that nobody knows, with the answers to give."""
    parts = []
    for header, value, count, line in unknown[:_NAMED]:
        where = f"line {line}" if count == 1 and line else f"{count:,} row{'' if count == 1 else 's'}"
        shown = f'"{value[:40]}"' if value else "nothing"
        parts.append(f'the column "{header}" holds {shown} ({where})')
    more = f", and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
    header, value, _, _ = unknown[0]
    return (
        f"{file}: {'; '.join(parts)}{more}. Whether such people may be mailed is not known. "
        f'Say what each value means: --status-value "{value[:40]}=…" with {", ".join(Standing)}; '
        f'or that the column says nothing of it: --ignore-column "{header}". Nobody was imported.'
    )


def _unwrapped(cell: dict[str, str]) -> dict[str, str]:
    """``Ann Example <ann@example.org>`` as address and name."""
    typed = _MAILTO.sub("", cell.get("address", ""))
    typed = typed.partition(" ::: ")[
        0
    ]  # Google's sign between several in one cell: the first is the main one
    if (found := _NAMED_ADDRESS.match(typed) or _NAME_BEHIND.match(typed)) is not None:
        name = cell.get("name") or found["name"].strip()
        return {**cell, "address": found["address"], "name": name}
    return {**cell, "address": typed}
