"""Lists of people out of all kinds of CSV, and back into CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.cadence import Cadence
from subscribers.errors import BadImport
from subscribers.imports import Refusal, Row, neutral, read, write_csv

TOPICS = {"land": "Land & Law", "food": "Food"}


def rows_of(folder: Path, content: bytes | str) -> list[Row | Refusal]:
    file = folder / "people.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read(file, TOPICS))


def people(folder: Path, content: bytes | str) -> list[tuple[str, str]]:
    rows = rows_of(folder, content)
    assert all(isinstance(row, Row) for row in rows), rows
    return [(row.address.shown, row.name) for row in rows if isinstance(row, Row)]


@pytest.mark.parametrize(
    "content",
    [
        "email,name\nann@example.org,Ann Élan\n",
        "\ufeffemail,name\r\nann@example.org,Ann Élan\r\n",
        "E-Mail;Name\nann@example.org;Ann Élan\n",
        "Email Address\tFull Name\nann@example.org\tAnn Élan\n",
        "first_name,last_name,email\nAnn,Élan,ann@example.org\n",
        '"name","x","address"\n"Ann Élan","ignored","ann@example.org"\n',
        "email,name\nann@example.org,Ann Élan\n\n   \n",
        "email,name\rann@example.org,Ann Élan\r",
        b"email,name\nann@example.org,Ann \xc9lan\n",
        "email,name\nann@example.org,Ann Élan\n".encode("utf-16"),
    ],
    ids=[
        "plain",
        "bom",
        "semicolons",
        "tabs",
        "two-names",
        "quoted",
        "blank-lines",
        "cr",
        "windows-1252",
        "utf-16",
    ],
)
def test_all_kinds_of_files_hold_the_same_person(content: bytes | str, tmp_path: Path) -> None:
    assert people(tmp_path, content) == [("ann@example.org", "Ann Élan")]


def test_without_a_header_each_line_is_an_address(tmp_path: Path) -> None:
    assert people(tmp_path, "ann@example.org\nbob@example.org\n") == [
        ("ann@example.org", ""),
        ("bob@example.org", ""),
    ]


def test_cadence_and_topics_come_by_name_or_title(tmp_path: Path) -> None:
    text = "email,cadence,topics\nann@example.org,Each Post,food|land & law\nbob@example.org,,\n"
    ann, bob = rows_of(tmp_path, text)
    assert isinstance(ann, Row)
    assert (ann.cadence, ann.topics) == (Cadence.EACH_POST, ("food", "land"))
    assert isinstance(bob, Row)
    assert (bob.cadence, bob.topics) == (None, ())


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("ann", "the @ sign is missing"),
        ("", "Please give a mail address"),
        ("ann@example.org,hourly", '"hourly" is no cadence; one of each-post, daily, weekly, monthly'),
        ("ann@example.org,,cats", 'there is no topic "cats"; there are: Land & Law, Food'),
        ("ok@example.org", "stands in line 2 already"),
        ("OK@Example.org", "stands in line 2 already"),
    ],
)
def test_a_row_that_cannot_be_taken_says_line_and_reason(row: str, reason: str, tmp_path: Path) -> None:
    row = row or ",weekly"
    first, second = rows_of(tmp_path, f"email,cadence,topics\nok@example.org,,\n{row}\n")
    assert isinstance(first, Row)
    assert isinstance(second, Refusal)
    assert second.line == 3
    assert reason.replace("Land & Law, Food", "") in second.reason.replace("land, food", "")


def test_lines_are_those_of_the_file_even_after_a_cell_with_line_breaks(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, 'email,name\nann@example.org,"Ann\nof two lines"\nbad\n')
    assert [row.line for row in rows] == [2, 4]
    assert isinstance(rows[0], Row)
    assert rows[0].name == "Ann of two lines"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("name,city\nAnn,Bern\n", 'no column "email"'),
        (b"PK\x03\x04\0\0\0binary", "not a text file"),
        ('email\n"' + "x" * 200_000, "not CSV"),
    ],
)
def test_a_file_that_is_no_list_is_refused_whole(content: bytes | str, words: str, tmp_path: Path) -> None:
    with pytest.raises(BadImport, match=words):
        rows_of(tmp_path, content)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadImport, match="no such file"):
        list(read(tmp_path / "none.csv", {}))


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=8))
def test_no_cell_of_an_export_begins_like_a_formula(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    assert write_csv(out, ("a", "b"), rows) == len(rows)
    cells = [cell for row in csv.reader(io.StringIO(out.getvalue(), newline="")) for cell in row]
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r\n")]


@given(st.text())
def test_a_harmless_cell_stays_as_it_is(cell: str) -> None:
    assert neutral(cell) in (cell, f"'{cell}")
    assert neutral("a" + cell) == "a" + cell
