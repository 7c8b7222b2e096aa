"""Reads lists of people out of files, row by row. It says where each person stands, and which rows it refuses and why;
what becomes of a row that is fine is its caller's business."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from subscribers import address
from subscribers.address import Address
from subscribers.cadence import Cadence
from subscribers.errors import BadAddress
from subscribers.lists import standing
from subscribers.lists.columns import PROOF, whole_name
from subscribers.lists.files import opened
from subscribers.lists.layout import Layout, layout_of
from subscribers.lists.spelling import squeezed
from subscribers.lists.standing import SUBSCRIBED, Said, Standing
from subscribers.lists.status_columns import Answers

#: How files that a person edited by hand spell a cadence.
_CADENCES = {"each post": Cadence.EACH_POST, **{word.value: word for word in Cadence}}
#: Proof of consent that is longer than this is something else.
_LONGEST_PROOF = 300
#: What of a row is only needed for people who get mail.
_WANT_MAIL = (Standing.SUBSCRIBED, Standing.PAUSED)


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
    #: Whether they may be mailed, as the file says.
    said: Said = SUBSCRIBED
    #: When and from where they signed up and confirmed in the other system, in the file's own words.
    proof: Mapping[str, str] = field(default_factory=dict)
    confirmed_at: datetime | None = None
    left_at: datetime | None = None
    paused_at: datetime | None = None
    #: What our own export says of suppression, beside the status; empty for none.
    suppressed: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken, and why, in a clause for staff."""

    line: int
    address: str
    reason: str


def read(
    file: Path,
    topics: Mapping[str, str],
    *,
    answers: Answers | None = None,
    everybody: Standing | None = None,
    encoding: str = "",
) -> Iterator[Row | Refusal]:
    """Every person of a file, streamed. The file is read twice: what it says of somebody anywhere must be known before
    the first is taken.

    A header names the columns, in the words of many systems and languages; without one each line holds an address and
    perhaps a name. Columns and file names that say who left are obeyed: ``answers`` is what staff said of values that
    nobody knows, ``everybody`` of a file as a whole. ``topics`` maps names to titles; several in one cell are separated
    by ``|`` or ``;``. An address that stands in the file twice is refused the second time, and stands where its
    strictest row says. ``encoding`` is what staff call the file's. Raises BadImport when the file cannot be read at
    all, or says something that nobody knows.
    """
    layout = layout_of(file, answers or Answers(), everybody, encoding=encoding)
    names = _topic_names(topics)
    lines_of: dict[str, int] = {}
    for found in _rows(file, layout, names):
        if isinstance(found, Refusal):
            yield found
            continue
        first = lines_of.setdefault(found.address.normal, found.line)
        if first != found.line:
            yield Refusal(found.line, found.address.shown, f"it stands in line {first} already")
        elif found.said.standing is Standing.SKIP:
            yield Refusal(found.line, found.address.shown, f"left out: {found.said.why}")
        else:
            yield found


def addresses_in(file: Path, *, encoding: str = "") -> Iterator[Row | Refusal]:
    """Every address of a list, whatever the list says of it; each once. Raises BadImport when it cannot be read."""
    layout = layout_of(file, Answers(), None, heeded=False, encoding=encoding)
    seen: set[str] = set()
    for found in _rows(file, layout, {}):
        if isinstance(found, Refusal) or found.address.normal not in seen:
            yield found
        if isinstance(found, Row):
            seen.add(found.address.normal)


def _rows(file: Path, layout: Layout, topics: Mapping[str, str]) -> Iterator[Row | Refusal]:
    with opened(file, layout.encoding) as rows:
        for line, cells in rows:
            if line <= layout.header_line:
                continue
            for cell in layout.people_of(cells):
                yield _row(line, {name: _clean(text) for name, text in cell.items()}, cells, layout, topics)


def _row(
    line: int, cell: Mapping[str, str], cells: list[str], layout: Layout, topics: Mapping[str, str]
) -> Row | Refusal:
    try:
        parsed = address.parse(cell.get("address", ""))
    except BadAddress as error:
        return Refusal(line, cell.get("address", "")[:254], str(error))
    said = layout.said_of(parsed, cells)
    if said.standing is Standing.SKIP:
        return Row(line, parsed, said=said)
    strict = layout.heeded and said.standing in _WANT_MAIL
    cadence = _CADENCES.get(cell.get("cadence", "").casefold())
    if cell.get("cadence") and cadence is None and strict:
        return Refusal(
            line, parsed.shown, f'"{cell["cadence"][:40]}" is no cadence; one of {", ".join(Cadence)}'
        )
    wanted = _topics_in(cell.get("topics", ""), topics)
    unknown = [part for part in wanted if part.casefold() not in topics]
    if unknown and strict:
        # Taking the row without it would mean "all topics": more mail than was asked for.
        known = ", ".join(dict.fromkeys(topics.values())) or "none"
        return Refusal(line, parsed.shown, f'there is no topic "{unknown[0][:40]}"; there are: {known}')
    chosen = tuple(sorted({topics[part.casefold()] for part in wanted if part.casefold() in topics}))
    name = whole_name(cell, layout.headers)[:200]
    proof = {
        what: cell[what][:_LONGEST_PROOF]
        for what in PROOF
        if not standing.is_nothing(cell.get(what, "")) and (strict or _is_of_consent(layout.headers[what]))
    }
    times = {what: standing.instant(cell.get(what, "")) for what in ("confirmed_at", "left_at", "paused_at")}
    return Row(
        line, parsed, name, cadence, chosen, said, proof, suppressed=layout.suppressed_of(cell), **times
    )


def _is_of_consent(header: str) -> bool:
    """In a list of those who left, "created" is when they did, and an address of the network whence."""
    return not squeezed(header).startswith(("creat", "add", "ip", "date"))


def _clean(cell: str) -> str:
    """One line without control characters."""
    kept = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in cell)
    return " ".join(kept.split())


def _topic_names(topics: Mapping[str, str]) -> dict[str, str]:
    """Every spelling of a topic that a file may use, folded → its name."""
    by_title = {title.casefold(): name for name, title in topics.items()}
    return by_title | {name.casefold(): name for name in topics}


def _topics_in(text: str, topics: Mapping[str, str]) -> list[str]:
    """A cell's topics, between bars, semicolons or commas; a title may have a comma of its own."""
    parts = [part.strip() for part in text.replace(";", "|").split("|")]
    apart = [[part] if part.casefold() in topics else part.split(",") for part in parts]
    return [one.strip() for each in apart for one in each if one.strip()]
