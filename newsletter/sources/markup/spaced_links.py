"""Links and pictures whose address has blanks in it: [the report](annual report.pdf). A rule for Markdown.

CommonMark takes them for text; kramdown and Python-Markdown, and whoever writes them, for links.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

#: Longer is no address.
_MOST = 500
_TARGET = re.compile(
    r"""\(\s*(?P<path>[^\s<>"'()](?:[^<>\n"()]|\([^<>\n"()]*\)){0,480}?)(?:\s+=(?P<width>\d{0,4})x(?P<height>\d{0,4}))?(?:\s+(?:"(?P<title>[^"\n]*)"|'(?P<other>[^'\n]*)'))?\s*\)"""
)
#: What no words in brackets have.
_LIKE_A_PATH = re.compile(r"[/.#:\\]\S")
_MOST_WORDS = 3


def link_with_blanks(reader: MarkdownIt) -> None:
    """Make a reader find them, after the links that CommonMark knows."""
    reader.inline.ruler.after("image", "link_with_blanks", _rule)


def _rule(state: StateInline, silent: bool) -> bool:
    start = state.pos
    is_picture = state.src.startswith("![", start)
    if not is_picture and state.src[start] != "[":
        return False
    opening = start + is_picture
    if state.src.find("](", opening, opening + _MOST) < 0:
        return False
    end = state.md.helpers.parseLinkLabel(state, opening, not is_picture)
    found = _TARGET.match(state.src, end + 1, state.posMax) if end >= 0 else None
    if not found or not _is_address(found["path"]):
        return False
    href = state.md.normalizeLink(found["path"].strip())
    if not state.md.validateLink(href):
        return False
    title = found["title"] or found["other"] or ""
    if not silent:
        make = _picture if is_picture else _link
        make(state, opening + 1, end, href, title)
        if is_picture:
            sides = {side: size for side in ("width", "height") if (size := found[side])}
            state.tokens[-1].attrs.update(sides)
    state.pos = found.end()
    return True


def _is_address(path: str) -> bool:
    """Whether it is one that has blanks, or a size behind it, rather than a remark in brackets."""
    words = path.split()
    return bool(_LIKE_A_PATH.search(path)) or 1 < len(words) <= _MOST_WORDS


def _link(state: StateInline, start: int, end: int, href: str, title: str) -> None:
    token = state.push("link_open", "a", 1)
    token.attrSet("href", href)
    if title:
        token.attrSet("title", title)
    limit, state.posMax, state.pos = state.posMax, end, start
    state.linkLevel += 1
    state.md.inline.tokenize(state)
    state.linkLevel -= 1
    state.posMax = limit
    state.push("link_close", "a", -1)


def _picture(state: StateInline, start: int, end: int, href: str, title: str) -> None:
    words = state.src[start:end]
    children: list[Token] = []
    state.md.inline.parse(words, state.md, state.env, children)
    token = state.push("image", "img", 0)
    token.attrSet("src", href)
    token.attrSet("alt", "")
    if title:
        token.attrSet("title", title)
    token.children, token.content = children, words
