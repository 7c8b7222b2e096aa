"""Words of other systems and languages for "may this person be mailed?": in cells, and as headers above a yes.

What a word stands for is standing's part. Each table is written once, so that a word that is known in a cell is known
in a header too.
"""

from __future__ import annotations

from subscribers.lists.spelling import known

SUBSCRIBED = known(
    """subscribed, subscriber, active, enabled, confirmed, opted-in, opt-in, double opt-in, single opt-in, verified,
    mailable, deliverable, resubscribed, added, allow, activated, approved, granted, explicitly subscribed,
    subscribed explicit, accepted, aktiv, aktiviert, angemeldet, abonniert, Abonnent, bestätigt, eingetragen,
    freigegeben, abonné, abonnée, inscrit, inscrite, actif, active, confirmé, confirmée, suscrito, suscrita, activo,
    activa, confirmado, confirmada, inscrito, inscrita, de alta, alta, suscriptor, iscritto, iscritta, attivo,
    attiva, confermato, confermata, ativo, ativa, subscrito, subscrita, assinante, assinado, geabonneerd, actief,
    aangemeld, ingeschreven, bevestigd, ingeschakeld, subskrybuje, subskrybent, aktywny, aktywna, zapisany,
    zapisana, potwierdzony, potwierdzona, prenumererar, prenumerant, bekräftad, påmeldt, tilmeldt, abonnent,
    tilaaja, odebírá, přihlášen, feliratkozott, 購読中, 購読, 有効, 登録済み, 登録, 配信中, 已订阅, 订阅, 구독,
    구독중, подписан, подписана, подписчик, активен, активный, активна, подтверждён, подтверждена, підписаний,
    підписана, активний, активна, підтверджено, абониран, абонирана, активен, прихваћен, пријављен, tilaa, tilannut,
    aktiivinen, vahvistettu, abonnerer, tilmeldte, bekræftet, bekreftet, aktivoitu, přihlášena, přihlášeno,
    přihlášený, odběratel, aktivní, potvrzen, potvrzeno, prihlásený, prihlásená, odoberá, aktívny, aktívna,
    potvrdený, feliratkozva, aktív, megerősített, megerősítve, prijavljen, prijavljena, aktivan, aktivna, aktiven,
    pretplaćen, pretplaćena, naročen, abonat, abonată, activ, confirmat, subscrit, subscrita, actiu, abone, kayıtlı,
    onaylandı, onaylı, aktif, tellija, aktiivne, prenumeruoja, aktyvus, aktīvs, abonējis, berlangganan,
    εγγεγραμμένος, εγγεγραμμένη, εγγεγραμμένο, εγγραφή, ενεργός, ενεργή, ενεργό, συνδρομητής, συνδρομήτρια,
    επιβεβαιωμένος, επιβεβαιωμένη, 已訂閱, 訂閱, 활성, 구독함, 수신동의, רשום, מנוי, פעיל, مشترك, نشط, đã đăng ký"""
)
#: Words that say "subscribed" beside others, and nothing by themselves: they also name tiers of membership.
WEAKLY_SUBSCRIBED = known(
    "regular, premium, free, paid, comp, complimentary, gift, gifted, trial, trialed, normal, member, valid, ok, "
    "express, implied, churning, past due, marketing contact"
)
PAUSED = known(
    "paused, on hold, vacation, snoozed, pausiert, en pause, pausado, in pausa, gepauzeerd, pausad"
)
PENDING = known(
    """pending, unconfirmed, not confirmed, unactivated, not activated, unverified, not verified,
    awaiting confirmation, awaiting, waiting, validating, invited, pending confirmation, confirmation pending,
    opt-in pending, double opt-in pending, needs confirmation, needs attention, unvalidated, not yet confirmed,
    confirmation sent, opt-in sent, ausstehend, unbestätigt, nicht bestätigt, Bestätigung ausstehend, wartend,
    offen, noch nicht bestätigt, en attente, non confirmé, non confirmée, en attente de confirmation, pendiente,
    sin confirmar, no confirmado, no confirmada, pendiente de confirmación, in attesa, non confermato,
    non confermata, in attesa di conferma, pendente, não confirmado, não confirmada, in afwachting, onbevestigd,
    niet bevestigd, oczekujący, oczekuje, niepotwierdzony, niepotwierdzona, väntar, väntande, obekräftad,
    ej bekräftad, ubekreftet, ikke bekræftet, 未確認, 保留中, 保留, 確認待ち, 仮登録, 未确认, 대기, ожидает,
    ожидание, не подтверждён, не подтверждена, неподтверждённый, ожидает подтверждения, очікує,
    очікує підтвердження, не підтверджено, непідтверджений, изчаква, ventende, venter, afventer, ubekræftet,
    odottaa, odottaa vahvistusta, vahvistamatta, vahvistamaton, čeká, čekající, nepotvrzen, nepotvrzeno,
    čeká na potvrzení, čaká, nepotvrdený, függőben, megerősítésre vár, nem megerősített, megerősítetlen, na čekanju,
    nepotvrđen, v čakanju, în așteptare, neconfirmat, pendent, beklemede, bekliyor, onay bekliyor, onaylanmadı,
    ootel, laukia, nepatvirtinta, gaida, menunggu, belum dikonfirmasi, εκκρεμεί, σε αναμονή, αναμονή,
    μη επιβεβαιωμένος, μη επιβεβαιωμένη, ανεπιβεβαίωτος, 待确认, 未激活, 未確認, 待確認, 대기중, 미확인, ממתין,
    قيد الانتظار, chờ xác nhận"""
)
LEFT = known(
    """unsubscribed, unsubscribe, unsub, unsubbed, opted-out, opt-out, opted out of email, left, cancelled,
    canceled, inactive, disabled, removed, deleted, archived, deactivated, non-subscribed, not subscribed,
    never subscribed, unsubscribed by admin, unsubscribed by user, globally unsubscribed, global unsubscribe,
    resigned, withdrawn, revoked, transactional, churned, no consent, not opted in, declined, rejected, refused,
    by user, by moderator, no mail, nomail, denied, withheld, not given, not granted, trashed, in trash,
    no longer subscribed, suspended, unenrolled, manual unsubscribe, manually unsubscribed, self-unsubscribed,
    lapsed, abgemeldet, abbestellt, ausgetragen, gekündigt, inaktiv, deaktiviert, gelöscht, nicht abonniert,
    widerrufen, abmeldung, nicht aktiv, nicht angemeldet, storniert, désabonné, désabonnée, désinscrit, désinscrite,
    inactif, inactive, supprimé, supprimée, désactivé, désactivée, résilié, non abonné, non abonnée, non inscrit,
    annulé, dado de baja, dada de baja, de baja, baja, desuscrito, desuscrita, cancelado, cancelada, inactivo,
    inactiva, eliminado, eliminada, no suscrito, no suscrita, anulado, desactivado, disiscritto, disiscritta,
    cancellato, cancellata, disattivato, inattivo, inattiva, non iscritto, non iscritta, annullato, eliminato,
    rimosso, disabilitato, descadastrado, descadastrada, inativo, inativa, removido, removida, não inscrito,
    desinscrito, desativado, cancelou, desinscrita, subscrição cancelada, não subscrito, uitgeschreven,
    afgemeld, opgezegd, inactief, verwijderd, niet geabonneerd, uitgeschakeld, geannuleerd, wypisany, wypisana,
    nieaktywny, nieaktywna, usunięty, usunięta, zrezygnował, zrezygnowała, rezygnacja, anulowany, wyrejestrowany,
    niesubskrybowany, avregistrerad, avprenumererad, avslutad, avanmäld, borttagen, ej prenumerant, avmeldt,
    afmeldt, frameldt, utmeldt, slettet, peruutettu, poistettu, odhlášen, zrušeno, leiratkozott, 解除, 解除済み,
    解除済, 配信停止, 購読解除, 登録解除, 退会, 退会済み, 退会済, 配信不可, 無効, 停止, 停止中, 削除, 削除済み,
    已退订, 退订, 구독취소, 해지, отписан, отписана, отписался, отписалась, отписка, неактивен, неактивный,
    неактивна, удалён, удалена, отключён, не подписан, не подписана, відписаний, відписана, відписався, відписалася,
    неактивний, неактивна, видалений, видалена, скасовано, не підписаний, неабониран, изтрит, изтрита, одјављен,
    одјављена, udmeldt, opsagt, annulleret, inaktiv, avmeldte, oppsagt, sagt opp, utträdd, uppsagd, raderad,
    avanmält, peruttu, peruuttanut, peruutti, poistunut, eronnut, ei tilaa, tilaus peruttu, epäaktiivinen,
    ei aktiivinen, poistettu listalta, loobunud, kustutatud, tühistatud, mitteaktiivne, odhlášena, odhlášeno,
    odhlášený, odhlášená, odhlášení, zrušen, zrušena, zrušený, neaktivní, smazán, smazána, smazáno, vymazán,
    vyřazen, vyřazena, odebrán, odběr zrušen, neodebírá, odhlásený, odhlásená, odhlásené, zrušené, neaktívny,
    neaktívna, vymazaný, vymazaná, zmazaný, neodoberá, leiratkozva, leiratkozás, leiratkozottak, törölt, törölve,
    inaktív, lemondta, lemondott, lemondva, kilépett, nem aktív, nincs feliratkozva, odjavljen, odjavljena,
    odjavljeno, odjava, otkazan, otkazano, obrisan, obrisano, izbrisan, izbrisano, neaktivan, neaktivna, neaktiven,
    preklican, dezabonat, dezabonată, dezabonare, anulat, inactiv, inactivă, șters, ștearsă, retras, donat de baixa,
    donada de baixa, baixa, inactiu, abonelikten çıktı, abonelikten ayrıldı, abonelikten çıkma, abonelik iptal,
    aboneliği iptal edildi, iptal, iptal edildi, listeden çıktı, üyelikten çıktı, ayrıldı, silindi, silinmiş, pasif,
    devre dışı, abone değil, atsisakė, atsisakęs, neaktyvus, ištrintas, atrakstījies, atteicies, neaktīvs, dzēsts,
    berhenti berlangganan, tidak aktif, dibatalkan, dihapus, tidak berlangganan, διαγραφή, διαγράφηκε, διεγράφη,
    διαγραμμένος, διαγραμμένη, διαγραμμένο, απεγγραφή, απεγγράφηκε, απεγγεγραμμένος, απεγγεγραμμένη,
    απενεργοποιημένος, απενεργοποιημένη, ανενεργός, ανενεργή, ανενεργό, ακυρωμένος, ακυρωμένη, ακυρώθηκε, ακύρωση,
    αποχώρησε, μη εγγεγραμμένος, μη ενεργός, κατάργηση εγγραφής, κατάργηση συνδρομής, 取消订阅, 已取消, 已取消订阅,
    退訂, 已退訂, 取消訂閱, 已取消訂閱, 未订阅, 已删除, 已停用, 停用, 解約, 解約済み, 購読停止, 配信拒否, 受信拒否,
    未購読, 구독 해지, 구독해지, 수신거부, 수신 거부, 탈퇴, 비활성, 취소, 취소됨, 삭제, 삭제됨, 미구독, הוסר, הסיר,
    בוטל, לא פעיל, לא רשום, ביטל הרשמה, ביטול הרשמה, ملغى, ملغي, ألغى الاشتراك, إلغاء الاشتراك, غير مشترك, غير نشط,
    محذوف, đã hủy, hủy đăng ký, đã hủy đăng ký, ngừng đăng ký"""
)
BOUNCED = known(
    """bounced, hard bounced, hard bounce, bounce, hardbounced, cleaned, undeliverable, unreachable, malformed,
    dead, mailbox not found, invalid email, invalid address, invalid, bounced hard, permanent bounce, hard fail,
    bouncing, previous bounce, by bounces, does not exist, non-existent, undelivered, unzustellbar, ungültig,
    nicht zustellbar, zurückgewiesen, rejeté, rejetée, invalide, non distribuable, non délivrable, rebote, rebotado,
    rebotada, inválido, inválida, rebote duro, respinto, rimbalzato, rimbalzata, non valido, non valida,
    non recapitabile, devolvido, rejeitado, onbestelbaar, ongeldig, geweigerd, odbity, odrzucony, niedostarczalny,
    nieprawidłowy, studsad, studsat, ogiltig, avvist, ugyldig, 不達, エラー, エラー停止, 配信エラー, 不着, 宛先不明,
    무효, 退信, недоступен, недействителен, недействительный, не существует, недійсний, невалиден, kan ikke leveres,
    ikke leveret, palautunut, virheellinen, nedoručitelné, nedoručitelný, nedoručeno, neplatný, neplatná, vráceno,
    nedoručiteľné, visszapattant, visszapattanó, érvénytelen, kézbesíthetetlen, neisporučivo, nevažeći, respins,
    nevalid, nelivrabil, rebotat, geri döndü, geri dönen, geçersiz, ulaşılamadı, kehtetu, nederīgs, negaliojantis,
    tidak valid, μη έγκυρο, μη έγκυρος, άκυρο, άκυρη, επιστράφηκε, μη παραδόσιμο, 无效, 無效, 退信, 반송, 반송됨,
    שגוי, חזר, غير صالح, مرتد, không hợp lệ"""
)
COMPLAINED = known(
    """complained, complaint, spam, spammed, spam complaint, complained of spam, marked as spam, marked spam,
    reported spam, reported as spam, previous spam complaint, spam report, abuse, abused, abusive, abuse complaint,
    abuse report, junk, spammy, Beschwerde, Spam-Beschwerde, als Spam markiert, plainte, plainte pour spam,
    signalé comme spam, queja, denunciado, segnalato come spam, marcado como spam, klacht, klaagde, spamklacht,
    skarga, zgłoszony jako spam, klagomål, スパム, 迷惑メール, жалоба, спам, скарга на спам, stížnost, sťažnosť,
    panasz, spam bejelentés, prigovor, plângere, reclamație, şikayet, şikayet etti, valitus, roskaposti, klage,
    klaget, παράπονο, ανεπιθύμητο, 投诉, 投訴, 垃圾邮件, 스팸, 스팸신고, ספאם, شكوى"""
)
BLOCKED = known(
    """suppressed, blocklisted, blacklisted, blocked, banned, do not contact, do not mail, do not email, dnc,
    globally suppressed, isp suppressed, excluded, forbidden, user suppressed, unmailable, blocklist, blacklist,
    block-listed, never email, never contact, do not allow, gesperrt, blockiert, ausgeschlossen, bloqué, bloquée,
    exclu, liste noire, bloqueado, bloqueada, lista negra, excluido, bloccato, bloccata, escluso, geblokkeerd,
    uitgesloten, zablokowany, zablokowana, wykluczony, blockerad, spärrad, blokkert, blokeret, estetty, blokován,
    ブロック, ブロック済み, 拒否, 已屏蔽, 차단, заблокирован, заблокирована, исключён, заблокований, заблокована,
    блокиран, блокирана, spærret, sperret, blokovaný, zablokován, zablokovaný, blokiran, blokirana, letiltva,
    letiltott, tiltólistás, tiltólistán, blocat, blocată, bloquejat, engellendi, engellenmiş, kara liste,
    kara listede, blokeeritud, bloķēts, blokuotas, diblokir, αποκλεισμένος, αποκλεισμένη, αποκλείστηκε,
    μπλοκαρισμένος, 黑名单, 黑名單, 已封锁, 차단됨, 수신차단, חסום, محظور, محجوب, bị chặn"""
)
#: A box that was full, or a server that was away: no system stops mailing for one of these.
SOFT = known(
    "soft bounced, soft bounce, bounced soft, temporary bounce, transient bounce, temporarily bounced"
)
#: How a person wants to hear from somebody.
BY_MAIL = known(
    """email, emails, by email, via email, email only, newsletter, newsletters, any, all, html, plain text, text,
    electronic, per E-Mail, courriel, par email, correo electrónico, e-posta, posta elettronica, e-post"""
)
NOT_BY_MAIL = known(
    """post, by post, letter, letters, direct mail, postal, postal mail, print, phone, by phone, telephone, call,
    sms, text message, whatsapp, in person, none, nothing, no contact, no communication, no communications,
    do not contact me, not specified, Brief, per Brief, Post, Telefon, telefonisch, keine, kein Kontakt, téléphone,
    courrier, aucun, aucune, teléfono, ninguno, ninguna, nada, telefono, posta, nessuno, nessuna, telefone, nenhum,
    nenhuma, telefoon, geen, telefon, żaden, brak, ingen, inget, нет"""
)
YES = known(
    """yes, true, 1, y, on, x, j, t, checked, ja, wahr, oui, vrai, sí, s, verdadero, sì, vero, sim, verdadeiro,
    waar, tak, prawda, sant, kyllä, ano, igen, evet, はい, 真, 有, 可, 希望する, 希望, 同意する, да, истина, так,
    是, ναι, 是的, 예, 네, כן, نعم, taip, jah, tosi, joo, ya, da"""
)
NO = known(
    """no, false, 0, n, off, f, none, never, nein, falsch, non, faux, falso, não, nee, onwaar, nie, fałsz, nej,
    falskt, ei, ne, nem, hayır, いいえ, 偽, 無, 否, 不可, 希望しない, 同意しない, нет, ложь, ні, 否, nei, όχι, nu,
    не, لا, לא, tidak, không, 아니오, 아니요, 不是"""
)
#: Words after a yes that may take it back.
BUT = known(
    """no, not, but, only, except, stop, later, unless, nicht, aber, nur, kein, keine, pas, mais, sauf, pero, solo,
    ma, non, maar, niet"""
)
#: Words that turn the others around, or weaken them.
TURNED = known(
    """not, no, never, non, un, soft, temp, temporary, temporarily, nicht, kein, keine, nie, pas, ne, sin, nao,
    niet, geen, ej, inte, re, was"""
)

