# ruff: noqa: E501  (a sentence of each language)
"""Texts that do not say which encoding they are in, and those that do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.http.encodings import decode, decode_file, undeclared
from newsletter.sources.webfeed.source import read_feed

RUSSIAN = (
    "Сегодня утром старая мельница снова заработала, и соседи пришли за хлебом. Очередь стояла до моста."
)
JAPANESE = "今朝、古い水車小屋が再び動き出し、近所の人々がパンを買いに来ました。列は橋まで続きました。"
POLISH = "Dziś rano stary młyn znowu ruszył, a sąsiedzi przyszli po chleb; każdy opowiadał, co pamięta z dzieciństwa."
CZECH = "Dnes ráno se starý mlýn znovu roztočil a sousedé přišli pro chléb; každý vyprávěl, co si pamatuje z dětství."
GERMAN = "Heute früh drehte sich die alte Mühle wieder, und jeder erzählte, was er aus der Kindheit weiß: schön war’s."
FRENCH = "Ce matin le vieux moulin tournait à nouveau, et les voisins sont allés acheter du pain à côté du pont, l'été."
SAMPLES = [
    ("koi8-r", RUSSIAN),
    ("koi8-r", "Ярмарка семян"),
    ("windows-1251", RUSSIAN),
    ("iso8859-5", RUSSIAN),
    ("cp866", RUSSIAN),
    ("koi8-u", "Сьогодні вранці старий млин знову запрацював, і сусіди прийшли по хліб, їхні діти сміялися."),
    ("shift_jis", JAPANESE),
    ("shift_jis", "種まき市のお知らせ"),
    ("euc_jp", JAPANESE),
    ("big5", "今天早上，老磨坊又開始運轉，鄰居們都來買麵包。隊伍一直排到橋上。"),
    ("gb18030", "今天早上，老磨坊又开始运转，邻居们都来买面包。队伍一直排到桥上。"),
    ("euc_kr", "오늘 아침 오래된 방앗간이 다시 돌기 시작했고 이웃들이 빵을 사러 왔습니다."),
    ("iso8859-2", POLISH),
    ("cp1250", POLISH),
    ("iso8859-2", CZECH),
    ("cp1250", CZECH),
    ("cp1250", "Ma reggel újra megindult a régi malom, a szomszédok kenyérért jöttek; őszi szél fújt, tűz égett."),
    ("cp1254", "Bu sabah eski değirmen yine döndü ve komşular ekmek almaya geldi; herkes çocukluğunu anlattı, ışık güzeldi."),
    ("cp1253", "Σήμερα το πρωί ο παλιός μύλος γύρισε ξανά και οι γείτονες ήρθαν για ψωμί."),
    ("cp1255", "הבוקר הטחנה הישנה הסתובבה שוב והשכנים באו לקנות לחם."),
    ("cp1256", "هذا الصباح دارت الطاحونة القديمة مرة أخرى وجاء الجيران لشراء الخبز."),
    ("cp874", "เช้านี้โรงสีเก่าหมุนอีกครั้งและเพื่อนบ้านมาซื้อขนมปัง"),
    ("cp1252", GERMAN),
    ("cp1252", FRENCH),
    ("cp1252", "“It’s a café now,” said one – and laughed…"),
    ("cp1252", "I morges begyndte den gamle mølle at køre igen; køen nåede helt til broen, og alle fortalte om året på øen."),
    ("cp1252", "Esta manhã o velho moinho voltou a girar; a fila ia até à ponte e cada um contava o que lembrava da infância."),
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "text"), SAMPLES)
def test_an_encoding_that_nobody_declares_is_told_by_its_letters(encoding: str, text: str) -> None:
    assert undeclared(text.encode(encoding)) == text
    page = f"<html><head><title>{text}</title></head><body><h1>{text}</h1>\n<p>{text}</p></body></html>"
    assert decode(page.encode(encoding), "text/html") == page
    assert decode_file(f"# {text}\n\n{text}\n".encode(encoding))[0] == f"# {text}\n\n{text}\n"
    rss = "<rss><channel><item><title>{0}</title><description>&lt;p&gt;{0}&lt;/p&gt;</description></item></channel></rss>"
    feed = read_feed(rss.format(text).encode(encoding), "text/xml", "https://mill.example.org/feed")
    assert feed.entries[0].title == text
    wrong = '<?xml version="1.0" encoding="utf-8"?>' + rss.format(text)
    assert (
        read_feed(wrong.encode(encoding), "text/xml; charset=utf-8", "https://mill.example.org/feed")
        .entries[0]
        .title
        == text
    )


@pytest.mark.parametrize(("encoding", "text"), SAMPLES)
def test_what_is_declared_is_believed(encoding: str, text: str) -> None:
    page = f'<html><head><meta charset="{encoding}"><title>{text}</title></head><body><p>{text}</p></body></html>'
    assert decode(page.encode(encoding)) == page


@given(st.text())
def test_utf_8_never_becomes_anything_else(text: str) -> None:
    content = text.encode("utf-8", "ignore")
    if not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        assert decode(content) == content.decode()


def test_an_old_paragraph_does_not_spoil_the_rest() -> None:
    content = f"{RUSSIAN}\n".encode() + "Grüße\n".encode("cp1252")
    assert undeclared(content) == f"{RUSSIAN}\nGrüße\n"
    content = "Ärger ü\n".encode() + f"{GERMAN}\n".encode("cp1252")
    assert undeclared(content) == f"Ärger ü\n{GERMAN}\n"


@given(st.binary(max_size=300))
def test_no_bytes_are_too_strange(content: bytes) -> None:
    undeclared(content)
