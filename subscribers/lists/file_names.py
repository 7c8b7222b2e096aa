"""What the name of a list's file says of the people in it: systems export those who left into files of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace

from subscribers.lists.spelling import known, spaced
from subscribers.lists.standing import BLOCKED, BOUNCED, COMPLAINED, LEFT, PENDING, SKIP, Said

_LEFT = known(
    """unsubscribed, unsubscribes, unsubscribers, unsubscribe, unsub, unsubs, optout, optouts, cancelled, canceled,
    unsubscriptions, abgemeldet, abgemeldete, abmeldungen, ausgetragene, desabonnes, desinscrits, desabonnements,
    desinscriptions, bajas, desuscritos, disiscritti, cancellati, descadastrados, uitgeschreven, afmeldingen, afgemeld,
    wypisani, avregistrerade, avmeldte, afmeldte, 配信停止, 退会, 解除, отписанные, отписавшиеся"""
)
_BOUNCED = known(
    "bounced, bounces, hardbounces, hardbounced, undeliverable, unzustellbar, rebotados, rimbalzati, エラー"
)
_COMPLAINED = known(
    "complaints, complained, complainers, spamreports, spamcomplaints, beschwerden, plaintes, quejas"
)
_BLOCKED = known(
    "suppressed, suppression, suppressions, blocklist, blocklisted, blacklist, blacklisted, dnc, donotcontact, "
    "donotmail, donotemail, sperrliste, gesperrt, bloqueados, bloccati, geblokkeerd"
)
#: They say no more than that there is a reason.
_OF_ANY_KIND = known("suppressed, suppression, suppressions")
_PENDING = known("unconfirmed, pending, unactivated, unbestatigt, nonconfirmes")
_NEVER = known("nonsubscribed, nonsubscribers, notsubscribed")
#: Words that say it at the beginning of an export's name, and in its middle may mean that somebody tidied the list.
_AT_THE_BEGINNING = {
    **dict.fromkeys(known("cleaned, invalid, invalidemails"), BOUNCED),
    **dict.fromkeys(
        known("deleted, removed, inactive, archived, left, former, abbestellt, abbestellungen"), LEFT
    ),
    **dict.fromkeys(known("blocked, blocks, banned"), BLOCKED),
}
_ANYWHERE = {
    **dict.fromkeys(_LEFT, LEFT),
    **dict.fromkeys(_BOUNCED, BOUNCED),
    **dict.fromkeys(_COMPLAINED, COMPLAINED),
    **dict.fromkeys(_BLOCKED, BLOCKED),
    **dict.fromkeys(_PENDING, PENDING),
    **dict.fromkeys(_NEVER, SKIP),
}
_EXPORT = known("export, members, contacts, segment, audience, email, emails, subscribers, users, list")
_OTHERWISE = known(
    "without, no, not, minus, except, excluding, excl, minus, ohne, nicht, sans, sin, senza, sem, zonder, bez, utan, "
    "subscribed, active, confirmed, aktiv, all, alle, and, und, et, y, e, before, after"
)
_PAIRS = known(
    "hard bounces, hard bounced, spam reports, spam complaints, do not contact, do not mail, "
    "do not email, non subscribed, not subscribed, invalid emails"
)


@dataclass(frozen=True, slots=True)
class NameSays:
    """What the name of a file says of its people."""

    said: Said
    #: Words in it say otherwise, or it may be meant in another way.
    doubtful: bool = False


def name_says(stem: str) -> NameSays | None:
    """What a file's name without its ending says; None when it says nothing of who left."""
    words = _words(spaced(stem))
    found = [
        (place, word) for place, word in enumerate(words) if word in _ANYWHERE or word in _AT_THE_BEGINNING
    ]
    if not found:
        return None
    # "suppression_global_unsubscribes": which kind of suppression it is decides.
    plain = [item for item in found if item[1] not in _OF_ANY_KIND] or found
    place, word = max(plain, key=lambda item: _said(item[1]).weight)
    said = replace(_said(word), why=f'the file is called "{stem[:60]}"')
    others = [other for at, other in enumerate(words) if at != place]
    fits = word in _ANYWHERE or (place == 0 and all(other in _EXPORT or other.isalnum() for other in others))
    exported = not others or bool(_EXPORT & set(others)) or word in _ANYWHERE
    return NameSays(said, doubtful=not (fits and exported) or not _OTHERWISE.isdisjoint(others))


def _said(word: str) -> Said:
    return _ANYWHERE.get(word) or _AT_THE_BEGINNING[word]


def _words(text: str) -> list[str]:
    """The words of a name, those together that mean something only so."""
    words = text.split()
    out: list[str] = []
    while words:
        longest = next((n for n in (3, 2) if "".join(words[:n]) in _PAIRS and len(words) >= n), 1)
        out.append("".join(words[:longest]))
        words = words[longest:]
    return out