#: Ways of writing or speaking to somebody: what makes a column "Preference" one of how people want to hear from us.
WAYS = known(
    """email, emails, by email, via email, email only, post, by post, letter, letters, direct mail, postal mail,
    phone, by phone, telephone, sms, text message, whatsapp, no contact, no communication, do not contact me,
    newsletter, newsletters, per E-Mail, courriel, par email, correo electrónico, e-posta, posta elettronica,
    e-post, Brief, per Brief, Telefon, telefonisch, kein Kontakt, téléphone, courrier, teléfono, telefono, posta,
    telefone, telefoon"""
)
#: Labels that a list of supporters or customers may give for other reasons than mail.
AMBIGUOUS = known(
    """left, lapsed, churned, cancelled, canceled, declined, rejected, refused, suspended, resigned, archived,
    removed, deleted, disabled, inactive, withdrawn, revoked, denied, withheld, transactional, trashed, in trash,
    unenrolled, by user, by moderator, dead, invalid, excluded, forbidden, banned, blocked, complaint, abuse, junk,
    bounce, baja, inaktiv, inactif, inactive, inactivo, inattivo, inativo, inactief, cancelado, cancellato, annulé,
    storniert, gekündigt, résilié, iptal, pasif"""
)
#: No headers: above a column they would be about something else.
NO_HEADERS = known(
    "by user, by moderator, by bounces, transactional, offen, waiting, invited, validating, needs attention, cleaned up"
)
#: Headers that may as well stand above a name or a day.
UNCLEAR_HEADERS = known(
    """subscriber, Abonnent, suscriptor, assinante, subskrybent, prenumerant, tilaaja, abone, abonat, odběratel,
    tellija, подписчик, συνδρομητής, συνδρομήτρια, מנוי, added, alta, de alta, allow, accepted, εγγραφή, aktiviert,
    freigegeben"""
)
#: Yes and no of languages in which few headers are known here.
OF_OTHER_LANGUAGES = known(
    """tak, nie, nej, nei, sant, kyllä, ei, joo, tosi, ano, ne, igen, nem, evet, hayır, ναι, όχι, taip, jah, da, nu,
    ya, tidak, không, да, нет, ні, не, はい, いいえ, 是, 否, 是的, 不是, 예, 네, 아니오, 아니요, כן, לא, نعم, لا"""
)
