"""Links as Obsidian and its kin write them: [[Note]], [[Note|words]], ![[picture.png|120]]. A rule for Markdown.

sources/folder/links.py knows what a note's name leads to; where nothing has that name, the words stay.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

#: Neither "[[1]](#note)" nor "[[TOC]]" nor a test of a shell, which has blanks inside.
_LINK = re.compile(
    r"(!?)\[\[(?!_?TOC_?\]\])([^\s\[\]|#^][^\[\]|#^\n]{0,199})?(#[^\[\]|\n]{0,199})?(?:\|([^\[\]\n]{0,200}))?\]\](?![(\[:])",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|bmp|svg)$", re.IGNORECASE)
_SIZE = re.compile(r"\s*(\d{1,4})(?:x(\d{1,4}))?\s*")
_SIZED_ALT = re.compile(r"(.*?)\|\s*(\d{1,4})(?:x(\d{1,4}))?\s*")


def wiki_links(reader: MarkdownIt) -> None:
    """Make a reader find them, before the links that CommonMark knows."""
    reader.inline.ruler.before("link", "wiki_link", _rule)
    reader.core.ruler.push("sized_pictures", _sizes_in_words)


def _rule(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith(("[[", "![["), state.pos):
        return False
    found = _LINK.match(state.src, state.pos, state.posMax)
    if found is None or not (found[2] or found[3]):
        return False
    name, words = (found[2] or "").strip(), (found[4] or "").strip()
    if not silent:
        if found[1] and _PICTURE.search(name):
            _picture(state, name, words)
        else:
            # A note that is shown within another has a page of its own.
            _link(state, name, words or name.rpartition("/")[2] or (found[3] or "").lstrip("#^ "))
    state.pos = found.end()
    return True


def _picture(state: StateInline, name: str, words: str) -> None:
    token = state.push("image", "img", 0)
    token.attrSet("src", quote(name, safe="/:"))
    token.attrSet("alt", "")
    token.children, token.content = [], ""
    if size := _SIZE.fullmatch(words):
        token.attrSet("width", size[1])
        if size[2]:
            token.attrSet("height", size[2])
    elif words:
        state.md.inline.parse(words, state.md, state.env, token.children)
        token.content = words


def _link(state: StateInline, name: str, words: str) -> None:
    if name:
        file = name if name.lower().endswith((".md", ".markdown", ".mdx")) else f"{name}.md"
        state.push("link_open", "a", 1).attrSet("href", quote(file, safe="/"))
    state.push("text", "", 0).content = words
    if name:
        state.push("link_close", "a", -1)


def _sizes_in_words(state: StateCore) -> None:
    """``![A mill|120](mill.png)``: the size that Obsidian writes behind a picture's words."""
    for block in state.tokens:
        for token in block.children or ():
            if token.type != "image" or not (found := _SIZED_ALT.fullmatch(token.content)):
                continue
            token.content = found[1].strip()
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)
            token.attrSet("width", found[2])
            if found[3]:
                token.attrSet("height", found[3])
