"""Which words of a page are the post's, and its author, as trafilatura finds them. Where they stand in our own tree,
match_text.py says; what the page's head says, metadata.py.

trafilatura is loaded when the first page is read: that takes half a second. It is given a tree, never an address to be
fetched nor a file of settings, and only a page of ordinary size: what it does with a text grows faster than the text.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from configparser import ConfigParser
from copy import deepcopy
from dataclasses import dataclass

from lxml.etree import LxmlError
from lxml.html import HtmlElement

#: Larger pages are read without it. Of pages that people save, one in hundreds is.
MOST_ELEMENTS = 6_000
MOST_CHARACTERS = 400_000
#: What tells of a post is short; dates are looked for in nothing longer.
_LONGEST_LABEL = 300
_MOST_LABELS = 3_000
#: So many words in a row are a sign that a text is the same.
_WINDOW = 4
#: Words of scripts without spaces are single characters.
_WORD = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
_SETTINGS = {
    "MIN_EXTRACTED_SIZE": "250",
    "MIN_OUTPUT_SIZE": "1",
    "MIN_OUTPUT_COMM_SIZE": "1",
    "MIN_FILE_SIZE": "0",
    "MAX_FILE_SIZE": "20000000",
    "MIN_DUPLCHECK_SIZE": "100",
    "MAX_REPETITIONS": "2",
    "EXTENSIVE_DATE_SEARCH": "off",
}


class Words:
    """The words of a text, so that a piece of it is known again wherever it stands."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._short: set[tuple[str, ...]] = set()
        self._windows: set[int] = set()
        for piece in pieces:
            words = words_of(piece)
            if len(words) <= _WINDOW:
                self._short.add(tuple(words))
            self._windows.update(_windows(words))
        whole = [word for piece in pieces for word in words_of(piece)]
        self._windows.update(_windows(whole))

    def share(self, text: str) -> float:
        """How much of a piece is in the text, 0 to 1: of fewer than four words, whether they are one of its pieces."""
        words = words_of(text)
        if len(words) < _WINDOW:
            return float(bool(words) and tuple(words) in self._short)
        windows = _windows(words)
        return sum(window in self._windows for window in windows) / len(windows)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was found; ``words`` is None where no text was, ``author`` is empty where nobody was named."""

    words: Words | None = None
    author: str = ""


def words_of(text: str) -> list[str]:
    """Its words in order, in small letters."""
    return _WORD.findall(text.casefold())


def _windows(words: Sequence[str]) -> list[int]:
    return [hash(tuple(words[at : at + _WINDOW])) for at in range(len(words) - _WINDOW + 1)]


def is_ordinary(page: HtmlElement) -> bool:
    """Whether a page is of a size that trafilatura reads in time."""
    characters = 0
    for elements, element in enumerate(page.iter()):
        if element.tag not in ("script", "style"):
            characters += len(element.text or "")
        characters += len(element.tail or "") + sum(map(len, element.attrib.values()))
        if elements > MOST_ELEMENTS or characters > MOST_CHARACTERS:
            return False
    return True


def propose(page: HtmlElement, url: str) -> Proposal:
    """What trafilatura says of the page, which is not changed; nothing where it can say nothing. Never raises."""
    if not is_ordinary(page):
        return Proposal()
    from trafilatura import bare_extraction, extract_metadata

    config = ConfigParser()
    config["DEFAULT"] = _SETTINGS
    logger = logging.getLogger("trafilatura")
    before, logger.disabled = logger.disabled, True
    try:
        found = bare_extraction(deepcopy(page), url=url or None, include_comments=False, config=config)
        about = extract_metadata(labels(page), url or None, {"extensive_search": False}, extensive=False)
    except (
        LxmlError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        KeyError,
        RecursionError,
        AssertionError,
    ):
        return Proposal()
    finally:
        logger.disabled = before
    body = getattr(found, "body", None)
    pieces = [] if body is None else _pieces(body)
    return Proposal(Words(pieces) if pieces else None, about.author or "")


def _pieces(body: HtmlElement) -> list[str]:
    """The texts of its elements, each alone."""
    pieces: list[str] = []
    for element in body.iter("*"):
        if element.tag in ("hi", "ref", "lb", "code", "del", "graphic"):
            continue
        parts = [element.text or ""]
        for child in element:
            if child.tag in ("hi", "ref", "lb", "code", "del", "graphic"):
                parts.append("".join(child.itertext()))
            parts.append(child.tail or "")
        if text := " ".join(" ".join(parts).split()):
            pieces.append(text)
    return pieces


def labels(page: HtmlElement) -> HtmlElement:
    """A copy with all that is long cut short, and no more elements than may hold a date."""
    copy = deepcopy(page)
    for number, element in enumerate(list(copy.iter())):
        if number > _MOST_LABELS or element.tag in ("style", "svg"):
            if element.getparent() is not None and isinstance(element.tag, str):
                element.drop_tree()
            continue
        if element.tag == "script" and len(element.text or "") > 20 * _LONGEST_LABEL:
            element.text = ""
        elif element.tag != "script":
            element.text = (element.text or "")[:_LONGEST_LABEL]
        element.tail = (element.tail or "")[:_LONGEST_LABEL]
        for name, value in element.attrib.items():
            if len(value) > _LONGEST_LABEL:
                element.set(name, value[:_LONGEST_LABEL])
    return copy
