"""What the header of a column says of its cells: whether they tell who may be mailed, and how. The cells are
status_columns' part."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import Enum, auto

from subscribers.spelling import spaced
from subscribers.standing import BLOCKED, BOUNCED, COMPLAINED, LEFT, PENDING, Said


class Kind(Enum):
    """How a column speaks."""

    #: A word in each row: active, unsubscribed, …
    STATUS = auto()
    #: A word that may be about something else ("State: CA"): it counts where some word is known.
    PERHAPS = auto()
    #: Yes means "may be mailed": opt_in, accepts marketing.
    WANTED = auto()
    #: Yes means "must not": unsubscribed, bounced, deleted.
    UNWANTED = auto()
    #: Anything at all means "must not": UNSUB_TIME, bounce reason.
    TRACE = auto()
    #: Yes or no about mail, and the header does not tell which is which: it has to be asked about.
    MAYBE = auto()
    #: In a file without a header: it counts where it says beyond doubt that people left, or holds nothing else.
    UNNAMED = auto()
    #: About something else, whatever it holds.
    NEVER = auto()
    #: About something else, unless a cell says beyond doubt that a person left.
    OTHER = auto()


_STATUS = re.compile(
    r"\b(status(es)?|statut|statuts|statusen|staus|stav|tila|durum|subscriptionstatus|standing|статус|состояние)\b"
    r"|ステータス|状態|状态|상태"
)
_PERHAPS = re.compile(
    r"^(state|estado|stato|stan|etat|zustand|type|typ|tipo|kind|group"
    r"|subscriber type|subscription type)$"
)
#: About other things than mail, unless mail is named as well.
_ELSEWHERE = re.compile(
    r"\b(sms|phone|mobile|whatsapp|push|track\w*|cookies?|terms|privacy|postal|call|calls|fax|lead|order|payment"
    r"|financial|fulfil\w*|marital|civil|job|employment|invoice|shipping|stripe|http|open(ed|s)?|click\w*|tax|vat)\b"
)
_MAIL = re.compile(r"\b(email\w*|mail\w*|newsletter\w*)\b")
#: How a mail looks, not whether it is wanted.
_FORMAT = re.compile(r"\b(html|text|format|client|type|language|domain|provider|valid\w*)\b")
#: Numbers and addresses that everybody has.
_NEVER = re.compile(
    r"\b(count|number|total|rate|score|url|link|href|token|hash|key|soft|ratio|percent\w*)\b|count$"
)

_BOUNCE = (
    r"bounc\w*|hardbounc\w*|undeliver\w*|invalid\w*|unzustell\w*|ungultig\w*|rebot\w*|rebond\w*|rimbalz\w*"
    r"|bad email|is bad|devolvid\w*|onbestelbaar|studs\w*|clean|cleaned"
)
_COMPLAINT = r"complain\w*|spam\w*|abuse\w*|junk|plainte\w*|beschwerde\w*|queja\w*|жалоб\w*"
_BLOCK = (
    r"block\w*|blacklist\w*|suppress\w*|banned|do not (email|mail|contact|send|allow|bulk)\w*|donot\w+|dnc"
    r"|on hold|onhold|gesperrt|sperr\w*"
    r"|bloque\w*|bloccat\w*|geblokkeerd|zablokowan\w*|sparrad|excluded|is excluded|заблокирован\w*"
)
_LEAVE = (
    r"unsub\w*|optout|optouts|deleted|delete|removed|disabled|deactivat\w*|inactive|cancel\w*|archived|left|leave"
    r"|no (email|mail|newsletter)\w*|not (subscribed|active|interested)|withdrawn|revoked|resigned"
    r"|abgemeldet|abmeld\w*|abbestell\w*|ausgetragen|austrag\w*|gelosch\w*|widerruf\w*|deaktiviert|kundig\w*|gekundigt"
    r"|kein\w* (newsletter|mail|email)\w*|desabonn\w*|desinscri\w*|supprim\w*|baja|desuscri\w*|cancelad\w*|eliminad\w*"
    r"|disiscri\w*|cancellat\w*|descadastr\w*|uitgeschreven|uitschrijf\w*|afgemeld|afmeld\w*|verwijderd|opgezegd"
    r"|wypisan\w*|rezygnac\w*|usuniet\w*|avregistrer\w*|avprenumer\w*|avanmal\w*|borttagen|avmeld\w*|afmeldt"
    r"|отпис\w*|удален\w*|отключен\w*"
)
_WAITING = (
    r"unconfirmed|unverified|not (confirmed|verified|activated)|pending|awaiting|unbestatigt|nicht bestatigt|en attente"
    r"|pendiente|non confermat\w|pendente|onbevestigd|niepotwierdzon\w|obekraftad"
)
_AGAINST: tuple[tuple[re.Pattern[str], Said], ...] = (
    (re.compile(rf"\b({_BOUNCE})\b|エラー|不達"), BOUNCED),
    (re.compile(rf"\b({_COMPLAINT})\b|スパム|迷惑"), COMPLAINED),
    (re.compile(rf"\b({_BLOCK})\b|ブロック|拒否"), BLOCKED),
    (re.compile(rf"\b({_LEAVE})\b|配信停止|購読解除|解除|退会|停止|退订"), LEFT),
    (re.compile(rf"\b({_WAITING})\b|未確認|保留"), PENDING),
)
_TRACE = re.compile(
    r"\b(at|time|date|on|timestamp|reason|grund|motif|raison|motivo|reden|powod|причина|datum|fecha|data|heure"
    r"|campaign|title|other|via|by|from|comment|feedback|code|error|message|дата)\b|日|理由|suppressions?$"
)
_FILL = re.compile(
    r"\b(is|has|have|was|are|email|emails|mail|mails|mailing|mailings|list|lists|to|for|from|by|our|the|all|of|marketing"
    r"|newsletter|newsletters|contact|user|customer|member|subscriber|global|globally|general|gdpr|current|person|via|and"
    r"|i|my|we|want|wants|wish|would|like|receive|receives|received|get|gets|communications?|updates?|messages?|news"
    r"|promotional|souhaite|souhaitez|recevoir|quiere|quiero|desea|deseo|recibir|vuole|vorrei|ricevere|deseja|quero"
    r"|receber|wil|graag|ontvangen|chce|otrzymywac|vill|ha|mochte|erhalten|den|der|die|das|zum|zur|fur|la|le|les|de|du|des|el|los|al|por|per|il|o|a|do|da|voor|nieuwsbrief"
    r"|boletin|infolettre|infolettres|nyhetsbrev|biuletyn|рассылк\w|рассылку|на)\b|ニュースレター|メルマガ|メール"
)
#: What is left of a header that asks for a yes, once the filling words are out.
_WANTED = re.compile(
    r"^(subscribed|subscribe|subscribes|subscription|optin|optins|accepts?|accepted|consent|consents|consented|permission"
    r"|permissions|agree|agrees|agreed|active|enabled|allowed|allows?|mailable|sendable|abonniert|angemeldet|aktiv"
    r"|gewunscht|erwunscht|bestellt"
    r"|anmeldung|einwilligung|eingewilligt|zustimmung|abonnement|abo|abonne|abonnee|inscrite?|inscription|actif"
    r"|consentement|accepte|suscrit[oa]|suscripcion|activo|consentimiento|acepta|iscritt[oa]|iscrizione|attivo"
    r"|consenso|inscricao|inscrit[oa]|ativo|consentimento|aceita|aceite|ingeschreven|aangemeld|actief|toestemming"
    r"|inschrijving|zapisan\w|zgoda|aktywn\w|subskrypcja|prenumererar|prenumeration|prenumerant|samtycke|pameldt|tilmeldt"
    r"|購読|配信|希望|同意|許可|登録|подписан\w?|подписка|согласие|актив\w+)$"
)
_CONFIRMED = re.compile(
    r"^(confirmed|confirmation|verified|verification|doubleoptin|double|doi|activated|bestatigt|confirmee?|confirmad[oa]"
    r"|confermat[oa]|bevestigd|potwierdzon\w|bekraftad|確認|подтвержд\w+)$"
)
_DELIVERABLE = re.compile(r"^(valid|deliverable|gultig|zustellbar|valide)$")
_ASKS = re.compile(
    r"\b(newsletters?|marketing|mailings?|receives?|nieuwsbrief|boletin|infolettre|nyhetsbrev)\b|メルマガ|ニュースレター"
)


def kind_of(header: str, headers: Collection[str]) -> tuple[Kind, Said]:
    """How a column of this header speaks, and what it says where it speaks against mail."""
    words = spaced(header)
    if _NEVER.search(words) or (_ELSEWHERE.search(words) and not _MAIL.search(words)):
        return Kind.NEVER, LEFT
    if _STATUS.search(words):
        # "Opt-in status" may be answered with yes or no, "status" may not.
        kind, no = kind_of(_STATUS.sub(" ", words), headers)
        return (kind, no) if kind in (Kind.WANTED, Kind.UNWANTED) else (Kind.STATUS, LEFT)
    against = next((said for pattern, said in _AGAINST if pattern.search(words)), None)
    if against is not None:
        return (Kind.TRACE if _TRACE.search(words) else Kind.UNWANTED), against
    if _PERHAPS.match(words):
        return Kind.PERHAPS, LEFT
    return _wanting(words, {spaced(other) for other in headers})


def _wanting(words: str, headers: Collection[str]) -> tuple[Kind, Said]:
    left = _FILL.sub(" ", words).split()
    if words == "active subscription" and not {"email disabled", "plan", "expiry"}.isdisjoint(headers):
        return Kind.OTHER, LEFT  # Substack's word for one that is paid
    if not left:
        return (Kind.WANTED if _ASKS.search(words) else Kind.OTHER), LEFT
    if all(_WANTED.match(word) or _CONFIRMED.match(word) for word in left):
        return Kind.WANTED, PENDING if any(_CONFIRMED.match(word) for word in left) else LEFT
    if len(left) == 1 and _DELIVERABLE.match(left[0]):
        return Kind.WANTED, BOUNCED
    if (
        left[0] in ("not", "no", "never", "non", "nicht", "kein")
        and all(map(_WANTED.match, left[1:]))
        and left[1:]
    ):
        return Kind.UNWANTED, LEFT
    about_mail = (_ASKS.search(words) or _MAIL.search(words)) and not _FORMAT.search(words)
    agreeing = any(_WANTED.match(word) or _CONFIRMED.match(word) for word in left)
    return (Kind.MAYBE if about_mail or agreeing else Kind.OTHER), LEFT
