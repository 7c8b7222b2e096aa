"""Markdown → HTML, as written, in the dialects of the generators; it is made safe by sanitize.py, not here.

CommonMark with what GitHub, kramdown (Jekyll), Goldmark (Hugo) and Python-Markdown (Pelican, MkDocs) add and has a
meaning in a mail. Shortcodes are shortcode_parser.py's, the components of MDX mdx.py's.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import MutableMapping, Sequence
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from newsletter.host_names import ascii_mailto, with_ascii_host
from newsletter.sources.markup.autolinks import link_bare_addresses
from newsletter.sources.markup.cjk_emphasis import for_scripts_without_spaces
from newsletter.sources.markup.spaced_links import link_with_blanks
from newsletter.sources.markup.wiki_links import wiki_links

#: Boxes that are set apart from the text, as the dialects call them.
_BOX_NAMES = (
    "note tip info important warning caution danger hint success question example abstract attention error bug "
    "failure seealso todo callout alert admonition notice announcement update remember"
)
BOXES = frozenset(_BOX_NAMES.split())
_ALERT = re.compile(r"^\[!(\w+)\][+-]?[ \t]*([^\n]*)(?:\n|$)")
_BOX = re.compile(r"^[\s{.]*(?:callout-)?([\w-]+)\}?\s*(?:\[(.*)\]|(.*))\s*$")
_TASK = re.compile(r"^\[([ xX])\][ \t]+")
#: kramdown's attribute lists (kramdown.gettalong.org/syntax.html#inline-attribute-lists), and heading ids.
_ATTRIBUTES = re.compile(r"[ \t]*\{:[^{}\n]{0,300}\}")
_HEADING_ID = re.compile(r"\s*\{[#.:][^{}\n]{0,200}\}\s*$")
_AFTER_SPAN = re.compile(r"^\{(?:[#.:][^{}\n]{0,200}|\w[\w-]*=[^{}\n]{0,200})\}")
_SAID_OF_PICTURE = re.compile(r"[ \t]{0,3}\{:?([^{}\n]{0,300})\}")
_SIDE = re.compile(
    r"""(?<![\w-])(width|height)\s{0,3}[=:]\s{0,3}["']?(\d{1,4}(?:px|%)?)(?![\w.])""", re.IGNORECASE
)
_CONTENTS = re.compile(
    r"^\s*(?:\[TOC\]|\[\[_?TOC_?\]\]|\$\{toc\}|\{:?\s*toc\s*\}|@\[toc\])\s*$", re.IGNORECASE
)
_KRAMDOWN_CONTENTS = re.compile(
    r"^(?:[*+-]|1\.)[ \t]+[^\n]*\n\{:[^{}\n]*\btoc\b[^{}\n]*\}[ \t]*$", re.MULTILINE
)
_ABBREVIATION = re.compile(r"^ {0,3}\*\[[^\]\n]{1,80}\]:[^\n]*$", re.MULTILINE)


def render(text: str, *, indented_code: bool = True) -> str:
    """CommonMark with tables, strikethrough, footnotes, definition lists, task lists, boxes and bare addresses.

    Raw HTML goes through as it stands. Formulas stay the text that they are. ``indented_code``: whether lines that are
    set in by four spaces are code.
    """
    reader = _reader(indented_code)
    text = _ABBREVIATION.sub("", _KRAMDOWN_CONTENTS.sub("", text))
    tokens = reader.parse(text)
    for token in tokens:
        if token.type in ("th_open", "td_open") and (style := token.attrs.pop("style", "")):
            # sanitize.py keeps no style, and mail clients read align.
            token.attrs["align"] = str(style).rpartition(":")[2]
    return str(reader.renderer.render(tokens, reader.options, {}))


# The boxes of a text have few titles between them.
@lru_cache(maxsize=64)
def render_line(text: str) -> str:
    """Markdown without paragraphs, for a caption."""
    return str(_reader(True).renderInline(" ".join(text.split())))


def box(kind: str, title: str, inner: str) -> str:
    """A box around some Markdown, as HTML around it: its title in bold, and its text set apart."""
    words = title or (kind.replace("-", " ").capitalize() if kind in BOXES else "")
    head = f"<p><strong>{render_line(words)}</strong></p>" if words else ""
    return f"\n\n<blockquote>\n{head}\n\n{inner}\n\n</blockquote>\n\n"


