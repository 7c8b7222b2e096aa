"""Reads lists of people out of CSV files, row by row, and writes them. It says which rows it refuses and why; what
becomes of a row that is fine is its caller's business."""

from __future__ import annotations

import codecs
import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from subscribers import address
from subscribers.address import Address
from subscribers.cadence import Cadence
from subscribers.errors import BadAddress, BadImport

#: A line that is longer is no list of people.
_LONGEST_FIELD = 100_000
#: Characters read at a time, where a file is only looked through.
_BLOCK = 64 * 1024
_HEADERS: dict[str, tuple[str, ...]] = {
    "address": ("email", "e-mail", "address", "email address", "e-mail address", "mail", "subscriber"),
    "name": ("name", "full name", "display name"),
    "first": ("first name", "firstname", "given name", "first"),
    "last": ("last name", "lastname", "surname", "family name", "last"),
    "cadence": ("cadence", "frequency"),
    "topics": ("topics", "topic"),
}
_COLUMN_OF = {spelling: column for column, spellings in _HEADERS.items() for spelling in spellings}
#: How files that a person edited by hand spell a cadence.
_CADENCES = {"each post": Cadence.EACH_POST, **{word.value: word for word in Cadence}}


@dataclass(frozen=True, slots=True)
class Row:
    """One person of a file."""

    #: 1 is the first line of the file.
    line: int
    address: Address
    name: str = ""
    #: None when the file says nothing.
    cadence: Cadence | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken, and why, in a clause for staff."""

    line: int
    address: str
    reason: str


def read(file: Path, topics: Mapping[str, str]) -> Iterator[Row | Refusal]:
    """Every person of a CSV file, streamed.

    A header names the columns (email, name or first and last name, cadence, topics; others are ignored); without one
    each line is an address. Separators are commas, semicolons or tabs; UTF-8 with or without a BOM, UTF-16 with one,
    else windows-1252. ``topics`` maps names to titles; several in one cell are separated by ``|`` or ``;``. An address
    that stands in the file twice is refused the second time. Raises BadImport when the file cannot be read at all.
    """
    lines_of: dict[str, int] = {}
    for found in _rows(file, _topic_names(topics)):
        first = (
            lines_of.setdefault(found.address.normal, found.line) if isinstance(found, Row) else found.line
        )
        if isinstance(found, Row) and first != found.line:
            yield Refusal(found.line, found.address.shown, f"it stands in line {first} already")
        else:
            yield found


def _rows(file: Path, topics: Mapping[str, str]) -> Iterator[Row | Refusal]:
    try:
        with file.open(encoding=_encoding(file), errors="replace", newline="") as text:
            yield from _parsed(text, file, topics)
    except OSError as error:
        raise BadImport(f"{file} cannot be read: {(error.strerror or str(error)).lower()}.") from error


def count_lines(file: Path) -> int:
    """About how many rows a file has, for a progress bar. Raises BadImport."""
    try:
        with file.open("rb") as raw:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: raw.read(1 << 20), b""))
    except OSError as error:
        raise BadImport(f"{file} cannot be read: {(error.strerror or str(error)).lower()}.") from error


def _encoding(file: Path) -> str:
    """Decided by the whole file, a block at a time: one wrong guess would spoil every name in it."""
    with file.open("rb") as raw:
        if raw.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            while text.read(_BLOCK):
                continue
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8-sig"


def _parsed(text: IO[str], file: Path, topics: Mapping[str, str]) -> Iterator[Row | Refusal]:
    sample = text.read(_BLOCK)
    text.seek(0)
    if "\0" in sample:
        raise BadImport(f"{file} is not a text file; save the list as CSV.")
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(text, delimiter=_separator(sample), skipinitialspace=True)
    columns: dict[str, int] | None = None
    end = 0
    try:
        for cells in reader:
            line, end = end + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _columns(cells, file)
                if columns is not _NO_HEADER:
                    continue
            yield _row(line, cells, columns, topics)
    except csv.Error as error:
        raise BadImport(f"{file}, line {reader.line_num}: this is not CSV ({error}).") from error
    if columns is None:
        raise BadImport(f"{file} is empty: it has no line with a mail address.")


_NO_HEADER = {"address": 0}


def _separator(sample: str) -> str:
    """The separator that the first line has most of; a comma when it has none."""
    first = next((line for line in sample.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _columns(cells: Sequence[str], file: Path) -> dict[str, int]:
    """Which column is what. Raises BadImport for a header without an address."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        column = _COLUMN_OF.get(" ".join(cell.replace("_", " ").split()).casefold())
        if column is not None:
            found.setdefault(column, place)
    if "address" in found:
        return found
    if any("@" in cell for cell in cells):
        return _NO_HEADER
    shown = ", ".join(cell.strip()[:30] for cell in cells[:6])
    raise BadImport(
        f'{file} has no column "email": its first line is "{shown}". Name the column with the addresses "email".'
    )


def _row(
    line: int, cells: Sequence[str], columns: Mapping[str, int], topics: Mapping[str, str]
) -> Row | Refusal:
    cell = {column: _clean(cells[place]) if place < len(cells) else "" for column, place in columns.items()}
    if columns is _NO_HEADER and "@" not in cell["address"]:
        cell["address"] = next((_clean(other) for other in cells if "@" in other), cell["address"])
    try:
        parsed = address.parse(cell["address"])
    except BadAddress as error:
        return Refusal(line, cell["address"][:254], str(error))
    cadence = _CADENCES.get(cell.get("cadence", "").casefold())
    if cell.get("cadence") and cadence is None:
        return Refusal(
            line, parsed.shown, f'"{cell["cadence"][:40]}" is no cadence; one of {", ".join(Cadence)}'
        )
    wanted = [part.strip() for part in cell.get("topics", "").replace(";", "|").split("|") if part.strip()]
    unknown = [part for part in wanted if part.casefold() not in topics]
    if unknown:
        # Taking the row without it would mean "all topics": more mail than was asked for.
        known = ", ".join(dict.fromkeys(topics.values())) or "none"
        return Refusal(line, parsed.shown, f'there is no topic "{unknown[0][:40]}"; there are: {known}')
    name = cell.get("name") or " ".join(filter(None, (cell.get("first"), cell.get("last"))))
    return Row(line, parsed, name[:200], cadence, tuple(sorted({topics[part.casefold()] for part in wanted})))


def _clean(cell: str) -> str:
    """One line without control characters."""
    kept = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in cell)
    return " ".join(kept.split())


def _topic_names(topics: Mapping[str, str]) -> dict[str, str]:
    """Every spelling of a topic that a file may use, folded → its name."""
    by_title = {title.casefold(): name for name, title in topics.items()}
    return by_title | {name.casefold(): name for name in topics}


def write_csv(out: IO[str], header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write rows as CSV (RFC 4180) that no spreadsheet takes for formulas; returns how many."""
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
        count += 1
    return count


def neutral(cell: str) -> str:
    """A cell that a spreadsheet shows and does not run: one that begins like a formula gets an apostrophe before it
    (OWASP, "CSV Injection")."""
    return (
        f"'{cell}"
        if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
        else cell
    )
