"""What the header of a column says of its cells: whether they tell who may be mailed, and how. The cells are
status_columns' part."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from enum import Enum, auto

from subscribers.lists import words
from subscribers.lists.spelling import spaced, squeezed, unspoilt
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
    #: In words or letters that are not known here: it has to be asked about where it holds yes and no, or a word of a
    #: status.
    UNCLEAR = auto()
    #: How a person wants to hear from us: by mail, by letter, not at all.
    PREFERENCE = auto()
    #: The same, where some cell names a way to hear from us; else about something else.
    PERHAPS_PREFERENCE = auto()
    #: Several labels in each cell, any of which may say that a person left.
    LABELS = auto()
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
    r"\b(preferences?|preferred|prefers?|kontaktpraferenz\w*|\w*praferenz\w*|bevorzugt\w*|preferencias?|preferenz\w"
    r"|preferencia\w*|voorkeur\w*|preferencj\w|preferens\w*|предпочт\w*)\b"
)
#: Beside it: what the preference is about.
_OF_CONTACT = _compiled(
    r"\b(contact\w*|communic\w*|mail\w*|email\w*|marketing|newsletter\w*|kontakt\w*|kommunikation\w*|comunica\w*"
    r"|subscription|subscriptions|channels?|kanal\w*|canal\w*|канал\w*|связ\w*)\b|praferenz"
)
#: How to reach somebody, without that word.
_CHANNEL = _compiled(
    r"^((contact|contacted|kontakt|contacto|contatto|contato) ?(me|us|you)? ?(via|by|per|par|por|through|method|methods"
    r"|channel|channels|type|mode|option|options|art|weg|kanal)|(how|best way|way) to (contact|reach)\b.*"
    r"|(communications?|marketing|contact|kommunikations)? ?(channels?|kanal|canal|canale|kanaal)"
    r"|kontaktart|kontaktweg|kontaktkanal|(mode|moyen|medio|modo|mezzo|via|forma) (de|di) (contacto?|contatto|contato"
    r"|communication|comunicacion))$"
)
_PERHAPS_CHANNEL = _compiled(r"^(contact|contacts?|kontakt|contacto|contatto|contato|communications?)$")
_LABELS = _compiled(
    r"^(tags?|labels?|groups|segments?|categor(y|ies)|interests?|markers?|flags?|(contact|subscriber|member|person|user)"
    r" (tags?|labels?|groups|segments?|categor(y|ies)|flags?)|tag (list|names?)|schlagwort\w*|schlagworte|markierung\w*"
    r"|kategorien?|gruppen|etiquet\w*|etichett\w*|groupes|grupos|gruppi|categorias?|categorie|znaczniki|etykiet\w*"
    r"|taggar|merker|tunniste\w*|stitky|cimkek|etiketler|теги|метки|ετικετ\w*)$|^(タグ|ラベル|标签|標籤|태그)$"
)
#: Programs that knew no such letter left a question mark, or what is no letter at all.
_LOST_LETTER = re.compile(r"\ufffd|\w\?\w|[À-ÖØ-ß][^\w\s]|[ÂÃ][ \u00a0]")
#: Question words of languages in which a header is a sentence.
_PARTICLES = _compiled(
    r"\b(mi|mu|czy|ли|ще|er|z|ze|od|fra|fran|pa|az|a|til|listalta|newsletteru|apo|λιστα|απο|την|το)\b"
)
_WITHOUT_BLANKS = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff]")
#: The most words that a phrase of the tables has.
_LONGEST_PHRASE = 4


def kind_of(header: str, headers: Collection[str]) -> tuple[Kind, Said]:
    """How a column of this header speaks, and what it says where it speaks against mail."""
    said = spaced(header)
    others = {spaced(other) for other in headers}
    if _is_of_another_thing(said, others):
        return Kind.NEVER, LEFT
    if (_NEVER.search(said) or (_ELSEWHERE.search(said) and not _MAIL.search(said))) and not _is_word(said):
        return Kind.NEVER, LEFT
    if (_PREFERENCE.search(said) and _OF_CONTACT.search(said)) or _CHANNEL.match(said):
        return Kind.PREFERENCE, LEFT
    if _PERHAPS_CHANNEL.match(said) or (_PREFERENCE.search(said) and len(said.split()) == 1):
        return Kind.PERHAPS_PREFERENCE, LEFT
    if _STATUS.search(said):
        # "Opt-in status" may be answered with yes or no, "status" may not.
        kind, no = kind_of(_STATUS.sub(" ", said), headers)
        return (kind, no) if kind in (Kind.WANTED, Kind.UNWANTED) else (Kind.STATUS, LEFT)
    against = next((what for pattern, what in _AGAINST if pattern.search(said)), None) or _by_tables(said)
    if against is not None:
        return (Kind.TRACE if _TRACE.search(said) else Kind.UNWANTED), against
    if _PERHAPS.match(said):
        return Kind.PERHAPS, LEFT
    if _LABELS.match(said):
        return Kind.LABELS, LEFT
    kind, no = _wanting(said, others)
    return (Kind.UNCLEAR if kind is Kind.OTHER and _is_unclear(header, said) else kind), no


_TABLES = (
    (words.BOUNCED, BOUNCED),
    (words.COMPLAINED, COMPLAINED),
    (words.BLOCKED, BLOCKED),
    (words.LEFT, LEFT),
    (words.PENDING, PENDING),
)


def _is_word(said: str) -> bool:
    """Whether a header is nothing but a word that a cell may hold as well."""
    return any(squeezed(said) in table for table, _ in _TABLES)


def _by_tables(said: str) -> Said | None:
    """What a yes below a header means that is a word for having left, whatever fills it up."""
    for part in (said, _FILL.sub(" ", said), _PARTICLES.sub(" ", _FILL.sub(" ", said))):
        word = squeezed(part)
        if word in words.NO_HEADERS:
            return None
        for table, what in _TABLES:
            if word in table:
                return what
    return next((what for pattern, what in _UNSPACED if pattern.search(squeezed(said))), None)


_UNSPACED = [
    (re.compile("|".join(sorted(found, key=len, reverse=True))), what)
    for table, what in _TABLES
    if (found := [re.escape(word) for word in table if _WITHOUT_BLANKS.match(word) and len(word) > 1])
]


def _is_unclear(header: str, said: str) -> bool:
    """Whether a header that says nothing here may speak of leaving all the same: letters of it are lost, it is in an
    alphabet or with letters of languages of which few words are known here, or it names such a word among others."""
    whole = unspoilt(header)
    if _LOST_LETTER.search(whole) or any(char > "\xff" and char.isalpha() for char in whole):
        return True
    each = said.split()
    phrases = {
        "".join(each[start:end])
        for start in range(len(each))
        for end in range(start + 1, min(start + _LONGEST_PHRASE, len(each)) + 1)
    }
    spoken = words.LEFT | words.BOUNCED | words.COMPLAINED | words.BLOCKED | words.SUBSCRIBED
    return not phrases.isdisjoint(spoken - words.NO_HEADERS) or not phrases.isdisjoint(words.UNCLEAR_HEADERS)


def _is_of_another_thing(said: str, others: Collection[str]) -> bool:
    """What a word means beside the other columns of certain systems."""
    if said == "do not mail":
        return "do not email" in others  # CiviCRM's: letters on paper
    if said == "state":
        return any(map(_SPEAKS_OF_MAIL.search, others))  # a shop's: whether people may log in
    return said == "cancel date" and "email disabled" in others  # Substack's: of what is paid


def _wanting(said: str, headers: Collection[str]) -> tuple[Kind, Said]:
    left = _FILL.sub(" ", said).split()
    if said == "active subscription" and not {"email disabled", "plan", "expiry"}.isdisjoint(headers):
        return Kind.NEVER, LEFT  # Substack's word for one that is paid
    if "digest" in said and "email disabled" in headers:
        return Kind.NEVER, LEFT  # Substack's mail about other people's posts
    if not left:
        asked = Kind.MAYBE if _IN_TOUCH.search(said) and not _FORMAT.search(said) else Kind.OTHER
        return (Kind.WANTED if _ASKS.search(said) else asked), LEFT
    if all(_WANTED.match(word) or _CONFIRMED.match(word) for word in left):
        return Kind.WANTED, PENDING if any(_CONFIRMED.match(word) for word in left) else LEFT
    plain = squeezed(" ".join(left))
    if plain in words.SUBSCRIBED and plain not in words.UNCLEAR_HEADERS:
        return Kind.WANTED, LEFT
    if len(left) == 1 and _DELIVERABLE.match(left[0]):
        return Kind.WANTED, BOUNCED
    if (
        left[0] in ("not", "no", "never", "non", "nicht", "kein")
        and all(map(_WANTED.match, left[1:]))
        and left[1:]
    ):
        return Kind.UNWANTED, LEFT
    about_mail = (_ASKS.search(said) or _IN_TOUCH.search(said)) and not _FORMAT.search(said)
    agreeing = any(_WANTED.match(word) or _CONFIRMED.match(word) for word in left)
    return (Kind.MAYBE if about_mail or agreeing else Kind.OTHER), LEFT
