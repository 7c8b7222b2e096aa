"""Which column of a list of people holds what: address, names, cadence, topics, and the proof of consent.

Columns that say who may be mailed are status_columns' part.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from subscribers.lists.spelling import known, spaced, squeezed

#: What a column holds → the headers that systems and people write, the surest first. They are compared squeezed.
_HEADERS: dict[str, tuple[str, ...]] = {
    "address": (
        """email, email address, e-mail addresses, emails, subscriber email, contact email, user email, email id,
        primary email, email 1 value, email1, subscriber email address, your email, your email address,
        E-Mail-Adresse, E-Mailadresse, Emailadresse, Mailadresse, E-Mail-Anschrift, Kontakt-E-Mail,
        adresse e-mail, adresse email, adresse mail, adresse de courriel, courriel, adresse électronique,
        adresse courriel, adresse de messagerie, courrier électronique, mél,
        correo, correo electrónico, dirección de correo, dirección de correo electrónico, dirección de email,
        dirección email, e-mail de contacto, correo-e, email de contacto,
        posta elettronica, indirizzo email, indirizzo e-mail, indirizzo di posta elettronica, indirizzo mail,
        endereço de e-mail, endereço de email, endereço eletrônico, endereço eletrónico, endereço e-mail,
        correio eletrônico, correio eletrónico, correio,
        e-mailadres, emailadres, e-mail adres, mailadres, adres e-mail, adres email, adres mailowy, poczta,
        adres poczty elektronicznej, e-postadress, e-post, epost, e-postadresse, epostadresse, mejl, mejladress,
        mailadress, e-mailadresse, sähköposti, sähköpostiosoite, e-mailová adresa, emailová adresa, e-mail cím,
        email cím, e-posta, e-posta adresi, eposta, adresă de email, adresă email, e-pošta, meiliaadress,
        メール, メールアドレス, Eメール, Eメールアドレス, 電子メール, 電子メールアドレス,
        邮箱, 邮箱地址, 电子邮件, 电子邮箱,
        电子邮件地址, 電子郵件, 이메일, 이메일 주소, 메일,
        электронная почта, адрес электронной почты, эл. почта, эл почта, почта, e-mail адрес, email адрес, имейл,
        электронный адрес, електронна пошта, адреса електронної пошти, имейл адрес,
        ηλεκτρονικό ταχυδρομείο, διεύθυνση email, البريد الإلكتروني, بريد إلكتروني, דואר אלקטרוני, ईमेल""",
        "mail, e-mail 1, subscriber, recipient, Empfänger, destinataire, mailbox",
        "address, login, username",
    ),
    "name": (
        """full name, display name, fullname, subscriber name, contact name, your name, complete name, person,
        vollständiger Name, Vor- und Nachname, Vorname Nachname, Vorname und Nachname, Vor- und Zuname,
        nom complet, nom et prénom, prénom et nom, nom prénom, prénom nom, nombre completo, nombre y apellidos,
        nombre y apellido, apellidos y nombre, nome completo, nome e cognome, cognome e nome, nominativo,
        nome e sobrenome, nome e apelido, volledige naam, voor- en achternaam, naam en voornaam,
        imię i nazwisko, imie nazwisko, nazwisko i imię, fullständigt namn, för- och efternamn, fullt navn,
        koko nimi, celé jméno, jméno a příjmení, teljes név, ad soyad, adı soyadı, nume complet, nume și prenume,
        氏名, 名前, お名前, 姓名, フルネーム, 이름, 성명, ФИО, полное имя, имя и фамилия, фамилия и имя,
        фамилия имя, имя фамилия, повне ім'я, ПІБ, ονοματεπώνυμο, الاسم الكامل, الاسم""",
        "name, naam, namn, navn, nimi, név, nazwa, nume, όνομα, שם",
    ),
    "first": (
        """first name, firstname, given name, given names, first, forename, fname, merge1, Vorname, Rufname,
        prénom, prénoms, nombre, nombre de pila, nombres, primer nombre, nome, primo nome, primeiro nome,
        nome próprio, voornaam, roepnaam, imię, förnamn, fornavn, etunimi, křestní jméno, jméno, keresztnév,
        utónév, ad, adı, prenume, 名, имя, ім'я, име, 名字""",
    ),
    "infix": ("tussenvoegsel, tussenvoegsels, middle name, middlename, отчество, zweiter Vorname",),
    "last": (
        """last name, lastname, surname, family name, last, lname, Nachname, Familienname, Zuname,
        nom, nom de famille, apellido, apellidos, primer apellido, cognome, sobrenome, apelido, último nome,
        nome de família, achternaam, familienaam, nazwisko, efternamn, etternavn, efternavn, sukunimi, příjmení,
        vezetéknév, családnév, soyad, soyadı, nume de familie, 姓, фамилия, прізвище, фамилно име, 氏""",
    ),
    "cadence": ("cadence, frequency",),
    "topics": ("topics, topic",),
}
_RANKED: dict[str, tuple[str, int]] = {
    spelling: (column, rank)
    for column, ranks in _HEADERS.items()
    for rank, spellings in enumerate(ranks)
    for spelling in known(spellings)
}
#: In these files "Name" beside a first name is the family name, as in "Name;Vorname".
_FAMILY_FIRST = known("姓, 氏, vezetéknév, családnév")

