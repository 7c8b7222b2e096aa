"""What the header of a column says of its cells: whether they tell who may be mailed, and how. The cells are
status_columns' part."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from enum import Enum, auto

from subscribers.lists.spelling import spaced
from subscribers.lists.standing import BLOCKED, BOUNCED, COMPLAINED, LEFT, PENDING, Said


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
    #: The day of a yes: who has none, where others have one, gave none here.
    SINCE = auto()
    #: In a file without a header: it counts where it says beyond doubt that people left, or holds nothing else.
    UNNAMED = auto()
    #: Perhaps read in a wrong encoding: it has to be asked about where it holds yes and no, or a word of a status.
    UNREAD = auto()
    #: How a person wants to hear from us: by mail, by letter, not at all.
    PREFERENCE = auto()
    #: About something else, whatever it holds.
    NEVER = auto()
    #: About something else, unless a cell says beyond doubt that a person left.
    OTHER = auto()


def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern for text that ``spaced`` made: that leaves no marks on letters, and kana and Hangul have some too."""
    apart = unicodedata.normalize("NFKD", pattern)
    return re.compile("".join(c for c in apart if unicodedata.category(c) not in ("Mn", "Me")))


_STATUS = _compiled(
    r"\b(status(es)?|statut|statuts|statusen|staus|stav|tila|durum|subscriptionstatus|standing|статус|состояние)\b"
    r"|ステータス|状態|状态|상태"
)
_PERHAPS = _compiled(
    r"^(state|estado|stato|stan|etat|zustand|type|typ|tipo|kind|group"
    r"|subscriber type|subscription type)$"
)
#: About other things than mail, unless mail is named as well.
_ELSEWHERE = _compiled(
    r"\b(sms|phone|mobile|whatsapp|push|track\w*|cookies?|terms|privacy|postal|call|calls|fax|lead|order|payment"
    r"|financial|fulfil\w*|marital|civil|job|employment|invoice|shipping|stripe|http|open(ed|s)?|click\w*|tax"
    r"|vat|photos?"
    r"|images?|videos?|two factor|2fa|mfa|login|research)\b"
)
_MAIL = _compiled(r"\b(email\w*|mail\w*|newsletter\w*)\b")
_SPEAKS_OF_MAIL = _compiled(r"\b(email|marketing|newsletter)\b.*\b(status|marketing|consent|optin)\b")
#: How a mail looks, not whether it is wanted.
_FORMAT = _compiled(
    r"\b(html|text|format|client|type|language|domain|provider|valid\w*|city|state|province|street|zip|postal"
    r"|country|region|county|address|id|source|sent|opened"
    r"|clicked|received|dropped|delivered|last|owner)\b"
)
#: Numbers and addresses that everybody has.
_NEVER = _compiled(
    r"\b(count|number|total|rate|score|url|link|href|token|hash|key|soft|ratio|percent\w*)\b|count$"
    r"|\b(use for bulk mail|is bulkmail)\b"
)

