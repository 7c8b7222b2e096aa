"""Headers and answers in the words of many systems and languages: who said no is never subscribed, and nothing is asked
that cannot change who is mailed."""

from __future__ import annotations

from pathlib import Path

import pytest

from subscribers.errors import BadImport
from subscribers.lists.files import Encoding, encoding_of
from subscribers.lists.imports import Row, read
from subscribers.lists.status_headers import Kind, kind_of


def stand(folder: Path, text: str, encoding: str = "utf-8") -> dict[str, str]:
    """A file as it is written, "@" for "@example.org": local part → where the person stands."""
    file = folder / "people.csv"
    file.write_bytes(text.replace("@", "@example.org").encode(encoding))
    return {
        row.address.shown.partition("@")[0]: str(row.said.standing)
        for row in read(file, {})
        if isinstance(row, Row)
    }


@pytest.mark.parametrize(
    "header",
    """Werbesperre;Mailsperre;Werbewiderspruch;Nicht anschreiben;keine E-Mails;Keine Werbung;Ausgetreten;verstorben
    Deceased;Don't email;nomail;Never email;STOP;Stop emails;Exclude from mailings;Ne pas contacter;Ne plus contacter
    Pas de newsletter;Opposition;Refus;NPAI;Liste rouge;Décédé;No contactar;No desea recibir;Bajas;Non contattare
    Não enviar;Niet mailen;Geen nieuwsbrief;Nie wysyłać;Ej utskick;Ikke kontakt;配信不可;ブロック;スパム;수신거부
    Не отправлять""".replace("\n", ";").split(";"),
)
def test_a_header_that_says_no_is_known(header: str) -> None:
    assert kind_of(header.strip(), ["email", header])[0] in (Kind.UNWANTED, Kind.TRACE)


@pytest.mark.parametrize(
    "header",
    """wants_emails;OK to email;Keep me on the list;Keep me informed;Stay in touch;Contact by email;Notifications
    Sign me up;gdpr;DSGVO;RGPD;Kontakt erlaubt;Werbung erlaubt;Rundbrief;Lettre d'information;Acepta recibir correos
    Nyhedsbrev;Uutiskirje;Bülten;案内メール希望;Получать новости""".replace("\n", ";").split(";"),
)
def test_a_question_about_hearing_from_you_is_never_passed_over(header: str, tmp_path: Path) -> None:
    with pytest.raises(BadImport, match="Say what each value means"):
        stand(tmp_path, f"email,{header.strip()}\nann@,yes\nbob@,no")


@pytest.mark.parametrize("header", ["メルマガ購読", "配信可否", "뉴스레터 수신동의", "是否订阅"])
def test_letters_with_marks_of_asian_headers_are_known(header: str, tmp_path: Path) -> None:
    assert stand(tmp_path, f"email,{header}\nann@,はい\nbob@,いいえ") == {"ann": "subscribed", "bob": "left"}


def test_ticks_and_crosses_are_no_empty_cells(tmp_path: Path) -> None:
    assert stand(tmp_path, "email,newsletter\nann@,✓\nbob@,✗") == {"ann": "subscribed", "bob": "left"}
    assert stand(tmp_path, "email,unsubscribed\nann@,\nbob@,✅") == {"ann": "subscribed", "bob": "left"}


def test_answers_of_a_form_are_read(tmp_path: Path) -> None:
    header = "email,Would you like to receive our newsletter?"
    text = f'{header}\nann@,"Yes, please"\nbob@,"No, thank you"\ncem@,'
    assert stand(tmp_path, text) == {"ann": "subscribed", "bob": "left"}
    with pytest.raises(BadImport, match="Yes, but not now"):
        stand(tmp_path, f'{header}\nann@,Yes\nbob@,"Yes, but not now"')


def test_who_never_confirmed_waits_where_others_have_a_day(tmp_path: Path) -> None:
    text = "email,subscribed_at,confirmed_at\nann@,2023-01-01,2023-01-02\nbob@,2023-01-01,"
    assert stand(tmp_path, text) == {"ann": "subscribed", "bob": "pending"}
    said = "email,status,confirmed_at\nann@,active,2023-01-02\nbob@,active,"
    assert stand(tmp_path, said) == {"ann": "subscribed", "bob": "subscribed"}
    assert stand(tmp_path, "email,confirmed_at\nann@,\nbob@,") == {"ann": "subscribed", "bob": "subscribed"}


def test_a_status_of_several_words_counts_by_its_heaviest(tmp_path: Path) -> None:
    text = "email,status\nann@,Active\nbob@,IspComplained\ncem@,Removed by bounce\ndea@,Isp Suppressed"
    left = dict.fromkeys(("bob", "cem", "dea"), "suppressed")
    assert stand(tmp_path, text) == {"ann": "subscribed", **left}
    for turned in ("Not unsubscribed", "Formerly active"):
        with pytest.raises(BadImport, match=turned):
            stand(tmp_path, f"email,status\nann@,Active\nbob@,{turned}")


def test_what_cannot_change_who_is_mailed_is_not_asked(tmp_path: Path) -> None:
    reasons = "email,status,Reason\nann@,active,\nbob@,unsubscribed,Recipient\ncem@,unsubscribed,Hard bounce"
    assert stand(tmp_path, reasons) == {"ann": "subscribed", "bob": "left", "cem": "suppressed"}
    with pytest.raises(BadImport, match='"Reason" holds "Recipient"'):
        stand(tmp_path, reasons.replace("bob@,unsubscribed", "bob@,active"))


