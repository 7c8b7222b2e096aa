"""Opens a list of people as rows of cells: encoding, separator, lines. What cells say of people is layout.py's part."""

from __future__ import annotations

import codecs
import csv
import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from subscribers.errors import BadImport
from subscribers.lists import encodings
from subscribers.lists.columns import columns_of
from subscribers.lists.standing import meaning
from subscribers.lists.status_headers import Kind, kind_of

#: A cell that is longer belongs to no list of people.
_LONGEST_FIELD = 100_000
#: Characters read at a time, where a file is only looked through.
_BLOCK = 64 * 1024
#: So many of them tell the encoding of a list that is no UTF-8.
_MOST_BLOCKS = 256
#: How files begin that are no text, and what to do with each.
_OTHER_FILES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook: unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook: save the sheet as CSV"),
    (b"\x1f\x8b", "a gzip archive: unpack it first"),
    (b"%PDF", "a PDF: export the list as CSV"),
)
#: What is said of a header that is not known here.
_SILENT = (Kind.OTHER, Kind.NEVER, Kind.UNCLEAR)
#: Spreadsheets write which separator they used into a line of its own.
_SEP = re.compile(r'^\ufeff?"?sep=(.)"?\r?\n?$', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a list are read."""

    #: Python's name.
    name: str
    #: The file does not say so, and nobody else did.
    guessed: bool = False


@contextmanager
def opened(file: Path, encoding: Encoding) -> Iterator[Iterator[tuple[int, list[str]]]]:
    """The rows of a CSV file that hold anything, each with the number of its first line (from 1).

    Separators are commas, semicolons, tabs or bars, as in the first line or as a line "sep=;" says. Raises BadImport
    when it cannot be read or is no CSV, and csv.Error never.
    """
    try:
        with file.open(encoding=encoding.name, errors="replace", newline="") as text:
            yield _rows(text, file)
    except OSError as error:
        raise _unreadable(file, error) from error


def encoding_of(file: Path, said: str = "") -> Encoding:
    """UTF-8 with or without a BOM, UTF-16, or what it is else by its words; ``said`` is what staff call it.

    Decided by the whole file: one wrong guess would spoil every name in it. Raises BadImport when the file is no text,
    its encoding cannot be told, or there is none of that name.
    """
    try:
        if not said:
            return _encoding(file)
        name = encodings.named(said)
        if name == "utf-8":
            name = "utf-8-sig"
        with file.open(encoding=name, newline="") as text:
            while text.read(_BLOCK):
                continue
    except LookupError as error:
        raise BadImport(
            f'There is no encoding "{said}". Some are: utf-8, windows-1252, windows-1250, mac_roman.'
        ) from error
    except UnicodeDecodeError as error:
        raise BadImport(f"{file} is not in {said}. Save it as UTF-8; nobody was imported.") from error
    except OSError as error:
        raise _unreadable(file, error) from error
    return Encoding(name)


def count_lines(file: Path) -> int:
    """About how many rows a file has, for a progress bar. Raises BadImport."""
    try:
        with file.open("rb") as raw:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: raw.read(1 << 20), b""))
    except OSError as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path, error: OSError) -> BadImport:
    return BadImport(f"{file} cannot be read: {(error.strerror or str(error)).lower()}.")


def _encoding(file: Path) -> Encoding:
    with file.open("rb") as raw:
        head = raw.read(_BLOCK)
    for magic, what in _OTHER_FILES:
        if head.startswith(magic):
            raise BadImport(f"{file} is not a text file, it is {what}.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16")
    if (wide := _without_mark(head)) is not None:
        return Encoding(wide)
    # A single one is a slip of some program; what is full of them was never text.
    if head.count(0) > max(4, len(head) // 200):
        raise BadImport(f"{file} is not a text file; save the list as CSV.")
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            while text.read(_BLOCK):
                continue
    except UnicodeDecodeError:
        return _older(file)
    return Encoding("utf-8-sig")


def _older(file: Path) -> Encoding:
    """The encoding of a list that is no UTF-8."""
    with file.open("rb") as raw:
        pieces: list[bytes] = []
        while (piece := raw.read(_BLOCK)) and len(pieces) < _MOST_BLOCKS:
            pieces.append(piece + raw.readline())
    name = encodings.chosen(pieces, _is_known)
    if not name:
        raise BadImport(
            f"{file} is in an encoding that is not known here. Save it as UTF-8, or say which it is: --encoding NAME. "
            "Nobody was imported."
        )
    return Encoding(name, guessed=True)


def _is_known(cell: str) -> bool:
    """Whether a cell is a header or a status in words that are known here."""
    return bool(meaning(cell) or columns_of([cell]) or kind_of(cell, ())[0] not in _SILENT)


def _without_mark(head: bytes) -> str | None:
    """UTF-16 that does not say so: every other byte of plain letters is zero."""
    pairs = len(head) // 2
    if pairs < 4:
        return None
    for name, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if zeros.count(0) > pairs * 0.6:
            return name
    return None


def _rows(text: IO[str], file: Path) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST_FIELD)
    skipped, separator = _beginning(text)
    # A NUL is no letter of anything; as a space it stays apart from its neighbours.
    lines = (line.replace("\0", " ") for line in itertools.islice(text, skipped, None))
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    end = skipped
    try:
        for cells in reader:
            line, end = end + 1, reader.line_num + skipped
            if any(cell.strip() for cell in cells):
                yield line, cells
    except csv.Error as error:
        raise BadImport(f"{file}, line {reader.line_num + skipped}: this is not CSV ({error}).") from error


def _beginning(text: IO[str]) -> tuple[int, str]:
    """How many lines to leave out, and the separator: the one that the first line has most of, else a comma."""
    sample = text.read(_BLOCK).splitlines(keepends=True)
    text.seek(0)
    if sample and (said := _SEP.match(sample[0])) is not None and said[1] in ",;\t|:":
        return 1, said[1]
    first = next((line for line in sample if line.strip()), "")
    return 0, max(",;\t|", key=first.count)
