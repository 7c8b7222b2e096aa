"""HTML that would hold a parser up, made such that it does not, before one sees it. What it says is not looked at.

A parser's time grows with the square of the depth: 50,000 open divs held it for 15 seconds. What is made of formatting
that is never closed grows with the number of blocks after it: 12 KB became 15 MB. And nh3 writes a text of a million
"&" in a minute, because it looks through all that is left of the text at each of them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from newsletter.sources.html.open_elements import ALWAYS_SHORT, FORMATTING, OpenElements

_REST_OF_TAG = r"""(?:[^>"'=]|=\s*(?:"[^"]*"|'[^']*')?|["'])*+"""
_RAW_NAMES = r"script|style|textarea|title|xmp|iframe|noembed|noframes|plaintext"
#: Comments, elements whose content is no markup, and tags. Each alternative matches whatever follows, to the end of
#: the text if need be, so that the time is linear.
_TOKEN = re.compile(
    rf"<!--(?:-?>|.*?(?:--!?>|\Z))|(?P<raw><(?P<name>{_RAW_NAMES})\b{_REST_OF_TAG}(?:.*?</(?P=name)|.*))"
    rf"|<(?P<closing>/?)(?P<tag>[a-z][a-z0-9-]*){_REST_OF_TAG}",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(rf"(</?[a-z][a-z0-9-]*){_REST_OF_TAG}", re.IGNORECASE)
_OPENING = re.compile(r"<([a-z][a-z0-9-]*)", re.IGNORECASE)
_IN_LINE = FORMATTING | {"span", "br", "img", "wbr", "input"}
#: What a "<" begins that is not text.
_MARKUP = re.compile(r"<[a-z/!?]", re.IGNORECASE)
#: What is written as a reference.
_SPECIAL = re.compile('[&<>"\u00a0]')
_DEEPEST = 500
_MOST_REOPENED = 200_000
#: A table of a thousand rows has 10,000, a whole page of a page builder as many.
MOST_TAGS = 100_000
#: Of all tags, how deep each stands; and as much for each _PIECE characters of text.
_MOST_STEPS = 3_000_000
_PIECE = 100
#: A text is handed to the parser in parts that are no longer, with a comment between them, which leaves no trace.
_LONGEST_PART = 4000
_BETWEEN_PARTS = "<!---->"
#: As long as a reference may be ("&CounterClockwiseContourIntegral;").
_REFERENCE = 40
#: A longer tag with more characters of those, or with more names and values, stays without its attributes: nobody reads
#: them. A parser compares each with all before it: 90,000 held it for five seconds.
_LONG_TAG, _MOST_SPECIAL, _MOST_NAMES = 2000, 500, 1000
_VALUE = re.compile(r"""=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]*)""")
_NAME = re.compile(r"""[^\s/"'=]+""")
_IN_RAW = re.compile(r"(<[a-z][^\s/<>]*)[^<]*", re.IGNORECASE)
#: However often it comes, there is one, with the attributes of all.
_ONLY_ONE = "html"


def flat_enough(html: str) -> str:
    """The HTML itself, or only its paragraphs where it would hold a parser up."""
    return _flattened(html)[0]


def loses_its_markup(html: str) -> bool:
    """Whether only the paragraphs of some HTML are left."""
    return _flattened(html)[1]


# Whoever cleans a post asks for the same text up to four times in a row.
@lru_cache(maxsize=2)
def _flattened(html: str) -> tuple[str, bool]:
    if len(html) <= _LONGEST_PART and html.count("<") <= _DEEPEST // 2:
        return html, False
    flat = is_flat(html)
    return _in_parts(html if flat else _paragraphs(html)), not flat


def in_parts(text: str) -> str:
    """Some text with comments in it, where it is long; it holds no markup."""
    if len(text) <= _LONGEST_PART:
        return text
    parts: list[str] = []
    start = 0
    while len(text) - start > _LONGEST_PART:
        end = start + _LONGEST_PART
        reference = text.rfind("&", end - _REFERENCE, end)
        if reference >= 0 and ";" not in text[reference:end]:
            end = reference
        elif text[end - 1] == "<":
            end -= 1
        parts.append(text[start:end])
        start = end
    return _BETWEEN_PARTS.join([*parts, text[start:]])


