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
from subscribers.lists.exports import bare, neutral, write_csv
from subscribers.lists.imports import Refusal, Row, read

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
        "sep=;\r\nemail;name\r\nann@example.org;Ann Élan\r\n",
        '\ufeff"sep=|"\nemail|name\nann@example.org|Ann Élan\n',
        "email|name\nann@example.org|Ann Élan\n",
        "Members of the club\nemail,name\nann@example.org,Ann Élan\n",
        "email,name\nann@example.org,Ann\0Élan\n",
        "name,address,e-mail\nAnn Élan,1 High Street,ann@example.org\n",
        "Name;Vorname;E-Mail-Adresse\nÉlan;Ann;ann@example.org\n",
        "Nom;Prénom;Courriel\nÉlan;Ann;ann@example.org\n",
        "Nombre;Apellidos;Correo electrónico\nAnn;Élan;ann@example.org\n",
        "Nome;Cognome;Indirizzo e-mail\nAnn;Élan;ann@example.org\n",
        "Nome;Sobrenome;Endereço de e-mail\nAnn;Élan;ann@example.org\n",
        "Voornaam;Achternaam;E-mailadres\nAnn;Élan;ann@example.org\n",
        "Imię;Nazwisko;Adres e-mail\nAnn;Élan;ann@example.org\n",
        "Imię i nazwisko;E-mail\nAnn Élan;ann@example.org\n",
        "Förnamn;Efternamn;E-postadress\nAnn;Élan;ann@example.org\n",
        "氏名,メールアドレス\nAnn Élan,ann@example.org\n",
        "Имя;Фамилия;Электронная почта\nAnn;Élan;ann@example.org\n",
        "FNAME,LNAME,EMAIL\nAnn,Élan,ann@example.org\n",
        "Kontakt,Vollständiger Name\nann@example.org,Ann Élan\n",
        "ann@example.org,Ann Élan\n",
        "Ann,Élan,ann@example.org\n",
        "ann@example.org;Ann Élan;2020-01-01\n",
        "Ann Élan <ann@example.org>\n",
        'email\n"Ann Élan" <mailto:ann@example.org>\n',
        b"email,name\nann@example.org,Ann \xc9lan\n",
        "email,name\nann@example.org,Ann Élan\n".encode("utf-16"),
        "email,name\nann@example.org,Ann Élan\n".encode("utf-16-le"),
        "email,name\nann@example.org,Ann Élan\n".encode("utf-16-be"),
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
        "line-that-names-the-separator",
        "the-same-in-quotes-after-a-bom",
        "bars",
        "a-title-above",
        "a-nul",
        "a-street-as-well",
        "german",
        "french",
        "spanish",
        "italian",
        "portuguese",
        "dutch",
        "polish",
        "polish-one-name",
        "swedish",
        "japanese",
        "russian",
        "mailchimp-tags",
        "a-header-that-nobody-knows",
        "no-header",
        "no-header-and-two-names",
        "no-header-and-a-day",
        "name-and-address-in-one",
        "the-same-below-a-header",
        "windows-1252",
        "utf-16",
        "utf-16-le-without-a-mark",
        "utf-16-be-without-a-mark",
    ],
)
def test_all_kinds_of_files_hold_the_same_person(content: bytes | str, tmp_path: Path) -> None:
    assert people(tmp_path, content) == [("ann@example.org", "Ann Élan")]


def test_without_a_header_each_line_is_an_address(tmp_path: Path) -> None:
    assert people(tmp_path, "ann@example.org\nbob@example.org\n") == [
        ("ann@example.org", ""),
        ("bob@example.org", ""),
    ]


def test_a_family_name_comes_first_where_it_does(tmp_path: Path) -> None:
    assert people(tmp_path, "メールアドレス,姓,名\nann@example.org,山田,花子\n") == [
        ("ann@example.org", "山田 花子")
    ]
    text = "E-mailadres;Voornaam;Tussenvoegsel;Achternaam\njan@example.org;Jan;van;Dijk\n"
    assert people(tmp_path, text) == [("jan@example.org", "Jan van Dijk")]


def test_every_address_of_a_line_without_a_header_is_a_person(tmp_path: Path) -> None:
    text = "Ann <ann@example.org>; bob@example.org\ncem@example.org\n"
    assert people(tmp_path, text) == [
        ("ann@example.org", "Ann"),
        ("bob@example.org", ""),
        ("cem@example.org", ""),
    ]


def test_one_nul_costs_its_row_at_most(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "email\nann@example.org\nb\0ob@example.org\ncem@example.org\n")
    assert [isinstance(row, Row) for row in rows] == [True, False, True]


def test_cadence_and_topics_come_by_name_or_title(tmp_path: Path) -> None:
    text = "email,cadence,topics\nann@example.org,Each Post,food|land & law\nbob@example.org,,\n"
    ann, bob = rows_of(tmp_path, text)
    assert isinstance(ann, Row)
    assert (ann.cadence, ann.topics) == (Cadence.EACH_POST, ("food", "land"))
    assert isinstance(bob, Row)
    assert (bob.cadence, bob.topics) == (None, ())


def test_topics_may_have_commas_between_them(tmp_path: Path) -> None:
    text = 'email,topics\nann@example.org,"food, land"\nbob@example.org,"Land & Law, food; land"\n'
    assert [row.topics for row in rows_of(tmp_path, text) if isinstance(row, Row)] == [("food", "land")] * 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("ann", "the @ sign is missing"),
        ("x@example.c", "no domain ends in"),
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
        (b"PK\x03\x04\0\0\0binary", "not a text file, it is a ZIP archive or an Excel workbook"),
        (b"\x00\x01\x02\0\0\0\0\0binary", "not a text file; save the list as CSV"),
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


@given(st.text(alphabet="'=+-@aé\t", max_size=6))
def test_what_an_export_guards_comes_back_as_it_was(cell: str) -> None:
    assert bare(neutral(cell)) == cell


def test_the_guard_is_taken_off_our_own_export_only(tmp_path: Path) -> None:
    ours = "email,name,status,suppressed,cadence\n'+plus@example.org,'-Dash,confirmed,,\n"
    assert people(tmp_path, ours) == [("+plus@example.org", "-Dash")]
    assert people(tmp_path, "email,name\n'+plus@example.org,'-Dash\n") == [("'+plus@example.org", "'-Dash")]
    kept = "email,name,status,suppressed,cadence\no'brien@example.org,'Tis,confirmed,,\n"
    assert people(tmp_path, kept) == [("o'brien@example.org", "'Tis")]


@given(st.text())
def test_a_harmless_cell_stays_as_it_is(cell: str) -> None:
    assert neutral(cell) in (cell, f"'{cell}")
    assert neutral("a" + cell) == "a" + cell