#: What a list may tell of a person's own yes, kept with their consent.
PROOF = ("signed_up_at", "signed_up_ip", "signed_up_from", "confirmed_at", "confirmed_ip")

_WHEN = r"\b(at|time|date|on|timestamp|when|datum|zeit|fecha|data|heure|day|utc|since|seit|depuis|дата)\b|日|datum\b"
_CONFIRM = r"\b(confirm\w*|verif\w*|activat\w*|doi|doubleoptin|bestatig\w*)\b|подтвержд"
_SIGN_UP = (
    r"\b(optin|signup|sign up|signed up|subscri\w*|join\w*|creat\w*|add\w*|regist\w*|consent\w*|abonn\w*"
    r"|anmelde\w*|angemeldet|inscri\w*|iscri\w*|suscri\w*|alta|anmeldedatum|aanmeld\w*|zapisu|prenumer\w*)\b|登録|подпис"
)
#: What is proof of consent: every one of the patterns is in the header.
_ORIGIN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("confirmed_ip", (_CONFIRM, r"\bip\b|\bipaddress\b")),
    ("signed_up_ip", (r"\bip\b|\bipaddress\b",)),
    ("confirmed_at", (_CONFIRM, _WHEN)),
    ("signed_up_from", (_SIGN_UP, r"\b(source|url|form|page|referr\w*|method|from)\b")),
    ("signed_up_at", (_SIGN_UP, _WHEN)),
    (
        "signed_up_at",
        (r"^(created|joined|added|registered|signed up|registration|anmeldedatum|登録日時?)( utc)?$",),
    ),
)
#: How systems mark fields that their users made.
_PREFIX = re.compile(
    r"^\s*(merge[ _]?fields?|custom[ _]?fields?|attributes?|fields|properties|profile|subscriber"
    r"|contact)\s*[._:/\- ]\s*",
    re.IGNORECASE,
)
#: Times that say nothing of consent.
_NOT_CONSENT = re.compile(
    r"\b(last|updated?|modified|changed|opened|clicked|sent|birth\w*|expir\w*|payment|paid|unsub\w*)\b"
)


def columns_of(cells: Sequence[str]) -> dict[str, int]:
    """What each column of a header is, by its place; those that are nothing to us are left out."""
    best: dict[str, tuple[int, int]] = {}
    for place, cell in enumerate(cells):
        found = _RANKED.get(squeezed(cell)) or _RANKED.get(squeezed(_PREFIX.sub("", cell)))
        if found is not None:
            column, rank = found
            best[column] = min(best.get(column, (rank, place)), (rank, place))
    return {column: place for column, (_, place) in best.items()} | _origins(cells, best)


def _origins(cells: Sequence[str], taken: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """Where the proof of consent stands: when and from where a person signed up and confirmed."""
    found: dict[str, int] = {}
    places = {place for _, place in taken.values()}
    for place, cell in enumerate(cells):
        words = spaced(cell)
        if place in places or _NOT_CONSENT.search(words):
            continue
        what = next((name for name, all_of in _ORIGIN if all(re.search(one, words) for one in all_of)), None)
        if what is not None:
            found.setdefault(what, place)
    return found


def whole_name(cell: Mapping[str, str], header_of: Mapping[str, str]) -> str:
    """A person's name out of the cells "name", "first", "infix" and "last".

    "Name" beside "Vorname" is a family name, and beside "Nachname" a given one, unless it says both already.
    """
    name, first, last = cell.get("name", ""), cell.get("first", ""), cell.get("last", "")
    if name and (first or last):
        other = first or last
        if other.casefold() in name.casefold() or (first and last):
            return name if other.casefold() in name.casefold() else _joined(cell, first, last, header_of)
        return f"{first} {name}" if first else f"{name} {last}"
    return name or _joined(cell, first, last, header_of)


def _joined(cell: Mapping[str, str], first: str, last: str, header_of: Mapping[str, str]) -> str:
    parts = [first, cell.get("infix", ""), last]
    if squeezed(header_of.get("last", "")) in _FAMILY_FIRST:
        parts.reverse()
    return " ".join(filter(None, parts))
