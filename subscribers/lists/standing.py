"""What other systems' words for "may this person be mailed?" mean. Which column holds them is status_columns' part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from subscribers.lists.spelling import known, spaced, squeezed


class Standing(StrEnum):
    """Where a person of a list stands, as the list says. The later in this order is the stricter."""

    #: May be mailed.
    SUBSCRIBED = "subscribed"
    #: Subscribed, and wants nothing for now.
    PAUSED = "paused"
    #: Nobody we keep anything about: the row is refused.
    SKIP = "skip"
    #: Never confirmed.
    PENDING = "pending"
    #: Left, or never agreed.
    LEFT = "left"
    #: Must never be mailed.
    SUPPRESSED = "suppressed"

    @property
    def strictness(self) -> int:
        return list(Standing).index(self)


@dataclass(frozen=True, slots=True)
class Said:
    """What a list says of one person."""

    standing: Standing
    #: Where it says so, for staff: 'Status "unsubscribed"'.
    why: str = ""
    #: With SUPPRESSED: bounce, complaint, staff, erased, or imported (the list does not say more).
    reason: str = "imported"
    #: Since when, where the list tells and it can be read.
    at: datetime | None = None

    @property
    def weight(self) -> tuple[int, bool]:
        """The heavier of two holds: the stricter, and the one that knows a reason."""
        return self.standing.strictness, self.reason != "imported"


SUBSCRIBED = Said(Standing.SUBSCRIBED)
PAUSED = Said(Standing.PAUSED)
PENDING = Said(Standing.PENDING)
LEFT = Said(Standing.LEFT)
SKIP = Said(Standing.SKIP)
BLOCKED = Said(Standing.SUPPRESSED)
BOUNCED = Said(Standing.SUPPRESSED, reason="bounce")
COMPLAINED = Said(Standing.SUPPRESSED, reason="complaint")

_SUBSCRIBED = known(
    """subscribed, subscriber, active, enabled, confirmed, opted-in, opt-in, double opt-in, single opt-in, verified,
    mailable, deliverable, resubscribed, added, allow, activated, approved, granted, explicitly subscribed,
    subscribed explicit, accepted,
    aktiv, aktiviert, angemeldet, abonniert, Abonnent, bestätigt, eingetragen, freigegeben,
    abonné, abonnée, inscrit, inscrite, actif, active, confirmé, confirmée,
    suscrito, suscrita, activo, activa, confirmado, confirmada, inscrito, inscrita, de alta, alta, suscriptor,
    iscritto, iscritta, attivo, attiva, confermato, confermata,
    ativo, ativa, subscrito, subscrita, assinante, assinado,
    geabonneerd, actief, aangemeld, ingeschreven, bevestigd, ingeschakeld,
    subskrybuje, subskrybent, aktywny, aktywna, zapisany, zapisana, potwierdzony, potwierdzona,
    prenumererar, prenumerant, bekräftad, påmeldt, tilmeldt, abonnent, tilaaja, odebírá, přihlášen, feliratkozott,
    購読中, 購読, 有効, 登録済み, 登録, 配信中, 已订阅, 订阅, 구독, 구독중,
    подписан, подписана, подписчик, активен, активный, активна, подтверждён, подтверждена, підписаний"""
)
#: Words that say "subscribed" beside others, and nothing by themselves: they also name tiers of membership.
_WEAKLY_SUBSCRIBED = known(
    "regular, premium, free, paid, comp, complimentary, gift, gifted, trial, trialed, normal, member, valid, ok, "
    "express, implied, churning, past due, marketing contact"
)
_PAUSED = known(
    "paused, on hold, vacation, snoozed, pausiert, en pause, pausado, in pausa, gepauzeerd, pausad"
)
_PENDING = known(
    """pending, unconfirmed, not confirmed, unactivated, not activated, unverified, not verified, awaiting confirmation,
    awaiting, waiting, validating, invited, pending confirmation, confirmation pending, opt-in pending,
    double opt-in pending, needs confirmation, needs attention, unvalidated, not yet confirmed, confirmation sent,
    opt-in sent,
    ausstehend, unbestätigt, nicht bestätigt, Bestätigung ausstehend, wartend, offen, noch nicht bestätigt,
    en attente, non confirmé, non confirmée, en attente de confirmation, pendiente, sin confirmar, no confirmado,
    no confirmada, pendiente de confirmación, in attesa, non confermato, non confermata, in attesa di conferma,
    pendente, não confirmado, não confirmada, in afwachting, onbevestigd, niet bevestigd, oczekujący, oczekuje,
    niepotwierdzony, niepotwierdzona, väntar, väntande, obekräftad, ej bekräftad, ubekreftet, ikke bekræftet,
    未確認, 保留中, 保留, 確認待ち, 仮登録, 未确认, 대기,
    ожидает, ожидание, не подтверждён, не подтверждена, неподтверждённый,
    ожидает подтверждения"""
)
_LEFT = known(
    """unsubscribed, unsubscribe, unsub, unsubbed, opted-out, opt-out, opted out of email, left, cancelled, canceled,
    inactive, disabled, removed, deleted, archived, deactivated, non-subscribed, not subscribed, never subscribed,
    unsubscribed by admin, unsubscribed by user, globally unsubscribed, global unsubscribe, resigned, withdrawn,
    revoked, transactional, churned, no consent, not opted in, declined, rejected, refused, by user, by moderator,
    no mail, nomail, denied, withheld, not given, not granted, trashed, in trash, no longer subscribed, suspended,
    unenrolled, manual unsubscribe, manually unsubscribed, self-unsubscribed, lapsed,
    abgemeldet, abbestellt, ausgetragen, gekündigt, inaktiv, deaktiviert, gelöscht, nicht abonniert, widerrufen,
    abmeldung, nicht aktiv, nicht angemeldet, storniert,
    désabonné, désabonnée, désinscrit, désinscrite, inactif, inactive, supprimé, supprimée, désactivé, désactivée,
    résilié, non abonné, non abonnée, non inscrit, annulé,
    dado de baja, dada de baja, de baja, baja, desuscrito, desuscrita, cancelado, cancelada, inactivo, inactiva,
    eliminado, eliminada, no suscrito, no suscrita, anulado, desactivado,
    disiscritto, disiscritta, cancellato, cancellata, disattivato, inattivo, inattiva, non iscritto, non iscritta,
    annullato, eliminato, rimosso, disabilitato,
    descadastrado, descadastrada, inativo, inativa, removido, removida, não inscrito, desinscrito, desativado,
    cancelou, desinscrita, excluído, subscrição cancelada, não subscrito,
    uitgeschreven, afgemeld, opgezegd, inactief, verwijderd, niet geabonneerd, uitgeschakeld, geannuleerd,
    wypisany, wypisana, nieaktywny, nieaktywna, usunięty, usunięta, zrezygnował, zrezygnowała, rezygnacja, anulowany,
    wyrejestrowany, niesubskrybowany,
    avregistrerad, avprenumererad, avslutad, avanmäld, borttagen, ej prenumerant, avmeldt, afmeldt, frameldt, utmeldt,
    slettet, peruutettu, poistettu, odhlášen, zrušeno, leiratkozott,
    解除, 解除済み, 解除済, 配信停止, 購読解除, 登録解除, 退会, 退会済み, 退会済, 配信不可, 無効, 停止, 停止中, 削除,
    削除済み,
    已退订, 退订, 구독취소, 해지,
    отписан, отписана, отписался, отписалась, отписка, неактивен, неактивный, неактивна, удалён, удалена, отключён,
    не подписан, не подписана, відписаний"""
)
_BOUNCED = known(
    """bounced, hard bounced, hard bounce, bounce, hardbounced, cleaned, undeliverable, unreachable, malformed,
    dead, mailbox not found, invalid email, invalid address, invalid, bounced hard, permanent bounce, hard fail,
    bouncing, previous bounce, by bounces, does not exist, non-existent, undelivered, unzustellbar, ungültig,
    nicht zustellbar, zurückgewiesen,
    rejeté, rejetée, invalide, non distribuable, non délivrable, rebote, rebotado, rebotada, inválido, inválida,
    rebote duro, respinto, rimbalzato, rimbalzata, non valido, non valida, non recapitabile, devolvido, rejeitado,
    onbestelbaar, ongeldig, geweigerd, odbity, odrzucony, niedostarczalny, nieprawidłowy, studsad, studsat, ogiltig,
    avvist, ugyldig, 不達, エラー, エラー停止, 配信エラー, 不着, 宛先不明, 무효, 退信, недоступен, недействителен,
    недействительный,
    не существует"""
)
_COMPLAINED = known(
    """complained, complaint, spam, spammed, spam complaint, complained of spam, marked as spam, marked spam,
    reported spam, reported as spam, previous spam complaint, spam report, abuse, abused, abusive, abuse complaint,
    abuse report, junk, spammy,
    Beschwerde, Spam-Beschwerde, als Spam markiert, plainte, plainte pour spam, signalé comme spam, queja, denunciado,
    segnalato come spam, marcado como spam, klacht, klaagde, spamklacht, skarga, zgłoszony jako spam, klagomål,
    スパム, 迷惑メール, жалоба, спам"""
)
_BLOCKED = known(
    """suppressed, blocklisted, blacklisted, blocked, banned, do not contact, do not mail, do not email, dnc,
    globally suppressed, isp suppressed, excluded, forbidden, user suppressed, unmailable, blocklist, blacklist,
    block-listed,
    never email, never contact, do not allow, gesperrt, blockiert, ausgeschlossen, bloqué, bloquée, exclu,
    liste noire, bloqueado,
    bloqueada, lista negra, excluido, bloccato, bloccata, escluso, geblokkeerd, uitgesloten, zablokowany,
    zablokowana, wykluczony, blockerad, spärrad, blokkert, blokeret, estetty, blokován, ブロック, ブロック済み, 拒否,
    已屏蔽, 차단, заблокирован, заблокирована, исключён"""
)
#: A box that was full, or a server that was away: no system stops mailing for one of these.
_SOFT = known(
    "soft bounced, soft bounce, bounced soft, temporary bounce, transient bounce, temporarily bounced"
)
#: How a person wants to hear from somebody.
_BY_MAIL = known(
    """email, emails, by email, via email, email only, newsletter, newsletters, any, all, html, plain text, text,
    electronic, per E-Mail, courriel, par email, correo electrónico, e-posta, posta elettronica, e-post"""
)
_NOT_BY_MAIL = known(
    """post, by post, letter, letters, direct mail, postal, postal mail, print, phone, by phone, telephone, call, sms,
    text message, whatsapp, in person, none, nothing, no contact, no communication, no communications,
    do not contact me, not specified,
    Brief, per Brief, Post, Telefon, telefonisch, keine, kein Kontakt, téléphone, courrier, aucun, aucune, teléfono,
    ninguno, ninguna, nada, telefono, posta, nessuno, nessuna, telefone, nenhum, nenhuma, telefoon, geen, telefon,
    żaden, brak, ingen, inget, нет"""
)
#: The words of ``Standing`` itself, and of our own export.
_OWN = {"confirmed": SUBSCRIBED, "suppressed": BLOCKED, "skip": SKIP, "nonmarketingcontact": SKIP}

_MEANING: dict[str, Said] = {
    word: said
    for words, said in (
        (_WEAKLY_SUBSCRIBED, SUBSCRIBED),
        (_SUBSCRIBED, SUBSCRIBED),
        (_SOFT, SUBSCRIBED),
        (_PAUSED, PAUSED),
        (_PENDING, PENDING),
        (_LEFT, LEFT),
        (_BOUNCED, BOUNCED),
        (_COMPLAINED, COMPLAINED),
        (_BLOCKED, BLOCKED),
    )
    for word in words
} | _OWN

YES = known(
    """yes, true, 1, y, on, x, j, t, checked, ja, wahr, oui, vrai, sí, s, verdadero, sì, vero, sim, verdadeiro, waar,
    tak, prawda, sant, kyllä, ano, igen, evet, はい, 真, 有, 可, 希望する, 希望, 同意する, да, истина, так, 是"""
)
NO = known(
    """no, false, 0, n, off, f, none, never, nein, falsch, non, faux, falso, não, nee, onwaar, nie, fałsz, nej, falskt,
    ei, ne, nem, hayır, いいえ, 偽, 無, 否, 不可, 希望しない, 同意しない, нет, ложь, ні, 否"""
)
#: What stands in a cell that holds nothing; ``squeezed`` makes nothing of dashes and brackets.
NOTHING = known("null, none, nil, na, n/a, nan, undefined, nat") | {
    "",
    "000000",
    "00000000",
    "00000000000000",
}
_TICKS = ("✓", "✔", "☑", "✅", "🗹")
_CROSSES = ("✗", "✘", "❌", "☐", "✖")

#: Words after a yes that may take it back.
_BUT = known(
    """no, not, but, only, except, stop, later, unless,
    nicht, aber, nur, kein, keine, pas, mais, sauf, pero, solo, ma, non, maar, niet"""
)
#: Words that turn the others around, or weaken them.
_TURNED = known(
    """not, no, never, non, un, soft, temp, temporary, temporarily,
    nicht, kein, keine, nie, pas, ne, sin, nao, niet, geen, ej, inte, re, was"""
)
#: What is longer is a remark.
_SHORT = 40
#: An enhanced status code (RFC 3463) or a reply code (RFC 5321) of a permanent failure: lists of bounces hold them.
_REFUSED = re.compile(r"^5(\.\d{1,3}\.\d{1,3}|\d\d)(\b.*)?$")
_DATE = re.compile(
    r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b|^\d{1,2}[-/. ]\w{1,10}[-/., ]+\d{2,4}\b|^[A-Za-z]{3,9}\.? \d{1,2},? \d{4}\b"
)
_UNIX = re.compile(r"^1\d{9}(\d{3})?$")


def meaning(value: str) -> Said | None:
    """What one word of a status means; None when nobody knows. Several in a cell: the strictest counts."""
    if (said := _MEANING.get(squeezed(value))) is not None:
        return said
    if _REFUSED.match(value.strip()):
        return BOUNCED
    first = _MEANING.get(squeezed(re.split(r"\W", value.strip())[0]))
    if first is not None and first.standing.strictness > Standing.PENDING.strictness and len(value) < _SHORT:
        # "Unsubscribed via link"; what begins well may end otherwise
        return max(first, _heaviest_word(value) or first, key=lambda said: said.weight)
    if (heaviest := _heaviest_word(value)) is not None:
        return heaviest
    parts = [part for part in re.split(r"[,;|/:()\[\]'\"]+", value) if squeezed(part)]
    if len(parts) < 2:
        return None
    each = [_MEANING.get(squeezed(part)) for part in parts]
    if any(said is None for said in each):
        return None
    return max((said for said in each if said), key=lambda said: said.weight)


def preference(value: str) -> Said | None:
    """What an answer to "how may we contact you?" says of mail, None when nobody knows. Of several ways one
    by email is enough. "Mail" alone is a letter in one country and an email in the next: nobody knows."""
    parts = [part for part in re.split(r"[,;|/+&]+| and | und | et | y ", value) if squeezed(part)]
    words = {squeezed(part) for part in parts}
    if words & _BY_MAIL and words <= _BY_MAIL | _NOT_BY_MAIL:
        return SUBSCRIBED
    if words and words <= _NOT_BY_MAIL:
        return LEFT
    if (said := answer(value)) is not None:
        return SUBSCRIBED if said else LEFT
    return meaning(value)


def _heaviest_word(value: str) -> Said | None:
    """What a few words say that end with a plain one: "IspComplained", "Removed by bounce"."""
    words = spaced(value).split()
    each = [said for word in words if (said := _MEANING.get(word)) is not None]
    against = [said for said in each if said.standing.strictness > Standing.PENDING.strictness]
    if len(words) < 2 or len(value) >= _SHORT or len(against) != len(each) or not _TURNED.isdisjoint(words):
        return None
    ends = _MEANING.get(words[-1])
    return max(against, key=lambda said: said.weight) if ends in against else None


def is_unmistakable(value: str) -> bool:
    """Whether this cell alone, in whatever column, says that a person must not be mailed."""
    said = _MEANING.get(squeezed(value))
    return (
        said is not None
        and said.standing.strictness > Standing.PENDING.strictness
        and not value.strip().isdigit()
    )


def says_something(value: str) -> bool:
    """Whether this cell alone is a word for how a person stands, and not one that also names a tier or a region."""
    word = squeezed(value)
    return word in _MEANING and word not in _WEAKLY_SUBSCRIBED


def truth(value: str) -> bool | None:
    """Yes or no, in the words that files use; None for neither."""
    if value.strip().startswith(_TICKS) or squeezed(value) in YES:
        return True
    if value.strip().startswith(_CROSSES) or squeezed(value) in NO:
        return False
    return None


def answer(value: str) -> bool | None:
    """The same, of an answer to a question in the words of a form: "Yes, please", "No, thank you"."""
    plain = truth(value)
    first, *others = spaced(value).split() or [""]
    if plain is not None or len(first) < 2 or not others:
        return plain
    if first in NO:
        return False
    return True if first in YES and _BUT.isdisjoint(others) else None


def is_nothing(value: str) -> bool:
    """Whether a cell is empty, or says that it is: "NULL", "-", "0000-00-00 00:00:00", "[]"."""
    if value.strip().startswith(_TICKS + _CROSSES):
        return False  # signs without a letter, that say yes or no
    return not value or squeezed(value) in NOTHING


def is_date(value: str) -> bool:
    """Whether a cell begins with a date, or is seconds since 1970."""
    return bool(_DATE.match(value.strip()) or _UNIX.match(value.strip()))


def instant(value: str) -> datetime | None:
    """A time as systems write it, aware; without a zone UTC. None for what can be read in two ways (03/04/2021)."""
    text = value.strip()
    if not text:
        return None
    if _UNIX.match(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    try:
        found = datetime.fromisoformat(re.sub(r" ?(UTC|GMT|\(.*\))$", "", text).replace("/", "-"))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
