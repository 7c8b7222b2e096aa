"""Which columns of a list say who may be mailed, and what they say of one row. The words' meaning is standing's."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from subscribers import standing
from subscribers.spelling import spaced, squeezed
from subscribers.standing import BLOCKED, BOUNCED, COMPLAINED, LEFT, PENDING, SKIP, SUBSCRIBED, Said


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
    #: In a file without a header: it counts where it says beyond doubt that people left, or holds nothing else.
    UNNAMED = auto()
    #: About something else, whatever it holds.
    NEVER = auto()
    #: About something else, unless a cell says beyond doubt that a person left.
    OTHER = auto()


@dataclass(slots=True)
class Column:
    """One column that may say who may be mailed."""

    place: int
    header: str
    kind: Kind
    #: What "yes" in UNWANTED and anything in TRACE mean, or "no" in WANTED.
    against: Said = LEFT
    #: Values other than nothing → how many rows; not counted further once there are too many to be a status.
    values: dict[str, int] = field(default_factory=dict)
    #: A line for each value, to name one.
    line: dict[str, int] = field(default_factory=dict)
    blank: int = 0
    crowded: bool = False
    #: It holds nothing but days and times.
    dates: bool = False


#: A column with more different values than this is no status.
_MOST_VALUES = 60
#: Values of a column of unknown header, among which a word such as "bounced" makes a status of it.
_FEW_VALUES = 12

_STATUS = re.compile(
    r"\b(status(es)?|statut|statuts|statusen|staus|stav|tila|durum|subscriptionstatus|standing|статус|состояние)\b"
    r"|ステータス|状態|状态|상태"
)
_PERHAPS = re.compile(
    r"^(state|estado|stato|stan|etat|zustand|type|typ|tipo|subscriber type|subscription type|kind|group)$"
)
#: About other things than mail, unless mail is named as well.
_ELSEWHERE = re.compile(
    r"\b(sms|phone|mobile|whatsapp|push|track\w*|cookies?|terms|privacy|postal|call|calls|fax|lead|order|payment"
    r"|financial|fulfil\w*|marital|civil|job|employment|invoice|shipping|stripe|http|open(ed|s)?|click\w*|tax|vat)\b"
)
_MAIL = re.compile(r"\b(email\w*|mail\w*|newsletter\w*)\b")
#: Numbers and addresses that everybody has.
_NEVER = re.compile(
    r"\b(count|number|total|rate|score|url|link|href|token|hash|key|soft|ratio|percent\w*)\b|count$"
)

_BOUNCE = (
    r"bounc\w*|hardbounc\w*|undeliver\w*|invalid\w*|unzustell\w*|ungultig\w*|rebot\w*|rebond\w*|rimbalz\w*"
    r"|devolvid\w*|onbestelbaar|studs\w*|clean|cleaned"
)
_COMPLAINT = r"complain\w*|spam\w*|abuse\w*|junk|plainte\w*|beschwerde\w*|queja\w*|жалоб\w*"
_BLOCK = (
    r"block\w*|blacklist\w*|suppress\w*|banned|do not (email|mail|contact|send)\w*|donot\w+|dnc|gesperrt|sperr\w*"
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
_AGAINST: tuple[tuple[re.Pattern[str], Said], ...] = (
    (re.compile(rf"\b({_BOUNCE})\b|エラー|不達"), BOUNCED),
    (re.compile(rf"\b({_COMPLAINT})\b|スパム|迷惑"), COMPLAINED),
    (re.compile(rf"\b({_BLOCK})\b|ブロック|拒否"), BLOCKED),
    (re.compile(rf"\b({_LEAVE})\b|配信停止|購読解除|解除|退会|停止|退订"), LEFT),
)
_TRACE = re.compile(
    r"\b(at|time|date|on|timestamp|reason|grund|motif|raison|motivo|reden|powod|причина|datum|fecha|data|heure"
    r"|campaign|title|other|via|by|from|comment|feedback|code|error|message|дата)\b|日|理由|suppressions?$"
)
_FILL = re.compile(
    r"\b(is|has|have|was|are|email|emails|mail|mails|mailing|mailings|list|lists|to|for|from|by|our|the|all|of|marketing"
    r"|newsletter|newsletters|contact|user|customer|member|subscriber|global|globally|general|gdpr|current|person|via|and"
    r"|i|my|we|want|wants|wish|would|like|receive|receives|received|get|gets|communications?|updates?|messages?|news"
    r"|promotional|den|der|die|das|zum|zur|fur|la|le|les|de|du|des|el|los|al|por|per|il|o|a|do|da|voor|nieuwsbrief"
    r"|boletin|infolettre|infolettres|nyhetsbrev|biuletyn|рассылк\w|рассылку|на)\b|ニュースレター|メルマガ|メール"
)
#: What is left of a header that asks for a yes, once the filling words are out.
_WANTED = re.compile(
    r"^(subscribed|subscribe|subscribes|subscription|optin|optins|accepts?|accepted|consent|consents|consented|permission"
    r"|permissions|agree|agrees|agreed|active|enabled|allowed|allows?|mailable|sendable|abonniert|angemeldet|aktiv"
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
    return Kind.OTHER, LEFT


@dataclass(frozen=True, slots=True)
class Answers:
    """What staff said of a file: "VALUE" or "COLUMN:VALUE", squeezed → meaning; columns that say nothing."""

    values: Mapping[str, Said] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()

    def to(self, column: Column, value: str) -> Said | None:
        """The answer for a value of a column, if staff gave one."""
        word = _key(value)
        return self.values.get(f"{squeezed(column.header)}:{word}") or self.values.get(word)

    def names(self, column: Column) -> bool:
        """Whether an answer is about this very column."""
        return any(key.startswith(f"{squeezed(column.header)}:") for key in self.values)


def _key(value: str) -> str:
    return squeezed(value) or value.strip()


def answered(texts: Sequence[str], ignored: Sequence[str]) -> Answers:
    """Read ``VALUE=MEANING`` or ``COLUMN:VALUE=MEANING``. Raises ValueError with a clause for staff."""
    values: dict[str, Said] = {}
    for text in texts:
        value, equals, word = text.rpartition("=")
        if not equals or word.strip().casefold() not in set(standing.Standing):
            raise ValueError(f'expected VALUE={"|".join(standing.Standing)}, found "{text}"')
        column, colon, rest = value.rpartition(":")
        key = f"{squeezed(column)}:{_key(rest)}" if colon else _key(value)
        values[key] = Said(standing.Standing(word.strip().casefold()))
    return Answers(values, frozenset(map(squeezed, ignored)))


class StatusColumns:
    """What the columns of one file say. ``see`` every row first, then ``settle``, then ask ``say``."""

    def __init__(
        self, headers: Sequence[str], taken: Collection[int], answers: Answers, *, kind: Kind | None = None
    ) -> None:
        self._answers = answers
        self._least: Said | None = None
        self._columns = [
            Column(place, header.strip(), *((kind, LEFT) if kind else kind_of(header, headers)))
            for place, header in enumerate(headers)
            if place not in taken and squeezed(header) not in answers.ignored
        ]
        for column in self._columns:
            if answers.names(column) and column.kind in (Kind.OTHER, Kind.PERHAPS, Kind.UNNAMED):
                column.kind = Kind.STATUS

    def see(self, line: int, cells: Sequence[str]) -> None:
        """Count what a row holds."""
        for column in self._columns:
            value = cells[column.place].strip() if column.place < len(cells) else ""
            if standing.is_nothing(value):
                column.blank += 1
            elif value in column.values:
                column.values[value] += 1
            elif len(column.values) < _MOST_VALUES:
                column.values[value] = 1
                column.line[value] = line
            else:
                column.crowded = True

    def settle(self) -> list[tuple[str, str, int, int]]:
        """Decide which columns count. Returns (header, value, rows, a line) for each value that nobody knows."""
        self._columns = [column for column in self._columns if _counts(column)]
        unknown: list[tuple[str, str, int, int]] = []
        for column in self._columns:
            column.dates = all(map(standing.is_date, column.values))
        for column in self._columns:
            asked = [(value, count, column.line[value]) for value, count in column.values.items()]
            if column.blank and column.kind is Kind.STATUS:
                asked.append(("", column.blank, 0))
            unknown += [
                (column.header, value, count, line)
                for value, count, line in asked
                if self._of(column, value) is None and not _is_prose(column)
            ]
        return unknown

    def forget(self) -> None:
        """Say nothing of anybody."""
        self._columns = []

    @property
    def places(self) -> frozenset[int]:
        """Where the columns stand that count."""
        return frozenset(column.place for column in self._columns)

    def at_least(self, said: Said) -> None:
        """What holds of every row, where its columns say nothing stricter."""
        self._least = said

    @property
    def says(self) -> bool:
        """Whether any column of the file says who may be mailed."""
        return bool(self._columns)

    def say(self, cells: Sequence[str]) -> Said | None:
        """What a row says, by its strictest column; None when it says nothing."""
        found = self._least
        since = None
        for column in self._columns:
            value = cells[column.place].strip() if column.place < len(cells) else ""
            said = self._of(column, value)
            if said is None:
                continue
            since = since or said.at
            if found is None or said.weight > found.weight:
                found = said
        if (
            found is None
            or found.at
            or since is None
            or found.standing.strictness <= PENDING.standing.strictness
        ):
            return found
        return replace(found, at=since)

    def _of(self, column: Column, value: str) -> Said | None:
        """What one cell says; None when it says nothing, or nobody knows what."""
        nothing = standing.is_nothing(value)
        if (said := self._answers.to(column, "" if nothing else value)) is not None:
            return _because(said, column, value)
        if nothing:
            # An empty box to tick is no yes; a day that nobody noted says nothing where a status does.
            ticked = column.kind is Kind.WANTED and not (column.dates and len(self._columns) > 1)
            return _because(SKIP, column, value) if ticked else None
        said = _meant(column, value)
        return said and _because(said, column, value)


def _is_prose(column: Column) -> bool:
    """Remarks rather than words for how people stand."""
    return column.kind in (Kind.OTHER, Kind.UNNAMED) and len(column.values) > _FEW_VALUES


def _counts(column: Column) -> bool:
    """Whether a column says who may be mailed, now that its values are known."""
    if not column.values or column.kind is Kind.NEVER:
        return False
    if column.kind is Kind.OTHER:
        return not column.crowded and any(map(standing.is_unmistakable, column.values))
    if column.kind is Kind.UNNAMED:
        yes_or_no = {standing.truth(value) for value in column.values}
        return not column.crowded and (
            any(map(standing.is_unmistakable, column.values))
            or all(map(standing.says_something, column.values))
            or yes_or_no == {True, False}
        )
    if column.kind is Kind.PERHAPS:
        return any(map(standing.says_something, column.values))
    numbers = all(value.isdigit() for value in column.values)
    plural = squeezed(column.header).endswith("s") and any(value not in "01" for value in column.values)
    return not (column.kind is Kind.UNWANTED and numbers and plural)  # "Bounces: 3" counts


def _meant(column: Column, value: str) -> Said | None:
    if column.kind is Kind.TRACE:
        no = standing.truth(value) is False
        return SUBSCRIBED if no else replace(_reason(column, value), at=standing.instant(value))
    if column.kind in (Kind.WANTED, Kind.UNWANTED):
        yes = standing.truth(value)
        if yes is None and standing.is_date(value):
            yes = True
        if yes is not None:
            good = yes == (column.kind is Kind.WANTED)
            return SUBSCRIBED if good else replace(column.against, at=standing.instant(value))
    return standing.meaning(value)


def _reason(column: Column, value: str) -> Said:
    """A reason for leaving may say that it was a complaint."""
    first = standing.meaning(re.split(r"[\s:(]", value.strip())[0])
    return first if first and first.standing is standing.Standing.SUPPRESSED else column.against


def _because(said: Said, column: Column, value: str) -> Said:
    if said.standing is standing.Standing.SUBSCRIBED:
        return said
    shown = " ".join(value.split())[:60]
    return replace(said, why=f'{column.header} "{shown}"' if shown else f"{column.header} is empty")