@pytest.mark.parametrize(
    "text",
    [
        "email,active_subscription,email_disabled,digest_enabled\nann@,false,false,false\nbob@,true,true,true",
        "Email,Cancel date,Emails dropped (6mo),Email disabled\nann@,2024-02-02,0,false\nbob@,,1,true",
        "Email,Mailing Lists,Unsubscribed On\nann@,Weekly,\nbob@,Monthly,2023-05-05",
        "Email,State,Email Marketing: Status\nann@,disabled,subscribed\nbob@,enabled,unsubscribed",
        "Email,Do Not Email,Do Not Mail,Use for Bulk Mail\nann@,0,1,No\nbob@,1,0,Yes",
        "Email,Is this subscriber confirmed,Is this account disabled ?\nann@,1,0\nbob@,1,1",
        "Email,Mailing Country,Email permission status\nann@,NO,Implied\nbob@,NO,Unsubscribed",
    ],
)
def test_columns_of_other_things_neither_refuse_the_file_nor_take_anybody_out(
    text: str, tmp_path: Path
) -> None:
    found = stand(tmp_path, text)
    assert found.pop("bob") != "subscribed"
    assert found == {"ann": "subscribed"}


def test_a_soft_bounce_is_no_reason_to_leave(tmp_path: Path) -> None:
    text = "email,status\nann@,Soft bounced\nbob@,Hard bounced"
    assert stand(tmp_path, text) == {"ann": "subscribed", "bob": "suppressed"}


def test_how_a_person_wants_to_hear_from_us_is_heeded(tmp_path: Path) -> None:
    text = 'Email,Communication preference\nann@,Email\nbob@,None\ncem@,Post\ndea@,"Email, Post"\n'
    assert stand(tmp_path, text) == {"ann": "subscribed", "bob": "left", "cem": "left", "dea": "subscribed"}
    for header, word in (
        ("Kontaktpräferenz", "Brieftaube"),
        ("Email preferences", "Mail"),
        ("Contact preference", ""),
    ):
        with pytest.raises(BadImport, match=f'"{header}"'):
            stand(tmp_path, f"Email,{header}\nann@,Email\nbob@,{word}\n")
    assert stand(tmp_path, "email,Preferred colour\nann@,none") == {"ann": "subscribed"}


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp932", "メールアドレス,氏名,配信可否\nann@,やまだ,可\nbob@,田中,否\n"),
        ("windows-1252", "E-Mail;Vorname;Abgemeldet\nann@;Jürgen Weiß;nein\nbob@;Käthe;ja\n"),
        ("mac_roman", "Adresse e-mail;Prénom;Désabonné\nann@;Hélène;non\nbob@;Zoé;oui\n"),
        ("cp1250", "E-mail;Jméno;Stav\nann@;Jiří Dvořák;přihlášen\nbob@;Petr Černý;odhlášen\n"),
        ("mac_latin2", "E-mail;Jméno;Stav\nann@;Jiří Dvořák;přihlášen\nbob@;Petr Černý;odhlášen\n"),
        ("cp1250", "email;imię;status\nann@;Paweł Żak;zapisany\nbob@;Łukasz Wójcik;usunięty\n"),
        ("cp1251", "Почта;Имя;Статус\nann@;Иван Петров;подписан\nbob@;Анна;отписан\n"),
        ("koi8_r", "Почта;Имя;Статус\nann@;Иван Петров;подписан\nbob@;Анна;отписан\n"),
    ],
)
def test_a_list_that_is_no_utf_8_is_read_in_the_encoding_of_its_words(
    encoding: str, text: str, tmp_path: Path
) -> None:
    assert stand(tmp_path, text, encoding) == {"ann": "subscribed", "bob": "left"}
    names = [row.name for row in read(tmp_path / "people.csv", {}) if isinstance(row, Row)]
    assert all(name and name in text for name in names)


def test_names_of_many_western_languages_are_western(tmp_path: Path) -> None:
    text = "email,name\nann@,Søren Kjær\nbob@,François Müller\ncem@,José Núñez\ndea@,Hélène O’Neill\n"
    stand(tmp_path, text, "windows-1252")
    assert encoding_of(tmp_path / "people.csv") == Encoding("cp1252", guessed=True)


def test_what_cannot_be_read_is_refused_and_staff_may_say_how_it_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadImport, match="--encoding NAME"):
        stand(tmp_path, "email,姓名\nann@,王小明\nbob@,李华\n", "gb18030")
    names = [
        row.name for row in read(tmp_path / "people.csv", {}, encoding="gb18030") if isinstance(row, Row)
    ]
    assert names == ["王小明", "李华"]
    with pytest.raises(BadImport, match="There is no encoding"):
        list(read(tmp_path / "people.csv", {}, encoding="klingon"))
    with pytest.raises(BadImport, match="is not in utf-8"):
        list(read(tmp_path / "people.csv", {}, encoding="utf-8"))


def test_a_yes_below_a_header_that_may_be_misread_is_asked_about(tmp_path: Path) -> None:
    """It is "Désabonné" in an encoding that nobody thought of."""
    with pytest.raises(BadImport, match='holds "oui"'):
        stand(tmp_path, "email,D¿sabonn¿\nann@,oui\nbob@,oui\n", "windows-1252")
    assert stand(tmp_path, "email,Bürgschaft\nann@,Köln\n", "windows-1252") == {"ann": "subscribed"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ann@ (Ann Example)", "Ann Example"),
        ("Email,merge_fields.FNAME,merge_fields.LNAME\nann@,Ann,Example", "Ann Example"),
        ("Given Name,Family Name,E-mail 1 - Value\nAnn,Example,ann@ ::: other@", "Ann Example"),
    ],
)
def test_names_and_addresses_are_found_where_systems_put_them(text: str, name: str, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(text.replace("@", "@example.org"))
    (row,) = read(file, {})
    assert isinstance(row, Row)
    assert (row.address.shown, row.name) == ("ann@example.org", name)