class _Reader(MarkdownIt):
    """Its own way with hosts beyond ASCII knows no capitals: ÄRZTE.example.org became no host at all."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 (its name there)
        if url[:7].lower() == "mailto:":
            return super().normalizeLink(ascii_mailto(url))
        return super().normalizeLink(url if url.isascii() else with_ascii_host(url) or url)


@cache
def _reader(indented_code: bool) -> MarkdownIt:
    reader = _Reader("commonmark", {"html": True, "typographer": False}).enable(["table", "strikethrough"])
    if not indented_code:
        reader.disable("code")
    for_scripts_without_spaces(reader)
    link_with_blanks(reader)
    wiki_links(reader)
    reader.use(footnote_plugin).use(deflist_plugin).use(admon_plugin)
    reader.use(
        dollarmath_plugin, allow_space=False, allow_digits=False, allow_labels=False, renderer=_formula
    )
    reader.use(container_plugin, "box", validate=lambda info, marker: True, render=_container)
    reader.core.ruler.before("inline", "tasks_and_alerts", _tasks_and_alerts)
    reader.core.ruler.push("attribute_lists", _without_attribute_lists)
    reader.core.ruler.push("bare_addresses", link_bare_addresses)
    # Links within a page lead nowhere in a mail: a footnote is its number and a list at the end.
    reader.add_render_rule("footnote_ref", _footnote_number)
    reader.add_render_rule("footnote_anchor", _nothing)
    reader.add_render_rule("footnote_block_open", _footnotes_open)
    reader.add_render_rule("footnote_block_close", _footnotes_close)
    for kind, rule in _ADMONITIONS.items():
        reader.add_render_rule(kind, rule)
    return reader


Environment = MutableMapping[str, Any]


def _tasks_and_alerts(state: StateCore) -> None:
    """ "- [x] done" gets a box that needs no form; "> [!NOTE]" becomes a title."""
    for place, token in enumerate(state.tokens):
        if token.type != "inline" or place < 2 or state.tokens[place - 1].type != "paragraph_open":
            continue
        before = state.tokens[place - 2].type
        if before == "list_item_open":
            token.content = _TASK.sub(lambda found: "☐ " if found[1] == " " else "☑ ", token.content, count=1)
        elif before == "blockquote_open" and (found := _ALERT.match(token.content)):
            title = found[2].strip() or found[1].capitalize()
            rest = token.content[found.end() :]
            token.content = f"**{title}**" + (f"\\\n{rest}" if rest else "")


def _without_attribute_lists(state: StateCore) -> None:
    """Take out "{: .class}", "{#id}" and tables of contents, which say nothing outside of their own page."""
    gone: set[int] = set()
    for place, token in enumerate(state.tokens):
        if token.type != "inline" or not token.children:
            continue
        if _CONTENTS.match(token.content):
            token.children = []
        elif "{" in token.content:
            _strip_attributes(token.children, is_heading=state.tokens[place - 1].type == "heading_open")
        else:
            continue
        if not any(
            child.content.strip() or child.type not in ("text", "softbreak") for child in token.children
        ):
            gone |= {place - 1, place, place + 1}
    if gone:
        state.tokens = [token for place, token in enumerate(state.tokens) if place not in gone]


def _strip_attributes(children: list[Token], *, is_heading: bool) -> None:
    for place, child in enumerate(children):
        if child.type != "text" or "{" not in child.content:
            continue
        if place and children[place - 1].type in (
            "image",
            "link_close",
            "code_inline",
            "em_close",
            "strong_close",
        ):
            if children[place - 1].type == "image" and (said := _SAID_OF_PICTURE.match(child.content)):
                children[place - 1].attrs.update(_sides(said[1]))
            child.content = _AFTER_SPAN.sub("", child.content)
        child.content = _ATTRIBUTES.sub("", child.content)
        if is_heading and place == len(children) - 1:
            child.content = _HEADING_ID.sub("", child.content)


def _sides(said: str) -> dict[str, str | int | float]:
    """Width and height of a picture, as kramdown and Pandoc let its author say them."""
    return {found[1].lower(): found[2] for found in _SIDE.finditer(said)}


def _formula(content: str, options: MutableMapping[str, Any]) -> str:
    fence = "$$" if options.get("display_mode") else "$"
    return entities.escape(f"{fence}{content.strip()}{fence}", quote=False)


def _container(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment
) -> str:
    """ ":::note[Title]" and its end; a kind that we do not know is its content alone."""
    if tokens[index].nesting != 1:
        return "</div>\n" if tokens[index].meta.get("plain") else "</blockquote>\n"
    found = _BOX.match(tokens[index].info.strip())
    kind = found[1].lower() if found else ""
    plain = kind not in BOXES
    _closing(tokens, index).meta["plain"] = plain
    if plain:
        return "<div>\n"
    title = (found[2] or found[3] or "").strip(" {}") if found else ""
    return f"<blockquote>\n<p><strong>{render_line(title or kind.capitalize())}</strong></p>\n"


def _closing(tokens: Sequence[Token], index: int) -> Token:
    level = tokens[index].level
    name = tokens[index].type.replace("_open", "_close")
    # By number: a slice would copy all that follows, at each of them.
    following = (tokens[place] for place in range(index + 1, len(tokens)))
    return next(token for token in following if token.level == level and token.type == name)


def _footnote_number(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment
) -> str:
    return f"<sup>{int(tokens[index].meta['id']) + 1}</sup>"


def _as_it_stands(html: str) -> Any:
    def rule(
        self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment
    ) -> str:
        return html

    return rule


_nothing = _as_it_stands("")
_footnotes_open = _as_it_stands("<hr>\n<ol>\n")
_footnotes_close = _as_it_stands("</ol>\n")
_ADMONITIONS = {
    "admonition_open": _as_it_stands("<blockquote>\n"),
    "admonition_close": _as_it_stands("</blockquote>\n"),
    "admonition_title_open": _as_it_stands("<p><strong>"),
    "admonition_title_close": _as_it_stands("</strong></p>\n"),
}
