"""HTML that is nested as no person nests it, made flat before a parser sees it. Nothing else is looked at.

A parser's time grows with the square of the depth: 50,000 open divs held it for 15 seconds. And what is made of
formatting that is never closed grows with the number of blocks after it: 12 KB became 15 MB.
"""

from __future__ import annotations

import re

_REST_OF_TAG = r"""(?:[^>"'=]|=\s*(?:"[^"]*"|'[^']*')?|["'])*+"""
_RAW_NAMES = r"script|style|textarea|title|xmp|iframe|noembed|noframes"
#: Comments, elements whose content is no markup, and tags. Each alternative matches whatever follows, to the end of
#: the text if need be, so that the time is linear.
_TOKEN = re.compile(
    rf"<!--(?:-?>|.*?(?:--!?>|\Z))|(?P<raw><(?P<name>{_RAW_NAMES})\b{_REST_OF_TAG}(?:.*?</(?P=name)|.*))"
    rf"|<(?P<closing>/?)(?P<tag>[a-z][a-z0-9-]*){_REST_OF_TAG}",
    re.IGNORECASE | re.DOTALL,
)
_OPENING = re.compile(r"<([a-z][a-z0-9-]*)", re.IGNORECASE)
#: These end by themselves (HTML §13.1.2.4).
_SHORT = frozenset(
    {
        *("p", "li", "dd", "dt", "tr", "td", "th", "tbody", "thead", "tfoot", "option"),
        *("br", "img", "hr", "wbr", "input", "meta", "link", "source", "col", "track", "param", "embed"),
    }
)
#: A parser opens these again in every block that follows while they stay open (HTML §13.2.4.3).
_FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)
_IN_LINE = _FORMATTING | {"span", "br", "img", "wbr", "input"}
_FOREIGN = re.compile(r"<(?:svg|math)\b", re.IGNORECASE)
_DEEPEST = 500
_MOST_REOPENED = 200_000


def flat_enough(html: str) -> str:
    """The HTML itself, or only its paragraphs where it would hold a parser up."""
    return html if _is_flat(html) else _paragraphs(html)


def _is_flat(html: str) -> bool:
    foreign = bool(_FOREIGN.search(html))
    depth = formatting = reopened = 0
    for token in _TOKEN.finditer(html):
        if token["raw"]:
            if foreign:  # within svg and math a style element holds markup after all
                inside = [tag.lower() for tag in _OPENING.findall(token["raw"])[1:]]
                depth += len(inside)
                formatting += sum(tag in _FORMATTING for tag in inside)
                reopened += formatting * len(inside)
        elif tag := token["tag"]:
            tag = tag.lower()
            step = -1 if token["closing"] else 1
            if tag not in _SHORT:
                depth = max(depth + step, 0)
            if tag in _FORMATTING:
                formatting = max(formatting + step, 0)
            elif tag not in _IN_LINE and step == 1:
                reopened += formatting
        if depth > _DEEPEST or reopened > _MOST_REOPENED:
            return False
    return True


def _paragraphs(html: str) -> str:
    """The text with no tag but those of paragraphs and line breaks; any other "<" that is left is text."""
    parts: list[str] = []
    end = 0
    for token in _TOKEN.finditer(html):
        parts.append(html[end : token.start()].replace("<", "&lt;"))
        tag = (token["tag"] or "").lower()
        parts.append(f"<{token['closing']}{tag}>" if tag in ("p", "br") else " ")
        end = token.end() + (html[token.end() : token.end() + 1] == ">")
    return "".join([*parts, html[end:].replace("<", "&lt;")])
