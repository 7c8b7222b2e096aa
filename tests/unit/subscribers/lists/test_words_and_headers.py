"""A word for having left is understood in a cell and as a header above a yes, in every language and however it was
spoilt; what may mean it is asked about."""

from __future__ import annotations

from pathlib import Path

import pytest
from unit.subscribers.lists.test_words_of_lists import stand

from subscribers.errors import BadImport
from subscribers.lists import standing, words
from subscribers.lists.imports import read
from subscribers.lists.spelling import squeezed, unspoilt
from subscribers.lists.status_columns import answered
from subscribers.lists.status_headers import Kind, kind_of

_AGAINST = words.LEFT | words.BOUNCED | words.COMPLAINED | words.BLOCKED | words.PENDING


def test_a_yes_below_a_word_against_mail_subscribes_nobody(tmp_path: Path) -> None:
    known = sorted(_AGAINST - words.NO_HEADERS)
    assert [word for word in known if kind_of(word, ["email"])[0] not in (Kind.UNWANTED, Kind.TRACE)] == []
    stands = {word: stand(tmp_path, f"email,{word}\nann@,no\nbob@,yes\n")["bob"] for word in known}
    assert set(stands.values()) == {"left", "pending", "suppressed"}


def test_a_no_below_a_word_for_a_subscription_subscribes_nobody_unasked(tmp_path: Path) -> None:
    """But below "added", which is a day."""
    for word in sorted(words.SUBSCRIBED - {"added"}):
        try:
            stands = stand(tmp_path, f"email,{word}\nann@,no\nbob@,yes\n")
        except BadImport:
            continue  # it is asked about
        assert stands.get("ann") in ("left", "pending"), word


def test_a_word_stands_in_one_table_only() -> None:
    tables = [words.SUBSCRIBED, words.PENDING, words.LEFT, words.BOUNCED, words.COMPLAINED, words.BLOCKED]
    assert sum(map(len, tables)) == len(frozenset().union(*tables))


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [
        ("Leiratkozott", "igen", "nem"),
        ("odhlášen", "ano", "ne"),
        ("Odhlášen z newsletteru", "ano", "ne"),
        ("zrušeno", "ano", "ne"),
        ("Peruutettu", "kyllä", "ei"),
        ("slettet", "ja", "nei"),
        ("frameldt", "ja", "nej"),
        ("відписаний", "так", "ні"),
        ("구독취소", "예", "아니오"),
        ("Abonelikten çıktı mı?", "evet", "hayır"),
        ("Διαγραφή από λίστα", "ναι", "όχι"),
        ("已退订", "是", "否"),
        ("DÃ©sabonnÃ©", "oui", "non"),
        ("GelÃ¶scht", "ja", "nein"),
        ("D√©sabonn√©", "oui", "non"),
    ],
)
def test_headers_of_many_languages_are_known_even_spoilt(
    header: str, yes: str, no: str, tmp_path: Path
) -> None:
    assert stand(tmp_path, f"email,{header}\nann@,{no}\nbob@,{yes}\n") == {"ann": "subscribed", "bob": "left"}


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [
        ("D\ufffdsabonn\ufffd", "oui", "non"),
        ("D?sabonn?", "oui", "non"),
        ("ÖnkÃ©ntes", "oui", "non"),
        ("Gönüllü", "evet", "hayır"),
        ("Εθελοντής", "yes", "no"),
        ("Mitglied aktiviert", "ja", "nein"),
        ("tilaaja", "kyllä", "ei"),
    ],
)
def test_a_yes_below_a_header_that_may_say_so_is_asked_about(
    header: str, yes: str, no: str, tmp_path: Path
) -> None:
    with pytest.raises(BadImport, match="Say what each value means"):
        stand(tmp_path, f"email,{header}\nann@,{no}\nbob@,{yes}\n")


@pytest.mark.parametrize("header", ["Volunteer", "VIP", "Vegetarian?", "Bénévole", "Gift aid", "Ehrenämter"])
def test_a_yes_below_a_header_of_something_else_is_left_alone(header: str, tmp_path: Path) -> None:
    text = f"email,{header}\nann@,no\nbob@,yes\n"
    assert stand(tmp_path, text) == {"ann": "subscribed", "bob": "subscribed"}


@pytest.mark.parametrize(
    "header",
    ["Preference", "Préférence", "Preferencia", "Channel preference", "Contact via", "Contact", "Kontaktweg"],
)
def test_how_a_person_wants_to_hear_from_us_is_heeded(header: str, tmp_path: Path) -> None:
    assert stand(tmp_path, f"email,{header}\nann@,Email\nbob@,None\ncem@,Never\n") == {
        "ann": "subscribed",
        "bob": "left",
        "cem": "left",
    }
    with pytest.raises(BadImport, match="Carrier pigeon"):
        stand(tmp_path, f"email,{header}\nann@,Email\nbob@,Carrier pigeon\n")


@pytest.mark.parametrize("header", ["Preference", "Contact"])
def test_a_preference_about_something_else_says_nothing(header: str, tmp_path: Path) -> None:
    assert stand(tmp_path, f"email,{header}\nann@,Vegan\nbob@,Fish\n") == {
        "ann": "subscribed",
        "bob": "subscribed",
    }


@pytest.mark.parametrize("header", ["Tags", "Étiquettes", "Remarks"])
def test_one_label_of_several_may_say_that_a_person_left(header: str, tmp_path: Path) -> None:
    many = "".join(f'p{number}@,"vip, number {number}"\n' for number in range(100))
    stands = stand(
        tmp_path, f'email,{header}\nann@,vip\nbob@,"vip,Unsubscribed"\ncem@,"do not email; vip"\n{many}'
    )
    assert stands.pop("bob") == "left"
    assert stands.pop("cem") == "suppressed"
    assert set(stands.values()) == {"subscribed"}


def test_a_label_that_may_be_about_something_else_is_asked_about(tmp_path: Path) -> None:
    text = 'email,Tags\nann@,"vip, lapsed"\nbob@,vip\n'
    with pytest.raises(BadImport, match='"Tags" holds "lapsed"'):
        stand(tmp_path, text)
    answers = answered(["Tags:lapsed=subscribed"], [])
    rows = list(read(tmp_path / "people.csv", {}, answers=answers))
    assert [str(row.said.standing) for row in rows if hasattr(row, "said")] == ["subscribed", "subscribed"]
    answers = answered(["lapsed=left"], [])
    rows = list(read(tmp_path / "people.csv", {}, answers=answers))
    assert [str(row.said.standing) for row in rows if hasattr(row, "said")] == ["left", "subscribed"]


def test_a_list_in_iso_8859_2_keeps_its_names(tmp_path: Path) -> None:
    text = "email,jméno,Odhlášen\nann@,Jiří Dvořák,ne\nbob@,Božena Šťastná,ano\n"
    assert stand(tmp_path, text, "iso8859_2") == {"ann": "subscribed", "bob": "left"}


def test_spoilt_text_is_made_whole_and_other_text_stays() -> None:
    assert unspoilt("DÃ©sabonnÃ©") == unspoilt("DÃƒÂ©sabonnÃƒÂ©") == "Désabonné"
    for text in ("Désabonné", "Größe", "Διαγραφή", "購読", "plain"):
        assert unspoilt(text) == text
    assert standing.meaning("dÃ©sabonnÃ©") == standing.meaning(squeezed("désabonné")) is not None
