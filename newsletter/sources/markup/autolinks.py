"""Addresses that stand bare in Markdown's text become links, as GitHub makes them (GFM §6.9).

A rule over finished text rather than a rule of the parser: its time grows with the text's length and no faster, while
scanning back from every colon made 40 KB of colons cost eight seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.common.utils import isLinkClose, isLinkOpen
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

#: Longer addresses are no links anywhere.
_MOST = 2000
#: What may stand before one: the beginning, a space, and what opens, marks up or (beyond GitHub's rule) quotes.
_FOUND = re.compile(
    r"(?:(?<=[\s*_~(\"'“„«‘])|^)(?:"
    rf"(?P<web>(?:https?://|www\.)[^\s<]{{1,{_MOST}}}+(?![^\s<]))"
    r"|(?P<mail>(?:mailto:)?[A-Za-z0-9.+_-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,62}){1,8})"
    r"(?![\w@])"
    r")",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:https?://)?([^/?#:\s]+)", re.IGNORECASE)
_STOPS = "?!.,:*_~'\"[]”“»’"
_ENTITY = re.compile(r"(?:&[A-Za-z]{1,30})?;$")


def link_bare_addresses(state: StateCore) -> None:
    """A core rule; it goes after the texts of a paragraph are joined."""
    for block in state.tokens:
        if block.type == "inline" and block.children and _worth_a_look(block.content):
            block.children = list(_linked(block.children, state))


def _worth_a_look(text: str) -> bool:
    return "://" in text or "@" in text or "www." in text.lower()


def _linked(children: list[Token], state: StateCore) -> Iterator[Token]:
    inside = 0
    for token in children:
        if token.type == "link_open":
            inside += 1
        elif token.type == "link_close":
            inside -= 1
        elif token.type == "html_inline":
            inside += isLinkOpen(token.content) - isLinkClose(token.content)
        if token.type == "text" and inside <= 0:
            yield from _divided(token, state)
        else:
            yield token


def _divided(token: Token, state: StateCore) -> Iterator[Token]:
    """A text as texts and links; the text itself where there is none in it."""
    text, position = token.content, 0
    for found in _FOUND.finditer(text):
        shown = _trimmed(found["web"]) if found["web"] else found["mail"].rstrip("-_.")
        address = _address(shown, is_mail=found["mail"] is not None)
        if address is None or not state.md.validateLink(address):
            continue
        yield from _text(text[position : found.start()], token.level)
        yield Token(
            "link_open", "a", 1, {"href": state.md.normalizeLink(address)}, level=token.level, info="auto"
        )
        yield from _text(state.md.normalizeLinkText(shown), token.level + 1)
        yield Token("link_close", "a", -1, level=token.level, info="auto")
        position = found.start() + len(shown)
    if position:
        yield from _text(text[position:], token.level)
    else:
        yield token


def _text(content: str, level: int) -> Iterator[Token]:
    if content:
        yield Token("text", "", 0, content=content, level=level)


def _address(shown: str, *, is_mail: bool) -> str | None:
    """Where it leads; None for what only looks like an address ("www." alone, a host with a blank in its name)."""
    if is_mail:
        return shown if shown.lower().startswith("mailto:") else f"mailto:{shown}"
    found = _HOST.match(shown)
    host = found[1] if found else ""
    labels = host.split(".")
    has_scheme = not shown.lower().startswith("www.")
    if not host or (not all(labels) and not host.endswith(".")) or (len(labels) < 2 and not has_scheme):
        return None
    if any("_" in label for label in labels[-2:]) or not re.search(r"\w", labels[0]):
        return None
    return shown if has_scheme else f"http://{shown}"


def _trimmed(address: str) -> str:
    """Without the full stop, quotation mark or bracket of the sentence that it stands in."""
    more = address.count(")") - address.count("(")
    while True:
        address = address.rstrip(_STOPS)
        if address.endswith(";"):
            address = address[:-40] + _ENTITY.sub("", address[-40:])
        elif address.endswith(")") and more > 0:
            address, more = address[:-1], more - 1
        else:
            return address