_BOUNCE = (
    r"bounc\w*|hardbounc\w*|undeliver\w*|invalid\w*|unzustell\w*|ungultig\w*|rebot\w*|rebond\w*|rimbalz\w*"
    r"|bad email|is bad|devolvid\w*|onbestelbaar|studs\w*|clean|cleaned|dead|rucklauf\w*|npai|pnd"
)
_COMPLAINT = r"complain\w*|spam\w*|abuse\w*|junk|plainte\w*|beschwerde\w*|queja\w*|жалоб\w*"
_BLOCK = (
    r"block\w*|blacklist\w*|suppress\w*|banned|(do not|don t|dont) (email|mail|contact|send|allow|bulk|market"
    r"|solicit|write)\w*"
    r"|donot\w+|dnc|on hold|onhold|\w*gesperrt|\w*sperr\w*|deceased|gestorben|verstorben|decede\w*|fallecid\w*"
    r"|decedut\w*|falecid\w*|overleden|zmarl\w*|avliden|liste (rouge|noire)|lista (negra|nera)"
    r"|bloque\w*|bloccat\w*|geblokkeerd|zablokowan\w*|sparrad|exclude\w*|exclus\w*|exclui\w*|esclus\w*"
    r"|ausgeschlossen|заблокирован\w*"
)
_LEAVE = (
    r"unsub\w*|optout|optouts|deleted|delete|removed|disabled|deactivat\w*|inactive|cancel\w*|archived|left|leave"
    r"|no (more )?(email|mail|newsletter|contact)\w*|nomail|never (email|mail|contact)\w*|stop|stopped"
    r"|not (subscribed|active|interested|mailable|to be (mailed|emailed|contacted))|withdrawn|revoked|resigned"
    r"|(nicht|nie) (anschreiben|kontaktier\w*|mailen|senden|mehr|erwunscht|gewunscht)|austritt|ausgetreten"
    r"|\w*widerspr\w*"
    r"|ne (pas|plus) \w+|pas de (newsletter|mail|email|courriel|lettre)\w*|opposition|refus\w*|radiee?|resiliee?"
    r"|no (contactar|enviar|desea|quiere)|bajas|anulad\w*|non (contattare|inviare|desidera|vuole)|annullat\w*"
    r"|revocat\w*"
    r"|nao (contactar|contatar|enviar|deseja|quer)|(niet|geen) (mailen|contacteren|mail|email|nieuwsbrief|post)\w*"
    r"|nie (wysylac|kontaktowac|wysylaj)|(ej|inte|ikke) (kontakt\w*|utskick\w*|mail|email|epost|send\w*|nyhe\w*)"
    r"|abgemeldet|abmeld\w*|abbestell\w*|ausgetragen|austrag\w*|gelosch\w*|\w*widerruf\w*|deaktiviert|kundig\w*"
    r"|gekundigt"
    r"|kein\w* (newsletter|mail|email|werb|rundbrief|post)\w*|desabonn\w*|desinscri\w*|supprim\w*|baja"
    r"|desuscri\w*|cancelad\w*|eliminad\w*"
    r"|disiscri\w*|cancellat\w*|descadastr\w*|uitgeschreven|uitschrijf\w*|afgemeld|afmeld\w*|verwijderd|opgezegd"
    r"|wypisan\w*|rezygnac\w*|usuniet\w*|avregistrer\w*|avprenumer\w*|avanmal\w*|borttagen|avmeld\w*|afmeldt"
    r"|отпис\w*|удален\w*|отключен\w*|не (отправлять|присылать|писать)"
)
_WAITING = (
    r"unconfirmed|unverified|not (confirmed|verified|activated)|pending|awaiting|unbestatigt|nicht bestatigt|en attente"
    r"|pendiente|non confermat\w|pendente|onbevestigd|niepotwierdzon\w|obekraftad"
)
_AGAINST: tuple[tuple[re.Pattern[str], Said], ...] = (
    (_compiled(rf"\b({_BOUNCE})\b|エラー|不達"), BOUNCED),
    (_compiled(rf"\b({_COMPLAINT})\b|スパム|迷惑"), COMPLAINED),
    (_compiled(rf"\b({_BLOCK})\b|ブロック|拒否"), BLOCKED),
    (_compiled(rf"\b({_LEAVE})\b|解除|退会|停止|不可|退订|수신거부|해지"), LEFT),
    (_compiled(rf"\b({_WAITING})\b|未確認|保留"), PENDING),
)
_TRACE = _compiled(
    r"\b(at|time|date|on|timestamp|reason|grund|motif|raison|motivo|reden|powod|причина|datum|fecha|data|heure"
    r"|campaign|title|other|via|by|from|comment|feedback|code|error|message|source|method|ip|page|form|дата)\b"
    r"|日|理由|suppressions?$"
)
_FILL = _compiled(
    r"\b(is|has|have|was|are|email|emails|mail|mails|mailing|mailings|list|lists|to|for|from|by|our|the|all|of"
    r"|marketing"
    r"|newsletter|newsletters|contact|user|customer|member|subscriber|global|globally|general|gdpr|current"
    r"|person|via|and"
    r"|i|my|me|we|us|you|your|this|that|do|does|did|please|manually|account|newsletterempfang\w*|people|want"
    r"|wants|wish|would|like|receive|receives|received|get|gets|communications?|updates?|messages?|news"
    r"|promotional|souhaite|souhaitez|recevoir|quiere|quiero|desea|deseo|recibir|vuole|vorrei|ricevere|deseja|quero"
    r"|receber|wil|graag|ontvangen|chce|otrzymywac|vill|ha|mochte|erhalten|den|der|die|das|zum|zur|fur|la|le"
    r"|les|de|du|des|el|los|al|por|per|il|o|a|do|da|voor|nieuwsbrief"
    r"|je|j|ich|recoit|recibe|ricevo|ricevi|receve|ontvangt|empfanger|empfang"
    r"|boletin|infolettre|infolettres|nyhetsbrev|biuletyn|рассылк\w|рассылку|на)\b|ニュースレター|メルマガ|メール|是否|뉴스레터|마케팅|이메일"
)
#: What is left of a header that asks for a yes, once the filling words are out.
_WANTED = _compiled(
    r"^(subscribed|subscribe|subscribes|subscription|optin|optins|accepts?|accepted|consent|consents|consented"
    r"|permission"
    r"|permissions|agree|agrees|agreed|active|enabled|allowed|allows?|mailable|sendable|abonniert|angemeldet|aktiv"
    r"|gewunscht|erwunscht|bestellt"
    r"|anmeldung|einwilligung|eingewilligt|zustimmung|abonnement|abo|abonne|abonnee|inscrite?|inscription|actif"
    r"|consentement|accepte|suscrit[oa]|suscripcion|activo|consentimiento|acepta|iscritt[oa]|iscrizione|attivo"
    r"|consenso|inscricao|inscrit[oa]|ativo|consentimento|aceita|aceite|ingeschreven|aangemeld|actief|toestemming"
    r"|inschrijving|zapisan\w|zgoda|aktywn\w|subskrypcja|prenumererar|prenumeration|prenumerant|samtycke"
    r"|pameldt|tilmeldt"
    r"|(購読|配信|希望|同意|許可|登録|受信|可否|有無)+|订阅|同意订阅|수신|수신동의|구독|동의|подписан\w?|подписка|согласие|актив\w+)$"
)
_CONFIRMED = _compiled(
    r"^(confirmed|confirmation|verified|verification|doubleoptin|double|doi|activated|bestatigt|confirmee?"
    r"|confirmad[oa]"
    r"|confermat[oa]|bevestigd|potwierdzon\w|bekraftad|確認|подтвержд\w+)$"
)
_DELIVERABLE = _compiled(r"^(valid|deliverable|gultig|zustellbar|valide)$")
_ASKS = _compiled(
    r"\b(newsletters?|marketing|mailings?|receives?|nieuwsbrief|boletin|infolettre|nyhetsbrev)\b|メルマガ|ニュースレター|뉴스레터"
)
#: Asked about where yes and no stand below it: it is about hearing from somebody, or not.
_IN_TOUCH = _compiled(
    r"\b(mail\w*|contact|contactable|contacted|kontakt\w*|hear|in touch|informed|updated?|updates|posted"
    r"|promotions?|promotional"
    r"|promos?|notif\w*|gdpr|dsgvo|rgpd|rodo|avg|on list|in list|the list|mailable|emailable|sign me up|enews"
    r"|e news|bulletin"
    r"|bulletins|nl|werb\w+|einverstand\w*|infomail\w*|rundbrief\w*|mitgliederbrief\w*|abonn\w+|\w*newsletter\w*"
    r"|\w*email\w*|\w*digest\w*|lettre d information|infos|informations|publicidad|correos?|noticias|novedades"
    r"|boletines"
    r"|boletim|informativo|notiziario|novita|noviteiten|nieuwsbrieven|nyhedsbrev\w*|uutiskirje\w*|zpravodaj|novinky"
    r"|odber|hirlevel|bulten|abonelik|biuletynu?|рассылк\w*|новост\w*|письма|уведомлен\w*)\b|配信|購読|希望|受信|案内"
    r"|订阅|通知|수신|구독"
)


