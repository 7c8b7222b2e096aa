"""In which encoding a list is that is no UTF-8: by the words that are known here, then by how its words are spelt. What
they mean is not decided here.

Spreadsheets write the encoding of their machine and do not say which: windows-1252 in the west of Europe, windows-1250
in its middle, Mac Roman on old Macs. In the wrong one a name is spoilt for good, and a header such as "Désabonné" says
nothing any more, so that a "yes" below it would subscribe who had left.
"""

from __future__ import annotations

import codecs
import itertools
import re
import unicodedata
from collections.abc import Callable, Sequence

#: What is tried, in the order of how often lists are in it.
CANDIDATES = (
    "cp1252",
    "mac_roman",
    "cp1250",
    "iso8859_2",
    "mac_latin2",
    "cp1254",
    "cp1257",
    "cp1251",
    "koi8_r",
    "mac_cyrillic",
    "cp1253",
)
#: Names that a person reads.
_SHOWN = {
    "cp1252": "Windows-1252 (western Europe)",
    "mac_roman": "Mac Roman",
    "cp1250": "Windows-1250 (central Europe)",
    "iso8859_2": "ISO 8859-2 (central Europe)",
    "mac_latin2": "Mac central European",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1257": "Windows-1257 (Baltic)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "koi8_r": "KOI8-R (Cyrillic)",
    "mac_cyrillic": "Mac Cyrillic",
    "cp1253": "Windows-1253 (Greek)",
    "cp932": "Shift_JIS (Japanese)",
}
#: Letters beyond ASCII of the languages that each encoding is for; a word keeps to one of them.
_WESTERN = ("äöüß", "àâæçéèêëîïôœùûüÿ", "áéíñóúüªº", "áâãàçéêíóôõúüªº", "àèéìíîòóùú", "åäöéü", "æøåéäöü", "áðéíóúýþæö",
            "éëïóöüáèêçí", "àçèéíïòóúü", "áéíóú", "äöõüšž")  # fmt: skip
_CENTRAL = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţșț", "čćđšž", "äöüß")
_ALPHABETS: dict[str, tuple[str, ...]] = {
    "cp1252": _WESTERN,
    "mac_roman": _WESTERN,
    "cp1250": _CENTRAL,
    "iso8859_2": _CENTRAL,
    "mac_latin2": _CENTRAL,
    "cp1254": ("çğıöşüâîû",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"),
}
_SCRIPTS = {"cp1251": "CYRILLIC", "koi8_r": "CYRILLIC", "mac_cyrillic": "CYRILLIC", "cp1253": "GREEK"}
#: Signs that may stand beside a word.
_SIGNS = frozenset("’‘“”„‚«»–—…·•©®™\u00a0\u00ad´`")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_CELL = re.compile(rb"[^,;\t|\"\r\n]+")
_HIGH = re.compile(rb"[\x80-\xff]")
#: Different words that are looked at, and lines in which words are looked for that are known here.
_MOST_WORDS, _LINES = 4000, 300
#: Which share of the words may be spelt as no language spells them.
_MISSPELT = 0.1


def chosen(content: Sequence[bytes], is_known: Callable[[str], bool]) -> str:
    """Python's name of the encoding of a list, given in pieces that end with a line; empty where none is plain.

    ``is_known`` says whether a cell is a word of headers or statuses that is known here. windows-1252 where nothing
    speaks against it.
    """
    head = content[0] if content else b""
    if _is_japanese(head):
        return "cp932"
    words: dict[bytes, None] = {}
    for piece in content:
        words.update(dict.fromkeys(_WORD.findall(piece)))
        if len(words) > _MOST_WORDS:
            break
    cells = {
        cell.strip()
        for line in head.splitlines()[:_LINES]
        for cell in _CELL.findall(line)
        if _HIGH.search(cell)
    }
    best, most = "", (-1, -1.0)
    for encoding in CANDIDATES:
        known = sum(is_known(text) for cell in cells if (text := _decoded(cell, encoding)))
        wrong = sum(not is_spelt(_decoded(word, encoding), encoding) for word in words) / max(len(words), 1)
        if wrong <= _MISSPELT and (known, -wrong) > most:
            best, most = encoding, (known, -wrong)
    return best


def is_spelt(word: str, encoding: str) -> bool:
    """Whether a word could be one of the languages of an encoding: its letters are, no capital follows a small letter,
    and no other sign stands in it."""
    word = word.strip("".join(_SIGNS))
    foreign = [char for char in word if char > "\x7f" and char not in "’ªº"]
    if any(char in _SIGNS or unicodedata.category(char)[0] != "L" for char in foreign):
        return False
    if any(one.islower() and two.isupper() and two > "\x7f" for one, two in itertools.pairwise(word)):
        return False
    if encoding in _SCRIPTS:
        letters = [char for char in word if unicodedata.category(char)[0] == "L"]
        return all(unicodedata.name(char, "").startswith(_SCRIPTS[encoding]) for char in letters)
    lower = {char.lower() for char in foreign}
    return any(lower <= set(alphabet) for alphabet in _ALPHABETS[encoding])


def shown(encoding: str) -> str:
    """What a person calls an encoding."""
    return _SHOWN.get(encoding, encoding)


def named(text: str) -> str:
    """Python's name of an encoding that staff name. Raises LookupError when there is none."""
    return codecs.lookup({"macroman": "mac_roman", "macintosh": "mac_roman", "ansi": "cp1252"}.get(
        re.sub(r"[^a-z0-9]", "", text.casefold()), text.strip())).name  # fmt: skip


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return "\ufffd"


def _is_japanese(head: bytes) -> bool:
    """By its kana: names alone may be written without, headers are not."""
    try:
        text = head[: head.rfind(b"\n") + 1 or len(head)].decode("cp932")
    except UnicodeDecodeError:
        return False
    kana = sum("\u3041" <= char <= "\u30fe" for char in text)
    return kana * 10 > sum(char > "\x7f" for char in text) and kana > 0
