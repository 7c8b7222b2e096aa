"""Whether a feed gives whole posts or only their beginnings, by the look of its texts. Nothing is changed here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from newsletter.sources.html.sanitize import plain_text
from newsletter.sources.webfeed.model import FeedEntry

#: How an excerpt ends in the languages of our users; only at the very end of a text.
_ENDS = re.compile(
    r"(?:\[\s*(?:…|\.{3}|&hellip;)\s*\]|…|\.{3}|»|→"
    r"|(?:read|continue)\s+(?:more|reading|on|the\s+(?:rest|full|whole).{0,40})"
    r"|weiterlesen|mehr lesen|lire la suite|en savoir plus|leer más|seguir leyendo|continua a leggere|leggi tutto"
    r"|lees (?:meer|verder)|ler mais|leia mais|continuar lendo)[\s.»→]*$",
    re.IGNORECASE,
)
#: WordPress's own end of an excerpt, before the line "The post … appeared first on …" that Yoast SEO puts under it, in
#: whatever language.
_ENDS_ABOVE_THE_LAST_LINE = re.compile(r"\[\s*(?:…|\.{3})\s*\]\s*\n[^\n]{1,900}$")
_FIXES = {
    "wordpress": 'in WordPress: Settings, Reading, "For each post in a feed, include: Full text"',
    "hugo": "in Hugo: a template of its own for RSS with .Content instead of .Summary",
    "blogger": "in Blogger: Settings, Site feed, Allow blog feed: Full",
    "drupal": "in Drupal: the feed's display mode, Full content",
    "typo3": "in TYPO3: the feed's template",
}
#: Summaries that programs cut themselves have so many words (Hugo 70, WordPress 55).
_CUT_WORDS = range(15, 130)


class Texts(NamedTuple):
    """What an entry's text looks like."""

    is_excerpt: bool
    is_empty: bool


def only_excerpts(entries: Sequence[FeedEntry], generator: str) -> str:
    """One sentence with the cure when the feed gives no whole posts, else empty. Recordings and pictures need none."""
    judged = [_look(entry) for entry in entries if not _needs_no_text(entry)]
    if not judged:
        return ""
    if all(text.is_empty for text in judged):
        return f"the feed gives only titles, no texts: {_cure(generator)}; meanwhile posts carry the title and a link"
    excerpts = sum(text.is_excerpt for text in judged)
    if excerpts * 2 <= len(judged) and not _all_cut_alike(entries):
        return ""
    return (
        f"the feed gives only the beginnings of its posts: {_cure(generator)}; meanwhile posts carry the excerpt "
        "and a link"
    )


def _needs_no_text(entry: FeedEntry) -> bool:
    """A recording, a picture without words, and what is no post at all."""
    if entry.enclosure is not None:
        return True
    text = entry.content or entry.description
    return (bool(entry.image) or "<img" in text.lower() or not entry.title) and not plain_text(text)


def _cure(generator: str) -> str:
    name = next((name for name in _FIXES if name in generator.lower()), "")
    said = f" ({_FIXES[name]})" if name else ""
    return f"set it to full text{said}, or ask who runs the site to"


def _look(entry: FeedEntry) -> Texts:
    text = plain_text(entry.content or entry.description)
    if len(text) >= 2000:
        return Texts(False, False)
    return Texts(bool(_ENDS.search(text) or _ENDS_ABOVE_THE_LAST_LINE.search(text)), not text)


def _all_cut_alike(entries: Sequence[FeedEntry]) -> bool:
    """True where no entry has a whole text and all summaries are one plain paragraph of much the same length."""
    if len(entries) < 3 or any(entry.content or entry.enclosure for entry in entries):
        return False
    lengths = []
    for entry in entries:
        text = plain_text(entry.description)
        lengths.append(len(text.split()) if "\n" not in text else 0)
    full = sorted(lengths)[len(lengths) // 2]
    return full in _CUT_WORDS and max(lengths) < 130 and min(lengths) * 2 > full