def is_flat(html: str, most_steps: int = _MOST_STEPS) -> bool:
    """Whether a parser, and what looks at all that stands in an element, gets through it soon."""
    opened = OpenElements()
    reopened = steps = end = 0
    for number, token in enumerate(_TOKEN.finditer(html)):
        steps += (opened.depth + 1) * (1 + (token.start() - end) // _PIECE)
        end = token.end()
        if token["raw"]:
            if opened.is_foreign:  # within svg and math a style element holds markup after all
                for tag in _OPENING.findall(token["raw"])[1:]:
                    opened.begin(tag.lower())
                    reopened += opened.formatting
        elif tag := token["tag"]:
            tag = tag.lower()
            if token["closing"]:
                opened.end(tag)
            elif not (opened.is_foreign and html.endswith("/", token.start(), end)):
                reopened += 0 if tag in _IN_LINE else opened.formatting
                if tag not in ALWAYS_SHORT:
                    opened.begin(tag)
        if opened.depth > _DEEPEST or reopened > _MOST_REOPENED or steps > most_steps or number > MOST_TAGS:
            return False
    return steps + opened.depth * (len(html) - end) // _PIECE <= most_steps


def _paragraphs(html: str) -> str:
    """The text with no tag but those of paragraphs and line breaks; any other "<" that is left is text."""
    parts: list[str] = []
    end = left = 0
    for token in _TOKEN.finditer(html):
        parts.append(html[end : token.start()].replace("<", "&lt;"))
        tag = (token["tag"] or "").lower()
        left += tag in ("p", "br")
        keeps = tag in ("p", "br") and left <= MOST_TAGS // 10
        parts.append(f"<{token['closing']}{tag}>" if keeps else " ")
        end = token.end() + (html[token.end() : token.end() + 1] == ">")
    return "".join([*parts, html[end:].replace("<", "&lt;")])


def without_crowded_tags(page: str) -> str:
    """A whole page on which no tag has thousands of attributes: lxml takes minutes for one of 90,000."""
    return _TOKEN.sub(_uncrowded, page)


def _uncrowded(token: re.Match[str]) -> str:
    if len(token[0]) <= _LONG_TAG:
        return token[0]
    if token["raw"] and token["name"].lower() not in ("script", "style"):
        return _IN_RAW.sub(_bare_in_raw, token[0])
    tag = _TAG.match(token[0])
    return f"{tag[1]}{token[0][tag.end() :]}" if tag and _is_crowded(tag[0]) else token[0]


def _in_parts(html: str) -> str:
    """The HTML with its long texts in parts, and its long tags without attributes that take long to write."""
    parts: list[str] = []
    end = done = 0
    for token in _TOKEN.finditer(html):
        before, (start, end) = end, token.span()
        if start - before > _LONGEST_PART:
            parts += [html[done:before], _divided(html[before:start])]
            done = start
        if (end - start > _LONG_TAG or (token["tag"] or "").lower() == _ONLY_ONE) and (
            bare := _bare(token)
        ) is not None:
            parts += [html[done:start], bare]
            done = end
    return "".join([*parts, html[done:end], _divided(html[end:])]) if end else _divided(html)


def _divided(text: str) -> str:
    return text if len(text) <= _LONGEST_PART or _MARKUP.search(text) else in_parts(text)


def _bare(token: re.Match[str]) -> str | None:
    """What stands for a long tag that loses its attributes; None for one that keeps them, and for what is no tag."""
    if token["raw"]:
        return _IN_RAW.sub(_bare_in_raw, token[0])
    tag = (token["tag"] or "").lower()
    if tag == _ONLY_ONE or (tag and _is_laborious(token[0])):
        return f"<{token['closing']}{tag}"
    return None


def _bare_in_raw(piece: re.Match[str]) -> str:
    """Within svg and math there are tags after all. What quotes mean in there is not known; nothing of it is kept."""
    is_long = len(piece[0]) > _LONG_TAG
    return f"{piece[1]}>" if is_long and sum(1 for _ in _NAME.finditer(piece[0])) > _MOST_NAMES else piece[0]


def _is_laborious(tag: str) -> bool:
    return sum(1 for _ in _SPECIAL.finditer(tag)) > _MOST_SPECIAL or _is_crowded(tag)


def _is_crowded(tag: str) -> bool:
    names, values = _VALUE.subn(" ", tag)
    return values + sum(1 for _ in _NAME.finditer(names)) > _MOST_NAMES