_PREFERENCE = _compiled(
    r"\b(preferences?|preferred|kontaktpraferenz\w*|\w*praferenz\w*|bevorzugt\w*|preferencias?|preferenz\w|preferencia\w*"
    r"|voorkeur\w*|preferencj\w|preferens\w*|предпочт\w*)\b"
)
#: Beside it: what the preference is about.
_OF_CONTACT = _compiled(
    r"\b(contact\w*|communic\w*|mail\w*|email\w*|marketing|newsletter\w*|kontakt\w*|kommunikation\w*|comunica\w*"
    r"|subscription|subscriptions|канал\w*|связ\w*)\b|praferenz"
)


def kind_of(header: str, headers: Collection[str]) -> tuple[Kind, Said]:
    """How a column of this header speaks, and what it says where it speaks against mail."""
    words = spaced(header)
    others = {spaced(other) for other in headers}
    if _is_of_another_thing(words, others):
        return Kind.NEVER, LEFT
    if _NEVER.search(words) or (_ELSEWHERE.search(words) and not _MAIL.search(words)):
        return Kind.NEVER, LEFT
    if _PREFERENCE.search(words) and _OF_CONTACT.search(words):
        return Kind.PREFERENCE, LEFT
    if _STATUS.search(words):
        # "Opt-in status" may be answered with yes or no, "status" may not.
        kind, no = kind_of(_STATUS.sub(" ", words), headers)
        return (kind, no) if kind in (Kind.WANTED, Kind.UNWANTED) else (Kind.STATUS, LEFT)
    against = next((said for pattern, said in _AGAINST if pattern.search(words)), None)
    if against is not None:
        return (Kind.TRACE if _TRACE.search(words) else Kind.UNWANTED), against
    if _PERHAPS.match(words):
        return Kind.PERHAPS, LEFT
    return _wanting(words, others)


