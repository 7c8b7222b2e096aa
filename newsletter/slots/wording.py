"""How a person reads when a campaign is due, in the languages of the pages. The arithmetic is in arithmetic.py."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.slots.arithmetic import Rule
from subscribers.cadence import Cadence


@dataclass(frozen=True, slots=True)
class _Words:
    """How one language says when a campaign is due."""

    each_post: str
    daily: str
    weekly: str
    monthly: str
    last_day: str
    #: Monthly on a weekday: {ordinal} and {day}.
    monthly_weekday: str
    #: First to fourth, then last.
    ordinals: tuple[str, str, str, str, str]
    #: As a habit ("Tuesdays"), Monday first.
    weekdays: tuple[str, ...]
    #: One of them ("Tuesday").
    one: tuple[str, ...]


_LANGUAGES = {
    "en": _Words(
        "Each post, as it is released",
        "Daily {time} {zone}",
        "{weekday} {time} {zone}",
        "Monthly on day {monthday}, {time} {zone}",
        "Monthly on the last day, {time} {zone}",
        "Monthly on the {ordinal} {day}, {time} {zone}",
        ("first", "second", "third", "fourth", "last"),
        ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"),
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ),
    "de": _Words(
        "Jeder Beitrag, sobald er erscheint",
        "Täglich {time} {zone}",
        "{weekday} {time} {zone}",
        "Monatlich am {monthday}., {time} {zone}",
        "Monatlich am letzten Tag, {time} {zone}",
        "Monatlich am {ordinal} {day}, {time} {zone}",
        ("ersten", "zweiten", "dritten", "vierten", "letzten"),
        ("Montags", "Dienstags", "Mittwochs", "Donnerstags", "Freitags", "Samstags", "Sonntags"),
        ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    ),
    "es": _Words(
        "Cada artículo, en cuanto se publica",
        "Cada día {time} {zone}",
        "Los {weekday} {time} {zone}",
        "Cada mes el día {monthday}, {time} {zone}",
        "Cada mes el último día, {time} {zone}",
        "Cada mes el {ordinal} {day}, {time} {zone}",
        ("primer", "segundo", "tercer", "cuarto", "último"),
        ("lunes", "martes", "miércoles", "jueves", "viernes", "sábados", "domingos"),
        ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    ),
    "fr": _Words(
        "Chaque article, dès sa parution",
        "Chaque jour {time} {zone}",
        "Le {weekday} {time} {zone}",
        "Chaque mois le {monthday}, {time} {zone}",
        "Chaque mois le dernier jour, {time} {zone}",
        "Chaque mois le {ordinal} {day}, {time} {zone}",
        ("premier", "deuxième", "troisième", "quatrième", "dernier"),
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    ),
}


def describe(rule: Rule, language: str = "en") -> str:
    """The rule in a few words with its zone, "Tuesdays 09:00 America/New_York".

    ``language`` is RFC 5646; its region is ignored, and a language that is not known here is English.
    """
    words = _words(language)
    return _pattern(rule, words).format(
        time=rule.at.strftime("%H:%M"),
        zone=rule.zone,
        weekday=words.weekdays[rule.weekday],
        day=words.one[rule.weekday],
        ordinal=words.ordinals[rule.ordinal - 1 if rule.ordinal > 0 else -1],
        monthday=rule.monthday,
    )


def _words(language: str) -> _Words:
    return _LANGUAGES.get(language.lower().partition("-")[0], _LANGUAGES["en"])


def _pattern(rule: Rule, words: _Words) -> str:
    if rule.cadence is Cadence.MONTHLY:
        if rule.ordinal:
            return words.monthly_weekday
        return words.last_day if rule.monthday == 31 else words.monthly
    return {
        Cadence.EACH_POST: words.each_post,
        Cadence.DAILY: words.daily,
        Cadence.WEEKLY: words.weekly,
    }[rule.cadence]
