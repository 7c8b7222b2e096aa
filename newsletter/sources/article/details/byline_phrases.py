"""The words of bylines in many languages: what stands before a date and a name, and which names are nobody's.

What a line with them means is bylines.py's.
"""

from __future__ import annotations

import re

#: What stands before a date, an update and a name, in English and in other languages.
DATE_LABEL = re.compile(
    r"^(?:(?:(?:first )?(?:posted|published|date|added|written|created)(?: on| at| in)?|on|ver[öo]ffentlicht|erschienen"
    r"|erstellt|geschrieben|gepostet|datum|vom|publié|posté|paru|écrit|mis en ligne|publicado|publicada|escrito|fecha|data"
    r"|pubblicato|pubblicata|inserito|geplaatst|gepubliceerd|opublikowano|opublikowany|dodano|data publikacji|napisano"
    r"|publicerad|publicerat|publisert|udgivet|offentliggjort|julkaistu|publikováno|vydáno|опубликовано|опубліковано|дата"
    r"|yayın(?:lanma)?(?: tarihi)?)\b(?: (?:am|le|el|il|en|em|on|op|den|d\.|dne|dnia|di|in|i|no))?(?: den)?\s*:?\s*"
    r"|(?:le|am|el|il|op|den|dnia|em) (?=\d)|(?:公開日|投稿日|掲載日|発行日|日付|发布(?:于|时间|日期)?|发表(?:于|时间)?|發布(?:於|日期)?|發表(?:於)?|日期|时间|時間"
    r"|작성일|게시일|등록일|입력)\s*[:：]?\s*)",
    re.IGNORECASE,
)
UPDATE_LABEL = re.compile(
    r"^(?:(?:last )?(?:updated|modified|edited|revised)(?: on| at)?|(?:zuletzt )?(?:aktualisiert|ge[äa]ndert|bearbeitet)|stand"
    r"|(?:mis|mise) à jour|modifié|actualizado|actualizada|modificado|atualizado|aggiornato|modificato|bijgewerkt|gewijzigd"
    r"|aktualizacja|zaktualizowano|uppdaterad|uppdaterat|oppdatert|opdateret|päivitetty|aktualizováno|обновлено|оновлено"
    r"|最終更新日?|更新日?|更新于|更新時間|수정일?)(?: (?:am|le|el|il|en|em|op|den|dne|dnia))?\s*[:：]?\s*",
    re.IGNORECASE,
)
AUTHOR_LABEL = re.compile(
    r"^(?:(?:posted |written |published |words |text |story |report |geschrieben |verfasst |ver[öo]ffentlicht |ein beitrag "
    r"|publié |posté |écrit |rédigé |escrito |publicado |texto |scritto |pubblicato |geschreven |geplaatst |skriven |skrevet )?"
    r"(?:by|von|por|par|door|di|da|av|af|przez)\b"
    r"|(?:(?:the )?authors?|autor(?:in|en|a|es|i|ka|zy)?|auteure?s?|autrice|autore|autori|forfatter|författare|kirjoittaja|yazar"
    r"|text|texte|texto|testo|tekst|words|redaktion|автор|автори|авторы|napisał|napisała|skribent)\s*:"
    r"|(?:author|autor(?:in)?|auteur|autore)(?=(?:\s+[^\W\d_][\w.'’-]+){2,4}$)"
    r"|(?:著者|作者|文|筆者|執筆者|執筆|投稿者|撰文|글쓴이|작성자|글|저자)\s*[:：])\s*:?\s*",
    re.IGNORECASE,
)
#: Names of nobody: what systems call the first account, and whole offices.
NOBODY = re.compile(
    r"(?:(?:the |our |site|web|super|blog)?\s?(?:admin\w*|administrat\w*|webmaster|web ?team|editor\w*|redakt\w*|r[ée]dact\w*"
    r"|redac\w*|redazione|redactie|staff|team|users?|guest|root|anonym\w*|unknown|wordpress|author|press office"
    r"|communications?|marketing|superuser|moderator|contributor|default|test|news|newsroom|support|office|autor)s?"
    r"|.+ (?:team|staff|editors|editorial(?: board| desk)?|redaktion|newsroom|admin|press office|communications team|webteam))",
    re.IGNORECASE,
)
ORGANISATION = re.compile(
    r"(?:^|\s)(?:inc\.?|ltd\.?|llc|gmbh|e\.\s?v\.?|foundation|association|society|institut[eo]?|university|council|committee"
    r"|ministry|agency|stiftung|verein|verband|gesellschaft|fundación|asociación|fondation|fondazione|fundacja|stichting"
    r"|magazine|magazin|zeitung|gazette|herald|tribune|newspaper|network|group|project|centre|center|club|coalition|trust"
    r"|company|co-op|cooperative|ngo|hub)$"
    r"|\b(?:\w*ministeri(?:um|o)|ministère|ministerie|ministero|ministerstwo|universit(?:ät|é|à|eit)|universidade?"
    r"|hochschule|landesregierung|bundesregierung|stadtverwaltung|government of|city of|stadt|gemeinde)\b",
    re.IGNORECASE,
)