def _is_of_another_thing(words: str, others: Collection[str]) -> bool:
    """What a word means beside the other columns of certain systems."""
    if words == "do not mail":
        return "do not email" in others  # CiviCRM's: letters on paper
    if words == "state":
        return any(map(_SPEAKS_OF_MAIL.search, others))  # a shop's: whether people may log in
    return words == "cancel date" and "email disabled" in others  # Substack's: of what is paid


def _wanting(words: str, headers: Collection[str]) -> tuple[Kind, Said]:
    left = _FILL.sub(" ", words).split()
    if words == "active subscription" and not {"email disabled", "plan", "expiry"}.isdisjoint(headers):
        return Kind.OTHER, LEFT  # Substack's word for one that is paid
    if "digest" in words and "email disabled" in headers:
        return Kind.OTHER, LEFT  # Substack's mail about other people's posts
    if not left:
        asked = Kind.MAYBE if _IN_TOUCH.search(words) and not _FORMAT.search(words) else Kind.OTHER
        return (Kind.WANTED if _ASKS.search(words) else asked), LEFT
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
    about_mail = (_ASKS.search(words) or _IN_TOUCH.search(words)) and not _FORMAT.search(words)
    agreeing = any(_WANTED.match(word) or _CONFIRMED.match(word) for word in left)
    return (Kind.MAYBE if about_mail or agreeing else Kind.OTHER), LEFT
