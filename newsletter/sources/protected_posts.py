"""The words that WordPress writes in feeds instead of a post that has a password, in the languages of its users.

Above it "Protected: …", and for an excerpt a sentence such as "There is no excerpt because this is a protected post."
Forms are access_walls.py's part.
"""

from __future__ import annotations

import re

from newsletter.sources.access_walls import asks_for_a_password
from newsletter.sources.html.plain_text import one_line, plain_text

#: A longer text is one: an author may well call a post "Protected: the meadows of the Tarn".
_MOST = 300
#: What stands before the colon, in small letters.
_PROTECTED = frozenset(
    """
    protected private|protected geschützt passwortgeschützt protégé protégée protegido protegida protetto protetta
    beveiligd beschermd protegit protexido babestua skyddad skyddat lösenordsskyddad beskyttet passordbeskyttet suojattu
    salasanasuojattu varið zabezpieczone zabezpieczony chronione chroniony chráněno chránené chráněný
    zaštićeno zaščiteno
    заштићено защитено защищено защищённое захищено захищений абаронена védett protejat korumalı parola|korumalı
    apsaugota
    apsaugotas aizsargāts kaitstud προστατευμένο προστατευμένα terproteksi dilindungi bảo|vệ dipelihara
    保護中 受保护 受保护的文章 密码保护 密碼保護 受保護 受密碼保護的文章 加密
    보호된|글 보호됨 비밀글 מוגן محمي محمية محافظت‌شده محافظت|شده
    संरक्षित ป้องกัน
    """.split()  # noqa: SIM905
)
#: WordPress's sentence above its form, where a theme changed the title and a program took the form away.
_SENTENCE = re.compile(
    r"\b(?:this|the) (?:content|post|page|article|entry) is (?:now )?password[- ]?protected\b", re.IGNORECASE
)
_PREFIX = re.compile(r"\s*([^:：]{2,30}?)\s*[:：]")
#: For each language: a word for "no", for "excerpt", and for "protected".
_NO_EXCERPT = tuple(
    tuple(re.compile(part, re.IGNORECASE) for part in row.split("  "))
    for row in """
\\bno\\b  excerpt|summary  protected
\\bkein  auszug|zusammenfassung|textauszug  geschützt
\\bpas\\b|aucun  extrait|résumé  protégé
\\bno\\b|ningún  extracto|resumen  protegid
\\bnon\\b|alcun|nessun  riassunto|estratto  protett
\\bgeen\\b  samenvatting|uittreksel  beschermd|beveiligd
\\bnão\\b|nenhum  excerto|resumo|trecho  protegid
\\bno\\b|cap\\b  extracte|resum  protegi
\\bnon\\b  extracto|resumo  protexid
ing[ea]|inte\\b  utdrag|sammanfattning  skydda
ing[ea]|ikke  utdrag|uddrag|utdrag|sammendrag  beskytte
\\bei\\b|ole\\b  ote|katkelma|tiivistelmä  suojat
\\bbrak|\\bnie\\b  zajawk|wypis|fragment|streszczen  zabezpiecz|chronion
\\bne|\\bnen|\\bnie|žádn  výtah|výpis|úryvek|perex|zhrnutie|výňatok  chráně|chráne
nincs  kivonat  védett|jelszóval
\\bnu\\b|niciun  rezumat|extras  protejat
\\bнет\\b|отсутств  отрыв|анонс|цитат|выдерж  защищ|парол
нема|відсутн  уривк|уривок|цитат  захищ
\\bняма  откъс|резюме  защитен
nema  izvadak|sažetak|izvod|одломак|сажетак  zaštićen|заштићен
\\bni\\b  izvleč|povzet  zaščiten
\\byok  özet|alıntı  koruma
δεν|κανένα  απόσπασμα|περίληψη  προστατευ
tidak|tiada  kutipan|petikan|ringkasan  diproteksi|terproteksi|dilindungi
không  tóm|trích  bảo vệ
ありません|なし|ない  抜粋|要約  保護
没有|沒有|無|无|不|需要  摘要  保护|保護|加密|密码|密碼
없  요약|발췌  보호
אין  תקציר  מוגן|מוגנת
لا|يوجد  مقتطف|ملخص  محمي
وجود ندارد|ندارد|نیست  خلاصه|چکیده|گزیده  محافظت
""".strip().splitlines()
)
#: "Password", as the form says it, where a program took the form away and left its words.
_PASSWORD = re.compile(
    r"password|passwort|kennwort|mot de passe|contraseña|wachtwoord|senha|palavra-passe|contrasenya|contrasinal"
    r"|lösenord|adgangskode|passord|salasana|hasł|hesl|jelsz|parol|пароль|пароля|парола|lozink|geslo|şifre|κωδικ|συνθηματικ"
    r"|kata sandi|mật khẩu|パスワード|密码|密碼|비밀번호|암호|סיסמ|كلمة المرور|كلمة السر|رمز|गुप्तशब्द|รหัสผ่าน",
    re.IGNORECASE,
)


def is_protected(title: str, html: str) -> bool:
    """Whether an entry is a post with a password: a form instead of its text, the sentence instead of its excerpt, or
    the word above it and no text. ``html`` is what the feed gives of it, not cleaned. Never raises."""
    if asks_for_a_password(html):
        return True
    text = one_line(plain_text(html[: 100 * _MOST]))
    if len(text) > _MOST:
        return False
    if _SENTENCE.search(text):
        return True
    if text and any(all(part.search(text) for part in row) for row in _NO_EXCERPT):
        return True
    return _is_called_so(title) and (not text or bool(_PASSWORD.search(text)))


def _is_called_so(title: str) -> bool:
    found = _PREFIX.match(title)
    return bool(found) and "|".join(found[1].lower().split()) in _PROTECTED if found else False
